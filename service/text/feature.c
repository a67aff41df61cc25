#include "text/feature.h"

#include "scan_priv.h"
#include "work_priv.h"

/* Kinds of features: they salt the hash, so that none is taken for another. */
enum kind {
    KIND_GRAM = 1,
    KIND_CUE,
    KIND_CUE_PAIR,
    KIND_ITEM,
    KIND_LENGTH,
    KIND_MARK,
    KIND_QUOTED,
    KIND_PREVIOUS,
    KIND_ANSWER_CUE,
    KIND_ANSWER_GRAM,
    KIND_ANSWER_LENGTH,
    KIND_SHARED,
    KIND_FIRST_CUE,
    KIND_CUE_MARK,
    KIND_FIRST_THING,
    KIND_STEM
};

/* Tokens that are not characters. */
enum { TOKEN_START = 0x110001, TOKEN_END, TOKEN_GAP };
#define TOKEN_WORD UINT32_C(0x80000000) /* and a hash of its letters */

/* Odd factors of a multilinear hash (after splitmix64's constants; S. Vigna, public domain): one
   for each place of an n-gram, so that no product waits for another. */
static const uint64_t factors[4] = {UINT64_C(0x9E3779B97F4A7C15), UINT64_C(0xBF58476D1CE4E5B9),
                                    UINT64_C(0x94D049BB133111EB), UINT64_C(0xD6E8FEB86659FD93)};

static inline uint32_t finish(uint64_t sum)
{
    return (uint32_t)((sum ^ sum >> 32) * UINT64_C(0x9FB21C651E98DF25) >> 32);
}

/* The caller sees to the room. */
static inline void put(struct features *f, uint32_t key)
{
    uint32_t *place = &f->recent[key >> (32 - FEATURE_RECENT_BITS)];

    f->keys[f->n] = key;
    f->n += *place != key;
    *place = key;
}

static inline void emit(struct features *f, enum kind kind, uint64_t a, uint64_t b)
{
    if (f->n < FEATURES_MAX)
        put(f, finish(((uint64_t)kind << 56) + (a + 1) * factors[0] + (b + 1) * factors[1]));
}

/* Particles that differ in nothing but tone are one: 找到啦 is 找到了. So are marks of a pause:
   who writes full stops tells of manners, not of meaning. No two of these share a place. */
#define FOLDS 32
#define FOLD_AT(cp) (((cp) ^ (cp) >> 4) % FOLDS)
#define FOLD(from, to) [FOLD_AT(from)] = {from, to}
static const struct {
    uint16_t from, to;
} folds[FOLDS] = {
    FOLD('\n', ','),      /* line end */
    FOLD(';', ','),       /* ; */
    FOLD('~', ','),       /* ~ */
    FOLD(0x3002, ','),    /* 。 */
    FOLD(0x3001, ','),    /* 、 */
    FOLD(0x5566, 0x4E86), /* 啦 了 */
    FOLD(0x55BD, 0x4E86), /* 喽 */
    FOLD(0x54AF, 0x4E86), /* 咯 */
    FOLD(0x561B, 0x5417), /* 嘛 吗 */
    FOLD(0x5440, 0x554A), /* 呀 啊 */
    FOLD(0x54E6, 0x554A), /* 哦 */
    FOLD(0x5594, 0x554A), /* 喔 */
    FOLD(0x54C7, 0x554A), /* 哇 */
};

static inline uint32_t fold(uint32_t cp)
{
    return folds[FOLD_AT(cp)].from == cp ? folds[FOLD_AT(cp)].to : cp;
}

/* The characters that are judged, between START and END, with a GAP where the middle is left
   out. */
static size_t take_tokens(struct text_work *w)
{
    const struct chars *c = &w->chars;
    bool gap = c->n > FEATURE_CHARS;
    size_t head = gap ? FEATURE_HEAD : c->n, i, n = 0;

    w->tokens[n++] = TOKEN_START;
    for (i = 0; i < head; i++)
        w->tokens[n++] = fold(c->cps[i]);
    if (gap) {
        w->tokens[n++] = TOKEN_GAP;
        for (i = c->n - FEATURE_TAIL; i < c->n; i++)
            w->tokens[n++] = fold(c->cps[i]);
    }
    w->tokens[n++] = TOKEN_END;
    return n;
}

/* --- n-grams --- */

static inline bool is_letter(uint32_t cp)
{
    return cp >= 'a' && cp <= 'z';
}

/* One token for the word that begins at t[*i], which is moved behind it and its blank. */
static uint32_t take_word(const uint32_t *t, size_t n, size_t *i)
{
    uint64_t sum = 0;
    size_t k = *i;

    for (; k < n && (is_letter(t[k]) || (t[k] == '\'' && k + 1 < n && is_letter(t[k + 1]))); k++)
        sum = (sum + t[k]) * factors[3];
    *i = k < n && t[k] == ' ' ? k + 1 : k;
    return finish(sum) | TOKEN_WORD;
}

/* The tokens again, but a word of letters is one: English is told by its words. */
static size_t take_units(const uint32_t *t, size_t n, uint32_t *units)
{
    size_t i = 0, u = 0;

    while (i < n) {
        bool blank = t[i] == ' ' && i + 1 < n && is_letter(t[i + 1]);

        if (is_letter(t[i]))
            units[u++] = take_word(t, n, &i);
        else if (blank)
            i++;
        else
            units[u++] = t[i++];
    }
    return u;
}

/* needs, needed and needing begin alike: the first four of each run of letters. */
static void emit_stems(struct features *f, const uint32_t *t, size_t n)
{
    size_t i, length = 0;

    for (i = 0; i < n; i++) {
        length = is_letter(t[i]) ? length + 1 : 0;
        if (length == 4)
            emit(f, KIND_STEM, (uint64_t)t[i - 3] << 24 ^ (uint64_t)t[i - 2] << 16,
                 t[i - 1] << 8 ^ t[i]);
    }
}

static void emit_grams(struct features *f, const uint32_t *t, size_t n)
{
    uint64_t kind = (uint64_t)KIND_GRAM << 56;
    size_t i;

    _Static_assert(4 * (FEATURE_CHARS + 3) <= FEATURES_MAX, "all n-grams find room");
    for (i = 0; i < n; i++) {
        uint64_t one = kind + t[i] * factors[0], two;

        put(f, finish(one));
        if (i + 1 == n)
            break;
        two = one + t[i + 1] * factors[1];
        put(f, finish(two));
        if (i + 2 < n)
            put(f, finish(two + t[i + 2] * factors[2]));
    }
}

/* --- cues, things, classes, shape
 * ------------------------------------------------------------------------------------------------
 */

/* A single character names a thing (米, 药) only behind a measure word or a verb of giving. */
bool item_is_firm(const struct text_work *w, const struct lexicon *lex,
                  const struct lexicon_match *m)
{
    static struct scan_words before = {
        .list = {"袋", "斤", "点", "些", "包", "瓶", "盒", "桶", "箱", "碗", "张", "本", "只",
                 "条", "台", "把", "个", "床", "颗", "棵", "借", "送", "要", "买", "有", "没",
                 "缺", "卖", "收", "求", "带", "取", "喂", "遛", "养", "吃", "的", NULL}};
    const struct lexicon_entry *e = &lex->entries[m->entry];

    if (e->concept == 0 || e->chars > 1)
    return e->concept != 0;
    return scan_behind(work_text(w), m->from, &before);
}

static void emit_symbol(struct features *f, unsigned symbol, unsigned *last, bool question)
{
    if (symbol == *last)
        return;
    emit(f, symbol < 100 ? KIND_CUE : KIND_ITEM, symbol, 0);
    emit(f, *last == CUE_N ? KIND_FIRST_CUE : KIND_CUE_PAIR, *last, symbol);
    if (question)
        emit(f, KIND_CUE_MARK, symbol, '?');
    *last = symbol;
}

static void emit_cues(struct features *f, const struct text_work *w, const struct lexicon *lex)
{
    bool question = w->chars.marks & CHARS_QUESTION;
    bool first = true;
    unsigned last = CUE_N;
    size_t i;

    for (i = 0; i < w->n_matches; i++) {
        const struct lexicon_entry *e = &lex->entries[w->matches[i].entry];
        uint64_t cues;

        if (e->category && (e->concept == 0 || item_is_firm(w, lex, &w->matches[i]))) {
            if (first)
                emit(f, KIND_FIRST_THING, e->category, 0);
            first = false;
            emit_symbol(f, 100u + e->category, &last, question);
        }
        if (e->class)
            emit_symbol(f, 200u + e->class, &last, question);
        for (cues = e->cues; cues; cues &= cues - 1)
            emit_symbol(f, (unsigned)__builtin_ctzll(cues), &last, question);
    }
}

static void emit_shape(struct features *f, const struct text_work *w)
{
    static const uint16_t steps[] = {2, 4, 6, 9, 13, 18, 25, 40, 70, 120, 250, 600};
    const struct chars *c = &w->chars;
    uint32_t last = c->n > 0 ? c->cps[c->n - 1] : 0;
    size_t bucket = 0;
    unsigned mark;

    while (bucket < sizeof steps / sizeof *steps && c->n > steps[bucket])
        bucket++;
    emit(f, KIND_LENGTH, bucket, 0);
    if (last == '?' || last == '!')
        emit(f, KIND_MARK, last, 0);
    for (mark = CHARS_QUESTION; mark <= CHARS_LINK; mark *= 2)
        if (c->marks & mark)
            emit(f, KIND_MARK, mark, 1);
}

/* --- the conversation ---------------------------------------------------------------------------
 */

static void read_context(struct text_work *w, const struct lexicon *lex, int which, struct str text)
{
    struct context_text *c = &w->context[which];
    struct normal n = {.p = w->scratch.text, .size = sizeof w->scratch.text};
    struct chars chars = {.cps = w->scratch.cps, .at = w->scratch.at};
    struct lexicon_text scanned;
    size_t i, matches;

    *c = (struct context_text){.n = 0};
    if (text.n == 0)
        return;
    normal_run(&n, str_clip_utf8(text, 2 * CONTEXT_BYTES));
    c->n = n.n;
    chars_take(&chars, (struct str){n.p, n.n}, CONTEXT_BYTES);
    scanned = chars_text(&chars);
    matches = lexicon_scan(lex, &scanned, w->scratch.matches,
                           sizeof w->scratch.matches / sizeof *w->scratch.matches);
    for (i = 0; i < matches; i++) {
        const struct lexicon_entry *e = &lex->entries[w->scratch.matches[i].entry];

        c->cues |= e->cues;
        if (e->concept && c->n_items < CONTEXT_ITEMS) {
            c->concepts[c->n_items] = e->concept;
            c->categories[c->n_items++] = e->category;
        }
    }
}

static bool shares_item(const struct text_work *w, const struct lexicon *lex,
                        const struct context_text *c)
{
    size_t i;
    int k;

    for (i = 0; i < w->n_matches; i++)
        for (k = 0; k < c->n_items; k++)
            if (lex->entries[w->matches[i].entry].concept == c->concepts[k])
                return true;
    return false;
}

/* What an answer says depends on what it answers: cross the message with the intent before it. */
static void emit_answer(struct features *f, const struct text_work *w, const struct lexicon *lex,
                        enum intent before, const struct context_text *c)
{
    size_t i, units = w->n_units - 2;
    uint64_t salt = (uint64_t)before + 1;

    for (i = 0; i < CUE_N; i++)
        if (cue_in(w->cues, (enum cue)i))
            emit(f, KIND_ANSWER_CUE, salt, i);
    emit(f, KIND_ANSWER_LENGTH, salt, units > 24 ? 24 : units / 3);
    emit(f, KIND_SHARED, salt, shares_item(w, lex, c));
    if (units > 24)
        return;
    for (i = 0; i + 1 < w->n_units; i++)
        emit(f, KIND_ANSWER_GRAM, salt, (uint64_t)w->units[i] << 32 | w->units[i + 1]);
}

static void emit_context(struct features *f, const struct text_work *w, const struct lexicon *lex,
                         const struct text_query *q)
{
    const struct context_text *quoted = &w->context[CONTEXT_QUOTED];
    const struct context_text *previous = &w->context[CONTEXT_PREVIOUS];

    if (quoted->n)
        emit(f, KIND_QUOTED, (uint64_t)q->quoted_intent, 0);
    if (previous->n)
        emit(f, KIND_PREVIOUS, (uint64_t)q->previous_intent, 0);
    if (quoted->n)
        emit_answer(f, w, lex, q->quoted_intent, quoted);
    else if (previous->n)
        emit_answer(f, w, lex, q->previous_intent, previous);
}

static void run_lexicon(struct text_work *w, const struct lexicon *lex)
{
    struct lexicon_text text = chars_text(&w->chars);
    size_t i;

    w->n_matches = lexicon_scan(lex, &text, w->matches, MATCHES_MAX);
    w->cues = 0;
    for (i = 0; i < w->n_matches; i++)
        w->cues |= lex->entries[w->matches[i].entry].cues;
}

void feature_grams(struct text_work *work, const struct text_query *q, struct features *out)
{
    size_t n_tokens;

    normal_run(&work->normal, q->text);
    chars_take(&work->chars, work_text(work), TEXT_MAX_BYTES);
    n_tokens = take_tokens(work);
    work->n_units = take_units(work->tokens, n_tokens, work->units);
    out->n = 0;
    memset(out->recent, 0, sizeof out->recent);
    emit_grams(out, work->units, work->n_units);
    emit_stems(out, work->tokens, n_tokens);
    out->n_grams = out->n;
}

void feature_others(const struct lexicon *lex, struct text_work *work, const struct text_query *q,
                    struct features *out)
{
    run_lexicon(work, lex);
    read_context(work, lex, CONTEXT_QUOTED, q->quoted);
    read_context(work, lex, CONTEXT_PREVIOUS, q->previous);
    read_context(work, lex, CONTEXT_OWN, q->own_previous);
    emit_cues(out, work, lex);
    emit_shape(out, work);
    emit_context(out, work, lex, q);
}

void feature_collect(const struct lexicon *lex, struct text_work *work, const struct text_query *q,
                     struct features *out)
{
    feature_grams(work, q, out);
    feature_others(lex, work, q, out);
}

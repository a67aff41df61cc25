#include "text/feature.h"

#include "work_priv.h"

/* Kinds of features: they salt the hash, so that none is taken for another. */
enum kind {
    KIND_GRAM = 1,
    KIND_SKELETON,
    KIND_CUE,
    KIND_CUE_PAIR,
    KIND_ITEM,
    KIND_CUE_ITEM,
    KIND_LENGTH,
    KIND_MARK,
    KIND_QUOTED,
    KIND_PREVIOUS,
    KIND_ANSWER_CUE,
    KIND_ANSWER_GRAM,
    KIND_ANSWER_LENGTH,
    KIND_SHARED,
    KIND_FIRST_CUE,
    KIND_CUE_MARK
};

/* Symbols of the skeleton that are not characters. */
enum {
    SYMBOL_START = 0x110001,
    SYMBOL_END,
    SYMBOL_NUMBER,
    SYMBOL_GAP,
    SYMBOL_ITEM = 0x110100,
    SYMBOL_WORD = 0x40000000
};

#define HASHTAG_BYTES 96

/* After splitmix64's finaliser (S. Vigna, public domain). */
static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ h >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
    return h ^ h >> 32;
}

static void emit(struct features *f, enum kind kind, uint64_t a, uint64_t b)
{
    if (f->n < FEATURES_MAX)
        f->keys[f->n++] = (uint32_t)mix(mix((uint64_t)kind << 56, a), b);
}

/* --- characters ---------------------------------------------------------------------------------
 */

static bool is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

/* Particles that differ in nothing but tone are one: 找到啦 is 找到了. So are marks of a pause:
   who writes full stops tells of manners, not of meaning. */
static uint32_t fold(uint32_t cp)
{
    switch (cp) {
    case 0x3002: /* 。 */
    case 0x3001: /* 、 */
    case ';':
    case '~':
    case '\n':
        return ',';
    case 0x5566:       /* 啦 */
    case 0x55BD:       /* 喽 */
    case 0x54AF:       /* 咯 */
        return 0x4E86; /* 了 */
    case 0x561B:       /* 嘛 */
        return 0x5417; /* 吗 */
    case 0x5440:       /* 呀 */
    case 0x54E6:       /* 哦 */
    case 0x5594:       /* 喔 */
    case 0x54C7:       /* 哇 */
        return 0x554A; /* 啊 */
    default:
        return cp;
    }
}

/* 1 + the end of a hashtag (#…#) that begins at `at`, or 0. What a campaign is called says little
   about the message that carries its tag. */
static size_t hashtag_end(struct str s, size_t at)
{
    size_t i, limit = at + HASHTAG_BYTES < s.n ? at + HASHTAG_BYTES : s.n;

    if (s.p[at] != '#' || (at > 0 && is_digit((unsigned char)s.p[at - 1]))) /* 3#2单元 */
        return 0;
    for (i = at + 1; i < limit && s.p[i] != '\n' && s.p[i] != ' '; i++)
        if (s.p[i] == '#')
            return i > at + 3 ? i + 1 : 0;
    return 0;
}

/* The text without the stop at its end. */
static struct str without_stop(struct str s)
{
    for (;;) {
        if (s.n >= 3 && memcmp(s.p + s.n - 3, "。", 3) == 0)
            s.n -= 3;
        else if (s.n > 0 && strchr(",.~; ", s.p[s.n - 1]))
            s.n--;
        else
            return s;
    }
}

/* The characters that are judged, between START and END, with a GAP where the middle is left out;
   of a hashtag only the sign. */
static size_t take_tokens(struct text_work *w)
{
    struct str s = without_stop(work_text(w));
    size_t chars = str_utf8_chars(s), at = 0, i = 0, n = 0, tag;
    bool gap = chars > FEATURE_HEAD + FEATURE_TAIL;

    w->tokens[n++] = SYMBOL_START;
    while (at < s.n) {
        uint32_t cp;

        if ((tag = hashtag_end(s, at)) != 0) {
            chars -= str_utf8_chars((struct str){s.p + at, tag - at}) - 1;
            cp = '#';
            at = tag;
        } else {
            cp = fold(normal_next(s, &at));
        }
        if (gap && i == FEATURE_HEAD)
            w->tokens[n++] = SYMBOL_GAP;
        if (!gap || i < FEATURE_HEAD || i + FEATURE_TAIL >= chars)
            w->tokens[n++] = cp;
        i++;
    }
    w->tokens[n++] = SYMBOL_END;
    return n;
}

static void emit_grams(struct features *f, const uint32_t *t, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        uint64_t h = mix((uint64_t)KIND_GRAM << 56, t[i]);

        if (f->n + 3 > FEATURES_MAX)
            return;
        f->keys[f->n++] = (uint32_t)h;
        if (i + 1 < n)
            f->keys[f->n++] = (uint32_t)(h = mix(h, t[i + 1]));
        if (i + 2 < n)
            f->keys[f->n++] = (uint32_t)mix(h, t[i + 2]);
    }
}

/* --- skeleton: numbers, words of letters and items as one symbol each ---------------------------
 */

/* A single character names a thing (米, 药) only behind a measure word or a verb of giving. */
bool item_is_firm(const struct text_work *w, const struct lexicon *lex,
                  const struct lexicon_match *m)
{
    static const char before[] =
        "袋斤点些包瓶盒桶箱碗张本只条台把个床颗棵借送要买有没缺卖收求带取喂遛养吃的";
    const struct lexicon_entry *e = &lex->entries[m->entry];
    size_t i;

    if (e->concept == 0 || e->chars > 1)
    return e->concept != 0;
    for (i = 0; m->from >= 3 && i + 3 < sizeof before; i += 3)
        if (memcmp(w->normal.p + m->from - 3, before + i, 3) == 0)
            return true;
    return false;
}

/* The longest item that begins at byte `from`, or NULL. Matches are ordered by their ends. */
static const struct lexicon_match *item_at(const struct text_work *w, const struct lexicon *lex,
                                           size_t from, size_t *hint)
{
    const struct lexicon_match *best = NULL;
    size_t i;

    while (*hint < w->n_matches && w->matches[*hint].to <= from)
        ++*hint;
    for (i = *hint; i < w->n_matches && w->matches[i].to <= from + 60; i++)
        if (w->matches[i].from == from && item_is_firm(w, lex, &w->matches[i]))
            best = &w->matches[i];
    return best;
}

static uint32_t word_symbol(struct str s, size_t *at)
{
    uint64_t h = 0;

    while (*at < s.n && s.p[*at] >= 'a' && s.p[*at] <= 'z')
        h = mix(h, (unsigned char)s.p[(*at)++]);
    return SYMBOL_WORD | (uint32_t)(h & 0x3FFFFFFF);
}

static uint32_t number_symbol(struct str s, size_t *at)
{
    while (*at < s.n && (is_digit((unsigned char)s.p[*at]) || s.p[*at] == '.'))
        ++*at;
    return SYMBOL_NUMBER;
}

static size_t take_skeleton(struct text_work *w, const struct lexicon *lex)
{
    struct str s = without_stop(work_text(w));
    size_t at = 0, n = 0, hint = 0, limit = FEATURE_HEAD + FEATURE_TAIL;

    w->skeleton[n++] = SYMBOL_START;
    while (at < s.n && n < limit) {
        const struct lexicon_match *m = item_at(w, lex, at, &hint);
        size_t tag = hashtag_end(s, at);
        char c = s.p[at];

        if (tag) {
            w->skeleton[n++] = '#';
            at = tag;
        } else if (m) {
            w->skeleton[n++] = SYMBOL_ITEM + lex->entries[m->entry].category;
            at = m->to;
        } else if (c >= 'a' && c <= 'z') {
            w->skeleton[n++] = word_symbol(s, &at);
        } else if (is_digit((unsigned char)c)) {
            w->skeleton[n++] = number_symbol(s, &at);
        } else if (c == ' ') {
            at++;
        } else {
            w->skeleton[n++] = fold(normal_next(s, &at));
        }
    }
    w->skeleton[n++] = SYMBOL_END;
    return n;
}

static void emit_skeleton(struct features *f, const uint32_t *t, size_t n)
{
    size_t i, k;

    for (i = 0; i < n; i++) {
        uint64_t h = mix((uint64_t)KIND_SKELETON << 56, t[i]);
        bool symbol = t[i] > 0x110000;

        if (t[i] >= SYMBOL_WORD && f->n < FEATURES_MAX)
            f->keys[f->n++] = (uint32_t)h;
        for (k = i + 1; k < n && k <= i + 3 && f->n < FEATURES_MAX; k++) {
            h = mix(h, t[k]);
            symbol = symbol || t[k] > 0x110000;
            if (symbol)
                f->keys[f->n++] = (uint32_t)h;
        }
    }
}

/* --- cues, items, shape -------------------------------------------------------------------------
 */

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
    struct str s = work_text(w);
    bool question = memchr(s.p, '?', s.n) != NULL;
    unsigned last = CUE_N, c;
    size_t i;

    for (i = 0; i < w->n_matches; i++) {
        const struct lexicon_entry *e = &lex->entries[w->matches[i].entry];

        if (e->category && (e->concept == 0 || item_is_firm(w, lex, &w->matches[i])))
            emit_symbol(f, 100u + e->category, &last, question);
        for (c = 0; c < CUE_N && e->cues >> c != 0; c++)
            if (cue_in(e->cues, (enum cue)c))
                emit_symbol(f, c, &last, question);
    }
}

static void emit_shape(struct features *f, const struct text_work *w)
{
    static const uint16_t steps[] = {2, 4, 6, 9, 13, 18, 25, 40, 70, 120, 250, 600};
    struct str s = without_stop(work_text(w));
    size_t chars = str_utf8_chars(s);
    size_t bucket = 0;

    while (bucket < sizeof steps / sizeof *steps && chars > steps[bucket])
        bucket++;
    emit(f, KIND_LENGTH, bucket, 0);
    if (s.n > 0) {
        emit(f, KIND_MARK, s.p[s.n - 1] == '?' || s.p[s.n - 1] == '!' ? s.p[s.n - 1] : 0, 1);
        emit(f, KIND_MARK, memchr(s.p, '?', s.n) != NULL, 2);
        emit(f, KIND_MARK, memchr(s.p, '!', s.n) != NULL, 3);
        emit(f, KIND_MARK, memchr(s.p, '\n', s.n) != NULL, 4);
        emit(f, KIND_MARK, memchr(s.p, '#', s.n) != NULL, 5);
        emit(f, KIND_MARK, memmem(s.p, s.n, "【", 3) != NULL, 6);
        emit(f, KIND_MARK, memmem(s.p, s.n, "http", 4) != NULL, 7);
    }
}

/* --- the conversation ---------------------------------------------------------------------------
 */

static void read_context(struct text_work *w, const struct lexicon *lex, int which, struct str text)
{
    struct context_text *c = &w->context[which];
    struct normal n = {.p = c->text, .size = sizeof c->text};
    size_t i, matches;

    c->n = 0;
    c->cues = 0;
    c->n_items = 0;
    if (text.n == 0)
        return;
    normal_run(&n, str_clip_utf8(text, 2 * CONTEXT_BYTES));
    c->n = n.n;
    matches = lexicon_scan(lex, (struct str){c->text, c->n}, w->context_matches,
                           sizeof w->context_matches / sizeof *w->context_matches);
    for (i = 0; i < matches; i++) {
        const struct lexicon_entry *e = &lex->entries[w->context_matches[i].entry];

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
                        enum intent before, const struct context_text *c, size_t n_tokens)
{
    size_t i, chars = n_tokens - 2;
    uint64_t salt = (uint64_t)before + 1;

    for (i = 0; i < CUE_N; i++)
        if (cue_in(w->cues, (enum cue)i))
            emit(f, KIND_ANSWER_CUE, salt, i);
    emit(f, KIND_ANSWER_LENGTH, salt, chars > 24 ? 24 : chars / 3);
    emit(f, KIND_SHARED, salt, shares_item(w, lex, c));
    if (chars > 24)
        return;
    for (i = 0; i + 1 < n_tokens; i++)
        emit(f, KIND_ANSWER_GRAM, salt, (uint64_t)w->tokens[i] << 32 | w->tokens[i + 1]);
}

static void emit_context(struct features *f, const struct text_work *w, const struct lexicon *lex,
                         const struct text_query *q, size_t n_tokens)
{
    const struct context_text *quoted = &w->context[CONTEXT_QUOTED];
    const struct context_text *previous = &w->context[CONTEXT_PREVIOUS];

    emit(f, KIND_QUOTED, quoted->n ? (uint64_t)q->quoted_intent + 1 : 0, 0);
    emit(f, KIND_PREVIOUS, previous->n ? (uint64_t)q->previous_intent + 1 : 0, 0);
    if (quoted->n)
        emit_answer(f, w, lex, q->quoted_intent, quoted, n_tokens);
    else if (previous->n)
        emit_answer(f, w, lex, q->previous_intent, previous, n_tokens);
}

/* The text with blanks for hashtags: their words do not count. */
static struct str without_tags(struct text_work *w)
{
    struct str s = work_text(w);
    size_t at, end;

    if (!memchr(s.p, '#', s.n))
        return s;
    memcpy(w->tagless, s.p, s.n);
    for (at = 0; at < s.n; at = end ? end : at + 1)
        if ((end = hashtag_end(s, at)) != 0)
            memset(w->tagless + at, ' ', end - at);
    return (struct str){w->tagless, s.n};
}

static void run_lexicon(struct text_work *w, const struct lexicon *lex)
{
    size_t i;

    w->n_matches = lexicon_scan(lex, without_tags(w), w->matches, MATCHES_MAX);
    w->cues = 0;
    for (i = 0; i < w->n_matches; i++)
        w->cues |= lex->entries[w->matches[i].entry].cues;
}

void feature_collect(const struct lexicon *lex, struct text_work *work, const struct text_query *q,
                     struct features *out)
{
    size_t n;

    normal_run(&work->normal, q->text);
    run_lexicon(work, lex);
    read_context(work, lex, CONTEXT_QUOTED, q->quoted);
    read_context(work, lex, CONTEXT_PREVIOUS, q->previous);
    read_context(work, lex, CONTEXT_OWN, q->own_previous);
    out->n = 0;
    n = take_tokens(work);
    emit_grams(out, work->tokens, n);
    emit_skeleton(out, work->skeleton, take_skeleton(work, lex));
    out->n_grams = out->n;
    emit_cues(out, work, lex);
    emit_shape(out, work);
    emit_context(out, work, lex, q, n);
}

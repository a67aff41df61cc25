#include "model_priv.h"
#include "work_priv.h"

/* Twice the number of shared character 2-grams by the number of all (L. Dice, 1945). */
static double dice(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    size_t i, k, shared = 0;
    bool used[CONTEXT_BYTES] = {false};

    if (n == 0 || m == 0)
        return 0;
    if (n == 1 || m == 1) {
        for (i = 0; i < n; i++)
            for (k = 0; k < m; k++)
                if (a[i] == b[k])
                    return 2.0 / (double)(n + m);
        return 0;
    }
    for (i = 0; i + 1 < n; i++)
        for (k = 0; k + 1 < m; k++)
            if (!used[k] && a[i] == b[k] && a[i + 1] == b[k + 1]) {
                used[k] = true;
                shared++;
                break;
            }
    return 2.0 * (double)shared / (double)(n + m - 2);
}

#define LIKE_CHARS TEXT_GRAMS_MAX

/* Letters, digits and Han only: marks and blanks say nothing about likeness. */
static size_t take_chars(struct str text, char *buf, uint32_t *out)
{
    struct normal n = {.p = buf, .size = CONTEXT_BYTES};
    struct str s;
    size_t at = 0, k = 0;

    normal_run(&n, str_clip_utf8(text, 2 * CONTEXT_BYTES));
    s = (struct str){n.p, n.n};
    while (at < s.n && k < LIKE_CHARS) {
        uint32_t cp = normal_next(s, &at);

        if ((cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
            (cp >= 0xC0 && !(cp >= 0x2000 && cp < 0x3040) && !mark_is(cp)))
            out[k++] = cp;
    }
    return k;
}

double text_likeness(struct text_work *work, struct str a, struct str b)
{
    uint32_t x[LIKE_CHARS], y[LIKE_CHARS];
    size_t n = take_chars(a, work->like[0], x), m = take_chars(b, work->like[1], y);

    return dice(x, n, y, m);
}

int text_grams(struct text_work *work, struct str text, uint16_t grams[TEXT_GRAMS_MAX])
{
    uint32_t x[LIKE_CHARS];
    size_t n = take_chars(text, work->like[0], x), i;

    for (i = 0; i + 1 < n; i++) /* multiplicative hashing (D. Knuth, 1973) */
        grams[i] = (uint16_t)((x[i] * 0x9E3779B1u + x[i + 1] * 0x85EBCA77u) >> 16);
    return (int)n;
}

#define SAME_KIND 0.5 /* one of a kind for another, when they are not named alike */

double text_item_likeness(const struct text_model *model, const struct slot_item *a,
                          const struct slot_item *b)
{
    uint32_t x[LIKE_CHARS], y[LIKE_CHARS];
    char buf[CONTEXT_BYTES];
    size_t n, m;
    double near = 0, like;

    if (text_trades_differ(a, b))
        return 0;
    if (a->concept && b->concept)
        near = lexicon_near(&model->lexicon, a->concept, b->concept);
    if (a->concept == b->concept && (a->concept & LEXICON_KIND) && a->word[0] && b->word[0])
        near = SAME_KIND;
    else if (near > 0)
        return near;
    n = take_chars(str_of(a->word), buf, x);
    m = take_chars(str_of(b->word), buf, y);
    like = dice(x, n, y, m);
    return like > near ? like : near;
}

/* The longest item in the word; at equal length the last, which is the head of a Chinese
   compound. */
struct slot_item text_item(const struct text_model *model, struct str word)
{
    struct lexicon_match matches[32];
    char buf[CONTEXT_BYTES];
    uint32_t cps[CONTEXT_BYTES + 1];
    uint16_t at[CONTEXT_BYTES + 1];
    struct chars chars = {.cps = cps, .at = at};
    struct lexicon_text text;
    struct normal n = {.p = buf, .size = sizeof buf};
    struct slot_item item = {.concept = 0};
    size_t i, count, best = 0;

    str_copy(item.word, sizeof item.word, word);
    item.span.to = (uint16_t)strlen(item.word);
    normal_run(&n, str_clip_utf8(word, CONTEXT_BYTES));
    chars_take(&chars, (struct str){n.p, n.n}, CONTEXT_BYTES);
    text = chars_text(&chars);
    count = lexicon_scan(&model->lexicon, &text, matches, 32);
    for (i = 0; i < count; i++) {
        const struct lexicon_entry *e = &model->lexicon.entries[matches[i].entry];

        if (e->concept && e->bytes >= best) {
            best = e->bytes;
            item.concept = e->concept;
            item.category = (enum category)e->category;
        }
    }
    return item;
}

#include "classify_priv.h"

#include <math.h>

#define NOT_KNOWN UINT32_MAX

/* Sixteen outputs at a time, in 16 bits; FLUSH rows cannot overflow them. */
typedef int8_t bytes16 __attribute__((vector_size(16), may_alias, aligned(4)));
typedef int16_t words16 __attribute__((vector_size(32)));
#define LANE 16
#define LANES (MODEL_ROW_OUTPUTS / LANE)
#define FLUSH 250

struct sums {
    words16 part[LANES];
    int32_t whole[MODEL_ROW_OUTPUTS];
    int pending;
};

static void flush(struct sums *t)
{
    int16_t part[MODEL_ROW_OUTPUTS];
    int i;

    memcpy(part, t->part, sizeof part);
    for (i = 0; i < MODEL_ROW_OUTPUTS; i++)
        t->whole[i] += part[i];
    memset(t->part, 0, sizeof t->part);
    t->pending = 0;
}

static inline void add_row(struct sums *t, const struct model_row *row, int lanes)
{
    const bytes16 *p = (const bytes16 *)(const void *)row->weights;
    int i;

    for (i = 0; i < lanes; i++)
        t->part[i] += __builtin_convertvector(p[i], words16);
    if (++t->pending == FLUSH)
        flush(t);
}

/* A set of keys in work->seen, an open-addressed table of `mask` + 1 places. */
static bool add_seen(uint32_t *seen, uint32_t mask, uint32_t key)
{
    uint32_t at = key & mask;

    while (seen[at] != NOT_KNOWN) {
        if (seen[at] == key)
            return false;
        at = (at + 1) & mask;
    }
    seen[at] = key;
    return true;
}

/* The features that may be known, each once: their rows are asked for before they are needed, as
   the tables are larger than the caches near the core. */
static size_t find_rows(const struct text_model *m, struct text_work *w, size_t from, size_t to,
                        uint32_t mask)
{
    const uint32_t *keys = w->features.keys;
    size_t i, n = 0;

    for (i = from; i < to; i++) {
        uint32_t word = m->index[keys[i] >> m->key_shift];

        if ((word & model_index_mark(keys[i])) == 0 || !add_seen(w->seen, mask, keys[i]))
            continue;
        w->found[n].row = word & MODEL_INDEX_MASK;
        w->found[n++].key = keys[i];
        __builtin_prefetch(&m->rows[word & MODEL_INDEX_MASK]);
    }
    return n;
}

static inline int sum_rows(const struct text_model *m, struct text_work *w, size_t from, size_t to,
                           uint32_t mask, int lanes, struct sums *sum)
{
    size_t i, n = find_rows(m, w, from, to, mask);
    int known = 0;

    for (i = 0; i < n; i++) {
        const struct model_row *row = &m->rows[w->found[i].row];

        while (row->key < w->found[i].key)
            row++;
        if (row->key == w->found[i].key) {
            add_row(sum, row, lanes);
            known++;
        }
    }
    flush(sum);
    return known;
}

/* Scores of the first `n` outputs. */
static inline void score(const struct text_model *m, struct text_work *w, int n, float *p)
{
    const struct features *f = &w->features;
    struct sums grams = {.pending = 0}, others = {.pending = 0};
    uint32_t mask = 63;
    int i, known, lanes = (n + LANE - 1) / LANE;
    float norm;

    while (mask + 1 < 2 * f->n)
        mask = mask * 2 + 1;
    memset(w->seen, 0xFF, (mask + 1) * sizeof *w->seen);
    known = sum_rows(m, w, 0, f->n_grams, mask, lanes, &grams);
    sum_rows(m, w, f->n_grams, f->n, mask, lanes, &others);
    norm = known > 0 ? 1.0f / sqrtf((float)known) : 0.0f;
    for (i = 0; i < n; i++)
        p[i] = m->outputs[i].bias +
               m->outputs[i].scale *
                   ((float)grams.whole[i] * norm + (float)others.whole[i] * (float)FEATURE_VALUE);
}

static void softmax(float *p, int n)
{
    float most = p[0], sum = 0;
    int i;

    for (i = 1; i < n; i++)
        if (p[i] > most)
            most = p[i];
    for (i = 0; i < n; i++)
        sum += p[i] = expf(p[i] - most);
    for (i = 0; i < n; i++)
        p[i] /= sum;
}

void classify_intent(const struct text_model *m, struct text_work *w, float p[INTENT_N])
{
    score(m, w, INTENT_N, p);
    softmax(p, INTENT_N);
}

void classify_run(const struct text_model *m, struct text_work *w, float p[OUT_N])
{
    int i;

    score(m, w, OUT_N, p);
    softmax(p + OUT_INTENT, INTENT_N);
    softmax(p + OUT_CATEGORY, CATEGORY_N - 1);
    softmax(p + OUT_URGENCY, URGENCY_N);
    softmax(p + OUT_MODE, MODE_N - 1);
    for (i = OUT_FLAG; i < OUT_N; i++)
        p[i] = 1.0f / (1.0f + expf(-p[i]));
}

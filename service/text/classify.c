#include "classify_priv.h"

#include <math.h>

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

static inline void flush(struct sums *t, int lanes)
{
    int16_t part[MODEL_ROW_OUTPUTS];
    int i;

    memcpy(part, t->part, sizeof part);
    for (i = 0; i < lanes * LANE; i++)
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
        flush(t, lanes);
}

#define AHEAD 16

/* The features that may be known. The tables are larger than the caches near the core, so what will
   be needed is asked for early; which key is known nobody can foresee, so nothing branches on it.
 */
static size_t find_rows(const struct text_model *m, struct text_work *w, size_t from, size_t to)
{
    const uint32_t *keys = w->features.keys;
    size_t i, n = 0;

    for (i = from; i < to; i++) {
        uint32_t word = m->index[keys[i] >> m->key_shift];
        uint32_t mark = model_index_mark(keys[i], m->key_shift);
        uint32_t passed = word & (mark - 1) & ~MODEL_INDEX_MASK;
        uint32_t row = (word & MODEL_INDEX_MASK) + (uint32_t)__builtin_popcount(passed);

        __builtin_prefetch(&m->index[keys[i + AHEAD] >> m->key_shift]);
        __builtin_prefetch(&m->rows[row]);
        w->found[n].row = row;
        w->found[n].key = keys[i];
        n += (word & mark) != 0;
    }
    return n;
}

static inline void sum_rows(const struct text_model *m, struct text_work *w, size_t from, size_t to,
                            int lanes, struct sums *sum)
{
    size_t i, n = find_rows(m, w, from, to);

    for (i = 0; i < n; i++) {
        const struct model_row *row = &m->rows[w->found[i].row];

        while (row->key < w->found[i].key)
            row++;
        if (row->key == w->found[i].key)
            add_row(sum, row, lanes);
    }
    flush(sum, lanes);
}

/* Scores of the first `n` outputs. */
static inline void score(const struct text_model *m, struct text_work *w, int n, float *p)
{
    const struct features *f = &w->features;
    struct sums grams = {.pending = 0}, others = {.pending = 0};
    int i, lanes = (n + LANE - 1) / LANE;
    float norm;

    sum_rows(m, w, 0, f->n_grams, lanes, &grams);
    sum_rows(m, w, f->n_grams, f->n, lanes, &others);
    norm = f->n_grams > 0 ? 1.0f / sqrtf((float)f->n_grams) : 0.0f;
    for (i = 0; i < n; i++)
        p[i] = m->outputs[i].bias +
               m->outputs[i].scale *
                   ((float)grams.whole[i] * norm + (float)others.whole[i] * (float)FEATURE_VALUE);
}

void classify_softmax(float *p, int n)
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
    classify_softmax(p, INTENT_N);
}

void classify_run(const struct text_model *m, struct text_work *w, float p[OUT_N])
{
    score(m, w, OUT_N, p);
    classify_softmax(p + OUT_INTENT, INTENT_N);
}

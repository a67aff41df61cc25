#include "classify_priv.h"

#include <math.h>

#define NOT_KNOWN UINT32_MAX

static uint32_t row_of(const struct text_model *m, uint32_t key)
{
    uint32_t bucket = key >> m->key_shift;
    uint32_t i, end = m->index[bucket + 1];

    for (i = m->index[bucket]; i < end; i++)
        if (m->keys[i] == key)
            return i;
    return NOT_KNOWN;
}

/* Sixteen outputs at a time, in 16 bits; FLUSH rows cannot overflow them. */
typedef int8_t bytes16 __attribute__((vector_size(16), may_alias, aligned(16)));
typedef int16_t words16 __attribute__((vector_size(32)));
#define LANES (MODEL_ROW_BYTES / 16)
#define FLUSH 250

struct sums {
    words16 part[LANES];
    int32_t whole[MODEL_ROW_BYTES];
    int pending;
};

static void flush(struct sums *t)
{
    int16_t part[MODEL_ROW_BYTES];
    int i;

    memcpy(part, t->part, sizeof part);
    for (i = 0; i < MODEL_ROW_BYTES; i++)
        t->whole[i] += part[i];
    memset(t->part, 0, sizeof t->part);
    t->pending = 0;
}

static inline void add_row(struct sums *t, const int8_t row[MODEL_ROW_BYTES])
{
    const bytes16 *p = (const bytes16 *)(const void *)row;
    int i;

    for (i = 0; i < LANES; i++)
        t->part[i] += __builtin_convertvector(p[i], words16);
    if (++t->pending == FLUSH)
        flush(t);
}

/* A set of row numbers in work->seen, an open-addressed table of `mask` + 1 places. */
static bool add_seen(uint32_t *seen, uint32_t mask, uint32_t row)
{
    uint32_t at = row * 2654435761u & mask;

    while (seen[at] != NOT_KNOWN) {
        if (seen[at] == row)
            return false;
        at = (at + 1) & mask;
    }
    seen[at] = row;
    return true;
}

#define AHEAD 8

/* Rows of the known features, each once, in place of their keys. The tables are larger than the
   caches near the core, so what will be needed is asked for early. */
static size_t find_rows(const struct text_model *m, struct text_work *w, size_t from, size_t to,
                        uint32_t mask)
{
    uint32_t *keys = w->features.keys;
    size_t i, n = from;

    for (i = from; i < to; i++) {
        uint32_t row;

        if (i + AHEAD < to)
            __builtin_prefetch(&m->index[keys[i + AHEAD] >> m->key_shift]);
        row = row_of(m, keys[i]);
        if (row != NOT_KNOWN && add_seen(w->seen, mask, row)) {
            __builtin_prefetch(m->rows[row]);
            keys[n++] = row;
        }
    }
    return n - from;
}

static int sum_rows(const struct text_model *m, struct text_work *w, size_t from, size_t to,
                    uint32_t mask, struct sums *sum)
{
    size_t i, n = find_rows(m, w, from, to, mask);

    for (i = 0; i < n; i++)
        add_row(sum, m->rows[w->features.keys[from + i]]);
    flush(sum);
    return (int)n;
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

void classify_run(const struct text_model *m, struct text_work *w, float p[OUT_N])
{
    const struct features *f = &w->features;
    struct sums grams = {.pending = 0}, others = {.pending = 0};
    uint32_t mask = 63;
    float norm;
    int i, n;

    while (mask + 1 < 2 * f->n)
        mask = mask * 2 + 1;
    memset(w->seen, 0xFF, (mask + 1) * sizeof *w->seen);
    n = sum_rows(m, w, 0, f->n_grams, mask, &grams);
    sum_rows(m, w, f->n_grams, f->n, mask, &others);
    norm = n > 0 ? 1.0f / sqrtf((float)n) : 0.0f;
    for (i = 0; i < OUT_N; i++)
        p[i] = m->outputs[i].bias +
               m->outputs[i].scale *
                   ((float)grams.whole[i] * norm + (float)others.whole[i] * (float)FEATURE_VALUE);
    softmax(p + OUT_INTENT, INTENT_N);
    softmax(p + OUT_CATEGORY, CATEGORY_N - 1);
    softmax(p + OUT_URGENCY, URGENCY_N);
    softmax(p + OUT_MODE, MODE_N - 1);
    for (i = OUT_FLAG; i < OUT_N; i++)
        p[i] = 1.0f / (1.0f + expf(-p[i]));
}

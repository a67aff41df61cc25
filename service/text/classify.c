#include "classify_priv.h"

#include <math.h>

/* Sixteen outputs at a time, from eight bytes. Both weights of a byte are summed as the byte is,
   and those of odd numbers once more alone; what is left of the former without the latter is the
   sum of the even ones. Sums are modulo 2^16, so only those that are left must not reach it: those
   of FLUSH rows do not. */
typedef uint8_t bytes8 __attribute__((vector_size(8), may_alias, aligned(1)));
typedef uint16_t pairs8 __attribute__((vector_size(16)));
#define LANE 16
#define LANES (MODEL_ROW_OUTPUTS / LANE)
#define FLUSH (UINT16_MAX / (15 * MODEL_SCALE_MOST))

#define AHEAD 16

/* The features that may be known. The tables are larger than the caches near the core, so what will
   be needed is asked for early; which key is known nobody can foresee, so nothing branches on it.
   `n` are found already; returns how many there are then. */
static size_t find_rows(const struct text_model *m, struct text_work *w, size_t from, size_t to,
                        size_t n)
{
    const uint32_t *keys = w->features.keys, *index = m->index;
    const struct model_row *rows = m->rows;
    unsigned shift = m->key_shift;
    size_t i;

    for (i = from; i < from + AHEAD; i++)
        __builtin_prefetch(&index[keys[i] >> shift]);
    for (i = from; i < to; i++) {
        uint32_t word = index[keys[i] >> shift];
        uint32_t mark = model_index_mark(keys[i], shift);
        uint32_t passed = word & (mark - 1) & ~MODEL_INDEX_MASK;
        uint32_t row = (word & MODEL_INDEX_MASK) + (uint32_t)__builtin_popcount(passed);

        __builtin_prefetch(&index[keys[i + AHEAD] >> shift]);
        __builtin_prefetch(&rows[row]);
        w->found[n].row = row;
        w->found[n].key = keys[i];
        n += (word & mark) != 0;
    }
    return n;
}

struct sums {
    pairs8 both[LANES], odd[LANES];
    int32_t scales;
};

static inline void add_row(struct sums *t, const struct model_row *row, uint16_t scale, int lanes)
{
    int k;

    t->scales += scale;
    for (k = 0; k < lanes; k++) {
        bytes8 bytes = *(const bytes8 *)(row->weights + k * (LANE / 2));
        pairs8 p = __builtin_convertvector(bytes, pairs8);

        t->both[k] += p * scale;
        t->odd[k] += (p >> 4) * scale;
    }
}

/* The first ones are put where nothing is yet, the others are added. */
static inline void flush(const struct sums *t, int lanes, bool first, int32_t *whole)
{
    int32_t none = MODEL_WEIGHT_NONE * t->scales;
    int k, i;

    for (k = 0; k < lanes; k++) {
        pairs8 even = t->both[k] - (t->odd[k] << 4);

        for (i = 0; i < LANE / 2; i++) {
            int32_t *at = &whole[k * LANE + 2 * i];

            at[0] = (first ? 0 : at[0]) + even[i] - none;
            at[1] = (first ? 0 : at[1]) + t->odd[k][i] - none;
        }
    }
}

/* The sums of at most FLUSH of the rows found: they stay in registers while they grow. Of ten keys
   that are in no row one is found, too; nobody can foresee which, so it is added no times. */
static inline void add_rows(const struct text_model *m, const struct text_work *w, size_t from,
                            size_t to, int lanes, bool first, int32_t *whole)
{
    struct sums sums = {.scales = 0};
    size_t i;

    for (i = from; i < to; i++) {
        const struct model_row *row = &m->rows[w->found[i].row];

        while (row->key < w->found[i].key)
            row++;
        add_row(&sums, row, row->key == w->found[i].key ? row->scale : 0, lanes);
    }
    flush(&sums, lanes, first, whole);
}

static inline void sum_rows(const struct text_model *m, const struct text_work *w, size_t from,
                            size_t to, int lanes, int32_t *whole)
{
    size_t i = from;

    do {
        add_rows(m, w, i, to - i < FLUSH ? to : i + FLUSH, lanes, i == from, whole);
        i += FLUSH;
    } while (i < to);
}

/* Scores of the first `n` outputs. */
static inline void score(const struct text_model *m, struct text_work *w, int n, float *p)
{
    const struct features *f = &w->features;
    int32_t grams[MODEL_ROW_OUTPUTS], others[MODEL_ROW_OUTPUTS];
    int i, lanes = (n + LANE - 1) / LANE;
    size_t n_found;
    float norm;

    n_found = find_rows(m, w, f->n_grams, f->n, w->n_found);
    sum_rows(m, w, 0, w->n_found, lanes, grams);
    sum_rows(m, w, w->n_found, n_found, lanes, others);
    norm = f->n_grams > 0 ? 1.0f / sqrtf((float)f->n_grams) : 0.0f;
    for (i = 0; i < n; i++)
        p[i] = m->outputs[i].bias + m->outputs[i].scale * ((float)grams[i] * norm +
                                                           (float)others[i] * (float)FEATURE_VALUE);
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

void classify_grams(const struct text_model *m, struct text_work *w)
{
    w->n_found = find_rows(m, w, 0, w->features.n_grams, 0);
}

void classify_intent(const struct text_model *m, struct text_work *w, float p[OUT_CATEGORY])
{
    score(m, w, OUT_CATEGORY, p);
    classify_softmax(p, INTENT_N);
}

void classify_run(const struct text_model *m, struct text_work *w, float p[OUT_N])
{
    score(m, w, OUT_HELD, p);
    p[OUT_HELD] = 0;
    classify_softmax(p + OUT_INTENT, INTENT_N);
}

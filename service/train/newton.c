#include "newton_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text/feature.h"

#define STEPS_MOST 100
#define GRADIENTS_MOST 200 /* conjugate ones, in a step */
#define HALVINGS_MOST 20
#define SUFFICIENT 0.01 /* of the decrease that the gradient promises */
#define FORCING 0.5     /* how much of a step's equation may stay unsolved */
#define PRECONDITION 0.01

/* Sums over all features or rows want more digits. */
typedef double wide __attribute__((vector_size(NEWTON_LANES * sizeof(double))));
#define WIDE(x) __builtin_convertvector(x, wide)
#define NARROW(x) __builtin_convertvector(x, lanes)

lanes *newton_vector(size_t n)
{
    size_t bytes = (n + 1) * sizeof(lanes);
    void *p = aligned_alloc(sizeof(lanes), bytes);

    if (!p)
        abort();
    memset(p, 0, bytes);
    return p;
}

static float gram_value(const struct sample *row)
{
    return row->grams_all ? 1.0f / sqrtf((float)row->grams_all) : 0.0f;
}

lanes newton_scores(const struct sample *row, const lanes *w, size_t n_features)
{
    lanes grams = {0}, others = {0};
    uint32_t i;

    for (i = 0; i < row->n_grams; i++)
        grams += w[row->f[i]];
    for (; i < row->n; i++)
        others += w[row->f[i]];
    return grams * gram_value(row) + others * (float)FEATURE_VALUE + w[n_features - 1];
}

static void add_values(const struct sample *row, lanes gram, lanes other, lanes bias, lanes *sums,
                       size_t n_features)
{
    uint32_t i;

    for (i = 0; i < row->n_grams; i++)
        sums[row->f[i]] += gram;
    for (; i < row->n; i++)
        sums[row->f[i]] += other;
    sums[n_features - 1] += bias;
}

void newton_add(const struct sample *row, lanes by, lanes *sums, size_t n_features)
{
    add_values(row, by * gram_value(row), by * (float)FEATURE_VALUE, by, sums, n_features);
}

void newton_add_squares(const struct sample *row, lanes by, lanes *sums, size_t n_features)
{
    float gram = gram_value(row);

    add_values(row, by * gram * gram, by * (float)(FEATURE_VALUE * FEATURE_VALUE), by, sums,
               n_features);
}

lanes newton_bits(unsigned set)
{
    lanes out;
    int k;

    for (k = 0; k < NEWTON_LANES; k++)
        out[k] = (float)(set >> k & 1);
    return out;
}

lanes newton_cost(const struct newton *p, size_t row)
{
    lanes cost = p->cost + newton_bits(p->positive[row]) * (p->cost_of_positives - p->cost);

    return cost * newton_bits(p->told[row]);
}

lanes newton_chance(lanes z)
{
    int k;

    for (k = 0; k < NEWTON_LANES; k++)
        z[k] = 1 / (1 + expf(-z[k]));
    return z;
}

/* All in the scaled features, where the penalty is the plain square. */
struct work {
    const struct newton *p;
    lanes *v;                 /* the weights */
    lanes *gradient, *step;   /* and where to go */
    lanes *rest, *d, *hd, *m; /* of the conjugate gradients */
    lanes *plain;             /* a vector times the scale, or before it is taken times it */
    lanes *z, *dz;            /* of each row: its scores, and what the step adds */
    lanes *bend;              /* of each row: the second derivatives of its losses */
};

static wide dot(const lanes *a, const lanes *b, size_t n)
{
    wide sum = {0};
    size_t i;

    for (i = 0; i < n; i++)
        sum += WIDE(a[i] * b[i]);
    return sum;
}

static void add(lanes *to, lanes by, const lanes *what, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        to[i] += by * what[i];
}

static void times(lanes *out, const lanes *a, const lanes *b, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        out[i] = a[i] * b[i];
}

/* The losses of a row with the scores z: log(1 + exp(-yz)). */
static wide losses(const struct newton *p, size_t row, lanes z)
{
    lanes cost = newton_cost(p, row), loss;
    int k;

    for (k = 0; k < NEWTON_LANES; k++) {
        float yz = p->positive[row] >> k & 1 ? z[k] : -z[k];

        loss[k] = cost[k] * (fmaxf(-yz, 0) + log1pf(expf(-fabsf(yz))));
    }
    return WIDE(loss);
}

static wide value_at(const struct work *w, lanes alpha)
{
    wide sum = {0};
    size_t i;

    for (i = 0; i < w->p->n_rows; i++)
        sum += losses(w->p, i, w->z[i] + alpha * w->dz[i]);
    return sum;
}

/* What a row to come has in one or two vectors: of rare features it lies far from the core. */
static void fetch(const struct newton *p, size_t row, const lanes *a, const lanes *b)
{
    uint32_t i;

    if (row >= p->n_rows)
        return;
    for (i = 0; i < p->rows[row]->n; i++) {
        __builtin_prefetch(&a[p->rows[row]->f[i]]);
        if (b)
            __builtin_prefetch(&b[p->rows[row]->f[i]], 1);
    }
}

static void scores_of(struct work *w, const lanes *v, lanes *out)
{
    const struct newton *p = w->p;
    size_t i;

    times(w->plain, v, p->scale, p->n_features);
    for (i = 0; i < p->n_rows; i++) {
        fetch(p, i + 1, w->plain, NULL);
        out[i] = newton_scores(p->rows[i], w->plain, p->n_features);
    }
}

/* At the scores z: the gradient, the rows' second derivatives, and their sums for each feature,
   which make the equation of a step easier. */
static void look(struct work *w)
{
    const struct newton *p = w->p;
    size_t i, k, n = p->n_features;

    memset(w->plain, 0, n * sizeof *w->plain);
    memset(w->m, 0, n * sizeof *w->m);
    for (i = 0; i < p->n_rows; i++) {
        lanes chance = newton_chance(w->z[i]), cost = newton_cost(p, i);

        fetch(p, i + 1, w->plain, w->m);
        w->bend[i] = cost * chance * (1 - chance);
        newton_add(p->rows[i], cost * (chance - newton_bits(p->positive[i])), w->plain, n);
        newton_add_squares(p->rows[i], w->bend[i], w->m, n);
    }
    times(w->gradient, w->plain, p->scale, n);
    for (k = 0; k < n; k++) {
        w->gradient[k] += w->v[k];
        w->m[k] = 1 + (float)PRECONDITION * w->m[k] * p->scale[k] * p->scale[k];
    }
}

/* hd = (1 + X'BX) d, where `plain` is d times the scale, and hd is 0. Returns d'hd. */
static wide bend(struct work *w)
{
    const struct newton *p = w->p;
    size_t i, k, n = p->n_features;
    wide curve = {0};

    for (i = 0; i < p->n_rows; i++) {
        fetch(p, i + 1, w->plain, w->hd);
        newton_add(p->rows[i], w->bend[i] * newton_scores(p->rows[i], w->plain, n), w->hd, n);
    }
    for (k = 0; k < n; k++) {
        w->hd[k] = w->d[k] + w->hd[k] * p->scale[k];
        curve += WIDE(w->d[k] * w->hd[k]);
    }
    return curve;
}

/* The sums of a²/m. */
static wide weighed(const lanes *a, const lanes *m, size_t n)
{
    wide sum = {0};
    size_t i;

    for (i = 0; i < n; i++)
        sum += WIDE(a[i] * a[i] / m[i]);
    return sum;
}

/* Of a set of outputs, the others' is 0. */
static lanes only(lanes x, unsigned set)
{
    int k;

    for (k = 0; k < NEWTON_LANES; k++)
        if (!(set >> k & 1))
            x[k] = 0;
    return x;
}

/* The next direction: down the rest, and by `beta` as before. */
static void turn(struct work *w, lanes beta)
{
    size_t k, n = w->p->n_features;

    for (k = 0; k < n; k++) {
        w->d[k] = w->rest[k] / w->m[k] + beta * w->d[k];
        w->plain[k] = w->d[k] * w->p->scale[k];
        w->hd[k] = (lanes){0};
    }
}

/* Goes `alpha` along d. What is left weighs `left` then, and the step promises `value`. */
static void advance(struct work *w, lanes alpha, wide *left, wide *value)
{
    size_t k, n = w->p->n_features;

    *left = *value = (wide){0};
    for (k = 0; k < n; k++) {
        w->step[k] += alpha * w->d[k];
        w->rest[k] -= alpha * w->hd[k];
        *left += WIDE(w->rest[k] * w->rest[k] / w->m[k]);
        *value -= 0.5 * WIDE(w->step[k] * (w->rest[k] - w->gradient[k]));
    }
}

/* Solves H step = -gradient for the outputs at work, roughly: until a further conjugate gradient
   adds little. The others' step is 0. */
static void find_step(struct work *w, unsigned at_work)
{
    size_t n = w->p->n_features, k;
    wide size = weighed(w->gradient, w->m, n), reached = {0};
    double enough[NEWTON_LANES];
    lanes beta = {0};
    int i, o;

    for (o = 0; o < NEWTON_LANES; o++)
        enough[o] = fmin(FORCING, sqrt(sqrt(size[o])));
    for (k = 0; k < n; k++) {
        w->step[k] = w->d[k] = (lanes){0};
        w->rest[k] = -w->gradient[k];
    }
    for (i = 1; i <= GRADIENTS_MOST && at_work; i++) {
        wide curve, now, next;

        turn(w, beta);
        curve = bend(w);
        for (o = 0; o < NEWTON_LANES; o++)
            if (curve[o] <= 1e-16)
                at_work &= ~(1u << o);
        advance(w, only(NARROW(size / curve), at_work), &next, &now);
        for (o = 0; o < NEWTON_LANES; o++) {
            double gain = now[o] - reached[o];

            if (now[o] > 0 || gain > 0 || i * gain >= enough[o] * now[o])
                at_work &= ~(1u << o);
        }
        beta = only(NARROW(next / size), at_work);
        reached = now;
        size = next;
    }
}

/* Goes as far as pays. Returns for which of the outputs it does. */
static unsigned go(struct work *w, unsigned at_work, wide *value)
{
    size_t i, n = w->p->n_features;
    wide slope = dot(w->gradient, w->step, n), vv = dot(w->v, w->v, n), vs = dot(w->v, w->step, n),
         ss = dot(w->step, w->step, n);
    lanes alpha = newton_bits(at_work);
    unsigned open = at_work;
    int tries, o;

    scores_of(w, w->step, w->dz);
    for (tries = 0; tries < HALVINGS_MOST && open; tries++) {
        wide far = WIDE(alpha);
        wide there = 0.5 * (vv + 2 * far * vs + far * far * ss) + value_at(w, alpha);

        for (o = 0; o < NEWTON_LANES; o++) {
            if (!(open >> o & 1))
                continue;
            if (there[o] - (*value)[o] > SUFFICIENT * far[o] * slope[o]) {
                alpha[o] /= 2;
                continue;
            }
            (*value)[o] = there[o];
            open &= ~(1u << o);
        }
    }
    alpha = only(alpha, at_work & ~open);
    add(w->v, alpha, w->step, n);
    for (i = 0; i < w->p->n_rows; i++)
        w->z[i] += alpha * w->dz[i];
    return at_work & ~open;
}

/* The squared sizes of the gradients where all weights are 0. */
static wide size_at_zero(struct work *w)
{
    const struct newton *p = w->p;
    size_t i, n = p->n_features;

    memset(w->plain, 0, n * sizeof *w->plain);
    for (i = 0; i < p->n_rows; i++)
        newton_add(p->rows[i], newton_cost(p, i) * (0.5f - newton_bits(p->positive[i])), w->plain,
                   n);
    times(w->plain, w->plain, p->scale, n);
    return dot(w->plain, w->plain, n);
}

/* Of each output: the squared size of a gradient that is small enough. */
static wide enough_of(struct work *w, double eps)
{
    const struct newton *p = w->p;
    wide positives = {0}, told = {0}, size = size_at_zero(w);
    size_t i;
    int o;

    for (i = 0; i < p->n_rows; i++) {
        positives += WIDE(newton_bits(p->positive[i]));
        told += WIDE(newton_bits(p->told[i]));
    }
    for (o = 0; o < NEWTON_LANES; o++) {
        double rarer = fmax(1, fmin(positives[o], told[o] - positives[o]));
        double share = eps * rarer / fmax(1, told[o]);

        size[o] *= share * share;
    }
    return size;
}

static void descend(struct work *w, double eps)
{
    size_t n = w->p->n_features;
    wide enough = enough_of(w, eps), value;
    unsigned at_work = w->p->outputs;
    int steps, o;

    scores_of(w, w->v, w->z);
    value = 0.5 * dot(w->v, w->v, n) + value_at(w, (lanes){0});
    for (steps = 0; steps < STEPS_MOST; steps++) {
        wide size;

        look(w);
        size = dot(w->gradient, w->gradient, n);
        for (o = 0; o < NEWTON_LANES; o++)
            if (size[o] <= enough[o])
                at_work &= ~(1u << o);
        if (!at_work)
            return;
        find_step(w, at_work);
        at_work = go(w, at_work, &value);
    }
}

void newton_fit(const struct newton *p, double eps, lanes *w)
{
    enum { OF_FEATURES = 8, OF_ROWS = 3 };
    lanes *v[OF_FEATURES + OF_ROWS];
    size_t n = p->n_features, k;
    int i;

    for (i = 0; i < OF_FEATURES + OF_ROWS; i++)
        v[i] = newton_vector(i < OF_FEATURES ? n : p->n_rows);
    for (k = 0; k < n; k++)
        v[0][k] = w[k] / p->scale[k];
    descend(&(struct work){p, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10]},
            eps);
    times(w, v[0], p->scale, n);
    for (i = 0; i < OF_FEATURES + OF_ROWS; i++)
        free(v[i]);
}

#include "calibrate_priv.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/mem.h"

#define ROUNDS 400
#define PRIOR 1e-3 /* keeps the shifts of rare classes small */

struct fit {
    const struct head *head;
    const float **rows; /* scores of the head's outputs */
    int *labels;
    size_t n;
    double slope, shift[OUT_N];
    double loss, accuracy;
};

/* A chance has two outcomes; the first, that it does not hold, has no output: its score is 0. */
static int n_outcomes(const struct head *h)
{
    return h->kind == HEAD_CHANCE ? 2 : h->n;
}

static void probabilities(const struct fit *f, const float *row, double *p)
{
    double most = -1e300, sum = 0;
    int k, n = n_outcomes(f->head);

    for (k = 0; k < n; k++) {
        int output = k - (n - f->head->n);

        p[k] = output < 0 ? 0 : f->slope * row[output] + f->shift[output];
        most = p[k] > most ? p[k] : most;
    }
    for (k = 0; k < n; k++)
        sum += p[k] = exp(p[k] - most);
    for (k = 0; k < n; k++)
        p[k] /= sum;
}

/* Loss and gradient; the gradient's last place is the slope's. */
static void measure(struct fit *f, double *gradient)
{
    double p[OUT_N];
    size_t i, right = 0;
    int k, n = n_outcomes(f->head);

    memset(gradient, 0, (OUT_N + 1) * sizeof *gradient);
    f->loss = 0;
    for (i = 0; i < f->n; i++) {
        int best = 0;

        probabilities(f, f->rows[i], p);
        f->loss -= log(p[f->labels[i]] + 1e-12);
        for (k = 0; k < n; k++) {
            double d = p[k] - (k == f->labels[i]);
            int output = k - (n - f->head->n);

            best = p[k] > p[best] ? k : best;
            if (output < 0)
                continue;
            gradient[output] += d;
            gradient[OUT_N] += d * f->rows[i][output];
        }
        right += best == f->labels[i];
    }
    f->loss /= (double)f->n;
    f->accuracy = (double)right / (double)f->n;
    for (k = 0; k < f->head->n; k++)
        gradient[k] = gradient[k] / (double)f->n + PRIOR * f->shift[k];
    gradient[OUT_N] /= (double)f->n;
}

/* Adam (D. Kingma, J. Ba, 2015): few parameters, so plain rounds over all rows do. */
static void descend(struct fit *f)
{
    double g[OUT_N + 1], m[OUT_N + 1] = {0}, v[OUT_N + 1] = {0};
    int r, k;

    f->slope = 1;
    for (r = 1; r <= ROUNDS; r++) {
        measure(f, g);
        for (k = 0; k <= OUT_N; k++) {
            double *x = k == OUT_N ? &f->slope : &f->shift[k];

            if (k >= f->head->n && k < OUT_N)
                continue;
            m[k] = 0.9 * m[k] + 0.1 * g[k];
            v[k] = 0.99 * v[k] + 0.01 * g[k] * g[k];
            *x -= 0.05 * (m[k] / (1 - pow(0.9, r))) / (sqrt(v[k] / (1 - pow(0.99, r))) + 1e-8);
        }
    }
    measure(f, g);
}

static void gather(struct fit *f, const struct samples *s, const struct weights *w)
{
    size_t i;

    f->rows = mem_new((s->n + 1) * sizeof *f->rows);
    f->labels = mem_new((s->n + 1) * sizeof *f->labels);
    for (i = 0; i < s->n; i++) {
        if (!s->p[i].kept || !head_is_told(f->head, &s->p[i]))
            continue;
        f->rows[f->n] = w->scores + i * OUT_N + f->head->first;
        f->labels[f->n++] = f->head->label(s->p[i].example);
    }
}

struct ranked {
    float score;
    int positive;
};

static int by_score(const void *a, const void *b)
{
    float x = ((const struct ranked *)a)->score, y = ((const struct ranked *)b)->score;

    return (x < y) - (x > y);
}

/* Shift a flag's score so that 0 lies where F1 is best. Returns that F1. */
static double threshold(const struct fit *f, int output, double *shift_r)
{
    struct ranked *r = mem_new((f->n + 1) * sizeof *r);
    size_t i, positives = 0, found = 0;
    double best = 0;

    *shift_r = 0;
    for (i = 0; i < f->n; i++) {
        r[i] = (struct ranked){f->rows[i][output], f->labels[i] >> output & 1};
        positives += (size_t)r[i].positive;
    }
    qsort(r, f->n, sizeof *r, by_score);
    for (i = 0; i + 1 < f->n; i++) {
        double f1;

        found += (size_t)r[i].positive;
        f1 = 2.0 * (double)found / (double)(i + 1 + positives);
        if (f1 > best && r[i].score > r[i + 1].score) {
            best = f1;
            *shift_r = -(r[i].score + r[i + 1].score) / 2;
        }
    }
    free(r);
    return best;
}

/* The corpus has each intent often enough to be learned; in a group most messages are talk, and
   faults are told oftener than help is asked for. What was compared: service/text/MODEL.md. */
static const double intent_prior[INTENT_N] = {[INTENT_CHAT] = 1.1, [INTENT_REPORT] = 0.35};

static void calibrate_head(const struct samples *s, const struct weights *w, int h,
                           struct calibration *c)
{
    struct fit f = {.head = &heads[h], .slope = 1};
    int k;

    gather(&f, s, w);
    if (f.n > 0 && f.head->kind != HEAD_FLAGS)
        descend(&f);
    for (k = 0; k < f.head->n; k++) {
        if (f.head->kind == HEAD_FLAGS)
            f.accuracy += threshold(&f, k, &f.shift[k]) / f.head->n;
        c->slope[f.head->first + k] = f.slope;
        c->shift[f.head->first + k] = f.shift[k];
    }
    for (k = 0; f.head->first == OUT_INTENT && k < INTENT_N; k++)
        c->shift[OUT_INTENT + k] += intent_prior[k];
    c->accuracy[h] = f.accuracy;
    c->loss[h] = f.loss;
    free(f.rows);
    free(f.labels);
}

struct heads_left {
    const struct samples *s;
    const struct weights *w;
    struct calibration *c;
    atomic_int next;
};

static void *work(void *arg)
{
    struct heads_left *left = arg;
    int h;

    while ((h = atomic_fetch_add(&left->next, 1)) < HEADS)
        calibrate_head(left->s, left->w, h, left->c);
    return NULL;
}

void calibrate(const struct samples *s, const struct weights *w, struct calibration *c)
{
    struct heads_left left = {.s = s, .w = w, .c = c};
    pthread_t other;
    bool two = pthread_create(&other, NULL, work, &left) == 0;

    work(&left);
    if (two)
        pthread_join(other, NULL);
}

/* See the header for the method. All is summed in a fixed order: the same outcomes give the same
   weights. */
#include "match/tune.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

#define FOLDS 5
#define ALL (-1) /* no fold is left out */
#define ROUNDS 100
#define STILL 1e-6
#define RESAMPLINGS 400
#define SURE 0.95f

static const float ridges[] = {0.3f, 1, 3, 10, 30, 100, 300};
#define RIDGES ((int)(sizeof ridges / sizeof *ridges))

/* What is fitted: a slope a part, and behind them the height of the whole. */
struct slopes {
    double b[MATCH_PART_N], a;
};

static double chance(const struct slopes *s, const struct match_outcome *o)
{
    double z = s->a;
    for (int p = 0; p < MATCH_PART_N; p++)
        z += s->b[p] * (double)o->share[p];
    return 1 / (1 + exp(-z));
}

static double score(const struct match_weights *w, const struct match_outcome *o)
{
    double sum = 0;
    for (int p = 0; p < MATCH_PART_N; p++)
        sum += (double)w->most[p] * (double)o->share[p];
    return sum;
}

/* --- fitting: Newton's step for one number after the other, never below 0 --- */

struct data {
    const struct match_outcome *all;
    int n, but; /* but: the fold that is left out */
};

/* The first two derivatives by slope p (MATCH_PART_N: by the height). */
static void derive(const struct data *d, const struct slopes *s, int p, double *first,
                   double *second)
{
    *first = *second = 0;
    for (int i = 0; i < d->n; i++) {
        const struct match_outcome *o = &d->all[i];
        double x = p < MATCH_PART_N ? (double)o->share[p] : 1, c;
        if (d->but != ALL && i % FOLDS == d->but)
            continue;
        c = chance(s, o);
        *first += (c - (o->good ? 1 : 0)) * x;
        *second += c * (1 - c) * x * x;
    }
}

/* A step is kept short: far out the curve is flat, and Newton's step would leap. */
static double step(double value, double first, double second)
{
    double by = first / (second + STILL);
    return value - fmax(fmin(by, 2), -2);
}

/* One slope for the whole score: how much the weights in use are worth. */
static double fit_one(const struct data *d, const struct match_weights *w, struct slopes *s)
{
    double k = 1;
    s->a = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double first = 0, second = 0, f, g;
        for (int p = 0; p < MATCH_PART_N; p++)
            s->b[p] = k * (double)w->most[p];
        for (int i = 0; i < d->n; i++) {
            double x = score(w, &d->all[i]), c = chance(s, &d->all[i]);
            if (d->but != ALL && i % FOLDS == d->but)
                continue;
            first += (c - (d->all[i].good ? 1 : 0)) * x;
            second += c * (1 - c) * x * x;
        }
        k = fmax(step(k, first, second), 0);
        derive(d, s, MATCH_PART_N, &f, &g);
        s->a = step(s->a, f, g);
        if (fabs(first) + fabs(f) < STILL)
            break;
    }
    return k;
}

static void fit(const struct data *d, const struct match_weights *w, double ridge, struct slopes *s)
{
    double k = fmax(fit_one(d, w, s), 1); /* where the score said nothing, it still draws */
    for (int round = 0; round < ROUNDS; round++) {
        double moved = 0;
        for (int p = 0; p <= MATCH_PART_N; p++) {
            double first, second, was = p < MATCH_PART_N ? s->b[p] : s->a, now;
            derive(d, s, p, &first, &second);
            if (p < MATCH_PART_N) {
                first += ridge * (was - k * (double)w->most[p]);
                second += ridge;
            }
            now = step(was, first, second);
            if (p < MATCH_PART_N)
                s->b[p] = now = fmax(now, 0);
            else
                s->a = now;
            moved += fabs(now - was);
        }
        if (moved < STILL)
            return;
    }
}

/* --- measuring --- */

struct scored {
    double score;
    bool good;
};

static int by_score(const void *a, const void *b)
{
    double x = ((const struct scored *)a)->score, y = ((const struct scored *)b)->score;
    return (x > y) - (x < y);
}

/* How many pairs of a bad and a good one stand in the right order; equal ones count half. */
static double area(struct scored *v, int n)
{
    double right = 0, bad = 0, good = 0;
    qsort(v, (size_t)n, sizeof *v, by_score);
    for (int i = 0, k; i < n; i = k) {
        double equal_good = 0, equal_bad = 0;
        for (k = i; k < n && v[k].score <= v[i].score; k++) {
            equal_good += v[k].good;
            equal_bad += !v[k].good;
        }
        right += equal_good * (bad + equal_bad / 2);
        bad += equal_bad;
        good += equal_good;
    }
    return good > 0 && bad > 0 ? right / (good * bad) : 0.5;
}

static double area_of(const double *scores, const struct match_outcome *o, int n,
                      struct scored *room)
{
    for (int i = 0; i < n; i++)
        room[i] = (struct scored){scores[i], o[i].good};
    return area(room, n);
}

/* Each outcome's chance by what was learned from the other folds. */
static void cross(const struct match_outcome *o, int n, const struct match_weights *w, double ridge,
                  double *out)
{
    for (int fold = 0; fold < FOLDS; fold++) {
        const struct data d = {o, n, fold};
        struct slopes s;
        fit(&d, w, ridge, &s);
        s.a = 0; /* heights of folds differ a little, and do not order */
        double sum = 0;
        for (int p = 0; p < MATCH_PART_N; p++)
            sum += s.b[p];
        for (int p = 0; p < MATCH_PART_N && sum > 0; p++)
            s.b[p] /= sum;
        for (int i = fold; i < n; i += FOLDS)
            out[i] = chance(&s, &o[i]);
    }
}

/* The bootstrap (B. Efron, 1979), with the same draws for both. */
static float sureness(const double *before, const double *after, const struct match_outcome *o,
                      int n, struct scored *room)
{
    int above = 0;
    for (int round = 0; round < RESAMPLINGS; round++) {
        double areas[2];
        for (int k = 0; k < 2; k++) {
            for (int i = 0; i < n; i++) {
                const int draw[2] = {round, i};
                int j = (int)(hash64(draw, sizeof draw, 0) % (uint64_t)n);
                room[i] = (struct scored){k ? after[j] : before[j], o[j].good};
            }
            areas[k] = area(room, n);
        }
        above += areas[1] > areas[0];
    }
    return (float)above / RESAMPLINGS;
}

static void measure_alone(const struct match_outcome *o, int n, struct scored *room,
                          struct match_tuned *out)
{
    for (int p = 0; p < MATCH_PART_N; p++) {
        for (int i = 0; i < n; i++)
            room[i] = (struct scored){(double)o[i].share[p], o[i].good};
        out->alone[p] = (float)area(room, n);
    }
}

static void take_weights(const struct slopes *s, struct match_weights *w)
{
    double sum = 0;
    for (int p = 0; p < MATCH_PART_N; p++)
        sum += s->b[p];
    for (int p = 0; p < MATCH_PART_N && sum > 0; p++)
        w->most[p] = (float)(s->b[p] / sum);
}

static void choose(const struct match_outcome *o, int n, const struct match_weights *in_use,
                   struct scored *room, struct match_tuned *out)
{
    double *scores = mem_grow(NULL, (size_t)n * 3, sizeof *scores);
    double *best = scores + n, *before = best + n, most = -1;
    for (int r = RIDGES; r-- > 0;) { /* of equals the one that changes least */
        cross(o, n, in_use, (double)ridges[r], scores);
        double a = area_of(scores, o, n, room);
        if (a <= most)
            continue;
        most = a;
        out->ridge = ridges[r];
        for (int i = 0; i < n; i++)
            best[i] = scores[i];
    }
    for (int i = 0; i < n; i++)
        before[i] = score(in_use, &o[i]);
    out->before = (float)area_of(before, o, n, room);
    out->after = (float)most;
    out->sure = sureness(before, best, o, n, room);
    free(scores);
}

void match_tune(const struct match_outcome *outcomes, int n, const struct match_weights *in_use,
                struct match_tuned *out)
{
    *out = (struct match_tuned){.weights = *in_use};
    for (int i = 0; i < n; i++) {
        out->n_good += outcomes[i].good;
        out->n_bad += !outcomes[i].good;
    }
    if (out->n_good < MATCH_TUNE_LEAST || out->n_bad < MATCH_TUNE_LEAST)
        return;
    struct scored *room = mem_grow(NULL, (size_t)n, sizeof *room);
    struct slopes s;
    const struct data all = {outcomes, n, ALL};
    measure_alone(outcomes, n, room, out);
    choose(outcomes, n, in_use, room, out);
    fit(&all, in_use, (double)out->ridge, &s);
    take_weights(&s, &out->weights);
    out->better = out->sure >= SURE;
    free(room);
}

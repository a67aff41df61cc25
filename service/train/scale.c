#include "scale_priv.h"

#include <math.h>
#include <stdlib.h>

static lanes sum_of(const lanes *x, size_t n)
{
    double sum[NEWTON_LANES] = {0};
    lanes out;
    size_t i;
    int o;

    for (i = 0; i < n; i++)
        for (o = 0; o < NEWTON_LANES; o++)
            sum[o] += (double)x[i][o];
    for (o = 0; o < NEWTON_LANES; o++)
        out[o] = (float)sum[o];
    return out;
}

lanes *scale_new(const struct newton *p)
{
    size_t n = p->n_features, k, i;
    lanes *scale = newton_vector(n), *with = newton_vector(n), with_all, without_all;
    int o;

    for (i = 0; i < p->n_rows; i++) {
        unsigned positive = p->positive[i], negative = p->told[i] & ~positive;

        newton_add(p->rows[i], newton_bits(positive), with, n);
        newton_add(p->rows[i], newton_bits(negative), scale, n); /* sums; the factors below */
    }
    with_all = sum_of(with, n) + SCALE_SMOOTH * (float)n;
    without_all = sum_of(scale, n) + SCALE_SMOOTH * (float)n;
    for (k = 0; k + 1 < n; k++) {
        lanes odds = (with[k] + SCALE_SMOOTH) / with_all * without_all / (scale[k] + SCALE_SMOOTH);

        for (o = 0; o < NEWTON_LANES; o++)
            scale[k][o] = 1 - SCALE_SHARE + SCALE_SHARE * fabsf(logf(odds[o]));
    }
    scale[n - 1] = (lanes){0} + 1;
    free(with);
    return scale;
}

void scale_by_doubt(const struct newton *p, const lanes *w, lanes *scale)
{
    size_t n = p->n_features, i, k;
    lanes *doubt = newton_vector(n), mean;
    int o;

    for (i = 0; i < p->n_rows; i++) {
        lanes chance = newton_chance(newton_scores(p->rows[i], w, n));

        newton_add_squares(p->rows[i], chance * (1 - chance) * newton_cost(p, i) / p->cost, doubt,
                           n);
    }
    for (k = 0; k + 1 < n; k++)
        for (o = 0; o < NEWTON_LANES; o++)
            doubt[k][o] = powf(doubt[k][o] + SCALE_DROPOUT_LEAST, -SCALE_DROPOUT);
    mean = sum_of(doubt, n - 1) / (float)(n - 1);
    for (k = 0; k + 1 < n; k++)
        scale[k] *= doubt[k] / mean;
    free(doubt);
}

#include "scale_priv.h"

#include <math.h>
#include <stddef.h>

#include "base/mem.h"

double *scale_new(const struct problem *prob)
{
    size_t n = (size_t)prob->n + 1, k;
    double *scale = mem_new(n * sizeof *scale), *with = mem_new(n * sizeof *with);
    double with_all = 0, without_all = 0;
    int i;

    for (i = 0; i < prob->l; i++) {
        const struct feature_node *x;

        for (x = prob->x[i]; x->index != -1; x++) {
            if (prob->y[i] > 0) {
                with[x->index] += x->value;
                with_all += x->value;
            } else {
                scale[x->index] += x->value; /* counts first, the factor below */
                without_all += x->value;
            }
        }
    }
    for (k = 1; k < n; k++) {
        double p = (with[k] + SCALE_SMOOTH) / (with_all + SCALE_SMOOTH * (double)n);
        double q = (scale[k] + SCALE_SMOOTH) / (without_all + SCALE_SMOOTH * (double)n);

        scale[k] = 1 - SCALE_SHARE + SCALE_SHARE * fabs(log(p / q));
    }
    scale[prob->n] = 1;
    free(with);
    return scale;
}

static double probability(const struct feature_node *x, const double *w)
{
    double z = 0;

    for (; x->index != -1; x++)
        z += w[x->index - 1] * x->value;
    return 1 / (1 + exp(-z));
}

void scale_by_doubt(const struct problem *prob, const double *w, double positive, double *scale)
{
    size_t n = (size_t)prob->n, k;
    double *doubt = mem_new((n + 1) * sizeof *doubt), mean = 0;
    int i;

    for (i = 0; i < prob->l; i++) {
        double p = probability(prob->x[i], w);
        double d = p * (1 - p) * (prob->y[i] > 0 ? positive : 1);
        const struct feature_node *x;

        for (x = prob->x[i]; x->index != -1; x++)
            doubt[x->index] += d * x->value * x->value;
    }
    for (k = 1; k < n; k++)
        mean += doubt[k] = pow(doubt[k] + SCALE_DROPOUT_LEAST, -SCALE_DROPOUT);
    mean /= (double)(n - 1);
    for (k = 1; k < n; k++)
        scale[k] *= doubt[k] / mean;
    free(doubt);
}

struct feature_node **scale_rows_new(const struct problem *prob, const double *scale)
{
    struct feature_node **rows = mem_new(((size_t)prob->l + 1) * sizeof *rows);
    int i;

    for (i = 0; i < prob->l; i++) {
        size_t n = 0, k;

        while (prob->x[i][n].index != -1)
            n++;
        rows[i] = mem_new((n + 1) * sizeof **rows);
        memcpy(rows[i], prob->x[i], (n + 1) * sizeof **rows);
        for (k = 0; k < n; k++)
            rows[i][k].value *= scale[rows[i][k].index];
    }
    return rows;
}

void scale_rows_free(struct feature_node **rows, int n)
{
    while (n-- > 0)
        free(rows[n]);
    free(rows);
}

/* The weights that newton_fit finds are where the loss is least, for each output by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>

#include "../../../service/train/newton_priv.h"
#include "text/feature.h"

#define ROWS 60
#define FEATURES 8 /* the last one is the bias */
#define OUTPUTS 3

static uint32_t numbers[ROWS][FEATURES];
static struct sample samples[ROWS];
static const struct sample *rows[ROWS];
static uint8_t told[ROWS], positive[ROWS];
static lanes scale[FEATURES];

/* Rows of chance, whose third output is told of every second one alone. */
static struct newton problem(void)
{
    struct newton p = {.rows = rows,
                       .told = told,
                       .positive = positive,
                       .n_rows = ROWS,
                       .n_features = FEATURES,
                       .outputs = (1u << OUTPUTS) - 1,
                       .scale = scale};
    uint32_t seed = 7, i, k;

    for (i = 0; i < ROWS; i++) {
        struct sample *s = &samples[i];

        *s = (struct sample){.f = numbers[i], .grams_all = 4};
        for (k = 0; k + 1 < FEATURES; k++) {
            seed = seed * 1664525u + 1013904223u;
            if (seed >> 30 == 0)
                continue;
            numbers[i][s->n++] = k;
            s->n_grams += k < FEATURES / 2;
        }
        rows[i] = s;
        told[i] = i % 2 ? 7 : 3;
        positive[i] = (uint8_t)(seed >> 24 & told[i]);
    }
    for (k = 0; k < FEATURES; k++)
        for (i = 0; i < NEWTON_LANES; i++)
            scale[k][i] = 0.5f + 0.25f * (float)((k + i) % 4);
    for (i = 0; i < OUTPUTS; i++) {
        p.cost[i] = 8;
        p.cost_of_positives[i] = 8 + 4 * (float)i;
    }
    return p;
}

static double value_of(const struct sample *s, uint32_t i)
{
    return i < s->n_grams ? 1 / sqrt(s->grams_all) : FEATURE_VALUE;
}

/* The derivative of the loss and the penalty by a feature's weight, reckoned without newton.c. */
static double slope_of(const struct newton *p, const lanes *w, int output, uint32_t feature)
{
    double factor = (double)scale[feature][output];
    double slope = (double)w[feature][output] / (factor * factor);
    uint32_t i, k;

    for (i = 0; i < ROWS; i++) {
        const struct sample *s = rows[i];
        double z = (double)w[FEATURES - 1][output], x = feature == FEATURES - 1, cost;
        bool has = positive[i] >> output & 1;

        if (!(told[i] >> output & 1))
            continue;
        for (k = 0; k < s->n; k++) {
            z += value_of(s, k) * (double)w[s->f[k]][output];
            x = s->f[k] == feature ? value_of(s, k) : x;
        }
        cost = (double)(has ? p->cost_of_positives[output] : p->cost[output]);
        slope += cost * (1 / (1 + exp(-z)) - has) * x;
    }
    return slope;
}

static void every_slope_is_level(void **state)
{
    struct newton p = problem();
    lanes *w = newton_vector(FEATURES);
    uint32_t k;
    int o;

    (void)state;
    newton_fit(&p, 1e-5, w);
    for (o = 0; o < OUTPUTS; o++)
        for (k = 0; k < FEATURES; k++)
            assert_true(fabs(slope_of(&p, w, o, k)) < 1e-2);
    assert_true(fabsf(w[0][0]) > 1e-3f);
    free(w);
}

/* Whether others are learned beside it, or it starts from elsewhere, an output comes to the same.
 */
static void an_output_hangs_on_nothing_else(void **state)
{
    struct newton p = problem();
    lanes *all = newton_vector(FEATURES), *one = newton_vector(FEATURES);
    uint32_t k;

    (void)state;
    newton_fit(&p, 1e-5, all);
    for (k = 0; k < FEATURES; k++)
        one[k] = (lanes){0} + 1;
    p.outputs = 2;
    newton_fit(&p, 1e-5, one);
    for (k = 0; k < FEATURES; k++) {
        assert_true(fabsf(all[k][1] - one[k][1]) < 1e-2f);
        assert_true(fabsf(one[k][0] - 1) < 1e-5f); /* who is not learned stays */
    }
    free(all);
    free(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_slope_is_level),
        cmocka_unit_test(an_output_hangs_on_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

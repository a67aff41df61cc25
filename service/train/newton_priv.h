/* Logistic regression with a quadratic penalty, by Newton's method: each step by conjugate
   gradients, its length by halving (L. Galli, C.-J. Lin, "Truncated Newton methods for linear
   classification", 2021, as LIBLINEAR does it since 2.40, with its stopping rules). Other than
   there, several outputs are learned side by side from the same samples: the time goes into
   fetching features' weights, and eight floats lie together. It draws no random numbers: the same
   input, the same weights. */
#ifndef LINLI_TRAIN_NEWTON_PRIV_H
#define LINLI_TRAIN_NEWTON_PRIV_H

#include "samples_priv.h"

/* A number for each output. */
#define NEWTON_LANES 8
typedef float lanes __attribute__((vector_size(NEWTON_LANES * sizeof(float))));

/* Feature k counts `scale[k]` times its value, and so is punished less the larger that is; the last
   feature, n_features - 1, is the bias: every sample has it, of value 1. */
struct newton {
    const struct sample *const *rows;
    /* Of each row, a bit an output: is it told of the row whether it has it, and does it? */
    const uint8_t *told, *positive;
    size_t n_rows, n_features;
    unsigned outputs; /* which there are, a bit each; the others' weights stay as they are */
    const lanes *scale;
    lanes cost, cost_of_positives; /* of a row, against the penalty */
};

/* From the weights `w` (of the features' own values, not of the scaled ones) to better ones, until
   the gradient of each output is `eps` of what it is at 0, by LIBLINEAR's measure. */
void newton_fit(const struct newton *p, double eps, lanes *w);

/* A row's scores: the sums of its features' weights times their values. */
lanes newton_scores(const struct sample *row, const lanes *w, size_t n_features);
/* Adds `by` times the row's values, or times their squares, to `sums`. */
void newton_add(const struct sample *row, lanes by, lanes *sums, size_t n_features);
void newton_add_squares(const struct sample *row, lanes by, lanes *sums, size_t n_features);

lanes newton_bits(unsigned set);                       /* 1 for what is in it, else 0 */
lanes newton_cost(const struct newton *p, size_t row); /* 0 where it is not told */
lanes newton_chance(lanes z);                          /* 1 / (1 + exp(-z)) */
lanes *newton_vector(size_t n);                        /* of zeroes, aligned; free() it */

#endif

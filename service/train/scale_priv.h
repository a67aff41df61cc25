/* Naive Bayes scaling of features before a linear model (S. Wang, C. Manning, "Baselines and
   Bigrams", ACL 2012): what tells the two sides apart by its counts alone is regularised less; and
   so is what stands where the model is sure, in part as if features were left out at random while
   it learns (S. Wager, S. Wang, P. Liang, "Dropout Training as Adaptive Regularization", NIPS
   2013). */
#ifndef LINLI_TRAIN_SCALE_PRIV_H
#define LINLI_TRAIN_SCALE_PRIV_H

#include <linear.h>

#define SCALE_SMOOTH 0.1
#define SCALE_SHARE 0.5 /* of the log ratio; the rest is 1 */

#define SCALE_DROPOUT 0.2 /* 0.5: as dropout would have it; 0: not at all */
#define SCALE_DROPOUT_LEAST 0.1

/* A factor for each feature 1…n of the problem, the bias's (n) is 1. The caller frees. */
double *scale_new(const struct problem *prob);
/* Multiply the factors by what dropout makes of them, on the average by 1. `w`: weights of the
   features, without the factors, as learned so far; positives weigh `positive` times as much. */
void scale_by_doubt(const struct problem *prob, const double *w, double positive, double *scale);
/* The problem's rows, multiplied; to be freed with scale_rows_free. */
struct feature_node **scale_rows_new(const struct problem *prob, const double *scale);
void scale_rows_free(struct feature_node **rows, int n);

#endif

/* Naive Bayes scaling of features before a linear model (S. Wang, C. Manning, "Baselines and
   Bigrams", ACL 2012): what tells the two sides apart by its counts alone is regularised less. */
#ifndef LINLI_TRAIN_SCALE_PRIV_H
#define LINLI_TRAIN_SCALE_PRIV_H

#include <linear.h>

#define SCALE_SMOOTH 0.1
#define SCALE_SHARE 0.5 /* of the log ratio; the rest is 1 */

/* A factor for each feature 1…n of the problem, the bias's (n) is 1. The caller frees. */
double *scale_new(const struct problem *prob);
/* The problem's rows, multiplied; to be freed with scale_rows_free. */
struct feature_node **scale_rows_new(const struct problem *prob, const double *scale);
void scale_rows_free(struct feature_node **rows, int n);

#endif

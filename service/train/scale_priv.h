/* Naive Bayes scaling of features before a linear model (S. Wang, C. Manning, "Baselines and
   Bigrams", ACL 2012): what tells the two sides apart by its counts alone is regularised less; and
   so is what stands where the model is sure, in part as if features were left out at random while
   it learns (S. Wager, S. Wang, P. Liang, "Dropout Training as Adaptive Regularization", NIPS
   2013). */
#ifndef LINLI_TRAIN_SCALE_PRIV_H
#define LINLI_TRAIN_SCALE_PRIV_H

#include "newton_priv.h"

#define SCALE_SMOOTH 0.1f
#define SCALE_SHARE 0.5f /* of the log ratio; the rest is 1 */

#define SCALE_DROPOUT 0.2f /* 0.5: as dropout would have it; 0: not at all */
#define SCALE_DROPOUT_LEAST 0.1f

/* Factors for each feature of the problem, whose own `scale` is not looked at; the bias's are 1.
   The caller frees. */
lanes *scale_new(const struct newton *p);
/* Multiply the factors by what dropout makes of them, on the average by 1. `w`: weights of the
   features, without the factors, as learned so far. */
void scale_by_doubt(const struct newton *p, const lanes *w, lanes *scale);

#endif

/* The linear model: features in, calibrated probabilities out. */
#ifndef LINLI_TEXT_CLASSIFY_PRIV_H
#define LINLI_TEXT_CLASSIFY_PRIV_H

#include "model_priv.h"
#include "work_priv.h"

/* Asks for what the model knows of the n-grams, once they are there: it is on its way while the
   other features are looked for. */
void classify_grams(const struct text_model *m, struct text_work *w);
/* The intent's probabilities; of the other outputs calibrated scores, as most are asked only which
   is the greatest, or whether it is above 0 (a probability of a half). */
void classify_run(const struct text_model *m, struct text_work *w, float p[OUT_N]);
/* The same of the outputs before OUT_CATEGORY alone. */
void classify_intent(const struct text_model *m, struct text_work *w, float p[OUT_CATEGORY]);
/* Scores of a head become its probabilities. */
void classify_softmax(float *p, int n);

#endif

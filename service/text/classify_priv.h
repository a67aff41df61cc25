/* The linear model: features in, calibrated probabilities out. */
#ifndef LINLI_TEXT_CLASSIFY_PRIV_H
#define LINLI_TEXT_CLASSIFY_PRIV_H

#include "model_priv.h"
#include "work_priv.h"

/* p[OUT_INTENT…] and so on: each head's softmax; flags each for itself. */
void classify_run(const struct text_model *m, struct text_work *w, float p[OUT_N]);
/* The intent's probabilities alone. */
void classify_intent(const struct text_model *m, struct text_work *w, float p[INTENT_N]);

#endif

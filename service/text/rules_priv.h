/* The thin layer of rules over the model: what the label guide decides without weighing. */
#ifndef LINLI_TEXT_RULES_PRIV_H
#define LINLI_TEXT_RULES_PRIV_H

#include "model_priv.h"
#include "work_priv.h"

/* The intent from what classify_run or classify_intent gave, whose probabilities may be shifted. */
enum intent rules_intent(float *p);

/* Labels from what classify_run gave (it is used up) and the rules. */
void rules_apply(float p[OUT_N], struct reading *out);

/* The same with an intent that is known. */
void rules_apply_as(enum intent intent, float p[OUT_N], struct reading *out);

/* What the slots say of the rest. */
void rules_settle(struct reading *out);

#endif

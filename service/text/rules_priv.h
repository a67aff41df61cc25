/* The thin layer of rules over the model: what the label guide decides without weighing. */
#ifndef LINLI_TEXT_RULES_PRIV_H
#define LINLI_TEXT_RULES_PRIV_H

#include "model_priv.h"
#include "work_priv.h"

/* Strong words for a danger to life that nothing near them takes back: rules.c says what does. */
bool rules_danger(const struct lexicon *lex, const struct text_work *w);

/* Labels from the calibrated probabilities p[OUT_N] (which may be shifted) and the rules. */
void rules_apply(const struct lexicon *lex, const struct text_work *w, const struct text_query *q,
                 float *p, struct reading *out);

/* What the slots say of the rest. */
void rules_settle(struct reading *out);

#endif

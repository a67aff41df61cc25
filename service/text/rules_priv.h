/* The thin layer of rules over the model: what the label guide decides without weighing. */
#ifndef LINLI_TEXT_RULES_PRIV_H
#define LINLI_TEXT_RULES_PRIV_H

#include "model_priv.h"
#include "work_priv.h"

/* Strong words for a danger to life that nothing near them takes back: rules.c says what does. */
bool rules_danger(const struct lexicon *lex, const struct text_work *w);

/* The intent from its calibrated probabilities (which may be shifted) and the rules; *danger_r:
   what rules_danger says of it. */
enum intent rules_intent(const struct lexicon *lex, const struct text_work *w, float *intent_p,
                         bool *danger_r);

/* Labels from what classify_run gave (it is used up) and the rules. */
void rules_apply(const struct lexicon *lex, const struct text_work *w, float *p,
                 struct reading *out);

/* The same with an intent that is known. */
void rules_apply_as(const struct lexicon *lex, const struct text_work *w, enum intent intent,
                    float *p, struct reading *out);

/* What the slots say of the rest. */
void rules_settle(struct reading *out);

#endif

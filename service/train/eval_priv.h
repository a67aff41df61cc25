/* Measures a model on labelled messages that it was not trained on. */
#ifndef LINLI_TRAIN_EVAL_PRIV_H
#define LINLI_TRAIN_EVAL_PRIV_H

#include <stdio.h>

#include "corpus_priv.h"
#include "text/text.h"

struct eval {
    long n, confusion[INTENT_N][INTENT_N]; /* [meant][read] */
    long category_n, category_right, urgency_n, urgency_right, mode_n, mode_right;
    long flag_found, flag_missed, flag_false;
    long critical_n, critical_right, critical_false;
    double calibration_error; /* expected, ten bins */
    double macro_f1;
};

void eval_run(const struct text_model *m, const struct corpus *c, struct eval *out);
double eval_f1(const struct eval *e, enum intent i, double *precision_r, double *recall_r);
void eval_print(const struct eval *e, FILE *out);
/* A line for each register of the corpus. */
void eval_print_parts(const struct text_model *m, const struct corpus *c, FILE *out);
/* Every message that was read wrongly, a line each. */
void eval_print_errors(const struct text_model *m, const struct corpus *c, FILE *out);

#endif

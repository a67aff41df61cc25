/* Logistic regression, one output against the rest of its head (LIBLINEAR, L2R_LR: R.-E. Fan et
   al., JMLR 2008). The primal solver draws no random numbers: the same input, the same weights. */
#ifndef LINLI_TRAIN_SOLVE_PRIV_H
#define LINLI_TRAIN_SOLVE_PRIV_H

#include "samples_priv.h"
#include "text/model_file.h"

/* A head: outputs [first, first + n) of which exactly one holds, or (single) each for itself. */
struct head {
    const char *name;
    int first, n;
    bool single;
    double cost;                           /* LIBLINEAR's C */
    bool primary_only;                     /* learn from messages as written only */
    int (*label)(const struct example *e); /* 0…n-1; a set of bits when single; -1: not for it */
};
#define HEADS 6
extern const struct head heads[HEADS];

/* Weights of all outputs: w[output * stride + feature], stride = vocabulary + 1, the last one the
   bias. scores[sample * OUT_N + output]: of models that had not seen the samples kept for
   calibration; filled for those of a head. */
struct weights {
    double *w;
    float *scores;
    size_t stride;
};
void solve_all(const struct samples *s, struct weights *w, int threads);
void weights_deinit(struct weights *w);

#endif

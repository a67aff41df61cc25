/* Logistic regression, one output against the rest of its head. */
#ifndef LINLI_TRAIN_SOLVE_PRIV_H
#define LINLI_TRAIN_SOLVE_PRIV_H

#include "samples_priv.h"
#include "text/model_file.h"

enum head_kind {
    HEAD_ONE,    /* exactly one of the outputs holds; their scores are calibrated together */
    HEAD_FLAGS,  /* each for itself; 0 is made the threshold */
    HEAD_CHANCE, /* one output, which holds or not; its score is made the logit of that */
};

/* Outputs [first, first + n). */
struct head {
    const char *name;
    int first, n;
    enum head_kind kind;
    float cost;                            /* of a sample, against the penalty on weights */
    unsigned settings;                     /* of the samples it is learned from */
    int (*label)(const struct example *e); /* HEAD_ONE: 0…n-1, else a set of bits; -1: not for it */
};
#define HEADS 9
extern const struct head heads[HEADS];
bool head_is_told(const struct head *h, const struct sample *p); /* does it learn from it? */

/* Weights of all outputs: w[output * stride + feature], stride = vocabulary + 1, the last one the
   bias. scores[sample * OUT_N + output]: of models that had not seen the samples kept for
   calibration; filled for those of a head. */
struct weights {
    float *w;
    float *scores;
    size_t stride;
};
void solve_all(const struct samples *s, struct weights *w, int threads);
void weights_deinit(struct weights *w);

#endif

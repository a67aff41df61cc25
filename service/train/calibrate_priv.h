/* Calibration on scores of samples that the models had not seen: vector scaling for the heads of
   which one output holds (C. Guo et al., ICML 2017), the threshold of best F1 for flags. */
#ifndef LINLI_TRAIN_CALIBRATE_PRIV_H
#define LINLI_TRAIN_CALIBRATE_PRIV_H

#include "solve_priv.h"

/* A calibrated score is slope * score + shift. */
struct calibration {
    double slope[OUT_N], shift[OUT_N];
    double accuracy[HEADS], loss[HEADS]; /* on the kept samples, calibrated; flags: mean F1 */
};
void calibrate(const struct samples *s, const struct weights *w, struct calibration *c);

#endif

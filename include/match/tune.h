/* Tuning the weights of a score on what became of proposals. Pure.

   The chance that a proposal comes to good is modelled as 1 / (1 + exp(-(a + sum b_p share_p))),
   with no b below 0: logistic regression (D. Cox, 1958), drawn towards the weights in use by a
   ridge (A. Hoerl, R. Kennard, 1970), so that few outcomes move little. How hard it draws is chosen
   by cross-validation. Only the order that a score gives counts for us: it is measured by the area
   under the curve (J. Hanley, B. McNeil, 1982), the chance that a good proposal scores above a bad
   one. */
#ifndef LINLI_MATCH_TUNE_H
#define LINLI_MATCH_TUNE_H

#include "match/weights.h"

struct match_outcome {         /* of one proposal */
    float share[MATCH_PART_N]; /* 0…1, of each part's most */
    bool good;                 /* agreed or fulfilled; else rejected, declined or undone */
};

#define MATCH_TUNE_LEAST 40 /* good ones, and bad ones: fewer say nothing */

struct match_tuned {
    struct match_weights weights;
    int n_good, n_bad;
    float before, after; /* area under the curve; after: of outcomes that were not learned from */
    float sure;          /* share of resamplings in which `after` is above `before` */
    float ridge;         /* that was chosen */
    float alone[MATCH_PART_N]; /* area under the curve of that part by itself; 0.5: says nothing */
    bool better;               /* there are enough, and it is surely better */
};
/* The order of the outcomes decides which are learned from together: give them in a fixed one. */
void match_tune(const struct match_outcome *outcomes, int n, const struct match_weights *in_use,
                struct match_tuned *out);

#endif

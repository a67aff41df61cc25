/* Past outcomes: how a party has kept its word as a helper. Counts, by month of the community's
   clock, which are forgotten after half a year; no match is named. Pure. */
#ifndef LINLI_MODEL_PAST_H
#define LINLI_MODEL_PAST_H

#define PAST_MONTHS 6 /* this month and the five before */

struct outcomes {
    int month;    /* year × 12 + month */
    int kept;     /* matches that came to good */
    int failed;   /* agreed, and they stepped back, or it did not come to good */
    int answered; /* Linli asked them, and they said yes */
    int refused;  /* asked, and they said no, or nothing for a day */
};

struct past { /* an owned list, the latest month last; of each month one that is not all 0 */
    struct outcomes *v;
    int n;
};
/* Counts `more` in its month. What has become too old by the latest month goes. */
void past_add(struct past *p, const struct outcomes *more);
void past_add_all(struct past *p, const struct past *more);
/* All that count in that month, together. */
struct outcomes past_sum(const struct past *p, int month);
void past_deinit(struct past *p);

#endif

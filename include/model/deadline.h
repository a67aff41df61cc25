/* Until when each stage of a case is to be done, in working time or round the clock. Pure. */
#ifndef LINLI_MODEL_DEADLINE_H
#define LINLI_MODEL_DEADLINE_H

#include "model/hours.h"
#include "model/label.h"

enum case_stage {
    STAGE_DISPATCH, /* 派遣, also anew after a return */
    STAGE_ACCEPT,   /* 受理 */
    STAGE_RESOLVE,  /* 处置 */
    STAGE_VERIFY,   /* 核查 */
    STAGE_N
};

#define WORKING_DAY_MS (510 * INT64_C(60000)) /* eight and a half hours */
extern const struct hours deadline_hours;     /* mon-fri 09:00-17:30 */

/* How long the stage may take: a table by category and urgency. */
int64_t deadline_span_ms(enum case_stage stage, enum category c, enum urgency u);

/* The moment at which `span_ms` have passed since `from_ms`, counted as that urgency is: urgent and
   critical round the clock, else in working hours. The earliest such moment: work that fills a
   day is due when the day ends, not when the next begins. */
int64_t deadline_add(enum urgency u, int64_t from_ms, int64_t span_ms, const struct work_time *w);
/* How much of such time lies in [from, to); 0 when to is before from. */
int64_t deadline_between(enum urgency u, int64_t from_ms, int64_t to_ms, const struct work_time *w);

#endif

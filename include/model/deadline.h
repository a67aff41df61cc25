/* Until when each stage of a case is to be done, in working time or round the clock. Pure. */
#ifndef LINLI_MODEL_DEADLINE_H
#define LINLI_MODEL_DEADLINE_H

#include "base/err.h"
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

const char *case_stage_code(enum case_stage s); /* dispatch, accept, resolve, verify */

/* Working time for what is low or normal; urgent and critical run round the clock, so a row is for
   them only where it names them. */
enum deadline_urgency {
    DEADLINE_LOW_OR_NORMAL,
    DEADLINE_URGENCY_FIRST
}; /* else 1 + enum urgency */
#define DEADLINE_URGENCY_N (DEADLINE_URGENCY_FIRST + URGENCY_N)
const char *deadline_urgency_code(enum deadline_urgency u); /* "" for low or normal */
bool deadline_urgency_parse(struct str code, enum deadline_urgency *u_r);

struct deadline_row {
    enum category category; /* CATEGORY_NONE: any */
    enum deadline_urgency urgency;
    int minutes[STAGE_N]; /* 0: says nothing of it */
};
#define DEADLINE_LEAST_MIN 5
int deadline_most_min(const struct deadline_row *r);
/* ERR_BAD_FIELD with the pointer /deadlines/<row>/… for rows that may not be put. */
enum err deadline_check(const struct deadline_row *rows, int n, struct errbuf *eb) MUST_USE;
void deadline_print(const struct deadline_row *r, struct buf *out); /* for the audit */

/* How long the stage may take: the first of the community's own rows that fits and says so, else
   the built-in table. */
int64_t deadline_span_ms(const struct deadline_row *own, int n_own, enum case_stage stage,
                         enum category c, enum urgency u);

/* The moment at which `span_ms` have passed since `from_ms`, counted as that urgency is: urgent and
   critical round the clock, else in working hours. The earliest such moment: work that fills a
   day is due when the day ends, not when the next begins. */
int64_t deadline_add(enum urgency u, int64_t from_ms, int64_t span_ms, const struct work_time *w);
/* How much of such time lies in [from, to); 0 when to is before from. */
int64_t deadline_between(enum urgency u, int64_t from_ms, int64_t to_ms, const struct work_time *w);

#endif

/* Days that are not what their weekday says (节假日、调休): the State Council sets them anew for
   each year, so they are data. */
#ifndef LINLI_MODEL_CALENDAR_H
#define LINLI_MODEL_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct calendar {
    const struct calendar_day { /* in order, each day once */
        int64_t day;            /* since 1970-01-01, as days are counted there */
        bool worked;            /* else it is off */
    } * v;
    int n;
};
/* Of 2027-02-17, and of nothing else. */
bool calendar_parse_day(struct str text, int64_t *day_r);
/* Until the calendar ends, the first one not before `day`, or NULL. */
const struct calendar_day *calendar_from(const struct calendar *c, int64_t day);

#endif

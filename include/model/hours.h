/* Weekly hours: `mon-fri 09:00-17:00`, several joined by `;`. Plain data. */
#ifndef LINLI_MODEL_HOURS_H
#define LINLI_MODEL_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "model/calendar.h"

#define HOURS_MAX 8
struct hours {
    int n; /* 0: nothing said */
    struct {
        unsigned days;        /* bit 0 Sunday … bit 6 Saturday */
        int from_min, to_min; /* [from, to) minutes of the day, to ≤ 24 × 60 */
    } v[HOURS_MAX];
};
bool hours_parse(struct str text, struct hours *h_r); /* "" gives n = 0 */
void hours_print(const struct hours *h, struct buf *out);
/* Open at that moment? Nothing said: `unsaid`. */
bool hours_open_at(const struct hours *h, int64_t at_ms, int zone_min, bool unsaid);
/* Do [from, to) and the hours overlap within the next 8 days after `from`? to 0: open end. */
bool hours_overlap(const struct hours *h, int64_t from_ms, int64_t to_ms, int zone_min);
/* In which groups are left alone: from one minute of the day to another, over midnight where that
   one is earlier. Equal: none. */
struct quiet_hours {
    int from_min, to_min;
};
extern const struct quiet_hours quiet_hours_usual;                /* 22:00-07:00 */
bool quiet_hours_parse(struct str text, struct quiet_hours *q_r); /* "" gives none */
/* When those that the moment lies in are over; the moment itself when it lies in none. */
int64_t quiet_hours_end(const struct quiet_hours *q, int64_t at_ms, int zone_min);
/* Working hours: a day off has none, a worked one those of the first day of the week that has any,
   from Monday on. */
struct work_time {
    struct hours hours; /* nothing said: round the clock, on any day */
    int zone_min;
    struct calendar calendar;
};
/* The earliest moment at which `span_ms` of that time have passed since `from_ms`: what fills a day
   ends with it, not when the next begins. */
int64_t work_time_add(const struct work_time *w, int64_t from_ms, int64_t span_ms);
/* How much of it lies in [from, to); 0 when `to` is before `from`. */
int64_t work_time_between(const struct work_time *w, int64_t from_ms, int64_t to_ms);

#endif

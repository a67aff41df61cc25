/* Times in normalised text, resolved against the message's own time and zone. */
#ifndef LINLI_TEXT_WHEN_PRIV_H
#define LINLI_TEXT_WHEN_PRIV_H

#include <stddef.h>

#include "base/clock.h"
#include "model/slots.h"

struct when_match {
    size_t from, to;
    int64_t start_ms, end_ms; /* 0: open on that side */
    int weight; /* how much is said: a date and an hour outweigh a date; 0: nothing for a slot */
    bool is_range, recurs, vague; /* vague: a part of the day alone */
    int part;                     /* enum when_part */
};
/* The first time at or behind *at, which is moved past it. False: none left. */
bool when_next(struct str normal, const unsigned char *starts, size_t *at, int64_t now_ms,
               int zone_min, struct when_match *out);

/* --- when_parts.c: a point in time as said, before it is resolved. */
enum when_part {
    PART_NONE,
    PART_DAWN,
    PART_MORNING,
    PART_FORENOON,
    PART_NOON,
    PART_AFTERNOON,
    PART_DUSK,
    PART_EVENING,
    PART_NIGHT,
    PART_N
};
struct when_point {
    bool has_day, has_hour;
    int64_t day_ms; /* start of the day, local midnight */
    int days;       /* how many the day spans: a week-end 2, a month … */
    enum when_part part;
    int hour, minute; /* as said: 六点 is 6 */
    bool exact24;     /* am or pm was said, or the hour is past 12 */
    bool recurs;      /* 周一三五 */
    bool next_day;    /* 次日: as the end of a range it counts from the range's start */
    int lunar_year, lunar_month; /* 0: the day was not said by the lunar calendar */
};
struct when_base {
    int64_t now_ms, today_ms;
    int zone_min;
    struct civil now;
};
struct when_base when_base(int64_t now_ms, int zone_min);
/* A date, a part of the day, an hour, in this order, each optional but one. */
bool when_point_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p);
/* A part of the day: 上午, 晚8点's 晚. */
bool when_part_at(struct str s, size_t *at, enum when_part *part_r);
/* Only an hour (the end of a range): 九点半, 17:00, 6pm. */
bool when_hour_at(struct str s, size_t *at, struct when_point *p);
/* Its start and its end. */
void when_resolve(const struct when_point *p, const struct when_base *b, int64_t *start_r,
                  int64_t *end_r);

/* --- when_day.c: a day or some days, as a word, a weekday or a date; when_feast.c: a feast or a
   date of the lunar calendar. */
bool when_day_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p);
bool when_feast_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p);
/* The end of 正月初三到初五. */
bool when_lunar_end(struct str s, size_t *at, const struct when_base *b,
                    const struct when_point *from, int64_t *end_r);
int when_weekday_at(struct str s, size_t *at); /* 周一 … 周日, 1…7; -1: none */

#endif

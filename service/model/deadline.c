#include "model/deadline.h"

#include "base/clock.h"

#define ANY (-1)
#define HOURS(n) ((n)*60)
#define DAYS(n) ((n) * (int)(WORKING_DAY_MS / MINUTE_MS))

const struct hours deadline_hours = {.n = 1, .v = {{0x3e, 9 * 60, 17 * 60 + 30}}};

/* The first row that fits. Minutes; the first two rows' run round the clock. */
static const struct row {
    int category, urgency; /* or ANY */
    int minutes[STAGE_N];  /* dispatch, accept, resolve, verify */
} rows[] = {
    {ANY, URGENCY_CRITICAL, {5, 15, HOURS(4), HOURS(24)}},
    {ANY, URGENCY_URGENT, {30, 60, HOURS(24), HOURS(48)}},
    {CATEGORY_SAFETY, ANY, {HOURS(2), HOURS(2), DAYS(1), DAYS(3)}},
    {CATEGORY_NUISANCE, ANY, {HOURS(4), DAYS(1), DAYS(5), DAYS(3)}},
    {ANY, URGENCY_LOW, {DAYS(1), DAYS(2), DAYS(7), DAYS(5)}},
    {ANY, ANY, {HOURS(4), HOURS(4), DAYS(3), DAYS(3)}},
};

int64_t deadline_span_ms(enum case_stage stage, enum category c, enum urgency u)
{
    const struct row *r = rows;
    while ((r->category != ANY && r->category != (int)c) ||
           (r->urgency != ANY && r->urgency != (int)u)) /* the last row fits all */
        r++;
    return r->minutes[stage] * MINUTE_MS;
}

static const struct work_time *time_for(enum urgency u, const struct work_time *w)
{
    static const struct work_time always = {.hours = {.n = 0}};
    return u >= URGENCY_URGENT ? &always : w;
}

int64_t deadline_add(enum urgency u, int64_t from_ms, int64_t span_ms, const struct work_time *w)
{
    return work_time_add(time_for(u, w), from_ms, span_ms);
}

int64_t deadline_between(enum urgency u, int64_t from_ms, int64_t to_ms, const struct work_time *w)
{
    return work_time_between(time_for(u, w), from_ms, to_ms);
}

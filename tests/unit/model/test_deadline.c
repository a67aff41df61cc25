#include "model/deadline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"

#define ZONE 480
#define LUNCH "mon-fri 09:00-12:00;mon-fri 13:30-17:30;sat 09:00-12:00"

static int64_t at(const char *day_and_time)
{
    char text[40];
    int64_t ms;
    snprintf(text, sizeof text, "2026-11-%s:00+08:00", day_and_time); /* the 23rd is a Monday */
    assert_true(time_parse(str_of(text), &ms, NULL));
    return ms;
}

static struct hours hours(const char *text)
{
    struct hours h;
    assert_true(hours_parse(str_of(text), &h));
    return h;
}

static int64_t add(const struct hours *h, int64_t from, int64_t span, int zone)
{
    const struct work_time w = {*h, zone, {NULL, 0}};
    return work_time_add(&w, from, span);
}

static int64_t between(const struct hours *h, int64_t from, int64_t to, int zone)
{
    const struct work_time w = {*h, zone, {NULL, 0}};
    return work_time_between(&w, from, to);
}

static const struct {
    const char *hours, *from;
    int minutes;
    const char *to;
} sums[] = {
    {"mon-fri 09:00-17:30", "23T09:00", 60, "23T10:00"},
    {"mon-fri 09:00-17:30", "23T08:00", 60, "23T10:00"}, /* before it opens */
    {"mon-fri 09:00-17:30", "23T17:00", 30, "23T17:30"}, /* due when the day ends */
    {"mon-fri 09:00-17:30", "23T17:00", 31, "24T09:01"},
    {"mon-fri 09:00-17:30", "23T20:00", 1, "24T09:01"},
    {"mon-fri 09:00-17:30", "27T17:00", 60, "30T09:30"}, /* over the weekend */
    {"mon-fri 09:00-17:30", "28T12:00", 60, "30T10:00"}, /* on it */
    {"mon-fri 09:00-17:30", "23T09:00", 5 * 510, "27T17:30"},
    {"mon-fri 09:00-17:30", "23T09:00", 5 * 510 + 1, "30T09:01"},
    {"mon-fri 09:00-17:30", "02T12:00", 15 * 510, "23T12:00"}, /* three weeks */
    {"mon-fri 09:00-17:30", "23T12:00", 0, "23T12:00"},
    {"mon-fri 09:00-17:30", "28T12:00", 0, "28T12:00"},
    {LUNCH, "23T11:30", 60, "23T14:00"}, /* over noon */
    {LUNCH, "23T12:30", 60, "23T14:30"},
    {LUNCH, "27T17:00", 60, "28T09:30"},
    {LUNCH, "28T11:00", 61, "30T09:01"},
    {"mon-sun 00:00-24:00", "23T23:30", 60, "24T00:30"}, /* over midnight */
    {"fri 22:00-24:00;sat 00:00-02:00", "27T23:30", 60, "28T00:30"},
    {"fri 22:00-24:00;sat 00:00-02:00", "28T01:00", 61, "27T22:01"}, /* in another week: below */
    {"mon-fri 09:00-12:00;mon 10:00-14:00", "23T09:00", 300, "23T14:00"}, /* counted once */
    {"mon 09:00-18:00;mon 10:00-11:00;mon 12:00-13:00", "23T09:00", 540, "23T18:00"},
    {"", "28T23:00", 120, "29T01:00"},
};

static void working_time_is_added_over_nights_weekends_and_gaps(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        struct hours h = hours(sums[i].hours);
        int64_t from = at(sums[i].from), to = at(sums[i].to), span = sums[i].minutes * MINUTE_MS;
        to += to < from ? 7 * DAY_MS : 0;
        if (add(&h, from, span, ZONE) != to)
            fail_msg("row %zu: %lld minutes away", i,
                     (long long)(add(&h, from, span, ZONE) - to) / MINUTE_MS);
        assert_int_equal(between(&h, from, to, ZONE), span);
    }
}

/* --- holidays --- */

/* Of November 2026: the 25th to the 27th off, the 29th, a Sunday, worked instead. */
static const struct {
    const char *hours, *from;
    int minutes;
    const char *to;
} around[] = {
    {"mon-fri 09:00-17:30", "24T17:00", 31, "29T09:01"},
    {"mon-fri 09:00-17:30", "25T12:00", 60, "29T10:00"},
    {"mon-fri 09:00-17:30", "28T12:00", 510, "29T17:30"},
    {"mon-fri 09:00-17:30", "28T12:00", 511, "30T09:01"},
    {"mon-fri 09:00-17:30", "23T09:00", 4 * 510, "30T17:30"},
    {LUNCH, "24T17:00", 31, "28T09:01"},             /* a Saturday as always */
    {LUNCH, "28T11:00", 61, "29T09:01"},             /* the Sunday as a Monday */
    {"wed 10:00-11:00", "24T12:00", 61, "02T10:01"}, /* the first day of the week that has any */
    {"mon-sun 00:00-24:00", "24T23:30", 60, "28T00:30"}, /* off is off */
    {"", "25T12:00", 60, "25T13:00"},                    /* round the clock */
};
static const char *const off[] = {"2026-11-25", "2026-11-26", "2026-11-27"};

static void a_day_off_counts_nothing_and_a_worked_one_as_a_monday(void **state)
{
    struct calendar_day days[4];
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_true(calendar_parse_day(str_of(off[i]), &days[i].day));
        days[i].worked = false;
    }
    assert_true(calendar_parse_day(STR("2026-11-29"), &days[3].day));
    days[3].worked = true;
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        const struct work_time w = {hours(around[i].hours), ZONE, {days, 4}};
        int64_t from = at(around[i].from), to = at(around[i].to);
        int64_t span = around[i].minutes * MINUTE_MS;
        to += to < from ? 30 * DAY_MS : 0; /* in December */
        if (work_time_add(&w, from, span) != to)
            fail_msg("row %zu: %lld minutes away", i,
                     (long long)(work_time_add(&w, from, span) - to) / MINUTE_MS);
        assert_int_equal(work_time_between(&w, from, to), span);
    }
}

static void a_day_is_a_date_and_nothing_else(void **state)
{
    static const char *const wrong[] = {
        "",           "2026-02-30", "2026-13-01",          "2026-1-1",
        "2026/01/01", "20260101",   "2026-01-01T00:00:00", "2026-01-011"};
    int64_t day;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (calendar_parse_day(str_of(wrong[i]), &day))
            fail_msg("\"%s\" is taken for a day", wrong[i]);
    assert_true(calendar_parse_day(STR("1970-01-02"), &day));
    assert_int_equal(day, 1);
    assert_true(calendar_parse_day(STR("2028-02-29"), &day));
}

/* --- against a clock that is watched minute by minute --- */

static uint64_t seed = 20261123;

static int any(int below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)((seed >> 20) % (uint64_t)below);
}

static struct hours any_hours(void)
{
    struct hours h = {.n = 1 + any(HOURS_MAX)};
    for (int i = 0; i < h.n; i++) {
        h.v[i].days = 1u + (unsigned)any(127);
        h.v[i].from_min = any(24 * 60);
        h.v[i].to_min = h.v[i].from_min + 1 + any(24 * 60 - h.v[i].from_min);
        if (any(2)) /* a narrow one */
            h.v[i].to_min = h.v[i].from_min + 1;
    }
    return h;
}

static const struct calendar_day *special_on(const struct calendar *c, int64_t day)
{
    for (int i = 0; i < c->n; i++)
        if (c->v[i].day == day)
            return &c->v[i];
    return NULL;
}

static bool is_open(const struct work_time *w, int64_t at_ms)
{
    int64_t local = at_ms + w->zone_min * MINUTE_MS;
    const struct calendar_day *special = special_on(&w->calendar, local / DAY_MS);
    if (!special)
        return hours_open_at(&w->hours, at_ms, w->zone_min, true);
    for (int day = 1; special->worked && day <= 7; day++) { /* Monday first */
        int fits = 0;
        for (int i = 0; i < w->hours.n; i++)
            if (w->hours.v[i].days & 1u << day % 7) {
                int64_t minute = local % DAY_MS / MINUTE_MS;
                if (minute >= w->hours.v[i].from_min && minute < w->hours.v[i].to_min)
                    return true;
                fits++;
            }
        if (fits) /* the first day of the week that has any */
            return false;
    }
    return false;
}

static int64_t watched(const struct work_time *w, int64_t from, int minutes)
{
    while (minutes > 0) {
        minutes -= is_open(w, from);
        from += MINUTE_MS;
    }
    return from;
}

/* Some days of the two months from November on. */
static struct calendar any_calendar(struct calendar_day days[12])
{
    struct calendar c = {days, 0};
    int64_t day = at("01T00:00") / DAY_MS;
    for (int n = any(12); n > 0; n--) {
        day += 1 + any(8) * any(2);
        days[c.n++] = (struct calendar_day){day, any(2)};
    }
    return c;
}

static void it_is_what_one_counts_minute_by_minute(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct hours h = any_hours();
        int zone = (any(28) - 12) * 60 + any(4) * 15;
        int64_t from = at("01T00:00") + any(60 * 24 * 60) * MINUTE_MS;
        int minutes = any(i % 10 ? 90 : 2000);
        if (minutes > 200 && h.n < 3)
            minutes = 200; /* one minute a week would take the watcher for ever */
        struct calendar_day days[12];
        const struct work_time w = {h, zone, any_calendar(days)};
        int64_t to = watched(&w, from, minutes);
        if (work_time_add(&w, from, minutes * MINUTE_MS) != to)
            fail_msg("instance %d", i);
        assert_int_equal(work_time_between(&w, from, to), minutes * MINUTE_MS);
    }
}

/* The parts of a span add up wherever it is cut, to the millisecond. */
static void what_is_left_after_a_pause_is_what_was_left_before(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct calendar_day days[12];
        const struct work_time w = {any_hours(), ZONE, any_calendar(days)};
        int64_t from = at("01T00:00") + any(1 << 30), span = any(1 << 25), part = any(1 << 25);
        int64_t due = work_time_add(&w, from, span);
        int64_t pause = work_time_add(&w, from, part % (span + 1));
        int64_t left = work_time_between(&w, pause, due);
        assert_int_equal(left, span - part % (span + 1));
        assert_int_equal(work_time_add(&w, pause, left), due);
        assert_int_equal(work_time_between(&w, due, from), from > due ? span : 0);
    }
}

/* --- the table --- */

static void urgency_and_category_say_how_long(void **state)
{
    static const struct {
        enum case_stage stage;
        enum category category;
        enum urgency urgency;
        const char *from, *to;
    } rows[] = {
        {STAGE_ACCEPT, CATEGORY_FACILITY, URGENCY_CRITICAL, "28T23:50", "29T00:05"},
        {STAGE_ACCEPT, CATEGORY_SAFETY, URGENCY_URGENT, "28T23:50", "29T00:50"},
        {STAGE_RESOLVE, CATEGORY_FACILITY, URGENCY_URGENT, "28T23:50", "29T23:50"},
        {STAGE_ACCEPT, CATEGORY_FACILITY, URGENCY_NORMAL, "23T16:00", "24T11:30"},
        {STAGE_RESOLVE, CATEGORY_FACILITY, URGENCY_NORMAL, "26T12:00", "01T12:00"},
        {STAGE_RESOLVE, CATEGORY_SAFETY, URGENCY_NORMAL, "26T12:00", "27T12:00"},
        {STAGE_RESOLVE, CATEGORY_SAFETY, URGENCY_LOW, "26T12:00", "27T12:00"},
        {STAGE_ACCEPT, CATEGORY_NUISANCE, URGENCY_NORMAL, "23T09:00", "23T17:30"},
        {STAGE_DISPATCH, CATEGORY_OTHER, URGENCY_NORMAL, "23T09:00", "23T13:00"},
    };
    const struct work_time w = {deadline_hours, ZONE, {NULL, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t from = at(rows[i].from), to = at(rows[i].to);
        to += to < from ? 30 * DAY_MS : 0; /* in December */
        int64_t span = deadline_span_ms(NULL, 0, rows[i].stage, rows[i].category, rows[i].urgency);
        if (deadline_add(rows[i].urgency, from, span, &w) != to)
            fail_msg("row %zu", i);
        assert_int_equal(deadline_between(rows[i].urgency, from, to, &w), span);
    }
    for (int s = 0; s < STAGE_N; s++)
        for (int c = 0; c < CATEGORY_N; c++)
            for (int u = 0; u < URGENCY_N; u++)
                assert_true(deadline_span_ms(NULL, 0, (enum case_stage)s, (enum category)c,
                                             (enum urgency)u) > 0);
}

#define FOR(u) (enum deadline_urgency)(DEADLINE_URGENCY_FIRST + URGENCY_##u)

static void a_communitys_own_rows_come_before_the_built_in_ones(void **state)
{
    static const struct deadline_row own[] = {
        {CATEGORY_FACILITY, DEADLINE_LOW_OR_NORMAL, {0, 60, 0, 0}},
        {CATEGORY_NONE, FOR(URGENT), {0, 0, 600, 0}},
        {CATEGORY_NONE, DEADLINE_LOW_OR_NORMAL, {0, 90, 1020, 0}}};
    static const struct {
        enum case_stage stage;
        enum category category;
        enum urgency urgency;
        int minutes;
    } rows[] = {
        {STAGE_ACCEPT, CATEGORY_FACILITY, URGENCY_NORMAL, 60},
        {STAGE_ACCEPT, CATEGORY_FACILITY, URGENCY_LOW, 60},
        {STAGE_RESOLVE, CATEGORY_FACILITY, URGENCY_NORMAL, 1020}, /* the first says nothing of it */
        {STAGE_ACCEPT, CATEGORY_SAFETY, URGENCY_NORMAL, 90},
        {STAGE_DISPATCH, CATEGORY_SAFETY, URGENCY_NORMAL, 120}, /* as built in */
        {STAGE_RESOLVE, CATEGORY_FACILITY, URGENCY_URGENT, 600},
        {STAGE_ACCEPT, CATEGORY_FACILITY, URGENCY_URGENT, 60},   /* as built in */
        {STAGE_ACCEPT, CATEGORY_FACILITY, URGENCY_CRITICAL, 15}, /* named by no row */
        {STAGE_RESOLVE, CATEGORY_FACILITY, URGENCY_CRITICAL, 240},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (deadline_span_ms(own, 3, rows[i].stage, rows[i].category, rows[i].urgency) !=
            rows[i].minutes * MINUTE_MS)
            fail_msg("row %zu", i);
}

static void own_deadlines_have_their_bounds(void **state)
{
    static const struct {
        struct deadline_row row;
        const char *pointer, *text; /* NULL: in order */
    } rows[] = {
        {{CATEGORY_NONE, DEADLINE_LOW_OR_NORMAL, {5, 15300, 0, 0}}, NULL, NULL},
        {{CATEGORY_NONE, FOR(NORMAL), {0, 0, 15300, 0}}, NULL, NULL},
        {{CATEGORY_NONE, FOR(URGENT), {0, 0, 4320, 0}}, NULL, NULL},
        {{CATEGORY_NONE, FOR(CRITICAL), {0, 0, 0, 1440}}, NULL, NULL},
        {{CATEGORY_NONE, DEADLINE_LOW_OR_NORMAL, {0, 0, 0, 0}},
         "/deadlines/1/",
         "row 2 of the deadlines says nothing of any stage"},
        {{CATEGORY_NONE, DEADLINE_LOW_OR_NORMAL, {4, 0, 0, 0}},
         "/deadlines/1/dispatch_min",
         "row 2 of the deadlines, dispatch_min: not 5 to 15300 minutes of working time"},
        {{CATEGORY_NONE, DEADLINE_LOW_OR_NORMAL, {0, 0, 15301, 0}},
         "/deadlines/1/resolve_min",
         "row 2 of the deadlines, resolve_min: not 5 to 15300 minutes of working time"},
        {{CATEGORY_NONE, FOR(URGENT), {0, 4321, 0, 0}},
         "/deadlines/1/accept_min",
         "row 2 of the deadlines, accept_min: not 5 to 4320 minutes of the clock, as it is that "
         "urgent"},
        {{CATEGORY_NONE, FOR(CRITICAL), {0, 0, 0, 1441}},
         "/deadlines/1/verify_min",
         "row 2 of the deadlines, verify_min: not 5 to 1440 minutes of the clock, as it is that "
         "urgent"},
        {{CATEGORY_NONE, DEADLINE_LOW_OR_NORMAL, {-1, 0, 0, 0}},
         "/deadlines/1/dispatch_min",
         "row 2 of the deadlines, dispatch_min: not 5 to 15300 minutes of working time"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct deadline_row two[] = {{CATEGORY_NONE, FOR(LOW), {5, 5, 5, 5}}, rows[i].row};
        struct errbuf eb = {.text = ""};
        enum err e = deadline_check(two, 2, &eb);
        assert_int_equal(e, rows[i].pointer ? ERR_BAD_FIELD : ERR_OK);
        if (!e)
            continue;
        assert_string_equal(eb.pointer, rows[i].pointer);
        assert_string_equal(eb.text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_time_is_added_over_nights_weekends_and_gaps),
        cmocka_unit_test(a_day_off_counts_nothing_and_a_worked_one_as_a_monday),
        cmocka_unit_test(a_day_is_a_date_and_nothing_else),
        cmocka_unit_test(it_is_what_one_counts_minute_by_minute),
        cmocka_unit_test(what_is_left_after_a_pause_is_what_was_left_before),
        cmocka_unit_test(urgency_and_category_say_how_long),
        cmocka_unit_test(a_communitys_own_rows_come_before_the_built_in_ones),
        cmocka_unit_test(own_deadlines_have_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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
        if (hours_add(&h, from, span, ZONE) != to)
            fail_msg("row %zu: %lld minutes away", i,
                     (long long)(hours_add(&h, from, span, ZONE) - to) / MINUTE_MS);
        assert_int_equal(hours_between(&h, from, to, ZONE), span);
    }
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

static int64_t watched(const struct hours *h, int64_t from, int minutes, int zone)
{
    while (minutes > 0) {
        minutes -= hours_open_at(h, from, zone, true);
        from += MINUTE_MS;
    }
    return from;
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
        int64_t to = watched(&h, from, minutes, zone);
        if (hours_add(&h, from, minutes * MINUTE_MS, zone) != to)
            fail_msg("instance %d", i);
        assert_int_equal(hours_between(&h, from, to, zone), minutes * MINUTE_MS);
    }
}

/* The parts of a span add up wherever it is cut, to the millisecond. */
static void what_is_left_after_a_pause_is_what_was_left_before(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct hours h = any_hours();
        int64_t from = at("01T00:00") + any(1 << 30), span = any(1 << 25), part = any(1 << 25);
        int64_t due = hours_add(&h, from, span, ZONE);
        int64_t pause = hours_add(&h, from, part % (span + 1), ZONE);
        int64_t left = hours_between(&h, pause, due, ZONE);
        assert_int_equal(left, span - part % (span + 1));
        assert_int_equal(hours_add(&h, pause, left, ZONE), due);
        assert_int_equal(hours_between(&h, due, from, ZONE), from > due ? span : 0);
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
    const struct work_time w = {deadline_hours, ZONE};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t from = at(rows[i].from), to = at(rows[i].to);
        to += to < from ? 30 * DAY_MS : 0; /* in December */
        int64_t span = deadline_span_ms(rows[i].stage, rows[i].category, rows[i].urgency);
        if (deadline_add(rows[i].urgency, from, span, &w) != to)
            fail_msg("row %zu", i);
        assert_int_equal(deadline_between(rows[i].urgency, from, to, &w), span);
    }
    for (int s = 0; s < STAGE_N; s++)
        for (int c = 0; c < CATEGORY_N; c++)
            for (int u = 0; u < URGENCY_N; u++)
                assert_true(
                    deadline_span_ms((enum case_stage)s, (enum category)c, (enum urgency)u) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_time_is_added_over_nights_weekends_and_gaps),
        cmocka_unit_test(it_is_what_one_counts_minute_by_minute),
        cmocka_unit_test(what_is_left_after_a_pause_is_what_was_left_before),
        cmocka_unit_test(urgency_and_category_say_how_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

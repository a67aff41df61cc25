#include "model/hours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"

#define ZONE 480

static int64_t at(const char *text)
{
    int64_t ms;
    assert_true(time_parse(str_of(text), &ms, NULL));
    return ms;
}

static struct hours hours(const char *text)
{
    struct hours h;
    assert_true(hours_parse(str_of(text), &h));
    return h;
}

static void what_is_printed_reads_back(void **state)
{
    static const char *const rows[] = {"mon-fri 09:00-17:00",
                                       "sun 08:30-12:00",
                                       "mon-sun 00:00-24:00",
                                       "fri-mon 10:00-11:00",
                                       "mon-fri 09:00-12:00;mon-fri 14:00-18:00;sat 09:00-12:00",
                                       ""};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hours h = hours(rows[i]), again;
        struct buf out;
        buf_init(&out);
        hours_print(&h, &out);
        assert_string_equal(buf_z_borrow(&out), rows[i]);
        assert_true(hours_parse(buf_str_borrow(&out), &again));
        assert_int_equal(again.n, h.n);
        buf_deinit(&out);
    }
}

static void what_is_malformed_is_refused(void **state)
{
    static const char *const rows[] = {"mon",
                                       "mon 9-17",
                                       "mon 09:00",
                                       "monday 09:00-17:00",
                                       "mon 17:00-09:00",
                                       "mon 09:00-25:00",
                                       "mon 09:60-17:00",
                                       "mon 24:30-24:40",
                                       "mon-xyz 09:00-17:00",
                                       "mon 09:00-09:00",
                                       "1 09:00-17:00"};
    struct hours h;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_false(hours_parse(str_of(rows[i]), &h));
    struct buf many;
    buf_init(&many);
    for (int i = 0; i <= HOURS_MAX; i++)
        buf_add_z(&many, "mon 09:00-10:00;");
    assert_false(hours_parse(buf_str_borrow(&many), &h));
    buf_deinit(&many);
}

static void a_door_is_open_from_its_first_minute_to_before_its_last(void **state)
{
    struct hours h = hours("mon-fri 09:00-17:00");
    (void)state; /* 2026-11-23 is a Monday */
    assert_false(hours_open_at(&h, at("2026-11-23T08:59:59+08:00"), ZONE, true));
    assert_true(hours_open_at(&h, at("2026-11-23T09:00:00+08:00"), ZONE, false));
    assert_true(hours_open_at(&h, at("2026-11-23T16:59:59+08:00"), ZONE, false));
    assert_false(hours_open_at(&h, at("2026-11-23T17:00:00+08:00"), ZONE, true));
    assert_false(hours_open_at(&h, at("2026-11-22T10:00:00+08:00"), ZONE, true)); /* Sunday */
    h = hours("");
    assert_true(hours_open_at(&h, 0, ZONE, true));
    assert_false(hours_open_at(&h, 0, ZONE, false));
}

static void a_week_that_runs_over_its_end_is_one_run(void **state)
{
    struct hours h = hours("sat-mon 10:00-11:00");
    (void)state;
    assert_true(hours_open_at(&h, at("2026-11-21T10:30:00+08:00"), ZONE, false));
    assert_true(hours_open_at(&h, at("2026-11-22T10:30:00+08:00"), ZONE, false));
    assert_true(hours_open_at(&h, at("2026-11-23T10:30:00+08:00"), ZONE, false));
    assert_false(hours_open_at(&h, at("2026-11-24T10:30:00+08:00"), ZONE, false));
}

static void windows_and_hours_meet_or_do_not(void **state)
{
    struct hours h = hours("mon-fri 09:00-17:00"), none = hours("");
    static const struct {
        const char *from, *to;
        bool meet;
    } rows[] = {{"2026-11-23T22:30:00+08:00", "2026-11-23T23:30:00+08:00", false},
                {"2026-11-23T16:30:00+08:00", "2026-11-23T18:00:00+08:00", true},
                {"2026-11-23T17:00:00+08:00", "2026-11-24T09:00:00+08:00", false},
                {"2026-11-23T17:00:00+08:00", "2026-11-24T09:00:01+08:00", true},
                {"2026-11-21T00:00:00+08:00", "2026-11-23T00:00:00+08:00", false},
                {"2026-11-21T00:00:00+08:00", NULL, true}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t from = at(rows[i].from), to = rows[i].to ? at(rows[i].to) : 0;
        assert_int_equal(hours_overlap(&h, from, to, ZONE), rows[i].meet);
        assert_true(hours_overlap(&none, from, to, ZONE));
    }
}

static void quiet_hours_end_at_the_next_end_of_theirs(void **state)
{
    static const struct {
        const char *hours, *at, *end;
    } rows[] = {{"22:00-07:00", "2026-11-30T21:59:59+08:00", NULL},
                {"22:00-07:00", "2026-11-30T22:00:00+08:00", "2026-12-01T07:00:00+08:00"},
                {"22:00-07:00", "2026-12-01T00:00:00+08:00", "2026-12-01T07:00:00+08:00"},
                {"22:00-07:00", "2026-12-01T06:59:59+08:00", "2026-12-01T07:00:00+08:00"},
                {"22:00-07:00", "2026-12-01T07:00:00+08:00", NULL},
                {"12:30-14:00", "2026-12-31T12:29:59+08:00", NULL},
                {"12:30-14:00", "2026-12-31T13:59:59+08:00", "2026-12-31T14:00:00+08:00"},
                {"12:30-14:00", "2026-12-31T23:00:00+08:00", NULL},
                {"22:00-24:00", "2026-12-31T23:00:00+08:00", "2027-01-01T00:00:00+08:00"},
                {"00:00-06:00", "2026-12-31T00:00:00+08:00", "2026-12-31T06:00:00+08:00"},
                {"", "2026-12-31T03:00:00+08:00", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct quiet_hours q;
        assert_true(quiet_hours_parse(str_of(rows[i].hours), &q));
        int64_t end = quiet_hours_end(&q, at(rows[i].at), ZONE);
        if (end != at(rows[i].end ? rows[i].end : rows[i].at))
            fail_msg("row %zu: %lld", i, (long long)end);
    }
}

static void quiet_hours_are_two_different_times_of_day(void **state)
{
    static const char *const wrong[] = {"22:00",
                                        "22-7",
                                        "22:00-22:00",
                                        "00:00-24:00",
                                        "22:00-07:60",
                                        "mon 22:00-07:00",
                                        "22:00-07:00;1:00-2:00"};
    struct quiet_hours q;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (quiet_hours_parse(str_of(wrong[i]), &q))
            fail_msg("%s", wrong[i]);
    assert_true(quiet_hours_parse(STR("22:00-07:00"), &q));
    assert_memory_equal(&q, &quiet_hours_usual, sizeof q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_reads_back),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(a_door_is_open_from_its_first_minute_to_before_its_last),
        cmocka_unit_test(a_week_that_runs_over_its_end_is_one_run),
        cmocka_unit_test(windows_and_hours_meet_or_do_not),
        cmocka_unit_test(quiet_hours_end_at_the_next_end_of_theirs),
        cmocka_unit_test(quiet_hours_are_two_different_times_of_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

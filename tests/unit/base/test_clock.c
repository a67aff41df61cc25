#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

static void every_day_until_2100_round_trips_and_agrees_with_libc(void **state)
{
    (void)state;
    for (int64_t day = 0; day < 47847; day++) {
        int64_t at = day * DAY_MS + day * 7919 % DAY_MS / SECOND_MS * SECOND_MS;
        time_t t = (time_t)(at / SECOND_MS);
        struct tm tm;
        gmtime_r(&t, &tm);
        struct civil c = civil_of_ms(at, 0);
        if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday ||
            c.hour != tm.tm_hour || c.minute != tm.tm_min || c.second != tm.tm_sec ||
            c.weekday != tm.tm_wday || civil_to_ms(c, 0) != at)
            fail_msg("day %d", (int)day);
    }
}

static void zones_shift_the_civil_time_and_back(void **state)
{
    static const int zones[] = {0, 480, -720, 840, 345, -210};
    (void)state;
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++)
        for (int64_t at = -3 * DAY_MS; at < 3 * DAY_MS; at += 1777 * SECOND_MS) {
            struct civil c = civil_of_ms(at, zones[z]);
            assert_int_equal(civil_to_ms(c, zones[z]), at);
            assert_int_equal(civil_to_ms(c, 0), at + zones[z] * MINUTE_MS);
        }
    struct civil c = civil_of_ms(INT64_C(1795564800000), 480); /* 2026-11-25 00:00 UTC */
    assert_int_equal(c.hour, 8);
    assert_int_equal(c.day, 25);
    assert_int_equal(c.weekday, 3);
}

static void times_before_1970_are_floored(void **state)
{
    struct civil c = civil_of_ms(-1, 0);
    (void)state;
    assert_int_equal(c.year, 1969);
    assert_int_equal(c.month, 12);
    assert_int_equal(c.day, 31);
    assert_int_equal(c.second, 59);
    assert_int_equal(c.weekday, 3);
}

static void fields_out_of_range_carry(void **state)
{
    static const struct {
        struct civil in;
        const char *out;
    } rows[] = {
        {{.year = 2026, .month = 13, .day = 1}, "2027-01-01T00:00:00+00:00"},
        {{.year = 2026, .month = 0, .day = 1}, "2025-12-01T00:00:00+00:00"},
        {{.year = 2026, .month = -11, .day = 1}, "2025-01-01T00:00:00+00:00"},
        {{.year = 2026, .month = 25, .day = 1}, "2028-01-01T00:00:00+00:00"},
        {{.year = 2024, .month = 2, .day = 30}, "2024-03-01T00:00:00+00:00"},
        {{.year = 2025, .month = 2, .day = 29}, "2025-03-01T00:00:00+00:00"},
        {{.year = 2026, .month = 3, .day = 0}, "2026-02-28T00:00:00+00:00"},
        {{.year = 2026, .month = 1, .day = 1, .hour = 24}, "2026-01-02T00:00:00+00:00"},
        {{.year = 2026, .month = 1, .day = 1, .minute = -1}, "2025-12-31T23:59:00+00:00"},
        {{.year = 2026, .month = 1, .day = 1, .second = 86400}, "2026-01-02T00:00:00+00:00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[TIME_TEXT_SIZE];
        time_format(text, civil_to_ms(rows[i].in, 0), 0);
        assert_string_equal(text, rows[i].out);
    }
}

static void good_times_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
        int zone;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0, 0},
        {"1970-01-01t00:00:00z", 0, 0},
        {"1970-01-01 00:00:00Z", 0, 0},
        {"1970-01-01T08:00:00+08:00", 0, 480},
        {"1969-12-31T16:00:00-08:00", 0, -480},
        {"1970-01-01T00:00:00-00:00", 0, 0},
        {"1970-01-01T23:59:00+23:59", 0, 1439},
        {"2026-11-23T08:00:00+08:00", INT64_C(1795392000000), 480},
        {"2000-02-29T00:00:00Z", INT64_C(951782400000), 0},
        {"2024-02-29T23:59:59.999Z", INT64_C(1709251199999), 0},
        {"2016-12-31T23:59:60Z", INT64_C(1483228800000), 0},
        {"1970-01-01T00:00:00.5Z", 500, 0},
        {"1970-01-01T00:00:00.05Z", 50, 0},
        {"1970-01-01T00:00:00.0009Z", 0, 0},
        {"1970-01-01T00:00:00.123456789012345678901234567890Z", 123, 0},
        {"0000-01-01T00:00:00Z", INT64_C(-62167219200000), 0},
        {"9999-12-31T23:59:59Z", INT64_C(253402300799000), 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = 4711;
        int zone = 4711;
        if (!time_parse(str_of(rows[i].text), &ms, &zone) || ms != rows[i].ms ||
            zone != rows[i].zone)
            fail_msg("%s gave %lld, zone %d", rows[i].text, (long long)ms, zone);
        assert_true(time_parse(str_of(rows[i].text), &ms, NULL));
    }
}

static void bad_times_are_refused_and_leave_the_result_alone(void **state)
{
    static const char *const rows[] = {
        "",
        "2026",
        "2026-11-23",
        "2026-11-23T08:00:00",
        "2026-11-23T08:00Z",
        "2026-11-23T08:00:00+0800",
        "2026-11-23T08:00:00+08",
        "2026-11-23T08:00:00 +08:00",
        "2026-11-23T08:00:00Z ",
        " 2026-11-23T08:00:00Z",
        "2026-11-23T08:00:00ZZ",
        "2026-11-23T08:00:00+24:00",
        "2026-11-23T08:00:00+08:60",
        "2026-11-23T24:00:00Z",
        "2026-11-23T08:60:00Z",
        "2026-11-23T08:00:61Z",
        "2026-11-23T08:00:00.Z",
        "2026-11-23T08:00:00,5Z",
        "2026-00-23T08:00:00Z",
        "2026-13-23T08:00:00Z",
        "2026-11-00T08:00:00Z",
        "2026-11-31T08:00:00Z",
        "2025-02-29T08:00:00Z",
        "2100-02-29T08:00:00Z",
        "26-11-23T08:00:00Z",
        "+2026-11-23T08:00:00Z",
        "20261-11-23T08:00:00Z",
        "2026/11/23T08:00:00Z",
        "2026-11-23X08:00:00Z",
        "2026-1 -23T08:00:00Z",
        "２026-11-23T08:00:00Z",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = 4711;
        int zone = 4712;
        if (time_parse(str_of(rows[i]), &ms, &zone) || ms != 4711 || zone != 4712)
            fail_msg("%s", rows[i]);
    }
    int64_t ms = 4711;
    assert_false(time_parse(STR("2026-11-23T08:00:00Z\0"), &ms, NULL));
    assert_false(time_parse((struct str){NULL, 0}, &ms, NULL));
}

static void what_is_formatted_is_read_again(void **state)
{
    (void)state;
    for (int64_t at = 0; at < INT64_C(4133980800000); at += INT64_C(86399000) * 13)
        for (int zone = -720; zone <= 840; zone += 195) {
            char text[TIME_TEXT_SIZE];
            int64_t ms = -1;
            int zone_read = -1;
            time_format(text, at, zone);
            if (!time_parse(str_of(text), &ms, &zone_read) || ms != at || zone_read != zone)
                fail_msg("%s", text);
        }
}

static void clocks_go_forward(void **state)
{
    int64_t wall = clock_now_ms(), a = clock_monotonic_ns(), ms = clock_monotonic_ms();
    (void)state;
    assert_true(wall / SECOND_MS - (int64_t)time(NULL) <= 0);
    assert_true((int64_t)time(NULL) - wall / SECOND_MS <= 2);
    assert_true(clock_monotonic_ns() >= a);
    assert_true(ms >= a / 1000000 && ms - a / 1000000 < 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_until_2100_round_trips_and_agrees_with_libc),
        cmocka_unit_test(zones_shift_the_civil_time_and_back),
        cmocka_unit_test(times_before_1970_are_floored),
        cmocka_unit_test(fields_out_of_range_carry),
        cmocka_unit_test(good_times_are_read),
        cmocka_unit_test(bad_times_are_refused_and_leave_the_result_alone),
        cmocka_unit_test(what_is_formatted_is_read_again),
        cmocka_unit_test(clocks_go_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

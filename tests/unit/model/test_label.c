#include "model/label.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define ROUND_TRIP(thing, N)                                                                       \
    for (int i = 0; i < N; i++) {                                                                  \
        enum thing v = (enum thing)(i ? 0 : N - 1);                                                \
        assert_true(thing##_parse(str_of(thing##_code((enum thing)i)), &v));                       \
        assert_int_equal(v, i);                                                                    \
    }

static void every_code_is_read_as_what_it_was(void **state)
{
    (void)state;
    ROUND_TRIP(intent, INTENT_N)
    ROUND_TRIP(category, CATEGORY_N)
    ROUND_TRIP(urgency, URGENCY_N)
    ROUND_TRIP(mode, MODE_N)
    ROUND_TRIP(flag, FLAG_N)
}

static void a_code_that_is_none_changes_nothing(void **state)
{
    static const char *const rows[] = {"nonsense", "Request", "request ", "reques", "requests"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum intent v = INTENT_NOTICE;
        assert_false(intent_parse(str_of(rows[i]), &v));
        assert_int_equal(v, INTENT_NOTICE);
    }
    enum flag f = FLAG_INFANT;
    assert_false(flag_parse(STR(""), &f));
    assert_int_equal(f, FLAG_INFANT);
}

static void the_guides_numbers_hold(void **state)
{
    (void)state;
    assert_int_equal(INTENT_N, 9);
    assert_int_equal(CATEGORY_N, 26); /* 25 leaves and none */
    assert_int_equal(URGENCY_N, 4);
    assert_int_equal(MODE_N, 6); /* 5 and none */
    assert_int_equal(FLAG_N, 5);
    assert_string_equal(category_zh(CATEGORY_ESCORT), "陪诊送医");
    assert_string_equal(urgency_zh(URGENCY_CRITICAL), "危急");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_read_as_what_it_was),
        cmocka_unit_test(a_code_that_is_none_changes_nothing),
        cmocka_unit_test(the_guides_numbers_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

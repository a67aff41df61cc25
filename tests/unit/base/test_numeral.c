#include "base/numeral.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void small_numbers_are_read_as_people_write_them(void **state)
{
    static const struct {
        const char *text;
        int n;
        const char *behind;
    } rows[] = {
        {"12袋", 12, "袋"},   {"两袋", 2, "袋"}, {"兩個", 2, "個"},           {"十", 10, ""},
        {"十二人", 12, "人"}, {"三十", 30, ""},  {"三十五岁", 35, "岁"},      {"九", 9, ""},
        {"", 0, ""},          {"袋", 0, "袋"},   {"\xE5\x8D", 0, "\xE5\x8D"}, /* the first two bytes
                                                                                 of 十 */
        {"00007", 7, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *behind;
        assert_int_equal(numeral_at(rows[i].text, &behind), rows[i].n);
        assert_string_equal(behind, rows[i].behind);
    }
}

static void a_number_too_large_does_not_overflow(void **state)
{
    const char *behind;
    (void)state;
    int n = numeral_at("99999999999999999999999", &behind);
    assert_true(n >= NUMERAL_MOST);
    assert_string_equal(behind, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_numbers_are_read_as_people_write_them),
        cmocka_unit_test(a_number_too_large_does_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

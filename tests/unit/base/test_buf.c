#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/mem.h"

static void an_empty_buffer_is_an_empty_text(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b);
    assert_string_equal(buf_z_borrow(&b), "");
    assert_int_equal(buf_str_borrow(&b).n, 0);
    assert_non_null(buf_str_borrow(&b).p);
    buf_clear(&b);
    buf_add(&b, NULL, 0);
    assert_string_equal(buf_z_borrow(&b), "");
    char *taken = buf_take(&b);
    assert_string_equal(taken, "");
    free(taken);
    buf_deinit(&b);
}

static void all_that_is_added_stands_in_order_with_a_nul_behind(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b);
    buf_add_z(&b, "a");
    buf_add_str(&b, STR("b\0c"));
    buf_add_char(&b, 'd');
    buf_addf(&b, "%s%d", "e", 5);
    assert_memory_equal(b.p, "ab\0cde5", 8);
    assert_int_equal(b.n, 7);
    buf_clear(&b);
    assert_string_equal(buf_z_borrow(&b), "");
    buf_add_z(&b, "again");
    char *taken = buf_take(&b);
    assert_string_equal(taken, "again");
    assert_null(b.p);
    assert_int_equal(b.n, 0);
    free(taken);
}

static void it_grows_byte_by_byte_and_by_leaps(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b);
    for (int i = 0; i < 100000; i++) {
        buf_add_char(&b, (char)('a' + i % 26));
        if (b.p[b.n] || b.n >= b.cap)
            fail_msg("byte %d", i);
    }
    for (int i = 0; i < 100000; i++)
        if (b.p[i] != 'a' + i % 26)
            fail_msg("byte %d is lost", i);
    buf_addf(&b, "%0300000d", 7);
    assert_int_equal(b.n, 400000);
    assert_int_equal(b.p[399999], '7');
    buf_reserve(&b, 1000000);
    const char *at = b.p;
    for (int i = 0; i < 1000000; i++)
        buf_add_char(&b, 'x');
    assert_ptr_equal(b.p, at); /* what is reserved is there */
    buf_deinit(&b);
}

static void numbers_are_as_printf_writes_them(void **state)
{
    static const int64_t rows[] = {0,  1,    -1,    9,         10,        -10,
                                   99, -100, 12345, INT64_MAX, INT64_MIN, INT64_MIN + 1};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b;
        char want[32];
        buf_init(&b);
        buf_add_i64(&b, rows[i]);
        snprintf(want, sizeof want, "%lld", (long long)rows[i]);
        assert_string_equal(buf_z_borrow(&b), want);
        buf_deinit(&b);
    }
}

static void memory_is_zeroed_copied_and_replaced(void **state)
{
    (void)state;
    char *p = mem_new(64);
    for (int i = 0; i < 64; i++)
        assert_int_equal(p[i], 0);
    free(p);
    free(mem_new(0));
    assert_null(mem_dup(NULL));
    char *s = mem_dup("bcd");
    mem_replace(&s, s + 1); /* from within itself */
    assert_string_equal(s, "cd");
    mem_replace(&s, NULL);
    assert_null(s);
    s = mem_dup_str((struct str){"abcd", 2});
    assert_string_equal(s, "ab");
    free(s);
    int *v = mem_grow(NULL, 3, sizeof *v);
    v[2] = 7;
    v = mem_grow(v, 3000, sizeof *v);
    assert_int_equal(v[2], 7);
    free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_text),
        cmocka_unit_test(all_that_is_added_stands_in_order_with_a_nul_behind),
        cmocka_unit_test(it_grows_byte_by_byte_and_by_leaps),
        cmocka_unit_test(numbers_are_as_printf_writes_them),
        cmocka_unit_test(memory_is_zeroed_copied_and_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/str.h"

static void every_error_has_status_slug_and_two_texts(void **state)
{
    (void)state;
    for (int e = 0; e < ERR_N; e++) {
        int status = err_status((enum err)e);
        assert_true(status == 200 || (status >= 400 && status < 600));
        assert_int_equal(status >= 500, err_fault((enum err)e) == ERR_FAULT_OURS);
        assert_true(err_title((enum err)e, 0)[0] && err_title((enum err)e, 1)[0]);
        assert_true(str_is_utf8(str_of(err_title((enum err)e, 1))));
        for (int other = 0; other < e; other++)
            assert_string_not_equal(err_slug((enum err)e), err_slug((enum err)other));
        for (const char *p = err_slug((enum err)e); *p; p++)
            assert_true((*p >= 'a' && *p <= 'z') || *p == '-' || (*p >= '0' && *p <= '9'));
    }
}

static void texts_and_pointers_are_kept(void **state)
{
    struct errbuf b = {.text = "old", .pointer = "/old"};
    (void)state;
    assert_int_equal(err_field(&b, "/a/0", "%s is %d", "it", 5), ERR_BAD_FIELD);
    assert_string_equal(b.text, "it is 5");
    assert_string_equal(b.pointer, "/a/0");
    assert_int_equal(err_set(&b, ERR_CONFLICT, "no"), ERR_CONFLICT);
    assert_string_equal(b.text, "no");
    assert_string_equal(b.pointer, "");
    assert_int_equal(err_set(NULL, ERR_STALE, "nowhere %d", 1), ERR_STALE);
    assert_int_equal(err_field(NULL, "/x", "nowhere"), ERR_BAD_FIELD);
}

static void a_text_may_be_put_in_front_of_itself(void **state)
{
    struct errbuf b;
    (void)state;
    err_field(&b, "/a", "broken");
    err_field(&b, b.pointer, "line %d: %s", 3, b.text);
    assert_string_equal(b.text, "line 3: broken");
    assert_string_equal(b.pointer, "/a");
}

static void what_is_too_long_is_cut_at_a_character(void **state)
{
    struct errbuf b;
    char text[1024] = "", pointer[512] = "/";
    (void)state;
    for (int shift = 0; shift < 3; shift++) {
        size_t n = 0;
        for (; n < (size_t)shift; n++)
            text[n] = 'x';
        for (; n + 3 < sizeof text; n += 3)
            memcpy(text + n, "邻", 4);
        for (n = 1 + (size_t)shift; n + 3 < sizeof pointer; n += 3)
            memcpy(pointer + n, "里", 4);
        memset(pointer + 1, 'y', (size_t)shift);
        err_field(&b, pointer, "%s", text);
        assert_true(strlen(b.text) > sizeof b.text - 5 && str_is_utf8(str_of(b.text)));
        assert_true(strlen(b.pointer) > sizeof b.pointer - 5 && str_is_utf8(str_of(b.pointer)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_status_slug_and_two_texts),
        cmocka_unit_test(texts_and_pointers_are_kept),
        cmocka_unit_test(a_text_may_be_put_in_front_of_itself),
        cmocka_unit_test(what_is_too_long_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

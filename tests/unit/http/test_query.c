#include "http/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void decoding_takes_whole_escapes_and_valid_text_only(void **state)
{
    (void)state;
    static const struct {
        struct str in;
        bool plus, ok;
        const char *out;
    } rows[] = {
        {STR(""), false, true, ""},
        {STR("abc"), false, true, "abc"},
        {STR("a+b"), false, true, "a+b"},
        {STR("a+b"), true, true, "a b"},
        {STR("a%2Bb"), true, true, "a+b"},
        {STR("%e8%BD%ae%e6%a4%85"), false, true, "轮椅"},
        {STR("轮椅"), false, true, "轮椅"},
        {STR("%2525"), false, true, "%25"}, /* once only */
        {STR("100%"), false, false, NULL},
        {STR("%4"), false, false, NULL},
        {STR("%zz"), false, false, NULL},
        {STR("%4g"), false, false, NULL},
        {STR("% 41"), false, false, NULL},
        {STR("%00"), false, false, NULL},
        {STR("a\0b"), false, false, NULL},
        {STR("%c0%80"), false, false, NULL},    /* overlong NUL */
        {STR("%ed%a0%80"), false, false, NULL}, /* surrogate */
        {STR("%e8%BD"), false, false, NULL},    /* cut off */
        {STR("\xff"), false, false, NULL},
    };
    for (size_t i = 0; i < N(rows); i++) {
        char out[64];
        bool ok = http_decode(rows[i].in, rows[i].plus, out);
        assert_int_equal(ok, rows[i].ok);
        if (ok)
            assert_string_equal(out, rows[i].out);
    }
}

static void a_query_value_is_found_by_its_decoded_name(void **state)
{
    (void)state;
    static const struct {
        const char *query, *name, *value; /* NULL: not found */
    } rows[] = {
        {"", "a", NULL},
        {"a=1", "a", "1"},
        {"a=1&b=2", "b", "2"},
        {"a=1&a=2", "a", "1"},
        {"aa=1&a=2", "a", "2"},
        {"a", "a", ""},
        {"a=", "a", ""},
        {"a=b=c", "a", "b=c"},
        {"&&a=1&&", "a", "1"},
        {"%61=1", "a", "1"},
        {"q+x=1", "q x", "1"},
        {"a%3D=1", "a=", "1"},
        {"a=%e6%a4%85", "a", "椅"},
        {"a=1+2%2B3", "a", "1 2+3"},
        {"a=%zz", "a", NULL},
        {"a=%00", "a", NULL},
        {"%6=1", "a", NULL},
        {"ab=1", "a", NULL},
        {"a=1", "ab", NULL},
        {"=1", "a", NULL},
        {"=1", "", "1"},
        {"a=1;b=2", "a", "1;b=2"},
    };
    for (size_t i = 0; i < N(rows); i++) {
        char out[64];
        bool found = http_query_find(str_of(rows[i].query), rows[i].name, out, sizeof out);
        assert_int_equal(found, rows[i].value != NULL);
        if (found)
            assert_string_equal(out, rows[i].value);
    }
}

static void a_value_too_long_for_its_buffer_is_not_cut(void **state)
{
    (void)state;
    char out[4];
    assert_true(http_query_find(STR("a=123"), "a", out, sizeof out));
    assert_string_equal(out, "123");
    assert_false(http_query_find(STR("a=1234"), "a", out, sizeof out));
    assert_false(http_query_find(STR("a="), "a", out, 0));
}

static void english_is_chosen_only_when_it_is_preferred(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        bool english;
    } rows[] = {
        {NULL, false},
        {"", false},
        {"en", true},
        {"EN-gb", true},
        {"zh-CN,zh;q=0.9,en;q=0.8", false},
        {"en-US,en;q=0.9,zh-CN;q=0.8", true},
        {"en;q=0.5, zh;q=0.6", false},
        {"zh;q=0.5 , en ; q=0.501", true},
        {"en,zh", true},
        {"zh,en", false},
        {"fr", false},
        {"fr, en;q=0.1", true},
        {"*", false},
        {"*, en;q=0.5", false},
        {"en, *;q=0.5", true},
        {"zh;q=0, *", true},
        {"en;q=0", false},
        {"en;q=2", false},
        {"en;q=", false},
        {"en;q=0.1234, zh;q=0.1", false},
        {"enx", false},
        {"e", false},
        {",,;;,en", true},
        {"en;level=1;q=0.3, zh;q=0.2", true},
    };
    for (size_t i = 0; i < N(rows); i++)
        if (http_language_is_english(rows[i].value) != rows[i].english)
            fail_msg("Accept-Language: %s", rows[i].value);
}

static void statuses_have_their_texts(void **state)
{
    (void)state;
    assert_string_equal(http_status_text(200), "OK");
    assert_string_equal(http_status_text(431), "Request Header Fields Too Large");
    assert_string_equal(http_status_text(299), "");
    for (int e = 0; e < ERR_N; e++)
        assert_true(http_status_text(err_status((enum err)e))[0] != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoding_takes_whole_escapes_and_valid_text_only),
        cmocka_unit_test(a_query_value_is_found_by_its_decoded_name),
        cmocka_unit_test(a_value_too_long_for_its_buffer_is_not_cut),
        cmocka_unit_test(english_is_chosen_only_when_it_is_preferred),
        cmocka_unit_test(statuses_have_their_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

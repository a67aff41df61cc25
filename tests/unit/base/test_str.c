#include "base/str.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/hash.h"

static void trimming_takes_ascii_space_off_both_ends(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {{"", ""},
                {" ", ""},
                {"\t\r\n\v\f a b \n", "a b"},
                {"a", "a"},
                {"\xe3\x80\x80", "\xe3\x80\x80"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(str_is(str_trim(str_of(rows[i].in)), rows[i].out));
    assert_int_equal(str_trim((struct str){NULL, 0}).n, 0);
}

static void comparing_is_by_bytes_and_length(void **state)
{
    (void)state;
    assert_true(str_eq(STR(""), (struct str){NULL, 0}));
    assert_true(str_is((struct str){NULL, 0}, ""));
    assert_false(str_eq(STR("a"), STR("ab")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_true(str_starts(STR("ab"), "ab"));
    assert_true(str_starts(STR("ab"), ""));
    assert_false(str_starts(STR("a"), "ab"));
    assert_int_equal(str_of(NULL).n, 0);
    assert_non_null(str_of(NULL).p);
}

static void cutting_gives_each_part_once_and_the_rest(void **state)
{
    struct str rest = STR("a,,bc"), none = {NULL, 0};
    (void)state;
    assert_true(str_is(str_cut(&rest, ','), "a"));
    assert_true(str_is(str_cut(&rest, ','), ""));
    assert_true(str_is(rest, "bc"));
    assert_true(str_is(str_cut(&rest, ','), "bc"));
    assert_true(str_is(rest, ""));
    assert_true(str_is(str_cut(&rest, ','), ""));
    assert_true(str_is(str_cut(&none, ','), ""));
}

static void numbers_are_whole_and_in_range(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        long long value;
    } rows[] = {{"0", true, 0},
                {"-0", true, 0},
                {"007", true, 7},
                {"9223372036854775807", true, LLONG_MAX},
                {"-9223372036854775808", true, LLONG_MIN},
                {"9223372036854775808", false, 0},
                {"-9223372036854775809", false, 0},
                {"99999999999999999999999", false, 0},
                {"", false, 0},
                {"-", false, 0},
                {"+1", false, 0},
                {" 1", false, 0},
                {"1 ", false, 0},
                {"1.0", false, 0},
                {"0x1", false, 0},
                {"1\xff", false, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        long long v = 4711;
        assert_int_equal(str_to_i64(str_of(rows[i].text), &v), rows[i].ok);
        assert_true(v == (rows[i].ok ? rows[i].value : 4711));
    }
}

static void utf8_is_strict(void **state)
{
    static const struct {
        const char *bytes;
        bool ok;
    } rows[] = {
        {"", true},
        {"plain ascii, longer than eight", true},
        {"\xc2\x80", true},
        {"\xdf\xbf", true},
        {"\xe0\xa0\x80", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xef\xbf\xbf", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"邻里，谁家有梯子？", true},
        {"\x80", false}, /* a continuation alone */
        {"\xbf", false},
        {"\xc0\x80", false},         /* overlong NUL */
        {"\xc1\xbf", false},         /* overlong */
        {"\xe0\x80\x80", false},     /* overlong */
        {"\xe0\x9f\xbf", false},     /* overlong */
        {"\xf0\x80\x80\x80", false}, /* overlong */
        {"\xf0\x8f\xbf\xbf", false}, /* overlong */
        {"\xed\xa0\x80", false},     /* the first surrogate */
        {"\xed\xbf\xbf", false},     /* the last surrogate */
        {"\xf4\x90\x80\x80", false}, /* U+110000 */
        {"\xf5\x80\x80\x80", false},
        {"\xff", false},
        {"\xfe", false},
        {"\xc2", false}, /* cut off */
        {"\xe9\x82", false},
        {"\xf0\x9f\x98", false},
        {"\xe9\x82z", false},
        {"\xe9zz", false},
        {"\xf0\x9f\x98z", false},
        {"12345678\x80", false}, /* behind a run of eight */
        {"1234567\xe9\x82\xbb"
         "8\xff",
         false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_is_utf8(str_of(rows[i].bytes)) != rows[i].ok)
            fail_msg("row %zu", i);
    assert_true(str_is_utf8(STR("\0")));
}

static size_t encode(uint32_t c, char out[4])
{
    if (c < 0x80)
        return out[0] = (char)c, 1;
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[n] | c);
    return n;
}

static void every_code_point_is_valid_but_the_surrogates(void **state)
{
    char z[4];
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        struct str s = {z, encode(c, z)};
        bool surrogate = c >= 0xd800 && c < 0xe000;
        if (str_is_utf8(s) == surrogate || (!surrogate && str_utf8_chars(s) != 1))
            fail_msg("U+%04X", (unsigned)c);
    }
}

static void clipping_never_cuts_a_character(void **state)
{
    struct str s = STR("a邻b里😀");
    (void)state;
    for (size_t n = 0; n <= s.n + 2; n++) {
        struct str c = str_clip_utf8(s, n);
        assert_true(c.n <= n && c.n <= s.n && (n > s.n || n - c.n < 4));
        assert_true(str_is_utf8(c));
        char fixed[16];
        memset(fixed, 'x', sizeof fixed);
        str_copy(fixed, n + 1 < sizeof fixed ? n + 1 : sizeof fixed, s);
        assert_true(str_is(c, fixed));
    }
    char untouched = 'x';
    str_copy(&untouched, 0, s);
    assert_int_equal(untouched, 'x');
    str_copy(&untouched, 1, s);
    assert_int_equal(untouched, 0);
}

static void characters_are_counted(void **state)
{
    (void)state;
    assert_int_equal(str_utf8_chars(STR("a邻b里😀")), 5);
    assert_int_equal(str_utf8_chars(STR("")), 0);
    assert_int_equal(str_utf8_chars(STR("\xff\xe9\x82z")), 4);
}

/* Random bytes: valid exactly when a decoder of another make (mbrtowc's rules, written out) says
 * so. */
static bool slow_is_utf8(const unsigned char *p, size_t n)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    for (size_t i = 0; i < n;) {
        size_t len = p[i] < 0x80       ? 1
                     : p[i] >> 5 == 6  ? 2
                     : p[i] >> 4 == 14 ? 3
                     : p[i] >> 3 == 30 ? 4
                                       : 0;
        if (!len || len > n - i)
            return false;
        uint32_t c = len == 1 ? p[i] : p[i] & (0x7fu >> len);
        for (size_t k = 1; k < len; k++) {
            if (p[i + k] >> 6 != 2)
                return false;
            c = c << 6 | (p[i + k] & 0x3f);
        }
        if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            return false;
        i += len;
    }
    return true;
}

static void random_bytes_agree_with_a_plain_decoder(void **state)
{
    static const unsigned char likely[] = {'a',  0x80, 0xbf, 0x90, 0x9f, 0xa0,
                                           0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4};
    int valid = 0;
    (void)state;
    for (uint64_t round = 0; round < 300000; round++) {
        unsigned char bytes[12];
        uint64_t r = hash64(&round, sizeof round, 1);
        size_t n = r % (sizeof bytes + 1);
        for (size_t i = 0; i < n; i++) {
            r = hash64(&i, sizeof i, r);
            bytes[i] = r & 1024 ? 'z' : likely[r % sizeof likely];
        }
        bool ok = slow_is_utf8(bytes, n);
        valid += ok && n > 8;
        if (str_is_utf8((struct str){(const char *)bytes, n}) != ok)
            fail_msg("round %d", (int)round);
    }
    assert_true(valid > 10); /* else it compared only broken ones */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trimming_takes_ascii_space_off_both_ends),
        cmocka_unit_test(comparing_is_by_bytes_and_length),
        cmocka_unit_test(cutting_gives_each_part_once_and_the_rest),
        cmocka_unit_test(numbers_are_whole_and_in_range),
        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(every_code_point_is_valid_but_the_surrogates),
        cmocka_unit_test(clipping_never_cuts_a_character),
        cmocka_unit_test(characters_are_counted),
        cmocka_unit_test(random_bytes_agree_with_a_plain_decoder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

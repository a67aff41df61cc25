#include "codec/json.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/mem.h"

struct row {
    struct str text;
    enum err err;
    const char *says; /* part of the error's text */
};
#define ROW(text, err, says)                                                                       \
    {                                                                                              \
        {text, sizeof(text) - 1}, err, says                                                        \
    }

static void check(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct errbuf eb = {.text = ""};
        char *exact = mem_dup_str(rows[i].text); /* so that ASan sees a byte read too far */
        char *bytes = memcpy(malloc(rows[i].text.n + !rows[i].text.n), exact, rows[i].text.n);
        enum err e = json_guard((struct str){bytes, rows[i].text.n}, &eb);
        if (e != rows[i].err || (rows[i].says && !strstr(eb.text, rows[i].says)))
            fail_msg("row %zu %s: error %d, \"%s\"", i, exact, (int)e, eb.text);
        free(bytes);
        free(exact);
    }
}
#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

static void sound_json_passes(void **state)
{
    static const struct row rows[] = {
        ROW("{}", ERR_OK, NULL),
        ROW(" [ ] ", ERR_OK, NULL),
        ROW("null", ERR_OK, NULL),
        ROW("\t{\"a\" : [1, -0, 0.5, 1e9, -2E-3, 1.5e+2], \"b\":{\"a\":true,\"c\":false}}\r\n",
            ERR_OK, NULL),
        ROW("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u4f60\\ud83d\\ude00\"", ERR_OK, NULL),
        ROW("\"你好 \xf0\x9f\x98\x80 \x7f\"", ERR_OK, NULL),
        ROW("{\"\":1,\" \":2}", ERR_OK, NULL),
        ROW("[{\"a\":1},{\"a\":2}]", ERR_OK, NULL),
        ROW("{\"a\":{\"a\":{\"a\":1}},\"b\":1}", ERR_OK, NULL),
        ROW("18446744073709551616123456789012345678901234567890123456789012345678901234567890",
            ERR_OK, NULL),
    };
    (void)state;
    CHECK(rows);
}

static void broken_json_is_refused_with_its_place(void **state)
{
    static const struct row rows[] = {
        ROW("", ERR_BAD_JSON, "byte 0"),         ROW("   ", ERR_BAD_JSON, "byte 3"),
        ROW("{", ERR_BAD_JSON, "byte 1"),        ROW("[", ERR_BAD_JSON, "byte 1"),
        ROW("[1", ERR_BAD_JSON, "byte 2"),       ROW("[1,", ERR_BAD_JSON, "byte 3"),
        ROW("[1,]", ERR_BAD_JSON, NULL),         ROW("[,1]", ERR_BAD_JSON, NULL),
        ROW("[1 2]", ERR_BAD_JSON, "comma"),     ROW("[1}", ERR_BAD_JSON, "comma"),
        ROW("{\"a\":1]", ERR_BAD_JSON, "comma"), ROW("{\"a\"}", ERR_BAD_JSON, "colon"),
        ROW("{\"a\":}", ERR_BAD_JSON, NULL),     ROW("{\"a\":1,}", ERR_BAD_JSON, "name"),
        ROW("{a:1}", ERR_BAD_JSON, "name"),      ROW("{'a':1}", ERR_BAD_JSON, "name"),
        ROW("{1:1}", ERR_BAD_JSON, "name"),      ROW("{} {}", ERR_BAD_JSON, "behind"),
        ROW("{}x", ERR_BAD_JSON, "behind"),      ROW("nul", ERR_BAD_JSON, "word"),
        ROW("True", ERR_BAD_JSON, NULL),         ROW("NaN", ERR_BAD_JSON, NULL),
        ROW("-Infinity", ERR_BAD_JSON, NULL),    ROW("\xef\xbb\xbf{}", ERR_BAD_JSON, "byte 0"),
        ROW("/* */ 1", ERR_BAD_JSON, NULL),      ROW("{}\0", ERR_BAD_JSON, "behind"),
    };
    (void)state;
    CHECK(rows);
}

static void numbers_are_as_the_grammar_has_them(void **state)
{
    static const struct row rows[] = {
        ROW("01", ERR_BAD_JSON, "number"),
        ROW("-", ERR_BAD_JSON, "number"),
        ROW("+1", ERR_BAD_JSON, "number"),
        ROW(".5", ERR_BAD_JSON, "number"),
        ROW("1.", ERR_BAD_JSON, "number"),
        ROW("1e", ERR_BAD_JSON, "number"),
        ROW("1e+", ERR_BAD_JSON, "number"),
        ROW("1.e1", ERR_BAD_JSON, "number"),
        ROW("0x10", ERR_BAD_JSON, "behind"),
        ROW("1_000", ERR_BAD_JSON, "behind"),
        ROW("-01", ERR_BAD_JSON, "number"),
        ROW("--1", ERR_BAD_JSON, "number"),
        ROW("0.1234567890123456789012345678901234567890123456789012345678901234", ERR_BAD_JSON,
            "number"),
        ROW("1e999", ERR_BAD_JSON, "number"),
    };
    (void)state;
    CHECK(rows);
}

static void strings_hold_only_what_can_be_kept(void **state)
{
    static const struct row rows[] = {
        ROW("\"a", ERR_BAD_JSON, "end"),
        ROW("\"a\\", ERR_BAD_JSON, "escape"),
        ROW("\"\\u12", ERR_BAD_JSON, "escape"),
        ROW("\"\\x41\"", ERR_BAD_JSON, "escape"),
        ROW("\"\\u00g0\"", ERR_BAD_JSON, "escape"),
        ROW("\"a\nb\"", ERR_BAD_JSON, "control"),
        ROW("\"a\0b\"", ERR_BAD_JSON, "control"),
        ROW("\"\\u0000\"", ERR_BAD_JSON, "NUL"),
        ROW("{\"\\u0000\":1}", ERR_BAD_JSON, "NUL"),
        ROW("\"\\ud800\"", ERR_BAD_JSON, "surrogate"),
        ROW("\"\\ud800x\"", ERR_BAD_JSON, "surrogate"),
        ROW("\"\\ud800\\n\"", ERR_BAD_JSON, "surrogate"),
        ROW("\"\\ud800\\ud800\"", ERR_BAD_JSON, "surrogate"),
        ROW("\"\\udc00\\ud800\"", ERR_BAD_JSON, "surrogate"),
        ROW("\"\\ud800\\u", ERR_BAD_JSON, "surrogate"),
    };
    (void)state;
    CHECK(rows);
}

static void invalid_utf8_is_refused_with_its_place(void **state)
{
    static const struct row rows[] = {
        ROW("\"\xff\"", ERR_BAD_UTF8, "byte 1"),
        ROW("\"你\xff\"", ERR_BAD_UTF8, "byte 4"),
        ROW("\"你好呀\xe4\xbd\"", ERR_BAD_UTF8, "byte 10"),
        ROW("\"\xc0\x80\"", ERR_BAD_UTF8, "byte 1"),
        ROW("\"abc\xed\xa0\x80\"", ERR_BAD_UTF8, "byte 4"),
        ROW("\"\xf4\x90\x80\x80\"", ERR_BAD_UTF8, "byte 1"),
        ROW("{\"\xe4\":1}", ERR_BAD_UTF8, "byte 2"),
        ROW("\x80", ERR_BAD_UTF8, "byte 0"),
        ROW("\"\xb9\xfa\xb1\xea\"", ERR_BAD_UTF8, "byte 1"), /* GB 18030 */
    };
    (void)state;
    CHECK(rows);
}

static void a_name_stands_once_in_an_object(void **state)
{
    static const struct row rows[] = {
        ROW("{\"a\":1,\"a\":1}", ERR_BAD_JSON, "twice"),
        ROW("{\"a\":1,\"\\u0061\":1}", ERR_BAD_JSON, "twice"),
        ROW("{\"你\":1,\"\\u4F60\":1}", ERR_BAD_JSON, "twice"),
        ROW("{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":1}", ERR_BAD_JSON, "twice"),
        ROW("{\"\\/\":1,\"/\":1}", ERR_BAD_JSON, "twice"),
        ROW("{\"é\":1,\"\\u00e9\":1}", ERR_BAD_JSON, "twice"),
        ROW("{\"\":1,\"\":1}", ERR_BAD_JSON, "twice"),
        ROW("{\"a\":{\"b\":1,\"c\":2},\"c\":3,\"a\":1}", ERR_BAD_JSON, "twice"),
        ROW("[{\"x\":[{\"a\":1,\"b\":{\"a\":2},\"a\":1}]}]", ERR_BAD_JSON, "twice"),
    };
    (void)state;
    CHECK(rows);
}

static struct str nested(struct buf *b, int depth, const char *open, const char *close)
{
    for (int i = 0; i < depth; i++)
        buf_add_z(b, open);
    buf_add_z(b, "1");
    for (int i = 0; i < depth; i++)
        buf_add_z(b, close);
    return buf_str_borrow(b);
}

static void depth_is_bounded(void **state)
{
    static const struct {
        int depth;
        enum err err;
    } rows[] = {{32, ERR_OK}, {33, ERR_BAD_JSON}, {1000, ERR_BAD_JSON}, {100000, ERR_BAD_JSON}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct errbuf eb;
        struct buf b;
        buf_init(&b);
        assert_int_equal(json_guard(nested(&b, rows[i].depth, "[", "]"), &eb), rows[i].err);
        buf_clear(&b);
        assert_int_equal(json_guard(nested(&b, rows[i].depth, "{\"a\":", "}"), &eb), rows[i].err);
        buf_clear(&b); /* a frame that is never closed */
        assert_int_equal(json_guard(nested(&b, 1000, "[", ""), &eb), ERR_BAD_JSON);
        buf_deinit(&b);
    }
}

static enum err guard_members(int n, bool last_again)
{
    struct buf b;
    buf_init(&b);
    struct json_out j = json_out(&b);
    json_object(&j, NULL);
    for (int i = 0; i < n; i++) {
        char name[16];
        snprintf(name, sizeof name, "k%d", i);
        json_i64(&j, name, i);
    }
    if (last_again)
        json_i64(&j, "k0", 0);
    json_object_end(&j);
    enum err e = json_guard(buf_str_borrow(&b), NULL);
    buf_deinit(&b);
    return e;
}

static void members_are_bounded(void **state)
{
    (void)state;
    assert_int_equal(guard_members(1024, false), ERR_OK);
    assert_int_equal(guard_members(1025, false), ERR_BAD_JSON);
    assert_int_equal(guard_members(1023, true), ERR_BAD_JSON);
}

static void long_integers_keep_every_digit(void **state)
{
    struct json_doc *doc;
    struct errbuf eb;
    (void)state;
    assert_int_equal(json_parse(STR("{\"a\":5894648508580188926,\"b\":[-9223372036854775808],"
                                    "\"c\":123456789012345,\"d\":1234567890123456}"),
                                &doc, &eb),
                     ERR_OK);
    const struct json *o = json_root(doc);
    assert_string_equal(json_string(json_get(o, "a")), "5894648508580188926");
    assert_true(json_get_i64(o, "a", 0) == INT64_C(5894648508580188926));
    assert_string_equal(json_string(json_first(json_get(o, "b"))), "-9223372036854775808");
    assert_int_equal(json_type(json_get(o, "c")), JSON_NUMBER);
    assert_true(json_get_i64(o, "c", 0) == INT64_C(123456789012345));
    assert_true(json_get_i64(o, "d", 0) == INT64_C(1234567890123456));
    json_doc_free(&doc);
    assert_null(doc);
}

static void too_many_long_integers_are_refused(void **state)
{
    struct json_doc *doc;
    struct buf b;
    (void)state;
    buf_init(&b);
    buf_add_char(&b, '[');
    for (int i = 0; i < 2049; i++)
        buf_addf(&b, "%s1234567890123456", i ? "," : "");
    buf_add_char(&b, ']');
    assert_int_equal(json_parse(buf_str_borrow(&b), &doc, NULL), ERR_BAD_JSON);
    assert_null(doc);
    buf_deinit(&b);
}

static void reading_gives_the_value_or_the_default(void **state)
{
    struct json_doc *doc;
    (void)state;
    assert_int_equal(json_parse(STR("{\"s\":\"x\",\"n\":2.5,\"t\":true,\"z\":null,\"a\":[1,2],"
                                    "\"S\":\"y\"}"),
                                &doc, NULL),
                     ERR_OK);
    const struct json *o = json_root(doc);
    assert_string_equal(json_get_z(o, "s", "-"), "x");
    assert_string_equal(json_get_z(o, "S", "-"), "y");
    assert_string_equal(json_get_z(o, "n", "-"), "-");
    assert_string_equal(json_get_z(NULL, "n", "-"), "-");
    assert_true(json_get_number(o, "n", 0) > 2.4 && json_get_number(o, "n", 0) < 2.6);
    assert_int_equal(json_get_i64(o, "s", 7), 7);
    assert_int_equal(json_get_i64(o, "missing", 7), 7);
    assert_true(json_get_bool(o, "t", false));
    assert_true(json_get_bool(o, "s", true));
    assert_int_equal(json_type(json_get(o, "z")), JSON_NULL);
    assert_int_equal(json_type(json_get(o, "missing")), JSON_NULL);
    assert_int_equal(json_count(json_get(o, "a")), 2);
    assert_null(json_first(json_get(o, "s")));
    assert_string_equal(json_key(json_first(o)), "s");
    json_doc_free(&doc);
    json_doc_free(&doc);
}

static void writing_places_commas_and_escapes(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b);
    struct json_out j = json_out(&b);
    json_object(&j, NULL);
    json_z(&j, "a\"", "q\"\\\n\r\t\x01\x1f/你");
    json_array(&j, "l");
    json_i64(&j, NULL, INT64_MIN);
    json_null(&j, NULL);
    json_array(&j, NULL);
    json_array_end(&j);
    json_object(&j, NULL);
    json_object_end(&j);
    json_raw(&j, NULL, STR("[1]"));
    json_array_end(&j);
    json_bool(&j, "t", true);
    json_z(&j, "n", NULL);
    json_number(&j, "inf", INFINITY);
    json_float(&j, "nan", NAN);
    json_time(&j, "at", 1700000000000, 480);
    json_time(&j, "never", 0, 480);
    json_object_end(&j);
    assert_string_equal(buf_z_borrow(&b),
                        "{\"a\\\"\":\"q\\\"\\\\\\n\\r\\t\\u0001\\u001f/你\",\"l\":["
                        "-9223372036854775808,null,[],{},[1]],\"t\":true,\"n\":null,\"inf\":null,"
                        "\"nan\":null,\"at\":\"2023-11-15T06:13:20+08:00\",\"never\":null}");
    assert_int_equal(json_guard(buf_str_borrow(&b), NULL), ERR_OK);
    buf_deinit(&b);
}

static void numbers_are_short_and_read_back_the_same(void **state)
{
    static const struct {
        double v;
        const char *text;
    } rows[] = {{0, "0"},
                {1, "1"},
                {-2.5, "-2.5"},
                {0.1, "0.1"},
                {1e300, "1e+300"},
                {123456789, "123456789"},
                {0.1234567890123, "0.1234567890123"},
                {0.1 + 0.2, "0.30000000000000004"},
                {58948679102378904.0, "58948679102378904e0"},
                {DBL_MIN, "2.2250738585072014e-308"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b;
        buf_init(&b);
        struct json_out j = json_out(&b);
        json_number(&j, NULL, rows[i].v);
        assert_string_equal(buf_z_borrow(&b), rows[i].text);
        buf_deinit(&b);
    }
}

static void floats_read_back_the_same(void **state)
{
    uint32_t r = 12345;
    struct buf b;
    (void)state;
    buf_init(&b);
    for (int i = 0; i < 20000; i++) {
        r = r * 1664525u + 1013904223u;
        float v = (float)(r >> 8) / (i & 1 ? 16777216.0f : 1000.0f);
        struct json_out j = json_out(&b);
        buf_clear(&b);
        json_float(&j, NULL, v);
        float back = strtof(buf_z_borrow(&b), NULL);
        if (memcmp(&back, &v, sizeof v) != 0)
            fail_msg("%.9g is written %s", (double)v, buf_z_borrow(&b));
    }
    struct json_out j = json_out(&b);
    buf_clear(&b);
    json_float(&j, NULL, 0.35f);
    assert_string_equal(buf_z_borrow(&b), "0.35");
    buf_deinit(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_json_passes),
        cmocka_unit_test(broken_json_is_refused_with_its_place),
        cmocka_unit_test(numbers_are_as_the_grammar_has_them),
        cmocka_unit_test(strings_hold_only_what_can_be_kept),
        cmocka_unit_test(invalid_utf8_is_refused_with_its_place),
        cmocka_unit_test(a_name_stands_once_in_an_object),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(members_are_bounded),
        cmocka_unit_test(long_integers_keep_every_digit),
        cmocka_unit_test(too_many_long_integers_are_refused),
        cmocka_unit_test(reading_gives_the_value_or_the_default),
        cmocka_unit_test(writing_places_commas_and_escapes),
        cmocka_unit_test(numbers_are_short_and_read_back_the_same),
        cmocka_unit_test(floats_read_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

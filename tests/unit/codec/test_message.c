#include "codec/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"

#define NOW INT64_C(1795392000000) /* 2026-11-23T00:00:00Z */
#define GOOD "\"id\":\"m1\",\"group\":\"g\",\"sender\":{\"id\":\"u\"},\"text\":\"x\""

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* Through bytes of exactly the text's length, so that ASan sees one read too far. */
static enum err decode(const char *text, struct message *m, struct errbuf *eb)
{
    size_t n = strlen(text);
    char *bytes = memcpy(malloc(n + !n), text, n);
    enum err e = message_decode((struct str){bytes, n}, "/3", NOW, arena, m, eb);
    free(bytes);
    return e;
}

static void a_whole_message_is_read(void **state)
{
    struct message m;
    struct errbuf eb;
    (void)state;
    assert_int_equal(decode("{\"id\":\"m1\",\"group\":\"g-3\",\"sender\":{\"id\":\"u12\",\"name\":"
                            "\"张三\"},\"text\":\"谁家有轮椅\\n借用一下？\",\"time\":"
                            "\"2026-11-23T08:00:00+08:00\",\"reply_to\":\"m0\",\"mentions\":"
                            "[\"u1\",2,\"all\"],\"recalled\":null,\"unknown\":{\"a\":[1]}}",
                            &m, &eb),
                     ERR_OK);
    assert_string_equal(m.id, "m1");
    assert_string_equal(m.group, "g-3");
    assert_string_equal(m.sender, "u12");
    assert_string_equal(m.sender_name, "张三");
    assert_string_equal(m.text, "谁家有轮椅\n借用一下？");
    assert_string_equal(m.reply_to, "m0");
    assert_null(m.recalled);
    assert_null(m.bot);
    assert_null(m.community);
    assert_int_equal(m.n_mentions, 3);
    assert_string_equal(m.mentions[1], "2");
    assert_string_equal(m.mentions[2], "all");
    assert_true(m.time_ms == NOW);
    assert_int_equal(m.zone_min, 480);
}

static void what_may_be_missing_has_its_default(void **state)
{
    struct message m;
    struct errbuf eb;
    (void)state;
    assert_int_equal(decode("{" GOOD "}", &m, &eb), ERR_OK);
    assert_string_equal(m.sender_name, "");
    assert_null(m.reply_to);
    assert_null(m.recalled);
    assert_int_equal(m.n_mentions, 0);
    assert_true(m.time_ms == NOW);
    assert_int_equal(
        decode("{\"id\":1,\"group\":2,\"sender\":{\"id\":3},\"recalled\":\"m0\"}", &m, &eb),
        ERR_OK);
    assert_string_equal(m.text, "");
    assert_string_equal(m.recalled, "m0");
}

static void ids_are_kept_as_written(void **state)
{
    static const struct {
        const char *json, *id;
    } rows[] = {{"5894648508580188926", "5894648508580188926"},
                {"18446744073709551615", "18446744073709551615"},
                {"-9223372036854775808", "-9223372036854775808"},
                {"123456789012345678901234567890", "123456789012345678901234567890"},
                {"999999999999999", "999999999999999"},
                {"0", "0"},
                {"-7", "-7"},
                {"\"007\"", "007"},
                {"\"\\u4f60/ \\\"x\"", "你/ \"x"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[300];
        struct message m;
        struct errbuf eb;
        snprintf(text, sizeof text,
                 "{\"id\":%s,\"group\":%s,\"sender\":{\"id\":%s},\"text\":\"\",\"reply_to\":%s}",
                 rows[i].json, rows[i].json, rows[i].json, rows[i].json);
        assert_int_equal(decode(text, &m, &eb), ERR_OK);
        assert_string_equal(m.id, rows[i].id);
        assert_string_equal(m.group, rows[i].id);
        assert_string_equal(m.sender, rows[i].id);
        assert_string_equal(m.reply_to, rows[i].id);
    }
}

static void a_fault_names_its_field(void **state)
{
    static const struct {
        const char *json, *pointer;
        enum err err;
    } rows[] = {
        {"", "/3", ERR_BAD_JSON},
        {"{", "/3", ERR_BAD_JSON},
        {"{\"id\":\"\xff\"}", "/3", ERR_BAD_UTF8},
        {"{" GOOD ",\"id\":\"m2\"}", "/3", ERR_BAD_JSON},
        {"{" GOOD ",\"x\":\"\\u0000\"}", "/3", ERR_BAD_JSON},
        {"[]", "/3", ERR_BAD_FIELD},
        {"\"x\"", "/3", ERR_BAD_FIELD},
        {"null", "/3", ERR_BAD_FIELD},
        {"{}", "/3/id", ERR_BAD_FIELD},
        {"{\"id\":null}", "/3/id", ERR_BAD_FIELD},
        {"{\"id\":\"\"}", "/3/id", ERR_BAD_FIELD},
        {"{\"id\":1.5}", "/3/id", ERR_BAD_FIELD},
        {"{\"id\":1e300}", "/3/id", ERR_BAD_FIELD},
        {"{\"id\":true}", "/3/id", ERR_BAD_FIELD},
        {"{\"id\":[\"m\"]}", "/3/id", ERR_BAD_FIELD},
        {"{\"id\":\"m\"}", "/3/group", ERR_BAD_FIELD},
        {"{\"id\":\"m\",\"group\":{}}", "/3/group", ERR_BAD_FIELD},
        {"{\"id\":\"m\",\"group\":\"g\"}", "/3/sender", ERR_BAD_FIELD},
        {"{\"id\":\"m\",\"group\":\"g\",\"sender\":\"u\"}", "/3/sender", ERR_BAD_FIELD},
        {"{\"id\":\"m\",\"group\":\"g\",\"sender\":{}}", "/3/sender/id", ERR_BAD_FIELD},
        {"{\"id\":\"m\",\"group\":\"g\",\"sender\":{\"id\":\"u\",\"name\":7}}", "/3/sender/name",
         ERR_BAD_FIELD},
        {"{\"id\":\"m\",\"group\":\"g\",\"sender\":{\"id\":\"u\"}}", "/3/text", ERR_BAD_FIELD},
        {"{\"id\":\"m\",\"group\":\"g\",\"sender\":{\"id\":\"u\"},\"text\":null}", "/3/text",
         ERR_BAD_FIELD},
        {"{\"id\":\"m\",\"group\":\"g\",\"sender\":{\"id\":\"u\"},\"text\":[]}", "/3/text",
         ERR_BAD_FIELD},
        {"{" GOOD ",\"reply_to\":{}}", "/3/reply_to", ERR_BAD_FIELD},
        {"{" GOOD ",\"recalled\":false}", "/3/recalled", ERR_BAD_FIELD},
        {"{" GOOD ",\"edited\":false}", "/3/edited", ERR_BAD_FIELD},
        {"{" GOOD ",\"edited\":\"m0\",\"recalled\":\"m1\"}", "/3/edited", ERR_BAD_FIELD},
        {"{" GOOD ",\"mentions\":\"u1\"}", "/3/mentions", ERR_BAD_FIELD},
        {"{" GOOD ",\"mentions\":[{}]}", "/3/mentions", ERR_BAD_FIELD},
        {"{" GOOD ",\"time\":\"yesterday\"}", "/3/time", ERR_BAD_FIELD},
        {"{" GOOD ",\"time\":{}}", "/3/time", ERR_BAD_FIELD},
        {"{" GOOD ",\"time\":true}", "/3/time", ERR_BAD_FIELD},
        {"{" GOOD ",\"time\":1e300}", "/3/time", ERR_BAD_FIELD},
        {"{" GOOD ",\"time\":-1e300}", "/3/time", ERR_BAD_FIELD},
        {"{" GOOD ",\"time\":-9223372036854775807}", "/3/time", ERR_BAD_FIELD},
        {"{" GOOD ",\"time\":9223372036854775807}", "/3/time", ERR_BAD_FIELD},
        {"{" GOOD ",\"time\":\"-9223372036854775807\"}", "/3/time", ERR_BAD_FIELD},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct message m;
        struct errbuf eb = {.text = ""};
        enum err e = decode(rows[i].json, &m, &eb);
        if (e != rows[i].err || strcmp(eb.pointer, rows[i].pointer) != 0 || !eb.text[0])
            fail_msg("%s: error %d at \"%s\": %s", rows[i].json, (int)e, eb.pointer, eb.text);
    }
}

static void time_is_within_a_day_ahead_and_a_year_behind(void **state)
{
    static const struct {
        const char *time;
        int64_t ms; /* 0: refused */
    } rows[] = {{"1795392000", NOW},
                {"1795392000000", NOW},
                {"\"1795392000\"", NOW},
                {"1795392000.25", NOW},
                {"\"2026-11-23T00:00:00Z\"", NOW},
                {"\"2026-11-23T08:00:00.500+08:00\"", NOW + 500},
                {"\"2026-11-24T00:00:00Z\"", NOW + DAY_MS},
                {"\"2026-11-24T00:00:01Z\"", 0},
                {"\"2025-11-23T00:00:00Z\"", NOW - 365 * DAY_MS},
                {"\"2025-11-22T23:59:59Z\"", 0},
                {"0", 0},
                {"-1", 0},
                {"\"2026-13-01T00:00:00Z\"", 0},
                {"\"2026-11-23\"", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200];
        struct message m;
        struct errbuf eb;
        snprintf(text, sizeof text, "{" GOOD ",\"time\":%s}", rows[i].time);
        enum err e = decode(text, &m, &eb);
        if (e != (rows[i].ms ? ERR_OK : ERR_BAD_FIELD) || (!e && m.time_ms != rows[i].ms))
            fail_msg("%s: error %d, %lld", rows[i].time, (int)e, (long long)m.time_ms);
        if (e)
            assert_string_equal(eb.pointer, "/3/time");
    }
}

static enum err with_text(const char *unit, int times, const char *field)
{
    struct buf b;
    struct message m;
    struct errbuf eb;
    bool is_text = !strcmp(field, "text"), is_id = !strcmp(field, "id");
    buf_init(&b);
    buf_addf(&b, "{\"group\":\"g\",\"sender\":{\"id\":\"u\"},\"%s\":\"", field);
    for (int i = 0; i < times; i++)
        buf_add_z(&b, unit);
    buf_addf(&b, "\"%s%s}", is_text ? "" : ",\"text\":\"x\"", is_id ? "" : ",\"id\":\"m\"");
    enum err e = decode(buf_z_borrow(&b), &m, &eb);
    buf_deinit(&b);
    if (e == ERR_BAD_FIELD)
        assert_string_equal(eb.pointer + 3, field);
    if (!e && is_text)
        assert_int_equal(strlen(m.text), strlen(unit) * (size_t)times);
    return e;
}

static void text_has_up_to_8000_characters(void **state)
{
    (void)state;
    assert_int_equal(with_text("x", 8000, "text"), ERR_OK);
    assert_int_equal(with_text("x", 8001, "text"), ERR_BAD_FIELD);
    assert_int_equal(with_text("你", 8000, "text"), ERR_OK);
    assert_int_equal(with_text("你", 8001, "text"), ERR_BAD_FIELD);
    assert_int_equal(with_text("\xf0\x9f\x98\x80", 8000, "text"), ERR_OK);
    assert_int_equal(with_text("\xf0\x9f\x98\x80", 8001, "text"), ERR_BAD_FIELD);
}

static void ids_have_up_to_128_bytes(void **state)
{
    (void)state;
    assert_int_equal(with_text("x", 128, "id"), ERR_OK);
    assert_int_equal(with_text("x", 129, "id"), ERR_BAD_FIELD);
    assert_int_equal(with_text("x", 129, "reply_to"), ERR_BAD_FIELD);
    assert_int_equal(with_text("你", 43, "recalled"), ERR_BAD_FIELD);
}

static void long_names_and_lists_are_cut(void **state)
{
    struct buf b;
    struct message m;
    struct errbuf eb;
    (void)state;
    buf_init(&b);
    buf_add_z(&b,
              "{\"id\":\"m\",\"group\":\"g\",\"text\":\"\",\"sender\":{\"id\":\"u\",\"name\":\"");
    for (int i = 0; i < 100; i++)
        buf_add_z(&b, "名");
    buf_add_z(&b, "\"},\"mentions\":[0");
    for (int i = 1; i < 50; i++)
        buf_addf(&b, ",%d", i);
    buf_add_z(&b, "]}");
    assert_int_equal(decode(buf_z_borrow(&b), &m, &eb), ERR_OK);
    assert_int_equal(strlen(m.sender_name), 255); /* 85 whole characters */
    assert_true(str_is_utf8(str_of(m.sender_name)));
    assert_int_equal(m.n_mentions, MESSAGE_MENTIONS_MAX);
    assert_string_equal(m.mentions[31], "31");
    buf_deinit(&b);
}

/* --- splitting --- */

static struct str parts[MESSAGES_MAX];

static enum err split(const char *body, bool ndjson, int *n, bool *many)
{
    struct errbuf eb;
    size_t size = strlen(body);
    static char *bytes; /* kept until the next call: the parts point into it */
    free(bytes);
    bytes = NULL;
    if (!size)
        return message_split((struct str){body, 0}, ndjson, parts, n, many, &eb);
    bytes = memcpy(malloc(size), body, size);
    return message_split((struct str){bytes, size}, ndjson, parts, n, many, &eb);
}

static void bodies_are_split_into_elements(void **state)
{
    static const struct {
        const char *body;
        bool ndjson, many;
        enum err err;
        int n;
        const char *last;
    } rows[] = {
        {"{\"a\":1}", false, false, ERR_OK, 1, "{\"a\":1}"},
        {" \n{\"a\":\n1}\n", false, false, ERR_OK, 1, "{\"a\":\n1}"},
        {"[]", false, true, ERR_OK, 0, NULL},
        {"[ ]", false, true, ERR_OK, 0, NULL},
        {"[{\"a\":[1,2]}, {\"b\":\"],[\\\"}\"} ]", false, true, ERR_OK, 2, "{\"b\":\"],[\\\"}\"}"},
        {"[1,x,]", false, true, ERR_OK, 3, ""},
        {"{}\n{}\r\n\n{\"c\":1}\n", false, true, ERR_OK, 3, "{\"c\":1}"},
        {"{}\nbroken\n{}", true, true, ERR_OK, 3, "{}"},
        {"{}", true, true, ERR_OK, 1, "{}"},
        {"x", false, false, ERR_OK, 1, "x"},
        {"", false, true, ERR_BAD_JSON, 0, NULL},
        {" \r\n", true, true, ERR_BAD_JSON, 0, NULL},
        {"[", false, true, ERR_BAD_JSON, 0, NULL},
        {"[x", false, true, ERR_BAD_JSON, 0, NULL},
        {"[{}", false, true, ERR_BAD_JSON, 0, NULL},
        {"[{}]]", false, true, ERR_BAD_JSON, 0, NULL},
        {"[{]", false, true, ERR_BAD_JSON, 0, NULL},
        {"[}]", false, true, ERR_BAD_JSON, 0, NULL},
        {"[1][2]", false, true, ERR_BAD_JSON, 0, NULL},
        {"[\"\\]", false, true, ERR_BAD_JSON, 0, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int n = -1;
        bool many = false;
        enum err e = split(rows[i].body, rows[i].ndjson, &n, &many);
        if (e != rows[i].err || (!e && (n != rows[i].n || many != rows[i].many)))
            fail_msg("%s: error %d, %d elements, many %d", rows[i].body, (int)e, n, many);
        if (!e && n)
            assert_true(str_is(parts[n - 1], rows[i].last));
    }
}

static void a_request_holds_at_most_1000(void **state)
{
    static const char *const joints[] = {",", "\n"};
    (void)state;
    for (int most = 1000; most <= 1001; most++)
        for (int lines = 0; lines < 2; lines++) {
            struct buf b;
            int n;
            bool many;
            buf_init(&b);
            buf_add_z(&b, lines ? "" : "[");
            for (int i = 0; i < most; i++)
                buf_addf(&b, "%s{}", i ? joints[lines] : "");
            buf_add_z(&b, lines ? "" : "]");
            assert_int_equal(split(buf_z_borrow(&b), false, &n, &many),
                             most == 1000 ? ERR_OK : ERR_TOO_LARGE);
            assert_int_equal(n, 1000);
            buf_deinit(&b);
        }
    split("", false, &(int){0}, &(bool){false}); /* frees */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_message_is_read),
        cmocka_unit_test(what_may_be_missing_has_its_default),
        cmocka_unit_test(ids_are_kept_as_written),
        cmocka_unit_test(a_fault_names_its_field),
        cmocka_unit_test(time_is_within_a_day_ahead_and_a_year_behind),
        cmocka_unit_test(text_has_up_to_8000_characters),
        cmocka_unit_test(ids_have_up_to_128_bytes),
        cmocka_unit_test(long_names_and_lists_are_cut),
        cmocka_unit_test(bodies_are_split_into_elements),
        cmocka_unit_test(a_request_holds_at_most_1000),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

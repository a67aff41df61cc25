#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "codec/labelled.h"

static struct arena *arena;
static struct buf json;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    buf_init(&json);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    buf_deinit(&json);
    return 0;
}

static const struct labelled whole = {
    .at_ms = 1795395604123,
    .how = LABEL_CORRECTED,
    .community = "c-lx",
    .group = "g-3",
    .message = "m\"1",
    .actor = "李",
    .object = "p07-1k",
    .text = "谁家有\n梯子",
    .quoted = "我有",
    .quoted_message = "m0",
    .quoted_intent = INTENT_CLAIM,
    .previous = "早",
    .previous_message = "m\\9",
    .previous_intent = INTENT_CHAT,
    .before = {INTENT_OFFER, CATEGORY_TOOLS, URGENCY_LOW, MODE_LEND, 0},
    .after = {INTENT_REQUEST, CATEGORY_MEDICINE, URGENCY_URGENT, MODE_NONE,
              1u << FLAG_INFANT | 1u << FLAG_SEVERE_ILLNESS},
    .first = true,
    .blind = true,
    .model = "00ff"};

static void what_is_written_is_read_again(void **state)
{
    struct labelled back;
    struct errbuf eb;
    (void)state;
    labelled_encode(&whole, &json);
    assert_int_equal(labelled_decode(buf_str_borrow(&json), arena, &back, &eb), ERR_OK);
    assert_int_equal(back.at_ms, whole.at_ms);
    assert_int_equal(back.how, whole.how);
    assert_string_equal(back.message, whole.message);
    assert_string_equal(back.text, whole.text);
    assert_string_equal(back.quoted, whole.quoted);
    assert_int_equal(back.quoted_intent, INTENT_CLAIM);
    assert_string_equal(back.previous, whole.previous);
    assert_string_equal(back.quoted_message, whole.quoted_message);
    assert_string_equal(back.previous_message, whole.previous_message);
    assert_memory_equal(&back.before, &whole.before, sizeof back.before);
    assert_memory_equal(&back.after, &whole.after, sizeof back.after);
    assert_true(back.first && back.blind);
    assert_string_equal(back.model, "00ff");
    struct buf again;
    buf_init(&again);
    labelled_encode(&back, &again);
    assert_string_equal(buf_z_borrow(&again), buf_z_borrow(&json));
    buf_deinit(&again);
}

static void a_label_is_known_by_the_messages_in_it(void **state)
{
    static const struct {
        const char *community, *group, *message;
        bool holds;
    } rows[] = {{"c-lx", "g-3", "m\"1", true},  {"c-lx", "g-3", "m0", true},
                {"c-lx", "g-3", "m\\9", true},  {"c-lx", "g-3", "m", false},
                {"c-lx", "g-3", "m9", false},   {"c-lx", "g-31", "m0", false},
                {"c-lx", "g", "m0", false},     {"c-l", "g-3", "m0", false},
                {"c-lx", "g-3", "我有", false}, {"c-lx", "g-3", "request", false}};
    (void)state;
    labelled_encode(&whole, &json);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf group, message;
        buf_init(&group);
        buf_init(&message);
        labelled_marks(rows[i].community, rows[i].group, rows[i].message, &group, &message);
        bool holds = strstr(buf_z_borrow(&json), buf_z_borrow(&group)) &&
                     strstr(buf_z_borrow(&json), buf_z_borrow(&message));
        if (holds != rows[i].holds)
            fail_msg("row %zu", i);
        buf_deinit(&group);
        buf_deinit(&message);
    }
}

static void what_is_empty_is_left_out(void **state)
{
    const struct labelled least = {.community = "c",
                                   .group = "g",
                                   .message = "m",
                                   .actor = "a",
                                   .text = "x",
                                   .before = {.urgency = URGENCY_NORMAL},
                                   .after = {.urgency = URGENCY_NORMAL}};
    struct labelled back;
    struct errbuf eb;
    (void)state;
    labelled_encode(&least, &json);
    assert_null(strstr(buf_z_borrow(&json), "quoted"));
    assert_null(strstr(buf_z_borrow(&json), "object"));
    assert_null(strstr(buf_z_borrow(&json), "flags"));
    assert_int_equal(labelled_decode(buf_str_borrow(&json), arena, &back, &eb), ERR_OK);
    assert_string_equal(back.object, "");
    assert_string_equal(back.quoted, "");
    assert_string_equal(back.model, "");
}

static void a_wrong_line_says_where(void **state)
{
#define LINE(how, before, after)                                                                   \
    "{\"how\":\"" how "\",\"community\":\"c\",\"group\":\"g\",\"message\":\"m\",\"text\":\"x\","   \
    "\"before\":" before ",\"after\":" after "}"
#define CHAT "{\"intent\":\"chat\",\"urgency\":\"normal\"}"
    static const struct {
        const char *json, *pointer;
    } rows[] = {
        {LINE("guessed", CHAT, CHAT), "/how"},
        {LINE("corrected", "{}", CHAT), "/before"},
        {LINE("corrected", CHAT, "{\"intent\":\"song\",\"urgency\":\"normal\"}"), "/after"},
        {LINE("corrected", CHAT, "{\"intent\":\"chat\",\"urgency\":\"soon\"}"), "/after"},
        {LINE("corrected", CHAT, "{\"intent\":\"request\",\"urgency\":\"low\"}"), "/after"},
        {LINE("corrected", CHAT,
              "{\"intent\":\"report\",\"category\":\"food\",\"urgency\":\"low\"}"),
         "/after"},
        {LINE("corrected", CHAT,
              "{\"intent\":\"offer\",\"category\":\"gold\",\"urgency\":\"low\"}"),
         "/after"},
        {LINE("corrected", CHAT,
              "{\"intent\":\"offer\",\"category\":\"food\",\"urgency\":\"low\",\"mode\":\"rent\"}"),
         "/after"},
        {LINE("corrected", CHAT,
              "{\"intent\":\"chat\",\"urgency\":\"normal\",\"flags\":[\"tall\"]}"),
         "/flags"},
        {"{\"how\":\"corrected\",\"message\":\"m\"}", "/text"},
        {"{\"how\":\"corrected\",\"text\":\"x\"}", "/message"},
        {"[]", ""},
        {"{\"how\":", ""},
    };
    struct labelled back;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct errbuf eb = {.text = ""};
        assert_int_not_equal(labelled_decode(str_of(rows[i].json), arena, &back, &eb), ERR_OK);
        assert_string_equal(eb.pointer, rows[i].pointer);
        assert_true(eb.text[0] != 0);
    }
}

static void an_intent_keeps_only_what_it_has(void **state)
{
    (void)state;
    for (int i = 0; i < INTENT_N; i++) {
        struct labels l = {(enum intent)i, CATEGORY_SAFETY, URGENCY_CRITICAL, MODE_HELP, 3};
        bool opens = i == INTENT_REQUEST || i == INTENT_OFFER || i == INTENT_REPORT;
        labels_settle(&l);
        assert_int_equal(intent_opens(l.intent), opens);
        assert_int_equal(l.category, opens ? CATEGORY_SAFETY : CATEGORY_NONE);
        assert_int_equal(l.urgency, opens ? URGENCY_CRITICAL : URGENCY_NORMAL);
        assert_int_equal(l.mode, opens && i != INTENT_REPORT ? MODE_HELP : MODE_NONE);
        assert_int_equal(l.flags, opens ? 3 : 0);
        assert_null(labels_refused(&l));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_label_is_known_by_the_messages_in_it, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_empty_is_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_line_says_where, setup, teardown),
        cmocka_unit_test(an_intent_keeps_only_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "codec/adviser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "codec/json.h"

static enum adviser_fault read(const char *content, struct adviser_answer *out)
{
    struct buf b;
    buf_init(&b);
    struct json_out j = json_out(&b);
    json_object(&j, NULL);
    json_array(&j, "choices");
    json_object(&j, NULL);
    json_object(&j, "message");
    json_z(&j, "role", "assistant");
    json_z(&j, "content", content);
    json_object_end(&j);
    json_object_end(&j);
    json_array_end(&j);
    json_object_end(&j);
    enum adviser_fault f = adviser_answer_read(buf_str_borrow(&b), out);
    buf_deinit(&b);
    return f;
}

/* Every line of the prompt that begins with that code. */
static bool names_code(const char *prompt, const char *code)
{
    char line[64];
    snprintf(line, sizeof line, "\n%s ", code);
    return strstr(prompt, line) != NULL;
}

static void the_question_names_every_code_of_the_tables(void **state)
{
    struct buf b;
    struct json_doc *doc;
    (void)state;
    buf_init(&b);
    adviser_question("m-1", STR("谁家有\"梯子\"？"), &b);
    assert_int_equal(json_parse(buf_str_borrow(&b), &doc, NULL), ERR_OK);
    const struct json *o = json_root(doc), *messages = json_get(o, "messages");
    assert_string_equal(json_get_z(o, "model", ""), "m-1");
    assert_int_equal(json_count(o), 2);
    assert_int_equal(json_count(messages), 2);
    const struct json *system = json_first(messages);
    const char *prompt = json_get_z(system, "content", "");
    assert_string_equal(json_get_z(system, "role", ""), "system");
    for (int i = 0; i < INTENT_N; i++)
        assert_true(names_code(prompt, intent_code((enum intent)i)));
    for (int i = 1; i < CATEGORY_N; i++)
        assert_true(names_code(prompt, category_code((enum category)i)));
    for (int i = 0; i < URGENCY_N; i++)
        assert_true(names_code(prompt, urgency_code((enum urgency)i)));
    assert_string_equal(json_get_z(json_next(system), "role", ""), "user");
    assert_string_equal(json_get_z(json_next(system), "content", ""), "谁家有\"梯子\"？");
    json_doc_free(&doc);
    buf_deinit(&b);
}

static void an_answer_in_codes_is_read(void **state)
{
    static const char *const same[] = {
        "{\"intent\":\"request\",\"category\":\"tools\",\"urgency\":\"low\",\"confidence\":"
        "\"high\"}",
        " \n{\"confidence\":\"high\",\"why\":[1],\"urgency\":\"low\",\"category\":\"tools\","
        "\"intent\":\"request\"}\n",
        "```json\n{\"intent\":\"request\",\"category\":\"tools\",\"urgency\":\"low\","
        "\"confidence\":\"high\"}\n```",
        "```{\"intent\":\"request\",\"category\":\"tools\",\"urgency\":\"low\","
        "\"confidence\":\"high\"}```\n"};
    struct adviser_answer a;
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_int_equal(read(same[i], &a), ADVISER_OK);
        assert_int_equal(a.intent, INTENT_REQUEST);
        assert_int_equal(a.category, CATEGORY_TOOLS);
        assert_int_equal(a.urgency, URGENCY_LOW);
        assert_string_equal(a.confidence, "high");
    }
}

static void what_is_not_said_has_its_default(void **state)
{
    struct adviser_answer a;
    (void)state;
    assert_int_equal(
        read("{\"intent\":\"chat\",\"category\":\"food\",\"urgency\":\"critical\"}", &a),
        ADVISER_OK);
    assert_int_equal(a.category, CATEGORY_NONE); /* talk has neither */
    assert_int_equal(a.urgency, URGENCY_NORMAL);
    assert_string_equal(a.confidence, "");
    assert_int_equal(read("{\"intent\":\"offer\",\"category\":\"baby\",\"confidence\":0.75}", &a),
                     ADVISER_OK);
    assert_int_equal(a.urgency, URGENCY_NORMAL);
    assert_string_equal(a.confidence, "0.75");
    assert_int_equal(read("{\"intent\":\"chat\",\"category\":null,\"urgency\":null,"
                          "\"confidence\":\"a\\nb 很有把握很有把握很有把握很有把握\"}",
                          &a),
                     ADVISER_OK);
    assert_true(strlen(a.confidence) < sizeof a.confidence && str_is_utf8(str_of(a.confidence)));
    assert_null(strchr(a.confidence, '\n'));
}

static void what_is_not_of_the_codes_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "request",
        "[]",
        "null",
        "{}",
        "{\"intent\":\"Request\",\"category\":\"tools\"}",
        "{\"intent\":1,\"category\":\"tools\"}",
        "{\"intent\":\"request\"}", /* no category */
        "{\"intent\":\"request\",\"category\":\"\"}",
        "{\"intent\":\"request\",\"category\":\"ladders\"}",
        "{\"intent\":\"request\",\"category\":[\"tools\"]}",
        "{\"intent\":\"report\",\"category\":\"tools\"}", /* no leaf of reports */
        "{\"intent\":\"request\",\"category\":\"tools\",\"urgency\":\"now\"}",
        "{\"intent\":\"request\",\"category\":\"tools\",\"urgency\":3}",
        "{\"intent\":\"chat\",\"intent\":\"request\",\"category\":\"tools\"}",
        "Sure! {\"intent\":\"chat\"}",
        "{\"intent\":\"chat\"} I hope this helps",
        "```json\n{\"intent\":\"chat\"}",
        "```",
        "``````",
        "{\"intent\":\"chat\"}```"};
    struct adviser_answer a;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (read(bad[i], &a) != ADVISER_NO_CODES)
            fail_msg("taken: %s", bad[i]);
}

static void what_is_no_answer_of_the_interface_is_told_apart(void **state)
{
    static const struct {
        const char *body;
        enum adviser_fault fault;
    } rows[] = {{"", ADVISER_NOT_JSON},
                {"<html>", ADVISER_NOT_JSON},
                {"{\"choices\":[", ADVISER_NOT_JSON},
                {"\xff", ADVISER_NOT_JSON},
                {"[]", ADVISER_NO_REPLY},
                {"{}", ADVISER_NO_REPLY},
                {"3", ADVISER_NO_REPLY},
                {"{\"error\":{\"message\":\"no\"}}", ADVISER_NO_REPLY},
                {"{\"choices\":[]}", ADVISER_NO_REPLY},
                {"{\"choices\":\"x\"}", ADVISER_NO_REPLY},
                {"{\"choices\":[1]}", ADVISER_NO_REPLY},
                {"{\"choices\":[{\"message\":{\"content\":null}}]}", ADVISER_NO_REPLY},
                {"{\"choices\":[{\"message\":{\"content\":[\"{}\"]}}]}", ADVISER_NO_REPLY}};
    struct adviser_answer a;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (adviser_answer_read(str_of(rows[i].body), &a) != rows[i].fault)
            fail_msg("read otherwise: %s", rows[i].body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_question_names_every_code_of_the_tables),
        cmocka_unit_test(an_answer_in_codes_is_read),
        cmocka_unit_test(what_is_not_said_has_its_default),
        cmocka_unit_test(what_is_not_of_the_codes_is_refused),
        cmocka_unit_test(what_is_no_answer_of_the_interface_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

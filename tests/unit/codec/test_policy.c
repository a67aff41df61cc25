#include "codec/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "codec/json.h"

static void the_sample_is_the_built_in_table(void **state)
{
    struct policy *p, *built_in = policy_new("");
    struct buf text, of_file, of_ours;
    struct errbuf eb = {.text = ""};
    char part[4096];
    FILE *f = fopen("deploy/sample/policy.json", "re");
    (void)state;
    assert_non_null(f);
    buf_init(&text);
    buf_init(&of_file);
    buf_init(&of_ours);
    buf_add(&text, part, fread(part, 1, sizeof part, f));
    fclose(f);
    if (policy_decode(buf_str_borrow(&text), &p, &eb))
        fail_msg("%s", eb.text);
    buf_add_z(&of_file, "built-in: ");
    policy_print(p, &of_file);
    policy_print(built_in, &of_ours);
    assert_string_equal(buf_z_borrow(&of_file), buf_z_borrow(&of_ours));
    policy_free(&p);
    policy_free(&built_in);
    buf_deinit(&text);
    buf_deinit(&of_file);
    buf_deinit(&of_ours);
}

#define REST ",{\"route\":\"review\",\"why\":\"w\"}]}"

static void what_was_shown_can_be_put_again(void **state)
{
    static const char table[] =
        "{\"reason\":\"r\",\"rows\":[{\"category\":\"tools\",\"urgency\":\"urgent\",\"party\":"
        "\"unit\","
        "\"confidence_below\":0.3,\"score_below\":1,\"score_below_auto\":true,\"route\":\"case\","
        "\"why\":\"\\\"不\\\"\"},{\"party\":\"any\",\"route\":\"case\",\"why\":\"w\"},"
        "{\"route\":\"review\",\"why\":\"w\"}],\"deadlines\":[{\"category\":\"safety\",\"urgency\":"
        "\"critical\",\"accept_min\":10},{\"resolve_min\":1020,\"verify_min\":510}]}";
    struct policy *p, *again;
    struct buf shown, encoded, twice;
    struct errbuf eb = {.text = ""};
    (void)state;
    /* `any` is told by leaving it out, so the first turn may change the text, the second not */
    if (policy_decode(str_of(table), &p, &eb))
        fail_msg("%s %s", eb.pointer, eb.text);
    str_copy(p->community, ID_SIZE, STR("c-1"));
    buf_init(&shown);
    buf_init(&encoded);
    buf_init(&twice);
    struct json_out j = json_out(&shown);
    policy_show(p, 480, &j);
    assert_non_null(strstr(buf_z_borrow(&shown), "\"built_in\":false"));
    assert_int_equal(policy_decode(buf_str_borrow(&shown), &again, &eb), ERR_OK);
    policy_encode(p, "why", &encoded);
    policy_encode(again, "why", &twice);
    assert_string_equal(buf_z_borrow(&encoded), buf_z_borrow(&twice));
    assert_int_equal(again->n_rows, 3);
    assert_int_equal(again->rows[0].route, ROUTE_CASE);
    assert_int_equal(again->rows[0].party, POLICY_PARTY_FIRST + PARTY_UNIT);
    assert_int_equal(again->rows[1].party, POLICY_PARTY_ANY);
    assert_int_equal(again->n_deadlines, 2);
    assert_int_equal(again->deadlines[0].category, CATEGORY_SAFETY);
    assert_int_equal(again->deadlines[0].urgency, DEADLINE_URGENCY_FIRST + URGENCY_CRITICAL);
    assert_int_equal(again->deadlines[0].minutes[STAGE_ACCEPT], 10);
    assert_int_equal(again->deadlines[1].urgency, DEADLINE_LOW_OR_NORMAL);
    assert_int_equal(again->deadlines[1].minutes[STAGE_VERIFY], 510);
    assert_string_equal(again->rows[0].why, "\"不\"");
    policy_free(&p);
    policy_free(&again);
    buf_deinit(&shown);
    buf_deinit(&encoded);
    buf_deinit(&twice);
}

static void an_empty_table_is_the_built_in_one(void **state)
{
    struct policy *p;
    struct buf out;
    struct errbuf eb;
    (void)state;
    assert_int_equal(policy_decode(STR("{\"rows\":[],\"follow_up\":{\"thank\":true}}"), &p, &eb),
                     ERR_OK);
    assert_int_equal(p->n_rows, 0);
    assert_true(p->follow_up.thank && !p->follow_up.ask_outcome);
    buf_init(&out);
    struct json_out j = json_out(&out);
    policy_show(p, 480, &j);
    assert_non_null(strstr(buf_z_borrow(&out), "\"built_in\":true"));
    assert_non_null(strstr(buf_z_borrow(&out), "日常互助，把握足够"));
    buf_deinit(&out);
    policy_free(&p);
}

static void a_fault_has_its_pointer(void **state)
{
    static const struct {
        const char *json, *pointer;
        enum err err;
    } rows[] = {
        {"[]", "", ERR_BAD_FIELD},
        {"{", "", ERR_BAD_JSON},
        {"{}", "/rows", ERR_BAD_FIELD},
        {"{\"rows\":{}}", "/rows", ERR_BAD_FIELD},
        {"{\"rows\":[],\"row\":[]}", "", ERR_BAD_FIELD},
        {"{\"rows\":[],\"follow_up\":[]}", "/follow_up", ERR_BAD_FIELD},
        {"{\"rows\":[],\"follow_up\":{\"thanks\":true}}", "/follow_up", ERR_BAD_FIELD},
        {"{\"rows\":[],\"follow_up\":{\"thank\":1}}", "/follow_up", ERR_BAD_FIELD},
        {"{\"rows\":[1" REST, "/rows/0/", ERR_BAD_FIELD},
        {"{\"rows\":[{\"why\":\"w\"}" REST, "/rows/0/route", ERR_BAD_FIELD},
        {"{\"rows\":[{\"route\":\"review\"}" REST, "/rows/0/why", ERR_BAD_FIELD},
        {"{\"rows\":[{\"route\":\"self\",\"why\":\"w\"}" REST, "/rows/0/route", ERR_BAD_FIELD},
        {"{\"rows\":[{\"catgory\":\"tools\",\"route\":\"review\",\"why\":\"w\"}" REST,
         "/rows/0/catgory", ERR_BAD_FIELD},
        {"{\"rows\":[{\"category\":\"tool\",\"route\":\"review\",\"why\":\"w\"}" REST,
         "/rows/0/category", ERR_BAD_FIELD},
        {"{\"rows\":[{\"category\":\"\",\"route\":\"review\",\"why\":\"w\"}" REST,
         "/rows/0/category", ERR_BAD_FIELD},
        {"{\"rows\":[{\"urgency\":3,\"route\":\"review\",\"why\":\"w\"}" REST, "/rows/0/urgency",
         ERR_BAD_FIELD},
        {"{\"rows\":[{\"party\":\"neighbour\",\"route\":\"review\",\"why\":\"w\"}" REST,
         "/rows/0/party", ERR_BAD_FIELD},
        {"{\"rows\":[{\"score_below\":75,\"route\":\"review\",\"why\":\"w\"}" REST,
         "/rows/0/score_below", ERR_BAD_FIELD},
        {"{\"rows\":[{\"confidence_below\":\"0.5\",\"route\":\"review\",\"why\":\"w\"}" REST,
         "/rows/0/confidence_below", ERR_BAD_FIELD},
        {"{\"rows\":[{\"score_below_auto\":1,\"route\":\"review\",\"why\":\"w\"}" REST,
         "/rows/0/score_below_auto", ERR_BAD_FIELD},
        {"{\"rows\":[{\"route\":\"auto\",\"why\":\"w\"}" REST, "/rows/0/route", ERR_BAD_FIELD},
        {"{\"rows\":[],\"deadlines\":{}}", "/deadlines", ERR_BAD_FIELD},
        {"{\"rows\":[],\"deadlines\":[7]}", "/deadlines/0/", ERR_BAD_FIELD},
        {"{\"rows\":[],\"deadlines\":[{}]}", "/deadlines/0/", ERR_BAD_FIELD},
        {"{\"rows\":[],\"deadlines\":[{\"accept\":60}]}", "/deadlines/0/accept", ERR_BAD_FIELD},
        {"{\"rows\":[],\"deadlines\":[{\"accept_min\":60.5}]}", "/deadlines/0/accept_min",
         ERR_BAD_FIELD},
        {"{\"rows\":[],\"deadlines\":[{\"accept_min\":1e300}]}", "/deadlines/0/accept_min",
         ERR_BAD_FIELD},
        {"{\"rows\":[],\"deadlines\":[{\"accept_min\":60},{\"urgency\":\"urgent\",\"resolve_min\":"
         "5000}]}",
         "/deadlines/1/resolve_min", ERR_BAD_FIELD},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct policy *p;
        struct errbuf eb = {.text = ""};
        enum err e = policy_decode(str_of(rows[i].json), &p, &eb);
        if (e != rows[i].err || strcmp(eb.pointer, rows[i].pointer) != 0)
            fail_msg("%s: %d %s %s", rows[i].json, e, eb.pointer, eb.text);
        assert_true(eb.text[0]);
        assert_null(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_is_the_built_in_table),
        cmocka_unit_test(what_was_shown_can_be_put_again),
        cmocka_unit_test(an_empty_table_is_the_built_in_one),
        cmocka_unit_test(a_fault_has_its_pointer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "model/object.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/mem.h"
#include "model/entry.h"

static void lists_split_trim_and_skip_what_is_empty(void **state)
{
    struct strs l = {NULL, 0};
    (void)state;
    strs_split(&l, STR(" 一栋 ;1号楼;; 1#"), ';');
    assert_int_equal(l.n, 3);
    assert_string_equal(l.v[0], "一栋");
    assert_string_equal(l.v[2], "1#");
    assert_true(strs_has(&l, STR("1号楼")));
    assert_false(strs_has(&l, STR("1号")));
    strs_deinit(&l);
    assert_int_equal(l.n, 0);
    strs_split(&l, STR(""), ';');
    assert_int_equal(l.n, 0);
}

static void scopes_compare_from_near_to_far(void **state)
{
    enum place_kind k;
    (void)state;
    assert_true(PLACE_ENTRANCE < PLACE_BUILDING && PLACE_BUILDING < PLACE_ESTATE &&
                PLACE_ESTATE < PLACE_GRID && PLACE_GRID < PLACE_COMMUNITY &&
                PLACE_COMMUNITY < PLACE_STREET);
    for (int i = 0; i < PLACE_KIND_N; i++) {
        assert_true(place_kind_parse(str_of(place_kind_code((enum place_kind)i)), &k));
        assert_int_equal(k, i);
    }
    assert_false(place_kind_parse(STR("block"), &k));
}

static void parties_have_four_kinds(void **state)
{
    enum party_kind k;
    (void)state;
    assert_int_equal(PARTY_KIND_N, 4);
    for (int i = 0; i < PARTY_KIND_N; i++) {
        assert_true(party_kind_parse(str_of(party_kind_code((enum party_kind)i)), &k));
        assert_int_equal(k, i);
    }
}

static void each_role_may_what_the_one_before_may(void **state)
{
    (void)state;
    assert_true(ROLE_VIEWER < ROLE_GRID && ROLE_GRID < ROLE_STAFF && ROLE_STAFF < ROLE_ADMIN);
    for (int k = 0; k < COMMAND_N; k++) { /* a viewer changes nothing */
        enum command_kind back;
        assert_true(command_least_role((enum command_kind)k) > ROLE_VIEWER);
        assert_true(command_parse(str_of(command_code((enum command_kind)k)), &back));
        assert_int_equal(back, k);
    }
    assert_int_equal(command_least_role(COMMAND_DIRECTORY_IMPORT), ROLE_ADMIN);
}

static void a_freed_object_is_null_and_null_is_accepted(void **state)
{
    (void)state;
    for (int k = 0; k < OBJECT_KIND_N; k++) {
        void *none = NULL;
        object_free((enum object_kind)k, &none);
        assert_null(none);
    }
    struct post *p = NEW(struct post);
    p->text = mem_dup("借梯子");
    p->origin.bot = mem_dup("bot");
    strs_add(&p->contacts, STR("sealed"));
    void *object = p;
    object_free(OBJECT_POST, &object);
    assert_null(object);
}

static void keys_join_community_and_id(void **state)
{
    char key[OBJECT_KEY_SIZE];
    (void)state;
    object_key(key, "c-1", "b-2");
    assert_string_equal(key, "c-1/b-2");
}

/* Each of these comes before the next in the queue. */
static void the_queue_goes_by_life_then_need_then_urgency_then_time(void **state)
{
    static const struct match order[] = {
        {.urgency = URGENCY_CRITICAL, .ahead = true, .deadline_ms = 9000000},
        {.urgency = URGENCY_CRITICAL, .deadline_ms = 9000000},
        {.urgency = URGENCY_URGENT, .ahead = true, .deadline_ms = 9000000},
        {.urgency = URGENCY_LOW, .ahead = true, .deadline_ms = 9000000},
        {.urgency = URGENCY_URGENT, .deadline_ms = 9000000},
        {.urgency = URGENCY_NORMAL, .deadline_ms = 1000},
        {.urgency = URGENCY_NORMAL, .deadline_ms = 2000, .score = 1},
        {.urgency = URGENCY_NORMAL, .deadline_ms = 2000, .score = 0.5f},
        {.urgency = URGENCY_LOW, .deadline_ms = 1000},
    };
    (void)state;
    for (size_t i = 1; i < sizeof order / sizeof *order; i++)
        assert_true(match_queue_score(&order[i - 1]) > match_queue_score(&order[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_split_trim_and_skip_what_is_empty),
        cmocka_unit_test(scopes_compare_from_near_to_far),
        cmocka_unit_test(parties_have_four_kinds),
        cmocka_unit_test(each_role_may_what_the_one_before_may),
        cmocka_unit_test(a_freed_object_is_null_and_null_is_accepted),
        cmocka_unit_test(keys_join_community_and_id),
        cmocka_unit_test(the_queue_goes_by_life_then_need_then_urgency_then_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../../../service/core/core_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"

static struct core *core;

static void put_place(enum place_kind kind, const char *id, const char *parent, const char *name)
{
    struct place *p = NEW(struct place);
    str_copy(p->community, ID_SIZE, STR("c-1"));
    str_copy(p->id, ID_SIZE, str_of(id));
    str_copy(p->parent, ID_SIZE, str_of(parent));
    p->kind = kind;
    p->name = mem_dup(name);
    core_load_take(core, OBJECT_PLACE, p);
}

static void put_party(const char *id, const char *place, const char *role)
{
    struct party *p = NEW(struct party);
    str_copy(p->community, ID_SIZE, STR("c-1"));
    str_copy(p->id, ID_SIZE, str_of(id));
    str_copy(p->place, ID_SIZE, str_of(place));
    p->name = mem_dup(id);
    strs_add(&p->roles, str_of(role));
    core_load_take(core, OBJECT_PARTY, p);
}

static int make(void **state)
{
    static const struct core_options o = {.shard = 1};
    (void)state;
    core = core_new(&o);
    put_place(PLACE_COMMUNITY, "c-1", "", "柳巷社区");
    put_place(PLACE_GRID, "g-1", "c-1", "第一网格");
    put_place(PLACE_ESTATE, "e-1", "g-1", "香樟花园");
    put_place(PLACE_ESTATE, "e-2", "g-1", "航运新村");
    put_place(PLACE_BUILDING, "b-1", "e-1", "1栋");
    put_place(PLACE_ENTRANCE, "b-1-2", "b-1", "1栋2单元");
    put_place(PLACE_BUILDING, "b-12", "e-1", "12栋");
    put_place(PLACE_BUILDING, "b-x1", "e-2", "1号楼");
    put_place(PLACE_BUILDING, "loop-1", "loop-2", "5栋");
    put_place(PLACE_ESTATE, "loop-2", "loop-1", "圈");
    core_loaded(core, 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    core_free(&core);
    return 0;
}

static void a_place_lies_in_all_that_is_above_it(void **state)
{
    const char *chain[PLACE_KIND_N];
    (void)state;
    place_chain(core, "c-1", "b-1-2", chain);
    assert_string_equal(chain[PLACE_ENTRANCE], "b-1-2");
    assert_string_equal(chain[PLACE_BUILDING], "b-1");
    assert_string_equal(chain[PLACE_ESTATE], "e-1");
    assert_string_equal(chain[PLACE_GRID], "g-1");
    assert_string_equal(chain[PLACE_COMMUNITY], "c-1");
    assert_string_equal(chain[PLACE_STREET], "");
    place_chain(core, "c-2", "b-1-2", chain); /* another community has its own ids */
    for (int k = 0; k < PLACE_KIND_N; k++)
        assert_string_equal(chain[k], "");
}

static void places_that_lie_in_each_other_come_to_an_end(void **state)
{
    const char *chain[PLACE_KIND_N];
    (void)state;
    place_chain(core, "c-1", "loop-1", chain);
    assert_string_equal(chain[PLACE_BUILDING], "loop-1");
    assert_string_equal(chain[PLACE_ESTATE], "loop-2");
    assert_string_equal(chain[PLACE_COMMUNITY], "");
}

static void a_number_is_the_building_of_that_number_in_the_same_estate(void **state)
{
    static const struct {
        const char *base;
        int building, entrance;
        const char *place;
    } rows[] = {{"e-1", 1, 0, "b-1"},  {"e-2", 1, 0, "b-x1"},  {"e-1", 12, 0, "b-12"},
                {"b-12", 1, 0, "b-1"}, {"e-1", 1, 2, "b-1-2"}, {"b-1", 0, 2, "b-1-2"},
                {"e-1", 1, 3, "b-1"},  {"e-1", 2, 0, "e-1"},   {"e-1", 0, 2, "e-1"},
                {"e-2", 12, 0, "e-2"}, {"e-1", 0, 0, "e-1"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct slot_place said = {.building = (int16_t)rows[i].building,
                                        .entrance = (int16_t)rows[i].entrance};
        const char *got = place_resolve(core, "c-1", rows[i].base, &said);
        if (strcmp(got, rows[i].place) != 0)
            fail_msg("%s %d-%d: %s", rows[i].base, rows[i].building, rows[i].entrance, got);
    }
}

static void a_place_is_found_as_the_community_names_it(void **state)
{
    static const struct {
        const char *base;
        struct slot_place said;
        const char *place;
    } rows[] = {
        {"e-1", {.building_letter = 'B'}, "b-b"},
        {"e-1", {.building_letter = 'B', .building = 3}, "e-1"},
        {"e-1", {.building_letter = 'A', .building = 3}, "b-a3"},
        {"e-1", {.building = 3}, "e-1"}, /* a3栋 is not 3栋 */
        {"b-1", {.estate = "航运新村", .building = 1}, "b-x1"},
        {"b-1", {.estate = "沿河街航运新村", .building = 1}, "b-x1"},
        {"b-1", {.estate = "航运新村"}, "e-2"},
        {"b-1", {.estate = "香樟花园"}, "b-1"}, /* no more than is known already */
        {"b-1", {.estate = "翠湖花园", .building = 12}, "b-1"},
        {"c-1", {.estate = "香樟花园", .building = 12}, "b-12"},
        {"e-2", {.building = 21}, "b-x21"}, /* named 二十一号楼 */
    };
    (void)state;
    put_place(PLACE_BUILDING, "b-b", "e-1", "B座");
    put_place(PLACE_BUILDING, "b-a3", "e-1", "a3栋");
    put_place(PLACE_BUILDING, "b-x21", "e-2", "二十一号楼");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(place_resolve(core, "c-1", rows[i].base, &rows[i].said), rows[i].place);
}

static void a_relation_is_counted_from_the_groups_own_building(void **state)
{
    static const struct {
        const char *base;
        enum place_relation relation;
        const char *place;
    } rows[] = {
        {"b-1", PLACE_RELATION_UPSTAIRS, "b-1"},
        {"b-1-2", PLACE_RELATION_NEXT_DOOR, "b-1-2"},
        {"b-1", PLACE_RELATION_HERE, "b-1"},
        {"b-1", PLACE_RELATION_NEXT_BUILDING, "b-12"},
        {"b-x1", PLACE_RELATION_NEXT_BUILDING, "e-2"}, /* the only one: some other near it */
        {"b-1-2", PLACE_RELATION_NEXT_ENTRANCE, "b-1-1"},
        {"b-1", PLACE_RELATION_NEXT_ENTRANCE, "b-1"},
        {"e-1", PLACE_RELATION_NEXT_BUILDING, "e-1"},
    };
    (void)state;
    put_place(PLACE_ENTRANCE, "b-1-1", "b-1", "1栋1单元");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct slot_place said = {.relation = rows[i].relation};
        assert_string_equal(place_resolve(core, "c-1", rows[i].base, &said), rows[i].place);
    }
}

static void who_answers_is_the_nearest_with_the_role_for_it(void **state)
{
    (void)state;
    assert_string_equal(assignee_of(core, "c-1", "b-1", CATEGORY_FACILITY), "");
    put_party("p-3", "c-1", "staff");
    assert_string_equal(assignee_of(core, "c-1", "b-1", CATEGORY_FACILITY), "p-3");
    put_party("p-2", "g-1", "grid_officer");
    assert_string_equal(assignee_of(core, "c-1", "b-1", CATEGORY_FACILITY), "p-2");
    put_party("p-9", "e-1", "property_manager");
    put_party("p-1", "e-2", "property_manager");
    assert_string_equal(assignee_of(core, "c-1", "b-1", CATEGORY_FACILITY), "p-9");
    assert_string_equal(assignee_of(core, "c-1", "b-x1", CATEGORY_NUISANCE), "p-1");
    assert_string_equal(assignee_of(core, "c-1", "b-1", CATEGORY_OTHER), "p-2");
    assert_string_equal(assignee_of(core, "c-1", "c-1", CATEGORY_SAFETY), "p-3"); /* not below */
    put_party("p-8", "e-1", "property_manager"); /* as near: the smaller id, in whatever order */
    assert_string_equal(assignee_of(core, "c-1", "b-1", CATEGORY_FACILITY), "p-8");
}

int main(void)
{
#define WITH_PLACES(test) cmocka_unit_test_setup_teardown(test, make, end)
    const struct CMUnitTest tests[] = {
        WITH_PLACES(a_place_lies_in_all_that_is_above_it),
        WITH_PLACES(places_that_lie_in_each_other_come_to_an_end),
        WITH_PLACES(a_number_is_the_building_of_that_number_in_the_same_estate),
        WITH_PLACES(a_place_is_found_as_the_community_names_it),
        WITH_PLACES(a_relation_is_counted_from_the_groups_own_building),
        WITH_PLACES(who_answers_is_the_nearest_with_the_role_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

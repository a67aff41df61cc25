#include "../../../service/core/core_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define NODES 100
#define KEYS 6
#define STEPS 40000

static uint64_t seed;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % below;
}

static struct node nodes[NODES];
static int sits[NODES][SEATS]; /* the key, or -1 */
static const char *const keys[KEYS] = {"gc-1/g-1", "gc-1/g-11", "pc-1/p-1",
                                       "sc-1/n1",  "cc-1/",     "x"};

/* Their ids are in the order of the array: p07-9 before p07-10. */
static void make_nodes(void)
{
    for (int i = 0; i < NODES; i++) {
        nodes[i] = (struct node){.kind = OBJECT_POST};
        snprintf(nodes[i].key, sizeof nodes[i].key, "p07-%d", i + 1);
        for (int k = 0; k < SEATS; k++)
            sits[i][k] = -1;
    }
}

/* From the last to the first, and the first; one node may sit twice in the list. */
static void check_list(const struct core *c, int key)
{
    struct seat *s = list_last(c, keys[key]);
    for (int i = NODES - 1; i >= 0; i--)
        for (int k = 0; k < SEATS; k++) {
            if (sits[i][k] != key)
                continue;
            assert_non_null(s);
            assert_ptr_equal(s->node, &nodes[i]);
            if (!seat_before(s))
                assert_ptr_equal(s, list_first(c, keys[key]));
            s = seat_before(s);
        }
    assert_null(s);
}

static void whoever_sits_down_or_leaves_lists_keep_the_order_of_ids(void **state)
{
    struct core c = {.n_due = 0};
    (void)state;
    seed = 0x9E3779B97F4A7C15ull;
    make_nodes();
    for (int i = 0; i < STEPS; i++) {
        int n = (int)any(NODES), seat = (int)any(SEATS), key = (int)any(KEYS + 2) - 2;
        key = key < 0 ? -1 : key;
        list_sit(&c, &nodes[n], seat, key < 0 ? NULL : keys[key]);
        sits[n][seat] = key;
        check_list(&c, (int)any(KEYS));
    }
    for (int i = 0; i < NODES; i++)
        for (int k = 0; k < SEATS; k++)
            list_sit(&c, &nodes[i], k, NULL);
    for (int k = 0; k < KEYS; k++)
        assert_null(list_last(&c, keys[k]));
    assert_null(c.lists); /* a list in which nobody sits is no more */
    lists_free(&c);
}

static void keys_of_two_kinds_or_places_are_never_one(void **state)
{
    char a[LIST_KEY_SIZE], b[LIST_KEY_SIZE];
    char longest[2 * LIST_KEY_SIZE];
    (void)state;
    list_key(a, LIST_GROUP, "c-1", "g-1");
    assert_string_equal(a, "gc-1/g-1");
    list_key(b, LIST_PERSON, "c-1", "g-1");
    assert_string_not_equal(a, b);
    list_key(b, LIST_GROUP, "c-1", "g-11");
    assert_string_not_equal(a, b);
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    list_key(a, LIST_SENDER, longest, longest); /* cut, not overrun */
    assert_true(strlen(a) < LIST_KEY_SIZE);
}

static void an_ended_post_sits_nowhere(void **state)
{
    struct core c = {.n_due = 0};
    struct post p = {.origin = {.community = "c-1", .group = "g-1", .sender = "n1"}};
    struct node n = {.kind = OBJECT_POST, .key = "p07-1", .object = &p};
    char key[LIST_KEY_SIZE];
    (void)state;
    lists_seat(&c, &n);
    list_key(key, LIST_GROUP, "c-1", "g-1");
    assert_ptr_equal(list_first(&c, key)->node, &n);
    list_key(key, LIST_SENDER, "c-1", "n1"); /* nobody has registered them */
    assert_ptr_equal(list_first(&c, key)->node, &n);
    str_copy(p.origin.party, ID_SIZE, STR("p-1"));
    lists_seat(&c, &n);
    assert_null(list_first(&c, key));
    list_key(key, LIST_PERSON, "c-1", "p-1");
    assert_ptr_equal(list_first(&c, key)->node, &n);
    p.state = POST_MET;
    lists_seat(&c, &n);
    assert_null(c.lists);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_sits_down_or_leaves_lists_keep_the_order_of_ids),
        cmocka_unit_test(keys_of_two_kinds_or_places_are_never_one),
        cmocka_unit_test(an_ended_post_sits_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../../../service/core/core_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct node node(enum object_kind kind, const char *key, void *object)
{
    struct node n = {.kind = kind, .object = object};
    str_copy(n.key, sizeof n.key, str_of(key));
    return n;
}

static void a_post_is_known_by_its_message_and_by_what_repeated_it(void **state)
{
    struct core c = {.n_due = 0};
    char *repeats[] = {"m2", "m3"};
    struct post p = {.origin = {.bot = "b", .message = "m1"}, .repeats = {repeats, 2}};
    struct node n = node(OBJECT_POST, "p07-1", &p);
    (void)state;
    aliases_put(&c, &n);
    assert_ptr_equal(by_message(&c, "b", "m1"), &n);
    assert_ptr_equal(by_message(&c, "b", "m2"), &n);
    assert_ptr_equal(by_message(&c, "b", "m3"), &n);
    assert_null(by_message(&c, "b", "m4"));
    assert_null(by_message(&c, "another", "m1")); /* ids are a bot's own */
    aliases_drop(&n);
    assert_null(by_message(&c, "b", "m1"));
    assert_null(c.by_message);
}

static void a_case_is_known_by_all_who_reported_it(void **state)
{
    struct core c = {.n_due = 0};
    char *reporters[] = {"m1", "m2"};
    struct case_ k = {.origin = {.bot = "b", .message = "m1"}, .reporters = {reporters, 2}};
    struct node n = node(OBJECT_CASE, "c07-1", &k);
    (void)state;
    aliases_put(&c, &n);
    aliases_put(&c, &n); /* again: nothing doubles */
    assert_ptr_equal(by_message(&c, "b", "m1"), &n);
    assert_ptr_equal(by_message(&c, "b", "m2"), &n);
    aliases_drop(&n);
    assert_null(c.by_message);
}

static void the_older_object_has_a_message_in_whatever_order_they_come(void **state)
{
    struct post p = {.origin = {.bot = "b", .message = "m1"}};
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct core c = {.n_due = 0};
        struct node older = node(OBJECT_POST, "p07-9", &p), newer = node(OBJECT_POST, "p07-10", &p);
        aliases_put(&c, turn ? &older : &newer);
        aliases_put(&c, turn ? &newer : &older);
        assert_ptr_equal(by_message(&c, "b", "m1"), &older);
        aliases_drop(&newer); /* it had lost the message: nothing of it is left */
        assert_ptr_equal(by_message(&c, "b", "m1"), &older);
        aliases_drop(&older);
        assert_null(c.by_message);
    }
}

static void a_party_is_known_by_all_its_ids_in_its_community(void **state)
{
    struct core c = {.n_due = 0};
    char *ids[] = {"n1", "n2"}, *moved[] = {"n2"};
    struct party a = {.community = "c-1", .id = "p-1", .external_ids = {ids, 2}};
    struct party b = {.community = "c-1", .id = "p-2", .external_ids = {moved, 1}};
    struct node x = node(OBJECT_PARTY, "c-1/p-1", &a), y = node(OBJECT_PARTY, "c-1/p-2", &b);
    (void)state;
    aliases_put(&c, &x);
    assert_ptr_equal(party_of_sender(&c, "c-1", "n1"), &a);
    assert_ptr_equal(party_of_sender(&c, "c-1", "n2"), &a);
    assert_null(party_of_sender(&c, "c-2", "n1"));
    assert_null(party_of_sender(&c, "c-1", "n"));
    a.external_ids.n = 1; /* n2 is somebody else's now */
    aliases_drop(&x);
    aliases_put(&c, &x);
    aliases_put(&c, &y);
    assert_ptr_equal(party_of_sender(&c, "c-1", "n1"), &a);
    assert_ptr_equal(party_of_sender(&c, "c-1", "n2"), &b);
    aliases_drop(&x);
    assert_null(party_of_sender(&c, "c-1", "n1"));
    aliases_drop(&y);
    assert_null(c.by_sender);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_is_known_by_its_message_and_by_what_repeated_it),
        cmocka_unit_test(a_case_is_known_by_all_who_reported_it),
        cmocka_unit_test(the_older_object_has_a_message_in_whatever_order_they_come),
        cmocka_unit_test(a_party_is_known_by_all_its_ids_in_its_community),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

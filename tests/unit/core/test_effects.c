#include "core/effects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void an_object_is_touched_once_however_often_it_changes(void **state)
{
    struct arena *a = arena_new();
    struct effects e;
    char key[ID_SIZE];
    (void)state;
    effects_init(&e, a);
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 100; i++) {
            snprintf(key, sizeof key, "p07-%d", i);
            effects_touch(&e, OBJECT_POST, key); /* the key is copied */
            effects_touch(&e, OBJECT_CASE, key);
        }
    assert_int_equal(e.n_touched, 200);
    for (int i = 0; i < 200; i++) {
        snprintf(key, sizeof key, "p07-%d", i / 2);
        assert_string_equal(e.touched[i].key, key);
        assert_int_equal(e.touched[i].kind, i % 2 ? OBJECT_CASE : OBJECT_POST);
    }
    effects_reset(&e);
    assert_int_equal(e.n_touched, 0);
    effects_touch(&e, OBJECT_POST, "p07-1");
    assert_int_equal(e.n_touched, 1);
    arena_free(&a);
}

static void the_last_word_on_a_groups_length_counts(void **state)
{
    struct arena *a = arena_new();
    struct effects e;
    (void)state;
    effects_init(&e, a);
    effects_trim(&e, "c-1/g-1", 16);
    effects_trim(&e, "c-1/g-2", 3);
    effects_trim(&e, "c-1/g-1", 0);
    assert_int_equal(e.n_trims, 2);
    assert_string_equal(e.trims[0].key, "c-1/g-1");
    assert_int_equal(e.trims[0].keep, 0);
    assert_int_equal(e.trims[1].keep, 3);
    arena_free(&a);
}

static void lines_are_copies_and_rows_are_clean(void **state)
{
    struct arena *a = arena_new();
    struct effects e;
    char text[] = "早上好";
    const struct talk t = {.group = "g-1", .message = "m1", .text = text, .ref = "p07-1"};
    (void)state;
    effects_init(&e, a);
    for (int i = 0; i < 50; i++)
        effects_talk(&e, &t);
    text[0] = 'x';
    assert_int_equal(e.n_talks, 50);
    assert_string_equal(e.talks[49]->text, "早上好");
    assert_string_equal(e.talks[0]->ref, "p07-1");
    assert_null(e.talks[0]->sender);
    for (int i = 0; i < 50; i++) {
        struct event *v = effects_event(&e, EVENT_ALERT, 7);
        assert_null(v->match);
        assert_int_equal(v->kind, EVENT_ALERT);
        assert_int_equal(v->at_ms, 7);
        struct audit *u = effects_audit(&e);
        assert_null(u->actor);
        u->actor = "x";
        assert_null(effects_reply(&e)->detail);
    }
    assert_int_equal(e.n_events, 50);
    assert_int_equal(e.n_audits, 50);
    assert_int_equal(e.n_replies, 50);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_touched_once_however_often_it_changes),
        cmocka_unit_test(the_last_word_on_a_groups_length_counts),
        cmocka_unit_test(lines_are_copies_and_rows_are_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

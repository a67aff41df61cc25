#include "../../../service/core/core_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define THINGS 150
#define STEPS 60000

static uint64_t seed;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % below;
}

static struct due things[THINGS];
static char keys[THINGS][ID_SIZE];

static void make_things(void)
{
    for (int i = 0; i < THINGS; i++) {
        snprintf(keys[i], ID_SIZE, "p07-%x", 7 * i + 1);
        things[i] = (struct due){.at_ms = INT64_MAX, .kind = i % 3, .key = keys[i]};
    }
}

/* By looking at all: earlier first, then the smaller kind, then the older id. */
static int first_due(void)
{
    int best = -1;
    for (int i = 0; i < THINGS; i++) {
        const struct due *d = &things[i], *b = best < 0 ? NULL : &things[best];
        if (d->at_ms == INT64_MAX)
            continue;
        if (!b || d->at_ms < b->at_ms ||
            (d->at_ms == b->at_ms &&
             (d->kind < b->kind ||
              (d->kind == b->kind && i < best)))) /* ids were given in the order of things */
            best = i;
    }
    return best;
}

static void check_first(struct core *c)
{
    int want = first_due();
    assert_int_equal(core_due_ms(c) == INT64_MAX, want < 0);
    if (want >= 0)
        assert_int_equal(core_due_ms(c), things[want].at_ms);
}

static void pop_one(struct core *c)
{
    int want = first_due();
    int64_t now = 1 + any(400), at = want < 0 ? INT64_MAX : things[want].at_ms;
    struct due *d = due_pop(c, now);
    if (at > now) {
        assert_null(d);
        return;
    }
    assert_ptr_equal(d, &things[want]);
    assert_int_equal(d->at_ms, INT64_MAX); /* it is out */
}

static void whatever_is_set_and_moved_the_first_due_comes_first(void **state)
{
    struct core c = {.n_due = 0};
    (void)state;
    seed = 0x2545F4914F6CDD1Dull;
    make_things();
    for (int i = 0; i < STEPS; i++) {
        uint32_t what = any(10);
        struct due *d = &things[any(THINGS)];
        if (what < 7)
            due_set(&c, d, 1 + any(300)); /* few times, so that many are equal */
        else if (what < 8)
            due_set(&c, d, INT64_MAX);
        else
            pop_one(&c);
        check_first(&c);
    }
    while (c.n_due)
        pop_one(&c);
    assert_int_equal(first_due(), -1);
    free(c.due);
}

static void what_has_no_time_does_not_wait_in_the_queue(void **state)
{
    struct core c = {.n_due = 0};
    (void)state;
    make_things();
    due_set(&c, &things[0], 0);
    due_set(&c, &things[1], -5);
    assert_int_equal(c.n_due, 0);
    due_set(&c, &things[0], 10);
    due_set(&c, &things[0], 0); /* its time is taken away */
    assert_int_equal(c.n_due, 0);
    assert_int_equal(core_due_ms(&c), INT64_MAX);
    free(c.due);
}

static void nothing_comes_before_its_time(void **state)
{
    struct core c = {.n_due = 0};
    (void)state;
    make_things();
    due_set(&c, &things[0], 10);
    assert_null(due_pop(&c, 9));
    assert_ptr_equal(due_pop(&c, 10), &things[0]);
    assert_null(due_pop(&c, 1000));
    free(c.due);
}

static void an_object_waits_for_what_its_state_waits_for(void **state)
{
    struct core c = {.o.keep_ms = 1000};
    struct post p = {.side = SIDE_OFFER, .expires_ms = 5, .closed_ms = 7};
    struct post asks = {.opened_ms = 100, .expires_ms = 500};
    struct resource r = {.since_ms = 100, .expires_ms = 500};
    struct match m = {.deadline_ms = 5, .decided_ms = 7};
    struct case_ k = {.due_ms = 5, .closed_ms = 7};
    struct outbound o = {.due_ms = 5};
    struct node post = {.kind = OBJECT_POST, .object = &p};
    struct node request = {.kind = OBJECT_POST, .object = &asks};
    struct node resource = {.kind = OBJECT_RESOURCE, .object = &r};
    struct node match = {.kind = OBJECT_MATCH, .object = &m};
    struct node one_case = {.kind = OBJECT_CASE, .object = &k};
    struct node out = {.kind = OBJECT_OUTBOUND, .object = &o};
    (void)state;
    p.state = POST_OPEN, m.state = MATCH_POSTED, k.state = CASE_DISPATCHED;
    assert_int_equal(due_of(&c, &post), 5);
    assert_int_equal(due_of(&c, &match), 5);
    assert_int_equal(due_of(&c, &one_case), 5);
    for (int i = 0; i < 4; i++) { /* it looks further after each quarter */
        asks.widened = i;
        assert_int_equal(due_of(&c, &request), 200 + i * 100);
    }
    assert_int_equal(due_of(&c, &resource), 400); /* it is asked whether it goes on */
    r.asked_ms = 400;
    assert_int_equal(due_of(&c, &resource), 500);
    r.expired = true;
    assert_int_equal(due_of(&c, &resource), INT64_MAX);
    p.state = POST_MET, m.state = MATCH_CLOSED, k.state = CASE_CLOSED; /* until it is forgotten */
    assert_int_equal(due_of(&c, &post), 1007);
    assert_int_equal(due_of(&c, &match), 1007);
    assert_int_equal(due_of(&c, &one_case), 1007);
    k.state = CASE_ESCALATED; /* its next step, or the reminder of it */
    assert_int_equal(due_of(&c, &one_case), 5);
    k.remind_ms = 3;
    assert_int_equal(due_of(&c, &one_case), 3);
    o.state = OUTBOUND_WAITING;
    assert_int_equal(due_of(&c, &out), 5);
    o.state = OUTBOUND_SENDING;
    assert_true(due_of(&c, &out) > 5);
    o.state = OUTBOUND_DELIVERED;
    assert_int_equal(due_of(&c, &out), 1005);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_set_and_moved_the_first_due_comes_first),
        cmocka_unit_test(what_has_no_time_does_not_wait_in_the_queue),
        cmocka_unit_test(nothing_comes_before_its_time),
        cmocka_unit_test(an_object_waits_for_what_its_state_waits_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

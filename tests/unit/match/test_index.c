#include "match/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define THINGS 120
#define STEPS 60000
#define COMMUNITIES 3

static uint64_t seed;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % below;
}

/* --- the naive model: everything is looked at, every time --- */

struct thing {
    char id[ID_SIZE];
    const char *community;
    enum category category;
    enum side side;
    bool in;
};

static struct thing things[THINGS];
static const char *const communities[COMMUNITIES] = {"c-1", "c-2", "c-22"};

/* Ids of several lengths, so that bytes alone would order them otherwise: p07-9, p07-10, p07-a1. */
static void name_things(void)
{
    static const unsigned steps[] = {1, 7, 300};
    unsigned number = 1;
    for (int i = 0; i < THINGS; i++) {
        snprintf(things[i].id, ID_SIZE, "p07-%x", number);
        number += steps[i % 3];
        things[i].in = false;
    }
}

static int newest_first(const void *a, const void *b)
{
    const struct thing *x = *(struct thing *const *)a, *y = *(struct thing *const *)b;
    size_t n = strlen(x->id), m = strlen(y->id);
    return n != m ? (n < m ? 1 : -1) : strcmp(y->id, x->id);
}

static int expected(const char *community, unsigned categories, enum side side, int most,
                    struct thing *out[THINGS])
{
    int n = 0;
    for (int c = 0; c < CATEGORY_N; c++) {
        int from = n;
        for (int i = 0; i < THINGS && categories & 1u << c; i++)
            if (things[i].in && (int)things[i].category == c && things[i].side == side &&
                !strcmp(things[i].community, community))
                out[n++] = &things[i];
        qsort(out + from, (size_t)(n - from), sizeof *out, newest_first);
        if (n - from > most)
            n = from + most;
    }
    return n;
}

/* --- against it --- */

struct walk {
    struct thing *seen[THINGS];
    int n;
};

static void see(void *arg, void *thing)
{
    struct walk *w = arg;
    assert_true(w->n < THINGS);
    w->seen[w->n++] = thing;
}

static void compare_walks(const struct match_index *x)
{
    struct thing *want[THINGS];
    struct walk got = {.n = 0};
    const char *community = communities[any(COMMUNITIES)];
    unsigned categories = any(8) ? any(1u << 6) : ~0u;
    enum side side = any(2) ? SIDE_OFFER : SIDE_REQUEST;
    int most = any(4) ? THINGS : (int)any(4);
    int n = expected(community, categories, side, most, want);
    match_index_each(x, community, categories, side, most, see, &got);
    assert_int_equal(got.n, n);
    for (int i = 0; i < n; i++)
        assert_string_equal(got.seen[i]->id, want[i]->id);
}

static int count_in(void)
{
    int n = 0;
    for (int i = 0; i < THINGS; i++)
        n += things[i].in;
    return n;
}

static void change_one(struct match_index *x)
{
    struct thing *t = &things[any(THINGS)];
    if (any(2)) {
        match_index_drop(x, t); /* nothing, where it is not there */
        t->in = false;
        return;
    }
    if (!t->in) {
        t->community = communities[any(COMMUNITIES)];
        t->category = (enum category)any(6);
        t->side = any(2) ? SIDE_OFFER : SIDE_REQUEST;
    }
    match_index_put(x, t->community, t->category, t->side, t, t->id);
    t->in = true;
}

static void check_has(const struct match_index *x)
{
    const struct thing *t = &things[any(THINGS)];
    if (!t->in) {
        assert_false(match_index_has(x, "c-1", t->category, t->side, t));
        return;
    }
    enum side other = t->side == SIDE_OFFER ? SIDE_REQUEST : SIDE_OFFER;
    assert_true(match_index_has(x, t->community, t->category, t->side, t));
    assert_false(match_index_has(x, t->community, t->category, other, t));
    assert_false(match_index_has(x, t->community, (enum category)(t->category + 1), t->side, t));
    assert_false(match_index_has(x, "c-3", t->category, t->side, t));
}

static void after_any_history_it_walks_as_a_plain_list_would(void **state)
{
    struct match_index *x = match_index_new();
    (void)state;
    seed = 88172645463325252ull;
    name_things();
    for (int i = 0; i < STEPS; i++) {
        change_one(x);
        check_has(x);
        if (i % 8 == 0)
            compare_walks(x);
        assert_int_equal(match_index_count(x), count_in());
    }
    match_index_free(&x);
    assert_null(x);
    match_index_free(&x);
}

static void a_thing_stands_at_one_place_only(void **state)
{
    struct match_index *x = match_index_new();
    struct walk w = {.n = 0};
    (void)state;
    name_things();
    match_index_put(x, "c-1", CATEGORY_TOOLS, SIDE_OFFER, &things[0], things[0].id);
    match_index_put(x, "c-1", CATEGORY_TOOLS, SIDE_OFFER, &things[0], things[0].id);
    match_index_put(x, "c-1", CATEGORY_FOOD, SIDE_OFFER, &things[0], things[0].id);
    assert_int_equal(match_index_count(x), 1);
    match_index_each(x, "c-1", ~0u, SIDE_OFFER, THINGS, see, &w);
    assert_int_equal(w.n, 1);
    match_index_drop(x, &things[0]);
    assert_int_equal(match_index_count(x), 0);
    w.n = 0;
    match_index_each(x, "c-1", ~0u, SIDE_OFFER, THINGS, see, &w);
    assert_int_equal(w.n, 0);
    match_index_put(x, "c-1", CATEGORY_FOOD, SIDE_OFFER, &things[0], things[0].id);
    assert_true(match_index_has(x, "c-1", CATEGORY_FOOD, SIDE_OFFER, &things[0]));
    match_index_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_any_history_it_walks_as_a_plain_list_would),
        cmocka_unit_test(a_thing_stands_at_one_place_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

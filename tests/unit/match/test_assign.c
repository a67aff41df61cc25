#include "match/assign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mincost.h"

#define SIDE_MOST 40
#define ENDLESS (-1)
#define STEPS (1 << 20) /* of a score */

static uint64_t seed;

static int any(int below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)((seed >> 20) % (unsigned)below);
}

/* --- instances, as plain tables --- */

struct thing {
    char id[ID_SIZE];
    int quantity;
};

struct instance {
    int n[2];
    struct thing things[2][SIDE_MOST]; /* by id */
    float score[SIDE_MOST][SIDE_MOST]; /* 0: no pair */
    bool kept[SIDE_MOST][SIDE_MOST];
};

/* Ids of two lengths, so that bytes alone would order them otherwise. */
static void name_things(struct instance *in)
{
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < SIDE_MOST; i++)
            snprintf(in->things[s][i].id, ID_SIZE, "%c07-%x", s ? 'q' : 'p', 6 + i * 3);
}

/* Few steps of the score make many ties. */
static float any_score(int steps)
{
    return 0.4f + 0.6f * (float)(1 + any(steps)) / (float)steps;
}

static int any_quantity(int most)
{
    return any(8) ? 1 + any(most) : 0;
}

static void generate(struct instance *in, int most_things, int most_quantity, int most_pairs)
{
    int steps = any(2) ? 3 : 100000;
    memset(in, 0, sizeof *in);
    name_things(in);
    for (int s = 0; s < 2; s++) {
        in->n[s] = 1 + any(most_things);
        for (int i = 0; i < in->n[s]; i++)
            in->things[s][i].quantity = any_quantity(most_quantity);
    }
    for (int i = 0; i < in->n[1]; i++)
        if (!any(8))
            in->things[1][i].quantity = ENDLESS;
    for (int k = 0; k < most_pairs; k++) {
        int r = any(in->n[0]), o = any(in->n[1]);
        in->score[r][o] = any_score(steps);
        in->kept[r][o] = !any(10);
    }
}

static int64_t worth(const struct instance *in, int r, int o)
{
    double bonus = in->kept[r][o] ? ASSIGN_KEPT : 0;
    return in->score[r][o] > 0 ? llround(((double)in->score[r][o] + bonus) * STEPS) : 0;
}

static int left(const struct instance *in, int side, int i)
{
    return in->things[side][i].quantity == ENDLESS ? 1000000 : in->things[side][i].quantity;
}

static double quantity(const struct instance *in, int side, int i)
{
    return in->things[side][i].quantity == ENDLESS ? ASSIGN_ENDLESS : in->things[side][i].quantity;
}

/* --- through the room --- */

static void put(struct assign *a, struct instance *in, int side, int i)
{
    struct thing *t = &in->things[side][i];
    assign_put(a, (enum side)side, t, t->id, quantity(in, side, i));
}

static void pair(struct assign *a, struct instance *in, int r, int o)
{
    assign_pair(a, &in->things[0][r], &in->things[1][o], in->score[r][o], in->kept[r][o]);
}

static void order_of(int *v, int n, bool shuffled)
{
    for (int i = 0; i < n; i++)
        v[i] = i;
    for (int i = n - 1; shuffled && i > 0; i--) {
        int k = any(i + 1), t = v[i];
        v[i] = v[k];
        v[k] = t;
    }
}

/* All things, then all pairs. */
static struct assign *build(struct instance *in, bool shuffled)
{
    static int order[SIDE_MOST * SIDE_MOST + 2 * SIDE_MOST];
    struct assign *a = assign_new();
    order_of(order, in->n[0] + in->n[1], shuffled);
    for (int k = 0; k < in->n[0] + in->n[1]; k++) {
        int side = order[k] >= in->n[0];
        put(a, in, side, side ? order[k] - in->n[0] : order[k]);
    }
    order_of(order, in->n[0] * in->n[1], shuffled);
    for (int k = 0; k < in->n[0] * in->n[1]; k++)
        if (in->score[order[k] / in->n[1]][order[k] % in->n[1]] > 0)
            pair(a, in, order[k] / in->n[1], order[k] % in->n[1]);
    assign_solve(a);
    return a;
}

static void fill(struct assign *a, struct instance *in)
{
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < in->n[s]; i++)
            put(a, in, s, i);
    for (int r = 0; r < in->n[0]; r++)
        for (int o = 0; o < in->n[1]; o++)
            if (in->score[r][o] > 0)
                pair(a, in, r, o);
}

struct flow {
    int of[SIDE_MOST][SIDE_MOST], loads[2][SIDE_MOST];
    int64_t total;
};

static void read_flow(const struct assign *a, struct instance *in, struct flow *f)
{
    memset(f, 0, sizeof *f);
    for (int r = 0; r < in->n[0]; r++)
        for (int o = 0; o < in->n[1]; o++) {
            double q = assign_quantity(a, &in->things[0][r], &in->things[1][o]);
            f->of[r][o] = (int)q;
            assert_true(q >= 0 && (double)f->of[r][o] == q); /* whole in, whole out */
            f->loads[0][r] += f->of[r][o];
            f->loads[1][o] += f->of[r][o];
            f->total += f->of[r][o] * worth(in, r, o);
            assert_true(!f->of[r][o] || in->score[r][o] > 0);
        }
}

/* --- what holds of any solved instance --- */

static void check_capacities(const struct instance *in, const struct flow *f)
{
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < in->n[s]; i++)
            assert_true(f->loads[s][i] <= left(in, s, i));
}

/* Weak duality: prices like these are above any assignment's total; so one that reaches it is best.
 */
static void check_prices(const struct assign *a, const struct instance *in, const struct flow *f)
{
    double bound = 0, total = (double)f->total / STEPS;
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < in->n[s]; i++) {
            double price = assign_price(a, &in->things[s][i]);
            assert_true(price >= 0);
            if (in->things[s][i].quantity != ENDLESS)
                bound += price * in->things[s][i].quantity;
            else
                assert_true(price == 0);
            if (f->loads[s][i] < left(in, s, i))
                assert_true(price == 0);
        }
    for (int r = 0; r < in->n[0]; r++)
        for (int o = 0; o < in->n[1]; o++) {
            double w = (double)worth(in, r, o) / STEPS;
            double prices = assign_price(a, &in->things[0][r]) + assign_price(a, &in->things[1][o]);
            assert_true(w <= prices + 1e-9);
            if (f->of[r][o])
                assert_true(prices - w < 1e-6);
        }
    assert_true(fabs(bound - total) < 1e-3 && fabs(assign_total(a) - total) < 1e-9);
}

static void check_same(const struct flow *a, const struct flow *b)
{
    assert_memory_equal(a->of, b->of, sizeof a->of);
}

static void check_shuffled(struct instance *in, const struct flow *f)
{
    struct assign *a = build(in, true);
    struct flow again;
    read_flow(a, in, &again);
    check_same(f, &again);
    assign_free(&a);
}

/* --- brute force: the best of all assignments, by total, then the requests' loads, the offers' ---
 */

struct force {
    const struct instance *in;
    struct flow now, best;
    int r[16], o[16], n;
};

static bool is_better(const struct flow *a, const struct flow *b)
{
    if (a->total != b->total)
        return a->total > b->total;
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < SIDE_MOST; i++)
            if (a->loads[s][i] != b->loads[s][i])
                return a->loads[s][i] > b->loads[s][i];
    return false;
}

static void force_from(struct force *f, int k)
{
    if (k == f->n) {
        if (is_better(&f->now, &f->best))
            f->best = f->now;
        return;
    }
    int r = f->r[k], o = f->o[k], n = 0;
    int64_t w = worth(f->in, r, o);
    for (;; n++) {
        force_from(f, k + 1);
        if (f->now.loads[0][r] == left(f->in, 0, r) || f->now.loads[1][o] == left(f->in, 1, o))
            break;
        f->now.loads[0][r]++;
        f->now.loads[1][o]++;
        f->now.total += w;
    }
    f->now.loads[0][r] -= n;
    f->now.loads[1][o] -= n;
    f->now.total -= w * n;
}

static void small_ones_are_as_brute_force_says_ties_included(void **state)
{
    static struct force f;
    static struct instance in;
    (void)state;
    seed = 88172645463325252ull;
    for (int i = 0; i < 1400; i++) {
        struct flow flow;
        generate(&in, 4, 2, 7);
        memset(&f, 0, sizeof f);
        f.in = &in;
        for (int r = 0; r < in.n[0]; r++)
            for (int o = 0; o < in.n[1]; o++)
                if (in.score[r][o] > 0) {
                    f.r[f.n] = r;
                    f.o[f.n++] = o;
                }
        force_from(&f, 0);
        struct assign *a = build(&in, false);
        read_flow(a, &in, &flow);
        check_capacities(&in, &flow);
        assert_int_equal(flow.total, f.best.total);
        assert_memory_equal(flow.loads, f.best.loads, sizeof flow.loads);
        check_prices(a, &in, &flow);
        check_shuffled(&in, &flow);
        assign_free(&a);
    }
}

/* --- larger ones --- */

static int64_t textbook_total(const struct instance *in)
{
    int requests = 2, offers = 2 + in->n[0];
    struct mincost m = {.n_nodes = 2 + in->n[0] + in->n[1]};
    for (int r = 0; r < in->n[0]; r++) {
        mincost_arc(&m, 0, requests + r, left(in, 0, r), 0);
        for (int o = 0; o < in->n[1]; o++)
            if (in->score[r][o] > 0)
                mincost_arc(&m, requests + r, offers + o, INT32_MAX, -worth(in, r, o));
    }
    for (int o = 0; o < in->n[1]; o++)
        mincost_arc(&m, offers + o, 1, left(in, 1, o), 0);
    int64_t total = -mincost_solve(&m, 0, 1);
    mincost_deinit(&m);
    return total;
}

static void larger_ones_are_as_good_as_the_textbook_s(void **state)
{
    static struct instance in;
    (void)state;
    seed = 362436069521288629ull;
    for (int i = 0; i < 600; i++) {
        struct flow flow;
        generate(&in, SIDE_MOST, 5, 30 + any(400));
        struct assign *a = build(&in, false);
        read_flow(a, &in, &flow);
        check_capacities(&in, &flow);
        assert_int_equal(flow.total, textbook_total(&in));
        check_prices(a, &in, &flow);
        check_shuffled(&in, &flow);
        assign_free(&a);
    }
}

/* --- changes --- */

static bool is_in[2][SIDE_MOST];

static void drop(struct assign *a, struct instance *in, int side, int i)
{
    assign_drop(a, &in->things[side][i]);
    is_in[side][i] = false;
    in->things[side][i].quantity = 0;
    for (int k = 0; k < SIDE_MOST; k++)
        in->score[side ? k : i][side ? i : k] = 0;
}

static void change_thing(struct assign *a, struct instance *in)
{
    int side = any(2), i = any(in->n[side]);
    if (is_in[side][i] && any(2)) {
        drop(a, in, side, i);
        return;
    }
    is_in[side][i] = true;
    in->things[side][i].quantity = side && !any(8) ? ENDLESS : any_quantity(5);
    put(a, in, side, i);
}

static void change_pair(struct assign *a, struct instance *in, int steps)
{
    int r = any(in->n[0]), o = any(in->n[1]);
    if (!is_in[0][r] || !is_in[1][o])
        return;
    in->score[r][o] = any(4) ? any_score(steps) : 0;
    in->kept[r][o] = !any(5);
    pair(a, in, r, o);
}

static void after_any_history_it_is_as_solved_from_zero(void **state)
{
    static struct instance in;
    (void)state;
    seed = 123456789123456789ull;
    for (int round = 0; round < 40; round++) {
        struct assign *a = assign_new();
        int steps = any(2) ? 3 : 100000;
        memset(&in, 0, sizeof in);
        memset(is_in, 0, sizeof is_in);
        name_things(&in);
        in.n[0] = in.n[1] = 3 + any(SIDE_MOST - 3);
        for (int i = 0; i < 600; i++) {
            if (any(6))
                change_pair(a, &in, steps);
            else
                change_thing(a, &in);
            if (any(8))
                continue;
            struct flow flow;
            assign_solve(a);
            read_flow(a, &in, &flow);
            check_capacities(&in, &flow);
            check_prices(a, &in, &flow);
            check_shuffled(&in, &flow);
        }
        assign_free(&a);
        assert_null(a);
        assign_free(&a);
    }
}

static void a_post_more_or_less_costs_one_path(void **state)
{
    static struct instance in;
    (void)state;
    seed = 99194853094755497ull;
    for (int i = 0; i < 200; i++) {
        generate(&in, SIDE_MOST, 1, 400);
        struct assign *a = build(&in, false);
        int side = any(2), k = any(in.n[side]);
        assign_drop(a, &in.things[side][k]);
        assert_true(assign_solve(a) <= 1 || in.things[side][k].quantity == ENDLESS);
        put(a, &in, side, k);
        for (int other = 0; other < in.n[!side]; other++)
            pair(a, &in, side ? other : k, side ? k : other);
        assert_true(assign_solve(a) <= 1 || in.things[side][k].quantity == ENDLESS);
        assert_int_equal(assign_solve(a), 0);
        assign_free(&a);
    }
}

/* Younger before older: numbers between the neighbours run out, and are given anew. */
static void ids_may_come_in_falling_order(void **state)
{
    static char ids[2][300][ID_SIZE];
    struct assign *a = assign_new();
    (void)state;
    for (int i = 299; i >= 0; i--)
        for (int s = 0; s < 2; s++) {
            snprintf(ids[s][i], ID_SIZE, "p07-%d", i);
            assign_put(a, (enum side)s, ids[s][i], ids[s][i], 1);
        }
    for (int i = 0; i < 300; i++) /* all alike, of half as many offers */
        for (int k = 0; k < 20; k++)
            assign_pair(a, ids[0][i], ids[1][(i + k) % 150], 0.5f, false);
    assign_solve(a);
    for (int i = 0; i < 300; i++) {
        double got = 0;
        for (int k = 0; k < 150; k++)
            got += assign_quantity(a, ids[0][i], ids[1][k]);
        assert_true(got == (i < 150 ? 1 : 0));
    }
    assign_free(&a);
}

#define WINDOW 12

struct window {
    char ids[2][WINDOW][ID_SIZE];
    int n;
};

/* Of things that come one by one; who is in place k has the same neighbours in either instance. */
static void put_place(struct assign *a, struct window *w, int k, int among)
{
    for (int s = 0; s < 2; s++)
        assign_put(a, (enum side)s, w->ids[s][k], w->ids[s][k], 1 + (k + s) % 3);
    for (int other = 0; other < among; other++)
        for (int s = 0; s < 2; s++)
            assign_pair(a, w->ids[0][s ? k : other], w->ids[1][s ? other : k],
                        0.4f + 0.1f * (float)((k + other) % 3), false);
}

static void check_window(const struct assign *a, struct window *w)
{
    struct assign *fresh = assign_new();
    for (int k = 0; k < w->n; k++)
        put_place(fresh, w, k, k + 1);
    assign_solve(fresh);
    for (int r = 0; r < w->n; r++)
        for (int o = 0; o < w->n; o++)
            assert_true(assign_quantity(a, w->ids[0][r], w->ids[1][o]) ==
                        assign_quantity(fresh, w->ids[0][r], w->ids[1][o]));
    assign_free(&fresh);
}

/* Numbers run out at either end while much is assigned already. */
static void ids_may_come_and_go_for_ever(void **state)
{
    (void)state;
    for (int step = -1; step <= 1; step += 2) {
        static struct window w;
        struct assign *a = assign_new();
        w.n = 0;
        for (int i = 0; i < 17000; i++) {
            int k = i % WINDOW;
            for (int s = 0; s < 2 && i >= WINDOW; s++)
                assign_drop(a, w.ids[s][k]);
            for (int s = 0; s < 2; s++)
                snprintf(w.ids[s][k], ID_SIZE, "p07-%d", 50000 + step * i);
            w.n = i < WINDOW ? i + 1 : WINDOW;
            put_place(a, &w, k, w.n);
            if (i % 4)
                continue;
            assign_solve(a);
            check_window(a, &w);
        }
        assign_free(&a);
    }
}

/* Who cannot all be served is not searched for one by one; nor are those who are never asked. */
static void from_zero_as_many_paths_as_there_is_on_the_side_that_has_less(void **state)
{
    static struct instance in;
    (void)state;
    for (int less = 0; less < 2; less++) {
        struct flow flow;
        memset(&in, 0, sizeof in);
        name_things(&in);
        in.n[less] = 8;
        in.n[!less] = SIDE_MOST;
        for (int s = 0; s < 2; s++)
            for (int i = 0; i < in.n[s]; i++)
                in.things[s][i].quantity = 1;
        for (int r = 0; r < in.n[0]; r++)
            for (int o = 0; o < in.n[1]; o++)
                in.score[r][o] = 0.5f;
        struct assign *a = assign_new();
        fill(a, &in);
        assert_int_equal(assign_solve(a), 8);
        read_flow(a, &in, &flow);
        check_prices(a, &in, &flow);
        for (int i = 0; i < SIDE_MOST; i++)
            assert_int_equal(flow.loads[!less][i], i < 8);
        assign_free(&a);
    }
}

/* --- by hand --- */

struct told {
    struct assigned m[8];
    int n;
};

static void hear(void *arg, const struct assigned *m)
{
    struct told *t = arg;
    assert_true(t->n < 8);
    t->m[t->n++] = *m;
}

static char r1[] = "p07-9", r2[] = "p07-10", o1[] = "p07-a", o2[] = "p07-11";

static struct assign *two_and_two(double quantity_of_r1)
{
    struct assign *a = assign_new();
    assign_put(a, SIDE_REQUEST, r2, r2, 1);
    assign_put(a, SIDE_REQUEST, r1, r1, quantity_of_r1);
    assign_put(a, SIDE_OFFER, o1, o1, 1);
    assign_put(a, SIDE_OFFER, o2, o2, 1);
    return a;
}

/* r1 gets o2, because r2 has nothing but o1, and r3 nothing but o3. */
static void check_told(float of_o1, float of_o3)
{
    static char r3[] = "p07-20", o3[] = "p07-b";
    struct assign *a = two_and_two(1);
    struct told t = {.n = 0};
    bool first = of_o1 > of_o3;
    assign_put(a, SIDE_REQUEST, r3, r3, 1);
    assign_put(a, SIDE_OFFER, o3, o3, 1);
    assign_pair(a, r1, o3, of_o3, false);
    assign_pair(a, r1, o1, of_o1, false);
    assign_pair(a, r1, o2, 0.8f, false);
    assign_pair(a, r2, o1, 0.7f, false);
    assign_pair(a, r3, o3, 0.7f, false);
    assign_solve(a);
    assign_each(a, hear, &t);
    assert_int_equal(t.n, 3);
    assert_true(t.m[0].request == r1 && t.m[0].offer == o2 && t.m[0].score == 0.8f);
    assert_ptr_equal(t.m[0].passed, first ? o1 : o3);
    assert_ptr_equal(t.m[0].passed_to, first ? r2 : r3);
    assert_true(t.m[0].passed_score == (first ? of_o1 : of_o3));
    assert_true(t.m[1].request == r2 && t.m[1].offer == o1 && !t.m[1].passed);
    assert_true(t.m[2].request == r3 && t.m[2].offer == o3 && !t.m[2].passed);
    assign_free(&a);
}

static void who_could_have_had_better_is_told_what_and_who_has_it(void **state)
{
    (void)state;
    check_told(0.9f, 0.85f);
    check_told(0.85f, 0.9f);
}

static void equal_ones_are_served_by_id(void **state)
{
    struct assign *a = two_and_two(1);
    (void)state;
    assign_pair(a, r2, o1, 0.5f, false);
    assign_pair(a, r1, o1, 0.5f, false);
    assign_solve(a);
    assert_true(assign_quantity(a, r1, o1) == 1);
    assign_pair(a, r1, o2, 0.5f, false);
    assign_pair(a, r2, o2, 0.5f, false);
    assign_drop(a, r1);
    assign_solve(a);
    assert_true(assign_quantity(a, r2, o1) == 1 && assign_quantity(a, r2, o2) == 0);
    assign_free(&a);
}

static void what_people_were_told_of_stays_unless_another_gains_clearly_more(void **state)
{
    struct assign *a = two_and_two(1);
    (void)state;
    assign_pair(a, r1, o1, 0.60f, true);
    assign_pair(a, r2, o1, 0.65f, false);
    assign_solve(a);
    assert_true(assign_quantity(a, r1, o1) == 1);
    assign_pair(a, r2, o1, 0.75f, false);
    assign_solve(a);
    assert_true(assign_quantity(a, r2, o1) == 1);
    assign_pair(a, r2, o1, 0.65f, false);
    assign_pair(a, r1, o1, 0, true); /* declined: there is cause */
    assign_solve(a);
    assert_true(assign_quantity(a, r2, o1) == 1);
    assign_free(&a);
}

static void a_quantity_is_split_and_parts_of_one_are_counted(void **state)
{
    struct assign *a = two_and_two(2.5);
    struct told t = {.n = 0};
    (void)state;
    assign_put(a, SIDE_OFFER, o2, o2, ASSIGN_ENDLESS);
    assign_pair(a, r1, o1, 0.9f, false);
    assign_pair(a, r1, o2, 0.5f, false);
    assign_pair(a, r2, o2, -0.5f, false);
    assign_pair(a, r2, o1, NAN, false);
    assign_solve(a);
    assign_each(a, hear, &t);
    assert_int_equal(t.n, 2); /* by the offers' ids */
    assert_true(t.m[0].offer == o1 && t.m[0].quantity == 1);
    assert_true(t.m[1].offer == o2 && t.m[1].quantity == 1.5);
    assert_null(t.m[1].passed); /* the request has it itself */
    assert_true(fabs(assign_total(a) - 1.65) < 1e-5);
    assign_free(&a);
}

static void what_is_endless_is_never_used_up(void **state)
{
    struct assign *a = two_and_two(1e15);
    (void)state;
    assign_put(a, SIDE_REQUEST, r2, r2, 1e15);
    assign_put(a, SIDE_OFFER, o1, o1, ASSIGN_ENDLESS);
    assign_pair(a, r1, o1, 0.9f, false);
    assign_pair(a, r2, o1, 0.5f, false);
    assign_solve(a);
    assert_true(assign_quantity(a, r1, o1) > 1e9);
    assert_true(assign_quantity(a, r1, o1) == assign_quantity(a, r2, o1));
    assign_free(&a);
}

static void of_two_with_one_id_in_two_communities_the_right_one_goes(void **state)
{
    static char same[2][ID_SIZE] = {"ladder", "ladder"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct assign *a = two_and_two(1);
        assign_put(a, SIDE_OFFER, same[0], same[0], 1);
        assign_put(a, SIDE_OFFER, same[1], same[1], 1);
        assign_pair(a, r1, same[0], 0.5f, false);
        assign_pair(a, r2, same[1], 0.5f, false);
        assign_drop(a, same[k]);
        assign_drop(a, same[k]); /* nothing, where it is not there */
        assign_solve(a);
        assert_true(assign_quantity(a, r1, same[0]) == k);
        assert_true(assign_quantity(a, r2, same[1]) == !k);
        assign_put(a, SIDE_OFFER, same[k], same[k], 1);
        assert_int_equal(assign_solve(a), 0);
        assign_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_ones_are_as_brute_force_says_ties_included),
        cmocka_unit_test(larger_ones_are_as_good_as_the_textbook_s),
        cmocka_unit_test(after_any_history_it_is_as_solved_from_zero),
        cmocka_unit_test(a_post_more_or_less_costs_one_path),
        cmocka_unit_test(ids_may_come_in_falling_order),
        cmocka_unit_test(ids_may_come_and_go_for_ever),
        cmocka_unit_test(from_zero_as_many_paths_as_there_is_on_the_side_that_has_less),
        cmocka_unit_test(who_could_have_had_better_is_told_what_and_who_has_it),
        cmocka_unit_test(equal_ones_are_served_by_id),
        cmocka_unit_test(what_people_were_told_of_stays_unless_another_gains_clearly_more),
        cmocka_unit_test(a_quantity_is_split_and_parts_of_one_are_counted),
        cmocka_unit_test(what_is_endless_is_never_used_up),
        cmocka_unit_test(of_two_with_one_id_in_two_communities_the_right_one_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

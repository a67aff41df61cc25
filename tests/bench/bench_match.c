/* Matching, on one thread. Each part is a function of the table at the end; bench_match [PART…]
   runs those named, or all. Times are the thread's own on its core; medians of five rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "match/assign.h"

#include "heap.h"
#include "mincost.h"

#define RUNS 5

static uint64_t seed = 88172645463325252ull;

static int any(int below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)((seed >> 20) % (unsigned)below);
}

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static double median_ms(int64_t *ns, int n)
{
    qsort(ns, (size_t)n, sizeof *ns, by_value);
    return (double)ns[n / 2] / 1e6;
}

/* --- assignment: of 1,000 requests with 20 candidates each, against the textbook --- */

#define REQUESTS 1000
#define OFFERS_MOST 1000
#define CANDIDATES 20
#define SCORE_STEPS (1 << 20)

struct town {
    char requests[REQUESTS][ID_SIZE], offers[OFFERS_MOST][ID_SIZE];
    int n_offers, wanted[REQUESTS], had[OFFERS_MOST];
    int to[REQUESTS][CANDIDATES];
    float score[REQUESTS][CANDIDATES];
};

static bool is_candidate(const struct town *t, int r, int n, int o)
{
    for (int k = 0; k < n; k++)
        if (t->to[r][k] == o)
            return true;
    return false;
}

static void settle_town(struct town *t, int offers, int most, int steps)
{
    t->n_offers = offers;
    for (int o = 0; o < offers; o++) {
        snprintf(t->offers[o], ID_SIZE, "p07-%x", 0x1000 + 2 * o);
        t->had[o] = 1 + any(most);
    }
    for (int r = 0; r < REQUESTS; r++) {
        snprintf(t->requests[r], ID_SIZE, "p07-%x", 0x1001 + 2 * r);
        t->wanted[r] = 1 + any(most);
        for (int k = 0; k < CANDIDATES; k++) {
            do
                t->to[r][k] = any(offers);
            while (is_candidate(t, r, k, t->to[r][k]));
            t->score[r][k] = 0.42f + 0.58f * (float)(1 + any(steps)) / (float)steps;
        }
    }
}

static void put_request(struct assign *a, struct town *t, int r)
{
    assign_put(a, SIDE_REQUEST, t->requests[r], t->requests[r], t->wanted[r]);
    for (int k = 0; k < CANDIDATES; k++)
        assign_pair(a, t->requests[r], t->offers[t->to[r][k]], t->score[r][k], false);
}

static struct assign *assign_all(struct town *t, int *paths)
{
    struct assign *a = assign_new();

    for (int o = 0; o < t->n_offers; o++)
        assign_put(a, SIDE_OFFER, t->offers[o], t->offers[o], t->had[o]);
    for (int r = 0; r < REQUESTS; r++)
        put_request(a, t, r);
    *paths = assign_solve(a);
    return a;
}

static int64_t textbook(const struct town *t)
{
    struct mincost m = {.n_nodes = 2 + REQUESTS + t->n_offers};
    int64_t total;

    for (int r = 0; r < REQUESTS; r++) {
        mincost_arc(&m, 0, 2 + r, t->wanted[r], 0);
        for (int k = 0; k < CANDIDATES; k++)
            mincost_arc(&m, 2 + r, 2 + REQUESTS + t->to[r][k], INT32_MAX,
                        -llround((double)t->score[r][k] * SCORE_STEPS));
    }
    for (int o = 0; o < t->n_offers; o++)
        mincost_arc(&m, 2 + REQUESTS + o, 1, t->had[o], 0);
    total = -mincost_solve(&m, 0, 1);
    mincost_deinit(&m);
    return total;
}

/* A request goes and comes again. */
static void one_more(struct town *t)
{
    int paths, searched = 0, most = 0;
    struct assign *a = assign_all(t, &paths);
    int64_t ns[REQUESTS];

    for (int r = 0; r < REQUESTS; r++) {
        int64_t start;

        assign_drop(a, t->requests[r]);
        assign_solve(a);
        start = now_ns();
        put_request(a, t, r);
        paths = assign_solve(a);
        ns[r] = now_ns() - start;
        searched += paths;
        most = paths > most ? paths : most;
    }
    printf("    a request more: p50 %.1f us", median_ms(ns, REQUESTS) * 1e3);
    printf(", p99 %.1f us, %.2f paths, at most %d\n", (double)ns[REQUESTS * 99 / 100] / 1e3,
           (double)searched / REQUESTS, most);
    assign_free(&a);
}

static int assign_town(const char *name, int offers, int most, int steps)
{
    static struct town t;
    int64_t ours[RUNS], theirs, best;
    double total = 0;
    size_t before, calls = 0;
    int paths = 0;

    settle_town(&t, offers, most, steps);
    for (int i = 0; i < RUNS; i++) {
        int64_t start = now_ns();
        struct assign *a;

        before = heap_calls;
        a = assign_all(&t, &paths);
        ours[i] = now_ns() - start;
        calls = heap_calls - before;
        total = assign_total(a);
        assign_free(&a);
    }
    theirs = now_ns();
    best = textbook(&t);
    theirs = now_ns() - theirs;
    printf("  %s: %.2f ms, %d paths, %zu heap calls; textbook (Bellman-Ford) %.0f ms, total %s\n",
           name, median_ms(ours, RUNS), paths, calls, (double)theirs / 1e6,
           llround(total * SCORE_STEPS) == best ? "the same" : "DIFFERS");
    one_more(&t);
    return llround(total * SCORE_STEPS) != best;
}

static int assignment(void)
{
    int bad = 0;

    printf("assignment of %d requests with %d candidates each, from nothing (aim <= 20 ms)\n",
           REQUESTS, CANDIDATES);
    bad |= assign_town("1000 offers", 1000, 1, 100000);
    bad |= assign_town("1000 offers, quantities up to 5", 1000, 5, 100000);
    bad |= assign_town("1000 offers, 5 different scores", 1000, 1, 5);
    bad |= assign_town("1000 offers, all scores alike", 1000, 1, 1);
    bad |= assign_town("300 offers", 300, 1, 100000);
    bad |= assign_town("300 offers, all scores alike", 300, 1, 1);
    return bad;
}

static const struct part {
    const char *name;
    int (*run)(void);
} parts[] = {{"assign", assignment}};

static bool is_named(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], name))
            return true;
    return argc == 1;
}

int main(int argc, char **argv)
{
    int res = 0;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (is_named(parts[i].name, argc, argv))
            res |= parts[i].run();
    return res;
}

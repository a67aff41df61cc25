#include "metrics/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"

enum { BOUNDS_N = 14 };
static const int64_t bounds_us[BOUNDS_N] = {100,   250,   500,    1000,   2500,   5000,    10000,
                                            25000, 50000, 100000, 250000, 500000, 1000000, 5000000};

struct row { /* of one thread; written by it alone, read by a scrape */
    struct row *next;
    _Atomic int64_t cells[METRIC_N];
    _Atomic int64_t buckets[HISTOGRAM_N][BOUNDS_N + 1];
    _Atomic int64_t sums_us[HISTOGRAM_N];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct row *rows; /* of threads that have ended, too: a counter never falls */
static _Thread_local struct row *mine;

static struct row *row(void)
{
    if (mine)
        return mine;
    mine = NEW(struct row);
    pthread_mutex_lock(&lock);
    mine->next = rows;
    rows = mine;
    pthread_mutex_unlock(&lock);
    return mine;
}

/* One writer a cell: a load and a store, no locked instruction. */
static void add(_Atomic int64_t *cell, int64_t by)
{
    atomic_store_explicit(cell, atomic_load_explicit(cell, memory_order_relaxed) + by,
                          memory_order_relaxed);
}

void metrics_add(enum metric m, int64_t by)
{
    add(&row()->cells[m], by);
}

int64_t metrics_sum(enum metric m)
{
    int64_t sum = 0;
    pthread_mutex_lock(&lock);
    for (struct row *r = rows; r; r = r->next)
        sum += atomic_load_explicit(&r->cells[m], memory_order_relaxed);
    pthread_mutex_unlock(&lock);
    return sum;
}

void metrics_observe_us(enum histogram h, int64_t us)
{
    int i = 0;
    while (i < BOUNDS_N && us > bounds_us[i])
        i++;
    add(&row()->buckets[h][i], 1);
    add(&row()->sums_us[h], us);
}

static const struct {
    const char *name, *kind, *help;
} about[METRIC_N] = {
#define COUNTER "counter"
#define GAUGE "gauge"
#define X(name, kind, help) {#name, kind, help},
    METRICS_TABLE(X)
#undef X
};
static const struct {
    const char *name, *help;
} about_histograms[HISTOGRAM_N] = {
#define X(name, help) {#name, help},
    HISTOGRAMS_TABLE(X)
#undef X
};

static void print_histogram(enum histogram h, struct buf *out)
{
    const char *name = about_histograms[h].name;
    int64_t counts[BOUNDS_N + 1] = {0}, sum_us = 0, so_far = 0;
    pthread_mutex_lock(&lock);
    for (struct row *r = rows; r; r = r->next) {
        for (int i = 0; i <= BOUNDS_N; i++)
            counts[i] += atomic_load_explicit(&r->buckets[h][i], memory_order_relaxed);
        sum_us += atomic_load_explicit(&r->sums_us[h], memory_order_relaxed);
    }
    pthread_mutex_unlock(&lock);
    buf_addf(out, "# HELP linli_%s %s\n# TYPE linli_%s histogram\n", name, about_histograms[h].help,
             name);
    for (int i = 0; i < BOUNDS_N; i++) {
        so_far += counts[i];
        buf_addf(out, "linli_%s_bucket{le=\"%g\"} %lld\n", name, (double)bounds_us[i] / 1e6,
                 (long long)so_far);
    }
    so_far += counts[BOUNDS_N];
    buf_addf(out, "linli_%s_bucket{le=\"+Inf\"} %lld\nlinli_%s_sum %.6f\nlinli_%s_count %lld\n",
             name, (long long)so_far, name, (double)sum_us / 1e6, name, (long long)so_far);
}

void metrics_print(struct buf *out)
{
    for (int m = 0; m < METRIC_N; m++)
        buf_addf(out, "# HELP linli_%s %s\n# TYPE linli_%s %s\nlinli_%s %lld\n", about[m].name,
                 about[m].help, about[m].name, about[m].kind, about[m].name,
                 (long long)metrics_sum((enum metric)m));
    for (int h = 0; h < HISTOGRAM_N; h++)
        print_histogram((enum histogram)h, out);
}

#include "metrics/metrics.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/str.h"

#define THREADS 4
#define ROUNDS 100000

static void *count(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        metrics_add(METRIC_http_requests_total, 1);
        metrics_add(METRIC_http_connections, i % 2 ? -1 : 1);
        metrics_observe_us(HISTOGRAM_commit_seconds, i % 2 ? 900 : 9000000);
    }
    return NULL;
}

/* The value behind a series' name, at the start of a line; -1 when there is none. */
static long long value_of(const char *text, const char *series)
{
    size_t n = strlen(series);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (!strncmp(line, series, n) && line[n] == ' ')
            return atoll(line + n);
    }
    return -1;
}

static void threads_are_added_up_even_after_they_ended(void **state)
{
    pthread_t t[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, count, NULL), 0);
    for (int64_t before = 0, now; before < THREADS * ROUNDS; before = now) {
        now = metrics_sum(METRIC_http_requests_total); /* while they count: never backwards */
        assert_true(now >= before && now <= THREADS * ROUNDS);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    assert_int_equal(metrics_sum(METRIC_http_requests_total), THREADS * ROUNDS);
    assert_int_equal(metrics_sum(METRIC_http_connections), 0);
    assert_int_equal(metrics_sum(METRIC_commits_total), 0);
}

static void a_histogram_counts_upwards(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b);
    metrics_print(&b);
    const long long all = THREADS * ROUNDS;
    assert_int_equal(value_of(b.p, "linli_commit_seconds_bucket{le=\"0.0005\"}"), 0);
    assert_int_equal(value_of(b.p, "linli_commit_seconds_bucket{le=\"0.001\"}"), all / 2);
    assert_int_equal(value_of(b.p, "linli_commit_seconds_bucket{le=\"5\"}"), all / 2);
    assert_int_equal(value_of(b.p, "linli_commit_seconds_bucket{le=\"+Inf\"}"), all);
    assert_int_equal(value_of(b.p, "linli_commit_seconds_count"), all);
    assert_int_equal(value_of(b.p, "linli_commit_seconds_sum"), all / 2 * 9000900 / 1000000);
    assert_int_equal(value_of(b.p, "linli_decide_seconds_count"), 0);
    buf_deinit(&b);
}

static void a_bound_belongs_to_its_bucket(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b);
    metrics_observe_us(HISTOGRAM_accept_seconds, 250);
    metrics_observe_us(HISTOGRAM_accept_seconds, 251);
    metrics_observe_us(HISTOGRAM_accept_seconds, 0);
    metrics_print(&b);
    assert_int_equal(value_of(b.p, "linli_accept_seconds_bucket{le=\"0.0001\"}"), 1);
    assert_int_equal(value_of(b.p, "linli_accept_seconds_bucket{le=\"0.00025\"}"), 2);
    assert_int_equal(value_of(b.p, "linli_accept_seconds_bucket{le=\"0.0005\"}"), 3);
    buf_deinit(&b);
}

/* Each line is a HELP, a TYPE or a sample; each sample stands below its own TYPE. */
static void the_text_has_the_form_of_prometheus(void **state)
{
    struct buf b;
    char typed[128] = "";
    int types = 0, samples = 0;
    (void)state;
    buf_init(&b);
    metrics_print(&b);
    assert_int_equal(b.p[b.n - 1], '\n');
    for (struct str rest = buf_str_borrow(&b), line; rest.n;) {
        line = str_cut(&rest, '\n');
        if (str_starts(line, "# HELP linli_"))
            continue;
        if (str_starts(line, "# TYPE ")) {
            types++;
            line = (struct str){line.p + 7, line.n - 7};
            str_copy(typed, sizeof typed, str_cut(&line, ' '));
            assert_true(str_is(line, "counter") || str_is(line, "gauge") ||
                        str_is(line, "histogram"));
            bool total = strlen(typed) > 6 && !strcmp(typed + strlen(typed) - 6, "_total");
            assert_int_equal(total, str_is(line, "counter"));
            continue;
        }
        samples++;
        assert_true(str_starts(line, typed));
    }
    assert_int_equal(types, METRIC_N + HISTOGRAM_N);
    assert_true(samples > METRIC_N + 10 * HISTOGRAM_N);
    buf_deinit(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_are_added_up_even_after_they_ended),
        cmocka_unit_test(a_histogram_counts_upwards),
        cmocka_unit_test(a_bound_belongs_to_its_bucket),
        cmocka_unit_test(the_text_has_the_form_of_prometheus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

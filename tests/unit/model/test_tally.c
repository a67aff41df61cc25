#include "model/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint64_t seed = 20261129;

static uint64_t any(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 11) % below;
}

static void a_bucket_holds_what_lies_at_most_a_sixteenth_beside_its_middle(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        int64_t s = (int64_t)any(UINT64_C(1) << (1 + any(23)));
        int b = wait_bucket(s);
        int64_t beside = wait_middle(b) - s;
        assert_in_range(b, 0, WAIT_BUCKETS - 1);
        assert_true(wait_low(b) <= s);
        assert_true(b == WAIT_BUCKETS - 1 || wait_low(b + 1) > s);
        assert_true(16 * (beside < 0 ? -beside : beside) <= s);
    }
    for (int b = 0; b < WAIT_BUCKETS; b++)
        assert_int_equal(wait_bucket(wait_low(b)), b);
}

static void waits_out_of_range_are_the_first_or_the_last(void **state)
{
    (void)state;
    assert_int_equal(wait_bucket(-5), 0);
    assert_int_equal(wait_bucket((INT64_C(1) << 23) - 1), WAIT_BUCKETS - 1);
    assert_int_equal(wait_bucket(INT64_C(1) << 40), WAIT_BUCKETS - 1);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void quantiles_are_those_of_the_sorted_waits_within_the_stated_error(void **state)
{
    static const double parts[] = {0.01, 0.5, 0.9, 1};
    int64_t waits[300];
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct tally t = {.n_counts = 0};
        int n = 1 + (int)any(300);
        for (int i = 0; i < n; i++) {
            waits[i] = (int64_t)any(UINT64_C(1) << (1 + any(22)));
            tally_add(&t, TALLY_FIRST_RESPONSE, wait_bucket(waits[i]), 1);
            tally_add(&t, TALLY_TO_MATCH, wait_bucket(1), 1); /* another series is no matter */
        }
        qsort(waits, (size_t)n, sizeof *waits, by_value);
        for (size_t q = 0; q < sizeof parts / sizeof *parts; q++) {
            int rank = (int)(parts[q] * n);
            if (rank < parts[q] * n - 1e-9)
                rank++;
            int64_t is = tally_quantile(&t, TALLY_FIRST_RESPONSE, parts[q]);
            int64_t exact = waits[rank ? rank - 1 : 0];
            assert_true(16 * llabs(is - exact) <= exact);
        }
        tally_deinit(&t);
    }
}

static void there_is_no_quantile_of_nothing(void **state)
{
    struct tally t = {.n_counts = 0};
    (void)state;
    assert_int_equal(tally_quantile(&t, TALLY_TO_MATCH, 0.5), -1);
}

static void every_code_leads_back_to_its_number(void **state)
{
    (void)state;
    for (int s = 0; s < TALLY_N; s++)
        for (int at = 0; at < tally_at_end((enum tally_series)s); at++) {
            char code[TALLY_AT_SIZE];
            int back = -1;
            tally_at_code((enum tally_series)s, at, code);
            assert_true(tally_at_parse((enum tally_series)s, str_of(code), &back));
            assert_int_equal(back, at);
        }
    int at = 7;
    assert_false(tally_at_parse(TALLY_REQUESTS, STR("no_such"), &at));
    assert_int_equal(at, 7);
}

/* Beside plain arrays: any order of adding and taking back. */
static void sparse_numbers_are_those_of_an_array(void **state)
{
    static int plain[TALLY_N][256], rows[TALLY_LIST_N][20][TALLY_COLUMNS];
    struct tally t = {.n_counts = 0}, sum = {.n_counts = 0};
    (void)state;
    for (int i = 0; i < 20000; i++) {
        int s = (int)any(TALLY_N), at = (int)any((uint64_t)tally_at_end((enum tally_series)s));
        int l = (int)any(TALLY_LIST_N), name = (int)any(20), column = (int)any(TALLY_COLUMNS);
        int n = (int)any(7) - 3, m = any(3) ? (int)any(3) : -rows[l][name][column];
        char id[ID_SIZE] = "";
        if (name)
            snprintf(id, sizeof id, "%c-%d", 'a' + name % 3, name);
        plain[s][at] += n;
        rows[l][name][column] += m;
        tally_add(&t, (enum tally_series)s, at, n);
        tally_add_row(&t, (enum tally_list)l, id, column, m);
    }
    tally_add_all(&sum, &t);
    for (int s = 0; s < TALLY_N; s++) {
        int64_t all = 0;
        for (int at = 0; at < tally_at_end((enum tally_series)s); at++) {
            assert_int_equal(tally_get(&sum, (enum tally_series)s, at), plain[s][at]);
            all += plain[s][at];
        }
        assert_int_equal(tally_sum(&t, (enum tally_series)s), all);
    }
    int found = 0;
    for (int i = 0; i < sum.n_rows; i++) {
        const char *id = tally_row_name(&sum, &sum.rows[i]);
        int name = id[0] ? atoi(id + 2) : 0;
        assert_memory_equal(sum.rows[i].v, rows[sum.rows[i].list][name], sizeof sum.rows[i].v);
        found++;
    }
    for (int l = 0; l < TALLY_LIST_N; l++)
        for (int k = 0; k < 20; k++)
            found -= rows[l][k][0] || rows[l][k][1] || rows[l][k][2];
    assert_int_equal(found, 0);
    tally_deinit(&t);
    tally_deinit(&sum);
}

static void what_was_taken_back_leaves_nothing(void **state)
{
    struct tally t = {.n_counts = 0};
    (void)state;
    tally_add_row(&t, TALLY_PLACES, "b-1", 0, 1);
    tally_add_row(&t, TALLY_HELP, "p-1", 1, 15);
    tally_add_row(&t, TALLY_PLACES, "b-1", 0, -1);
    assert_int_equal(t.n_rows, 1);
    assert_string_equal(tally_row_name(&t, &t.rows[0]), "p-1");
    tally_add_row(&t, TALLY_HELP, "p-1", 1, -15);
    assert_int_equal(t.names_bytes, 0);
    tally_deinit(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_holds_what_lies_at_most_a_sixteenth_beside_its_middle),
        cmocka_unit_test(waits_out_of_range_are_the_first_or_the_last),
        cmocka_unit_test(quantiles_are_those_of_the_sorted_waits_within_the_stated_error),
        cmocka_unit_test(there_is_no_quantile_of_nothing),
        cmocka_unit_test(every_code_leads_back_to_its_number),
        cmocka_unit_test(sparse_numbers_are_those_of_an_array),
        cmocka_unit_test(what_was_taken_back_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

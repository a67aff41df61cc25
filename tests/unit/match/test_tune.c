/* Weights: how they are written, and what outcomes make of them. */
#include "match/tune.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* --- as text --- */

static void what_is_printed_reads_back(void **state)
{
    struct match_weights w;
    struct errbuf eb;
    struct buf out;
    (void)state;
    buf_init(&out);
    match_weights_print(&match_weights_default, &out);
    assert_int_equal(match_weights_parse(buf_str_borrow(&out), &w, &eb), ERR_OK);
    for (int p = 0; p < MATCH_PART_N; p++)
        assert_float_equal(w.most[p], match_weights_default.most[p], 1e-4);
    buf_deinit(&out);
}

#define REST "time=0.1 quantity=0.1 party=0.1 waiting=0.1 vulnerable=0.1 load=0.1"
static void a_fault_is_named(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "add up to 0.000"},
        {"item=0.2 category=0.1 distance=0.1 " REST " colour=0", "\"colour\" is no part"},
        {"item=0.2 category=0.1 distance=-0.1 " REST, "distance: give a number"},
        {"item=nan category=0.1 distance=0.1 " REST, "item: give a number"},
        {"item=1.5 category=0.1 distance=0.1 " REST, "item: give a number"},
        {"item= category=0.1 distance=0.1 " REST, "item: give a number"},
        {"item=0.2 item=0.2 category=0.1 distance=0.1 " REST, "item stands there twice"},
        {"item=0.3 category=0.1 distance=0.1 " REST, "add up to 1.100"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct match_weights w = match_weights_default;
        struct errbuf eb = {.text = ""};
        assert_int_equal(match_weights_parse(str_of(rows[i].text), &w, &eb), ERR_BAD_FIELD);
        if (!strstr(eb.text, rows[i].says))
            fail_msg("%s: %s", rows[i].text, eb.text);
        assert_memory_equal(&w, &match_weights_default, sizeof w);
    }
}

static void a_rounded_sum_is_evened_out(void **state)
{
    struct match_weights w;
    struct errbuf eb;
    float sum = 0;
    (void)state;
    assert_int_equal(
        match_weights_parse(STR("item=0.203 category=0.1 distance=0.1 " REST), &w, &eb), ERR_OK);
    for (int p = 0; p < MATCH_PART_N; p++)
        sum += w.most[p];
    assert_float_equal(sum, 1, 1e-6);
}

static void what_was_tuned_before_there_was_a_part_stays_as_it_is(void **state)
{
    struct match_weights w;
    struct errbuf eb;
    (void)state;
    assert_int_equal(match_weights_parse(STR("item=0.2 category=0.1 distance=0.1 " REST), &w, &eb),
                     ERR_OK);
    assert_float_equal(w.most[MATCH_PART_ITEM], 0.2, 1e-6);
    assert_true(w.most[MATCH_PART_OUTCOMES] <= 0);
}

/* --- tuning --- */

static uint64_t seed;
static double any(void) /* splitmix64 (S. Vigna, public domain) */
{
    uint64_t z = (seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

/* People who go by `truth`, more or less. */
static void live(struct match_outcome *o, int n, const struct match_weights *truth, double sharp)
{
    for (int i = 0; i < n; i++) {
        double score = 0;
        for (int p = 0; p < MATCH_PART_N; p++) {
            o[i].share[p] = (float)any();
            score += (double)(truth->most[p] * o[i].share[p]);
        }
        o[i].good = any() < 1 / (1 + exp(-sharp * (score - 0.5)));
    }
}

static const struct match_weights near_first = {
    .most = {[MATCH_PART_ITEM] = 0.1f, [MATCH_PART_DISTANCE] = 0.6f, [MATCH_PART_TIME] = 0.3f}};

static void what_people_go_by_is_learned(void **state)
{
    enum { N = 2000 };
    struct match_outcome *o = malloc(N * sizeof *o);
    struct match_tuned x, again;
    float sum = 0;
    (void)state;
    seed = 7;
    live(o, N, &near_first, 12);
    match_tune(o, N, &match_weights_default, &x);
    match_tune(o, N, &match_weights_default, &again);
    assert_memory_equal(&x, &again, offsetof(struct match_tuned, better)); /* padding is behind */
    assert_int_equal(x.better, again.better);
    assert_true(x.better);
    assert_true(x.after > x.before + 0.05f);
    for (int p = 0; p < MATCH_PART_N; p++) {
        sum += x.weights.most[p];
        assert_true(x.weights.most[p] >= 0);
        assert_float_equal(x.weights.most[p], near_first.most[p], 0.08);
    }
    assert_float_equal(sum, 1, 1e-5);
    assert_true(x.alone[MATCH_PART_DISTANCE] > 0.7f);
    assert_float_equal(x.alone[MATCH_PART_LOAD], 0.5, 0.05);
    free(o);
}

static void where_the_weights_are_right_nothing_is_to_be_had(void **state)
{
    enum { N = 200 };
    struct match_outcome o[N];
    struct match_tuned x;
    int better = 0;
    (void)state;
    for (seed = 100; seed < 110; seed++) {
        uint64_t was = seed;
        live(o, N, &match_weights_default, 10);
        match_tune(o, N, &match_weights_default, &x);
        better += x.better;
        seed = was;
    }
    assert_true(better <= 2); /* one in twenty by chance, and some */
}

static void chance_is_not_taken_for_a_reason(void **state)
{
    enum { N = 200 };
    struct match_outcome o[N];
    struct match_tuned x;
    (void)state;
    seed = 3;
    live(o, N, &match_weights_default, 0);
    match_tune(o, N, &match_weights_default, &x);
    for (int p = 0; p < MATCH_PART_N; p++)
        assert_true(isfinite(x.weights.most[p]) && x.weights.most[p] >= 0);
    assert_float_equal(x.before, 0.5, 0.1);
}

static void a_few_outcomes_change_nothing(void **state)
{
    enum { N = 90 };
    struct match_outcome o[N];
    struct match_tuned x;
    (void)state;
    seed = 5;
    live(o, N, &near_first, 12);
    for (int i = 0; i < N; i++)
        o[i].good = i >= MATCH_TUNE_LEAST - 1;
    match_tune(o, N, &match_weights_default, &x);
    assert_int_equal(x.n_bad, MATCH_TUNE_LEAST - 1);
    assert_false(x.better);
    assert_memory_equal(&x.weights, &match_weights_default, sizeof x.weights);
    match_tune(NULL, 0, &match_weights_default, &x);
    assert_false(x.better);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_reads_back),
        cmocka_unit_test(a_fault_is_named),
        cmocka_unit_test(a_rounded_sum_is_evened_out),
        cmocka_unit_test(what_was_tuned_before_there_was_a_part_stays_as_it_is),
        cmocka_unit_test(what_people_go_by_is_learned),
        cmocka_unit_test(where_the_weights_are_right_nothing_is_to_be_had),
        cmocka_unit_test(chance_is_not_taken_for_a_reason),
        cmocka_unit_test(a_few_outcomes_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

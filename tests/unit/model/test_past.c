/* Past outcomes against all that was ever counted. */
#include "model/past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint64_t seed;

static int any(int below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)((seed >> 20) % (uint64_t)below);
}

#define COUNTED 400
static struct outcomes all[COUNTED];

/* By adding up everything that is not too old. */
static struct outcomes expected(int n, int month)
{
    struct outcomes sum = {.month = month};
    for (int i = 0; i < n; i++) {
        if (all[i].month > month || all[i].month <= month - PAST_MONTHS)
            continue;
        sum.kept += all[i].kept;
        sum.failed += all[i].failed;
        sum.answered += all[i].answered;
        sum.refused += all[i].refused;
    }
    return sum;
}

static void check_sum(const struct past *p, int n, int month)
{
    const struct outcomes got = past_sum(p, month), want = expected(n, month);
    assert_memory_equal(&got, &want, sizeof got);
}

static void check_shape(const struct past *p)
{
    assert_true(p->n <= PAST_MONTHS);
    for (int i = 0; i < p->n; i++) {
        assert_true(p->v[i].kept + p->v[i].failed + p->v[i].answered + p->v[i].refused > 0);
        assert_true(!i || p->v[i].month > p->v[i - 1].month);
    }
    assert_true(!p->n || p->v[0].month > p->v[p->n - 1].month - PAST_MONTHS);
}

/* A clock may be set back; what is too old is then not looked for any more. */
static void the_last_half_year_counts(void **state)
{
    struct past p = {NULL, 0};
    int month = 24300, latest = 0;
    (void)state;
    seed = 88172645463325252u;
    for (int i = 0; i < COUNTED; i++) {
        month += any(4) ? 0 : any(12) ? 1 : 5 + any(4);
        all[i] = (struct outcomes){month - (any(9) ? 0 : any(8)), any(2), any(2), any(2), any(2)};
        past_add(&p, &all[i]);
        check_shape(&p);
        if (all[i].kept + all[i].failed + all[i].answered + all[i].refused && all[i].month > latest)
            latest = all[i].month;
        for (int later = 0; later < PAST_MONTHS + 2; later++)
            check_sum(&p, i + 1, latest + later);
    }
    past_deinit(&p);
    assert_int_equal(p.n, 0);
    assert_null(p.v);
}

static void those_of_two_add_up(void **state)
{
    struct past one = {NULL, 0}, other = {NULL, 0};
    (void)state;
    seed = 362436069u;
    for (int i = 0; i < 40; i++) {
        all[i] = (struct outcomes){24300 + any(12), any(3), any(3), any(3), any(3)};
        past_add(any(2) ? &one : &other, &all[i]);
    }
    past_add_all(&one, &other);
    check_shape(&one);
    check_sum(&one, 40, 24311);
    past_deinit(&other);
    past_add_all(&one, &other);
    check_sum(&one, 40, 24311);
    past_deinit(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_half_year_counts),
        cmocka_unit_test(those_of_two_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

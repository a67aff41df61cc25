#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/hash.h"

#define THINGS 2000

struct thing {
    unsigned char *p;
    size_t n;
    unsigned char fill;
};

static void fill_with_random_sizes(struct arena *a, struct thing *t, uint64_t seed)
{
    for (uint64_t i = 0; i < THINGS; i++) {
        uint64_t r = hash64(&i, sizeof i, seed);
        size_t n = r % 100 == 0 ? r / 100 % 60000 : r % 300;
        unsigned char *p = arena_alloc_in(a, n);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t k = 0; k < n; k++)
            if (p[k])
                fail_msg("thing %d of %zu bytes is not zeroed", (int)i, n);
        memset(p, (int)(r & 0xff) | 1, n);
        t[i] = (struct thing){p, n, (unsigned char)(r | 1)};
    }
}

static void things_are_aligned_zeroed_and_apart_over_resets(void **state)
{
    struct thing *t = malloc(THINGS * sizeof *t);
    struct arena *a = arena_new();
    (void)state;
    for (uint64_t round = 0; round < 5; round++) {
        fill_with_random_sizes(a, t, round);
        for (int i = 0; i < THINGS; i++) /* nobody has written over another */
            for (size_t k = 0; k < t[i].n; k++)
                if (t[i].p[k] != t[i].fill)
                    fail_msg("thing %d was written over", i);
        arena_reset(a);
    }
    arena_free(&a);
    assert_null(a);
    arena_free(&a);
    free(t);
}

static void a_reset_gives_the_same_memory_again(void **state)
{
    struct arena *a = arena_new();
    void *first = arena_alloc_in(a, 100);
    (void)state;
    for (int i = 0; i < 1000; i++)
        arena_alloc_in(a, 100);
    arena_reset(a);
    assert_ptr_equal(arena_alloc_in(a, 100), first);
    arena_free(&a);
}

static void texts_end_in_nul(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    assert_string_equal(arena_dup_in(a, STR("邻里")), "邻里");
    assert_string_equal(arena_dup_in(a, (struct str){"abcdef", 3}), "abc");
    assert_string_equal(arena_dup_in(a, (struct str){NULL, 0}), "");
    assert_string_equal(arena_printf_in(a, "%d-%s", 7, "x"), "7-x");
    char *long_one = arena_printf_in(a, "%050000d", 1);
    assert_int_equal(strlen(long_one), 50000);
    assert_int_equal(long_one[49999], '1');
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(things_are_aligned_zeroed_and_apart_over_resets),
        cmocka_unit_test(a_reset_gives_the_same_memory_again),
        cmocka_unit_test(texts_end_in_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static int bits(uint64_t v)
{
    return __builtin_popcountll(v);
}

static void one_bit_of_input_turns_half_of_the_output(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 48; n++) {
        unsigned char key[48];
        long turned = 0, tries = 0;
        for (size_t i = 0; i < sizeof key; i++)
            key[i] = (unsigned char)(i * 37 + n);
        uint64_t before = hash64(key, n, 7);
        for (size_t bit = 0; bit < n * 8; bit++, tries++) {
            key[bit / 8] ^= (unsigned char)(1u << bit % 8);
            int t = bits(before ^ hash64(key, n, 7));
            key[bit / 8] ^= (unsigned char)(1u << bit % 8);
            if (t < 10 || t > 54)
                fail_msg("length %zu, bit %zu turns %d", n, bit, t);
            turned += t;
        }
        if (turned < 27 * tries || turned > 37 * tries)
            fail_msg("length %zu turns %ld in %ld", n, turned, tries);
    }
}

static void length_and_seed_count(void **state)
{
    static const unsigned char zeroes[64];
    (void)state;
    for (size_t n = 0; n < 64; n++)
        for (size_t m = n + 1; m <= 64; m++)
            assert_true(hash64(zeroes, n, 0) != hash64(zeroes, m, 0));
    for (uint64_t seed = 1; seed < 1000; seed++)
        assert_true(hash64("abc", 3, 0) != hash64("abc", 3, seed));
    assert_true(hash64(NULL, 0, 0) == hash64(zeroes, 0, 0));
}

static void alignment_does_not_count(void **state)
{
    char room[80];
    (void)state;
    for (size_t n = 0; n <= 40; n++)
        for (size_t shift = 0; shift < 16; shift++) {
            memset(room, (int)shift, sizeof room);
            memset(room + shift, 'k', n);
            char aligned[48];
            memset(aligned, 'k', n);
            assert_true(hash64(room + shift, n, 3) == hash64(aligned, n, 3));
        }
}

static int by_value(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void likely_keys_spread_evenly_and_do_not_collide(void **state)
{
    enum { KEYS = 200000, SHARDS = 64 };
    uint64_t *seen = malloc(KEYS * sizeof *seen);
    int in_shard[SHARDS] = {0};
    (void)state;
    for (int i = 0; i < KEYS; i++) {
        char key[32];
        size_t n = (size_t)snprintf(key, sizeof key, "c-%d", i);
        seen[i] = hash64(key, n, 0);
        in_shard[seen[i] % SHARDS]++;
    }
    for (int s = 0; s < SHARDS; s++) /* 3125 each; five standard deviations are 280 */
        assert_true(in_shard[s] > 2845 && in_shard[s] < 3405);
    qsort(seen, KEYS, sizeof *seen, by_value);
    for (int i = 1; i < KEYS; i++)
        assert_true(seen[i] != seen[i - 1]);
    free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_bit_of_input_turns_half_of_the_output),
        cmocka_unit_test(length_and_seed_count),
        cmocka_unit_test(alignment_does_not_count),
        cmocka_unit_test(likely_keys_spread_evenly_and_do_not_collide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

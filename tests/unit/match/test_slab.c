/* Items of a slab, from one piece into the next, and blocks of many sizes in one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../service/match/blocks_priv.h"

#define ITEM 512
#define ITEMS 9000 /* 4096 to a piece */

static uint32_t *item(const struct slab *s, uint32_t i)
{
    return slab_at(s, i);
}

static void items_come_zeroed_and_aligned_and_stay_where_they_are(void **state)
{
    static uint32_t *was[ITEMS];
    struct slab s;
    (void)state;
    slab_init(&s, ITEM);
    for (uint32_t i = 0; i < ITEMS; i++) {
        assert_int_equal(slab_add(&s, 1), i);
        was[i] = item(&s, i);
        assert_int_equal((uintptr_t)was[i] % 64, 0);
        for (size_t k = 0; k < ITEM / sizeof(uint32_t); k++)
            assert_int_equal(was[i][k], 0);
        memset(was[i], 0xFF, ITEM);
        *was[i] = i;
    }
    for (uint32_t i = 0; i < ITEMS; i++) {
        assert_ptr_equal(item(&s, i), was[i]);
        assert_int_equal(*was[i], i);
    }
    slab_deinit(&s);
    assert_int_equal(slab_add(&s, 1), 0);
    assert_int_equal(*item(&s, 0), 0);
    slab_deinit(&s);
}

static void items_that_are_added_together_lie_next_to_each_other(void **state)
{
    struct slab s;
    (void)state;
    slab_init(&s, ITEM);
    for (uint32_t all = 0, n = 1; all < ITEMS; all += n, n = n % 7 + 1) {
        uint32_t first = slab_add(&s, n);
        memset(slab_at(&s, first), 0xFF, (size_t)n * ITEM);
        for (uint32_t i = 0; i < n; i++)
            assert_ptr_equal(slab_at(&s, first + i), (char *)slab_at(&s, first) + i * ITEM);
    }
    slab_deinit(&s);
}

/* Each is filled with its own letter, and has it still when it is given back. */
static void blocks_of_any_size_do_not_overlap(void **state)
{
    static struct {
        unsigned char *at;
        size_t bytes;
    } all[2000];
    struct blocks b;
    uint32_t dice = 1;
    (void)state;
    blocks_init(&b);
    for (int i = 0; i < 100000; i++) {
        size_t k = (dice = dice * 1664525 + 1013904223) >> 8 & 2047;
        if (k >= sizeof all / sizeof *all)
            continue;
        for (size_t j = 0; all[k].at && j < all[k].bytes; j++)
            assert_int_equal(all[k].at[j], k % 251);
        if (all[k].at)
            block_leave(&b, all[k].at, all[k].bytes);
        all[k].bytes = dice >> 20 & 1 ? dice >> 21 & 63 : (dice >> 21) % (BLOCK_BYTES_MOST + 1);
        all[k].at = block_take(&b, all[k].bytes);
        memset(all[k].at, (int)(k % 251), all[k].bytes);
    }
    assert_true(b.units.n < 2000 * BLOCK_BYTES_MOST / BLOCK_UNIT); /* they are used again */
    blocks_deinit(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_zeroed_and_aligned_and_stay_where_they_are),
        cmocka_unit_test(items_that_are_added_together_lie_next_to_each_other),
        cmocka_unit_test(blocks_of_any_size_do_not_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Items of a slab, from small pieces into large ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../service/match/slab_priv.h"

#define ITEM 512
#define ITEMS 9000 /* 4096 to a large piece */

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
        assert_int_equal(slab_add(&s), i);
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
    assert_int_equal(slab_add(&s), 0);
    assert_int_equal(*item(&s, 0), 0);
    slab_deinit(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_zeroed_and_aligned_and_stay_where_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

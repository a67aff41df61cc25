#include "../../../service/core/context_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static void thanks_for_a_promise_tell_of_nothing_that_has_happened(void **state)
{
    static const struct {
        const char *text;
        bool happened;
    } rows[] = {
        {"太好了，明早来取", false}, {"谢谢了", false},          {"那我等你，辛苦了", false},
        {"了解，多谢", false},       {"修好了，谢谢", true},     {"车已经推走了", true},
        {"米收到，多谢", true},      {"太好了，灯又亮了", true}, {"麻烦了，晚上见", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct find said;
        find_init(&said, rows[i].text);
        if (says_happened(&said) != rows[i].happened)
            fail_msg("%s", rows[i].text);
    }
}

static void who_withdraws_has_not_got_it(void **state)
{
    struct find said;
    (void)state;
    find_init(&said, "算了，我不需要了");
    assert_true(says_withdrawn(&said));
    find_init(&said, "不用了，已经借到");
    assert_false(says_withdrawn(&said));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thanks_for_a_promise_tell_of_nothing_that_has_happened),
        cmocka_unit_test(who_withdraws_has_not_got_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

static void each_word_says_what_it_says(void **state)
{
    static const struct {
        const char *text;
        bool (*says)(const struct find *said);
        bool yes;
    } rows[] = {
        {"那把太短了，够不着", says_unfit, true}, {"好的，下午来拿", says_unfit, false},
        {"我那天不在家", says_cannot, true},      {"我下来拿", says_cannot, false},
        {"哈哈哈哈", says_laughs, true},          {"收到", says_laughs, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct find said;
        find_init(&said, rows[i].text);
        if (rows[i].says(&said) != rows[i].yes)
            fail_msg("%s", rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thanks_for_a_promise_tell_of_nothing_that_has_happened),
        cmocka_unit_test(each_word_says_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

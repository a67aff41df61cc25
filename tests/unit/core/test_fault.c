#include "../../../service/core/core_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static void two_reports_are_of_one_fault_by_the_things_they_name(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {{"电梯又坏了", "电梯停在8楼不动", true},
                {"电梯又坏了", "the lift is out of order", true},
                {"电梯又坏了", "楼道灯不亮", false},
                {"半夜装修太吵了", "电钻声没完没了", true},
                {"装修把水管打爆了，漏水", "楼上漏水到我家了", true}, /* one of its two */
                {"垃圾没人收", "狗叫了一晚上", false},
                {"燃气味很大", "gas smell in the hallway", true},
                /* where no such thing is named, by the wording */
                {"东门围墙倒了一截", "东门围墙倒了一截，注意安全", true},
                {"东门围墙倒了一截", "顶楼晾衣架松了", false},
                {"电梯又坏了", "顶楼晾衣架松了", false},
                {"", "", false}};
    struct core c = {.o.work = text_work_new()};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fault_same(&c, rows[i].a, rows[i].b) != rows[i].same ||
            fault_same(&c, rows[i].b, rows[i].a) != rows[i].same)
            fail_msg("%s / %s: not %d", rows[i].a, rows[i].b, rows[i].same);
    text_work_free((struct text_work **)&c.o.work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_reports_are_of_one_fault_by_the_things_they_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

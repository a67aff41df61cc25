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
                /* and which one of several they mean */
                {"左边的电梯坏了", "右边的电梯坏了", false},
                {"左边的电梯坏了", "电梯坏了", true},
                {"左边右边的电梯都坏了", "右边电梯坏了", true},
                {"客梯坏了，电梯不动", "货梯也不动，电梯坏了", false},
                {"小区大门道闸坏了", "大门道闸又坏了", true},
                {"小区大门坏了", "单元门坏了", false},
                {"车库漏水", "楼道漏水", false},
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

static void what_is_the_estates_is_told_from_what_a_building_has(void **state)
{
    static const struct {
        const char *text;
        bool estate;
    } rows[] = {{"小区停电了", true},        {"整个小区都停电了，电梯也不动", true},
                {"大门道闸又坏了", true},    {"地下车库积水", true},
                {"院子里的滑梯断了", true},  {"the main gate is stuck", true},
                {"停电了", false},           {"单元大门坏了", false},
                {"小区电梯又坏了", false},   {"隔壁小区停水，我们没停", false},
                {"小区物业快来看看", false}, {"我家门口漏水", false},
                {"楼道灯不亮", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fault_is_of_estate(rows[i].text) != rows[i].estate)
            fail_msg("%s: not %d", rows[i].text, rows[i].estate);
}

static void what_is_out_is_told_from_what_is_only_faulty(void **state)
{
    static const struct {
        const char *text;
        bool out, plain;
    } rows[] = {{"停水了", true, true},
                {"3栋停电了！", true, true},
                {"我家也没水了", true, true},
                {"停水了，怎么回事", true, true},
                {"停水了，谁家有水", true, false},
                {"停水了吗？", true, false},
                {"明天停水", true, false},
                {"燃气停了", true, false},
                {"暖气一点不热", true, false},
                {"燃气味很大", false, false}, /* a leak is no outage */
                {"来电了", false, false},
                {"暖气片漏水", false, false},
                {"我家跳闸了，没电", false, false},
                {"电梯停了", false, false},
                {"小区", false, false},
                {"", false, false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((faults_out(rows[i].text) != 0) != rows[i].out ||
            fault_is_plain(rows[i].text) != rows[i].plain)
            fail_msg("%s: not %d %d", rows[i].text, rows[i].out, rows[i].plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_reports_are_of_one_fault_by_the_things_they_name),
        cmocka_unit_test(what_is_the_estates_is_told_from_what_a_building_has),
        cmocka_unit_test(what_is_out_is_told_from_what_is_only_faulty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../../../service/core/core_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static void a_neighbour_is_called_by_a_part_of_the_name_or_with_a_title(void **state)
{
    static const struct {
        const char *name, *party, *text;
        bool called;
    } rows[] = {
        {"6栋2单元方姐", NULL, "方姐这个还在不", true},
        {"9-1202方姐", NULL, "请方姐留一个", true},
        {"方姐", NULL, "方便的话留一个", false},
        {"江边垂钓", NULL, "江边叔我来拿", true},
        {"江边垂钓", NULL, "江边的路灯", false},
        {"江边垂钓", NULL, "谢谢江边垂钓", true},
        {"栋栋", NULL, "3栋的来拿", false},
        {"云淡风轻", "苗青", "苗姐给我留一份", true},
        {"云淡风轻", "苗青", "苗圃那边有", false},
        {"Tom", NULL, "Tom 我要", false},
        {"", NULL, "我要", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct message m = {.text = rows[i].text};
        const struct said s = {.m = &m};
        const struct party p = {.kind = PARTY_RESIDENT, .name = (char *)rows[i].party};
        if (called_by_name(&s, rows[i].name, rows[i].party ? &p : NULL) != rows[i].called)
            fail_msg("%s: %s", rows[i].name, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_neighbour_is_called_by_a_part_of_the_name_or_with_a_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

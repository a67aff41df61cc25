/* What people say who need some kind of help, and what is called so in a register of resources. */
#include "text/text.h"
#include "unit/text/reading.h"

static uint64_t told(const char *text, enum category leaf)
{
    return text_needs_told(model, str_of(text), leaf);
}

static uint64_t served(const char *name)
{
    return text_needs_served(model, str_of(name));
}

static void a_need_is_told_without_the_name_of_what_serves(void **state)
{
    static const struct {
        const char *text;
        enum category leaf;
        const char *name;
        bool served;
    } rows[] = {
        {"客厅的灯憋了，够不着，哪个来帮我换一下", CATEGORY_REPAIR, "换灯泡", true},
        {"想擦一下吊灯，站凳子上还是够不着", CATEGORY_TOOLS, "人字梯", true},
        {"厕所堵了冲不下去", CATEGORY_REPAIR, "通马桶", true},
        {"廁所堵了沖不下去", CATEGORY_REPAIR, "通马桶", true},
        {"厕所堵了冲不下去", CATEGORY_REPAIR, "换灯泡", false},
        {"车打不着火，电瓶没电了", CATEGORY_VEHICLE, "搭电线", true},
        {"车打不着火，电瓶没电了", CATEGORY_VEHICLE, "顺风车", false},
        {"孩子单词老记不住", CATEGORY_TUTORING, "英语辅导", true},
        {"孩子单词老记不住", CATEGORY_TUTORING, "钢琴陪练", false},
        {"My fridge is dead, who can fix it?", CATEGORY_REPAIR, "家电维修", true},
        /* of another leaf the same words tell nothing */
        {"求购二手洗衣机", CATEGORY_GOODS, "洗衣机维修", false},
        {"谁家有米", CATEGORY_FOOD, "换灯泡", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (((told(rows[i].text, rows[i].leaf) & served(rows[i].name)) != 0) != rows[i].served)
            fail_msg("%s / %s: not %d", rows[i].text, rows[i].name, rows[i].served);
}

static void words_of_letters_count_whole(void **state)
{
    (void)state;
    assert_true(told("a ladder please", CATEGORY_TOOLS) & served("梯子"));
    assert_false(told("bladder trouble", CATEGORY_TOOLS) & served("梯子"));
}

static void of_nothing_nothing_is_told(void **state)
{
    char much[4096];
    (void)state;
    assert_int_equal(told("", CATEGORY_TOOLS), 0);
    assert_int_equal(served(""), 0);
    assert_int_equal(told("谢谢大家", CATEGORY_NONE), 0);
    for (size_t at = 500; at < 512; at += 10) { /* the first 512 bytes are looked at */
        memset(much, '.', sizeof much);
        strcpy(much + at, "梯子");
        assert_int_equal(told(much, CATEGORY_TOOLS) != 0, at + strlen("梯子") <= 512);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_need_is_told_without_the_name_of_what_serves),
        cmocka_unit_test(words_of_letters_count_whole),
        cmocka_unit_test(of_nothing_nothing_is_told),
    };
    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

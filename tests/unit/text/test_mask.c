/* What a group post may show of a message: nobody's telephone, identity number or door. */
#include "reading.h"

#include "base/clock.h"

static const struct {
    const char *text, *masked;
} masks[] = {
    {"打我电话13800001234，谢谢", "打我电话138****1234，谢谢"},
    {"3栋2单元1502要两袋米", "3栋2单元****要两袋米"},
    {"微信 zhang_san88 加我", "微信 **** 加我"},
    {"身份证500101199001011234", "身份证****"},
    {"2栋电梯坏了", "2栋电梯坏了"},
    {"３－２－１５０２漏水", "３－２－****漏水"},
    {"1⃣3八 0000 1234", "****"},
    {"13800001234 13900005678", "**** ****"},
    {"早上好", "早上好"},
    {"我家8-1，谁有梯子借一下", "我家****，谁有梯子借一下"},
    {"门牌2/601", "门牌2/****"},
    {"天府苑3-2-1502", "天府苑3-2-****"},
    {"3#-1502 拿", "3#-**** 拿"},
    {"12楼B户", "12楼****"},
    {"三零二的快递", "****的快递"},
    /* what only looks like a door */
    {"周末8-10点有空", "周末8-10点有空"},
    {"出3-5斤米", "出3-5斤米"},
    {"孩子3-4岁", "孩子3-4岁"},
    {"8:00-9:00", "8:00-9:00"},
    {"2026-11-23", "2026-11-23"},
    {"今天10.24下午", "今天10.24下午"},
    {"快打120，又打119", "快打120，又打119"},
    {"满150减20", "满150减20"},
    {"1203元", "1203元"},
    {"二零二六年", "二零二六年"},
    {"体温36.8-37.5", "体温36.8-37.5"},
    {"24/7 open", "24/7 open"},
    {"baby clothes 3-6 months", "baby clothes 3-6 months"},
    {"我在5#楼下", "我在5#楼下"},
};

static void what_is_private_is_masked_and_the_rest_stays(void **state)
{
    size_t i;
    char out[256];

    (void)state;
    for (i = 0; i < sizeof masks / sizeof *masks; i++) {
        size_t n = text_mask(str_of(masks[i].text), out, sizeof out);

        assert_int_equal(n, strlen(out));
        assert_string_equal(out, masks[i].masked);
    }
}

/* --- doors: every writing in every surrounding --- */

static const struct {
    const char *written, *secret; /* secret: must not be left in one piece */
} doors[] = {
    {"8-1", "8-1"},           {"15-3", "15-3"},           {"8—1", "8—1"},
    {"８－１", "８－１"},     {"8-1-1502", "1502"},       {"5-2-1801", "1801"},
    {"3栋2单元1502", "1502"}, {"3幢2单元1502室", "1502"}, {"3号楼1502", "1502"},
    {"3#2单元1502", "1502"},  {"3#1502", "1502"},         {"3#-1502", "1502"},
    {"2/601", "601"},         {"2.601", "601"},           {"3.2.1502", "1502"},
    {"B座1502", "1502"},      {"A-1203", "1203"},         {"A1203", "1203"},
    {"B1-203", "203"},        {"1203室", "1203"},         {"1203", "1203"},
    {"8幢-2-301", "301"},     {"2单元 601", "601"},       {"八栋一单元三零二", "三零二"},
    {"三零二", "三零二"},     {"幺八零幺", "幺八零幺"},   {"12楼B户", "B户"},
    {"三楼左户", "左户"},     {"Unit 1203", "1203"},      {"room 302", "302"},
    {"apt 502", "502"},       {"#12-34", "12-34"},        {"Building 3, 1502", "1502"},
};
static const char *const around[][2] = {
    {"", ""},
    {"我家", "，谁有梯子借一下"},
    {"", "需要轮椅"},
    {"家住", "的老人要买药"},
    {"我是", "的，漏水了"},
    {"放", "门口就行"},
    {"帮忙送到", ""},
    {"敲", "的门"},
    {"地址：", "。谢谢"},
    {"（", "）要两份"},
    {"1. ", " 两盒"},
    {"@群主 ", "\n谢谢"},
    {"Please bring it to ", ", thanks"},
    {"电话13800001234，", ""},
    {"", " 13800001234"},
    {"今晚七点在", "等"},
    {"下午3点到", "，2个人"},
};

static void no_door_is_left_in_any_writing(void **state)
{
    char text[256], out[512], again[512];
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof doors / sizeof *doors; i++)
        for (k = 0; k < sizeof around / sizeof *around; k++) {
            snprintf(text, sizeof text, "%s%s%s", around[k][0], doors[i].written, around[k][1]);
            text_mask(str_of(text), out, sizeof out);
            if (strstr(out, doors[i].secret))
                fail_msg("%s became %s", text, out);
            text_mask(str_of(out), again, sizeof again);
            assert_string_equal(out, again);
        }
}

/* 8,000 characters of the worst kinds: a second would be a thousand times too much. */
static void long_texts_take_no_long_time(void **state)
{
    static const char *const pieces[] = {"一", "1-", "1", "a1", "零", "8-1,", "1203 ", "楼a"};
    static char text[TEXT_MAX_BYTES + 8], out[TEXT_MAX_BYTES + 8];
    size_t i;

    (void)state;
    if (getenv("LINLI_SLOW")) /* under valgrind a time means nothing */
        skip();
    for (i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t n = 0, k = strlen(pieces[i]);
        int64_t began = clock_monotonic_ms();

        for (; n + k < TEXT_MAX_BYTES; n += k)
            memcpy(text + n, pieces[i], k);
        text_mask((struct str){text, n}, out, sizeof out);
        assert_true(clock_monotonic_ms() - began < 5000);
    }
}

static void a_small_buffer_is_never_overrun(void **state)
{
    const char *text = "我在3栋2单元1502，电话13800001234，微信 zhang_san88";
    char out[128];
    size_t size;

    (void)state;
    for (size = 1; size < sizeof out; size++) {
        size_t n;

        memset(out, 'x', sizeof out);
        n = text_mask(str_of(text), out, size);
        assert_true(n < size);
        assert_int_equal(out[n], '\0');
        assert_true(str_is_utf8((struct str){out, n}));
        assert_int_equal(out[size], 'x');
    }
}

/* --- names --- */

static const struct {
    const char *text, *name, *masked;
} names[] = {
    {"张三家有梯子吗", "张三", "****家有梯子吗"},
    {"張三家有梯子吗", "3-502 张三🌸", "****家有梯子吗"},
    {"小明发烧了，王小明的妈妈在吗", "王小明", "****发烧了，****的妈妈在吗"},
    {"青岚家漏水了", "欧阳青岚", "****家漏水了"},
    {"乐乐发烧了，谁有退烧药", "乐乐妈妈", "****发烧了，谁有退烧药"},
    {"ＡＬＩＣＥ has a ladder, malice aside", "Alice88", "**** has a ladder, malice aside"},
    {"@李四\u2005你家有梯子吗", "", "****\u2005你家有梯子吗"},
    {"＠Bob，借一下", "", "****，借一下"},
    {"[CQ:at,qq=12345] 借一下", "", "**** 借一下"},
    {"业主们，邻居家漏水", "3栋业主 邻居", "业主们，邻居家漏水"},
    {"一个人在家", "一", "一个人在家"},
    {"张三三", "张三 三三", "****"},
    {"早上好", "", "早上好"},
};

static void names_and_mentions_are_covered_and_the_rest_stays(void **state)
{
    char out[256];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *list[] = {NULL, names[i].name};
        size_t n = text_mask_names(str_of(names[i].text), list, 2, out, sizeof out);
        assert_int_equal(n, strlen(out));
        assert_string_equal(out, names[i].masked);
    }
}

static void however_little_room_there_is_no_character_is_cut(void **state)
{
    const char *const list[] = {"张三"};
    char out[64];
    (void)state;
    for (size_t size = 0; size < sizeof out; size++) {
        size_t n = text_mask_names(STR("梯子张三@李四 借一下"), list, 1, out, size);
        assert_true(n < size || (!n && !size));
        assert_true(str_is_utf8((struct str){out, n}));
    }
}

static void what_cannot_be_read_to_its_end_is_not_given(void **state)
{
    static char text[4096], out[8192];
    const char *const list[] = {"张三"};
    size_t n = 0;
    (void)state;
    while (n + 12 < sizeof text) { /* one character whose normal form has 18 */
        memcpy(text + n, "\xef\xb7\xba", 3);
        n += 3;
    }
    memcpy(text + n, "张三", 6);
    assert_int_equal(text_mask_names((struct str){text, n + 6}, list, 1, out, sizeof out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_private_is_masked_and_the_rest_stays),
        cmocka_unit_test(no_door_is_left_in_any_writing),
        cmocka_unit_test(long_texts_take_no_long_time),
        cmocka_unit_test(a_small_buffer_is_never_overrun),
        cmocka_unit_test(names_and_mentions_are_covered_and_the_rest_stays),
        cmocka_unit_test(however_little_room_there_is_no_character_is_cut),
        cmocka_unit_test(what_cannot_be_read_to_its_end_is_not_given),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

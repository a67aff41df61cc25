#include "reading.h"

static const struct {
    const char *text;
    double quantity;
    const char *unit;
} rows[] = {
    {"谁家有两袋半大米", 2.5, "袋"},
    {"一打鸡蛋", 12, "个"},
    {"十来斤苹果", 10, "斤"},
    {"需要30个鸡蛋", 30, "个"},
    {"口罩两包", 2, "包"},
    {"半箱牛奶", 0.5, "箱"},
    {"3瓶酱油", 3, "瓶"},
    {"二十多斤土豆", 20, "斤"},
    {"2.5公斤面粉", 2.5, "公斤"},
    {"5kg大米", 5, "公斤"},
    {"一百二十个口罩", 120, "个"},
    {"两三个苹果", 2, "个"},
    {"一袋大米", 1, "袋"},
    {"五桶饮用水", 5, "桶"},
    {"十二件救生衣", 12, "件"},
    {"一双鞋子", 1, "双"},
    {"借一把椅子", 1, "把"},
    {"两张桌子", 2, "张"},
    {"４盒退烧药", 4, "盒"},
    {"三卷卫生纸", 3, "卷"},
    {"一台轮椅", 1, "台"},
    {"两大袋衣服", 2, "袋"},
    {"十几本绘本", 10, "本"},
    {"俩苹果", 2, "个"},
    {"2 bags of rice", 2, "袋"},
    {"a dozen eggs", 12, "个"},
    {"three boxes of masks", 3, "箱"},
    {"两床棉被", 2, "床"},
    {"一提卫生纸", 1, "提"},
    {"需要志愿者6名", 6, "名"},
    {"大米五十斤", 50, "斤"},
    {"一斤半猪肉", 1.5, "斤"},
    {"兩盒布洛芬", 2, "盒"},
    {"三块面包", 3, "块"},
    {"500ml酒精", 500, "毫升"},
    {"一斤二两牛肉", 1.2, "斤"},
    {"750ml酒精一瓶", 1, "瓶"},
    {"借一个，晚上还", 1, "个"},
    {"3～4瓶消毒液", 3, "瓶"},
    {"half a bag of flour", 0.5, "袋"},
    {"giving away 4 chairs", 4, "个"},
    {"need two dozen eggs", 24, "个"},
    {"3 dozen eggs", 36, "个"},
    {"一打半鸡蛋", 18, "个"},
    {"要四分之一个西瓜", 0.25, "个"},
    {"需要三四个人帮忙", 3, "个"},
    {"三四个人抬沙发", 3, "个"},
    {"2-3个人帮忙搬家", 2, "个"},
    {"三人帮忙搬冰箱", 3, "人"},
    {"每户两袋米", 2, "袋"},
    {"每人3个口罩", 3, "个"},
    {"一对枕头", 1, "对"},
    /* none */
    {"借一下电钻，打两个孔", 0, ""},
    {"借个梯子换三个灯泡", 0, ""},
    {"20元一份", 0, ""},
    {"64G内存", 0, ""},
    {"G1502次列车", 0, ""},
    {"一个人在家", 0, ""},
    {"送几十斤白菜", 0, ""},
    {"两个人抬不动沙发，求帮忙", 0, ""},
    {"我们三个人抬沙发", 0, ""},
    {"每户停水两个小时", 0, ""},
    {"等了两个小时", 0, ""},
    {"三个月的宝宝", 0, ""},
    {"3栋2单元1502", 0, ""},
    {"电话13800001234", 0, ""},
    {"今晚六点", 0, ""},
    {"第三个路口", 0, ""},
    {"20块钱", 0, ""},
    {"我打算明天去", 0, ""},
    {"只要你来", 0, ""},
};

static void quantities_are_read_with_their_unit(void **state)
{
    size_t i;
    int wrong = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading r = read_text(rows[i].text);

        if (r.slots.quantity != rows[i].quantity || strcmp(r.slots.unit, rows[i].unit) != 0) {
            print_error("%s: %g %s, meant %g %s\n", rows[i].text, r.slots.quantity, r.slots.unit,
                        rows[i].quantity, rows[i].unit);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void items_come_in_the_messages_order_with_their_category(void **state)
{
    struct reading r = read_text("要两包口罩、一袋大米和布洛芬");

    (void)state;
    assert_int_equal(r.slots.n_items, 3);
    assert_string_equal(r.slots.items[0].word, "口罩");
    assert_string_equal(r.slots.items[1].word, "大米");
    assert_int_equal(r.slots.items[1].category, CATEGORY_FOOD);
    assert_int_equal(r.slots.items[2].category, CATEGORY_MEDICINE);
}

/* Chinese has no spaces: where two words of the lexicon share a character, the later is mostly
 * meant. */
static void words_that_share_a_character_are_told_apart(void **state)
{
    static const struct {
        const char *text, *thing;
    } texts[] = {{"老妈走了以后轮椅一直放着，谁要借去用", "轮椅"},
                 {"求二手台灯一个", "台灯"},
                 {"淘汰了一个大衣柜，谁要", "衣柜"}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading r = read_text(texts[i].text);

        assert_true(r.slots.n_items > 0);
        assert_string_equal(r.slots.items[0].word, texts[i].thing);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_are_read_with_their_unit),
        cmocka_unit_test(items_come_in_the_messages_order_with_their_category),
        cmocka_unit_test(words_that_share_a_character_are_told_apart),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

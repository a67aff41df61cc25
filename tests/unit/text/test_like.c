#include "reading.h"

static double items_like(const char *a, const char *b)
{
    struct slot_item x = text_item(model, str_of(a)), y = text_item(model, str_of(b));

    return text_item_likeness(model, &x, &y);
}

static void synonyms_are_the_same_thing(void **state)
{
    (void)state;
    assert_float_equal(items_like("土豆", "洋芋"), 1.0, 1e-9);
    assert_float_equal(items_like("尿不湿", "纸尿裤"), 1.0, 1e-9);
    assert_float_equal(items_like("ladder", "人字梯"), 1.0, 1e-9);
    assert_float_equal(items_like("輪椅", "轮椅"), 1.0, 1e-9);
}

static void near_things_are_less_alike_and_strange_ones_not_at_all(void **state)
{
    double near = items_like("感冒药", "退烧药"), fruit = items_like("苹果", "水果"),
           siblings = items_like("苹果", "香蕉");

    (void)state;
    assert_true(near > 0.3 && near < 1);
    assert_true(fruit > siblings && siblings > 0);
    assert_float_equal(items_like("梯子", "奶粉"), 0.0, 1e-9);
}

static void repair_of_one_kind_of_thing_is_not_repair_of_another(void **state)
{
    static const struct {
        const char *a, *b;
        bool alike;
    } rows[] = {
        {"修洗衣机", "修锁", false},
        {"洗衣机不脱水", "修锁", false},
        {"修洗衣机", "小五金修理", false},
        {"修手机", "修自行车", false},
        {"换锁", "修电视", false},
        {"水龙头漏水", "电路", false},
        {"打孔", "修电脑", false},
        {"修洗衣机", "家电维修", true},
        {"洗衣机不脱水", "家电维修", true},
        {"换锁", "门锁", true},
        {"修自行车", "修车", true},
        {"马桶堵了", "通下水道", true},
        {"修电脑", "重装系统", true},
        {"修洗衣机", "维修", true}, /* of whatever it is */
        {"修锁", "修理", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((items_like(rows[i].a, rows[i].b) > 0.4) != rows[i].alike)
            fail_msg("%s, %s: %.2f", rows[i].a, rows[i].b, items_like(rows[i].a, rows[i].b));
}

static void likeness_is_symmetric(void **state)
{
    static const char *const words[] = {"感冒药",   "退烧药",       "梯子", "电钻",    "修锁",
                                        "修洗衣机", "不认识的东西", "苹果", "a ladder"};
    size_t i, k, n = sizeof words / sizeof *words;

    (void)state;
    for (i = 0; i < n; i++)
        for (k = 0; k < n; k++)
            assert_float_equal(items_like(words[i], words[k]), items_like(words[k], words[i]),
                               1e-9);
}

static void words_out_of_the_lexicon_are_compared_by_their_characters(void **state)
{
    struct slot_item item = text_item(model, STR("蓝牙翻页笔"));

    (void)state;
    assert_int_equal(item.category == CATEGORY_NONE ? item.concept : 0, 0);
    assert_true(items_like("激光翻页器", "翻页器") > 0.5);
    assert_float_equal(items_like("", "翻页器"), 0.0, 1e-9);
}

static void a_compound_is_what_its_last_word_is(void **state)
{
    (void)state;
    assert_int_equal(text_item(model, STR("儿童安全座椅")).category, CATEGORY_BABY);
    assert_int_equal(text_item(model, STR("两把梯子")).category, CATEGORY_TOOLS);
}

static void texts_are_alike_by_what_they_share(void **state)
{
    (void)state;
    assert_float_equal(text_likeness(work, STR("谁家有梯子？"), STR("谁家有梯子!!")), 1.0, 1e-9);
    assert_true(text_likeness(work, STR("谁家有梯子借一下"), STR("有梯子借吗")) > 0.3);
    assert_true(text_likeness(work, STR("谁家有梯子"), STR("电梯坏了")) < 0.3);
    assert_float_equal(text_likeness(work, STR(""), STR("")), 0.0, 1e-9);
}

static int shared_grams(const uint16_t *a, int n, const uint16_t *b, int m)
{
    bool used[TEXT_GRAMS_MAX] = {false};
    int i, k, shared = 0;

    for (i = 0; i < n; i++)
        for (k = 0; k < m; k++)
            if (!used[k] && a[i] == b[k]) {
                used[k] = true;
                shared++;
                break;
            }
    return shared;
}

/* Whoever looks texts up by their grams may rely on it. */
static void texts_are_as_alike_as_their_grams(void **state)
{
    static const char *const texts[] = {"谁家有人字梯，借用一下", "我家有人字梯，借给你",
                                        "梯子！梯子！梯子！",     "梯子梯子，谁家有梯子",
                                        "a ladder, please",       "has anyone a ＬＡＤＤＥＲ?",
                                        "哈哈哈哈哈哈",           "哈哈，好"};
    uint16_t a[TEXT_GRAMS_MAX], b[TEXT_GRAMS_MAX];
    size_t i, k, count = sizeof texts / sizeof *texts;

    (void)state;
    for (i = 0; i < count; i++)
        for (k = 0; k < count; k++) {
            int n = text_grams(work, str_of(texts[i]), a),
                m = text_grams(work, str_of(texts[k]), b);

            assert_float_equal(text_likeness(work, str_of(texts[i]), str_of(texts[k])),
                               2.0 * shared_grams(a, n - 1, b, m - 1) / (n + m - 2), 1e-9);
        }
    assert_int_equal(text_grams(work, STR("梯"), a), 1);
    assert_int_equal(text_grams(work, STR("！。"), a), 0);
}

static void what_everybody_says_is_nothing_in_common(void **state)
{
    static const struct {
        const char *a, *b;
        int shared;
    } rows[] = {
        {"有没有人家里有", "我家有人字梯", 0}, /* 家, 有, 人 */
        {"谁家有梯子借一下", "梯子在门口", 1},
        {"笼子给我留着", "鸟笼一个，送人", 1},
        {"书架书架书架", "实木书架", 2}, /* each once */
        {"anyone have a lamp?", "two desk lamps for anyone", 1},
        {"LAMPS", "lamp", 1},
        {"are you at home", "you are still here", 0},
        {"it is ok", "ok it is", 0}, /* too short */
        {"", "梯子", 0},
        {"", "", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str a = str_of(rows[i].a), b = str_of(rows[i].b);
        int n = text_words_shared(work, a, b);
        if (n != rows[i].shared)
            fail_msg("%s / %s: %d", rows[i].a, rows[i].b, n);
        assert_int_equal(text_words_shared(work, b, a), n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(synonyms_are_the_same_thing),
        cmocka_unit_test(near_things_are_less_alike_and_strange_ones_not_at_all),
        cmocka_unit_test(repair_of_one_kind_of_thing_is_not_repair_of_another),
        cmocka_unit_test(likeness_is_symmetric),
        cmocka_unit_test(words_out_of_the_lexicon_are_compared_by_their_characters),
        cmocka_unit_test(a_compound_is_what_its_last_word_is),
        cmocka_unit_test(texts_are_alike_by_what_they_share),
        cmocka_unit_test(texts_are_as_alike_as_their_grams),
        cmocka_unit_test(what_everybody_says_is_nothing_in_common),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

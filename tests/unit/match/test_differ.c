#include "match/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

/* Is what `differ` says of each pair, either way round, what the table says? */
struct pair {
    const char *a, *b;
    bool differ;
};

static void compare(bool (*differ)(const char *a, const char *b), const struct pair *rows, int n)
{
    for (int i = 0; i < n; i++)
        if (differ(rows[i].a, rows[i].b) != rows[i].differ ||
            differ(rows[i].b, rows[i].a) != rows[i].differ)
            fail_msg("%s / %s: not %d", rows[i].a, rows[i].b, rows[i].differ);
}
#define COMPARE(differ, rows) compare(differ, rows, (int)(sizeof rows / sizeof *rows))

static void two_things_of_other_sizes_are_not_the_same_thing(void **state)
{
    static const struct pair rows[] = {
        {"求140的羽绒服", "有件150的羽绒服", true},
        {"求140的羽绒服", "有件140的羽绒服", false},
        {"求38码雨鞋", "38码的雨鞋一双", false},
        {"求38码雨鞋", "40码的雨鞋一双", true},
        {"找24寸行李箱", "20寸行李箱，闲置", true},
        {"175cm左右的西装", "165cm的西装", true},
        {"175CM", "175厘米", false},
        {"找26寸以上的行李箱", "有个28寸的", false}, /* no one size */
        {"找26寸以上的行李箱，最好28的", "有个20寸的", true},
        /* one that has several sizes has the one that is wanted */
        {"求90的童装", "80的、90的、100的都有", false},
        {"求110的童装", "80的、90的、100的都有", true},
        {"求L码的拉拉裤", "有M码的一包", true},
        {"求L码的拉拉裤", "l码的还剩五片", false},
        {"求XL号雨衣", "L号雨衣一件", true},
        {"谁有三段奶粉", "二段的没开封", true},
        {"谁有三段奶粉", "有两罐3段的", false},
        {"谁有三段奶粉", "放了一段时间的奶粉，没开封", false},
        /* a number without a sign of size is none, nor is one digit, nor four */
        {"求3号的电池", "有5号的电池", false},
        {"100块的", "求140元那种", false},
        {"2024的日历", "2025的日历", false},
        {"求140的", "有羽绒服", false},
        {"羽绒服", "150的羽绒服", false},
        {"", "", false},
    };
    (void)state;
    COMPARE(match_sizes_differ, rows);
}

static void an_accessory_of_one_device_is_none_of_another(void **state)
{
    static const struct pair rows[] = {
        {"谁家有手机充电器借用一下", "电动车充电器闲置，可以借给大家用", true},
        {"我手机没电了，谁有充电器", "电瓶车的充电器一个，送人", true},
        {"求笔记本充电器", "平板充电器一个，闲置", true},
        {"求平板电脑的充电器", "笔记本充电器，闲置", true},
        {"有没有电视遥控器", "空调遥控器多一个", true},
        {"求自行车儿童座椅", "汽车儿童座椅闲置", true},
        {"Anyone got a laptop charger?", "Phone charger, take it", true},
        {"谁有手机支架", "手机支架两个，送", false},
        {"谁有充电器", "电动车充电器闲置", false},
        {"谁有手机充电器", "手机、平板的充电器都有", false},
        {"求电动自行车充电器", "电动车充电器闲置", false},
        {"求安卓充电线", "手机数据线一根", false},
        /* a device by itself is no accessory, and a number is no device */
        {"求旧手机", "电动车充电器闲置", false},
        {"求旧手机", "旧电脑一台", false},
        {"电动车充电器借用一下，手机号私聊", "电瓶车充电器闲置", false},
        {"谁有充电器，打我手机", "电动车充电器闲置", false},
        {"Headphone battery wanted", "camera battery", false},
        {"", "手机充电器", false},
    };
    (void)state;
    COMPARE(match_hosts_differ, rows);
}

static void what_was_found_is_what_was_lost(void **state)
{
    static const struct pair rows[] = {
        {"我丢了一串钥匙，上面有根红绳", "捡到一张门禁卡，白色的，贴了个小黄鸭", true},
        {"我丢了一串钥匙，上面有根红绳", "捡到一串钥匙，挂着个小黄鸭", true},
        {"我丢了一串钥匙，上面有根红绳", "捡到一串钥匙，挂着蓝绳", true},
        {"丢了张白色的门禁卡", "捡到一张蓝色的门禁卡", true},
        {"丢了一把黑色的伞", "捡到一把红色的伞", true},
        {"我家猫丢了，看到的说一声", "捡到一只小狗", true},
        {"Lost my black wallet", "Found a set of keys", true},
        {"手机壳掉了", "捡到一部手机", false}, /* a case is no telephone, and nothing we know */
        {"我丢了一串钥匙，上面有根红绳", "在花坛边捡到一串钥匙，有根红绳", false},
        {"我丢了一串钥匙", "捡到一串钥匙，挂着个小黄鸭", false},
        {"钥匙丢了，上面连着门禁卡", "捡到一张门禁卡", false},
        {"书包丢了，里面有水杯和伞", "捡到一个水杯", false},
        {"钥匙丢了", "快递柜旁边捡到一串钥匙，打我手机", false},
        {"丢了个东西", "捡到一串钥匙", false},
        {"Lost: keys on a red cord", "Found keys, red string on them", false},
        {"丢了把粉红色的伞", "捡到一把粉色的伞", false},
        {"", "捡到一串钥匙", false},
    };
    (void)state;
    COMPARE(match_lost_differ, rows);
}

static void what_may_have_expired_is_told(void **state)
{
    static const struct {
        const char *text;
        bool stale;
    } rows[] = {
        {"我有一盒，过期一个月了", true},
        {"柜子里翻出一瓶，不知道过期没有", true},
        {"有是有，怕过期", true},
        {"I have some, maybe expired", true},
        {"我有一盒，没过期", false},
        {"还有半盒，还没有过期", false},
        {"未过期的有两板", false},
        {"一板，到期还早", false},
        {"mine has not expired yet", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (match_is_stale(rows[i].text) != rows[i].stale)
            fail_msg("%s: not %d", rows[i].text, rows[i].stale);
}

static void a_child_is_given_nothing_for_adults_and_no_other_formula(void **state)
{
    static const struct {
        const char *asked, *had;
        bool harms;
    } rows[] = {
        {"孩子发烧39度，谁家有退烧药", "我有布洛芬胶囊，大人吃的", true},
        {"宝宝烧起来了，求美林", "我有芬必得，掰一半行不行", true},
        {"娃咳得厉害，谁有止咳糖浆", "我有成人的止咳片", true},
        {"孩子发烧39度，谁家有退烧药", "我有儿童美林，没拆封", false},
        {"孩子发烧39度，谁家有退烧药", "我有两种，胶囊是大人的，孩子吃的是滴剂", false},
        {"我妈头疼，谁有布洛芬，孩子他爸出差了", "我有布洛芬胶囊", false},
        {"头疼得厉害，谁有止痛药", "我有布洛芬胶囊", false},
        {"奶粉断了，求一罐飞鹤三段", "我家是爱他美的，行吗", true},
        {"奶粉断了，求一罐飞鹤三段", "我家也是飞鹤，来拿", false},
        {"奶粉断了，谁家有三段的", "我家是爱他美的", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (match_harms_child(rows[i].asked, rows[i].had) != rows[i].harms)
            fail_msg("%s %s: not %d", rows[i].asked, rows[i].had, rows[i].harms);
}

static void however_many_sizes_a_text_names_it_is_read_to_an_end(void **state)
{
    char many[400] = "";
    (void)state;
    for (int i = 0; i < 30; i++)
        snprintf(many + 6 * i, sizeof many - 6 * (size_t)i, "%d的", 110 + i);
    assert_false(match_sizes_differ(many, "111的"));
    assert_true(match_sizes_differ(many, "90的"));
    assert_false(match_sizes_differ("99999999999999999999999999码", "38码"));
}

static void money_is_told_from_things_that_cost(void **state)
{
    static const struct {
        const char *text;
        bool money;
    } rows[] = {
        {"谁能借我500元，下周还", true},
        {"借2000块钱周转一下", true},
        {"手头紧，想借点钱", true},
        {"可以放贷，利息低", true},
        {"能不能借钱给我", true},
        {"could anybody lend me money", true},
        {"借3千块", true},
        {"谁能借我五百块，明天还", true},
        {"想借两万元", true},
        {"借我十块钱", true},
        {"借我几个盘子", false},
        {"借两块木板", false},
        {"借一把两千瓦的电钻", false},
        {"借我几百应急", true},
        {"借梯子，押金500元", false},
        {"借5个盘子", false},
        {"借我3把椅子", false},
        {"求购二手冰箱，300元左右", false},
        {"借充电宝，还1块钱", false},
        {"借", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (match_is_money(rows[i].text) != rows[i].money)
            fail_msg("%s: not %d", rows[i].text, rows[i].money);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_things_of_other_sizes_are_not_the_same_thing),
        cmocka_unit_test(an_accessory_of_one_device_is_none_of_another),
        cmocka_unit_test(what_was_found_is_what_was_lost),
        cmocka_unit_test(what_may_have_expired_is_told),
        cmocka_unit_test(a_child_is_given_nothing_for_adults_and_no_other_formula),
        cmocka_unit_test(however_many_sizes_a_text_names_it_is_read_to_an_end),
        cmocka_unit_test(money_is_told_from_things_that_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../../../service/core/core_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct message message;

static struct said said(const char *text, double quantity, const char *unit)
{
    struct said s = {.m = &message};
    message = (struct message){.text = text};
    s.reading.slots.quantity = quantity;
    str_copy(s.reading.slots.unit, sizeof s.reading.slots.unit, str_of(unit));
    find_init(&s.words, text);
    return s;
}

static void what_is_asked_or_offered_is_counted_in_parts(void **state)
{
    static const struct {
        const char *text, *unit;
        double quantity;
        enum side side;
        enum mode mode;
        double asked;
    } rows[] = {
        {"借梯子", "", 0, SIDE_REQUEST, MODE_LEND, 1},
        {"求两袋米", "袋", 2, SIDE_REQUEST, MODE_GIVE, 2},
        {"需要三个人搬家", "个人", 3, SIDE_REQUEST, MODE_HELP, 3},
        {"十个口罩", "个", 10, SIDE_OFFER, MODE_GIVE, 10},
        {"十个口罩，一家两个", "个", 10, SIDE_OFFER, MODE_GIVE, 5},
        {"11个口罩，每户限2个", "个", 11, SIDE_OFFER, MODE_GIVE, 5},
        {"两个口罩，一人五个", "个", 2, SIDE_OFFER, MODE_GIVE, 2}, /* there is not even one share */
        {"十个口罩，一家两个", "个", 10, SIDE_REQUEST, MODE_GIVE, 10},
        {"五斤米", "斤", 5, SIDE_OFFER, MODE_GIVE, 1}, /* a weight is no number of parts */
        {"三十分钟", "分钟", 30, SIDE_OFFER, MODE_NONE, 1},
        {"半个西瓜", "个", 0.5, SIDE_OFFER, MODE_GIVE, 1},
        {"两千个袋子", "个", 2000, SIDE_OFFER, MODE_GIVE, 1}, /* nobody has so many */
        {"可以帮忙跑腿", "", 0, SIDE_OFFER, MODE_HELP, 3},
        {"求人跑腿", "", 0, SIDE_REQUEST, MODE_HELP, 1},
        {"一筐桃子，送8个，每家两个", "筐", 1, SIDE_OFFER, MODE_GIVE, 4},
        {"旧衣柜白送，来个人搬走", "", 0, SIDE_OFFER, MODE_HELP, 1},
        {"一共四袋，一袋十斤", "袋", 1, SIDE_OFFER, MODE_GIVE, 4},
        {"一大箱橘子，大家随便拿", "箱", 1, SIDE_OFFER, MODE_GIVE, 6}, /* plenty */
        {"二十斤柚子，分四袋，一袋五斤", "斤", 20, SIDE_OFFER, MODE_GIVE, 4},
        {"分成三份的卤菜", "", 0, SIDE_OFFER, MODE_GIVE, 3},
        {"饺子包了九十个，来两家分了", "个", 90, SIDE_OFFER, MODE_GIVE, 2},
        {"六十个鸡蛋，一家最多二十个", "个", 60, SIDE_OFFER, MODE_GIVE, 3},
        {"分三袋装好了，借一把秤", "", 0, SIDE_REQUEST, MODE_LEND, 1},
        {"十分钟后来拿，一个锅", "个", 1, SIDE_OFFER, MODE_GIVE, 1},
        {"一大箱橘子，大家随便拿", "箱", 1, SIDE_REQUEST, MODE_GIVE, 1},
        {"一大箱工具，用完还我", "箱", 1, SIDE_OFFER, MODE_LEND, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct said s = said(rows[i].text, rows[i].quantity, rows[i].unit);
        s.reading.mode = rows[i].mode;
        double got = amount_asked(&s, rows[i].side);
        if (got < rows[i].asked || got > rows[i].asked)
            fail_msg("%s: %f", rows[i].text, got);
    }
}

static void one_thing_is_told_from_several(void **state)
{
    static const struct {
        const char *text;
        enum mode mode;
        const char *items[2];
        bool single;
    } rows[] = {
        {"书桌一张，三栋自提", MODE_GIVE, {"书桌"}, true},
        {"书桌要人来搬走，不搬就放垃圾站", MODE_HELP, {"书桌", "垃圾"}, true},
        {"可以帮忙搬书桌", MODE_HELP, {"书桌"}, false}, /* for many, one after the other */
        {"书桌和台灯，自提", MODE_GIVE, {"书桌", "台灯"}, false},
        {"三把椅子，自提", MODE_GIVE, {"椅子"}, false},
        {"椅子坐了6个月，自提", MODE_GIVE, {"椅子"}, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct post p = {
            .side = SIDE_OFFER, .text = (char *)rows[i].text, .mode = rows[i].mode, .asked = 1};
        for (int k = 0; k < 2 && rows[i].items[k]; k++) {
            struct slot_item *item = &p.slots.items[p.slots.n_items++];
            str_copy(item->word, sizeof item->word, str_of(rows[i].items[k]));
            item->concept = (uint16_t)(k + 1);
        }
        if (amount_is_single(&p) != rows[i].single)
            fail_msg("%s: %s", rows[i].text, rows[i].single ? "several" : "one");
    }
}

static void what_is_claimed_is_what_is_said_as_far_as_it_is_there(void **state)
{
    static const struct {
        const char *what, *unit;
        enum side side;
        enum category category;
        double asked, reserved, says, claimed;
        const char *post_unit;
        double post_says;
        const char *post_text, *text;
    } rows[] = {
        {"all that is still asked", "", SIDE_REQUEST, CATEGORY_FOOD, 3, 1, 0, 2, "袋", 3, "", ""},
        {"two of three", "袋", SIDE_REQUEST, CATEGORY_FOOD, 3, 0, 2, 2, "袋", 3, "", ""},
        {"more than is asked", "袋", SIDE_REQUEST, CATEGORY_FOOD, 3, 0, 9, 3, "袋", 3, "", ""},
        {"one who comes to help", "", SIDE_REQUEST, CATEGORY_VOLUNTEER, 5, 0, 0, 1, "", 0, "", ""},
        {"two who come to help", "人", SIDE_REQUEST, CATEGORY_VOLUNTEER, 5, 0, 2, 2, "", 0, "", ""},
        {"two things are not two people", "袋", SIDE_REQUEST, CATEGORY_VOLUNTEER, 5, 0, 2, 1, "", 0,
         "", ""},
        {"one of an offer", "", SIDE_OFFER, CATEGORY_FOOD, 4, 0, 0, 1, "个", 4, "", ""},
        {"three of an offer", "个", SIDE_OFFER, CATEGORY_FOOD, 4, 0, 3, 3, "个", 4, "", ""},
        {"more than is left", "个", SIDE_OFFER, CATEGORY_FOOD, 4, 2, 3, 2, "个", 4, "", ""},
        {"a share of two", "个", SIDE_OFFER, CATEGORY_FOOD, 5, 0, 2, 1, "个", 10, "", ""},
        {"two shares", "个", SIDE_OFFER, CATEGORY_FOOD, 5, 0, 4, 2, "个", 10, "", ""},
        {"a party that rides together or not", "人", SIDE_OFFER, CATEGORY_VEHICLE, 3, 1, 3, 3, "个",
         3, "", ""},
        {"a share in its own unit", "个", SIDE_OFFER, CATEGORY_FOOD, 4, 0, 2, 1, "筐", 1,
         "一筐桃子，送8个，每家两个", "要两个"},
        {"one of the hands that are asked for", "", SIDE_REQUEST, CATEGORY_MOVING, 3, 0, 0, 1, "个",
         3, "抬钢琴，还差三个人手", "我来"},
        {"two who sign up together", "", SIDE_REQUEST, CATEGORY_VOLUNTEER, 6, 0, 0, 2, "名", 6,
         "招6名志愿者", "我报名，两个人"},
        {"as many as still are wanted", "", SIDE_REQUEST, CATEGORY_VOLUNTEER, 6, 5, 0, 1, "名", 6,
         "招6名志愿者", "我们三个人都来"},
        {"all of them stand in line", "", SIDE_REQUEST, CATEGORY_VOLUNTEER, 6, 6, 0, 3, "名", 6,
         "招6名志愿者", "我们三个人都来"},
        {"two hands more", "", SIDE_REQUEST, CATEGORY_MOVING, 3, 0, 0, 2, "个", 3,
         "抬钢琴，还差三个人手", "我和我老公都来"},
        {"company wants a seat, too", "", SIDE_OFFER, CATEGORY_VEHICLE, 3, 0, 0, 2, "", 0, "",
         "捎上我和我儿子吧"},
        {"seats for all who are named", "", SIDE_OFFER, CATEGORY_VEHICLE, 3, 0, 0, 2, "", 0, "",
         "还有座吗，我们两个人"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct said s = said(rows[i].text, rows[i].says, rows[i].unit);
        struct post p = {.side = rows[i].side,
                         .text = (char *)rows[i].post_text,
                         .category = rows[i].category,
                         .mode = MODE_HELP,
                         .asked = rows[i].asked,
                         .reserved = rows[i].reserved};
        p.slots.quantity = rows[i].post_says;
        str_copy(p.slots.unit, sizeof p.slots.unit, str_of(rows[i].post_unit));
        double got = amount_claimed(&s, &p, post_left(&p));
        if (got < rows[i].claimed || got > rows[i].claimed)
            fail_msg("%s: %f", rows[i].what, got);
    }
}

static void who_signs_up_counts_all_who_come_along(void **state)
{
    static const struct {
        const char *text;
        int coming;
    } rows[] = {
        {"我报名，两个人", 2},
        {"我和我老公都来", 2},
        {"我们三个", 3},
        {"我们三个人都来", 3},
        {"报名两个", 2},
        {"报名+2", 2},
        {"我+1", 1},
        {"我俩都去", 2},
        {"我们仨都可以", 3},
        {"我们一家三口报名", 3},
        {"我带我儿子一起来", 2},
        {"我、我老公和儿子都来", 3},
        {"我报名，我老婆也来", 2},
        {"2人，下午两点到", 2},
        {"the two of us can come", 2},
        {"me and my husband", 2},
        {"我和室友，一共2个", 2},
        {"我一个人来", 1},
        {"我来", 0},
        {"算我一个", 0},
        {"我和我老公商量下，我先报名", 0}, /* who is only asked does not come */
        {"跟老公说过了，我来", 0},
        {"我要带孩子，下午才能来", 0},
        {"还差两个人是吧，我来", 0}, /* the call's number, not theirs */
        {"要是还缺三个人，算我", 0},
        {"第二个人是我", 0},
        {"我来，两个小时够吗", 0},
        {"我3栋2单元的，下午2点到", 0},
        {"我有三个纸箱，一起带来", 0},
        {"王姐也来", 0},
        {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct find said;
        find_init(&said, rows[i].text);
        if (heads_coming(&said) != rows[i].coming)
            fail_msg("%s: %d", rows[i].text, heads_coming(&said));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_or_offered_is_counted_in_parts),
        cmocka_unit_test(one_thing_is_told_from_several),
        cmocka_unit_test(what_is_claimed_is_what_is_said_as_far_as_it_is_there),
        cmocka_unit_test(who_signs_up_counts_all_who_come_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

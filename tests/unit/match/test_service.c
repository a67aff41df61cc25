/* What a standing resource does for people, of whom nobody names it. */
#include "match/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"

static double nothing_alike(void *arg, const struct slot_item *a, const struct slot_item *b)
{
    (void)arg, (void)a, (void)b;
    return 0;
}

static double no_text(void *arg, const char *a, const char *b)
{
    (void)arg, (void)a, (void)b;
    return 0;
}

struct row {
    const char *text;
    enum category asked;
    enum mode mode;
    enum category had;
    const char *words[2];
    const char *conditions;
    bool possible;
};

static bool is_possible(const struct row *r, bool service)
{
    static const char *const here[PLACE_KIND_N] = {"n-1", "b-1", "e-1", "g-1", "c-1", "s-1"};
    static const struct hours always;
    const struct match_context cx = {
        .item = nothing_alike, .text = no_text, .now_ms = 1, .zone_min = 480, .service = service};
    struct match_side request = {.id = "p-1",
                                 .community = "c-1",
                                 .party = "q-1",
                                 .text = r->text,
                                 .category = r->asked,
                                 .mode = r->mode,
                                 .left = 1,
                                 .scope = PLACE_COMMUNITY,
                                 .monthly_limit = -1};
    struct match_side offer = {.id = "r-1",
                               .community = "c-1",
                               .party = "q-2",
                               .text = r->words[0],
                               .party_kind = PARTY_UNIT,
                               .category = r->had,
                               .mode = MODE_HELP,
                               .left = 1,
                               .hours = &always,
                               .scope = PLACE_COMMUNITY,
                               .monthly_limit = -1,
                               .is_resource = true,
                               .words = r->words,
                               .n_words = 2,
                               .conditions = r->conditions};
    struct match_score score;
    memcpy(request.places, here, sizeof here);
    memcpy(offer.places, here, sizeof here);
    match_rate(&cx, &request, &offer, &score);
    return score.possible;
}

static const struct row rows[] = {
    {"客厅灯泡坏了够不着",
     CATEGORY_REPAIR,
     MODE_HELP,
     CATEGORY_REPAIR,
     {"换灯泡", "通马桶"},
     NULL,
     true},
    {"客厅灯泡坏了够不着",
     CATEGORY_FACILITY,
     MODE_HELP,
     CATEGORY_REPAIR,
     {"换灯泡", "通马桶"},
     NULL,
     true},
    {"想给老爸量几天血糖",
     CATEGORY_DEVICE,
     MODE_LEND,
     CATEGORY_DEVICE,
     {"血糖仪", "轮椅"},
     NULL,
     true},
    {"想给老爸量几天血糖",
     CATEGORY_DEVICE,
     MODE_LEND,
     CATEGORY_DEVICE,
     {"血压计", "轮椅"},
     NULL,
     false},
    {"空调不制冷", CATEGORY_REPAIR, MODE_HELP, CATEGORY_REPAIR, {"换灯泡", "通马桶"}, NULL, false},
    {"灯泡借我一个", CATEGORY_TOOLS, MODE_LEND, CATEGORY_REPAIR, {"换灯泡", "通马桶"}, NULL, false},
    {"孩子作文写不出",
     CATEGORY_TUTORING,
     MODE_HELP,
     CATEGORY_TUTORING,
     {"英语辅导", "作文辅导"},
     NULL,
     true},
    {"孩子数学跟不上",
     CATEGORY_TUTORING,
     MODE_HELP,
     CATEGORY_TUTORING,
     {"英语辅导", "作文辅导"},
     NULL,
     false},
    {"明天娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     NULL,
     true},
    {"明天四点谁接一下娃",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     NULL,
     false},
    {"四岁的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "三岁到六岁",
     true},
    {"一岁半的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "三岁到六岁",
     false},
    {"11个月的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "18个月至3岁",
     false},
    {"一岁八个月的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "18个月至3岁",
     true},
    {"7岁的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "3-6岁",
     false},
    {"6岁半的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "3-6岁",
     true},
    {"外婆七十了带不动，四岁的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "3-6岁",
     true},
    {"两岁的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "前一天预约",
     true},
    {"二年级的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "18个月至3岁",
     false},
    {"二年级的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "六岁到十二岁",
     true},
    {"四岁的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "三岁以下",
     false},
    {"两岁的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "三岁以下",
     true},
    {"一岁的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "两岁以上，自带尿片",
     false},
    {"一岁的娃没人带",
     CATEGORY_CHILDCARE,
     MODE_HELP,
     CATEGORY_CHILDCARE,
     {"日托", "半日托"},
     "两岁以上半价",
     true},
};

static void a_service_is_found_by_the_need(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_possible(&rows[i], true) != rows[i].possible)
            fail_msg("%s: %s", rows[i].text, rows[i].possible ? "not found" : "found");
}

/* A Monday at ten, and a register that says what there is and how. */
struct plain_row {
    const char *text;
    enum category asked;
    enum urgency urgency;
    const char *start; /* or NULL: at any time */
    uint64_t told, served;
    const char *conditions;
    const char *why; /* NULL: it is possible */
};

static const char *why_not(const struct plain_row *r)
{
    static const char *const here[PLACE_KIND_N] = {"n-1", "b-1", "e-1", "g-1", "c-1", "s-1"};
    static const char *const words[] = {"换灯泡"};
    int64_t now, start = 0;
    assert_true(time_parse(STR("2026-11-23T10:00:00+08:00"), &now, NULL));
    if (r->start)
        assert_true(time_parse(str_of(r->start), &start, NULL));
    const struct match_context cx = {
        .item = nothing_alike, .text = no_text, .now_ms = now, .zone_min = 480, .service = true};
    struct match_side request = {.id = "p-1",
                                 .community = "c-1",
                                 .party = "q-1",
                                 .text = r->text,
                                 .category = r->asked,
                                 .urgency = r->urgency,
                                 .mode = MODE_HELP,
                                 .left = 1,
                                 .start_ms = start,
                                 .kinds = r->told,
                                 .scope = PLACE_COMMUNITY,
                                 .monthly_limit = -1};
    struct match_side offer = {.id = "r-1",
                               .community = "c-1",
                               .party = "q-2",
                               .text = words[0],
                               .party_kind = PARTY_PROPERTY,
                               .category = CATEGORY_REPAIR,
                               .mode = MODE_HELP,
                               .left = 1,
                               .scope = PLACE_COMMUNITY,
                               .monthly_limit = -1,
                               .is_resource = true,
                               .words = words,
                               .n_words = 1,
                               .conditions = r->conditions,
                               .kinds = r->served};
    memcpy(request.places, here, sizeof here);
    memcpy(offer.places, here, sizeof here);
    struct match_score score;
    match_rate(&cx, &request, &offer, &score);
    return score.possible ? NULL : score.why_not;
}

static void what_is_told_and_asked_decides(void **state)
{
    static const struct plain_row all[] = {
        {"灯憋了", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, NULL, NULL},
        {"灯憋了", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 0, 2, NULL, "不是同一样东西"},
        {"厕所堵了", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 4, 2, NULL, "要的是别的帮助"},
        {"灯憋了，厕所也堵了", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 6, 2, NULL, NULL},
        /* who names it wants it, whatever else is told */
        {"厕所堵了，顺便换灯泡", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 4, 2, NULL, NULL},
        /* of whatever leaf it was read, if what it tells of is that */
        {"婆婆家灯憋了", CATEGORY_ELDERCARE, URGENCY_NORMAL, NULL, 2, 2, NULL, NULL},
        {"婆婆家灯憋了", CATEGORY_ELDERCARE, URGENCY_NORMAL, NULL, 0, 2, NULL, "类别不合"},
        {"灯憋了", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "提前一天预约", NULL},
        {"灯憋了，马上要人", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "提前一天预约",
         "要提前预约"},
        {"灯憋了", CATEGORY_REPAIR, URGENCY_URGENT, NULL, 2, 2, "提前一天预约", "要提前预约"},
        {"灯憋了", CATEGORY_REPAIR, URGENCY_NORMAL, "2026-11-23T18:00:00+08:00", 2, 2, "前一天订",
         "要提前预约"},
        {"灯憋了", CATEGORY_REPAIR, URGENCY_NORMAL, "2026-11-24T00:00:00+08:00", 2, 2, "前一天订",
         NULL},
        {"灯憋了", CATEGORY_REPAIR, URGENCY_NORMAL, "2026-11-24T10:00:00+08:00", 2, 2, "提前3天",
         "要提前预约"},
        {"灯憋了", CATEGORY_REPAIR, URGENCY_URGENT, NULL, 2, 2, "当天可约", NULL},
        {"初二的孩子", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "一至六年级", "年龄不合"},
        {"高一的孩子", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "一至六年级", "年龄不合"},
        {"六年级的孩子", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "一至六年级", NULL},
        {"八岁的孩子", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "一至六年级", NULL},
        {"三岁的孩子", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "一至六年级", "年龄不合"},
        {"五岁的孩子", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "3岁到一年级", NULL},
        {"九岁的孩子", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "3岁到一年级", "年龄不合"},
        {"孩子初三，灯憋了", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "一至六年级", "年龄不合"},
        /* no class */
        {"灯装得高一个人够不着", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "60岁以上", NULL},
        {"灯装得高三米多", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "60岁以上", NULL},
        {"血压高一直头晕", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "60岁以上", NULL},
        {"大年初二家里没人", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "两岁到六岁", NULL},
        /* no notice */
        {"马上要人", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "目前一天只接三单", NULL},
        {"马上要人", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "前三天免费", NULL},
        {"马上要人", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "无需提前一天预约", NULL},
        {"孩子现在上五年级", CATEGORY_REPAIR, URGENCY_NORMAL, NULL, 2, 2, "提前一天预约", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *why = why_not(&all[i]);
        if (!why != !all[i].why || (why && strcmp(why, all[i].why) != 0))
            fail_msg("%s, %s: %s", all[i].text, all[i].conditions, why ? why : "possible");
    }
}

static void without_that_only_things_in_common_count(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_false(is_possible(&rows[i], false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_is_found_by_the_need),
        cmocka_unit_test(what_is_told_and_asked_decides),
        cmocka_unit_test(without_that_only_things_in_common_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

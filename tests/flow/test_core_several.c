/* What is for several: hands, givers and takers, one after the other; what is said of it again;
   what is over; what was lost. The first day is a Monday. */
#include "flow/core_day.h"

/* Who answers a call for two is one of them, whatever they are called. */
static const struct step two_hands_are_two_people_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "下午师傅送冰箱只送到楼下，想找两个力气大的帮忙抬上三楼"),
     .tells = "request m1"},
    {"09:01:00", SAY("m2", "g-3", "n110", "我来帮你抬", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"09:02:00", SAY("m3", "g-3", "n108", "算我一个", .reply_to = "m1"),
     .tells = "m1+m3 proposed self, m1+m3 agreed"},
};
SCENARIO(two_hands_are_two_people)

/* Said once more because somebody is lacking, it is no other need: who answers that answers it. */
static const struct step who_is_still_lacking_is_no_other_need_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "换沙发，旧的要从五楼抬下来，来两个壮劳力，中午管饭"),
     .tells = "request m1"},
    {"09:05:00", SAY("m2", "g-3", "n110", "我来帮你抬", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"09:30:00", SAY("m3", "g-3", "n109", "还差一个人，谁能来帮一下"), .tells = "again m1"},
    {"09:31:00", SAY("m4", "g-3", "n108", "我来", .reply_to = "m3"),
     .tells = "m1+m4 proposed self, m1+m4 agreed"},
};
SCENARIO(who_is_still_lacking_is_no_other_need)

/* The same words of another thing are a need of its own. */
static void what_lacks_or_is_left_besides_is_another(void **state)
{
    static const struct {
        const char *first, *at, *second;
    } rows[] = {
        {"谁有力气，帮我抬一下沙发", "09:30:00", "还有没有邻居有婴儿奶粉，宝宝断粮了"},
        {"明天出差，谁能帮我上门喂一下猫", "09:30:00", "还有没有人明早去机场的，想拼个车"},
        {"想找人帮我修一下水管", "2T09:00:00", "周六社区清扫楼道，还差两个志愿者"},
        {"谁能帮我把旧衣柜抬下楼", "3T09:00:00", "周日搬家，还差两个人帮忙搬沙发"},
        {"谁家有梯子借我用一下", "09:01:00", "还想借个轮椅，用两天"},
        {"婴儿车送人，免费自取", "2T09:00:00", "还有一个婴儿床送人，免费自取"},
        {"旧沙发免费送人", "09:30:00", "还有个书架也送人，要的自取"},
        {"38码运动鞋一双，送人", "09:30:00", "还有一双42码运动鞋，送人"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_deinit(&world);
        world_begin(&world);
        world.now_ms = step_time("09:00:00");
        overhear("m1", "g-3", "n109", rows[i].first);
        world.now_ms = step_time(rows[i].at);
        overhear("m2", "g-3", "n109", rows[i].second);
        const struct post *p =
            core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, "m2").key);
        assert_non_null(p);
        if (strcmp(p->origin.message, "m2") != 0)
            fail_msg("%s: joins %s", rows[i].second, rows[i].first);
    }
}

/* Who has seats for all has them for all, whoever is named; 捎你 is for one. */
static const struct step who_is_named_is_whom_it_is_for_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁周六去机场，捎我一段"), .tells = "request m1"},
    {"09:02:00",
     SAY("m2", "g-3", "n110", "我周六早上八点开车去机场，还有三个空座，大家可以报名",
         .reply_to = NULL),
     .tells = "offer m2, m1+m2 proposed review, m1+m2 in_review"},
    {"09:04:00", SAY("m3", "g-3", "n108", "我要一个座", .reply_to = "m2"),
     .tells = "m3+m2 proposed self, m3+m2 agreed"},
};
SCENARIO(who_is_named_is_whom_it_is_for)

static const struct step what_is_left_is_the_same_offer_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "绿植送人，龟背竹两盆，免费自取"), .tells = "offer m1"},
    {"09:05:00", SAY("m2", "g-3", "n110", "我要一盆", .reply_to = "m1"),
     .tells = "m2+m1 proposed self, m2+m1 agreed"},
    {"13:00:00", SAY("m3", "g-3", "n109", "龟背竹还剩一盆，免费送，谁要"), .tells = "again m1"},
    {"13:01:00", SAY("m4", "g-3", "n108", "我要", .reply_to = "m3"),
     .tells = "m4+m1 proposed self, m4+m1 agreed"},
};
SCENARIO(what_is_left_is_the_same_offer)

/* Too late for the suit, and no ride to the station. */
static const struct step what_comes_too_late_is_for_nothing_else_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "明早六点去南站，有没有同路的车捎一段"),
     .tells = "request m1"},
    {"09:10:00", SAY("m2", "g-3", "n110", "谁家有男式深色西装借我们穿一天，先生后天当伴郎"),
     .tells = "request m2"},
    {"09:12:00", SAY("m3", "g-3", "n108", "西装我家有一套，来拿", .reply_to = "m2"),
     .tells = "m2+m3 proposed self, m2+m3 agreed"},
    {"09:20:00", SAY("m4", "g-3", "n110", "西装借到了，谢谢", .reply_to = "m3"),
     .tells = "m2+m3 fulfilled, met m2 by m4"},
    {"09:25:00", SAY("m5", "g-3", "n107", "我也有一套西装，藏青的"), .tells = ""},
};
SCENARIO(what_comes_too_late_is_for_nothing_else)

/* When it was lost is not when it is wanted. */
static const struct step what_was_lost_is_wanted_at_any_time_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁捡到一把蓝色雨伞，七点左右落在电梯里了"),
     .tells = "request m1"},
    {"14:00:00", SAY("m2", "g-3", "n110", "一楼捡到一把蓝色雨伞，谁丢的来认领"),
     .tells = "offer m2, m1+m2 proposed auto, m1+m2 approved"},
};
SCENARIO(what_was_lost_is_wanted_at_any_time)

/* 灯不亮了 names no bulb; nor does it want a ladder, or the drains done. */
static const struct step a_service_is_proposed_for_a_need_that_names_none_steps[] = {
    {"09:00:00", SAY("m1", "g-21", "n999", "我七十七了，卧室灯不亮，爬不得高，哪个来给我换一下"),
     .tells = "request m1, m1+r-7 proposed auto, m1+r-7 approved"},
};
SCENARIO(a_service_is_proposed_for_a_need_that_names_none)

/* A neighbour has one of two: the other one is still asked for where it was. */
static const struct step one_of_two_leaves_the_other_steps[] = {
    {"09:00:00", SAY("m1", "g-4", "n912", "谁家有轮椅，需要两辆，爸妈后天下午复查用"),
     .tells = "request m1, m1+r-8 proposed auto, m1+r-8 approved"},
    {"09:02:00", WAIT, .tells = "post g-4"},
    {"09:02:01", DELIVER(DONE), .tells = "post delivered, m1+r-8 posted"},
    {"09:10:00", SAY("m2", "g-4", "n913", "我有一辆，来拿吧", .reply_to = "m1"),
     .tells = "m1+r-8 posted, m1+m2 proposed self, m1+m2 agreed"},
};

static void one_of_two_leaves_the_other(void **state)
{
    char key[OBJECT_KEY_SIZE];
    (void)state;
    PLAY(&world, one_of_two_leaves_the_other_steps);
    object_key(key, "c-lx", "r-8");
    const struct resource *r = core_find(world.core, OBJECT_RESOURCE, key);
    assert_true(r->reserved > 0.9 && r->reserved < 1.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(two_hands_are_two_people),
        CASE(who_is_still_lacking_is_no_other_need),
        CASE(what_lacks_or_is_left_besides_is_another),
        CASE(who_is_named_is_whom_it_is_for),
        CASE(what_is_left_is_the_same_offer),
        CASE(what_comes_too_late_is_for_nothing_else),
        CASE(what_was_lost_is_wanted_at_any_time),
        CASE(a_service_is_proposed_for_a_need_that_names_none),
        CASE(one_of_two_leaves_the_other),
    };
    return RUN(tests);
}

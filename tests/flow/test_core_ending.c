/* What is said to be over: which of the posts that are open, or that nobody has ended. */
#include "flow/core_day.h"

static enum post_state state_of(const char *message)
{
    const struct post *p =
        core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
    assert_non_null(p);
    return p->state;
}

static const struct match *match_for(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static void at(const char *time)
{
    struct buf told;
    buf_init(&told);
    tick_until(&world, step_time(time), &told);
    buf_deinit(&told);
}

/* --- called off in so many words --- */

static void what_is_called_off_is_over(void **state)
{
    static const struct {
        const char *post, *sender, *line;
        bool over;
    } rows[] = {{"求购一辆二手儿童自行车，16寸的", "n117", "自行车先不买了，娃说要等过年", true},
                {"求购一辆二手儿童自行车，16寸的", "n117", "儿童自行车我们不收了哈", true},
                {"谁家有梯子借一下", "n117", "梯子不借了，老公买了一个", true},
                {"谁家有梯子借一下", "n118", "我们家也是，梯子不借了，老公买了一个",
                 false},                                                     /* not theirs */
                {"谁家有梯子借一下", "n117", "今天的菜不买了，太贵", false}, /* another thing */
                {"闲置的微波炉免费送", "n117", "微波炉没人要，是不是大家都不换了？", false},
                {"闲置的微波炉免费送", "n117", "微波炉不送了哈，我妈要拿去用", true},
                {"闲置的微波炉免费送", "n117", "楼上那家微波炉不要了，还有要的吗", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i)
            world_make(NULL);
        overhear("m1", "g-31", "n117", rows[i].post);
        overhear("m2", "g-31", rows[i].sender, rows[i].line);
        if ((state_of("m1") == POST_WITHDRAWN) != rows[i].over)
            fail_msg("%s: %s", rows[i].line, post_state_code(state_of("m1")));
        if (i + 1 < sizeof rows / sizeof *rows)
            world_deinit(&world);
    }
}

static void who_yields_gives_their_place_to_the_next(void **state)
{
    static const struct {
        const char *sender, *line;
        bool yields;
    } rows[] = {{"n118", "我算了，家里放不下，让给后面的邻居吧", true},
                {"n118", "我那台不要了，老婆嫌占地方", true},
                {"n118", "我就不要了，给更需要的吧", true},
                {"n118", "他不要的话让给我", false},
                {"n118", "你们都不要了吗", false},
                {"n116", "我算了，家里放不下", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i)
            world_make(NULL);
        overhear("m1", "g-31", "n117", "闲置的微波炉免费送，一台");
        overhear("m2", "g-31", "n118", "微波炉我要，给我留着");
        overhear("m3", "g-31", "n119", "微波炉我也要，排第二");
        const char *first = match_for("m2")->id;
        char id[ID_SIZE];
        str_copy(id, sizeof id, str_of(first));
        overhear("m4", "g-31", rows[i].sender, rows[i].line);
        const struct match *m = core_find(world.core, OBJECT_MATCH, id);
        if ((m->state == MATCH_DECLINED) != rows[i].yields)
            fail_msg("%s: %s", rows[i].line, match_state_code(m->state));
        assert_true((match_for("m3")->state == MATCH_AGREED) == rows[i].yields);
        if (i + 1 < sizeof rows / sizeof *rows)
            world_deinit(&world);
    }
}

/* --- thanks that come late --- */

#define RIDE "明早六点半去高铁站，有没有同路的捎我一段"

static void thanks_may_come_after_its_time_is_over(void **state)
{
    (void)state;
    overhear("m1", "g-31", "n117", RIDE);
    at("3T08:00:00");
    assert_int_equal(state_of("m1"), POST_UNMET);
    overhear("m2", "g-31", "n117", "昨天到高铁站了，谢谢捎我的邻居");
    assert_int_equal(state_of("m1"), POST_MET);
}

static void thanks_of_somebody_else_are_not_for_it(void **state)
{
    (void)state;
    overhear("m1", "g-31", "n117", RIDE);
    at("3T08:00:00");
    overhear("m2", "g-31", "n118", "昨天到高铁站了，谢谢捎我的邻居");
    assert_int_equal(state_of("m1"), POST_UNMET);
}

static void what_is_open_comes_before_what_is_over(void **state)
{
    (void)state;
    overhear("m1", "g-31", "n117", RIDE);
    at("3T08:00:00");
    overhear("m2", "g-31", "n117", "谁家有电钻借用一下，打两个孔");
    overhear("m3", "g-31", "n118", "我有电钻，来拿吧");
    at("3T10:00:00");
    overhear("m4", "g-31", "n117", "电钻用完还了，谢谢");
    assert_int_equal(state_of("m2"), POST_MET);
    assert_int_equal(state_of("m1"), POST_UNMET);
}

/* --- one of several, and several at once --- */

static void ask_for_two(void)
{
    overhear("m1", "g-31", "n117", "谁家有电钻借用一下，打两个孔");
    overhear("m2", "g-31", "n118", "我有电钻，来拿吧");
    at("08:00:00");
    overhear("m3", "g-31", "n117", "谁家有人字梯借我用用");
    overhear("m4", "g-31", "n115", "我家有梯子，给你放门口");
    at("10:00:00");
}

static void the_one_that_is_named_is_over(void **state)
{
    (void)state;
    ask_for_two();
    overhear("m5", "g-31", "n117", "电钻还了，谢谢");
    assert_int_equal(state_of("m1"), POST_MET);
    assert_int_not_equal(state_of("m3"), POST_MET);
}

static void one_line_may_end_both(void **state)
{
    (void)state;
    ask_for_two();
    overhear("m5", "g-31", "n117", "电钻和梯子都还了，谢谢两位邻居");
    assert_int_equal(state_of("m1"), POST_MET);
    assert_int_equal(state_of("m3"), POST_MET);
}

/* --- of several things, some --- */

static bool closes(const char *message)
{
    for (int i = 0; i < world.fx.n_events; i++)
        if (world.fx.events[i].kind == EVENT_MESSAGE &&
            !strcmp(world.fx.events[i].message, message))
            return world.fx.events[i].intent == INTENT_CLOSURE;
    return false;
}

static void what_is_left_is_still_to_be_had(void **state)
{
    (void)state;
    overhear("m1", "g-31", "n117", "搬家了，电饭锅、落地扇、瑜伽垫都送，3栋门口自取");
    overhear("m2", "g-31", "n118", "电饭锅我要，下班来拿");
    overhear("m3", "g-31", "n117", "电饭锅已经被领走了");
    assert_true(closes("m3"));
    assert_int_equal(state_of("m1"), POST_OPEN);
    overhear("m4", "g-31", "n115", "落地扇给我留着，我来拿");
    assert_int_equal(match_for("m4")->state, MATCH_AGREED);
    overhear("m5", "g-31", "n117", "都送完了，谢谢大家");
    assert_int_equal(state_of("m1"), POST_MET);
}

/* --- a full call before its day --- */

#define SEATS "周三早上七点开车去高铁站，还有两个空位，顺路的说一声"

static void fill_seats(void)
{
    overhear("m1", "g-31", "n117", SEATS);
    overhear("m2", "g-31", "n118", "我要一个位子");
    overhear("m3", "g-31", "n115", "我也要一个位子");
    overhear("m4", "g-31", "n117", "满了满了，谢谢大家");
}

static void who_has_a_seat_may_step_back_before_its_day(void **state)
{
    (void)state;
    fill_seats();
    assert_int_equal(state_of("m1"), POST_MET);
    assert_int_equal(match_for("m2")->state, MATCH_AGREED);
    overhear("m5", "g-31", "n118", "不好意思我不去了，那个位让给别人吧");
    assert_int_equal(match_for("m2")->state, MATCH_DECLINED);
    assert_int_equal(match_for("m3")->state, MATCH_AGREED);
    assert_int_equal(state_of("m1"), POST_OPEN);
    world_hand_over();
    overhear("m6", "g-31", "n114", "那个位子给我吧，我去");
    assert_int_equal(match_for("m6")->state, MATCH_AGREED);
    overhear("m7", "g-31", "n117", "满了，谢谢大家");
    assert_int_equal(state_of("m1"), POST_MET);
}

static void after_its_day_a_full_call_is_over(void **state)
{
    (void)state;
    fill_seats();
    at("3T12:00:00");
    overhear("m5", "g-31", "n118", "到站了，谢谢捎我一程");
    assert_int_equal(match_for("m2")->state, MATCH_FULFILLED);
    assert_int_equal(state_of("m1"), POST_MET);
}

static void who_called_for_hands_thanks_them_when_it_is_done(void **state)
{
    (void)state;
    overhear("m1", "g-31", "n117", "周三下午三点抬钢琴下楼，求两个力气大的邻居");
    overhear("m2", "g-31", "n118", "我来帮你抬");
    overhear("m3", "g-31", "n115", "算我一个，我也来抬");
    overhear("m4", "g-31", "n117", "人够了，谢谢两位");
    assert_int_equal(state_of("m1"), POST_MET);
    assert_int_equal(match_for("m1")->state, MATCH_AGREED);
    at("3T17:00:00");
    overhear("m5", "g-31", "n117", "钢琴抬下来了，太谢谢两位了");
    assert_int_equal(match_for("m1")->state, MATCH_FULFILLED);
}

/* --- what was found --- */

static void who_gets_it_back_ends_what_was_found(void **state)
{
    (void)state;
    overhear("m1", "g-31", "n117", "谁丢了一串钥匙，我在电梯口捡到的，放门岗了");
    overhear("m2", "g-31", "n118", "是我的，已经拿到了，谢谢捡到的邻居");
    assert_int_equal(state_of("m1"), POST_MET);
}

static void another_thing_got_back_does_not(void **state)
{
    (void)state;
    overhear("m1", "g-31", "n117", "谁丢了一串钥匙，我在电梯口捡到的，放门岗了");
    overhear("m2", "g-31", "n118", "雨伞拿到了，谢谢");
    assert_true(closes("m2"));
    assert_int_equal(state_of("m1"), POST_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_called_off_is_over),
        CASE(who_yields_gives_their_place_to_the_next),
        CASE(thanks_may_come_after_its_time_is_over),
        CASE(thanks_of_somebody_else_are_not_for_it),
        CASE(what_is_open_comes_before_what_is_over),
        CASE(the_one_that_is_named_is_over),
        CASE(one_line_may_end_both),
        CASE(what_is_left_is_still_to_be_had),
        CASE(who_has_a_seat_may_step_back_before_its_day),
        CASE(after_its_day_a_full_call_is_over),
        CASE(who_called_for_hands_thanks_them_when_it_is_done),
        CASE(who_gets_it_back_ends_what_was_found),
        CASE(another_thing_got_back_does_not),
    };
    return RUN(tests);
}

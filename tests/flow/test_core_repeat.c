/* Said again, for later, or by the next neighbour: when it is the same need and when another; and
   who is no helper. The first day is a Monday. */
#include "flow/core_day.h"

static const struct post *post_of(const char *message)
{
    return core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
}

static void who_wants_the_same_need_not_name_it(void **state)
{
    static const struct {
        const char *text;
        enum category category;
        const char *thing;
    } rows[] = {
        {"求助，我也想借一下，周末推爷爷出门用一天，谁家还有", CATEGORY_DEVICE, "轮椅"},
        {"求助，我也想借，谁家有梯子，周六刷墙用", CATEGORY_TOOLS, "梯子"}, /* it names another */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_deinit(&world);
        world_begin(&world);
        world.now_ms = step_time("09:00:00");
        overhear("m1", "g-3", "n109", "谁家有轮椅借我用两周，妈妈刚做完手术");
        world.now_ms = step_time("09:10:00");
        overhear("m2", "g-3", "n110", rows[i].text);
        const struct post *p = post_of("m2");
        assert_non_null(p);
        assert_int_equal(p->category, rows[i].category);
        assert_string_equal(p->slots.items[0].word, rows[i].thing);
    }
}

static void a_while_later_nobody_knows_what_the_same_is(void **state)
{
    (void)state;
    world.now_ms = step_time("09:00:00");
    overhear("m1", "g-3", "n109", "谁家有轮椅借我用两周，妈妈刚做完手术");
    world.now_ms = step_time("09:31:00");
    overhear("m2", "g-3", "n110", "求助，我也想借一下，周末推爷爷出门用一天，谁家还有");
    assert_int_equal(post_of("m2")->slots.n_items, 0);
}

/* Read as an answer, it is none: the next neighbour wants it, too. */
static const struct step who_also_wants_it_is_no_helper_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁家有帐篷借一下，周末露营"), .tells = "request m1"},
    {"09:05:00", SAY("m2", "g-3", "n110", "我也想借一个"), .tells = "request m2"},
    {"09:06:00", SAY("m3", "g-3", "n117", "我有帐篷，来拿吧", .reply_to = "m1"),
     .tells = "m1+m3 proposed self, m1+m3 agreed"},
};

static void who_also_wants_it_is_no_helper(void **state)
{
    (void)state;
    PLAY(&world, who_also_wants_it_is_no_helper_steps);
    assert_int_equal(post_of("m2")->category, post_of("m1")->category);
    assert_string_equal(post_of("m2")->slots.items[0].word, "帐篷");
}

static const struct step for_another_time_it_is_another_need_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁有力气，帮我抬一下沙发"), .tells = "request m1"},
    {"09:01:00", SAY("m2", "g-3", "n110", "我来帮你抬", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"09:20:00", SAY("m3", "g-3", "n109", "明天上午沙发还要抬下楼，谁有力气帮我抬一下沙发"),
     .tells = "request m3"},
};
SCENARIO(for_another_time_it_is_another_need)

static const struct step without_help_it_is_the_same_need_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁有力气，帮我抬一下沙发"), .tells = "request m1"},
    {"09:20:00", SAY("m3", "g-3", "n109", "明天上午也行，谁有力气帮我抬一下沙发"),
     .tells = "again m1"},
};
SCENARIO(without_help_it_is_the_same_need)

/* Of another leaf, with a thing of its own, and still the same need. */
static const struct step what_follows_at_once_tells_more_of_it_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁有力气，帮我抬一下沙发"), .tells = "request m1"},
    {"09:00:20", SAY("m2", "g-3", "n109", "轮椅坏了，老人下不了楼"), .tells = "again m1"},
};
SCENARIO(what_follows_at_once_tells_more_of_it)

static const struct step what_asks_for_something_else_is_another_need_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁有力气，帮我抬一下沙发"), .tells = "request m1"},
    {"09:00:20", SAY("m2", "g-3", "n109", "再求一包婴儿奶粉，宝宝断粮了"), .tells = "request m2"},
};
SCENARIO(what_asks_for_something_else_is_another_need)

static const struct step what_others_have_come_between_is_another_need_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁有力气，帮我抬一下沙发"), .tells = "request m1"},
    {"09:00:10", SAY("m2", "g-3", "n110", "早上好"), .tells = ""},
    {"09:00:20", SAY("m3", "g-3", "n109", "轮椅坏了，老人下不了楼"),
     .tells = "request m3, m3+r-8 proposed auto, m3+r-8 approved"},
};
SCENARIO(what_others_have_come_between_is_another_need)

/* Whose ladder it is has it already; who offers their own does help. */
static const struct step who_tells_where_it_is_to_be_had_is_no_helper_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁家有梯子借我用一下，装窗帘"),
     .tells = "request m1, m1+r-2 proposed auto, m1+r-2 approved"},
    {"09:01:00", SAY("m2", "g-3", "n110", "物业服务台有梯子，登记一下就能借走", .reply_to = "m1"),
     .tells = ""},
    {"09:01:20", SAY("m3", "g-3", "n108", "我家有梯子，来拿吧", .reply_to = "m1"),
     .tells = "post cancelled, post cancelled, m1+r-2 lapsed, m1+m3 proposed self, m1+m3 agreed"},
};
SCENARIO(who_tells_where_it_is_to_be_had_is_no_helper)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(who_wants_the_same_need_not_name_it),
        CASE(a_while_later_nobody_knows_what_the_same_is),
        CASE(who_also_wants_it_is_no_helper),
        CASE(for_another_time_it_is_another_need),
        CASE(without_help_it_is_the_same_need),
        CASE(what_follows_at_once_tells_more_of_it),
        CASE(what_asks_for_something_else_is_another_need),
        CASE(what_others_have_come_between_is_another_need),
        CASE(who_tells_where_it_is_to_be_had_is_no_helper),
    };
    return RUN(tests);
}

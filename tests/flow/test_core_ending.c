/* What is said to be over: which of the posts that are open, or that nobody has ended. */
#include "flow/core_day.h"

static enum post_state state_of(const char *message)
{
    const struct post *p =
        core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
    assert_non_null(p);
    return p->state;
}

static void at(const char *time)
{
    struct buf told;
    buf_init(&told);
    tick_until(&world, step_time(time), &told);
    buf_deinit(&told);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(thanks_may_come_after_its_time_is_over),
        CASE(thanks_of_somebody_else_are_not_for_it),
        CASE(what_is_open_comes_before_what_is_over),
        CASE(the_one_that_is_named_is_over),
        CASE(one_line_may_end_both),
    };
    return RUN(tests);
}

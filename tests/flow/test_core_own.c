/* Who answers with a thing of their register means that: the match is with it, and its capacity is
   promised, whatever the request was read as and whoever has been thought of before. */
#include "flow/core_day.h"

#define CLINIC "n304"   /* has wheelchairs, crutches, walkers and blood pressure meters */
#define PHARMACY "n305" /* has plasters, for fever, for colds */
#define PROPERTY "n301"
#define OTHER_PROPERTY "n303"

static const struct match *match_for(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static const struct resource *resource_by(const char *id)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, "c-lx", id);
    return core_find(world.core, OBJECT_RESOURCE, key);
}

/* --- which thing is meant --- */

static const struct {
    const char *group, *asks, *answers, *says, *resource; /* "": their own word alone */
} rows[] = {
    {"g-32", "谁家有轮椅借用一下，我妈脚扭了", CLINIC, "我们有轮椅，来拿", "r-8"},
    /* what was wanted is told by the answer */
    {"g-32", "我爸腿脚不方便，有没有能借的东西让他出门晒晒太阳", CLINIC, "我们有轮椅，来拿", "r-8"},
    /* by another word for it */
    {"g-31", "谁家有推车借一下，搬点东西", PROPERTY, "我们有平板车，来服务台拿", "r-1"},
    /* the request was read as of another category */
    {"g-32", "谁家有创可贴，手划破了", PHARMACY, "我们有，来药房拿", "r-11"},
    /* beyond the scope that is registered: it is theirs to give */
    {"g-32", "谁家有人字梯借用一下", PROPERTY, "我们有，来香樟服务台拿", "r-2"},
    /* they say it of themselves, and not of the other estate's manager */
    {"g-32", "谁家有手推车借一下，搬点东西", OTHER_PROPERTY, "我们物业有手推车，来传达室拿", "r-6"},
    {"g-32", "谁家有手推车借一下，搬点东西", OTHER_PROPERTY, "门岗有手推车，登记就能拿", "r-6"},
    /* they name another thing than what was proposed of theirs */
    {"g-31", "家里灯泡坏了，够不着，谁能帮忙换一下", PROPERTY, "我们有梯子，来服务台拿", "r-2"},
    {"g-31", "家里灯泡坏了，够不着，谁能帮忙换一下", PROPERTY, "我们师傅可以来换", "r-4"},
    /* a neighbour's register is no less theirs */
    {"g-31", "想锯块木板，谁家有工具", "n115", "我有曲线锯，来拿", "r-27"},
    /* what is not in their register is promised by their word alone */
    {"g-32", "谁家有血压计借我量一下", PHARMACY, "我们有血压计，过来量", ""},
};

static void what_is_answered_with_is_the_thing_of_the_register(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i) {
            world_end(state);
            world_make(state);
        }
        bool first_estate = !strcmp(rows[i].group, "g-31");
        overhear("m1", rows[i].group, first_estate ? "n117" : "n201", rows[i].asks);
        overhear("m2", rows[i].group, rows[i].answers, rows[i].says);
        const struct match *m = match_for("m1");
        if (strcmp(m->resource, rows[i].resource) != 0)
            fail_msg("%s %s: %s", rows[i].asks, rows[i].says, m->resource);
        assert_int_equal(m->state, MATCH_AGREED);
        assert_string_equal(m->claim, "m2");
        assert_string_equal(m->offer_message ? m->offer_message : "",
                            rows[i].resource[0] ? "" : "m2");
        if (rows[i].resource[0])
            assert_true(resource_by(rows[i].resource)->reserved > 0);
    }
}

/* Neighbours who tell where it is to be had do not help with it themselves. */
static void who_tells_of_the_managers_thing_has_not_got_it(void **state)
{
    (void)state;
    overhear("m1", "g-32", "n201", "谁家有手推车借一下，搬点东西");
    overhear("m2", "g-32", "n203", "门岗有手推车，登记就能拿");
    assert_int_not_equal(match_for("m1")->state, MATCH_AGREED);
    assert_null(match_for("m1")->claim);
}

/* --- how much of it there is --- */

/* What was only thought of for somebody else gives way to the word of whose it is. */
static const struct step what_nobody_was_told_of_gives_way_steps[] = {
    {"10:00:00", SAY("m1", "g-31", "n117", "谁家有人字梯借用一下"),
     .tells = "request m1, m1+r-2 proposed auto, m1+r-2 approved"},
    {"10:00:30", SAY("m2", "g-5", "n114", "谁家有人字梯借我用用"), .tells = "request m2"},
    {"10:01:00", SAY("m3", "g-5", PROPERTY, "我们有梯子，来服务台拿"),
     .tells = "post cancelled, m1+r-2 lapsed, m2+r-2 proposed self, m2+r-2 agreed"},
};
SCENARIO(what_nobody_was_told_of_gives_way)

static const struct step what_somebody_was_told_of_stays_theirs_steps[] = {
    {"10:00:00", SAY("m1", "g-31", "n117", "谁家有人字梯借用一下"),
     .tells = "request m1, m1+r-2 proposed auto, m1+r-2 approved"},
    {"10:02:00", WAIT, .tells = "post g-31"},
    {"10:02:10", DELIVER(DONE), .tells = "post delivered, m1+r-2 posted"},
    {"10:02:30", SAY("m2", "g-5", "n114", "谁家有人字梯借我用用"), .tells = "request m2"},
    {"10:03:00", SAY("m3", "g-5", PROPERTY, "我们有梯子，来服务台拿"),
     .tells = "m2+m3 proposed self, m2+m3 agreed"},
};
SCENARIO(what_somebody_was_told_of_stays_theirs)

/* Who is second in line has it of the register, too, once it is their turn. */
static void who_stands_in_line_promises_nothing_until_it_is_their_turn(void **state)
{
    (void)state;
    overhear("m1", "g-32", "n201", "谁家有轮椅借用一下");
    overhear("m2", "g-32", "n210", "我家有，给你送来");
    overhear("m3", "g-32", CLINIC, "我们站里有，来拿");
    assert_string_equal(match_for("m1")->resource, "r-8");
    assert_int_equal(match_for("m1")->state, MATCH_PROPOSED);
    assert_true(resource_by("r-8")->reserved <= 0);
    world_hand_over();
    overhear("m4", "g-32", "n210", "不好意思，我来不了了，你找别人吧");
    assert_int_equal(match_for("m1")->state, MATCH_AGREED);
    assert_true(resource_by("r-8")->reserved > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_answered_with_is_the_thing_of_the_register),
        CASE(who_tells_of_the_managers_thing_has_not_got_it),
        CASE(what_nobody_was_told_of_gives_way),
        CASE(what_somebody_was_told_of_stays_theirs),
        CASE(who_stands_in_line_promises_nothing_until_it_is_their_turn),
    };
    return RUN(tests);
}

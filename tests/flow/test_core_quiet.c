/* Quiet hours: what nobody waits for is posted in the morning, what has ended by then never. */
#include "flow/core_day.h"

static int night_make(void **state)
{
    world_make(state);
    world.quiet = quiet_hours_usual;
    world_widen(&world, false);
    return 0;
}

#define DRILL "我家有把冲击钻，这几天不用，要打孔的邻居可以拿去用"
#define WANTS_DRILL "谁家有冲击钻借用一下"
#define OFFERED                                                                                    \
    {                                                                                              \
        "18:00:00", SAY("m1", "g-2", "n115", DRILL), .tells = "offer m1"                           \
    }
#define WANTED_AT_NIGHT                                                                            \
    OFFERED,                                                                                       \
    {                                                                                              \
        "2T02:00:00", SAY("m3", "g-2", "n128", WANTS_DRILL),                                       \
            .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"                             \
    }

/* Each step is decided by a core that has only what the one before has stored. */
static void play_on(const struct step *steps, int n)
{
    for (int i = 0; i < n; i++) {
        play(&world, steps + i, 1);
        world_hand_over();
    }
}
#define PLAY_ON(steps) play_on(steps, (int)(sizeof(steps) / sizeof *(steps)))

static void at_night_a_proposal_waits_for_the_morning(void **state)
{
    static const struct step steps[] = {
        WANTED_AT_NIGHT,
        {"2T06:59:59", WAIT, .tells = ""},
        {"2T07:00:00", WAIT, .tells = "post g-2"},
        {"2T07:00:01", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"},
    };
    (void)state;
    PLAY_ON(steps);
}

static void where_there_are_no_quiet_hours_it_goes_at_once(void **state)
{
    static const struct step steps[] = {WANTED_AT_NIGHT, {"2T02:02:00", WAIT, .tells = "post g-2"}};
    (void)state;
    world.quiet = (struct quiet_hours){0, 0};
    world_widen(&world, false);
    PLAY_ON(steps);
}

static void what_is_urgent_goes_at_once(void **state)
{
    static const struct post_edit urgent = {.has_urgency = true, .urgency = URGENCY_URGENT};
    static const struct step steps[] = {
        {"23:00:00", SAY("m3", "g-2", "n128", WANTS_DRILL), .tells = "request m3"},
        {"23:30:00", ORDER(POST_EDIT, .on = "m3", .edit = &urgent), .tells = "ok, again m3"},
        {"23:31:00", SAY("m1", "g-5", "n115", DRILL),
         .tells = "offer m1, m3+m1 proposed auto, m3+m1 approved"},
        {"23:31:30", WAIT, .tells = "post g-2, post g-5"},
    };
    (void)state;
    PLAY_ON(steps);
}

/* They are awake, and talk of it. */
static void what_is_being_talked_of_goes_at_once(void **state)
{
    static const struct step steps[] = {
        WANTED_AT_NIGHT,
        {"2T02:01:00", SAY("m4", "g-2", "n106", "你要打多大的孔呀", .reply_to = "m3"), .tells = ""},
        {"2T02:02:00", WAIT, .tells = "post g-2"},
    };
    (void)state;
    PLAY_ON(steps);
}

static void what_is_talked_of_in_the_night_goes_then(void **state)
{
    static const struct step steps[] = {
        WANTED_AT_NIGHT,
        {"2T03:00:00", WAIT, .tells = ""},
        {"2T03:08:00", SAY("m5", "g-2", "n128", "有人醒着吗", .reply_to = "m3"), .tells = ""},
        {"2T03:09:00", WAIT, .tells = ""}, /* who asks is awake, and nobody else */
        {"2T03:10:00", SAY("m4", "g-2", "n106", "你要打多大的孔呀", .reply_to = "m3"), .tells = ""},
        {"2T03:10:01", WAIT, .tells = "post g-2"},
    };
    (void)state;
    PLAY_ON(steps);
}

static void what_ends_in_the_night_is_not_posted(void **state)
{
    static const struct step steps[] = {
        WANTED_AT_NIGHT,
        {"2T06:00:00", SAY("m4", "g-2", "n128", "冲击钻不用了，找到了"),
         .tells = "post cancelled, m3+m1 lapsed, withdrawn m3 by m4"},
        {"2T09:00:00", WAIT, .tells = ""},
    };
    (void)state;
    PLAY_ON(steps);
}

static void an_approval_of_the_night_can_be_taken_back_until_the_morning(void **state)
{
    static const struct step steps[] = {
        WANTED_AT_NIGHT,
        {"2T06:00:00", ORDER(MATCH_UNDO, .on = "m3"),
         .tells = "ok, post cancelled, m3+m1 undone, m3+m1 proposed review, m3+m1 in_review"},
        {"2T09:00:00", WAIT, .tells = ""},
    };
    (void)state;
    PLAY_ON(steps);
}

static void several_for_one_group_go_one_after_the_other(void **state)
{
    static const struct step steps[] = {
        OFFERED,
        {"18:01:00", SAY("m2", "g-2", "n106", "家里有个闲置的打气筒，可以借给邻居用"),
         .tells = "offer m2"},
        {"23:00:00", SAY("m3", "g-2", "n128", WANTS_DRILL),
         .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
        {"23:30:00", SAY("m4", "g-2", "n105", "谁家有打气筒借用一下"),
         .tells = "request m4, m4+m2 proposed auto, m4+m2 approved"},
        {"2T07:00:00", WAIT, .tells = "post g-2"},
        {"2T07:00:59", WAIT, .tells = ""},
        {"2T07:01:00", WAIT, .tells = "post g-2"},
    };
    (void)state;
    PLAY_ON(steps);
}

/* However long the line for their group is: their yes would reach nobody. */
static void a_helper_is_not_asked_before_the_other_side_is_told(void **state)
{
    static const struct step steps[] = {
        OFFERED,
        {"18:01:00", SAY("m2", "g-3", "n109", "家里婴儿车闲置了，可以借给邻居用"),
         .tells = "offer m2"},
        {"23:00:00", SAY("m3", "g-2", "n128", WANTS_DRILL),
         .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
        {"23:30:00", SAY("m4", "g-2", "n105", "谁家有婴儿车借用一下"),
         .tells = "request m4, m4+m2 proposed auto, m4+m2 approved"},
        {"2T07:00:00", WAIT, .tells = "post g-2"},
        {"2T07:01:00", WAIT, .tells = "post g-2, post g-3"},
    };
    (void)state;
    PLAY_ON(steps);
}

static void in_an_emergency_nothing_is_held(void **state)
{
    static const struct step steps[] = {WANTED_AT_NIGHT, {"2T03:00:00", WAIT, .tells = ""}};
    static const struct step then[] = {{"2T03:00:01", WAIT, .tells = "post g-2"}};
    const struct entry on = {.kind = ENTRY_COMMAND,
                             .command = {.id = "e",
                                         .reply_to = "",
                                         .community = "c-lx",
                                         .actor = "admin",
                                         .role = ROLE_ADMIN,
                                         .kind = COMMAND_EMERGENCY_SET,
                                         .object = "",
                                         .if_version = 1,
                                         .reason = "台风",
                                         .on = true}};
    (void)state;
    PLAY(&world, steps);
    world_decide(&world, &on);
    assert_int_equal(world.fx.replies[0].err, ERR_OK);
    PLAY(&world, then);
}

int main(void)
{
#define NIGHT(name) CASE_IN(night_make, name)
    const struct CMUnitTest tests[] = {
        NIGHT(at_night_a_proposal_waits_for_the_morning),
        NIGHT(where_there_are_no_quiet_hours_it_goes_at_once),
        NIGHT(what_is_urgent_goes_at_once),
        NIGHT(what_is_being_talked_of_goes_at_once),
        NIGHT(what_is_talked_of_in_the_night_goes_then),
        NIGHT(what_ends_in_the_night_is_not_posted),
        NIGHT(in_an_emergency_nothing_is_held),
        NIGHT(an_approval_of_the_night_can_be_taken_back_until_the_morning),
        NIGHT(several_for_one_group_go_one_after_the_other),
        NIGHT(a_helper_is_not_asked_before_the_other_side_is_told)};
    return RUN(tests);
}

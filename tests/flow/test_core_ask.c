/* A match of two groups: the helper is asked in theirs, and nothing is agreed without them. */
#include "flow/core_day.h"

#define PRAM "家里婴儿车闲置了，可以借给邻居用"
#define WANTS_PRAM "谁家有婴儿车借用一下"

#define ASKED_STEPS                                                                                \
    {"08:00:00", SAY("m1", "g-3", "n109", PRAM), .tells = "offer m1"},                             \
        {"08:02:00", SAY("m2", "g-1", "n123", WANTS_PRAM),                                         \
         .tells = "request m2, m2+m1 proposed auto, m2+m1 approved"},                              \
    {                                                                                              \
        "08:04:00", WAIT, .tells = "post g-1, post g-3"                                            \
    }
#define POSTED_STEPS                                                                               \
    ASKED_STEPS,                                                                                   \
    {                                                                                              \
        "08:04:01", DELIVER(DONE), .tells = "post delivered, m2+m1 posted"                         \
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

static const struct match *match_by(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static const struct outbound *post_of(const char *id)
{
    const struct outbound *o = core_find(world.core, OBJECT_OUTBOUND, id);
    assert_non_null(o);
    return o;
}

/* --- an offer of another group --- */

static void the_helper_is_told_in_their_group_what_is_wanted_and_not_by_whom(void **state)
{
    static const struct step steps[] = {ASKED_STEPS};
    (void)state;
    PLAY(&world, steps);
    const struct outbound *o = post_of(match_by("m2")->ask);
    assert_int_equal(o->kind, OUTBOUND_ASK);
    assert_string_equal(o->group, "g-3");
    assert_string_equal(o->reply_to, "m1");
    assert_string_equal(o->permit, post_of(match_by("m2")->outbound)->permit);
    assert_non_null(strstr(o->text, "「" WANTS_PRAM "」"));
    assert_non_null(strstr(o->text, "您说过：「" PRAM "」"));
    assert_non_null(strstr(o->text, "1栋2单元的邻居求助"));
    assert_null(strstr(o->text, "仇"));
}

static void what_either_says_wherever_comes_to_this(void **state)
{
    static const struct {
        const char *group, *sender, *text;
        enum match_state state;
        bool accepted;
    } rows[] = {{"g-1", "n123", "1", MATCH_POSTED, true},
                {"g-1", "n123", "可以", MATCH_POSTED, true},
                {"g-3", "n123", "1", MATCH_POSTED, true}, /* it was not asked of them */
                {"g-3", "n109", "1", MATCH_AGREED, false},
                {"g-3", "n109", "可以", MATCH_AGREED, false},
                {"g-1", "n109", "可以", MATCH_AGREED, false}, /* they read both groups */
                {"g-1", "n123", "2", MATCH_DECLINED, false},
                {"g-3", "n109", "不方便", MATCH_DECLINED, false},
                {"g-1", "n123", "可以，谢谢", MATCH_POSTED, true},
                {"g-1", "n123", "好的，怎么联系", MATCH_POSTED, true},
                {"g-1", "n123", "1，谢谢", MATCH_POSTED, true},
                {"g-1", "n123", "不用了，已经借到了", MATCH_LAPSED, false}, /* elsewhere */
                {"g-1", "n123", "婴儿车借到了，谢谢", MATCH_FULFILLED, false},
                {"g-3", "n109", "我有", MATCH_AGREED, false},
                {"g-3", "n109", "我有，晚上来拿", MATCH_AGREED, false},
                {"g-3", "n109", "可以，晚上来拿", MATCH_AGREED, false},
                {"g-3", "n109", "好的，来吧", MATCH_AGREED, false},
                {"g-3", "n109", "1，晚上来", MATCH_AGREED, false},
                {"g-3", "n109", "可以借，来三栋拿", MATCH_AGREED, false},
                {"g-3", "n109", "没问题，放在门口了", MATCH_AGREED, false},
                {"g-3", "n109", "不方便，出差了", MATCH_DECLINED, false},
                {"g-3", "n109", "不好意思，借出去了", MATCH_DECLINED, false},
                {"g-3", "n109", "今天不在家", MATCH_DECLINED, false},
                {"g-3", "n109", "没有了，已经送人了", MATCH_DECLINED, false},
                {"g-3", "n109", "可以，但是轮子有点坏", MATCH_POSTED, false},
                {"g-3", "n109", "1 两份", MATCH_POSTED, false},
                {"g-3", "n109", "今天的菜真便宜", MATCH_POSTED, false},
                {"g-3", "n109", "谁家有电钻借一下", MATCH_POSTED, false},
                {"g-3", "n109", "电梯又坏了", MATCH_POSTED, false},
                {"g-3", "n109", "哈哈哈", MATCH_POSTED, false},
                {"g-3", "n108", "1", MATCH_POSTED, false}, /* nobody asked them */
                {"g-3", "n108", "我有，晚上来拿", MATCH_POSTED, false},
                {"g-5", "n109", "1", MATCH_POSTED, false}}; /* nothing was asked there */
    static const struct step steps[] = {POSTED_STEPS};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[OBJECT_KEY_SIZE];
        if (i)
            world_make(NULL);
        PLAY(&world, steps);
        str_copy(id, sizeof id, str_of(match_by("m2")->id));
        overhear("x", rows[i].group, rows[i].sender, rows[i].text);
        const struct match *m = core_find(world.core, OBJECT_MATCH, id);
        if (m->state != rows[i].state || (m->accepted_ms != 0) != rows[i].accepted)
            fail_msg("%s: %s, %lld", rows[i].text, match_state_code(m->state),
                     (long long)m->accepted_ms);
        if (i + 1 < sizeof rows / sizeof *rows)
            world_deinit(&world);
    }
}

static void a_yes_of_who_asked_waits_for_the_helpers(void **state)
{
    static const struct step steps[] = {
        POSTED_STEPS,
        {"08:05:00", SAY("m3", "g-1", "n123", "1"), .tells = ""},
        {"08:06:00", SAY("m4", "g-1", "n123", "好的"), .tells = ""}, /* once is enough */
        {"08:09:00", SAY("m5", "g-3", "n109", "可以"), .tells = "m2+m1 agreed"},
        {"08:10:00", SAY("m6", "g-3", "n109", "不方便"), .tells = "post g-1, m2+m1 declined"},
    };
    (void)state;
    PLAY_ON(steps);
}

/* --- who asked hears of it --- */

struct seeking {
    enum outbound_kind kind;
    const struct outbound *found;
};

static void keep_kind(void *arg, const char *key, const void *object)
{
    struct seeking *q = arg;
    const struct outbound *o = object;
    (void)key;
    if (o->kind == q->kind)
        q->found = o;
}

static const struct outbound *of_kind(enum outbound_kind kind)
{
    struct seeking q = {.kind = kind};
    core_each(world.core, OBJECT_OUTBOUND, keep_kind, &q);
    return q.found;
}

static void who_asked_is_told_that_the_helper_of_another_group_has_said_yes(void **state)
{
    static const struct step steps[] = {
        POSTED_STEPS,
        {"08:09:00", SAY("m5", "g-3", "n109", "可以"), .tells = "m2+m1 agreed"},
        {"08:09:01", WAIT, .tells = "post g-1"},
    };
    (void)state;
    PLAY_ON(steps);
    const struct outbound *o = of_kind(OUTBOUND_AGREED);
    assert_string_equal(o->group, "g-1");
    assert_string_equal(o->reply_to, "m2");
    assert_string_equal(o->permit, post_of(match_by("m2")->outbound)->permit);
    assert_non_null(strstr(o->text, "求助：「" WANTS_PRAM "」"));
    assert_non_null(strstr(o->text, "「" WANTS_PRAM "」\n姚**（3栋2单元）已经答应帮忙"));
}

static void who_reads_it_themselves_or_has_said_it_is_not_told_again(void **state)
{
    static const struct {
        const char *group, *sender, *text;
    } rows[] = {{"g-1", "n109", "可以"},   /* in the group of who asked */
                {"g-3", "n109", "不方便"}, /* they have not */
                {"g-1", "n123", "可以"},   /* only the other side has */
                {"g-1", "n109", "我有，来拿吧"}};
    static const struct step steps[] = {POSTED_STEPS};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i)
            world_make(NULL);
        PLAY(&world, steps);
        overhear("x", rows[i].group, rows[i].sender, rows[i].text);
        if (of_kind(OUTBOUND_AGREED))
            fail_msg("row %zu: %s", i, of_kind(OUTBOUND_AGREED)->text);
        if (i + 1 < sizeof rows / sizeof *rows)
            world_deinit(&world);
    }
}

/* At night it waits for the morning, and says nothing that is not so by then. */
static void what_is_taken_back_before_it_is_told_is_not_told(void **state)
{
    static const struct step steps[] = {
        {"21:50:00", SAY("m1", "g-3", "n109", PRAM), .tells = "offer m1"},
        {"21:52:00", SAY("m2", "g-1", "n123", WANTS_PRAM),
         .tells = "request m2, m2+m1 proposed auto, m2+m1 approved"},
        {"21:54:00", WAIT, .tells = "post g-1, post g-3"},
        {"21:54:01", DELIVER(DONE), .tells = "post delivered, m2+m1 posted"},
        {"22:09:00", SAY("m5", "g-3", "n109", "可以"), .tells = "m2+m1 agreed"},
        {"22:20:00", SAY("m6", "g-1", "n123", "不用了，谢谢大家"),
         .tells = "post cancelled, m2+m1 lapsed, withdrawn m2 by m6"},
        {"2T07:20:00", WAIT, .tells = ""},
    };
    (void)state;
    world.quiet = quiet_hours_usual;
    const struct core_options o = world_options(&world);
    core_configure(world.core, &o);
    PLAY_ON(steps);
}

static void without_the_helpers_word_it_lapses(void **state)
{
    static const struct step steps[] = {
        POSTED_STEPS,
        {"08:05:00", SAY("m3", "g-1", "n123", "1"), .tells = ""},
        {"2T08:04:00", WAIT, .tells = ""},
        {"2T08:04:01", WAIT, .tells = "m2+m1 lapsed"},
    };
    (void)state;
    PLAY_ON(steps);
}

/* --- posts that no bot takes --- */

static void a_helper_whom_no_bot_reaches_is_a_persons_to_find(void **state)
{
    static const struct step steps[] = {
        POSTED_STEPS,
        {"08:04:02", DELIVER(EXHAUSTED), .tells = "post dead, m2+m1 in_review"},
        {"08:30:00", ORDER(MATCH_APPROVE, .on = "m2"), .tells = "ok, m2+m1 approved"},
        {"08:31:00", WAIT, .tells = "post g-1, post g-3"},
    };
    (void)state;
    PLAY_ON(steps);
    assert_non_null(match_by("m2")->note);
}

static void an_approval_is_taken_back_in_both_groups(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-3", "n109", PRAM), .tells = "offer m1"},
        {"08:02:00", SAY("m2", "g-1", "n123", WANTS_PRAM),
         .tells = "request m2, m2+m1 proposed auto, m2+m1 approved"},
        {"08:02:10", ORDER(MATCH_UNDO, .on = "m2"),
         .tells = "ok, post cancelled, post cancelled, m2+m1 undone, m2+m1 proposed review, "
                  "m2+m1 in_review"}, /* before staff again, and nothing is posted */
        {"08:10:00", WAIT, .tells = ""},
    };
    (void)state;
    PLAY_ON(steps);
}

static void what_was_posted_is_corrected_where_it_was_read(void **state)
{
    static const struct step steps[] = {
        POSTED_STEPS,
        {"08:05:00", ORDER(MATCH_UNDO, .on = "m2"), .tells = "ok, m2+m1 undone"},
        {"08:05:01", WAIT, .tells = "post g-1, post g-3"},
        {"08:06:00", SAY("m3", "g-3", "n109", "可以"), .tells = ""},
    };
    (void)state;
    PLAY_ON(steps);
    const struct outbound *o = of_kind(OUTBOUND_CORRECTION);
    assert_non_null(strstr(o->text, "更正"));
    assert_non_null(strstr(o->text, WANTS_PRAM));
}

/* --- standing resources --- */

#define WANTS_LADDER "谁家有人字梯借用一下"

static void a_unit_with_a_group_of_its_own_is_asked_there(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m2", "g-6", "n117", WANTS_LADDER),
         .tells = "request m2, m2+r-2 proposed auto, m2+r-2 approved"},
        {"08:02:00", WAIT, .tells = "post g-6, post g-31"},
        {"08:02:01", DELIVER(DONE), .tells = "post delivered, m2+r-2 posted"},
        {"08:03:00", SAY("m3", "g-6", "n117", "1"), .tells = ""},
        {"08:04:00", SAY("m4", "g-31", "n302", "可以"), .tells = "m2+r-2 agreed"},
    };
    (void)state;
    PLAY_ON(steps);
}

static void who_speaks_in_the_group_already_is_asked_there_with_the_other(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-6", "n301", "各位早上好"), .tells = ""},
        {"08:01:00", SAY("m2", "g-6", "n117", WANTS_LADDER),
         .tells = "request m2, m2+r-2 proposed auto, m2+r-2 approved"},
        {"08:03:00", WAIT, .tells = "post g-6"},
        {"08:03:01", DELIVER(DONE), .tells = "post delivered, m2+r-2 posted"},
        {"08:04:00", SAY("m3", "g-6", "n117", "1"), .tells = "m2+r-2 agreed"},
    };
    (void)state;
    PLAY_ON(steps);
}

#define WANTS_CHAIR "我妈脚扭了下不了楼，想借一辆轮椅"

/* The station's place has no group, and it has not been heard in any. */
static void where_nobody_can_be_asked_it_is_as_it_was(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m2", "g-2", "n128", WANTS_CHAIR),
         .tells = "request m2, m2+r-8 proposed auto, m2+r-8 approved"},
        {"08:02:00", WAIT, .tells = "post g-2"},
        {"08:02:01", DELIVER(DONE), .tells = "post delivered, m2+r-8 posted"},
        {"08:03:00", SAY("m3", "g-2", "n128", "1"), .tells = "m2+r-8 agreed"},
    };
    (void)state;
    PLAY_ON(steps);
}

static void a_unit_is_asked_where_it_has_been_heard(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-33", "n304", "大家早"), .tells = ""},
        {"08:01:00", SAY("m2", "g-2", "n128", WANTS_CHAIR),
         .tells = "request m2, m2+r-8 proposed auto, m2+r-8 approved"},
        {"08:03:00", WAIT, .tells = "post g-2, post g-33"},
    };
    (void)state;
    PLAY_ON(steps);
    assert_non_null(strstr(post_of(match_by("m2")->ask)->text, "柳巷社区卫生服务站"));
    assert_non_null(strstr(post_of(match_by("m2")->ask)->text, "您登记的：轮椅"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_helper_is_told_in_their_group_what_is_wanted_and_not_by_whom),
        CASE(what_either_says_wherever_comes_to_this),
        CASE(a_yes_of_who_asked_waits_for_the_helpers),
        CASE(who_asked_is_told_that_the_helper_of_another_group_has_said_yes),
        CASE(who_reads_it_themselves_or_has_said_it_is_not_told_again),
        CASE(what_is_taken_back_before_it_is_told_is_not_told),
        CASE(without_the_helpers_word_it_lapses),
        CASE(a_helper_whom_no_bot_reaches_is_a_persons_to_find),
        CASE(an_approval_is_taken_back_in_both_groups),
        CASE(what_was_posted_is_corrected_where_it_was_read),
        CASE(a_unit_with_a_group_of_its_own_is_asked_there),
        CASE(who_speaks_in_the_group_already_is_asked_there_with_the_other),
        CASE(where_nobody_can_be_asked_it_is_as_it_was),
        CASE(a_unit_is_asked_where_it_has_been_heard)};
    return RUN(tests);
}

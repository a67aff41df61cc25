/* What comes after a match, and of what finds none: outcome and thanks, requests that wait in vain,
   offers that recur, resources that expire, places that are all taken. */
#include "flow/core_command.h"
#include "model/tally.h"

/* All that a policy may allow besides proposals, or nothing of it. */
static void allow(bool all)
{
    allow_follow_up((struct policy_follow_up){all, all, all, false});
}

/* All of it is allowed, and requests look further. */
static int sustain_make(void **state)
{
    world_make(state);
    world_widen(&world, true);
    allow(true);
    return 0;
}

#define DRILL "我家有把冲击钻，这几天不用，要打孔的邻居可以拿去用"
#define WANTS_DRILL "谁家有冲击钻借用一下"

/* The rest is decided by a core that has only what this one has stored. */
static void take_over(void)
{
    struct world old = world;
    world_take_over(&world, &old);
    world_deinit(&old);
}

static const struct match *match_by(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static const struct post *post_by(const char *message)
{
    return core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
}

static void wait_days(int days)
{
    struct buf told;
    buf_init(&told);
    tick_until(&world, world.now_ms + days * DAY_MS, &told);
    buf_deinit(&told);
}

/* --- the answer to a proposal --- */

#define POSTED_STEPS                                                                               \
    {"08:00:00", SAY("m1", "g-2", "n115", DRILL), .tells = "offer m1"},                            \
        {"08:00:10", SAY("m2", "g-7", "n120", "我有一把冲击钻，可以借给大家用"),                   \
         .tells = "offer m2"},                                                                     \
        {"08:02:00", SAY("m3", "g-2", "n128", WANTS_DRILL),                                        \
         .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},                              \
        {"08:04:00", WAIT, .tells = "post g-2"},                                                   \
    {                                                                                              \
        "08:04:01", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"                         \
    }
#define AGREED_STEPS                                                                               \
    POSTED_STEPS,                                                                                  \
    {                                                                                              \
        "08:20:00", SAY("m4", "g-2", "n128", "好的"), .tells = "m3+m1 agreed"                      \
    }

static void an_answer_is_a_word_a_digit_or_an_emoji_however_it_is_written(void **state)
{
    static const struct {
        const char *text;
        enum match_state state;
    } rows[] = {{"1", MATCH_AGREED},
                {"１", MATCH_AGREED},
                {" 1。 ", MATCH_AGREED},
                {"可以！", MATCH_AGREED},
                {"可以可以", MATCH_AGREED},
                {"行～", MATCH_AGREED},
                {"ＯＫ", MATCH_AGREED},
                {"Ok!", MATCH_AGREED},
                {"👌", MATCH_AGREED},
                {"👌🏻", MATCH_AGREED},
                {"👍👍👍", MATCH_AGREED},
                {"[OK]", MATCH_AGREED},
                {"@小邻\xe2\x80\x85可以", MATCH_AGREED},
                {"@小邻 1", MATCH_AGREED},
                {"2", MATCH_DECLINED},
                {"２", MATCH_DECLINED},
                {"不方便。", MATCH_DECLINED},
                {"不好意思，不方便", MATCH_DECLINED},
                {"👎", MATCH_DECLINED},
                {"11", MATCH_POSTED},
                {"12", MATCH_POSTED},
                {"随便", MATCH_POSTED},
                {"", MATCH_POSTED}};
    static const struct step steps[] = {POSTED_STEPS};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sustain_make(NULL);
        PLAY(&world, steps);
        char id[OBJECT_KEY_SIZE];
        str_copy(id, sizeof id, str_of(match_by("m3")->id));
        overhear("x", "g-2", "n128", rows[i].text);
        const struct match *m = core_find(world.core, OBJECT_MATCH, id);
        if (m->state != rows[i].state)
            fail_msg("\"%s\": %s", rows[i].text, match_state_code(m->state));
        world_deinit(&world);
    }
}

static void what_stands_in_no_match_or_another_group_answers_nothing(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-5", "n115", DRILL), .tells = "offer m1"},
        {"08:02:00", SAY("m3", "g-2", "n128", WANTS_DRILL),
         .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
        {"08:04:00", WAIT, .tells = "post g-2, post g-5"},
        {"08:04:01", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"},
    };
    (void)state;
    PLAY(&world, steps);
    overhear("x1", "g-2", "n106", "1");
    overhear("x2", "g-7", "n128", "1");
    assert_int_equal(match_by("m3")->state, MATCH_POSTED);
}

static void an_answer_may_come_before_the_bots_word_that_the_post_is_there(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-2", "n115", DRILL), .tells = "offer m1"},
        {"08:02:00", SAY("m3", "g-2", "n128", WANTS_DRILL),
         .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
        {"08:03:00", SAY("m4", "g-2", "n128", "1"), .tells = ""}, /* nothing is there to answer */
        {"08:04:00", WAIT, .tells = "post g-2"},
        {"08:04:01", SAY("m5", "g-2", "n128", "1"), .tells = "m3+m1 agreed"},
        {"08:04:02", DELIVER(DONE), .tells = "post delivered"},
        {"2T09:04:00", WAIT, .tells = "post g-2"}, /* it was posted: so it is asked about */
    };
    (void)state;
    PLAY(&world, steps);
}

static void a_no_that_comes_after_the_others_yes_still_counts(void **state)
{
    static const struct step steps[] = {
        AGREED_STEPS,
        {"08:21:00", SAY("m5", "g-2", "n115", "1"), .tells = ""},
        {"08:22:00", SAY("m6", "g-2", "n115", "不方便"),
         .tells = "m3+m1 declined, m3+m2 proposed auto, m3+m2 approved"},
    };
    (void)state;
    PLAY(&world, steps);
}

/* --- the outcome --- */

static const struct outbound *latest_of(enum outbound_kind kind);

static void after_a_day_the_outcome_is_asked_and_a_yes_closes_with_thanks(void **state)
{
    static const struct step steps[] = {
        AGREED_STEPS,
        {"2T08:59:59", WAIT, .tells = ""}, /* its day is over, but it is early */
        {"2T09:00:00", WAIT, .tells = "post g-2"},
        {"2T09:00:01", DELIVER(DONE), .tells = "post delivered"},
        {"2T09:01:00", SAY("m5", "g-2", "n115", "1"), .tells = ""}, /* the helper was not asked */
        {"2T09:02:00", SAY("m6", "g-2", "n128", "很满意"),
         .tells = "m3+m1 fulfilled, met m3 by m6"},
        {"2T09:02:01", WAIT, .tells = "post g-2"},
        {"2T09:02:02", DELIVER(DONE), .tells = "post delivered"},
        {"4T12:00:00", WAIT, .tells = "m3+m1 closed"}, /* nothing is said twice */
    };
    (void)state;
    for (int i = 0; i < (int)(sizeof steps / sizeof *steps); i++) {
        play(&world, steps + i, 1);
        take_over();
        if (i == 7) {
            const struct outbound *o = latest_of(OUTBOUND_OUTCOME);
            assert_non_null(strstr(o->text, "解决了吗"));
            assert_non_null(strstr(o->text, "冲击钻"));
            assert_string_equal(o->permit, "社区允许在群里回访结果");
            assert_string_equal(o->reply_to, "m3");
        }
        if (i == 12) {
            const struct match *m = match_by("m3");
            assert_int_equal(m->outcome, MATCH_OUTCOME_SOLVED);
            assert_int_equal(m->satisfaction, SATISFACTION_SATISFIED);
            const struct tally *day = core_find(world.core, OBJECT_TALLY, "c-lx/2026-11-24");
            assert_non_null(day);
            for (int k = TALLY_FOLLOWUP_VALID; k <= TALLY_FOLLOWUP_SATISFIED; k++)
                assert_int_equal(tally_get(day, TALLY_FOLLOWUPS, k), 1);
            assert_non_null(strstr(latest_of(OUTBOUND_THANKS)->text, "5栋2单元的邻居"));
        }
    }
}

static void add_latest(void *arg, const char *key, const void *object)
{
    const struct outbound *o = object, **found = arg;
    (void)key;
    if (o->kind == (*found)->kind && (!(*found)->id[0] || strcmp(o->id, (*found)->id) > 0))
        *found = o;
}

static const struct outbound *latest_of(enum outbound_kind kind)
{
    static struct outbound none;
    none = (struct outbound){.kind = kind};
    const struct outbound *found = &none;
    core_each(world.core, OBJECT_OUTBOUND, add_latest, &found);
    assert_true(found->id[0]);
    return found;
}

#define FULFILLED_STEPS                                                                            \
    AGREED_STEPS, {"2T09:00:00", WAIT, .tells = "post g-2"},                                       \
        {"2T09:00:01", DELIVER(DONE), .tells = "post delivered"},                                  \
    {                                                                                              \
        "2T09:02:00", SAY("m6", "g-2", "n128", "很满意"), .tells = "m3+m1 fulfilled, met m3 by m6" \
    }

static void erase(const char *sender)
{
    IS(command((struct command){.role = ROLE_ADMIN,
                                .kind = COMMAND_PERSON_ERASE,
                                .sender = sender,
                                .reason = "本人要求"}),
       ERR_OK);
}

static void thanks_quote_nobody_who_was_erased(void **state)
{
    static const struct step waiting[] = {FULFILLED_STEPS},
                             sending[] = {FULFILLED_STEPS,
                                          {"2T09:02:01", WAIT, .tells = "post g-2"}},
                             dead = {"2T09:02:02", DELIVER(EXHAUSTED), .tells = "post dead"},
                             fails = {"2T09:02:02", DELIVER(EXHAUSTED),
                                      .tells = "post dead, post cancelled"};
    (void)state;
    for (int i = 0; i < 3; i++) { /* erased while it waits, when it is dead, on its way */
        sustain_make(NULL);
        if (i)
            PLAY(&world, sending);
        else
            PLAY(&world, waiting);
        if (i == 1)
            play(&world, &dead, 1);
        assert_non_null(strstr(latest_of(OUTBOUND_THANKS)->text, "冲击钻"));
        erase("n128");
        take_over();
        if (i == 2)
            play(&world, &fails, 1);
        const struct outbound *o = latest_of(OUTBOUND_THANKS);
        assert_int_equal(o->state, OUTBOUND_CANCELLED);
        assert_null(strstr(o->text, "冲击钻"));
        IS(command((struct command){.role = ROLE_ADMIN,
                                    .kind = COMMAND_OUTBOUND_RETRY,
                                    .object = o->id,
                                    .if_version = o->version}),
           ERR_CONFLICT);
        world_deinit(&world);
    }
}

static void a_no_opens_the_request_for_the_next_candidate(void **state)
{
    static const struct step steps[] = {
        AGREED_STEPS,
        {"2T09:00:00", WAIT, .tells = "post g-2"},
        {"2T09:00:01", DELIVER(DONE), .tells = "post delivered"},
        {"2T09:02:00", SAY("m6", "g-2", "n128", "还没有"),
         .tells = "m3+m1 declined, m3+m2 proposed auto, m3+m2 approved"},
    };
    (void)state;
    PLAY(&world, steps);
    const struct match *m = core_find(
        world.core, OBJECT_MATCH, ((const struct outbound *)latest_of(OUTBOUND_OUTCOME))->match);
    assert_int_equal(m->outcome, MATCH_OUTCOME_UNSOLVED);
    assert_int_equal(post_by("m3")->state, POST_RESERVED);
}

static void after_the_time_that_was_named_it_is_asked_an_hour_later(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-2", "n115", DRILL), .tells = "offer m1"},
        {"08:02:00", SAY("m3", "g-2", "n128", "谁家有冲击钻，后天上午十点借用一下"),
         .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
        {"08:04:00", WAIT, .tells = "post g-2"},
        {"08:04:01", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"},
        {"08:20:00", SAY("m4", "g-2", "n128", "好的"), .tells = "m3+m1 agreed"},
        {"3T11:59:59", WAIT, .tells = ""},
        {"3T12:00:00", WAIT, .tells = "post g-2"},
    };
    (void)state;
    PLAY(&world, steps);
}

static const struct step unanswered_steps[] = {
    AGREED_STEPS,
    {"2T09:00:00", WAIT, .tells = "post g-2"},
    {"2T09:00:01", DELIVER(DONE), .tells = "post delivered"},
    {"8T08:19:59", WAIT, .tells = ""},
    {"8T08:20:00", WAIT, .tells = "m3+m1 closed, presumed m3"},
};

static void what_nobody_answers_ends_as_unsaid_and_not_as_unmet(void **state)
{
    (void)state;
    PLAY(&world, unanswered_steps);
    assert_int_equal(match_by("m3")->outcome, MATCH_OUTCOME_UNSAID);
}

static void thanks_that_come_late_are_heard(void **state)
{
    static const struct step steps[] = {
        {"8T09:00:00", SAY("m9", "g-2", "n128", "冲击钻借到了，谢谢", .reply_to = "m3"),
         .tells = "met m3 by m9"}};
    (void)state;
    PLAY(&world, unanswered_steps);
    take_over();
    assert_int_equal(post_by("m3")->state, POST_PRESUMED);
    PLAY(&world, steps);
}

/* The last of five who agreed closes the call; bread is gone after a day, and is waited for no
   longer. */
static void what_was_promised_in_full_is_presumed_and_who_stood_in_line_has_left(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-22", "n204", "这周六上午大扫除，缺2个志愿者，谁来"),
         .tells = "request m1"},
        {"08:01:00", SAY("m2", "g-22", "n216", "我来"),
         .tells = "m1+m2 proposed self, m1+m2 agreed"},
        {"08:02:00", SAY("m3", "g-22", "n215", "我来"),
         .tells = "m1+m3 proposed self, m1+m3 agreed"},
        {"09:00:00", SAY("m4", "g-5", "n115", "刚蒸了馒头，送给邻居，就1个"), .tells = "offer m4"},
        {"09:01:00", SAY("m5", "g-5", "stranger-1", "我要"),
         .tells = "m5+m4 proposed self, m5+m4 agreed"},
        {"09:02:00", SAY("m6", "g-5", "stranger-2", "我也要，排队"),
         .tells = "m6+m4 proposed self"},
        {"2T09:01:59", WAIT, .tells = ""},
        {"2T09:02:00", WAIT, .tells = "m6+m4 lapsed"},
        {"8T09:00:59", WAIT, .tells = ""},
        {"8T09:01:00", WAIT, .tells = "m5+m4 closed, presumed m4"},
    };
    (void)state;
    PLAY(&world, steps);
    take_over();
    const struct post *call = post_by("m1");
    assert_int_equal(call->state, POST_RESERVED);
    world.now_ms = core_due_ms(world.core);
    for (int i = 0; i < 40 && call->state == POST_RESERVED; i++) {
        struct buf told;
        buf_init(&told);
        tick_until(&world, world.now_ms + DAY_MS, &told);
        buf_deinit(&told);
        call = post_by("m1");
    }
    assert_int_equal(call->state, POST_PRESUMED);
    assert_true(call->presumed > 1.9 && call->fulfilled < 0.1);
}

static void where_it_is_not_allowed_nobody_is_asked_or_thanked(void **state)
{
    static const struct step steps[] = {
        AGREED_STEPS,
        {"3T08:20:00", WAIT, .tells = ""},
        {"3T09:02:00", SAY("m6", "g-2", "n128", "冲击钻借到了，谢谢"),
         .tells = "m3+m1 fulfilled, met m3 by m6"},
        {"3T12:00:00", WAIT, .tells = ""},
    };
    (void)state;
    PLAY(&world, steps);
    assert_int_equal(match_by("m3")->outcome, MATCH_OUTCOME_SOLVED);
}

static void what_neighbours_settled_themselves_is_left_alone(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-22", "n204", "谁家有吉他借用一下"), .tells = "request m1"},
        {"08:01:00", SAY("m2", "g-22", "n216", "我有，来拿吧"),
         .tells = "m1+m2 proposed self, m1+m2 agreed"},
        {"8T08:00:59", WAIT, .tells = ""},
        {"8T08:01:00", WAIT, .tells = "m1+m2 closed, presumed m1"},
    };
    (void)state;
    PLAY(&world, steps);
}

static void a_switch_turned_off_meanwhile_asks_nothing(void **state)
{
    static const struct step steps[] = {AGREED_STEPS};
    static const struct step rest[] = {{"2T09:00:00", WAIT, .tells = ""},
                                       {"8T08:20:00", WAIT, .tells = "m3+m1 closed, presumed m3"}};
    (void)state;
    PLAY(&world, steps);
    allow(false);
    PLAY(&world, rest);
}

static void a_question_that_is_answered_before_it_was_asked_is_not_sent(void **state)
{
    static const struct step steps[] = {
        AGREED_STEPS,
        {"2T08:30:00", SAY("m6", "g-2", "n128", "冲击钻借到了，谢谢"),
         .tells = "post cancelled, m3+m1 fulfilled, met m3 by m6"},
        {"2T09:00:00", WAIT, .tells = "post g-2"}, /* the thanks */
    };
    (void)state;
    PLAY(&world, steps);
    assert_int_equal(latest_of(OUTBOUND_OUTCOME)->state, OUTBOUND_CANCELLED);
}

static void nobody_is_asked_twice_within_a_day(void **state)
{
    static const struct step steps[] = {
        AGREED_STEPS,
        {"08:30:00", SAY("m5", "g-2", "n128", "我妈脚扭了下不了楼，想借一辆轮椅"),
         .tells = "request m5, m5+r-8 proposed auto, m5+r-8 approved"},
        {"08:32:00", WAIT, .tells = "post g-2"},
        {"08:32:01", DELIVER(DONE), .tells = "post delivered, m5+r-8 posted"},
        {"08:40:00", SAY("m6", "g-2", "n128", "可以"), .tells = "m5+r-8 agreed"},
        {"2T09:00:00", WAIT, .tells = "post g-2"},
        {"2T09:00:01", DELIVER(DONE), .tells = "post delivered"},
        {"2T09:02:00", SAY("m7", "g-2", "n128", "1"), /* and that match is over */
         .tells = "m3+m1 fulfilled, met m3 by m7"},
        {"2T09:03:00", WAIT, .tells = "post g-2"}, /* thanks ask nothing */
        {"2T09:03:01", DELIVER(DONE), .tells = "post delivered"},
        {"3T08:59:59", WAIT, .tells = ""},
        {"3T09:02:01", WAIT, .tells = "post g-2, m3+m1 closed"},
    };
    (void)state;
    PLAY(&world, steps);
    assert_int_equal(latest_of(OUTBOUND_OUTCOME)->state, OUTBOUND_SENDING);
}

/* --- requests that wait in vain --- */

#define SAW "谁家有曲线锯借用一下"

static void an_unmet_request_is_told_to_the_grid_officer_by_name(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-22", "n204", "谁家有吉他借用一下"), .tells = "request m1"},
        {"4T07:59:59", WAIT, .tells = ""}};
    struct buf told;
    bool audited = false;
    (void)state;
    PLAY(&world, steps);
    buf_init(&told);
    tick_until(&world, world.now_ms + SECOND_MS, &told);
    assert_string_equal(buf_z_borrow(&told), "unmet m1, alert unmet m1");
    const struct event *e = &world.fx.events[world.fx.n_events - 1];
    assert_string_equal(e->post, post_by("m1")->id);
    assert_string_equal(e->assignee, "p-68"); /* of its grid */
    for (int i = 0; i < world.fx.n_audits; i++)
        audited |= !strcmp(world.fx.audits[i].action, "post.escalate") &&
                   !strcmp(world.fx.audits[i].object, e->post);
    assert_true(audited);
    assert_int_equal(post_by("m1")->state, POST_UNMET);
    buf_clear(&told);
    show_event(e, &told);
    assert_non_null(strstr(buf_z_borrow(&told), "\"post\":\"p07-"));
    buf_deinit(&told);
}

#define CALL "招6名志愿者，周六上午9点在小区广场清理花坛，能来的报名"

/* Two of six are neither nobody nor all: the officer hears of the four in time, and once. */
static void what_is_lacking_of_a_call_is_told_when_its_time_comes(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-31", "n117", CALL), .tells = "request m1"},
        {"09:00:00", SAY("m2", "g-31", "n118", "我报名，两个人", .reply_to = "m1"),
         .tells = "m1+m2 proposed self, m1+m2 agreed"},
        {"6T10:59:59", WAIT, .tells = ""}}; /* an hour after it */
    struct buf told;
    (void)state;
    PLAY(&world, steps);
    buf_init(&told);
    tick_until(&world, step_time("6T11:00:00"), &told);
    assert_string_equal(buf_z_borrow(&told), "alert unmet m1");
    const struct event *e = &world.fx.events[world.fx.n_events - 1];
    assert_string_equal(e->post, post_by("m1")->id);
    assert_string_equal(e->assignee, "p-67");
    assert_non_null(strstr(e->text, "要 6，还缺 4"));
    assert_int_equal(post_by("m1")->state, POST_OPEN); /* and so on the board */
    take_over();
    buf_clear(&told);
    tick_until(&world, step_time("6T11:00:00") + 14 * DAY_MS, &told);
    assert_null(strstr(buf_z_borrow(&told), "alert"));
    assert_non_null(strstr(buf_z_borrow(&told), "expired m1")); /* somebody did come */
    buf_deinit(&told);
    const struct tally *day = core_find(world.core, OBJECT_TALLY, "c-lx/2026-11-28");
    assert_non_null(day);
    assert_int_equal(tally_get(day, TALLY_REQUESTS_SHORT, CATEGORY_VOLUNTEER), 1);
}

static void what_is_had_in_part_and_settled_is_told_of_too(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-31", "n117", "谁家有多的折叠椅，想借4把，家里来客人"),
         .tells = "request m1"},
        {"09:00:00", SAY("m2", "g-31", "n118", "我有2把，来拿吧", .reply_to = "m1"),
         .tells = "m1+m2 proposed self, m1+m2 agreed"},
        {"12:00:00", SAY("m3", "g-31", "n118", "那2把椅子已经还给我了"),
         .tells = "m1+m2 fulfilled"},
        {"4T08:00:00", WAIT, .tells = "m1+m2 closed, alert unmet m1, expired m1"},
        {"8T15:00:00", WAIT, .tells = ""},
    };
    (void)state;
    PLAY(&world, steps);
}

static void a_call_that_is_full_or_that_nobody_answered_is_told_as_before(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-31", "n117", CALL), .tells = "request m1"},
        {"09:00:00", SAY("m2", "g-31", "n118", "我们六个人都来", .reply_to = "m1"),
         .tells = "m1+m2 proposed self, m1+m2 agreed"},
        {"09:10:00", SAY("m3", "g-2", "n106", "招2名志愿者，周六上午9点清理花坛，能来的报名"),
         .tells = "request m3"},
        {"6T11:00:00", WAIT, .tells = "unmet m3, alert unmet m3"},
    };
    (void)state;
    PLAY(&world, steps);
}

/* r-27 is a saw of the other estate, for that estate. */
static void a_request_that_waits_looks_further_and_a_person_decides(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-22", "n204", SAW), .tells = "request m1"},
        {"3T13:59:59", WAIT, .tells = ""}, /* estate at a quarter, grid at half of three days */
        {"3T14:00:00", WAIT, .tells = "m1+r-27 proposed review, m1+r-27 in_review"},
        {"3T14:01:00", ORDER(MATCH_APPROVE, .on = "m1"), .tells = "ok, m1+r-27 approved"},
    };
    (void)state;
    PLAY(&world, steps);
    assert_int_equal(post_by("m1")->reach, PLACE_COMMUNITY);
    assert_non_null(strstr(match_by("m1")->route_why, "超出"));
    take_over();
}

static void where_it_may_not_it_stays_within_the_scopes(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-22", "n204", SAW), .tells = "request m1"},
        {"4T08:00:00", WAIT, .tells = "unmet m1, alert unmet m1"},
    };
    (void)state;
    PLAY(&world, steps);
}

/* --- offers that recur --- */

static const struct advice *the_advice(enum advice_kind kind);

static void add_advice(void *arg, const char *key, const void *object)
{
    const void **found = arg;
    (void)key;
    *found = object;
}

static const struct advice *any_advice(void)
{
    const void *found = NULL;
    core_each(world.core, OBJECT_ADVICE, add_advice, &found);
    return found;
}

static const struct advice *the_advice(enum advice_kind kind)
{
    const struct advice *a = any_advice();
    assert_non_null(a);
    assert_int_equal(a->kind, kind);
    return a;
}

static enum err command_on(enum command_kind kind, const struct advice *a)
{
    char id[ID_SIZE];
    struct errbuf why;
    memcpy(id, a->id, ID_SIZE);
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "c",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "staff-li",
                                        .role = ROLE_STAFF,
                                        .kind = kind,
                                        .object = id,
                                        .if_version = a->version}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.n_replies, 1);
    if (!core_check(world.core, &why))
        fail_msg("%s", why.text);
    return world.fx.replies[0].err;
}

static void bread_on_days(const char *sender, const char *group, int days, int apart)
{
    for (int i = 0; i < days; i++) {
        char id[16];
        snprintf(id, sizeof id, "b%d-%s", i, sender);
        overhear(id, group, sender,
                 i ? "家里多了三袋面包，免费送，自取" : "家里多了两袋面包，免费送，自取");
        if (i < days - 1)
            wait_days(apart);
        take_over();
    }
}

static void who_offers_the_same_on_three_days_is_proposed_as_a_standing_resource(void **state)
{
    (void)state;
    bread_on_days("n121", "g-7", 2, 10);
    assert_null(any_advice());
    overhear("again", "g-31", "n121", "家里又多了三袋面包，免费送，自取"); /* the same day */
    assert_null(any_advice());
    wait_days(10);
    overhear("third", "g-31", "n121", "家里多了三袋面包，免费送，自取");
    const struct advice *a = the_advice(ADVICE_RECURRING);
    assert_string_equal(a->party, "p-21");
    assert_string_equal(a->item, "面包");
    assert_int_equal(a->category, CATEGORY_FOOD);
    assert_true(a->capacity > 1.9 && a->capacity < 2.1); /* the least that it was */
    assert_int_equal(a->scope, PLACE_ESTATE);            /* g-31 is of the estate */
    assert_int_equal(command_on(COMMAND_ADVICE_ACCEPT, a), ERR_OK);
    assert_int_equal(world.fx.replies[0].kind, OBJECT_RESOURCE);
    const struct resource *r = core_find(world.core, OBJECT_RESOURCE, world.fx.replies[0].key);
    assert_string_equal(r->party, "p-21");
    assert_string_equal(r->items.v[0], "面包");
    assert_int_equal(r->mode, MODE_GIVE);
    assert_int_equal(r->scope, PLACE_ESTATE);
    assert_true(r->capacity > 1.9 && r->capacity < 2.1);
    assert_true(r->expires_ms > world.now_ms);
    assert_null(any_advice());
    wait_days(61);
    bread_on_days("n121", "g-7", 3, 2); /* it stands already */
    assert_null(any_advice());
}

static void what_lies_far_apart_or_was_said_once_is_no_habit(void **state)
{
    (void)state;
    bread_on_days("n121", "g-7", 4, 31);
    assert_null(any_advice());
}

static const struct party *party_of_advice(const struct advice *a)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, a->community, a->party);
    const struct party *p = core_find(world.core, OBJECT_PARTY, key);
    assert_non_null(p);
    return p;
}

static void of_a_stranger_a_party_has_to_be_made_first(void **state)
{
    (void)state;
    bread_on_days("n940", "g-7", 3, 2);
    const struct advice *a = the_advice(ADVICE_RECURRING);
    assert_int_equal(party_of_advice(a)->provenance, PROVENANCE_SEEN);
    assert_string_equal(party_of_advice(a)->external_ids.v[0], "n940");
    assert_int_equal(command_on(COMMAND_ADVICE_ACCEPT, a), ERR_CONFLICT);
    a = the_advice(ADVICE_RECURRING);
    assert_int_equal(command_on(COMMAND_ADVICE_DISMISS, a), ERR_OK);
    assert_null(any_advice());
    bread_on_days("n940", "g-7", 3, 2); /* not again so soon */
    assert_null(any_advice());
}

struct counted {
    int n;
};

static void count(void *arg, const char *key, const void *object)
{
    (void)key, (void)object;
    ((struct counted *)arg)->n++;
}

static void what_is_remembered_of_offers_goes_sixty_days_after_the_last(void **state)
{
    struct counted some = {0}, none = {0};
    (void)state;
    bread_on_days("n121", "g-7", 3, 2);
    core_each(world.core, OBJECT_HABIT, count, &some);
    assert_int_equal(some.n, 1);
    wait_days(60);
    core_each(world.core, OBJECT_HABIT, count, &none);
    assert_int_equal(none.n, 0);
}

/* --- resources that expire --- */

/* The directory again, r-27 (of p-15, n115 in g-5) until so many days from now. */
static void import_until(int days)
{
    struct directory d = {0};
    struct buf faults;
    struct errbuf eb;
    buf_init(&faults);
    assert_int_equal(folder_read("deploy/sample", &d, &faults, &eb), ERR_OK);
    for (int i = 0; i < d.n_resources; i++)
        if (!strcmp(d.resources[i]->id, "r-27"))
            d.resources[i]->expires_ms = step_time("07:00:00") + days * DAY_MS;
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "again",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "test",
                                        .role = ROLE_ADMIN,
                                        .kind = COMMAND_DIRECTORY_IMPORT,
                                        .object = "",
                                        .directory = d}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.replies[0].err, ERR_OK);
    directory_deinit(&d);
    buf_deinit(&faults);
}

static const struct resource *saw(void)
{
    return core_find(world.core, OBJECT_RESOURCE, "c-lx/r-27");
}

static void some_days_before_it_expires_staff_are_asked_and_a_yes_extends_it(void **state)
{
    (void)state;
    import_until(40);
    wait_days(32);
    assert_null(any_advice());
    take_over();
    wait_days(1);
    const struct advice *a = the_advice(ADVICE_RENEWAL);
    assert_string_equal(a->resource, "r-27");
    assert_int_equal(command_on(COMMAND_ADVICE_ACCEPT, a), ERR_OK);
    assert_true(saw()->expires_ms == step_time("07:00:00") + 80 * DAY_MS);
    assert_null(any_advice());
    take_over();
    wait_days(39); /* the next question has its own time */
    assert_null(any_advice());
    wait_days(1);
    the_advice(ADVICE_RENEWAL);
}

static void unanswered_it_expires_and_is_offered_no_more(void **state)
{
    (void)state;
    import_until(40);
    wait_days(39);
    overhear("m1", "g-6", "n117", SAW);
    assert_string_equal(match_by("m1")->resource, "r-27"); /* until then it is */
    import_until(40);                                      /* the same again is no yes */
    the_advice(ADVICE_RENEWAL);
    wait_days(1);
    assert_true(saw()->expired);
    assert_null(any_advice());
    assert_true(match_is_final(match_by("m1")->state)); /* what nobody agreed to gives way */
    overhear("m2", "g-5", "n114", SAW);
    const struct post *p = post_by("m2");
    assert_true(p->reserved < 0.5);
    take_over();
    import_until(90); /* registered anew */
    assert_false(saw()->expired);
    wait_days(1);                                          /* its owner has been asked today */
    assert_string_equal(match_by("m2")->resource, "r-27"); /* who has waited has it */
}

static void the_owner_may_answer_in_the_group_where_that_is_allowed(void **state)
{
    static const struct step steps[] = {
        {"07:00:00", WAIT, .tells = ""},
        {"7T06:59:59", WAIT, .tells = ""},
        {"7T07:00:00", WAIT, .tells = "advice"},
        {"7T09:00:00", WAIT, .tells = "post g-5"},
        {"7T09:00:01", DELIVER(DONE), .tells = "post delivered"},
        {"7T09:01:00", SAY("m1", "g-5", "n114", "1"), .tells = ""}, /* a neighbour */
        {"7T09:02:00", SAY("m2", "g-5", "n115", "继续"), .tells = "directory.changed"},
        {"7T09:03:00", SAY("m3", "g-5", "n115", "1"), .tells = ""}, /* nothing is asked any more */
    };
    (void)state;
    import_until(8); /* the last quarter of its span */
    for (int i = 0; i < (int)(sizeof steps / sizeof *steps); i++) {
        play(&world, steps + i, 1);
        take_over();
    }
    assert_non_null(strstr(latest_of(OUTBOUND_RENEWAL)->text, "木工工具箱"));
    assert_string_equal(latest_of(OUTBOUND_RENEWAL)->permit, "社区允许在群里问资源是否续期");
    assert_true(saw()->expires_ms == step_time("07:00:00") + 16 * DAY_MS);
    assert_null(any_advice());
}

/* --- activities --- */

static void the_ninth_for_eight_places_moves_up_when_one_steps_back(void **state)
{
    char id[16], sender[16];
    struct buf told;
    (void)state;
    overhear("call", "g-31", "n101", "周六上午社区清扫楼道，招募8名志愿者，报名的接龙");
    const struct post *p = post_by("call");
    assert_int_equal(p->side, SIDE_REQUEST);
    assert_true(p->asked > 7.9 && p->asked < 8.1);
    for (int i = 1; i <= 9; i++) {
        snprintf(id, sizeof id, "s%d", i);
        snprintf(sender, sizeof sender, "w%d", i);
        world.now_ms += 20 * MINUTE_MS; /* longer than the conversation is kept */
        overhear(id, "g-31", sender, "我报名");
    }
    p = post_by("call");
    assert_int_equal(p->state, POST_RESERVED);
    assert_true(p->reserved > 7.9 && p->reserved < 8.1);
    assert_int_equal(match_by("call")->state, MATCH_PROPOSED); /* the ninth stands in line */
    take_over();
    world.now_ms += 5 * HOUR_MS;
    buf_init(&told);
    tick_until(&world, world.now_ms, &told);
    buf_clear(&told);
    const struct step back = {
        .id = "back", .group = "g-31", .sender = "w3", .text = "不好意思，我周六来不了了，退出"};
    say(&world, &back, &told);
    assert_non_null(strstr(buf_z_borrow(&told), "call+s3 declined"));
    assert_non_null(strstr(buf_z_borrow(&told), "call+s9 agreed"));
    p = post_by("call");
    assert_true(p->reserved > 7.9 && p->reserved < 8.1);
    assert_string_equal(match_by("call")->claim, "s9");
    assert_string_equal(match_by("call")->claimant, "w9");
    buf_deinit(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_a_word_a_digit_or_an_emoji_however_it_is_written),
        CASE_IN(sustain_make, what_stands_in_no_match_or_another_group_answers_nothing),
        CASE_IN(sustain_make, an_answer_may_come_before_the_bots_word_that_the_post_is_there),
        CASE_IN(sustain_make, a_no_that_comes_after_the_others_yes_still_counts),
        CASE_IN(sustain_make, after_a_day_the_outcome_is_asked_and_a_yes_closes_with_thanks),
        cmocka_unit_test(thanks_quote_nobody_who_was_erased),
        CASE_IN(sustain_make, a_no_opens_the_request_for_the_next_candidate),
        CASE_IN(sustain_make, after_the_time_that_was_named_it_is_asked_an_hour_later),
        CASE_IN(sustain_make, what_nobody_answers_ends_as_unsaid_and_not_as_unmet),
        CASE_IN(sustain_make, thanks_that_come_late_are_heard),
        CASE_IN(sustain_make, what_was_promised_in_full_is_presumed_and_who_stood_in_line_has_left),
        CASE(where_it_is_not_allowed_nobody_is_asked_or_thanked),
        CASE_IN(sustain_make, what_neighbours_settled_themselves_is_left_alone),
        CASE_IN(sustain_make, a_switch_turned_off_meanwhile_asks_nothing),
        CASE_IN(sustain_make, a_question_that_is_answered_before_it_was_asked_is_not_sent),
        CASE_IN(sustain_make, nobody_is_asked_twice_within_a_day),
        CASE(an_unmet_request_is_told_to_the_grid_officer_by_name),
        CASE(what_is_lacking_of_a_call_is_told_when_its_time_comes),
        CASE(what_is_had_in_part_and_settled_is_told_of_too),
        CASE(a_call_that_is_full_or_that_nobody_answered_is_told_as_before),
        CASE_IN(sustain_make, a_request_that_waits_looks_further_and_a_person_decides),
        CASE(where_it_may_not_it_stays_within_the_scopes),
        CASE(who_offers_the_same_on_three_days_is_proposed_as_a_standing_resource),
        CASE(what_lies_far_apart_or_was_said_once_is_no_habit),
        CASE(of_a_stranger_a_party_has_to_be_made_first),
        CASE(what_is_remembered_of_offers_goes_sixty_days_after_the_last),
        CASE(some_days_before_it_expires_staff_are_asked_and_a_yes_extends_it),
        CASE(unanswered_it_expires_and_is_offered_no_more),
        CASE_IN(sustain_make, the_owner_may_answer_in_the_group_where_that_is_allowed),
        CASE(the_ninth_for_eight_places_moves_up_when_one_steps_back),
    };
    return RUN(tests);
}

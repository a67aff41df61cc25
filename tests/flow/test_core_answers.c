/* What those who answer for a case say of it in the chat: who may, of which case, and what each
   word makes of it; and that who reported it has the last word. The first day is a Monday. */
#include "flow/core_day.h"

#define EVENT(what, ...) ORDER(CASE_EVENT, .case_event = CASE_EVENT_##what, .on = __VA_ARGS__)
#define LIFT "3栋2单元电梯坏了，物业来看看"
#define LAMP "3栋2单元楼道灯不亮，物业来看看"
#define MANAGER "n301"
#define OTHER_MANAGER "n303"
#define OFFICER "n314"
#define COMMITTEE "n313"

static const struct case_ *case_for(const char *message)
{
    return core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, message).key);
}

static const struct step from_the_report_to_the_thanks_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:05:00", SAY("m2", "g-3", MANAGER, "收到，马上派人"), .tells = "case accepted p-55"},
    {"09:06:00", SAY("m3", "g-3", MANAGER, "师傅在路上"), .tells = ""}, /* it is known */
    {"10:00:00", SAY("m4", "g-3", "n302", "电梯修好了"), .tells = "case resolved p-55"},
    {"10:05:00", SAY("m5", "g-3", "n110", "谢谢物业"), .tells = ""}, /* they have told of nothing */
    {"10:10:00", SAY("m6", "g-3", "n109", "好了好了，谢谢物业"), .tells = "case verified p-55"},
    {"2T10:10:00", WAIT, .tells = "case closed p-55"},
};

static void from_the_report_to_the_thanks(void **state)
{
    (void)state;
    PLAY(&world, from_the_report_to_the_thanks_steps);
    assert_int_equal(case_for("m1")->accepted_ms, step_time("09:05:00"));
    assert_int_equal(case_for("m1")->resolved_ms, step_time("10:00:00"));
    assert_int_equal(case_for("m1")->outcome, CASE_OUTCOME_SOLVED);
    assert_int_equal(case_for("m1")->satisfaction, SATISFACTION_SATISFIED);
    assert_int_equal(case_for("m1")->n_escalated, 0);
}

static const struct step thanks_are_for_what_was_told_last_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:01:00", SAY("m2", "g-3", "n109", "谢谢"), .tells = ""}, /* nobody has done anything */
    {"09:05:00", SAY("m3", "g-3", MANAGER, "电梯修好了", .reply_to = "m1"),
     .tells = "case resolved p-55"},
    {"09:06:00", SAY("m4", "g-3", "n109", "谢谢，我等下试试"), .tells = ""},
    {"09:07:00", SAY("m5", "g-3", "n109", "谢谢", .reply_to = "m4"), .tells = ""},
    {"10:05:01", SAY("m6", "g-3", "n109", "谢谢"), .tells = ""}, /* an hour later: for what? */
    {"10:06:00", SAY("m7", "g-3", "n109", "还是没修好"), .tells = "case dispatched p-55"},
    {"10:07:00", SAY("m8", "g-3", MANAGER, "师傅马上过去", .reply_to = "m7"),
     .tells = "case accepted p-55"},
    {"10:30:00", SAY("m9", "g-3", MANAGER, "电梯这回修好了"), .tells = "case resolved p-55"},
    {"10:31:00", SAY("m10", "g-3", "n109", "辛苦了"), .tells = "case verified p-55"},
};
SCENARIO(thanks_are_for_what_was_told_last)

static const struct step of_two_cases_the_word_says_which_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:01:00", SAY("m2", "g-3", "n110", LAMP), .tells = "case m2 facility p-55"},
    {"09:02:00", SAY("m3", "g-3", MANAGER, "收到，马上派人"), .tells = ""},
    {"09:03:00", SAY("m4", "g-3", MANAGER, "修好了"), .tells = ""},
    {"09:04:00", SAY("m5", "g-3", MANAGER, "收到，马上派人", .reply_to = "m2"),
     .tells = "case accepted p-55"},
    {"09:05:00", SAY("m6", "g-3", MANAGER, "电梯的师傅在路上"), .tells = "case accepted p-55"},
    {"09:06:00", SAY("m7", "g-31", MANAGER, "5栋电梯修好了"), .tells = ""},
    {"09:07:00", SAY("m8", "g-31", MANAGER, "3栋电梯修好了"), .tells = "case resolved p-55"},
    {"09:08:00", SAY("m9", "g-3", MANAGER, "楼道灯修好了"), .tells = "case resolved p-55"},
};

static void of_two_cases_the_word_says_which(void **state)
{
    (void)state;
    PLAY(&world, of_two_cases_the_word_says_which_steps);
    assert_int_equal(case_for("m2")->accepted_ms, step_time("09:04:00"));
    assert_int_equal(case_for("m1")->accepted_ms, step_time("09:05:00"));
    assert_int_equal(case_for("m1")->resolved_ms, step_time("09:07:00"));
    assert_int_equal(case_for("m2")->resolved_ms, step_time("09:08:00"));
}

static const struct step without_a_quote_it_answers_what_was_just_reported_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:01:00", SAY("m2", "g-3", "n110", "早上好"), .tells = ""},
    {"09:02:00", SAY("m3", "g-3", MANAGER, "收到", .reply_to = "m2"), .tells = ""},
    {"09:03:00", SAY("m4", "g-5", MANAGER, "收到，马上派人"), .tells = ""},
    {"09:46:00", SAY("m5", "g-3", MANAGER, "收到，马上派人"), .tells = ""},
    {"09:47:00", SAY("m6", "g-3", MANAGER, "收到，马上派人修电梯"), .tells = "case accepted p-55"},
};
SCENARIO(without_a_quote_it_answers_what_was_just_reported)

/* What was escalated is still mended by whom it was sent to; what waits goes on when they do. */
static const struct step who_was_late_may_still_answer_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"13:00:00", WAIT, .tells = "alert reminder m1, case escalated p-67, alert escalated m1"},
    {"13:05:00", SAY("m2", "g-3", MANAGER, "电梯师傅在路上"), .tells = "case accepted p-67"},
    {"13:10:00", EVENT(SUSPEND, "m1", .reason = "等配件"), .tells = "ok, case suspended p-67"},
    {"13:20:00", SAY("m3", "g-3", MANAGER, "电梯正在维修"), .tells = "case accepted p-67"},
    {"13:30:00", SAY("m4", "g-3", MANAGER, "电梯恢复运行了"), .tells = "case resolved p-67"},
    {"13:40:00", SAY("m5", "g-3", "n109", "电梯又坏了"), .tells = "case dispatched p-67"},
};
SCENARIO(who_was_late_may_still_answer)

/* Who has joined the reports of a case that is theirs to mend does not verify it. */
static const struct step nobody_verifies_their_own_work_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:05:00", SAY("m2", "g-3", MANAGER, "3栋电梯坏了，急，谁来看看", .reply_to = "m1"),
     .tells = "case dispatched p-55"},
    {"09:30:00", SAY("m3", "g-3", MANAGER, "电梯修好了"), .tells = "case resolved p-55"},
    {"09:31:00", SAY("m4", "g-3", MANAGER, "电梯修好了"), .tells = ""},
};
SCENARIO(nobody_verifies_their_own_work)

#define WORDS_OPEN                                                                                 \
    {                                                                                              \
        "09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"               \
    }

static enum case_state after(const char *sender, const char *text, const char *quotes)
{
    const struct step open[] = {WORDS_OPEN};
    const struct step said = {
        .id = "m2", .group = "g-3", .sender = sender, .text = text, .reply_to = quotes};
    struct buf told;
    world_end(NULL);
    world_make(NULL);
    PLAY(&world, open);
    world.now_ms = step_time("09:10:00");
    buf_init(&told);
    say(&world, &said, &told);
    buf_deinit(&told);
    return case_for("m1")->state;
}

static void a_plan_a_question_and_a_wish_mend_nothing(void **state)
{
    static const struct {
        const char *text;
        enum case_state now;
    } rows[] = {
        {"收到", CASE_ACCEPTED},
        {"收到，马上派人", CASE_ACCEPTED},
        {"收到您的反馈，这就安排", CASE_ACCEPTED},
        {"师傅在路上", CASE_ACCEPTED},
        {"已经联系维保了", CASE_ACCEPTED},
        {"维修师傅正在抢修，请大家稍等", CASE_ACCEPTED},
        {"On it, a mechanic is on the way", CASE_ACCEPTED},
        {"收到，要等配件，周四", CASE_ACCEPTED},
        {"马上派人，下午能修好", CASE_ACCEPTED},
        {"修好了", CASE_RESOLVED},
        {"电梯修好了", CASE_RESOLVED},
        {"已处理完", CASE_RESOLVED},
        {"电梯已修复", CASE_RESOLVED},
        {"电梯好了", CASE_RESOLVED},
        {"电梯已经恢复", CASE_RESOLVED},
        {"下午师傅来修好了", CASE_RESOLVED},
        {"The lift is fixed", CASE_RESOLVED},
        {"要等配件，周四", CASE_DISPATCHED}, /* staff record why it waits */
        {"电梯预计下午五点恢复", CASE_DISPATCHED},
        {"今天下午能修复", CASE_DISPATCHED},
        {"没处理好", CASE_DISPATCHED},
        {"电梯明天就修好了", CASE_DISPATCHED},
        {"电梯修好了通知大家", CASE_DISPATCHED},
        {"电梯修好了吗？", CASE_DISPATCHED},
        {"电梯还没修好", CASE_DISPATCHED},
        {"什么时候派人", CASE_DISPATCHED},
        {"师傅在路上吗？", CASE_DISPATCHED},
        {"今天没派人", CASE_DISPATCHED},
        {"收到快递了", CASE_DISPATCHED},
        {"没收到", CASE_DISPATCHED},
        {"大家收到了吗", CASE_DISPATCHED},
        {"早上好", CASE_DISPATCHED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum case_state now = after(MANAGER, rows[i].text, "m1");
        if (now != rows[i].now)
            fail_msg("%s: %s instead of %s", rows[i].text, case_state_code(now),
                     case_state_code(rows[i].now));
    }
}

static void only_a_party_to_it_changes_anything(void **state)
{
    static const struct {
        const char *sender;
        bool may;
    } rows[] = {{MANAGER, true},   {"n302", true},         {OFFICER, true},
                {COMMITTEE, true}, {OTHER_MANAGER, false}, {"n315", false}, /* another grid's */
                {"n309", false},   {"n110", false},        {"n905", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum case_state begun = after(rows[i].sender, "收到，马上派人", "m1");
        enum case_state done = after(rows[i].sender, "电梯修好了", "m1");
        if ((begun == CASE_ACCEPTED) != rows[i].may || (done == CASE_RESOLVED) != rows[i].may)
            fail_msg("%s: %s, %s", rows[i].sender, case_state_code(begun), case_state_code(done));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(from_the_report_to_the_thanks),
        CASE(thanks_are_for_what_was_told_last),
        CASE(of_two_cases_the_word_says_which),
        CASE(who_was_late_may_still_answer),
        CASE(nobody_verifies_their_own_work),
        CASE(a_plan_a_question_and_a_wish_mend_nothing),
        CASE(only_a_party_to_it_changes_anything),
        CASE(without_a_quote_it_answers_what_was_just_reported),
    };
    return RUN(tests);
}

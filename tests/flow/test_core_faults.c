/* The life of a case, from the report to its end: deadlines, reminders, escalation, returns, and
   what those who reported it say in the chat. The first day is a Monday. */
#include "flow/core_day.h"
#include "model/tally.h"

#define EVENT(what, ...) ORDER(CASE_EVENT, .case_event = CASE_EVENT_##what, .on = __VA_ARGS__)
#define LIFT "3栋2单元电梯又坏了，物业来看看"

static const struct case_ *case_for(const char *message)
{
    return core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, message).key);
}

/* --- the clock --- */

static const struct step nobody_does_anything_and_it_ends_all_the_same_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"11:59:59", WAIT, .tells = ""}, /* four hours, from nine on */
    {"12:00:00", WAIT, .tells = "alert reminder m1"},
    {"12:59:59", WAIT, .tells = ""},
    {"13:00:00", WAIT, .tells = "case escalated p-67, alert escalated m1"},
    {"16:00:00", WAIT, .tells = "alert reminder m1"},
    {"17:00:00", WAIT, .tells = "case escalated p-66, alert escalated m1"},
    {"2T11:29:59", WAIT, .tells = ""},
    {"2T11:30:00", WAIT, .tells = "alert reminder m1"},
    {"2T12:30:00", WAIT, .tells = "case escalated p-66, alert escalated m1"},
    {"8T12:30:00", WAIT, .tells = ""}, /* nobody stands above */
};

static void nobody_does_anything_and_it_ends_all_the_same(void **state)
{
    struct buf told;
    (void)state;
    PLAY(&world, nobody_does_anything_and_it_ends_all_the_same_steps);
    assert_int_equal(case_for("m1")->level, CASE_LEVEL_OVERDUE);
    assert_int_equal(case_for("m1")->n_escalated, 3);
    assert_int_equal(case_for("m1")->n_dispatched, 1);
    buf_init(&told);
    tick_until(&world, step_time("2T12:29:59") + 30 * DAY_MS, &told);
    assert_string_equal(buf_z_borrow(&told), "");
    tick_until(&world, step_time("2T12:30:00") + 30 * DAY_MS, &told);
    assert_string_equal(buf_z_borrow(&told), "case closed p-66");
    buf_deinit(&told);
    assert_int_equal(case_for("m1")->outcome, CASE_OUTCOME_UNSOLVED);
}

static const struct step whoever_takes_it_on_has_a_time_of_their_own_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"10:00:00", EVENT(ACCEPT, "m1"), .tells = "ok, case accepted p-55"},
    {"2T17:30:00", WAIT, .tells = ""}, /* three working days from ten */
    {"3T12:07:30", WAIT, .tells = "alert reminder m1"},
    {"4T10:00:00", WAIT, .tells = "case escalated p-67, alert escalated m1"},
    {"4T11:00:00", EVENT(ACCEPT, "m1"), .tells = "ok, case accepted p-67"},
    {"4T12:00:00", EVENT(RESOLVE, "m1"), .tells = "ok, case resolved p-67"},
    {"8T17:30:00", WAIT, .tells = ""}, /* a weekend counts nothing, and no one is reminded */
};

static void whoever_takes_it_on_has_a_time_of_their_own(void **state)
{
    struct buf told;
    (void)state;
    PLAY(&world, whoever_takes_it_on_has_a_time_of_their_own_steps);
    buf_init(&told);
    tick_until(&world, step_time("8T11:59:59") + DAY_MS, &told);
    assert_string_equal(buf_z_borrow(&told), "");
    tick_until(&world, step_time("8T12:00:00") + DAY_MS, &told);
    assert_string_equal(buf_z_borrow(&told), "case closed p-67");
    buf_deinit(&told);
    const struct case_ *k = case_for("m1");
    assert_int_equal(k->outcome, CASE_OUTCOME_UNANSWERED);
    assert_int_equal(k->dispatched_ms, step_time("09:00:00"));
    assert_int_equal(k->accepted_ms, step_time("10:00:00"));
    assert_int_equal(k->resolved_ms, step_time("4T12:00:00"));
}

static const struct step what_is_urgent_knows_no_night_steps[] = {
    {"22:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"22:10:00", SAY("m2", "g-3", "n110", "3栋电梯里困了人，物业快来"),
     .tells = "alert critical m2, case dispatched p-55"},
    {"22:11:15", WAIT, .tells = "alert reminder m1"}, /* a quarter of an hour since it was sent */
    {"22:15:00", WAIT, .tells = "case escalated p-67, alert escalated m1"},
    /* of the alert, too, nobody has taken notice: it is told again every ten minutes */
    {"22:30:00", WAIT,
     .tells = "alert unseen m2, alert reminder m1, case escalated p-66, alert escalated m1, "
              "alert unseen m2"},
};
SCENARIO(what_is_urgent_knows_no_night)

/* While it waits for the reporter no time passes; their answer, or two weeks, end that. */
static const struct step what_waits_for_the_reporter_loses_no_time_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:30:00", EVENT(SUSPEND, "m1"), .tells = "conflict"}, /* nobody has taken it on */
    {"10:00:00", EVENT(ACCEPT, "m1"), .tells = "ok, case accepted p-55"},
    {"12:00:00", EVENT(SUSPEND, "m1", .reason = "家里没人"), .tells = "ok, case suspended p-55"},
    {"2T12:00:00", SAY("m2", "g-3", "n110", "早上好"), .tells = ""},
    {"2T12:01:00", SAY("m3", "g-3", "n109", "我今天在家", .reply_to = "m1"),
     .tells = "case accepted p-55"},
    {"4T12:38:29", WAIT, .tells = ""},
    {"4T12:38:30", WAIT, .tells = "alert reminder m1"},
    {"5T10:00:59", WAIT, .tells = ""}, /* two of 25 and a half hours were gone */
    {"5T10:01:00", WAIT, .tells = "case escalated p-67, alert escalated m1"},
};
SCENARIO(what_waits_for_the_reporter_loses_no_time)

static const struct step nobody_is_waited_for_for_ever_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:10:00", EVENT(ACCEPT, "m1"), .tells = "ok, case accepted p-55"},
    {"09:20:00", EVENT(SUSPEND, "m1"), .tells = "ok, case suspended p-55"},
    {"8T09:20:00", WAIT, .tells = ""},
};

static void nobody_is_waited_for_for_ever(void **state)
{
    struct buf told;
    (void)state;
    PLAY(&world, nobody_is_waited_for_for_ever_steps);
    buf_init(&told);
    tick_until(&world, step_time("09:20:00") + 14 * DAY_MS, &told);
    assert_string_equal(buf_z_borrow(&told), "case accepted p-55");
    buf_deinit(&told);
}

/* --- who has it --- */

static const struct step what_is_returned_is_sent_elsewhere_by_the_officer_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:10:00", EVENT(RETURN, "m1"), .tells = "bad-field"}, /* why? */
    {"09:20:00", EVENT(RETURN, "m1", .reason = "不归我们管"), .tells = "ok, case returned p-67"},
    {"10:00:00", ORDER(CASE_DISPATCH, .on = "m1", .assignee = "nobody"), .tells = "bad-field"},
    {"10:01:00", ORDER(CASE_DISPATCH, .on = "m1", .assignee = "p-62"),
     .tells = "ok, case dispatched p-62"},
    {"10:02:00", EVENT(RETURN, "m1", .reason = "修不了"), .tells = "ok, case returned p-67"},
    {"10:03:00", ORDER(CASE_DISPATCH, .on = "m1", .assignee = "p-67"),
     .tells = "ok, case dispatched p-67"},
    {"10:04:00", EVENT(RETURN, "m1", .reason = "要社区协调"), .tells = "ok, case returned p-66"},
    {"13:04:00", WAIT, .tells = "alert reminder m1"}, /* nobody sends it on */
    {"14:04:00", WAIT, .tells = "case escalated p-66, alert escalated m1"},
    {"14:05:00", EVENT(CLOSE, "m1", .reason = "产权单位另行处理"), .tells = "ok, case closed p-66"},
    {"14:06:00", ORDER(CASE_DISPATCH, .on = "m1", .assignee = "p-55"), .tells = "conflict"},
};

static void what_is_returned_is_sent_elsewhere_by_the_officer(void **state)
{
    (void)state;
    PLAY(&world, what_is_returned_is_sent_elsewhere_by_the_officer_steps);
    const struct case_ *k = case_for("m1");
    assert_int_equal(k->n_returned, 3);
    assert_int_equal(k->n_dispatched, 3);
    assert_string_equal(k->return_reason, "要社区协调");
    assert_int_equal(k->outcome, CASE_OUTCOME_UNSOLVED);
}

static const struct step staff_may_escalate_by_hand_but_not_beyond_the_committee_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:01:00", EVENT(ESCALATE, "m1"), .tells = "ok, case escalated p-67, alert escalated m1"},
    {"09:02:00", EVENT(ESCALATE, "m1"), .tells = "ok, case escalated p-66, alert escalated m1"},
    {"09:03:00", EVENT(ESCALATE, "m1"), .tells = "ok, case escalated p-66, alert escalated m1"},
    {"09:04:00", EVENT(ESCALATE, "m1"), .tells = "conflict"},
    {"09:04:01", EVENT(ACCEPT, "m1"), .tells = "ok, case accepted p-66"}, /* and late again: */
    {"09:04:02", EVENT(ESCALATE, "m1"), .tells = "ok, case escalated p-66, alert escalated m1"},
    {"09:04:03", EVENT(ESCALATE, "m1"), .tells = "conflict"},
    {"09:05:00", EVENT(LAPSE, "m1"), .tells = "bad-field"},
    {"09:05:01", EVENT(VOID, "m1"), .tells = "bad-field"},
    {"09:05:02", EVENT(MERGE, "m1"), .tells = "bad-field"},
    {"09:06:00", EVENT(DISPATCH, "m1"), .tells = "ok, case dispatched p-55"}, /* by the table */
};
SCENARIO(staff_may_escalate_by_hand_but_not_beyond_the_committee)

/* --- several reports --- */

static const struct step two_cases_of_one_fault_become_one_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:01:00", SAY("m2", "g-5", "n114", "5栋下水道堵了，往外冒水，物业来看看"),
     .tells = "case m2 facility p-55"},
    {"09:02:00", ORDER(CASE_MERGE, .on = "m1", .into = "m1"), .tells = "bad-field"},
    {"09:03:00", ORDER(CASE_MERGE, .on = "m1", .into = "m2"),
     .tells = "ok, case merged p-55, case dispatched p-55"},
    {"09:04:00", ORDER(CASE_MERGE, .on = "m2", .into = "m1"), .tells = "bad-field"},
    /* Who reported the one that is gone speaks of the one that stays. */
    {"09:10:00", EVENT(RESOLVE, "m2"), .tells = "ok, case resolved p-55"},
    {"09:20:00", SAY("m3", "g-3", "n109", "修好了，谢谢", .reply_to = "m1"),
     .tells = "case verified p-55"},
};

static void two_cases_of_one_fault_become_one(void **state)
{
    (void)state;
    PLAY(&world, two_cases_of_one_fault_become_one_steps);
    assert_string_equal(case_for("m1")->merged_into, case_for("m2")->id);
    assert_int_equal(case_for("m1")->outcome, CASE_OUTCOME_MERGED);
    assert_int_equal(case_for("m2")->reporters.n, 2);
    assert_int_equal(case_for("m2")->reported_by.n, 2);
}

static const struct step as_long_as_nobody_mends_it_a_fault_is_one_case_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:10:00", EVENT(ACCEPT, "m1"), .tells = "ok, case accepted p-55"},
    {"2T15:00:00", SAY("m2", "g-3", "n110", "3栋电梯坏了两天了，物业来修一下"),
     .tells = "case accepted p-55"},
    {"2T16:00:00", EVENT(RESOLVE, "m1"), .tells = "ok, case resolved p-55"},
    {"2T16:10:00", SAY("m3", "g-3", "n124", "3栋电梯坏了，物业来修一下"),
     .tells = "case m3 facility p-55"}, /* a day later: another time */
};
SCENARIO(as_long_as_nobody_mends_it_a_fault_is_one_case)

static const struct step what_is_reported_after_it_was_resolved_was_not_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:10:00", EVENT(RESOLVE, "m1"), .tells = "ok, case resolved p-55"},
    {"10:00:00", SAY("m2", "g-3", "n110", "3栋电梯坏了，物业来修一下"),
     .tells = "case dispatched p-55"},
    {"11:00:00", SAY("m3", "g-3", "n109", NULL, .recalled = "m1"), .tells = ""}, /* told by two */
};

static void what_is_reported_after_it_was_resolved_was_not(void **state)
{
    (void)state;
    PLAY(&world, what_is_reported_after_it_was_resolved_was_not_steps);
    assert_int_equal(case_for("m1")->n_redone, 1);
}

static const struct step what_is_taken_back_at_once_is_no_case_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:01:00", SAY("m2", "g-3", "n109", NULL, .recalled = "m1"), .tells = "case closed p-55"},
    {"09:02:00", SAY("m3", "g-3", "n109", "又坏了", .reply_to = "m1"),
     .tells = "case m3 facility p-55"},
};
SCENARIO(what_is_taken_back_at_once_is_no_case)

/* --- where it is --- */

static const struct step what_is_the_estates_is_one_case_in_whichever_group_it_is_told_steps[] = {
    {"09:00:00", SAY("m1", "g-1", "n101", "小区停电了"), .tells = "case m1 facility p-55"},
    {"09:01:00", SAY("m2", "g-2", "n106", "整个小区都停电了"), .tells = "case dispatched p-55"},
    {"09:02:00", SAY("m3", "g-3", "n108", "停电了"), .tells = "case dispatched p-55"},
    {"10:00:00", SAY("m4", "g-1", "n102", "小区大门道闸坏了"), .tells = "case m4 facility p-55"},
    {"10:30:00", SAY("m5", "g-5", "n114", "大门道闸又坏了"), .tells = "case dispatched p-55"},
    {"10:40:00", SAY("m6", "g-5", "n115", "5栋单元门门禁坏了，刷卡没反应，物业来看看"),
     .tells = "case m6 facility p-55"}, /* and that of a building is another one */
    {"10:45:00", SAY("m7", "g-3", "n110", "门禁坏了，刷卡没反应，物业来看看"),
     .tells = "case m7 facility p-55"},
    {"10:50:00", SAY("m8", "g-31", "n301", "道闸已经修好了"), .tells = "case resolved p-55"},
};

static void what_is_the_estates_is_one_case_in_whichever_group_it_is_told(void **state)
{
    (void)state;
    PLAY(&world, what_is_the_estates_is_one_case_in_whichever_group_it_is_told_steps);
    assert_string_equal(case_for("m1")->origin.place, "e-1");
    assert_string_equal(case_for("m1")->origin.grid, "gr-1");
    assert_int_equal(case_for("m1")->reported_by.n, 3);
    assert_string_equal(case_for("m4")->origin.place, "e-1");
    assert_int_equal(case_for("m4")->state, CASE_RESOLVED);
    assert_string_equal(case_for("m6")->origin.place, "b-5");
}

static const struct step an_outage_of_several_buildings_within_the_hour_is_the_estates_steps[] = {
    {"09:00:00", SAY("m1", "g-1", "n101", "停水了"), .tells = "case m1 facility p-55"},
    {"09:10:00", SAY("m2", "g-21", "n203", "21号楼停水了"), .tells = "case m2 facility p-56"},
    {"09:20:00", SAY("m3", "g-2", "n106", "2栋停水了，怎么回事"), .tells = "case dispatched p-55"},
    {"11:00:00", SAY("m4", "g-5", "n114", "5栋也停水了"), .tells = "case dispatched p-55"},
    {"11:10:00", SAY("m5", "g-6", "n117", "6栋电梯坏了，物业来看看"),
     .tells = "case m5 facility p-55"},
    {"11:11:00", SAY("m6", "g-7", "n120", "7栋电梯坏了，物业来看看"),
     .tells = "case m6 facility p-55"}, /* lifts go out one by one */
    {"11:20:00", SAY("m7", "g-2", "n301", "2栋已经恢复供水，来水了"), .tells = ""},
    {"11:30:00", SAY("m8", "g-31", "n301", "停水的问题已经解决，来水了"),
     .tells = "case resolved p-55"},
};

static void an_outage_of_several_buildings_within_the_hour_is_the_estates(void **state)
{
    (void)state;
    PLAY(&world, an_outage_of_several_buildings_within_the_hour_is_the_estates_steps);
    const struct case_ *k = case_for("m1");
    assert_string_equal(k->origin.place, "e-1");
    assert_int_equal(k->reported_by.n, 3);
    const struct tally *day = core_find(world.core, OBJECT_TALLY, "c-lx/2026-11-23");
    for (int i = 0; i < day->n_rows; i++) /* a report is counted where its fault is */
        assert_true(strcmp(tally_row_name(day, &day->rows[i]), "b-1") != 0);
}

static const struct step hours_apart_two_outages_are_two_steps[] = {
    {"09:00:00", SAY("m1", "g-1", "n101", "1栋停水了"), .tells = "case m1 facility p-55"},
    {"10:30:00", SAY("m2", "g-5", "n114", "5栋停水了"), .tells = "case m2 facility p-55"},
    {"10:31:00", SAY("m3", "g-5", "n115", "我家跳闸了，没电了，物业来看看"),
     .tells = "case m3 facility p-55"},
    {"10:32:00", SAY("m4", "g-1", "n102", "1栋停电了，物业来看看"),
     .tells = "case m4 facility p-55"}, /* a fuse is one home's */
};
SCENARIO(hours_apart_two_outages_are_two)

static const struct step two_lifts_are_two_cases_steps[] = {
    {"09:00:00", SAY("m1", "g-1", "n101", "1栋2单元电梯坏了"), .tells = "case m1 facility p-55"},
    {"09:10:00", SAY("m2", "g-1", "n103", "1栋1单元电梯坏了，一直停在5楼"),
     .tells = "case m2 facility p-55"},
    {"09:20:00", SAY("m3", "g-1", "n301", "1栋2单元电梯修好了"), .tells = "case resolved p-55"},
    {"10:00:00", SAY("m4", "g-5", "n114", "5栋左边的电梯坏了，物业来看看"),
     .tells = "case m4 facility p-55"},
    {"10:10:00", SAY("m5", "g-5", "n115", "5栋右边的电梯也坏了，物业来看看"),
     .tells = "case m5 facility p-55"},
    {"10:20:00", SAY("m6", "g-5", "n116", "5栋电梯又坏了，物业来看看"),
     .tells = "case dispatched p-55"}, /* of either */
};

static void two_lifts_are_two_cases(void **state)
{
    (void)state;
    PLAY(&world, two_lifts_are_two_cases_steps);
    assert_int_equal(case_for("m1")->state, CASE_RESOLVED);
    assert_int_equal(case_for("m2")->state, CASE_DISPATCHED);
}

/* --- the reporter's word --- */

static const struct step the_reporter_verifies_and_reopens_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "3栋2单元楼道水管漏水，物业来看看"),
     .tells = "case m1 facility p-55"},
    {"09:10:00", EVENT(RESOLVE, "m1"), .tells = "ok, case resolved p-55"},
    {"09:20:00", SAY("m2", "g-3", "n110", "修好了，谢谢"), .tells = ""}, /* somebody else */
    {"09:30:00", SAY("m3", "g-3", "n109", "修好了，谢谢"), .tells = "case verified p-55"},
    {"09:40:00", SAY("m4", "g-3", "n109", "又漏了"), .tells = "case dispatched p-55"},
    {"10:00:00", EVENT(RESOLVE, "m1"), .tells = "ok, case resolved p-55"},
    {"10:10:00", SAY("m5", "g-3", "n109", "还是没修好"), .tells = "case dispatched p-55"},
    {"10:20:00", SAY("m6", "g-3", "n109", "水管修好了，不漏了，感谢物业"),
     .tells = "case verified p-55"}, /* before anybody else said so */
    {"2T10:19:59", WAIT, .tells = ""},
    {"2T10:20:00", WAIT, .tells = "case closed p-55"},
    {"3T09:00:00", SAY("m7", "g-3", "n109", "又漏了"), .tells = "case dispatched p-55"},
    {"3T09:10:00", SAY("m8", "g-3", "n109", "修好了吗", .reply_to = "m1"), .tells = ""},
};

static void the_reporter_verifies_and_reopens(void **state)
{
    (void)state;
    PLAY(&world, the_reporter_verifies_and_reopens_steps);
    assert_int_equal(case_for("m1")->n_redone, 3);
    assert_int_equal(case_for("m1")->satisfaction, SATISFACTION_NONE); /* of what did not last */
}

static const struct step another_fault_is_another_case_and_so_is_the_same_after_a_week_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:10:00", SAY("m2", "g-3", "n109", "电梯修好了，谢谢物业"), .tells = "case verified p-55"},
    {"09:11:00", EVENT(CLOSE, "m1"), .tells = "ok, case closed p-55"},
    {"3T09:00:00", SAY("m3", "g-3", "n109", "又停水了，烦死了，物业管管"),
     .tells = "case m3 facility p-55"},
    {"3T09:20:00", SAY("m4", "g-3", "n110", "电梯又坏了，物业来看看"),
     .tells = "case m4 facility p-55"}, /* somebody else's word */
    {"3T09:21:00", EVENT(RESOLVE, "m3"), .tells = "ok, case resolved p-55"},
    {"3T09:22:00", EVENT(RESOLVE, "m4"), .tells = "ok, case resolved p-55"},
    {"3T09:23:00", EVENT(VERIFY, "m3"), .tells = "ok, case verified p-55"},
    {"3T09:24:00", EVENT(CLOSE, "m3"), .tells = "ok, case closed p-55"},
    {"3T09:25:00", EVENT(VERIFY, "m4"), .tells = "ok, case verified p-55"},
    {"3T09:26:00", EVENT(CLOSE, "m4"), .tells = "ok, case closed p-55"},
    {"8T09:11:01", SAY("m5", "g-3", "n109", "电梯又坏了，物业来看看"),
     .tells = "case m5 facility p-55"},
    {"8T09:12:00", SAY("m6", "g-3", "n110", "电梯还是没修好", .reply_to = "m4"),
     .tells = "case dispatched p-55"}, /* not a week yet */
};

static void another_fault_is_another_case_and_so_is_the_same_after_a_week(void **state)
{
    struct core_options o = world_options(&world);
    (void)state;
    o.keep_ms = 30 * DAY_MS;
    core_configure(world.core, &o);
    PLAY(&world, another_fault_is_another_case_and_so_is_the_same_after_a_week_steps);
    assert_int_equal(case_for("m1")->state, CASE_CLOSED);
    assert_int_equal(case_for("m4")->n_redone, 1);
}

static const struct step of_two_faults_the_word_has_to_say_which_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:01:00", SAY("m2", "g-3", "n109", "3栋2单元楼道灯不亮，物业来看看"),
     .tells = "case m2 facility p-55"},
    {"09:10:00", SAY("m3", "g-3", "n109", "修好了，谢谢物业"), .tells = ""},
    {"09:11:00", EVENT(RESOLVE, "m1"), .tells = "ok, case resolved p-55"},
    {"09:12:00", SAY("m4", "g-3", "n109", "修好了，谢谢物业"), .tells = "case verified p-55"},
    {"09:13:00", SAY("m5", "g-3", "n109", "楼道灯修好了，谢谢物业"), .tells = "case verified p-55"},
};

static void of_two_faults_the_word_has_to_say_which(void **state)
{
    (void)state;
    PLAY(&world, of_two_faults_the_word_has_to_say_which_steps);
    assert_int_equal(case_for("m1")->satisfaction, SATISFACTION_SATISFIED);
    assert_int_equal(case_for("m2")->state, CASE_VERIFIED);
}

/* What a reporter says, and what becomes of a case that is resolved, or verified. */
static void words_of_an_end_and_of_a_relapse_are_told_apart(void **state)
{
    static const struct {
        const char *text;
        enum case_state from_resolved, from_verified;
    } rows[] = {
        {"修好了，谢谢", CASE_VERIFIED, CASE_VERIFIED},
        {"水管修好了", CASE_VERIFIED, CASE_VERIFIED},
        {"不漏了，感谢师傅", CASE_VERIFIED, CASE_VERIFIED},
        {"等了三天终于修好了，谢谢", CASE_VERIFIED, CASE_VERIFIED},
        {"昨天又漏了，刚才师傅又来修好了，谢谢", CASE_VERIFIED, CASE_VERIFIED},
        {"又修好了，谢谢", CASE_VERIFIED, CASE_VERIFIED},
        {"The pipe is fixed, thanks", CASE_VERIFIED, CASE_VERIFIED},
        {"又漏了", CASE_DISPATCHED, CASE_DISPATCHED},
        {"怎么又漏了？", CASE_DISPATCHED, CASE_DISPATCHED},
        {"还是没修好", CASE_DISPATCHED, CASE_DISPATCHED},
        {"没修好，还在滴水", CASE_DISPATCHED, CASE_DISPATCHED},
        {"修好了没两天又坏了", CASE_DISPATCHED, CASE_DISPATCHED},
        {"修是修好了，但是又开始漏了", CASE_DISPATCHED, CASE_DISPATCHED},
        {"跟没修一样", CASE_DISPATCHED, CASE_DISPATCHED},
        {"水管又漏水了，物业快来", CASE_DISPATCHED, CASE_DISPATCHED},
        {"still leaking, not fixed at all", CASE_DISPATCHED, CASE_DISPATCHED},
        {"修好了吗", CASE_RESOLVED, CASE_VERIFIED},
        {"修好了没有？", CASE_RESOLVED, CASE_VERIFIED},
        {"什么时候能修好", CASE_RESOLVED, CASE_VERIFIED},
        {"等修好了说一声", CASE_RESOLVED, CASE_VERIFIED},
        {"希望别又漏了", CASE_RESOLVED, CASE_VERIFIED},
        {"不会又漏了吧", CASE_RESOLVED, CASE_VERIFIED},
        {"又漏了吗", CASE_RESOLVED, CASE_VERIFIED},
        {"没再漏了", CASE_RESOLVED, CASE_VERIFIED},
        {"早上好", CASE_RESOLVED, CASE_VERIFIED},
        {"谢谢", CASE_RESOLVED, CASE_VERIFIED},
        {"还是物业给力", CASE_RESOLVED, CASE_VERIFIED},
        {"我家洗衣机又坏了，谁会修", CASE_RESOLVED, CASE_VERIFIED},
    };
    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        const struct step open[] = {
            {"09:00:00", SAY("m1", "g-3", "n109", "3栋2单元楼道水管漏水，物业来看看"),
             .tells = "case m1 facility p-55"},
            {"09:10:00", EVENT(RESOLVE, "m1"), .tells = "ok, case resolved p-55"},
            {"09:11:00", EVENT(VERIFY, "m1"), .tells = "ok, case verified p-55"},
        };
        const struct step said = {
            .id = "m2", .group = "g-3", .sender = "n109", .text = rows[i / 2].text};
        struct buf told;
        world_end(NULL);
        world_make(NULL);
        play(&world, open, i % 2 ? 3 : 2);
        world.now_ms = step_time("10:00:00");
        buf_init(&told);
        say(&world, &said, &told);
        buf_deinit(&told);
        enum case_state wanted = i % 2 ? rows[i / 2].from_verified : rows[i / 2].from_resolved;
        if (case_for("m1")->state != wanted)
            fail_msg("%s: %s instead of %s", rows[i / 2].text,
                     case_state_code(case_for("m1")->state), case_state_code(wanted));
    }
}

/* --- 回访 --- */

static const struct step staff_ask_how_it_went_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"09:05:00", ORDER(CASE_FOLLOW_UP, .on = "m1", .follow_up = {.contacted = true}),
     .tells = "conflict"},
    {"09:10:00", EVENT(RESOLVE, "m1"), .tells = "ok, case resolved p-55"},
    {"09:15:00",
     ORDER(CASE_FOLLOW_UP, .on = "m1", .follow_up = {.satisfaction = SATISFACTION_SATISFIED}),
     .tells = "bad-field"},
    {"09:20:00", ORDER(CASE_FOLLOW_UP, .on = "m1"), .tells = "ok, case resolved p-55"},
    {"09:30:00",
     ORDER(CASE_FOLLOW_UP, .on = "m1", .follow_up = {true, true, SATISFACTION_FAIRLY_SATISFIED}),
     .tells = "ok, case verified p-55"},
    {"09:40:00", EVENT(CLOSE, "m1"), .tells = "ok, case closed p-55"},
    {"09:50:00",
     ORDER(CASE_FOLLOW_UP, .on = "m1", .follow_up = {true, false, SATISFACTION_DISSATISFIED}),
     .tells = "ok, case closed p-55"},
};

static void staff_ask_how_it_went(void **state)
{
    (void)state;
    PLAY(&world, staff_ask_how_it_went_steps);
    const struct case_ *k = case_for("m1");
    assert_int_equal(k->outcome, CASE_OUTCOME_SOLVED);
    assert_int_equal(k->satisfaction, SATISFACTION_DISSATISFIED);
    assert_true(k->contacted && !k->solved);
    assert_int_equal(k->followed_up_ms, step_time("09:50:00"));
    static const int counts[TALLY_FOLLOWUP_N] = {[TALLY_FOLLOWUP_VALID] = 1, /* asked thrice */
                                                 [TALLY_FOLLOWUP_CONTACTED] = 1,
                                                 [TALLY_FOLLOWUP_SOLVED] = 1,
                                                 [TALLY_FOLLOWUP_FAIRLY_SATISFIED] = 1};
    const struct tally *day = core_find(world.core, OBJECT_TALLY, "c-lx/2026-11-23");
    assert_non_null(day);
    for (int i = 0; i < TALLY_FOLLOWUP_N; i++)
        assert_int_equal(tally_get(day, TALLY_FOLLOWUPS, i), counts[i]);
}

static void every_step_is_in_the_audit_with_whom_it_came_to(void **state)
{
    const struct step opens[] = {
        {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
        {"13:00:00", WAIT, .tells = "alert reminder m1, case escalated p-67, alert escalated m1"}};
    static const char *const wanted[] = {"case.assign p-55 p-67",
                                         "case.change dispatched escalated",
                                         "case.escalate - grid_officer"};
    (void)state;
    PLAY(&world, opens);
    assert_int_equal(world.fx.n_audits, 3);
    for (int i = 0; i < 3; i++) {
        const struct audit *a = &world.fx.audits[i];
        char line[120];
        snprintf(line, sizeof line, "%s %s %s", a->action, a->before ? a->before : "-", a->after);
        assert_string_equal(line, wanted[i]);
        assert_string_equal(a->actor, "linli");
    }
    const struct event *e = &world.fx.events[world.fx.n_events - 1];
    assert_string_equal(e->case_id, case_for("m1")->id);
    assert_string_equal(e->assignee, "p-67");
}

/* --- who answers --- */

static void put_party(const char *id, enum party_kind kind, const char *place, const char *roles)
{
    struct directory d = {.n_parties = 1};
    struct party *p = NEW(struct party), *rows[] = {p};
    str_copy(p->community, ID_SIZE, STR("c-lx"));
    str_copy(p->id, ID_SIZE, str_of(id));
    str_copy(p->place, ID_SIZE, str_of(place));
    p->kind = kind;
    p->name = mem_dup(id);
    p->monthly_limit = -1;
    strs_split(&p->roles, str_of(roles), ';');
    d.parties = rows;
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = id,
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "test",
                                        .role = ROLE_ADMIN,
                                        .kind = COMMAND_DIRECTORY_IMPORT,
                                        .object = "c-lx",
                                        .directory = d}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.replies[0].err, ERR_OK);
    party_free(&rows[0]); /* NULL when the core has taken it */
}

static void a_party_answers_by_its_category_its_place_and_its_kind(void **state)
{
    static const struct step before[] = {{"09:00:00",
                                          SAY("m1", "g-3", "n109", "3栋半夜装修太吵了，物业管管"),
                                          .tells = "case m1 nuisance p-55"}};
    static const struct step after[] = {
        {"10:00:00", SAY("m2", "g-5", "n114", "5栋半夜装修太吵了，有没有人管"),
         .tells = "case m2 nuisance p-90"}, /* the unit for nuisances */
        {"10:01:00", SAY("m3", "g-5", "n114", "5栋电梯坏了，物业来修一下"),
         .tells = "case m3 facility p-55"},
        {"10:02:00", SAY("m4", "g-31", "n117", "6栋电梯坏了，物业来修一下"),
         .tells = "case m4 facility p-55"}}; /* who is called so comes first */
    (void)state;
    PLAY(&world, before);
    put_party("p-90", PARTY_UNIT, "c-lx", "nuisance");
    put_party("p-91", PARTY_PROPERTY, "b-6", "parking");
    PLAY(&world, after);
}

static const struct step who_is_both_is_told_once_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", LIFT), .tells = "case m1 facility p-55"},
    {"13:00:00", WAIT, .tells = "alert reminder m1, case escalated p-67, alert escalated m1"},
    {"17:00:00", WAIT, .tells = "alert reminder m1, case escalated p-67, alert escalated m1"},
};

static void who_is_both_is_told_once(void **state)
{
    (void)state;
    put_party("p-67", PARTY_COMMUNITY, "gr-1", "grid_officer;staff");
    PLAY(&world, who_is_both_is_told_once_steps);
    assert_int_equal(case_for("m1")->level, CASE_LEVEL_OVERDUE);
}

/* --- one fault, one case --- */

static const struct step who_says_also_speaks_of_the_same_fault_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n109", "3栋停水了，物业来看看"),
     .tells = "case m1 facility p-55"},
    {"08:02:00", SAY("m2", "g-3", "n108", "20楼也没有，奶瓶都没法洗"),
     .tells = "case dispatched p-55"},
    {"08:03:00", SAY("m3", "g-3", "n110", "停水了停水了，谁去报一下物业"),
     .tells = "case dispatched p-55"},
    {"08:04:00", SAY("m4", "g-3", "n108", "电梯也坏了，按键没反应"),
     .tells = "case m4 facility p-55"},
    {"08:05:00", SAY("m5", "g-3", "n109", "快递柜也倒了一个，太重扶不起来，物业来弄一下"),
     .tells = "case m5 facility p-55"}, /* 也, of another thing */
};
SCENARIO(who_says_also_speaks_of_the_same_fault)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(nobody_does_anything_and_it_ends_all_the_same),
        CASE(whoever_takes_it_on_has_a_time_of_their_own),
        CASE(what_is_urgent_knows_no_night),
        CASE(what_waits_for_the_reporter_loses_no_time),
        CASE(nobody_is_waited_for_for_ever),
        CASE(what_is_returned_is_sent_elsewhere_by_the_officer),
        CASE(staff_may_escalate_by_hand_but_not_beyond_the_committee),
        CASE(two_cases_of_one_fault_become_one),
        CASE(as_long_as_nobody_mends_it_a_fault_is_one_case),
        CASE(what_is_reported_after_it_was_resolved_was_not),
        CASE(what_is_taken_back_at_once_is_no_case),
        CASE(what_is_the_estates_is_one_case_in_whichever_group_it_is_told),
        CASE(an_outage_of_several_buildings_within_the_hour_is_the_estates),
        CASE(hours_apart_two_outages_are_two),
        CASE(two_lifts_are_two_cases),
        CASE(the_reporter_verifies_and_reopens),
        CASE(another_fault_is_another_case_and_so_is_the_same_after_a_week),
        CASE(of_two_faults_the_word_has_to_say_which),
        CASE(words_of_an_end_and_of_a_relapse_are_told_apart),
        CASE(staff_ask_how_it_went),
        CASE(every_step_is_in_the_audit_with_whom_it_came_to),
        CASE(who_is_both_is_told_once),
        CASE(a_party_answers_by_its_category_its_place_and_its_kind),
        CASE(who_says_also_speaks_of_the_same_fault),
    };
    return RUN(tests);
}

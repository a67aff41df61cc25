/* What a day leaves behind in numbers: scenes on the sample community, and the tallies after them.
 */
#include "flow/core_day.h"

#include "model/tally.h"

/* The numbers of that day of November, without what the day is. */
static void assert_tally(int day, const char *expected)
{
    char key[OBJECT_KEY_SIZE];
    struct buf json;
    snprintf(key, sizeof key, "c-lx/2026-11-%02d", day);
    const struct tally *t = core_find(world.core, OBJECT_TALLY, key);
    assert_non_null(t);
    buf_init(&json);
    object_encode(OBJECT_TALLY, t, &json);
    const char *at = strstr(buf_z_borrow(&json), "\"start_ms\":");
    assert_non_null(at);
    at = strchr(at, ',') ? strchr(at, ',') + 1 : "}";
    if (strcmp(at, expected) != 0)
        fail_msg("the %dth counts\n%s\ninstead of\n%s", day, at, expected);
    buf_deinit(&json);
}

#define DRILL "我家有把冲击钻，这几天不用，要打孔的邻居可以拿去用"

static const struct step met_by_our_post[] = {
    {"08:00:00", SAY("m1", "g-5", "n115", DRILL), .tells = "offer m1"},
    {"08:02:00", SAY("m3", "g-2", "n128", "谁家有冲击钻借用一下"),
     .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
    {"08:04:00", WAIT, .tells = "post g-2, post g-5"},
    {"08:05:00", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"},
    {"08:20:00", SAY("m4", "g-5", "n115", "好的"), .tells = "m3+m1 agreed"},
    {"12:00:00", SAY("m5", "g-2", "n128", "冲击钻借到了，谢谢"),
     .tells = "post g-2, m3+m1 fulfilled, met m3 by m5"},
};

static void a_request_is_answered_by_our_post_after_180_s_and_met(void **state)
{
    (void)state;
    PLAY(&world, met_by_our_post);
    assert_tally(23, "\"requests\":{\"tools\":1},\"offers\":{\"tools\":1},"
                     "\"request_hours\":{\"8\":1},\"offer_hours\":{\"8\":1},"
                     "\"requests_ended\":{\"tools.met\":1},"
                     "\"matches\":{\"auto.proposed\":1,\"auto.approved\":1,\"auto.posted\":1,"
                     "\"auto.agreed\":1,\"auto.fulfilled\":1},"
                     "\"first_response\":{\"176\":1},\"to_match\":{\"1024\":1}," /* 180, 1080 s */
                     "\"places\":[[\"b-2\",1,0,0],[\"b-5\",0,1,0]],\"help\":[[\"p-15\",1,15,0]]}");
}

#define GUITAR "谁家有吉他借用一下"
static const struct step nobody_says_how_it_went[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", GUITAR), .tells = "request m1"},
    {"08:00:40", SAY("m2", "g-3", "n110", "我有，来拿吧", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"8T12:00:00", WAIT, .tells = "m1+m2 closed, presumed m1"},
};

static void what_was_agreed_and_not_told_is_in_the_ledger_as_that(void **state)
{
    (void)state;
    PLAY(&world, nobody_says_how_it_went);
    assert_tally(23, "\"requests\":{\"tools\":1},\"request_hours\":{\"8\":1},"
                     "\"matches\":{\"self.proposed\":1,\"self.agreed\":1},"
                     "\"first_response\":{\"40\":1},\"to_match\":{\"40\":1},"
                     "\"places\":[[\"b-3\",1,0,0]]}");
    assert_tally(30, "\"requests_ended\":{\"tools.presumed\":1},\"matches\":{\"self.closed\":1},"
                     "\"help\":[[\"p-10\",0,0,1]]}");
}

#define TOLD(what, tells_)                                                                         \
    ORDER(CASE_EVENT, .on = "m1", .case_event = CASE_EVENT_##what), .tells = tells_
#define LIFT "3栋电梯又坏了，物业来看看"
static const struct step a_case_in_time[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", LIFT), .tells = "case m1 facility p-55"},
    {"08:10:00", TOLD(ACCEPT, "ok, case accepted p-55")},
    {"09:00:00", TOLD(RESOLVE, "ok, case resolved p-55")},
    {"09:30:00", TOLD(VERIFY, "ok, case verified p-55")},
    {"2T09:00:00", TOLD(CLOSE, "ok, case closed p-55")},
    {"2T11:00:00", TOLD(REOPEN, "ok, case dispatched p-55")},
    {"2T11:10:00", TOLD(DISPATCH, "ok, case dispatched p-55")},
    {"2T12:00:00", TOLD(RESOLVE, "ok, case resolved p-55")},
    {"2T12:10:00", TOLD(VERIFY, "ok, case verified p-55")},
    {"2T12:20:00", TOLD(CLOSE, "ok, case closed p-55")},
};

static void each_step_of_a_case_counts_once_whatever_is_done_again(void **state)
{
    (void)state;
    PLAY(&world, a_case_in_time);
    assert_tally(23, "\"reports\":{\"facility\":1},\"report_hours\":{\"8\":1},"
                     "\"cases\":{\"opened\":1,\"dispatched\":1,\"dispatched_in_time\":1,"
                     "\"redispatched\":1,\"accepted\":1,\"resolved\":1,\"resolved_in_time\":1},"
                     "\"places\":[[\"b-3\",0,0,1]]}");
    assert_tally(24, "\"cases\":{\"closed\":1,\"due\":1,\"due_closed\":1,"
                     "\"due_closed_in_time\":1,\"reopened\":1}}");
}

static const struct step a_case_that_waits[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", LIFT), .tells = "case m1 facility p-55"},
    {"09:00:00", TOLD(ACCEPT, "ok, case accepted p-55")},
    {"10:00:00", TOLD(SUSPEND, "ok, case suspended p-55")}, /* due on Thursday */
    {"8T09:00:00", TOLD(RESUME, "ok, case accepted p-55")},
    {"8T10:00:00", TOLD(SUSPEND, "ok, case suspended p-55")}, /* counts once */
    {"8T11:00:00", TOLD(RESUME, "ok, case accepted p-55")},
    {"8T12:00:00", TOLD(RESOLVE, "ok, case resolved p-55")},
    {"8T12:10:00", TOLD(VERIFY, "ok, case verified p-55")},
    {"8T12:20:00", TOLD(CLOSE, "ok, case closed p-55")},
};

static void the_time_that_a_case_waits_is_not_overdue(void **state)
{
    (void)state;
    PLAY(&world, a_case_that_waits);
    assert_tally(23, "\"reports\":{\"facility\":1},\"report_hours\":{\"8\":1},"
                     "\"cases\":{\"opened\":1,\"dispatched\":1,\"dispatched_in_time\":1,"
                     "\"accepted\":1,\"suspended\":1},\"places\":[[\"b-3\",0,0,1]]}");
    assert_tally(30, "\"cases\":{\"resolved\":1,\"resolved_in_time\":1,\"closed\":1,\"due\":1,"
                     "\"due_closed\":1,\"due_closed_in_time\":1}}");
}

static const struct step a_case_too_late[] = {
    {"16:00:00", SAY("m1", "g-3", "n110", LIFT), .tells = "case m1 facility p-55"},
    {"16:01:00", SAY("m2", "g-3", "n108", "3栋电梯又坏了"), .tells = "case dispatched p-55"},
    {"2T11:30:00", WAIT, .tells = "alert reminder m1, case escalated p-67, alert escalated m1"},
    {"2T15:30:00", WAIT, .tells = "alert reminder m1, case escalated p-66, alert escalated m1"},
    {"3T09:30:00", TOLD(CLOSE, "ok, case closed p-66")},
};

static void what_becomes_of_a_deadline_stands_on_its_day(void **state)
{
    (void)state;
    PLAY(&world, a_case_too_late);
    assert_tally(23, "\"reports\":{\"facility\":1},\"report_hours\":{\"16\":1},"
                     "\"cases\":{\"opened\":1,\"joined\":1,\"dispatched\":1,"
                     "\"dispatched_in_time\":1},\"places\":[[\"b-3\",0,0,1]]}");
    assert_tally(24, "\"cases\":{\"due\":1,\"due_closed\":1,\"escalated\":1}}");
    assert_tally(25, "\"cases\":{\"closed\":1}}");
}

static const struct post_edit medicine = {
    .has_category = true, .category = CATEGORY_MEDICINE, .place = "b-4"};
static const struct post_edit chat = {.has_intent = true, .intent = INTENT_CHAT};
static const struct step a_request_that_was_none[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", GUITAR), .tells = "request m1"},
    {"2T08:00:00", ORDER(POST_EDIT, .on = "m1", .edit = &medicine), .tells = "ok, again m1"},
};
static const struct step it_was_chat[] = {
    {"2T09:00:00", ORDER(POST_EDIT, .on = "m1", .edit = &chat),
     .tells = "ok, again m1, withdrawn m1"},
};

static void a_correction_moves_what_was_counted_or_takes_it_back(void **state)
{
    (void)state;
    PLAY(&world, a_request_that_was_none);
    assert_tally(23, "\"requests\":{\"medicine\":1},\"request_hours\":{\"8\":1},"
                     "\"places\":[[\"b-4\",1,0,0]]}");
    PLAY(&world, it_was_chat);
    assert_tally(23, "}");
    assert_tally(24, "\"looked\":{\"corrected\":1}}");
}

static const struct post_edit nuisance = {.has_category = true, .category = CATEGORY_NUISANCE};
static const struct step a_report_of_another_category[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", LIFT), .tells = "case m1 facility p-55"},
    {"08:01:00", ORDER(CASE_CORRECT, .on = "m1", .edit = &nuisance),
     .tells = "ok, case dispatched p-55"},
};
static const struct step it_was_no_report[] = {
    {"08:02:00", ORDER(CASE_CORRECT, .on = "m1", .edit = &chat), .tells = "ok, case closed p-55"},
};

static void a_case_that_was_none_is_counted_as_withdrawn_alone(void **state)
{
    (void)state;
    PLAY(&world, a_report_of_another_category);
    assert_tally(23, "\"reports\":{\"nuisance\":1},\"report_hours\":{\"8\":1},"
                     "\"looked\":{\"corrected\":1},"
                     "\"cases\":{\"opened\":1,\"dispatched\":1,\"dispatched_in_time\":1},"
                     "\"places\":[[\"b-3\",0,0,1]]}");
    PLAY(&world, it_was_no_report);
    assert_tally(23, "\"looked\":{\"corrected\":1},\"cases\":{\"withdrawn\":1}}");
}

static const struct step the_call_among_two_was_none[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", "救命 我被困在电梯里喘不过气"),
     .tells = "alert critical m1, request m1, case m1 safety p-55"},
    {"08:01:00", SAY("m2", "g-3", "n108", "3栋电梯里困了人，喘不上气了，物业快来"),
     .tells = "case dispatched p-55"},
    {"08:02:00", ORDER(POST_CORRECT, .on = "m1", .edit = &chat),
     .tells = "ok, again m1, withdrawn m1"},
};

/* Routed from a request, it is now the report that somebody else made. */
static void a_case_that_outlives_its_request_is_counted_as_a_report(void **state)
{
    (void)state;
    PLAY(&world, the_call_among_two_was_none);
    assert_tally(23, "\"reports\":{\"safety\":1},\"report_hours\":{\"8\":1},"
                     "\"looked\":{\"corrected\":1},"
                     "\"cases\":{\"opened\":1,\"joined\":1,\"dispatched\":1,"
                     "\"dispatched_in_time\":1},"
                     "\"places\":[[\"b-3\",0,0,1]]}");
}

static void a_day_goes_after_400_days(void **state)
{
    struct buf told;
    int64_t day = step_time("00:00:00");
    (void)state;
    PLAY(&world, met_by_our_post);
    buf_init(&told);
    tick_until(&world, day + 400 * DAY_MS - 1, &told);
    assert_non_null(core_find(world.core, OBJECT_TALLY, "c-lx/2026-11-23"));
    tick_until(&world, day + 400 * DAY_MS, &told);
    assert_null(core_find(world.core, OBJECT_TALLY, "c-lx/2026-11-23"));
    buf_deinit(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_request_is_answered_by_our_post_after_180_s_and_met),
        CASE(what_was_agreed_and_not_told_is_in_the_ledger_as_that),
        CASE(each_step_of_a_case_counts_once_whatever_is_done_again),
        CASE(what_becomes_of_a_deadline_stands_on_its_day),
        CASE(a_correction_moves_what_was_counted_or_takes_it_back),
        CASE(the_time_that_a_case_waits_is_not_overdue),
        CASE(a_case_that_was_none_is_counted_as_withdrawn_alone),
        CASE(a_case_that_outlives_its_request_is_counted_as_a_report),
        CASE(a_day_goes_after_400_days),
    };
    return RUN(tests);
}

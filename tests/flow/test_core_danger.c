/* Calls of life and death: each is somebody's by name, and one emergency is one case. */
#include "flow/core_day.h"

#define CALM                                                                                       \
    &(const struct post_edit)                                                                      \
    {                                                                                              \
        .has_urgency = true, .urgency = URGENCY_NORMAL                                             \
    }
#define CRITICAL                                                                                   \
    &(const struct post_edit)                                                                      \
    {                                                                                              \
        .has_urgency = true, .urgency = URGENCY_CRITICAL                                           \
    }
#define CHAT                                                                                       \
    &(const struct post_edit)                                                                      \
    {                                                                                              \
        .has_intent = true, .intent = INTENT_CHAT                                                  \
    }
#define NO_BREATH "家里老人晕倒了没有呼吸"

/* Whatever its leaf, at night, and with nobody who does anything: up to the top of the ladder. */
static const struct step a_call_of_any_kind_is_somebodys_steps[] = {
    {"23:00:00", SAY("m1", "g-3", "n110", "我不想活了"),
     .tells = "alert critical m1, request m1, case m1 comfort p-67, m1+r-19 proposed review, "
              "m1+r-19 in_review"},
    {"23:11:15", WAIT, .tells = "alert reminder m1"},
    {"23:15:00", WAIT, .tells = "case escalated p-66, alert escalated m1"},
    {"23:30:00", WAIT, .tells = "alert reminder m1, case escalated p-66, alert escalated m1"},
    /* nobody is asked twice to follow it up */
    {"2T23:00:00", WAIT, .tells = "m1+r-19 lapsed, unmet m1"},
};
SCENARIO(a_call_of_any_kind_is_somebodys)

static const struct step help_of_neighbours_goes_on_beside_it_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", "my dad collapsed and is not breathing"),
     .tells = "alert critical m1, request m1, case m1 escort p-67, m1+r-25 proposed review, "
              "m1+r-25 in_review"},
    {"08:01:00", SAY("m2", "g-3", "n129", "我会心肺复苏，马上来", .reply_to = "m1"),
     .tells = "m1+r-25 lapsed, m1+m2 proposed self, m1+m2 agreed"},
    {"08:02:00", ORDER(CASE_EVENT, .on = "m1", .case_event = CASE_EVENT_ACCEPT),
     .tells = "ok, case accepted p-67"},
    {"12:02:00", WAIT, .tells = "alert reminder m1, case escalated p-66, alert escalated m1"},
};
SCENARIO(help_of_neighbours_goes_on_beside_it)

static const struct step told_several_times_it_is_one_case_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", "救命 我被困在电梯里喘不过气"),
     .tells = "alert critical m1, request m1, case m1 safety p-55"},
    {"08:00:40", SAY("m2", "g-3", "n110", "快来人啊，我喘不过气了"),
     .tells = "again m1, case dispatched p-55"},
    {"08:05:00", SAY("m3", "g-3", "n110", "救命啊，我胸口好痛，谁家有急救药"),
     .tells = "request m3, case dispatched p-55"},
    {"08:06:00", SAY("m4", "g-3", "n129", "救命，快救人，有人困在电梯里喘不过气"),
     .tells = "request m4, case dispatched p-55"},
    {"08:07:00", SAY("m5", "g-3", "n108", "3栋电梯里困了人，物业快来"),
     .tells = "case dispatched p-55"},
    /* the others still need it */
    {"08:08:00", ORDER(POST_CORRECT, .on = "m1", .edit = CHAT),
     .tells = "ok, again m1, withdrawn m1"},
    {"08:09:00", ORDER(CASE_EVENT, .on = "m1", .case_event = CASE_EVENT_RESOLVE),
     .tells = "ok, case resolved p-55"},
    {"08:10:00", SAY("m6", "g-3", "n129", "救命，又有人困在电梯里喘不过气"),
     .tells = "again m4, case dispatched p-55"},
};
SCENARIO(told_several_times_it_is_one_case)

static const struct step who_calls_again_when_it_was_closed_calls_anew_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", NO_BREATH),
     .tells = "alert critical m1, request m1, case m1 safety p-55"},
    {"08:01:00", ORDER(CASE_EVENT, .on = "m1", .case_event = CASE_EVENT_RESOLVE),
     .tells = "ok, case resolved p-55"},
    {"08:02:00", ORDER(CASE_EVENT, .on = "m1", .case_event = CASE_EVENT_VERIFY),
     .tells = "ok, case verified p-55"},
    {"08:03:00", ORDER(CASE_EVENT, .on = "m1", .case_event = CASE_EVENT_CLOSE),
     .tells = "ok, case closed p-55"},
    {"08:10:00", SAY("m2", "g-3", "n110", "救命，" NO_BREATH),
     .tells = "alert critical m2, again m1, case m1 safety p-55"},
};
SCENARIO(who_calls_again_when_it_was_closed_calls_anew)

static const struct step a_person_says_that_it_is_none_or_one_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", "my dad collapsed and is not breathing"),
     .tells = "alert critical m1, request m1, case m1 escort p-67, m1+r-25 proposed review, "
              "m1+r-25 in_review"},
    {"08:01:00", ORDER(POST_CORRECT, .on = "m1", .edit = CALM),
     .tells = "ok, again m1, case closed p-67"},
    {"08:02:00", ORDER(POST_CORRECT, .on = "m1", .edit = CRITICAL),
     .tells = "ok, again m1, alert critical m1, case m1 escort p-67"},
    {"08:03:00", ORDER(POST_EDIT, .on = "m1", .edit = CALM),
     .tells = "ok, m1+r-25 lapsed, again m1, case closed p-67"},
    {"09:00:00", SAY("m2", "g-5", "n131", NO_BREATH),
     .tells = "alert critical m2, request m2, case m2 safety p-55"},
    {"09:01:00", ORDER(POST_EDIT, .on = "m2", .edit = CHAT),
     .tells = "ok, again m2, withdrawn m2, case closed p-55"},
};
SCENARIO(a_person_says_that_it_is_none_or_one)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_call_of_any_kind_is_somebodys),
        CASE(help_of_neighbours_goes_on_beside_it),
        CASE(told_several_times_it_is_one_case),
        CASE(who_calls_again_when_it_was_closed_calls_anew),
        CASE(a_person_says_that_it_is_none_or_one),
    };
    return RUN(tests);
}

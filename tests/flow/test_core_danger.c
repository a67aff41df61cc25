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
    {"23:11:15", WAIT, .tells = "alert unseen m1, alert reminder m1"},
    {"23:15:00", WAIT, .tells = "case escalated p-66, alert escalated m1"},
    {"23:30:00", WAIT,
     .tells = "alert unseen m1, alert reminder m1, case escalated p-66, alert escalated m1, alert "
              "unseen m1"},
    /* nobody is asked twice to follow it up */
    {"2T23:00:00", WAIT, .tells = "m1+r-19 lapsed, unmet m1"},
};
SCENARIO(a_call_of_any_kind_is_somebodys)

/* Who has to be asked a day ahead (r-25) is none for that. */
static const struct step help_of_neighbours_goes_on_beside_it_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", "my dad collapsed and is not breathing"),
     .tells = "alert critical m1, request m1, case m1 escort p-67"},
    {"08:01:00", SAY("m2", "g-3", "n129", "我会心肺复苏，马上来", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
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
    {"08:07:00", SAY("m5", "g-3", "n108", "3栋电梯里困了人，喘不上气了，物业快来"),
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
     .tells = "alert critical m1, request m1, case m1 escort p-67"},
    {"08:01:00", ORDER(POST_CORRECT, .on = "m1", .edit = CALM),
     .tells = "ok, again m1, case closed p-67"},
    {"08:02:00", ORDER(POST_CORRECT, .on = "m1", .edit = CRITICAL),
     .tells = "ok, again m1, alert critical m1, case m1 escort p-67"},
    {"08:03:00", ORDER(POST_EDIT, .on = "m1", .edit = CALM),
     .tells = "ok, again m1, case closed p-67, m1+r-25 proposed review, m1+r-25 in_review"},
    {"09:00:00", SAY("m2", "g-5", "n131", NO_BREATH),
     .tells = "alert critical m2, request m2, case m2 safety p-55"},
    {"09:01:00", ORDER(POST_EDIT, .on = "m2", .edit = CHAT),
     .tells = "ok, again m2, withdrawn m2, case closed p-55"},
};
SCENARIO(a_person_says_that_it_is_none_or_one)

static const struct step reported_and_called_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", "3栋电梯里困了人，喘不上气了，物业快来"),
     .tells = "alert critical m1, case m1 safety p-55"},
    {"08:01:00", SAY("m2", "g-3", "n110", "救命 我被困在电梯里喘不过气"),
     .tells = "request m2, case dispatched p-55"},
    {"08:02:00", ORDER(POST_CORRECT, .on = "m2", .edit = CHAT),
     .tells = "ok, again m2, withdrawn m2"},
};

static void who_calls_in_what_was_reported_leaves_it_to_the_reporters(void **state)
{
    (void)state;
    PLAY(&world, reported_and_called_steps);
    const struct case_ *k =
        core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, "m1").key);
    assert_string_equal(k->post, "");
    assert_false(case_is_final(k->state));
    assert_int_equal(k->reported_by.n, 2);
}

/* --- the list of alerts --- */

struct found {
    const char *kind;
    const struct alert *alert;
    int n;
};

static void look(void *arg, const char *key, const void *object)
{
    struct found *f = arg;
    const struct alert *a = object;
    (void)key;
    if (f->kind && strcmp(a->kind, f->kind) != 0)
        return;
    f->alert = a;
    f->n++;
}

static struct found alerts(const char *kind)
{
    struct found f = {.kind = kind};
    core_each(world.core, OBJECT_ALERT, look, &f);
    return f;
}

static enum err see(const char *id, const char *actor, enum role role, const char *grid)
{
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .at_ms = world.now_ms,
                            .command = {.id = actor,
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = actor,
                                        .role = role,
                                        .grid = grid,
                                        .kind = COMMAND_ALERT_SEEN,
                                        .object = id}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.n_replies, 1);
    return world.fx.replies[0].err;
}

static const struct step call_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n110", NO_BREATH),
     .tells = "alert critical m1, request m1, case m1 safety p-55"},
};

static void wait_until(const char *at, const char *tells)
{
    const struct step steps[] = {{at, WAIT, .tells = tells}};
    PLAY(&world, steps);
}

static void an_alert_is_kept_with_what_it_is_about(void **state)
{
    (void)state;
    PLAY(&world, call_steps);
    const struct alert *a = alerts(NULL).alert;
    assert_int_equal(alerts(NULL).n, 1);
    assert_string_equal(a->kind, ALERT_CRITICAL);
    assert_string_equal(a->message, "m1");
    assert_string_equal(a->grid, "gr-1");
    assert_string_equal(a->assignee, "p-55");
    assert_non_null(core_find(world.core, OBJECT_CASE, a->case_id));
    assert_non_null(core_find(world.core, OBJECT_POST, a->post));
    assert_int_equal(a->state, ALERT_OPEN);
    wait_until("08:10:00", "alert unseen m1");
    assert_int_equal(alerts(NULL).n, 1); /* told again, and still one */
    world_hand_over();
    assert_int_equal(alerts(NULL).alert->repeated, 1);
}

static void who_has_seen_it_first_stays_and_it_is_told_no_more(void **state)
{
    (void)state;
    char id[ID_SIZE];
    PLAY(&world, call_steps);
    str_copy(id, sizeof id, str_of(alerts(NULL).alert->id));
    assert_int_equal(see(id, "viewer", ROLE_VIEWER, NULL), ERR_FORBIDDEN);
    assert_int_equal(see(id, "other", ROLE_GRID, "gr-2"), ERR_FORBIDDEN);
    assert_int_equal(see("w07-zzzz", "zhou", ROLE_GRID, "gr-1"), ERR_NOT_FOUND);
    assert_int_equal(alerts(NULL).alert->state, ALERT_OPEN);
    assert_int_equal(see(id, "zhou", ROLE_GRID, "gr-1"), ERR_OK);
    assert_string_equal(world.fx.audits[0].action, "alert.seen");
    assert_int_equal(see(id, "staff-li", ROLE_STAFF, NULL), ERR_OK);
    assert_int_equal(world.fx.n_audits, 0);
    assert_string_equal(alerts(NULL).alert->seen_by, "zhou");
    assert_int_equal(alerts(NULL).alert->seen_ms, step_time("08:00:00"));
    wait_until("08:11:15", "alert reminder m1");
    assert_int_equal(alerts(NULL).n, 2);
}

static void an_alert_goes_after_thirty_days(void **state)
{
    (void)state;
    struct buf told;
    PLAY(&world, call_steps);
    buf_init(&told);
    tick_until(&world, step_time("08:00:00") + 30 * DAY_MS - 1, &told);
    assert_int_equal(alerts(ALERT_CRITICAL).n, 1);
    assert_int_equal(alerts(ALERT_CRITICAL).alert->repeated, 3);
    tick_until(&world, step_time("08:00:00") + 30 * DAY_MS, &told);
    assert_int_equal(alerts(ALERT_CRITICAL).n, 0);
    buf_deinit(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_call_of_any_kind_is_somebodys),
        CASE(help_of_neighbours_goes_on_beside_it),
        CASE(told_several_times_it_is_one_case),
        CASE(who_calls_again_when_it_was_closed_calls_anew),
        CASE(a_person_says_that_it_is_none_or_one),
        CASE(who_calls_in_what_was_reported_leaves_it_to_the_reporters),
        CASE(an_alert_is_kept_with_what_it_is_about),
        CASE(who_has_seen_it_first_stays_and_it_is_told_no_more),
        CASE(an_alert_goes_after_thirty_days),
    };
    return RUN(tests);
}

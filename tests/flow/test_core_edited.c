/* Messages that their senders change. The first day is a Monday. */
#include "flow/core_day.h"

static const struct post *post_by(const char *message)
{
    return core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
}

/* Who has answered it stays, and what it lacks is looked for as it says now. */
static const struct step what_it_opened_stands_as_it_says_now_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁家有帐篷借一下，周末露营"), .tells = "request m1"},
    {"09:01:00", SAY("m2", "g-3", "n110", "我有帐篷，来拿吧", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"09:02:00",
     SAY("m3", "g-3", "n109", "谁家有帐篷借一下，下周末露营，16055512345", .edited = "m1"),
     .tells = "again m1"},
    {"09:03:00", SAY("m4", "g-3", "n109", "帐篷拿到了，谢谢", .reply_to = "m3"),
     .tells = "m1+m2 fulfilled, met m1 by m4"},
};

static void what_it_opened_stands_as_it_says_now(void **state)
{
    (void)state;
    PLAY(&world, what_it_opened_stands_as_it_says_now_steps);
    assert_non_null(strstr(post_by("m1")->text, "下周末"));
    assert_int_equal(post_by("m1")->contacts.n, 1);
}

static const struct step what_it_was_otherwise_is_taken_back_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁家有帐篷借一下，周末露营"), .tells = "request m1"},
    {"09:01:00", SAY("m2", "g-3", "n109", "帐篷闲置，谁要借去用", .edited = "m1"),
     .tells = "withdrawn m1 by m2, offer m2"},
};
SCENARIO(what_it_was_otherwise_is_taken_back)

static const struct step a_claim_that_is_changed_is_no_claim_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁家有帐篷借一下，周末露营"), .tells = "request m1"},
    {"09:01:00", SAY("m2", "g-3", "n110", "我有帐篷，来拿吧", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"09:02:00", SAY("m3", "g-3", "n110", "早上好", .edited = "m2"),
     .tells = "m1+m2 declined, withdrawn m2 by m3"},
};
SCENARIO(a_claim_that_is_changed_is_no_claim)

static const struct step nobody_changes_what_another_said_steps[] = {
    {"09:00:00", SAY("m1", "g-3", "n109", "谁家有帐篷借一下，周末露营"), .tells = "request m1"},
    {"09:01:00", SAY("m2", "g-3", "n110", "早上好", .edited = "m1"), .tells = ""},
};
SCENARIO(nobody_changes_what_another_said)

static const struct step what_was_never_heard_is_heard_now_steps[] = {
    {"09:00:00", SAY("m2", "g-3", "n109", "谁家有帐篷借一下，周末露营", .edited = "m1"),
     .tells = "request m2"},
};
SCENARIO(what_was_never_heard_is_heard_now)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_it_opened_stands_as_it_says_now), CASE(what_it_was_otherwise_is_taken_back),
        CASE(a_claim_that_is_changed_is_no_claim),  CASE(nobody_changes_what_another_said),
        CASE(what_was_never_heard_is_heard_now),
    };
    return RUN(tests);
}

/* Every cell of the four tables against the arrows as the design describes them, written down apart
   from the tables: a cell that no line names has no arrow. */
#include "model/lifecycle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static const char *const post_arrows[] = {"open reserve reserved",
                                          "open release open",
                                          "open meet met",
                                          "open withdraw withdrawn",
                                          "open expire expired",
                                          "open merge merged",
                                          "open give_up unmet",
                                          "reserved release open",
                                          "reserved meet met",
                                          "reserved withdraw withdrawn",
                                          "reserved expire expired",
                                          "reserved merge merged",
                                          "met reopen open",
                                          "withdrawn reopen open",
                                          "expired meet met",
                                          "expired reopen open",
                                          "unmet meet met",
                                          "unmet withdraw withdrawn",
                                          "unmet reopen open",
                                          "open presume presumed",
                                          "reserved presume presumed",
                                          "presumed meet met",
                                          "presumed reopen open",
                                          NULL};

static const char *const match_arrows[] = {
    "proposed hold in_review",    "proposed approve approved",
    "proposed agree agreed",      "proposed decline declined",
    "proposed lapse lapsed",      "in_review approve approved",
    "in_review reject rejected",  "in_review agree agreed",
    "in_review decline declined", "in_review lapse lapsed",
    "approved post posted",       "approved hold in_review",
    "approved agree agreed",      "approved decline declined",
    "approved undo undone",       "posted undo undone",
    "approved lapse lapsed",      "posted hold in_review",
    "posted agree agreed",        "posted fulfil fulfilled",
    "posted decline declined",    "posted lapse lapsed",
    "agreed fulfil fulfilled",    "agreed close closed",
    "agreed decline declined",    "agreed lapse lapsed",
    "fulfilled close closed",     NULL};

static const char *const case_arrows[] = {"reported open opened",
                                          "reported merge merged",
                                          "opened resolve resolved",
                                          "opened merge merged",
                                          "opened void closed",
                                          "dispatched resolve resolved",
                                          "dispatched merge merged",
                                          "dispatched void closed",
                                          "accepted resolve resolved",
                                          "accepted merge merged",
                                          "accepted void closed",
                                          "suspended resolve resolved",
                                          "suspended merge merged",
                                          "suspended void closed",
                                          "returned resolve resolved",
                                          "returned merge merged",
                                          "returned void closed",
                                          "reopened resolve resolved",
                                          "reopened merge merged",
                                          "reopened void closed",
                                          "escalated resolve resolved",
                                          "escalated merge merged",
                                          "escalated void closed",
                                          "opened dispatch dispatched",
                                          "opened escalate escalated",
                                          "dispatched dispatch dispatched",
                                          "dispatched accept accepted",
                                          "dispatched return returned",
                                          "dispatched escalate escalated",
                                          "accepted dispatch dispatched",
                                          "accepted return returned",
                                          "accepted suspend suspended",
                                          "accepted escalate escalated",
                                          "suspended resume accepted",
                                          "resolved verify verified",
                                          "resolved reopen reopened",
                                          "resolved lapse closed",
                                          "resolved void closed",
                                          "verified close closed",
                                          "verified reopen reopened",
                                          "verified void closed",
                                          "closed reopen reopened",
                                          "returned dispatch dispatched",
                                          "returned escalate escalated",
                                          "returned close closed",
                                          "reopened dispatch dispatched",
                                          "reopened escalate escalated",
                                          "escalated dispatch dispatched",
                                          "escalated accept accepted",
                                          "escalated escalate escalated",
                                          "escalated close closed",
                                          "escalated lapse closed",
                                          NULL};

static const char *const outbound_arrows[] = {
    "waiting send sending",      "waiting cancel cancelled",
    "sending deliver delivered", "sending cancel cancelled",
    "sending give_up dead",      "dead retry sending",
    "dead cancel cancelled",     NULL};

static const char *const notice_arrows[] = {"drafted approve approved", "drafted reject rejected",
                                            "drafted lapse lapsed", "approved reject rejected",
                                            NULL};

/* Where that arrow leads, or NULL: none. */
static const char *leads(const char *const *arrows, const char *state, const char *event)
{
    char head[64];
    int n = snprintf(head, sizeof head, "%s %s ", state, event);
    for (; *arrows; arrows++)
        if (!strncmp(*arrows, head, (size_t)n))
            return *arrows + n;
    return NULL;
}

static int count(const char *const *arrows)
{
    int n = 0;
    while (arrows[n])
        n++;
    return n;
}

#define WALK(thing, THING)                                                                         \
    static void every_cell_of_##thing##_is_as_designed(void **state)                               \
    {                                                                                              \
        int found = 0;                                                                             \
        (void)state;                                                                               \
        for (int s = 0; s < THING##_STATE_N; s++)                                                  \
            for (int e = 0; e < THING##_EVENT_N; e++) {                                            \
                enum thing##_state now = (enum thing##_state)s;                                    \
                enum thing##_event event = (enum thing##_event)e;                                  \
                const char *to =                                                                   \
                    leads(thing##_arrows, thing##_state_code(now), thing##_event_code(event));     \
                assert_int_equal(thing##_can(now, event), to != NULL);                             \
                assert_int_equal(thing##_apply(&now, event), to != NULL);                          \
                assert_string_equal(thing##_state_code(now),                                       \
                                    to ? to : thing##_state_code((enum thing##_state)s));          \
                found += to != NULL;                                                               \
            }                                                                                      \
        assert_int_equal(found, count(thing##_arrows)); /* and no line names a cell in vain */     \
    }                                                                                              \
    static void codes_of_##thing##_read_back(void **state)                                         \
    {                                                                                              \
        enum thing##_state s;                                                                      \
        enum thing##_event e;                                                                      \
        (void)state;                                                                               \
        for (int i = 0; i < THING##_STATE_N; i++) {                                                \
            assert_true(                                                                           \
                thing##_state_parse(str_of(thing##_state_code((enum thing##_state)i)), &s));       \
            assert_int_equal(s, i);                                                                \
        }                                                                                          \
        for (int i = 0; i < THING##_EVENT_N; i++) {                                                \
            assert_true(                                                                           \
                thing##_event_parse(str_of(thing##_event_code((enum thing##_event)i)), &e));       \
            assert_int_equal(e, i);                                                                \
        }                                                                                          \
        assert_false(thing##_state_parse(STR("no such state"), &s));                               \
        assert_false(thing##_event_parse(STR(""), &e));                                            \
    }
WALK(post, POST)
WALK(match, MATCH)
WALK(case, CASE)
WALK(outbound, OUTBOUND)
WALK(notice, NOTICE)

/* What is final stays where it is, but for late thanks and reopening. */
static void ended_posts_and_matches_move_no_more(void **state)
{
    (void)state;
    for (int s = 0; s < POST_STATE_N; s++)
        for (int e = 0; e < POST_EVENT_N; e++)
            if (post_is_final((enum post_state)s) && e != POST_EVENT_MEET &&
                e != POST_EVENT_WITHDRAW && e != POST_EVENT_REOPEN)
                assert_false(post_can((enum post_state)s, (enum post_event)e));
    for (int s = 0; s < MATCH_STATE_N; s++)
        for (int e = 0; e < MATCH_EVENT_N; e++)
            if (match_is_final((enum match_state)s))
                assert_false(match_can((enum match_state)s, (enum match_event)e));
}

/* Nothing is stuck: from every state an end can be reached. */
static bool match_ends(enum match_state s, int hops)
{
    bool ends = match_is_final(s);
    for (int e = 0; e < MATCH_EVENT_N && hops && !ends; e++) {
        enum match_state to = s;
        ends = match_apply(&to, (enum match_event)e) && match_ends(to, hops - 1);
    }
    return ends;
}

static bool case_ends(enum case_state s, int hops)
{
    bool ends = case_is_final(s);
    for (int e = 0; e < CASE_EVENT_N && hops && !ends; e++) {
        enum case_state to = s;
        ends = case_apply(&to, (enum case_event)e) && case_ends(to, hops - 1);
    }
    return ends;
}

static void every_state_reaches_an_end(void **state)
{
    (void)state;
    for (int s = 0; s < MATCH_STATE_N; s++)
        assert_true(match_ends((enum match_state)s, 5));
    for (int s = 0; s < CASE_STATE_N; s++)
        assert_true(case_ends((enum case_state)s, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_post_is_as_designed),
        cmocka_unit_test(every_cell_of_match_is_as_designed),
        cmocka_unit_test(every_cell_of_case_is_as_designed),
        cmocka_unit_test(every_cell_of_outbound_is_as_designed),
        cmocka_unit_test(every_cell_of_notice_is_as_designed),
        cmocka_unit_test(codes_of_post_read_back),
        cmocka_unit_test(codes_of_match_read_back),
        cmocka_unit_test(codes_of_case_read_back),
        cmocka_unit_test(codes_of_outbound_read_back),
        cmocka_unit_test(codes_of_notice_read_back),
        cmocka_unit_test(ended_posts_and_matches_move_no_more),
        cmocka_unit_test(every_state_reaches_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

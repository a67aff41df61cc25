#include "model/lifecycle.h"

/* 0 means "no arrow", so a state is kept with one added. */
#define TO(state) ((state) + 1)

static const unsigned char post_next[POST_STATE_N][POST_EVENT_N] = {
    [POST_OPEN] = {[POST_EVENT_RESERVE] = TO(POST_RESERVED),
                   [POST_EVENT_RELEASE] = TO(POST_OPEN),
                   [POST_EVENT_MEET] = TO(POST_MET),
                   [POST_EVENT_WITHDRAW] = TO(POST_WITHDRAWN),
                   [POST_EVENT_EXPIRE] = TO(POST_EXPIRED),
                   [POST_EVENT_MERGE] = TO(POST_MERGED),
                   [POST_EVENT_GIVE_UP] = TO(POST_UNMET),
                   [POST_EVENT_PRESUME] = TO(POST_PRESUMED)},
    [POST_RESERVED] = {[POST_EVENT_RELEASE] = TO(POST_OPEN),
                       [POST_EVENT_MEET] = TO(POST_MET),
                       [POST_EVENT_WITHDRAW] = TO(POST_WITHDRAWN),
                       [POST_EVENT_EXPIRE] = TO(POST_EXPIRED),
                       [POST_EVENT_MERGE] = TO(POST_MERGED),
                       [POST_EVENT_PRESUME] = TO(POST_PRESUMED)},
    [POST_MET] = {[POST_EVENT_REOPEN] = TO(POST_OPEN)},
    [POST_WITHDRAWN] = {[POST_EVENT_REOPEN] = TO(POST_OPEN)},
    [POST_EXPIRED] = {[POST_EVENT_MEET] = TO(POST_MET), /* thanks that came late */
                      [POST_EVENT_REOPEN] = TO(POST_OPEN)},
    [POST_PRESUMED] = {[POST_EVENT_MEET] = TO(POST_MET), [POST_EVENT_REOPEN] = TO(POST_OPEN)},
    [POST_UNMET] = {[POST_EVENT_MEET] = TO(POST_MET),
                    [POST_EVENT_WITHDRAW] = TO(POST_WITHDRAWN),
                    [POST_EVENT_REOPEN] = TO(POST_OPEN)},
};

static const unsigned char match_next[MATCH_STATE_N][MATCH_EVENT_N] = {
    [MATCH_PROPOSED] = {[MATCH_EVENT_HOLD] = TO(MATCH_IN_REVIEW),
                        [MATCH_EVENT_APPROVE] = TO(MATCH_APPROVED),
                        [MATCH_EVENT_AGREE] = TO(MATCH_AGREED), /* settled among themselves */
                        [MATCH_EVENT_DECLINE] = TO(MATCH_DECLINED),
                        [MATCH_EVENT_LAPSE] = TO(MATCH_LAPSED)},
    [MATCH_IN_REVIEW] = {[MATCH_EVENT_APPROVE] = TO(MATCH_APPROVED),
                         [MATCH_EVENT_REJECT] = TO(MATCH_REJECTED),
                         [MATCH_EVENT_AGREE] = TO(MATCH_AGREED),
                         [MATCH_EVENT_DECLINE] = TO(MATCH_DECLINED),
                         [MATCH_EVENT_LAPSE] = TO(MATCH_LAPSED)},
    [MATCH_APPROVED] = {[MATCH_EVENT_POST] = TO(MATCH_POSTED),
                        [MATCH_EVENT_HOLD] = TO(MATCH_IN_REVIEW), /* no bot took the post */
                        [MATCH_EVENT_AGREE] = TO(MATCH_AGREED),
                        [MATCH_EVENT_DECLINE] = TO(MATCH_DECLINED),
                        [MATCH_EVENT_UNDO] = TO(MATCH_UNDONE),
                        [MATCH_EVENT_LAPSE] = TO(MATCH_LAPSED)},
    [MATCH_POSTED] = {[MATCH_EVENT_AGREE] = TO(MATCH_AGREED),
                      [MATCH_EVENT_FULFIL] = TO(MATCH_FULFILLED),
                      [MATCH_EVENT_HOLD] = TO(MATCH_IN_REVIEW), /* of two groups one was not told */
                      [MATCH_EVENT_DECLINE] = TO(MATCH_DECLINED),
                      [MATCH_EVENT_UNDO] = TO(MATCH_UNDONE), /* and the groups are told */
                      [MATCH_EVENT_LAPSE] = TO(MATCH_LAPSED)},
    [MATCH_AGREED] = {[MATCH_EVENT_FULFIL] = TO(MATCH_FULFILLED),
                      [MATCH_EVENT_CLOSE] = TO(MATCH_CLOSED), /* nobody told how it went */
                      [MATCH_EVENT_DECLINE] = TO(MATCH_DECLINED),
                      [MATCH_EVENT_LAPSE] = TO(MATCH_LAPSED)},
    [MATCH_FULFILLED] = {[MATCH_EVENT_CLOSE] = TO(MATCH_CLOSED)},
};

/* Whoever has it may learn at any time that it is mended, belongs to another case, or was none. */
#define CASE_LIVE                                                                                  \
    [CASE_EVENT_RESOLVE] = TO(CASE_RESOLVED), [CASE_EVENT_MERGE] = TO(CASE_MERGED),                \
    [CASE_EVENT_VOID] = TO(CASE_CLOSED)

static const unsigned char case_next[CASE_STATE_N][CASE_EVENT_N] = {
    [CASE_REPORTED] = {[CASE_EVENT_OPEN] = TO(CASE_OPENED), [CASE_EVENT_MERGE] = TO(CASE_MERGED)},
    [CASE_OPENED] = {CASE_LIVE, [CASE_EVENT_DISPATCH] = TO(CASE_DISPATCHED),
                     [CASE_EVENT_ESCALATE] = TO(CASE_ESCALATED)},
    [CASE_DISPATCHED] =
        {CASE_LIVE, [CASE_EVENT_DISPATCH] = TO(CASE_DISPATCHED),
         [CASE_EVENT_ACCEPT] = TO(CASE_ACCEPTED), [CASE_EVENT_RETURN] = TO(CASE_RETURNED),
         [CASE_EVENT_ESCALATE] = TO(CASE_ESCALATED)},
    [CASE_ACCEPTED] =
        {CASE_LIVE, [CASE_EVENT_DISPATCH] = TO(CASE_DISPATCHED),
         [CASE_EVENT_RETURN] = TO(CASE_RETURNED), [CASE_EVENT_SUSPEND] = TO(CASE_SUSPENDED),
         [CASE_EVENT_ESCALATE] = TO(CASE_ESCALATED)},
    [CASE_SUSPENDED] = {CASE_LIVE, [CASE_EVENT_RESUME] = TO(CASE_ACCEPTED)},
    [CASE_RESOLVED] = {[CASE_EVENT_VERIFY] = TO(CASE_VERIFIED),
                       [CASE_EVENT_REOPEN] = TO(CASE_REOPENED),
                       [CASE_EVENT_LAPSE] = TO(CASE_CLOSED),
                       [CASE_EVENT_VOID] = TO(CASE_CLOSED)},
    [CASE_VERIFIED] = {[CASE_EVENT_CLOSE] = TO(CASE_CLOSED),
                       [CASE_EVENT_REOPEN] = TO(CASE_REOPENED),
                       [CASE_EVENT_VOID] = TO(CASE_CLOSED)},
    [CASE_CLOSED] = {[CASE_EVENT_REOPEN] = TO(CASE_REOPENED)},
    [CASE_RETURNED] =
        {CASE_LIVE, [CASE_EVENT_DISPATCH] = TO(CASE_DISPATCHED),
         [CASE_EVENT_ESCALATE] = TO(CASE_ESCALATED), [CASE_EVENT_CLOSE] = TO(CASE_CLOSED)},
    [CASE_REOPENED] = {CASE_LIVE, [CASE_EVENT_DISPATCH] = TO(CASE_DISPATCHED),
                       [CASE_EVENT_ESCALATE] = TO(CASE_ESCALATED)},
    [CASE_ESCALATED] =
        {CASE_LIVE, [CASE_EVENT_DISPATCH] = TO(CASE_DISPATCHED),
         [CASE_EVENT_ACCEPT] = TO(CASE_ACCEPTED), [CASE_EVENT_ESCALATE] = TO(CASE_ESCALATED),
         [CASE_EVENT_CLOSE] = TO(CASE_CLOSED), [CASE_EVENT_LAPSE] = TO(CASE_CLOSED)},
};

static const unsigned char outbound_next[OUTBOUND_STATE_N][OUTBOUND_EVENT_N] = {
    [OUTBOUND_WAITING] = {[OUTBOUND_EVENT_SEND] = TO(OUTBOUND_SENDING),
                          [OUTBOUND_EVENT_CANCEL] = TO(OUTBOUND_CANCELLED)},
    [OUTBOUND_SENDING] = {[OUTBOUND_EVENT_DELIVER] = TO(OUTBOUND_DELIVERED),
                          [OUTBOUND_EVENT_CANCEL] = TO(OUTBOUND_CANCELLED), /* a contact's only */
                          [OUTBOUND_EVENT_GIVE_UP] = TO(OUTBOUND_DEAD)},
    [OUTBOUND_DEAD] = {[OUTBOUND_EVENT_RETRY] = TO(OUTBOUND_SENDING),
                       [OUTBOUND_EVENT_CANCEL] =
                           TO(OUTBOUND_CANCELLED)}, /* who or what it is about is gone */
};

static const unsigned char notice_next[NOTICE_STATE_N][NOTICE_EVENT_N] = {
    [NOTICE_DRAFTED] = {[NOTICE_EVENT_APPROVE] = TO(NOTICE_APPROVED),
                        [NOTICE_EVENT_REJECT] = TO(NOTICE_REJECTED),
                        [NOTICE_EVENT_LAPSE] = TO(NOTICE_LAPSED)},
    [NOTICE_APPROVED] = {[NOTICE_EVENT_REJECT] = TO(NOTICE_REJECTED)},
};

static int find(const char *const *codes, int n, struct str code)
{
    for (int i = 0; i < n; i++)
        if (str_is(code, codes[i]))
            return i;
    return -1;
}

#define CODE(name, code) code,
#define LIFECYCLE_DEFINE(thing, THING)                                                             \
    static const char *const thing##_states[] = {THING##_STATE_TABLE(CODE)};                       \
    static const char *const thing##_events[] = {THING##_EVENT_TABLE(CODE)};                       \
    bool thing##_apply(enum thing##_state *state, enum thing##_event event)                        \
    {                                                                                              \
        int to = thing##_next[*state][event];                                                      \
        if (to)                                                                                    \
            *state = (enum thing##_state)(to - 1);                                                 \
        return to != 0;                                                                            \
    }                                                                                              \
    bool thing##_can(enum thing##_state state, enum thing##_event event)                           \
    {                                                                                              \
        return thing##_next[state][event] != 0;                                                    \
    }                                                                                              \
    const char *thing##_state_code(enum thing##_state state)                                       \
    {                                                                                              \
        return thing##_states[state];                                                              \
    }                                                                                              \
    const char *thing##_event_code(enum thing##_event event)                                       \
    {                                                                                              \
        return thing##_events[event];                                                              \
    }                                                                                              \
    bool thing##_state_parse(struct str code, enum thing##_state *state_r)                         \
    {                                                                                              \
        int i = find(thing##_states, THING##_STATE_N, code);                                       \
        if (i >= 0)                                                                                \
            *state_r = (enum thing##_state)i;                                                      \
        return i >= 0;                                                                             \
    }                                                                                              \
    bool thing##_event_parse(struct str code, enum thing##_event *event_r)                         \
    {                                                                                              \
        int i = find(thing##_events, THING##_EVENT_N, code);                                       \
        if (i >= 0)                                                                                \
            *event_r = (enum thing##_event)i;                                                      \
        return i >= 0;                                                                             \
    }
LIFECYCLE_DEFINE(post, POST)
LIFECYCLE_DEFINE(match, MATCH)
LIFECYCLE_DEFINE(case, CASE)
LIFECYCLE_DEFINE(outbound, OUTBOUND)
LIFECYCLE_DEFINE(notice, NOTICE)

bool post_is_final(enum post_state s)
{
    return s != POST_OPEN && s != POST_RESERVED;
}

bool match_is_final(enum match_state s)
{
    return s >= MATCH_CLOSED;
}

bool case_is_final(enum case_state s)
{
    return s == CASE_CLOSED || s == CASE_MERGED;
}

bool outbound_is_final(enum outbound_state s)
{
    return s == OUTBOUND_DELIVERED || s == OUTBOUND_CANCELLED;
}

bool notice_is_final(enum notice_state s)
{
    return s == NOTICE_REJECTED || s == NOTICE_LAPSED;
}

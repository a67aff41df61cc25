/* Life cycles as tables of states × events. The _apply functions are the only writers of a state;
   they return false, and change nothing, where the table has no arrow. */
#ifndef LINLI_MODEL_LIFECYCLE_H
#define LINLI_MODEL_LIFECYCLE_H

#include <stdbool.h>

#include "base/str.h"

/* --- post: a request or an offer --- */
#define POST_STATE_TABLE(X)                                                                        \
    X(OPEN, "open")                                                                                \
    X(RESERVED, "reserved") /* all that is asked or offered is promised */                         \
    X(MET, "met")                                                                                  \
    X(WITHDRAWN, "withdrawn")                                                                      \
    X(EXPIRED, "expired")                                                                          \
    X(MERGED, "merged")                                                                            \
    X(UNMET, "unmet") /* its time has passed and nobody could help: stays on the gap board */      \
    X(PRESUMED, "presumed") /* agreed by both, its time has passed, and nobody said otherwise */
#define POST_EVENT_TABLE(X)                                                                        \
    X(RESERVE, "reserve")                                                                          \
    X(RELEASE, "release")                                                                          \
    X(MEET, "meet")                                                                                \
    X(WITHDRAW, "withdraw")                                                                        \
    X(EXPIRE, "expire")                                                                            \
    X(MERGE, "merge")                                                                              \
    X(GIVE_UP, "give_up")                                                                          \
    X(REOPEN, "reopen") /* a closure that proved wrong */                                          \
    X(PRESUME, "presume")

/* --- match --- */
#define MATCH_STATE_TABLE(X)                                                                       \
    X(PROPOSED, "proposed")                                                                        \
    X(IN_REVIEW, "in_review")                                                                      \
    X(APPROVED, "approved") /* waits in the outbox; can be undone */                               \
    X(POSTED, "posted")                                                                            \
    X(AGREED, "agreed")                                                                            \
    X(FULFILLED, "fulfilled")                                                                      \
    X(CLOSED, "closed")                                                                            \
    X(REJECTED, "rejected")                                                                        \
    X(DECLINED, "declined")                                                                        \
    X(LAPSED, "lapsed")                                                                            \
    X(UNDONE, "undone")
#define MATCH_EVENT_TABLE(X)                                                                       \
    X(HOLD, "hold")                                                                                \
    X(APPROVE, "approve")                                                                          \
    X(POST, "post")                                                                                \
    X(AGREE, "agree")                                                                              \
    X(FULFIL, "fulfil")                                                                            \
    X(CLOSE, "close")                                                                              \
    X(REJECT, "reject")                                                                            \
    X(DECLINE, "decline")                                                                          \
    X(LAPSE, "lapse")                                                                              \
    X(UNDO, "undo")

/* --- case: 上报 立案 派遣 受理 处置 核查 结案, 退回 重开 合并 升级 挂起 作废 --- */
#define CASE_STATE_TABLE(X)                                                                        \
    X(REPORTED, "reported")                                                                        \
    X(OPENED, "opened")                                                                            \
    X(DISPATCHED, "dispatched")                                                                    \
    X(ACCEPTED, "accepted")                                                                        \
    X(RESOLVED, "resolved")                                                                        \
    X(VERIFIED, "verified")                                                                        \
    X(CLOSED, "closed")                                                                            \
    X(RETURNED, "returned")                                                                        \
    X(REOPENED, "reopened")                                                                        \
    X(MERGED, "merged")                                                                            \
    X(ESCALATED, "escalated")                                                                      \
    X(SUSPENDED, "suspended") /* waits for the reporter: no time passes */
#define CASE_EVENT_TABLE(X)                                                                        \
    X(OPEN, "open")                                                                                \
    X(DISPATCH, "dispatch")                                                                        \
    X(ACCEPT, "accept")                                                                            \
    X(RESOLVE, "resolve")                                                                          \
    X(VERIFY, "verify")                                                                            \
    X(CLOSE, "close")                                                                              \
    X(RETURN, "return")                                                                            \
    X(REOPEN, "reopen")                                                                            \
    X(MERGE, "merge")                                                                              \
    X(ESCALATE, "escalate")                                                                        \
    X(SUSPEND, "suspend")                                                                          \
    X(RESUME, "resume")                                                                            \
    X(LAPSE, "lapse") /* the clock ends it */                                                      \
    X(VOID, "void")   /* it was none, or was taken back */

/* --- outbound post --- */
#define OUTBOUND_STATE_TABLE(X)                                                                    \
    X(WAITING, "waiting")     /* until due: can still be taken back */                             \
    X(SENDING, "sending")     /* handed to the bot's queue; may have been received */              \
    X(DELIVERED, "delivered") /* the bot said so */                                                \
    X(CANCELLED, "cancelled")                                                                      \
    X(DEAD, "dead")
#define OUTBOUND_EVENT_TABLE(X)                                                                    \
    X(SEND, "send")                                                                                \
    X(DELIVER, "deliver")                                                                          \
    X(CANCEL, "cancel")                                                                            \
    X(GIVE_UP, "give_up")                                                                          \
    X(RETRY, "retry") /* an operator's replay of a dead one */

/* --- notice of a surge: a draft, which only a person lets out --- */
#define NOTICE_STATE_TABLE(X)                                                                      \
    X(DRAFTED, "drafted")                                                                          \
    X(APPROVED, "approved")                                                                        \
    X(REJECTED, "rejected")                                                                        \
    X(LAPSED, "lapsed") /* nobody had decided when the surge was over */
#define NOTICE_EVENT_TABLE(X)                                                                      \
    X(APPROVE, "approve")                                                                          \
    X(REJECT, "reject") /* of an approved one: taken back, as long as no post has gone out */      \
    X(LAPSE, "lapse")

#define LIFECYCLE_DECLARE(thing, THING)                                                            \
    enum thing##_state{THING##_STATE_TABLE(LIFECYCLE_STATE_##THING) THING##_STATE_N};              \
    enum thing##_event{THING##_EVENT_TABLE(LIFECYCLE_EVENT_##THING) THING##_EVENT_N};              \
    bool thing##_apply(enum thing##_state *state, enum thing##_event event);                       \
    bool thing##_can(enum thing##_state state, enum thing##_event event);                          \
    bool thing##_is_final(enum thing##_state state); /* no event leads on, but reopening */        \
    const char *thing##_state_code(enum thing##_state state);                                      \
    const char *thing##_event_code(enum thing##_event event);                                      \
    bool thing##_state_parse(struct str code, enum thing##_state *state_r);                        \
    bool thing##_event_parse(struct str code, enum thing##_event *event_r);

#define LIFECYCLE_STATE_POST(name, code) POST_##name,
#define LIFECYCLE_EVENT_POST(name, code) POST_EVENT_##name,
#define LIFECYCLE_STATE_MATCH(name, code) MATCH_##name,
#define LIFECYCLE_EVENT_MATCH(name, code) MATCH_EVENT_##name,
#define LIFECYCLE_STATE_CASE(name, code) CASE_##name,
#define LIFECYCLE_EVENT_CASE(name, code) CASE_EVENT_##name,
#define LIFECYCLE_STATE_OUTBOUND(name, code) OUTBOUND_##name,
#define LIFECYCLE_EVENT_OUTBOUND(name, code) OUTBOUND_EVENT_##name,
#define LIFECYCLE_STATE_NOTICE(name, code) NOTICE_##name,
#define LIFECYCLE_EVENT_NOTICE(name, code) NOTICE_EVENT_##name,

LIFECYCLE_DECLARE(post, POST)
LIFECYCLE_DECLARE(match, MATCH)
LIFECYCLE_DECLARE(case, CASE)
LIFECYCLE_DECLARE(outbound, OUTBOUND)
LIFECYCLE_DECLARE(notice, NOTICE)

#endif

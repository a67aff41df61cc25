/* A case: a report of a fault, or a request that only a professional may meet, with whoever answers
   for it. Strings are owned. */
#ifndef LINLI_MODEL_CASE_H
#define LINLI_MODEL_CASE_H

#include "model/lifecycle.h"
#include "model/origin.h"
#include "model/satisfaction.h"

/* Who has it by now: each step of an escalation (升级) leads one on, the last one to nobody. */
#define CASE_LEVEL_TABLE(X)                                                                        \
    X(ASSIGNEE, "assignee")                                                                        \
    X(GRID_OFFICER, "grid_officer")                                                                \
    X(COMMITTEE, "committee")                                                                      \
    X(OVERDUE, "overdue") /* nobody stands above: it waits for a person, but not for ever */

/* How it ended (结案方式). */
#define CASE_OUTCOME_TABLE(X)                                                                      \
    X(NONE, "")                                                                                    \
    X(SOLVED, "solved")         /* the reporter or staff said so */                                \
    X(UNANSWERED, "unanswered") /* resolved, and nobody objected in time */                        \
    X(UNSOLVED, "unsolved")     /* given up, by a person or by the clock */                        \
    X(MERGED, "merged")                                                                            \
    X(INVALID, "invalid") /* it was none, or was taken back */

#define CASE_WORD_DECLARE(thing, PREFIX, TABLE, MEMBER)                                            \
    enum thing { TABLE(MEMBER) PREFIX##_N };                                                       \
    const char *thing##_code(enum thing v);                                                        \
    bool thing##_parse(struct str code, enum thing *v_r);
#define CASE_LEVEL_MEMBER(name, code) CASE_LEVEL_##name,
#define CASE_OUTCOME_MEMBER(name, code) CASE_OUTCOME_##name,
CASE_WORD_DECLARE(case_level, CASE_LEVEL, CASE_LEVEL_TABLE, CASE_LEVEL_MEMBER)
CASE_WORD_DECLARE(case_outcome, CASE_OUTCOME, CASE_OUTCOME_TABLE, CASE_OUTCOME_MEMBER)

struct case_ { /* `case` is a word of C */
    char id[ID_SIZE];
    int64_t version;
    enum case_state state;
    struct origin origin;    /* of the first report */
    struct strs reporters;   /* message ids, the first one included */
    struct strs reported_by; /* their senders, each once */
    char *text;              /* masked */
    enum category category;
    enum urgency urgency;
    char assignee[ID_SIZE];    /* party */
    char post[ID_SIZE];        /* the request that was routed, or "" */
    char merged_into[ID_SIZE]; /* case, or "" */
    int64_t opened_ms, closed_ms;
    /* The present stage: since when, reminded when (0: not any more), until when. */
    int64_t stage_ms, remind_ms, due_ms;
    int64_t left_ms; /* while suspended: what was left of the stage's time */
    /* For figures: the first time, but of resolving the last; and how often. */
    int64_t dispatched_ms, accepted_ms, resolved_ms;
    int n_dispatched, n_returned, n_redone, n_escalated; /* redone: reopened (返工) */
    enum case_level level;
    enum case_outcome outcome;
    char *return_reason;
    enum satisfaction satisfaction; /* the reporter's */
    int64_t followed_up_ms;         /* 回访: when staff asked for it; 0: not yet */
    bool contacted, solved;         /* what that told */
    bool labelled;                  /* a person has said what it means */
    char model[ID_SIZE];
    struct suggestion suggestion;
    int64_t overdue_ms; /* when its deadline first passed, or 0 */
    int counted;        /* what the tallies have of it already: 1 << TALLY_CASE_x */
};

#endif

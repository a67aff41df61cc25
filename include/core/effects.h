/* What a decision did: the marks that the committer turns into one atomic write. Objects are named,
   not copied: the committer encodes each touched object once, as it stands at the batch's end. */
#ifndef LINLI_CORE_EFFECTS_H
#define LINLI_CORE_EFFECTS_H

#include "base/arena.h"
#include "base/err.h"
#include "model/entry.h"
#include "model/labelled.h"

struct touched {
    enum object_kind kind;
    const char *key; /* directory objects: community/id; else the id */
};

struct audit { /* who, when, what, why; never a contact */
    int64_t at_ms;
    const char *community, *actor; /* a token's name, "linli", or "sender" */
    const char *action;            /* match.approve, post.open, … */
    enum object_kind kind;
    const char *object;
    const char *before, *after; /* states or field values, or NULL */
    const char *reason;         /* or NULL */
};

#define EVENT_TABLE(X)                                                                             \
    X(MESSAGE, "message")                                                                          \
    X(POST_OPENED, "post.opened")                                                                  \
    X(POST_CHANGED, "post.changed")                                                                \
    X(POST_CLOSED, "post.closed")                                                                  \
    X(MATCH_PROPOSED, "match.proposed")                                                            \
    X(MATCH_CHANGED, "match.changed") /* to a state without a name of its own below */             \
    X(MATCH_AGREED, "match.agreed")                                                                \
    X(MATCH_DECLINED, "match.declined")                                                            \
    X(MATCH_LAPSED, "match.lapsed")                                                                \
    X(CASE_OPENED, "case.opened")                                                                  \
    X(CASE_CHANGED, "case.changed")                                                                \
    X(OUTBOUND, "outbound")                                                                        \
    X(OUTBOUND_CHANGED, "outbound.changed")                                                        \
    X(SUGGESTION, "suggestion")                                                                    \
    X(ADVICE, "advice")                                                                            \
    X(DIRECTORY, "directory.changed")                                                              \
    X(POLICY, "policy.changed") /* the table, or the emergency */                                  \
    X(SURGE, "surge.changed")                                                                      \
    X(ROLLCALL, "rollcall.changed")   /* one of its visits, or all of them */                      \
    X(ALERT_CHANGED, "alert.changed") /* somebody has seen it */                                   \
    X(ALERT, "alert")
enum event_kind {
#define X(name, code) EVENT_##name,
    EVENT_TABLE(X)
#undef X
        EVENT_N
};
const char *event_code(enum event_kind k);

/* One that a claim might have answered, and the hints for it. */
struct weighed {
    const char *message;
    const float *evidence;
    int n;
};

/* For live views and `linlictl dryrun`; fields that do not belong are NULL or 0. The strings live
   in the effects' arena. */
struct event {
    enum event_kind kind;
    int64_t at_ms;
    const char *community, *group; /* the group is our id */
    const char *message; /* MESSAGE: the message; POST_*, CASE_*: the one that opened it */
    enum intent intent;  /* MESSAGE, SUGGESTION */
    enum category category;
    enum urgency urgency;
    bool blind; /* POST_*, MATCH_PROPOSED, SUGGESTION: what the model read is not for staff yet */
    const char *post, *match, *case_id, *outbound, *advice, *surge, *visit;
    enum side side;                              /* POST_* */
    const char *request, *offer;                 /* MATCH_PROPOSED: ids; offer: post or resource, */
    const char *request_message, *offer_message; /* message ids or NULL */
    float score;                                 /* MESSAGE: how sure the intent is, 0…1 */
    enum route route;
    const struct reason *reasons;
    int n_reasons;
    const char *outcome, *by; /* POST_CLOSED: met withdrawn expired merged unmet; message or NULL */
    const char *state;        /* *_CHANGED */
    const char *assignee;
    const char *alert;     /* ALERT: critical, surge, unmet, …; ADVICE: its kind */
    const char *alert_id;  /* ALERT, ALERT_CHANGED: as it is kept */
    const char *text;      /* OUTBOUND, ALERT */
    const float *evidence; /* MESSAGE, when asked for: what its meaning was weighed by */
    int n_evidence;
    const struct weighed *targets;
    int n_targets;
};

struct reply { /* to a command */
    const char *command, *reply_to;
    enum err err;
    const char *detail; /* or NULL */
    enum object_kind kind;
    const char *key; /* of the object to show, or NULL */
};

/* A message of which two meanings are nearly as likely: outside, an adviser may be asked. Nothing
   waits for its answer, which comes back as an entry of its own, or never. */
struct doubt {
    const char *community, *group, *bot, *message;
    const char *text;   /* contacts masked, names not */
    const char **names; /* of the group's latest speakers, the sender first */
    int n_names;
};

struct effects {
    struct arena *arena;     /* strings and arrays below; reset with it */
    struct touched *touched; /* each object once */
    int n_touched, cap_touched;
    const struct talk **talks; /* to append: copies in the arena */
    int n_talks, cap_talks;
    struct talk_trim {   /* keep only the newest `keep` lines of that group (0: none) */
        const char *key; /* community/group */
        int keep;
    } * trims;
    int n_trims, cap_trims;
    struct audit *audits;
    int n_audits, cap_audits;
    struct event *events;
    int n_events, cap_events;
    struct reply *replies;
    int n_replies, cap_replies;
    struct labelled *labels;
    int n_labels, cap_labels;
    struct unlabel { /* a recalled message: every label goes that has its text */
        const char *community, *group, *message;
    } * unlabels;
    int n_unlabels, cap_unlabels;
    struct doubt *doubts;
    int n_doubts, cap_doubts;
    bool lasting; /* of the last decision: it changed more than the conversation, so its message id
                     is remembered for the whole deduplication window */
};

void effects_init(struct effects *e, struct arena *a);
void effects_reset(struct effects *e); /* resets the arena, too */
void effects_touch(struct effects *e, enum object_kind kind, const char *key); /* copies the key */
void effects_talk(struct effects *e, const struct talk *t); /* copies it, strings and all */
void effects_trim(struct effects *e, const char *key, int keep);
/* These return a zeroed row to fill in; strings put there must live in e->arena. */
struct audit *effects_audit(struct effects *e);
struct event *effects_event(struct effects *e, enum event_kind kind, int64_t at_ms);
struct reply *effects_reply(struct effects *e);
struct labelled *effects_label(struct effects *e);
struct unlabel *effects_unlabel(struct effects *e);
struct doubt *effects_doubt(struct effects *e);

#endif

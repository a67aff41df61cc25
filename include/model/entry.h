/* Entries of a shard's log: everything that changes state. Strings are borrowed from the arena
   that the entry was decoded into. */
#ifndef LINLI_MODEL_ENTRY_H
#define LINLI_MODEL_ENTRY_H

#include <stdint.h>

#include "base/err.h"
#include "model/policy.h"

#define MESSAGE_MENTIONS_MAX 32
struct message {
    const char *bot, *id;  /* deduplicated by the pair */
    const char *community; /* where the group is registered; NULL as it comes from the bot */
    const char *group;     /* our group's id once routed; the platform's before */
    const char *sender, *sender_name;
    const char *text;     /* ≤ 8,000 characters; "" for a recall */
    const char *reply_to; /* message id, or NULL */
    const char *recalled; /* id of the message that is taken back, or NULL */
    const char *edited;   /* id of the message that this one replaces, or NULL */
    const char *mentions[MESSAGE_MENTIONS_MAX]; /* sender ids, or "all" */
    int n_mentions;
    int64_t time_ms; /* as the platform says */
    int zone_min;
};

#define ROLE_TABLE(X)                                                                              \
    X(VIEWER, "viewer")                                                                            \
    X(GRID, "grid")                                                                                \
    X(STAFF, "staff")                                                                              \
    X(ADMIN, "admin")
enum role { /* each may what the one before may */
#define X(name, code) ROLE_##name,
            ROLE_TABLE(X)
#undef X
                ROLE_N
};
const char *role_code(enum role r);
bool role_parse(struct str code, enum role *r_r);

/* X(name, code, least role) */
#define COMMAND_TABLE(X)                                                                           \
    X(MATCH_APPROVE, "match.approve", GRID)                                                        \
    X(MATCH_REJECT, "match.reject", GRID)                                                          \
    X(MATCH_UNDO, "match.undo", GRID)                                                              \
    X(MATCH_REVEAL, "match.reveal", GRID) /* the contacts, to its two parties alone */             \
    X(POST_EDIT, "post.edit", GRID)                                                                \
    X(POST_CORRECT, "post.correct", GRID)                                                          \
    X(POST_CONTACT, "post.contact", GRID) /* shown to the person who asks */                       \
    X(CASE_EVENT, "case.event", GRID)                                                              \
    X(CASE_DISPATCH, "case.dispatch", GRID)                                                        \
    X(CASE_MERGE, "case.merge", GRID)                                                              \
    X(CASE_FOLLOW_UP, "case.follow_up", GRID)                                                      \
    X(CASE_CORRECT, "case.correct", GRID)                                                          \
    X(MESSAGE_CORRECT, "message.correct", STAFF)                                                   \
    X(OUTBOUND_RETRY, "outbound.retry", ADMIN)                                                     \
    X(ADVICE_ACCEPT, "advice.accept", STAFF)                                                       \
    X(ADVICE_DISMISS, "advice.dismiss", GRID)                                                      \
    X(DIRECTORY_IMPORT, "directory.import", ADMIN)                                                 \
    X(POLICY_PUT, "policy.put", ADMIN)                                                             \
    X(EMERGENCY_SET, "emergency.set", STAFF)                                                       \
    X(DIRECTORY_PUT, "directory.put", STAFF) /* of places and groups: ADMIN */                     \
    X(DIRECTORY_DELETE, "directory.delete", STAFF)                                                 \
    X(GROUP_TEST, "group.test", ADMIN) /* only noted: the post is the flow's */                    \
    X(PARTY_REGISTER, "party.register", STAFF)                                                     \
    X(PARTY_MERGE, "party.merge", STAFF)                                                           \
    X(PERSON_ERASE, "person.erase", ADMIN)                                                         \
    X(NOTICE_APPROVE, "notice.approve", STAFF)                                                     \
    X(NOTICE_REJECT, "notice.reject", STAFF)                                                       \
    X(ROLLCALL_START, "rollcall.start", STAFF)                                                     \
    X(ROLLCALL_MARK, "rollcall.mark", GRID)                                                        \
    X(ALERT_SEEN, "alert.seen", GRID)
enum command_kind {
#define X(name, code, role) COMMAND_##name,
    COMMAND_TABLE(X)
#undef X
        COMMAND_N
};
const char *command_code(enum command_kind k);
bool command_parse(struct str code, enum command_kind *k_r);
enum role command_least_role(enum command_kind k);

/* Fields that staff may correct; a NULL or a false `has_` leaves as it is. */
struct post_edit {
    bool has_intent, has_category, has_urgency, has_mode, has_flags, has_asked, has_time;
    enum intent intent; /* other than request and offer closes the post as a wrong opening */
    enum category category;
    enum urgency urgency;
    enum mode mode;
    unsigned flags;
    double asked;
    int64_t start_ms, end_ms;
    const char *place; /* place id, or NULL */
};

struct follow_up { /* 回访: what the reporter said to staff */
    bool contacted, solved;
    enum satisfaction satisfaction;
};

struct directory { /* rows to put; arrays and rows belong to the arena's owner: see codec */
    struct place **places;
    struct group **groups;
    struct party **parties;
    struct resource **resources;
    struct holiday **holidays;
    int n_places, n_groups, n_parties, n_resources, n_holidays;
};

struct command {
    const char *id;       /* idempotency key: the same id has its effect once */
    const char *reply_to; /* address of the loop that waits */
    const char *community;
    const char *actor; /* name of the token */
    enum role role;
    const char *grid; /* a grid officer's grid, or NULL */
    enum command_kind kind;
    const char
        *object; /* id; MESSAGE_CORRECT: the group's; PARTY_REGISTER: the post's or match's */
    const char *message;       /* MESSAGE_CORRECT: its id, or NULL */
    const char *sender;        /* PERSON_ERASE: an account, instead of the party; or NULL */
    int64_t if_version;        /* 0: none given */
    const char *reason, *note; /* or NULL */
    const char
        *candidate; /* MATCH_APPROVE: another candidate's id instead of the proposed, or NULL */
    enum case_event case_event;
    const char *assignee;       /* CASE_DISPATCH: a party's id */
    const char *into;           /* CASE_MERGE, PARTY_MERGE: the case or party that stays */
    struct follow_up follow_up; /* CASE_FOLLOW_UP */
    struct post_edit edit;
    struct directory directory;   /* DIRECTORY_PUT, PARTY_REGISTER: one row */
    enum object_kind row;         /* DIRECTORY_PUT, DIRECTORY_DELETE: of which kind */
    struct policy *policy;        /* POLICY_PUT: the whole table; belongs to the entry */
    bool on;                      /* EMERGENCY_SET; ROLLCALL_START: the groups are asked, too */
    const char *text;             /* NOTICE_APPROVE: other words than the draft's, or NULL */
    enum visit_state visit_state; /* ROLLCALL_MARK */
};

enum delivery_outcome {
    DELIVERY_DONE,     /* the bot has it */
    DELIVERY_FAILED,   /* will be tried again: `attempts`, `error` are noted */
    DELIVERY_GONE,     /* 410, or refused for good */
    DELIVERY_EXHAUSTED /* the schedule has run out */
};
struct delivery {
    const char *outbound;
    enum delivery_outcome outcome;
    const char *error;   /* no secret in it */
    const char *message; /* DONE: the id that the platform gave the post, or "" */
};

/* An adviser's answer on a message decided before. */
struct advised {
    const char *community, *group, *bot, *message;
    const char *model, *confidence; /* confidence: its own words, or NULL */
    enum intent intent;
    enum category category;
    enum urgency urgency;
};

enum entry_kind { ENTRY_MESSAGE, ENTRY_COMMAND, ENTRY_DELIVERY, ENTRY_TICK, ENTRY_ADVISED };
struct entry {
    enum entry_kind kind;
    int64_t at_ms; /* when it was appended, by the store's clock */
    union {
        struct message message;
        struct command command;
        struct delivery delivery;
        struct advised advised;
    };
};

#endif

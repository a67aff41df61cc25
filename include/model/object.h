/* What a shard keeps: posts, matches, cases, outbound posts. Ids are unique over all shards:
   a letter, the shard, a running number (`m07-1k`). Strings are owned; _free accepts NULL, nulls.
 */
#ifndef LINLI_MODEL_OBJECT_H
#define LINLI_MODEL_OBJECT_H

#include <stdint.h>

#include "model/advice.h"
#include "model/alert.h"
#include "model/case.h"
#include "model/directory.h"
#include "model/lifecycle.h"
#include "model/origin.h"
#include "model/rollcall.h"
#include "model/route.h"
#include "model/slots.h"
#include "model/surge.h"
#include "model/sustain.h"

/* X(name, code): code is the Redis hash and the word in the API. */
#define OBJECT_KIND_TABLE(X)                                                                       \
    X(PLACE, "places")                                                                             \
    X(GROUP, "groups")                                                                             \
    X(PARTY, "parties")                                                                            \
    X(RESOURCE, "resources")                                                                       \
    X(HOLIDAY, "holidays")                                                                         \
    X(POLICY, "policies") /* keyed like the directory */                                           \
    X(POST, "posts")                                                                               \
    X(MATCH, "matches")                                                                            \
    X(CASE, "cases")                                                                               \
    X(OUTBOUND, "outbound")                                                                        \
    X(ADVICE, "advice")                                                                            \
    X(TALLY, "tallies")                                                                            \
    X(HABIT, "habits")                                                                             \
    X(TOPIC, "topics")                                                                             \
    X(SURGE, "surges")                                                                             \
    X(VISIT, "visits")                                                                             \
    X(ALERT, "alerts")                                                                             \
    X(META, "meta")
enum object_kind {
#define X(name, code) OBJECT_##name,
    OBJECT_KIND_TABLE(X)
#undef X
        OBJECT_KIND_N
};
#define DIRECTORY_KINDS (OBJECT_HOLIDAY + 1) /* the first ones: rows of the directory */
const char *object_kind_code(enum object_kind k);
bool object_kind_parse(struct str code, enum object_kind *k_r);
/* The field of a directory object in its hash: `community/id`; out holds OBJECT_KEY_SIZE. */
#define OBJECT_KEY_SIZE (2 * ID_SIZE)
void object_key(char out[OBJECT_KEY_SIZE], const char *community, const char *id);
/* Whose it is; "" of the meta object, which is the shard's. Borrowed from the object. */
const char *object_community(enum object_kind kind, const void *object);
void object_free(enum object_kind kind, void **object);

enum side { SIDE_REQUEST, SIDE_OFFER };

struct post {
    char id[ID_SIZE];
    int64_t version; /* 1, 2, …: every change adds one */
    enum side side;
    enum post_state state;
    struct origin origin;
    char *text; /* masked: no contact, no room */
    enum category category;
    enum urgency urgency;
    enum mode mode;
    unsigned flags;
    float confidence;                  /* of the intent */
    struct slots slots;                /* contacts' values and the room are blank: see `contacts` */
    struct strs contacts;              /* sealed */
    struct strs contact_kinds;         /* of each; posts from before kinds were kept have none */
    double asked, reserved, fulfilled; /* asked: 1 when nothing was said; offers: what there is */
    double presumed; /* agreed on; its time has passed, and nobody told how it went */
    int64_t opened_ms, expires_ms, grace_until_ms, closed_ms;
    char *closed_by;       /* message id, or NULL */
    char *merged_into;     /* post id, or NULL */
    struct strs repeats;   /* further messages of the sender that said the same or went on */
    bool edited;           /* by staff: the model's reading no longer overwrites */
    char case_id[ID_SIZE]; /* routed to a party as a case, or "" */
    char model[ID_SIZE];   /* version of the model that read it */
    bool labelled;         /* a person has said what it means */
    bool blind; /* staff are shown it without the model's reading, until they have given theirs */
    struct suggestion suggestion;
    int64_t responded_ms, matched_ms; /* of a request: first a claim or our post in the group, first
                                         somebody who agreed; 0: not yet */
    int widened; /* steps taken while it waited in vain, see core/unmet.c: behind the last one it
                    was told that a part is lacking */
    enum place_kind reach; /* of a request that waits: so far it looks beyond the scopes of
                              resources, for a person to decide; ENTRANCE: not at all */
};

#define MATCH_REASONS_MAX 12
struct reason {
    char name[20]; /* item, distance, time, quantity, party, waiting, vulnerable, load, … */
    float part;    /* the parts add up to the score */
    char text[64]; /* for people: 同一栋楼 */
};

struct match {
    char id[ID_SIZE];
    int64_t version;
    enum match_state state;
    char community[ID_SIZE], grid[ID_SIZE]; /* the request's */
    char request[ID_SIZE];                  /* post id; "" when a claim took an offer directly */
    char offer[ID_SIZE];                    /* post id, or "" */
    char resource[ID_SIZE];                 /* standing resource, or "" */
    char *request_message, *offer_message;  /* messages that opened them, or the claim; or NULL */
    char *claim, *claimant; /* the message that settled it in the chat, its sender; or NULL */
    char helper[ID_SIZE], helped[ID_SIZE]; /* parties, "" where nobody is known */
    double quantity;
    enum category category;
    enum urgency urgency;
    float score;
    float fit; /* the same, whatever the helper's past outcomes: what the policy table goes by; 0 of
                  one from before there were any */
    int n_reasons;
    struct reason reasons[MATCH_REASONS_MAX];
    char *runner_up; /* why the next one came second, or NULL */
    enum route route;
    char *route_why;        /* the policy row that decided */
    char outbound[ID_SIZE]; /* the group post, or "" */
    char
        ask[ID_SIZE]; /* the one that asks the helper in another group, or "": one group has both */
    char agreed_post[ID_SIZE]; /* the one that tells who asked of a yes said in another group, or ""
                                */
    int64_t created_ms, deadline_ms, decided_ms;
    int64_t told_ms; /* when a group post told of it, and asked its helper; or 0 */
    char *decided_by, *reject_reason, *note;
    bool blind;  /* of its post, when it was proposed */
    bool ahead;  /* an emergency is on, and who asks is vulnerable: before the others in review */
    bool rested; /* that is more than a day ago */
    bool called; /* the request calls on this helper by name */
    bool untold; /* it stands in line for one thing, which somebody has: nobody needs to know yet */
    bool asks;   /* whether any is left: its owner has yet to say */
    bool displaced; /* lapsed for a better assignment, before anybody was told of it */
    struct suggestion suggestion; /* on the claim that made it */
    int64_t posted_ms, agreed_ms; /* 0: it never was */
    int64_t accepted_ms;    /* who asked has said yes, and the helper is still asked; 0: not */
    bool helper_agreed;     /* it was agreed by the helper's own word */
    int64_t asked_ms;       /* for the outcome */
    char question[ID_SIZE]; /* the group post that asked, or "" */
    enum match_outcome outcome;
    enum satisfaction satisfaction;
    bool thanked;
    char reveal_to_helper[ID_SIZE], reveal_to_helped[ID_SIZE]; /* the private message with the other
                                                                  one's contact, or "" */
};

struct outbound {
    char id[ID_SIZE]; /* also the idempotency key; what it says never changes */
    int64_t version;
    enum outbound_state state;
    enum outbound_kind kind;
    char *permit; /* the policy's reason, or the person that allowed it */
    char community[ID_SIZE], group[ID_SIZE], match[ID_SIZE]; /* match, …: what it is about */
    char resource[ID_SIZE], surge[ID_SIZE];
    char *bot, *external_group, *text;
    char *reply_to;             /* the platform's message id it answers, or NULL */
    char *message;              /* the id that the platform gave it, or NULL: not told */
    char *to;                   /* CONTACT: the sender id of whom it is for alone; then
                                   external_group is NULL */
    char post[ID_SIZE];         /* CONTACT: in which the other one wrote it */
    struct strs contacts;       /* CONTACT: sealed; opened behind the text as it is sent */
    int64_t created_ms, due_ms; /* due: not sent before */
    bool held;                  /* until quiet hours were over */
    int attempts;
    char *last_error;
};

struct meta {            /* one a shard, id "meta" */
    int64_t next_number; /* of ids */
    int64_t next_person; /* of ids of parties, which come by themselves; 0: none has come yet */
};

/* One line of a group's recent conversation (kept for the retention, an hour by default). */
struct talk {
    char group[ID_SIZE]; /* `community/group` is its key */
    char community[ID_SIZE];
    char *message, *sender, *sender_name, *text; /* masked */
    char *reply_to;                              /* the message that it quotes, or NULL */
    enum intent intent;
    bool labelled; /* by staff: the intent is theirs */
    float claim_p; /* how likely it is a claim */
    int64_t at_ms, time_ms;
    char ref[ID_SIZE]; /* the post or case that it opened or answered, or "" */
};
void talk_free(struct talk **t);

/* Is the reading of it kept from staff for now? Never when somebody could come to harm by it. */
bool post_is_blind(const struct post *p);
bool match_is_blind(const struct match *m);

/* The review queue's order, the highest first: life-safety, in an emergency then who is vulnerable,
   then what is urgent, then what is due first, then the better score. */
double match_queue_score(const struct match *m);

#endif

/* Inside of the core: the state of one shard, and what the files of this room ask of each other. */
#ifndef LINLI_CORE_PRIV_H
#define LINLI_CORE_PRIV_H

#include "base/table.h"
#include "core/core.h"
#include "match/match.h"

#define TALK_LINES 16
#define KEEP_MS (30 * DAY_MS) /* what has ended is still shown for so long */
#define EPSILON 1e-6

struct node { /* one object */
    UT_hash_handle hh;
    enum object_kind kind;
    char key[OBJECT_KEY_SIZE];
    void *object;
    struct node **links; /* of a post or resource: its matches, ended ones included */
    int n_links;
    int64_t due_ms;          /* as it stands in the due queue; INT64_MAX: not there */
    struct slot_item *items; /* of a resource: its words, looked up once */
    int n_items;
};

struct alias { /* something that leads to an object */
    UT_hash_handle hh;
    char *key;
    struct node *node;
};

struct conversation { /* the last lines of a group */
    UT_hash_handle hh;
    char key[OBJECT_KEY_SIZE];
    struct talk *lines[TALK_LINES];
    int n;
};

struct due {
    int64_t at_ms;
    enum object_kind kind;
    char key[OBJECT_KEY_SIZE];
};

struct core {
    struct core_options o;
    struct node *objects[OBJECT_KIND_N];
    struct alias *by_message; /* bot 0x1f message → the post or case that it opened */
    struct alias *by_sender;  /* community/sender → party */
    struct conversation *talks;
    int64_t talk_due_ms;       /* no line is older than the retention before then */
    struct match_index *index; /* open posts and resources with something left; things are nodes */
    struct due *due;           /* a heap; entries that no longer hold are passed over */
    int n_due, cap_due;
    bool loading;
    /* of the present decision */
    int64_t now_ms;
    struct effects *fx;
    const char *actor, *reason;
    const char *by; /* the message being decided, or NULL */
};

/* --- state.c --- */
struct node *node_find(const struct core *c, enum object_kind kind, const char *key);
struct node *node_in(const struct core *c, enum object_kind kind, const char *community,
                     const char *id); /* a directory object */
struct node *node_put(struct core *c, enum object_kind kind, const char *key, void *object);
void node_drop(struct core *c, struct node *n); /* and from the store */
/* The object has changed: a new version, into the effects, the indexes and the due queue. */
void node_touch(struct core *c, struct node *n);
void node_link(struct node *n, struct node *match);
void new_id(struct core *c, char letter, char out[ID_SIZE]);
struct node *by_message(const struct core *c, const char *bot, const char *message);
void remember_message(struct core *c, const char *bot, const char *message, struct node *n);
struct post *post_of(const struct core *c, const char *id); /* or NULL */
struct resource *resource_of(const struct core *c, const char *community, const char *id);
struct match *match_of_node(const struct node *n);

/* --- due.c --- */
void due_set(struct core *c, struct node *n);
struct node *due_pop(struct core *c, int64_t now_ms); /* NULL: nothing is due */

/* --- places.c --- */
void place_chain(const struct core *c, const char *community, const char *place,
                 const char *chain[PLACE_KIND_N]);
const char *place_resolve(const struct core *c, const char *community, const char *base,
                          const struct slot_place *said); /* place id */
struct party *party_of_sender(const struct core *c, const char *community, const char *sender);
struct party *party_find(const struct core *c, const char *community, const char *id);
/* The party that answers for faults of that category at that place; "" where there is none. */
const char *assignee_of(const struct core *c, const char *community, const char *place,
                        enum category category);

/* --- talk.c --- */
struct conversation *conversation_of(struct core *c, const char *community, const char *group);
const struct talk *talk_line(const struct conversation *t, const char *message); /* or NULL */
void talk_add(struct core *c, struct conversation *t, struct talk *line);
void talk_expire(struct core *c, struct conversation *t);
void talk_expire_all(struct core *c);

/* --- post.c: requests and offers --- */
struct said { /* a message with all that is known of it */
    const struct message *m;
    const struct group *group;
    const struct party *party; /* or NULL */
    struct conversation *talk;
    struct reading reading;
    char text[TEXT_MAX_BYTES + 64]; /* masked */
};
struct node *post_open(struct core *c, const struct said *s, enum side side);
void post_close(struct core *c, struct node *post, enum post_event event, const char *by);
double post_left(const struct post *p);
void post_settle(struct post *p); /* open or reserved, as something is left or not */
void origin_fill(struct core *c, struct origin *o, const struct said *s, const char *place);

/* --- thread.c --- */
struct node *thread_target(struct core *c, const struct said *s); /* what a claim answers */
struct node *thread_closes(struct core *c, const struct said *s); /* what a closure ends */
struct node *own_open_post(struct core *c, const struct said *s, enum side side, int64_t within_ms);

/* --- claim.c --- */
struct node *claim_take(struct core *c, const struct said *s); /* the post it answers, or NULL */
struct node *closure_take(struct core *c, const struct said *s);
bool answer_take(struct core *c, const struct said *s); /* yes or no to a post of ours */

/* --- match.c: the life of matches --- */
struct node *match_create(struct core *c, const struct post *request, struct node *offer,
                          double quantity, const struct match_score *score);
void match_tell_proposed(struct core *c, const struct match *m);
bool match_event(struct core *c, struct node *m, enum match_event event);
void match_end_others(struct core *c, struct node *post, const struct node *but, bool agreed_too);
bool match_holds(enum match_state s); /* it has capacity reserved */

/* --- propose.c --- */
void propose_for(struct core *c, struct node *post);
void side_of_post(const struct core *c, const struct node *n, struct match_side *s);
void side_of_resource(const struct core *c, const struct node *n, struct match_side *s);

/* --- policy.c --- */
enum route policy_route(const struct core *c, const struct match *m, const struct post *request,
                        const char **why_r);

/* --- case.c --- */
struct node *case_report(struct core *c, const struct said *s);
void case_tick(struct core *c, struct node *n);

/* --- outbound.c --- */
void outbound_create(struct core *c, struct node *match, int64_t wait_ms);
void outbound_cancel(struct core *c, const char *id);
void outbound_deliver(struct core *c, const struct delivery *d);
void outbound_tick(struct core *c, struct node *n);

/* --- entries --- */
void decide_message(struct core *c, const struct message *m);
void decide_command(struct core *c, const struct command *cmd);
void decide_tick(struct core *c);

/* --- telling --- */
void tell_audit(struct core *c, const char *action, const struct node *n, const char *before,
                const char *after);
struct event *tell(struct core *c, enum event_kind kind, const char *community);
void tell_alert(struct core *c, const char *kind, const struct origin *o, const char *text);
const char *keep(struct core *c, const char *z); /* a copy in the effects' arena; NULL stays */

#endif

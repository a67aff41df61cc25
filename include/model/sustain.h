/* What keeps help going after a match: what is said of an outcome, what posts of ours are for, what
   staff are advised of. */
#ifndef LINLI_MODEL_SUSTAIN_H
#define LINLI_MODEL_SUSTAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "model/directory.h"
#include "model/satisfaction.h"

/* What a post of ours is for. */
#define OUTBOUND_KIND_TABLE(X)                                                                     \
    X(PROPOSAL, "proposal")     /* these two fit: does it suit? */                                 \
    X(ASK, "ask")               /* of a proposal, to the helper in another group: can you? */      \
    X(AGREED, "agreed")         /* to who asked: the helper has said yes in another group */       \
    X(OUTCOME, "outcome")       /* after the agreed time: is it solved? */                         \
    X(THANKS, "thanks")         /* to the helper, by place */                                      \
    X(RENEWAL, "renewal")       /* to a resource's owner: does it go on? */                        \
    X(CORRECTION, "correction") /* a proposal that was posted has been taken back */               \
    X(NOTICE, "notice")         /* of a surge: it is known */                                      \
    X(ROLLCALL, "rollcall")     /* in an emergency: is everybody well? */                          \
    X(CONTACT, "contact")       /* to one person alone: how the other one can be reached */
/* How a match on which people agreed came out: said in the group, to our question or unasked. */
#define MATCH_OUTCOME_TABLE(X)                                                                     \
    X(NONE, "")                                                                                    \
    X(SOLVED, "solved")                                                                            \
    X(UNSOLVED, "unsolved")                                                                        \
    X(UNSAID, "unsaid") /* its time has passed, and nobody told */
#define ADVICE_KIND_TABLE(X)                                                                       \
    X(MESSAGE, "message")     /* an adviser reads a message otherwise */                           \
    X(RECURRING, "recurring") /* offered again and again: make it a standing resource */           \
    X(RENEWAL, "renewal")     /* a standing resource is about to expire */

#define SUSTAIN_ENUM(thing, THING, TABLE)                                                          \
    enum thing { TABLE(SUSTAIN_##THING) THING##_N };                                               \
    const char *thing##_code(enum thing v);                                                        \
    bool thing##_parse(struct str code, enum thing *v_r);
#define SUSTAIN_OUTBOUND_KIND(name, code) OUTBOUND_##name,
#define SUSTAIN_MATCH_OUTCOME(name, code) MATCH_OUTCOME_##name,
#define SUSTAIN_ADVICE_KIND(name, code) ADVICE_##name,
SUSTAIN_ENUM(outbound_kind, OUTBOUND_KIND, OUTBOUND_KIND_TABLE)
SUSTAIN_ENUM(match_outcome, MATCH_OUTCOME, MATCH_OUTCOME_TABLE)
SUSTAIN_ENUM(advice_kind, ADVICE_KIND, ADVICE_KIND_TABLE)

struct post;
struct surge;
/* What a group post that is no proposal tells of; NULL where it does not belong, or is not known.
 */
struct note {
    enum outbound_kind kind;
    const struct post *request;
    const struct post *offer; /* ASK and AGREED, of what the helper has offered */
    const struct resource *resource;
    const struct party *asker; /* ASK: who asks, where registered */
    const struct party *party; /* the helper, the resource's owner, or whose contact it is */
    const struct place *request_place, *party_place;
    const struct surge *surge; /* NOTICE, with its places and what it is of, in the group's words */
    const struct place *const *places;
    int n_places;
    const char *topic;
    bool emergency;   /* one is on */
    int64_t until_ms; /* RENEWAL: until when it is registered */
    int zone_min;
};

/* All that is remembered of ended offers: that somebody offered some thing, on which days, how much
   at least and how far; no text. One row for a person and a thing, gone 60 days after the last.
   Its id is a hash of both. */
struct habit {
    char community[ID_SIZE], id[ID_SIZE];
    char party[ID_SIZE]; /* or "": */
    char *sender;        /* a sender nobody has registered */
    char *word;          /* the thing, as it was last written; "" where none is named */
    enum category category;
    enum mode mode;
    char *unit;
    double capacity;                      /* the least that was offered at once */
    enum place_kind scope;                /* of the widest group that it was offered in */
    int64_t last_ms, second_ms, third_ms; /* of different days, newest first; 0: none */
    int64_t suggested_ms;                 /* to staff; 0: not yet */
};
void habit_free(struct habit **h);

#endif

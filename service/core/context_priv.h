/* Inside of the core: what a message is weighed by. */
#ifndef LINLI_CORE_CONTEXT_PRIV_H
#define LINLI_CORE_CONTEXT_PRIV_H

#include "core_priv.h"

struct scene {
    const struct post *quoted;    /* somebody else's open post that it quotes */
    const struct post *near[2];   /* by side: the latest open one of somebody else */
    const struct post *called[2]; /* by side: one whose owner it names, and the thing */
    bool anything;                /* of somebody else is open here, or we have asked the sender */
    const struct post *own[2];    /* by side: the sender's latest open one */
    bool goes_on;                 /* the sender's own request is a moment old */
    bool stands;                  /* the sender has agreed with somebody */
    bool in_line;                 /* or has claimed in vain, so far */
    bool took_part;               /* has asked, given or claimed something a while ago */
    bool answers_call;            /* quotes a message that called upon the sender's party */
    bool helping;                 /* and is the one who helps, since a short while */
    bool promised;                /* and is the one who is helped, since a moment */
    bool shares_out;              /* names one who stands in line for the sender's offer */
    bool answers_asker;           /* quotes one who asks for what the sender gives */
    bool refuses;                 /* the same, of what the sender lends */
    bool official;
    bool told_of_fault; /* a fault, or a need, is what the group talks about */
    bool sold;          /* something is being sold here */
    bool to_official;   /* speaks to the property manager or the committee by mention */
    bool announced;     /* a notice has told of that fault */
    bool to_party;      /* speaks to a unit by mention */
};

/* --- evidence.c --- */
#define EVIDENCE_GROUPS(X)                                                                         \
    X(ALONE)                                                                                       \
    X(QUOTING)                                                                                     \
    X(TO_REQUEST)                                                                                  \
    X(TO_OFFER) X(TO_OWN_REQUEST) X(TO_OWN_OFFER) X(QUOTED_INTENT) X(OTHER_INTENT) X(OWN_INTENT)
#define EVIDENCE_MARKS(X)                                                                          \
    X(ONE)                                                                                         \
    X(GOES_ON)                                                                                     \
    X(QUOTES_OWN)                                                                                  \
    X(TAKES)                                                                                       \
    X(GIVES)                                                                                       \
    X(DONE)                                                                                        \
    X(HAPPENED) X(GONE) X(WITHDRAWN) X(ASKS) X(SHORT) X(MIDDLE) X(LONG) X(THING) X(FAULT)          \
        X(CALLED_REQUEST) X(CALLED_OFFER) X(QUOTED_REQUEST) X(QUOTED_OFFER) X(ANYTHING)            \
            X(OWN_REQUEST) X(OWN_OFFER) X(STANDS) X(IN_LINE) X(TOOK_PART) X(ANSWERS_CALL)          \
                X(HELPING) X(PROMISED) X(SHARES_OUT) X(ANSWERS_ASKER) X(REFUSES) X(OFFICIAL)       \
                    X(TOLD_OF_FAULT) X(SOLD) X(TO_OFFICIAL) X(ANNOUNCED) X(TO_PARTY) X(TIP)        \
                        X(CANNOT) X(LAUGHS) X(STATES)
enum evidence {
#define X(name) EV_##name, EV_##name##_END = EV_##name + INTENT_N - 1,
    EVIDENCE_GROUPS(X)
#undef X
#define X(name) EV_##name,
        EVIDENCE_MARKS(X)
#undef X
            EV_NEAR_REQUEST, /* in the last 2 minutes, 10, 45; names it; its leaf; nothing is left
                              */
    EV_NEAR_OFFER = EV_NEAR_REQUEST + 6,
    EVIDENCE_N = EV_NEAR_OFFER + 6
};
void evidence_gather(struct core *c, const struct said *s, const struct scene *x,
                     float f[EVIDENCE_N]);

/* --- target.c --- */
#define TARGET_TABLE(X)                                                                            \
    X(ANY)                                                                                         \
    X(CALLED)                                                                                      \
    X(SPOKEN)                                                                                      \
    X(OPENED)                                                                                      \
    X(NEWER) X(LAST) X(OWNER_LAST) X(CLAIMED) X(MINE_ALREADY) X(ALSO) X(OFFER) X(TAKES_OFFER)      \
        X(TAKES_REQUEST) X(GIVES_OFFER) X(GIVES_REQUEST) X(THING) X(OTHER_THING) X(WORDS) X(LEAF)  \
            X(UNIT) X(LEFT) X(FREE) X(MEANT)
enum target {
#define X(name) TARGET_##name,
    TARGET_TABLE(X)
#undef X
        TARGET_N
};
bool target_is_likely(const struct said *s, const struct post *p);
struct node *target_choose(struct core *c, struct said *s, struct node **found,
                           int n); /* or NULL */

/* --- scene.c --- */
void scene_look(struct core *c, const struct said *s, struct scene *x);
/* Does it tell of a standing resource that is another party's? */
bool scene_is_tip(struct core *c, const struct said *s);
bool scene_names_thing(const struct core *c, const struct said *s, const struct post *p);

/* --- words.c: words that lean on what was said before --- */
bool says_gives(const struct find *said);
bool says_done(const struct find *said);     /* thanks, or that it has happened */
bool says_happened(const struct find *said); /* a thing has come about: it is not only promised */
bool says_gone(const struct find *said);
bool says_cannot(const struct find *said); /* 我去不了, 不在家 */
bool says_laughs(const struct find *said);
bool says_asks_back(const struct find *said); /* 是不是没电了 */

#endif

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
enum evidence {
    EV_ALONE,                              /* what the words mean, an intent each, as logarithms */
    EV_QUOTING = EV_ALONE + INTENT_N,      /* how that changes as an answer to what it quotes */
    EV_TO_REQUEST = EV_QUOTING + INTENT_N, /* to the request near by */
    EV_TO_OFFER = EV_TO_REQUEST + INTENT_N,
    EV_TO_OWN_REQUEST = EV_TO_OFFER + INTENT_N, /* to the sender's own */
    EV_TO_OWN_OFFER = EV_TO_OWN_REQUEST + INTENT_N,
    EV_QUOTED_INTENT = EV_TO_OWN_OFFER + INTENT_N, /* what is quoted */
    EV_OTHER_INTENT = EV_QUOTED_INTENT + INTENT_N, /* what somebody else said last */
    EV_OWN_INTENT = EV_OTHER_INTENT + INTENT_N,    /* and the sender */
    EV_ONE = EV_OWN_INTENT + INTENT_N,             /* always 1 */
    EV_GOES_ON,                                    /* the sender has just said more */
    EV_QUOTES_OWN,
    EV_GIVES, /* as a claim, rather than takes: log odds */
    EV_DONE,
    EV_HAPPENED,
    EV_GONE,
    EV_WITHDRAWN, /* as a closure: log odds */
    EV_ASKS,
    EV_SHORT,
    EV_MIDDLE,
    EV_LONG,
    EV_THING,
    EV_FAULT,
    EV_CALLED_REQUEST, /* the rest: struct scene */
    EV_CALLED_OFFER,
    EV_QUOTED_REQUEST,
    EV_QUOTED_OFFER,
    EV_ANYTHING,
    EV_OWN_REQUEST,
    EV_OWN_OFFER,
    EV_STANDS,
    EV_IN_LINE,
    EV_TOOK_PART,
    EV_ANSWERS_CALL,
    EV_HELPING,
    EV_PROMISED,
    EV_SHARES_OUT,
    EV_ANSWERS_ASKER,
    EV_REFUSES,
    EV_OFFICIAL,
    EV_TOLD_OF_FAULT,
    EV_SOLD,
    EV_TO_OFFICIAL,
    EV_ANNOUNCED,
    EV_TO_PARTY,
    EV_TIP, /* what is another party's */
    EV_SAYS_I,
    EV_SAYS_YOU,
    EV_ELSEWHERE, /* a shop, the web, an emergency number: where to turn to */
    EV_CLAUSES,   /* three or more */
    EV_NUMBER,
    EV_BIDS,   /* begins by telling somebody what to do */
    EV_BEFORE, /* of last week, of old times */
    EV_IS_LEFT,
    EV_SOON,
    EV_CANNOT, /* an excuse */
    EV_LAUGHS,
    EV_STATES,       /* a time, a number to call */
    EV_TALK,         /* of the last lines: how many are talk, */
    EV_ANSWERS,      /* answer something or end it, */
    EV_SENDERS,      /* how many people wrote them, for one line, */
    EV_LINES,        /* and how many lines there have been */
    EV_NEAR_REQUEST, /* in the last 2 minutes, 10, 45; named; of its leaf; nothing is left; another
                        thing is named; words in common that few others have */
    EV_NEAR_OFFER = EV_NEAR_REQUEST + 8,
    EVIDENCE_N = EV_NEAR_OFFER + 8
};
void evidence_gather(struct core *c, const struct said *s, const struct scene *x,
                     float f[EVIDENCE_N]);

/* --- thread.c: which of several --- */
/* How likely the message means that as an answer to it, as a logarithm. */
float thread_meant(const struct core *c, const struct said *s, const struct post *p,
                   enum intent intent);
float thread_fit(const float *weights, const float *hints, int n);
/* What was weighed is told where it is asked for: at most so many, then each. */
void thread_note_first(struct core *c, struct said *s, int most);
void thread_note(struct core *c, struct said *s, const struct post *p, const float *hints, int n);

/* --- found.c --- */
struct node *found_got_back(struct core *c, const struct said *s); /* that its sender tells of */
struct node *found_for(const struct core *c,
                       const struct node *request); /* the only one, or NULL */

/* --- target.c --- */
enum target {
    TARGET_ANY,          /* always 1: rather this than none */
    TARGET_CALLED,       /* its owner is named */
    TARGET_SPOKEN,       /* minutes since the last word about it, as a logarithm */
    TARGET_OPENED,       /* since it was opened, or said again */
    TARGET_NEWER,        /* how many were opened since */
    TARGET_LAST,         /* the last line was about it */
    TARGET_OWNER_LAST,   /* or its owner's */
    TARGET_CLAIMED,      /* somebody has claimed it, who is enough, */
    TARGET_SEVERAL,      /* or it is for several, */
    TARGET_SEVERAL_FREE, /* and some are still lacking, or left */
    TARGET_ALSO,         /* 也, of what has been claimed */
    TARGET_TAKES_OFFER,  /* an offer, and the words take: log odds */
    TARGET_GIVES_CALL,   /* it asks for several, and they give */
    TARGET_GIVES_REQUEST,
    TARGET_OTHER_THING,
    TARGET_WORDS,
    TARGET_SHARED, /* how many words they have in common that few others have */
    TARGET_LEAF,
    TARGET_UNIT, /* counted alike, and not as everything is */
    TARGET_FREE,
    TARGET_N
};
bool target_is_likely(const struct said *s, const struct post *p);
/* An offer that names who asks for such a thing. */
bool target_is_called(const struct core *c, const struct said *s, const struct post *p);
struct node *target_choose(struct core *c, struct said *s, struct node **found,
                           int n); /* or NULL */

/* --- ending.c --- */
enum ending {
    ENDING_ANY, /* always 1 */
    ENDING_OWN_REQUEST,
    ENDING_OWN_OFFER,
    ENDING_ALONE,  /* the sender's own, and nothing else comes into question */
    ENDING_HERE,   /* of this group */
    ENDING_AGREED, /* somebody helps */
    ENDING_HELPER, /* the sender does */
    ENDING_HELPED, /* the sender takes what another offers */
    ENDING_NAMES_OWNER,
    ENDING_SPOKEN, /* minutes since the last word about it, as a logarithm */
    ENDING_NEWER,  /* how many come into question before it */
    ENDING_THING,
    ENDING_OTHER_THING,
    ENDING_WORDS,
    ENDING_LEAF,
    ENDING_NAMES_OTHER, /* of the sender's own: it names who helps with it, or takes it */
    ENDING_MEANT,       /* how likely a closure the message is as an answer to it */
    ENDING_N
};
#define ENDINGS_MOST 24
int endings_choose(struct core *c, struct said *s, struct node *ended[ENDINGS_MOST]); /* how many */

/* --- scene.c --- */
void scene_look(struct core *c, const struct said *s, struct scene *x);
/* Does it tell of a standing resource that is another party's? */
bool scene_is_tip(struct core *c, const struct said *s);
bool scene_names_thing(const struct core *c, const struct said *s, const struct post *p);

/* --- words.c: words that lean on what was said before --- */
bool says_gives(const struct find *said);
bool says_to_you(const struct find *said);
bool says_lacks(const struct find *said);    /* of what is known already: some is lacking, */
bool says_remains(const struct find *said);  /* or left */
bool says_done(const struct find *said);     /* thanks, or that it has happened */
bool says_happened(const struct find *said); /* a thing has come about: it is not only promised */
bool says_gone(const struct find *said);
bool says_met_elsewhere(const struct find *said);
bool says_asks_for_rest(
    const struct find *said); /* of an offer alone: of a request one asks 还要吗 */
bool says_has_none(const struct find *said);
bool says_regrets(const struct find *said);
bool says_all(const struct find *said); /* and nothing is left */
bool says_some_are_left(const struct find *said);
bool says_asks(const struct find *said); /* for anything */
bool says_laughs(const struct find *said);
bool says_i(const struct find *said);
bool says_you(const struct find *said);
bool says_elsewhere(const struct find *said);
bool says_commits(const struct find *said); /* their own help, or themselves */
bool says_bids(const struct find *said);
bool says_before(const struct find *said);
bool says_soon(const struct find *said);

#endif

/* Inside of the core: what a message is weighed by. */
#ifndef LINLI_CORE_CONTEXT_PRIV_H
#define LINLI_CORE_CONTEXT_PRIV_H

#include "core_priv.h"

struct scene {
    const struct post *quoted;    /* somebody else's open post that it quotes */
    const struct post *near[2];   /* by side: the latest open one of somebody else */
    const struct post *called[2]; /* by side: one whose owner it names, and the thing */
    bool anything;                /* of somebody else is open here, or we have asked the sender */
    bool own_request, own_offer;  /* something of the sender's is open */
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
void scene_look(struct core *c, const struct said *s, struct scene *x);
/* Does it tell of a standing resource that is another party's? */
bool scene_is_tip(struct core *c, const struct said *s);
bool scene_names_thing(const struct core *c, const struct said *s, const struct post *p);

/* --- words.c: words that lean on what was said before --- */
bool says_gives(const struct find *said);
bool says_done(const struct find *said);     /* thanks, or that it has happened */
bool says_happened(const struct find *said); /* a thing has come about: it is not only promised */
bool says_gone(const struct find *said);
bool says_asks_back(const struct find *said); /* 是不是没电了 */

#endif

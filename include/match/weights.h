/* What each part of a match's score may come to: one table, which an installation may replace by
   one tuned on its own outcomes (match/tune.h). Pure. */
#ifndef LINLI_MATCH_WEIGHTS_H
#define LINLI_MATCH_WEIGHTS_H

#include "base/buf.h"
#include "base/err.h"

/* X(part, at most, name): set by hand, with what the thing is before all else; the flow tests and
   tests/dialogues hold with them. */
#define MATCH_PART_TABLE(X)                                                                        \
    X(ITEM, 0.40f, "item")             /* it is what is wanted */                                  \
    X(CATEGORY, 0.10f, "category")     /* of the same leaf, or a near one */                       \
    X(DISTANCE, 0.16f, "distance")     /* the nearest place that both lie in */                    \
    X(TIME, 0.07f, "time")             /* both said when, and it fits */                           \
    X(QUANTITY, 0.06f, "quantity")     /* how much of what is asked for there is */                \
    X(PARTY, 0.08f, "party")           /* who is best placed: skill before neighbours */           \
    X(WAITING, 0.04f, "waiting")       /* full after a day */                                      \
    X(VULNERABLE, 0.04f, "vulnerable") /* for somebody who needs it more */                        \
    X(LOAD, 0.03f, "load")             /* has not helped much this month */                        \
    X(OUTCOMES, 0.02f, "outcomes")     /* has kept their word, and answers when asked */
enum match_part {
#define X(name, most, code) MATCH_PART_##name,
    MATCH_PART_TABLE(X)
#undef X
        MATCH_PART_N
};
#define MATCH_OUTCOMES_NEW 0.8f /* the share of outcomes of whom nothing is known yet */
const char *match_part_code(enum match_part p);
bool match_part_parse(struct str code, enum match_part *p_r);

struct match_weights {
    float most[MATCH_PART_N]; /* each 0…1, together 1 */
};
extern const struct match_weights match_weights_default;

/* `item=0.40 category=0.10 …`: each part once at most, 0…1, together 1 (half a hundredth is
   forgiven, and evened out); one that is not there counts for nothing, so that what was tuned
   before there was such a part stays as it is. Says what is wrong and how to mend it. */
enum err match_weights_parse(struct str text, struct match_weights *w_r,
                             struct errbuf *eb) MUST_USE;
void match_weights_print(const struct match_weights *w, struct buf *out);

#endif

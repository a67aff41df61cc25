/* Inside of the core: what an answer to a post of ours says. */
#ifndef LINLI_CORE_ANSWER_PRIV_H
#define LINLI_CORE_ANSWER_PRIV_H

#include "sustain_priv.h"

enum says { SAYS_NOTHING, SAYS_YES, SAYS_NO };
struct answer {
    const char *word;
    enum says fits;   /* to a proposal, or a renewal */
    bool firm;        /* also after somebody has agreed: 不用了 then ends more than the match */
    enum says solved; /* to the question for the outcome */
    enum satisfaction satisfaction;
};

/* The whole message, a few words, digits or emoji; NULL: it is something else. */
const struct answer *answer_of(const char *text);
/* The same of what stands before its first pause, where nothing behind takes it back: 可以，谢谢.
 */
const struct answer *answer_first(const char *text);
/* In words of their own, of who is asked whether they would help with that request. */
enum says answer_freely(const struct core *c, const struct said *s, const struct post *request);

#endif

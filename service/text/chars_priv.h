/* A normalised text as characters, decoded once for all who read it that way. */
#ifndef LINLI_TEXT_CHARS_PRIV_H
#define LINLI_TEXT_CHARS_PRIV_H

#include "normal_priv.h"
#include "text/lexicon.h"

enum {
    CHARS_QUESTION = 1,
    CHARS_EXCLAMATION = 2,
    CHARS_LINES = 4,
    CHARS_HASH = 8,
    CHARS_BRACKET = 16,
    CHARS_LINK = 32
};

/* Character i stands at byte at[i] of the normalised text; both arrays have a place more than the
   limit given to chars_take. */
struct chars {
    uint32_t *cps;
    uint16_t *at;
    size_t n;
    unsigned marks; /* set of CHARS_x: what occurs */
};

/* Fills c with at most `limit` characters of the normalised text s, without the stop at its end
   and without the words of hashtags. */
void chars_take(struct chars *c, struct str s, size_t limit);

static inline struct lexicon_text chars_text(const struct chars *c)
{
    return (struct lexicon_text){c->cps, c->at, c->n};
}

#endif

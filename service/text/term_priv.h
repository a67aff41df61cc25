/* A text cut into terms: words of letters and digits by their stems, Han characters one by one. */
#ifndef LINLI_TEXT_TERM_PRIV_H
#define LINLI_TEXT_TERM_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct term {
    uint32_t key;
    uint32_t root; /* of the first letters of a longer word, which its derivations share: donor,
                      donation; 0: a short word, a number, or Han */
    bool han;
};
/* Of a normalised text; without links and telephone numbers, which are nothing in common. At most
   `max`; returns how many. */
size_t term_cut(struct str normal, struct term *out, size_t max);

/* The English stem, in place; returns its length. Light, after D. Harman, "How effective is
   suffixing?" (1991) and steps 1a and 1b of M. Porter (1980): plural, -ing, -ed, a silent e. */
size_t term_stem(char *word, size_t n);

#endif

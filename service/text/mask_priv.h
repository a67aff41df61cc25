/* What a mask covers beside the contacts and rooms that a reading finds. */
#ifndef LINLI_TEXT_MASK_PRIV_H
#define LINLI_TEXT_MASK_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct door {
    size_t from, to; /* bytes of the normalised text */
};
/* The next number at or behind *at that may be a door's, or is too long to be shown; *at is moved
   past it. False: none left. */
bool door_next(struct str normal, size_t *at, struct door *out);

#endif

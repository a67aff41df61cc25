/* Places in normalised text: building, entrance, floor, room, and the estate named before them. */
#ifndef LINLI_TEXT_PLACE_PRIV_H
#define LINLI_TEXT_PLACE_PRIV_H

#include <stddef.h>

#include "model/slots.h"

struct place_match {
    struct slot_place place; /* without span */
    size_t from, to;
    size_t room_from, room_to; /* equal: no room */
    int parts;                 /* how many of estate, building, entrance, floor, room are said */
};
/* The first place at or behind *at, which is moved past it. False: none left. */
bool place_next(struct str normal, size_t *at, struct place_match *out);

#endif

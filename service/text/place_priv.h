/* Places in normalised text: building, entrance, floor, room, and the estate named before them. */
#ifndef LINLI_TEXT_PLACE_PRIV_H
#define LINLI_TEXT_PLACE_PRIV_H

#include <stddef.h>

#include "model/slots.h"

struct place_match {
    struct slot_place place; /* without span */
    size_t from, to;
    size_t room_from, room_to; /* equal: no room */
    int parts; /* how many of estate, building, entrance, floor, room are said; 0: a relation */
};
/* The first place at or behind *at, which is moved past it. False: none left. */
bool place_next(struct str normal, const unsigned char *starts, size_t *at,
                struct place_match *out);

/* The room is this number, s[from, to) as written; one of three figures or more tells its floor. */
void place_set_room(struct place_match *m, struct str s, size_t from, size_t to, long v);

/* --- place_latin.c: building 3, unit 2, 15th floor, room 1502. */
bool place_latin_at(struct str s, size_t *at, struct place_match *m);

/* --- place_near.c: 楼上, 隔壁楼; and the names of estates. */
bool place_near_at(struct str s, size_t *at, struct place_match *m);
/* The name that stands right before the place; nothing before `floor` is looked at. */
void place_take_estate(struct str s, size_t floor, struct place_match *m);
/* A name alone, whose last word (小区) begins at *at. */
bool place_estate_at(struct str s, size_t *at, size_t floor, struct place_match *m);

#endif

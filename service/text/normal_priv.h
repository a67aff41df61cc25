/* The normaliser's inside: a normalised text with the way back to the message's own bytes. */
#ifndef LINLI_TEXT_NORMAL_PRIV_H
#define LINLI_TEXT_NORMAL_PRIV_H

#include <stdbool.h>

#include "text/normal.h"

/* Byte i of p came from the bytes [from[i], to[i]) of the message; from and to may be NULL. */
struct normal {
    char *p;
    uint16_t *from, *to;
    size_t n, size;
};

/* Fill n->p with the normal form of the first TEXT_MAX_BYTES of text. */
void normal_run(struct normal *n, struct str text);

/* Next code point of text at *at, which is moved on; broken bytes give 0 and are passed one by
   one. Not to be called at the end. */
uint32_t normal_next(struct str text, size_t *at);
size_t normal_put_utf8(char out[4], uint32_t cp);

/* --- normal_mark.c: pictures. The marks are what a picture becomes; they map to themselves. */
enum {
    MARK_LAUGH = 0x263A,
    MARK_SAD = 0x2639,
    MARK_PRAY = 0x1F64F,
    MARK_LOVE = 0x2665,
    MARK_GOOD = 0x1F44D,
    MARK_ALARM = 0x26A0,
    MARK_MEDIA = 0x25A3,
    MARK_OTHER = 0x2606
};
uint32_t mark_of_emoji(uint32_t cp);       /* 0: not a picture; ' ' never */
uint32_t mark_of_sticker(struct str name); /* normalised, without brackets; 0: unknown */
bool mark_is(uint32_t cp);

#endif

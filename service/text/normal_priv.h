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

/* text_next, its common case inline. */
uint32_t normal_next_rare(struct str text, size_t *at);
static inline uint32_t normal_next(struct str text, size_t *at)
{
    const unsigned char *p = (const unsigned char *)text.p + *at;

    if (*p < 0x80) {
        ++*at;
        return *p;
    }
    if (*p >= 0xE1 && *p <= 0xEC && *at + 3 <= text.n) { /* most Chinese text */
        uint32_t second = p[1] ^ 0x80u, third = p[2] ^ 0x80u;

        if ((second | third) < 0x40) {
            *at += 3;
            return (*p & 0xFu) << 12 | second << 6 | third;
        }
    }
    return normal_next_rare(text, at);
}
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

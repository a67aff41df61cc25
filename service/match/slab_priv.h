/* Items of one size, numbered from 0, that never move. They lie in pieces of the size of a huge
   page each, so that a read here and there waits for a line of memory, and not before it for the
   tables of where that line is. */
#ifndef LINLI_MATCH_SLAB_H
#define LINLI_MATCH_SLAB_H

#include <stddef.h>
#include <stdint.h>

struct slab {
    size_t item_bytes; /* a power of two, from 8 to 4096: so far they are aligned, or to a line */
    int bits;          /* items of a piece */
    uint32_t n;
    char **pieces;
};
void slab_init(struct slab *s, size_t item_bytes);
void slab_deinit(struct slab *s);
/* n more, zeroed, that lie next to each other: the number of the first. Some before them may be
   passed over. */
uint32_t slab_add(struct slab *s, uint32_t n);

static inline void *slab_at(const struct slab *s, uint32_t i)
{
    return s->pieces[i >> s->bits] + (i & ((UINT32_C(1) << s->bits) - 1)) * s->item_bytes;
}

#endif

/* Items of one size, numbered from 0, that never move. The first lie in small pieces; where there
   are many, in pieces of the size of a huge page each, so that a read here and there waits for a
   line of memory, and not before it for the tables of where that line is. */
#ifndef LINLI_MATCH_SLAB_H
#define LINLI_MATCH_SLAB_H

#include <stddef.h>
#include <stdint.h>

#define SLAB_SMALL_BITS 6 /* items of a small piece */

struct slab {
    size_t item_bytes; /* a power of two, from 8 to 4096: so far they are aligned, or to a line */
    int large_bits;    /* items of a large piece */
    uint32_t n;
    char **small, **large; /* large[0] is not used: those are the small ones */
};
void slab_init(struct slab *s, size_t item_bytes);
void slab_deinit(struct slab *s);
uint32_t slab_add(struct slab *s); /* one more, zeroed: its number */

static inline void *slab_at(const struct slab *s, uint32_t i)
{
    if (i >> s->large_bits)
        return s->large[i >> s->large_bits] +
               (i & ((UINT32_C(1) << s->large_bits) - 1)) * s->item_bytes;
    return s->small[i >> SLAB_SMALL_BITS] + (i & ((1u << SLAB_SMALL_BITS) - 1)) * s->item_bytes;
}

#endif

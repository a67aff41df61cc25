#include "slab_priv.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"

#define LINE 64
#define HUGE_BITS 21
#define HUGE ((size_t)1 << HUGE_BITS)

void slab_init(struct slab *s, size_t item_bytes)
{
    *s = (struct slab){.item_bytes = item_bytes,
                       .large_bits = HUGE_BITS - __builtin_ctzll(item_bytes)};
}

void slab_deinit(struct slab *s)
{
    for (uint32_t i = 1; s->n && i <= (s->n - 1) >> s->large_bits; i++)
        munmap(s->large[i], HUGE);
    for (uint32_t i = 0; i < s->n && !(i >> s->large_bits); i += 1u << SLAB_SMALL_BITS)
        free(s->small[i >> SLAB_SMALL_BITS]);
    free(s->large);
    free(s->small);
    slab_init(s, s->item_bytes);
}

/* The heap would leave as much again between them, for being aligned. */
static char *huge_new(void)
{
    char *all = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED)
        abort();
    size_t before = (HUGE - (uintptr_t)all % HUGE) % HUGE;
    if (before)
        munmap(all, before);
    munmap(all + before + HUGE, HUGE - before);
    madvise(all + before, HUGE, MADV_HUGEPAGE); /* a wish: without it, it is but slower */
    return all + before;
}

static char *small_new(size_t bytes)
{
    char *piece = aligned_alloc(LINE, bytes);
    if (!piece)
        abort();
    return piece;
}

uint32_t slab_add(struct slab *s)
{
    uint32_t i = s->n, large = i >> s->large_bits, small = i >> SLAB_SMALL_BITS;
    if (large && i == large << s->large_bits) {
        s->large = mem_grow(s->large, (size_t)large + 1, sizeof(char *));
        s->large[large] = huge_new();
    } else if (!large && i == small << SLAB_SMALL_BITS) {
        s->small = mem_grow(s->small, (size_t)small + 1, sizeof(char *));
        s->small[small] = small_new(s->item_bytes << SLAB_SMALL_BITS);
    }
    s->n++;
    memset(slab_at(s, i), 0, s->item_bytes);
    return i;
}

#include "slab_priv.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/mem.h"

#define HUGE_BITS 21
#define HUGE ((size_t)1 << HUGE_BITS)
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 /* Linux 6.1 */
#endif

void slab_init(struct slab *s, size_t item_bytes)
{
    *s = (struct slab){.item_bytes = item_bytes, .bits = HUGE_BITS - __builtin_ctzll(item_bytes)};
}

static uint32_t pieces_of(const struct slab *s)
{
    return s->n ? ((s->n - 1) >> s->bits) + 1 : 0;
}

void slab_deinit(struct slab *s)
{
    for (uint32_t i = 0; i < pieces_of(s); i++)
        munmap(s->pieces[i], HUGE);
    free(s->pieces);
    slab_init(s, s->item_bytes);
}

/* The heap would leave as much again between them, for being aligned. */
static char *piece_new(void)
{
    char *all = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED)
        abort();
    size_t before = (HUGE - (uintptr_t)all % HUGE) % HUGE;
    if (before)
        munmap(all, before);
    munmap(all + before + HUGE, HUGE - before);
    return all + before;
}

/* The first piece becomes a huge page when it is full: few items take no more than they need.
   It is a wish: without it, all is but slower. */
static void add_piece(struct slab *s, uint32_t i)
{
    s->pieces = mem_grow(s->pieces, (size_t)i + 1, sizeof(char *));
    s->pieces[i] = piece_new();
    if (i)
        madvise(s->pieces[i], HUGE, MADV_HUGEPAGE);
    if (i == 1) {
        madvise(s->pieces[0], HUGE, MADV_HUGEPAGE);
        madvise(s->pieces[0], HUGE, MADV_COLLAPSE);
    }
}

uint32_t slab_add(struct slab *s, uint32_t n)
{
    uint32_t pieces = pieces_of(s), room = (pieces << s->bits) - s->n;
    if (n > room) {
        s->n += room;
        add_piece(s, pieces);
    }
    s->n += n;
    return s->n - n;
}

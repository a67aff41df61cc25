#include "blocks_priv.h"

void blocks_init(struct blocks *b)
{
    *b = (struct blocks){.unused = {NULL}};
    slab_init(&b->units, BLOCK_UNIT);
}

void blocks_deinit(struct blocks *b)
{
    slab_deinit(&b->units);
    blocks_init(b);
}

/* 0: of one unit. */
static size_t size_of(size_t bytes)
{
    return bytes ? (bytes - 1) / BLOCK_UNIT : 0;
}

void *block_take(struct blocks *b, size_t bytes)
{
    size_t size = size_of(bytes);
    struct block *first = b->unused[size];
    if (!first)
        return slab_at(&b->units, slab_add(&b->units, (uint32_t)size + 1));
    b->unused[size] = first->next;
    return first;
}

void block_leave(struct blocks *b, void *block, size_t bytes)
{
    struct block *first = block;
    first->next = b->unused[size_of(bytes)];
    b->unused[size_of(bytes)] = first;
}

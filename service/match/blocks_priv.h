/* Small pieces of memory of many sizes, in a slab: what lies in the heap lies in small pages, each
   of which may have to be waited for. What is given back is kept for others of its size. */
#ifndef LINLI_MATCH_BLOCKS_H
#define LINLI_MATCH_BLOCKS_H

#include "slab_priv.h"

#define BLOCK_UNIT 16
#define BLOCK_BYTES_MOST 1024

struct blocks {
    struct slab units;
    struct block {
        struct block *next;
    } * unused[BLOCK_BYTES_MOST / BLOCK_UNIT];
};
void blocks_init(struct blocks *b);
void blocks_deinit(struct blocks *b);
void *block_take(struct blocks *b, size_t bytes); /* not zeroed; never NULL */
void block_leave(struct blocks *b, void *block, size_t bytes);

#endif

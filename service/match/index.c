#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "match/match.h"

struct bucket { /* the open things of a community, category and side */
    UT_hash_handle hh;
    struct bucket_key {
        char community[ID_SIZE];
        int category, side;
    } key;
    void **things;
    int n, cap;
};

struct place_of { /* where a thing stands in its bucket */
    UT_hash_handle hh;
    void *thing;
    struct bucket *bucket;
    int at;
};

struct match_index {
    struct bucket *buckets;
    struct place_of *places;
};

struct match_index *match_index_new(void)
{
    return NEW(struct match_index);
}

void match_index_free(struct match_index **x)
{
    if (!*x)
        return;
    struct bucket *b, *next;
    HASH_ITER(hh, (*x)->buckets, b, next)
    {
        HASH_DEL((*x)->buckets, b);
        free(b->things);
        free(b);
    }
    struct place_of *p, *next_place;
    HASH_ITER(hh, (*x)->places, p, next_place)
    {
        HASH_DEL((*x)->places, p);
        free(p);
    }
    free(*x);
    *x = NULL;
}

static struct bucket *find(const struct match_index *x, const char *community, int category,
                           int side)
{
    struct bucket_key key = {.category = category, .side = side};
    struct bucket *b;
    str_copy(key.community, sizeof key.community, str_of(community));
    /* str_copy leaves the rest as it was, and that is zero here: the whole struct is the key. */
    HASH_FIND(hh, x->buckets, &key, sizeof key, b);
    return b;
}

static struct bucket *bucket_new(struct match_index *x, const char *community, int category,
                                 int side)
{
    struct bucket *b = NEW(struct bucket);
    str_copy(b->key.community, sizeof b->key.community, str_of(community));
    b->key.category = category;
    b->key.side = side;
    HASH_ADD(hh, x->buckets, key, sizeof b->key, b);
    return b;
}

void match_index_put(struct match_index *x, const char *community, enum category category,
                     enum side side, void *thing)
{
    struct bucket *b = find(x, community, category, side);
    struct place_of *p;
    HASH_FIND_PTR(x->places, &thing, p);
    if (p)
        return;
    if (!b)
        b = bucket_new(x, community, category, side);
    if (b->n == b->cap) {
        b->cap = b->cap ? b->cap * 2 : 8;
        b->things = mem_grow(b->things, (size_t)b->cap, sizeof *b->things);
    }
    p = NEW(struct place_of);
    *p = (struct place_of){.thing = thing, .bucket = b, .at = b->n};
    b->things[b->n++] = thing;
    HASH_ADD_PTR(x->places, thing, p);
}

/* The last one takes the empty place: constant time, and no order is promised. */
void match_index_drop(struct match_index *x, const char *community, enum category category,
                      enum side side, void *thing)
{
    struct place_of *p, *last;
    (void)community, (void)category, (void)side;
    HASH_FIND_PTR(x->places, &thing, p);
    if (!p)
        return;
    struct bucket *b = p->bucket;
    void *moved = b->things[--b->n];
    if (moved != thing) {
        HASH_FIND_PTR(x->places, &moved, last);
        b->things[p->at] = moved;
        last->at = p->at;
    }
    HASH_DEL(x->places, p);
    free(p);
}

void match_index_each(const struct match_index *x, const char *community, unsigned categories,
                      enum side side, void (*fn)(void *arg, void *thing), void *arg)
{
    for (int c = 0; c < CATEGORY_N; c++) {
        const struct bucket *b = categories & 1u << c ? find(x, community, c, side) : NULL;
        for (int i = 0; b && i < b->n; i++)
            fn(arg, b->things[i]);
    }
}

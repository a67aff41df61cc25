/* Inside of the index: what stands in it, and in which posting lists. */
#ifndef LINLI_MATCH_INDEX_PRIV_H
#define LINLI_MATCH_INDEX_PRIV_H

#include "blocks_priv.h"
#include "match_priv.h"
#include "postings_priv.h"
#include "things_priv.h"

/* Lists of who names a thing are kept for a building, an estate and the whole community; ALL holds
   what the others hold, too. */
enum level { LEVEL_BUILDING, LEVEL_ESTATE, LEVEL_ALL, LEVEL_N };

/* Two lines of memory. */
struct entry {
    _Alignas(64) struct outline is;
    void *thing;
    const char *id;
    uint64_t content;         /* of all that its lists follow from */
    struct thing **things;    /* n_things different ones, and behind them n_grams different grams */
    uint32_t community, seen; /* seen: the last search that has come to it */
    float most;               /* its score at most, as far as that search knows */
    uint16_t shared;          /* grams that it shares */
    uint8_t side, n_things, n_grams, n_chars;
};

struct match_index {
    struct match_likeness like;
    struct slab entries; /* by seat; the first ones are nobody's */
    struct slab orders;  /* of each seat a uint64_t, apart from the rest: lists are kept by them */
    struct blocks words; /* of each entry its things and grams */
    uint32_t free;       /* entries without a thing hang together by `seen` */
    uint32_t search;
    int count;
    struct postings postings;
    struct things things;
    struct match_spent spent;
    /* of the present search */
    struct spot *spots;
    struct reach *reaches;
    uint32_t *touched;
    int n_spots, cap_spots, n_reaches, cap_reaches, n_touched, cap_touched;
};

static inline struct entry *entry_at(const struct match_index *x, uint32_t seat)
{
    return slab_at(&x->entries, seat);
}

/* The category, whether it is plain, and the id as far as it fits. */
#define ORDER_CATEGORY_AT 59
#define ORDER_PLAIN (UINT64_C(1) << 58) /* what is out of the common comes first */
static inline uint64_t *order_at(const struct match_index *x, uint32_t seat)
{
    return slab_at(&x->orders, seat);
}

/* All that a search reads of it is going to be read: let it come from memory. */
static inline void entry_expect(const struct match_index *x, uint32_t seat)
{
    const char *e = slab_at(&x->entries, seat);
    __builtin_prefetch(e);
    __builtin_prefetch(e + 64);
    __builtin_prefetch(order_at(x, seat));
}

static inline const uint16_t *grams_of(const struct entry *e)
{
    return (const uint16_t *)(e->things + e->n_things);
}

int id_order(const struct match_index *x, uint32_t a, uint32_t b); /* by id alone */

uint32_t community_hash(const char *community);
/* Numbers of lists; two may fall together: then the list holds what is of no use, besides. */
uint32_t list_of_thing(uint32_t community, enum side side, const struct thing *thing,
                       enum level level, uint32_t place);
uint32_t list_of_gram(uint32_t community, enum side side, bool named, uint16_t gram);
/* A seat that is nobody's, where those of a category begin in a list of a gram. */
static inline uint32_t seat_of_category(enum category category)
{
    return (uint32_t)category + 1;
}

static inline enum category category_of_seat(uint32_t seat)
{
    return (enum category)(seat - 1);
}
/* The place whose list of that level a side stands in; 0: in none. */
uint32_t level_place(const struct outline *o, enum level level);

#endif

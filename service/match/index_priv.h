/* Inside of the index: what stands in it, and in which posting lists. */
#ifndef LINLI_MATCH_INDEX_PRIV_H
#define LINLI_MATCH_INDEX_PRIV_H

#include "match_priv.h"
#include "postings_priv.h"
#include "things_priv.h"

#define PAGE_ENTRIES 256

/* Lists of who names a thing are kept for a building, an estate and the whole community; ALL holds
   what the others hold, too. */
enum level { LEVEL_BUILDING, LEVEL_ESTATE, LEVEL_ALL, LEVEL_N };

struct entry {
    struct outline is;
    void *thing;
    const char *id;
    uint64_t order;           /* what is out of the common first, then by id, as far as it fits */
    uint64_t content;         /* of all that its lists follow from */
    struct thing **things;    /* n_things different ones, and behind them n_grams different grams */
    uint32_t community, seen; /* seen: the last search that has come to it */
    float most;               /* its score at most, as far as that search knows */
    uint16_t shared;          /* grams that it shares */
    uint8_t side, n_things, n_grams, n_chars;
};

struct match_index {
    struct match_likeness like;
    struct entry **pages; /* entry i is pages[i / PAGE_ENTRIES][i % PAGE_ENTRIES]; 0 is nobody's */
    uint32_t n_entries;   /* ever made; those free hang together by `seen` from: */
    uint32_t free, search;
    int count;
    struct postings postings;
    struct things things;
    /* of the present search */
    struct spot *spots;
    struct reach *reaches;
    uint32_t *touched;
    int n_spots, cap_spots, n_reaches, cap_reaches, n_touched, cap_touched;
};

static inline struct entry *entry_at(const struct match_index *x, uint32_t seat)
{
    return &x->pages[seat / PAGE_ENTRIES][seat % PAGE_ENTRIES];
}

static inline const uint16_t *grams_of(const struct entry *e)
{
    return (const uint16_t *)(e->things + e->n_things);
}

/* The bit of `order` by which those who are plain come last. */
#define ORDER_PLAIN (UINT64_C(1) << 63)
int id_order(const struct match_index *x, uint32_t a, uint32_t b); /* by id alone */

uint32_t community_hash(const char *community);
/* Numbers of lists; two may fall together: then the list holds what is of no use, besides. */
uint32_t list_of_thing(uint32_t community, enum side side, const struct thing *thing,
                       enum level level, uint32_t place);
uint32_t list_of_gram(uint32_t community, enum side side, bool named, uint16_t gram);
/* Where those of a category begin in a list of a gram. */
struct postings_at category_in(struct match_index *x, uint32_t list, enum category category);
/* The place whose list of that level a side stands in; 0: in none. */
uint32_t level_place(const struct outline *o, enum level level);

#endif

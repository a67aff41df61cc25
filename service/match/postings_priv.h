/* Posting lists: which members stand in which lists, in one B+-tree (R. Bayer, E. McCreight, 1972;
   D. Comer, 1979) over (list, order of the member). Thousands of short lists cost no more than
   their entries, 8 bytes each; long ones are as cheap to change. A full page gives to its neighbour
   before it is split (B*-tree, D. Knuth, 1973), so that pages are about four fifths full. */
#ifndef LINLI_MATCH_POSTINGS_H
#define LINLI_MATCH_POSTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "match/match.h"
#include "slab_priv.h"

/* Of two members in that list, as of qsort; they are equal only if they are one. */
typedef int postings_order_fn(const void *arg, uint32_t list, uint32_t a, uint32_t b);

/* The order of that member is going to be asked for: let it come from memory. */
typedef void postings_near_fn(const void *arg, uint32_t member);

struct postings_page;
struct postings {
    struct slab pages;
    struct postings_page *root, *unused;
    postings_order_fn *order;
    postings_near_fn *near;
    const void *arg;
    struct match_spent *spent; /* what it takes is added there */
};
void postings_init(struct postings *p, postings_order_fn *order, postings_near_fn *near,
                   const void *arg, struct match_spent *spent);
void postings_deinit(struct postings *p);
/* Where lists begin (member 0), or where a member stands in them or would. All go down the tree
   together, step by step, so that the waits for memory overlap. Until the next change. */
struct postings_key {
    uint32_t list, member;
};
struct postings_way {
    const struct postings_page *page;
    int low, high;
    bool asked;
};
void postings_find(const struct postings *p, const struct postings_key *keys, int n,
                   struct postings_way *ways);

/* `way` was found for the key before; meanwhile there may have been other changes. The order of a
   member may not change while it stands in a list. */
void postings_put(struct postings *p, struct postings_key key,
                  const struct postings_way *way); /* once */
void postings_drop(struct postings *p, struct postings_key key,
                   const struct postings_way *way); /* nothing if not there */

/* Where in a list; until the next change. */
struct postings_at {
    const struct postings_page *page;
    int i;
};
struct postings_at postings_at(const struct postings_way *way);
/* The member there, or 0 at the list's end; members are never 0. */
uint32_t postings_member(struct postings_at at, uint32_t list);
struct postings_at postings_next(struct postings_at at);

#endif

/* Posting lists: which members stand in which lists, in one B+-tree (R. Bayer, E. McCreight, 1972;
   D. Comer, 1979) over (list, order of the member). Thousands of short lists cost no more than
   their entries, 8 bytes each; long ones are as cheap to change. A full page gives to its neighbour
   before it is split (B*-tree, D. Knuth, 1973), so that pages are about four fifths full. */
#ifndef LINLI_MATCH_POSTINGS_H
#define LINLI_MATCH_POSTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of two members in that list, as of qsort; they are equal only if they are one. */
typedef int postings_order_fn(const void *arg, uint32_t list, uint32_t a, uint32_t b);

struct postings_page;
struct postings {
    struct postings_page *root;
    postings_order_fn *order;
    const void *arg;
};
void postings_deinit(struct postings *p);
/* The order of a member may not change while it stands in a list. */
void postings_put(struct postings *p, uint32_t list, uint32_t member);  /* once */
void postings_drop(struct postings *p, uint32_t list, uint32_t member); /* nothing if not there */

/* Lists are going to be looked at: let their pages come from memory meanwhile. All go down the tree
   together, so that the waits overlap. `pages` is room for n. */
void postings_expect(const struct postings *p, const uint32_t *lists, int n,
                     const struct postings_page **pages);

/* Where in a list; until the next change. */
struct postings_at {
    const struct postings_page *page;
    int i;
};
struct postings_at postings_first(const struct postings *p, uint32_t list);
/* The first that does not stand before `member`, which need not be there. */
struct postings_at postings_from(const struct postings *p, uint32_t list, uint32_t member);
/* The member there, or 0 at the list's end; members are never 0. */
uint32_t postings_member(struct postings_at at, uint32_t list);
struct postings_at postings_next(struct postings_at at);

#endif

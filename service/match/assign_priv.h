/* The instance: two sides of nodes, the pairs between them, a flow and its prices. */
#ifndef LINLI_MATCH_ASSIGN_PRIV_H
#define LINLI_MATCH_ASSIGN_PRIV_H

#include "base/table.h"
#include "match/assign.h"

/* What a unit over a pair is worth: the score and, far below it, what breaks ties, in one number.
   A shortest path passes through nodes in between with one pair more and one less, so that only its
   ends change by their labels, and 2 bits keep two ends from the rank above. Hashes add up along
   the path: 15 bits for 2^14 nodes a side. All in all 122 bits; no sum here goes over four of them.

       score 21 (of 2^-20; up to 2) | 2 | request's label 23 | 2 | offer's label 23 | 15 | hash 36
 */
typedef __int128 worth;
#define HASH_BITS 36
#define OFFER_AT 51
#define REQUEST_AT 76
#define SCORE_AT 101
#define SCORE_STEPS (1 << 20)
#define LABELS (1 << 23)

struct pair;
struct node;
/* A pair as its end's searches see it. */
struct arc {
    worth worth;
    struct node *to;
    struct pair *pair;
};

/* The first line of memory is all that a search reads of most nodes that it comes by. */
struct node {
    worth price;       /* the dual; never below 0; 0 where something is left, once solved */
    worth far;         /* from the source, by reduced costs; below 0: not seen */
    struct pair *over; /* by which it was reached */
    struct pair *held; /* the pairs with flow */
    int64_t left;      /* of cap */
    int heap;          /* its place in the heap, from 1; 0: not there */
    int pending;       /* its place in the list, from 1; 0: not there */
    struct arc *arcs;  /* the first n_sorted by worth, those of most first */
    int n_arcs, n_sorted, cap_arcs;
    int64_t cap;
    UT_hash_handle hh;
    void *thing;
    const char *id;
    uint64_t hash; /* of the id */
    enum side side;
    int label;     /* orders a side by id; 1…LABELS - 1 */
    uint64_t born; /* how often the instance had been solved before */
};

struct pair {
    struct node *end[2];            /* by side */
    struct pair *next[2], *prev[2]; /* of what that end holds */
    worth worth;
    int64_t flow;
    float score;
    bool kept;
};

struct nodes {
    struct node **v;
    int n, cap;
};

struct heap {
    struct reached {
        worth far;
        struct node *node;
    } * v;
    int n, cap;
};

struct assign {
    struct arena *arena; /* nodes and pairs; what is dropped is used again */
    struct node *things; /* by handle */
    struct node *last;   /* request that a pair was given of */
    struct nodes spare;
    struct pair *spare_pairs;
    struct nodes side[2]; /* by id */
    struct nodes pending; /* something is left of them at a price above 0 */
    struct nodes seen;
    struct heap heap;
    uint64_t solved;
    bool crowded; /* an id came between two whose labels are neighbours */
};

static inline enum side other_side(enum side s)
{
    return s == SIDE_REQUEST ? SIDE_OFFER : SIDE_REQUEST;
}
void pair_flow(struct pair *p, int64_t more);
void nodes_add(struct nodes *list, struct node *n);
/* Something may be left of it at a price: then its turn comes. */
void node_pend(struct assign *a, struct node *n);
void node_settle(struct assign *a, struct node *n); /* no longer pending */
/* Both return how many paths were searched. From zero: no pair has flow, whatever the prices. */
int solve_pending(struct assign *a);
int solve_from_zero(struct assign *a);
/* Until nothing is left of it or its price is 0; returns how many paths were searched. */
int augment_from(struct assign *a, struct node *source);

#endif

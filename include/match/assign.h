/* The optimal assignment of open requests to open offers: the greatest sum of score × quantity that
   capacities allow, exact on the pairs given. Pure; the instance is kept and solved again from
   where it was: a post more or less costs a few augmenting paths, not a solution from zero.

   Successive shortest augmenting paths with node prices on the sparse bipartite graph: Edmonds and
   Karp, "Theoretical Improvements in Algorithmic Efficiency for Network Flow Problems" (J. ACM
   1972); Ahuja, Magnanti and Orlin, "Network Flows" (1993), section 9.7. From zero, prices near
   those at the end make searches short: Jonker and Volgenant, "A Shortest Augmenting Path Algorithm
   for Dense and Sparse Linear Assignment Problems" (Computing 1987); and the side that has less
   goes first: Bourgeois and Lassalle, "An Extension of the Munkres Algorithm for the Assignment
   Problem to Rectangular Matrices" (CACM 1971). Prices that stay valid over changes: Mills-Tettey,
   Stentz and Dias, "The Dynamic Hungarian Algorithm for the Assignment Problem with Changing Costs"
   (CMU-RI-TR-07-27); Toroslu and Üçoluk, "Incremental Assignment Problem" (Information Sciences
   2007).

   The result is a function of the things and pairs alone, whatever the order in which they came and
   went. Of assignments with the same sum it is the one that gives the request with the lowest id
   the most, then the next, …; of these the one that takes the most from the offer with the lowest
   id, then the next, …; of these, a hash of both ids tells who gets whom. Ids are ordered as in the
   index: shorter ones first, then by bytes. One number a thing is enough for the first two rules,
   because what a side's things may get is an M♮-convex set, where the greedy choice is the
   lexicographic one (Murota, "Discrete Convex Analysis", 2003). The hash leaves a tie with a chance
   of about pairs / 2^36 (Mulmuley, Vazirani and Vazirani, "Matching is as Easy as Matrix
   Inversion", 1987).

   Scores count in steps of 2^-20, quantities in thousandths; both are whole numbers inside, so that
   no sum is rounded. Whole quantities are assigned in whole parts. */
#ifndef LINLI_MATCH_ASSIGN_H
#define LINLI_MATCH_ASSIGN_H

#include <math.h>

#include "model/object.h"

#define ASSIGN_ENDLESS INFINITY /* of an offer that is never used up */
/* A match that people have been told of is not given up for a gain of less than this a unit. */
#define ASSIGN_KEPT 0.1

struct assign;
struct assign *assign_new(void);
void assign_free(struct assign **a);

/* There is this much of it: what is wanted, or to be had, less what agreed matches hold (they are
   not up for choice). `thing` is the caller's handle, in at most once; put again, it has another
   quantity. `id` is borrowed as long as the thing is in; those of a side that could meet the same
   thing differ. Up to 16,000 things a side the rules above hold to the letter. After some 8,000 new
   things, or many in falling order of ids, one solution is from zero. */
void assign_put(struct assign *a, enum side side, void *thing, const char *id, double quantity);
void assign_drop(struct assign *a, void *thing); /* with its pairs; nothing if it is not there */
/* These two may come together; both are in. Given again, the pair has another score (0…1); with a
   score of 0 or less there is no such pair. `kept`: people have been told of this match; it stays
   unless another choice gains ASSIGN_KEPT, or its pair is taken back. */
void assign_pair(struct assign *a, void *request, void *offer, float score, bool kept);

/* After changes, before what follows. Returns how many shortest paths were searched. */
int assign_solve(struct assign *a);

struct assigned {
    void *request, *offer;
    double quantity;
    float score;
    /* The request's best candidate that scores more than this one and of which somebody else has
       something, and who of them scores most there; NULL: nobody stands before it. */
    void *passed, *passed_to;
    float passed_score;
};
/* Walk what is assigned, by the request's id, then the offer's. fn may not change the instance. */
void assign_each(const struct assign *a, void (*fn)(void *arg, const struct assigned *m),
                 void *arg);
double assign_quantity(const struct assign *a, const void *request, const void *offer);
/* The sum of score × quantity, with ASSIGN_KEPT added to a kept pair's score. */
double assign_total(const struct assign *a);
/* What one more of this thing would add at most. The prices prove the optimum: no pair scores more
   than its two, and capacities × prices are the total. Of several such sets of prices it is one;
   which one may depend on history, so decide nothing by it. */
double assign_price(const struct assign *a, const void *thing);

#endif

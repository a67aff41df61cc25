/* In which order is augmented, and the prices to begin with. */
#include "assign_priv.h"

/* --- who has to be looked at again --- */

void node_pend(struct assign *a, struct node *n)
{
    if (n->pending || !n->left || n->price <= 0)
        return;
    nodes_add(&a->pending, n);
    n->pending = a->pending.n;
}

void node_settle(struct assign *a, struct node *n)
{
    if (!n->pending)
        return;
    struct node *last = a->pending.v[--a->pending.n];
    a->pending.v[n->pending - 1] = last;
    last->pending = n->pending;
    n->pending = 0;
}

/* Who is last in it comes first, when all are augmented from: those of lower id have the better of
   a tie, so that they are not displaced again. */
static int by_turn(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;
    return x->side != y->side ? (int)x->side - (int)y->side : y->label - x->label;
}

static void take_turns(struct nodes *pending)
{
    if (pending->n > 1)
        qsort(pending->v, (size_t)pending->n, sizeof(struct node *), by_turn);
    for (int i = 0; i < pending->n; i++)
        pending->v[i]->pending = i + 1;
}

int solve_pending(struct assign *a)
{
    int paths = 0;
    take_turns(&a->pending);
    while (a->pending.n) {
        struct node *n = a->pending.v[a->pending.n - 1];
        node_settle(a, n);
        paths += augment_from(a, n);
    }
    return paths;
}

/* --- from zero: prices near those at the end, so that searches are short --- */

/* Nothing is, without pairs. */
static int64_t in_demand(const struct node *n)
{
    return n->n_arcs ? n->cap : 0;
}

/* By its best score, then its own label. */
static worth worth_at_best(const struct node *n)
{
    worth best = 0;
    for (const struct arc *p = n->arcs; p < n->arcs + n->n_arcs; p++)
        best = p->worth > best ? p->worth : best;
    return (best >> SCORE_AT << SCORE_AT) +
           ((worth)(LABELS - n->label) << (n->side == SIDE_REQUEST ? REQUEST_AT : OFFER_AT));
}

static int by_price(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;
    return (x->price < y->price) - (x->price > y->price);
}

/* Whom all prefer need not be found out by searching. As though those worth most at best were
   taken, up to what the other side can: the last of them has no price, those before it have what
   they are worth more. */
static void price_by_rank(struct assign *a, enum side side, __int128 taken)
{
    struct nodes *rank = &a->seen;
    int last = 0;
    rank->n = 0;
    for (int i = 0; i < a->side[side].n; i++) {
        struct node *n = a->side[side].v[i];
        node_settle(a, n);
        n->price = worth_at_best(n);
        nodes_add(rank, n);
    }
    if (rank->n > 1)
        qsort(rank->v, (size_t)rank->n, sizeof(struct node *), by_price);
    while (last + 1 < rank->n && taken > in_demand(rank->v[last]))
        taken -= in_demand(rank->v[last++]);
    for (int i = 0; i < rank->n; i++)
        rank->v[i]->price = i < last ? rank->v[i]->price - rank->v[last]->price : 0;
}

/* As low as the other side's prices allow. */
static void price_by_arcs(struct assign *a, struct node *n)
{
    n->price = 0;
    for (const struct arc *p = n->arcs; p < n->arcs + n->n_arcs; p++)
        if (n->price < p->worth - p->to->price)
            n->price = p->worth - p->to->price;
    node_pend(a, n);
}

/* The side that has less goes first: it finds room nearby, where the other one, which cannot all be
   taken, would drive prices up to what it is worth itself. Nothing is assigned yet. */
int solve_from_zero(struct assign *a)
{
    __int128 sum[2] = {0, 0};
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < a->side[s].n; i++)
            sum[s] += in_demand(a->side[s].v[i]);
    enum side less = sum[SIDE_REQUEST] < sum[SIDE_OFFER] ? SIDE_REQUEST : SIDE_OFFER;
    enum side more = other_side(less);
    price_by_rank(a, more, sum[less]);
    for (int i = 0; i < a->side[less].n; i++)
        price_by_arcs(a, a->side[less].v[i]);
    int paths = solve_pending(a);
    for (int i = 0; i < a->side[more].n; i++)
        node_pend(a, a->side[more].v[i]);
    return paths;
}

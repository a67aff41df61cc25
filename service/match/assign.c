/* Changes to an instance, and what has come of it. A change takes back the flow that it makes
   wrong and lifts prices where a pair is worth more than them; who then has something left at a
   price is pending, and solving (solve.c) is to augment from each. */
#include <assert.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/mem.h"

#include "assign_priv.h"
#include "match_priv.h"

#define PARTS 1000                   /* of a unit */
#define MOST (INT64_C(1) << 40)      /* of a quantity, in parts */
#define UNBOUNDED (INT64_C(1) << 60) /* more than all that 16,000 requests may want */
#define LINE 64
#define LABEL_STEP 512 /* behind the last one: ids grow */

struct assign *assign_new(void)
{
    struct assign *a = NEW(struct assign);
    a->arena = arena_new();
    return a;
}

void assign_free(struct assign **a)
{
    if (!*a)
        return;
    struct nodes *lists[] = {&(*a)->side[0], &(*a)->side[1], &(*a)->pending, &(*a)->seen,
                             &(*a)->spare};
    for (struct node *n = (*a)->things; n; n = n->hh.next)
        free(n->arcs);
    for (int i = 0; i < (*a)->spare.n; i++)
        free((*a)->spare.v[i]->arcs);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        free(lists[i]->v);
    free((*a)->heap.v);
    HASH_CLEAR(hh, (*a)->things);
    arena_free(&(*a)->arena);
    free(*a);
    *a = NULL;
}

void nodes_add(struct nodes *list, struct node *n)
{
    if (list->n == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 16;
        list->v = mem_grow(list->v, (size_t)list->cap, sizeof(struct node *));
    }
    list->v[list->n++] = n;
}

static struct node *find(const struct assign *a, const void *thing)
{
    struct node *n = a->last; /* a request's pairs come one after the other */
    if (!n || n->thing != thing)
        HASH_FIND_PTR(a->things, &thing, n);
    return n;
}

/* --- flow and prices --- */

void pair_flow(struct pair *p, int64_t more)
{
    bool had = p->flow;
    p->flow += more;
    for (int s = 0; s < 2 && had != (p->flow > 0); s++) {
        if (had)
            DL_DELETE2(p->end[s]->held, p, prev[s], next[s]);
        else
            DL_PREPEND2(p->end[s]->held, p, prev[s], next[s]);
    }
}

static void take_back(struct assign *a, struct pair *p, int64_t flow)
{
    if (!flow)
        return;
    pair_flow(p, -flow);
    for (int s = 0; s < 2; s++) {
        p->end[s]->left += flow;
        node_pend(a, p->end[s]);
    }
}

/* The pair may not be worth more than its ends' prices. An end without flow is lifted, because the
   pairs with flow have to stay worth just as much as theirs; of two the one that has come since the
   last solution, so that it alone is pending. */
static void lift(struct assign *a, struct pair *p)
{
    const struct node *r = p->end[SIDE_REQUEST], *o = p->end[SIDE_OFFER];
    struct node *n = p->end[!o->held && (r->held || r->born < o->born)];
    worth lacks = p->worth - r->price - o->price;
    if (lacks <= 0)
        return;
    while (n->held)
        take_back(a, n->held, n->held->flow);
    n->price += lacks;
    node_pend(a, n);
}

/* --- labels: numbers in the order of ids --- */

/* The first place whose id is not smaller. */
static int place_for(const struct nodes *list, const char *id)
{
    int low = 0, high = list->n;
    if (high && match_ids(list->v[high - 1]->id, id) < 0)
        return high;
    while (low < high) {
        int mid = (low + high) / 2;
        if (match_ids(list->v[mid]->id, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void insert(struct assign *a, struct node *n)
{
    struct nodes *list = &a->side[n->side];
    int at = place_for(list, n->id);
    int before = at ? list->v[at - 1]->label : 0;
    int behind = at < list->n ? list->v[at]->label : before + 2 * LABEL_STEP;
    if (at == list->n && behind > LABELS)
        behind = LABELS;
    n->label = before + (behind - before) / 2;
    if (n->label == before)
        a->crowded = true;
    nodes_add(list, n);
    memmove(list->v + at + 1, list->v + at, (size_t)(list->n - 1 - at) * sizeof *list->v);
    list->v[at] = n;
}

static worth worth_of(const struct pair *p)
{
    const struct node *r = p->end[SIDE_REQUEST], *o = p->end[SIDE_OFFER];
    int64_t steps = llround((p->score + (p->kept ? ASSIGN_KEPT : 0)) * SCORE_STEPS);
    uint64_t hash = hash64(&r->hash, sizeof r->hash, o->hash);
    return ((worth)steps << SCORE_AT) + ((worth)(LABELS - r->label) << REQUEST_AT) +
           ((worth)(LABELS - o->label) << OFFER_AT) + (worth)(hash >> (64 - HASH_BITS));
}

/* --- arcs --- */

static void arc_add(struct node *n, struct node *to, struct pair *p)
{
    if (n->n_arcs == n->cap_arcs) {
        n->cap_arcs = n->cap_arcs ? n->cap_arcs * 4 : 8;
        n->arcs = mem_grow(n->arcs, (size_t)n->cap_arcs, sizeof *n->arcs);
    }
    n->arcs[n->n_arcs++] = (struct arc){p->worth, to, p};
}

static void arc_drop(struct node *n, const struct pair *p)
{
    int at = 0;
    while (n->arcs[at].pair != p)
        at++;
    n->n_sorted -= at < n->n_sorted;
    memmove(n->arcs + at, n->arcs + at + 1, (size_t)(--n->n_arcs - at) * sizeof *n->arcs);
}

static void rate_again(struct node *n)
{
    for (int i = 0; i < n->n_arcs; i++)
        n->arcs[i].worth = n->arcs[i].pair->worth = worth_of(n->arcs[i].pair);
    n->n_sorted = 0;
}

/* Even labels in the lower half, so that new ids find room; then all is solved from zero. */
static void relabel(struct assign *a)
{
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < a->side[s].n; i++) {
            struct node *n = a->side[s].v[i];
            n->label = (int)((int64_t)LABELS / 2 * (i + 1) / (a->side[s].n + 1));
            while (n->held)
                take_back(a, n->held, n->held->flow);
        }
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < a->side[s].n; i++)
            rate_again(a->side[s].v[i]);
    a->crowded = false;
}

/* --- changes --- */

static int64_t parts_of(double quantity)
{
    if (quantity * PARTS >= (double)MOST)
        return isinf(quantity) ? UNBOUNDED : MOST;
    return quantity > 0 ? llround(quantity * PARTS) : 0;
}

/* At the beginning of a line of memory. */
static struct node *node_space(struct assign *a)
{
    char *at = arena_alloc_in(a->arena, sizeof(struct node) + LINE);
    return (struct node *)(at + (LINE - (uintptr_t)at % LINE) % LINE);
}

static struct node *node_new(struct assign *a, enum side side, void *thing, const char *id)
{
    struct node *n = a->spare.n ? a->spare.v[--a->spare.n] : node_space(a);
    *n = (struct node){.far = -1,
                       .arcs = n->arcs,
                       .cap_arcs = n->cap_arcs,
                       .thing = thing,
                       .id = id,
                       .hash = hash64(id, strlen(id), 0),
                       .side = side,
                       .born = a->solved};
    HASH_ADD_PTR(a->things, thing, n);
    insert(a, n);
    return n;
}

void assign_put(struct assign *a, enum side side, void *thing, const char *id, double quantity)
{
    struct node *n = find(a, thing);
    if (!n)
        n = node_new(a, side, thing, id);
    int64_t cap = parts_of(quantity);
    n->left += cap - n->cap;
    n->cap = cap;
    while (n->left < 0)
        take_back(a, n->held, n->held->flow < -n->left ? n->held->flow : -n->left);
    node_pend(a, n);
}

static struct pair *pair_of(const struct node *r, const struct node *o)
{
    for (int i = 0; r && i < r->n_arcs; i++)
        if (r->arcs[i].to == o)
            return r->arcs[i].pair;
    return NULL;
}

static void set_worth(struct assign *a, struct pair *p, worth w)
{
    if (p->worth == w)
        return;
    take_back(a, p, p->flow);
    for (int s = 0; s < 2 && p->worth; s++)
        arc_drop(p->end[s], p);
    p->worth = w;
    for (int s = 0; s < 2; s++)
        arc_add(p->end[s], p->end[!s], p);
}

static struct pair *pair_new(struct assign *a, struct node *r, struct node *o)
{
    struct pair *p = a->spare_pairs;
    if (p)
        a->spare_pairs = p->next[0];
    else
        p = ARENA_NEW(a->arena, struct pair);
    *p = (struct pair){.end = {r, o}};
    return p;
}

static void pair_drop(struct assign *a, struct pair *p)
{
    take_back(a, p, p->flow);
    for (int s = 0; s < 2; s++)
        arc_drop(p->end[s], p);
    p->next[0] = a->spare_pairs;
    a->spare_pairs = p;
}

void assign_drop(struct assign *a, void *thing)
{
    struct node *n = find(a, thing);
    if (!n)
        return;
    while (n->n_arcs)
        pair_drop(a, n->arcs[n->n_arcs - 1].pair);
    node_settle(a, n);
    struct nodes *list = &a->side[n->side];
    int at = place_for(list, n->id);
    while (list->v[at] != n) /* equal ids, of other communities */
        at++;
    memmove(list->v + at, list->v + at + 1, (size_t)(--list->n - at) * sizeof(struct node *));
    HASH_DEL(a->things, n);
    a->last = NULL;
    nodes_add(&a->spare, n);
}

void assign_pair(struct assign *a, void *request, void *offer, float score, bool kept)
{
    struct node *r = find(a, request), *o = find(a, offer);
    assert(r && r->side == SIDE_REQUEST && o && o->side == SIDE_OFFER);
    struct pair *p = pair_of(r, o);
    a->last = r;
    if (!(score * SCORE_STEPS >= 0.5f)) { /* less than a step, or no number */
        if (p)
            pair_drop(a, p);
        return;
    }
    if (!p)
        p = pair_new(a, r, o);
    p->score = score < 1 ? score : 1;
    p->kept = kept;
    set_worth(a, p, worth_of(p));
    lift(a, p);
}

int assign_solve(struct assign *a)
{
    bool from_zero = !a->solved || a->crowded;
    int paths = 0;
    a->solved++;
    if (a->crowded)
        relabel(a);
    if (from_zero)
        paths = solve_from_zero(a);
    return paths + solve_pending(a);
}

/* --- what has come of it --- */

/* The one of the request's pairs with flow that follows, by the offer's id. */
static const struct pair *next_assigned(const struct node *r, const struct pair *before)
{
    const struct pair *next = NULL;
    int label = before ? before->end[SIDE_OFFER]->label : 0;
    for (const struct pair *p = r->held; p; p = p->next[SIDE_REQUEST])
        if (p->end[SIDE_OFFER]->label > label &&
            (!next || p->end[SIDE_OFFER]->label < next->end[SIDE_OFFER]->label))
            next = p;
    return next;
}

/* Of others that have part of the offer, the pair that is worth most. */
static const struct pair *held_by(const struct node *o, const struct node *but)
{
    const struct pair *best = NULL;
    for (const struct pair *p = o->held; p; p = p->next[SIDE_OFFER])
        if (p->end[SIDE_REQUEST] != but && (!best || p->worth > best->worth))
            best = p;
    return best;
}

static struct assigned explained(const struct pair *p)
{
    const struct node *r = p->end[SIDE_REQUEST];
    const struct pair *passed = NULL, *holds;
    struct assigned m = {.request = r->thing,
                         .offer = p->end[SIDE_OFFER]->thing,
                         .quantity = (double)p->flow / PARTS,
                         .score = p->score};
    for (int i = 0; i < r->n_arcs; i++) {
        const struct pair *q = r->arcs[i].pair;
        if (q->score > p->score && (!passed || q->worth > passed->worth) &&
            (holds = held_by(q->end[SIDE_OFFER], r))) {
            passed = q;
            m.passed = q->end[SIDE_OFFER]->thing;
            m.passed_to = holds->end[SIDE_REQUEST]->thing;
            m.passed_score = q->score;
        }
    }
    return m;
}

void assign_each(const struct assign *a, void (*fn)(void *arg, const struct assigned *m), void *arg)
{
    const struct nodes *list = &a->side[SIDE_REQUEST];
    assert(!a->pending.n && !a->crowded);
    for (int i = 0; i < list->n; i++)
        for (const struct pair *p = NULL; (p = next_assigned(list->v[i], p));) {
            struct assigned m = explained(p);
            fn(arg, &m);
        }
}

double assign_quantity(const struct assign *a, const void *request, const void *offer)
{
    const struct pair *p = pair_of(find(a, request), find(a, offer));
    return p ? (double)p->flow / PARTS : 0;
}

double assign_total(const struct assign *a)
{
    const struct nodes *list = &a->side[SIDE_REQUEST];
    __int128 total = 0;
    for (int i = 0; i < list->n; i++)
        for (const struct pair *p = list->v[i]->held; p; p = p->next[SIDE_REQUEST])
            total += (p->worth >> SCORE_AT) * p->flow;
    return (double)total / SCORE_STEPS / PARTS;
}

double assign_price(const struct assign *a, const void *thing)
{
    const struct node *n = find(a, thing);
    return n ? ldexp((double)n->price, -SCORE_AT) / SCORE_STEPS : 0;
}

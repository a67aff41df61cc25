/* Shortest augmenting paths. A source has something left at a price above 0. What is left goes over
   the cheapest way there is: to a node of the other side that has room; or on to a node of its own
   side, which gives up what it had, at its price; or nowhere, at the source's own price. Prices
   fall along the way, so that every pair stays worth no more than its two prices, and every pair
   with flow just as much. */
#include "base/mem.h"

#include "assign_priv.h"

/* --- the heap of nodes reached on the other side, the nearest first --- */

/* Four children a node: half as deep, and side by side in memory. */
#define BRANCHES 4

static void heap_set(struct heap *h, int at, struct reached r)
{
    h->v[at] = r;
    r.node->heap = at + 1;
}

/* It has come nearer, or is new. */
static void heap_raise(struct heap *h, struct node *n)
{
    if (h->n == h->cap) {
        h->cap = h->cap ? h->cap * 2 : 64;
        h->v = mem_grow(h->v, (size_t)h->cap, sizeof *h->v);
    }
    int at = n->heap ? n->heap - 1 : h->n++, up;
    for (; at && n->far < h->v[up = (at - 1) / BRANCHES].far; at = up)
        heap_set(h, at, h->v[up]);
    heap_set(h, at, (struct reached){n->far, n});
}

static int nearest_child(const struct heap *h, int at)
{
    int first = BRANCHES * at + 1, best = first;
    for (int i = first + 1; i < first + BRANCHES && i < h->n; i++)
        best = h->v[i].far < h->v[best].far ? i : best;
    return best;
}

static struct node *heap_pop(struct heap *h)
{
    struct node *top = h->v[0].node;
    struct reached last = h->v[--h->n];
    int at = 0, child;
    while ((child = nearest_child(h, at)) < h->n && h->v[child].far < last.far) {
        heap_set(h, at, h->v[child]);
        at = child;
    }
    heap_set(h, at, last);
    top->heap = 0;
    return top;
}

/* --- the search --- */

#define SORT_MOST 128 /* arcs are put one by one where they belong */

struct path {
    struct node *source, *end;
    worth length;
};

static void see(struct assign *a, struct node *n, worth far, struct pair *over)
{
    if (n->far < 0)
        nodes_add(&a->seen, n);
    n->far = far;
    n->over = over;
}

/* Over a pair without regard to its flow: it may take more. */
static void reach(struct assign *a, struct path *best, struct node *n, struct pair *p, worth far)
{
    if (n->far >= 0 && far >= n->far)
        return;
    see(a, n, far, p);
    if (n->left) {
        best->length = far;
        best->end = n;
        return;
    }
    __builtin_prefetch(n->held);
    heap_raise(&a->heap, n);
}

static int by_worth(const void *a, const void *b)
{
    worth x = ((const struct arc *)a)->worth, y = ((const struct arc *)b)->worth;
    return (x < y) - (x > y);
}

/* Those who are searched from are, sooner or later: the other side, as a rule, is not. */
static void sort_arcs(struct node *n)
{
    if (n->n_arcs - n->n_sorted > SORT_MOST) {
        qsort(n->arcs, (size_t)n->n_arcs, sizeof *n->arcs, by_worth);
        n->n_sorted = n->n_arcs;
    }
    for (; n->n_sorted < n->n_arcs; n->n_sorted++) {
        struct arc p = n->arcs[n->n_sorted];
        int at = n->n_sorted;
        for (; at && n->arcs[at - 1].worth < p.worth; at--)
            n->arcs[at] = n->arcs[at - 1];
        n->arcs[at] = p;
    }
}

/* From a node of the source's side: it may give up what it has, or have it from somebody else. No
   price is below 0, so that what follows an arc that is not worth going leads no nearer. */
static void leave(struct assign *a, struct path *best, struct node *n)
{
    if (n->far + n->price < best->length) {
        best->length = n->far + n->price;
        best->end = n;
    }
    if (n->n_sorted < n->n_arcs)
        sort_arcs(n);
    const worth here = n->far + n->price;
    const struct arc *end = n->arcs + n->n_arcs;
    for (const struct arc *p = n->arcs; p < end && here - p->worth < best->length; p++) {
        worth far = here - p->worth + p->to->price;
        if (far < best->length)
            reach(a, best, p->to, p->pair, far);
    }
}

/* From a node of the other side: who has part of it may have to let go, at no cost. */
static void displace(struct assign *a, struct path *best, struct node *n)
{
    enum side s = n->side, o = other_side(s);
    for (struct pair *p = n->held; p; p = p->next[s])
        if (p->end[o]->far < 0) {
            see(a, p->end[o], n->far, p);
            leave(a, best, p->end[o]);
        }
}

/* What it is read of next comes from memory meanwhile: a tenth of the time was waiting for it. */
static void expect(const struct node *n)
{
    __builtin_prefetch(n);
    __builtin_prefetch(n->arcs);
    __builtin_prefetch(n->arcs + 2);
}

static void search(struct assign *a, struct path *best)
{
    a->heap.n = a->seen.n = 0;
    best->end = best->source;
    best->length = best->source->price;
    see(a, best->source, 0, NULL);
    leave(a, best, best->source);
    while (a->heap.n && a->heap.v[0].far < best->length) {
        struct node *next = heap_pop(&a->heap);
        if (a->heap.n && a->heap.v[0].node->held)
            expect(a->heap.v[0].node->held->end[best->source->side]);
        displace(a, best, next);
    }
}

/* What is nearer than the end moves by what it is nearer: down on the source's side, up beyond. */
static void move_prices(struct assign *a, const struct path *path)
{
    for (int i = 0; i < a->seen.n; i++) {
        struct node *n = a->seen.v[i];
        if (n->far < path->length)
            n->price += (n->side == path->source->side ? -1 : 1) * (path->length - n->far);
        n->far = -1;
        n->heap = 0;
    }
}

/* The source is the only node that was reached over no pair; its own side is left by pairs that
   gain, and entered by pairs that lose. */
static void push(const struct path *path)
{
    struct node *source = path->source, *end = path->end;
    enum side s = source->side, o = other_side(s);
    int64_t most = source->left;
    if (end->side == o && end->left < most)
        most = end->left;
    for (struct node *n = end; n != source; n = n->over->end[other_side(n->side)])
        if (n->side == s && n->over->flow < most)
            most = n->over->flow;
    for (struct node *n = end; n != source; n = n->over->end[other_side(n->side)])
        pair_flow(n->over, n->side == o ? most : -most);
    source->left -= most;
    end->left -= end->side == o ? most : -most;
}

int augment_from(struct assign *a, struct node *source)
{
    struct path path = {.source = source};
    int n = 0;
    for (; source->left && source->price > 0; n++) {
        search(a, &path);
        move_prices(a, &path);
        if (path.end != source)
            push(&path);
    }
    return n;
}

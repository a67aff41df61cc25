/* Shortest augmenting paths. A source has something left at a price above 0. What is left goes over
   the cheapest way there is: to a node of the other side that has room; or on to a node of its own
   side, which gives up what it had, at its price; or nowhere, at the source's own price. Prices
   fall along the way, so that every pair stays worth no more than its two prices, and every pair
   with flow just as much. */
#include "assign_priv.h"

/* --- the heap of nodes reached on the other side, the nearest first --- */

static void heap_set(struct nodes *h, int at, struct node *n)
{
    h->v[at - 1] = n;
    n->heap = at;
}

static void heap_up(struct nodes *h, struct node *n)
{
    int at = n->heap;
    for (; at > 1 && n->far < h->v[at / 2 - 1]->far; at /= 2)
        heap_set(h, at, h->v[at / 2 - 1]);
    heap_set(h, at, n);
}

static struct node *heap_pop(struct nodes *h)
{
    struct node *top = h->v[0], *last = h->v[--h->n];
    int at = 1, child;
    top->heap = 0;
    if (last == top)
        return top;
    while ((child = 2 * at) <= h->n) {
        if (child < h->n && h->v[child]->far < h->v[child - 1]->far)
            child++;
        if (h->v[child - 1]->far >= last->far)
            break;
        heap_set(h, at, h->v[child - 1]);
        at = child;
    }
    heap_set(h, at, last);
    return top;
}

/* --- the search --- */

struct path {
    struct node *source, *end;
    worth length;
};

static void see(struct assign *a, struct node *n, worth far, struct pair *over)
{
    n->far = far;
    n->over = over;
    if (n->seen)
        return;
    n->seen = true;
    nodes_add(&a->seen, n);
}

/* Over a pair without regard to its flow: it may take more. */
static void reach(struct assign *a, struct path *best, struct node *n, struct pair *p, worth far)
{
    if (n->seen && far >= n->far)
        return;
    bool waits = n->heap;
    see(a, n, far, p);
    if (!waits) {
        nodes_add(&a->heap, n);
        n->heap = a->heap.n;
    }
    heap_up(&a->heap, n);
    if (n->used < n->cap) {
        best->length = far;
        best->end = n;
    }
}

/* From a node of the source's side: it may give up what it has, or have it from somebody else. */
static void leave(struct assign *a, struct path *best, struct node *n)
{
    enum side s = n->side, o = other_side(s);
    if (n->far + n->price < best->length) {
        best->length = n->far + n->price;
        best->end = n;
    }
    const worth here = n->far + n->price;
    for (struct pair *p = n->pairs; p; p = p->next[s]) {
        worth far = here + p->end[o]->price - p->worth;
        if (far < best->length)
            reach(a, best, p->end[o], p, far);
    }
}

/* From a node of the other side: who has part of it may have to let go, at no cost. */
static void displace(struct assign *a, struct path *best, struct node *n)
{
    enum side s = n->side, o = other_side(s);
    for (struct pair *p = n->pairs; p && p->flow; p = p->next[s])
        if (!p->end[o]->seen) {
            see(a, p->end[o], n->far, p);
            leave(a, best, p->end[o]);
        }
}

static void search(struct assign *a, struct path *best)
{
    a->heap.n = a->seen.n = 0;
    best->end = best->source;
    best->length = best->source->price;
    see(a, best->source, 0, NULL);
    leave(a, best, best->source);
    while (a->heap.n && a->heap.v[0]->far < best->length)
        displace(a, best, heap_pop(&a->heap));
}

/* What is nearer than the end moves by what it is nearer: down on the source's side, up beyond. */
static void move_prices(struct assign *a, const struct path *path)
{
    for (int i = 0; i < a->seen.n; i++) {
        struct node *n = a->seen.v[i];
        if (n->far < path->length)
            n->price += (n->side == path->source->side ? -1 : 1) * (path->length - n->far);
        n->seen = false;
        n->heap = 0;
    }
}

/* The source is the only node that was reached over no pair; its own side is left by pairs that
   gain, and entered by pairs that lose. */
static void push(const struct path *path)
{
    struct node *source = path->source, *end = path->end;
    enum side s = source->side, o = other_side(s);
    int64_t most = source->cap - source->used;
    if (end->side == o && end->cap - end->used < most)
        most = end->cap - end->used;
    for (struct node *n = end; n != source; n = n->over->end[other_side(n->side)])
        if (n->side == s && n->over->flow < most)
            most = n->over->flow;
    for (struct node *n = end; n != source; n = n->over->end[other_side(n->side)])
        pair_flow(n->over, n->side == o ? most : -most);
    source->used += most;
    end->used += end->side == o ? most : -most;
}

int augment_from(struct assign *a, struct node *source)
{
    struct path path = {.source = source};
    int n = 0;
    for (; source->used < source->cap && source->price > 0; n++) {
        search(a, &path);
        move_prices(a, &path);
        if (path.end != source)
            push(&path);
    }
    return n;
}

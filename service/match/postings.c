#include "postings_priv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LEAF_MOST 62
#define INNER_MOST 31

/* 512 bytes. keys[i] of an inner page is always the least key below child[i]. */
struct postings_page {
    int32_t n;
    bool inner;
    struct postings_page *next; /* of a leaf */
    union {
        uint64_t keys[LEAF_MOST];
        struct {
            uint64_t least[INNER_MOST]; /* keys, too */
            struct postings_page *child[INNER_MOST];
        } in;
    } u;
};

static int most(const struct postings_page *g)
{
    return g->inner ? INNER_MOST : LEAF_MOST;
}

static uint64_t key_of(uint32_t list, uint32_t member)
{
    return (uint64_t)list << 32 | member;
}

static int compare(const struct postings *p, uint64_t a, uint64_t b)
{
    uint32_t x = (uint32_t)(a >> 32), y = (uint32_t)(b >> 32);
    if (x != y)
        return x < y ? -1 : 1;
    return a == b ? 0 : p->order(p->arg, x, (uint32_t)a, (uint32_t)b);
}

/* The first key that is not less. */
static int lower(const struct postings *p, const struct postings_page *g, uint64_t key)
{
    int low = 0, high = g->n;
    while (low < high) {
        int mid = (low + high) / 2;
        if (compare(p, g->u.keys[mid], key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The child below which a key stands, or would. */
static int child_for(const struct postings *p, const struct postings_page *g, uint64_t key)
{
    int i = lower(p, g, key);
    if (i < g->n && g->u.keys[i] == key)
        return i;
    return i ? i - 1 : 0;
}

/* --- moving keys between pages --- */

static void shift(struct postings_page *g, int from, int to, int n)
{
    memmove(g->u.keys + to, g->u.keys + from, (size_t)n * sizeof *g->u.keys);
    if (g->inner)
        memmove(g->u.in.child + to, g->u.in.child + from, (size_t)n * sizeof *g->u.in.child);
}

/* n of them from `at` of one page to `into` of another of its kind. */
static void carry(struct postings_page *from, int at, struct postings_page *to, int into, int n)
{
    shift(to, into, into + n, to->n - into);
    memcpy(to->u.keys + into, from->u.keys + at, (size_t)n * sizeof *to->u.keys);
    if (to->inner)
        memcpy(to->u.in.child + into, from->u.in.child + at, (size_t)n * sizeof *to->u.in.child);
    shift(from, at + n, at, from->n - at - n);
    from->n -= n;
    to->n += n;
}

/* Children i and i + 1 share alike what they have. */
static void even_out(struct postings_page *g, int i)
{
    struct postings_page *a = g->u.in.child[i], *b = g->u.in.child[i + 1];
    int half = (a->n + b->n) / 2;
    if (a->n > half)
        carry(a, half, b, 0, a->n - half);
    else
        carry(b, 0, a, a->n, half - a->n);
    g->u.in.least[i] = a->u.keys[0];
    g->u.in.least[i + 1] = b->u.keys[0];
}

static void insert_at(struct postings_page *g, int i, uint64_t key, struct postings_page *child)
{
    shift(g, i, i + 1, g->n++ - i);
    g->u.keys[i] = key;
    if (g->inner)
        g->u.in.child[i] = child;
}

static void remove_at(struct postings_page *g, int i)
{
    shift(g, i + 1, i, --g->n - i);
}

/* --- putting --- */

static void split(struct postings_page *g, int i)
{
    struct postings_page *a = g->u.in.child[i], *b = NEW(struct postings_page);
    b->inner = a->inner;
    b->next = a->next;
    a->next = b;
    carry(a, a->n / 2, b, 0, a->n - a->n / 2);
    insert_at(g, i + 1, b->u.keys[0], b);
}

static bool has_room(const struct postings_page *g, int i)
{
    return i >= 0 && i < g->n && g->u.in.child[i]->n <= most(g->u.in.child[i]) * 7 / 8;
}

static void make_room(struct postings_page *g, int i)
{
    if (has_room(g, i + 1))
        even_out(g, i);
    else if (has_room(g, i - 1))
        even_out(g, i - 1);
    else
        split(g, i);
}

/* g is not full. */
static void put_under(struct postings *p, struct postings_page *g, uint64_t key)
{
    while (g->inner) {
        int i = child_for(p, g, key);
        if (g->u.in.child[i]->n == most(g->u.in.child[i])) {
            make_room(g, i);
            i = child_for(p, g, key);
        }
        if (compare(p, key, g->u.in.least[i]) < 0)
            g->u.in.least[i] = key;
        g = g->u.in.child[i];
    }
    int i = lower(p, g, key);
    if (i == g->n || g->u.keys[i] != key)
        insert_at(g, i, key, NULL);
}

void postings_put(struct postings *p, uint32_t list, uint32_t member)
{
    _Static_assert(sizeof(struct postings_page) == 512, "a page is 512 bytes");
    if (!p->root)
        p->root = NEW(struct postings_page);
    if (p->root->n == most(p->root)) {
        struct postings_page *up = NEW(struct postings_page);
        up->inner = true;
        insert_at(up, 0, p->root->u.keys[0], p->root);
        split(up, 0);
        p->root = up;
    }
    put_under(p, p->root, key_of(list, member));
}

/* --- dropping --- */

/* Child i has become small: it goes into its neighbour, or gets of it. */
static void refill(struct postings_page *g, int i)
{
    i = i ? i - 1 : 0;
    if (g->n < 2)
        return;
    struct postings_page *a = g->u.in.child[i], *b = g->u.in.child[i + 1];
    if (a->n + b->n > most(a) * 3 / 4) {
        even_out(g, i);
        return;
    }
    carry(b, 0, a, a->n, b->n);
    a->next = b->next;
    free(b);
    remove_at(g, i + 1);
    g->u.in.least[i] = a->u.keys[0];
}

static void drop_under(struct postings *p, struct postings_page *g, uint64_t key)
{
    int i = g->inner ? child_for(p, g, key) : lower(p, g, key);
    if (!g->inner) {
        if (i < g->n && g->u.keys[i] == key)
            remove_at(g, i);
        return;
    }
    struct postings_page *child = g->u.in.child[i];
    drop_under(p, child, key);
    g->u.in.least[i] = child->u.keys[0];
    if (child->n < most(child) / 4)
        refill(g, i);
}

void postings_drop(struct postings *p, uint32_t list, uint32_t member)
{
    if (!p->root)
        return;
    drop_under(p, p->root, key_of(list, member));
    if (p->root->inner && p->root->n == 1) {
        struct postings_page *old = p->root;
        p->root = old->u.in.child[0];
        free(old);
    }
}

static void free_under(struct postings_page *g)
{
    for (int i = 0; g->inner && i < g->n; i++)
        free_under(g->u.in.child[i]);
    free(g);
}

void postings_deinit(struct postings *p)
{
    if (p->root)
        free_under(p->root);
    p->root = NULL;
}

/* --- walking --- */

/* The first key of that list or a later one; no order is asked for. */
static int lower_list(const struct postings_page *g, uint32_t list)
{
    int low = 0, high = g->n;
    while (low < high) {
        int mid = (low + high) / 2;
        if (g->u.keys[mid] >> 32 < list)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void fetch(const struct postings_page *g)
{
    for (size_t line = 0; line < sizeof *g; line += 64)
        __builtin_prefetch((const char *)g + line);
}

/* Leaves are all equally deep. */
void postings_expect(const struct postings *p, const uint32_t *lists, int n,
                     const struct postings_page **pages)
{
    for (int i = 0; i < n; i++)
        pages[i] = p->root;
    while (p->root && n && pages[0]->inner)
        for (int i = 0; i < n; i++) {
            int k = lower_list(pages[i], lists[i]);
            pages[i] = pages[i]->u.in.child[k ? k - 1 : 0];
            fetch(pages[i]);
        }
}

static struct postings_at settle(struct postings_at at)
{
    if (at.page && at.i == at.page->n)
        at = (struct postings_at){at.page->next, 0};
    return at;
}

struct postings_at postings_first(const struct postings *p, uint32_t list)
{
    const struct postings_page *g = p->root;
    while (g && g->inner) {
        int i = lower_list(g, list);
        g = g->u.in.child[i ? i - 1 : 0];
    }
    return settle((struct postings_at){g, g ? lower_list(g, list) : 0});
}

struct postings_at postings_from(const struct postings *p, uint32_t list, uint32_t member)
{
    const struct postings_page *g = p->root;
    uint64_t key = key_of(list, member);
    while (g && g->inner)
        g = g->u.in.child[child_for(p, g, key)];
    return settle((struct postings_at){g, g ? lower(p, g, key) : 0});
}

uint32_t postings_member(struct postings_at at, uint32_t list)
{
    uint64_t key = at.page ? at.page->u.keys[at.i] : 0;
    return at.page && key >> 32 == list ? (uint32_t)key : 0;
}

struct postings_at postings_next(struct postings_at at)
{
    at.i++;
    return settle(at);
}

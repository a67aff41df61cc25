#include "postings_priv.h"

#include <assert.h>
#include <string.h>

#define LEAF_MOST 62
#define INNER_MOST 31

/* 512 bytes. keys[i] of an inner page is always the least key below child[i]. */
struct postings_page {
    int32_t n;
    bool inner;
    struct postings_page *next; /* of a leaf; of one that is not used */
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

static uint64_t key_of(struct postings_key k)
{
    return (uint64_t)k.list << 32 | k.member;
}

static int compare(const struct postings *p, uint64_t a, uint64_t b)
{
    uint32_t x = (uint32_t)(a >> 32), y = (uint32_t)(b >> 32);
    if (x != y)
        return x < y ? -1 : 1;
    if (a == b)
        return 0;
    p->spent->compared++;
    return p->order(p->arg, x, (uint32_t)a, (uint32_t)b);
}

/* The first key that is not less. */
static int lower(const struct postings *p, const struct postings_page *g, uint64_t key)
{
    int low = 0, high = g->n;
    p->spent->pages++;
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

/* --- pages --- */

static struct postings_page *page_new(struct postings *p)
{
    struct postings_page *g = p->unused;
    if (!g)
        return slab_at(&p->pages, slab_add(&p->pages, 1));
    p->unused = g->next;
    *g = (struct postings_page){.n = 0};
    return g;
}

static void page_free(struct postings *p, struct postings_page *g)
{
    g->n = 0; /* ways to it lead nowhere */
    g->next = p->unused;
    p->unused = g;
}

void postings_init(struct postings *p, postings_order_fn *order, postings_near_fn *near,
                   const void *arg, struct match_spent *spent)
{
    _Static_assert(sizeof(struct postings_page) == 512, "eight lines of memory");
    *p = (struct postings){.order = order, .near = near, .arg = arg, .spent = spent};
    slab_init(&p->pages, sizeof(struct postings_page));
}

void postings_deinit(struct postings *p)
{
    slab_deinit(&p->pages);
    p->root = p->unused = NULL;
}

/* --- putting --- */

static void split(struct postings *p, struct postings_page *g, int i)
{
    struct postings_page *a = g->u.in.child[i], *b = page_new(p);
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

static void make_room(struct postings *p, struct postings_page *g, int i)
{
    if (has_room(g, i + 1))
        even_out(g, i);
    else if (has_room(g, i - 1))
        even_out(g, i - 1);
    else
        split(p, g, i);
}

/* g is not full. */
static void put_under(struct postings *p, struct postings_page *g, uint64_t key)
{
    while (g->inner) {
        int i = child_for(p, g, key);
        if (g->u.in.child[i]->n == most(g->u.in.child[i])) {
            make_room(p, g, i);
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

/* Between two keys of one leaf nothing above it has to know; so it mostly is. */
static bool is_between(const struct postings *p, const struct postings_way *w, uint64_t key)
{
    const struct postings_page *g = w->page;
    return g && w->low > 0 && w->low < g->n && g->n < LEAF_MOST &&
           compare(p, g->u.keys[w->low - 1], key) < 0 && compare(p, key, g->u.keys[w->low]) < 0;
}

void postings_put(struct postings *p, struct postings_key key, const struct postings_way *way)
{
    if (is_between(p, way, key_of(key))) {
        insert_at((struct postings_page *)way->page, way->low, key_of(key), NULL);
        return;
    }
    if (!p->root)
        p->root = page_new(p);
    if (p->root->n == most(p->root)) {
        struct postings_page *up = page_new(p);
        up->inner = true;
        insert_at(up, 0, p->root->u.keys[0], p->root);
        split(p, up, 0);
        p->root = up;
    }
    put_under(p, p->root, key_of(key));
}

/* --- dropping --- */

/* Child i has become small: it goes into its neighbour, or gets of it. */
static void refill(struct postings *p, struct postings_page *g, int i)
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
    page_free(p, b);
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
        refill(p, g, i);
}

void postings_drop(struct postings *p, struct postings_key key, const struct postings_way *way)
{
    struct postings_page *g = (struct postings_page *)way->page;
    if (!p->root)
        return;
    if (way->low > 0 && way->low < g->n && g->n > LEAF_MOST / 4 &&
        g->u.keys[way->low] == key_of(key)) {
        remove_at(g, way->low);
        return;
    }
    drop_under(p, p->root, key_of(key));
    if (p->root->inner && p->root->n == 1) {
        struct postings_page *old = p->root;
        p->root = old->u.in.child[0];
        page_free(p, old);
    }
}

/* --- walking --- */

static void fetch(const struct postings_page *g)
{
    for (size_t line = 0; line < sizeof *g; line += 64)
        __builtin_prefetch((const char *)g + line);
}

/* The first key of that list or a later one. Its branches cannot be foreseen: so there are none. */
static int lower_list(const struct postings_page *g, uint64_t list)
{
    unsigned low = 0;
    for (unsigned n = (unsigned)g->n; n; n /= 2) {
        unsigned half = (n + 1) / 2;
        low += half & -(unsigned)(g->u.keys[low + half - 1] >> 32 < list);
    }
    return (int)low;
}

/* As far as it goes without an order that was not asked for yet; false: it is there. */
static bool narrow(const struct postings *p, struct postings_way *w, uint64_t key)
{
    while (w->low < w->high) {
        int mid = (w->low + w->high) / 2;
        uint64_t k = w->page->u.keys[mid];
        w->asked = !w->asked && k != key;
        if (w->asked) {
            p->near(p->arg, (uint32_t)k);
            return true;
        }
        if (compare(p, k, key) < 0)
            w->low = mid + 1;
        else
            w->high = mid;
    }
    return false;
}

static void narrow_all(const struct postings *p, const struct postings_key *keys, int n,
                       struct postings_way *ways)
{
    bool busy = true;
    p->spent->pages += n;
    for (int i = 0; i < n; i++) {
        ways[i].low = ways[i].high = lower_list(ways[i].page, keys[i].list);
        if (keys[i].member)
            ways[i].high = lower_list(ways[i].page, keys[i].list + UINT64_C(1));
    }
    while (busy) {
        busy = false;
        for (int i = 0; i < n; i++)
            busy |= narrow(p, &ways[i], key_of(keys[i]));
    }
}

/* Lists of one community lie together: down to where they part they have one way. */
static const struct postings_page *common(const struct postings *p, const struct postings_key *keys,
                                          int n)
{
    const struct postings_page *g = p->root;
    uint64_t first = keys[0].list, last = first;
    for (int i = 1; i < n; i++) {
        first = keys[i].list < first ? keys[i].list : first;
        last = keys[i].list > last ? keys[i].list : last;
    }
    while (g->inner) {
        int from = lower_list(g, first), to = lower_list(g, last + 1);
        p->spent->pages++;
        if ((from ? from : 1) < to)
            break;
        g = g->u.in.child[from ? from - 1 : 0];
    }
    return g;
}

/* Leaves are all equally deep. */
void postings_find(const struct postings *p, const struct postings_key *keys, int n,
                   struct postings_way *ways)
{
    const struct postings_page *from = p->root && n ? common(p, keys, n) : NULL;
    for (int i = 0; i < n; i++)
        ways[i] = (struct postings_way){.page = from};
    while (from) {
        narrow_all(p, keys, n, ways);
        if (!ways[0].page->inner)
            break;
        for (int i = 0; i < n; i++) {
            const struct postings_page *g = ways[i].page;
            int k = ways[i].low;
            k -= k && (k == g->n || g->u.keys[k] != key_of(keys[i]));
            ways[i] = (struct postings_way){.page = g->u.in.child[k]};
            fetch(ways[i].page);
        }
    }
}

static struct postings_at settle(struct postings_at at)
{
    if (at.page && at.i == at.page->n)
        at = (struct postings_at){at.page->next, 0};
    return at;
}

struct postings_at postings_at(const struct postings_way *way)
{
    return settle((struct postings_at){way->page, way->low});
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

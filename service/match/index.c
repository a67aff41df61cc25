/* Open things by community, category and side: sorted arrays, because who walks them must not see
   their history. New things have the largest ids, so most insertions are at the end. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "match/match.h"

struct bucket { /* the open things of a community, category and side */
    UT_hash_handle hh;
    struct bucket_key {
        char community[ID_SIZE];
        int category, side;
    } key;
    struct entry_of *v;
    int n, cap;
};

struct entry_of {
    const char *id;
    void *thing;
};

struct home { /* where a thing stands */
    UT_hash_handle hh;
    void *thing;
    struct bucket *bucket;
    const char *id;
};

struct match_index {
    struct bucket *buckets;
    struct home *homes;
};

struct match_index *match_index_new(void)
{
    return NEW(struct match_index);
}

void match_index_free(struct match_index **x)
{
    if (!*x)
        return;
    struct bucket *b, *next;
    HASH_ITER(hh, (*x)->buckets, b, next)
    {
        HASH_DEL((*x)->buckets, b);
        free(b->v);
        free(b);
    }
    struct home *h, *next_home;
    HASH_ITER(hh, (*x)->homes, h, next_home)
    {
        HASH_DEL((*x)->homes, h);
        free(h);
    }
    free(*x);
    *x = NULL;
}

/* The whole struct is the key: what lies behind the name has to be zero. */
static struct bucket_key key_of(const char *community, enum category category, enum side side)
{
    struct bucket_key key;
    memset(&key, 0, sizeof key);
    str_copy(key.community, sizeof key.community, str_of(community));
    key.category = (int)category;
    key.side = (int)side;
    return key;
}

static struct bucket *find(const struct match_index *x, const char *community,
                           enum category category, enum side side)
{
    struct bucket_key key = key_of(community, category, side);
    struct bucket *b;
    HASH_FIND(hh, x->buckets, &key, sizeof key, b);
    return b;
}

static struct bucket *bucket_new(struct match_index *x, const char *community,
                                 enum category category, enum side side)
{
    struct bucket *b = NEW(struct bucket);
    b->key = key_of(community, category, side);
    HASH_ADD(hh, x->buckets, key, sizeof b->key, b);
    return b;
}

static int compare(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    return n != m ? (n < m ? -1 : 1) : strcmp(a, b);
}

/* The first place whose id is not smaller. */
static int place_for(const struct bucket *b, const char *id)
{
    int low = 0, high = b->n;
    if (high && compare(b->v[high - 1].id, id) < 0)
        return high;
    while (low < high) {
        int mid = (low + high) / 2;
        if (compare(b->v[mid].id, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct home *home_of(const struct match_index *x, const void *thing)
{
    struct home *h;
    HASH_FIND_PTR(x->homes, &thing, h);
    return h;
}

void match_index_put(struct match_index *x, const char *community, enum category category,
                     enum side side, void *thing, const char *id)
{
    struct bucket *b = find(x, community, category, side);
    struct home *h = home_of(x, thing);
    if (h)
        return;
    if (!b)
        b = bucket_new(x, community, category, side);
    if (b->n == b->cap) {
        b->cap = b->cap ? b->cap * 2 : 8;
        b->v = mem_grow(b->v, (size_t)b->cap, sizeof *b->v);
    }
    int at = place_for(b, id);
    memmove(b->v + at + 1, b->v + at, (size_t)(b->n++ - at) * sizeof *b->v);
    b->v[at] = (struct entry_of){id, thing};
    h = NEW(struct home);
    *h = (struct home){.thing = thing, .bucket = b, .id = id};
    HASH_ADD_PTR(x->homes, thing, h);
}

void match_index_drop(struct match_index *x, void *thing)
{
    struct home *h = home_of(x, thing);
    if (!h)
        return;
    struct bucket *b = h->bucket;
    int at = place_for(b, h->id);
    while (b->v[at].thing != thing) /* equal ids do not happen, but would be no harm */
        at++;
    b->n--;
    memmove(b->v + at, b->v + at + 1, (size_t)(b->n - at) * sizeof *b->v);
    HASH_DEL(x->homes, h);
    free(h);
}

bool match_index_has(const struct match_index *x, const char *community, enum category category,
                     enum side side, const void *thing)
{
    const struct home *h = home_of(x, thing);
    return h && h->bucket == find(x, community, category, side);
}

int match_index_count(const struct match_index *x)
{
    return (int)HASH_COUNT(x->homes);
}

void match_index_each(const struct match_index *x, const char *community, unsigned categories,
                      enum side side, int most, void (*fn)(void *arg, void *thing), void *arg)
{
    for (int c = 0; c < CATEGORY_N; c++) {
        const struct bucket *b =
            categories & 1u << c ? find(x, community, (enum category)c, side) : NULL;
        for (int i = b ? b->n : 0, k = 0; i > 0 && k < most; i--, k++)
            fn(arg, b->v[i - 1].thing);
    }
}

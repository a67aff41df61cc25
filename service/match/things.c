#include "things_priv.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "match_priv.h"

#define AHEAD 8        /* items that are on their way from memory while one is compared */
#define UNUSED_MOST 64 /* kept besides as many as are in use */

static void add_near(struct thing *a, const struct thing *b, double like)
{
    if (a->n_near == a->cap_near) {
        a->cap_near = a->cap_near ? a->cap_near * 2 : 4;
        a->near = mem_grow(a->near, (size_t)a->cap_near, sizeof *a->near);
    }
    a->near[a->n_near++] = (struct near){b, like};
}

static void forget_near(struct thing *a, const struct thing *b)
{
    for (int i = 0; i < a->n_near; i++)
        if (a->near[i].thing == b) {
            a->near[i] = a->near[--a->n_near];
            return;
        }
}

/* Whole structs are compared: what is not told apart is zero. */
static struct slot_item plain(const struct slot_item *item)
{
    struct slot_item p;
    memset(&p, 0, sizeof p);
    p.concept = item->concept;
    p.category = item->category;
    str_copy(p.word, sizeof p.word, str_of(item->word));
    return p;
}

static void list(struct things *t, struct thing *a)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 16;
        t->all = mem_grow(t->all, (size_t)t->cap, sizeof(struct thing *));
    }
    a->at = t->n;
    t->all[t->n++] = a;
}

static struct thing *thing_new(struct things *t, const struct slot_item *item, unsigned hash)
{
    struct thing *a = NEW(struct thing);
    memcpy(&a->item, item, sizeof a->item);
    a->hash = hash;
    t->unused++;
    HASH_ADD_BYHASHVALUE(hh, t->by_item, item, sizeof a->item, hash, a);
    list(t, a);
    for (int i = 0; i < t->n; i++) {
        struct thing *b = t->all[i];
        if (i + AHEAD < t->n)
            __builtin_prefetch(&t->all[i + AHEAD]->item);
        double like = t->like ? t->like(t->arg, &a->item, &b->item) : 0;
        if (like < LIKE_ENOUGH)
            continue;
        add_near(a, b, like);
        if (a != b)
            add_near(b, a, like);
    }
    return a;
}

struct thing *things_take(struct things *t, const struct slot_item *item)
{
    const struct slot_item key = plain(item);
    unsigned hash = (unsigned)hash64(&key, sizeof key, 0);
    struct thing *a;
    HASH_FIND_BYHASHVALUE(hh, t->by_item, &key, sizeof key, hash, a);
    if (!a)
        a = thing_new(t, &key, hash);
    t->unused -= a->uses++ == 0;
    return a;
}

static void thing_free(struct things *t, struct thing *a)
{
    for (int i = 0; i < a->n_near; i++)
        if (a->near[i].thing != a)
            forget_near((struct thing *)a->near[i].thing, a);
    HASH_DEL(t->by_item, a);
    t->all[a->at] = t->all[--t->n];
    t->all[a->at]->at = a->at;
    free(a->near);
    free(a);
}

void things_leave(struct things *t, struct thing *thing)
{
    t->unused += --thing->uses == 0;
    if (t->unused <= UNUSED_MOST + t->n / 2)
        return;
    for (int i = t->n; i-- > 0;)
        if (!t->all[i]->uses)
            thing_free(t, t->all[i]);
    t->unused = 0;
}

void things_deinit(struct things *t)
{
    HASH_CLEAR(hh, t->by_item);
    for (int i = 0; i < t->n; i++) {
        free(t->all[i]->near);
        free(t->all[i]);
    }
    free(t->all);
}

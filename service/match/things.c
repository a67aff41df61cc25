#include "things_priv.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "match_priv.h"

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

static struct thing *thing_new(struct things *t, const struct slot_item *item, unsigned hash)
{
    struct thing *a = NEW(struct thing);
    memcpy(&a->item, item, sizeof a->item);
    a->hash = hash;
    t->n++;
    t->unused++;
    HASH_ADD_BYHASHVALUE(hh, t->all, item, sizeof a->item, hash, a);
    for (struct thing *b = t->all; b; b = b->hh.next) {
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
    HASH_FIND_BYHASHVALUE(hh, t->all, &key, sizeof key, hash, a);
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
    HASH_DEL(t->all, a);
    t->n--;
    free(a->near);
    free(a);
}

void things_leave(struct things *t, struct thing *thing)
{
    struct thing *a, *next;
    t->unused += --thing->uses == 0;
    if (t->unused <= UNUSED_MOST + t->n / 2)
        return;
    HASH_ITER(hh, t->all, a, next)
    {
        if (!a->uses)
            thing_free(t, a);
    }
    t->unused = 0;
}

void things_deinit(struct things *t)
{
    struct thing *a, *next;
    HASH_ITER(hh, t->all, a, next)
    {
        HASH_DEL(t->all, a);
        free(a->near);
        free(a);
    }
}

/* What the clock brings: a binary heap of (time, object). An entry holds only while the object's
   due time is still the entry's: so nothing is ever searched for in it. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

static int64_t due_of(const struct node *n)
{
    const struct post *p = n->object;
    const struct match *m = n->object;
    const struct case_ *k = n->object;
    const struct outbound *o = n->object;
    switch (n->kind) {
    case OBJECT_POST:
        return post_is_final(p->state) ? p->closed_ms + KEEP_MS : p->expires_ms;
    case OBJECT_MATCH:
        return match_is_final(m->state) ? m->decided_ms + KEEP_MS : m->deadline_ms;
    case OBJECT_CASE:
        return case_is_final(k->state)      ? k->closed_ms + KEEP_MS
               : k->state == CASE_ESCALATED ? INT64_MAX
                                            : k->due_ms;
    case OBJECT_OUTBOUND:
        return o->state == OUTBOUND_WAITING  ? o->due_ms
               : outbound_is_final(o->state) ? o->due_ms + KEEP_MS
                                             : INT64_MAX;
    default:
        return INT64_MAX;
    }
}

/* Equal times by kind and key: the order of decisions must not depend on the heap's history. */
static bool sooner(const struct due *a, const struct due *b)
{
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms;
    if (a->kind != b->kind)
        return a->kind < b->kind;
    return strcmp(a->key, b->key) < 0;
}

static void swap(struct due *a, struct due *b)
{
    struct due t = *a;
    *a = *b;
    *b = t;
}

static void push(struct core *c, const struct due *d)
{
    if (c->n_due == c->cap_due) {
        c->cap_due = c->cap_due ? c->cap_due * 2 : 64;
        c->due = mem_grow(c->due, (size_t)c->cap_due, sizeof *c->due);
    }
    int i = c->n_due++;
    c->due[i] = *d;
    for (; i && sooner(&c->due[i], &c->due[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&c->due[i], &c->due[(i - 1) / 2]);
}

static void pop(struct core *c)
{
    c->due[0] = c->due[--c->n_due];
    for (int i = 0;;) {
        int least = i;
        for (int k = 2 * i + 1; k <= 2 * i + 2 && k < c->n_due; k++)
            if (sooner(&c->due[k], &c->due[least]))
                least = k;
        if (least == i)
            return;
        swap(&c->due[i], &c->due[least]);
        i = least;
    }
}

void due_set(struct core *c, struct node *n)
{
    int64_t at = due_of(n);
    if (at <= 0) /* no time was given */
        at = INT64_MAX;
    if (at == n->due_ms)
        return;
    n->due_ms = at;
    if (at == INT64_MAX)
        return;
    struct due d = {.at_ms = at, .kind = n->kind};
    memcpy(d.key, n->key, sizeof d.key);
    push(c, &d);
}

static struct node *holds(const struct core *c, const struct due *d)
{
    struct node *n = node_find(c, d->kind, d->key);
    return n && n->due_ms == d->at_ms ? n : NULL;
}

struct node *due_pop(struct core *c, int64_t now_ms)
{
    while (c->n_due && c->due[0].at_ms <= now_ms) {
        struct node *n = holds(c, &c->due[0]);
        pop(c);
        if (!n)
            continue;
        n->due_ms = INT64_MAX;
        return n;
    }
    return NULL;
}

int64_t core_due_ms(const struct core *c)
{
    int64_t talk = c->talk_due_ms, first = INT64_MAX;
    /* The heap's first may have been overtaken; then the tick that it brings finds nothing to do,
       and the next look is right. */
    if (c->n_due)
        first = c->due[0].at_ms;
    return first < talk ? first : talk;
}

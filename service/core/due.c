/* What the clock brings: a binary heap. Each thing knows its own place in it, so that it is moved
   or taken out in O(log n), and the first one is always truly due. */
#include "sustain_priv.h"

#include "base/clock.h"
#include "base/mem.h"

#define SEND_GIVE_UP_MS (3 * DAY_MS) /* longer than any schedule of deliveries */

static int64_t match_due(const struct core *c, const struct match *m)
{
    int64_t at = match_is_final(m->state) ? m->decided_ms + c->o.keep_ms : m->deadline_ms;
    return match_keeps_asked(m) && (at <= 0 || m->told_ms + DAY_MS < at) ? m->told_ms + DAY_MS : at;
}

/* A full call is kept as long as somebody is to come for it. */
static int64_t post_due(const struct core *c, const struct post *p)
{
    int64_t over = p->closed_ms + c->o.keep_ms;
    if (!post_is_final(p->state))
        return unmet_due_ms(p);
    return p->reserved > EPSILON && p->expires_ms > over ? p->expires_ms : over;
}

int64_t due_of(const struct core *c, const struct node *n)
{
    const struct post *p = n->object;
    const struct match *m = n->object;
    const struct case_ *k = n->object;
    const struct outbound *o = n->object;
    const struct advice *a = n->object;
    switch (n->kind) {
    case OBJECT_POST:
        return post_due(c, p);
    case OBJECT_MATCH:
        return match_due(c, m);
    case OBJECT_CASE:
        return case_is_final(k->state) ? k->closed_ms + c->o.keep_ms
               : k->remind_ms          ? k->remind_ms
                                       : k->due_ms;
    case OBJECT_OUTBOUND:
        return o->state == OUTBOUND_WAITING   ? o->due_ms
               : o->state == OUTBOUND_SENDING ? o->due_ms + SEND_GIVE_UP_MS
                                              : o->due_ms + c->o.keep_ms;
    case OBJECT_PARTY:
        return seen_due_ms(c, n->object);
    case OBJECT_ADVICE:
        return a->expires_ms;
    case OBJECT_TALLY:
        return tally_due_ms(n->object);
    case OBJECT_RESOURCE:
        return renewal_due_ms(n->object);
    case OBJECT_HABIT:
        return habit_due_ms(n->object);
    case OBJECT_TOPIC:
        return topic_due_ms(n->object);
    case OBJECT_SURGE:
        return surge_due_ms(c, n->object);
    case OBJECT_VISIT:
        return visit_due_ms(n->object);
    case OBJECT_ALERT:
        return alert_due_ms(n->object);
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
    return id_compare(a->key, b->key) < 0;
}

static void place_at(struct core *c, int i, struct due *d)
{
    c->due[i] = d;
    d->place = i;
}

static void rise(struct core *c, int i)
{
    struct due *d = c->due[i];
    for (; i && sooner(d, c->due[(i - 1) / 2]); i = (i - 1) / 2)
        place_at(c, i, c->due[(i - 1) / 2]);
    place_at(c, i, d);
}

static void sink(struct core *c, int i)
{
    struct due *d = c->due[i];
    for (;;) {
        int least = 2 * i + 1;
        if (least + 1 < c->n_due && sooner(c->due[least + 1], c->due[least]))
            least++;
        if (least >= c->n_due || !sooner(c->due[least], d))
            break;
        place_at(c, i, c->due[least]);
        i = least;
    }
    place_at(c, i, d);
}

static void take_out(struct core *c, struct due *d)
{
    struct due *last = c->due[--c->n_due];
    int i = d->place;
    d->at_ms = INT64_MAX;
    if (last == d)
        return;
    place_at(c, i, last);
    rise(c, i);
    sink(c, last->place);
}

void due_set(struct core *c, struct due *d, int64_t at_ms)
{
    if (at_ms <= 0) /* no time was given */
        at_ms = INT64_MAX;
    if (at_ms == d->at_ms)
        return;
    if (d->at_ms != INT64_MAX)
        take_out(c, d);
    if (at_ms == INT64_MAX)
        return;
    if (c->n_due == c->cap_due) {
        c->cap_due = c->cap_due ? c->cap_due * 2 : 64;
        c->due = mem_grow(c->due, (size_t)c->cap_due, sizeof(struct due *));
    }
    d->at_ms = at_ms;
    place_at(c, c->n_due++, d);
    rise(c, d->place);
}

struct due *due_pop(struct core *c, int64_t now_ms)
{
    struct due *d = c->n_due && c->due[0]->at_ms <= now_ms ? c->due[0] : NULL;
    if (d)
        take_out(c, d);
    return d;
}

int64_t core_due_ms(const struct core *c)
{
    return c->n_due ? c->due[0]->at_ms : INT64_MAX;
}

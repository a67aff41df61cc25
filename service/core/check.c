/* The invariants of the state, recomputed from scratch. */
#include "core_priv.h"

#include <math.h>
#include <string.h>

static bool fail(struct errbuf *why, const struct node *n, const char *what)
{
    err_set(why, ERR_INTERNAL, "%s %s: %s", object_kind_code(n->kind), n->key, what);
    return false;
}

static double held(const struct node *n)
{
    double sum = 0;
    for (int i = 0; i < n->n_links; i++) {
        const struct match *m = match_of_node(n->links[i]);
        sum += match_holds(m->state) ? m->quantity : 0;
    }
    return sum;
}

static bool check_post(const struct node *n, struct errbuf *why)
{
    const struct post *p = n->object;
    if (fabs(held(n) - p->reserved) > EPSILON * 10)
        return fail(why, n, "reserved is not what its matches hold");
    if (p->reserved + p->fulfilled > p->asked + EPSILON * 10)
        return fail(why, n, "promised beyond its quantity");
    if (p->state == POST_RESERVED && post_left(p) > 0)
        return fail(why, n, "reserved with something left");
    if (p->state == POST_OPEN && post_left(p) <= 0)
        return fail(why, n, "open with nothing left");
    if (!p->origin.message || !p->text)
        return fail(why, n, "without its message");
    if (p->slots.n_contacts || p->slots.place.room[0])
        return fail(why, n, "holds a contact or a room in the clear");
    return true;
}

static bool check_resource(const struct node *n, struct errbuf *why)
{
    const struct resource *r = n->object;
    if (fabs(held(n) - r->reserved) > EPSILON * 10)
        return fail(why, n, "reserved is not what its matches hold");
    if (r->reserved > r->capacity + EPSILON * 10 && r->capacity >= 0)
        return fail(why, n, "promised beyond its capacity");
    return true;
}

static bool check_match(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct match *m = n->object;
    float sum = 0;
    for (int i = 0; i < m->n_reasons; i++)
        sum += m->reasons[i].part;
    if (fabsf(sum - m->score) > 1e-3f)
        return fail(why, n, "its parts do not add up to its score");
    if (match_holds(m->state) && m->request[0] && !post_of(c, m->request))
        return fail(why, n, "its request is gone");
    if (match_holds(m->state) && m->offer[0] && !post_of(c, m->offer))
        return fail(why, n, "its offer is gone");
    if (m->request[0] && m->offer[0]) {
        const struct post *r = post_of(c, m->request), *o = post_of(c, m->offer);
        if (r && o && r->origin.sender && o->origin.sender &&
            !strcmp(r->origin.sender, o->origin.sender))
            return fail(why, n, "somebody is matched with themselves");
    }
    return m->state != MATCH_PROPOSED || fail(why, n, "left without a route");
}

static bool check_outbound(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct outbound *o = n->object;
    const struct node *mn = node_find(c, OBJECT_MATCH, o->match);
    bool live = o->state == OUTBOUND_WAITING;
    if (live && (!mn || match_of_node(mn)->state != MATCH_APPROVED))
        return fail(why, n, "waits without an approval");
    if (live && !match_of_node(mn)->decided_by)
        return fail(why, n, "has nobody's permit");
    return true;
}

static bool check_due(const struct node *n, struct errbuf *why)
{
    const struct post *p = n->object;
    if (n->kind == OBJECT_POST && n->due_ms == INT64_MAX && !post_is_final(p->state))
        return fail(why, n, "open for ever: no time is due");
    return true;
}

static bool check_node(const struct core *c, const struct node *n, struct errbuf *why)
{
    switch (n->kind) {
    case OBJECT_POST:
        return check_post(n, why) && check_due(n, why);
    case OBJECT_RESOURCE:
        return check_resource(n, why);
    case OBJECT_MATCH:
        return check_match(c, n, why);
    case OBJECT_OUTBOUND:
        return check_outbound(c, n, why);
    default:
        return true;
    }
}

struct indexed { /* what the index has of one side and category */
    const struct core *c;
    int n;
    struct errbuf *why;
    bool ok;
};

static void count_indexed(void *arg, void *thing)
{
    struct indexed *x = arg;
    const struct node *n = thing;
    const struct post *p = n->object;
    x->n++;
    if (n->kind == OBJECT_POST && (post_is_final(p->state) || post_left(p) <= 0))
        x->ok = fail(x->why, n, "stands in the index though nothing is left");
}

static bool check_index(const struct core *c, struct errbuf *why)
{
    for (const struct node *n = c->objects[OBJECT_POST]; n; n = n->hh.next) {
        const struct post *p = n->object;
        struct indexed x = {.c = c, .why = why, .ok = true};
        if (post_is_final(p->state) || post_left(p) <= 0)
            continue;
        match_index_each(c->index, p->origin.community, 1u << p->category, p->side, count_indexed,
                         &x);
        if (!x.ok)
            return false;
        if (!x.n)
            return fail(why, n, "is open and not in the index");
    }
    return true;
}

bool core_check(const struct core *c, struct errbuf *why)
{
    for (int k = 0; k < OBJECT_KIND_N; k++)
        for (const struct node *n = c->objects[k]; n; n = n->hh.next)
            if (!check_node(c, n, why))
                return false;
    return check_index(c, why);
}

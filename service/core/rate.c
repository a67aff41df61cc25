/* What the core knows of two sides of a match, as the match room rates them. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"

/* Two things that the lexicon knows apart are different, however alike their names are written. */
static double like_items(void *arg, const struct slot_item *a, const struct slot_item *b)
{
    const struct core *c = arg;
    if (!a->concept || !b->concept || a->concept == b->concept)
        return text_item_likeness(c->o.model, a, b);
    if (text_trades_differ(a, b))
        return 0;
    const struct slot_item x = {.concept = a->concept}, y = {.concept = b->concept};
    return text_item_likeness(c->o.model, &x, &y);
}

double rate_things(const struct core *c, const struct slots *said, const struct node *resource)
{
    double best = 0;
    for (int i = 0; i < said->n_items; i++)
        for (int k = 0; k < resource->n_items; k++) {
            double like = like_items((void *)c, &said->items[i], &resource->items[k]);
            best = like > best ? like : best;
        }
    return best;
}

/* 有没有人家里有 and 我家有人字梯 are alike in nothing that says anything. */
static double like_texts(void *arg, const char *a, const char *b)
{
    const struct core *c = arg;
    double like = text_likeness(c->o.work, str_of(a), str_of(b));
    return like > 0 && text_words_shared(c->o.work, str_of(a), str_of(b)) ? like : 0;
}

static int grams(void *arg, const char *text, uint16_t out[MATCH_CHARS_MAX])
{
    _Static_assert(MATCH_CHARS_MAX == TEXT_GRAMS_MAX, "both rooms know the same grams");
    const struct core *c = arg;
    return text_grams(c->o.work, str_of(text), out);
}

struct match_likeness likeness_of(const struct core *c)
{
    return (struct match_likeness){.item = like_items, .grams = grams, .arg = (void *)c};
}

static void count_pending(void *arg, struct node *match)
{
    const struct match *m = match->object;
    *(int *)arg += !match_is_loose(m);
}

/* What has been proposed to them by a person may all come true; what is up for choice is counted
   where it is chosen. */
static const struct party *fill_helper(const struct core *c, const struct node *n,
                                       struct match_side *s, const char *community,
                                       const char *party)
{
    const struct party *p = party_find(c, community, party);
    bool gives = n->kind == OBJECT_RESOURCE || ((const struct post *)n->object)->side == SIDE_OFFER;
    struct helper h;
    s->party = party;
    s->party_kind = p ? p->kind : PARTY_RESIDENT;
    s->monthly_limit = p ? p->monthly_limit : -1;
    s->not_asked = p && !party_may_be_asked(p);
    s->helped = p && p->month == month_of(c) ? p->helped : 0;
    s->has_past = gives && p && p->outcomes.n;
    if (s->has_past)
        s->past = past_sum(&p->outcomes, month_of(c));
    if (s->monthly_limit >= 0) {
        helper_of(c, n, &h);
        helper_each(c, &h, count_pending, &s->helped);
    }
    return p;
}

static void side_of_post(const struct core *c, const struct node *n, struct match_side *s)
{
    const struct post *p = n->object;
    *s = (struct match_side){.id = p->id,
                             .community = p->origin.community,
                             .text = p->text,
                             .category = p->category,
                             .mode = p->mode,
                             .urgency = p->urgency,
                             .flags = p->flags,
                             .items = p->slots.items,
                             .n_items = p->slots.n_items,
                             .left = node_left(n) + n->loose,
                             .start_ms = p->slots.time.start_ms,
                             .end_ms = p->slots.time.end_ms,
                             .scope = PLACE_COMMUNITY,
                             .reach = p->reach,
                             .kinds = n->kinds,
                             .opened_ms = p->opened_ms};
    place_chain(c, p->origin.community, p->origin.place, s->places);
    const struct party *by = fill_helper(c, n, s, p->origin.community, p->origin.party);
    if (by && !party_is_seen(by) && p->side == SIDE_OFFER && !s->start_ms &&
        !s->end_ms) /* else it says when itself */
        s->hours = &by->availability;
}

/* In an emergency what there is is there for the whole community. */
static enum place_kind scope_of(const struct core *c, const struct resource *r)
{
    return r->scope < PLACE_COMMUNITY && policy_emergency(c, r->community) ? PLACE_COMMUNITY
                                                                           : r->scope;
}

static void side_of_resource(const struct core *c, const struct node *n, struct match_side *s)
{
    const struct resource *r = n->object;
    const struct party *p = party_find(c, r->community, r->party);
    *s = (struct match_side){.id = r->id,
                             .community = r->community,
                             .text = r->items.n ? r->items.v[0] : "",
                             .category = r->category,
                             .mode = r->mode,
                             .items = n->items,
                             .n_items = n->n_items,
                             .left = node_left(n) + n->loose,
                             .end_ms = r->expires_ms,
                             .hours = r->hours.n || !p ? &r->hours : &p->availability,
                             .scope = scope_of(c, r),
                             .is_resource = true,
                             .words = (const char *const *)r->items.v,
                             .n_words = r->items.n,
                             .conditions = r->notes,
                             .kinds = n->kinds};
    place_chain(c, r->community, p ? p->place : "", s->places);
    fill_helper(c, n, s, r->community, r->party);
}

void side_of(const struct core *c, const struct node *n, struct match_side *s)
{
    if (n->kind == OBJECT_POST)
        side_of_post(c, n, s);
    else
        side_of_resource(c, n, s);
}

/* --- pairs --- */

static bool is_between(const struct match *m, const struct node *offer)
{
    const struct resource *r = offer->object;
    return offer->kind == OBJECT_POST ? !strcmp(m->offer, offer->key)
                                      : m->resource[0] && !strcmp(m->resource, r->id);
}

bool pair_is_own(const struct node *a, const struct node *b)
{
    const struct post *p = a->object, *q = b->object;
    return b->kind == OBJECT_POST && p->origin.sender && q->origin.sender &&
           !strcmp(p->origin.sender, q->origin.sender);
}

/* What was proposed once is not proposed again, unless nobody has ever been told of it. */
bool pair_may(const struct node *request, const struct node *offer, struct node **match_r)
{
    *match_r = NULL;
    for (int i = 0; i < request->n_links; i++) {
        const struct match *m = match_of_node(request->links[i]);
        if (!is_between(m, offer) || m->displaced)
            continue;
        if (!match_is_loose(m))
            return false;
        *match_r = request->links[i];
    }
    return !pair_is_own(request, offer);
}

static struct match_context context_of(const struct core *c)
{
    return (struct match_context){.item = like_items,
                                  .text = like_texts,
                                  .arg = (void *)c, /* given back as what it is: read only */
                                  .weights = c->o.weights,
                                  .now_ms = c->now_ms,
                                  .zone_min = c->o.zone_min,
                                  .service = true};
}

void rate_sides(const struct core *c, const struct match_side *request,
                const struct match_side *offer, bool called, struct match_score *score)
{
    struct match_context cx = context_of(c);
    cx.called = called;
    match_rate(&cx, request, offer, score);
}

void rate_own(const struct core *c, const struct node *request, const struct node *offer,
              bool named, struct match_score *score)
{
    struct match_side r, o;
    struct match_context cx = context_of(c);
    cx.own = true;
    cx.called = named;
    side_of(c, request, &r);
    side_of(c, offer, &o);
    match_rate(&cx, &r, &o, score);
}

void rate_pair(const struct core *c, const struct node *request, const struct node *offer,
               bool called, struct match_score *score)
{
    struct match_side r, o;
    side_of(c, request, &r);
    side_of(c, offer, &o);
    rate_sides(c, &r, &o, called, score);
}

/* --- pairs that the policy table keeps back --- */

static bool is_ahead(const struct kept *k, const struct node *other, float score)
{
    if (!k->request || score > k->score)
        return true;
    return score >= k->score && id_compare(other->key, k->other->key) < 0;
}

bool pair_is_kept(const struct core *c, struct node *request, struct node *offer,
                  const struct node *other, const struct match_score *score, struct kept *k)
{
    const char *why;
    struct helper h;
    helper_of(c, offer, &h);
    enum route route = policy_of_pair(c, request->object, h.party, score->fit, &why);
    if (route != ROUTE_CASE && route != ROUTE_REFUSE)
        return false;
    if (score->fit >= SCORE_FLOOR && is_ahead(k, other, score->score))
        *k = (struct kept){request, offer, other, score->score, route, why};
    return true;
}

void kept_settle(struct core *c, const struct kept *k)
{
    const char *reason = c->reason;
    if (!k->request)
        return;
    c->reason = k->why;
    if (k->route == ROUTE_CASE)
        case_of_request(c, k->request);
    else
        tell_audit(c, "match.refuse", k->request, NULL, k->offer->key);
    c->reason = reason;
}

/* Proposals: for a post that has opened, or is free again, the best of what there is. */
#include "sustain_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define FLOOR 0.42f     /* of the score: below it, nobody is bothered */
#define PROPOSED_MOST 8 /* one request over several offers, one offer over several requests */

/* Two things that the lexicon knows apart are different, however alike their names are written. */
static double like_items(void *arg, const struct slot_item *a, const struct slot_item *b)
{
    const struct core *c = arg;
    if (!a->concept || !b->concept || a->concept == b->concept)
        return text_item_likeness(c->o.model, a, b);
    const struct slot_item x = {.concept = a->concept}, y = {.concept = b->concept};
    return text_item_likeness(c->o.model, &x, &y);
}

static double like_texts(void *arg, const char *a, const char *b)
{
    const struct core *c = arg;
    return text_likeness(c->o.work, str_of(a), str_of(b));
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

/* Matches in which this party stands as a helper and has not agreed yet: they may all come true. */
static int asked_already(const struct core *c, const char *community, const char *party)
{
    char key[LIST_KEY_SIZE];
    int n = 0;
    list_key(key, LIST_PERSON, community, party);
    for (struct seat *s = list_last(c, key); s; s = seat_before(s)) {
        const struct match *m = s->node->object;
        n += s->node->kind == OBJECT_MATCH && match_pends(m) && !strcmp(m->helper, party);
    }
    return n;
}

static void fill_helper(const struct core *c, struct match_side *s, const char *community,
                        const char *party)
{
    const struct party *p = party_find(c, community, party);
    struct civil now = civil_of_ms(c->now_ms, c->o.zone_min);
    s->party = party;
    s->party_kind = p ? p->kind : PARTY_RESIDENT;
    s->monthly_limit = p ? p->monthly_limit : -1;
    s->helped = p && p->month == now.year * 12 + now.month ? p->helped : 0;
    if (s->monthly_limit >= 0)
        s->helped += asked_already(c, community, party);
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
                             .left = post_left(p),
                             .start_ms = p->slots.time.start_ms,
                             .end_ms = p->slots.time.end_ms,
                             .scope = PLACE_COMMUNITY,
                             .reach = p->reach,
                             .opened_ms = p->opened_ms};
    place_chain(c, p->origin.community, p->origin.place, s->places);
    fill_helper(c, s, p->origin.community, p->origin.party);
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
                             .left = r->capacity - r->reserved,
                             .end_ms = r->expires_ms,
                             .hours = &r->hours,
                             .scope = scope_of(c, r),
                             .is_resource = true,
                             .words = (const char *const *)r->items.v,
                             .n_words = r->items.n,
                             .conditions = r->notes};
    place_chain(c, r->community, p ? p->place : "", s->places);
    fill_helper(c, s, r->community, r->party);
}

void side_of(const struct core *c, const struct node *n, struct match_side *s)
{
    if (n->kind == OBJECT_POST)
        side_of_post(c, n, s);
    else
        side_of_resource(c, n, s);
}

/* --- the search --- */

struct search {
    struct core *c;
    struct node *post;          /* for which */
    const struct party *called; /* whose resources alone are looked at, or NULL: all */
    struct node *best, *second;
    struct match_score best_score, second_score;
    bool withholds;    /* the table keeps some pairs from being proposed */
    struct node *kept; /* the best of those, or NULL */
    float kept_score;
    enum route kept_route;
    const char *kept_why;
};

static struct search search_for(struct core *c, struct node *post)
{
    const struct post *p = post->object;
    return (struct search){
        .c = c, .post = post, .withholds = policy_withholds(c, p->origin.community)};
}

static struct match_context context_of(const struct core *c)
{
    return (struct match_context){.item = like_items,
                                  .text = like_texts,
                                  .arg = (void *)c, /* given back as what it is: read only */
                                  .weights = c->o.weights,
                                  .now_ms = c->now_ms,
                                  .zone_min = c->o.zone_min};
}

void rate_pair(struct core *c, const struct node *request, const struct node *offer,
               struct match_score *score)
{
    struct match_side r, o;
    const struct match_context cx = context_of(c);
    side_of(c, request, &r);
    side_of(c, offer, &o);
    match_rate(&cx, &r, &o, score);
}

/* A pair that was proposed once is not proposed again. */
static bool was_paired(const struct node *a, const struct node *b)
{
    for (int i = 0; i < a->n_links; i++)
        for (int k = 0; k < b->n_links; k++)
            if (a->links[i] == b->links[k])
                return true;
    return false;
}

static bool same_sender(const struct node *a, const struct node *b)
{
    const struct post *p = a->object, *q = b->object;
    return a->kind == OBJECT_POST && b->kind == OBJECT_POST && p->origin.sender &&
           q->origin.sender && !strcmp(p->origin.sender, q->origin.sender);
}

static void rate_for(const struct search *q, struct node *other, bool called,
                     struct match_score *score)
{
    struct match_side own, had;
    struct match_context cx = context_of(q->c);
    bool asks = ((const struct post *)q->post->object)->side == SIDE_REQUEST;
    cx.called = called;
    cx.service = asks;
    side_of(q->c, q->post, &own);
    side_of(q->c, other, &had);
    match_rate(&cx, asks ? &own : &had, asks ? &had : &own, score);
}

static struct node *request_of(const struct search *q, struct node *other)
{
    return ((const struct post *)q->post->object)->side == SIDE_REQUEST ? q->post : other;
}

static const char *helper_of(const struct node *offer)
{
    return offer->kind == OBJECT_POST ? ((const struct post *)offer->object)->origin.party
                                      : ((const struct resource *)offer->object)->party;
}

/* Does the table keep this pair from being proposed? The best of those is remembered: of equals the
   older, so that the order of the search does not matter. */
static bool is_kept(struct search *q, struct node *other, const struct match_score *score)
{
    const char *why;
    if (!q->withholds || !score->possible)
        return false;
    struct node *request = request_of(q, other);
    enum route route = policy_of_pair(
        q->c, request->object, helper_of(request == q->post ? other : q->post), score->score, &why);
    if (route != ROUTE_CASE && route != ROUTE_REFUSE)
        return false;
    bool better = !q->kept || score->score > q->kept_score ||
                  (score->score >= q->kept_score && id_compare(other->key, q->kept->key) < 0);
    if (score->score >= FLOOR && better) {
        q->kept = other;
        q->kept_score = score->score;
        q->kept_route = route;
        q->kept_why = why;
    }
    return true;
}

static bool rate_one(void *arg, void *thing, float *score_r)
{
    struct search *q = arg;
    struct match_score score;
    if (was_paired(q->post, thing) || same_sender(q->post, thing))
        return false;
    rate_for(q, thing, false, &score);
    *score_r = score.score;
    return score.possible && !is_kept(q, thing, &score);
}

/* Among the resources of whom the request calls on, none has to be likely; of others, all are
   looked at, since what they do need not be named. */
static void try_resource(void *arg, void *thing)
{
    struct search *q = arg;
    struct node *other = thing;
    struct match_score score;
    bool called =
        q->called && !strcmp(((const struct resource *)other->object)->party, q->called->id);
    if ((q->called && !called) || other == q->best || other == q->second ||
        was_paired(q->post, other))
        return;
    rate_for(q, other, called, &score);
    if (!score.possible || (!called && score.score < FLOOR) || is_kept(q, other, &score))
        return;
    if (!q->best || score.score > q->best_score.score) {
        q->second = q->best;
        q->second_score = q->best_score;
        q->best = other;
        q->best_score = score;
    } else if (!q->second || score.score > q->second_score.score) {
        q->second = other;
        q->second_score = score;
    }
}

static void find_best(struct search *q)
{
    struct match_found found[2] = {{NULL, 0}, {NULL, 0}};
    const struct match_search s = {.weights = q->c->o.weights,
                                   .now_ms = q->c->now_ms,
                                   .floor = FLOOR,
                                   .rate = rate_one,
                                   .arg = q};
    q->kept = NULL;
    match_index_best(q->c->index, q->post->indexed, &s, found, 2);
    q->best = found[0].thing;
    q->second = found[1].thing;
    if (q->best)
        rate_for(q, q->best, false, &q->best_score);
    if (q->second)
        rate_for(q, q->second, false, &q->second_score);
    const struct post *p = q->post->object;
    if (p->side == SIDE_REQUEST)
        match_index_each(q->c->index, p->origin.community, match_near_categories(p->category),
                         try_resource, q);
}

/* Part by part, where the first is ahead most. */
static char *why_second(const struct search *q)
{
    struct buf out;
    buf_init(&out);
    if (!q->second)
        return NULL;
    buf_addf(&out, "次选 %s：%.2f 分", q->second->key, (double)q->second_score.score);
    for (int i = 0; i < q->best_score.n_reasons; i++)
        for (int k = 0; k < q->second_score.n_reasons; k++) {
            const struct reason *a = &q->best_score.reasons[i], *b = &q->second_score.reasons[k];
            if (!strcmp(a->name, b->name) && a->part - b->part > 0.02f)
                buf_addf(&out, "；%s 少 %.2f（%s）", b->name, (double)(a->part - b->part), b->text);
        }
    return buf_take(&out);
}

/* --- from the best to a match --- */

static void hold(struct core *c, struct node *n)
{
    match_event(c, n, MATCH_EVENT_HOLD);
}

/* Posted by itself, after a grace in which neighbours may answer first. */
static void let_post(struct core *c, struct node *n, const struct post *request)
{
    int64_t grace = request->grace_until_ms - c->now_ms;
    match_event(c, n, MATCH_EVENT_APPROVE);
    mem_replace(&match_of_node(n)->decided_by, BY_POLICY);
    if (!outbound_create(c, n, grace > c->o.undo_ms ? grace : c->o.undo_ms))
        hold(c, n);
}

static void route(struct core *c, struct node *n, const struct post *request)
{
    struct match *m = n->object;
    policy_route(c, m, request);
    if (unmet_is_beyond(c, m, request)) {
        m->route = ROUTE_REVIEW;
        mem_replace(&m->route_why, "超出该资源登记的服务范围，由人决定");
    }
    match_tell_proposed(c, m);
    c->reason = m->route_why;
    if (m->route == ROUTE_REVIEW)
        hold(c, n);
    else
        let_post(c, n, request);
    c->reason = NULL;
}

static double quantity_of(const struct core *c, const struct node *request,
                          const struct node *offer)
{
    struct match_side side;
    double asked = post_left(request->object);
    side_of(c, offer, &side);
    return side.left < asked ? side.left : asked;
}

static void propose(struct search *q)
{
    struct core *c = q->c;
    bool asks = ((const struct post *)q->post->object)->side == SIDE_REQUEST;
    struct node *request = asks ? q->post : q->best, *offer = asks ? q->best : q->post;
    struct node *n =
        match_create(c, request->object, offer, quantity_of(c, request, offer), &q->best_score);
    match_of_node(n)->runner_up = why_second(q);
    route(c, n, request->object);
}

/* All that there was the table kept back: the request is the responsible party's, or it is said why
   nobody was proposed. */
static void settle_kept(struct search *q)
{
    struct core *c = q->c;
    const char *reason = c->reason;
    if (!q->kept)
        return;
    struct node *request = request_of(q, q->kept);
    c->reason = q->kept_why;
    if (q->kept_route == ROUTE_CASE)
        case_of_request(c, request);
    else
        tell_audit(c, "match.refuse", request, NULL,
                   request == q->post ? q->kept->key : q->post->key);
    c->reason = reason;
}

void propose_for(struct core *c, struct node *post)
{
    struct search q = search_for(c, post);
    for (int i = 0; i < PROPOSED_MOST; i++) {
        const struct post *p = post->object;
        if (post_is_final(p->state) || post_left(p) <= 0)
            return;
        find_best(&q);
        if (!q.best) {
            settle_kept(&q);
            return;
        }
        propose(&q);
    }
}

void propose_called(struct core *c, const struct said *s, struct node *post)
{
    for (int i = 0; i < s->m->n_mentions && post_left(post->object) > 0; i++) {
        struct search q = search_for(c, post);
        q.called = party_of_sender(c, s->m->community, s->m->mentions[i]);
        if (!q.called || q.called->kind == PARTY_RESIDENT)
            continue;
        const struct post *p = post->object;
        match_index_each(c->index, p->origin.community, match_near_categories(p->category),
                         try_resource, &q);
        if (q.best)
            propose(&q);
        else
            settle_kept(&q);
    }
}

const char *propose_forbids(const struct core *c, const struct node *request,
                            const struct node *offer, double freed)
{
    struct match_side r, o;
    struct match_score score;
    const struct match_context cx = context_of(c);
    if (same_sender(request, offer))
        return "不匹配给自己";
    side_of(c, request, &r);
    side_of(c, offer, &o);
    r.left += freed;
    match_rate(&cx, &r, &o, &score);
    const char *why;
    enum route route = policy_of_pair(c, request->object, helper_of(offer), score.score, &why);
    return score.why_not ? score.why_not : route == ROUTE_REFUSE ? why : NULL;
}

struct node *propose_this(struct core *c, struct node *request, struct node *offer)
{
    struct match_score score;
    rate_pair(c, request, offer, &score);
    struct node *n =
        match_create(c, request->object, offer, quantity_of(c, request, offer), &score);
    struct match *m = n->object;
    m->route = ROUTE_REVIEW;
    mem_replace(&m->route_why, "由人另选的人选");
    match_tell_proposed(c, m);
    hold(c, n);
    return n;
}

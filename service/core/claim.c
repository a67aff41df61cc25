/* Answers in the chat that settle something: claims on requests and offers. */
#include "context_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

static bool is_party(const struct said *s, const char *party)
{
    return s->party && party[0] && !strcmp(s->party->id, party);
}

/* Does this sender stand in the match, as helper or helped? */
static bool stands_in(const struct core *c, const struct said *s, const struct match *m)
{
    const struct post *request = post_of(c, m->request), *offer = post_of(c, m->offer);
    return (request && is_own(s, request)) || (offer && is_own(s, offer)) ||
           (m->claimant && !strcmp(m->claimant, s->m->sender)) || is_party(s, m->helper) ||
           is_party(s, m->helped);
}

/* The standing match of this sender on that post: one person stands in line once. */
static struct node *own_match_on(const struct core *c, const struct node *post,
                                 const struct said *s)
{
    for (int i = 0; i < post->n_links; i++)
        if (match_holds(match_of_node(post->links[i])->state) &&
            stands_in(c, s, match_of_node(post->links[i])))
            return post->links[i];
    return NULL;
}

/* --- what the claimant has or wants already: the claim only says it again --- */

/* How surely a thing of their register is meant; of those meant alike the better score counts. */
#define ASKED_FOR 2.0f /* the request names it */
#define NAMED 4.0f     /* they name it in their answer, whatever the request was read as */

struct own_side {
    struct core *c;
    const struct said *s;
    struct node *post, *best; /* post: the one that is claimed */
    float best_worth;
};

static void try_own(struct own_side *q, struct node *n, float surely)
{
    struct match_score score;
    bool asks = ((const struct post *)q->post->object)->side == SIDE_REQUEST;
    rate_own(q->c, asks ? q->post : n, asks ? n : q->post, surely > 0, &score);
    float worth = surely + (score.possible ? score.score : 0);
    if ((score.possible || surely >= NAMED) && worth > q->best_worth) {
        q->best = n;
        q->best_worth = worth;
    }
}

static bool try_own_post(void *arg, struct node *n)
{
    struct own_side *q = arg;
    const struct post *p = n->object;
    if (n->kind == OBJECT_POST && is_own(q->s, p) && post_left(p) > 0 &&
        p->side != ((const struct post *)q->post->object)->side)
        try_own(q, n, 0);
    return true;
}

/* What only waits gives way to somebody who takes it, see make_room. */
static bool gives_way(const struct match *m)
{
    return match_pends(m) && m->state != MATCH_POSTED;
}

static bool can_be_had(const struct node *offer)
{
    for (int i = 0; i < offer->n_links; i++)
        if (gives_way(match_of_node(offer->links[i])))
            return true;
    return node_left(offer) > 0;
}

static bool names_resource(const struct core *c, const char *text, const struct slots *slots,
                           const struct node *n)
{
    const struct resource *r = n->object;
    const struct match_side has = {
        .category = r->category, .words = (const char *const *)r->items.v, .n_words = r->items.n};
    return match_is_named(&has, text) || rate_things(c, slots, n) >= THE_SAME;
}

static void try_resource(void *arg, void *thing)
{
    struct own_side *q = arg;
    struct node *n = thing;
    const struct resource *r = n->object;
    const struct post *p = q->post->object;
    if (strcmp(r->party, q->s->party->id) != 0 || !can_be_had(n))
        return;
    if (names_resource(q->c, q->s->m->text, &q->s->reading.slots, n))
        try_own(q, n, NAMED);
    else if (names_resource(q->c, p->text, &p->slots, n))
        try_own(q, n, ASKED_FOR);
    else if (match_near_categories(p->category) & 1u << r->category)
        try_own(q, n, 0);
}

static void own_resource(struct own_side *q)
{
    const struct post *p = q->post->object;
    if (known_sender(q->s) && p->side == SIDE_REQUEST)
        match_index_each(q->c->index, p->origin.community, ~0u, try_resource, q);
}

static struct node *own_side(struct core *c, const struct said *s, struct node *post)
{
    struct own_side q = {.c = c, .s = s, .post = post};
    own_each(c, s, try_own_post, &q);
    if (!q.best)
        own_resource(&q);
    return q.best;
}

/* They name another thing of their register than the one that was proposed of it. */
static bool means_another(struct core *c, const struct said *s, struct node *post,
                          const struct match *m)
{
    struct own_side q = {.c = c, .s = s, .post = post};
    if (!match_pends(m) || !m->resource[0] || !is_party(s, m->helper))
        return false;
    own_resource(&q);
    return q.best_worth >= NAMED && q.best != match_offer(c, m);
}

/* --- claims --- */

/* What only waits for a review or a bot gives way to neighbours who talk to each other, as much of
   it as is needed: 我有一辆 leaves the other one of two to whom we have asked. */
static void make_room(struct core *c, struct node *n, double quantity)
{
    const struct post *p = n->object;
    bool has = n->kind == OBJECT_RESOURCE || p->side == SIDE_OFFER;
    for (int i = n->n_links; i-- > 0;) {
        const struct match *m = match_of_node(n->links[i]);
        double lacks = quantity - node_left(n);
        if (!(has ? gives_way(m) : match_pends(m)) || lacks <= EPSILON)
            continue;
        if (!has && m->quantity > lacks + EPSILON)
            match_shrink(c, n->links[i], lacks);
        else
            match_event(c, n->links[i], MATCH_EVENT_LAPSE);
    }
}

/* Of a request, what is only waited for counts as lacking. */
static double could_be_left(const struct node *n)
{
    const struct post *p = n->object;
    double left = post_left(p);
    for (int i = 0; p->side == SIDE_REQUEST && i < n->n_links; i++)
        left += match_pends(match_of_node(n->links[i])) ? match_of_node(n->links[i])->quantity : 0;
    return left;
}

/* Quantity 0: it stands in line. */
static void settle(struct core *c, const struct said *s, struct node *post, struct node *own,
                   double quantity, bool asks)
{
    const struct post *p = post->object;
    bool wants = p->side == SIDE_OFFER;
    const struct post *request = wants ? (own ? own->object : NULL) : p;
    struct node *n = match_create(c, request, wants ? post : own, quantity, NULL);
    struct match *m = n->object;
    match_claimed_by(c, n, s);
    m->route = ROUTE_SELF;
    m->asks = asks;
    m->untold = asks || (quantity <= 0 && amount_is_single(p) && !says_queues(&s->words));
    mem_replace(&m->route_why, "邻居在群里自己谈好");
    if (!m->untold)
        match_tell_proposed(c, m);
    if (quantity > 0)
        match_event(c, n, MATCH_EVENT_AGREE);
    else
        match_wait_in_line(c, n, p);
}

/* Whose offer it is will tell: assent.c. */
static bool asks_owner(const struct said *s, const struct post *p)
{
    return p->side == SIDE_OFFER && says_is_left(&s->words);
}

static void claim_post(struct core *c, const struct said *s, struct node *post)
{
    const struct post *p = post->object;
    bool asks = asks_owner(s, p);
    if (!asks)
        make_room(c, post, amount_claimed(s, p, could_be_left(post)));
    double quantity = amount_claimed(s, p, post_left(p)); /* there may be more left now */
    if (quantity <= 0 || post_left(p) <= 0 || quantity > post_left(p) + EPSILON)
        quantity = 0;
    struct node *own = own_side(c, s, post);
    if (asks) {
        settle(c, s, post, own, 0, true);
        return;
    }
    if (own && own->kind == OBJECT_RESOURCE)
        make_room(c, own, quantity);
    if (own && node_left(own) < quantity)
        quantity = node_left(own);
    settle(c, s, post, own, quantity, false);
}

/* 门岗有梯子，登记一下就能拿: whose it is helps, and not who tells of it. */
static bool is_tip(struct core *c, const struct said *s, const struct post *p)
{
    return p->side == SIDE_REQUEST && !says_gives(&s->words) && scene_is_tip(c, s);
}

/* Neighbours may talk of it as they like; Linli makes no match of it. */
static bool is_unfit(const struct said *s, const struct post *p)
{
    bool taken_in = p->category == CATEGORY_MEDICINE || p->category == CATEGORY_FOOD ||
                    p->category == CATEGORY_BABY;
    return match_is_money(p->text) || (p->side == SIDE_REQUEST && says_has_none(&s->words)) ||
           match_sizes_differ(p->text, s->m->text) || match_hosts_differ(p->text, s->m->text) ||
           (p->side == SIDE_REQUEST && taken_in &&
            (match_is_stale(s->m->text) || match_harms_child(p->text, s->m->text)));
}

bool claim_on(struct core *c, const struct said *s, struct node *post, bool for_own)
{
    const struct post *p = post->object;
    if (post_is_final(p->state) || is_own(s, p) || is_unfit(s, p) || is_tip(c, s, p) ||
        own_match_on(c, post, s) || (for_own && !own_side(c, s, post)))
        return false;
    claim_post(c, s, post);
    return true;
}

/* 我要了 from who has asked 还有吗 */
static void says_more(struct core *c, const struct said *s, struct node *n)
{
    struct match *m = match_of_node(n);
    if (!m->asks || says_is_left(&s->words))
        return;
    m->asks = false;
    node_touch(c, n);
}

#define SURE 0.6f
#define LIKELY 0.4f /* enough where they commit themselves in words */

/* That they help, or take, as an answer or of their own accord: 你快来, with what is asked for in
   hand, is half a request. Less sure claims hold once whose post it is assents: assent.c. */
static bool is_sure(const struct said *s)
{
    const float *p = s->reading.intent_p;
    float sure = p[INTENT_CLAIM] + p[INTENT_OFFER] + p[INTENT_REQUEST];
    return sure >= SURE || (sure >= LIKELY && says_commits(&s->words));
}

struct node *claim_take(struct core *c, struct said *s)
{
    struct node *n = thread_target(c, s);
    struct post *p = n ? n->object : NULL;
    if (!p || post_is_final(p->state) || is_unfit(s, p) || is_tip(c, s, p))
        return n;
    struct node *mine = own_match_on(c, n, s);
    if (mine && means_another(c, s, n, match_of_node(mine))) {
        claim_post(c, s, n);
    } else if (mine && match_in_line(match_of_node(mine))) {
        says_more(c, s, mine);
        claim_next(c, n); /* said again: it may be their turn by now */
    } else if (mine && ask_awaits_helper(c, s, match_of_node(mine)) &&
               strcmp(p->origin.group, s->m->group) != 0) { /* the helper does not hear it */
        match_accept(c, mine);
    } else if (mine) { /* what we proposed, they say themselves */
        if (!match_of_node(mine)->claim)
            match_claimed_by(c, mine, s);
        if (match_event(c, mine, MATCH_EVENT_AGREE))
            ask_tell_agreed(c, mine, s);
    } else if (asks_owner(s, p) || is_sure(s)) {
        claim_post(c, s, n);
    }
    return n;
}

struct node *claim_ask(struct core *c, struct said *s)
{
    struct node *n = says_is_left(&s->words) ? thread_target(c, s) : NULL;
    if (n && ((const struct post *)n->object)->side == SIDE_OFFER)
        claim_on(c, s, n, false);
    return n;
}

static void serve(struct core *c, struct node *n, double quantity)
{
    struct match *m = n->object;
    if (m->untold)
        match_tell_proposed(c, m);
    m->untold = false;
    match_served(c, n, quantity);
}

/* No more than what they have, or want, themselves. */
static double part_for(const struct core *c, const struct post *p, const struct match *m)
{
    const struct node *own = p->side == SIDE_OFFER ? match_request(c, m) : match_offer(c, m);
    double part = amount_each(p);
    return own && node_left(own) < part ? node_left(own) : part;
}

/* There is room again: whoever stands in line is served, the first one first. */
void claim_next(struct core *c, struct node *post)
{
    const struct post *p = post->object;
    for (int i = 0; i < post->n_links && !post_is_final(p->state) && post_left(p) > 0; i++) {
        const struct match *m = match_of_node(post->links[i]);
        double part = match_in_line(m) && !m->asks ? part_for(c, p, m) : 0;
        if (part > 0 && part <= post_left(p) + EPSILON)
            serve(c, post->links[i], part);
    }
}

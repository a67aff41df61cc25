/* From a pair to a match: what the policy says about it, and what people choose themselves. */
#include "sustain_priv.h"

#include <string.h>

#include "base/mem.h"

static void hold(struct core *c, struct node *n)
{
    match_event(c, n, MATCH_EVENT_HOLD);
}

/* Posted by itself, after a grace in which neighbours may answer first. */
static void let_post(struct core *c, struct node *n, const struct post *request)
{
    int64_t grace = request->grace_until_ms - c->now_ms;
    match_event(c, n, MATCH_EVENT_APPROVE);
    match_decide(c, n, BY_POLICY);
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

struct node *propose(struct core *c, struct node *request, struct node *offer, double quantity,
                     const struct match_score *score, char *runner_up, bool called)
{
    struct node *n = match_create(c, request->object, offer, quantity, score);
    match_of_node(n)->runner_up = runner_up;
    match_of_node(n)->called = called;
    route(c, n, request->object);
    return n;
}

/* --- by the choice of people --- */

/* What they choose takes the place of what only we have thought of, the latest first. */
static double make_way(struct core *c, struct node *request, struct node *offer)
{
    double asked = node_left(request);
    for (int i = offer->n_links; i-- > 0 && node_left(offer) < asked - EPSILON;) {
        const struct match *m = match_of_node(offer->links[i]);
        if (match_is_loose(m) && !match_is_told(m))
            match_displace(c, offer->links[i], "由人另作了安排");
    }
    return node_left(offer) < asked ? node_left(offer) : asked;
}

/* Among the resources of whom the request calls on, none has to be likely. */
struct called {
    struct core *c;
    struct node *request, *best;
    const struct party *party;
    struct match_score score;
    struct kept kept;
};

static void try_called(void *arg, void *thing)
{
    struct called *q = arg;
    struct node *other = thing, *match;
    struct match_score score;
    if (strcmp(((const struct resource *)other->object)->party, q->party->id) != 0 ||
        !pair_may(q->request, other, &match) || match)
        return;
    rate_pair(q->c, q->request, other, true, &score);
    if (!score.possible || (q->best && score.score <= q->score.score) ||
        pair_is_kept(q->c, q->request, other, other, &score, &q->kept))
        return;
    q->best = other;
    q->score = score;
}

void propose_called(struct core *c, const struct said *s, struct node *post)
{
    for (int i = 0; i < s->m->n_mentions && node_left(post) > 0; i++) {
        const struct post *p = post->object;
        struct called q = {.c = c,
                           .request = post,
                           .party = party_of_sender(c, s->m->community, s->m->mentions[i])};
        if (!q.party || q.party->kind == PARTY_RESIDENT)
            continue;
        match_index_each(c->index, p->origin.community, match_near_categories(p->category),
                         try_called, &q);
        double quantity = q.best ? make_way(c, post, q.best) : 0;
        if (quantity > 0)
            propose(c, post, q.best, quantity, &q.score, NULL, true);
        else if (!q.best)
            kept_settle(c, &q.kept);
    }
}

/* Of the offer, what people have been told of is not taken away again. */
static bool is_given(const struct node *offer)
{
    double left = node_left(offer);
    for (int i = 0; i < offer->n_links; i++) {
        const struct match *m = match_of_node(offer->links[i]);
        left += match_is_loose(m) && !match_is_told(m) ? m->quantity : 0;
    }
    return left <= EPSILON;
}

const char *propose_forbids(const struct core *c, const struct node *request,
                            const struct node *offer, double freed)
{
    struct match_side r, o;
    struct match_score score;
    if (pair_is_own(request, offer))
        return "不匹配给自己";
    if (is_given(offer))
        return "名额已满";
    side_of(c, request, &r);
    side_of(c, offer, &o);
    r.left += freed;
    rate_sides(c, &r, &o, false, &score);
    const char *why;
    enum route route = policy_of_pair(c, request->object, o.party, score.fit, &why);
    return score.why_not ? score.why_not : route == ROUTE_REFUSE ? why : NULL;
}

struct node *propose_this(struct core *c, struct node *request, struct node *offer, const char *why)
{
    struct match_score score;
    rate_pair(c, request, offer, false, &score);
    struct node *n = match_create(c, request->object, offer, make_way(c, request, offer), &score);
    struct match *m = n->object;
    m->route = ROUTE_REVIEW;
    mem_replace(&m->route_why, why);
    match_tell_proposed(c, m);
    hold(c, n);
    return n;
}

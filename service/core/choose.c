/* Who can be concerned when something is asked for, or is to be had again. A request may have what
   is free, or what another one holds that only waits, which then looks for something else; an offer
   may go to who has nothing, or to one who has less good, and then that is to be had in turn. These
   are the alternating paths along which an optimal assignment changes (C. Berge, 1957): all else
   stays as it is. Everything is told from the state alone, so that an owner who has just loaded it
   chooses as the one before would have. */
#include "choose_priv.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CANDIDATES 12  /* of one request or offer */
#define LOOKED_MOST 64 /* whose candidates are looked for, besides those that it begins with */
#define WANTED_MOST 64 /* requests of a category, the oldest first, that a service may be for */
#define STANDS 4e-6f   /* a proposal that stands wins a tie */

void choice_deinit(struct choice *q)
{
    for (int i = 0; i < q->n_in; i++)
        q->in[i].n->chosen = 0;
    free(q->in);
    free(q->back);
    free(q->pairs);
    free(q->queue);
}

static bool is_request(const struct node *n)
{
    return n->kind == OBJECT_POST && ((const struct post *)n->object)->side == SIDE_REQUEST;
}

/* --- pairs --- */

static struct pair *pair_of(const struct choice *q, int request, int offer)
{
    for (int i = q->in[request].first; i; i = q->pairs[i - 1].next[0])
        if (q->pairs[i - 1].offer == offer)
            return &q->pairs[i - 1];
    return NULL;
}

static struct pair *pair_put(struct choice *q, int request, int offer, float score)
{
    struct pair *p = pair_of(q, request, offer);
    if (p)
        return p;
    if (q->n_pairs == q->cap_pairs) {
        q->cap_pairs = q->cap_pairs ? q->cap_pairs * 2 : 64;
        q->pairs = mem_grow(q->pairs, (size_t)q->cap_pairs, sizeof *q->pairs);
    }
    p = &q->pairs[q->n_pairs++];
    *p = (struct pair){.request = request, .offer = offer, .score = score};
    p->next[0] = q->in[request].first;
    p->next[1] = q->in[offer].first;
    q->in[request].first = q->in[offer].first = q->n_pairs;
    return p;
}

/* --- entrants --- */

static int enter(struct choice *q, struct node *n);

/* What stands is worth what it is now; where it could not be made any more, what it was. */
static void enter_match(struct choice *q, int request, struct node *match)
{
    const struct match *m = match->object;
    struct match_score score;
    struct node *offer = match_offer(q->c, m);
    int o = offer ? enter(q, offer) : -1;
    if (o < 0)
        return;
    rate_pair(q->c, q->in[request].n, offer, false, &score);
    bool stale = !score.possible || score.fit < SCORE_FLOOR;
    struct pair *p = pair_put(q, request, o, (stale ? m->score : score.score) + STANDS);
    p->match = match;
    p->stale = stale;
}

static int enter(struct choice *q, struct node *n)
{
    if (n->chosen)
        return n->chosen - 1;
    if (q->n_in == q->cap_in) {
        q->cap_in = q->cap_in ? q->cap_in * 2 : 32;
        q->in = mem_grow(q->in, (size_t)q->cap_in, sizeof *q->in);
    }
    int at = q->n_in++;
    q->in[at] = (struct entrant){.n = n, .asks = is_request(n)};
    n->chosen = at + 1;
    for (int i = 0; q->in[at].asks && i < n->n_links; i++)
        if (match_is_loose(match_of_node(n->links[i])))
            enter_match(q, at, n->links[i]);
    return at;
}

static void queue(struct choice *q, int at)
{
    if (q->in[at].looked)
        return;
    q->in[at].looked = true;
    if (q->n_queue == q->cap_queue) {
        q->cap_queue = q->cap_queue ? q->cap_queue * 2 : 32;
        q->queue = mem_grow(q->queue, (size_t)q->cap_queue, sizeof *q->queue);
    }
    q->queue[q->n_queue++] = at;
}

void choice_from(struct choice *q, struct node *n)
{
    queue(q, enter(q, n));
}

/* --- the best candidates --- */

struct search {
    struct core *c;
    struct node *n;
    struct match_side own;
    bool asks, withholds;
    struct kept kept;
    struct match_found found[CANDIDATES];
    int n_found;
};

/* Who is to be left in peace for today. */
static bool is_resting(const struct core *c, const struct node *offer)
{
    struct helper h;
    helper_of(c, offer, &h);
    return h.spared && helper_asked(c, &h) > 0;
}

static bool rate_one(void *arg, void *thing, struct match_score *score)
{
    struct search *s = arg;
    struct node *request = s->asks ? s->n : thing, *offer = s->asks ? thing : s->n, *match;
    struct match_side had;
    if (!pair_may(request, offer, &match))
        return false;
    side_of(s->c, thing, &had);
    rate_sides(s->c, s->asks ? &s->own : &had, s->asks ? &had : &s->own, false, score);
    if (!score->possible || match)
        return score->possible;
    if (s->withholds && pair_is_kept(s->c, request, offer, thing, score, &s->kept))
        return false;
    return !is_resting(s->c, offer);
}

static bool is_better(const struct match_found *a, const struct match_found *b)
{
    if (a->score > b->score || a->score < b->score)
        return a->score > b->score;
    return id_compare(((struct node *)a->thing)->key, ((struct node *)b->thing)->key) < 0;
}

static void keep_if_good(struct search *s, struct node *n)
{
    struct match_found f = {.thing = n};
    struct match_score score;
    for (int i = 0; i < s->n_found; i++)
        if (s->found[i].thing == n)
            return;
    if (!rate_one(s, n, &score) || score.fit < SCORE_FLOOR)
        return;
    f.score = score.score;
    int at = s->n_found < CANDIDATES ? s->n_found++ : CANDIDATES - 1;
    if (at == CANDIDATES - 1 && s->found[at].thing && !is_better(&f, &s->found[at]))
        return;
    for (; at && is_better(&f, &s->found[at - 1]); at--)
        s->found[at] = s->found[at - 1];
    s->found[at] = f;
}

/* What a resource does for people need not be named: the index does not find it by that. */
static void try_resource(void *arg, void *thing)
{
    struct search *s = arg;
    const struct resource *r = ((struct node *)thing)->object;
    const struct match_side has = {.category = r->category,
                                   .mode = r->mode,
                                   .is_resource = true,
                                   .words = (const char *const *)r->items.v,
                                   .n_words = r->items.n,
                                   .kinds = ((struct node *)thing)->kinds};
    if (match_serves(&s->own, &has))
        keep_if_good(s, thing);
}

static void try_request(struct search *s, struct node *n)
{
    const struct post *p = n->object;
    const struct match_side wants = {
        .category = p->category, .mode = p->mode, .text = p->text, .kinds = n->kinds};
    if (match_serves(&wants, &s->own))
        keep_if_good(s, n);
}

static void try_wanted(struct search *s)
{
    const struct resource *r = s->n->object;
    char key[LIST_KEY_SIZE];
    unsigned near = s->own.kinds ? ~0u : match_near_categories(r->category);
    for (int k = 0; k < CATEGORY_N; k++) {
        int seen = 0;
        if (!(near & 1u << k))
            continue;
        list_key(key, LIST_WANTED, r->community, category_code((enum category)k));
        for (struct seat *seat = list_first(s->c, key); seat && seen++ < WANTED_MOST;
             seat = seat->next)
            try_request(s, seat->node);
    }
}

static void find_best(struct search *s)
{
    const struct match_search by = {.weights = s->c->o.weights,
                                    .now_ms = s->c->now_ms,
                                    .floor = SCORE_FLOOR,
                                    .rate = rate_one,
                                    .arg = s};
    side_of(s->c, s->n, &s->own);
    s->withholds = policy_withholds(s->c, s->own.community);
    if (s->n->indexed)
        s->n_found = match_index_best(s->c->index, s->n->indexed, &by, s->found, CANDIDATES);
    const struct post *p = s->n->object;
    if (s->asks)
        match_index_each(s->c->index, p->origin.community,
                         s->own.kinds ? ~0u : match_near_categories(p->category), try_resource, s);
    else if (s->n->kind == OBJECT_RESOURCE)
        try_wanted(s);
}

/* --- along the paths --- */

struct pulled {
    struct choice *q;
    int n;
};

static void pull_holder(void *arg, struct node *match)
{
    struct pulled *x = arg;
    const struct match *m = match->object;
    struct node *request = match_is_loose(m) ? match_request(x->q->c, m) : NULL;
    x->n++;
    if (request)
        queue(x->q, enter(x->q, request));
}

/* Who holds the offer, or has its helper asked, may have to look for something else. */
static void pull_holders(struct choice *q, int offer)
{
    struct node *n = q->in[offer].n;
    struct pulled x = {.q = q};
    struct helper h;
    if (q->in[offer].held)
        return;
    q->in[offer].held = true;
    for (int i = 0; i < n->n_links; i++)
        if (match_is_loose(match_of_node(n->links[i])))
            pull_holder(&x, n->links[i]);
    helper_of(q->c, n, &h);
    if (h.spared || h.room < INT_MAX)
        helper_each(q->c, &h, pull_holder, &x);
}

static void count(void *arg, struct node *match)
{
    (void)match;
    ++*(int *)arg;
}

/* How much of it is to be had without taking it from anybody. */
static double free_of(const struct core *c, const struct node *offer)
{
    struct helper h;
    int pending = 0;
    helper_of(c, offer, &h);
    if (h.spared || h.room < INT_MAX)
        helper_each(c, &h, count, &pending);
    return (h.spared && pending) || pending >= h.room ? 0 : node_left(offer);
}

/* The best first: what lies behind as much as it needs that is free is never reached over
 * another's. */
static void look_for_offers(struct choice *q, int at, const struct search *s)
{
    double need = node_left(s->n) + s->n->loose;
    for (int i = 0; i < s->n_found; i++) {
        struct node *offer = s->found[i].thing;
        int o = enter(q, offer);
        pair_put(q, at, o, s->found[i].score);
        if (need > EPSILON)
            need -= free_of(q->c, offer);
        if (need > EPSILON)
            pull_holders(q, o);
    }
}

static void give_on(struct choice *q, const struct node *request, int but)
{
    for (int i = 0; i < request->n_links; i++) {
        const struct match *m = match_of_node(request->links[i]);
        struct node *offer = match_is_loose(m) ? match_offer(q->c, m) : NULL;
        int o = offer ? enter(q, offer) : but;
        if (o != but)
            queue(q, o);
    }
}

static void look_for_requests(struct choice *q, int at, const struct search *s)
{
    double need = node_left(s->n) + s->n->loose;
    for (int i = 0; i < s->n_found; i++) {
        struct node *request = s->found[i].thing;
        int r = enter(q, request);
        pair_put(q, r, at, s->found[i].score);
        if (need > EPSILON)
            need -= node_left(request);
        if (need > EPSILON)
            give_on(q, request, at);
    }
}

void choice_gather(struct choice *q)
{
    int first = q->n_queue, most = first + LOOKED_MOST;
    q->back = mem_new((size_t)first * sizeof *q->back + 1);
    for (int i = 0; i < q->n_queue && i < most; i++) {
        int at = q->queue[i];
        struct search s = {.c = q->c, .n = q->in[at].n, .asks = q->in[at].asks};
        find_best(&s);
        if (i < first && s.kept.request)
            q->back[q->n_back++] = (struct held_back){s.n, s.kept};
        if (s.asks)
            look_for_offers(q, at, &s);
        else
            look_for_requests(q, at, &s);
    }
}

/* What is open together is assigned together. Not request by request: a decision gathers whom its
   entry concerns (choose.c), takes the best assignment of all of them (match/assign.h), and makes
   the proposals follow. What only waits for a review, or for its time to be posted, gives way to
   whatever has the better total; what has been posted only where much is gained; what a person has
   decided or agreed on never. */
#include "choose_priv.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "match/assign.h"

#define PART 0.001 /* of a unit: the assignment knows no less */

void assign_later(struct core *c, struct node *n)
{
    if (n->waits)
        return;
    if (c->n_waiting == c->cap_waiting) {
        c->cap_waiting = c->cap_waiting ? c->cap_waiting * 2 : 16;
        c->waiting = mem_grow(c->waiting, (size_t)c->cap_waiting, sizeof(struct node *));
    }
    c->waiting[c->n_waiting++] = n;
    n->waits = true;
}

void assign_forget(struct core *c, struct node *n)
{
    int kept = 0;
    for (int i = 0; n->waits && i < c->n_waiting; i++)
        if (c->waiting[i] != n)
            c->waiting[kept++] = c->waiting[i];
    if (n->waits)
        c->n_waiting = kept;
    n->waits = false;
}

/* --- the instance --- */

static bool is_told(const struct pair *p)
{
    return p->match && match_is_told(match_of_node(p->match));
}

/* What no match holds, and what those hold that are in. */
static double quantity_of(const struct choice *q, const struct entrant *e)
{
    double sum = node_left(e->n) - e->pinned;
    for (int i = e->first, side = !e->asks; i; i = q->pairs[i - 1].next[side])
        if (q->pairs[i - 1].match)
            sum += match_of_node(q->pairs[i - 1].match)->quantity;
    return sum;
}

static void put(struct assign *a, const struct choice *q, const struct entrant *e)
{
    assign_put(a, e->asks ? SIDE_REQUEST : SIDE_OFFER, e->n, e->n->key, quantity_of(q, e));
}

/* In an emergency who is vulnerable comes first, then what is urgent, whatever fits better. */
static float weight_of(const struct choice *q, const struct pair *p)
{
    const struct post *request = q->in[p->request].n->object;
    if (!policy_emergency(q->c, request->origin.community))
        return p->score;
    return p->score / 4 + (request->flags ? 0.5f : 0) + (float)request->urgency / (4 * URGENCY_N);
}

static void fill(struct assign *a, const struct choice *q)
{
    for (int i = 0; i < q->n_in; i++)
        put(a, q, &q->in[i]);
    for (int i = 0; i < q->n_pairs; i++)
        assign_pair(a, q->in[q->pairs[i].request].n, q->in[q->pairs[i].offer].n,
                    weight_of(q, &q->pairs[i]), is_told(&q->pairs[i]));
}

static void take_out(struct assign *a, struct choice *q, struct pair *p)
{
    p->out = true;
    p->flow = 0;
    assign_pair(a, q->in[p->request].n, q->in[p->offer].n, 0, false);
}

static bool stays(const struct pair *p)
{
    return p->match && fabs(p->flow - match_of_node(p->match)->quantity) < PART;
}

/* --- what no pair knows by itself --- */

/* What has been told, or could not be made any more, is had as it is or not at all. */
static bool pin_parts(struct assign *a, struct choice *q)
{
    bool changed = false;
    for (int i = 0; i < q->n_pairs; i++) {
        struct pair *p = &q->pairs[i];
        double whole = p->match ? match_of_node(p->match)->quantity : 0;
        if (p->out || p->flow < PART / 2 || stays(p) || !p->match || !(p->stale || is_told(p)))
            continue;
        take_out(a, q, p);
        p->flow = whole;
        q->in[p->request].pinned += whole;
        q->in[p->offer].pinned += whole;
        put(a, q, &q->in[p->request]);
        put(a, q, &q->in[p->offer]);
        changed = true;
    }
    return changed;
}

struct load { /* of one helper */
    const struct choice *q;
    struct helper h;
    int all, untold;           /* matches in which they are asked, once this is so */
    struct pair *last, *first; /* the ones to be given up first: of any, of what spares them */
};

/* A post that nobody took is asked about anew, once a person has approved it. */
static bool is_to_ask(const struct match *m)
{
    return m->state == MATCH_IN_REVIEW || !match_is_told(m);
}

static void count_outside(void *arg, struct node *match)
{
    struct load *l = arg;
    const struct match *m = match->object;
    const struct node *request = match_is_loose(m) ? match_request(l->q->c, m) : NULL;
    if (request && request->chosen)
        return;
    l->all++;
    l->untold += is_to_ask(m);
}

static bool is_worse(const struct pair *p, const struct pair *than)
{
    return !than || p->score < than->score;
}

static void count_inside(struct load *l)
{
    const struct choice *q = l->q;
    for (int i = 0; i < q->n_pairs; i++) {
        struct pair *p = &q->pairs[i];
        struct helper h;
        if (p->flow < PART / 2)
            continue;
        helper_of(q->c, q->in[p->offer].n, &h);
        if (!helper_same(&h, &l->h))
            continue;
        l->all++;
        l->untold += !p->match || is_to_ask(match_of_node(p->match));
        if (is_told(p))
            continue;
        if (!p->out && is_worse(p, l->last))
            l->last = p;
        if (!p->out && h.spared && is_worse(p, l->first))
            l->first = p;
    }
}

/* Nobody helps more often in a month than they have said, nor is asked twice within a day. */
static bool spare_helper(struct assign *a, struct choice *q, int offer)
{
    struct load l = {.q = q};
    helper_of(q->c, q->in[offer].n, &l.h);
    if (!l.h.spared && l.h.room == INT_MAX)
        return false;
    count_inside(&l);
    if (!l.last)
        return false;
    helper_each(q->c, &l.h, count_outside, &l);
    if (l.first && l.untold + helper_asked(q->c, &l.h) > 1)
        l.last = l.first;
    else if (l.all <= l.h.room)
        return false;
    take_out(a, q, l.last);
    return true;
}

static bool spare_helpers(struct assign *a, struct choice *q)
{
    bool changed = false;
    for (int i = 0; i < q->n_in; i++)
        if (!q->in[i].asks)
            changed |= spare_helper(a, q, i);
    return changed;
}

static void solve(struct assign *a, struct choice *q)
{
    do {
        assign_solve(a);
        for (int i = 0; i < q->n_pairs; i++) {
            struct pair *p = &q->pairs[i];
            if (!p->out)
                p->flow = assign_quantity(a, q->in[p->request].n, q->in[p->offer].n);
        }
    } while (pin_parts(a, q) || spare_helpers(a, q));
}

/* --- what gives way --- */

/* Who has the offer instead, or what the request has: told to people. */
static char *why_displaced(const struct choice *q, const struct pair *p)
{
    const struct pair *to = NULL;
    struct buf out;
    buf_init(&out);
    buf_add_z(&out, "另有更好的安排");
    for (int side = 0; side < 2 && !to; side++)
        for (int i = side ? q->in[p->request].first : q->in [p->offer].first; i && !to;
             i = q->pairs[i - 1].next[!side])
            if (q->pairs[i - 1].flow >= PART / 2 && !stays(&q->pairs[i - 1]))
                to = &q->pairs[i - 1];
    if (to)
        buf_addf(&out, "：%s 由 %s 来帮（%.2f 分）", q->in[to->request].n->key,
                 q->in[to->offer].n->key, (double)to->score);
    return buf_take(&out);
}

static int by_match(const void *a, const void *b)
{
    const struct pair *p = *(struct pair *const *)a, *o = *(struct pair *const *)b;
    return id_compare(p->match->key, o->match->key);
}

static void give_up(struct choice *q)
{
    struct pair **gone = mem_new((size_t)(q->n_pairs + 1) * sizeof *gone);
    char **why = mem_new((size_t)(q->n_pairs + 1) * sizeof *why);
    int n = 0;
    for (int i = 0; i < q->n_pairs; i++)
        if (q->pairs[i].match && !stays(&q->pairs[i]))
            gone[n++] = &q->pairs[i];
    if (n)
        qsort(gone, (size_t)n, sizeof(struct pair *), by_match);
    for (int i = 0; i < n; i++)
        why[i] = why_displaced(q, gone[i]);
    for (int i = 0; i < n; i++) {
        match_displace(q->c, gone[i]->match, why[i]);
        gone[i]->match = NULL;
        free(why[i]);
    }
    free(why);
    free(gone);
}

/* --- what is proposed --- */

/* Of the request the best of the rest, else of the offer. */
static const struct pair *second_of(const struct choice *q, const struct pair *p,
                                    const void *passed)
{
    const struct pair *second = NULL;
    for (int side = 0; side < 2 && !second; side++)
        for (int i = side ? q->in[p->offer].first : q->in [p->request].first; i;
             i = q->pairs[i - 1].next[side]) {
            const struct pair *s = &q->pairs[i - 1];
            if (s != p && s->score <= p->score && q->in[s->offer].n != passed &&
                (!second || s->score > second->score))
                second = s;
        }
    return second;
}

#define TOLD 0.02f /* of a part, whatever came of it; else what alone is the first one's lead */
#define NOTHING 0.0005f

static void add_part(const struct reason *best, const struct reason *second, float lead,
                     struct buf *out)
{
    float by = best->part - second->part;
    if (by > TOLD || (by > NOTHING && by >= lead))
        buf_addf(out, by > TOLD ? "；%s 少 %.2f（%s）" : "；%s 少 %.3f（%s）", second->name,
                 (double)by, second->text);
}

/* Part by part, where the first is ahead most. */
static void add_second(const struct choice *q, const struct pair *p, const struct pair *second,
                       const struct match_score *best, struct buf *out)
{
    struct match_score score;
    const struct node *other =
        second->request == p->request ? q->in[second->offer].n : q->in[second->request].n;
    rate_pair(q->c, q->in[second->request].n, q->in[second->offer].n, false, &score);
    if (!score.possible)
        return;
    buf_addf(out, "%s次选 %s：%.2f 分", out->n ? "；" : "", other->key, (double)score.score);
    for (int i = 0; i < best->n_reasons; i++)
        for (int k = 0; k < score.n_reasons; k++) {
            if (!strcmp(best->reasons[i].name, score.reasons[k].name))
                add_part(&best->reasons[i], &score.reasons[k], best->score - score.score, out);
        }
}

static char *why_second(const struct choice *q, const struct pair *p, const struct assigned *m,
                        const struct match_score *best)
{
    struct buf out;
    const struct pair *second = second_of(q, p, m->passed);
    buf_init(&out);
    if (m->passed)
        buf_addf(&out, "%s 更合适（%.2f 分），已安排给 %s", ((struct node *)m->passed)->key,
                 (double)m->passed_score, ((struct node *)m->passed_to)->key);
    if (second)
        add_second(q, p, second, best, &out);
    if (out.n)
        return buf_take(&out);
    buf_deinit(&out);
    return NULL;
}

/* As much of it as there is, to the last: the assignment counts in parts. */
static double exactly(double quantity, const struct node *request, const struct node *offer)
{
    double most = node_left(request) < node_left(offer) ? node_left(request) : node_left(offer);
    return quantity > most - PART ? most : quantity;
}

static void propose_one(void *arg, const struct assigned *m)
{
    struct choice *q = arg;
    struct node *request = m->request, *offer = m->offer;
    struct match_score score;
    const struct pair *p = q->pairs;
    while (q->in[p->request].n != request || q->in[p->offer].n != offer)
        p++;
    double quantity = exactly(m->quantity, request, offer);
    if (p->match || quantity < PART / 2)
        return;
    rate_pair(q->c, request, offer, false, &score);
    if (score.possible)
        propose(q->c, request, offer, quantity, &score, why_second(q, p, m, &score), false);
}

static void assign(struct choice *q)
{
    struct assign *a = assign_new();
    fill(a, q);
    solve(a, q);
    give_up(q);
    assign_each(a, propose_one, q);
    assign_free(&a);
}

void assign_waiting(struct core *c)
{
    struct choice q = {.c = c};
    if (!c->n_waiting)
        return;
    c->actor = "linli";
    c->reason = NULL;
    for (int i = 0; i < c->n_waiting; i++)
        if (c->waiting[i]->kind == OBJECT_POST)
            claim_next(c, c->waiting[i]);
    for (int i = 0; i < c->n_waiting; i++) {
        c->waiting[i]->waits = false;
        if (node_is_open(c->waiting[i]))
            choice_from(&q, c->waiting[i]);
    }
    c->n_waiting = 0;
    choice_gather(&q);
    c->assigning = true;
    if (q.n_pairs)
        assign(&q);
    c->assigning = false;
    for (int i = 0; i < q.n_back; i++)
        if (node_left(q.back[i].from) > 0)
            kept_settle(c, &q.back[i].kept);
    choice_deinit(&q);
}

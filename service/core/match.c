/* The life of matches, and the capacity that they hold. match_event is the only door: what a state
   reserves, releases and fulfils is decided here and nowhere else. */
#include "sustain_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define SENT_MS (4 * DAY_MS) /* longer than a post may be on its way */
#define ANSWER_MS DAY_MS
#define AGREED_MS                                                                                  \
    (7 * DAY_MS) /* from the day they have agreed for: then nobody has told how it went */
#define CLOSE_MS DAY_MS
#define LINE_MS (3 * DAY_MS)

bool match_holds(enum match_state s)
{
    return s == MATCH_PROPOSED || s == MATCH_IN_REVIEW || s == MATCH_APPROVED ||
           s == MATCH_POSTED || s == MATCH_AGREED;
}

bool match_in_line(const struct match *m)
{
    return m->state == MATCH_PROPOSED && m->route == ROUTE_SELF;
}

/* Bread is not waited for longer than it is good, nor anything beyond the time it is named for. */
void match_wait_in_line(struct core *c, struct node *n, const struct post *p)
{
    struct match *m = n->object;
    int64_t until = c->now_ms + (p->category == CATEGORY_FOOD ? DAY_MS : LINE_MS);
    int64_t named = post_named_ms(p);
    m->deadline_ms = named > c->now_ms && named < until ? named : until;
    node_touch(c, n);
}

bool match_pends(const struct match *m)
{
    return match_holds(m->state) && m->state != MATCH_AGREED && !match_in_line(m);
}

bool match_is_told(const struct match *m)
{
    return m->state == MATCH_POSTED || m->told_ms;
}

bool match_keeps_asked(const struct match *m)
{
    return m->told_ms && !m->rested;
}

bool match_is_loose(const struct match *m)
{
    return match_pends(m) && !m->claim && !m->called && !m->accepted_ms && m->request[0] &&
           (!m->decided_by || !strcmp(m->decided_by, BY_POLICY));
}

struct node *match_request(const struct core *c, const struct match *m)
{
    return m->request[0] ? node_find(c, OBJECT_POST, m->request) : NULL;
}

struct node *match_offer(const struct core *c, const struct match *m)
{
    if (m->resource[0])
        return node_in(c, OBJECT_RESOURCE, m->community, m->resource);
    return m->offer[0] ? node_find(c, OBJECT_POST, m->offer) : NULL;
}

/* Open while something is left, else reserved. */
void post_settle(struct post *p)
{
    if (post_is_final(p->state))
        return;
    post_apply(&p->state, post_left(p) > 0 ? POST_EVENT_RELEASE : POST_EVENT_RESERVE);
}

/* What is lent comes back one day. */
static bool is_lent(const struct post *p)
{
    return p->side == SIDE_OFFER && p->mode == MODE_LEND;
}

/* Move quantity between what is free, reserved and fulfilled. */
static void account(struct core *c, struct node *n, double reserve, double fulfil, double presume)
{
    if (!n)
        return;
    if (n->kind == OBJECT_RESOURCE) { /* what is lent comes back, and a service is there again */
        struct resource *r = n->object;
        r->reserved += reserve;
        if (r->reserved < EPSILON)
            r->reserved = 0;
    } else {
        struct post *p = n->object;
        p->reserved += reserve;
        p->fulfilled += fulfil;
        if (!is_lent(p)) /* it has come back, then */
            p->presumed += presume;
        if (p->reserved < EPSILON)
            p->reserved = 0;
        post_settle(p);
    }
    node_touch(c, n);
}

static void account_both(struct core *c, const struct match *m, double reserve, double fulfil,
                         double presume)
{
    account(c, match_request(c, m), reserve, fulfil, presume);
    account(c, match_offer(c, m), reserve, fulfil, presume);
}

/* A post whose whole quantity has been fulfilled is met; where nobody told of a part, we presume.
 */
static void end_if_full(struct core *c, struct node *n)
{
    struct post *p = n && n->kind == OBJECT_POST ? n->object : NULL;
    if (p && !is_lent(p) && !post_is_final(p->state) &&
        p->fulfilled + p->presumed >= p->asked - EPSILON)
        post_close(c, n, p->presumed > 0 ? POST_EVENT_PRESUME : POST_EVENT_MEET, c->by);
}

static void count_help(struct core *c, const struct match *m)
{
    struct node *n = m->helper[0] ? node_in(c, OBJECT_PARTY, m->community, m->helper) : NULL;
    if (!n)
        return;
    struct party *p = n->object;
    p->helped = p->month == month_of(c) ? p->helped + 1 : 1;
    p->month = month_of(c);
    node_touch(c, n);
}

/* The time that one of both has named, or 0. */
static int64_t agreed_for(const struct core *c, const struct match *m)
{
    const struct post *request = post_of(c, m->request), *offer = post_of(c, m->offer);
    int64_t asked = request ? post_named_ms(request) : 0, had = offer ? post_named_ms(offer) : 0;
    return asked > had ? asked : had;
}

int64_t match_silent_ms(const struct core *c, const struct match *m)
{
    int64_t at = agreed_for(c, m);
    return (at > m->agreed_ms ? at : m->agreed_ms) + AGREED_MS;
}

/* That is after the time they have named, or a day, where its outcome is asked for. */
static int64_t agreed_deadline(const struct core *c, const struct match *m)
{
    int64_t at = agreed_for(c, m);
    if (!outcome_will_ask(c, m))
        return match_silent_ms(c, m);
    return at > c->now_ms ? at + HOUR_MS : c->now_ms + DAY_MS;
}

/* Whatever its urgency, it waits for people, and these are there in their hours. */
static int64_t review_deadline(const struct core *c, const struct match *m)
{
    const struct work_time w = work_time(c, m->community);
    return work_time_add(&w, c->now_ms, WORKING_DAY_MS);
}

static void set_deadline(struct core *c, struct match *m)
{
    static const int64_t waits[MATCH_STATE_N] = {
        [MATCH_APPROVED] = SENT_MS, [MATCH_POSTED] = ANSWER_MS, [MATCH_FULFILLED] = CLOSE_MS};
    m->deadline_ms = m->state == MATCH_AGREED      ? agreed_deadline(c, m)
                     : m->state == MATCH_IN_REVIEW ? review_deadline(c, m)
                     : waits[m->state]             ? c->now_ms + waits[m->state]
                                                   : 0;
    m->decided_ms = c->now_ms;
}

static void tell_match(struct core *c, const struct match *m)
{
    enum event_kind kind = m->state == MATCH_AGREED     ? EVENT_MATCH_AGREED
                           : m->state == MATCH_DECLINED ? EVENT_MATCH_DECLINED
                           : m->state == MATCH_LAPSED   ? EVENT_MATCH_LAPSED
                                                        : EVENT_MATCH_CHANGED;
    struct event *e = tell(c, kind, m->community);
    e->match = keep(c, m->id);
    e->state = match_state_code(m->state);
}

/* Whether it is up for choice tells what else its ends may be given to. */
static void index_ends(struct core *c, const struct match *m)
{
    struct node *ends[] = {match_request(c, m), match_offer(c, m)};
    for (int i = 0; i < 2; i++)
        if (ends[i])
            index_node(c, ends[i]);
}

void match_decide(struct core *c, struct node *n, const char *who)
{
    struct match *m = n->object;
    mem_replace(&m->decided_by, who);
    index_ends(c, m);
}

/* What it held is there again. Who agreed, and then said nothing until its time was over, has had
   it. */
static void free_ends(struct core *c, const struct match *m)
{
    struct node *request = match_request(c, m), *offer = match_offer(c, m);
    account_both(c, m, -m->quantity, m->state == MATCH_FULFILLED ? m->quantity : 0,
                 m->state == MATCH_CLOSED ? m->quantity : 0);
    if (c->assigning)
        return;
    if (offer)
        assign_later(c, offer);
    if (request)
        assign_later(c, request);
}

bool match_event(struct core *c, struct node *n, enum match_event event)
{
    struct match *m = n->object;
    enum match_state before = m->state;
    int64_t since_ms = m->decided_ms;
    if (!match_apply(&m->state, event))
        return false;
    if (m->state == MATCH_POSTED)
        m->posted_ms = c->now_ms;
    if (m->state == MATCH_AGREED)
        m->agreed_ms = c->now_ms;
    if (m->state == MATCH_FULFILLED)
        m->outcome = MATCH_OUTCOME_SOLVED;
    set_deadline(c, m);
    if (match_holds(before) && !match_holds(m->state))
        free_ends(c, m);
    else
        index_ends(c, m);
    if (m->state == MATCH_AGREED)
        count_help(c, m);
    outcome_count(c, m, before);
    if (m->state != MATCH_APPROVED && m->state != MATCH_POSTED) {
        outbound_cancel(c, m->outbound);
        outbound_cancel(c, m->ask);
    }
    if (m->state != MATCH_AGREED) {
        outbound_cancel(c, m->agreed_post);
        outbound_cancel(c, m->question);
    }
    node_touch(c, n);
    tally_match(c, m, before, since_ms);
    tell_audit(c, "match.change", n, match_state_code(before), match_state_code(m->state));
    tell_match(c, m);
    if (m->state == MATCH_FULFILLED || m->state == MATCH_CLOSED) {
        end_if_full(c, match_request(c, m));
        end_if_full(c, match_offer(c, m));
    }
    if (m->state == MATCH_FULFILLED)
        outcome_thank(c, n);
    reveal_follow(c, n);
    return true;
}

/* They are held to it as they would be to their own choice: a better assignment does not take it.
 */
void match_accept(struct core *c, struct node *n)
{
    struct match *m = n->object;
    if (m->accepted_ms)
        return;
    m->accepted_ms = c->now_ms;
    index_ends(c, m);
    node_touch(c, n);
    tell_audit(c, "match.accept", n, NULL, NULL);
}

void match_displace(struct core *c, struct node *n, const char *why)
{
    const char *reason = c->reason;
    struct match *m = n->object;
    c->reason = why;
    m->displaced = !match_is_told(m);
    match_event(c, n, MATCH_EVENT_LAPSE);
    c->reason = reason;
}

static void copy_reasons(struct match *m, const struct match_score *score)
{
    m->score = score ? score->score : 1;
    m->fit = score ? score->fit : 1;
    if (!score) { /* neighbours settled it: no score was asked for */
        m->n_reasons = 1;
        m->reasons[0] = (struct reason){.part = 1, .name = "self", .text = "邻居自己谈好"};
        return;
    }
    m->n_reasons = score->n_reasons;
    memcpy(m->reasons, score->reasons, sizeof m->reasons);
}

static void fill_offer(struct match *m, const struct node *offer)
{
    if (!offer)
        return;
    if (offer->kind == OBJECT_RESOURCE) {
        const struct resource *r = offer->object;
        str_copy(m->resource, ID_SIZE, str_of(r->id));
        str_copy(m->helper, ID_SIZE, str_of(r->party));
        return;
    }
    const struct post *p = offer->object;
    str_copy(m->offer, ID_SIZE, str_of(p->id));
    str_copy(m->helper, ID_SIZE, str_of(p->origin.party));
    m->offer_message = mem_dup(p->origin.message);
}

struct node *match_create(struct core *c, const struct post *request, struct node *offer,
                          double quantity, const struct match_score *score)
{
    struct match *m = NEW(struct match);
    const struct post *of = request ? request : offer->object;
    new_id(c, 'm', m->id);
    str_copy(m->community, ID_SIZE, str_of(of->origin.community));
    str_copy(m->grid, ID_SIZE, str_of(of->origin.grid));
    m->category = of->category;
    m->urgency = of->urgency;
    m->blind = post_is_blind(of);
    m->quantity = quantity;
    m->created_ms = m->decided_ms = c->now_ms;
    if (request) {
        str_copy(m->request, ID_SIZE, str_of(request->id));
        str_copy(m->helped, ID_SIZE, str_of(request->origin.party));
        m->request_message = mem_dup(request->origin.message);
    }
    fill_offer(m, offer);
    copy_reasons(m, score);
    m->ahead = policy_puts_ahead(c, m);
    struct node *n = node_put(c, OBJECT_MATCH, m->id, m);
    struct node *ends[] = {match_request(c, m), match_offer(c, m)};
    for (int i = 0; i < 2; i++)
        if (ends[i])
            node_link(ends[i], n);
    account_both(c, m, quantity, 0, 0);
    node_touch(c, n);
    return n;
}

void match_claimed_by(struct core *c, struct node *n, const struct said *s)
{
    struct match *m = n->object;
    const char *party = party_acts(c, s);
    mem_replace(&m->claim, s->m->id);
    mem_replace(&m->claimant, s->m->sender);
    if (!m->request[0]) {
        str_copy(m->helped, ID_SIZE, str_of(party));
        mem_replace(&m->request_message, s->m->id);
    } else if (!m->offer[0] && !m->resource[0]) {
        str_copy(m->helper, ID_SIZE, str_of(party));
        mem_replace(&m->offer_message, s->m->id);
    }
    remember_message(c, s->m->bot, s->m->id, n);
    node_touch(c, n);
}

void match_served(struct core *c, struct node *n, double quantity)
{
    struct match *m = n->object;
    m->quantity = quantity;
    account_both(c, m, quantity, 0, 0);
    match_event(c, n, MATCH_EVENT_AGREE);
}

/* Part of it is had from somebody else. */
void match_shrink(struct core *c, struct node *n, double by)
{
    struct match *m = n->object;
    m->quantity -= by;
    account_both(c, m, -by, 0, 0);
    index_ends(c, m);
    node_touch(c, n);
    tell_audit(c, "match.shrink", n, NULL, NULL);
    tell_match(c, m);
}

/* With its parts, once the route is known. */
void match_tell_proposed(struct core *c, const struct match *m)
{
    struct event *e = tell(c, EVENT_MATCH_PROPOSED, m->community);
    e->match = keep(c, m->id);
    e->request = m->request[0] ? keep(c, m->request) : NULL;
    e->offer = m->resource[0] ? keep(c, m->resource) : m->offer[0] ? keep(c, m->offer) : NULL;
    e->request_message = keep(c, m->request_message);
    e->offer_message = keep(c, m->offer_message);
    e->score = m->score;
    e->blind = match_is_blind(m);
    e->route = m->route;
    struct reason *copy = ARENA_ARRAY(c->fx->arena, struct reason, MATCH_REASONS_MAX);
    memcpy(copy, m->reasons, sizeof m->reasons);
    e->reasons = copy;
    e->n_reasons = m->n_reasons;
    tally_proposed(c, m);
}

/* Proposals of a post that something else has overtaken. */
void match_end_others(struct core *c, struct node *post, const struct node *but, bool agreed_too)
{
    for (int i = 0; i < post->n_links; i++) {
        struct node *n = post->links[i];
        enum match_state s = match_of_node(n)->state;
        if (n != but && match_holds(s) && (agreed_too || s != MATCH_AGREED))
            match_event(c, n, MATCH_EVENT_LAPSE);
    }
}

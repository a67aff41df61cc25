/* Whose help an offer is, and how often they are asked. A neighbour is not asked more than once a
   day, unless about what they have offered within that day. What property managers, units and the
   committee have put into the register is there for everybody, as often as it is wanted. */
#include "core_priv.h"

#include <limits.h>
#include <string.h>

#include "base/clock.h"

static bool was_offered(const struct core *c, const struct node *offer)
{
    const struct post *p = offer->object;
    return offer->kind == OBJECT_POST && c->now_ms - p->opened_ms < DAY_MS;
}

int month_of(const struct core *c)
{
    struct civil now = civil_of_ms(c->now_ms, c->o.zone_min);
    return now.year * 12 + now.month;
}

void helper_of(const struct core *c, const struct node *offer, struct helper *h)
{
    const struct post *p = offer->object;
    const struct resource *r = offer->object;
    bool is_post = offer->kind == OBJECT_POST;
    *h = (struct helper){.community = is_post ? p->origin.community : r->community,
                         .party = is_post ? p->origin.party : r->party,
                         .sender = is_post ? p->origin.sender : NULL,
                         .room = INT_MAX};
    const struct party *party = party_find(c, h->community, h->party);
    h->spared = (!party || party->kind == PARTY_RESIDENT) && !was_offered(c, offer);
    if (!party || party->monthly_limit < 0)
        return;
    h->room = party->monthly_limit - (party->month == month_of(c) ? party->helped : 0);
}

bool helper_same(const struct helper *a, const struct helper *b)
{
    if (strcmp(a->community, b->community) != 0 || strcmp(a->party, b->party) != 0)
        return false;
    return a->party[0] || (a->sender && b->sender && !strcmp(a->sender, b->sender));
}

int helper_asked(const struct core *c, const struct helper *h)
{
    char key[LIST_KEY_SIZE];
    int n = 0;
    list_person_key(key, LIST_ASKED, LIST_ASKED_SENDER, h->community, h->party, h->sender);
    for (struct seat *s = list_last(c, key); s; s = seat_before(s))
        n++;
    return n;
}

bool helper_asked_otherwise(const struct core *c, const struct match *m)
{
    const struct node *offer = match_offer(c, m);
    struct helper h;
    if (!offer)
        return false;
    helper_of(c, offer, &h);
    return h.spared && helper_asked(c, &h) > match_keeps_asked(m);
}

void helper_each(const struct core *c, const struct helper *h,
                 void (*fn)(void *arg, struct node *match), void *arg)
{
    char key[LIST_KEY_SIZE];
    struct helper other;
    list_person_key(key, LIST_PERSON, LIST_SENDER, h->community, h->party, h->sender);
    for (struct seat *s = list_last(c, key); s; s = seat_before(s)) {
        const struct match *m = s->node->object;
        if (s->node->kind != OBJECT_MATCH || !match_pends(m))
            continue;
        const struct node *offer = match_offer(c, m);
        if (offer) {
            helper_of(c, offer, &other);
            if (helper_same(h, &other))
                fn(arg, s->node);
        }
    }
}

/* --- once they may be asked again --- */

struct rested {
    struct core *c;
    const char *party;
};

static void wake_resource(void *arg, void *thing)
{
    struct rested *q = arg;
    struct node *n = thing;
    if (!strcmp(((const struct resource *)n->object)->party, q->party))
        assign_later(q->c, n);
}

void helper_rested(struct core *c, const struct match *m)
{
    struct rested q = {c, m->helper};
    char key[LIST_KEY_SIZE];
    const struct post *p = post_of(c, m->offer);
    const struct party *party = party_find(c, m->community, m->helper);
    if (party && party->kind != PARTY_RESIDENT)
        return;
    if (!m->helper[0] && !p)
        return;
    list_person_key(key, LIST_PERSON, LIST_SENDER, m->community, m->helper,
                    p ? p->origin.sender : NULL);
    for (struct seat *s = list_last(c, key); s; s = seat_before(s)) {
        const struct post *own = s->node->object;
        if (s->node->kind == OBJECT_POST && own->side == SIDE_OFFER)
            assign_later(c, s->node);
    }
    if (party_known(c, m->community, m->helper)) /* of the others none has a resource */
        match_index_each(c->index, m->community, ~0u, wake_resource, &q);
}

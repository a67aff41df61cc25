/* Where the helper stands in another group than who asks: there they are asked, too, and a yes of
   the other side alone is none of theirs. In one group both read the same post. */
#include "sustain_priv.h"

#include <string.h>

#define HEARD_IN_MOST 32 /* groups of one party */

/* --- which group --- */

bool heard_anew(const struct party *p, const struct said *s)
{
    return p->heard_in.n < HEARD_IN_MOST && !strs_has(&p->heard_in, str_of(s->m->group));
}

/* Where somebody merely seen has chatted is not kept. */
void ask_heard(struct core *c, const struct said *s)
{
    if (!known_sender(s) || !heard_anew(s->party, s))
        return;
    struct node *n = node_in(c, OBJECT_PARTY, s->party->community, s->party->id);
    strs_add(&((struct party *)n->object)->heard_in, str_of(s->m->group));
    node_touch(c, n);
}

/* How many kinds of place up from the party's own the group's is; PLACE_KIND_N: it lies aside. */
static int steps_up(const char *const chain[PLACE_KIND_N], const struct group *g)
{
    int k = 0;
    while (k < PLACE_KIND_N && (!g->place[0] || strcmp(chain[k], g->place) != 0))
        k++;
    return k;
}

/* Of the groups they have been heard in the nearest, else the one first heard in. */
static const struct group *heard_near(const struct core *c, const struct party *p,
                                      const char *const chain[PLACE_KIND_N])
{
    const struct group *best = NULL;
    for (int i = 0; i < p->heard_in.n; i++) {
        const struct node *n = node_in(c, OBJECT_GROUP, p->community, p->heard_in.v[i]);
        if (n && (!best || steps_up(chain, n->object) < steps_up(chain, best)))
            best = n->object;
    }
    return best;
}

/* Who lives in an entrance has the group of the building; of equals the first by its id. */
static const struct group *registered_for(const struct core *c, const struct party *p,
                                          const char *const chain[PLACE_KIND_N])
{
    const struct node *place = node_in(c, OBJECT_PLACE, p->community, p->place);
    char key[LIST_KEY_SIZE];
    struct seat *seat = NULL;
    if (!place)
        return NULL;
    list_key(key, LIST_PLACE, p->community, p->place);
    seat = list_first(c, key);
    if (!seat && ((const struct place *)place->object)->kind == PLACE_ENTRANCE) {
        list_key(key, LIST_PLACE, p->community, chain[PLACE_BUILDING]);
        seat = list_first(c, key);
    }
    return seat ? seat->node->object : NULL;
}

/* A party that writes from no account known to us cannot answer. */
static const char *group_of_party(const struct core *c, const struct party *p, const char *here)
{
    const char *chain[PLACE_KIND_N];
    if (!p || !p->external_ids.n || strs_has(&p->heard_in, str_of(here)))
        return "";
    place_chain(c, p->community, p->place, chain);
    const struct group *g = heard_near(c, p, chain);
    g = g ? g : registered_for(c, p, chain);
    return g ? g->id : "";
}

const char *ask_group(const struct core *c, const struct match *m)
{
    const struct post *request = post_of(c, m->request), *offer = post_of(c, m->offer);
    const char *here = request ? request->origin.group : "";
    const char *there = offer ? offer->origin.group
                        : m->resource[0]
                            ? group_of_party(c, party_find(c, m->community, m->helper), here)
                            : "";
    bool other = request && there[0] && strcmp(there, here) != 0;
    return other && node_in(c, OBJECT_GROUP, m->community, there) ? there : NULL;
}

/* --- what they are asked --- */

static char *text_of(struct core *c, const struct match *m, enum outbound_kind kind)
{
    const struct post *request = post_of(c, m->request), *offer = post_of(c, m->offer);
    const struct party *helper = party_known(c, m->community, m->helper);
    const char *there = offer ? offer->origin.place : helper ? helper->place : "";
    struct note n = {.kind = kind,
                     .request = request,
                     .offer = offer,
                     .resource = resource_of(c, m->community, m->resource),
                     .asker = party_known(c, m->community, request->origin.party),
                     .party = helper,
                     .request_place = outbound_place(c, m->community, request->origin.place),
                     .party_place = outbound_place(c, m->community, there),
                     .emergency = policy_emergency(c, m->community)};
    struct post unnamed = *request;
    unnamed.origin.sender_name = NULL;
    if (!may_ask(c, m->community, request->origin.party)) /* a neighbour, without a name */
        n.request = &unnamed;
    return outbound_note(c, &n);
}

char *ask_text(struct core *c, const struct match *m)
{
    return text_of(c, m, OUTBOUND_ASK);
}

/* --- what they say --- */

bool ask_is_helper(const struct core *c, const struct said *s, const struct match *m)
{
    const struct post *offer = post_of(c, m->offer);
    return (offer && is_own(s, offer)) ||
           (s->party && m->helper[0] && !strcmp(s->party->id, m->helper));
}

bool ask_awaits_helper(const struct core *c, const struct said *s, const struct match *m)
{
    return m->ask[0] && match_pends(m) && !ask_is_helper(c, s, m);
}

/* --- and who asked hears of it --- */

/* By the permit that let both be asked: what neighbours settle by themselves is theirs to tell. */
void ask_tell_agreed(struct core *c, struct node *match, const struct said *s)
{
    struct match *m = match->object;
    const struct post *request = post_of(c, m->request);
    if (m->state != MATCH_AGREED || !m->ask[0] || !m->told_ms || !request ||
        !strcmp(request->origin.group, s->m->group) || !ask_is_helper(c, s, m))
        return;
    const struct outgoing g = {.kind = OUTBOUND_AGREED,
                               .community = m->community,
                               .group = request->origin.group,
                               .permit = outbound_permit(m),
                               .match = m->id,
                               .reply_to = request->origin.message,
                               .due_ms = c->now_ms};
    const struct node *n = outbound_put(c, &g, text_of(c, m, OUTBOUND_AGREED));
    str_copy(m->agreed_post, ID_SIZE, str_of(n ? n->key : ""));
    node_touch(c, match);
}

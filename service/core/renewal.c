/* Standing resources with an expiry: some days before, somebody is asked whether they go on. A yes
   extends them by the same span; without one they expire and are offered no more. */
#include "sustain_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define ASK_BEFORE_MS (7 * DAY_MS) /* but not before the last quarter of its span */
#define SPAN_MS (180 * DAY_MS)     /* where it is not known when it began */

static int64_t span_of(const struct resource *r)
{
    return r->since_ms && r->since_ms < r->expires_ms ? r->expires_ms - r->since_ms : SPAN_MS;
}

int64_t renewal_due_ms(const struct resource *r)
{
    int64_t before = span_of(r) / 4;
    if (!r->expires_ms || r->expired)
        return INT64_MAX;
    return r->asked_ms ? r->expires_ms
                       : r->expires_ms - (before < ASK_BEFORE_MS ? before : ASK_BEFORE_MS);
}

/* --- asking --- */

static void advise_of(struct core *c, const struct node *n, const char *place)
{
    const struct resource *r = n->object;
    const char *chain[PLACE_KIND_N];
    struct advice *a = NEW(struct advice);
    place_chain(c, r->community, place, chain);
    a->kind = ADVICE_RENEWAL;
    memcpy(a->community, r->community, ID_SIZE);
    memcpy(a->resource, r->id, ID_SIZE);
    memcpy(a->party, r->party, ID_SIZE);
    str_copy(a->grid, ID_SIZE, str_of(chain[PLACE_GRID]));
    a->item = r->items.n ? mem_dup(r->items.v[0]) : NULL;
    a->unit = mem_dup(r->unit);
    a->category = r->category;
    a->mode = r->mode;
    a->capacity = r->capacity;
    a->scope = r->scope;
    a->said_ms = c->now_ms;
    a->expires_ms = r->expires_ms;
    advise(c, a, n->key);
}

/* The group of the nearest place above the owner's, of equals the first by its id. */
static const struct group *group_near(const struct core *c, const struct party *p)
{
    const char *chain[PLACE_KIND_N];
    const struct group *best = NULL;
    int nearest = PLACE_KIND_N;
    place_chain(c, p->community, p->place, chain);
    for (const struct node *n = c->objects[OBJECT_GROUP]; n; n = n->hh.next) {
        const struct group *g = n->object;
        int k = 0;
        while (k < PLACE_KIND_N && strcmp(chain[k], g->place) != 0)
            k++;
        if (strcmp(g->community, p->community) != 0 || k == PLACE_KIND_N || k > nearest ||
            (k == nearest && id_compare(g->id, best->id) > 0))
            continue;
        best = g;
        nearest = k;
    }
    return best;
}

static void ask_owner(struct core *c, struct resource *r, const struct party *owner)
{
    const char *permit = sustain_permit(c, r->community, OUTBOUND_RENEWAL);
    const struct group *g = permit && owner->external_ids.n ? group_near(c, owner) : NULL;
    int64_t at = sustain_daytime_ms(c, c->now_ms);
    if (!g || sustain_free_ms(c, r->community, owner->id, "") > at)
        return;
    struct note note = {.kind = OUTBOUND_RENEWAL,
                        .resource = r,
                        .party = owner,
                        .party_place = outbound_place(c, r->community, owner->place),
                        .until_ms = r->expires_ms,
                        .zone_min = c->o.zone_min};
    const struct outgoing out = {.kind = OUTBOUND_RENEWAL,
                                 .community = r->community,
                                 .group = g->id,
                                 .permit = permit,
                                 .resource = r->id,
                                 .due_ms = at};
    struct node *on = outbound_put(c, &out, outbound_note(c, &note));
    str_copy(r->question, ID_SIZE, str_of(on->key));
    sustain_asked(c, r->community, owner->id, at);
}

/* --- the end, or another span --- */

void renewal_forget(struct core *c, struct node *n)
{
    struct resource *r = n->object;
    outbound_cancel(c, r->question);
    r->question[0] = 0;
    advise_end(c, ADVICE_RENEWAL, n->key);
}

/* What nobody has agreed to gives way. */
static void release(struct core *c, struct node *n)
{
    for (int i = n->n_links; i-- > 0;) {
        if (match_pends(match_of_node(n->links[i])))
            match_event(c, n->links[i], MATCH_EVENT_LAPSE);
    }
}

void renewal_tick(struct core *c, struct node *n)
{
    struct resource *r = n->object;
    const struct party *owner = party_find(c, r->community, r->party);
    if (r->expires_ms > c->now_ms) {
        r->asked_ms = c->now_ms;
        advise_of(c, n, owner ? owner->place : "");
        if (owner)
            ask_owner(c, r, owner);
        node_touch(c, n);
        return;
    }
    r->expired = true;
    renewal_forget(c, n);
    node_touch(c, n);
    tell_audit(c, "resource.expire", n, NULL, NULL);
    release(c, n);
}

void renewal_yes(struct core *c, struct node *n)
{
    struct resource *r = n->object;
    char before[TIME_TEXT_SIZE], after[TIME_TEXT_SIZE];
    int64_t span = span_of(r);
    time_format(before, r->expires_ms, c->o.zone_min);
    r->since_ms = r->expires_ms > c->now_ms ? r->expires_ms : c->now_ms;
    r->expires_ms = r->since_ms + span;
    r->asked_ms = 0;
    r->expired = false;
    r->version++; /* a person has said so */
    renewal_forget(c, n);
    node_touch(c, n);
    time_format(after, r->expires_ms, c->o.zone_min);
    tell_audit(c, "resource.renew", n, before, after);
    tell(c, EVENT_DIRECTORY, r->community);
}

/* The same expiry again is no renewal: the question stands. */
void renewal_put(struct core *c, struct resource *row, const struct node *n)
{
    const struct resource *old = n ? n->object : NULL;
    bool same = old && old->expires_ms == row->expires_ms;
    row->since_ms = same ? old->since_ms : c->now_ms;
    row->asked_ms = same ? old->asked_ms : 0;
    row->expired = same && old->expired;
    str_copy(row->question, ID_SIZE, str_of(same ? old->question : ""));
    if (old && !same) {
        outbound_cancel(c, old->question);
        advise_end(c, ADVICE_RENEWAL, n->key);
    }
}

/* Quiet hours: what nobody waits for is posted when they are over, one post after another in each
   group. Told at the moment at which it would go out, so that what has become urgent meanwhile, or
   is being talked of, goes at once, and what has ended never does. */
#include "sustain_priv.h"

#include <string.h>

#include "base/clock.h"

#define GOING_ON_MS (5 * MINUTE_MS) /* a conversation, since somebody last spoke of it */
#define APART_MS MINUTE_MS          /* of what was held for one group */

static bool names(const struct talk *line, const struct post *p)
{
    return p && (!strcmp(line->ref, p->id) || (line->reply_to && p->origin.message &&
                                               !strcmp(line->reply_to, p->origin.message)));
}

static bool is_said_by(const struct talk *line, const struct post *p)
{
    return p && p->origin.sender && line->sender && !strcmp(line->sender, p->origin.sender);
}

/* Has anybody there spoken of it, but for who asks and the words that offered it? Who asks may
   be the only one awake. */
static bool is_talked_of(struct core *c, const struct match *m, const char *group)
{
    const struct conversation *t = conversation_of(c, m->community, group);
    const struct post *request = post_of(c, m->request), *offer = post_of(c, m->offer);
    for (int i = t->n - 1; i >= 0 && t->lines[i]->at_ms > c->now_ms - GOING_ON_MS; i--) {
        const struct talk *line = t->lines[i];
        bool opens =
            offer && offer->origin.message && !strcmp(offer->origin.message, line->message);
        if ((names(line, request) || names(line, offer)) && !opens && !is_said_by(line, request))
            return true;
    }
    return false;
}

/* Now or never? */
static bool ends_before(const struct core *c, const struct post *request, int64_t end)
{
    return request->expires_ms > c->now_ms && request->expires_ms <= end;
}

/* The helper is not asked before the other side is told: else their yes would reach nobody. */
static bool is_awaited(struct core *c, const struct match *m, const struct outbound *o, int64_t end)
{
    const struct post *request = post_of(c, m->request);
    if (m->urgency >= URGENCY_URGENT || policy_emergency(c, m->community) || !request ||
        ends_before(c, request, end))
        return true;
    return is_talked_of(c, m, request->origin.group) && is_talked_of(c, m, o->group);
}

static bool may_wait(struct core *c, const struct outbound *o, int64_t end)
{
    const struct node *n = node_find(c, OBJECT_MATCH, o->match);
    if (o->kind == OUTBOUND_NOTICE || o->kind == OUTBOUND_ROLLCALL ||
        o->kind == OUTBOUND_CORRECTION) /* a person has let it out */
        return false;
    if (o->kind == OUTBOUND_CONTACT) /* no group, and who has just agreed waits for it */
        return false;
    bool of_match = outbound_proposes(o->kind) || o->kind == OUTBOUND_AGREED;
    return !of_match || !n || !is_awaited(c, n->object, o, end);
}

/* Behind what is held for the group already; the question to a helper not before its proposal. */
static int64_t next_turn(const struct core *c, const struct outbound *o, int64_t end)
{
    char key[LIST_KEY_SIZE];
    const struct node *mn = node_find(c, OBJECT_MATCH, o->match);
    const struct node *first = mn && o->kind == OUTBOUND_ASK
                                   ? node_find(c, OBJECT_OUTBOUND, match_of_node(mn)->outbound)
                                   : NULL;
    const struct outbound *proposal = first ? first->object : NULL;
    int64_t at = end;
    if (proposal && proposal->state == OUTBOUND_WAITING && proposal->due_ms > at)
        at = proposal->due_ms;
    list_key(key, LIST_HELD, o->community, o->group);
    for (struct seat *s = list_last(c, key); s; s = seat_before(s)) {
        const struct outbound *other = s->node->object;
        if (other != o && other->due_ms > at - APART_MS)
            at = other->due_ms + APART_MS;
    }
    return at;
}

bool quiet_hold(struct core *c, struct node *n)
{
    struct outbound *o = n->object;
    char until[TIME_TEXT_SIZE];
    int64_t end = quiet_hours_end(&c->o.quiet, c->now_ms, c->o.zone_min);
    if (end <= c->now_ms || !may_wait(c, o, end))
        return false;
    o->due_ms = next_turn(c, o, end);
    o->held = true;
    node_touch(c, n);
    time_format(until, o->due_ms, c->o.zone_min);
    tell_audit(c, "outbound.hold", n, NULL, until);
    return true;
}

bool quiet_is_late(const struct core *c, const struct outbound *o)
{
    return o->kind == OUTBOUND_THANKS && o->held &&
           quiet_hours_end(&c->o.quiet, c->now_ms, c->o.zone_min) > c->now_ms;
}

/* --- what is held is awaited now --- */

static void wake(struct core *c, struct node *n)
{
    struct outbound *o = n ? n->object : NULL;
    int64_t end = quiet_hours_end(&c->o.quiet, c->now_ms, c->o.zone_min);
    if (!o || !o->held || o->state != OUTBOUND_WAITING || may_wait(c, o, end))
        return;
    o->due_ms = c->now_ms;
    node_touch(c, n);
}

void quiet_stir(struct core *c, const struct match *m)
{
    wake(c, node_find(c, OBJECT_OUTBOUND, m->outbound));
    wake(c, node_find(c, OBJECT_OUTBOUND, m->ask));
}

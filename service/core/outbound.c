/* Group posts: made with the permit of a policy or a person, sent only by a decision of the clock,
   so that taking back and sending can never cross. Their content never changes. */
#include "core_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

static void tell_outbound(struct core *c, enum event_kind kind, const struct outbound *o)
{
    struct event *e = tell(c, kind, o->community);
    e->outbound = keep(c, o->id);
    e->group = keep(c, o->group);
    e->state = outbound_state_code(o->state);
    if (kind == EVENT_OUTBOUND)
        e->text = keep(c, o->text);
}

static const struct place *place_of(const struct core *c, const char *community, const char *id)
{
    const struct node *n = id[0] ? node_in(c, OBJECT_PLACE, community, id) : NULL;
    return n ? n->object : NULL;
}

static char *text_of(struct core *c, const struct match *m, const struct post *request)
{
    struct buf text;
    const struct post *offer = post_of(c, m->offer);
    const struct party *helper = party_find(c, m->community, m->helper);
    const char *there = offer ? offer->origin.place : helper ? helper->place : "";
    buf_init(&text);
    c->o.post_text(m, request, offer, resource_of(c, m->community, m->resource), helper,
                   place_of(c, m->community, request->origin.place),
                   place_of(c, m->community, there), c->o.english, &text);
    return buf_take(&text);
}

/* False when there is no group to post into any more. */
bool outbound_create(struct core *c, struct node *match, int64_t wait_ms)
{
    struct match *m = match->object;
    const struct post *request = post_of(c, m->request);
    const struct node *gn =
        request ? node_in(c, OBJECT_GROUP, m->community, request->origin.group) : NULL;
    if (!gn)
        return false;
    const struct group *g = gn->object;
    struct outbound *o = NEW(struct outbound);
    new_id(c, 'o', o->id);
    str_copy(o->community, ID_SIZE, str_of(m->community));
    str_copy(o->group, ID_SIZE, str_of(g->id));
    str_copy(o->match, ID_SIZE, str_of(m->id));
    o->bot = mem_dup(g->bot);
    o->external_group = mem_dup(g->external_id);
    o->text = text_of(c, m, request);
    o->reply_to = mem_dup(request->origin.message);
    o->created_ms = c->now_ms;
    o->due_ms = c->now_ms + wait_ms;
    str_copy(m->outbound, ID_SIZE, str_of(o->id));
    node_touch(c, match);
    struct node *n = node_put(c, OBJECT_OUTBOUND, o->id, o);
    node_touch(c, n);
    tell_audit(c, "outbound.create", n, NULL, outbound_state_code(o->state));
    return true;
}

static bool step(struct core *c, struct node *n, enum outbound_event event)
{
    struct outbound *o = n->object;
    enum outbound_state before = o->state;
    if (!outbound_apply(&o->state, event))
        return false;
    node_touch(c, n);
    tell_audit(c, "outbound.change", n, outbound_state_code(before), outbound_state_code(o->state));
    tell_outbound(c, o->state == OUTBOUND_SENDING ? EVENT_OUTBOUND : EVENT_OUTBOUND_CHANGED, o);
    return true;
}

void outbound_cancel(struct core *c, const char *id)
{
    struct node *n = id[0] ? node_find(c, OBJECT_OUTBOUND, id) : NULL;
    if (n && ((struct outbound *)n->object)->state == OUTBOUND_WAITING)
        step(c, n, OUTBOUND_EVENT_CANCEL);
}

void outbound_retry(struct core *c, struct node *n, struct node *match)
{
    struct outbound *o = n->object;
    o->attempts = 0;
    o->due_ms = c->now_ms;
    mem_replace(&o->last_error, NULL);
    str_copy(match_of_node(match)->outbound, ID_SIZE, str_of(o->id));
    node_touch(c, match);
    step(c, n, OUTBOUND_EVENT_RETRY);
}

/* It could not be posted: a person has the match again. */
static void hand_back(struct core *c, struct node *match, const char *note)
{
    if (match && match_event(c, match, MATCH_EVENT_HOLD))
        mem_replace(&match_of_node(match)->note, note);
}

void outbound_tick(struct core *c, struct node *n)
{
    const struct outbound *o = n->object;
    struct node *m = node_find(c, OBJECT_MATCH, o->match);
    if (o->state == OUTBOUND_SENDING) { /* nobody has fetched it */
        step(c, n, OUTBOUND_EVENT_GIVE_UP);
        hand_back(c, m, "群消息没有发出去，机器人一直没有来取");
        return;
    }
    if (o->state != OUTBOUND_WAITING) {
        node_drop(c, n);
        return;
    }
    bool permitted = m && match_of_node(m)->state == MATCH_APPROVED;
    step(c, n, permitted ? OUTBOUND_EVENT_SEND : OUTBOUND_EVENT_CANCEL);
}

static void note_failure(struct core *c, struct node *n, const struct delivery *d)
{
    struct outbound *o = n->object;
    o->attempts++;
    mem_replace(&o->last_error, d->error);
    node_touch(c, n);
}

void outbound_deliver(struct core *c, const struct delivery *d)
{
    struct node *n = node_find(c, OBJECT_OUTBOUND, d->outbound);
    struct outbound *o = n ? n->object : NULL;
    if (!o || o->state != OUTBOUND_SENDING) /* told twice, or long decided */
        return;
    struct node *m = node_find(c, OBJECT_MATCH, o->match);
    if (d->outcome == DELIVERY_DONE) {
        step(c, n, OUTBOUND_EVENT_DELIVER);
        if (m)
            match_event(c, m, MATCH_EVENT_POST);
        return;
    }
    note_failure(c, n, d);
    if (d->outcome == DELIVERY_FAILED)
        return;
    step(c, n, OUTBOUND_EVENT_GIVE_UP);
    hand_back(c, m, "群消息没有发出去，机器人一直没有接收");
}

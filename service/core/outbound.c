/* Posts of ours: made with the permit of a policy or a person, sent only by a decision of the
   clock, so that taking back and sending can never cross. Their content never changes. */
#include "sustain_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

static void tell_outbound(struct core *c, enum event_kind kind, const struct outbound *o)
{
    struct event *e = tell(c, kind, o->community);
    e->outbound = keep(c, o->id);
    e->group = o->to ? NULL : keep(c, o->group);
    e->state = outbound_state_code(o->state);
    if (kind == EVENT_OUTBOUND)
        e->text = keep(c, o->text);
}

const struct place *outbound_place(const struct core *c, const char *community, const char *id)
{
    const struct node *n = id[0] ? node_in(c, OBJECT_PLACE, community, id) : NULL;
    return n ? n->object : NULL;
}

/* A group reads no contact and no room, wherever in the directory somebody has written it. */
static char *without_contacts(char *text)
{
    size_t size = strlen(text) + 64; /* a mask is no longer than what it covers */
    char *masked = mem_new(size);
    text_mask(str_of(text), masked, size);
    free(text);
    return masked;
}

/* Masked already here: of a surge it stands before staff as it will be posted. */
char *outbound_note(struct core *c, struct note *n)
{
    struct buf text;
    buf_init(&text);
    c->o.note_text(n, c->o.english, &text);
    return without_contacts(buf_take(&text));
}

static char *text_of(struct core *c, const struct match *m, const struct post *request)
{
    struct buf text;
    const struct post *offer = post_of(c, m->offer);
    const struct party *helper = party_known(c, m->community, m->helper);
    const char *there = offer ? offer->origin.place : helper ? helper->place : "";
    struct post asked = *request;
    const struct party *asker = party_find(c, m->community, request->origin.party);
    if (asker && !party_may_be_asked(asker)) /* a neighbour, without a name */
        asked.origin.sender_name = NULL;
    buf_init(&text);
    c->o.post_text(m, &asked, offer, resource_of(c, m->community, m->resource), helper,
                   outbound_place(c, m->community, request->origin.place),
                   outbound_place(c, m->community, there), c->o.english,
                   policy_emergency(c, m->community), &text);
    return buf_take(&text);
}

/* To one person alone; the contacts stay sealed. */
static void address(struct outbound *o, const struct outgoing *g)
{
    o->to = mem_dup(g->to);
    str_copy(o->post, ID_SIZE, str_of(g->owner->id));
    reveal_contacts(g->owner, &o->contacts);
}

struct node *outbound_put(struct core *c, const struct outgoing *g, char *text)
{
    const struct node *gn = node_in(c, OBJECT_GROUP, g->community, g->group);
    if (!gn) {
        free(text);
        return NULL;
    }
    const struct group *group = gn->object;
    struct outbound *o = NEW(struct outbound);
    new_id(c, 'o', o->id);
    o->kind = g->kind;
    o->permit = mem_dup(g->permit);
    str_copy(o->community, ID_SIZE, str_of(g->community));
    str_copy(o->group, ID_SIZE, str_of(group->id));
    str_copy(o->match, ID_SIZE, str_of(g->match ? g->match : ""));
    str_copy(o->resource, ID_SIZE, str_of(g->resource ? g->resource : ""));
    str_copy(o->surge, ID_SIZE, str_of(g->surge ? g->surge : ""));
    o->bot = mem_dup(group->bot);
    o->external_group = g->to ? NULL : mem_dup(group->external_id);
    o->text = without_contacts(text);
    o->reply_to = mem_dup(g->reply_to);
    o->created_ms = c->now_ms;
    o->due_ms = g->due_ms;
    if (g->to)
        address(o, g);
    struct node *n = node_put(c, OBJECT_OUTBOUND, o->id, o);
    node_touch(c, n);
    tell_audit(c, "outbound.create", n, NULL, outbound_state_code(o->state));
    return n;
}

const char *outbound_permit(const struct match *m)
{
    bool policy = m->decided_by && !strcmp(m->decided_by, BY_POLICY);
    return policy ? m->route_why : m->decided_by;
}

static void put_proposal(struct core *c, struct match *m, int64_t due_ms)
{
    const struct post *request = post_of(c, m->request);
    const struct outgoing g = {.kind = OUTBOUND_PROPOSAL,
                               .community = m->community,
                               .group = request->origin.group,
                               .permit = outbound_permit(m),
                               .match = m->id,
                               .reply_to = request->origin.message,
                               .due_ms = due_ms};
    const struct node *n = outbound_put(c, &g, text_of(c, m, request));
    str_copy(m->outbound, ID_SIZE, str_of(n ? n->key : ""));
}

/* Where the helper reads another group. */
static void put_ask(struct core *c, struct match *m, int64_t due_ms)
{
    const struct post *offer = post_of(c, m->offer);
    const char *group = ask_group(c, m);
    m->ask[0] = 0;
    if (!group)
        return;
    const struct outgoing g = {.kind = OUTBOUND_ASK,
                               .community = m->community,
                               .group = group,
                               .permit = outbound_permit(m),
                               .match = m->id,
                               .reply_to = offer ? offer->origin.message : NULL,
                               .due_ms = due_ms};
    str_copy(m->ask, ID_SIZE, str_of(outbound_put(c, &g, ask_text(c, m))->key));
}

/* False when there is no group to post into any more. */
bool outbound_create(struct core *c, struct node *match, int64_t wait_ms)
{
    struct match *m = match->object;
    const struct post *request = post_of(c, m->request);
    if (!request || !node_in(c, OBJECT_GROUP, m->community, request->origin.group))
        return false;
    put_proposal(c, m, c->now_ms + wait_ms);
    put_ask(c, m, c->now_ms + wait_ms);
    node_touch(c, match);
    return true;
}

bool outbound_proposes(enum outbound_kind k)
{
    return k == OUTBOUND_PROPOSAL || k == OUTBOUND_ASK;
}

static enum outbound_state state_of(const struct core *c, const char *id)
{
    const struct node *n = id[0] ? node_find(c, OBJECT_OUTBOUND, id) : NULL;
    return n ? ((const struct outbound *)n->object)->state : OUTBOUND_STATE_N;
}

bool outbound_waits(const struct core *c, const struct match *m)
{
    return state_of(c, m->outbound) == OUTBOUND_WAITING &&
           (!m->ask[0] || state_of(c, m->ask) == OUTBOUND_WAITING);
}

static bool is_out(const struct core *c, const char *id)
{
    enum outbound_state s = state_of(c, id);
    return s == OUTBOUND_SENDING || s == OUTBOUND_DELIVERED;
}

void outbound_revive(struct core *c, struct node *match, const struct outbound *o)
{
    struct match *m = match->object;
    bool ask = o->kind == OUTBOUND_ASK;
    str_copy(ask ? m->ask : m->outbound, ID_SIZE, str_of(o->id));
    if (ask && !is_out(c, m->outbound))
        put_proposal(c, m, c->now_ms);
    if (!ask && !is_out(c, m->ask))
        put_ask(c, m, c->now_ms);
    node_touch(c, match);
}

/* For all that we know, who would help reads it now. */
static void note_asked(struct core *c, const struct outbound *o)
{
    struct node *n = node_find(c, OBJECT_MATCH, o->match);
    struct match *m = n ? n->object : NULL;
    if (!m)
        return;
    if (o->kind == OUTBOUND_ASK && m->told_ms >= o->created_ms && c->now_ms - m->told_ms >= DAY_MS)
        return; /* the clock was late: others may have asked them since */
    m->told_ms = c->now_ms;
    m->rested = false;
    node_touch(c, n);
}

/* From now on the sender may open them: whatever becomes of it, that is in the audit, once. */
static void tell_reveal(struct core *c, const struct outbound *o)
{
    const struct post *p = post_of(c, o->post);
    const struct node *n = node_find(c, OBJECT_MATCH, o->match);
    const struct match *m = n ? n->object : NULL;
    struct audit *a = tell_audit_of(c, o->community, "contact.reveal");
    bool to_helper = m && !strcmp(m->reveal_to_helper, o->id);
    const char *party = !m ? "" : to_helper ? m->helper : m->helped;
    a->kind = OBJECT_POST;
    a->object = keep(c, p ? p->id : o->post);
    a->after = keep(c, party[0] ? party : to_helper ? "the helper" : "who asked");
    a->reason = keep(c, o->permit);
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
    if (o->state == OUTBOUND_SENDING && outbound_proposes(o->kind))
        note_asked(c, o);
    if (o->kind == OUTBOUND_CONTACT && event == OUTBOUND_EVENT_SEND)
        tell_reveal(c, o);
    if (o->state == OUTBOUND_DEAD || outbound_is_final(o->state))
        erase_arrived(c, n);
    return true;
}

void outbound_cancel(struct core *c, const char *id)
{
    struct node *n = id[0] ? node_find(c, OBJECT_OUTBOUND, id) : NULL;
    if (n && ((struct outbound *)n->object)->state == OUTBOUND_WAITING)
        step(c, n, OUTBOUND_EVENT_CANCEL);
}

void outbound_withdraw(struct core *c, const char *id)
{
    struct node *n = id[0] ? node_find(c, OBJECT_OUTBOUND, id) : NULL;
    if (n)
        step(c, n, OUTBOUND_EVENT_CANCEL);
}

void outbound_retry(struct core *c, struct node *n, const char *permit)
{
    struct outbound *o = n->object;
    o->attempts = 0;
    o->due_ms = c->now_ms;
    mem_replace(&o->last_error, NULL);
    mem_replace(&o->permit, permit);
    step(c, n, OUTBOUND_EVENT_RETRY);
}

/* Of two groups one may have it while the other waits. */
static bool is_posting(const struct match *m)
{
    return m->state == MATCH_APPROVED || (m->state == MATCH_POSTED && m->ask[0]);
}

bool outbound_is_wanted(const struct core *c, const struct outbound *o)
{
    const struct node *n = node_find(c, OBJECT_MATCH, o->match);
    const struct match *m = n ? n->object : NULL;
    const struct resource *r = resource_of(c, o->community, o->resource);
    switch (o->kind) {
    case OUTBOUND_OUTCOME:
        return m && m->state == MATCH_AGREED && !strcmp(m->question, o->id) &&
               may_ask(c, m->community, m->helped);
    case OUTBOUND_AGREED:
        return m && m->state == MATCH_AGREED && !strcmp(m->agreed_post, o->id);
    case OUTBOUND_THANKS:
        return m && (m->state == MATCH_FULFILLED || m->state == MATCH_CLOSED) &&
               may_ask(c, m->community, m->helper);
    case OUTBOUND_CORRECTION:
        return m && m->state == MATCH_UNDONE;
    case OUTBOUND_NOTICE:
        return notice_is_wanted(c, o);
    case OUTBOUND_ROLLCALL:
        return policy_emergency(c, o->community);
    case OUTBOUND_RENEWAL:
        return r && !r->expired && !strcmp(r->question, o->id) &&
               may_ask(c, r->community, r->party);
    case OUTBOUND_CONTACT:
        return m && reveal_is_wanted(c, m, o);
    case OUTBOUND_ASK:
        return m && is_posting(m) && !strcmp(m->ask, o->id);
    default:
        return m && is_posting(m) && !strcmp(m->outbound, o->id);
    }
}

/* A person has let it out, and each group that has read the proposal reads this, too. */
void outbound_correct(struct core *c, struct node *match, const char *permit)
{
    const struct match *m = match->object;
    const struct post *request = post_of(c, m->request);
    const char *posted[] = {m->outbound, m->ask};
    for (int i = 0; i < 2; i++) {
        const struct node *n = posted[i][0] ? node_find(c, OBJECT_OUTBOUND, posted[i]) : NULL;
        const struct outbound *o = n ? n->object : NULL;
        if (!request || !o || (o->state != OUTBOUND_SENDING && o->state != OUTBOUND_DELIVERED))
            continue;
        struct note note = {.kind = OUTBOUND_CORRECTION, .request = request};
        const struct outgoing g = {.kind = OUTBOUND_CORRECTION,
                                   .community = m->community,
                                   .group = o->group,
                                   .permit = permit,
                                   .match = m->id,
                                   .reply_to = o->reply_to,
                                   .due_ms = c->now_ms};
        outbound_put(c, &g, outbound_note(c, &note));
    }
}

/* Not of an approval before this one. */
static bool is_current(const struct match *m, const struct outbound *o)
{
    return !strcmp(o->kind == OUTBOUND_ASK ? m->ask : m->outbound, o->id);
}

/* It could not be posted: a person has the match again. */
static void hand_back(struct core *c, const struct outbound *o, const char *note)
{
    struct node *match = node_find(c, OBJECT_MATCH, o->match);
    if (outbound_proposes(o->kind) && match && is_current(match_of_node(match), o) &&
        match_event(c, match, MATCH_EVENT_HOLD))
        mem_replace(&match_of_node(match)->note, note);
}

/* After a standstill the match may be over, though its own end is still to be decided. */
static bool is_over(const struct core *c, const struct outbound *o)
{
    const struct node *n =
        o->kind == OUTBOUND_CONTACT ? node_find(c, OBJECT_MATCH, o->match) : NULL;
    return n && match_of_node(n)->deadline_ms <= c->now_ms;
}

void outbound_tick(struct core *c, struct node *n)
{
    const struct outbound *o = n->object;
    if (o->state == OUTBOUND_SENDING) { /* nobody has fetched it */
        step(c, n, OUTBOUND_EVENT_GIVE_UP);
        hand_back(c, o, "群消息没有发出去，机器人一直没有来取");
        return;
    }
    if (o->state != OUTBOUND_WAITING) {
        node_drop(c, n);
        return;
    }
    if (!outbound_is_wanted(c, o) || quiet_is_late(c, o) || is_over(c, o))
        step(c, n, OUTBOUND_EVENT_CANCEL);
    else if (!quiet_hold(c, n))
        step(c, n, OUTBOUND_EVENT_SEND);
}

static void note_failure(struct core *c, struct node *n, const struct delivery *d)
{
    struct outbound *o = n->object;
    o->attempts++;
    mem_replace(&o->last_error, d->error);
    node_touch(c, n);
}

/* What the group calls it: whoever quotes it names it so. A bot may learn it later than it posts.
 */
static void take_message(struct core *c, struct node *n, const struct delivery *d)
{
    struct outbound *o = n->object;
    bool there = o->state == OUTBOUND_SENDING || o->state == OUTBOUND_DELIVERED;
    if (o->message || !there || d->outcome != DELIVERY_DONE || !d->message || !d->message[0])
        return;
    o->message = mem_dup(d->message);
    node_touch(c, n);
}

struct node *outbound_quoted(const struct core *c, const struct said *s)
{
    const char *quoted = s->m->reply_to;
    struct node *n = quoted ? node_find(c, OBJECT_OUTBOUND, quoted) : NULL;
    if (!n && quoted)
        n = by_message(c, s->m->bot, quoted);
    return n && n->kind == OBJECT_OUTBOUND ? n : NULL;
}

void outbound_deliver(struct core *c, const struct delivery *d)
{
    struct node *n = node_find(c, OBJECT_OUTBOUND, d->outbound);
    struct outbound *o = n ? n->object : NULL;
    if (!o)
        return;
    take_message(c, n, d);
    if (o->state != OUTBOUND_SENDING) /* told twice, or long decided */
        return;
    if (d->outcome == DELIVERY_DONE) {
        struct node *m = node_find(c, OBJECT_MATCH, o->match);
        step(c, n, OUTBOUND_EVENT_DELIVER);
        if (m && outbound_proposes(o->kind) && is_current(match_of_node(m), o))
            match_event(c, m, MATCH_EVENT_POST);
        return;
    }
    note_failure(c, n, d);
    if (d->outcome == DELIVERY_FAILED)
        return;
    step(c, n, OUTBOUND_EVENT_GIVE_UP);
    hand_back(c, o, "群消息没有发出去，机器人一直没有接收");
}

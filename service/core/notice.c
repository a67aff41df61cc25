/* The notice of a surge: a draft that waits for a person, and goes out to all groups concerned or
   to none. */
#include "command_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "sustain_priv.h"

#define TEXT_CHARS 500
#define PLACES_MOST 8

static int fault_of(const struct surge *s)
{
    bool named = !strncmp(s->topic, TOPIC_FAULT, sizeof TOPIC_FAULT - 1);
    return named ? fault_find(s->topic + sizeof TOPIC_FAULT - 1) : -1;
}

const char *notice_topic(const struct surge *s, bool english)
{
    int fault = fault_of(s);
    if (fault >= 0)
        return english ? fault_code(fault) : fault_zh(fault);
    if (english)
        return category_code(s->category);
    return s->category == CATEGORY_FACILITY   ? "公共设施问题"
           : s->category == CATEGORY_NUISANCE ? "环境扰民问题"
           : s->category == CATEGORY_SAFETY   ? "安全问题"
                                              : category_zh(s->category);
}

/* --- the draft --- */

/* Who has been told of it: whoever has a case of it. */
static const struct party *told(const struct core *c, const struct surge *s)
{
    char key[LIST_KEY_SIZE];
    int fault = fault_of(s);
    list_key(key, LIST_CASES, s->community, "");
    for (struct seat *seat = list_last(c, key); seat; seat = seat_before(seat)) {
        const struct case_ *k = seat->node->object;
        bool like = fault >= 0 ? faults_named(k->text) >> fault & 1 : k->category == s->category;
        if (like && k->assignee[0] && place_lies_in(c, s->community, k->origin.place, s->area))
            return party_find(c, s->community, k->assignee);
    }
    return NULL;
}

void notice_draft(struct core *c, struct surge *s)
{
    const struct place *places[PLACES_MOST];
    struct note n = {.kind = OUTBOUND_NOTICE,
                     .surge = s,
                     .places = places,
                     .topic = notice_topic(s, c->o.english),
                     .party = told(c, s),
                     .emergency = policy_emergency(c, s->community),
                     .zone_min = c->o.zone_min};
    for (int i = 0; i < s->places.n && n.n_places < PLACES_MOST; i++)
        if ((places[n.n_places] = outbound_place(c, s->community, s->places.v[i])))
            n.n_places++;
    free(s->text);
    s->text = outbound_note(c, &n);
}

bool notice_is_wanted(const struct core *c, const struct outbound *o)
{
    const struct node *n = node_find(c, OBJECT_SURGE, o->surge);
    const struct surge *s = n ? n->object : NULL;
    return s && s->notice == NOTICE_APPROVED && strs_has(&s->outbound, str_of(o->id));
}

/* --- a person's decision --- */

static bool step(struct doing *d, enum notice_event event)
{
    struct surge *s = d->n->object;
    enum notice_state before = s->notice;
    if (!notice_apply(&s->notice, event)) {
        char detail[80];
        snprintf(detail, sizeof detail, "a notice that is %s knows no %s",
                 notice_state_code(before), notice_event_code(event));
        command_reply(d, ERR_CONFLICT, detail);
        return false;
    }
    s->version++;
    s->decided_ms = d->c->now_ms;
    mem_replace(&s->decided_by, d->cmd->actor);
    return true;
}

static void decided(struct doing *d, const char *action, enum notice_state before)
{
    const struct surge *s = d->n->object;
    node_touch(d->c, d->n);
    tell_audit(d->c, action, d->n, notice_state_code(before), notice_state_code(s->notice));
    struct event *e = tell(d->c, EVENT_SURGE, s->community);
    e->surge = keep(d->c, s->id);
    e->category = s->category;
    e->state = notice_state_code(s->notice);
    command_reply(d, ERR_OK, NULL);
}

/* Also a person's words show nothing private. */
static const char *refused(const char *text)
{
    static _Thread_local char masked[TEXT_MAX_BYTES + 64];
    if (!text)
        return NULL;
    if (!text[0] || str_utf8_chars(str_of(text)) > TEXT_CHARS)
        return "text: up to 500 characters, and not none";
    text_mask(str_of(text), masked, sizeof masked);
    return strcmp(masked, text) ? "text: it shows a phone, a room or an identity number" : NULL;
}

static bool has_group(const struct core *c, const struct surge *s)
{
    for (int i = 0; i < s->groups.n; i++)
        if (node_in(c, OBJECT_GROUP, s->community, s->groups.v[i]))
            return true;
    return false;
}

static void post_all(struct doing *d, struct surge *s)
{
    struct core *c = d->c;
    for (int i = 0; i < s->groups.n; i++) {
        const struct outgoing g = {.kind = OUTBOUND_NOTICE,
                                   .community = s->community,
                                   .group = s->groups.v[i],
                                   .permit = d->cmd->actor,
                                   .surge = s->id,
                                   .due_ms = c->now_ms + c->o.undo_ms};
        const struct node *n = outbound_put(c, &g, mem_dup(s->text));
        if (n)
            strs_add(&s->outbound, str_of(n->key));
    }
}

void notice_approve(struct doing *d)
{
    struct surge *s = d->n->object;
    enum notice_state before = s->notice;
    const char *why = refused(d->cmd->text);
    if (why) {
        command_reply(d, ERR_BAD_FIELD, why);
        return;
    }
    if (!has_group(d->c, s)) {
        command_reply(d, ERR_CONFLICT, "none of its groups is registered any more");
        return;
    }
    if (!step(d, NOTICE_EVENT_APPROVE))
        return;
    if (d->cmd->text)
        mem_replace(&s->text, d->cmd->text);
    post_all(d, s);
    decided(d, "notice.approve", before);
}

static bool has_gone_out(const struct core *c, const struct surge *s)
{
    for (int i = 0; i < s->outbound.n; i++) {
        const struct node *n = node_find(c, OBJECT_OUTBOUND, s->outbound.v[i]);
        if (!n || ((const struct outbound *)n->object)->state != OUTBOUND_WAITING)
            return true;
    }
    return false;
}

void notice_reject(struct doing *d)
{
    struct surge *s = d->n->object;
    enum notice_state before = s->notice;
    if (has_gone_out(d->c, s)) {
        command_reply(d, ERR_CONFLICT, "it has gone out; it cannot be taken back any more");
        return;
    }
    if (!step(d, NOTICE_EVENT_REJECT))
        return;
    mem_replace(&s->reject_reason, d->cmd->reason);
    for (int i = 0; i < s->outbound.n; i++)
        outbound_cancel(d->c, s->outbound.v[i]);
    decided(d, "notice.reject", before);
}

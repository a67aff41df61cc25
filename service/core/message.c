/* A message of a group: read it in its conversation, then let it do what it means. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define RESCUE_TEXT "有人可能正处在危险中，请立即拨打 110 / 119 / 120，并请值班人员马上联系当事人"

static const char *ref_of(const struct node *n)
{
    return n ? n->key : "";
}

static void fill_query(const struct said *s, struct text_query *q)
{
    const struct talk *quoted = talk_line(s->talk, s->m->reply_to);
    *q = (struct text_query){.text = str_of(s->m->text),
                             .time_ms = s->m->time_ms,
                             .zone_min = s->m->zone_min,
                             .quoted_intent = INTENT_CHAT,
                             .previous_intent = INTENT_CHAT};
    if (quoted) {
        q->quoted = str_of(quoted->text);
        q->quoted_intent = quoted->intent;
    }
    for (int i = s->talk->n - 1; i >= 0; i--) {
        const struct talk *t = s->talk->lines[i];
        bool own = !strcmp(t->sender, s->m->sender);
        if (own && !q->own_previous.n)
            q->own_previous = str_of(t->text);
        if (!own && !q->previous.n) {
            q->previous = str_of(t->text);
            q->previous_intent = t->intent;
        }
    }
}

static struct node *open_side(struct core *c, const struct said *s, enum side side)
{
    struct node *n = post_open(c, s, side);
    propose_for(c, n);
    return n;
}

static void alert_if_critical(struct core *c, const struct said *s)
{
    struct origin o = {.message = (char *)s->m->id};
    bool acts = s->reading.intent == INTENT_REQUEST || s->reading.intent == INTENT_REPORT;
    if (s->reading.urgency != URGENCY_CRITICAL || !acts)
        return;
    str_copy(o.community, ID_SIZE, str_of(s->m->community));
    str_copy(o.group, ID_SIZE, str_of(s->m->group));
    tell_alert(c, "critical", &o, RESCUE_TEXT);
}

static struct node *act_on(struct core *c, const struct said *s)
{
    switch (s->reading.intent) {
    case INTENT_REQUEST:
        return open_side(c, s, SIDE_REQUEST);
    case INTENT_OFFER:
        return open_side(c, s, SIDE_OFFER);
    case INTENT_CLAIM:
        return claim_take(c, s);
    case INTENT_CLOSURE:
        return closure_take(c, s);
    case INTENT_REPORT:
        return case_report(c, s);
    default:
        return NULL;
    }
}

static void add_line(struct core *c, const struct said *s, const char *ref)
{
    struct talk *t = NEW(struct talk);
    str_copy(t->community, ID_SIZE, str_of(s->m->community));
    str_copy(t->group, ID_SIZE, str_of(s->m->group));
    t->message = mem_dup(s->m->id);
    t->sender = mem_dup(s->m->sender);
    t->sender_name = mem_dup(s->m->sender_name);
    t->text = mem_dup_str(str_clip_utf8(str_of(s->text), 400));
    t->intent = s->reading.intent;
    t->at_ms = c->now_ms;
    t->time_ms = s->m->time_ms;
    str_copy(t->ref, ID_SIZE, str_of(ref));
    talk_add(c, s->talk, t);
}

/* A recall takes back what the message opened; a claim that is recalled gives its part back. */
static void recall(struct core *c, const struct message *m, struct conversation *talk)
{
    struct node *n = by_message(c, m->bot, m->recalled);
    if (n && n->kind == OBJECT_POST) {
        match_end_others(c, n, NULL, true);
        post_close(c, n, POST_EVENT_WITHDRAW, m->id);
        return;
    }
    const struct talk *line = talk_line(talk, m->recalled);
    struct node *post = line && line->ref[0] ? node_find(c, OBJECT_POST, line->ref) : NULL;
    for (int i = 0; post && i < post->n_links; i++) {
        const struct match *x = match_of_node(post->links[i]);
        bool its = (x->request_message && !strcmp(x->request_message, m->recalled)) ||
                   (x->offer_message && !strcmp(x->offer_message, m->recalled));
        if (its && match_holds(x->state))
            match_event(c, post->links[i], MATCH_EVENT_DECLINE);
    }
}

static void tell_message(struct core *c, const struct said *s)
{
    struct event *e = tell(c, EVENT_MESSAGE, s->m->community);
    bool acts = s->reading.intent == INTENT_REQUEST || s->reading.intent == INTENT_OFFER ||
                s->reading.intent == INTENT_REPORT;
    e->message = keep(c, s->m->id);
    e->group = keep(c, s->m->group);
    e->intent = s->reading.intent;
    e->category = acts ? s->reading.category : CATEGORY_NONE;
    e->urgency = s->reading.urgency;
}

void decide_message(struct core *c, const struct message *m)
{
    static _Thread_local struct said said; /* its text is too large for a stack */
    struct said *s = &said;
    struct node *gn = node_in(c, OBJECT_GROUP, m->community, m->group);
    struct text_query q;
    if (!gn) /* the group was taken out of the directory meanwhile */
        return;
    *s = (struct said){.m = m, .group = gn->object};
    s->talk = conversation_of(c, m->community, m->group);
    s->party = party_of_sender(c, m->community, m->sender);
    c->actor = "sender";
    c->by = m->id;
    talk_expire(c, s->talk);
    if (m->recalled) {
        recall(c, m, s->talk);
        c->by = NULL;
        return;
    }
    fill_query(s, &q);
    text_read(c->o.model, c->o.work, &q, &s->reading);
    text_mask(str_of(m->text), s->text, sizeof s->text);
    bool answered = answer_take(c, s);
    if (answered)
        s->reading.intent = INTENT_CLAIM;
    tell_message(c, s);
    alert_if_critical(c, s);
    struct node *n = answered ? NULL : act_on(c, s);
    add_line(c, s, ref_of(n));
    c->by = NULL;
}

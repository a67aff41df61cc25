/* A message of a group: read it in its conversation, then let it do what it means. */
#include "case_priv.h"

#include <string.h>

#include "base/mem.h"

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
    danger_route(c, s, n);
    case_route(c, n);
    if (side == SIDE_REQUEST)
        propose_called(c, s, n);
    assign_later(c, n);
    return n;
}

/* 我三点去机场接人，@小陈 捎你: it is for who is named, and not for all. */
static struct node *offer_take(struct core *c, const struct said *s)
{
    struct node *called = thread_called(c, s);
    if (called && claim_on(c, s, called, false))
        return called;
    return open_side(c, s, SIDE_OFFER);
}

static struct node *do_it(struct core *c, struct said *s)
{
    struct node *n;
    switch (s->reading.intent) {
    case INTENT_REQUEST:
        if (case_is_meant(c, s))
            return case_report(c, s); /* 停电了，谁去报一下 beside the reports of it */
        also_take(c, s);
        return open_side(c, s, SIDE_REQUEST);
    case INTENT_OFFER:
        return offer_take(c, s);
    case INTENT_CLAIM:
        n = claim_take(c, s);
        return n || !also_asks(c, s) ? n : open_side(c, s, SIDE_REQUEST);
    case INTENT_INQUIRY:
        return claim_ask(c, s);
    case INTENT_CLOSURE:
        return closure_take(c, s);
    case INTENT_REPORT:
        return case_report(c, s);
    case INTENT_CHAT:
        n = closure_decline(c, s);
        return n ? n : closure_called_off(c, s);
    default:
        return NULL;
    }
}

/* 又漏了 from who reported a case reopens it, before it could be a case of its own; 修好了 may end
   a case beside a post, and so may whoever answers for it. */
static struct node *act_on(struct core *c, struct said *s)
{
    bool report = s->reading.intent == INTENT_REPORT;
    struct node *heard = report ? case_heard(c, s, NULL) : NULL;
    struct node *n = heard ? heard : do_it(c, s);
    if (!report)
        heard = case_heard(c, s, n);
    if (!heard)
        heard = case_answer(c, s, n);
    return n ? n : heard;
}

/* One piece of what is said belongs to the rest. */
static struct node *act_on_piece(struct core *c, const struct said *s, struct piece *x)
{
    if (x->of)
        return piece_join(c, s, x);
    struct node *n = act_on(c, &x->whole);
    if (n)
        piece_opened(c, s, x, n);
    return n;
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
    t->reply_to = mem_dup(s->m->reply_to);
    t->intent = s->reading.intent;
    t->claim_p = s->reading.intent_p[INTENT_CLAIM];
    t->at_ms = c->now_ms;
    t->time_ms = s->m->time_ms;
    str_copy(t->ref, ID_SIZE, str_of(ref));
    talk_add(c, s->talk, t);
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
    e->score = s->reading.intent_p[s->reading.intent];
    e->evidence = s->evidence;
    e->n_evidence = s->n_evidence;
}

static void read_it(struct core *c, struct said *s, struct text_query *q)
{
    static _Thread_local char masked[TEXT_MAX_BYTES + 64];
    find_init(&s->words, s->m->text);
    fill_query(s, q);
    text_read(c->o.model, c->o.work, q, &s->reading);
    text_mask(str_of(s->m->text), masked, sizeof masked);
    s->text = masked;
}

/* As a person has read it: certain, and the rest as far as it can still be read. */
static void read_as(struct said *s, const struct labels *as)
{
    struct reading *r = &s->reading;
    r->intent = as->intent;
    r->intent_p[as->intent] = 1;
    r->category = as->category;
    r->category_p = 1;
    r->urgency = as->urgency;
    r->mode = as->mode;
    r->flags = as->flags;
}

static bool say_again(struct core *c, const struct message *m, const struct labels *as,
                      struct said *s)
{
    struct node *gn = node_in(c, OBJECT_GROUP, m->community, m->group);
    struct text_query q;
    *s = (struct said){.m = m};
    if (!gn)
        return false;
    s->group = gn->object;
    s->talk = conversation_of(c, m->community, m->group);
    s->party = party_of_sender(c, m->community, m->sender);
    read_it(c, s, &q);
    read_as(s, as);
    return true;
}

struct node *message_again(struct core *c, const struct message *m, const struct labels *as)
{
    struct said s;
    if (!say_again(c, m, as, &s))
        return NULL;
    danger_alert(c, &s);
    return intent_opens(as->intent) ? act_on(c, &s) : NULL;
}

bool message_claims(struct core *c, const struct message *m, struct node *post)
{
    const struct labels claim = {.intent = INTENT_CLAIM};
    struct said s;
    return say_again(c, m, &claim, &s) && claim_on(c, &s, post, false);
}

/* 停水了 with not a word more is a report, however seldom the model has read one so short. */
static void read_plain(struct said *s)
{
    bool doubted = s->reading.intent == INTENT_CHAT || s->reading.intent == INTENT_REQUEST;
    if (!doubted || (s->party && s->party->kind != PARTY_RESIDENT) || !fault_is_plain(s->text))
        return;
    s->reading.intent = INTENT_REPORT;
    s->reading.category = CATEGORY_FACILITY;
}

/* It says something, and is no answer to a post of ours. */
static void hear(struct core *c, struct said *s, const struct text_query *q)
{
    struct piece x;
    if (answer_is_digit(s))
        s->reading.intent = INTENT_CHAT;
    else
        context_weigh(c, s, q);
    read_plain(s);
    bool piece = piece_find(c, s, &x);
    int told = c->fx->n_events;
    tell_message(c, s);
    danger_alert(c, s);
    assent_take(c, s);
    struct node *n = piece ? act_on_piece(c, s, &x) : act_on(c, s);
    c->fx->events[told].targets = s->targets;
    c->fx->events[told].n_targets = s->n_targets;
    add_line(c, s, ref_of(n));
    const struct node *about = n ? n : thread_quoted(c, s);
    for (int i = 0; about && i < about->n_links; i++)
        quiet_stir(c, match_of_node(about->links[i]));
    surge_hear(c, s, n);
}

/* True: it changes what was said before, and no more is to be heard of it. */
static bool take_edited(struct core *c, struct said *s)
{
    struct node *n = edited_post(c, s);
    if (!n) {
        edited_forget(c, s);
        return false;
    }
    tell_message(c, s);
    danger_alert(c, s);
    add_line(c, s, n->key);
    return true;
}

static void decide_said(struct core *c, struct said *s)
{
    struct text_query q;
    ask_heard(c, s);
    read_it(c, s, &q);
    if (s->m->edited) {
        if (take_edited(c, s))
            return;
        read_it(c, s, &q); /* the line that it followed may be the one that is gone */
    }
    if (answer_take(c, s)) {
        s->reading.intent = INTENT_CLAIM;
        tell_message(c, s);
        danger_alert(c, s);
        add_line(c, s, "");
        rollcall_hear(c, s);
        return;
    }
    hear(c, s, &q);
    rollcall_hear(c, s);
    advice_doubt(c, s);
}

#define NAME_BYTES 320 /* more than a name has (codec/message.h), masked or not */

/* 小红13900139000: who reads names is not to read that. A room alone may be all there is of a name.
 */
static const char *name_shown(struct core *c, const char *name)
{
    static const char *const ids[] = {"微信", "vx", "wx", "VX", "WX", "v信", "V信", "qq", "QQ"};
    char masked[NAME_BYTES];
    int digits = 0;
    bool holds = false;
    for (const char *p = name; p && *p; p++)
        digits += *p >= '0' && *p <= '9';
    for (size_t i = 0; name && i < sizeof ids / sizeof *ids; i++)
        holds |= strstr(name, ids[i]) != NULL;
    if (digits < 7 && !holds)
        return name;
    text_mask(str_of(name), masked, sizeof masked);
    return keep(c, masked);
}

void decide_message(struct core *c, const struct message *as_sent)
{
    struct message shown = *as_sent, *m = &shown;
    shown.sender_name = name_shown(c, as_sent->sender_name);
    struct node *gn = node_in(c, OBJECT_GROUP, m->community, m->group);
    struct said s = {.m = m};
    if (!gn) /* the group was taken out of the directory meanwhile */
        return;
    if (by_message(c, m->bot,
                   m->id)) /* it has had its effect, longer ago than duplicates are known */
        return;
    s.group = gn->object;
    s.talk = conversation_of(c, m->community, m->group);
    s.party = party_of_sender(c, m->community, m->sender);
    c->actor = "sender";
    c->by = m->id;
    c->sender = m->recalled ? NULL : m->sender;
    talk_expire(c, s.talk);
    if (m->recalled)
        closure_recall(c, m, s.talk);
    else
        decide_said(c, &s);
    c->by = c->sender = NULL;
}

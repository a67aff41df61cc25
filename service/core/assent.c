/* The next word of whose post it is makes plain what a line was: 豆腐砂行不 is an answer to who
   needs litter once they say 行行行, and whether any is left is theirs to say. */
#include "context_priv.h"

#include <string.h>

#include "base/clock.h"
#include "model/labelled.h"

#define OFFERS_MOST 16 /* of one person, that are asked for at once */
#define ASSENT_MS (15 * MINUTE_MS)
#define MAY_CLAIM 0.2f   /* how likely a claim a line has to be, */
#define MAY_INQUIRE 0.3f /* and a question, which mostly is only one */

/* --- 还有吗 --- */

struct asked_for {
    struct core *c;
    const struct said *s;
    struct node *offers[OFFERS_MOST];
    int n;
};

static bool is_asked(const struct said *s, const struct match *m)
{
    return match_in_line(m) && m->asks &&
           (!s->m->reply_to || (m->claim && !strcmp(m->claim, s->m->reply_to)));
}

static bool is_here(const struct said *s, const struct post *p)
{
    return !post_is_final(p->state) && !strcmp(p->origin.group, s->m->group);
}

static bool note_asked(void *arg, struct node *n)
{
    struct asked_for *q = arg;
    const struct post *p = n->object;
    if (n->kind != OBJECT_POST || p->side != SIDE_OFFER || !is_here(q->s, p))
        return true;
    for (int i = 0; i < n->n_links; i++)
        if (is_asked(q->s, match_of_node(n->links[i]))) {
            q->offers[q->n++] = n;
            break;
        }
    return q->n < OFFERS_MOST;
}

/* 有 最后一盆: whose it is knows better than we who have counted. */
static void find_more(struct core *c, struct node *n)
{
    struct post *p = n->object;
    const struct post was = *p;
    double each = amount_each(p), left = post_left(p);
    if (left >= each)
        return;
    p->asked += each - left;
    post_settle(p);
    tally_post_moved(c, &was, p);
    tell_audit(c, "post.more", n, NULL, NULL);
    node_touch(c, n);
}

static void answer_asked(struct core *c, const struct said *s, struct node *n, bool refuses)
{
    if (!refuses && says_grants(&s->words))
        find_more(c, n);
    for (int i = 0; i < n->n_links; i++) {
        struct match *m = match_of_node(n->links[i]);
        if (!is_asked(s, m))
            continue;
        m->asks = false;
        node_touch(c, n->links[i]);
        if (refuses)
            match_event(c, n->links[i], MATCH_EVENT_LAPSE);
    }
    claim_next(c, n);
}

static void answer_all(struct core *c, const struct said *s)
{
    struct asked_for q = {.c = c, .s = s};
    bool refuses =
        says_refuses(&s->words) || (s->reading.intent == INTENT_CLOSURE && !says_grants(&s->words));
    own_each(c, s, note_asked, &q);
    for (int i = 0; i < q.n; i++)
        answer_asked(c, s, q.offers[i], refuses);
}

/* --- 行行行 --- */

static bool might_claim(const struct talk *t)
{
    if (t->intent == INTENT_INQUIRY)
        return t->claim_p >= MAY_INQUIRE;
    return (t->intent == INTENT_CHAT || t->intent == INTENT_CLAIM || t->intent == INTENT_OFFER) &&
           t->claim_p >= MAY_CLAIM;
}

/* 14个月收不了，抱歉: who thanks for that has not been helped. */
static bool is_refusal(const struct talk *t)
{
    struct find said;
    find_init(&said, t->text);
    return says_regrets(&said);
}

/* What it answers: the line it quotes, or the last one of somebody else if nothing of the sender's
   own has followed that. */
static struct talk *line_before(const struct said *s)
{
    for (int i = s->talk->n - 1; i >= 0; i--) {
        struct talk *t = s->talk->lines[i];
        if (!s->m->reply_to || !strcmp(t->message, s->m->reply_to))
            return strcmp(t->sender, s->m->sender) != 0 ? t : NULL;
    }
    return NULL;
}

struct own_open {
    const struct said *s;
    const struct talk *line;
    struct node *found; /* the newest that the line may be about */
};

static bool try_open(void *arg, struct node *n)
{
    struct own_open *q = arg;
    const struct post *p = n->object;
    if (n->kind != OBJECT_POST || !is_here(q->s, p) || post_left(p) <= 0 ||
        p->origin.time_ms > q->line->time_ms)
        return true;
    if (!q->found || !strcmp(q->line->ref, p->id) ||
        p->origin.time_ms > ((const struct post *)q->found->object)->origin.time_ms)
        q->found = n;
    return strcmp(q->line->ref, p->id) != 0;
}

/* The line claims what its hearer has opened. */
static void make_claim(struct core *c, const struct said *s, struct talk *t)
{
    struct own_open q = {.s = s, .line = t};
    const struct message m = {.bot = s->m->bot,
                              .id = t->message,
                              .community = s->m->community,
                              .group = s->m->group,
                              .sender = t->sender,
                              .sender_name = t->sender_name,
                              .text = t->text,
                              .time_ms = t->time_ms,
                              .zone_min = s->m->zone_min};
    if (by_message(c, m.bot, m.id)) /* it has had its effect */
        return;
    own_each(c, s, try_open, &q);
    if (!q.found || !message_claims(c, &m, q.found))
        return;
    t->intent = INTENT_CLAIM;
    talk_refer(c, s->talk, t, q.found->key);
}

/* 后排空着 was read as an offer to all: who has asked for it takes it. */
static void take_offer(struct core *c, const struct said *s, const struct talk *t)
{
    struct node *n = t->ref[0] ? node_find(c, OBJECT_POST, t->ref) : NULL;
    if (n && ((const struct post *)n->object)->side == SIDE_OFFER)
        claim_on(c, s, n, true);
}

static void assent(struct core *c, const struct said *s)
{
    struct talk *t = line_before(s);
    if (!t || !might_claim(t) || is_refusal(t) || s->m->time_ms - t->time_ms > ASSENT_MS)
        return;
    if (t->intent == INTENT_OFFER)
        take_offer(c, s, t);
    else
        make_claim(c, s, t);
}

void assent_take(struct core *c, const struct said *s)
{
    enum intent intent = s->reading.intent;
    if (intent_opens(intent))
        return;
    if (intent != INTENT_CLOSURE && says_accepts(&s->words) && !says_refuses(&s->words) &&
        !says_laughs(&s->words) && !says_unfit(&s->words))
        assent(c, s);
    answer_all(c, s); /* what they have just made a claim may have asked whether any is left */
}

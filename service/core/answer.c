/* Answers to a post of ours in the group: yes or no to a proposal, how it came out, whether a
   resource goes on. What is no answer is read as any other message. */
#include "answer_priv.h"

#include <string.h>

#include "base/clock.h"

#define LATE_MS DAY_MS /* a no that comes after somebody else's yes */

/* 1 or 2 means something to a question only. */
bool answer_is_digit(const struct said *s)
{
    const struct answer *a = s->m->reply_to ? NULL : answer_of(s->m->text);
    return a && (a->word[0] == '1' || a->word[0] == '2');
}

/* --- what was asked --- */

enum asked_kind { ASKED_FIT, ASKED_LATE, ASKED_OUTCOME, ASKED_RENEWAL };
struct asked { /* the latest post of ours in this group that asks this sender what it answers */
    const struct core *c;
    const struct said *s;
    const struct answer *a;
    bool whole; /* it says nothing else */
    struct node *found;
    enum asked_kind kind;
    const struct outbound *by;
};

/* One of our own posts: it answers that one. */
static bool quotes_other_post(const struct asked *q, const struct outbound *o)
{
    const struct node *quoted = outbound_quoted(q->c, q->s);
    return quoted && quoted->object != o;
}

/* In the group since when, and after all that was found before? What is on its way may be read. */
static void offer_found(struct asked *q, const char *outbound, struct node *n, enum asked_kind kind)
{
    const struct node *on = node_find(q->c, OBJECT_OUTBOUND, outbound);
    const struct outbound *o = on ? on->object : NULL;
    if (quotes_other_post(q, o) || !o ||
        (o->state != OUTBOUND_SENDING && o->state != OUTBOUND_DELIVERED) ||
        strcmp(o->group, q->s->m->group) != 0)
        return;
    if (q->by && (o->due_ms < q->by->due_ms ||
                  (o->due_ms == q->by->due_ms && id_compare(o->id, q->by->id) < 0)))
        return;
    q->found = n;
    q->kind = kind;
    q->by = o;
}

/* To whom it was posted in two groups, either may answer in any. */
static void offer_either(struct asked *q, struct node *n, enum asked_kind kind)
{
    offer_found(q, match_of_node(n)->outbound, n, kind);
    offer_found(q, match_of_node(n)->ask, n, kind);
}

/* 行行行 姑娘你住几栋: a neighbour has spoken since our post was there, and it is to them. */
static bool means_another(const struct asked *q, const struct match *m)
{
    const struct conversation *talk = q->s->talk;
    if (q->whole || ask_is_helper(q->c, q->s, m))
        return false;
    if (q->a->fits == SAYS_NO) /* 不用了，已经借到了 ends more than that */
        return true;
    for (int i = talk->n - 1; i >= 0 && talk->lines[i]->time_ms >= m->posted_ms; i--)
        if (strcmp(talk->lines[i]->sender, q->s->m->sender) != 0)
            return true;
    return false;
}

static bool look_for_asked(void *arg, struct node *n)
{
    struct asked *q = arg;
    const struct match *m = n->object;
    if (n->kind != OBJECT_MATCH || means_another(q, m))
        return true;
    if ((m->state == MATCH_POSTED || m->state == MATCH_APPROVED) && q->a->fits)
        offer_either(q, n, ASKED_FIT);
    if (m->state != MATCH_AGREED)
        return true;
    if (m->question[0] && q->a->solved && outcome_answers(q->c, q->s, m))
        offer_found(q, m->question, n, ASKED_OUTCOME);
    else if (q->a->firm && m->posted_ms && q->c->now_ms - m->posted_ms < LATE_MS)
        offer_either(q, n, ASKED_LATE);
    return true;
}

static void look_for_renewals(struct asked *q)
{
    char key[LIST_KEY_SIZE];
    if (!q->s->party || !q->a->fits)
        return;
    list_key(key, LIST_RENEWALS, q->s->m->community, q->s->party->id);
    for (struct seat *s = list_last(q->c, key); s; s = seat_before(s))
        offer_found(q, ((const struct resource *)s->node->object)->question, s->node,
                    ASKED_RENEWAL);
}

/* A quote of something that we know is an answer to that, not to our post. */
static bool quotes_another(struct core *c, const struct said *s)
{
    return s->m->reply_to && !outbound_quoted(c, s) &&
           (talk_line(s->talk, s->m->reply_to) || thread_quoted(c, s));
}

/* --- what comes of it --- */

static void take_fit(struct core *c, const struct said *s, struct node *n, enum says says)
{
    struct match *m = n->object;
    if (!m->posted_ms) { /* the answer came before the bot's word that it is there */
        m->posted_ms = c->now_ms;
        node_touch(c, n);
    }
    if (says == SAYS_YES && ask_awaits_helper(c, s, m))
        match_accept(c, n);
    else if (match_event(c, n, says == SAYS_YES ? MATCH_EVENT_AGREE : MATCH_EVENT_DECLINE))
        ask_tell_agreed(c, n, s);
}

/* Another no has no effect but that it is heard: it runs out, as staff have been told. */
static void take_renewal(struct core *c, struct node *n, enum says says)
{
    if (says == SAYS_YES)
        renewal_yes(c, n);
    else
        tell_audit(c, "resource.ends", n, NULL, NULL);
}

/* --- in their own words --- */

static bool look_for_free(void *arg, struct node *n)
{
    struct asked *q = arg;
    const struct match *m = n->object;
    if (n->kind == OBJECT_MATCH && m->request[0] && ask_is_helper(q->c, q->s, m) &&
        (m->state == MATCH_POSTED || m->state == MATCH_APPROVED))
        offer_either(q, n, ASKED_FIT);
    return true;
}

/* 我们有，来前台拿: the one who is asked to help says so as they would to who asked. In that group
   they are heard as any neighbour is. */
static bool take_free(struct core *c, const struct said *s)
{
    struct asked q = {.c = c, .s = s};
    own_each(c, s, look_for_free, &q);
    const struct post *request = q.found ? post_of(c, match_of_node(q.found)->request) : NULL;
    enum says says = request ? answer_freely(c, s, request) : SAYS_NOTHING;
    bool heard = request && !strcmp(request->origin.group, s->m->group);
    if (says == SAYS_NOTHING || (heard && says == SAYS_YES))
        return false;
    party_acts(c, s);
    take_fit(c, s, q.found, says);
    return true;
}

bool answer_take(struct core *c, const struct said *s)
{
    struct asked q = {.c = c, .s = s, .a = answer_of(s->m->text)};
    q.whole = q.a != NULL;
    if (quotes_another(c, s))
        return false;
    if (!q.whole)
        q.a = answer_first(s->m->text);
    if (q.a) {
        own_each(c, s, look_for_asked, &q);
        look_for_renewals(&q);
    }
    if (!q.found)
        return !q.whole && take_free(c, s);
    party_acts(c, s);
    if (q.kind == ASKED_OUTCOME)
        outcome_take(c, q.found,
                     q.a->solved == SAYS_YES ? MATCH_OUTCOME_SOLVED : MATCH_OUTCOME_UNSOLVED,
                     q.a->satisfaction);
    else if (q.kind == ASKED_RENEWAL)
        take_renewal(c, q.found, q.a->fits);
    else if (q.kind == ASKED_FIT || q.a->fits == SAYS_NO)
        take_fit(c, s, q.found, q.a->fits);
    return true;
}

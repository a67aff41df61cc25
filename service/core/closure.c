/* How things end in the chat: met, withdrawn, taken back. */
#include "context_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define ANSWERED_MS (30 * MINUTE_MS) /* an answer to a claim comes within */

/* 满了, 人齐了 ends a call, but the day they have agreed for is still to come: until then each may
   step back. */
static bool lies_ahead(const struct core *c, const struct post *p)
{
    bool call = p->category == CATEGORY_VEHICLE || p->category == CATEGORY_VOLUNTEER ||
                p->category == CATEGORY_MOVING || p->category == CATEGORY_ESCORT;
    return call && p->slots.time.start_ms > c->now_ms;
}

enum met { NOT_MET, MET, MET_ELSEWHERE };

/* Everything agreed is fulfilled with it; what was only proposed lapses, and so does what nobody
   has answered where help came from elsewhere. */
static void finish_matches(struct core *c, struct node *post, enum met how)
{
    bool met = how != NOT_MET, ahead = met && lies_ahead(c, post->object);
    for (int i = 0; i < post->n_links; i++) {
        struct node *n = post->links[i];
        enum match_state s = match_of_node(n)->state;
        if (ahead && s == MATCH_AGREED)
            continue;
        if (met && (s == MATCH_AGREED || (s == MATCH_POSTED && how == MET)))
            match_event(c, n, MATCH_EVENT_FULFIL);
        else if (match_holds(s))
            match_event(c, n, MATCH_EVENT_LAPSE);
    }
}

static bool is_claimant(const struct said *s, const struct match *m)
{
    return m->claimant && !strcmp(m->claimant, s->m->sender);
}

/* A claim is no post; when who made it takes it back, that is told as an ending all the same. */
static void tell_claim_withdrawn(struct core *c, const struct said *s, const struct match *m)
{
    if (!m->claim || !is_claimant(s, m))
        return;
    struct event *e = tell(c, EVENT_POST_CLOSED, m->community);
    e->side = m->request[0] ? SIDE_OFFER : SIDE_REQUEST;
    e->message = keep(c, m->claim);
    e->group = keep(c, s->m->group);
    e->outcome = post_state_code(POST_WITHDRAWN);
    e->by = keep(c, s->m->id);
}

/* Part of one who answered: fulfilled, or given back to whoever is next. */
static bool end_part(struct core *c, const struct said *s, struct node *n, bool withdrawn)
{
    char post[ID_SIZE];
    const struct match *m = match_of_node(n);
    memcpy(post, m->request[0] ? m->request : m->offer, sizeof post);
    if (!match_event(c, n, withdrawn ? MATCH_EVENT_DECLINE : MATCH_EVENT_FULFIL))
        return false;
    struct node *p = withdrawn ? node_find(c, OBJECT_POST, post) : NULL;
    struct node *offer = withdrawn ? node_find(c, OBJECT_POST, m->offer) : NULL;
    if (p) {
        tell_claim_withdrawn(c, s, m);
        if (((const struct post *)p->object)->state == POST_MET && lies_ahead(c, p->object))
            post_reopen(c, p);
        if (offer && offer != p)
            claim_next(c, offer);
        claim_next(c, p);
    }
    return true;
}

/* A closure by somebody who answered: their part alone is fulfilled, or given back. */
static struct node *close_part(struct core *c, const struct said *s, struct node *post,
                               bool withdrawn)
{
    for (int i = 0; i < post->n_links; i++) {
        struct node *n = post->links[i];
        const struct match *m = match_of_node(n);
        if (match_holds(m->state) &&
            (is_by(s, m->helped) || is_by(s, m->helper) || is_claimant(s, m)))
            return end_part(c, s, n, withdrawn) ? post : NULL;
    }
    return NULL;
}

struct part {
    const struct said *s;
    bool withdrawn;
    struct node *found;
};

/* To thank is for who was helped; to step back, for both; and a helper, too, tells how it came out.
 */
static bool look_for_part(void *arg, struct node *n)
{
    struct part *q = arg;
    const struct match *m = n->object;
    if (n->kind != OBJECT_MATCH || !(m->state == MATCH_AGREED || m->state == MATCH_POSTED ||
                                     (q->withdrawn && match_in_line(m))))
        return true;
    bool helped = is_by(q->s, m->helped) || (is_claimant(q->s, m) && !m->request[0]);
    bool helper = is_by(q->s, m->helper) || (is_claimant(q->s, m) && m->request[0]);
    if (helped || (helper && (q->withdrawn || (m->request[0] && says_happened(&q->s->words)))))
        q->found = n;
    return !q->found;
}

/* The latest match that this person stands in, where nothing of their own is open. */
static struct node *part_elsewhere(struct core *c, const struct said *s, bool withdrawn)
{
    struct part q = {.s = s, .withdrawn = withdrawn};
    own_each(c, s, look_for_part, &q);
    if (!q.found)
        return NULL;
    const struct match *m = q.found->object;
    struct node *post = node_find(c, OBJECT_POST, m->request[0] ? m->request : m->offer);
    return end_part(c, s, q.found, withdrawn) ? post : NULL;
}

/* --- of several things, some --- */

static int things_named(const struct core *c, const struct slots *said, const struct slots *has)
{
    int n = 0;
    for (int i = 0; i < has->n_items; i++)
        for (int k = 0; k < said->n_items; k++)
            if (text_item_likeness(c->o.model, &said->items[k], &has->items[i]) >= THE_SAME) {
                n++;
                break;
            }
    return n;
}

/* It answers one who has claimed a part. */
static bool answers_claim(const struct said *s)
{
    const struct talk *line = talk_line(s->talk, s->m->reply_to);
    return line && line->intent == INTENT_CLAIM && strcmp(line->sender, s->m->sender) != 0;
}

/* 哑铃小马哥 电饭锅唐姐 记下了, 只剩尿不湿啦, 六个留好了: the rest is still to be had. */
static bool tells_of_some(const struct core *c, const struct said *s, const struct post *p)
{
    const struct slots *said = &s->reading.slots;
    if (post_left(p) <= 0)
        return false;
    if (says_some_are_left(&s->words))
        return !says_gone(&s->words);
    if (says_all(&s->words))
        return false;
    if (p->side == SIDE_REQUEST) /* what it names beside is no part of it */
        return p->asked > 1 && (s->m->n_mentions > 0 || says_lacks(&s->words));
    int named = things_named(c, said, &p->slots);
    return answers_claim(s) || (named > 0 && named < p->slots.n_items) ||
           (said->quantity >= 1 && said->quantity <= p->asked - post_left(p));
}

static void hand_over(struct core *c, const struct said *s, struct node *found)
{
    finish_matches(c, found, MET);
    post_close(c, found, POST_EVENT_MEET, s->m->id);
}

/* Its owner ends it whole, everybody else their own part of it. */
static struct node *end_one(struct core *c, const struct said *s, struct node *n, bool withdrawn)
{
    const struct post *p = n->object;
    if (!is_own(s, p))
        return close_part(c, s, n, withdrawn);
    if (post_is_final(p->state) && !post_can(p->state, POST_EVENT_MEET)) {
        if (!withdrawn) /* a full call whose day has come */
            finish_matches(c, n, MET);
        return n;
    }
    if (!withdrawn && tells_of_some(c, s, p))
        return n;
    struct node *found = withdrawn ? NULL : found_for(c, n);
    finish_matches(c, n, withdrawn ? NOT_MET : says_met_elsewhere(&s->words) ? MET_ELSEWHERE : MET);
    post_close(c, n, withdrawn ? POST_EVENT_WITHDRAW : POST_EVENT_MEET, s->m->id);
    if (found)
        hand_over(c, s, found);
    return n;
}

struct node *closure_take(struct core *c, struct said *s)
{
    struct node *ended[ENDINGS_MOST], *first = NULL;
    bool withdrawn = s->reading.withdraws > 0;
    struct node *n = thread_of_ours(c, s, true);
    if (!n)
        n = thread_quoted(c, s);
    if (n)
        return end_one(c, s, n, withdrawn);
    int found = endings_choose(c, s, ended);
    for (int i = 0; i < found && !(first && withdrawn); i++) { /* one is taken back at a time */
        n = end_one(c, s, ended[i], withdrawn);
        first = first ? first : n;
    }
    first = first ? first : part_elsewhere(c, s, withdrawn);
    if (first || withdrawn)
        return first;
    n = found_got_back(c, s);
    if (n)
        hand_over(c, s, n);
    return n;
}

/* --- a helper is turned down --- */

/* The line of somebody else that it answers: by quote, or by following it. */
static const struct talk *answered_line(const struct said *s)
{
    if (s->m->reply_to)
        return talk_line(s->talk, s->m->reply_to);
    for (int i = s->talk->n - 1; i >= 0; i--)
        if (strcmp(s->talk->lines[i]->sender, s->m->sender) != 0)
            return s->talk->lines[i];
    return NULL;
}

/* 那算了, 太短了够不着: whose request it is says no to one who would help, and still needs help. */
struct node *closure_decline(struct core *c, const struct said *s)
{
    const struct talk *line = answered_line(s);
    struct node *post =
        line && line->intent == INTENT_CLAIM ? node_find(c, OBJECT_POST, line->ref) : NULL;
    const struct post *p = post ? post->object : NULL;
    if (!p || p->side != SIDE_REQUEST || !is_own(s, p) || post_is_final(p->state) ||
        !says_unfit(&s->words) || s->m->time_ms - line->time_ms > ANSWERED_MS)
        return NULL;
    for (int i = 0; i < post->n_links; i++) {
        const struct match *m = match_of_node(post->links[i]);
        if (m->claim && !strcmp(m->claim, line->message) && match_holds(m->state) &&
            match_event(c, post->links[i], MATCH_EVENT_DECLINE)) {
            claim_next(c, post);
            return post;
        }
    }
    return NULL;
}

struct node *closure_called_off(struct core *c, const struct said *s)
{
    struct node *n = called_off_post(c, s);
    if (n)
        return end_one(c, s, n, true);
    n = called_off_part(c, s);
    if (!n)
        return NULL;
    const struct match *m = match_of_node(n);
    struct node *post = node_find(c, OBJECT_POST, m->request[0] ? m->request : m->offer);
    return end_part(c, s, n, true) ? post : NULL;
}

/* --- a recall by the platform --- */

static void recall_claim(struct core *c, const struct message *m, struct node *match)
{
    struct match *x = match->object;
    const struct said s = {.m = m};
    char post[ID_SIZE];
    memcpy(post, x->request[0] ? x->request : x->offer, sizeof post);
    if (!match_holds(x->state) || !match_event(c, match, MATCH_EVENT_DECLINE))
        return;
    tell_claim_withdrawn(c, &s, x);
    struct node *n = node_find(c, OBJECT_POST, post);
    if (n)
        claim_next(c, n);
}

static bool is_opener(const struct post *p, const char *message)
{
    return p->origin.message && !strcmp(p->origin.message, message);
}

/* Said again elsewhere, the first one stands; a piece of it goes. `text`: as far as it is kept. */
static void recall_post(struct core *c, const struct message *m, struct node *n, const char *text)
{
    const struct post *p = n->object;
    if (!is_opener(p, m->recalled)) {
        if (text && !strcmp(p->origin.group, m->group))
            piece_recall(c, n, text);
        return;
    }
    match_end_others(c, n, NULL, true);
    post_close(c, n, POST_EVENT_WITHDRAW, m->id);
}

/* Only who wrote it can recall it, or the platform for them: the platform has checked that. */
void closure_recall(struct core *c, const struct message *m, struct conversation *talk)
{
    struct node *n = by_message(c, m->bot, m->recalled);
    const struct talk *line = talk_line(talk, m->recalled);
    const char *text = line ? keep(c, line->text) : NULL;
    talk_forget(c, talk, m->recalled);
    advice_forget(c, m->bot, m->recalled);
    label_forget(c, m);
    surge_recall(c, m);
    if (n && n->kind == OBJECT_POST)
        recall_post(c, m, n, text);
    else if (n && n->kind == OBJECT_MATCH)
        recall_claim(c, m, n);
    else if (n && n->kind == OBJECT_CASE)
        case_recall(c, n, m->recalled);
}

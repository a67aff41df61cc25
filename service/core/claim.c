/* Answers in the chat: claims on requests and offers, closures, and a yes or a no to a post of
 * ours. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define CLAIM_SURE 0.55f /* of the intent, where nothing is quoted */

/* The same person cannot stand twice in line for one post. */
static bool stands_already(const struct node *post, const struct said *s)
{
    for (int i = 0; i < post->n_links; i++) {
        const struct match *m = match_of_node(post->links[i]);
        const char *by = s->party ? s->party->id : "";
        if (match_holds(m->state) && m->route == ROUTE_SELF && by[0] &&
            (!strcmp(m->helper, by) || !strcmp(m->helped, by)))
            return true;
    }
    return false;
}

static double claimed_quantity(const struct said *s, const struct post *p)
{
    double said = s->reading.slots.quantity, left = post_left(p);
    if (p->side == SIDE_REQUEST)
        return said > 0 && said < left ? said : left;
    return said > 0 ? said : 1;
}

struct node *claim_take(struct core *c, const struct said *s)
{
    struct node *n = thread_target(c, s);
    struct post *p = n ? n->object : NULL;
    if (!s->m->reply_to && s->reading.intent_p[INTENT_CLAIM] < CLAIM_SURE)
        return NULL; /* a guess about a guess: neighbours will say it more clearly */
    if (!p || post_is_final(p->state) || stands_already(n, s))
        return n;
    match_end_others(c, n, NULL, false); /* what we proposed is overtaken, and its part is free */
    double quantity = claimed_quantity(s, p);
    if (post_left(p) <= 0 || quantity > post_left(p) + EPSILON)
        return n;
    bool wants = p->side == SIDE_OFFER;
    struct node *mn = match_create(c, wants ? NULL : p, wants ? n : NULL, quantity, NULL);
    struct match *m = mn->object;
    str_copy(wants ? m->helped : m->helper, ID_SIZE, str_of(s->party ? s->party->id : ""));
    mem_replace(wants ? &m->request_message : &m->offer_message, s->m->id);
    m->route = ROUTE_SELF;
    mem_replace(&m->route_why, "邻居在群里自己谈好");
    match_tell_proposed(c, m);
    match_event(c, mn, MATCH_EVENT_AGREE);
    return n;
}

/* --- closures --- */

static bool says(const char *text, const char *const *words, int n)
{
    for (int i = 0; i < n; i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

static bool says_withdrawn(const char *text)
{
    static const char *const words[] = {"不用了",     "不需要了",       "算了",     "取消",
                                        "不要了",     "不送了",         "不借了",   "作废",
                                        "撤了",       "改天",           "不麻烦了", "自己解决",
                                        "never mind", "no longer need", "cancel"};
    static const char *const met[] = {"借到", "收到", "拿到"}; /* 不用了, 借到了 */
    return says(text, words, sizeof words / sizeof *words) &&
           !says(text, met, sizeof met / sizeof *met);
}

/* Everything agreed is fulfilled with it; what was only proposed lapses. */
static void finish_matches(struct core *c, struct node *post, bool met)
{
    for (int i = 0; i < post->n_links; i++) {
        struct node *n = post->links[i];
        enum match_state s = match_of_node(n)->state;
        if (met && (s == MATCH_AGREED || s == MATCH_POSTED))
            match_event(c, n, MATCH_EVENT_FULFIL);
        else if (match_holds(s))
            match_event(c, n, MATCH_EVENT_LAPSE);
    }
}

static bool is_by(const struct said *s, const char *party)
{
    return s->party && party[0] && !strcmp(s->party->id, party);
}

/* A closure by somebody who answered: their part alone is fulfilled, or given back. */
static struct node *close_part(struct core *c, const struct said *s, struct node *post,
                               bool withdrawn)
{
    for (int i = 0; i < post->n_links; i++) {
        struct node *n = post->links[i];
        const struct match *m = match_of_node(n);
        if (!match_holds(m->state) || (!is_by(s, m->helped) && !is_by(s, m->helper)))
            continue;
        match_event(c, n, withdrawn ? MATCH_EVENT_DECLINE : MATCH_EVENT_FULFIL);
        return post;
    }
    return NULL;
}

/* The latest match that this party stands in, where nothing of their own is open. */
static struct node *part_elsewhere(struct core *c, const struct said *s, bool withdrawn)
{
    struct node *best = NULL;
    for (struct node *n = c->objects[OBJECT_MATCH]; n && s->party; n = n->hh.next) {
        const struct match *m = n->object;
        if (!match_holds(m->state) || strcmp(m->community, s->m->community) != 0 ||
            !(is_by(s, m->helped) || (withdrawn && is_by(s, m->helper))))
            continue;
        const struct match *b = best ? best->object : NULL;
        if (!b || m->created_ms > b->created_ms ||
            (m->created_ms == b->created_ms && strcmp(n->key, best->key) > 0))
            best = n;
    }
    if (!best || !match_event(c, best, withdrawn ? MATCH_EVENT_DECLINE : MATCH_EVENT_FULFIL))
        return NULL;
    const struct match *m = best->object;
    return node_find(c, OBJECT_POST, m->request[0] ? m->request : m->offer);
}

struct node *closure_take(struct core *c, const struct said *s)
{
    bool withdrawn = says_withdrawn(s->text);
    struct node *n = thread_closes(c, s);
    const struct post *p = n ? n->object : NULL;
    if (!n)
        return part_elsewhere(c, s, withdrawn);
    if (!p->origin.sender || strcmp(p->origin.sender, s->m->sender) != 0)
        return close_part(c, s, n, withdrawn);
    if (post_is_final(p->state) && !(p->state == POST_EXPIRED || p->state == POST_UNMET))
        return n;
    finish_matches(c, n, !withdrawn);
    post_close(c, n, withdrawn ? POST_EVENT_WITHDRAW : POST_EVENT_MEET, s->m->id);
    return n;
}

/* --- yes or no to a post of ours --- */

enum answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO };

static enum answer answer_of(const char *text)
{
    static const char *const yes[] = {"1",    "可以", "可以的", "行", "行的", "好",
                                      "好的", "要得", "没问题", "ok", "OK",   "yes",
                                      "Yes",  "👌",    "[OK]",   "中", "得"};
    static const char *const no[] = {"2",    "不方便", "不行", "不可以", "不用", "不用了",
                                     "没空", "no",     "No",   "算了",   "不要"};
    struct str s = str_trim(str_of(text));
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (str_is(s, yes[i]))
            return ANSWER_YES;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (str_is(s, no[i]))
            return ANSWER_NO;
    return ANSWER_NONE;
}

static bool stands_in(const struct core *c, const struct said *s, const struct match *m)
{
    const struct post *request = post_of(c, m->request), *offer = post_of(c, m->offer);
    return (request && request->origin.sender && !strcmp(request->origin.sender, s->m->sender)) ||
           (offer && offer->origin.sender && !strcmp(offer->origin.sender, s->m->sender)) ||
           is_by(s, m->helper) || is_by(s, m->helped);
}

bool answer_take(struct core *c, const struct said *s)
{
    enum answer a = answer_of(s->text);
    struct node *best = NULL;
    if (!a || s->m->reply_to)
        return false;
    for (struct node *n = c->objects[OBJECT_MATCH]; n; n = n->hh.next) {
        const struct match *m = n->object;
        if (m->state == MATCH_POSTED && !strcmp(m->community, s->m->community) &&
            stands_in(c, s, m) && (!best || strcmp(n->key, best->key) > 0))
            best = n;
    }
    if (!best)
        return false;
    char request[ID_SIZE];
    memcpy(request, match_of_node(best)->request, sizeof request);
    match_event(c, best, a == ANSWER_YES ? MATCH_EVENT_AGREE : MATCH_EVENT_DECLINE);
    struct node *again = a == ANSWER_NO ? node_find(c, OBJECT_POST, request) : NULL;
    if (again)
        propose_for(c, again);
    return true;
}

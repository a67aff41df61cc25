/* What a message answers: by quote, by mention, else by recency and fit. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"

#define CLAIM_WITHIN_MS (3 * HOUR_MS)
#define CLOSE_WITHIN_MS (14 * DAY_MS)
#define BARE_WITHIN_MS (30 * MINUTE_MS) /* an answer that names nothing */

static struct node *open_node(const struct core *c, const char *id)
{
    struct node *n = id && id[0] ? node_find(c, OBJECT_POST, id) : NULL;
    return n;
}

/* The post that a quoted message opened or answered. */
static struct node *quoted(struct core *c, const struct said *s)
{
    if (!s->m->reply_to)
        return NULL;
    const struct talk *line = talk_line(s->talk, s->m->reply_to);
    struct node *n = line ? open_node(c, line->ref) : NULL;
    if (!n)
        n = by_message(c, s->m->bot, s->m->reply_to);
    return n && n->kind == OBJECT_POST ? n : NULL;
}

static bool mentioned(const struct said *s, const struct post *p)
{
    for (int i = 0; i < s->m->n_mentions; i++)
        if (p->origin.sender && !strcmp(s->m->mentions[i], p->origin.sender))
            return true;
    return false;
}

static bool is_own(const struct said *s, const struct post *p)
{
    return p->origin.sender && !strcmp(p->origin.sender, s->m->sender);
}

static double item_fit(const struct core *c, const struct said *s, const struct post *p)
{
    double best = 0;
    for (int i = 0; i < s->reading.slots.n_items; i++)
        for (int k = 0; k < p->slots.n_items; k++) {
            double like =
                text_item_likeness(c->o.model, &s->reading.slots.items[i], &p->slots.items[k]);
            best = like > best ? like : best;
        }
    return best;
}

/* How well a message that quotes nothing fits a post; 0: it does not. */
static double fit(const struct core *c, const struct said *s, const struct post *p,
                  int64_t within_ms)
{
    int64_t age = s->m->time_ms - p->origin.time_ms;
    double recency = 1 - (double)age / (double)within_ms;
    bool names = s->reading.slots.n_items > 0, bare = age <= BARE_WITHIN_MS;
    if (age > within_ms || strcmp(p->origin.group, s->m->group) != 0)
        return 0;
    double like = names ? item_fit(c, s, p) : 0;
    if (names && like < 0.3 && s->reading.category_guess != p->category)
        return mentioned(s, p) ? 0.1 : 0;
    if (!names && !bare && !mentioned(s, p))
        return 0;
    return 0.2 + recency + like + (s->reading.category_guess == p->category ? 0.2 : 0) +
           (mentioned(s, p) ? 2 : 0);
}

static struct node *best_of(struct core *c, const struct said *s, bool own, int64_t within_ms)
{
    struct node *best = NULL;
    double best_fit = 0;
    for (struct node *n = c->objects[OBJECT_POST]; n; n = n->hh.next) {
        const struct post *p = n->object;
        if (post_is_final(p->state) || is_own(s, p) != own ||
            strcmp(p->origin.community, s->m->community) != 0)
            continue;
        double f = fit(c, s, p, within_ms);
        if (f > best_fit || (f > 0 && best && f >= best_fit && strcmp(n->key, best->key) > 0)) {
            best_fit = f;
            best = n;
        }
    }
    return best;
}

struct node *thread_target(struct core *c, const struct said *s)
{
    struct node *n = quoted(c, s);
    if (n)
        return is_own(s, n->object) ? NULL : n;
    if (s->m->reply_to) /* it answers something that we know of as no post */
        return NULL;
    return best_of(c, s, false, CLAIM_WITHIN_MS);
}

struct node *own_open_post(struct core *c, const struct said *s, enum side side, int64_t within_ms)
{
    struct node *best = NULL;
    for (struct node *n = c->objects[OBJECT_POST]; n; n = n->hh.next) {
        const struct post *p = n->object;
        if (p->side != side || post_is_final(p->state) || !is_own(s, p) ||
            strcmp(p->origin.community, s->m->community) != 0 ||
            s->m->time_ms - p->origin.time_ms > within_ms)
            continue;
        const struct post *b = best ? best->object : NULL;
        if (!b || p->origin.time_ms > b->origin.time_ms ||
            (p->origin.time_ms == b->origin.time_ms && strcmp(n->key, best->key) > 0))
            best = n;
    }
    return best;
}

/* Among the sender's own open posts: the one that is named, else the one in this group with
   somebody to thank, else the newest here. */
static double closing_fit(const struct core *c, const struct said *s, const struct node *n)
{
    const struct post *p = n->object;
    double like = item_fit(c, s, p), agreed = 0;
    if (s->reading.slots.n_items && p->slots.n_items && like < 0.3)
        return 0;
    for (int i = 0; i < n->n_links; i++) {
        enum match_state st = match_of_node(n->links[i])->state;
        agreed = st == MATCH_AGREED || st == MATCH_POSTED ? 1 : agreed;
    }
    return 0.1 + like * 2 + agreed + (!strcmp(p->origin.group, s->m->group) ? 1 : 0) -
           (double)(s->m->time_ms - p->origin.time_ms) / (double)CLOSE_WITHIN_MS;
}

struct node *thread_closes(struct core *c, const struct said *s)
{
    struct node *n = quoted(c, s), *best = NULL;
    double best_fit = 0;
    if (n)
        return n;
    for (n = c->objects[OBJECT_POST]; n; n = n->hh.next) {
        const struct post *p = n->object;
        if (post_is_final(p->state) || !is_own(s, p) ||
            strcmp(p->origin.community, s->m->community) != 0 ||
            s->m->time_ms - p->origin.time_ms > CLOSE_WITHIN_MS)
            continue;
        double f = closing_fit(c, s, n);
        if (f > best_fit || (f > 0 && best && f >= best_fit && strcmp(n->key, best->key) > 0)) {
            best_fit = f;
            best = n;
        }
    }
    return best;
}

/* What a message answers: by quote, by mention, else by recency and fit. */
#include "context_priv.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"

#define LOOKED_AT 64  /* posts of a group, the newest first */
#define CANDIDATES 24 /* among which a claim chooses */

/* One person may write under several ids. */
bool is_own(const struct said *s, const struct post *p)
{
    if (s->party && p->origin.party[0] && !strcmp(s->party->id, p->origin.party))
        return true;
    return p->origin.sender && !strcmp(p->origin.sender, s->m->sender);
}

bool is_by(const struct said *s, const char *party)
{
    return s->party && party[0] && !strcmp(s->party->id, party);
}

/* A match's posts: whose request or offer a claim in the chat was about. */
static struct node *post_behind(const struct core *c, struct node *n)
{
    if (!n || n->kind == OBJECT_POST)
        return n;
    if (n->kind != OBJECT_MATCH)
        return NULL;
    const struct match *m = n->object;
    return node_find(c, OBJECT_POST, m->request[0] ? m->request : m->offer);
}

struct node *thread_of_ours(const struct core *c, const struct said *s, bool own)
{
    const struct node *quoted = outbound_quoted(c, s);
    const struct outbound *o = quoted ? quoted->object : NULL;
    const struct node *n = o ? node_find(c, OBJECT_MATCH, o->match) : NULL;
    const struct match *m = n ? n->object : NULL;
    if (!m)
        return NULL;
    struct node *request = node_find(c, OBJECT_POST, m->request);
    bool asks = request && is_own(s, request->object);
    return asks == own ? request : node_find(c, OBJECT_POST, m->offer);
}

struct node *thread_quoted(struct core *c, const struct said *s)
{
    if (!s->m->reply_to)
        return NULL;
    const struct talk *line = talk_line(s->talk, s->m->reply_to);
    struct node *n = line && line->ref[0] ? node_find(c, OBJECT_POST, line->ref) : NULL;
    if (!n)
        n = thread_of_ours(c, s, false);
    return n ? n : post_behind(c, by_message(c, s->m->bot, s->m->reply_to));
}

#define AS_WRITTEN 0.8 /* the other text has the word, whatever was read there */

double thread_item_fit(const struct core *c, const struct said *s, const struct post *p)
{
    double best = 0;
    for (int i = 0; i < s->reading.slots.n_items; i++)
        for (int k = 0; k < p->slots.n_items; k++) {
            double like =
                text_item_likeness(c->o.model, &s->reading.slots.items[i], &p->slots.items[k]);
            best = like > best ? like : best;
        }
    for (int i = 0; i < s->reading.slots.n_items && best < AS_WRITTEN; i++)
        if (strlen(s->reading.slots.items[i].word) >= 6 &&
            strstr(p->text, s->reading.slots.items[i].word))
            best = AS_WRITTEN;
    return best;
}

#define OTHER_BELOW 0.3

bool thread_other_thing(const struct core *c, const struct said *s, const struct post *p)
{
    return s->reading.slots.n_items && p->slots.n_items && thread_item_fit(c, s, p) < OTHER_BELOW;
}

#define SHARED_MOST 3 /* more tell no more */

int thread_words_shared(struct core *c, const struct said *s, const struct post *p)
{
    int n = text_words_shared(c->o.work, str_of(s->m->text), str_of(p->text));
    return n < SHARED_MOST ? n : SHARED_MOST;
}

bool thread_is_free(const struct core *c, const struct post *p)
{
    const struct node *n = post_left(p) > 0 ? NULL : node_find(c, OBJECT_POST, p->id);
    for (int i = 0; n && i < n->n_links; i++)
        if (match_pends(match_of_node(n->links[i])))
            return true;
    return post_left(p) > 0;
}

/* When this group last spoke of it, as far as its lines are kept: an answer to an answer keeps the
   post fresh. */
int64_t thread_spoken_ms(const struct said *s, const struct post *p)
{
    for (int i = s->talk->n - 1; i >= 0; i--)
        if (!strcmp(s->talk->lines[i]->ref, p->id))
            return s->talk->lines[i]->time_ms;
    return p->origin.time_ms;
}

#define OVER_MS HOUR_MS /* 我也有一套 may come too late, and then it is for nothing else */

static struct node *talked_of(const struct core *c, const struct said *s, const struct talk *t)
{
    struct node *n = t->ref[0] ? node_find(c, OBJECT_POST, t->ref) : NULL;
    const struct post *p = n ? n->object : NULL;
    return !p || (post_is_final(p->state) && s->m->time_ms - t->time_ms > OVER_MS) ? NULL : n;
}

/* The group's own posts, then those that its conversation has touched: of other groups, or over. */
static int candidates(const struct core *c, const struct said *s, struct node *found[CANDIDATES])
{
    char key[LIST_KEY_SIZE];
    int n = 0, seen = 0;
    list_key(key, LIST_GROUP, s->m->community, s->m->group);
    for (struct seat *seat = list_last(c, key); seat && n < CANDIDATES && seen++ < LOOKED_AT;
         seat = seat_before(seat))
        if (target_is_likely(s, seat->node->object))
            found[n++] = seat->node;
    for (int i = s->talk->n - 1; i >= 0 && n < CANDIDATES; i--) {
        struct node *p = talked_of(c, s, s->talk->lines[i]);
        if (!p || !target_is_likely(s, p->object))
            continue;
        int k = 0;
        while (k < n && found[k] != p)
            k++;
        if (k == n)
            found[n++] = p;
    }
    return n;
}

struct node *thread_target(struct core *c, struct said *s)
{
    struct node *found[CANDIDATES], *n = thread_quoted(c, s);
    if (n)
        return is_own(s, n->object) ? NULL : n;
    return target_choose(c, s, found, candidates(c, s, found));
}

struct node *thread_called(struct core *c, const struct said *s)
{
    struct node *found[CANDIDATES];
    int n = candidates(c, s, found);
    for (int i = 0; i < n; i++)
        if (!post_is_final(((struct post *)found[i]->object)->state) &&
            target_is_called(c, s, found[i]->object))
            return found[i];
    return NULL;
}

/* --- the sender's own --- */

static bool walk(const struct core *c, const char *key, bool (*fn)(void *arg, struct node *n),
                 void *arg)
{
    int seen = 0;
    for (struct seat *s = list_last(c, key), *before; s && seen < LOOKED_AT; s = before) {
        before = seat_before(s);
        seen++;
        if (!fn(arg, s->node))
            return false;
    }
    return true;
}

/* Somebody who has been registered meanwhile is still who wrote before. */
static void walk_own(const struct core *c, const struct said *s, enum list_kind kind,
                     enum list_kind unregistered, bool (*fn)(void *arg, struct node *n), void *arg)
{
    char key[LIST_KEY_SIZE];
    if (s->party) {
        list_key(key, kind, s->m->community, s->party->id);
        if (!walk(c, key, fn, arg))
            return;
    }
    list_key(key, unregistered, s->m->community, s->m->sender);
    walk(c, key, fn, arg);
}

void own_each(const struct core *c, const struct said *s, bool (*fn)(void *arg, struct node *n),
              void *arg)
{
    walk_own(c, s, LIST_PERSON, LIST_SENDER, fn, arg);
}

void own_late_each(const struct core *c, const struct said *s,
                   bool (*fn)(void *arg, struct node *n), void *arg)
{
    walk_own(c, s, LIST_LATE, LIST_LATE_SENDER, fn, arg);
}

/* --- which of several: weighed by hints (target.c, ending.c) --- */

float thread_meant(const struct core *c, const struct said *s, const struct post *p,
                   enum intent intent)
{
    const struct text_query q = {.text = str_of(s->m->text),
                                 .time_ms = s->m->time_ms,
                                 .zone_min = s->m->zone_min,
                                 .quoted = str_of(p->text),
                                 .quoted_intent =
                                     p->side == SIDE_REQUEST ? INTENT_REQUEST : INTENT_OFFER};
    float made[INTENT_N];
    text_intent(c->o.model, c->o.work, &q, made);
    return logf(made[intent] + 0.01f);
}

float thread_fit(const float *weights, const float *hints, int n)
{
    float z = 0;
    for (int i = 0; i < n; i++)
        z += weights[i] * hints[i];
    return z;
}

void thread_note_first(struct core *c, struct said *s, int most)
{
    if (!c->o.explain)
        return;
    s->targets = ARENA_ARRAY(c->fx->arena, struct weighed, most);
    s->n_targets = 0;
}

void thread_note(struct core *c, struct said *s, const struct post *p, const float *hints, int n)
{
    if (!c->o.explain)
        return;
    struct weighed *w = &s->targets[s->n_targets++];
    w->message = keep(c, p->origin.message);
    w->evidence = memcpy(ARENA_ARRAY(c->fx->arena, float, n), hints, (size_t)n * sizeof *hints);
    w->n = n;
}

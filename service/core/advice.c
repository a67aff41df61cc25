/* The adviser's part in the decisions: which messages are in doubt, and where an answer is kept. An
   answer is a remark beside a thing; nothing here changes what the thing is. */
#include "core_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

static bool opens(enum intent i)
{
    return i == INTENT_REQUEST || i == INTENT_OFFER || i == INTENT_REPORT;
}

/* --- doubts --- */

static bool in_doubt(const struct core *c, const struct reading *r)
{
    int first = r->intent_p[1] > r->intent_p[0], second = !first;
    for (int i = 2; i < INTENT_N; i++)
        if (r->intent_p[i] > r->intent_p[first]) {
            second = first;
            first = i;
        } else if (r->intent_p[i] > r->intent_p[second]) {
            second = i;
        }
    return r->intent_p[first] - r->intent_p[second] <= c->o.doubt_margin &&
           (opens((enum intent)first) || opens((enum intent)second));
}

/* Where the answer on a message would stand, if that message made the thing. */
static struct suggestion *place_for(const struct node *n, const char *message)
{
    struct post *p = n->object;
    struct match *m = n->object;
    struct case_ *k = n->object;
    if (n->kind == OBJECT_POST)
        return !strcmp(p->origin.message, message) ? &p->suggestion : NULL;
    if (n->kind == OBJECT_CASE)
        return !strcmp(k->origin.message, message) ? &k->suggestion : NULL;
    return n->kind == OBJECT_MATCH && m->claim && !strcmp(m->claim, message) ? &m->suggestion
                                                                             : NULL;
}

static void note_names(struct core *c, const struct said *s, struct doubt *d)
{
    d->names = ARENA_ARRAY(c->fx->arena, const char *, (size_t)s->talk->n + 1);
    d->names[d->n_names++] = keep(c, s->m->sender_name);
    for (int i = 0; i < s->talk->n; i++)
        if (s->talk->lines[i]->sender_name)
            d->names[d->n_names++] = keep(c, s->talk->lines[i]->sender_name);
}

void advice_doubt(struct core *c, const struct said *s)
{
    if (c->o.doubt_margin <= 0 || !in_doubt(c, &s->reading))
        return;
    const struct node *n = by_message(c, s->m->bot, s->m->id);
    if (n && !place_for(n, s->m->id)) /* it only said again what was open already */
        return;
    struct doubt *d = effects_doubt(c->fx);
    d->community = keep(c, s->m->community);
    d->group = keep(c, s->m->group);
    d->bot = keep(c, s->m->bot);
    d->message = keep(c, s->m->id);
    d->text = keep(c, s->text);
    note_names(c, s, d);
}

/* --- answers --- */

static void tell_suggestion(struct core *c, const struct node *n, const struct advised *a)
{
    struct event *e = tell(c, EVENT_SUGGESTION, a->community);
    e->message = keep(c, a->message);
    e->group = keep(c, a->group);
    e->intent = a->intent;
    e->blind = (n->kind == OBJECT_POST && post_is_blind(n->object)) ||
               (n->kind == OBJECT_MATCH && match_is_blind(n->object));
    e->post = n->kind == OBJECT_POST ? keep(c, n->key) : NULL;
    e->match = n->kind == OBJECT_MATCH ? keep(c, n->key) : NULL;
    e->case_id = n->kind == OBJECT_CASE ? keep(c, n->key) : NULL;
    e->advice = n->kind == OBJECT_ADVICE ? keep(c, n->key) : NULL;
    tell_audit(c, "suggestion", n, NULL, intent_code(a->intent));
}

/* The first answer stays: the same one again, from another owner say, changes nothing. */
static void put_answer(struct core *c, struct node *n, struct suggestion *s,
                       const struct advised *a)
{
    s->at_ms = c->now_ms;
    mem_replace(&s->model, a->model);
    if (a->confidence)
        mem_replace(&s->confidence, a->confidence);
    s->intent = a->intent;
    s->category = a->category;
    s->urgency = a->urgency;
    node_touch(c, n);
    tell_suggestion(c, n, a);
}

/* Its id is made of the message, not of the running number: with an adviser or without, all else
   has the same ids. */
static void advice_id(const struct core *c, const char *bot, const char *message, char out[ID_SIZE])
{
    uint64_t hash = hash64(message, strlen(message), hash64(bot, strlen(bot), 0));
    snprintf(out, ID_SIZE, "a%02d-%016llx", c->o.shard, (unsigned long long)hash);
}

static struct node *advice_on(const struct core *c, const char *bot, const char *message)
{
    char id[ID_SIZE];
    advice_id(c, bot, message, id);
    return node_find(c, OBJECT_ADVICE, id);
}

static struct advice *advice_new(struct core *c, const struct group *g, const struct talk *line,
                                 const struct advised *a)
{
    const char *chain[PLACE_KIND_N];
    struct advice *v = NEW(struct advice);
    advice_id(c, a->bot, a->message, v->id);
    str_copy(v->community, ID_SIZE, str_of(a->community));
    str_copy(v->group, ID_SIZE, str_of(a->group));
    place_chain(c, a->community, g->place, chain);
    str_copy(v->grid, ID_SIZE, str_of(chain[PLACE_GRID]));
    v->bot = mem_dup(a->bot);
    v->message = mem_dup(a->message);
    v->sender_name = mem_dup(line->sender_name);
    v->text = mem_dup(line->text);
    v->intent = line->intent;
    v->said_ms = line->time_ms;
    v->expires_ms = line->at_ms + c->o.retention_ms;
    return v;
}

/* The message opened nothing. Its words are taken from the conversation, so that one that was
   recalled, or has gone, does not come back; they go when the line would. */
static void look_at(struct core *c, const struct advised *a)
{
    struct node *gn = node_in(c, OBJECT_GROUP, a->community, a->group);
    const struct conversation *t = gn ? conversation_of(c, a->community, a->group) : NULL;
    const struct talk *line = t ? talk_line(t, a->message) : NULL;
    if (!line || !opens(a->intent) || line->at_ms + c->o.retention_ms <= c->now_ms ||
        advice_on(c, a->bot, a->message))
        return;
    struct advice *v = advice_new(c, gn->object, line, a);
    struct node *n = node_put(c, OBJECT_ADVICE, v->id, v);
    put_answer(c, n, &v->suggestion, a);
}

static bool has_ended(const struct node *n)
{
    const struct post *p = n->object;
    const struct case_ *k = n->object;
    const struct match *m = n->object;
    return n->kind == OBJECT_POST   ? post_is_final(p->state)
           : n->kind == OBJECT_CASE ? case_is_final(k->state)
                                    : match_is_final(m->state);
}

void decide_advised(struct core *c, const struct advised *a)
{
    struct node *n = by_message(c, a->bot, a->message);
    struct suggestion *s = n ? place_for(n, a->message) : NULL;
    c->actor = "adviser";
    if (!n)
        look_at(c, a);
    else if (s && !s->at_ms && !has_ended(n))
        put_answer(c, n, s, a);
}

void advice_tick(struct core *c, struct node *n)
{
    node_drop(c, n);
}

void advice_forget(struct core *c, const char *bot, const char *message)
{
    struct node *n = advice_on(c, bot, message);
    if (n)
        node_drop(c, n);
}

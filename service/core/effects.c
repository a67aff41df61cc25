#include "core/effects.h"

#include <string.h>

#include "base/mem.h"

#define CODE(name, code) code,
static const char *const codes[] = {EVENT_TABLE(CODE)};

const char *event_code(enum event_kind k)
{
    return codes[k];
}

void effects_init(struct effects *e, struct arena *a)
{
    *e = (struct effects){.arena = a};
}

void effects_reset(struct effects *e)
{
    struct arena *a = e->arena;
    arena_reset(a);
    effects_init(e, a);
}

/* Room for one more in an array of the arena; the old one is left to the arena's reset. */
static void *more(struct effects *e, void *old, int n, int *cap, size_t size)
{
    if (n < *cap)
        return old;
    *cap = *cap ? *cap * 2 : 16;
    void *fresh = arena_alloc_in(e->arena, (size_t)*cap * size);
    if (n)
        memcpy(fresh, old, (size_t)n * size);
    return fresh;
}

/* Batches touch a few hundred objects at the most, and mostly the last one again. */
void effects_touch(struct effects *e, enum object_kind kind, const char *key)
{
    for (int i = e->n_touched - 1; i >= 0; i--)
        if (e->touched[i].kind == kind && !strcmp(e->touched[i].key, key))
            return;
    e->touched = more(e, e->touched, e->n_touched, &e->cap_touched, sizeof *e->touched);
    e->touched[e->n_touched++] = (struct touched){kind, arena_dup_in(e->arena, str_of(key))};
}

static char *dup_in(struct effects *e, const char *z)
{
    return z ? arena_dup_in(e->arena, str_of(z)) : NULL;
}

/* Lines are put before lists are cut, so what is said after a cut of the same batch widens it. */
static void widen_trim(struct effects *e, const struct talk *t)
{
    char key[OBJECT_KEY_SIZE];
    if (e->n_trims)
        object_key(key, t->community, t->group);
    for (int i = 0; i < e->n_trims; i++)
        if (!strcmp(e->trims[i].key, key))
            e->trims[i].keep++;
}

void effects_talk(struct effects *e, const struct talk *t)
{
    widen_trim(e, t);
    struct talk *copy = ARENA_NEW(e->arena, struct talk);
    *copy = *t;
    copy->message = dup_in(e, t->message);
    copy->sender = dup_in(e, t->sender);
    copy->sender_name = dup_in(e, t->sender_name);
    copy->text = dup_in(e, t->text);
    copy->reply_to = dup_in(e, t->reply_to);
    e->talks = more(e, (void *)e->talks, e->n_talks, &e->cap_talks, sizeof *e->talks);
    e->talks[e->n_talks++] = copy;
}

/* The last word on a group counts: earlier trims of the batch are overtaken. */
void effects_trim(struct effects *e, const char *key, int keep)
{
    for (int i = 0; i < e->n_trims; i++)
        if (!strcmp(e->trims[i].key, key)) {
            e->trims[i].keep = keep;
            return;
        }
    e->trims = more(e, e->trims, e->n_trims, &e->cap_trims, sizeof *e->trims);
    e->trims[e->n_trims++] = (struct talk_trim){arena_dup_in(e->arena, str_of(key)), keep};
}

struct audit *effects_audit(struct effects *e)
{
    e->audits = more(e, e->audits, e->n_audits, &e->cap_audits, sizeof *e->audits);
    memset(&e->audits[e->n_audits], 0, sizeof *e->audits);
    return &e->audits[e->n_audits++];
}

struct event *effects_event(struct effects *e, enum event_kind kind, int64_t at_ms)
{
    e->events = more(e, e->events, e->n_events, &e->cap_events, sizeof *e->events);
    e->events[e->n_events] = (struct event){.kind = kind, .at_ms = at_ms};
    return &e->events[e->n_events++];
}

struct reply *effects_reply(struct effects *e)
{
    e->replies = more(e, e->replies, e->n_replies, &e->cap_replies, sizeof *e->replies);
    memset(&e->replies[e->n_replies], 0, sizeof *e->replies);
    return &e->replies[e->n_replies++];
}

struct labelled *effects_label(struct effects *e)
{
    e->labels = more(e, e->labels, e->n_labels, &e->cap_labels, sizeof *e->labels);
    memset(&e->labels[e->n_labels], 0, sizeof *e->labels);
    return &e->labels[e->n_labels++];
}

struct unlabel *effects_unlabel(struct effects *e)
{
    e->unlabels = more(e, e->unlabels, e->n_unlabels, &e->cap_unlabels, sizeof *e->unlabels);
    memset(&e->unlabels[e->n_unlabels], 0, sizeof *e->unlabels);
    return &e->unlabels[e->n_unlabels++];
}

struct doubt *effects_doubt(struct effects *e)
{
    e->doubts = more(e, e->doubts, e->n_doubts, &e->cap_doubts, sizeof *e->doubts);
    memset(&e->doubts[e->n_doubts], 0, sizeof *e->doubts);
    return &e->doubts[e->n_doubts++];
}

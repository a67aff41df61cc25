/* The conversation of each group: the last lines within the retention. They are kept in the store,
   so that an owner that takes over reads an answer as the one before would have. */
#include "core_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define TALK_STORED (2 * TALK_LINES) /* then the store's list is cut */

struct conversation *conversation_of(struct core *c, const char *community, const char *group)
{
    char key[OBJECT_KEY_SIZE];
    struct conversation *t;
    object_key(key, community, group);
    HASH_FIND_STR(c->talks, key, t);
    if (t)
        return t;
    t = NEW(struct conversation);
    memcpy(t->key, key, sizeof key);
    t->due = (struct due){.at_ms = INT64_MAX, .kind = DUE_TALK, .key = t->key, .thing = t};
    HASH_ADD_STR(c->talks, key, t);
    return t;
}

const struct talk *talk_line(const struct conversation *t, const char *message)
{
    for (int i = t->n - 1; message && i >= 0; i--)
        if (!strcmp(t->lines[i]->message, message))
            return t->lines[i];
    return NULL;
}

static void drop_first(struct conversation *t)
{
    talk_free(&t->lines[0]);
    t->n--;
    memmove(t->lines, t->lines + 1, (size_t)t->n * sizeof *t->lines);
}

/* The next look is at a whole minute: one tick for many groups. */
static void set_due(struct core *c, struct conversation *t)
{
    int64_t first = t->n ? t->lines[0]->at_ms + c->o.retention_ms : INT64_MAX;
    due_set(c, &t->due, t->n ? (first + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS : INT64_MAX);
}

static void trim(struct core *c, struct conversation *t)
{
    effects_trim(c->fx, t->key, t->n);
    t->stored = t->n;
}

/* The store keeps some more lines than are looked at: they go. */
void talk_cut(struct core *c, struct conversation *t)
{
    if (t->stored > t->n)
        trim(c, t);
}

void talk_expire(struct core *c, struct conversation *t)
{
    bool some = false;
    while (!c->loading && t->n && t->lines[0]->at_ms + c->o.retention_ms <= c->now_ms) {
        drop_first(t);
        some = true;
    }
    if (some)
        trim(c, t);
    set_due(c, t);
}

void talk_add(struct core *c, struct conversation *t, struct talk *line)
{
    effects_talk(c->fx, line);
    if (t->n == TALK_LINES)
        drop_first(t);
    t->lines[t->n++] = line;
    if (++t->stored >= TALK_STORED)
        trim(c, t);
    set_due(c, t);
}

/* The store's list only knows its ends: all lines go, and those that stay are put again. */
static void put_again(struct core *c, struct conversation *t)
{
    for (int i = 0; i < t->n; i++)
        effects_talk(c->fx, t->lines[i]);
    trim(c, t);
    set_due(c, t);
}

void talk_refer(struct core *c, struct conversation *t, struct talk *line, const char *ref)
{
    str_copy(line->ref, ID_SIZE, str_of(ref));
    put_again(c, t);
}

void talk_relabel(struct core *c, struct conversation *t, const char *message, enum intent intent,
                  const char *ref)
{
    for (int i = 0; i < t->n; i++) {
        struct talk *line = t->lines[i];
        if (strcmp(line->message, message) != 0)
            continue;
        line->intent = intent;
        line->labelled = true;
        if (ref)
            str_copy(line->ref, ID_SIZE, str_of(ref));
        put_again(c, t);
        return;
    }
}

/* What was recalled is to be gone at once. */
void talk_forget(struct core *c, struct conversation *t, const char *message)
{
    int keep = 0;
    if (!talk_line(t, message))
        return;
    for (int i = 0; i < t->n; i++)
        if (strcmp(t->lines[i]->message, message) != 0)
            t->lines[keep++] = t->lines[i];
        else
            talk_free(&t->lines[i]);
    t->n = keep;
    put_again(c, t);
}

void talks_due_anew(struct core *c)
{
    for (struct conversation *t = c->talks; t; t = t->hh.next)
        set_due(c, t);
}

void talks_free(struct core *c)
{
    struct conversation *t, *next;
    HASH_ITER(hh, c->talks, t, next)
    {
        HASH_DEL(c->talks, t);
        for (int i = 0; i < t->n; i++)
            talk_free(&t->lines[i]);
        free(t);
    }
}

void core_load_talk_take(struct core *c, struct talk *line)
{
    struct conversation *t = conversation_of(c, line->community, line->group);
    if (t->n == TALK_LINES)
        drop_first(t);
    t->lines[t->n++] = line;
    t->stored++;
    set_due(c, t);
}

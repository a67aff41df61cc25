/* The conversation of each group: the last lines within the retention. They are kept in the store,
   so that an owner that takes over reads an answer as the one before would have. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

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
void talk_expire(struct core *c, struct conversation *t)
{
    bool some = false;
    while (!c->loading && t->n && t->lines[0]->at_ms + c->o.retention_ms <= c->now_ms) {
        drop_first(t);
        some = true;
    }
    if (some)
        effects_trim(c->fx, t->key, t->n);
    if (!t->n)
        return;
    int64_t due = (t->lines[0]->at_ms + c->o.retention_ms + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
    if (due < c->talk_due_ms)
        c->talk_due_ms = due;
}

static int by_key(const struct conversation *a, const struct conversation *b)
{
    return strcmp(a->key, b->key);
}

/* In the order of the keys: the effects must not tell how this owner came by its groups. */
void talk_expire_all(struct core *c)
{
    struct conversation *t, *next;
    c->talk_due_ms = INT64_MAX;
    HASH_SORT(c->talks, by_key);
    HASH_ITER(hh, c->talks, t, next)
    talk_expire(c, t);
}

void talk_add(struct core *c, struct conversation *t, struct talk *line)
{
    effects_talk(c->fx, line);
    if (t->n == TALK_LINES)
        drop_first(t);
    t->lines[t->n++] = line;
    effects_trim(c->fx, t->key, t->n);
    talk_expire(c, t);
}

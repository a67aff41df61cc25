#include "core_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

/* --- objects --- */

struct node *node_find(const struct core *c, enum object_kind kind, const char *key)
{
    struct node *n;
    HASH_FIND_STR(c->objects[kind], key, n);
    return n;
}

struct node *node_in(const struct core *c, enum object_kind kind, const char *community,
                     const char *id)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, community, id);
    return node_find(c, kind, key);
}

static void alias_put(struct alias **table, const char *key, struct node *n)
{
    struct alias *a;
    HASH_FIND_STR(*table, key, a);
    if (!a) {
        a = NEW(struct alias);
        a->key = mem_dup(key);
        HASH_ADD_KEYPTR(hh, *table, a->key, strlen(a->key), a);
    }
    a->node = n;
}

static void alias_drop(struct alias **table, const char *key, const struct node *n)
{
    struct alias *a;
    HASH_FIND_STR(*table, key, a);
    if (!a || a->node != n)
        return;
    HASH_DEL(*table, a);
    free(a->key);
    free(a);
}

static void message_key(char out[512], const char *bot, const char *message)
{
    snprintf(out, 512, "%s\x1f%s", bot ? bot : "", message ? message : "");
}

struct node *by_message(const struct core *c, const char *bot, const char *message)
{
    char key[512];
    struct alias *a;
    message_key(key, bot, message);
    HASH_FIND_STR(c->by_message, key, a);
    return a ? a->node : NULL;
}

void remember_message(struct core *c, const char *bot, const char *message, struct node *n)
{
    char key[512];
    message_key(key, bot, message);
    alias_put(&c->by_message, key, n);
}

static const struct origin *origin_of(const struct node *n)
{
    return n->kind == OBJECT_POST   ? &((const struct post *)n->object)->origin
           : n->kind == OBJECT_CASE ? &((const struct case_ *)n->object)->origin
                                    : NULL;
}

/* What leads to this object, besides its key. */
static void put_aliases(struct core *c, struct node *n)
{
    const struct origin *o = origin_of(n);
    if (o && o->message)
        remember_message(c, o->bot, o->message, n);
    const struct party *p = n->kind == OBJECT_PARTY ? n->object : NULL;
    for (int i = 0; p && i < p->external_ids.n; i++) {
        char key[512];
        snprintf(key, sizeof key, "%s/%s", p->community, p->external_ids.v[i]);
        alias_put(&c->by_sender, key, n);
    }
}

static void drop_aliases(struct core *c, struct node *n)
{
    char key[512];
    const struct origin *o = origin_of(n);
    if (o) {
        message_key(key, o->bot, o->message);
        alias_drop(&c->by_message, key, n);
    }
    const struct party *p = n->kind == OBJECT_PARTY ? n->object : NULL;
    for (int i = 0; p && i < p->external_ids.n; i++) {
        snprintf(key, sizeof key, "%s/%s", p->community, p->external_ids.v[i]);
        alias_drop(&c->by_sender, key, n);
    }
}

/* --- the index of what is open --- */

double post_left(const struct post *p)
{
    double left = p->asked - p->reserved - p->fulfilled;
    return left > EPSILON ? left : 0;
}

static void index_post(struct core *c, struct node *n)
{
    const struct post *p = n->object;
    match_index_drop(c->index, p->origin.community, p->category, p->side, n);
    if (!post_is_final(p->state) && post_left(p) > 0)
        match_index_put(c->index, p->origin.community, p->category, p->side, n);
}

static void index_resource(struct core *c, struct node *n)
{
    const struct resource *r = n->object;
    match_index_drop(c->index, r->community, r->category, SIDE_OFFER, n);
    if (r->capacity - r->reserved > EPSILON)
        match_index_put(c->index, r->community, r->category, SIDE_OFFER, n);
}

static void read_items(struct core *c, struct node *n)
{
    const struct resource *r = n->object;
    free(n->items);
    n->n_items = r->items.n;
    n->items = mem_new((size_t)(r->items.n + 1) * sizeof *n->items);
    for (int i = 0; i < r->items.n; i++)
        n->items[i] = text_item(c->o.model, str_of(r->items.v[i]));
}

static void reindex(struct core *c, struct node *n)
{
    if (n->kind == OBJECT_POST)
        index_post(c, n);
    else if (n->kind == OBJECT_RESOURCE)
        index_resource(c, n);
    due_set(c, n);
}

struct node *node_put(struct core *c, enum object_kind kind, const char *key, void *object)
{
    struct node *n = node_find(c, kind, key);
    if (n) { /* a row of the directory, put again */
        match_index_drop(c->index, "", CATEGORY_NONE, SIDE_OFFER, n);
        drop_aliases(c, n);
        if (n->object != object)
            object_free(kind, &n->object);
    } else {
        n = NEW(struct node);
        n->kind = kind;
        n->due_ms = INT64_MAX;
        str_copy(n->key, sizeof n->key, str_of(key));
        HASH_ADD_STR(c->objects[kind], key, n);
    }
    n->object = object;
    put_aliases(c, n);
    if (kind == OBJECT_RESOURCE)
        read_items(c, n);
    reindex(c, n);
    return n;
}

static int64_t *version_of(struct node *n)
{
    switch (n->kind) {
    case OBJECT_POST:
        return &((struct post *)n->object)->version;
    case OBJECT_MATCH:
        return &((struct match *)n->object)->version;
    case OBJECT_CASE:
        return &((struct case_ *)n->object)->version;
    case OBJECT_OUTBOUND:
        return &((struct outbound *)n->object)->version;
    default:
        return NULL;
    }
}

void node_touch(struct core *c, struct node *n)
{
    int64_t *version = version_of(n);
    if (version)
        ++*version;
    c->fx->lasting = true;
    effects_touch(c->fx, n->kind, n->key);
    reindex(c, n);
}

/* Numbers grow, so of two ids the shorter is the older. */
static bool older(const struct node *a, const struct node *b)
{
    size_t n = strlen(a->key), m = strlen(b->key);
    return n != m ? n < m : strcmp(a->key, b->key) < 0;
}

/* Oldest first, whatever the history: an owner that has loaded walks them as the one before did. */
void node_link(struct node *n, struct node *match)
{
    n->links = mem_grow(n->links, (size_t)n->n_links + 1, sizeof *n->links);
    int at = n->n_links++;
    for (; at && older(match, n->links[at - 1]); at--)
        n->links[at] = n->links[at - 1];
    n->links[at] = match;
}

static void unlink_match(struct node *n, const struct node *match)
{
    int kept = 0;
    for (int i = 0; n && i < n->n_links; i++)
        if (n->links[i] != match)
            n->links[kept++] = n->links[i];
    if (n)
        n->n_links = kept;
}

static void unlink_both(struct core *c, const struct node *n)
{
    const struct match *m = n->object;
    unlink_match(node_find(c, OBJECT_POST, m->request), n);
    unlink_match(node_find(c, OBJECT_POST, m->offer), n);
    unlink_match(node_in(c, OBJECT_RESOURCE, m->community, m->resource), n);
}

static void node_free(struct core *c, struct node *n)
{
    match_index_drop(c->index, "", CATEGORY_NONE, SIDE_OFFER, n);
    HASH_DEL(c->objects[n->kind], n);
    object_free(n->kind, &n->object);
    free(n->links);
    free(n->items);
    free(n);
}

void node_drop(struct core *c, struct node *n)
{
    drop_aliases(c, n);
    if (n->kind == OBJECT_MATCH)
        unlink_both(c, n);
    effects_touch(c->fx, n->kind, n->key); /* the committer finds it gone */
    node_free(c, n);
}

struct post *post_of(const struct core *c, const char *id)
{
    struct node *n = id[0] ? node_find(c, OBJECT_POST, id) : NULL;
    return n ? n->object : NULL;
}

struct resource *resource_of(const struct core *c, const char *community, const char *id)
{
    struct node *n = id[0] ? node_in(c, OBJECT_RESOURCE, community, id) : NULL;
    return n ? n->object : NULL;
}

struct match *match_of_node(const struct node *n)
{
    return n->object;
}

/* --- ids: a letter, the shard, a running number in base 36 --- */

void new_id(struct core *c, char letter, char out[ID_SIZE])
{
    struct node *n = node_find(c, OBJECT_META, "meta");
    if (!n)
        n = node_put(c, OBJECT_META, "meta", NEW(struct meta));
    int64_t number = ++((struct meta *)n->object)->next_number;
    char digits[16];
    int at = sizeof digits - 1;
    digits[at] = 0;
    for (; number; number /= 36)
        digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
    snprintf(out, ID_SIZE, "%c%02d-%s", letter, c->o.shard, digits + at);
    effects_touch(c->fx, OBJECT_META, "meta");
}

/* --- the whole --- */

struct core *core_new(const struct core_options *o)
{
    struct core *c = NEW(struct core);
    core_configure(c, o);
    c->index = match_index_new();
    c->talk_due_ms = INT64_MAX;
    c->loading = true;
    return c;
}

void core_configure(struct core *c, const struct core_options *o)
{
    c->o = *o;
    if (!c->o.retention_ms)
        c->o.retention_ms = HOUR_MS;
}

static void aliases_free(struct alias **table)
{
    struct alias *a, *next;
    HASH_ITER(hh, *table, a, next)
    {
        HASH_DEL(*table, a);
        free(a->key);
        free(a);
    }
}

static void talks_free(struct core *c)
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

void core_free(struct core **core)
{
    struct core *c = *core;
    if (!c)
        return;
    for (int k = 0; k < OBJECT_KIND_N; k++) {
        struct node *n, *next;
        HASH_ITER(hh, c->objects[k], n, next)
        node_free(c, n);
    }
    aliases_free(&c->by_message);
    aliases_free(&c->by_sender);
    talks_free(c);
    match_index_free(&c->index);
    free(c->due);
    free(c);
    *core = NULL;
}

/* --- loading --- */

static void key_of(enum object_kind kind, const void *object, char out[OBJECT_KEY_SIZE])
{
    const struct place *row = object; /* community and id come first in all of the directory */
    if (kind <= OBJECT_RESOURCE)
        object_key(out, row->community, row->id);
    else
        str_copy(out, OBJECT_KEY_SIZE, str_of(kind == OBJECT_META ? "meta" : object));
}

void core_load_take(struct core *c, enum object_kind kind, void *object)
{
    char key[OBJECT_KEY_SIZE];
    key_of(kind, object, key);
    node_put(c, kind, key, object);
}

void core_load_talk_take(struct core *c, struct talk *t)
{
    struct conversation *list = conversation_of(c, t->community, t->group);
    if (list->n == TALK_LINES) {
        talk_free(&list->lines[0]);
        memmove(list->lines, list->lines + 1, (TALK_LINES - 1) * sizeof *list->lines);
        list->n--;
    }
    list->lines[list->n++] = t;
    talk_expire(c, list);
}

void core_loaded(struct core *c, int64_t now_ms)
{
    (void)now_ms; /* what has become due meanwhile comes with the next tick, as an entry */
    for (struct node *n = c->objects[OBJECT_MATCH]; n; n = n->hh.next) {
        const struct match *m = n->object;
        struct node *ends[] = {
            node_find(c, OBJECT_POST, m->request), node_find(c, OBJECT_POST, m->offer),
            m->resource[0] ? node_in(c, OBJECT_RESOURCE, m->community, m->resource) : NULL};
        for (int i = 0; i < 3; i++)
            if (ends[i])
                node_link(ends[i], n);
    }
    c->loading = false;
}

const void *core_find(const struct core *c, enum object_kind kind, const char *key)
{
    const struct node *n = node_find(c, kind, key);
    return n ? n->object : NULL;
}

void core_each(const struct core *c, enum object_kind kind,
               void (*fn)(void *arg, const char *key, const void *object), void *arg)
{
    for (const struct node *n = c->objects[kind]; n; n = n->hh.next)
        fn(arg, n->key, n->object);
}

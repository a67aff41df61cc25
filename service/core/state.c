/* The objects of a shard, by key; every change of one passes through node_touch. */
#include "sustain_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/deadline.h"

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

/* --- the index of what is open --- */

double post_left(const struct post *p)
{
    double left = p->asked - p->reserved - p->fulfilled - p->presumed;
    return left > EPSILON ? left : 0;
}

double agreed_quantity(const struct node *post)
{
    double sum = 0;
    for (int i = 0; i < post->n_links; i++)
        if (match_of_node(post->links[i])->state == MATCH_AGREED)
            sum += match_of_node(post->links[i])->quantity;
    return sum;
}

double node_left(const struct node *n)
{
    const struct resource *r = n->object;
    if (n->kind == OBJECT_POST)
        return post_left(n->object);
    return r->capacity - r->reserved > EPSILON ? r->capacity - r->reserved : 0;
}

bool node_is_open(const struct node *n)
{
    const struct post *p = n->object;
    if (n->kind == OBJECT_POST ? post_is_final(p->state) : ((struct resource *)n->object)->expired)
        return false;
    return node_left(n) + n->loose > EPSILON;
}

double loose_quantity(const struct node *n)
{
    double sum = 0;
    for (int i = 0; i < n->n_links; i++) {
        const struct match *m = match_of_node(n->links[i]);
        sum += match_is_loose(m) ? m->quantity : 0;
    }
    return sum;
}

void index_node(struct core *c, struct node *n)
{
    const struct post *p = n->object;
    struct match_side s;
    n->loose = loose_quantity(n);
    if (n->kind == OBJECT_POST)
        list_wanted(c, n);
    if (!node_is_open(n)) {
        match_index_drop(c->index, &n->indexed);
        return;
    }
    if (c->loading) /* its place and party may not be there yet */
        return;
    side_of(c, n, &s);
    match_index_put(c->index, &n->indexed, &s, n->kind == OBJECT_POST ? p->side : SIDE_OFFER, n,
                    n->key);
}

void index_again(struct core *c, const char *community)
{
    for (struct node *n = c->objects[OBJECT_POST]; n; n = n->hh.next)
        if (!community || !strcmp(((struct post *)n->object)->origin.community, community))
            index_node(c, n);
    for (struct node *n = c->objects[OBJECT_RESOURCE]; n; n = n->hh.next)
        if (!community || !strcmp(((struct resource *)n->object)->community, community))
            index_node(c, n);
}

static void read_items(struct core *c, struct node *n)
{
    const struct resource *r = n->object;
    free(n->items);
    n->n_items = r->items.n;
    n->items = mem_new((size_t)(r->items.n + 1) * sizeof *n->items);
    n->kinds = 0;
    for (int i = 0; i < r->items.n; i++) {
        n->items[i] = text_item(c->o.model, str_of(r->items.v[i]));
        n->kinds |= text_needs_served(c->o.model, str_of(r->items.v[i]));
    }
}

static void read_needs(struct core *c, struct node *n)
{
    const struct post *p = n->object;
    bool asks = p->side == SIDE_REQUEST && !post_is_final(p->state);
    n->kinds = asks ? text_needs_told(c->o.model, str_of(p->text), p->category) : 0;
}

/* The numbers of things are those of one lexicon: another one's are looked up by their words. */
static void renumber_items(struct core *c, struct post *p)
{
    for (int i = 0; i < p->slots.n_items; i++)
    p->slots.items[i].concept = text_item(c->o.model, str_of(p->slots.items[i].word)).concept;
}

static bool read_by_another(const struct core *c, const struct post *p)
{
    return p->model[0] && strcmp(p->model, text_version_borrow(c->o.model)) != 0;
}

static void count_seen(struct core *c, struct node *n, bool seen)
{
    c->n_seen += (int)seen - (int)n->seen;
    n->seen = seen;
}

static void reindex(struct core *c, struct node *n)
{
    if (n->kind == OBJECT_POST)
        read_needs(c, n);
    if (n->kind == OBJECT_CASE || n->kind == OBJECT_OUTBOUND) /* one more reporter; its own id */
        aliases_put(c, n);
    if (n->kind == OBJECT_PARTY)
        count_seen(c, n, party_is_seen(n->object));
    if (n->kind == OBJECT_POST || n->kind == OBJECT_RESOURCE)
        index_node(c, n);
    lists_seat(c, n);
    due_set(c, &n->due, due_of(c, n));
}

/* --- objects --- */

static struct node *node_new(struct core *c, enum object_kind kind, const char *key)
{
    struct node *n = NEW(struct node);
    n->kind = kind;
    str_copy(n->key, sizeof n->key, str_of(key));
    n->due = (struct due){.at_ms = INT64_MAX, .kind = (int)kind, .key = n->key, .thing = n};
    HASH_ADD_STR(c->objects[kind], key, n);
    return n;
}

struct node *node_put(struct core *c, enum object_kind kind, const char *key, void *object)
{
    struct node *n = node_find(c, kind, key);
    if (n) { /* a row of the directory, put again */
        aliases_drop(n);
        if (n->object != object)
            object_free(kind, &n->object);
    } else {
        n = node_new(c, kind, key);
    }
    n->object = object;
    if (kind != OBJECT_MATCH || !c->loading) /* while loading, its posts may not be there yet */
        aliases_put(c, n);
    if (kind == OBJECT_RESOURCE)
        read_items(c, n);
    if (kind == OBJECT_POST && c->loading && read_by_another(c, object))
        renumber_items(c, object);
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
    case OBJECT_ADVICE:
        return &((struct advice *)n->object)->version;
    case OBJECT_POLICY:
        return &((struct policy *)n->object)->version;
    case OBJECT_OUTBOUND:
        return &((struct outbound *)n->object)->version;
    case OBJECT_VISIT:
        return &((struct visit *)n->object)->version;
    case OBJECT_ALERT:
        return &((struct alert *)n->object)->version;
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

/* In the order of their ids, however they come. */
void node_link(struct node *n, struct node *match)
{
    int i = n->n_links;
    n->links = mem_grow(n->links, (size_t)n->n_links + 1, sizeof(struct node *));
    for (; i && id_compare(n->links[i - 1]->key, match->key) > 0; i--)
        n->links[i] = n->links[i - 1];
    n->links[i] = match;
    n->n_links++;
}

static void unlink_match(struct node *n, const struct node *match)
{
    for (int i = 0; n && i < n->n_links; i++)
        if (n->links[i] == match) {
            n->n_links--;
            memmove(n->links + i, n->links + i + 1,
                    (size_t)(n->n_links - i) * sizeof(struct node *));
            return;
        }
}

static void unlink_both(struct core *c, const struct node *n)
{
    const struct match *m = n->object;
    unlink_match(node_find(c, OBJECT_POST, m->request), n);
    unlink_match(node_find(c, OBJECT_POST, m->offer), n);
    unlink_match(node_in(c, OBJECT_RESOURCE, m->community, m->resource), n);
}

void node_free(struct core *c, struct node *n)
{
    assign_forget(c, n);
    count_seen(c, n, false);
    match_index_drop(c->index, &n->indexed);
    aliases_drop(n);
    for (int i = 0; i < SEATS; i++)
        list_sit(c, n, i, NULL);
    due_set(c, &n->due, INT64_MAX);
    HASH_DEL(c->objects[n->kind], n);
    object_free(n->kind, &n->object);
    free(n->links);
    free(n->items);
    free(n);
}

/* A claim's bot is known by the post that it answered: without it, as after loading, no more. */
static void forget_claim(const struct node *post, struct node *match)
{
    const struct match *m = match->object;
    if (!strcmp(m->request[0] ? m->request : m->offer, post->key))
        aliases_drop(match);
}

void node_drop(struct core *c, struct node *n)
{
    if (n->kind == OBJECT_MATCH)
        unlink_both(c, n);
    const struct post *p = n->kind == OBJECT_POST ? n->object : NULL;
    for (int i = 0; p && i < n->n_links; i++)
        forget_claim(n, n->links[i]);
    c->fx->lasting = true;
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

static struct meta *meta_of(struct core *c)
{
    struct node *n = node_find(c, OBJECT_META, "meta");
    if (!n)
        n = node_put(c, OBJECT_META, "meta", NEW(struct meta));
    effects_touch(c->fx, OBJECT_META, "meta");
    return n->object;
}

static void print_id(const struct core *c, char letter, int64_t number, char out[ID_SIZE])
{
    char digits[16];
    int at = sizeof digits - 1;
    digits[at] = 0;
    for (; number; number /= 36)
        digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
    snprintf(out, ID_SIZE, "%c%02d-%s", letter, c->o.shard, digits + at);
}

void new_id(struct core *c, char letter, char out[ID_SIZE])
{
    print_id(c, letter, ++meta_of(c)->next_number, out);
}

/* Behind those that had their number from the other count once; a row may have taken the id. */
void new_party_id(struct core *c, const char *community, char out[ID_SIZE])
{
    struct meta *m = meta_of(c);
    if (m->next_person < 1)
        m->next_person = m->next_number;
    do
        print_id(c, 'u', ++m->next_person, out);
    while (node_in(c, OBJECT_PARTY, community, out));
}

/* A longer number is a larger one; the letter of the kind does not count. */
int id_compare(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n != m)
        return n < m ? -1 : 1;
    int order = n ? strcmp(a + 1, b + 1) : 0;
    return order ? order : strcmp(a, b);
}

/* --- the whole --- */

struct core *core_new(const struct core_options *o)
{
    struct core *c = NEW(struct core);
    const struct match_likeness like = likeness_of(c);
    c->index = match_index_new(&like);
    c->loading = true;
    core_configure(c, o);
    return c;
}

/* By another lexicon other things are alike. */
static void index_anew(struct core *c)
{
    const struct match_likeness like = likeness_of(c);
    for (struct node *n = c->objects[OBJECT_POST]; n; n = n->hh.next)
        n->indexed = 0;
    for (struct node *n = c->objects[OBJECT_RESOURCE]; n; n = n->hh.next)
        n->indexed = 0;
    match_index_free(&c->index);
    c->index = match_index_new(&like);
    index_again(c, NULL);
}

/* By other spans what has ended, and what was said, goes at another time. */
static void due_anew(struct core *c)
{
    for (int k = 0; k < OBJECT_KIND_N; k++)
        for (struct node *n = c->objects[k]; n; n = n->hh.next)
            due_set(c, &n->due, due_of(c, n));
    talks_due_anew(c);
}

void core_configure(struct core *c, const struct core_options *o)
{
    bool other = c->o.model && !text_same_things(c->o.model, o->model);
    int64_t retention_ms = c->o.retention_ms, keep_ms = c->o.keep_ms;
    c->o = *o;
    for (struct node *n = c->objects[OBJECT_RESOURCE]; other && n; n = n->hh.next)
        read_items(c, n);
    for (struct node *n = c->objects[OBJECT_POST]; other && n; n = n->hh.next)
        renumber_items(c, n->object);
    if (other)
        index_anew(c);
    if (!c->o.retention_ms)
        c->o.retention_ms = HOUR_MS;
    if (!c->o.keep_ms)
        c->o.keep_ms = 30 * DAY_MS;
    if (!c->o.working_hours.n)
        c->o.working_hours = deadline_hours;
    if (retention_ms != c->o.retention_ms || keep_ms != c->o.keep_ms)
        due_anew(c);
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
    talks_free(c);
    lists_free(c);
    match_index_free(&c->index);
    free(c->due);
    free(c->waiting);
    free(c);
    *core = NULL;
}

/* --- loading --- */

static void key_of(enum object_kind kind, const void *object, char out[OBJECT_KEY_SIZE])
{
    const struct place *row =
        object; /* community and id come first there, in a tally and in a habit */
    if (kind <= OBJECT_POLICY || kind == OBJECT_TALLY || kind == OBJECT_HABIT ||
        kind == OBJECT_TOPIC)
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

static void link_match(struct core *c, struct node *n)
{
    const struct match *m = n->object;
    struct node *ends[] = {
        node_find(c, OBJECT_POST, m->request), node_find(c, OBJECT_POST, m->offer),
        m->resource[0] ? node_in(c, OBJECT_RESOURCE, m->community, m->resource) : NULL};
    for (int i = 0; i < 3; i++)
        if (ends[i])
            node_link(ends[i], n);
    lists_seat(c, n);
    aliases_put(c, n);
}

void core_loaded(struct core *c, int64_t now_ms)
{
    (void)now_ms; /* what has become due meanwhile comes with the next tick, as an entry */
    c->loading = false;
    for (struct node *n = c->objects[OBJECT_MATCH]; n; n = n->hh.next)
        link_match(c, n);
    index_again(c, NULL);
}

const void *core_find(const struct core *c, enum object_kind kind, const char *key)
{
    const struct node *n = node_find(c, kind, key);
    return n ? n->object : NULL;
}

int64_t core_parties_seen(const struct core *c)
{
    return c->n_seen;
}

void core_each(const struct core *c, enum object_kind kind,
               void (*fn)(void *arg, const char *key, const void *object), void *arg)
{
    for (const struct node *n = c->objects[kind]; n; n = n->hh.next)
        fn(arg, n->key, n->object);
}

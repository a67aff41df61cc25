#include "model/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "model/column.h"

struct entry_of { /* an id, or a sender, and the row that has it */
    UT_hash_handle hh;
    const char *key; /* borrowed */
    const void *row;
    bool fresh; /* of what is checked, not of what is known */
};
struct check {
    const struct directory *d;
    const struct check_against *against;
    directory_fault_fn *fn;
    void *arg;
    struct entry_of *ids[DIRECTORY_KINDS], *senders, *chats, *merged;
    char **keys; /* made for `chats` */
    int n_keys;
};

static void __attribute__((format(printf, 6, 7)))
tell(const struct check *k, enum fault_sort sort, enum object_kind kind, int row,
     const char *column, const char *fmt, ...)
{
    struct directory_fault f = {.sort = sort, .kind = kind, .row = row, .column = column};
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(f.what, sizeof f.what, fmt, ap);
    va_end(ap);
    k->fn(k->arg, &f);
}

static const struct entry_of *find(const struct entry_of *table, const char *key)
{
    struct entry_of *e;
    HASH_FIND_STR(table, key, e);
    return e;
}

/* The one that has the key already, or NULL. */
static const struct entry_of *add(struct entry_of **table, const char *key, const void *row,
                                  bool fresh)
{
    struct entry_of *e;
    HASH_FIND_STR(*table, key, e);
    if (e)
        return e;
    e = NEW(struct entry_of);
    e->key = key;
    e->row = row;
    e->fresh = fresh;
    HASH_ADD_KEYPTR(hh, *table, e->key, strlen(e->key), e);
    return NULL;
}

static void empty(struct entry_of **table)
{
    struct entry_of *e, *next;
    HASH_ITER(hh, *table, e, next)
    {
        HASH_DEL(*table, e);
        free(e);
    }
}

/* --- ids --- */

static const char *id_of(const void *row)
{
    return ((const struct place *)row)->id; /* each begins with its community and id */
}

static void take_ids(struct check *k, const struct directory *d, bool fresh)
{
    for (int kind = 0; d && kind < DIRECTORY_KINDS; kind++) {
        const struct rows r = directory_rows((struct directory *)d, (enum object_kind)kind);
        for (int i = 0; i < *r.n; i++) {
            const char *id = id_of((*r.v)[i]);
            if (id[0] && add(&k->ids[kind], id, (*r.v)[i], fresh) && fresh)
                tell(k, FAULT, (enum object_kind)kind, i, columns_of((enum object_kind)kind)->name,
                     "%.60s is there twice", id);
        }
    }
}

static void take_merged(struct check *k, const struct directory *known)
{
    for (int i = 0; known && i < known->n_parties; i++)
        if (known->parties[i]->merged_into[0])
            add(&k->merged, known->parties[i]->id, known->parties[i], false);
}

/* Who the party has turned out to be; itself, the same pointer, where nobody has merged it. */
static const char *owner_of(const struct check *k, const char *id)
{
    const struct entry_of *e = find(k->merged, id);
    return e ? ((const struct party *)e->row)->merged_into : id;
}

static bool refers(const struct check *k, enum object_kind kind, int row, const char *column,
                   enum object_kind to, const char *id)
{
    const struct entry_of *e = find(k->ids[to], id);
    const char *owner = to == OBJECT_PARTY ? owner_of(k, id) : id;
    if (owner != id)
        tell(k, FAULT_MERGED, kind, row, column, "%.50s was merged into %.50s", id, owner);
    else if (!e)
        tell(k, FAULT_DANGLES, kind, row, column, "there is no %.60s", id);
    return e != NULL;
}

/* --- what no group may read --- */

#define TEXT_MOST 256 /* of a cell, see codec/row.c */

/* It is posted masked, and says less than was meant. */
static void check_shown(const struct check *k, enum object_kind kind, int row, const char *column,
                        const char *text)
{
    char masked[2 * TEXT_MOST];
    if (!k->against->mask || !text || strlen(text) >= TEXT_MOST)
        return;
    k->against->mask(str_of(text), masked, sizeof masked);
    if (strcmp(masked, text) != 0)
        tell(k, FAULT_NOTE, kind, row, column,
             "no group may read a contact or a room: it is shown as %.60s; take it out%s", masked,
             kind == OBJECT_RESOURCE ? ", or write it into notes" : "");
}

/* --- places --- */

/* Follow the parents: a walk of more steps than there are places goes in a ring. */
static bool is_in_ring(const struct check *k, const struct place *p)
{
    const struct place *at = p;
    unsigned steps = HASH_COUNT(k->ids[OBJECT_PLACE]);
    for (unsigned i = 0; i <= steps && at->parent[0]; i++) {
        const struct entry_of *e = find(k->ids[OBJECT_PLACE], at->parent);
        if (!e)
            return false;
        at = e->row;
        if (at == p)
            return true;
    }
    return false;
}

/* Who answers for a place, and how far it is to another one, is told by what it lies in. A kind of
   PLACE_KIND_N could not be read. */
static void check_parent(const struct check *k, int i, const struct place *p)
{
    const struct place *in = find(k->ids[OBJECT_PLACE], p->parent)->row;
    if (is_in_ring(k, p))
        tell(k, FAULT, OBJECT_PLACE, i, "parent", "%.60s lies in itself", p->id);
    else if (p->kind == PLACE_KIND_N || in->kind == PLACE_KIND_N)
        return;
    else if (in->kind <= p->kind)
        tell(k, FAULT, OBJECT_PLACE, i, "parent", "%.40s is of kind %s, and no %s lies in one",
             in->id, place_kind_code(in->kind), place_kind_code(p->kind));
    else if (in->kind == PLACE_STREET && p->kind < PLACE_COMMUNITY)
        tell(k, FAULT, OBJECT_PLACE, i, "parent",
             "%.40s is a street: name the place of the community that the %s lies in", in->id,
             place_kind_code(p->kind));
}

static void check_places(const struct check *k)
{
    for (int i = 0; i < k->d->n_places; i++) {
        const struct place *p = k->d->places[i];
        bool whole = p->kind == PLACE_COMMUNITY;
        if (p->community[0] && whole != !strcmp(p->id, p->community))
            tell(k, FAULT, OBJECT_PLACE, i, "kind", "the community itself is the only one");
        check_shown(k, OBJECT_PLACE, i, "name", p->name);
        if (!p->parent[0] && p->kind < PLACE_COMMUNITY) /* whoever answers for it is found above */
            tell(k, FAULT, OBJECT_PLACE, i, "parent", "it lies nowhere: name the place it is in");
        if (p->parent[0] && refers(k, OBJECT_PLACE, i, "parent", OBJECT_PLACE, p->parent))
            check_parent(k, i, p);
    }
}

/* --- groups --- */

static void take_chats(struct check *k, const struct directory *d, bool fresh)
{
    for (int i = 0; d && i < d->n_groups; i++) {
        const struct group *g = d->groups[i];
        const struct entry_of *same = find(k->ids[OBJECT_GROUP], g->id);
        if (!fresh && same && same->fresh)
            continue; /* to be replaced */
        struct buf key;
        buf_init(&key);
        buf_addf(&key, "%s\x1f%s", g->bot ? g->bot : "", g->external_id ? g->external_id : "");
        k->keys = mem_grow(k->keys, (size_t)k->n_keys + 1, sizeof *k->keys);
        k->keys[k->n_keys] = buf_take(&key);
        const struct entry_of *e = add(&k->chats, k->keys[k->n_keys++], g, fresh);
        if (e && fresh && strcmp(id_of(e->row), g->id) != 0)
            tell(k, FAULT, OBJECT_GROUP, i, "external_id", "it is the chat of %.60s, too",
                 id_of(e->row));
    }
}

static void check_groups(const struct check *k)
{
    bool (*is_connector)(const char *) = k->against->is_connector;
    for (int i = 0; i < k->d->n_groups; i++) {
        const struct group *g = k->d->groups[i];
        refers(k, OBJECT_GROUP, i, "place", OBJECT_PLACE, g->place);
        if (is_connector && g->connector && g->connector[0] && !is_connector(g->connector))
            tell(k, FAULT, OBJECT_GROUP, i, "connector",
                 "there is no connector %.40s: generic fits every bot", g->connector);
    }
}

/* --- parties --- */

static void take_senders(struct check *k, const struct directory *d, bool fresh)
{
    for (int i = 0; d && i < d->n_parties; i++) {
        const struct party *p = d->parties[i];
        const struct entry_of *same = find(k->ids[OBJECT_PARTY], p->id);
        if (!fresh && party_is_seen(p)) /* becomes the party of the row */
            continue;
        for (int s = 0; s < p->external_ids.n; s++) {
            if (!fresh && same && same->fresh)
                continue;
            const struct entry_of *e = add(&k->senders, p->external_ids.v[s], p, fresh);
            if (e && fresh && strcmp(owner_of(k, id_of(e->row)), owner_of(k, p->id)) != 0)
                tell(k, FAULT_TAKEN, OBJECT_PARTY, i, "external_ids",
                     "%.50s is a sender of %.50s, too", p->external_ids.v[s], id_of(e->row));
            else if (e && e->row == p)
                tell(k, FAULT, OBJECT_PARTY, i, "external_ids", "%.60s is there twice",
                     p->external_ids.v[s]);
        }
    }
}

static void check_parties(const struct check *k)
{
    for (int i = 0; i < k->d->n_parties; i++) {
        const struct party *p = k->d->parties[i];
        const char *owner = owner_of(k, p->id);
        if (owner != p->id)
            tell(k, FAULT_MERGED, OBJECT_PARTY, i, "id", "%.50s was merged into %.50s", p->id,
                 owner);
        if (p->place[0])
            refers(k, OBJECT_PARTY, i, "place", OBJECT_PLACE, p->place);
        check_shown(k, OBJECT_PARTY, i, "name", p->name);
    }
}

/* --- resources --- */

static void check_resources(const struct check *k)
{
    for (int i = 0; i < k->d->n_resources; i++) {
        const struct resource *r = k->d->resources[i];
        refers(k, OBJECT_RESOURCE, i, "party", OBJECT_PARTY, r->party);
        for (int n = 0; n < r->items.n; n++)
            check_shown(k, OBJECT_RESOURCE, i, "items", r->items.v[n]);
        if (r->expires_ms && r->expires_ms < k->against->now_ms)
            tell(k, FAULT_NOTE, OBJECT_RESOURCE, i, "expires",
                 "it has expired, and is offered no more");
        if (!r->items.n)
            tell(k, FAULT, OBJECT_RESOURCE, i, "items", "it is nothing: name what there is");
        if (r->capacity <= 0)
            tell(k, FAULT_NOTE, OBJECT_RESOURCE, i, "capacity", "there is none of it");
    }
}

/* --- holidays --- */

/* Whoever writes so has most likely taken another day. */
static void check_holidays(const struct check *k)
{
    for (int i = 0; i < k->d->n_holidays; i++) {
        const struct holiday *h = k->d->holidays[i];
        int64_t day;
        if (h->kind != HOLIDAY_WORKED || !calendar_parse_day(str_of(h->id), &day))
            continue;
        int weekday = civil_of_ms(day * DAY_MS, 0).weekday;
        if (weekday > 0 && weekday < 6)
            tell(k, FAULT_NOTE, OBJECT_HOLIDAY, i, "kind", "it is no weekend: worked anyway");
    }
}

void directory_check(const struct directory *d, const struct check_against *against,
                     directory_fault_fn *fn, void *arg)
{
    struct check k = {.d = d, .against = against, .fn = fn, .arg = arg};
    const struct directory *known = against->known;
    take_merged(&k, known);
    take_ids(&k, d, true);
    take_ids(&k, known, false);
    take_chats(&k, known, false);
    take_chats(&k, d, true);
    take_senders(&k, known, false);
    take_senders(&k, d, true);
    check_places(&k);
    check_groups(&k);
    check_parties(&k);
    check_resources(&k);
    check_holidays(&k);
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++)
        empty(&k.ids[kind]);
    empty(&k.merged);
    empty(&k.senders);
    empty(&k.chats);
    for (int i = 0; i < k.n_keys; i++)
        free(k.keys[i]);
    free(k.keys);
}

/* Offers that recur. Who offers the same thing on RECURS different days within HABIT_MS may want it
   to be known for good: staff are advised to make a standing resource of it. */
#include "sustain_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"

#define HABIT_MS (60 * DAY_MS) /* RECURS, three, is the fields of struct habit */
#define ADVISED_MS (30 * DAY_MS)
#define SURE 0.6f /* that it was an offer at all */

/* The same thing by the lexicon's number, else by its word, else whatever is of the category. */
static void id_of(const struct post *p, char out[ID_SIZE])
{
    const struct slot_item *it = p->slots.n_items ? &p->slots.items[0] : NULL;
    const char *who = p->origin.party[0] ? p->origin.party : p->origin.sender;
    char thing[80];
    if (it && it->concept)
        snprintf(thing, sizeof thing, "#%u", it->concept);
    else
        snprintf(thing, sizeof thing, "%s/%s", category_code(p->category), it ? it->word : "");
    uint64_t hash = hash64(who, strlen(who), p->origin.party[0] ? 1 : 0);
    hash = hash64(thing, strlen(thing), hash);
    snprintf(out, ID_SIZE, "h-%016llx", (unsigned long long)hash);
}

static struct node *habit_of(struct core *c, const struct post *p)
{
    char id[ID_SIZE], key[OBJECT_KEY_SIZE];
    id_of(p, id);
    object_key(key, p->origin.community, id);
    struct node *n = node_find(c, OBJECT_HABIT, key);
    if (n)
        return n;
    struct habit *h = NEW(struct habit);
    str_copy(h->community, ID_SIZE, str_of(p->origin.community));
    str_copy(h->id, ID_SIZE, str_of(id));
    str_copy(h->party, ID_SIZE, str_of(p->origin.party));
    if (!h->party[0])
        h->sender = mem_dup(p->origin.sender);
    return node_put(c, OBJECT_HABIT, key, h);
}

static bool same_day(const struct core *c, int64_t a, int64_t b)
{
    struct civil x = civil_of_ms(a, c->o.zone_min), y = civil_of_ms(b, c->o.zone_min);
    return x.year == y.year && x.month == y.month && x.day == y.day;
}

static void add_day(const struct core *c, struct habit *h)
{
    if (!h->last_ms || !same_day(c, h->last_ms, c->now_ms)) {
        h->third_ms = h->second_ms;
        h->second_ms = h->last_ms;
    }
    h->last_ms = c->now_ms;
}

/* Never more is promised than was offered each time; it reaches as far as it was told of. */
static void add_terms(const struct core *c, struct habit *h, const struct post *p,
                      const struct group *g)
{
    const struct node *n = node_in(c, OBJECT_PLACE, g->community, g->place);
    enum place_kind kind = n ? ((const struct place *)n->object)->kind : PLACE_COMMUNITY;
    kind = kind > PLACE_COMMUNITY ? PLACE_COMMUNITY : kind;
    mem_replace(&h->word, p->slots.n_items ? p->slots.items[0].word : "");
    mem_replace(&h->unit, p->slots.unit[0] ? p->slots.unit : NULL);
    h->capacity = h->capacity <= 0 || p->asked < h->capacity ? p->asked : h->capacity;
    h->scope = kind > h->scope ? kind : h->scope;
    h->category = p->category;
    h->mode = p->mode;
}

/* Is it a standing resource of theirs already? Seldom asked, so that all are looked at. */
static bool stands_already(const struct core *c, const struct post *p)
{
    for (const struct node *n = c->objects[OBJECT_RESOURCE]; n; n = n->hh.next) {
        const struct resource *r = n->object;
        if (strcmp(r->community, p->origin.community) != 0 || !p->origin.party[0] ||
            strcmp(r->party, p->origin.party) != 0)
            continue;
        if (!p->slots.n_items && r->category == p->category)
            return true;
        for (int i = 0; p->slots.n_items && i < n->n_items; i++)
            if (text_item_likeness(c->o.model, &n->items[i], &p->slots.items[0]) > 0.99)
                return true;
    }
    return false;
}

static void suggest(struct core *c, const struct node *n, const struct post *p)
{
    const struct habit *h = n->object;
    struct advice *a = NEW(struct advice);
    a->kind = ADVICE_RECURRING;
    memcpy(a->community, h->community, ID_SIZE);
    memcpy(a->party, h->party, ID_SIZE);
    memcpy(a->group, p->origin.group, ID_SIZE);
    memcpy(a->grid, p->origin.grid, ID_SIZE);
    a->sender = mem_dup(h->sender);
    a->sender_name = mem_dup(p->origin.sender_name);
    a->text = mem_dup(p->text);
    a->item = h->word && h->word[0] ? mem_dup(h->word) : NULL;
    a->unit = mem_dup(h->unit);
    a->category = h->category;
    a->mode = h->mode;
    a->capacity = h->capacity;
    a->scope = h->scope;
    a->intent = INTENT_OFFER;
    a->said_ms = c->now_ms;
    a->expires_ms = c->now_ms + ADVISED_MS;
    advise(c, a, n->key);
}

/* What a neighbour sells again and again is trade. */
static bool is_trade(const struct core *c, const struct post *p)
{
    const struct party *party = party_find(c, p->origin.community, p->origin.party);
    return p->mode == MODE_PAID && (!party || party->kind == PARTY_RESIDENT);
}

void habit_note(struct core *c, const struct post *p, const struct group *g)
{
    if (p->side != SIDE_OFFER || p->confidence < SURE || is_trade(c, p))
        return;
    struct node *n = habit_of(c, p);
    struct habit *h = n->object;
    add_day(c, h);
    add_terms(c, h, p, g);
    bool recurs = h->third_ms && h->last_ms - h->third_ms <= HABIT_MS &&
                  (!h->suggested_ms || c->now_ms - h->suggested_ms > HABIT_MS);
    if (recurs)
        h->suggested_ms = c->now_ms;
    node_touch(c, n);
    if (recurs && !stands_already(c, p))
        suggest(c, n, p);
}

int64_t habit_due_ms(const struct habit *h)
{
    return h->last_ms + HABIT_MS;
}

void habit_tick(struct core *c, struct node *n)
{
    node_drop(c, n);
}

/* Lists of objects by group, person and community, always in the order of their ids: an owner that
   takes over walks them as the one before did. */
#include "core_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void list_key(char out[LIST_KEY_SIZE], enum list_kind kind, const char *community, const char *id)
{
    size_t n = strnlen(community, ID_SIZE), m = strnlen(id, LIST_KEY_SIZE - ID_SIZE - 3);
    out[0] = (char)kind;
    memcpy(out + 1, community, n);
    out[n + 1] = '/';
    memcpy(out + n + 2, id, m);
    out[n + 2 + m] = 0;
}

static struct list *find(const struct core *c, const char *key)
{
    struct list *l;
    HASH_FIND_STR(c->lists, key, l);
    return l;
}

static void leave(struct core *c, struct seat *s)
{
    struct list *l = s->list;
    if (!l)
        return;
    DL_DELETE(l->first, s);
    s->list = NULL;
    if (l->first)
        return;
    HASH_DEL(c->lists, l);
    free(l->key);
    free(l);
}

/* New ones have the largest id: the search from the end is short. */
static void enter(struct list *l, struct seat *s)
{
    struct seat *before = l->first ? l->first->prev : NULL;
    while (before && id_compare(before->node->key, s->node->key) > 0)
        before = seat_before(before);
    if (before)
        DL_APPEND_ELEM(l->first, before, s);
    else
        DL_PREPEND(l->first, s);
    s->list = l;
}

void list_sit(struct core *c, struct node *n, int seat, const char *key)
{
    struct seat *s = &n->seats[seat];
    if (s->list && key && !strcmp(s->list->key, key))
        return;
    leave(c, s);
    if (!key)
        return;
    struct list *l = find(c, key);
    if (!l) {
        l = NEW(struct list);
        l->key = mem_dup(key);
        HASH_ADD_KEYPTR(hh, c->lists, l->key, strlen(l->key), l);
    }
    s->node = n;
    enter(l, s);
}

struct seat *list_first(const struct core *c, const char *key)
{
    struct list *l = find(c, key);
    return l ? l->first : NULL;
}

struct seat *list_last(const struct core *c, const char *key)
{
    struct list *l = find(c, key);
    return l ? l->first->prev : NULL;
}

struct seat *seat_before(const struct seat *s)
{
    return s == s->list->first ? NULL : s->prev;
}

void lists_free(struct core *c)
{
    struct list *l, *next;
    HASH_ITER(hh, c->lists, l, next)
    {
        HASH_DEL(c->lists, l);
        free(l->key);
        free(l);
    }
}

/* --- where an object belongs --- */

void list_person_key(char out[LIST_KEY_SIZE], enum list_kind kind, enum list_kind unregistered,
                     const char *community, const char *party, const char *sender)
{
    if (party[0])
        list_key(out, kind, community, party);
    else
        list_key(out, unregistered, community, sender ? sender : "");
}

static void person_key(char out[LIST_KEY_SIZE], const char *community, const char *party,
                       const char *sender)
{
    list_person_key(out, LIST_PERSON, LIST_SENDER, community, party, sender);
}

static void seat_post(struct core *c, struct node *n)
{
    const struct post *p = n->object;
    char person[LIST_KEY_SIZE], group[LIST_KEY_SIZE];
    bool live = !post_is_final(p->state), late = !live && post_can(p->state, POST_EVENT_MEET);
    if (late)
        list_person_key(person, LIST_LATE, LIST_LATE_SENDER, p->origin.community, p->origin.party,
                        p->origin.sender);
    else
        person_key(person, p->origin.community, p->origin.party, p->origin.sender);
    list_key(group, LIST_GROUP, p->origin.community, p->origin.group);
    list_sit(c, n, 0, live || late ? person : NULL);
    list_sit(c, n, 1, live ? group : NULL);
}

void list_wanted(struct core *c, struct node *n)
{
    const struct post *p = n->object;
    char key[LIST_KEY_SIZE];
    list_key(key, LIST_WANTED, p->origin.community, category_code(p->category));
    list_sit(c, n, 2, p->side == SIDE_REQUEST && node_is_open(n) ? key : NULL);
}

static const char *sender_of(const struct core *c, const char *post, const char *claimant)
{
    const struct post *p = post_of(c, post);
    return p ? p->origin.sender : claimant;
}

static void seat_match(struct core *c, struct node *n)
{
    const struct match *m = n->object;
    char helper[LIST_KEY_SIZE], helped[LIST_KEY_SIZE];
    bool live = match_holds(m->state);
    person_key(helper, m->community, m->helper, sender_of(c, m->offer, m->claimant));
    person_key(helped, m->community, m->helped, sender_of(c, m->request, m->claimant));
    list_sit(c, n, 0, live ? helper : NULL);
    list_sit(c, n, 1, live ? helped : NULL);
    list_person_key(helper, LIST_ASKED, LIST_ASKED_SENDER, m->community, m->helper,
                    sender_of(c, m->offer, m->claimant));
    list_sit(c, n, 2, match_keeps_asked(m) ? helper : NULL);
}

/* Its list, as a row of the directory; false: in none. */
static bool list_of_row(const struct node *n, char key[LIST_KEY_SIZE])
{
    const struct party *p = n->object;
    const struct place *place = n->object;
    const struct group *group = n->object;
    const struct resource *r = n->object;
    switch (n->kind) {
    case OBJECT_PARTY:
        list_key(key, LIST_ROLES, p->community, "");
        return !p->merged_into[0] && (p->roles.n > 0 || p->kind == PARTY_PROPERTY);
    case OBJECT_PLACE:
        list_key(key, LIST_BUILDINGS, place->community, "");
        return place->kind == PLACE_BUILDING || place->kind == PLACE_ENTRANCE;
    case OBJECT_GROUP:
        list_key(key, LIST_PLACE, group->community, group->place);
        return true;
    case OBJECT_HOLIDAY:
        list_key(key, LIST_HOLIDAYS, place->community, "");
        return true;
    case OBJECT_RESOURCE:
        list_key(key, LIST_RENEWALS, r->community, r->party);
        return r->question[0];
    default:
        return false;
    }
}

/* The same of what comes and goes. */
static bool list_of(const struct node *n, char key[LIST_KEY_SIZE])
{
    const struct case_ *k = n->object;
    const struct outbound *o = n->object;
    const struct surge *surge = n->object;
    const struct visit *visit = n->object;
    switch (n->kind) {
    case OBJECT_CASE:
        list_key(key, k->state == CASE_CLOSED ? LIST_CLOSED : LIST_CASES, k->origin.community, "");
        return k->state != CASE_MERGED;
    case OBJECT_OUTBOUND:
        list_key(key, LIST_HELD, o->community, o->group);
        return o->held && o->state == OUTBOUND_WAITING;
    case OBJECT_SURGE:
        list_key(key, LIST_SURGES, surge->community, "");
        return !surge->ended_ms;
    case OBJECT_VISIT:
        list_key(key, LIST_VISITS, visit->community, "");
        return true;
    default:
        return list_of_row(n, key);
    }
}

void lists_seat(struct core *c, struct node *n)
{
    char key[LIST_KEY_SIZE];
    if (n->kind == OBJECT_POST)
        seat_post(c, n);
    else if (n->kind != OBJECT_MATCH)
        list_sit(c, n, 0, list_of(n, key) ? key : NULL);
    else if (!c->loading) /* its posts may not be there yet */
        seat_match(c, n);
}

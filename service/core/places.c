/* Where things are and who is who: chains of places, places as people name them, senders as
   parties, and who answers for faults. */
#include "core_priv.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct place *place_at(const struct core *c, const char *community, const char *id)
{
    const struct node *n = id[0] ? node_in(c, OBJECT_PLACE, community, id) : NULL;
    return n ? n->object : NULL;
}

void place_chain(const struct core *c, const char *community, const char *place,
                 const char *chain[PLACE_KIND_N])
{
    for (int k = 0; k < PLACE_KIND_N; k++)
        chain[k] = "";
    for (int hops = 0; hops < 2 * PLACE_KIND_N; hops++) { /* a loop of parents ends, too */
        const struct place *p = place_at(c, community, place);
        if (!p)
            return;
        chain[p->kind] = p->id;
        place = p->parent;
    }
}

/* Does a place's name or alias begin with this number and end with such a word? */
static bool named(const struct place *p, int number)
{
    char text[16];
    int n = snprintf(text, sizeof text, "%d", number);
    if (p->name && !strncmp(p->name, text, (size_t)n) && !isdigit((unsigned char)p->name[n]))
        return true;
    for (int i = 0; i < p->aliases.n; i++)
        if (!strncmp(p->aliases.v[i], text, (size_t)n) &&
            !isdigit((unsigned char)p->aliases.v[i][n]))
            return true;
    return false;
}

static bool lies_in(const struct core *c, const struct place *p, const char *under)
{
    const char *chain[PLACE_KIND_N];
    if (!under[0])
        return true;
    place_chain(c, p->community, p->id, chain);
    for (int k = 0; k < PLACE_KIND_N; k++)
        if (!strcmp(chain[k], under))
            return true;
    return false;
}

static const struct place *numbered(const struct core *c, const char *community, int number,
                                    const char *under)
{
    char key[LIST_KEY_SIZE];
    list_key(key, LIST_BUILDINGS, community, "");
    struct seat *seat, *first = list_first(c, key);
    DL_FOREACH(first, seat)
    {
        const struct place *p = seat->node->object;
        if (p->kind == PLACE_BUILDING && named(p, number) && lies_in(c, p, under))
            return p;
    }
    return NULL;
}

static bool ends_with(const char *text, const char *tail)
{
    size_t n = text ? strlen(text) : 0, m = strlen(tail);
    return n >= m && !strcmp(text + n - m, tail);
}

/* An entrance is known by its own number behind the building's: 3栋2单元, 3-2. */
static const struct place *entrance_of(const struct core *c, const char *community,
                                       const struct place *building, int entrance)
{
    char key[LIST_KEY_SIZE], name[32], tail[32];
    list_key(key, LIST_BUILDINGS, community, "");
    snprintf(name, sizeof name, "%d单元", entrance);
    snprintf(tail, sizeof tail, "-%d", entrance);
    struct seat *seat, *first = list_first(c, key);
    DL_FOREACH(first, seat)
    {
        const struct place *p = seat->node->object;
        if (p->kind == PLACE_ENTRANCE && !strcmp(p->parent, building->id) &&
            (ends_with(p->name, name) || ends_with(p->id, tail)))
            return p;
    }
    return NULL;
}

const char *place_resolve(const struct core *c, const char *community, const char *base,
                          const struct slot_place *said)
{
    const char *chain[PLACE_KIND_N];
    place_chain(c, community, base, chain);
    const struct place *building = NULL;
    if (said->building)
        building = numbered(c, community, said->building, chain[PLACE_ESTATE]);
    else if (said->entrance && chain[PLACE_BUILDING][0])
        building = place_at(c, community, chain[PLACE_BUILDING]);
    if (!building)
        return base;
    const struct place *entrance =
        said->entrance ? entrance_of(c, community, building, said->entrance) : NULL;
    return entrance ? entrance->id : building->id;
}

struct party *party_find(const struct core *c, const char *community, const char *id)
{
    struct node *n = id[0] ? node_in(c, OBJECT_PARTY, community, id) : NULL;
    return n ? n->object : NULL;
}

/* --- who answers for a fault --- */

static bool has_role(const struct party *p, const char *role)
{
    return strs_has(&p->roles, str_of(role));
}

static int nearness(const struct party *p, const char *chain[PLACE_KIND_N])
{
    for (int k = 0; k < PLACE_KIND_N; k++)
        if (chain[k][0] && !strcmp(chain[k], p->place))
            return k;
    return PLACE_KIND_N;
}

/* The nearest party of that role whose place lies above; the smaller id where two are as near. */
static const struct party *responsible(const struct core *c, const char *community,
                                       const char *chain[PLACE_KIND_N], const char *role)
{
    char key[LIST_KEY_SIZE];
    const struct party *best = NULL;
    int nearest = PLACE_KIND_N;
    list_key(key, LIST_ROLES, community, "");
    struct seat *seat, *first = list_first(c, key);
    DL_FOREACH(first, seat)
    {
        const struct party *p = seat->node->object;
        int k = has_role(p, role) ? nearness(p, chain) : PLACE_KIND_N;
        if (k < nearest) {
            nearest = k;
            best = p;
        }
    }
    return best;
}

const char *assignee_of(const struct core *c, const char *community, const char *place,
                        enum category category)
{
    static const char *const faults[] = {"property_manager", "grid_officer", "staff"};
    static const char *const others[] = {"grid_officer", "staff", "property_manager"};
    const char *chain[PLACE_KIND_N];
    bool fault = category == CATEGORY_FACILITY || category == CATEGORY_NUISANCE ||
                 category == CATEGORY_SAFETY;
    place_chain(c, community, place, chain);
    for (int i = 0; i < 3; i++) {
        const struct party *p = responsible(c, community, chain, (fault ? faults : others)[i]);
        if (p)
            return p->id;
    }
    return "";
}

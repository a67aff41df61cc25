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

/* --- places as people name them --- */

/* The number that a name begins with, 12 or 十二, up to 99 where it is written; *text is moved
   behind it. 0: none. */
static int number_at(const char **text)
{
    static const char numerals[] = "一二三四五六七八九十";
    const char *p = *text;
    int v = 0, last = 0;
    if (isdigit((unsigned char)*p)) {
        while (isdigit((unsigned char)*p) && v < 1000)
            v = 10 * v + *p++ - '0';
    } else {
        for (const char *at; strlen(p) >= 3; p += 3) {
            for (at = numerals; *at && memcmp(at, p, 3) != 0; at += 3)
                ;
            if (!*at)
                break;
            last = (int)(at - numerals) / 3 + 1;
            v = last == 10 ? (v ? v * 10 : 10) : v + last;
        }
    }
    *text = p;
    return v;
}

/* 3栋 names building 3; B座 building B, A3栋 building 3 of A. */
static bool text_names(const char *text, const struct slot_place *said)
{
    if (!text)
        return false;
    if (said->building_letter && toupper((unsigned char)*text++) != said->building_letter)
        return false;
    return (!said->building || number_at(&text) == said->building) &&
           !isalnum((unsigned char)*text);
}

static bool named(const struct place *p, const struct slot_place *said)
{
    bool found = text_names(p->name, said);
    for (int i = 0; !found && i < p->aliases.n; i++)
        found = text_names(p->aliases.v[i], said);
    return found;
}

static bool ends_with(const char *text, const char *tail)
{
    size_t n = text ? strlen(text) : 0, m = strlen(tail);
    return n >= m && !strcmp(text + n - m, tail);
}

/* An estate as said may have more before its name (the street), but no less. */
static bool estate_is(const struct place *p, const char *said)
{
    bool found = p->name && p->name[0] && ends_with(said, p->name);
    for (int i = 0; !found && i < p->aliases.n; i++)
        found = p->aliases.v[i][0] && ends_with(said, p->aliases.v[i]);
    return found;
}

bool place_lies_in(const struct core *c, const char *community, const char *place, const char *area)
{
    const char *chain[PLACE_KIND_N];
    place_chain(c, community, place, chain);
    for (int k = 0; area[0] && k < PLACE_KIND_N; k++)
        if (!strcmp(chain[k], area))
            return true;
    return false;
}

static bool lies_in(const struct core *c, const struct place *p, const char *under)
{
    return !under[0] || place_lies_in(c, p->community, p->id, under);
}

/* The first place of a kind in the community's list of buildings and entrances that fits. */
typedef bool place_fits(const struct core *c, const struct place *p, const struct slot_place *said,
                        const char *under);

static const struct place *find_place(const struct core *c, const char *community,
                                      enum place_kind kind, place_fits *fits,
                                      const struct slot_place *said, const char *under, int *n_r)
{
    char key[LIST_KEY_SIZE];
    const struct place *found = NULL;
    list_key(key, LIST_BUILDINGS, community, "");
    struct seat *seat, *first = list_first(c, key);
    *n_r = 0;
    DL_FOREACH(first, seat)
    {
        const struct place *p = seat->node->object;
        if (p->kind != kind || !fits(c, p, said, under))
            continue;
        if (!found)
            found = p;
        ++*n_r;
    }
    return found;
}

static bool fits_number(const struct core *c, const struct place *p, const struct slot_place *said,
                        const char *under)
{
    return named(p, said) && lies_in(c, p, under);
}

/* An entrance is known by its own number behind the building's: 3栋2单元, 3-2. */
static bool fits_entrance(const struct core *c, const struct place *p,
                          const struct slot_place *said, const char *under)
{
    char name[32], tail[32];
    (void)c;
    snprintf(name, sizeof name, "%d单元", said->entrance);
    snprintf(tail, sizeof tail, "-%d", said->entrance);
    bool found = ends_with(p->name, name) || ends_with(p->id, tail);
    for (int i = 0; !found && i < p->aliases.n; i++)
        found = ends_with(p->aliases.v[i], name) || ends_with(p->aliases.v[i], tail);
    return found && !strcmp(p->parent, under);
}

static bool fits_estate(const struct core *c, const struct place *p, const struct slot_place *said,
                        const char *under)
{
    const char *chain[PLACE_KIND_N];
    (void)under;
    place_chain(c, p->community, p->id, chain);
    const struct place *estate = place_at(c, p->community, chain[PLACE_ESTATE]);
    return estate && estate_is(estate, said->estate);
}

/* What has the same parent and is not the one itself: `under` is the one's id. */
static bool fits_sibling(const struct core *c, const struct place *p, const struct slot_place *said,
                         const char *under)
{
    (void)said;
    const struct place *one = place_at(c, p->community, under);
    return one && strcmp(p->id, under) != 0 && !strcmp(p->parent, one->parent);
}

/* 隔壁楼, 隔壁单元: the other one where there are two, else what both lie in. 楼上 and 楼下 are in
   the building itself. */
static const char *resolve_relation(const struct core *c, const char *community, const char *base,
                                    enum place_relation relation)
{
    const char *chain[PLACE_KIND_N];
    enum place_kind kind = relation == PLACE_RELATION_NEXT_BUILDING   ? PLACE_BUILDING
                           : relation == PLACE_RELATION_NEXT_ENTRANCE ? PLACE_ENTRANCE
                                                                      : PLACE_KIND_N;
    int n;
    if (kind == PLACE_KIND_N)
        return base;
    place_chain(c, community, base, chain);
    const struct place *own = place_at(c, community, chain[kind]);
    if (!own)
        return base;
    const struct place *other = find_place(c, community, kind, fits_sibling, NULL, own->id, &n);
    return n == 1 ? other->id : own->parent;
}

const char *place_resolve(const struct core *c, const char *community, const char *base,
                          const struct slot_place *said)
{
    const char *chain[PLACE_KIND_N];
    const struct place *building = NULL;
    int n;
    if (said->relation)
        return resolve_relation(c, community, base, said->relation);
    place_chain(c, community, base, chain);
    if (said->estate[0]) { /* an estate that is not ours has no building of ours */
        const struct place *p = find_place(c, community, PLACE_BUILDING, fits_estate, said, "", &n);
        if (!p)
            return base;
        if (!lies_in(c, place_at(c, community, p->id), chain[PLACE_ESTATE]) ||
            !chain[PLACE_ESTATE][0]) {
            place_chain(c, community, p->id, chain);
            chain[PLACE_BUILDING] = "";
            base = chain[PLACE_ESTATE];
        }
    }
    if (said->building || said->building_letter)
        building =
            find_place(c, community, PLACE_BUILDING, fits_number, said, chain[PLACE_ESTATE], &n);
    else if (said->entrance && chain[PLACE_BUILDING][0])
        building = place_at(c, community, chain[PLACE_BUILDING]);
    if (!building)
        return base;
    const struct place *entrance =
        said->entrance
            ? find_place(c, community, PLACE_ENTRANCE, fits_entrance, said, building->id, &n)
            : NULL;
    return entrance ? entrance->id : building->id;
}

struct party *party_find(const struct core *c, const char *community, const char *id)
{
    struct node *n = id[0] ? node_in(c, OBJECT_PARTY, community, id) : NULL;
    return n ? n->object : NULL;
}

bool may_ask(const struct core *c, const char *community, const char *party)
{
    const struct party *p = party_find(c, community, party);
    return !p || party_may_be_asked(p);
}

/* --- who answers for a fault --- */

/* A property manager is one without being called so. */
static bool has_role(const struct party *p, const char *role)
{
    return strs_has(&p->roles, str_of(role)) ||
           (p->kind == PARTY_PROPERTY && !p->roles.n && !strcmp(role, "property_manager"));
}

static int nearness(const struct party *p, const char *chain[PLACE_KIND_N])
{
    for (int k = 0; k < PLACE_KIND_N; k++)
        if (chain[k][0] && !strcmp(chain[k], p->place))
            return k;
    return PLACE_KIND_N;
}

/* The smaller id where two are as near. */
const char *party_with_role(const struct core *c, const char *community, const char *place,
                            const char *role)
{
    char key[LIST_KEY_SIZE];
    const char *chain[PLACE_KIND_N], *best = "";
    int nearest = PLACE_KIND_N;
    place_chain(c, community, place, chain);
    list_key(key, LIST_ROLES, community, "");
    struct seat *seat, *first = list_first(c, key);
    DL_FOREACH(first, seat)
    {
        const struct party *p = seat->node->object;
        int k = has_role(p, role) ? nearness(p, chain) : PLACE_KIND_N;
        if (k < nearest) {
            nearest = k;
            best = p->id;
        }
    }
    return best;
}

/* A party that has a category of faults for its role, such as a unit of the city's, answers for
   those before the property manager does. */
const char *assignee_of(const struct core *c, const char *community, const char *place,
                        enum category category)
{
    static const char *const faults[] = {"property_manager", "grid_officer", "staff"};
    static const char *const others[] = {"grid_officer", "staff", "property_manager"};
    bool fault = category == CATEGORY_FACILITY || category == CATEGORY_NUISANCE ||
                 category == CATEGORY_SAFETY;
    const char *party = fault ? party_with_role(c, community, place, category_code(category)) : "";
    for (int i = 0; i < 3 && !party[0]; i++)
        party = party_with_role(c, community, place, (fault ? faults : others)[i]);
    return party;
}

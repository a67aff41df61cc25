/* Which fault a message speaks of: where it is, and whether it is known already. */
#include "case_priv.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"

#define SAME_WITHIN_MS (24 * HOUR_MS)
#define UNSOLVED_WITHIN_MS (7 * DAY_MS) /* a fault that both name, and that nobody has mended */
#define OUTAGE_WITHIN_MS HOUR_MS        /* what is out in several buildings is out in the estate */
#define TALKED_WITHIN_MS (45 * MINUTE_MS)
#define SELF_CONTAINED 0.98f /* so sure is a report that needs no line before it */

/* --- where --- */

static bool names_building(const struct slot_place *said)
{
    return said->building || said->building_letter || said->entrance || said->floor > 0 ||
           said->room[0] || said->relation;
}

const char *case_place(const struct core *c, const struct said *s)
{
    const struct party *by = known_sender(s);
    const char *base =
        by && by->place[0] && by->kind == PARTY_RESIDENT ? by->place : s->group->place;
    const char *place = place_resolve(c, s->m->community, base, &s->reading.slots.place);
    const char *chain[PLACE_KIND_N];
    bool fault = s->reading.intent == INTENT_REPORT || fault_is_named(s->text);
    if (!fault || names_building(&s->reading.slots.place) || !fault_is_of_estate(s->text))
        return place;
    place_chain(c, s->m->community, place, chain);
    return chain[PLACE_ESTATE][0] ? chain[PLACE_ESTATE] : place;
}

/* 2单元, 1-2: not only where the sender is known to live. */
static bool names_entrance(const char *text)
{
    static const char *const words[] = {"单元", "门洞", "unit ", "entrance"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(text, words[i]))
            return true;
    for (const char *at = text; (at = strchr(at, '-')); at++)
        if (at > text && isdigit((unsigned char)at[-1]) && isdigit((unsigned char)at[1]))
            return true;
    return false;
}

static bool are_two_entrances(const struct case_ *k, const struct said *s, const char *a,
                              const char *b)
{
    return a[0] && b[0] && strcmp(a, b) != 0 && names_entrance(k->text) && names_entrance(s->text);
}

static bool is_outage_of_both(const struct case_ *k, const struct said *s)
{
    return faults_out(k->text) & faults_out(s->text);
}

/* The gate of the estate, and the door of 3栋. What names neither in the same group may be either.
 */
static bool are_said_apart(const struct case_ *k, const struct said *s)
{
    bool there = fault_is_of_estate(k->text), here = fault_is_of_estate(s->text);
    if (there)
        return names_building(&s->reading.slots.place);
    return here && strcmp(k->origin.group, s->m->group) != 0;
}

bool case_is_near(const struct core *c, const struct case_ *k, const struct said *s,
                  const char *place)
{
    const char *a[PLACE_KIND_N], *b[PLACE_KIND_N];
    place_chain(c, k->origin.community, k->origin.place, a);
    place_chain(c, k->origin.community, place, b);
    if (a[PLACE_BUILDING][0] && b[PLACE_BUILDING][0])
        return !strcmp(a[PLACE_BUILDING], b[PLACE_BUILDING]) &&
               !are_two_entrances(k, s, a[PLACE_ENTRANCE], b[PLACE_ENTRANCE]);
    enum place_kind around = a[PLACE_ESTATE][0] || b[PLACE_ESTATE][0] ? PLACE_ESTATE : PLACE_GRID;
    return !strcmp(a[around], b[around]) && (is_outage_of_both(k, s) || !are_said_apart(k, s));
}

bool case_is_part(const struct core *c, const struct case_ *k, const struct said *s)
{
    const struct slot_place *said = &s->reading.slots.place;
    const char *chain[PLACE_KIND_N];
    place_chain(c, k->origin.community, k->origin.place, chain);
    return (said->building || said->building_letter) && !chain[PLACE_BUILDING][0] &&
           k->reported_by.n > 1 && faults_out(k->text);
}

/* --- the same --- */

bool case_is_mended(const struct case_ *k)
{
    return k->state == CASE_RESOLVED || k->state == CASE_VERIFIED;
}

/* Of what is said in two groups, one speaks of the estate's own things, and the other does not. */
static bool are_apart(const struct case_ *k, const struct said *s)
{
    return fault_is_of_estate(k->text) != fault_is_of_estate(s->text) &&
           strcmp(k->origin.group, s->m->group) != 0 && !case_is_reporter(k, s) &&
           !is_outage_of_both(k, s);
}

/* The power of several buildings went within the hour. */
static bool is_one_outage(const struct core *c, const struct case_ *k, const struct said *s,
                          const char *place)
{
    const char *a[PLACE_KIND_N], *b[PLACE_KIND_N];
    if (c->now_ms - k->opened_ms > OUTAGE_WITHIN_MS || case_is_mended(k) ||
        !is_outage_of_both(k, s))
        return false;
    place_chain(c, k->origin.community, k->origin.place, a);
    place_chain(c, k->origin.community, place, b);
    return a[PLACE_ESTATE][0] && !strcmp(a[PLACE_ESTATE], b[PLACE_ESTATE]);
}

const char *case_wider(const struct core *c, const struct case_ *k, const struct said *s,
                       const char *place)
{
    const char *a[PLACE_KIND_N], *b[PLACE_KIND_N];
    if (k->post[0] || !is_outage_of_both(k, s))
        return "";
    place_chain(c, k->origin.community, k->origin.place, a);
    place_chain(c, k->origin.community, place, b);
    bool elsewhere = b[PLACE_BUILDING][0] ? strcmp(a[PLACE_BUILDING], b[PLACE_BUILDING]) != 0
                                          : fault_is_of_estate(s->text);
    return a[PLACE_BUILDING][0] && elsewhere && !strcmp(a[PLACE_ESTATE], b[PLACE_ESTATE])
               ? a[PLACE_ESTATE]
               : "";
}

/* A second report soon after is of the same fault, unless it speaks of another. */
static bool is_same(const struct core *c, const struct case_ *k, const struct said *s,
                    const char *place)
{
    if (k->post[0]) /* a request of one person */
        return false;
    if (is_one_outage(c, k, s, place))
        return true;
    if (!case_is_near(c, k, s, place) || are_apart(k, s))
        return false;
    bool soon = c->now_ms - k->opened_ms <= SAME_WITHIN_MS;
    bool named = fault_is_named(k->text) && fault_is_named(s->text);
    return (soon || (named && !case_is_mended(k))) && fault_same(c, k->text, s->text);
}

/* A report that quotes one which opened or joined a case speaks of the same. */
static struct node *quoted_case(const struct core *c, const struct said *s)
{
    struct node *n = s->m->reply_to ? by_message(c, s->m->bot, s->m->reply_to) : NULL;
    return n && n->kind == OBJECT_CASE && !case_is_final(((struct case_ *)n->object)->state) ? n
                                                                                             : NULL;
}

/* 20楼也没有，奶瓶都没法洗: of what it tells is left to the line before. */
static bool says_also(const char *text)
{
    static const char *const words[] = {"也没",   "也是",     "也一样",   "也这样",    "也不行",
                                        "也停了", "也断了",   "同样",     "same here", "me too",
                                        "us too", "here too", "ours too", "mine too",  NULL};
    for (size_t i = 0; words[i]; i++)
        if (strcasestr(text, words[i]))
            return true;
    return false;
}

/* 昨天也这样: it names no fault, and goes on with the one that the group talks about. */
static struct node *talked_case(const struct core *c, const struct said *s, const char *place)
{
    bool by_itself =
        s->reading.slots.n_items || s->reading.intent_p[INTENT_REPORT] > SELF_CONTAINED;
    if (fault_is_named(s->text) || (by_itself && !says_also(s->text)))
        return NULL;
    for (int i = s->talk->n - 1; i >= 0; i--) {
        const struct talk *t = s->talk->lines[i];
        struct node *n = t->ref[0] ? node_find(c, OBJECT_CASE, t->ref) : NULL;
        const struct case_ *k = n ? n->object : NULL;
        if (!k || k->post[0] || case_is_final(k->state) ||
            s->m->time_ms - t->time_ms > TALKED_WITHIN_MS)
            continue;
        if (case_is_near(c, k, s, place))
            return n;
    }
    return NULL;
}

struct node *case_same(const struct core *c, const struct said *s, const char *place)
{
    char key[LIST_KEY_SIZE];
    struct node *n = quoted_case(c, s);
    if (!n)
        n = talked_case(c, s, place);
    if (n)
        return n;
    list_key(key, LIST_CASES, s->m->community, "");
    for (struct seat *seat = list_last(c, key); seat; seat = seat_before(seat)) {
        const struct case_ *k = seat->node->object;
        if (c->now_ms - k->opened_ms > UNSOLVED_WITHIN_MS) /* so are all before it */
            return NULL;
        if (is_same(c, k, s, place))
            return seat->node;
    }
    return NULL;
}

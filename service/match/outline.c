/* What a score can come to at most, told from outlines alone: the search rates only those that may
   get among the best. Every share here is the one of rate.c, or no smaller. */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "match_priv.h"

static uint32_t place_hash(const char *place)
{
    uint32_t h = place && place[0] ? (uint32_t)hash64(place, strlen(place), 0) : 0;
    return place && place[0] && !h ? 1 : h;
}

/* What 32 bits do not hold is left open, or earlier. */
static uint32_t start_of(int64_t ms)
{
    return ms <= 0 ? 0 : ms / 1000 > UINT32_MAX ? UINT32_MAX : (uint32_t)(ms / 1000);
}

static uint32_t end_of(int64_t ms)
{
    return ms <= 0 || ms / 1000 >= UINT32_MAX ? 0 : (uint32_t)(ms / 1000 + 1);
}

void outline_of(const struct match_side *s, struct outline *o)
{
    memset(o, 0, sizeof *o); /* two of them are compared as bytes */
    o->start_s = start_of(s->start_ms);
    o->end_s = end_of(s->end_ms);
    o->opened_ms = s->opened_ms;
    o->left = s->left;
    o->category = (uint8_t)s->category;
    o->mode = (uint8_t)s->mode;
    o->party_kind = (uint8_t)s->party_kind;
    o->scope = (uint8_t)s->scope;
    o->reach = (uint8_t)s->reach;
    o->named = s->n_items > 0;
    o->starts = s->start_ms != 0;
    o->timed = s->start_ms || (s->hours && s->hours->n);
    o->flagged = s->flags != 0;
    o->limited = s->monthly_limit > 0 && !s->is_resource;
    o->resource = s->is_resource;
    o->has_past = s->has_past;
    for (int k = 0; k < PLACE_KIND_N; k++)
        o->places[k] = place_hash(s->places[k]);
}

bool outline_is_plain(const struct outline *o)
{
    return o->party_kind == PARTY_RESIDENT && !o->timed && !o->limited && !o->resource &&
           !o->flagged && !o->has_past;
}

static enum place_kind common(const struct outline *a, const struct outline *b)
{
    for (int k = 0; k < PLACE_KIND_N; k++)
        if (a->places[k] && a->places[k] == b->places[k])
            return (enum place_kind)k;
    return PLACE_KIND_N;
}

static bool in_scope(const struct outline *r, const struct outline *o)
{
    int scope = o->scope > r->reach ? o->scope : r->reach;
    uint32_t there = o->places[scope];
    return there ? there == r->places[scope] : common(r, o) <= PLACE_COMMUNITY;
}

static bool times_meet(const struct outline *r, const struct outline *o, int64_t now_ms)
{
    int64_t from_s = r->starts ? (int64_t)r->start_s : now_ms / 1000;
    if (r->end_s && o->start_s && r->end_s < o->start_s)
        return false;
    return !o->end_s || from_s <= (int64_t)o->end_s;
}

bool outline_may(const struct outline *r, const struct outline *o, double like, int64_t now_ms)
{
    bool both = r->named && o->named, same = r->category == o->category;
    if (like < (both ? LIKE_ENOUGH : TEXT_ENOUGH) || (!same && like < LIKE_ACROSS))
        return false;
    if (category_is_public(r->category) && o->party_kind == PARTY_RESIDENT)
        return false;
    if (!(match_near_categories(r->category) & 1u << o->category))
        return false;
    return in_scope(r, o) && times_meet(r, o, now_ms) &&
           (o->resource || !modes_clash(r->mode, o->mode));
}

/* PARTY_KIND_N stands for any: whoever is placed best. */
static double share_of_any_party(enum category asked, enum party_kind helper)
{
    if (helper != PARTY_KIND_N)
        return share_of_party(asked, helper);
    return fmax(share_of_party(asked, PARTY_RESIDENT), share_of_party(asked, PARTY_UNIT));
}

float outline_most(const struct match_weights *w, const struct outline *r, const struct outline *o,
                   double like, int64_t now_ms)
{
    bool both = r->named && o->named;
    const double shares[MATCH_PART_N] = {
        [MATCH_PART_ITEM] = share_of_item(like, both),
        [MATCH_PART_CATEGORY] =
            share_of_category(r->category == o->category, both && like > LIKE_SAME),
        [MATCH_PART_DISTANCE] = share_of_distance(common(r, o)),
        [MATCH_PART_TIME] = share_of_time(r->starts, o->timed),
        [MATCH_PART_QUANTITY] = share_of_quantity(r->left, o->left),
        [MATCH_PART_PARTY] = share_of_any_party(r->category, o->party_kind),
        [MATCH_PART_WAITING] = share_of_waiting(now_ms, r->opened_ms),
        [MATCH_PART_VULNERABLE] = r->flagged,
        [MATCH_PART_LOAD] = o->limited || o->resource ? 1 : 0.8,
        [MATCH_PART_OUTCOMES] = o->has_past ? 1 : share_of_outcomes(&(struct outcomes){0})};
    float score = 0;
    for (int p = 0; p < MATCH_PART_N; p++)
        score += part_of(w, (enum match_part)p, shares[p]);
    return score;
}

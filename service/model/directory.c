#include "model/directory.h"

#include <stdlib.h>
#include <string.h>

#include "base/codes.h"
#include "base/mem.h"

#define CODE(name, code) code,
static const char *const place_kinds[] = {PLACE_KIND_TABLE(CODE)};
static const char *const party_kinds[] = {PARTY_KIND_TABLE(CODE)};
static const char *const provenances[] = {PROVENANCE_TABLE(CODE)};
static const char *const holiday_kinds[] = {HOLIDAY_KIND_TABLE(CODE)};

CODES_DEFINE(holiday_kind, holiday_kind, holiday_kinds)
CODES_DEFINE(provenance, provenance, provenances)
CODES_DEFINE(place_kind, place_kind, place_kinds)
CODES_DEFINE(party_kind, party_kind, party_kinds)

void strs_add(struct strs *l, struct str s)
{
    l->v = mem_grow(l->v, (size_t)l->n + 1, sizeof *l->v);
    l->v[l->n++] = mem_dup_str(s);
}

void strs_split(struct strs *l, struct str cell, char sep)
{
    while (cell.n) {
        struct str one = str_trim(str_cut(&cell, sep));
        if (one.n)
            strs_add(l, one);
    }
}

bool strs_has(const struct strs *l, struct str s)
{
    for (int i = 0; i < l->n; i++)
        if (str_is(s, l->v[i]))
            return true;
    return false;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void strs_sort(struct strs *l)
{
    if (l->n)
        qsort(l->v, (size_t)l->n, sizeof *l->v, by_bytes);
}

void strs_deinit(struct strs *l)
{
    for (int i = 0; i < l->n; i++)
        free(l->v[i]);
    free(l->v);
    *l = (struct strs){NULL, 0};
}

bool party_is_seen(const struct party *p)
{
    return p && p->provenance == PROVENANCE_SEEN;
}

bool party_may_be_asked(const struct party *p)
{
    return !p->do_not_contact && strcmp(p->consent, "no") != 0;
}

void place_free(struct place **p)
{
    if (!*p)
        return;
    free((*p)->name);
    strs_deinit(&(*p)->aliases);
    free(*p);
    *p = NULL;
}

void group_free(struct group **g)
{
    if (!*g)
        return;
    free((*g)->connector);
    free((*g)->bot);
    free((*g)->external_id);
    free((*g)->name);
    free(*g);
    *g = NULL;
}

void party_free(struct party **p)
{
    if (!*p)
        return;
    free((*p)->name);
    strs_deinit(&(*p)->external_ids);
    strs_deinit(&(*p)->roles);
    strs_deinit(&(*p)->tags);
    strs_deinit(&(*p)->heard_in);
    past_deinit(&(*p)->outcomes);
    free(*p);
    *p = NULL;
}

void resource_free(struct resource **r)
{
    if (!*r)
        return;
    strs_deinit(&(*r)->items);
    free((*r)->unit);
    free((*r)->notes);
    free(*r);
    *r = NULL;
}

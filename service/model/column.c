#include "model/column.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define CHINA_MIN 480 /* days end there, see `expires` in DESIGN.md section 9 */

static void print_id(const void *member, struct buf *out)
{
    buf_add_z(out, member);
}

static void print_text(const void *member, struct buf *out)
{
    const char *z = *(char *const *)member;
    buf_add_z(out, z ? z : "");
}

static void print_list(const void *member, struct buf *out)
{
    const struct strs *l = member;
    for (int i = 0; i < l->n; i++)
        buf_addf(out, "%s%s", i ? ";" : "", l->v[i]);
}

static void print_hours(const void *member, struct buf *out)
{
    hours_print(member, out);
}

static void print_place_kind(const void *member, struct buf *out)
{
    buf_add_z(out, place_kind_code(*(const enum place_kind *)member));
}

static void print_party_kind(const void *member, struct buf *out)
{
    buf_add_z(out, party_kind_code(*(const enum party_kind *)member));
}

static void print_holiday_kind(const void *member, struct buf *out)
{
    buf_add_z(out, holiday_kind_code(*(const enum holiday_kind *)member));
}

static void print_category(const void *member, struct buf *out)
{
    buf_add_z(out, category_code(*(const enum category *)member));
}

static void print_mode(const void *member, struct buf *out)
{
    buf_add_z(out, mode_code(*(const enum mode *)member));
}

static void print_number(const void *member, struct buf *out)
{
    double v = *(const double *)member;
    char text[40];
    for (int digits = 9; digits <= 17; digits++) { /* the shortest that reads back */
        snprintf(text, sizeof text, "%.*g", digits, v);
        double back = strtod(text, NULL);
        if (!(back < v || back > v))
            break;
    }
    buf_add_z(out, text);
}

static void print_limit(const void *member, struct buf *out)
{
    if (*(const int *)member >= 0)
        buf_add_i64(out, *(const int *)member);
}

static void print_yes(const void *member, struct buf *out)
{
    if (*(const bool *)member)
        buf_add_z(out, "yes");
}

static void print_day(const void *member, struct buf *out)
{
    int64_t ms = *(const int64_t *)member;
    struct civil c = civil_of_ms(ms, CHINA_MIN);
    if (ms)
        buf_addf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
}

enum {
    FREE_id = 0,
    FREE_text = 1,
    FREE_list = 1,
    FREE_hours = 0,
    FREE_place_kind = 0,
    FREE_party_kind = 0,
    FREE_holiday_kind = 0,
    FREE_category = 0,
    FREE_mode = 0,
    FREE_number = 0,
    FREE_limit = 0,
    FREE_yes = 0
};
#define COLUMN(type, member, kind, print)                                                          \
    {                                                                                              \
#member, COLUMN_##kind, print_##print, offsetof(struct type, member), FREE_##print, false  \
    }
#define NEEDED(type, member, kind, print)                                                          \
    {                                                                                              \
#member, COLUMN_##kind, print_##print, offsetof(struct type, member), FREE_##print, true   \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, COLUMN_TEXT, NULL, 0, false, false                                                   \
    }

static const struct column places[] = {
    NEEDED(place, id, TEXT, id),        NEEDED(place, kind, TEXT, place_kind),
    NEEDED(place, parent, TEXT, id),    NEEDED(place, name, TEXT, text),
    COLUMN(place, aliases, LIST, list), END};
static const struct column groups[] = {NEEDED(group, id, TEXT, id),
                                       COLUMN(group, connector, TEXT, text),
                                       NEEDED(group, bot, TEXT, text),
                                       NEEDED(group, external_id, TEXT, text),
                                       NEEDED(group, place, TEXT, id),
                                       COLUMN(group, name, TEXT, text),
                                       END};
static const struct column parties[] = {NEEDED(party, id, TEXT, id),
                                        NEEDED(party, kind, TEXT, party_kind),
                                        NEEDED(party, name, TEXT, text),
                                        NEEDED(party, place, TEXT, id),
                                        COLUMN(party, external_ids, LIST, list),
                                        COLUMN(party, roles, LIST, list),
                                        COLUMN(party, tags, LIST, list),
                                        COLUMN(party, availability, TEXT, hours),
                                        COLUMN(party, monthly_limit, NUMBER, limit),
                                        COLUMN(party, do_not_contact, YES, yes),
                                        COLUMN(party, consent, TEXT, id),
                                        END};
static const struct column resources[] = {
    NEEDED(resource, id, TEXT, id),
    NEEDED(resource, party, TEXT, id),
    NEEDED(resource, category, TEXT, category),
    NEEDED(resource, items, LIST, list),
    COLUMN(resource, capacity, NUMBER, number),
    COLUMN(resource, unit, TEXT, text),
    COLUMN(resource, mode, TEXT, mode),
    NEEDED(resource, scope, TEXT, place_kind),
    COLUMN(resource, hours, TEXT, hours),
    {"expires", COLUMN_TEXT, print_day, offsetof(struct resource, expires_ms), false, false},
    COLUMN(resource, notes, TEXT, text),
    END};

static const struct column holidays[] = {
    {"date", COLUMN_TEXT, print_id, offsetof(struct holiday, id), false, true},
    NEEDED(holiday, kind, TEXT, holiday_kind),
    {"name", COLUMN_TEXT, print_id, offsetof(struct holiday, name), true, false},
    END};

const struct column *columns_of(enum object_kind kind)
{
    static const struct column *const all[DIRECTORY_KINDS] = {[OBJECT_PLACE] = places,
                                                              [OBJECT_GROUP] = groups,
                                                              [OBJECT_PARTY] = parties,
                                                              [OBJECT_RESOURCE] = resources,
                                                              [OBJECT_HOLIDAY] = holidays};
    return all[kind];
}

const struct column *column_find(enum object_kind kind, const char *name)
{
    for (const struct column *c = columns_of(kind); c->name; c++)
        if (!strcmp(c->name, name))
            return c;
    return NULL;
}

void column_print(const struct column *column, const void *row, struct buf *out)
{
    column->print((const char *)row + column->offset, out);
}

bool column_is_same(const struct column *column, const void *a, const void *b)
{
    struct buf one, other;
    buf_init(&one);
    buf_init(&other);
    column_print(column, a, &one);
    column_print(column, b, &other);
    bool same = str_eq(buf_str_borrow(&one), buf_str_borrow(&other));
    buf_deinit(&one);
    buf_deinit(&other);
    return same;
}

bool rows_are_same(enum object_kind kind, const void *a, const void *b)
{
    bool same = true;
    for (const struct column *c = columns_of(kind); same && c->name; c++)
        same = column_is_same(c, a, b);
    return same;
}

struct rows directory_rows(struct directory *d, enum object_kind kind)
{
    const struct rows all[DIRECTORY_KINDS] = {
        [OBJECT_PLACE] = {(void ***)&d->places, &d->n_places},
        [OBJECT_GROUP] = {(void ***)&d->groups, &d->n_groups},
        [OBJECT_PARTY] = {(void ***)&d->parties, &d->n_parties},
        [OBJECT_RESOURCE] = {(void ***)&d->resources, &d->n_resources},
        [OBJECT_HOLIDAY] = {(void ***)&d->holidays, &d->n_holidays}};
    return all[kind];
}

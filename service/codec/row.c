/* One row of the directory as JSON: what may be wrong with it, told as a whole. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "directory_priv.h"
#include "field_priv.h"
#include "model/column.h"

enum { TEXT_MOST = 256, NOTES_MOST = 2000, AMOUNT_MOST = 1000000000 };

struct row_check { /* under way */
    enum object_kind kind;
    const struct json *v;
    bool part; /* members that are missing stay as they are */
    row_fault_fn *fn;
    void *arg;
    bool bad;
};

static void fault(struct row_check *k, enum fault_sort sort, const char *member, const char *what)
{
    k->bad = true;
    k->fn(k->arg, sort, member, what);
}

static const struct json *member_of(const struct row_check *k, const char *key)
{
    const struct json *m = json_get(k->v, key);
    return m && json_type(m) != JSON_NULL ? m : NULL;
}

static bool is_trimmed(const char *z)
{
    struct str s = str_of(z);
    return str_trim(s).n == s.n;
}

static void check_text(struct row_check *k, const char *key, bool needed, size_t most)
{
    const struct json *m = member_of(k, key);
    const char *z = json_string(m);
    if (m && !z)
        fault(k, FAULT, key, "must be a string");
    else if (needed && (!z || !z[0]) && (!k->part || json_get(k->v, key)))
        fault(k, FAULT, key, "is missing");
    else if (z && strlen(z) >= most)
        fault(k, FAULT, key, "is too long");
    else if (z && !is_trimmed(z)) /* a cell of a file cannot, either */
        fault(k, FAULT, key, "begins or ends with a blank");
}

/* Of a key and a path both. */
static void check_id(struct row_check *k)
{
    const char *key = columns_of(k->kind)->name, *z = json_string(json_get(k->v, key));
    check_text(k, key, true, ID_SIZE);
    if (z && strpbrk(z, "/?#% \t\n"))
        fault(k, FAULT_NOTE, key, "has a blank or one of / ? # %: no path of the API leads to it");
}

static void check_list(struct row_check *k, const char *key)
{
    const struct json *list = member_of(k, key);
    if (list && json_type(list) != JSON_ARRAY)
        fault(k, FAULT, key, "must be an array");
    for (const struct json *e = json_first(list); e; e = json_next(e)) {
        const char *z = json_string(e);
        if (!z || !z[0] || strlen(z) >= TEXT_MOST)
            fault(k, FAULT, key, "holds something that is no short string");
        else if (strchr(z, ';') || !is_trimmed(z))
            fault(k, FAULT, key, "holds a ; or a blank at an end: a list in a cell cannot");
    }
}

static bool parse_place_kind(struct str s)
{
    enum place_kind v;
    return place_kind_parse(s, &v);
}

static bool parse_party_kind(struct str s)
{
    enum party_kind v;
    return party_kind_parse(s, &v);
}

static bool parse_holiday_kind(struct str s)
{
    enum holiday_kind v;
    return holiday_kind_parse(s, &v);
}

static bool parse_date(struct str s)
{
    int64_t day;
    return calendar_parse_day(s, &day);
}

static bool parse_category(struct str s)
{
    enum category v;
    return category_parse(s, &v) && v != CATEGORY_NONE;
}

static bool parse_mode(struct str s)
{
    enum mode v;
    return mode_parse(s, &v);
}

static bool parse_hours(struct str s)
{
    struct hours h;
    return hours_parse(s, &h);
}

static bool parse_day(struct str s, int64_t *ms_r)
{
    char text[40];
    snprintf(text, sizeof text, "%.10sT23:59:59+08:00", s.p ? s.p : "");
    return s.n >= 10 && time_parse(str_of(text), ms_r, NULL);
}

static bool parse_expires(struct str s)
{
    int64_t ms;
    return !s.n || parse_day(s, &ms);
}

static bool parse_consent(struct str s)
{
    return str_is(s, "") || str_is(s, "yes") || str_is(s, "no") || (s.n == 10 && parse_expires(s));
}

/* Words with rules of their own. */
static const struct {
    enum object_kind kind;
    const char *member;
    bool (*parse)(struct str s);
    bool needed;
    enum fault_sort sort;
    const char *what;
} words[] = {
    {OBJECT_PLACE, "kind", parse_place_kind, true, FAULT,
     "is not street, community, grid, estate, building or entrance"},
    {OBJECT_PARTY, "kind", parse_party_kind, true, FAULT,
     "is not resident, property, unit or community"},
    {OBJECT_PARTY, "availability", parse_hours, false, FAULT, "is not like mon-fri 09:00-17:00"},
    {OBJECT_PARTY, "consent", parse_consent, false, FAULT, "is not yes, no or a date"},
    {OBJECT_RESOURCE, "category", parse_category, true, FAULT,
     "is not a category of the label guide"},
    {OBJECT_RESOURCE, "scope", parse_place_kind, true, FAULT, "is not a kind of place"},
    {OBJECT_RESOURCE, "hours", parse_hours, false, FAULT, "is not like mon-fri 09:00-17:00"},
    {OBJECT_RESOURCE, "expires", parse_expires, false, FAULT, "is not a date like 2027-06-30"},
    {OBJECT_RESOURCE, "mode", parse_mode, false, FAULT_NOTE,
     "is not give, lend, swap, paid or help: it is passed over"},
    {OBJECT_HOLIDAY, "date", parse_date, false, FAULT, "is not a date like 2027-02-17"},
    {OBJECT_HOLIDAY, "kind", parse_holiday_kind, true, FAULT, "is not holiday or workday"},
};

static void check_words(struct row_check *k)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].kind != k->kind)
            continue;
        const struct json *m = json_get(k->v, words[i].member);
        if (!m && (k->part || !words[i].needed))
            continue;
        if (m && json_type(m) == JSON_NULL && !words[i].needed)
            continue;
        if ((m && !json_string(m)) || !words[i].parse(str_of(json_string(m))))
            fault(k, words[i].sort, words[i].member, words[i].what);
    }
}

static void check_amount(struct row_check *k, const char *key, double least)
{
    const struct json *m = member_of(k, key);
    double amount = json_number_of(m);
    if (!m)
        return;
    if (json_type(m) != JSON_NUMBER || !(amount >= least) || amount > AMOUNT_MOST)
        fault(k, FAULT, key, "is not a number in its range");
    else if (k->kind == OBJECT_PARTY && floor(amount) < amount)
        fault(k, FAULT_NOTE, key, "is not whole: less is taken");
}

static void check_place(struct row_check *k)
{
    check_text(k, "parent", false, ID_SIZE);
}

static void check_group(struct row_check *k)
{
    check_text(k, "place", true, ID_SIZE);
    check_text(k, "connector", false, 128);
    check_text(k, "bot", true, 128);
    check_text(k, "external_id", true, 128);
}

static void check_party(struct row_check *k)
{
    const struct json *m = member_of(k, "do_not_contact");
    check_text(k, "place", true, ID_SIZE);
    check_amount(k, "monthly_limit", -1); /* -1: none stated */
    if (m && json_type(m) != JSON_BOOL)
        fault(k, FAULT, "do_not_contact", "is not yes or no");
}

static void check_resource(struct row_check *k)
{
    check_text(k, "party", true, ID_SIZE);
    check_text(k, "unit", false, TEXT_MOST);
    check_text(k, "notes", false, NOTES_MOST);
    check_amount(k, "capacity", 0);
}

static void check_holiday(struct row_check *k)
{
    check_text(k, "name", false, ID_SIZE);
}

bool row_check(enum object_kind kind, const struct json *v, bool part, row_fault_fn *fn, void *arg)
{
    static void (*const checks[DIRECTORY_KINDS])(struct row_check *) = {
        [OBJECT_PLACE] = check_place,
        [OBJECT_GROUP] = check_group,
        [OBJECT_PARTY] = check_party,
        [OBJECT_RESOURCE] = check_resource,
        [OBJECT_HOLIDAY] = check_holiday};
    struct row_check k = {.kind = kind, .v = v, .part = part, .fn = fn, .arg = arg};
    if (json_type(v) != JSON_OBJECT) {
        fault(&k, FAULT, "", "must be an object");
        return false;
    }
    check_id(&k);
    check_text(&k, "name", false, TEXT_MOST);
    for (const struct column *c = columns_of(kind); c->name; c++)
        if (c->type == COLUMN_LIST)
            check_list(&k, c->name);
    check_words(&k);
    checks[kind](&k);
    return !k.bad;
}

/* What the tables of fields cannot say: limits and capacities that were not given, days. */
static void settle(enum object_kind kind, const struct json *v, void *object)
{
    struct resource *r = object;
    if (kind == OBJECT_PARTY && !member_of(&(struct row_check){.v = v}, "monthly_limit"))
        ((struct party *)object)->monthly_limit = -1;
    if (kind != OBJECT_RESOURCE)
        return;
    if (!member_of(&(struct row_check){.v = v}, "capacity"))
        r->capacity = 1;
    const char *expires = json_get_z(v, "expires", "");
    if (expires[0] && !parse_day(str_of(expires), &r->expires_ms))
        r->expires_ms = 0;
}

void *row_from_json(enum object_kind kind, const struct json *v)
{
    void *object = object_from_json(kind, v);
    settle(kind, v, object);
    return object;
}

/* The rows' own words alone: not what the community counts or promises. */
static bool is_said(enum object_kind kind, const char *member)
{
    return strcmp(member, columns_of(kind)->name) != 0 && column_find(kind, member);
}

void row_patch(enum object_kind kind, void *object, const struct json *v)
{
    object_patch(kind, object, v, is_said);
    const struct json *limit = json_get(v, "monthly_limit"), *expires = json_get(v, "expires");
    if (kind == OBJECT_PARTY && limit && json_type(limit) == JSON_NULL)
        ((struct party *)object)->monthly_limit = -1;
    if (kind != OBJECT_RESOURCE || !expires)
        return;
    struct resource *r = object;
    r->expires_ms = 0;
    if (json_string(expires) && json_string(expires)[0])
        (void)parse_day(str_of(json_string(expires)), &r->expires_ms);
}

/* The directory as JSON: the body of POST /v1/import, and inside its entry of the log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "directory_priv.h"

static const struct {
    const char *name;
    enum object_kind kind;
} lists[] = {{"places", OBJECT_PLACE},
             {"groups", OBJECT_GROUP},
             {"parties", OBJECT_PARTY},
             {"resources", OBJECT_RESOURCE}};
enum { LISTS_N = 4, ROWS_MOST = 20000, AMOUNT_MOST = 1000000000 };

struct rows { /* one list of a directory, whatever its kind */
    void ***rows;
    int *n;
};

static struct rows rows_of(struct directory *d, int list)
{
    const struct rows all[LISTS_N] = {{(void ***)&d->places, &d->n_places},
                                      {(void ***)&d->groups, &d->n_groups},
                                      {(void ***)&d->parties, &d->n_parties},
                                      {(void ***)&d->resources, &d->n_resources}};
    return all[list];
}

void directory_encode(const struct directory *d, struct buf *out)
{
    struct directory copy = *d;
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    for (int list = 0; list < LISTS_N; list++) {
        struct rows r = rows_of(&copy, list);
        json_array(&j, lists[list].name);
        for (int i = 0; i < *r.n; i++)
            object_to_json(lists[list].kind, (*r.rows)[i], &j);
        json_array_end(&j);
    }
    json_object_end(&j);
}

void directory_deinit(struct directory *d)
{
    for (int list = 0; list < LISTS_N; list++) {
        struct rows r = rows_of(d, list);
        for (int i = 0; i < *r.n; i++)
            object_free(lists[list].kind, &(*r.rows)[i]);
        free(*r.rows);
        *r.rows = NULL;
        *r.n = 0;
    }
}

static enum err fault(struct errbuf *eb, int list, int i, const char *member, const char *what)
{
    char pointer[80];
    snprintf(pointer, sizeof pointer, "/%s/%d/%s", lists[list].name, i, member);
    return err_field(eb, pointer, "%s", what);
}

static enum err check_text(const struct json *v, const char *key, bool needed, size_t most,
                           int list, int i, struct errbuf *eb)
{
    const struct json *m = json_get(v, key);
    const char *z = json_string(m);
    if (m && !z && json_type(m) != JSON_NULL)
        return fault(eb, list, i, key, "must be a string");
    if (needed && (!z || !z[0]))
        return fault(eb, list, i, key, "is missing");
    return z && strlen(z) >= most ? fault(eb, list, i, key, "is too long") : ERR_OK;
}

static enum err check_kind(const struct json *v, int list, int i, struct errbuf *eb)
{
    enum place_kind place;
    enum party_kind party;
    enum category category;
    struct str kind = str_of(json_get_z(v, "kind", ""));
    if (list == 0 && !place_kind_parse(kind, &place))
        return fault(eb, list, i, "kind",
                     "is not street, community, grid, estate, building or entrance");
    if (list == 2 && !party_kind_parse(kind, &party))
        return fault(eb, list, i, "kind", "is not resident, property, unit or community");
    if (list == 3 &&
        (!category_parse(str_of(json_get_z(v, "category", "-")), &category) || !category))
        return fault(eb, list, i, "category", "is not a category of the label guide");
    if (list == 3 && !place_kind_parse(str_of(json_get_z(v, "scope", "")), &place))
        return fault(eb, list, i, "scope", "is not a kind of place");
    return ERR_OK;
}

static enum err check_hours(const struct json *v, const char *key, int list, int i,
                            struct errbuf *eb)
{
    struct hours h;
    const char *z = json_get_z(v, key, "");
    return hours_parse(str_of(z), &h) ? ERR_OK
                                      : fault(eb, list, i, key, "is not like mon-fri 09:00-17:00");
}

static enum err check_amount(const struct json *v, const char *key, double least, int list, int i,
                             struct errbuf *eb)
{
    const struct json *m = json_get(v, key);
    double amount = json_number_of(m);
    if (!m || (json_type(m) == JSON_NUMBER && amount >= least && amount <= AMOUNT_MOST))
        return ERR_OK;
    return fault(eb, list, i, key, "is not a number in its range");
}

static enum err check_row(const struct json *v, int list, int i, struct errbuf *eb)
{
    static const char *const parents[LISTS_N] = {"parent", "place", "place", "party"};
    if (json_type(v) != JSON_OBJECT)
        return fault(eb, list, i, "", "must be an object");
    enum err e = check_text(v, "id", true, ID_SIZE, list, i, eb);
    if (!e)
        e = check_text(v, parents[list], list != 0, ID_SIZE, list, i, eb);
    if (!e)
        e = check_text(v, "name", false, 256, list, i, eb);
    if (!e && list == 1)
        e = check_text(v, "bot", true, 128, list, i, eb);
    if (!e && list == 1)
        e = check_text(v, "external_id", true, 128, list, i, eb);
    if (!e)
        e = check_kind(v, list, i, eb);
    if (!e && list >= 2)
        e = check_hours(v, list == 2 ? "availability" : "hours", list, i, eb);
    if (!e && list == 2) /* -1: none stated */
        e = check_amount(v, "monthly_limit", -1, list, i, eb);
    if (!e && list == 3)
        e = check_amount(v, "capacity", 0, list, i, eb);
    return e;
}

/* What the tables cannot say: limits and capacities that were not given. */
static enum err settle(int list, int i, const struct json *v, void *object, struct errbuf *eb)
{
    const char *expires = json_get_z(v, "expires", "");
    char text[32];
    if (list == 2 && !json_get(v, "monthly_limit"))
        ((struct party *)object)->monthly_limit = -1;
    if (list == 3 && !json_get(v, "capacity"))
        ((struct resource *)object)->capacity = 1;
    if (list != 3 || !expires[0])
        return ERR_OK;
    snprintf(text, sizeof text, "%.10sT23:59:59+08:00", expires);
    return time_parse(str_of(text), &((struct resource *)object)->expires_ms, NULL)
               ? ERR_OK
               : fault(eb, list, i, "expires", "is not a date like 2027-06-30");
}

enum err directory_add_row(struct directory *d, int list, int i, const struct json *v,
                           struct errbuf *eb)
{
    struct rows r = rows_of(d, list);
    enum err e = check_row(v, list, i, eb);
    if (e)
        return e;
    void *object = object_from_json(lists[list].kind, v);
    e = settle(list, i, v, object, eb);
    if (e) {
        object_free(lists[list].kind, &object);
        return e;
    }
    *r.rows = mem_grow(*r.rows, (size_t)*r.n + 1, sizeof **r.rows);
    (*r.rows)[(*r.n)++] = object;
    return ERR_OK;
}

static enum err decode_list(const struct json *root, int list, struct directory *d,
                            struct errbuf *eb)
{
    const struct json *array = json_get(root, lists[list].name);
    int count = json_count(array), i = 0;
    if (array && json_type(array) != JSON_ARRAY)
        return err_field(eb, "", "%s must be an array", lists[list].name);
    if (count > ROWS_MOST)
        return err_field(eb, "", "%s has more than %d rows", lists[list].name, ROWS_MOST);
    enum err e = ERR_OK;
    for (const struct json *v = json_first(array); v && !e; v = json_next(v), i++)
        e = directory_add_row(d, list, i, v, eb);
    return e;
}

/* Every row carries its community: that of the one place of that kind. */
enum err directory_set_community(struct directory *d, struct errbuf *eb)
{
    const char *community = NULL;
    for (int i = 0; i < d->n_places; i++) {
        if (d->places[i]->kind != PLACE_COMMUNITY)
            continue;
        if (community)
            return err_field(eb, "/places", "more than one place of kind community");
        community = d->places[i]->id;
    }
    if (!community)
        return err_field(eb, "/places", "one place of kind community is needed");
    for (int list = 0; list < LISTS_N; list++) {
        struct rows r = rows_of(d, list);
        for (int i = 0; i < *r.n; i++) /* every struct begins with it */
            str_copy((*r.rows)[i], ID_SIZE, str_of(community));
    }
    return ERR_OK;
}

enum err directory_decode_json(const struct json *root, struct directory *out, struct errbuf *eb)
{
    *out = (struct directory){0};
    enum err e = json_type(root) == JSON_OBJECT
                     ? ERR_OK
                     : err_field(eb, "", "the directory must be an object");
    for (int list = 0; list < LISTS_N && !e; list++)
        e = decode_list(root, list, out, eb);
    if (!e)
        e = directory_set_community(out, eb);
    if (e)
        directory_deinit(out);
    return e;
}

enum err directory_decode(struct str json, struct directory *out, struct errbuf *eb)
{
    struct json_doc *doc;
    *out = (struct directory){0};
    enum err e = json_parse(json, &doc, eb);
    if (!e)
        e = directory_decode_json(json_root(doc), out, eb);
    json_doc_free(&doc);
    return e;
}

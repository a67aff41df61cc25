/* The directory as JSON: the body of POST /v1/import, and inside its entry of the log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/object.h"
#include "directory_priv.h"
#include "model/column.h"

enum { ROWS_MOST = 20000 };

void directory_encode(const struct directory *d, struct buf *out)
{
    struct directory copy = *d;
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++) {
        struct rows r = directory_rows(&copy, (enum object_kind)kind);
        json_array(&j, object_kind_code((enum object_kind)kind));
        for (int i = 0; i < *r.n; i++)
            object_to_json((enum object_kind)kind, (*r.v)[i], &j);
        json_array_end(&j);
    }
    json_object_end(&j);
}

void directory_deinit(struct directory *d)
{
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++) {
        struct rows r = directory_rows(d, (enum object_kind)kind);
        for (int i = 0; i < *r.n; i++)
            object_free((enum object_kind)kind, &(*r.v)[i]);
        free(*r.v);
        *r.v = NULL;
        *r.n = 0;
    }
}

struct told { /* by the first of a row's faults */
    enum object_kind kind;
    int i; /* in its list; -1: a row by itself, whose id stands in the path */
    struct errbuf *eb;
    bool bad;
};

static void on_fault(void *arg, enum fault_sort sort, const char *member, const char *what)
{
    struct told *t = arg;
    char pointer[80];
    (void)sort; /* who writes JSON can say it right */
    if (t->bad || (t->i < 0 && !strcmp(member, columns_of(t->kind)->name)))
        return;
    if (t->i < 0)
        snprintf(pointer, sizeof pointer, "/%s", member);
    else
        snprintf(pointer, sizeof pointer, "/%s/%d/%s", object_kind_code(t->kind), t->i, member);
    (void)err_field(t->eb, pointer, "%s", what);
    t->bad = true;
}

void directory_add(struct directory *d, enum object_kind kind, void *row)
{
    struct rows r = directory_rows(d, kind);
    *r.v = mem_grow(*r.v, (size_t)*r.n + 1, sizeof **r.v);
    (*r.v)[(*r.n)++] = row;
}

static enum err decode_list(const struct json *root, enum object_kind kind, struct directory *d,
                            struct errbuf *eb)
{
    const char *name = object_kind_code(kind);
    const struct json *array = json_get(root, name);
    int count = json_count(array), i = 0;
    if (array && json_type(array) != JSON_ARRAY)
        return err_field(eb, "", "%s must be an array", name);
    if (count > ROWS_MOST)
        return err_field(eb, "", "%s has more than %d rows", name, ROWS_MOST);
    for (const struct json *v = json_first(array); v; v = json_next(v), i++) {
        struct told t = {.kind = kind, .i = i, .eb = eb};
        if (!row_check(kind, v, false, on_fault, &t))
            return ERR_BAD_FIELD;
        directory_add(d, kind, row_from_json(kind, v));
    }
    return ERR_OK;
}

void directory_of(struct directory *d, const char *community)
{
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++) {
        struct rows r = directory_rows(d, (enum object_kind)kind);
        for (int i = 0; i < *r.n; i++) /* every struct begins with it */
            str_copy((*r.v)[i], ID_SIZE, str_of(community));
    }
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
    directory_of(d, community);
    return ERR_OK;
}

enum err directory_decode_json(const struct json *root, const char *community,
                               struct directory *out, struct errbuf *eb)
{
    *out = (struct directory){0};
    enum err e = json_type(root) == JSON_OBJECT
                     ? ERR_OK
                     : err_field(eb, "", "the directory must be an object");
    for (int kind = 0; kind < DIRECTORY_KINDS && !e; kind++)
        e = decode_list(root, (enum object_kind)kind, out, eb);
    if (!e && community)
        directory_of(out, community);
    else if (!e)
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
        e = directory_decode_json(json_root(doc), NULL, out, eb);
    json_doc_free(&doc);
    return e;
}

/* --- rows by themselves --- */

/* As the API would be asked for it again. */
static enum err check_id(enum object_kind kind, const char *id, const struct json *body,
                         struct errbuf *eb)
{
    const char *said = json_get_z(body, columns_of(kind)->name, id);
    int64_t day;
    if (strcmp(said, id) != 0)
        return err_field(eb, "/id", "is not the one of the path");
    if (kind == OBJECT_HOLIDAY && !calendar_parse_day(str_of(id), &day))
        return err_field(eb, "/date", "is not a date like 2027-02-17");
    return !id[0] || strlen(id) >= ID_SIZE || strpbrk(id, "/?#% \t\n;")
               ? err_field(eb, "/id", "is too long, or has a blank or one of / ? # %% ;")
               : ERR_OK;
}

/* With the members of the body instead; whole again, it is looked at as a whole. */
static void *patched(enum object_kind kind, const void *base, const struct json *body,
                     struct told *t)
{
    struct buf text;
    struct json_doc *doc;
    void *row = NULL;
    if (!row_check(kind, body, true, on_fault, t) && t->bad)
        return NULL;
    buf_init(&text);
    object_encode(kind, base, &text);
    if (!object_decode(kind, buf_str_borrow(&text), &row, t->eb)) {
        row_patch(kind, row, body);
        buf_clear(&text);
        object_encode(kind, row, &text);
        if (!json_parse(buf_str_borrow(&text), &doc, t->eb))
            row_check(kind, json_root(doc), false, on_fault, t);
        json_doc_free(&doc);
    }
    buf_deinit(&text);
    return row;
}

enum err directory_decode_row(enum object_kind kind, const char *community, const char *id,
                              const void *base, const struct json *body, struct directory *out,
                              struct errbuf *eb)
{
    struct told t = {.kind = kind, .i = -1, .eb = eb};
    *out = (struct directory){0};
    enum err e = check_id(kind, id, body, eb);
    if (e)
        return e;
    void *row = NULL;
    if (base)
        row = patched(kind, base, body, &t);
    else if (row_check(kind, body, false, on_fault, &t) || !t.bad)
        row = row_from_json(kind, body);
    if (!row)
        return ERR_BAD_FIELD;
    str_copy(((struct place *)row)->id, ID_SIZE, str_of(id)); /* each begins as a place does */
    directory_add(out, kind, row);
    directory_of(out, community);
    if (t.bad)
        directory_deinit(out);
    return t.bad ? ERR_BAD_FIELD : ERR_OK;
}

enum err directory_add_shown(enum object_kind kind, const struct json *items, struct directory *out,
                             struct errbuf *eb)
{
    if (json_type(items) != JSON_ARRAY)
        return err_field(eb, "/items", "must be an array");
    for (const struct json *v = json_first(items); v; v = json_next(v))
        directory_add(out, kind, row_from_json(kind, v));
    return ERR_OK;
}

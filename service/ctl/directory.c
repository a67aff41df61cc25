/* The directory of a running server: whole, as a folder of CSV files, and row by row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/folder.h"
#include "connect/connect.h"
#include "ctl_priv.h"
#include "model/check.h"
#include "model/column.h"
#include "text/text.h"

#define PAGE 1000

/* --- the whole of it --- */

/* One page; `next` is where the next one begins, or NULL. */
static int fetch_page(struct ctl *c, enum object_kind kind, const char *community, bool quiet,
                      struct directory *out, char **next)
{
    struct buf path;
    struct answer a;
    struct json_doc *doc = NULL;
    struct errbuf eb = {.text = ""};
    buf_init(&path);
    buf_addf(&path, "/v1/%s?limit=%d", object_kind_code(kind), PAGE);
    url_query(&path, "community", community);
    url_query(&path, "cursor", *next);
    const struct request r = {.method = "GET", .path = buf_z_borrow(&path)};
    client_ask(c, &r, &a);
    int code = quiet && a.status != 200 ? CTL_FAILED : answer_code(&a);
    free(*next);
    *next = NULL;
    if (!code && (json_parse(buf_str_borrow(&a.body), &doc, &eb) ||
                  directory_add_shown(kind, json_get(json_root(doc), "items"), out, &eb))) {
        fprintf(stderr, "linlictl: the server's answer cannot be read: %s\n", eb.text);
        code = CTL_FAILED;
    }
    const char *z = code ? NULL : json_get_z(json_root(doc), "next", NULL);
    *next = z ? mem_dup(z) : NULL;
    json_doc_free(&doc);
    answer_deinit(&a);
    buf_deinit(&path);
    return code;
}

static int fetch_all(struct ctl *c, const char *community, bool quiet, struct directory *out)
{
    int code = CTL_OK;
    *out = (struct directory){0};
    for (int kind = 0; kind < DIRECTORY_KINDS && !code; kind++) {
        char *next = NULL;
        do
            code = fetch_page(c, (enum object_kind)kind, community, quiet, out, &next);
        while (!code && next);
        free(next);
    }
    if (code)
        directory_deinit(out);
    return code;
}

static void print_counts(const char *before, const struct directory *d, const char *after)
{
    printf("%s%d places, %d groups, %d parties, %d resources, %d holidays%s\n", before, d->n_places,
           d->n_groups, d->n_parties, d->n_resources, d->n_holidays, after);
}

int ctl_export(struct ctl *c)
{
    const char *folder = word(c);
    struct directory d;
    struct errbuf eb = {.text = ""};
    if (!folder)
        return usage(c, "say which folder");
    if (!nothing_left(c))
        return CTL_USAGE;
    int code = fetch_all(c, c->community, false, &d);
    if (code)
        return code;
    if (!d.n_places) {
        fputs("linlictl: there is no such community\n", stderr);
        code = CTL_FAILED;
    } else if (folder_write(folder, &d, &eb)) {
        fprintf(stderr, "linlictl: %s\n", eb.text);
        code = CTL_FAILED;
    } else {
        print_counts("exported: ", &d, "");
    }
    directory_deinit(&d);
    return code;
}

static void print_notes(const struct answer *a)
{
    struct json_doc *doc;
    if (json_parse(buf_str_borrow(&a->body), &doc, NULL))
        return;
    for (const struct json *n = json_first(json_get(json_root(doc), "notes")); n; n = json_next(n))
        fprintf(stderr, "linlictl: note: %s\n", json_string(n) ? json_string(n) : "");
    json_doc_free(&doc);
}

static int send_import(struct ctl *c, const struct directory *d)
{
    struct buf body;
    struct answer a;
    buf_init(&body);
    directory_encode(d, &body);
    const struct request r = {
        .method = "POST", .path = "/v1/import", .body = buf_str_borrow(&body)};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json)
        print_raw(&a);
    else if (!code)
        print_notes(&a);
    answer_deinit(&a);
    buf_deinit(&body);
    return code;
}

/* Which community the folder is of, when it can be read at all. */
static bool folder_community(const char *folder, char out[ID_SIZE])
{
    struct directory d;
    struct buf faults;
    buf_init(&faults);
    bool ok = !folder_read(folder, &d, &faults, NULL);
    if (ok)
        str_copy(out, ID_SIZE, str_of(d.places[0]->community));
    directory_deinit(&d);
    buf_deinit(&faults);
    return ok;
}

/* Against what the server has, if it can be asked: a folder may be a part. */
static int read_checked(struct ctl *c, const char *folder, struct directory *d, bool *asked_r)
{
    struct directory known;
    struct buf faults;
    struct errbuf eb = {.text = ""};
    char community[ID_SIZE] = "";
    bool found = folder_community(folder, community);
    *asked_r = found && !fetch_all(c, community, true, &known);
    buf_init(&faults);
    const struct check_against against = {.known = *asked_r ? &known : NULL,
                                          .now_ms = clock_now_ms(),
                                          .mask = text_mask,
                                          .is_connector = connect_is};
    enum err e = folder_check(folder, &against, d, &faults, &eb);
    fputs(buf_z_borrow(&faults), stderr);
    if (e)
        fprintf(stderr, "linlictl: %s\n", eb.text);
    if (*asked_r)
        directory_deinit(&known);
    buf_deinit(&faults);
    return e ? CTL_INPUT : CTL_OK;
}

int ctl_import(struct ctl *c)
{
    const char *folder = word(c);
    bool dry = flag_is(c, "--dry-run"), asked;
    struct directory d = {0};
    if (!folder)
        return usage(c, "say which folder");
    if (!nothing_left(c))
        return CTL_USAGE;
    int code = read_checked(c, folder, &d, &asked);
    if (!code && !dry)
        code = send_import(c, &d);
    if (!code && !c->json)
        print_counts(dry ? "in order: " : "imported: ", &d,
                     dry && !asked ? " (by themselves: no server was asked)" : "");
    directory_deinit(&d);
    return code;
}

/* --- one row --- */

static void print_row(const struct json *row)
{
    for (const struct json *v = json_first(row); v; v = json_next(v)) {
        const char *text = json_string(v);
        if (json_type(v) == JSON_NUMBER)
            printf("%-18s %.10g\n", json_key(v), json_number_of(v));
        else if (json_type(v) == JSON_BOOL)
            printf("%-18s %s\n", json_key(v),
                   json_get_bool(row, json_key(v), false) ? "yes" : "no");
        else if (text)
            printf("%-18s %s\n", json_key(v), text);
        if (json_type(v) != JSON_ARRAY)
            continue;
        printf("%-18s ", json_key(v));
        for (const struct json *e = json_first(v); e; e = json_next(e))
            printf("%s%s", e == json_first(v) ? "" : ";", json_string(e) ? json_string(e) : "");
        putchar('\n');
    }
}

static int print_answer(struct ctl *c, const struct answer *a)
{
    struct json_doc *doc;
    int code = answer_code(a);
    if (code || c->json || json_parse(buf_str_borrow(&a->body), &doc, NULL)) {
        if (!code)
            print_raw(a);
        return code;
    }
    print_row(json_root(doc));
    json_doc_free(&doc);
    return code;
}

static int ask_and_print(struct ctl *c, const struct request *r)
{
    struct answer a;
    client_ask(c, r, &a);
    int code = print_answer(c, &a);
    answer_deinit(&a);
    return code;
}

/* Without --version, the version that stands there now: a person at a shell has just looked. */
static int version_of(struct ctl *c, const char *path, const char *said, char etag[32])
{
    struct answer a;
    struct json_doc *doc;
    if (said) {
        snprintf(etag, 32, "\"%.20s\"", said);
        return CTL_OK;
    }
    int code = client_get(c, path, &a, &doc);
    if (code)
        return code;
    snprintf(etag, 32, "\"%lld\"", (long long)json_get_i64(json_root(doc), "version", 0));
    json_doc_free(&doc);
    answer_deinit(&a);
    return CTL_OK;
}

/* COLUMN=CELL as in the files; an empty cell empties it. False: said why. */
static bool add_member(struct ctl *c, enum object_kind kind, const char *said, struct json_out *j)
{
    struct str rest = str_of(said), name = str_cut(&rest, '=');
    char *column_name = mem_dup_str(name);
    const struct column *column = column_find(kind, column_name);
    const char *why = NULL;
    free(column_name);
    if (!column || !strchr(said, '=')) {
        fprintf(stderr, "linlictl: \"%s\" is not COLUMN=CELL of %s.csv\n", said,
                object_kind_code(kind));
        return false;
    }
    if (rest.n)
        why = folder_cell(column, rest.p, j);
    else
        json_null(j, column->name);
    if (why)
        fprintf(stderr, "linlictl: %s %s\n", column->name, why);
    (void)c;
    return !why;
}

static bool add_members(struct ctl *c, enum object_kind kind, struct buf *body, int *n_r)
{
    struct json_out j = json_out(body);
    bool ok = true;
    json_object(&j, NULL);
    *n_r = 0;
    for (const char *said; ok && (said = word(c)); ++*n_r)
        ok = add_member(c, kind, said, &j);
    json_object_end(&j);
    return ok && nothing_left(c);
}

struct row_words { /* of the command line */
    const char *version, *into;
    bool fresh, gone;
};

static int act_on_row(struct ctl *c, const struct row_words *w, const char *path,
                      const struct buf *body, bool changes)
{
    struct buf merge, into;
    char etag[32] = "";
    struct request r = {.path = path, .body = buf_str_borrow(body)};
    r.method = w->fresh ? "PUT" : w->gone ? "DELETE" : w->into ? "POST" : changes ? "PATCH" : "GET";
    bool reads = !w->fresh && !w->gone && !w->into && !changes;
    if (reads || w->gone)
        r.body = (struct str){NULL, 0};
    int code = reads || w->fresh ? CTL_OK : version_of(c, path, w->version, etag);
    if (code)
        return code;
    if (etag[0])
        r.if_match = etag;
    buf_init(&merge);
    buf_init(&into);
    if (w->into) {
        const char *query = strchr(path, '?');
        struct json_out j = json_out(&into);
        buf_add(&merge, path, query ? (size_t)(query - path) : strlen(path));
        buf_addf(&merge, "/merge%s", query ? query : "");
        json_object(&j, NULL);
        json_z(&j, "into", w->into);
        json_object_end(&j);
        r.path = buf_z_borrow(&merge);
        r.body = buf_str_borrow(&into);
    }
    code = ask_and_print(c, &r);
    buf_deinit(&merge);
    buf_deinit(&into);
    return code;
}

static int row_command(struct ctl *c, enum object_kind kind)
{
    struct row_words w = {.version = flag_value(c, "--version"),
                          .into = kind == OBJECT_PARTY ? flag_value(c, "--merge") : NULL,
                          .fresh = flag_is(c, "--new"),
                          .gone = flag_is(c, "--delete")};
    const char *id = word(c);
    struct buf path, body;
    int n, code = CTL_USAGE;
    if (!id)
        return usage(c, "say which: an id of the directory");
    buf_init(&path);
    buf_init(&body);
    buf_addf(&path, "/v1/%s/", object_kind_code(kind));
    url_add(&path, id);
    url_query(&path, "community", c->community);
    if (add_members(c, kind, &body, &n)) {
        if ((w.fresh ? 1 : 0) + (w.gone ? 1 : 0) + (w.into ? 1 : 0) > 1 ||
            (n && (w.gone || w.into)))
            code = usage(c, "one thing at a time");
        else
            code = act_on_row(c, &w, buf_z_borrow(&path), &body, n > 0);
    }
    buf_deinit(&path);
    buf_deinit(&body);
    return code;
}

int ctl_party(struct ctl *c)
{
    return row_command(c, OBJECT_PARTY);
}

int ctl_resource(struct ctl *c)
{
    return row_command(c, OBJECT_RESOURCE);
}

int ctl_place(struct ctl *c)
{
    return row_command(c, OBJECT_PLACE);
}

int ctl_group(struct ctl *c)
{
    return row_command(c, OBJECT_GROUP);
}

int ctl_holiday(struct ctl *c)
{
    return row_command(c, OBJECT_HOLIDAY);
}

int ctl_register(struct ctl *c)
{
    static const char *const flags[] = {"--as", "--name", "--kind", "--place"};
    static const char *const members[] = {"id", "name", "kind", "place"};
    struct buf path, body;
    int code = CTL_USAGE;
    buf_init(&body);
    buf_init(&path);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    for (int i = 0; i < 4; i++) {
        const char *value = flag_value(c, flags[i]);
        if (value)
            json_z(&j, members[i], value);
    }
    json_object_end(&j);
    const char *id = word(c);
    if (!id || (id[0] != 'p' && id[0] != 'm')) {
        code = usage(c, "say which: the id of a post or a match, like p07-1k");
    } else if (nothing_left(c)) {
        buf_addf(&path, "/v1/%s/", id[0] == 'm' ? "matches" : "posts");
        url_add(&path, id);
        buf_add_z(&path, "/register");
        const struct request r = {
            .method = "POST", .path = buf_z_borrow(&path), .body = buf_str_borrow(&body)};
        code = ask_and_print(c, &r);
    }
    buf_deinit(&path);
    buf_deinit(&body);
    return code;
}

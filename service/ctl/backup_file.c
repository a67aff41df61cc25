/* The file of a backup: every row with its bytes, so that what comes back is what there was. */
#include "backup_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/object.h"

#define FORMAT 1

/* --- rows in memory --- */

static struct str part_of(struct str s)
{
    return (struct str){mem_dup_str(s), s.n};
}

struct backup_row *backup_add(struct backup_rows *rows, int shard, const struct store_raw *row)
{
    if (rows->n == rows->cap) {
        rows->cap = rows->cap ? 2 * rows->cap : 1024;
        rows->v = mem_grow(rows->v, rows->cap, sizeof *rows->v);
    }
    struct backup_row *r = &rows->v[rows->n++];
    *r = (struct backup_row){.shard = shard,
                             .key = mem_dup(row->key),
                             .type = row->type,
                             .expires_ms = row->expires_ms,
                             .n_parts = row->n_parts};
    r->parts = mem_new((size_t)row->n_parts * sizeof *r->parts);
    for (int i = 0; i < row->n_parts; i++)
        r->parts[i] = part_of(row->parts[i]);
    return r;
}

void backup_set_part(struct backup_row *r, int at, struct str value)
{
    free((char *)r->parts[at].p);
    r->parts[at] = part_of(value);
}

static void row_deinit(struct backup_row *r)
{
    for (int i = 0; i < r->n_parts; i++)
        free((char *)r->parts[i].p);
    free(r->parts);
    free(r->key);
}

void backup_keep(struct backup_rows *rows, bool (*fn)(void *arg, const struct backup_row *r),
                 void *arg)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (fn(arg, &rows->v[i]))
            rows->v[n++] = rows->v[i];
        else
            row_deinit(&rows->v[i]);
    rows->n = n;
}

void backup_free(struct backup_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        row_deinit(&rows->v[i]);
    free(rows->v);
    *rows = (struct backup_rows){.v = NULL};
}

/* --- writing --- */

void backup_write_head(const struct backup_head *h, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_i64(&j, "linli_backup", FORMAT);
    json_z(&j, "version", LINLI_VERSION);
    json_time(&j, "at", h->at_ms, 0);
    json_z(&j, "community", h->community);
    json_i64(&j, "shards", h->shards);
    json_z(&j, "sealed", h->sealed);
    json_object_end(&j);
    buf_add_char(out, '\n');
}

/* What is no text, and what JSON readers do not take, in base64. */
static void write_part(struct json_out *j, struct str part)
{
    if (str_is_utf8(part) && !memchr(part.p, 0, part.n)) {
        json_str(j, NULL, part);
        return;
    }
    size_t size = part.n / 3 * 4 + 8;
    char *text = mem_new(size);
    seal_base64(part, text, size);
    json_object(j, NULL);
    json_z(j, "base64", text);
    json_object_end(j);
    free(text);
}

void backup_write_row(const struct backup_row *r, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    if (r->shard != STORE_MODELS)
        json_i64(&j, "shard", r->shard);
    json_z(&j, "key", r->key);
    json_z(&j, "type", store_type_code(r->type));
    if (r->expires_ms)
        json_i64(&j, "expires_ms", r->expires_ms);
    json_array(&j, "parts");
    for (int i = 0; i < r->n_parts; i++)
        write_part(&j, r->parts[i]);
    json_array_end(&j);
    json_object_end(&j);
    buf_add_char(out, '\n');
}

static void digest_of(struct str data, char hex[65])
{
    unsigned char sha[32];
    seal_sha256(data, sha);
    for (int i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", sha[i]);
}

void backup_write_end(size_t rows, struct buf *out)
{
    char hex[65];
    digest_of(buf_str_borrow(out), hex);
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_bool(&j, "end", true);
    json_i64(&j, "rows", (int64_t)rows);
    json_z(&j, "sha256", hex);
    json_object_end(&j);
    buf_add_char(out, '\n');
}

/* --- reading --- */

static bool read_head(struct str line, struct backup_head *h)
{
    struct json_doc *doc;
    if (json_parse(line, &doc, NULL))
        return false;
    const struct json *o = json_root(doc);
    bool ok = json_get_i64(o, "linli_backup", 0) == FORMAT;
    str_copy(h->community, sizeof h->community, str_of(json_get_z(o, "community", "")));
    str_copy(h->sealed, sizeof h->sealed, str_of(json_get_z(o, "sealed", "")));
    h->shards = (int)json_get_i64(o, "shards", 0);
    ok = ok && time_parse(str_of(json_get_z(o, "at", "")), &h->at_ms, NULL);
    json_doc_free(&doc);
    return ok && h->community[0] && h->shards > 0 && h->shards <= STORE_SHARDS_MAX;
}

static bool read_part(const struct json *v, struct str *out)
{
    const char *text = json_string(v), *coded = json_get_z(v, "base64", NULL);
    if (text) {
        *out = part_of(str_of(text));
        return true;
    }
    size_t size = coded ? strlen(coded) + 1 : 0;
    unsigned char *bytes = mem_new(size + 1);
    *out = (struct str){(char *)bytes, 0};
    return coded && seal_base64_decode(str_of(coded), bytes, size, &out->n);
}

static bool read_row(struct str line, int shards, struct backup_rows *rows)
{
    struct json_doc *doc;
    if (json_parse(line, &doc, NULL))
        return false;
    const struct json *o = json_root(doc), *parts = json_get(o, "parts");
    struct store_raw raw = {.key = json_get_z(o, "key", NULL),
                            .expires_ms = json_get_i64(o, "expires_ms", 0)};
    int shard = (int)json_get_i64(o, "shard", STORE_MODELS), n = json_count(parts), i = 0;
    bool ok = raw.key && n && shard < shards &&
              store_type_parse(str_of(json_get_z(o, "type", "")), &raw.type);
    if (ok) {
        struct backup_row *r = backup_add(rows, shard, &raw);
        r->parts = mem_grow(r->parts, (size_t)n, sizeof *r->parts);
        for (const struct json *v = json_first(parts); ok && v; v = json_next(v), i++) {
            ok = read_part(v, &r->parts[i]);
            r->n_parts = i + 1;
        }
    }
    json_doc_free(&doc);
    return ok;
}

/* The last line tells how many rows there are and what all before it adds up to. */
static bool is_end(struct str line, struct str before, size_t rows)
{
    struct json_doc *doc;
    char hex[65];
    if (json_parse(line, &doc, NULL))
        return false;
    digest_of(before, hex);
    const struct json *o = json_root(doc);
    bool ok = json_get_bool(o, "end", false) && json_get_i64(o, "rows", -1) == (int64_t)rows &&
              !strcmp(json_get_z(o, "sha256", ""), hex);
    json_doc_free(&doc);
    return ok;
}

static const char *read_lines(struct str all, struct backup_head *h, struct backup_rows *rows)
{
    struct str rest = all, line = str_cut(&rest, '\n');
    if (!read_head(line, h))
        return "this is no backup that this version can read";
    while (rest.n) {
        const char *begin = rest.p;
        line = str_cut(&rest, '\n');
        if (rest.n) {
            if (!read_row(line, h->shards, rows))
                return "a row cannot be read";
            continue;
        }
        return is_end(line, (struct str){all.p, (size_t)(begin - all.p)}, rows->n)
                   ? NULL
                   : "it is cut off, or was changed: its checksum does not fit";
    }
    return "it is cut off";
}

bool backup_read(const char *path, struct backup_head *h, struct backup_rows *rows)
{
    struct buf all;
    buf_init(&all);
    const char *why = read_all(path, &all) ? read_lines(buf_str_borrow(&all), h, rows) : "";
    if (why && why[0])
        fprintf(stderr, "linlictl: %s: %s\n", path, why);
    buf_deinit(&all);
    return !why;
}

/* --- what a row is --- */

bool backup_kind(const struct backup_row *r, enum object_kind *k_r)
{
    return r->shard != STORE_MODELS && r->type == STORE_HASH && r->n_parts == 2 &&
           object_kind_parse(str_of(r->key), k_r);
}

static bool community_of_object(const struct backup_row *r, enum object_kind kind,
                                char out[ID_SIZE])
{
    void *object;
    if (object_decode(kind, r->parts[1], &object, NULL))
        return false;
    str_copy(out, ID_SIZE, str_of(object_community(kind, object)));
    object_free(kind, &object);
    return true;
}

/* Messages have it in `y`, all else in `community`; what a delivery or the clock says has none. */
static bool community_of_entry(const struct backup_row *r, char out[ID_SIZE])
{
    struct json_doc *doc;
    struct str json = {NULL, 0};
    for (int i = 1; i + 1 < r->n_parts; i += 2)
        if (str_is(r->parts[i], "e"))
            json = r->parts[i + 1];
    if (!json.n || json_parse(json, &doc, NULL))
        return false;
    const struct json *o = json_root(doc);
    const char *community = json_get_z(o, "community", json_get_z(o, "y", ""));
    str_copy(out, ID_SIZE, str_of(community));
    json_doc_free(&doc);
    return out[0];
}

bool backup_community(const struct backup_row *r, char out[ID_SIZE])
{
    enum object_kind kind;
    struct str rest = r->type == STORE_SET && r->n_parts ? r->parts[0] : str_of(r->key);
    out[0] = 0;
    if (backup_kind(r, &kind))
        return community_of_object(r, kind, out);
    if (r->shard == STORE_MODELS)
        return false;
    if (r->type == STORE_STREAM)
        return community_of_entry(r, out);
    if (str_starts(str_of(r->key), "seen:"))
        return true;
    if (r->type == STORE_LIST)
        str_cut(&rest, ':');
    str_copy(out, ID_SIZE, str_cut(&rest, '/')); /* talk:c-1/g-2, and the set of those keys */
    return out[0] && rest.n;
}

#include "store/backup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codes.h"
#include "base/mem.h"
#include "store_priv.h"

static const char *const types[] = {
#define X(name, code) code,
    STORE_TYPE_TABLE(X)
#undef X
};
CODES_DEFINE(store_type, store_type, types)

static void key_begin(char out[KEY_SIZE], int shard, const char *key)
{
    if (shard == STORE_MODELS)
        snprintf(out, KEY_SIZE, PREFIX "{model}%s%s", key[0] ? ":" : "", key);
    else
        key_shard(out, shard, key);
}

/* --- out --- */

struct dump {
    struct store_dump_fns fns;
};

static void give(const struct dump *d, struct store_raw *row, const struct str *parts, int n)
{
    row->parts = parts;
    row->n_parts = n;
    d->fns.row(d->fns.arg, row);
}

static void give_entry(const struct dump *d, struct store_raw *row, const redisReply *entry)
{
    if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2)
        return;
    const redisReply *fields = entry->element[1];
    struct str *parts = mem_new((1 + fields->elements) * sizeof *parts);
    parts[0] = reply_str(entry->element[0]);
    for (size_t i = 0; i < fields->elements; i++)
        parts[1 + i] = reply_str(fields->element[i]);
    give(d, row, parts, (int)fields->elements + 1);
    free(parts);
}

static void give_content(const struct dump *d, struct store_raw *row, const redisReply *content)
{
    size_t step = row->type == STORE_HASH ? 2 : 1;
    if (!content->elements) /* a stream from which all is decided goes on with its ids */
        give(d, row, NULL, 0);
    for (size_t i = 0; i + step <= content->elements; i += step) {
        if (row->type == STORE_STREAM) {
            give_entry(d, row, content->element[i]);
            continue;
        }
        struct str parts[2];
        for (size_t k = 0; k < step; k++)
            parts[k] = reply_str(content->element[i + k]);
        give(d, row, parts, (int)step);
    }
}

/* [name, type, expires, content] */
static void give_key(const struct dump *d, const redisReply *r)
{
    struct store_raw row = {.parts = NULL};
    if (r->type != REDIS_REPLY_ARRAY || r->elements != 4 ||
        r->element[3]->type != REDIS_REPLY_ARRAY ||
        !store_type_parse(reply_str(r->element[1]), &row.type))
        return;
    char *key = mem_dup_str(reply_str(r->element[0]));
    row.key = key;
    row.expires_ms = r->element[2]->integer;
    give_content(d, &row, r->element[3]);
    free(key);
}

static void on_dump(void *arg, const redisReply *r)
{
    struct dump *d = arg;
    enum err e = reply_err(r);
    bool whole = !e && r->type == REDIS_REPLY_ARRAY && r->elements >= 2;
    int64_t now_ms = whole ? r->element[0]->integer : 0;
    int alive = whole ? (int)r->element[1]->integer : 0;
    for (size_t i = 2; whole && i < r->elements; i++)
        give_key(d, r->element[i]);
    if (!redis_conn_is_ending())
        d->fns.done(d->fns.arg, e ? e : whole ? ERR_OK : ERR_STORE_REFUSED, now_ms, alive);
    free(d);
}

void store_dump(struct store *s, int shard, const struct store_dump_fns *fns)
{
    char key[KEY_SIZE];
    struct buf *b = script_begin(s, SCRIPT_dump);
    struct dump *d = NEW(struct dump);
    *d = (struct dump){*fns};
    resp_z(b, PREFIX "members");
    key_begin(key, shard, "");
    resp_z(b, key);
    script_call(s, 1, 2, on_dump, d);
}

/* --- in: one transaction, on a connection that nobody else writes to in between --- */

struct replace {
    store_fn *fn;
    void *arg;
    enum err err; /* the first one of what was queued: then nothing is done */
};

static void on_queued(void *arg, const redisReply *r)
{
    struct replace *p = arg;
    enum err e = reply_err(r);
    p->err = p->err ? p->err : e;
}

static void on_replaced(void *arg, const redisReply *r)
{
    struct replace *p = arg;
    on_queued(p, r);
    for (size_t i = 0; r && r->type == REDIS_REPLY_ARRAY && i < r->elements; i++)
        on_queued(p, r->element[i]);
    if (!redis_conn_is_ending())
        p->fn(p->arg, p->err);
    free(p);
}

static void send(struct store *s, struct buf *b, redis_conn_fn *fn, struct replace *p)
{
    redis_conn_send(s->work, buf_str_borrow(b), fn, p);
    buf_clear(b);
}

static void send_word(struct store *s, const char *command, redis_conn_fn *fn, struct replace *p)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 1);
    resp_z(&b, command);
    send(s, &b, fn, p);
    buf_deinit(&b);
}

static void send_row(struct store *s, const char *name, const struct store_raw *row,
                     struct replace *p)
{
    static const char *const commands[STORE_TYPE_N] = {
        [STORE_HASH] = "HSET",  [STORE_STREAM] = "XADD", [STORE_SET] = "SADD",
        [STORE_LIST] = "RPUSH", [STORE_STRING] = "SET",  [STORE_ZSET] = "ZADD"};
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 2 + row->n_parts);
    resp_z(&b, commands[row->type]);
    resp_z(&b, name);
    for (int i = 0; i < row->n_parts; i++)
        resp_arg(&b, row->parts[i]);
    send(s, &b, on_queued, p);
    buf_deinit(&b);
}

/* DEL key, or PEXPIREAT key ms. */
static void send_key(struct store *s, const char *name, int64_t expires_ms, struct replace *p)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, expires_ms ? 3 : 2);
    resp_z(&b, expires_ms ? "PEXPIREAT" : "DEL");
    resp_z(&b, name);
    if (expires_ms)
        resp_i64(&b, expires_ms);
    send(s, &b, on_queued, p);
    buf_deinit(&b);
}

void store_replace(struct store *s, int shard, const char *const *gone, int n_gone,
                   const struct store_raw *rows, int n, store_fn *fn, void *arg)
{
    char name[KEY_SIZE];
    struct replace *p = NEW(struct replace);
    *p = (struct replace){.fn = fn, .arg = arg};
    send_word(s, "MULTI", on_queued, p);
    for (int i = 0; i < n_gone; i++) {
        key_begin(name, shard, gone[i]);
        send_key(s, name, 0, p);
    }
    for (int i = 0; i < n; i++) {
        bool last = i + 1 == n || strcmp(rows[i].key, rows[i + 1].key) != 0;
        key_begin(name, shard, rows[i].key);
        send_row(s, name, &rows[i], p);
        if (last && rows[i].expires_ms)
            send_key(s, name, rows[i].expires_ms, p);
    }
    send_word(s, "EXEC", on_replaced, p);
}

/* Reading for the API: objects, queues, streams. */
#include "store_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SCAN_COUNT "1000"

enum shape {
    SHAPE_VALUES, /* one value a key asked for */
    SHAPE_PAIRS,  /* id, value, id, value … */
    SHAPE_STREAM, /* [id, [field, value …]] … */
    SHAPE_LIST,   /* values without ids */
    SHAPE_SINGLE  /* one string, or nil */
};

struct view {
    struct store *store;
    enum shape shape;
    struct store_rows_fns fns;
    char **keys; /* of SHAPE_VALUES; the id of SHAPE_SINGLE */
    int n_keys;
    char hash[KEY_SIZE]; /* being scanned, or "" */
};

static void view_end(struct view *v, enum err e)
{
    struct store_rows_fns fns = v->fns;
    for (int i = 0; i < v->n_keys; i++)
        free(v->keys[i]);
    free(v->keys);
    free(v);
    if (fns.done && !redis_conn_is_ending())
        fns.done(fns.arg, e);
}

static void row(const struct view *v, struct str id, struct str value)
{
    char text[2 * KEY_SIZE];
    str_copy(text, sizeof text, id);
    v->fns.row(v->fns.arg, text, value);
}

/* A stream's payload: the field `e`; of dead letters with `why` behind it. */
static void stream_row(const struct view *v, const redisReply *r)
{
    struct str payload = {NULL, 0}, why = {NULL, 0};
    struct buf both;
    if (r->type != REDIS_REPLY_ARRAY || r->elements != 2)
        return;
    const redisReply *fields = r->element[1];
    for (size_t i = 0; i + 1 < fields->elements; i += 2) {
        struct str name = reply_str(fields->element[i]);
        if (str_is(name, "e"))
            payload = reply_str(fields->element[i + 1]);
        else if (str_is(name, "why"))
            why = reply_str(fields->element[i + 1]);
    }
    if (!why.p) {
        row(v, reply_str(r->element[0]), payload);
        return;
    }
    buf_init(&both);
    buf_addf(&both, "%.*s: ", (int)why.n, why.p);
    buf_add_str(&both, payload);
    row(v, reply_str(r->element[0]), buf_str_borrow(&both));
    buf_deinit(&both);
}

static void rows(const struct view *v, const redisReply *r)
{
    size_t n = r->type == REDIS_REPLY_ARRAY ? r->elements : 0;
    if (v->shape == SHAPE_SINGLE)
        row(v, str_of(v->keys[0]), reply_str(r));
    for (size_t i = 0; i < n; i++) {
        if (v->shape == SHAPE_VALUES && i < (size_t)v->n_keys)
            row(v, str_of(v->keys[i]), reply_str(r->element[i]));
        else if (v->shape == SHAPE_PAIRS && i + 1 < n)
            row(v, reply_str(r->element[i]), reply_str(r->element[i + 1])), i++;
        else if (v->shape == SHAPE_STREAM)
            stream_row(v, r->element[i]);
        else if (v->shape == SHAPE_LIST)
            row(v, (struct str){"", 0}, reply_str(r->element[i]));
    }
}

static void on_rows(void *arg, const redisReply *r)
{
    struct view *v = arg;
    enum err e = reply_err(r);
    if (!e)
        rows(v, r);
    view_end(v, e);
}

static struct view *view_new(struct store *s, enum shape shape, const struct store_rows_fns *fns)
{
    struct view *v = NEW(struct view);
    *v = (struct view){.store = s, .shape = shape, .fns = *fns};
    return v;
}

static void send(struct view *v, struct buf *b, redis_conn_fn *fn)
{
    redis_conn_send(v->store->work, buf_str_borrow(b), fn, v);
    buf_deinit(b);
}

static void nothing(void *arg)
{
    view_end(arg, ERR_OK);
}

void store_get(struct store *s, int shard, enum object_kind kind, const char *const *keys, int n,
               const struct store_rows_fns *fns)
{
    struct view *v = view_new(s, SHAPE_VALUES, fns);
    char hash[KEY_SIZE];
    struct buf b;
    if (!n) {
        loop_defer(s->loop, nothing, v);
        return;
    }
    v->keys = mem_new((size_t)n * sizeof *v->keys);
    v->n_keys = n;
    key_shard(hash, shard, object_kind_code(kind));
    buf_init(&b);
    resp_begin(&b, 2 + n);
    resp_z(&b, "HMGET");
    resp_z(&b, hash);
    for (int i = 0; i < n; i++) {
        v->keys[i] = mem_dup(keys[i]);
        resp_z(&b, keys[i]);
    }
    send(v, &b, on_rows);
}

static void scan(struct view *v, struct str cursor);

static void on_scan(void *arg, const redisReply *r)
{
    struct view *v = arg;
    enum err e = reply_err(r);
    if (e || r->type != REDIS_REPLY_ARRAY || r->elements != 2) {
        view_end(v, e ? e : ERR_STORE_REFUSED);
        return;
    }
    rows(v, r->element[1]);
    struct str cursor = reply_str(r->element[0]);
    if (str_is(cursor, "0"))
        view_end(v, ERR_OK);
    else
        scan(v, cursor);
}

static void scan(struct view *v, struct str cursor)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 5);
    resp_z(&b, "HSCAN");
    resp_z(&b, v->hash);
    resp_arg(&b, cursor);
    resp_z(&b, "COUNT");
    resp_z(&b, SCAN_COUNT);
    send(v, &b, on_scan);
}

void store_all(struct store *s, int shard, enum object_kind kind, const struct store_rows_fns *fns)
{
    struct view *v = view_new(s, SHAPE_PAIRS, fns);
    key_shard(v->hash, shard, object_kind_code(kind));
    scan(v, STR("0"));
}

void store_unassigned(struct store *s, const struct store_rows_fns *fns)
{
    struct view *v = view_new(s, SHAPE_PAIRS, fns);
    snprintf(v->hash, sizeof v->hash, PREFIX "unassigned");
    scan(v, STR("0"));
}

void store_unassigned_add(struct store *s, const char *bot, const char *group, int64_t by)
{
    struct buf b, field;
    buf_init(&b);
    buf_init(&field);
    buf_addf(&field, "%s/%s", bot, group);
    resp_begin(&b, 4);
    resp_z(&b, "HINCRBY");
    resp_z(&b, PREFIX "unassigned");
    resp_arg(&b, buf_str_borrow(&field));
    resp_i64(&b, by);
    redis_conn_send(s->work, buf_str_borrow(&b), NULL, NULL);
    buf_deinit(&b);
    buf_deinit(&field);
}

static void zrange(struct view *v, const char *key, int from, int count)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 6);
    resp_z(&b, "ZRANGE");
    resp_z(&b, key);
    resp_i64(&b, from);
    resp_i64(&b, from + count - 1);
    resp_z(&b, "REV");
    resp_z(&b, "WITHSCORES");
    send(v, &b, on_rows);
}

void store_queue(struct store *s, int shard, const char *community, int from, int count,
                 const struct store_rows_fns *fns)
{
    char key[KEY_SIZE];
    key_shard_of(key, shard, "queue", community);
    zrange(view_new(s, SHAPE_PAIRS, fns), key, from, count);
}

void store_pull(struct store *s, int shard, const char *bot, int count,
                const struct store_rows_fns *fns)
{
    char key[KEY_SIZE];
    struct buf b;
    key_shard_of(key, shard, "pull", bot);
    buf_init(&b);
    resp_begin(&b, 5);
    resp_z(&b, "ZRANGE");
    resp_z(&b, key);
    resp_z(&b, "0");
    resp_i64(&b, count - 1);
    resp_z(&b, "WITHSCORES");
    send(view_new(s, SHAPE_PAIRS, fns), &b, on_rows);
}

/* --- streams --- */

static const char *stream_name(enum store_stream which)
{
    static const char *const names[] = {"audit", "events", "dead", "log", "labels"};
    return names[which];
}

void store_stream_read(struct store *s, int shard, enum store_stream which, const char *after,
                       bool newest_first, int count, const struct store_rows_fns *fns)
{
    char key[KEY_SIZE], bound[STORE_ENTRY_ID_SIZE + 1];
    struct buf b;
    key_shard(key, shard, stream_name(which));
    if (after[0])
        snprintf(bound, sizeof bound, "(%s", after);
    else
        snprintf(bound, sizeof bound, "%s", newest_first ? "+" : "-");
    buf_init(&b);
    resp_begin(&b, 6);
    resp_z(&b, newest_first ? "XREVRANGE" : "XRANGE");
    resp_z(&b, key);
    resp_z(&b, bound);
    resp_z(&b, newest_first ? "-" : "+");
    resp_z(&b, "COUNT");
    resp_i64(&b, count);
    send(view_new(s, SHAPE_STREAM, fns), &b, on_rows);
}

struct length {
    void (*fn)(void *arg, enum err e, int64_t n);
    void *arg;
};

static void on_length(void *arg, const redisReply *r)
{
    struct length *l = arg;
    enum err e = reply_err(r);
    if (!redis_conn_is_ending())
        l->fn(l->arg, e, e ? 0 : r->integer);
    free(l);
}

void store_stream_length(struct store *s, int shard, enum store_stream which,
                         void (*fn)(void *arg, enum err e, int64_t n), void *arg)
{
    char key[KEY_SIZE];
    struct buf b;
    struct length *l = NEW(struct length);
    *l = (struct length){fn, arg};
    key_shard(key, shard, stream_name(which));
    buf_init(&b);
    resp_begin(&b, 2);
    resp_z(&b, "XLEN");
    resp_z(&b, key);
    redis_conn_send(s->work, buf_str_borrow(&b), on_length, l);
    buf_deinit(&b);
}

void store_talk(struct store *s, int shard, const char *group_key, const struct store_rows_fns *fns)
{
    char key[KEY_SIZE];
    struct buf b;
    key_shard_of(key, shard, "talk", group_key);
    buf_init(&b);
    resp_begin(&b, 4);
    resp_z(&b, "LRANGE");
    resp_z(&b, key);
    resp_z(&b, "0");
    resp_z(&b, "-1");
    send(view_new(s, SHAPE_LIST, fns), &b, on_rows);
}

void store_reply_find(struct store *s, int shard, const char *command,
                      const struct store_rows_fns *fns)
{
    struct view *v = view_new(s, SHAPE_SINGLE, fns);
    char key[KEY_SIZE];
    struct buf b;
    v->keys = NEW(char *);
    v->keys[0] = mem_dup(command);
    v->n_keys = 1;
    key_shard_of(key, shard, "reply", command);
    buf_init(&b);
    resp_begin(&b, 2);
    resp_z(&b, "GET");
    resp_z(&b, key);
    send(v, &b, on_rows);
}

static void view_words(struct store *s, enum shape shape, const char *const *words, int n,
                       const struct store_rows_fns *fns)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, n);
    for (int i = 0; i < n; i++)
        resp_z(&b, words[i]);
    send(view_new(s, shape, fns), &b, on_rows);
}

void view_pairs(struct store *s, const char *const *words, int n, const struct store_rows_fns *fns)
{
    view_words(s, SHAPE_PAIRS, words, n, fns);
}

void view_stream(struct store *s, const char *const *words, int n, const struct store_rows_fns *fns)
{
    view_words(s, SHAPE_STREAM, words, n, fns);
}

/* Building and sending the one commit script. Operations on one key are gathered where Redis takes
   many values at once, because every call inside a script costs about as much as its work. */
#include "store_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"

#define EVENTS_KEPT 10000
#define LABELS_KEPT 5000
#define REPLY_KEPT_S 60
#define ANY_TYPE "-" /* of a group's lines: looking at each would cost as much as writing them */
#define GATHERED_MOST 500 /* values of one call: Lua unpacks a few thousand at the most */

struct key { /* that marks and operations name */
    uint64_t hash;
    const char *type;
};

struct gathered { /* one command on one key with many values */
    const char *command;
    int key, n;
    struct buf values; /* kept for the next commit */
};

enum { SHORT, LONG, MARKS }; /* what is remembered of a message: see KEYS.md */
struct mark {
    int n;
    struct buf keys;
};

struct commit { /* reused: its buffers and arrays are */
    struct store *store;
    int shard;
    int64_t epoch, now_ms;
    struct buf entries, front, ops, key_names, key_types; /* front: run before ops */
    struct mark marks[MARKS];
    int n_entries, n_ops_args, n_keys, cap_keys, n_gathered, cap_gathered;
    struct key *keys;
    struct gathered *gathered;
    bool tried; /* a count of tries was begun with the first entry */
    store_fn *fn;
    void *arg;
    bool refused; /* told once */
};

static void all_bufs(struct commit *c, void (*fn)(struct buf *b))
{
    struct buf *const bufs[] = {&c->entries,         &c->front,     &c->ops,
                                &c->key_names,       &c->key_types, &c->marks[SHORT].keys,
                                &c->marks[LONG].keys};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        fn(bufs[i]);
    for (int i = 0; i < c->cap_gathered; i++)
        fn(&c->gathered[i].values);
}

struct commit *commit_new(struct store *s, int shard, int64_t epoch)
{
    struct commit *c = s->spare_commit;
    if (c)
        s->spare_commit = NULL;
    else
        c = NEW(struct commit);
    all_bufs(c, buf_clear);
    c->store = s;
    c->shard = shard;
    c->epoch = epoch;
    c->now_ms = store_now_ms(s);
    c->n_entries = c->n_ops_args = c->n_keys = c->n_gathered = 0;
    c->marks[SHORT].n = c->marks[LONG].n = 0;
    c->tried = c->refused = false;
    return c;
}

static void really_free(struct commit *c)
{
    all_bufs(c, buf_deinit);
    free(c->keys);
    free(c->gathered);
    free(c);
}

void commit_free(struct commit **c)
{
    if (!*c)
        return;
    if ((*c)->store->spare_commit || (*c)->ops.cap > KEPT_BYTES)
        really_free(*c);
    else
        (*c)->store->spare_commit = *c;
    *c = NULL;
}

void commit_spare_free(struct store *s)
{
    if (s->spare_commit)
        really_free(s->spare_commit);
    s->spare_commit = NULL;
}

/* --- keys and operations --- */

/* The number of a key among those of the operations; 1 is the first. There are a few of them, at
   the most as many as groups that spoke. */
static int key_index(struct commit *c, const char *name, const char *type)
{
    uint64_t hash = hash64(name, strlen(name), 1);
    for (int i = 0; i < c->n_keys; i++)
        if (c->keys[i].hash == hash)
            return i + 1;
    if (c->n_keys == c->cap_keys) {
        c->cap_keys = c->cap_keys ? c->cap_keys * 2 : 32;
        c->keys = mem_grow(c->keys, (size_t)c->cap_keys, sizeof *c->keys);
    }
    c->keys[c->n_keys] = (struct key){hash, type};
    resp_z(&c->key_names, name);
    resp_z(&c->key_types, type);
    return ++c->n_keys;
}

static void op_in(struct commit *c, struct buf *b, const char *command, int key, int n_args)
{
    resp_z(b, command);
    resp_i64(b, key);
    resp_i64(b, n_args);
    c->n_ops_args += 3 + n_args;
}

static void op_begin(struct commit *c, const char *command, int key, int n_args)
{
    op_in(c, &c->ops, command, key, n_args);
}

static void flush(struct commit *c, struct gathered *g)
{
    if (!g->n)
        return;
    op_in(c, &c->front, g->command, g->key, g->n);
    buf_add_str(&c->front, buf_str_borrow(&g->values));
    buf_clear(&g->values);
    g->n = 0;
}

static struct gathered *gathered_find(struct commit *c, const char *command, int key)
{
    for (int i = 0; i < c->n_gathered; i++)
        if (c->gathered[i].key == key && !strcmp(c->gathered[i].command, command))
            return &c->gathered[i];
    return NULL;
}

static struct gathered *gathered_add(struct commit *c, const char *command, int key)
{
    if (c->n_gathered == c->cap_gathered) {
        int before = c->cap_gathered;
        c->cap_gathered = before ? before * 2 : 32;
        c->gathered = mem_grow(c->gathered, (size_t)c->cap_gathered, sizeof *c->gathered);
        for (int i = before; i < c->cap_gathered; i++)
            buf_init(&c->gathered[i].values);
    }
    struct gathered *g = &c->gathered[c->n_gathered++];
    g->command = command;
    g->key = key;
    g->n = 0;
    return g;
}

static struct gathered *gather(struct commit *c, const char *command, const char *key,
                               const char *type)
{
    int index = key_index(c, key, type);
    struct gathered *g = gathered_find(c, command, index);
    if (!g)
        return gathered_add(c, command, index);
    if (g->n >= GATHERED_MOST)
        flush(c, g);
    return g;
}

/* What was gathered of another command on the same key comes before what follows now. */
static void flush_of(struct commit *c, const char *command, const char *key, const char *type)
{
    struct gathered *g = gathered_find(c, command, key_index(c, key, type));
    if (g)
        flush(c, g);
}

static void value(struct gathered *g, struct str v)
{
    resp_arg(&g->values, v);
    g->n++;
}

/* --- what a decision writes --- */

/* By the clock of the decision, so that a message is remembered for a whole window from then on,
   however long it waited: looking into this bucket and the one before is enough. */
static void remember(struct commit *c, const unsigned char *key, bool lasting)
{
    struct mark *m = &c->marks[lasting ? LONG : SHORT];
    m->n++;
    resp_arg(&m->keys, (struct str){(const char *)key, STORE_KEY_BYTES});
}

void commit_entry(struct commit *c, const char *entry_id, const unsigned char *key, bool lasting)
{
    c->n_entries++;
    resp_z(&c->entries, entry_id);
    if (key)
        remember(c, key, lasting);
}

void commit_tried(struct commit *c)
{
    c->tried = true;
}

static void object_hash(const struct commit *c, enum object_kind kind, char out[KEY_SIZE])
{
    key_shard(out, c->shard, object_kind_code(kind));
}

void commit_put(struct commit *c, enum object_kind kind, const char *key, struct str json)
{
    char hash[KEY_SIZE];
    object_hash(c, kind, hash);
    flush_of(c, "HDEL", hash, "hash");
    struct gathered *g = gather(c, "HSET", hash, "hash");
    value(g, str_of(key));
    value(g, json);
}

void commit_drop(struct commit *c, enum object_kind kind, const char *key)
{
    char hash[KEY_SIZE];
    object_hash(c, kind, hash);
    flush_of(c, "HSET", hash, "hash");
    value(gather(c, "HDEL", hash, "hash"), str_of(key));
}

void commit_talk(struct commit *c, const char *group_key, struct str json, int64_t expire_ms)
{
    char name[KEY_SIZE];
    key_shard_of(name, c->shard, "talk", group_key);
    struct gathered *g = gather(c, "RPUSH", name, ANY_TYPE);
    value(g, json);
    if (!expire_ms)
        return;
    op_begin(c, "PEXPIRE", g->key, 1); /* what is not gathered comes after what is */
    resp_i64(&c->ops, expire_ms);
    key_shard(name, c->shard, "talks");
    value(gather(c, "SADD", name, "set"), str_of(group_key));
}

void commit_trim(struct commit *c, const char *group_key, int keep)
{
    char name[KEY_SIZE];
    key_shard_of(name, c->shard, "talk", group_key);
    int key = key_index(c, name, ANY_TYPE);
    if (!keep) {
        flush_of(c, "RPUSH", name, ANY_TYPE);
        op_in(c, &c->front, "DEL", key, 0); /* lines that follow stay */
        return;
    }
    op_begin(c, "LTRIM", key, 2);
    resp_i64(&c->ops, -keep);
    resp_i64(&c->ops, -1);
}

void commit_queue(struct commit *c, const char *community, const char *id, double score)
{
    char name[KEY_SIZE], number[40];
    key_shard_of(name, c->shard, "queue", community);
    snprintf(number, sizeof number, "%.17g", score);
    op_begin(c, "ZADD", key_index(c, name, "zset"), 2);
    resp_z(&c->ops, number);
    resp_z(&c->ops, id);
}

static void zrem(struct commit *c, const char *name, const char *member)
{
    op_begin(c, "ZREM", key_index(c, name, "zset"), 1);
    resp_z(&c->ops, member);
}

void commit_unqueue(struct commit *c, const char *community, const char *id)
{
    char name[KEY_SIZE];
    key_shard_of(name, c->shard, "queue", community);
    zrem(c, name, id);
}

void commit_pull(struct commit *c, const char *bot, const char *outbound, int64_t at_ms)
{
    char name[KEY_SIZE];
    key_shard_of(name, c->shard, "pull", bot);
    op_begin(c, "ZADD", key_index(c, name, "zset"), 2);
    resp_i64(&c->ops, at_ms);
    resp_z(&c->ops, outbound);
}

void commit_unpull(struct commit *c, const char *bot, const char *outbound)
{
    char name[KEY_SIZE];
    key_shard_of(name, c->shard, "pull", bot);
    zrem(c, name, outbound);
}

void commit_audit(struct commit *c, struct str json)
{
    char name[KEY_SIZE];
    key_shard(name, c->shard, "audit");
    op_begin(c, "XADD", key_index(c, name, "stream"), 3);
    resp_z(&c->ops, "*");
    resp_z(&c->ops, "e");
    resp_arg(&c->ops, json);
}

void commit_label(struct commit *c, struct str json, int64_t since_ms)
{
    char name[KEY_SIZE];
    key_shard(name, c->shard, "labels");
    op_begin(c, "XADD", key_index(c, name, "stream"), 6);
    resp_z(&c->ops, "MAXLEN");
    resp_z(&c->ops, "~");
    resp_i64(&c->ops, LABELS_KEPT);
    resp_z(&c->ops, "*");
    resp_z(&c->ops, "e");
    resp_arg(&c->ops, json);
    op_begin(c, "XTRIM", key_index(c, name, "stream"), 2);
    resp_z(&c->ops, "MINID");
    resp_i64(&c->ops, since_ms > 0 ? since_ms : 0);
}

void commit_unlabel(struct commit *c, struct str group, struct str message)
{
    char name[KEY_SIZE];
    key_shard(name, c->shard, "labels");
    op_begin(c, "UNLABEL", key_index(c, name, "stream"), 2);
    resp_arg(&c->ops, group);
    resp_arg(&c->ops, message);
}

void commit_event(struct commit *c, struct str json)
{
    char name[KEY_SIZE];
    key_shard(name, c->shard, "events");
    op_begin(c, "XADD", key_index(c, name, "stream"), 6);
    resp_z(&c->ops, "MAXLEN");
    resp_z(&c->ops, "~");
    resp_i64(&c->ops, EVENTS_KEPT);
    resp_z(&c->ops, "*");
    resp_z(&c->ops, "e");
    resp_arg(&c->ops, json);
}

void commit_reply(struct commit *c, const char *reply_to, const char *command, struct str json)
{
    char name[KEY_SIZE];
    struct buf line;
    key_shard_of(name, c->shard, "reply", command);
    op_begin(c, "SET", key_index(c, name, "string"), 3);
    resp_arg(&c->ops, json);
    resp_z(&c->ops, "EX");
    resp_i64(&c->ops, REPLY_KEPT_S);
    buf_init(&line);
    buf_addf(&line, "reply %s %s ", reply_to, command);
    buf_add_str(&line, json);
    op_begin(c, "PUBLISH", 0, 2);
    resp_z(&c->ops, PREFIX "live");
    resp_arg(&c->ops, buf_str_borrow(&line));
    buf_deinit(&line);
}

size_t commit_size(const struct commit *c)
{
    size_t n = c->front.n + c->ops.n;
    for (int i = 0; i < c->n_gathered; i++)
        n += c->gathered[i].values.n;
    return n;
}

/* --- sending --- */

static int64_t window_of(const struct commit *c, int kind)
{
    return kind == LONG ? c->store->bucket_long_ms : c->store->bucket_short_ms;
}

static void note_expiry(const struct commit *c)
{
    for (int k = 0; k < MARKS; k++)
        if (c->marks[k].n)
            c->store->marked[c->shard][k] = c->now_ms / window_of(c, k) + 1;
}

static void on_commit(void *arg, const redisReply *r)
{
    struct commit *c = arg;
    enum err e = reply_err(r);
    if (redis_conn_is_ending()) {
        commit_free(&c);
        return;
    }
    if (e == ERR_STORE_REFUSED) { /* still the caller's: nothing was applied */
        if (!c->refused)
            log_error("store: a commit of shard %d is refused, and tried again: %s", c->shard,
                      r->str);
        c->refused = true;
        c->fn(c->arg, e);
        return;
    }
    if (!e)
        note_expiry(c);
    store_fn *fn = c->fn;
    void *fn_arg = c->arg;
    struct store *s = c->store;
    int shard = c->shard;
    commit_free(&c);
    fn(fn_arg, e);
    if (e == ERR_STORE_FENCED)
        lease_lose(s->lease, shard);
}

/* Gathered values go in front: their keys must exist before what sets their expiry. */
static void close_ops(struct commit *c)
{
    for (int i = 0; i < c->n_gathered; i++)
        flush(c, &c->gathered[i]);
    c->n_gathered = 0;
}

static void write_fixed_keys(const struct commit *c, struct buf *b)
{
    static const char *const names[] = {"epoch", "log", "tries"};
    static const char *const sets[] = {"seen:short", "seen:long"};
    char key[KEY_SIZE], bucket[32];
    for (int i = 0; i < 3; i++) {
        key_shard(key, c->shard, names[i]);
        resp_z(b, key);
    }
    for (int k = 0; k < MARKS; k++) {
        snprintf(bucket, sizeof bucket, "%lld", (long long)(c->now_ms / window_of(c, k)));
        key_shard_of(key, c->shard, sets[k], bucket);
        resp_z(b, key);
    }
}

/* A set's expiry is set by the first commit of ours to it: it counts for its own window and the one
   after, and lives a little longer. */
static int64_t expiry(const struct commit *c, int k)
{
    int64_t window = window_of(c, k), bucket = c->now_ms / window;
    if (c->store->marked[c->shard][k] == bucket + 1)
        return 0;
    return (bucket + 2) * window + (window < HOUR_MS ? window : HOUR_MS);
}

static void write_marks(const struct commit *c, struct buf *b)
{
    resp_i64(b, c->marks[SHORT].n);
    resp_i64(b, c->marks[LONG].n);
    resp_i64(b, expiry(c, SHORT));
    resp_i64(b, expiry(c, LONG));
    buf_add_str(b, buf_str_borrow(&c->marks[SHORT].keys));
    buf_add_str(b, buf_str_borrow(&c->marks[LONG].keys));
}

void store_commit(struct store *s, struct commit *c, store_fn *fn, void *arg)
{
    struct buf *b = script_begin(s, SCRIPT_commit);
    c->fn = fn;
    c->arg = arg;
    close_ops(c);
    write_fixed_keys(c, b);
    buf_add_str(b, buf_str_borrow(&c->key_names));
    resp_i64(b, c->epoch);
    resp_i64(b, c->tried);
    resp_i64(b, c->n_entries);
    buf_add_str(b, buf_str_borrow(&c->entries));
    write_marks(c, b);
    resp_i64(b, c->n_keys);
    buf_add_str(b, buf_str_borrow(&c->key_types));
    buf_add_str(b, buf_str_borrow(&c->front));
    buf_add_str(b, buf_str_borrow(&c->ops));
    int n_keys = 3 + MARKS + c->n_keys;
    int n_args =
        3 + c->n_entries + 4 + c->marks[SHORT].n + c->marks[LONG].n + 1 + c->n_keys + c->n_ops_args;
    script_call(s, n_keys, n_keys + n_args, on_commit, c);
}

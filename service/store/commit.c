/* Building and sending the one commit script. Operations on one key are gathered where Redis takes
   many values at once, because every call inside a script costs about as much as its work. */
#include "store_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/table.h"

#define EVENTS_KEPT 10000
#define REPLY_KEPT_S 60
#define GATHERED_MOST 500 /* values of one call: Lua unpacks a few thousand at the most */
#define SEEN_MOST 8

struct key { /* that operations name */
    UT_hash_handle hh;
    char *name;
    const char *type;
    int index;
};

struct gathered { /* one command on one key with many values */
    UT_hash_handle hh;
    char *id; /* command and key */
    const char *command;
    int key, n;
    struct buf values;
};

struct commit {
    struct store *store;
    int shard;
    int64_t epoch;
    struct buf entries, fresh, front, ops, key_names, key_types; /* front: run before ops */
    int n_entries, n_fresh, n_ops_args, n_keys;
    int64_t first_ms, last_ms;
    struct key *keys;
    struct gathered *gathered;
    store_fn *fn;
    void *arg;
    bool refused; /* told once */
};

struct commit *commit_new(struct store *s, int shard, int64_t epoch)
{
    struct commit *c = NEW(struct commit);
    c->store = s;
    c->shard = shard;
    c->epoch = epoch;
    return c;
}

static void keys_free(struct commit *c)
{
    struct key *k, *next;
    HASH_ITER(hh, c->keys, k, next)
    {
        HASH_DEL(c->keys, k);
        free(k->name);
        free(k);
    }
}

static void gathered_free(struct commit *c)
{
    struct gathered *g, *next;
    HASH_ITER(hh, c->gathered, g, next)
    {
        HASH_DEL(c->gathered, g);
        buf_deinit(&g->values);
        free(g->id);
        free(g);
    }
}

void commit_free(struct commit **c)
{
    if (!*c)
        return;
    keys_free(*c);
    gathered_free(*c);
    buf_deinit(&(*c)->entries);
    buf_deinit(&(*c)->fresh);
    buf_deinit(&(*c)->front);
    buf_deinit(&(*c)->ops);
    buf_deinit(&(*c)->key_names);
    buf_deinit(&(*c)->key_types);
    free(*c);
    *c = NULL;
}

/* --- keys and operations --- */

/* The number of a key among those of the operations; 1 is the first. */
static int key_index(struct commit *c, const char *name, const char *type)
{
    struct key *k;
    HASH_FIND_STR(c->keys, name, k);
    if (k)
        return k->index;
    k = NEW(struct key);
    k->name = mem_dup(name);
    k->type = type;
    k->index = ++c->n_keys;
    resp_z(&c->key_names, name);
    resp_z(&c->key_types, type);
    HASH_ADD_KEYPTR(hh, c->keys, k->name, strlen(k->name), k);
    return k->index;
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

static struct gathered *gather(struct commit *c, const char *command, const char *key,
                               const char *type)
{
    char id[KEY_SIZE + 16];
    struct gathered *g;
    snprintf(id, sizeof id, "%s %s", command, key);
    HASH_FIND_STR(c->gathered, id, g);
    if (!g) {
        g = NEW(struct gathered);
        g->id = mem_dup(id);
        g->command = command;
        g->key = key_index(c, key, type);
        HASH_ADD_KEYPTR(hh, c->gathered, g->id, strlen(g->id), g);
    }
    if (g->n >= GATHERED_MOST)
        flush(c, g);
    return g;
}

/* What was gathered of another command on the same key comes before what follows now. */
static void flush_of(struct commit *c, const char *command, const char *key)
{
    char id[KEY_SIZE + 16];
    struct gathered *g;
    snprintf(id, sizeof id, "%s %s", command, key);
    HASH_FIND_STR(c->gathered, id, g);
    if (g)
        flush(c, g);
}

static void value(struct gathered *g, struct str v)
{
    resp_arg(&g->values, v);
    g->n++;
}

/* --- what a decision writes --- */

static void remember(struct commit *c, const unsigned char *key, bool lasting, int64_t at_ms)
{
    char name[KEY_SIZE], bucket[32];
    int64_t window = lasting ? c->store->bucket_long_ms : c->store->bucket_short_ms;
    snprintf(bucket, sizeof bucket, "%lld", (long long)(at_ms / window));
    key_shard_of(name, c->shard, lasting ? "seen:long" : "seen:short", bucket);
    struct gathered *g = gather(c, "SADD", name, "set");
    value(g, (struct str){(const char *)key, STORE_KEY_BYTES});
    if (g->n == 1) { /* the bucket before still counts, so it lives two windows and a little */
        int64_t spare = window < HOUR_MS ? window : HOUR_MS;
        op_begin(c, "PEXPIREAT", g->key, 1);
        resp_i64(&c->ops, (at_ms / window + 2) * window + spare);
    }
}

void commit_entry(struct commit *c, const char *entry_id, const unsigned char *key, bool lasting)
{
    int64_t at = strtoll(entry_id, NULL, 10);
    if (!c->n_entries++)
        c->first_ms = at;
    c->last_ms = at;
    resp_z(&c->entries, entry_id);
    if (!key)
        return;
    resp_arg(&c->fresh, (struct str){(const char *)key, STORE_KEY_BYTES});
    c->n_fresh++;
    remember(c, key, lasting, at);
}

static void object_hash(const struct commit *c, enum object_kind kind, char out[KEY_SIZE])
{
    key_shard(out, c->shard, object_kind_code(kind));
}

void commit_put(struct commit *c, enum object_kind kind, const char *key, struct str json)
{
    char hash[KEY_SIZE];
    object_hash(c, kind, hash);
    flush_of(c, "HDEL", hash);
    struct gathered *g = gather(c, "HSET", hash, "hash");
    value(g, str_of(key));
    value(g, json);
}

void commit_drop(struct commit *c, enum object_kind kind, const char *key)
{
    char hash[KEY_SIZE];
    object_hash(c, kind, hash);
    flush_of(c, "HSET", hash);
    value(gather(c, "HDEL", hash, "hash"), str_of(key));
}

void commit_talk(struct commit *c, const char *group_key, struct str json, int64_t expire_ms)
{
    char name[KEY_SIZE];
    key_shard_of(name, c->shard, "talk", group_key);
    struct gathered *g = gather(c, "RPUSH", name, "list");
    value(g, json);
    if (g->n != 1)
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
    int key = key_index(c, name, "list");
    if (!keep) {
        flush_of(c, "RPUSH", name);
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
    for (const struct gathered *g = c->gathered; g; g = g->hh.next)
        n += g->values.n;
    return n;
}

/* --- sending --- */

/* The seen sets that may hold any of the new keys: of each window, the buckets that the entries
   fall into and the one before. */
static int write_seen(const struct commit *c, struct buf *b)
{
    static const char *const names[] = {"seen:long", "seen:short"};
    const int64_t windows[] = {c->store->bucket_long_ms, c->store->bucket_short_ms};
    char name[KEY_SIZE], bucket[32];
    int n = 0;
    for (int k = 0; k < 2 && c->n_fresh; k++) {
        int64_t first = c->first_ms / windows[k] - 1, last = c->last_ms / windows[k];
        if (last - first >= SEEN_MOST / 2) /* a batch from long ago: the newest buckets decide */
            first = last - SEEN_MOST / 2 + 1;
        for (int64_t i = first; i <= last; i++, n++) {
            snprintf(bucket, sizeof bucket, "%lld", (long long)i);
            key_shard_of(name, c->shard, names[k], bucket);
            resp_z(b, name);
        }
    }
    return n;
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
    store_fn *fn = c->fn;
    void *fn_arg = c->arg;
    struct store *s = c->store;
    int shard = c->shard;
    commit_free(&c);
    fn(fn_arg, e);
    if (e == ERR_STORE_FENCED)
        lease_lose(s->lease, shard);
}

static void write_fixed_keys(const struct commit *c, struct buf *b)
{
    static const char *const names[] = {"epoch", "log", "tries"};
    char key[KEY_SIZE];
    for (int i = 0; i < 3; i++) {
        key_shard(key, c->shard, names[i]);
        resp_z(b, key);
    }
}

/* Gathered values go in front: their keys must exist before what sets their expiry. */
static void close_ops(struct commit *c)
{
    struct buf rest = c->ops;
    for (struct gathered *g = c->gathered; g; g = g->hh.next)
        flush(c, g);
    c->ops = c->front;
    buf_init(&c->front);
    buf_add_str(&c->ops, buf_str_borrow(&rest));
    buf_deinit(&rest);
    gathered_free(c);
}

/* Indexes of operations count from behind the fixed and the seen keys: shift them at the script. */
void store_commit(struct store *s, struct commit *c, store_fn *fn, void *arg)
{
    struct buf b, seen;
    buf_init(&b);
    buf_init(&seen);
    c->fn = fn;
    c->arg = arg;
    close_ops(c);
    int n_seen = write_seen(c, &seen);
    write_fixed_keys(c, &b);
    buf_add_str(&b, buf_str_borrow(&seen));
    buf_add_str(&b, buf_str_borrow(&c->key_names));
    resp_i64(&b, c->epoch);
    resp_i64(&b, n_seen);
    resp_i64(&b, c->n_entries);
    buf_add_str(&b, buf_str_borrow(&c->entries));
    resp_i64(&b, c->n_fresh);
    buf_add_str(&b, buf_str_borrow(&c->fresh));
    resp_i64(&b, c->n_keys);
    buf_add_str(&b, buf_str_borrow(&c->key_types));
    buf_add_str(&b, buf_str_borrow(&c->ops));
    int n_keys = 3 + n_seen + c->n_keys;
    int n_args = 5 + c->n_entries + c->n_fresh + c->n_keys + c->n_ops_args;
    script_call(s, SCRIPT_commit, n_keys, n_keys + n_args, buf_str_borrow(&b), on_commit, c);
    buf_deinit(&b);
    buf_deinit(&seen);
}

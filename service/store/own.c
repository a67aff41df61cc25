/* What an owner asks: which messages have been seen, how often this entry has been begun; and
   setting an entry aside. */
#include "store_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define BATCH_MOST 1024
#define BUCKETS 2 /* of each window: this one and the one before cover it */

/* --- seen --- */

struct seen {
    void (*fn)(void *arg, enum err e, const bool *seen);
    void *arg;
    int n, waiting;
    enum err err;
    bool hits[BATCH_MOST];
};

static void seen_end(void *arg)
{
    struct seen *q = arg;
    if (!redis_conn_is_ending())
        q->fn(q->arg, q->err, q->hits);
    free(q);
}

static void on_seen(void *arg, const redisReply *r)
{
    struct seen *q = arg;
    enum err e = reply_err(r);
    if (e)
        q->err = e;
    else
        for (size_t i = 0; i < r->elements && i < (size_t)q->n; i++)
            q->hits[i] |= r->element[i]->integer == 1;
    if (!--q->waiting)
        seen_end(q);
}

static void ask_bucket(struct store *s, int shard, const char *name, int64_t bucket,
                       const unsigned char (*keys)[STORE_KEY_BYTES], struct seen *q)
{
    char set[KEY_SIZE], number[32];
    struct buf b;
    snprintf(number, sizeof number, "%lld", (long long)bucket);
    key_shard_of(set, shard, name, number);
    buf_init(&b);
    resp_begin(&b, 2 + q->n);
    resp_z(&b, "SMISMEMBER");
    resp_z(&b, set);
    for (int i = 0; i < q->n; i++)
        resp_arg(&b, (struct str){(const char *)keys[i], STORE_KEY_BYTES});
    q->waiting++;
    redis_conn_send(s->work, buf_str_borrow(&b), on_seen, q);
    buf_deinit(&b);
}

void store_seen(struct store *s, int shard, const unsigned char (*keys)[STORE_KEY_BYTES], int n,
                void (*fn)(void *arg, enum err e, const bool *seen), void *arg)
{
    struct seen *q = NEW(struct seen);
    int64_t now = store_now_ms(s);
    *q = (struct seen){.fn = fn, .arg = arg, .n = n < BATCH_MOST ? n : BATCH_MOST};
    if (!q->n) {
        loop_defer(s->loop, seen_end, q);
        return;
    }
    for (int back = 0; back < BUCKETS; back++) {
        ask_bucket(s, shard, "seen:long", now / s->bucket_long_ms - back, keys, q);
        ask_bucket(s, shard, "seen:short", now / s->bucket_short_ms - back, keys, q);
    }
}

/* --- attempt --- */

struct attempt {
    void (*fn)(void *arg, enum err e, int n);
    void *arg;
};

static void on_attempt(void *arg, const redisReply *r)
{
    struct attempt *a = arg;
    enum err e = reply_err(r);
    if (!redis_conn_is_ending())
        a->fn(a->arg, e, e ? 0 : (int)r->integer);
    free(a);
}

void store_attempt(struct store *s, int shard, const char *entry_id,
                   void (*fn)(void *arg, enum err e, int n), void *arg)
{
    char key[KEY_SIZE];
    struct buf *b = script_begin(s, SCRIPT_attempt);
    struct attempt *a = NEW(struct attempt);
    *a = (struct attempt){fn, arg};
    key_shard(key, shard, "tries");
    resp_z(b, key);
    resp_z(b, entry_id);
    script_call(s, 1, 2, on_attempt, a);
}

/* --- dead letters --- */

struct done {
    store_fn *fn;
    void *arg;
};

static void on_done(void *arg, const redisReply *r)
{
    struct done *d = arg;
    if (!redis_conn_is_ending())
        d->fn(d->arg, reply_err(r));
    free(d);
}

static struct done *done_new(store_fn *fn, void *arg)
{
    struct done *d = NEW(struct done);
    *d = (struct done){fn, arg};
    return d;
}

void store_bury(struct store *s, int shard, int64_t epoch, const char *entry_id, struct str payload,
                const char *why, store_fn *fn, void *arg)
{
    static const char *const names[] = {"epoch", "log", "dead", "tries"};
    char key[KEY_SIZE];
    struct buf *b = script_begin(s, SCRIPT_bury);
    (void)payload; /* the script moves what stands in the log */
    for (int i = 0; i < 4; i++) {
        key_shard(key, shard, names[i]);
        resp_z(b, key);
    }
    resp_i64(b, epoch);
    resp_z(b, entry_id);
    resp_z(b, why);
    script_call(s, 4, 7, on_done, done_new(fn, arg));
}

void store_dead_replay(struct store *s, int shard, const char *id, store_fn *fn, void *arg)
{
    char log[KEY_SIZE], dead[KEY_SIZE];
    struct buf *b = script_begin(s, SCRIPT_replay);
    key_shard(log, shard, "log");
    key_shard(dead, shard, "dead");
    resp_z(b, log);
    resp_z(b, dead);
    resp_z(b, id);
    script_call(s, 2, 3, on_done, done_new(fn, arg));
}

/* --- rates --- */

struct rate {
    void (*fn)(void *arg, enum err e, int64_t wait_ms);
    void *arg;
};

static void on_rate(void *arg, const redisReply *r)
{
    struct rate *q = arg;
    enum err e = reply_err(r);
    if (!redis_conn_is_ending())
        q->fn(q->arg, e, e ? 0 : r->integer);
    free(q);
}

void store_rate(struct store *s, const char *bot, int64_t a_minute, int64_t burst,
                void (*fn)(void *arg, enum err e, int64_t wait_ms), void *arg)
{
    char key[KEY_SIZE];
    struct buf *b = script_begin(s, SCRIPT_rate);
    struct rate *q = NEW(struct rate);
    *q = (struct rate){fn, arg};
    snprintf(key, sizeof key, PREFIX "rate:%s", bot);
    resp_z(b, key);
    resp_i64(b, a_minute);
    resp_i64(b, burst);
    script_call(s, 1, 3, on_rate, q);
}

/* Entries of the owned shards, by XREAD at most every millisecond, so that under load one answer
   brings many. What this process appended itself is known: then only those shards are asked for,
   and all of them now and then, for what others appended. When nothing is known, one blocking call
   waits for all. */
#include "store_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define COUNT 256
#define BLOCK_MS 1000
#define COALESCE_MS 1
/* A timer that is late by more than this, again and again, tells that the loop has more to do than
   it can: then what comes in goes first, because it is safe in the log, and reading waits some
   times as long, which also makes its batches larger. */
#define LATE_MS 4
#define LATE_IN_A_ROW 3
#define LATE_TIMES 8
#define WAIT_LEAST_MS 100
#define WAIT_MOST_MS 1000
#define SWEEP_MS 5    /* all shards at least so often, while only some are asked for */
#define ASIDE_MS 5000 /* a log of the wrong type is left alone for so long */

struct cursor {
    bool reading, hinted;       /* hinted: something was appended since it was asked for */
    unsigned generation, asked; /* asked: the generation that the XREAD under way has */
    int64_t aside_until_ms;
    char after[STORE_ENTRY_ID_SIZE];
};

struct reader {
    struct store *store;
    struct redis_conn *conn;
    struct timer *timer;
    struct cursor cursors[STORE_SHARDS_MAX];
    bool under_way, alone; /* alone: one shard a call, to find the one that is broken */
    int n_hinted, n_late;
    int64_t due_ms, wait_ms; /* when the timer is due; between an answer and the next question */
    int64_t swept_ms;
    int next; /* of those read alone */
    int asked_alone;
    long long client_id;
};

void reader_hint(struct reader *r, int shard)
{
    if (!r->cursors[shard].reading || r->cursors[shard].hinted)
        return;
    r->cursors[shard].hinted = true;
    r->n_hinted++;
}

/* What is asked for now is no longer only hinted at. */
static void unhint(struct reader *r, const int *shards, int n)
{
    for (int i = 0; i < n; i++) {
        r->n_hinted -= r->cursors[shards[i]].hinted;
        r->cursors[shards[i]].hinted = false;
    }
}

static void set_timer(struct reader *r, int64_t in_ms)
{
    timer_set(r->timer, in_ms);
    r->due_ms = clock_monotonic_ms() + in_ms;
}

static void ask_again(struct reader *r, int64_t in_ms)
{
    if (!r->under_way)
        set_timer(r, in_ms);
}

static void see_lateness(struct reader *r)
{
    int64_t late = clock_monotonic_ms() - r->due_ms, wait = late * LATE_TIMES;
    r->n_late = late > LATE_MS ? r->n_late + 1 : 0;
    r->wait_ms = COALESCE_MS;
    if (r->n_late >= LATE_IN_A_ROW)
        r->wait_ms = wait < WAIT_LEAST_MS  ? WAIT_LEAST_MS
                     : wait > WAIT_MOST_MS ? WAIT_MOST_MS
                                           : wait;
}

/* --- what came --- */

static bool take_entry(const redisReply *row, struct store_entry *e)
{
    if (row->type != REDIS_REPLY_ARRAY || row->elements != 2 ||
        row->element[1]->type != REDIS_REPLY_ARRAY)
        return false;
    *e = (struct store_entry){.payload = {"", 0}};
    str_copy(e->id, sizeof e->id, reply_str(row->element[0]));
    e->at_ms = strtoll(e->id, NULL, 10);
    const redisReply *fields = row->element[1];
    for (size_t i = 0; i + 1 < fields->elements; i += 2) {
        struct str name = reply_str(fields->element[i]), value = reply_str(fields->element[i + 1]);
        if (str_is(name, "e")) {
            e->payload = value;
        } else if (str_is(name, "k") && value.n == STORE_KEY_BYTES) {
            memcpy(e->key, value.p, STORE_KEY_BYTES);
            e->has_key = true;
        }
    }
    return true;
}

static int shard_of_key(struct str key)
{
    int shard = -1;
    char text[KEY_SIZE];
    str_copy(text, sizeof text, key);
    return sscanf(text, PREFIX "{s%d}", &shard) == 1 && shard >= 0 && shard < STORE_SHARDS_MAX
               ? shard
               : -1;
}

static void take_stream(struct reader *r, const redisReply *stream)
{
    static _Thread_local struct store_entry entries[COUNT];
    if (stream->type != REDIS_REPLY_ARRAY || stream->elements != 2)
        return;
    int shard = shard_of_key(reply_str(stream->element[0])), n = 0;
    struct cursor *c = shard >= 0 ? &r->cursors[shard] : NULL;
    if (!c || !c->reading || c->generation != c->asked || !lease_is_ours(r->store->lease, shard))
        return;
    const redisReply *rows = stream->element[1];
    for (size_t i = 0; i < rows->elements && n < COUNT; i++)
        n += take_entry(rows->element[i], &entries[n]);
    if (!n)
        return;
    memcpy(c->after, entries[n - 1].id, sizeof c->after);
    if (r->store->ev.entries)
        r->store->ev.entries(r->store->ev.arg, shard, entries, n);
}

static void put_aside(struct reader *r, int shard, const char *why)
{
    log_error("store: the log of shard %d cannot be read: %s; tried again in %d s", shard, why,
              ASIDE_MS / 1000);
    r->cursors[shard].aside_until_ms = clock_monotonic_ms() + ASIDE_MS;
    unhint(r, &shard, 1);
}

static void on_read(void *arg, const redisReply *reply)
{
    struct reader *r = arg;
    if (redis_conn_is_ending())
        return;
    r->under_way = false;
    if (!reply)
        return; /* asked again when the connection is up */
    if (reply->type == REDIS_REPLY_ERROR) {
        if (r->alone)
            put_aside(r, r->asked_alone, reply->str);
        r->alone = true;
    } else if (reply->type == REDIS_REPLY_ARRAY) {
        for (size_t i = 0; i < reply->elements; i++)
            take_stream(r, reply->element[i]);
    }
    ask_again(r, r->wait_ms);
}

/* --- asking --- */

static bool may_read(const struct reader *r, int shard, int64_t now)
{
    const struct cursor *c = &r->cursors[shard];
    return c->reading && c->aside_until_ms <= now && lease_is_ours(r->store->lease, shard);
}

static int pick_hinted(const struct reader *r, int *shards, int64_t now)
{
    int n = 0;
    for (int i = 0; i < r->store->shards; i++)
        if (r->cursors[i].hinted && may_read(r, i, now))
            shards[n++] = i;
    return n;
}

/* The shards to ask for; alone, the next one only, and after a whole turn all again. */
static int pick(struct reader *r, int *shards)
{
    int64_t now = clock_monotonic_ms();
    int n = 0, from = r->alone ? r->next : 0;
    for (int i = from; i < r->store->shards; i++) {
        if (!may_read(r, i, now))
            continue;
        shards[n++] = i;
        if (!r->alone)
            continue;
        r->next = i + 1;
        r->asked_alone = i;
        return n;
    }
    if (r->alone) {
        r->alone = false;
        r->next = 0;
        return pick(r, shards);
    }
    return n;
}

static void write_xread(struct reader *r, struct buf *b, const int *shards, int n, bool block)
{
    char key[KEY_SIZE];
    resp_begin(b, (block ? 6 : 4) + 2 * n);
    resp_z(b, "XREAD");
    resp_z(b, "COUNT");
    resp_i64(b, COUNT);
    if (block) {
        resp_z(b, "BLOCK");
        resp_i64(b, BLOCK_MS);
    }
    resp_z(b, "STREAMS");
    for (int i = 0; i < n; i++) {
        key_shard(key, shards[i], "log");
        resp_z(b, key);
    }
    for (int i = 0; i < n; i++) {
        r->cursors[shards[i]].asked = r->cursors[shards[i]].generation;
        resp_z(b, r->cursors[shards[i]].after);
    }
}

static void ask(void *arg)
{
    struct reader *r = arg;
    int shards[STORE_SHARDS_MAX];
    if (r->under_way || !redis_conn_is_up(r->conn) || !r->store->shards)
        return;
    see_lateness(r);
    bool was_alone = r->alone;
    int64_t now = clock_monotonic_ms();
    bool few = !r->alone && r->n_hinted && now - r->swept_ms < SWEEP_MS;
    int n = few ? pick_hinted(r, shards, now) : 0;
    bool all = !n;
    if (all)
        n = pick(r, shards);
    if (!n) {
        if (was_alone) /* all that is left is put aside */
            set_timer(r, BLOCK_MS);
        return;
    }
    if (all)
        r->swept_ms = now;
    struct buf b;
    buf_init(&b);
    write_xread(r, &b, shards, n, all && !r->alone && !r->n_hinted);
    unhint(r, shards, n);
    r->under_way = true;
    redis_conn_send(r->conn, buf_str_borrow(&b), on_read, r);
    buf_deinit(&b);
}

/* The XREAD under way does not know of a shard that has just been added. */
static void interrupt(struct reader *r)
{
    struct buf b;
    if (!r->under_way) {
        set_timer(r, 0);
        return;
    }
    if (!r->client_id)
        return;
    buf_init(&b);
    resp_begin(&b, 3);
    resp_z(&b, "CLIENT");
    resp_z(&b, "UNBLOCK");
    resp_i64(&b, r->client_id);
    redis_conn_send(r->store->work, buf_str_borrow(&b), NULL, NULL);
    buf_deinit(&b);
}

void store_read(struct store *s, int shard, const char *after)
{
    struct cursor *c = &s->reader->cursors[shard];
    c->reading = true;
    c->generation++;
    str_copy(c->after, sizeof c->after, str_of(after));
    interrupt(s->reader);
}

void store_pause(struct store *s, int shard)
{
    s->reader->cursors[shard].reading = false;
    unhint(s->reader, &shard, 1);
}

void reader_forget(struct reader *r, int shard)
{
    unhint(r, &shard, 1);
    r->cursors[shard].reading = false;
    r->cursors[shard].generation++;
    r->cursors[shard].aside_until_ms = 0;
}

static void on_client_id(void *arg, const redisReply *reply)
{
    struct reader *r = arg;
    if (!redis_conn_is_ending() && reply && reply->type == REDIS_REPLY_INTEGER)
        r->client_id = reply->integer;
}

static void on_up(void *arg)
{
    struct reader *r = arg;
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 2);
    resp_z(&b, "CLIENT");
    resp_z(&b, "ID");
    r->client_id = 0;
    redis_conn_send(r->conn, buf_str_borrow(&b), on_client_id, r);
    buf_deinit(&b);
    ask_again(r, 0);
}

struct reader *reader_new(struct store *s)
{
    struct reader *r = NEW(struct reader);
    r->store = s;
    r->timer = timer_new(s->loop, ask, r);
    const struct redis_conn_options o = {.name = "reader",
                                         .where = topology_address,
                                         .topology = s->topology,
                                         .user = s->user,
                                         .password = s->password,
                                         .call_ms = s->o.call_ms + BLOCK_MS,
                                         .up = on_up,
                                         .arg = r};
    r->conn = redis_conn_new(s->loop, &o);
    return r;
}

void reader_free(struct reader **r)
{
    if (!*r)
        return;
    redis_conn_free(&(*r)->conn);
    timer_free(&(*r)->timer);
    free(*r);
    *r = NULL;
}

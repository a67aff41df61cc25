/* Appending to the shards' logs: a plain XADD over one of a few connections, chosen by shard, so
   that the order within a shard holds. */
#include "store_priv.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/table.h"

struct append {
    struct append *next; /* spare, or waiting for the replicas */
    struct store *store;
    struct lane *lane;
    int shard;
    store_fn *fn;
    void *arg;
};

static struct append *append_new(struct store *s, int shard, store_fn *fn, void *arg)
{
    struct append *a = s->spare;
    if (a)
        LL_DELETE(s->spare, a);
    else
        a = NEW(struct append);
    *a = (struct append){
        .store = s, .lane = &s->lanes[shard % s->o.lanes], .shard = shard, .fn = fn, .arg = arg};
    s->appends++;
    return a;
}

static void append_end(struct append *a, enum err e)
{
    struct store *s = a->store;
    store_fn *fn = a->fn;
    void *arg = a->arg;
    s->appends--;
    LL_PREPEND(s->spare, a);
    if (!redis_conn_is_ending())
        fn(arg, e);
}

static void list_free(struct append **list)
{
    struct append *a, *next;
    LL_FOREACH_SAFE(*list, a, next)
    free(a);
    *list = NULL;
}

void append_spare_free(struct store *s)
{
    list_free(&s->spare);
    for (int i = 0; i < s->o.lanes; i++)
        list_free(&s->lanes[i].unwaited);
}

static void append_refused(void *arg)
{
    append_end(arg, ERR_STORE_DOWN);
}

/* --- replicas: WAIT counts for all that its connection wrote before, and blocks what follows, so
   one is under way at a time, for all that gathered meanwhile --- */

static void wait_for_replicas(struct lane *lane);

static void on_wait(void *arg, const redisReply *r)
{
    struct lane *lane = arg;
    struct append *a = lane->waited, *next;
    lane->waited = NULL;
    lane->waits = false;
    for (; a; a = next) {
        bool enough = r && r->type == REDIS_REPLY_INTEGER && r->integer >= a->store->o.replicas;
        next = a->next;
        append_end(a, enough ? ERR_OK : ERR_STORE_DOWN);
    }
    if (!redis_conn_is_ending())
        wait_for_replicas(lane);
}

static void wait_for_replicas(struct lane *lane)
{
    struct buf b;
    if (lane->waits || !lane->unwaited)
        return;
    const struct store *s = lane->unwaited->store;
    lane->waits = true;
    lane->waited = lane->unwaited;
    lane->unwaited = NULL;
    buf_init(&b);
    resp_begin(&b, 3);
    resp_z(&b, "WAIT");
    resp_i64(&b, s->o.replicas);
    resp_i64(&b, s->o.call_ms / 2);
    redis_conn_send(lane->conn, buf_str_borrow(&b), on_wait, lane);
    buf_deinit(&b);
}

static void on_append(void *arg, const redisReply *r)
{
    struct append *a = arg;
    enum err e = reply_err(r);
    if (!e && !redis_conn_is_ending())
        reader_hint(a->store->reader, a->shard);
    if (e || a->store->o.durability != DURABILITY_REPLICAS) {
        append_end(a, e);
        return;
    }
    LL_PREPEND(a->lane->unwaited, a);
    wait_for_replicas(a->lane);
}

/* --- the call --- */

static void write_xadd(struct buf *b, int shard, const unsigned char *key, struct str payload)
{
    char log[KEY_SIZE];
    key_shard(log, shard, "log");
    resp_begin(b, key ? 7 : 5);
    resp_arg(b, STR("XADD"));
    resp_z(b, log);
    resp_arg(b, STR("*"));
    if (key) {
        resp_arg(b, STR("k"));
        resp_arg(b, (struct str){(const char *)key, STORE_KEY_BYTES});
    }
    resp_arg(b, STR("e"));
    resp_arg(b, payload);
}

void store_append(struct store *s, int shard, const unsigned char *key, struct str payload,
                  store_fn *fn, void *arg)
{
    struct append *a = append_new(s, shard, fn, arg);
    if (!store_is_ready(s, NULL) || s->appends > s->o.max_in_flight ||
        !redis_conn_is_up(a->lane->conn)) {
        loop_defer(s->loop, append_refused, a);
        return;
    }
    buf_clear(&s->scratch); /* kept for the next: one copy, no allocation */
    write_xadd(&s->scratch, shard, key, payload);
    redis_conn_send(a->lane->conn, buf_str_borrow(&s->scratch), on_append, a);
}

/* Leases: one heartbeat script a third of the lease keeps all, takes free ones, tells what is lost.
 */
#include "store_priv.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define TAKE_MOST 16 /* a heartbeat: a start loads shard after shard, not all at once */

struct lease {
    struct store *store;
    struct timer *timer;
    bool ours[STORE_SHARDS_MAX];
    int n_ours, fair, from;
    int64_t renewed_ms; /* of the last heartbeat that Redis answered: when it was sent */
    int64_t sent_ms;
    bool under_way, stopping;
    int releasing;
    store_fn *released;
    void *released_arg;
};

bool lease_is_ours(const struct lease *l, int shard)
{
    return l && l->ours[shard];
}

void lease_lose(struct lease *l, int shard)
{
    if (!l || !l->ours[shard])
        return;
    l->ours[shard] = false;
    l->n_ours--;
    reader_forget(l->store->reader, shard);
    if (l->store->ev.lost)
        l->store->ev.lost(l->store->ev.arg, shard);
}

static void lose_all(struct lease *l)
{
    for (int i = 0; i < l->store->shards; i++)
        lease_lose(l, i);
}

static void on_released(void *arg, const redisReply *r)
{
    struct lease *l = arg;
    (void)r; /* unreachable: the heartbeat stops, so it runs out by itself */
    if (redis_conn_is_ending() || --l->releasing || !l->released)
        return;
    store_fn *fn = l->released;
    l->released = NULL;
    fn(l->released_arg, ERR_OK);
}

static void send_release(struct lease *l, int shard)
{
    char key[KEY_SIZE];
    struct buf *b = script_begin(l->store, SCRIPT_release);
    key_shard(key, shard, "lease");
    resp_z(b, key);
    resp_z(b, l->store->name);
    l->releasing++;
    script_call(l->store, 1, 2, on_released, l);
}

/* Too many: give back the highest; the others find them free at their next heartbeat. */
static void give_surplus(struct lease *l)
{
    for (int i = l->store->shards - 1; i >= 0 && l->n_ours > l->fair; i--)
        if (l->ours[i]) {
            lease_lose(l, i);
            send_release(l, i);
        }
}

static void take(struct lease *l, const redisReply *taken)
{
    for (size_t i = 0; i + 1 < taken->elements; i += 2) {
        int shard = (int)taken->element[i]->integer;
        if (shard < 0 || shard >= l->store->shards || l->ours[shard])
            continue;
        l->ours[shard] = true;
        l->n_ours++;
        l->from = shard + 1;
        if (l->store->ev.gained)
            l->store->ev.gained(l->store->ev.arg, shard, taken->element[i + 1]->integer);
    }
}

static void on_heartbeat(void *arg, const redisReply *r)
{
    if (redis_conn_is_ending())
        return;
    struct lease *l = arg;
    struct store *s = l->store;
    int64_t now = clock_monotonic_ms();
    l->under_way = false;
    if (!r || r->type != REDIS_REPLY_ARRAY || r->elements != 4) {
        if (r && r->type == REDIS_REPLY_ERROR)
            log_error("store: heartbeat refused: %s", r->str);
        return;
    }
    l->renewed_ms = l->sent_ms;
    s->clock_ahead_ms = r->element[0]->integer - now;
    s->clock_known = true;
    l->fair = (int)r->element[1]->integer;
    for (size_t i = 0; i < r->element[2]->elements; i++)
        lease_lose(l, (int)r->element[2]->element[i]->integer);
    if (l->stopping)
        return;
    take(l, r->element[3]);
    give_surplus(l);
    if (r->element[3]->elements == 2 * TAKE_MOST) /* there may be more */
        timer_set(l->timer, 0);
}

static void write_keys(struct lease *l, struct buf *b)
{
    char key[KEY_SIZE];
    resp_z(b, PREFIX "members");
    for (int i = 0; i < l->store->shards; i++) {
        key_shard(key, i, "lease");
        resp_z(b, key);
        key_shard(key, i, "epoch");
        resp_z(b, key);
    }
}

static void heartbeat(struct lease *l)
{
    struct store *s = l->store;
    if (l->under_way || !s->shards || !store_is_ready(s, NULL))
        return;
    struct buf *b = script_begin(s, SCRIPT_lease);
    l->under_way = true;
    l->sent_ms = clock_monotonic_ms();
    write_keys(l, b);
    resp_z(b, s->name);
    resp_i64(b, s->o.lease_ms);
    resp_i64(b, l->stopping ? 0 : TAKE_MOST);
    resp_i64(b, l->from % s->shards);
    for (int i = 0; i < s->shards; i++)
        resp_z(b, l->ours[i] ? "1" : "0");
    script_call(s, 1 + 2 * s->shards, 1 + 3 * s->shards + 4, on_heartbeat, l);
}

static void on_timer(void *arg)
{
    struct lease *l = arg;
    timer_set(l->timer, l->store->o.lease_ms / 3);
    /* Nothing heard for a whole lease: the others may have taken them. */
    if (l->n_ours && clock_monotonic_ms() - l->renewed_ms > l->store->o.lease_ms) {
        log_warn("store: no heartbeat for %lld ms: the shards are no longer ours",
                 (long long)l->store->o.lease_ms);
        lose_all(l);
    }
    if (!l->stopping)
        heartbeat(l);
}

void lease_go(struct lease *l)
{
    if (l)
        timer_set(l->timer, 0);
}

struct lease *lease_new(struct store *s)
{
    struct lease *l = NEW(struct lease);
    *l = (struct lease){.store = s, .fair = STORE_SHARDS_MAX};
    l->timer = timer_new(s->loop, on_timer, l);
    timer_set(l->timer, 0);
    return l;
}

void lease_free(struct lease **l)
{
    if (!*l)
        return;
    timer_free(&(*l)->timer);
    free(*l);
    *l = NULL;
}

struct release {
    struct lease *lease;
    int shard;
};

static void release_now(void *arg)
{
    struct release *r = arg;
    lease_lose(r->lease, r->shard);
    send_release(r->lease, r->shard);
    lease_go(r->lease); /* and take it anew, if nobody else does */
    free(r);
}

void store_release(struct store *s, int shard)
{
    struct release *r = NEW(struct release);
    *r = (struct release){s->lease, shard};
    loop_defer(s->loop, release_now, r);
}

static void leave(struct lease *l)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 3);
    resp_z(&b, "ZREM");
    resp_z(&b, PREFIX "members");
    resp_z(&b, l->store->name);
    l->releasing++;
    redis_conn_send(l->store->work, buf_str_borrow(&b), on_released, l);
    buf_deinit(&b);
}

struct released {
    store_fn *done;
    void *arg;
};

static void nothing_to_release(void *arg)
{
    struct released r = *(struct released *)arg;
    free(arg);
    r.done(r.arg, ERR_OK);
}

void store_release_all(struct store *s, store_fn *done, void *arg)
{
    struct lease *l = s->lease;
    if (!l) {
        struct released *r = NEW(struct released);
        *r = (struct released){done, arg};
        loop_defer(s->loop, nothing_to_release, r);
        return;
    }
    l->stopping = true;
    l->released = done;
    l->released_arg = arg;
    leave(l); /* the others' fair share grows at once */
    for (int i = 0; i < s->shards; i++)
        if (l->ours[i]) {
            lease_lose(l, i);
            send_release(l, i);
        }
}

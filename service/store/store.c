#include "store_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"

#define CHANNEL PREFIX "live"

static void on_live(void *arg, const redisReply *r);

/* The subscriber's connection never answers a call in time: it is driven by hiredis' own
   subscription, so it has its own connection without deadlines. */
static void subscribe(void *arg)
{
    struct store *s = arg;
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 2);
    resp_z(&b, "SUBSCRIBE");
    resp_z(&b, CHANNEL);
    redis_conn_subscribe(s->subscriber, buf_str_borrow(&b), on_live, s);
    buf_deinit(&b);
}

static void on_live(void *arg, const redisReply *r)
{
    struct store *s = arg;
    if (r && r->type == REDIS_REPLY_ARRAY && r->elements == 3 &&
        r->element[2]->type == REDIS_REPLY_STRING && s->ev.live)
        s->ev.live(s->ev.arg, reply_str(r->element[2]));
}

static void on_change(void *arg)
{
    struct store *s = arg;
    health_look(s->health);
}

static struct redis_conn *connect_as(struct store *s, const char *name, int64_t call_ms,
                                     void (*up)(void *), void (*down)(void *))
{
    const struct redis_conn_options o = {.name = name,
                                         .where = topology_address,
                                         .topology = s->topology,
                                         .user = s->user,
                                         .password = s->password,
                                         .call_ms = call_ms,
                                         .up = up,
                                         .down = down,
                                         .arg = s};
    return redis_conn_new(s->loop, &o);
}

static int64_t or_else(int64_t v, int64_t otherwise)
{
    return v ? v : otherwise;
}

static void fill_options(struct store *s, const struct store_options *o)
{
    s->o = *o;
    s->topology = topology_single_new(o->address);
    s->user = mem_dup(o->user);
    s->password = mem_dup(o->password);
    s->name = mem_dup(o->name);
    s->o.lanes = o->lanes < 1 ? 4 : o->lanes > LANES_MAX ? LANES_MAX : o->lanes;
    s->o.lease_ms = or_else(o->lease_ms, 3000);
    s->o.call_ms = or_else(o->call_ms, 2000);
    s->o.max_in_flight = (int)or_else(o->max_in_flight, 20000);
    s->o.shards = (int)or_else(o->shards, 64);
    s->bucket_long_ms = or_else(o->dedupe_window_ms, DAY_MS);
    s->bucket_short_ms = or_else(o->dedupe_short_ms, HOUR_MS);
}

struct store *store_new(struct loop *l, const struct store_options *o,
                        const struct store_events *ev)
{
    struct store *s = NEW(struct store);
    s->loop = l;
    s->ev = *ev;
    fill_options(s, o);
    buf_init(&s->scratch);
    s->health = health_new(s);
    for (int i = 0; i < s->o.lanes; i++)
        s->lanes[i].conn = connect_as(s, "lane", s->o.call_ms, on_change, on_change);
    s->work = connect_as(s, "work", s->o.call_ms, on_change, on_change);
    s->subscriber = connect_as(s, "subscriber", s->o.call_ms, subscribe, NULL);
    s->reader = reader_new(s);
    if (o->may_own)
        s->lease = lease_new(s);
    return s;
}

void store_free(struct store **store)
{
    struct store *s = *store;
    if (!s)
        return;
    lease_free(&s->lease);
    reader_free(&s->reader);
    for (int i = 0; i < s->o.lanes; i++)
        redis_conn_free(&s->lanes[i].conn);
    redis_conn_free(&s->work);
    redis_conn_free(&s->subscriber);
    health_free(&s->health);
    append_spare_free(s);
    scripts_free(s);
    commit_spare_free(s);
    buf_deinit(&s->scratch);
    topology_free(&s->topology);
    free(s->user);
    if (s->password)
        explicit_bzero(s->password, strlen(s->password));
    free(s->password);
    free(s->name);
    free(s);
    *store = NULL;
}

bool store_is_ready(const struct store *s, const char **why_r)
{
    return health_is_ready(s->health, why_r);
}

int store_shards(const struct store *s)
{
    return s->shards;
}

int store_shard_of(const struct store *s, const char *community)
{
    if (!s->shards || !community)
        return -1;
    return (int)(hash64(community, strlen(community), 0) % (uint64_t)s->shards);
}

int64_t store_now_ms(const struct store *s)
{
    return s->clock_known ? clock_monotonic_ms() + s->clock_ahead_ms : clock_now_ms();
}

void store_publish(struct store *s, struct str line)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 3);
    resp_z(&b, "PUBLISH");
    resp_z(&b, CHANNEL);
    resp_arg(&b, line);
    redis_conn_send(s->work, buf_str_borrow(&b), NULL, NULL);
    buf_deinit(&b);
}

/* Is Redis reachable, and set as the promised durability needs? Looked at when connections come up
   and every 10 s; until it has been seen to be right, nothing is acknowledged. */
#include "store_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#define LOOK_MS 10000

struct health {
    struct store *store;
    struct timer *timer;
    bool ready, checked, under_way;
    unsigned faults; /* bits of rows that are wrong */
    int answers;
    char why[200], told_why[200]; /* the reason as it is, and as it was told last */
};

static const struct {
    const char *name, *value; /* value NULL: as the durability says */
} wanted[] = {{"appendonly", "yes"},
              {"appendfsync", NULL},
              {"no-appendfsync-on-rewrite", "no"},
              {"maxmemory-policy", "noeviction"}};
#define N_WANTED (int)(sizeof wanted / sizeof *wanted)

static const char *fsync_wanted(const struct store *s)
{
    return s->o.durability == DURABILITY_ALWAYS ? "always" : "everysec";
}

static bool connected(const struct store *s, const char **why)
{
    for (int i = 0; i < s->o.lanes; i++)
        if (!redis_conn_is_up(s->lanes[i].conn)) {
            *why = redis_conn_why(s->lanes[i].conn);
            return false;
        }
    *why = redis_conn_why(s->work);
    return redis_conn_is_up(s->work);
}

static void tell(struct health *h)
{
    struct store *s = h->store;
    const char *why = "";
    bool up = connected(s, &why);
    bool ready = up && h->checked && !h->faults && s->shards;
    if (!up)
        snprintf(h->why, sizeof h->why, "%s", why);
    else if (!h->faults)
        snprintf(h->why, sizeof h->why, "%s", ready ? "" : "looking at Redis' settings");
    if (ready == h->ready && !strcmp(h->told_why, h->why))
        return;
    memcpy(h->told_why, h->why, sizeof h->told_why);
    h->ready = ready;
    if (ready)
        lease_go(s->lease);
    if (s->ev.ready)
        s->ev.ready(s->ev.arg, ready, h->why);
}

/* --- the settings --- */

static bool value_is_right(const struct store *s, int i, struct str v)
{
    if (wanted[i].value)
        return str_is(v, wanted[i].value);
    if (str_is(v, "always")) /* stricter than asked is right, too */
        return true;
    return s->o.durability != DURABILITY_ALWAYS && str_is(v, "everysec");
}

static void on_config(void *arg, const redisReply *r)
{
    if (redis_conn_is_ending())
        return;
    struct health *h = arg;
    int i = h->answers++;
    if (!r) {
        h->under_way = h->answers < N_WANTED;
        return;
    }
    bool pair = r->type == REDIS_REPLY_ARRAY && r->elements == 2;
    struct str v = pair ? reply_str(r->element[1]) : (struct str){"", 0};
    if (i == 0)
        h->faults = 0;
    if (!pair || !value_is_right(h->store, i, v)) {
        const char *value = wanted[i].value ? wanted[i].value : fsync_wanted(h->store);
        if (!h->faults)
            snprintf(h->why, sizeof h->why,
                     pair ? "Redis has %s %.*s, the promised durability needs: CONFIG SET %s %s"
                          : "Redis does not tell its %s%.*s (ACL?); it must be: %s %s",
                     wanted[i].name, (int)v.n, v.p, wanted[i].name, value);
        h->faults |= 1u << i;
    }
    if (h->answers < N_WANTED)
        return;
    h->under_way = false;
    h->checked = true;
    tell(h);
}

static void ask_settings(struct health *h)
{
    struct buf b;
    if (h->under_way)
        return;
    h->under_way = true;
    h->answers = 0;
    for (int i = 0; i < N_WANTED; i++) {
        buf_init(&b);
        resp_begin(&b, 3);
        resp_z(&b, "CONFIG");
        resp_z(&b, "GET");
        resp_z(&b, wanted[i].name);
        redis_conn_send(h->store->work, buf_str_borrow(&b), on_config, h);
        buf_deinit(&b);
    }
}

/* --- the number of shards, fixed by whoever set the store up --- */

static void on_shards(void *arg, const redisReply *r)
{
    struct health *h = arg;
    long long n;
    if (redis_conn_is_ending())
        return;
    if (r && r->type == REDIS_REPLY_STRING && str_to_i64(reply_str(r), &n) && n > 0 &&
        n <= STORE_SHARDS_MAX)
        h->store->shards = (int)n;
    tell(h);
}

static void ask_shards(struct health *h)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 4);
    resp_z(&b, "HSETNX");
    resp_z(&b, PREFIX "meta");
    resp_z(&b, "shards");
    resp_i64(&b, h->store->o.shards);
    redis_conn_send(h->store->work, buf_str_borrow(&b), NULL, NULL);
    buf_clear(&b);
    resp_begin(&b, 3);
    resp_z(&b, "HGET");
    resp_z(&b, PREFIX "meta");
    resp_z(&b, "shards");
    redis_conn_send(h->store->work, buf_str_borrow(&b), on_shards, h);
    buf_deinit(&b);
}

void health_look(struct health *h)
{
    const char *why;
    if (!h)
        return;
    if (!redis_conn_is_up(h->store->work))
        h->checked = false; /* it may come back as another */
    if (connected(h->store, &why) && !h->checked) {
        ask_settings(h);
        if (!h->store->shards)
            ask_shards(h);
    }
    tell(h);
}

static void on_timer(void *arg)
{
    struct health *h = arg;
    timer_set(h->timer, LOOK_MS);
    if (redis_conn_is_up(h->store->work)) {
        ask_settings(h);
        if (!h->store->shards)
            ask_shards(h);
    }
}

struct health *health_new(struct store *s)
{
    struct health *h = NEW(struct health);
    h->store = s;
    snprintf(h->why, sizeof h->why, "not connected to Redis yet");
    h->timer = timer_new(s->loop, on_timer, h);
    timer_set(h->timer, LOOK_MS);
    return h;
}

void health_free(struct health **h)
{
    if (!*h)
        return;
    timer_free(&(*h)->timer);
    free(*h);
    *h = NULL;
}

bool health_is_ready(const struct health *h, const char **why_r)
{
    if (why_r)
        *why_r = h->why;
    return h->ready;
}

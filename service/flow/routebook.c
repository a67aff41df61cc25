/* Which community and shard a bot's group belongs to. A copy of the groups of every shard, read at
   the start, after a change (the committer tells), and, at most once a second, when one is missing:
   so a group imported through another process is found, too. */
#include "flow_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "codec/object.h"

#define REFRESH_LEAST_MS 1000

struct row {
    UT_hash_handle hh;
    char *key; /* bot, 0x1f, the platform's group */
    char community[ID_SIZE], group[ID_SIZE];
    char *bot;
    int shard;
    unsigned generation;
};

struct waiter {
    struct waiter *next;
    loop_fn *fn;
    void *arg;
};

struct refresh { /* of one shard */
    struct routebook *book;
    int shard;
    unsigned generation;
};

struct routebook {
    struct flow *flow;
    struct row *rows;
    struct refresh readings[STORE_SHARDS_MAX];
    bool under_way[STORE_SHARDS_MAX], again[STORE_SHARDS_MAX], known[STORE_SHARDS_MAX];
    bool failed[STORE_SHARDS_MAX]; /* the last reading */
    int n_under_way;
    int64_t refreshed_ms;
    struct waiter *asking, *waiters; /* for the next whole reading; for the one under way */
    struct timer *timer;
};

static void refresh_all(void *arg);

struct routebook *routebook_new(struct flow *f)
{
    struct routebook *b = NEW(struct routebook);
    b->flow = f;
    b->timer = timer_new(f->loop, refresh_all, b);
    return b;
}

static void row_free(struct routebook *b, struct row *r)
{
    HASH_DEL(b->rows, r);
    free(r->key);
    free(r->bot);
    free(r);
}

void routebook_free(struct routebook **b)
{
    if (!*b)
        return;
    struct row *r, *next_row;
    HASH_ITER(hh, (*b)->rows, r, next_row)
    row_free(*b, r);
    struct waiter *w, *next_waiter;
    LL_CONCAT((*b)->waiters, (*b)->asking);
    LL_FOREACH_SAFE((*b)->waiters, w, next_waiter)
    free(w);
    timer_free(&(*b)->timer);
    free(*b);
    *b = NULL;
}

bool routebook_is_ready(const struct routebook *b)
{
    int n = store_shards(b->flow->store);
    for (int i = 0; i < n; i++)
        if (!b->known[i])
            return false;
    return n > 0;
}

bool routebook_is_current(const struct routebook *b)
{
    int n = store_shards(b->flow->store);
    for (int i = 0; i < n; i++)
        if (b->failed[i])
            return false;
    return n > 0;
}

static void row_key(struct buf *key, const char *bot, const char *external)
{
    buf_add_z(key, bot);
    buf_add_char(key, 0x1f);
    buf_add_z(key, external);
}

static void put(struct routebook *b, const struct group *g, int shard, unsigned generation)
{
    struct buf key;
    buf_init(&key);
    row_key(&key, g->bot, g->external_id);
    struct row *r;
    HASH_FIND(hh, b->rows, key.p, key.n, r);
    if (!r) {
        r = NEW(struct row);
        r->key = mem_dup_str(buf_str_borrow(&key));
        r->bot = mem_dup(g->bot);
        HASH_ADD_KEYPTR(hh, b->rows, r->key, key.n, r);
    }
    buf_deinit(&key);
    str_copy(r->community, sizeof r->community, str_of(g->community));
    str_copy(r->group, sizeof r->group, str_of(g->id));
    r->shard = shard;
    r->generation = generation;
}

static void on_row(void *arg, const char *id, struct str value)
{
    struct refresh *rd = arg;
    void *object;
    struct errbuf eb;
    if (object_decode(OBJECT_GROUP, value, &object, &eb)) {
        log_error("group %s of shard %d cannot be read: %s", id, rd->shard, eb.text);
        return;
    }
    struct group *g = object;
    if (g->bot && g->external_id)
        put(rd->book, g, rd->shard, rd->generation);
    group_free(&g);
}

static void wake(struct routebook *b)
{
    struct waiter *list = b->waiters, *w, *next;
    b->waiters = NULL;
    LL_FOREACH_SAFE(list, w, next)
    {
        w->fn(w->arg);
        free(w);
    }
}

static void drop_older(struct routebook *b, int shard, unsigned generation)
{
    struct row *r, *next;
    HASH_ITER(hh, b->rows, r, next)
    if (r->shard == shard && r->generation != generation)
        row_free(b, r);
}

static void on_done(void *arg, enum err e)
{
    struct refresh *rd = arg;
    struct routebook *b = rd->book;
    b->under_way[rd->shard] = false;
    b->n_under_way--;
    b->failed[rd->shard] = e != ERR_OK;
    if (!e) {
        b->known[rd->shard] = true;
        drop_older(b, rd->shard, rd->generation);
    }
    if (b->again[rd->shard]) {
        b->again[rd->shard] = false;
        routebook_refresh_shard(b, rd->shard);
    }
    if (!b->n_under_way)
        wake(b);
}

void routebook_refresh_shard(struct routebook *b, int shard)
{
    if (shard < 0 || shard >= store_shards(b->flow->store))
        return;
    if (b->under_way[shard]) {
        b->again[shard] = true;
        return;
    }
    b->under_way[shard] = true;
    b->n_under_way++;
    struct refresh *rd = &b->readings[shard];
    rd->book = b;
    rd->shard = shard;
    rd->generation++;
    const struct store_rows_fns fns = {.row = on_row, .done = on_done, .arg = rd};
    store_all(b->flow->store, shard, OBJECT_GROUP, &fns);
}

static void refresh_all(void *arg)
{
    struct routebook *b = arg;
    b->refreshed_ms = clock_monotonic_ms();
    LL_CONCAT(b->waiters, b->asking);
    b->asking = NULL;
    for (int i = 0; i < store_shards(b->flow->store); i++)
        routebook_refresh_shard(b, i);
    if (!b->n_under_way) /* no shard is known: nothing will answer */
        wake(b);
}

/* Whoever waits gets a reading that began after they asked, or after their group could be known. */
void routebook_refresh(struct routebook *b, loop_fn *fn, void *arg)
{
    int64_t age = clock_monotonic_ms() - b->refreshed_ms;
    if (fn) {
        struct waiter *w = NEW(struct waiter);
        *w = (struct waiter){.fn = fn, .arg = arg};
        LL_APPEND(b->asking, w);
    }
    timer_set(b->timer, !b->refreshed_ms || age >= REFRESH_LEAST_MS ? 0 : REFRESH_LEAST_MS - age);
}

bool flow_route(struct flow *f, const char *bot, const char *external_group, struct route_to *to)
{
    char small[256];
    int n = snprintf(small, sizeof small, "%s\x1f%s", bot, external_group);
    struct row *r = NULL;
    if (n > 0 && n < (int)sizeof small)
        HASH_FIND(hh, f->routes->rows, small, (size_t)n, r);
    if (!r)
        return false;
    *to = (struct route_to){.community = r->community, .group = r->group, .shard = r->shard};
    return true;
}

int flow_bot_shards(struct flow *f, const char *bot, int *shards, int size)
{
    int n = 0;
    struct row *r, *next;
    HASH_ITER(hh, f->routes->rows, r, next)
    {
        bool known = strcmp(r->bot, bot) != 0;
        for (int i = 0; i < n && !known; i++)
            known = shards[i] == r->shard;
        if (!known && n < size)
            shards[n++] = r->shard;
    }
    return n;
}

void flow_communities(struct flow *f, void (*fn)(void *arg, const char *community, int shard),
                      void *arg)
{
    struct seen {
        UT_hash_handle hh;
        const char *community;
    } *seen = NULL, *s, *next_seen;
    struct row *r, *next;
    HASH_ITER(hh, f->routes->rows, r, next)
    {
        HASH_FIND_STR(seen, r->community, s);
        if (s)
            continue;
        s = NEW(struct seen);
        s->community = r->community;
        HASH_ADD_KEYPTR(hh, seen, s->community, strlen(s->community), s);
        fn(arg, r->community, r->shard);
    }
    HASH_ITER(hh, seen, s, next_seen)
    {
        HASH_DEL(seen, s);
        free(s);
    }
}

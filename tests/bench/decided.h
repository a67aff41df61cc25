/* When can a message's decision be read? Reads the shards' event streams, as any client of them
   might, at most every millisecond, so what it tells is up to a millisecond too much. Only messages
   that opened a post have an event. */
#ifndef LINLI_TESTS_BENCH_DECIDED_H
#define LINLI_TESTS_BENCH_DECIDED_H

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

#define DECIDED_EVERY_NS 1000000

struct decided {
    redisContext *redis;
    int shards;
    const char *run;
    double rate;
    int64_t start_ns, asked_ns; /* start: of the load; set by its owner */
    bool asking;
    char (*after)[32];
    int64_t *latency_ns;
    size_t n, most;
};

static inline struct decided *decided_new(const char *socket, int shards, const char *run,
                                          double rate, int most)
{
    struct decided *d = NEW(struct decided);
    *d = (struct decided){.redis = redisConnectUnix(socket), .shards = shards, .run = run};
    d->rate = rate;
    d->most = (size_t)most;
    d->latency_ns = mem_new(d->most * sizeof *d->latency_ns);
    d->after = mem_new((size_t)shards * sizeof *d->after);
    if (!d->redis || d->redis->err)
        abort();
    for (int i = 0; i < shards; i++) {
        redisReply *r = redisCommand(d->redis, "XREVRANGE linli:{s%02d}:events + - COUNT 1", i);
        bool any = r && r->type == REDIS_REPLY_ARRAY && r->elements;
        snprintf(d->after[i], sizeof *d->after, "%s", any ? r->element[0]->element[0]->str : "0");
        freeReplyObject(r);
    }
    d->redis->flags &= ~REDIS_BLOCK;
    fcntl(d->redis->fd, F_SETFL, O_NONBLOCK);
    return d;
}

static inline void decided_ask(struct decided *d)
{
    const char *argv[4 + 2 * 1024] = {"XREAD", "COUNT", "1000", "STREAMS"};
    char keys[1024][40];
    int n = 4;
    for (int i = 0; i < d->shards; i++) {
        snprintf(keys[i], sizeof keys[i], "linli:{s%02d}:events", i);
        argv[n++] = keys[i];
    }
    for (int i = 0; i < d->shards; i++)
        argv[n++] = d->after[i];
    redisAppendCommandArgv(d->redis, n, argv, NULL);
    for (int done = 0; !done;)
        if (redisBufferWrite(d->redis, &done) != REDIS_OK)
            abort();
    d->asking = true;
}

static inline void decided_event(struct decided *d, const char *json, int64_t now)
{
    char mark[64];
    int n = snprintf(mark, sizeof mark, "\"message\":\"%s-", d->run);
    const char *at = strstr(json, "\"post.opened\"") ? strstr(json, mark) : NULL;
    if (!at || d->n == d->most)
        return;
    double due = (double)strtoll(at + n, NULL, 10) * 1e9 / d->rate;
    d->latency_ns[d->n++] = now - d->start_ns - (int64_t)due;
}

static inline void decided_take(struct decided *d, const redisReply *r, int64_t now)
{
    for (size_t i = 0; r->type == REDIS_REPLY_ARRAY && i < r->elements; i++) {
        const redisReply *key = r->element[i]->element[0], *rows = r->element[i]->element[1];
        int shard = atoi(key->str + strlen("linli:{s"));
        for (size_t k = 0; k < rows->elements; k++)
            decided_event(d, rows->element[k]->element[1]->element[1]->str, now);
        if (rows->elements)
            snprintf(d->after[shard], sizeof *d->after, "%s",
                     rows->element[rows->elements - 1]->element[0]->str);
    }
}

/* Ask when it is time, take what has come. Never waits. */
static inline void decided_look(struct decided *d)
{
    void *reply = NULL;
    int64_t now = clock_monotonic_ns();
    if (!d->asking) {
        if (now - d->asked_ns < DECIDED_EVERY_NS)
            return;
        d->asked_ns = now;
        decided_ask(d);
        return;
    }
    if (redisBufferRead(d->redis) != REDIS_OK ||
        redisGetReplyFromReader(d->redis, &reply) != REDIS_OK)
        abort();
    if (!reply)
        return;
    decided_take(d, reply, clock_monotonic_ns());
    freeReplyObject(reply);
    d->asking = false;
}

static inline size_t decided_count(const struct decided *d)
{
    return d->n;
}

static inline int64_t *decided_latencies(struct decided *d)
{
    return d->latency_ns;
}

#endif

/* The least that an exactly-once consumer can cost: reads batches from the shards' logs and removes
   them by a script that checks the fence and remembers the messages' keys. It understands and
   decides nothing. A calibrator for the drain.

   bench_consumer REDIS-SOCKET SHARDS */
#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define COUNT 256

static const char script[] =
    "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('FENCED') end "
    "local n = tonumber(ARGV[2]) "
    "redis.call('SADD', KEYS[3], unpack(ARGV, 3 + n, 2 + n + n)) "
    "redis.call('XDEL', KEYS[2], unpack(ARGV, 3, 2 + n)) "
    "return n";

struct args {
    const char *v[8 + 2 * COUNT];
    size_t n[8 + 2 * COUNT];
    int count;
};

static void add(struct args *a, const char *p, size_t n)
{
    a->v[a->count] = p;
    a->n[a->count++] = n;
}

static void add_z(struct args *a, const char *z)
{
    add(a, z, strlen(z));
}

static redisReply *reply(redisContext *r)
{
    void *p;
    if (redisGetReply(r, &p) != REDIS_OK || ((redisReply *)p)->type == REDIS_REPLY_ERROR)
        abort();
    return p;
}

static void ask(redisContext *r, int shards, char (*after)[32])
{
    const char *argv[4 + 2 * 1024] = {"XREAD", "COUNT", "256", "STREAMS"};
    static char keys[1024][40];
    int n = 4;
    for (int i = 0; i < shards; i++) {
        snprintf(keys[i], sizeof keys[i], "linli:{s%02d}:log", i);
        argv[n++] = keys[i];
    }
    for (int i = 0; i < shards; i++)
        argv[n++] = after[i];
    redisAppendCommandArgv(r, n, argv, NULL);
}

/* The key `k` stands first among an entry's fields. */
static void commit(redisContext *r, const char *sha, const redisReply *stream, char (*after)[32])
{
    static char n_text[16], fence[40], seen[40];
    const redisReply *rows = stream->element[1];
    int shard = atoi(stream->element[0]->str + strlen("linli:{s"));
    struct args a = {.count = 0};
    snprintf(n_text, sizeof n_text, "%zu", rows->elements);
    snprintf(fence, sizeof fence, "linli:{s%02d}:bare-epoch", shard);
    snprintf(seen, sizeof seen, "linli:{s%02d}:bare-seen", shard);
    add_z(&a, "EVALSHA");
    add_z(&a, sha);
    add_z(&a, "3");
    add_z(&a, fence);
    add(&a, stream->element[0]->str, stream->element[0]->len);
    add_z(&a, seen);
    add_z(&a, "1");
    add_z(&a, n_text);
    for (size_t i = 0; i < rows->elements; i++)
        add(&a, rows->element[i]->element[0]->str, rows->element[i]->element[0]->len);
    for (size_t i = 0; i < rows->elements; i++) {
        const redisReply *key = rows->element[i]->element[1]->element[1];
        add(&a, key->str, key->len);
    }
    snprintf(after[shard], 32, "%s", rows->element[rows->elements - 1]->element[0]->str);
    redisAppendCommandArgv(r, a.count, a.v, a.n);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    redisContext *r = redisConnectUnix(argv[1]);
    int shards = atoi(argv[2]);
    char(*after)[32] = mem_new((size_t)shards * sizeof *after);
    redisReply *loaded = redisCommand(r, "SCRIPT LOAD %s", script);
    for (int i = 0; i < shards; i++) {
        strcpy(after[i], "0");
        freeReplyObject(redisCommand(r, "SET linli:{s%02d}:bare-epoch 1", i));
    }
    printf("ready\n");
    fflush(stdout);
    ask(r, shards, after);
    for (;;) {
        redisReply *got = reply(r);
        size_t n = got->type == REDIS_REPLY_ARRAY ? got->elements : 0;
        if (!n)
            break;
        for (size_t i = 0; i < n; i++)
            commit(r, loaded->str, got->element[i], after);
        ask(r, shards, after); /* one batch ahead */
        for (size_t i = 0; i < n; i++)
            freeReplyObject(reply(r));
        freeReplyObject(got);
    }
    return 0;
}

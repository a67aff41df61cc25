/* Fills the shards' logs with messages, encoded as the daemon encodes them: a backlog that waits
   for an owner.

   bench_fill REDIS-SOCKET SHARDS N RUN */
#include <hiredis/hiredis.h>
#include <stdlib.h>

#include "base/hash.h"
#include "bench/traffic.h"
#include "codec/message.h"
#include "seal/seal.h"

#define PIPELINE 500

static void message_of(const char *run, uint64_t i, struct arena *a, struct message *m)
{
    struct buf json;
    struct errbuf eb;
    int group = traffic_group(i ^ hash64(run, strlen(run), 0)),
        community = (group - 1) / TRAFFIC_GROUPS_EACH + 1;
    buf_init(&json);
    traffic_json(run, i, clock_now_ms(), &json);
    if (message_decode(buf_str_borrow(&json), "", clock_now_ms(), a, m, &eb))
        abort();
    m->bot = "b";
    m->community = arena_printf_in(a, "c-%d", community);
    m->group = arena_printf_in(a, "g-%d", (group - 1) % TRAFFIC_GROUPS_EACH + 1);
    buf_deinit(&json);
}

static void append(redisContext *r, int shards, const struct message *m, struct buf *payload)
{
    struct entry e = {.kind = ENTRY_MESSAGE, .message = *m};
    const struct str parts[] = {str_of(m->bot), STR("\x1f"), str_of(m->id)};
    unsigned char key[16];
    int shard = (int)(hash64(m->community, strlen(m->community), 0) % (uint64_t)shards);
    seal_digest16(parts, 3, key);
    buf_clear(payload);
    entry_encode(&e, payload);
    redisAppendCommand(r, "XADD linli:{s%02d}:log * k %b e %b", shard, key, sizeof key, payload->p,
                       payload->n);
}

static void take_answers(redisContext *r, int n)
{
    for (void *reply; n-- > 0; freeReplyObject(reply))
        if (redisGetReply(r, &reply) != REDIS_OK ||
            ((redisReply *)reply)->type == REDIS_REPLY_ERROR)
            abort();
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    redisContext *r = redisConnectUnix(argv[1]);
    struct arena *a = arena_new();
    struct buf payload;
    int shards = atoi(argv[2]), n = atoi(argv[3]), pending = 0;
    buf_init(&payload);
    for (int i = 0; i < n; i++) {
        struct message m;
        arena_reset(a);
        message_of(argv[4], (uint64_t)i, a, &m);
        append(r, shards, &m, &payload);
        if (++pending == PIPELINE || i + 1 == n) {
            take_answers(r, pending);
            pending = 0;
        }
    }
    buf_deinit(&payload);
    arena_free(&a);
    redisFree(r);
    return 0;
}

/* A private redis-server and stores on one loop, for the tests of the store. */
#ifndef TEST_STORE_RIG_H
#define TEST_STORE_RIG_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/embedded.h"
#include "store/store.h"

#define WAIT_MOST_MS 15000
#define LEASE_MS 3000 /* longer than a busy disk holds up Redis */

struct rig {
    char folder[64];
    struct embedded *redis;
    const char *address; /* of what stands before it, or NULL */
    struct loop *loop;
    struct store *a, *b; /* b only where a test opens it */
    int64_t epochs[2][STORE_SHARDS_MAX];
    int owned[2];
    bool ready[2];
    char why[200];
    struct got {
        char id[STORE_ENTRY_ID_SIZE], payload[256];
        unsigned char key[STORE_KEY_BYTES];
        int shard;
    } got[4096];
    int n_got, n_rows, done, lines;
    enum err err;
    int number;
    bool seen[8];
    char rows[64][256];
};
static struct rig rig;

static int which(void *arg)
{
    return arg == &rig.epochs[1];
}
static void on_ready(void *arg, bool ready, const char *why)
{
    rig.ready[which(arg)] = ready;
    snprintf(rig.why, sizeof rig.why, "%s", why);
}
static void on_gained(void *arg, int shard, int64_t epoch)
{
    rig.epochs[which(arg)][shard] = epoch;
    rig.owned[which(arg)]++;
}
static void on_lost(void *arg, int shard)
{
    rig.epochs[which(arg)][shard] = 0;
    rig.owned[which(arg)]--;
}
static void on_entries(void *arg, int shard, const struct store_entry *e, int n)
{
    (void)arg;
    for (int i = 0; i < n && rig.n_got < 4096; i++) {
        struct got *g = &rig.got[rig.n_got++];
        memcpy(g->id, e[i].id, sizeof g->id);
        memcpy(g->key, e[i].key, sizeof g->key);
        str_copy(g->payload, sizeof g->payload, e[i].payload);
        g->shard = shard;
    }
}
static void on_live(void *arg, struct str line)
{
    (void)arg, (void)line;
    rig.lines++;
}

static struct store *open_store(int k, const char *name, enum durability durability)
{
    const struct store_options o = {.address =
                                        rig.address ? rig.address : embedded_address(rig.redis),
                                    .name = name,
                                    .lease_ms = LEASE_MS,
                                    .call_ms = 500,
                                    .shards = 8,
                                    .durability = durability,
                                    .replicas = durability == DURABILITY_REPLICAS,
                                    .may_own = true};
    const struct store_events ev = {.arg = &rig.epochs[k],
                                    .ready = on_ready,
                                    .gained = on_gained,
                                    .lost = on_lost,
                                    .entries = on_entries,
                                    .live = on_live};
    return store_new(rig.loop, &o, &ev);
}

/* Turn the loop until `cond` holds. */
static void stop_turn(void *arg)
{
    loop_stop(arg);
}
#define UNTIL(cond)                                                                                \
    do {                                                                                           \
        struct timer *turn = timer_new(rig.loop, stop_turn, rig.loop);                             \
        int64_t until_ms = clock_monotonic_ms() + WAIT_MOST_MS;                                    \
        while (!(cond)) {                                                                          \
            if (clock_monotonic_ms() > until_ms)                                                   \
                fail_msg("gave up waiting for: %s", #cond);                                        \
            timer_set(turn, 5);                                                                    \
            loop_run(rig.loop);                                                                    \
        }                                                                                          \
        timer_free(&turn);                                                                         \
    } while (0)

static int set_up(void **state)
{
    struct errbuf eb;
    (void)state;
    memset(&rig, 0, sizeof rig);
    log_setup(LOG_LEVEL_ERROR, false);
    strcpy(rig.folder, "/tmp/linli-store-XXXXXX");
    if (!mkdtemp(rig.folder) || embedded_start(rig.folder, "always", 10000, &rig.redis, &eb))
        return -1;
    rig.loop = loop_new();
    rig.a = open_store(0, "a", DURABILITY_ALWAYS);
    UNTIL(rig.ready[0] && rig.owned[0] == 8);
    return 0;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    store_free(&rig.a);
    store_free(&rig.b);
    loop_free(&rig.loop);
    embedded_stop(&rig.redis);
    snprintf(command, sizeof command, "rm -rf %s", rig.folder);
    return system(command);
}

/* redis-cli: how an operator, or a fault, changes what the store finds. */
static inline void redis(const char *command)
{
    char line[512];
    snprintf(line, sizeof line, "redis-cli -s %s/redis.sock %s >/dev/null", rig.folder, command);
    assert_int_equal(system(line), 0);
}

/* What a command answers with a number. */
static inline int64_t redis_number(const char *command)
{
    char line[512];
    long long n = 0;
    snprintf(line, sizeof line, "redis-cli -s %s/redis.sock %s", rig.folder, command);
    FILE *f = popen(line, "r");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%lld", &n), 1);
    pclose(f);
    return n;
}

static void on_done(void *arg, enum err e)
{
    (void)arg;
    rig.err = e;
    rig.done++;
}

static void append(int shard, unsigned char key, const char *payload)
{
    unsigned char bytes[STORE_KEY_BYTES] = {key};
    int done = rig.done;
    store_append(rig.a, shard, key ? bytes : NULL, str_of(payload), on_done, NULL);
    assert_int_equal(rig.done, done); /* never before the call returns */
    UNTIL(rig.done == done + 1);
}

static enum err commit(struct store *s, struct commit *c)
{
    int done = rig.done;
    store_commit(s, c, on_done, NULL);
    UNTIL(rig.done == done + 1);
    return rig.err;
}

static void on_row(void *arg, const char *id, struct str value)
{
    (void)arg, (void)id;
    if (rig.n_rows < 64 && value.p)
        str_copy(rig.rows[rig.n_rows++], 256, value);
}
static const struct store_rows_fns rows_fns = {.row = on_row, .done = on_done};

#endif

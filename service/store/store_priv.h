/* Inside of the store: its connections, scripts, and what its files ask of each other. */
#ifndef LINLI_STORE_STORE_PRIV_H
#define LINLI_STORE_STORE_PRIV_H

#include "conn_priv.h"
#include "store/store.h"

#define LANES_MAX 16
#define KEY_SIZE 192 /* of a Redis key of ours */
#define PREFIX "linli:"
#define KEPT_BYTES (256u << 10) /* a larger buffer is not kept for the next */

/* --- keys (KEYS.md): linli:{s07}:what --- */
void key_shard(char out[KEY_SIZE], int shard, const char *what);
void key_shard_of(char out[KEY_SIZE], int shard, const char *what, const char *of); /* …:what:of */

/* --- scripts: EVALSHA, and EVAL once where the script is not known (nothing was applied then) ---
 */
#define SCRIPT_TABLE(X)                                                                            \
    X(commit) X(lease) X(release) X(attempt) X(bury) X(replay) X(rate) X(model) X(dump) X(shards)
enum script {
#define X(name) SCRIPT_##name,
    SCRIPT_TABLE(X)
#undef X
        SCRIPT_N
};
/* Write KEYS and ARGV as RESP into the buffer that script_begin gives, then script_call; `n_args`
   counts both. Nothing else may begin in between. */
struct buf *script_begin(struct store *s, enum script which);
void script_call(struct store *s, int n_keys, int n_args, redis_conn_fn *fn, void *arg);
void scripts_free(struct store *s);

/* --- where Redis is: one file a kind (topology_single.c). Another kind holds its own connection
   for news, changes the address, and drops the connections that dialled the old one. --- */
struct topology;
struct topology *topology_single_new(const char *address); /* copied */
void topology_free(struct topology **t);
const char *topology_address(const struct topology *t); /* to dial now; until the next change */

/* --- parts --- */
struct append;
struct lane { /* a connection for appends; with replicas, one WAIT is under way for many of them */
    struct redis_conn *conn;
    struct append *unwaited, *waited; /* done, and not known to the replicas yet */
    bool waits;
};
void append_spare_free(struct store *s);
void commit_spare_free(struct store *s);

struct reader;
struct lease;
struct health;
struct script_name {
    char sha1[41]; /* "" until Redis has told */
};
struct store {
    struct loop *loop;
    struct store_options o;
    struct store_events ev;
    char *user, *password, *name;
    struct topology *topology;
    struct lane lanes[LANES_MAX];
    struct redis_conn *work, *subscriber;
    struct reader *reader;
    struct lease *lease;
    struct health *health;
    int shards;             /* 0: not known yet */
    int64_t clock_ahead_ms; /* Redis' clock less our monotonic one */
    bool clock_known;
    struct script_name scripts[SCRIPT_N];
    int appends;          /* in flight */
    struct append *spare; /* of those that ended, for the next */
    struct buf scratch;   /* an append's bytes */
    struct run *spare_runs, *begun_runs;
    struct commit *spare_commit;
    int64_t marked[STORE_SHARDS_MAX][2]; /* seen sets whose expiry we have set: last bucket + 1 */
    int64_t bucket_long_ms, bucket_short_ms;
};

/* --- view.c: a command whose reply is rows --- */
void view_pairs(struct store *s, const char *const *words, int n, const struct store_rows_fns *fns);
void view_stream(struct store *s, const char *const *words, int n,
                 const struct store_rows_fns *fns);

struct reader *reader_new(struct store *s);
void reader_free(struct reader **r);
void reader_forget(struct reader *r, int shard);
void reader_hint(struct reader *r, int shard); /* we have just appended to it */

struct lease *lease_new(struct store *s);
void lease_free(struct lease **l);
bool lease_is_ours(const struct lease *l, int shard);
void lease_lose(struct lease *l, int shard); /* and tell */
void lease_go(struct lease *l);              /* heartbeat now */

struct health *health_new(struct store *s);
void health_free(struct health **h);
void health_look(struct health *h); /* a connection came up or went down */
bool health_is_ready(const struct health *h, const char **why_r);

#endif

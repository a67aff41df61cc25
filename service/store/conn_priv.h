/* One connection to Redis on the loop: connects, authenticates, waits until Redis has loaded, and
   does so again when it was lost. hiredis 0.14 has traps; they are closed here. */
#ifndef LINLI_STORE_CONN_PRIV_H
#define LINLI_STORE_CONN_PRIV_H

#include <hiredis/async.h>
#include <hiredis/hiredis.h>

#include "base/buf.h"
#include "base/err.h"
#include "loop/loop.h"

struct redis_conn;
struct topology;
struct redis_conn_options {
    const char *name; /* for the log: lane, work, …; as are the rest: borrowed for life */
    const char *(*where)(
        const struct topology *t); /* asked at each dialling: unix:/path, host:port */
    const struct topology *topology;
    const char *user, *password;
    int64_t call_ms;         /* deadline of every call; then the connection is dropped */
    void (*up)(void *arg);   /* usable */
    void (*down)(void *arg); /* was up, is no more; calls under way have answered already */
    void *arg;
};
struct redis_conn *redis_conn_new(struct loop *l, const struct redis_conn_options *o);
/* Calls under way are called with NULL while redis_conn_is_ending(): they free what is theirs, and
   tell nobody outside the store. */
void redis_conn_free(struct redis_conn **c);
bool redis_conn_is_ending(void); /* of this thread */
bool redis_conn_is_up(const struct redis_conn *c);
int redis_conn_in_flight(const struct redis_conn *c);
const char *redis_conn_why(const struct redis_conn *c); /* why it is not up */

/* `reply` is NULL when the connection was lost: what Redis did is not known. Exactly once, never
   before redis_conn_send returns. fn may be NULL. hiredis frees the reply afterwards. */
typedef void redis_conn_fn(void *arg, const redisReply *reply);
void redis_conn_send(struct redis_conn *c, struct str resp, redis_conn_fn *fn, void *arg);
/* SUBSCRIBE: fn gets every message until the connection is lost. */
void redis_conn_subscribe(struct redis_conn *c, struct str resp, redis_conn_fn *fn, void *arg);
void redis_conn_drop(struct redis_conn *c); /* lose it now; it connects again by itself */

/* --- writing commands: RESP straight into a buffer --- */
void resp_begin(struct buf *b, int n_args);
void resp_arg(struct buf *b, struct str arg);
void resp_z(struct buf *b, const char *arg);
void resp_i64(struct buf *b, int64_t arg);

/* What an error reply means: ERR_OK when it is none. */
enum err reply_err(const redisReply *r);
bool reply_is_error(const redisReply *r, const char *code);
struct str reply_str(const redisReply *r);

#endif

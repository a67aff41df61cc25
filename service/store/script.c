#include "store_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define X(name)                                                                                    \
    extern const unsigned char store_##name##_lua[];                                               \
    extern const unsigned long store_##name##_lua_len;
SCRIPT_TABLE(X)
#undef X

struct run {
    struct store *store;
    enum script which;
    int n_keys, n_args;
    struct buf args; /* kept for the second try */
    bool again;
    redis_conn_fn *fn;
    void *arg;
};

static struct str source(enum script which)
{
    switch (which) {
#define X(name)                                                                                    \
    case SCRIPT_##name:                                                                            \
        return (struct str){(const char *)store_##name##_lua, store_##name##_lua_len};
        SCRIPT_TABLE(X)
#undef X
    default:
        abort();
    }
}

/* SHA-1 names a script to Redis; Redis itself tells the name when the script is loaded. Until then,
   and after a restart, EVAL sends the whole script. */
static void send(struct run *r, bool whole);

static void on_sha(void *arg, const redisReply *reply)
{
    struct script_name *name = arg;
    if (reply && reply->type == REDIS_REPLY_STRING && reply->len == 40)
        memcpy(name->sha1, reply->str, 41);
}

static void learn(struct run *r)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 3);
    resp_z(&b, "SCRIPT");
    resp_z(&b, "LOAD");
    resp_arg(&b, source(r->which));
    redis_conn_send(r->store->work, buf_str_borrow(&b), on_sha, &r->store->scripts[r->which]);
    buf_deinit(&b);
}

static void on_reply(void *arg, const redisReply *reply)
{
    struct run *r = arg;
    if (reply_is_error(reply, "NOSCRIPT") && !r->again) { /* nothing was applied */
        r->again = true;
        send(r, true);
        return;
    }
    redis_conn_fn *fn = r->fn;
    void *fn_arg = r->arg;
    buf_deinit(&r->args);
    free(r);
    if (fn)
        fn(fn_arg, reply);
}

static void send(struct run *r, bool whole)
{
    struct buf b;
    buf_init(&b);
    if (whole)
        learn(r);
    resp_begin(&b, 3 + r->n_args);
    resp_z(&b, whole ? "EVAL" : "EVALSHA");
    if (whole)
        resp_arg(&b, source(r->which));
    else
        resp_z(&b, r->store->scripts[r->which].sha1);
    resp_i64(&b, r->n_keys);
    buf_add_str(&b, buf_str_borrow(&r->args));
    redis_conn_send(r->store->work, buf_str_borrow(&b), on_reply, r);
    buf_deinit(&b);
}

void script_call(struct store *s, enum script which, int n_keys, int n_args, struct str args,
                 redis_conn_fn *fn, void *arg)
{
    struct run *r = NEW(struct run);
    *r = (struct run){
        .store = s, .which = which, .n_keys = n_keys, .n_args = n_args, .fn = fn, .arg = arg};
    buf_init(&r->args);
    buf_add_str(&r->args, args);
    send(r, !s->scripts[which].sha1[0]);
}

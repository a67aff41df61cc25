#include "store_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"

#define X(name)                                                                                    \
    extern const unsigned char store_##name##_lua[];                                               \
    extern const unsigned long store_##name##_lua_len;
SCRIPT_TABLE(X)
#undef X

/* Arguments are written behind room for the command's head, so that they are copied once only, into
   hiredis' buffer. */
#define HEAD_ROOM 160

struct run {
    struct run *next; /* spare */
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

static void run_end(struct run *r)
{
    if (r->args.cap > KEPT_BYTES)
        buf_deinit(&r->args);
    LL_PREPEND(r->store->spare_runs, r);
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
    run_end(r);
    if (fn)
        fn(fn_arg, reply);
}

static void write_head(const struct run *r, bool whole, struct buf *b)
{
    resp_begin(b, 3 + r->n_args);
    resp_z(b, whole ? "EVAL" : "EVALSHA");
    if (whole)
        resp_arg(b, source(r->which));
    else
        resp_z(b, r->store->scripts[r->which].sha1);
    resp_i64(b, r->n_keys);
}

static void send(struct run *r, bool whole)
{
    struct buf head;
    struct str all = {r->args.p + HEAD_ROOM, r->args.n - HEAD_ROOM};
    buf_init(&head);
    if (whole)
        learn(r);
    write_head(r, whole, &head);
    if (head.n <= HEAD_ROOM) {
        memcpy(r->args.p + HEAD_ROOM - head.n, head.p, head.n);
        all = (struct str){all.p - head.n, all.n + head.n};
    } else {
        buf_add_str(&head, all);
        all = buf_str_borrow(&head);
    }
    redis_conn_send(r->store->work, all, on_reply, r);
    buf_deinit(&head);
}

struct buf *script_begin(struct store *s, enum script which)
{
    struct run *r = s->spare_runs;
    if (r)
        LL_DELETE(s->spare_runs, r);
    else
        r = NEW(struct run);
    *r = (struct run){.store = s, .which = which, .args = r->args};
    buf_reserve(&r->args, HEAD_ROOM);
    r->args.n = HEAD_ROOM;
    LL_PREPEND(s->begun_runs, r);
    return &r->args;
}

void script_call(struct store *s, int n_keys, int n_args, redis_conn_fn *fn, void *arg)
{
    struct run *r = s->begun_runs;
    LL_DELETE(s->begun_runs, r);
    r->n_keys = n_keys;
    r->n_args = n_args;
    r->fn = fn;
    r->arg = arg;
    send(r, !s->scripts[r->which].sha1[0]);
}

void scripts_free(struct store *s)
{
    struct run *r, *next;
    LL_FOREACH_SAFE(s->spare_runs, r, next)
    {
        buf_deinit(&r->args);
        free(r);
    }
    s->spare_runs = NULL;
}

#include "conn_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/table.h"
#include "metrics/metrics.h"

#define BACKOFF_LEAST_MS 50
#define BACKOFF_MOST_MS 500 /* service is back within 2 s of Redis' return */
#define LOADING_LOOK_MS 50

struct call {
    struct call *prev, *next;
    struct redis_conn *conn; /* NULL: the asker is gone */
    int64_t deadline_ms;
    redis_conn_fn *fn;
    void *arg;
};

static _Thread_local bool ending;

bool redis_conn_is_ending(void)
{
    return ending;
}

enum state { STATE_DOWN, STATE_GREETING, STATE_UP };

struct link {              /* outlives conn while hiredis still holds it */
    redisAsyncContext *ac; /* its `data` is our connection, or NULL when we have let it go */
    struct watch *watch;
    int what;
};

struct redis_conn {
    struct loop *loop;
    struct redis_conn_options o;
    enum state state;
    struct link *link;
    struct call *calls; /* in the order sent, so of their deadlines */
    struct call *spare; /* of those that ended, for the next */
    int n_calls;
    struct timer *deadline, *retry;
    int64_t backoff_ms;
    char why[160];
    redis_conn_fn *push_fn;
    void *push_arg;
    bool freeing;
};

/* --- hiredis' events on our loop: its own adapter touches contexts freed in a callback --- */

static void on_ready(void *arg, int what)
{
    struct link *l = arg;
    if (what == WATCH_READ)
        redisAsyncHandleRead(l->ac);
    else
        redisAsyncHandleWrite(l->ac);
}

static void change(struct link *l, int on, int off)
{
    l->what = (l->what | on) & ~off;
    watch_set(l->watch, l->what);
}

static void add_read(void *arg)
{
    change(arg, WATCH_READ, 0);
}

static void del_read(void *arg)
{
    change(arg, 0, WATCH_READ);
}

static void add_write(void *arg)
{
    change(arg, WATCH_WRITE, 0);
}

static void del_write(void *arg)
{
    change(arg, 0, WATCH_WRITE);
}

static void clean_up(void *arg)
{
    struct link *l = arg;
    struct redis_conn *c = l->ac->data;
    watch_free(&l->watch);
    if (c && c->link == l)
        c->link = NULL;
    free(l);
}

/* --- states --- */

static void go_down(struct redis_conn *c, const char *why)
{
    bool was_up = c->state == STATE_UP;
    c->state = STATE_DOWN;
    snprintf(c->why, sizeof c->why, "%s", why);
    timer_clear(c->deadline);
    if (c->freeing)
        return;
    timer_set(c->retry, c->backoff_ms);
    c->backoff_ms = c->backoff_ms * 2 > BACKOFF_MOST_MS ? BACKOFF_MOST_MS : c->backoff_ms * 2;
    if (!was_up)
        return;
    metrics_add(METRIC_store_connected, -1);
    log_warn("store: connection %s lost: %s", c->o.name, why);
    if (c->o.down)
        c->o.down(c->o.arg);
}

/* The context lives on without us. */
static void forget(struct redis_conn *c)
{
    if (c->link)
        c->link->ac->data = NULL;
    c->link = NULL;
}

/* hiredis frees the context itself when a connection fails or ends: only forget it. */
static void on_connect(const redisAsyncContext *ac, int status)
{
    struct redis_conn *c = ac->data;
    if (status == REDIS_OK && ac->c.connection_type == REDIS_CONN_TCP)
        redisEnableKeepAlive((redisContext *)&ac->c); /* a host that is gone says no goodbye */
    if (!c || status == REDIS_OK)
        return;
    char why[160];
    snprintf(why, sizeof why, "%s: %s", c->o.where(c->o.topology), ac->errstr);
    forget(c);
    go_down(c, why);
}

static void on_disconnect(const redisAsyncContext *ac, int status)
{
    struct redis_conn *c = ac->data;
    if (!c)
        return;
    c->link = NULL; /* cleaned up before this is called */
    go_down(c, status == REDIS_OK ? "closed" : ac->errstr);
}

void redis_conn_drop(struct redis_conn *c)
{
    struct link *l = c->link;
    if (!l)
        return;
    enum state before = c->state;
    redisAsyncFree(l->ac); /* answers every call with NULL, then on_disconnect, where it was up */
    if (c->state == before && before != STATE_DOWN) { /* not connected yet: no callback came */
        forget(c);
        go_down(c, "no answer in time");
    }
}

static void on_deadline(void *arg)
{
    struct redis_conn *c = arg;
    int64_t now = clock_monotonic_ms();
    if (c->calls && c->calls->deadline_ms > now) {
        timer_set(c->deadline, c->calls->deadline_ms - now);
        return;
    }
    if (!c->calls && c->state == STATE_UP)
        return;
    log_warn("store: connection %s: no answer within %lld ms", c->o.name, (long long)c->o.call_ms);
    redis_conn_drop(c);
}

/* --- calls --- */

static void on_reply(redisAsyncContext *ac, void *reply, void *arg)
{
    struct call *call = arg;
    struct redis_conn *c = call->conn;
    (void)ac;
    DL_DELETE(c->calls, call);
    c->n_calls--;
    metrics_add(METRIC_store_calls_total, 1);
    if (!reply || ((const redisReply *)reply)->type == REDIS_REPLY_ERROR)
        metrics_add(METRIC_store_errors_total, 1);
    redis_conn_fn *fn = call->fn;
    void *fn_arg = call->arg;
    LL_PREPEND(c->spare, call);
    if (fn)
        fn(fn_arg, reply);
}

static void refuse(void *arg)
{
    struct call *call = arg;
    if (call->conn) {
        DL_DELETE(call->conn->calls, call);
        call->conn->n_calls--;
    }
    if (call->conn && call->fn)
        call->fn(call->arg, NULL);
    free(call);
}

static struct call *call_new(struct redis_conn *c, redis_conn_fn *fn, void *arg)
{
    struct call *call = c->spare;
    if (call)
        LL_DELETE(c->spare, call);
    else
        call = NEW(struct call);
    *call = (struct call){
        .conn = c, .deadline_ms = clock_monotonic_ms() + c->o.call_ms, .fn = fn, .arg = arg};
    DL_APPEND(c->calls, call);
    if (c->n_calls++ == 0)
        timer_set(c->deadline, c->o.call_ms);
    return call;
}

static void send_now(struct redis_conn *c, struct str resp, redis_conn_fn *fn, void *arg)
{
    struct call *call = call_new(c, fn, arg);
    if (!c->link ||
        redisAsyncFormattedCommand(c->link->ac, on_reply, call, resp.p, resp.n) != REDIS_OK)
        loop_defer(c->loop, refuse, call);
}

void redis_conn_send(struct redis_conn *c, struct str resp, redis_conn_fn *fn, void *arg)
{
    if (c->state == STATE_UP) {
        send_now(c, resp, fn, arg);
        return;
    }
    loop_defer(c->loop, refuse, call_new(c, fn, arg));
}

/* --- subscribing: one callback for the life of the connection, no deadline --- */

static void on_push(redisAsyncContext *ac, void *reply, void *arg)
{
    struct redis_conn *c = arg;
    (void)ac;
    if (reply && !c->freeing)
        c->push_fn(c->push_arg, reply);
}

void redis_conn_subscribe(struct redis_conn *c, struct str resp, redis_conn_fn *fn, void *arg)
{
    c->push_fn = fn;
    c->push_arg = arg;
    if (c->link)
        redisAsyncFormattedCommand(c->link->ac, on_push, c, resp.p, resp.n);
}

/* --- greeting: authenticate, and wait while Redis loads --- */

static void on_greeting(void *arg, const redisReply *r)
{
    struct redis_conn *c = arg;
    if (!r || c->state != STATE_GREETING)
        return;
    if (reply_is_error(r, "LOADING") || reply_is_error(r, "MASTERDOWN")) {
        snprintf(c->why, sizeof c->why, "Redis is still loading");
        timer_set(c->retry, LOADING_LOOK_MS);
        return;
    }
    if (r->type == REDIS_REPLY_ERROR) {
        char why[160];
        snprintf(why, sizeof why, "Redis refuses us: %s", r->str);
        log_warn("store: connection %s: %s", c->o.name, why);
        redis_conn_drop(c);
        snprintf(c->why, sizeof c->why, "%s", why);
        return;
    }
    c->state = STATE_UP;
    c->backoff_ms = BACKOFF_LEAST_MS;
    c->why[0] = 0;
    metrics_add(METRIC_store_connected, 1);
    if (c->o.up)
        c->o.up(c->o.arg);
}

static void on_auth(void *arg, const redisReply *r)
{
    if (r && r->type == REDIS_REPLY_ERROR)
        on_greeting(arg, r);
}

static void greet(void *arg)
{
    struct redis_conn *c = arg;
    struct buf b;
    buf_init(&b);
    if (c->o.password) {
        resp_begin(&b, c->o.user ? 3 : 2);
        resp_z(&b, "AUTH");
        if (c->o.user)
            resp_z(&b, c->o.user);
        resp_z(&b, c->o.password);
        send_now(c, buf_str_borrow(&b), on_auth, c);
        memset(b.p, 0, b.n);
        buf_clear(&b);
    }
    resp_begin(&b, 1);
    resp_z(&b, "PING");
    send_now(c, buf_str_borrow(&b), on_greeting, c);
    buf_deinit(&b);
}

static redisAsyncContext *dial(const char *address)
{
    char host[256];
    const char *colon = strrchr(address, ':');
    if (!strncmp(address, "unix:", 5))
        return redisAsyncConnectUnix(address + 5);
    snprintf(host, sizeof host, "%.*s", colon ? (int)(colon - address) : 0, address);
    return redisAsyncConnect(host, colon ? atoi(colon + 1) : 6379);
}

static void connect_now(void *arg)
{
    struct redis_conn *c = arg;
    if (c->state == STATE_GREETING) {
        greet(c);
        return;
    }
    const char *address = c->o.where(c->o.topology);
    redisAsyncContext *ac = dial(address);
    if (!ac)
        abort();
    if (ac->err) { /* refused at once: a Unix socket that is not there */
        char why[160];
        snprintf(why, sizeof why, "%s: %s", address, ac->errstr);
        redisAsyncFree(ac);
        go_down(c, why);
        return;
    }
    struct link *l = NEW(struct link);
    *l = (struct link){.ac = ac};
    ac->data = c;
    l->watch = watch_new(c->loop, ac->c.fd, on_ready, l);
    ac->ev.data = l;
    ac->ev.addRead = add_read;
    ac->ev.delRead = del_read;
    ac->ev.addWrite = add_write;
    ac->ev.delWrite = del_write;
    ac->ev.cleanup = clean_up;
    c->link = l;
    c->state = STATE_GREETING;
    redisAsyncSetConnectCallback(ac, on_connect);
    redisAsyncSetDisconnectCallback(ac, on_disconnect);
    greet(c); /* waits in hiredis' buffer until connected */
}

struct redis_conn *redis_conn_new(struct loop *l, const struct redis_conn_options *o)
{
    struct redis_conn *c = NEW(struct redis_conn);
    *c = (struct redis_conn){.loop = l, .o = *o, .backoff_ms = BACKOFF_LEAST_MS};
    snprintf(c->why, sizeof c->why, "not connected yet");
    c->deadline = timer_new(l, on_deadline, c);
    c->retry = timer_new(l, connect_now, c);
    timer_set(c->retry, 0);
    return c;
}

void redis_conn_free(struct redis_conn **c)
{
    if (!*c)
        return;
    (*c)->freeing = ending = true;
    if ((*c)->state == STATE_UP)
        metrics_add(METRIC_store_connected, -1);
    redis_conn_drop(*c);
    struct call *call, *next;
    DL_FOREACH_SAFE((*c)->calls, call, next)
    {
        call->conn = NULL; /* deferred: freed in its turn, if there is one */
        if (call->fn)
            call->fn(call->arg, NULL);
        call->fn = NULL;
    }
    ending = false;
    LL_FOREACH_SAFE((*c)->spare, call, next)
    free(call);
    timer_free(&(*c)->deadline);
    timer_free(&(*c)->retry);
    free(*c);
    *c = NULL;
}

bool redis_conn_is_up(const struct redis_conn *c)
{
    return c->state == STATE_UP;
}

int redis_conn_in_flight(const struct redis_conn *c)
{
    return c->n_calls;
}

const char *redis_conn_why(const struct redis_conn *c)
{
    return c->why;
}

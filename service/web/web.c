#include "web_priv.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"

#define DRAIN_LOOK_MS 5

static const struct http_route routes[] = {
#define X(method, path, fn, summary) {method, path, fn, summary},
    WEB_ROUTES(X)
#undef X
};
static const struct http_route operators_routes[] = {
#define X(method, path, fn, summary) {method, path, fn, summary},
    WEB_OPERATORS_ROUTES(X)
#undef X
};

const struct http_route *web_routes(int *n_r)
{
    *n_r = sizeof routes / sizeof *routes;
    return routes;
}

const struct http_route *web_operators_routes(int *n_r)
{
    *n_r = sizeof operators_routes / sizeof *operators_routes;
    return operators_routes;
}

struct web *web_of(struct http_request *rq)
{
    return http_server_arg(rq);
}

static enum err listen_at(struct web *w, const char *address, bool shared,
                          const struct http_route *table, int n, struct http_server **server,
                          struct errbuf *eb)
{
    const struct conf *c = flow_conf(w->flow);
    char host[256];
    struct http_options o = {.address = host,
                             .shared = shared,
                             .max_connections = (int)c->max_connections,
                             .max_body_bytes = (size_t)c->max_body_bytes,
                             .request_ms = c->request_timeout_ms,
                             .idle_ms = c->idle_timeout_ms};
    if (!conf_address(address, host, sizeof host, &o.port))
        return err_set(eb, ERR_BAD_FIELD, "\"%s\" is not address:port", address);
    return http_server_new(w->loop, &o, table, n, w, server, eb);
}

enum err web_new(const struct web_options *o, struct web **w_r, struct errbuf *eb)
{
    struct web *w = NEW(struct web);
    const struct conf *c = flow_conf(o->flow);
    int n;
    *w = (struct web){
        .loop = o->loop, .flow = o->flow, .process_ready = o->process_ready, .arg = o->arg};
    w->replays = replay_guard_new();
    w->tokens = token_cache_new();
    const struct http_route *table = web_routes(&n);
    enum err e = listen_at(w, c->listen, !o->first, table, n, &w->bots, eb);
    if (!e && o->first && c->operators_listen[0]) {
        table = web_operators_routes(&n);
        e = listen_at(w, c->operators_listen, false, table, n, &w->operators, eb);
    }
    *w_r = w;
    if (e)
        web_free(w_r);
    return e;
}

void web_free(struct web **w)
{
    if (!*w)
        return;
    http_server_free(&(*w)->bots);
    http_server_free(&(*w)->operators);
    replay_guard_free(&(*w)->replays);
    token_cache_free(&(*w)->tokens);
    timer_free(&(*w)->drain_timer);
    free(*w);
    *w = NULL;
}

int web_port(const struct web *w)
{
    return http_port(w->bots);
}

int web_operators_port(const struct web *w)
{
    return w->operators ? http_port(w->operators) : 0;
}

void web_configure(struct web *w)
{
    token_cache_free(&w->tokens); /* a token may have been taken away */
    w->tokens = token_cache_new();
}

static void drain_look(void *arg)
{
    struct web *w = arg;
    if (http_in_hand(w->bots))
        timer_set(w->drain_timer, DRAIN_LOOK_MS);
    else
        w->drained(w->drained_arg);
}

void web_drain(struct web *w, loop_fn *done, void *arg)
{
    w->drained = done;
    w->drained_arg = arg;
    w->drain_timer = timer_new(w->loop, drain_look, w);
    http_stop_accepting(w->bots);
    drain_look(w);
}

#include "http_priv.h"

#include <stdio.h>
#include <strings.h>

#include "base/mem.h"

struct http_request *request_borrow(struct http_server *s, struct conn *c)
{
    struct http_request *rq = s->free_requests;
    if (rq) {
        s->free_requests = rq->next_free;
        s->n_free_requests--;
    } else {
        rq = NEW(struct http_request);
        buf_init(&rq->in);
        buf_init(&rq->out);
        buf_init(&rq->headers);
        rq->server = s;
    }
    rq->conn = c;
    rq->next_free = NULL;
    buf_clear(&rq->in);
    buf_clear(&rq->out);
    rq->out_sent = rq->next = 0;
    request_reset(rq);
    return rq;
}

void request_reset(struct http_request *rq)
{
    if (rq->next) {
        /* What came behind the last request moves to the front. */
        memmove(rq->in.p, rq->in.p + rq->next, rq->in.n - rq->next);
        rq->in.n -= rq->next;
        rq->next = 0;
    }
    http_head_init(&rq->head);
    buf_clear(&rq->headers);
    rq->match = (struct route_match){0};
    rq->query = (struct str){0};
    rq->path = NULL;
    rq->id[0] = 0;
    rq->on_abandon = NULL;
    rq->abandon_arg = NULL;
    rq->continued = rq->is_head = false;
    rq->language = 0;
}

static void request_free(struct http_request *rq)
{
    buf_deinit(&rq->in);
    buf_deinit(&rq->out);
    buf_deinit(&rq->headers);
    arena_free(&rq->arena);
    free(rq);
}

static void shrink(struct buf *b)
{
    if (b->cap > KEEP_BUFFER_BYTES)
        buf_deinit(b);
}

void request_return(struct http_request *rq)
{
    struct http_server *s = rq->server;
    rq->conn = NULL;
    if (!s->loop || s->n_free_requests >= FREE_REQUESTS_MAX) {
        request_free(rq);
        server_release(s);
        return;
    }
    shrink(&rq->in);
    shrink(&rq->out);
    if (rq->arena)
        arena_reset(rq->arena);
    rq->next_free = s->free_requests;
    s->free_requests = rq;
    s->n_free_requests++;
}

void server_release(struct http_server *s)
{
    if (s->loop || s->in_hand)
        return;
    while (s->free_requests) {
        struct http_request *rq = s->free_requests;
        s->free_requests = rq->next_free;
        request_free(rq);
    }
    routes_free(&s->routes);
    buf_deinit(&s->extra_headers);
    buf_deinit(&s->common);
    buf_deinit(&s->json);
    free(s->scratch);
    free(s);
}

void request_detach(struct http_request *rq)
{
    rq->conn->rq = NULL;
    rq->conn = NULL;
    if (!rq->owed) {
        request_return(rq);
        return;
    }
    loop_fn *fn = rq->on_abandon;
    rq->on_abandon = NULL;
    if (fn)
        fn(rq->abandon_arg);
}

/* --- what a handler may ask ------------------------------------------------------------------ */

/* The byte behind a parsed span is a separator that nobody reads again. */
static const char *span_z(const struct http_request *rq, struct http_span s)
{
    rq->in.p[s.at + s.n] = 0;
    return rq->in.p + s.at;
}

const char *http_method(const struct http_request *rq)
{
    return span_z(rq, rq->head.method);
}

const char *http_path(const struct http_request *rq)
{
    return rq->path;
}

const struct http_route *http_route_of(const struct http_request *rq)
{
    return rq->match.route;
}

const char *http_param(const struct http_request *rq, const char *name)
{
    return route_param(&rq->match, name);
}

const char *http_query(const struct http_request *rq, const char *name)
{
    struct str value;
    if (!query_locate(rq->query, name, &value))
        return NULL;
    char *out = ARENA_ARRAY(rq->arena, char, value.n + 1);
    return http_decode(value, true, out) ? out : NULL;
}

const char *http_header(const struct http_request *rq, const char *name)
{
    size_t n = strlen(name);
    for (int i = 0; i < rq->head.n_fields; i++) {
        const struct http_field *f = &rq->head.fields[i];
        if (f->name.n == n && strncasecmp(rq->in.p + f->name.at, name, n) == 0)
            return span_z(rq, f->value);
    }
    return NULL;
}

struct str http_body(const struct http_request *rq)
{
    return (struct str){rq->in.p + rq->head.bytes, rq->body_end - rq->head.bytes};
}

bool http_wants_chinese(const struct http_request *rq)
{
    const char *accept = http_header(rq, "Accept-Language");
    return !accept || !http_language_is_english(accept);
}

const char *http_request_id(const struct http_request *rq)
{
    struct http_request *w = (struct http_request *)rq; /* the id is made when first asked for */
    if (!w->id[0])
        snprintf(w->id, sizeof w->id, "%012llx%08x",
                 (unsigned long long)(w->server->id_prefix & 0xffffffffffff),
                 ++w->server->id_count);
    return w->id;
}

void *http_server_arg(const struct http_request *rq)
{
    return rq->server->arg;
}

void http_allow_ms(struct http_request *rq, int64_t answer_ms)
{
    if (rq->conn && rq->owed)
        wait_for_ms(rq->conn, WAIT_LONG, answer_ms);
}

void http_on_abandon(struct http_request *rq, loop_fn *fn, void *arg)
{
    rq->on_abandon = fn;
    rq->abandon_arg = arg;
}

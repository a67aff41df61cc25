#include "http_priv.h"

#include <stdio.h>

#include "base/mem.h"

static void orphan(struct http_stream *st)
{
    st->conn = NULL;
    DL_APPEND(st->server->orphans, st);
    server_kick(st->server);
}

static void begin(struct http_stream *st, struct http_request *rq, const char *content_type)
{
    struct conn *c = rq->conn;
    c->close_after = true; /* after a long answer the connection has served its time */
    st->chunked = rq->head.minor == 1;
    answer_head(rq, 200, content_type, -1);
    buf_add_str(&rq->out, st->chunked ? STR("Transfer-Encoding: chunked\r\n\r\n") : STR("\r\n"));
    if (rq->is_head) {
        orphan(st);
        return;
    }
    st->conn = c;
    c->stream = st;
    c->state = CONN_STREAM;
    wait_for(c, WAIT_STREAM);
}

struct http_stream *http_stream_begin(struct http_request *rq, const char *content_type,
                                      loop_fn *on_close, void *arg)
{
    struct http_stream *st = NEW(struct http_stream);
    st->server = rq->server;
    st->on_close = on_close;
    st->arg = arg;
    if (rq->conn && !rq->conn->dead)
        begin(st, rq, content_type);
    else if (rq->server->loop)
        orphan(st);
    answer_end(rq, 200);
    return st;
}

void stream_closed(struct http_stream *st)
{
    st->conn = NULL;
    st->closing = true;
    if (st->on_close)
        st->on_close(st->arg);
    free(st);
}

static void forget_sent(struct http_request *rq)
{
    if (rq->out_sent == 0)
        return;
    memmove(rq->out.p, rq->out.p + rq->out_sent, rq->out.n - rq->out_sent);
    rq->out.n -= rq->out_sent;
    rq->out_sent = 0;
}

void http_stream_write(struct http_stream *st, struct str bytes)
{
    struct conn *c = st->conn;
    if (!c || c->dead || bytes.n == 0)
        return;
    struct buf *out = &c->rq->out;
    bool was_empty = out->n == c->rq->out_sent;
    if (out->n - c->rq->out_sent + bytes.n > STREAM_WAITING_MAX) {
        conn_die(c); /* it will be told by on_close */
        return;
    }
    if (out->n + bytes.n > STREAM_WAITING_MAX)
        forget_sent(c->rq);
    if (st->chunked) {
        char size[24];
        int n = snprintf(size, sizeof size, "%zx\r\n", bytes.n);
        buf_add(out, size, (size_t)n);
    }
    buf_add_str(out, bytes);
    if (st->chunked)
        buf_add_str(out, STR("\r\n"));
    if (was_empty && !c->rq->handling)
        conn_push(c);
}

void http_stream_end(struct http_stream **s)
{
    struct http_stream *st = *s;
    *s = NULL;
    if (!st || st->closing)
        return;
    struct conn *c = st->conn;
    if (c) {
        c->stream = NULL;
        c->state = CONN_WRITING;
        if (st->chunked)
            buf_add_str(&c->rq->out, STR("0\r\n\r\n"));
        if (!c->rq->handling)
            conn_push(c);
    } else if (st->server && st->server->loop) {
        DL_DELETE(st->server->orphans, st);
    }
    free(st);
}

#include "http_priv.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "metrics/metrics.h"

static void on_event(void *arg, int what);

void conn_new(struct http_server *s, int fd)
{
    struct conn *c = NEW(struct conn);
    c->server = s;
    c->fd = fd;
    c->wait = WAIT_N;
    c->watch = watch_new(s->loop, fd, on_event, c);
    watch_set(c->watch, c->watching = WATCH_READ);
    wait_for(c, WAIT_IDLE);
    s->n_connections++;
    metrics_add(METRIC_http_connections, 1);
}

void conn_free(struct conn *c)
{
    struct http_server *s = c->server;
    wait_remove(c);
    if (c->noted)
        DL_DELETE2(s->attention, c, attn_prev, attn_next);
    watch_free(&c->watch);
    close(c->fd);
    s->n_connections--;
    metrics_add(METRIC_http_connections, -1);
    /* Last, because these may run callbacks. */
    struct http_request *rq = c->rq;
    struct http_stream *st = c->stream;
    if (rq)
        request_detach(rq);
    free(c);
    if (st)
        stream_closed(st);
}

static void note(struct conn *c)
{
    if (!c->noted)
        DL_APPEND2(c->server->attention, c, attn_prev, attn_next);
    c->noted = true;
    server_kick(c->server);
}

void conn_die(struct conn *c)
{
    c->dead = true;
    note(c);
}

static bool has_output(const struct conn *c)
{
    return c->rq && c->rq->out.n > c->rq->out_sent;
}

static void watch_as_needed(struct conn *c, bool read)
{
    int what = (read ? WATCH_READ : 0) | (has_output(c) ? WATCH_WRITE : 0);
    if (what != c->watching)
        watch_set(c->watch, c->watching = (unsigned char)what);
}

/* No new request is read while an answer waits to be sent: a client that does not read must not
   fill our memory. A waiting handler's or a stream's client is watched, to see it leave. */
static void watch_by_state(struct conn *c)
{
    bool read = c->state == CONN_HANDLING || c->state == CONN_STREAM || c->state == CONN_LINGER ||
                (c->state != CONN_WRITING && !has_output(c));
    watch_as_needed(c, read && !c->left);
}

/* --- writing --------------------------------------------------------------------------------- */

/* True when nothing is left to send. */
static bool flush(struct conn *c)
{
    struct http_request *rq = c->rq;
    while (rq->out_sent < rq->out.n) {
        ssize_t n = send(c->fd, rq->out.p + rq->out_sent, rq->out.n - rq->out_sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            if (errno != EAGAIN)
                conn_die(c);
            return false;
        }
        rq->out_sent += (size_t)n;
    }
    buf_clear(&rq->out);
    rq->out_sent = 0;
    return true;
}

static void end_exchange(struct conn *c, enum conn_state state)
{
    struct http_request *rq = c->rq;
    c->rq = NULL;
    c->state = (unsigned char)state;
    request_return(rq);
}

/* A close with input unread would reset the connection, and the client might lose the answer. */
static void linger(struct conn *c)
{
    end_exchange(c, CONN_LINGER);
    shutdown(c->fd, SHUT_WR);
    wait_for(c, WAIT_LINGER);
}

static void answer_is_out(struct conn *c)
{
    struct http_request *rq = c->rq;
    if (c->close_after) {
        bool unread = c->linger || rq->next < rq->in.n;
        if (unread && !c->left)
            linger(c);
        else
            conn_die(c);
    } else if (rq->next < rq->in.n) {
        c->state = CONN_HEAD;
        request_reset(rq);
        wait_for(c, WAIT_REQUEST);
        c->more_input = true;
        note(c);
    } else {
        end_exchange(c, CONN_IDLE);
        wait_for(c, WAIT_IDLE);
    }
}

void conn_push(struct conn *c)
{
    if (c->dead)
        return;
    bool all = flush(c);
    if (all && c->state == CONN_WRITING)
        answer_is_out(c);
    else if (c->state == CONN_WRITING && c->wait != WAIT_WRITE)
        wait_for(c, WAIT_WRITE);
    if (!c->dead)
        watch_by_state(c);
}

/* --- reading --------------------------------------------------------------------------------- */

static bool refuse(struct conn *c, struct problem p, const char *why)
{
    dispatch_begin(c->rq);
    c->close_after = c->linger = true;
    answer_fixed_problem(c->rq, &p, why);
    c->rq->handling = false;
    c->state = CONN_WRITING;
    return false;
}

static bool refuse_parse(struct conn *c, enum http_parse r, const char *why, enum err large)
{
    if (r == HTTP_PARSE_VERSION)
        return refuse(c, problem_version, why);
    if (r == HTTP_PARSE_LARGE)
        return refuse(c, large ? problem_of(large) : problem_header_large, why);
    return refuse(c, problem_of(ERR_BAD_REQUEST), why);
}

static bool wait_for_more(struct conn *c)
{
    if (c->wait != WAIT_REQUEST)
        wait_for(c, WAIT_REQUEST); /* once: what trickles in does not move it */
    return false;
}

/* Each of the following returns whether there may be more to do with what was read. */
static bool on_head(struct conn *c)
{
    struct http_request *rq = c->rq;
    struct http_head *h = &rq->head;
    enum http_parse r = http_head_parse(h, rq->in.p, rq->in.n, c->server->o.max_header_bytes);
    if (r == HTTP_PARSE_MORE)
        return wait_for_more(c);
    if (r != HTTP_PARSE_DONE)
        return refuse_parse(c, r, h->why, ERR_OK);
    if (h->content_length > (int64_t)c->server->o.max_body_bytes)
        return refuse(c, problem_of(ERR_TOO_LARGE), NULL);
    http_chunks_init(&rq->chunks);
    rq->raw = rq->body_end = h->bytes;
    c->state = CONN_BODY;
    return true;
}

static bool on_whole_request(struct conn *c)
{
    struct http_request *rq = c->rq;
    c->state = CONN_HANDLING;
    c->close_after = !rq->head.keep_alive || c->left;
    c->linger = false;
    dispatch_begin(rq);
    dispatch(rq);
    rq->handling = false;
    if (rq->owed) {
        if (c->wait != WAIT_LONG)
            wait_for(c, WAIT_ANSWER);
        return false;
    }
    if (c->state == CONN_STREAM)
        return false;
    c->state = CONN_WRITING;
    enum { GATHER_BYTES = 16 * 1024 };
    if (c->close_after || rq->next >= rq->in.n || rq->out.n > GATHER_BYTES)
        return false;
    /* Pipelined: gather the answers of what lies here already. */
    c->state = CONN_HEAD;
    request_reset(rq);
    wait_for(c, WAIT_REQUEST);
    return true;
}

static void say_continue(struct conn *c)
{
    struct http_request *rq = c->rq;
    if (!rq->head.expect_continue || rq->continued)
        return;
    rq->continued = true;
    buf_add_str(&rq->out, STR("HTTP/1.1 100 Continue\r\n\r\n"));
}

static bool on_chunked_body(struct conn *c)
{
    struct http_request *rq = c->rq;
    enum http_parse r = http_chunks_feed(&rq->chunks, rq->in.p, rq->in.n, &rq->raw, &rq->body_end,
                                         rq->head.bytes + c->server->o.max_body_bytes);
    if (r == HTTP_PARSE_MORE) {
        rq->in.n = rq->raw = rq->body_end;
        say_continue(c);
        return wait_for_more(c);
    }
    if (r != HTTP_PARSE_DONE)
        return refuse_parse(c, r, rq->chunks.why, ERR_TOO_LARGE);
    rq->next = rq->raw;
    return on_whole_request(c);
}

static bool on_body(struct conn *c)
{
    struct http_request *rq = c->rq;
    if (rq->head.chunked)
        return on_chunked_body(c);
    size_t length = rq->head.content_length > 0 ? (size_t)rq->head.content_length : 0;
    size_t whole = rq->head.bytes + length;
    if (rq->in.n < whole) {
        say_continue(c);
        return wait_for_more(c);
    }
    rq->body_end = rq->next = whole;
    return on_whole_request(c);
}

static void on_input(struct conn *c)
{
    bool more = true;
    while (more)
        more = c->state == CONN_HEAD ? on_head(c) : c->state == CONN_BODY ? on_body(c) : false;
    if (has_output(c))
        conn_push(c);
    else
        watch_by_state(c);
}

/* Room for the next read; memory follows what has come, not what was announced. */
static size_t read_size(const struct http_request *rq, int state)
{
    enum { STEP_BYTES = 4 * 1024 - 1, WORTH_BYTES = 1024 }; /* and its NUL: 4 KiB */
    if (state == CONN_BODY && !rq->head.chunked) {
        size_t missing = rq->head.bytes + (size_t)rq->head.content_length - rq->in.n;
        return missing < READ_BYTES ? missing : READ_BYTES;
    }
    size_t spare = rq->in.cap > rq->in.n ? rq->in.cap - rq->in.n - 1 : 0;
    if (spare < WORTH_BYTES)
        return STEP_BYTES;
    return spare < READ_BYTES ? spare : READ_BYTES;
}

static void read_request(struct conn *c)
{
    if (!c->rq)
        c->rq = request_borrow(c->server, c);
    struct buf *in = &c->rq->in;
    size_t room = read_size(c->rq, c->state);
    buf_reserve(in, room);
    ssize_t n = recv(c->fd, in->p + in->n, room, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        if (c->state == CONN_IDLE)
            end_exchange(c, CONN_IDLE);
        return;
    }
    if (n <= 0) {
        conn_die(c);
        return;
    }
    in->n += (size_t)n;
    in->p[in->n] = 0;
    if (c->state == CONN_IDLE)
        c->state = CONN_HEAD;
    on_input(c);
}

/* While the handler works the request's buffer must not move, so what comes is only looked at:
   more requests wait in the kernel, and the end means that the client has left. (It might have
   closed one direction only, so the answer is tried all the same.) */
static void look_for_leaving(struct conn *c)
{
    char byte;
    ssize_t n = recv(c->fd, &byte, 1, MSG_PEEK);
    if (n < 0) {
        if (errno != EAGAIN && errno != EINTR)
            conn_die(c);
        return;
    }
    if (n > 0) {
        watch_as_needed(c, false);
        return;
    }
    c->left = c->close_after = true;
    watch_by_state(c);
    loop_fn *fn = c->rq->on_abandon;
    c->rq->on_abandon = NULL;
    if (fn)
        fn(c->rq->abandon_arg);
}

static void read_away(struct conn *c)
{
    ssize_t n = recv(c->fd, c->server->scratch, READ_BYTES, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0)
        c->linger_bytes += (size_t)n;
    if (n <= 0 || c->linger_bytes > LINGER_BYTES)
        conn_die(c);
}

static void on_event(void *arg, int what)
{
    struct conn *c = arg;
    if ((what & WATCH_WRITE) && (c->watching & WATCH_WRITE))
        conn_push(c);
    if (!c->dead && (what & WATCH_READ) && (c->watching & WATCH_READ)) {
        if (c->state == CONN_HANDLING)
            look_for_leaving(c);
        else if (c->state == CONN_STREAM || c->state == CONN_LINGER)
            read_away(c);
        else
            read_request(c);
    }
    if (c->dead)
        conn_free(c);
}

void conn_work(struct conn *c)
{
    DL_DELETE2(c->server->attention, c, attn_prev, attn_next);
    c->noted = false;
    bool more = c->more_input;
    c->more_input = false;
    if (!c->dead && more)
        on_input(c);
    if (c->dead)
        conn_free(c);
}

/* --- deadlines ------------------------------------------------------------------------------- */

/* The handler keeps its request, whose answer will be dropped; the client gets this one. */
static void answer_for_handler(struct conn *c)
{
    struct http_request *late = c->rq, *rq = request_borrow(c->server, c);
    rq->language = http_wants_chinese(late) ? 'z' : 'e';
    rq->is_head = late->is_head;
    memcpy(rq->id, http_request_id(late), sizeof rq->id);
    if (has_output(c)) /* of pipelined requests before it */
        buf_add(&rq->out, late->out.p + late->out_sent, late->out.n - late->out_sent);
    request_detach(late);
    c->rq = rq;
    refuse(c, problem_of(ERR_UNKNOWN_OUTCOME), "the answer took too long");
    conn_push(c);
}

void conn_expired(struct conn *c)
{
    if (c->wait == WAIT_ANSWER || c->wait == WAIT_LONG) {
        answer_for_handler(c);
    } else if (c->wait == WAIT_REQUEST && c->rq) {
        refuse(c, problem_of(ERR_TIMEOUT), NULL);
        flush(c);
        c->dead = true; /* no lingering: it has had its time */
    } else {
        c->dead = true;
    }
    if (c->dead)
        conn_free(c);
}

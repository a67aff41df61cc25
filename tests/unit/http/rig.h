/* A server on a loop in a thread of its own; the test is its client, over real sockets. */
#ifndef LINLI_TESTS_HTTP_RIG_H
#define LINLI_TESTS_HTTP_RIG_H

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "http/http.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
enum { HELD_MAX = 64, PATIENCE_MS = 10000 };

struct rig {
    struct loop *loop;
    struct http_server *server;
    pthread_t thread;
    struct timer *later;
    struct http_request *held[HELD_MAX]; /* the loop's thread only */
    int n_held;
    struct http_stream *stream;
    bool hold; /* keep what is held until release_held */
    char big[256 * 1024];
    int port;
    atomic_int calls, holding, abandoned, closed, streams, done;
};

/* --- handlers -------------------------------------------------------------------------------- */

static inline void say_hello(struct http_request *rq, void *arg)
{
    ((struct rig *)arg)->calls++;
    http_answer(rq, 200, "text/plain", STR("hello"));
}

static inline void say_back(struct http_request *rq, void *arg)
{
    ((struct rig *)arg)->calls++;
    http_answer(rq, 200, "text/plain", http_body(rq));
}

static inline void answer_held(void *arg)
{
    struct rig *r = arg;
    int n = r->n_held;
    r->n_held = 0;
    for (int i = 0; i < n; i++) {
        struct str body = http_body(r->held[i]);
        http_answer(r->held[i], 202, "text/plain", body.n ? body : str_of(http_path(r->held[i])));
        r->holding--;
    }
    r->done++;
}

static inline void count_abandoned(void *arg)
{
    ((struct rig *)arg)->abandoned++;
}

static inline void hold(struct http_request *rq, void *arg)
{
    struct rig *r = arg;
    r->calls++;
    r->held[r->n_held++] = rq;
    r->holding++;
    http_on_abandon(rq, count_abandoned, r);
    if (!r->hold || r->n_held == HELD_MAX)
        timer_set(r->later, 1);
}

static inline void tell_params(struct http_request *rq, void *arg)
{
    char text[512];
    ((struct rig *)arg)->calls++;
    const char *id = http_param(rq, "id"), *file = http_param(rq, "file"), *q = http_query(rq, "q");
    snprintf(text, sizeof text, "%s %s|%s|%s|%s|%s", http_method(rq), http_route_of(rq)->path,
             id ? id : "-", file ? file : "-", q ? q : "-",
             http_param(rq, "nothing") ? "?" : http_path(rq));
    http_answer_header(rq, "X-Agent",
                       http_header(rq, "user-AGENT") ? http_header(rq, "user-AGENT") : "none");
    http_answer(rq, 200, "text/plain; charset=utf-8", str_of(text));
}

static inline void refuse_field(struct http_request *rq, void *arg)
{
    struct errbuf eb;
    ((struct rig *)arg)->calls++;
    enum err e = err_field(&eb, "/text", "must be \"text\", not\t%s", "\\");
    http_problem_with(rq, e, &eb, STR("[{\"pointer\":\"/text\"}]"));
}

static inline void fail_inside(struct http_request *rq, void *arg)
{
    struct errbuf eb;
    ((struct rig *)arg)->calls++;
    http_problem(rq, err_set(&eb, ERR_STORE_DOWN, "secret detail"), &eb);
}

static inline void send_big(struct http_request *rq, void *arg)
{
    struct rig *r = arg;
    r->calls++;
    http_answer(rq, 200, "text/plain", (struct str){r->big, sizeof r->big});
}

static inline void count_closed(void *arg)
{
    struct rig *r = arg;
    r->stream = NULL;
    r->closed++;
}

static inline void stream(struct http_request *rq, void *arg)
{
    struct rig *r = arg;
    r->calls++;
    r->stream = http_stream_begin(rq, "text/event-stream", count_closed, r);
    http_stream_write(r->stream, STR(": hi\n\n"));
    r->streams++;
}

static inline void stop_from_inside(struct http_request *rq, void *arg)
{
    struct rig *r = arg;
    r->calls++;
    http_stop_accepting(r->server);
    http_answer(rq, 200, "text/plain", STR("stopped"));
}

static const struct http_route rig_routes[] = {
    {"POST", "/stop", stop_from_inside, ""},
    {"GET", "/hello", say_hello, ""},
    {"POST", "/echo", say_back, ""},
    {"POST", "/later", hold, ""},
    {"GET", "/later", hold, ""},
    {"PUT", "/hello", say_hello, ""},
    {"GET", "/items/{id}", tell_params, ""},
    {"GET", "/items/new", tell_params, ""},
    {"GET", "/items/{id}/parts", tell_params, ""},
    {"DELETE", "/items/{id}", tell_params, ""},
    {"GET", "/files/{file...}", tell_params, ""},
    {"GET", "/", tell_params, ""},
    {"GET", "/field", refuse_field, ""},
    {"GET", "/inside", fail_inside, ""},
    {"GET", "/big", send_big, ""},
    {"GET", "/stream", stream, ""},
};

/* --- life ------------------------------------------------------------------------------------ */

static inline void *rig_run(void *arg)
{
    loop_run(((struct rig *)arg)->loop);
    return NULL;
}

static inline struct rig *rig_start(struct http_options o)
{
    struct rig *r = calloc(1, sizeof *r);
    struct errbuf eb = {0};
    memset(r->big, 'b', sizeof r->big);
    r->loop = loop_new();
    r->later = timer_new(r->loop, answer_held, r);
    if (http_server_new(r->loop, &o, rig_routes, N(rig_routes), r, &r->server, &eb))
        fail_msg("%s", eb.text);
    http_set_server_header(r->server, "X-Frame-Options", "SAMEORIGIN");
    http_set_server_header(r->server, "X-Frame-Options", "DENY");
    r->port = http_port(r->server);
    assert_int_equal(pthread_create(&r->thread, NULL, rig_run, r), 0);
    return r;
}

/* Run fn in the loop's thread and wait for it. */
struct rig_call {
    loop_fn *fn;
    void *arg;
    atomic_bool over;
};

static inline void rig_called(void *arg)
{
    struct rig_call *c = arg;
    c->fn(c->arg);
    c->over = true;
}

static inline void nap_ms(int ms)
{
    poll(NULL, 0, ms);
}

static inline void rig_do(struct rig *r, loop_fn *fn, void *arg)
{
    struct rig_call c = {.fn = fn, .arg = arg};
    loop_post(r->loop, rig_called, &c);
    while (!c.over)
        nap_ms(1);
}

static inline void rig_end(void *arg)
{
    struct rig *r = arg;
    http_server_free(&r->server);
    answer_held(r); /* after the server: must only be dropped */
    loop_stop(r->loop);
}

static inline void rig_stop(struct rig *r)
{
    loop_post(r->loop, rig_end, r);
    pthread_join(r->thread, NULL);
    timer_free(&r->later);
    loop_free(&r->loop);
    free(r);
}

static inline bool until(atomic_int *v, int at_least)
{
    for (int i = 0; i < PATIENCE_MS && *v < at_least; i++)
        nap_ms(1);
    return *v >= at_least;
}

/* --- the client ------------------------------------------------------------------------------ */

static inline int dial_small(int port, int receive_bytes)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval tv = {PATIENCE_MS / 1000, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
    if (receive_bytes)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        fail_msg("connect: %s", strerror(errno));
    return fd;
}

static inline int dial(struct rig *r)
{
    return dial_small(r->port, 0);
}

static inline bool say(int fd, struct str s)
{
    while (s.n) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        s.p += n;
        s.n -= (size_t)n;
    }
    return true;
}

struct reply {
    int status; /* 0: closed without one */
    char head[4096];
    char *body; /* in body_space */
    size_t body_n;
    char body_space[300 * 1024];
};

static inline const char *reply_header(const struct reply *r, const char *name_colon)
{
    static char value[256];
    const char *at = strcasestr(r->head, name_colon);
    if (!at)
        return NULL;
    at += strlen(name_colon);
    at += strspn(at, " ");
    snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\r"), at);
    return value;
}

/* One reply with a Content-Length; `head_only` for HEAD. Reads not a byte more. */
static inline struct reply *hear_part(int fd, bool head_only)
{
    static struct reply r;
    size_t n = 0;
    memset(&r, 0, offsetof(struct reply, body_space));
    r.body = r.body_space;
    while (n < sizeof r.head - 1 && (n < 4 || memcmp(r.head + n - 4, "\r\n\r\n", 4) != 0)) {
        ssize_t got = recv(fd, r.head + n, 1, 0);
        if (got <= 0)
            return &r;
        n++;
    }
    r.status = atoi(r.head + 9);
    const char *length = reply_header(&r, "Content-Length:");
    size_t want = length && !head_only ? (size_t)atol(length) : 0;
    while (r.body_n < want) {
        ssize_t got = recv(fd, r.body + r.body_n, want - r.body_n, 0);
        if (got <= 0)
            fail_msg("body cut off: %zu of %zu", r.body_n, want);
        r.body_n += (size_t)got;
    }
    r.body[r.body_n] = 0;
    return &r;
}

static inline struct reply *hear(int fd)
{
    return hear_part(fd, false);
}

static inline struct reply *ask(struct rig *r, const char *request)
{
    int fd = dial(r);
    assert_true(say(fd, str_of(request)));
    struct reply *reply = hear(fd);
    close(fd);
    return reply;
}

/* Nothing more comes, and the server closes. A reset is a close, too. */
static inline bool is_closed(int fd)
{
    char rest[4096];
    ssize_t n = recv(fd, rest, sizeof rest, 0);
    return n == 0 || (n < 0 && errno == ECONNRESET);
}

static inline void hang_up(int fd, bool reset)
{
    struct linger l = {1, 0};
    if (reset)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
    close(fd);
}

static inline void assert_alive(struct rig *r)
{
    assert_int_equal(ask(r, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200);
}

#endif

/* Load on POST /v1/messages: requests are made and signed beforehand, so that the generator costs
   little beside what it measures. Prints one line of JSON.

   bench_load closed PORT SECONDS CONNECTIONS BATCH RUN
   bench_load open   PORT SECONDS CONNECTIONS RATE  RUN [REDIS-SOCKET SHARDS]

   closed: each connection has one request under way. open: messages are due by the clock; latency
   counts from when a message was due, so that a stall is not forgiven (coordinated omission); with
   a Redis, the time until the decision of what opened a post can be read there, too. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/decided.h"
#include "bench/traffic.h"
#include "connect/connect.h"

#define SECRET "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="
/* Requests made for a closed run; when all are used, the run fails. */
#define CLOSED_MOST_PER_S 150000
#define BATCHED_MOST_PER_S 400000 /* messages, in batches */
#define CONNECTIONS_MOST 1024

struct request {
    size_t from, n;
};

struct connection {
    int fd, request; /* -1: idle */
    size_t sent, got;
    char in[65536];
};

struct run {
    bool open;
    int port, seconds, n_connections, batch;
    double rate;
    struct buf bytes;
    struct request *requests;
    int n_requests, next, answered, accepted, refused, lost;
    int64_t start_ns, *latency_ns; /* by request */
    struct connection *connections;
    int *idle, n_idle, epoll;
};

/* --- making --- */

static void add_body(const struct run *r, const char *name, int i, struct buf *body)
{
    if (r->batch > 1)
        buf_add_char(body, '[');
    for (int k = 0; k < r->batch; k++) {
        if (k)
            buf_add_char(body, ',');
        traffic_json(name, (uint64_t)i * (uint64_t)r->batch + (uint64_t)k, clock_now_ms(), body);
    }
    if (r->batch > 1)
        buf_add_char(body, ']');
}

static void make_request(struct run *r, const char *name, int i, struct buf *body)
{
    char id[64], signature[64];
    int64_t at = clock_now_ms() / 1000;
    buf_clear(body);
    add_body(r, name, i, body);
    snprintf(id, sizeof id, "%s-rq-%d", name, i);
    if (webhook_sign(SECRET, id, at, buf_str_borrow(body), signature))
        abort();
    r->requests[i].from = r->bytes.n;
    buf_addf(&r->bytes,
             "POST /v1/messages?bot=b HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: "
             "application/json\r\nwebhook-id: %s\r\nwebhook-timestamp: %lld\r\nwebhook-signature: "
             "%s\r\ncontent-length: %zu\r\n\r\n",
             id, (long long)at, signature, body->n);
    buf_add_str(&r->bytes, buf_str_borrow(body));
    r->requests[i].n = r->bytes.n - r->requests[i].from;
}

static void make_all(struct run *r, const char *name)
{
    struct buf body;
    buf_init(&body);
    r->n_requests =
        r->open ? (int)(r->rate * r->seconds) : CLOSED_MOST_PER_S / r->batch * r->seconds;
    r->requests = mem_new((size_t)r->n_requests * sizeof *r->requests);
    r->latency_ns = mem_new((size_t)r->n_requests * sizeof *r->latency_ns);
    for (int i = 0; i < r->n_requests; i++)
        make_request(r, name, i, &body);
    buf_deinit(&body);
}

/* --- connections --- */

static void die(const char *what)
{
    fprintf(stderr, "bench_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void dial(struct run *r, int i)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)r->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct connection *c = &r->connections[i];
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to))
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->request = -1;
    struct epoll_event ev = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
    epoll_ctl(r->epoll, EPOLL_CTL_ADD, c->fd, &ev);
    r->idle[r->n_idle++] = i;
}

static void watch(struct run *r, int i, bool write)
{
    struct epoll_event ev = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.u32 = (uint32_t)i};
    epoll_ctl(r->epoll, EPOLL_CTL_MOD, r->connections[i].fd, &ev);
}

static void send_more(struct run *r, int i)
{
    struct connection *c = &r->connections[i];
    const struct request *rq = &r->requests[c->request];
    ssize_t n = send(c->fd, r->bytes.p + rq->from + c->sent, rq->n - c->sent, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN)
        die("send");
    bool was_partial = c->sent > 0;
    c->sent += n > 0 ? (size_t)n : 0;
    if (c->sent < rq->n || was_partial)
        watch(r, i, c->sent < rq->n);
}

static void begin(struct run *r, int i, int64_t from_ns)
{
    struct connection *c = &r->connections[i];
    c->request = r->next++;
    c->sent = c->got = 0;
    r->latency_ns[c->request] = -from_ns;
    send_more(r, i);
}

/* The status when the answer is whole, else 0. */
static int answer_status(const struct connection *c)
{
    struct str s = {c->in, c->got};
    const char *end = memmem(s.p, s.n, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t head = (size_t)(end + 4 - s.p), length = 0;
    for (struct str rest = {s.p, head}; rest.n;) {
        struct str line = str_cut(&rest, '\n');
        if (line.n > 15 && !strncasecmp(line.p, "content-length:", 15))
            length = strtoul(line.p + 15, NULL, 10);
    }
    return s.n >= head + length ? atoi(s.p + 9) : 0;
}

static void on_input(struct run *r, int i, int64_t now)
{
    struct connection *c = &r->connections[i];
    ssize_t n = recv(c->fd, c->in + c->got, sizeof c->in - c->got, 0);
    if (n <= 0) {
        if (n < 0 && errno == EAGAIN)
            return;
        errno = n ? errno : ECONNRESET;
        die("recv");
    }
    c->got += (size_t)n;
    int status = c->request >= 0 ? answer_status(c) : 0;
    if (!status)
        return;
    r->latency_ns[c->request] += now;
    r->answered++;
    if (status == 202)
        r->accepted += r->batch;
    else
        r->refused += r->batch;
    c->request = -1;
    r->idle[r->n_idle++] = i;
}

/* --- running --- */

static void feed(struct run *r, int64_t now, bool more)
{
    while (r->n_idle && more && r->next < r->n_requests) {
        int64_t due = r->open ? r->start_ns + (int64_t)(r->next * (1e9 / r->rate)) : now;
        if (due > now)
            return;
        begin(r, r->idle[--r->n_idle], due);
    }
}

/* Until something comes, or the next message is due. */
static int wait_for(struct run *r, struct epoll_event events[256], bool polls)
{
    int64_t most = polls ? 200000 : 10000000;
    if (r->open && r->n_idle && r->next < r->n_requests) {
        int64_t due = r->start_ns + (int64_t)(r->next * (1e9 / r->rate)) - clock_monotonic_ns();
        most = due < 0 ? 0 : due < most ? due : most;
    }
    const struct timespec t = {.tv_nsec = most};
    return epoll_pwait2(r->epoll, events, 256, &t, NULL);
}

static void go(struct run *r, struct decided *d)
{
    struct epoll_event events[256];
    r->start_ns = clock_monotonic_ns();
    if (d)
        d->start_ns = r->start_ns;
    int64_t end = r->start_ns + r->seconds * INT64_C(1000000000);
    for (;;) {
        int64_t now = clock_monotonic_ns();
        bool more = r->open ? r->next < r->n_requests : now < end;
        feed(r, now, more);
        if ((!more && r->n_idle == r->n_connections) || now > end + INT64_C(10000000000))
            return;
        if (d)
            decided_look(d);
        int n = wait_for(r, events, d != NULL);
        now = clock_monotonic_ns();
        for (int k = 0; k < n; k++) {
            int i = (int)events[k].data.u32;
            if (events[k].events & EPOLLOUT)
                send_more(r, i);
            if (events[k].events & (EPOLLIN | EPOLLHUP))
                on_input(r, i, now);
        }
    }
}

/* --- telling --- */

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void tell_latency(const char *name, int64_t *v, size_t n)
{
    qsort(v, n, sizeof *v, by_value);
    printf(", \"%s_n\": %zu", name, n);
    if (n)
        printf(", \"%s_p50_ms\": %.3f, \"%s_p99_ms\": %.3f, \"%s_max_ms\": %.3f", name,
               (double)v[n / 2] / 1e6, name, (double)v[n * 99 / 100] / 1e6, name,
               (double)v[n - 1] / 1e6);
}

static void tell(struct run *r, struct decided *d, double seconds)
{
    int n = 0;
    for (int i = 0; i < r->next; i++)
        if (r->latency_ns[i] > 0)
            r->latency_ns[n++] = r->latency_ns[i];
    printf("{\"accepted\": %d, \"refused\": %d, \"unanswered\": %d, \"seconds\": %.3f, "
           "\"per_s\": %.0f",
           r->accepted, r->refused, r->next - r->answered, seconds, r->accepted / seconds);
    tell_latency("accept", r->latency_ns, (size_t)n);
    if (d)
        tell_latency("decide", decided_latencies(d), decided_count(d));
    printf("}\n");
}

/* Until no decision has come for a second. */
static void settle(struct decided *d)
{
    int64_t quiet = clock_monotonic_ms(), end = quiet + 30000;
    size_t n = d ? decided_count(d) : 0;
    while (d && clock_monotonic_ms() < end && clock_monotonic_ms() - quiet < 1000) {
        decided_look(d);
        if (decided_count(d) == n)
            continue;
        n = decided_count(d);
        quiet = clock_monotonic_ms();
    }
}

int main(int argc, char **argv)
{
    struct run r = {0};
    if (argc < 7) {
        fprintf(stderr, "usage: bench_load closed|open PORT SECONDS CONNECTIONS BATCH|RATE RUN\n");
        return 2;
    }
    r.open = !strcmp(argv[1], "open");
    r.port = atoi(argv[2]);
    r.seconds = atoi(argv[3]);
    r.n_connections = atoi(argv[4]);
    r.batch = r.open ? 1 : atoi(argv[5]);
    r.rate = r.open ? atof(argv[5]) : 0;
    r.epoll = epoll_create1(0);
    r.connections = mem_new((size_t)r.n_connections * sizeof *r.connections);
    r.idle = mem_new((size_t)r.n_connections * sizeof *r.idle);
    make_all(&r, argv[6]);
    for (int i = 0; i < r.n_connections; i++)
        dial(&r, i);
    struct decided *d =
        argc > 8 ? decided_new(argv[7], atoi(argv[8]), argv[6], r.rate, r.n_requests) : NULL;
    go(&r, d);
    double seconds = (double)(clock_monotonic_ns() - r.start_ns) / 1e9;
    settle(d);
    tell(&r, d, seconds);
    if (!r.open && r.next == r.n_requests) {
        fprintf(stderr, "bench_load: all requests made beforehand were used: make more\n");
        return 3;
    }
    return r.accepted == 0;
}

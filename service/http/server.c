#include "http_priv.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

/* --- listening ------------------------------------------------------------------------------- */

static void socket_option(int fd, int level, int name)
{
    int one = 1;
    (void)setsockopt(fd, level, name, &one, sizeof one);
}

/* On Linux what is accepted inherits these. The last ends a connection whose client has vanished
   while bytes for it wait: a stream has no deadline of ours. */
static void set_inherited(int fd, int64_t idle_ms)
{
    unsigned give_up_ms = (unsigned)idle_ms;
    socket_option(fd, IPPROTO_TCP, TCP_NODELAY);
    socket_option(fd, SOL_SOCKET, SO_KEEPALIVE);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_ms, sizeof give_up_ms);
}

/* The loops of a process share an address (SO_REUSEPORT). Its first takes it alone, and only then
   lets others in: a second daemon set to the same address would silently get half of what is sent.
 */
static int listen_at(const struct addrinfo *ai, bool shared, int64_t idle_ms)
{
    enum { BACKLOG = 4096 };
    int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    socket_option(fd, SOL_SOCKET, SO_REUSEADDR);
    if (shared)
        socket_option(fd, SOL_SOCKET, SO_REUSEPORT);
    set_inherited(fd, idle_ms);
    bool bound = bind(fd, ai->ai_addr, ai->ai_addrlen) == 0;
    socket_option(fd, SOL_SOCKET, SO_REUSEPORT);
    if (bound && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static int bound_port(int fd)
{
    struct sockaddr_storage a = {0};
    socklen_t n = sizeof a;
    if (getsockname(fd, (struct sockaddr *)&a, &n) != 0)
        return 0;
    return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port
                                         : ((struct sockaddr_in *)&a)->sin_port);
}

static enum err start_listening(struct http_server *s, struct errbuf *eb)
{
    char port[16];
    snprintf(port, sizeof port, "%d", s->o.port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *ai = NULL;
    int bad = getaddrinfo(s->o.address, port, &hints, &ai);
    if (!bad)
        s->listen_fd = listen_at(ai, s->o.shared, s->o.idle_ms);
    const char *why = bad ? gai_strerror(bad) : strerror(errno);
    if (ai)
        freeaddrinfo(ai);
    if (s->listen_fd < 0)
        return err_set(eb, ERR_INTERNAL, "cannot listen on %s port %d: %s", s->o.address, s->o.port,
                       why);
    s->port = bound_port(s->listen_fd);
    return ERR_OK;
}

static void accept_again(void *arg)
{
    struct http_server *s = arg;
    if (s->listener)
        watch_set(s->listener, WATCH_READ);
}

/* Out of descriptors or memory the listener stays readable: without a pause the loop would spin. */
static void pause_accepting(struct http_server *s, int why)
{
    enum { PAUSE_MS = 100 };
    int64_t now = loop_now_ms(s->loop);
    if (!s->emfile_logged_ms || now - s->emfile_logged_ms > MINUTE_MS) {
        s->emfile_logged_ms = now;
        log_error("http: cannot accept: %s; pausing with %d connections open", strerror(why),
                  s->n_connections);
    }
    watch_set(s->listener, 0);
    timer_set(s->accept_again, PAUSE_MS);
}

/* What accept(2) passes on of a connection that failed meanwhile. */
static bool is_passing(int e)
{
    return e == EINTR || e == ECONNABORTED || e == EPROTO || e == EPERM || e == ENETDOWN ||
           e == EHOSTUNREACH || e == ENETUNREACH || e == ENOPROTOOPT || e == EHOSTDOWN ||
           e == EOPNOTSUPP || e == ENONET;
}

static void on_listener(void *arg, int what)
{
    enum { AT_ONCE = 64 };
    struct http_server *s = arg;
    (void)what;
    for (int i = 0; i < AT_ONCE; i++) {
        int fd = accept4(s->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && errno == EAGAIN)
            return;
        if (fd < 0 && !is_passing(errno)) {
            pause_accepting(s, errno);
            return;
        }
        if (fd >= 0 && s->n_connections >= s->o.max_connections)
            close(fd);
        else if (fd >= 0)
            conn_new(s, fd);
    }
}

/* --- the kick -------------------------------------------------------------------------------- */

static void kick(void *arg)
{
    struct http_server *s = arg;
    s->kick_set = false;
    int n = 0;
    struct conn *c;
    DL_COUNT2(s->attention, c, n, attn_next);
    /* Only these: what is noted meanwhile gets its turn after the others. */
    while (n-- > 0 && s->attention)
        conn_work(s->attention);
    while (s->orphans) {
        struct http_stream *st = s->orphans;
        DL_DELETE(s->orphans, st);
        stream_closed(st);
    }
}

void server_kick(struct http_server *s)
{
    if (s->kick_set)
        return;
    s->kick_set = true;
    timer_set(s->kick, 0);
}

/* --- life ------------------------------------------------------------------------------------ */

static void set_default(int64_t *v, int64_t d)
{
    if (*v <= 0)
        *v = d;
}

static struct http_options with_defaults(struct http_options o)
{
    if (!o.address)
        o.address = "127.0.0.1";
    if (o.max_connections <= 0)
        o.max_connections = 12000;
    if (!o.max_body_bytes)
        o.max_body_bytes = 1 << 20;
    if (!o.max_header_bytes)
        o.max_header_bytes = 16 * 1024;
    set_default(&o.request_ms, 10 * SECOND_MS);
    set_default(&o.idle_ms, 75 * SECOND_MS);
    set_default(&o.answer_ms, 15 * SECOND_MS);
    return o;
}

enum err http_server_new(struct loop *l, const struct http_options *o,
                         const struct http_route *routes, int n_routes, void *arg,
                         struct http_server **server_r, struct errbuf *eb)
{
    struct http_server *s = NEW(struct http_server);
    s->o = with_defaults(*o);
    s->listen_fd = -1;
    *server_r = NULL;
    enum err e = start_listening(s, eb);
    if (e) {
        free(s);
        return e;
    }
    s->loop = l;
    s->arg = arg;
    s->routes = routes_new(routes, n_routes);
    s->scratch = mem_new(READ_BYTES);
    if (getrandom(&s->id_prefix, sizeof s->id_prefix, 0) != (ssize_t)sizeof s->id_prefix)
        s->id_prefix = (uint64_t)clock_now_ms();
    s->kick = timer_new(l, kick, s);
    s->sweep = timer_new(l, wait_sweep, s);
    s->accept_again = timer_new(l, accept_again, s);
    s->listener = watch_new(l, s->listen_fd, on_listener, s);
    watch_set(s->listener, WATCH_READ);
    s->common_s = -1;
    *server_r = s;
    return ERR_OK;
}

void http_stop_accepting(struct http_server *s)
{
    s->stopping = true;
    if (s->listener) {
        timer_clear(s->accept_again);
        watch_free(&s->listener);
        close(s->listen_fd);
        s->listen_fd = -1;
    }
    struct conn *c, *after;
    DL_FOREACH_SAFE(s->waiting[WAIT_IDLE], c, after)
    {
        /* Not the one whose handler may be calling us: its list changes when that returns. */
        if (c->state == CONN_IDLE)
            conn_free(c);
    }
}

void http_server_free(struct http_server **server)
{
    struct http_server *s = *server;
    if (!s)
        return;
    *server = NULL;
    http_stop_accepting(s);
    for (int k = 0; k < WAIT_N; k++)
        while (s->waiting[k])
            conn_free(s->waiting[k]);
    kick(s);
    timer_free(&s->kick);
    timer_free(&s->sweep);
    timer_free(&s->accept_again);
    s->loop = NULL;
    /* Handlers may still answer what they hold; the last answer frees the rest. */
    server_release(s);
}

int http_port(const struct http_server *s)
{
    return s->port;
}

int http_in_hand(const struct http_server *s)
{
    return s->in_hand;
}

/* --- headers of every answer ----------------------------------------------------------------- */

static void remove_line(struct buf *b, const char *name)
{
    size_t n = strlen(name), at = 0;
    while (at < b->n) {
        const char *lf = memchr(b->p + at, '\n', b->n - at);
        size_t line = (size_t)(lf - (b->p + at)) + 1;
        if (line > n && memcmp(b->p + at, name, n) == 0 && b->p[at + n] == ':') {
            memmove(b->p + at, b->p + at + line, b->n - at - line + 1);
            b->n -= line;
        } else {
            at += line;
        }
    }
}

void http_set_server_header(struct http_server *s, const char *name, const char *value)
{
    remove_line(&s->extra_headers, name);
    buf_addf(&s->extra_headers, "%s: %s\r\n", name, value);
    s->common_s = -1;
}

struct str server_common_headers(struct http_server *s)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t now_s = loop_now_ms(s->loop) / 1000; /* cheap: changes once a second */
    if (now_s != s->common_s) {
        s->common_s = now_s;
        struct civil t = civil_of_ms(clock_now_ms(), 0);
        buf_clear(&s->common);
        buf_addf(&s->common, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n",
                 days + 3 * t.weekday, t.day, months + 3 * (t.month - 1), t.year, t.hour, t.minute,
                 t.second);
        buf_add_str(&s->common, buf_str_borrow(&s->extra_headers));
    }
    return buf_str_borrow(&s->common);
}

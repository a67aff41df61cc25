/* The least that a durable webhook can cost: reads a request, XADDs its body as it is, answers 202
   when Redis has. No check of the signature, no JSON, no routes, no limits. A calibrator for one
   core, never a server.

   bench_bare PORT REDIS-SOCKET */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define LANES 4
#define CLIENTS_MOST 1024
#define FIRST_CLIENT (1 + LANES)

struct client {
    int fd;
    size_t got;
    char in[256 << 10];
};

struct lane { /* answers come in the order of the commands */
    int fd;
    struct buf out;
    size_t sent, got;
    int *waiting, first, last; /* clients, a ring */
    char in[64 << 10];
};

static struct client clients[CLIENTS_MOST];
static struct lane lanes[LANES];
static int n_clients, ep, listener;

static void add(int fd, int id)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.u32 = (uint32_t)id};
    fcntl(fd, F_SETFL, O_NONBLOCK);
    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static void open_lane(int i, const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    lanes[i].fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(lanes[i].fd, (struct sockaddr *)&to, sizeof to))
        abort();
    lanes[i].waiting = mem_new(CLIENTS_MOST * 4 * sizeof(int));
    buf_init(&lanes[i].out);
    add(lanes[i].fd, 1 + i);
}

static void open_listener(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 1024))
        abort();
    add(listener, 0);
}

static void on_accept(void)
{
    int on = 1, fd = accept(listener, NULL, NULL);
    if (fd < 0 || n_clients == CLIENTS_MOST)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    clients[n_clients].fd = fd;
    add(fd, FIRST_CLIENT + n_clients++);
}

static void xadd(int client, struct str body)
{
    struct lane *l = &lanes[client % LANES];
    buf_addf(&l->out,
             "*5\r\n$4\r\nXADD\r\n$%d\r\nbare:{s%02d}:log\r\n$1\r\n*\r\n$1\r\ne\r\n$%zu\r\n", 14,
             client % 64, body.n);
    buf_add_str(&l->out, body);
    buf_add_z(&l->out, "\r\n");
    l->waiting[l->last++ % (CLIENTS_MOST * 4)] = client;
}

static void on_client(int i)
{
    struct client *c = &clients[i];
    ssize_t n = recv(c->fd, c->in + c->got, sizeof c->in - c->got, 0);
    if (n <= 0) {
        if (!(n < 0 && errno == EAGAIN))
            close(c->fd);
        return;
    }
    c->got += (size_t)n;
    const char *end = memmem(c->in, c->got, "\r\n\r\n", 4);
    const char *length = end ? memmem(c->in, (size_t)(end - c->in), "content-length: ", 16) : NULL;
    if (!length)
        return;
    size_t head = (size_t)(end + 4 - c->in), body = strtoul(length + 16, NULL, 10);
    if (c->got < head + body)
        return;
    xadd(i, (struct str){c->in + head, body});
    c->got = 0;
}

static void on_lane(struct lane *l)
{
    static const char answer[] = "HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}";
    ssize_t n = recv(l->fd, l->in + l->got, sizeof l->in - l->got, 0);
    if (n <= 0)
        return;
    l->got += (size_t)n;
    size_t at = 0;
    for (;;) { /* "$15\r\n1700000000000-0\r\n" */
        const char *p = memchr(l->in + at, '\n', l->got - at);
        const char *q = p ? memchr(p + 1, '\n', l->got - (size_t)(p + 1 - l->in)) : NULL;
        if (!q)
            break;
        if (l->in[at] != '$')
            abort();
        int fd = clients[l->waiting[l->first++ % (CLIENTS_MOST * 4)]].fd;
        if (send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0 && errno != EPIPE)
            abort();
        at = (size_t)(q + 1 - l->in);
    }
    memmove(l->in, l->in + at, l->got - at);
    l->got -= at;
}

static void flush(struct lane *l)
{
    while (l->sent < l->out.n) {
        ssize_t n = send(l->fd, l->out.p + l->sent, l->out.n - l->sent, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        l->sent += (size_t)n;
    }
    buf_clear(&l->out);
    l->sent = 0;
}

int main(int argc, char **argv)
{
    struct epoll_event events[256];
    if (argc < 3)
        return 2;
    ep = epoll_create1(0);
    open_listener(atoi(argv[1]));
    for (int i = 0; i < LANES; i++)
        open_lane(i, argv[2]);
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        int n = epoll_wait(ep, events, 256, 1000);
        for (int k = 0; k < n; k++) {
            int id = (int)events[k].data.u32;
            if (!id)
                on_accept();
            else if (id < FIRST_CLIENT)
                on_lane(&lanes[id - 1]);
            else
                on_client(id - FIRST_CLIENT);
        }
        for (int i = 0; i < LANES; i++)
            flush(&lanes[i]);
        if (getppid() == 1) /* nobody is left to stop us */
            return 0;
    }
}

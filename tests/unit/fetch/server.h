/* A tiny HTTP server in a thread of the test, on loopback: it answers by the request's path, one
   connection after the other, and closes each. What it cannot do, libcurl is not asked to bear. */
#ifndef TESTS_UNIT_FETCH_SERVER_H
#define TESTS_UNIT_FETCH_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum server_end {
    SERVER_CLOSES,
    SERVER_HANGS, /* until the client has left */
};

struct server_row {
    const char *path;
    const char *answer; /* "" and SERVER_CLOSES: leaves without a word */
    enum server_end end;
};

static struct {
    const struct server_row *rows;
    int n, listener, port;
    pthread_t thread;
    atomic_int accepted;
    char request[8192]; /* the last; read it after its answer */
    size_t request_n;
} server;

static const struct server_row *server_row_of(const char *request)
{
    const char *path = strchr(request, ' ');
    for (int i = 0; path && i < server.n; i++) {
        size_t n = strlen(server.rows[i].path);
        if (!strncmp(path + 1, server.rows[i].path, n) && strchr(" ?", path[1 + n]))
            return &server.rows[i];
    }
    return NULL;
}

/* The whole head, and as much of a body as it announces. */
static void server_read_request(int fd)
{
    size_t n = 0, want = 1;
    while (n < want && n < sizeof server.request - 1) {
        ssize_t got = read(fd, server.request + n, sizeof server.request - 1 - n);
        if (got <= 0)
            break;
        n += (size_t)got;
        server.request[n] = 0;
        const char *end = strstr(server.request, "\r\n\r\n");
        const char *length = strcasestr(server.request, "\r\ncontent-length:");
        want = !end ? n + 1
               : length && length < end
                   ? (size_t)(end + 4 - server.request) + (size_t)atol(length + 17)
                   : n;
    }
    server.request_n = n;
    server.request[n] = 0;
}

static void server_write(int fd, const char *p)
{
    for (size_t left = strlen(p); left;) {
        ssize_t n = send(fd, p, left, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        p += n;
        left -= (size_t)n;
    }
}

static void server_serve(int fd)
{
    char rest[4096];
    server_read_request(fd);
    const struct server_row *row = server_row_of(server.request);
    if (row)
        server_write(fd, row->answer);
    if (row && row->end == SERVER_HANGS)
        while (read(fd, rest, sizeof rest) > 0)
            ;
    shutdown(fd, SHUT_WR); /* not a reset: what was written is read */
    close(fd);
}

static void *server_run(void *arg)
{
    (void)arg;
    for (int fd; (fd = accept(server.listener, NULL, NULL)) >= 0;) {
        atomic_fetch_add(&server.accepted, 1);
        server_serve(fd);
    }
    return NULL;
}

static void server_start(const struct server_row *rows, int n)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof a;
    server.rows = rows;
    server.n = n;
    server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server.listener < 0 || bind(server.listener, (struct sockaddr *)&a, sizeof a) ||
        listen(server.listener, 128) ||
        getsockname(server.listener, (struct sockaddr *)&a, &size) ||
        pthread_create(&server.thread, NULL, server_run, NULL))
        abort();
    server.port = ntohs(a.sin_port);
}

static void server_stop(void)
{
    shutdown(server.listener, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    close(server.listener);
}

#endif

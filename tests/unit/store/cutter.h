/* A proxy in front of Redis that cuts the connection on which MARK passes: after so many bytes of
   that request, or of what Redis answers from then on. */
#ifndef TEST_STORE_CUTTER_H
#define TEST_STORE_CUTTER_H

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>

#define MARK "cut-me"
#define PAIRS 32
#define NEVER (-1)

static struct cutter {
    char path[108], redis[108];
    int listener, n;
    pthread_t thread;
    atomic_int request, reply; /* bytes that still pass, or NEVER */
    atomic_bool stop;
    struct pair {
        int fds[2]; /* the store's, Redis' */
        int left;   /* bytes of replies until the cut, or NEVER */
    } pairs[PAIRS];
} cutter;

static int unix_socket(const char *path, bool listening)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    int bad = listening ? bind(fd, (struct sockaddr *)&a, sizeof a) || listen(fd, PAIRS)
                        : connect(fd, (struct sockaddr *)&a, sizeof a);
    if (bad)
        abort();
    return fd;
}

static void cut(struct pair *p)
{
    close(p->fds[0]);
    close(p->fds[1]);
    p->fds[0] = p->fds[1] = -1; /* poll passes over these */
}

/* How many of these bytes pass; the rest is lost with the connection. */
static ssize_t allow(struct pair *p, int from, const char *bytes, ssize_t n)
{
    if (from == 1)
        return p->left == NEVER || n < p->left ? n : p->left;
    if (!memmem(bytes, (size_t)n, MARK, strlen(MARK)))
        return n;
    int request = atomic_exchange(&cutter.request, NEVER);
    int reply = atomic_exchange(&cutter.reply, NEVER);
    if (reply != NEVER)
        p->left = reply;
    return request != NEVER && request < n ? request : n;
}

static void carry(struct pair *p, int from)
{
    static char bytes[1 << 16];
    ssize_t n = read(p->fds[from], bytes, sizeof bytes);
    ssize_t pass = n > 0 ? allow(p, from, bytes, n) : 0;
    bool failed = n <= 0 || send(p->fds[!from], bytes, (size_t)pass, MSG_NOSIGNAL) != pass;
    if (from == 1 && p->left != NEVER)
        p->left -= (int)pass;
    if (failed || pass < n || p->left == 0)
        cut(p);
}

static void take_in(void)
{
    int fd = accept(cutter.listener, NULL, NULL);
    for (struct pair *p = cutter.pairs; fd >= 0 && p < cutter.pairs + PAIRS; p++)
        if (p->fds[0] < 0) {
            *p = (struct pair){{fd, unix_socket(cutter.redis, false)}, NEVER};
            return;
        }
    abort();
}

static void *cutter_run(void *arg)
{
    struct pollfd polls[1 + 2 * PAIRS];
    while (!atomic_load(&cutter.stop)) {
        polls[0] = (struct pollfd){cutter.listener, POLLIN, 0};
        for (int i = 0; i < 2 * PAIRS; i++)
            polls[1 + i] = (struct pollfd){cutter.pairs[i / 2].fds[i % 2], POLLIN, 0};
        poll(polls, 1 + 2 * PAIRS, 20);
        for (int i = 0; i < 2 * PAIRS; i++)
            if (polls[1 + i].revents && cutter.pairs[i / 2].fds[i % 2] >= 0)
                carry(&cutter.pairs[i / 2], i % 2);
        if (polls[0].revents)
            take_in();
    }
    return arg;
}

/* The address for the store. */
static const char *cutter_start(const char *folder, const char *redis)
{
    static char address[128];
    cutter = (struct cutter){.request = NEVER, .reply = NEVER};
    snprintf(cutter.path, sizeof cutter.path, "%s/cut.sock", folder);
    snprintf(cutter.redis, sizeof cutter.redis, "%s", redis + strlen("unix:"));
    for (int i = 0; i < PAIRS; i++)
        cutter.pairs[i].fds[0] = cutter.pairs[i].fds[1] = -1;
    cutter.listener = unix_socket(cutter.path, true);
    if (pthread_create(&cutter.thread, NULL, cutter_run, NULL))
        abort();
    snprintf(address, sizeof address, "unix:%s", cutter.path);
    return address;
}

static void cutter_stop(void)
{
    atomic_store(&cutter.stop, true);
    pthread_join(cutter.thread, NULL);
    for (int i = 0; i < PAIRS; i++)
        if (cutter.pairs[i].fds[0] >= 0)
            cut(&cutter.pairs[i]);
    close(cutter.listener);
}

#endif

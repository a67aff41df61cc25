#include "store/embedded.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define LOOK_MS 20
#define STOP_MS 5000

struct embedded {
    char *folder, *address, *socket;
    pid_t pid; /* 0: not our child: left by a killed daemon, and used as it is */
};

static void nap(void)
{
    const struct timespec t = {0, LOOK_MS * 1000000L};
    nanosleep(&t, NULL);
}

/* Does it answer? One PING over a socket of our own: hiredis' blocking client would bring its own
   time-outs. A server that still loads answers, too. */
static bool answers(const struct embedded *e)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    const struct timeval most = {1, 0};
    char reply[8];
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool yes = false;
    str_copy(a.sun_path, sizeof a.sun_path, str_of(e->socket));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    if (fd >= 0 && !connect(fd, (struct sockaddr *)&a, sizeof a) && write(fd, "PING\r\n", 6) == 6)
        yes = read(fd, reply, sizeof reply) > 0;
    if (fd >= 0)
        close(fd);
    return yes;
}

static enum err write_settings(const struct embedded *e, const char *fsync, struct errbuf *eb)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/redis.conf", e->folder);
    FILE *f = fopen(path, "we");
    if (!f)
        return err_set(eb, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    fprintf(f,
            "# Written by linlid at every start.\nport 0\nunixsocket \"%s\"\nunixsocketperm 700\n"
            "dir \"%s\"\nappendonly yes\nappendfsync %s\nno-appendfsync-on-rewrite no\n"
            "aof-use-rdb-preamble yes\nsave \"\"\nmaxmemory-policy noeviction\ndaemonize no\n"
            "logfile \"%s/redis.log\"\nset-proc-title no\n",
            e->socket, e->folder, fsync, e->folder);
    return fclose(f) ? err_set(eb, ERR_INTERNAL, "%s: %s", path, strerror(errno)) : ERR_OK;
}

static void exec_redis(const struct embedded *e)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/redis.conf", e->folder);
    setsid(); /* a Ctrl-C of the terminal is for us; we stop Redis after our last commit */
    int null = open("/dev/null", O_RDWR);
    if (null >= 0) {
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execlp("redis-server", "redis-server", path, (char *)NULL);
    fprintf(stderr, "<3>linlid: redis-server cannot be started: %s (Debian package redis-server)\n",
            strerror(errno));
    _exit(127);
}

static enum err launch(struct embedded *e, struct errbuf *eb)
{
    unlink(e->socket); /* nobody answers there */
    e->pid = fork();
    if (e->pid < 0)
        return err_set(eb, ERR_INTERNAL, "fork: %s", strerror(errno));
    if (!e->pid)
        exec_redis(e);
    return ERR_OK;
}

static enum err wait_for(struct embedded *e, int wait_ms, struct errbuf *eb)
{
    int64_t until = clock_monotonic_ms() + wait_ms;
    while (clock_monotonic_ms() < until) {
        int status;
        if (answers(e))
            return ERR_OK;
        if (e->pid && waitpid(e->pid, &status, WNOHANG) == e->pid) {
            e->pid = 0;
            return err_set(eb, ERR_INTERNAL, "the embedded redis-server ended; see %s/redis.log",
                           e->folder);
        }
        nap();
    }
    return err_set(eb, ERR_INTERNAL, "the embedded redis-server did not answer within %d s",
                   wait_ms / 1000);
}

static char *joined(const char *a, const char *b)
{
    struct buf out;
    buf_init(&out);
    buf_add_z(&out, a);
    buf_add_z(&out, b);
    return buf_take(&out);
}

static enum err name_files(struct embedded *e, const char *folder, struct errbuf *eb)
{
    char real[PATH_MAX];
    if (!realpath(folder, real))
        return err_set(eb, ERR_INTERNAL, "%.150s: %s", folder, strerror(errno));
    e->folder = mem_dup(real);
    e->socket = joined(real, "/redis.sock");
    e->address = joined("unix:", e->socket);
    if (strlen(e->socket) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return err_set(eb, ERR_INTERNAL, "state_folder: %.150s is too long for a socket's path",
                       e->socket);
    return ERR_OK;
}

enum err embedded_start(const char *folder, const char *fsync, int wait_ms, struct embedded **e_r,
                        struct errbuf *eb)
{
    struct embedded *e = NEW(struct embedded);
    *e_r = e;
    enum err err = name_files(e, folder, eb);
    if (!err && answers(e)) {
        log_info("the embedded Redis runs already: going on with it");
        return ERR_OK;
    }
    if (!err)
        err = write_settings(e, fsync, eb);
    if (!err)
        err = launch(e, eb);
    if (!err)
        err = wait_for(e, wait_ms, eb);
    if (err)
        embedded_stop(e_r);
    return err;
}

const char *embedded_address(const struct embedded *e)
{
    return e->address;
}

void embedded_watch(struct embedded *e)
{
    int status;
    struct errbuf eb = {.text = ""};
    if (!e->pid || waitpid(e->pid, &status, WNOHANG) != e->pid)
        return;
    log_error("the embedded Redis died; starting it again");
    if (launch(e, &eb))
        log_error("%s", eb.text);
}

static pid_t pid_listening(const struct embedded *e)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct ucred peer = {0};
    socklen_t n = sizeof peer;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    str_copy(a.sun_path, sizeof a.sun_path, str_of(e->socket));
    if (fd >= 0 && !connect(fd, (struct sockaddr *)&a, sizeof a))
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n);
    if (fd >= 0)
        close(fd);
    return peer.pid;
}

static void embedded_free(struct embedded **e)
{
    if (!*e)
        return;
    free((*e)->folder);
    free((*e)->socket);
    free((*e)->address);
    free(*e);
    *e = NULL;
}

void embedded_stop(struct embedded **e)
{
    if (!*e)
        return;
    pid_t pid = (*e)->pid || !(*e)->socket ? (*e)->pid : pid_listening(*e);
    int64_t until = clock_monotonic_ms() + STOP_MS;
    if (pid > 0 && !kill(pid, SIGTERM))
        while (clock_monotonic_ms() < until) {
            int status;
            if ((*e)->pid ? waitpid(pid, &status, WNOHANG) == pid : kill(pid, 0) != 0)
                break;
            nap();
        }
    embedded_free(e);
}

void embedded_leave(struct embedded **e)
{
    if (*e && (*e)->pid)
        embedded_stop(e);
    else
        embedded_free(e);
}

/* Preloaded into redis-server by the tests: fsync and fdatasync that take SYNC_MS longer, and a
   journal of how much of the append-only file had been synced when each returned. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void linger(void)
{
    const char *ms = getenv("SYNC_MS");
    long n = ms ? atol(ms) : 0;
    struct timespec t = {n / 1000, n % 1000 * 1000000};
    if (n > 0)
        nanosleep(&t, NULL);
}

/* One line a sync: size and path. The size is looked at before the sync, so never too large. */
static void note(long long size, const char *path)
{
    const char *journal = getenv("SYNC_JOURNAL");
    char line[512];
    int fd = journal ? open(journal, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (fd < 0)
        return;
    int n = snprintf(line, sizeof line, "%lld %s\n", size, path);
    if (write(fd, line, (size_t)n) != n)
        abort();
    close(fd);
}

static int sync_with(const char *real, int fd)
{
    int (*call)(int) = (int (*)(int))dlsym(RTLD_NEXT, real);
    char link[64], path[400];
    struct stat st;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = 0;
    int known = strstr(path, ".aof") && fstat(fd, &st) == 0;
    if (known)
        linger();
    int rc = call(fd);
    if (!rc && known)
        note((long long)st.st_size, path);
    return rc;
}

int fsync(int fd)
{
    return sync_with("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_with("fdatasync", fd);
}

/* linlictl backup: all, or a community, into one file; beside a running daemon. Each shard is as it
   was at one moment. */
#include "backup_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static bool is_wanted(const struct backup_row *r, const char *community)
{
    char whose[ID_SIZE];
    if (r->type == STORE_ZSET || !r->n_parts) /* views: a restore makes them anew */
        return false;
    if (!strcmp(community, ALL))
        return true;
    return backup_community(r, whose) && (!whose[0] || !strcmp(whose, community));
}

static bool write_shard(struct backup_store *b, int shard, const char *community, struct buf *out,
                        size_t *n_r)
{
    struct backup_rows rows = {.v = NULL};
    bool ok = backup_dump(b, shard, &rows);
    for (size_t i = 0; ok && i < rows.n; i++) {
        if (!is_wanted(&rows.v[i], community))
            continue;
        backup_write_row(&rows.v[i], out);
        ++*n_r;
    }
    backup_free(&rows);
    return ok;
}

static bool write_shards(struct backup_store *b, const struct backup_head *h, struct buf *out,
                         size_t *n_r)
{
    bool all = !strcmp(h->community, ALL);
    int only = all ? -1 : store_shard_of(b->store, h->community);
    for (int shard = all ? STORE_MODELS : 0; shard < h->shards; shard++)
        if ((all || shard == only) && !write_shard(b, shard, h->community, out, n_r))
            return false;
    return true;
}

/* Whole or not at all, and for nobody else: it has what people wrote, and their contacts. */
static int save(const char *path, const struct buf *all)
{
    char part[PATH_MAX];
    snprintf(part, sizeof part, "%s.part", path);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    bool ok = f && fwrite(all->p, 1, all->n, f) == all->n && !fflush(f) && !fsync(fd);
    if (f && fclose(f))
        ok = false;
    if (ok && !rename(part, path))
        return CTL_OK;
    fprintf(stderr, "linlictl: %s: %s\n", part, strerror(errno));
    if (f)
        unlink(part);
    return CTL_INPUT;
}

static int backup(struct ctl *c, struct backup_store *b, const char *path)
{
    struct backup_head h = {.shards = store_shards(b->store), .at_ms = clock_now_ms()};
    struct buf out, sealed;
    size_t n = 0;
    buf_init(&out);
    buf_init(&sealed);
    str_copy(h.community, sizeof h.community, str_of(c->community ? c->community : ALL));
    if (b->key)
        seal_contact(b->key, STR(BACKUP_CHECK), STR(BACKUP_CHECK), &sealed);
    str_copy(h.sealed, sizeof h.sealed, buf_str_borrow(&sealed));
    backup_write_head(&h, &out);
    int code = write_shards(b, &h, &out, &n) ? CTL_OK : CTL_FAILED;
    if (!code) {
        backup_write_end(n, &out);
        code = save(path, &out);
    }
    if (!code)
        printf("已备份  (backed up)  %zu rows, %zu bytes  %s\n", n, out.n, path);
    buf_deinit(&out);
    buf_deinit(&sealed);
    return code;
}

int ctl_backup(struct ctl *c)
{
    const char *config = flag_value(c, "--config"), *path = word(c);
    struct backup_store b;
    if (!path)
        return usage(c, "say into which file");
    if (!nothing_left(c))
        return CTL_USAGE;
    int code = backup_open(&b, config, 0) ? backup(c, &b, path) : CTL_NO_SERVER;
    backup_close(&b);
    return code;
}

/* The Redis of the settings, for a tool: ask, and wait for the answer. */
#include "backup_priv.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/embedded.h"

#define OPEN_MS 20000
#define CALL_MS 300000 /* a shard's rows come as one answer */

static bool say(const char *what, const char *why)
{
    fprintf(stderr, "linlictl: %s%s%s\n", what, why[0] ? ": " : "", why);
    return false;
}

/* --- opening --- */

static void on_ready(void *arg, bool ready, const char *why)
{
    struct backup_store *b = arg;
    b->ready = ready;
    snprintf(b->why, sizeof b->why, "%s", why);
    if (ready)
        loop_stop(b->loop);
}

static void on_late(void *arg)
{
    struct backup_store *b = arg;
    b->late = true;
    loop_stop(b->loop);
}

static bool read_settings(struct backup_store *b, const char *config)
{
    struct conf_source source = {.file = config, .environment = true};
    struct errbuf eb = {.text = ""};
    if (!config && !access("/etc/linli/linli.conf", R_OK))
        source.file = "/etc/linli/linli.conf";
    if (conf_load(&source, &b->conf, &eb))
        return say(eb.text, "");
    char path[PATH_MAX];
    bool own = !b->conf->contact_key_file[0];
    snprintf(path, sizeof path, "%s/contact.key", b->conf->state_folder);
    if (seal_key_load(own ? path : b->conf->contact_key_file, false, &b->key, &eb))
        b->key = NULL;
    return true;
}

/* A private Redis that another user starts leaves files that the daemon cannot write. */
static bool is_owner(const char *folder)
{
    struct stat st;
    return stat(folder, &st) || st.st_uid == geteuid();
}

static bool is_always(const struct conf *c)
{
    return !strcmp(c->durability, "always");
}

bool backup_open(struct backup_store *b, const char *config, int shards)
{
    struct errbuf eb = {.text = ""};
    struct buf password;
    *b = (struct backup_store){.conf = NULL};
    if (!read_settings(b, config))
        return false;
    const struct conf *c = b->conf;
    if (!c->redis[0] && !is_owner(c->state_folder))
        return say("run it as the owner of the state folder", c->state_folder);
    if (!c->redis[0] && embedded_start(c->state_folder, is_always(c) ? "always" : "everysec", 60000,
                                       &b->redis, &eb))
        return say("the embedded Redis does not start", eb.text);
    buf_init(&password);
    if (c->redis_password_file[0] && !read_all(c->redis_password_file, &password))
        return false;
    char *secret = mem_dup_str(str_trim(buf_str_borrow(&password)));
    const struct store_options o = {.address = b->redis ? embedded_address(b->redis) : c->redis,
                                    .user = c->redis_user[0] ? c->redis_user : NULL,
                                    .password = secret[0] ? secret : NULL,
                                    .lanes = 1,
                                    .name = "linlictl",
                                    .call_ms = CALL_MS,
                                    .durability =
                                        is_always(c) ? DURABILITY_ALWAYS : DURABILITY_EVERYSEC,
                                    .shards = shards ? shards : (int)c->shards};
    const struct store_events ev = {.arg = b, .ready = on_ready};
    b->loop = loop_new();
    b->timer = timer_new(b->loop, on_late, b);
    b->store = store_new(b->loop, &o, &ev);
    seal_wipe(secret, strlen(secret));
    free(secret);
    buf_deinit(&password);
    timer_set(b->timer, OPEN_MS);
    loop_run(b->loop);
    timer_clear(b->timer);
    return b->ready || say("Redis is not to be used", b->why[0] ? b->why : "no answer");
}

void backup_close(struct backup_store *b)
{
    store_free(&b->store);
    timer_free(&b->timer);
    loop_free(&b->loop);
    embedded_leave(&b->redis);
    seal_key_free(&b->key);
    conf_free(&b->conf);
}

/* --- calls --- */

static void on_done(void *arg, enum err e)
{
    struct backup_store *b = arg;
    b->err = e;
    loop_stop(b->loop);
}

static void on_row(void *arg, const struct store_raw *row)
{
    struct backup_store *b = arg;
    backup_add(b->rows, b->shard, row);
}

static void on_dumped(void *arg, enum err e, int64_t now_ms, int alive)
{
    struct backup_store *b = arg;
    b->now_ms = now_ms;
    b->alive = alive;
    on_done(arg, e);
}

static bool wait(struct backup_store *b, const char *what)
{
    loop_run(b->loop);
    return !b->err || say(what, err_title(b->err, false));
}

bool backup_dump(struct backup_store *b, int shard, struct backup_rows *rows)
{
    const struct store_dump_fns fns = {.row = on_row, .done = on_dumped, .arg = b};
    b->rows = rows;
    b->shard = shard;
    store_dump(b->store, shard, &fns);
    return wait(b, "Redis could not be read");
}

/* Each key once: rows of one come together. */
static int keys_of(const struct backup_rows *rows, const char **keys)
{
    int n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (!n || strcmp(keys[n - 1], rows->v[i].key) != 0)
            keys[n++] = rows->v[i].key;
    return n;
}

bool backup_replace(struct backup_store *b, int shard, const struct backup_rows *gone,
                    struct backup_row *const *rows, size_t n)
{
    struct store_raw *raw = mem_new((n + 1) * sizeof *raw);
    const char **keys = mem_new((gone->n + 1) * sizeof *keys);
    for (size_t i = 0; i < n; i++)
        raw[i] = (struct store_raw){.key = rows[i]->key,
                                    .type = rows[i]->type,
                                    .expires_ms = rows[i]->expires_ms,
                                    .parts = rows[i]->parts,
                                    .n_parts = rows[i]->n_parts};
    store_replace(b->store, shard, keys, keys_of(gone, keys), raw, (int)n, on_done, b);
    free(keys);
    free(raw);
    return wait(b, "nothing was written to this shard");
}

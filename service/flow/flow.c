#include "flow/flow.h"
#include "flow_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "codec/template.h"
#include "metrics/metrics.h"
#include "model/deadline.h"

#define DRAIN_LOOK_MS 5

static void on_ready(void *arg, bool ready, const char *why)
{
    struct flow *f = arg;
    metrics_add(METRIC_store_ready, ready - f->ready);
    f->ready = ready;
    if (!ready) {
        log_warn("store: not ready: %s", why);
        return;
    }
    log_info("store: ready");
    models_look(f->models);
    routebook_refresh(f->routes, NULL, NULL);
}

static void on_gained(void *arg, int shard, int64_t epoch)
{
    shard_gained(arg, shard, epoch);
}

static void on_lost(void *arg, int shard)
{
    shard_lost(arg, shard);
}

static void on_entries(void *arg, int shard, const struct store_entry *e, int n)
{
    shard_entries(arg, shard, e, n);
}

static void on_live(void *arg, struct str line)
{
    flow_on_live(arg, line);
}

static void parse_durability(const struct conf *c, struct store_options *so)
{
    so->durability = DURABILITY_ALWAYS;
    if (!strcmp(c->durability, "everysec"))
        so->durability = DURABILITY_EVERYSEC;
    long long n;
    if (!strncmp(c->durability, "replicas:", 9) && str_to_i64(str_of(c->durability + 9), &n)) {
        so->durability = DURABILITY_REPLICAS;
        so->replicas = (int)n;
    }
}

static bool read_password(const char *path, char out[512])
{
    FILE *file = fopen(path, "re");
    size_t n = file ? fread(out, 1, 511, file) : 0;
    if (file)
        fclose(file);
    struct str trimmed = str_trim((struct str){out, n});
    memmove(out, trimmed.p, trimmed.n);
    out[trimmed.n] = 0;
    return trimmed.n > 0;
}

static struct store *open_store(struct flow *f, const char *address)
{
    const struct conf *c = f->conf;
    char password[512] = "";
    if (c->redis_password_file[0] && !read_password(c->redis_password_file, password))
        log_error("redis_password_file %s cannot be read", c->redis_password_file);
    struct store_options so = {
        .address = address,
        .user = c->redis_user[0] ? c->redis_user : NULL,
        .password = password[0] ? password : NULL,
        .lanes = (int)c->lanes,
        .name = f->name,
        .lease_ms = c->lease_ms,
        .call_ms = c->store_timeout_ms,
        .dedupe_window_ms = c->dedupe_window_s * SECOND_MS,
        .dedupe_short_ms = c->retention_s * SECOND_MS,
        .shards = (int)c->shards,
        .may_own = c->own_shards,
    };
    parse_durability(c, &so);
    const struct store_events ev = {.arg = f,
                                    .ready = on_ready,
                                    .gained = on_gained,
                                    .lost = on_lost,
                                    .entries = on_entries,
                                    .live = on_live};
    struct store *s = store_new(f->loop, &so, &ev);
    seal_wipe(password, sizeof password);
    return s;
}

static void take_conf(struct flow *f, const struct conf *c)
{
    struct errbuf eb;
    f->conf = c;
    if (flow_weights(c, &f->weights, &eb)) /* checked before: flow_check_conf */
        log_error("%s", eb.text);
}

struct flow *flow_new(const struct flow_options *o)
{
    struct flow *f = NEW(struct flow);
    f->loop = o->loop;
    take_conf(f, o->conf);
    f->key = o->key;
    f->name = mem_dup(o->name);
    f->work = text_work_new();
    struct fetch_options fo = {.timeout_ms = o->conf->push_timeout_ms,
                               .allow_private = o->conf->push_private,
                               .allow_plain_http = o->conf->push_plain_http};
    f->fetch = fetch_new(o->loop, &fo);
    f->routes = routebook_new(f);
    f->commands = commands_new(f);
    f->deliver = deliver_new(f);
    f->models = models_new(f, o->shelf);
    f->adviser = adviser_new(f);
    f->store = open_store(f, o->redis);
    return f;
}

void flow_free(struct flow **f)
{
    if (!*f)
        return;
    struct flow *w = *f;
    for (int i = 0; i < STORE_SHARDS_MAX; i++)
        shard_lost(w, i);
    store_free(&w->store); /* its callbacks point into the rest */
    shard_free_orphans(w);
    deliver_free(&w->deliver);
    adviser_free(&w->adviser);
    fetch_free(&w->fetch);
    commands_free(&w->commands);
    routebook_free(&w->routes);
    models_free(&w->models);
    text_work_free(&w->work);
    timer_free(&w->drain_timer);
    for (int i = 0; i < w->n_spare; i++)
        arena_free(&w->spare[i]);
    free(w->name);
    free(w);
    *f = NULL;
}

void flow_configure(struct flow *f, const struct conf *c)
{
    take_conf(f, c);
    adviser_configure(f->adviser);
    for (int i = 0; i < STORE_SHARDS_MAX; i++)
        shard_configure(f, i);
}

/* --- draining: what is read is decided, then the leases go back --- */

static void drain_released(void *arg, enum err e)
{
    struct flow *f = arg;
    (void)e; /* an unreachable store takes the leases back by itself when they run out */
    f->drained(f->drained_arg);
}

static void drain_look(void *arg)
{
    struct flow *f = arg;
    for (int i = 0; i < STORE_SHARDS_MAX; i++)
        if (!shard_is_idle(f, i)) {
            timer_set(f->drain_timer, DRAIN_LOOK_MS);
            return;
        }
    store_release_all(f->store, drain_released, f);
}

void flow_drain(struct flow *f, loop_fn *done, void *arg)
{
    f->draining = true;
    f->drained = done;
    f->drained_arg = arg;
    f->drain_timer = timer_new(f->loop, drain_look, f);
    for (int i = 0; i < STORE_SHARDS_MAX; i++)
        if (f->shards[i])
            store_pause(f->store, i);
    drain_look(f);
}

struct store *flow_store(struct flow *f)
{
    return f->store;
}

const struct conf *flow_conf(const struct flow *f)
{
    return f->conf;
}

struct loop *flow_loop(const struct flow *f)
{
    return f->loop;
}

const char *flow_name(const struct flow *f)
{
    return f->name;
}

struct arena *flow_arena(struct flow *f)
{
    return f->n_spare ? f->spare[--f->n_spare] : arena_new();
}

void flow_arena_done(struct flow *f, struct arena *a)
{
    if (f->n_spare == (int)(sizeof f->spare / sizeof *f->spare)) {
        arena_free(&a);
        return;
    }
    arena_reset(a);
    f->spare[f->n_spare++] = a;
}

static void seal_for_core(void *arg, struct str context, struct str plain, struct buf *out)
{
    seal_contact(arg, context, plain, out);
}

static bool writes_privately(void *arg, const char *bot)
{
    const struct flow *f = arg;
    const struct conf_bot *b = conf_bot_find(f->conf, bot);
    return b && b->private_messages;
}

static struct hours working_hours(const struct conf *c)
{
    struct hours h;
    return hours_parse(str_of(c->working_hours), &h) ? h : deadline_hours;
}

static struct quiet_hours quiet_hours(const struct conf *c)
{
    struct quiet_hours q;
    return quiet_hours_parse(str_of(c->quiet_hours), &q) ? q : quiet_hours_usual;
}

void flow_core_options(const struct flow *f, int shard, struct core_options *o)
{
    const struct conf *c = f->conf;
    *o = (struct core_options){
        .shard = shard,
        .model = f->model,
        .work = f->work,
        .zone_min = (int)c->time_zone_min,
        .retention_ms = c->retention_s * SECOND_MS,
        .undo_ms = c->undo_s * SECOND_MS,
        .grace_ms = {[URGENCY_LOW] = c->grace_low_s * SECOND_MS,
                     [URGENCY_NORMAL] = c->grace_normal_s * SECOND_MS,
                     [URGENCY_URGENT] = c->grace_urgent_s * SECOND_MS},
        .blind_percent = (int)c->blind_percent,
        .english = !strcmp(c->language, "en"),
        .auto_score = (float)c->auto_score_percent / 100,
        .weights = &f->weights,
        .working_hours = working_hours(c),
        .quiet = quiet_hours(c),
        .doubt_margin = c->adviser_url[0] ? (float)c->adviser_margin_percent / 100 : 0,
        .seal = seal_for_core,
        .seal_arg = (void *)f->key,
        .writes_privately = writes_privately,
        .writes_arg = (void *)f,
        .post_text = template_match,
        .note_text = template_note,
        .widen = c->widen_unmet,
    };
}

int flow_shard_of_id(const char *id)
{
    struct str rest = str_of(id);
    struct str head = str_cut(&rest, '-');
    long long shard;
    if (head.n < 2 || !rest.n || !str_to_i64((struct str){head.p + 1, head.n - 1}, &shard))
        return -1;
    return shard >= 0 && shard < STORE_SHARDS_MAX ? (int)shard : -1;
}

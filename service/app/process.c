#include "process.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "flow/flow.h"
#include "flow/shelf.h"
#include "metrics/metrics.h"
#include "store/embedded.h"
#include "web/web.h"

#define DRAIN_MOST_MS 4500     /* then it ends as it is: the log keeps what was not decided */
#define LOOK_MS 500            /* readiness, the embedded Redis, the watchdog */
#define OLD_CONF_KEEP_MS 60000 /* requests in hand still point into the old settings */

struct process;
struct worker {
    struct process *process;
    int number;
    pthread_t thread;
    struct loop *loop;
    struct flow *flow;
    struct web *web;
    _Atomic int64_t alive_ms; /* the loop's last turn */
    bool ended;
};

struct old_conf {
    struct conf *conf;
    struct timer *timer;
};

struct process {
    struct conf *conf;
    const struct conf_source *source;
    struct shelf *shelf;
    struct seal_key *key;
    struct embedded *redis;
    struct worker *workers;
    int n;
    atomic_int draining_n; /* workers that have not ended yet */
    bool ending, told_ready;
    struct timer *look, *deadline;
    struct signal_watch *signals[4];
};

/* --- ending --- */

static void stop_loop(void *arg)
{
    struct worker *w = arg;
    loop_stop(w->loop);
}

static void all_drained(void *arg)
{
    struct process *p = arg;
    for (int i = 0; i < p->n; i++)
        loop_post(p->workers[i].loop, stop_loop, &p->workers[i]);
}

static void on_flow_drained(void *arg)
{
    struct worker *w = arg;
    struct process *p = w->process;
    if (atomic_fetch_sub(&p->draining_n, 1) == 1)
        loop_post(p->workers[0].loop, all_drained, p);
}

static void on_web_drained(void *arg)
{
    struct worker *w = arg;
    flow_drain(w->flow, on_flow_drained, w);
}

static void drain(void *arg)
{
    struct worker *w = arg;
    web_drain(w->web, on_web_drained, w);
}

static void on_deadline(void *arg)
{
    log_warn("draining took too long; what is undecided stays in the log");
    all_drained(arg);
}

static void on_end(void *arg, int signo)
{
    struct process *p = arg;
    if (p->ending)
        return;
    p->ending = true;
    log_info("signal %d: draining", signo);
    sd_notify(0, "STOPPING=1");
    timer_set(p->deadline, DRAIN_MOST_MS);
    atomic_store(&p->draining_n, p->n);
    for (int i = 0; i < p->n; i++)
        loop_post(p->workers[i].loop, drain, &p->workers[i]);
}

/* --- reload --- */

static void apply_conf(void *arg)
{
    struct worker *w = arg;
    flow_configure(w->flow, w->process->conf);
    web_configure(w->web);
}

static void drop_old(void *arg)
{
    struct old_conf *old = arg;
    conf_free(&old->conf);
    timer_free(&old->timer);
    free(old);
}

static void log_as_set(const struct conf *c)
{
    enum log_level level = LOG_LEVEL_INFO;
    log_level_parse(c->log_level, &level);
    log_setup(level, c->log_json);
}

static void on_reload(void *arg, int signo)
{
    struct process *p = arg;
    struct conf *fresh = NULL;
    struct errbuf eb = {.text = ""};
    (void)signo;
    if (conf_load(p->source, &fresh, &eb) || flow_check_conf(fresh, &eb)) {
        log_error("reload: %s; the settings stay as they were", eb.text);
        conf_free(&fresh);
        return;
    }
    struct old_conf *old = NEW(struct old_conf);
    old->conf = p->conf;
    old->timer = timer_new(p->workers[0].loop, drop_old, old);
    timer_set(old->timer, OLD_CONF_KEEP_MS);
    p->conf = fresh;
    log_as_set(fresh);
    for (int i = 0; i < p->n; i++)
        loop_post(p->workers[i].loop, apply_conf, &p->workers[i]);
    log_info("reload: done; threads, listeners and the store keep what they started with");
}

/* --- the regular look --- */

static bool process_ready(void *arg, const char **why_r)
{
    const struct process *p = arg;
    *why_r = p->ending ? "draining" : "the store is not ready on every loop";
    return !p->ending && metrics_sum(METRIC_store_ready) == p->n;
}

static void beat(void *arg)
{
    struct worker *w = arg;
    atomic_store(&w->alive_ms, clock_monotonic_ms());
}

static void feed_watchdog(struct process *p)
{
    uint64_t usec;
    if (sd_watchdog_enabled(0, &usec) <= 0)
        return;
    int64_t now = clock_monotonic_ms(), oldest = now;
    for (int i = 0; i < p->n; i++) {
        int64_t seen = atomic_load(&p->workers[i].alive_ms);
        oldest = seen < oldest ? seen : oldest;
        loop_post(p->workers[i].loop, beat, &p->workers[i]);
    }
    if (now - oldest < (int64_t)(usec / 2000)) /* every loop has turned within half the limit */
        sd_notify(0, "WATCHDOG=1");
}

static void on_look(void *arg)
{
    struct process *p = arg;
    const char *why;
    timer_set(p->look, LOOK_MS);
    feed_watchdog(p);
    if (p->redis && !p->ending)
        embedded_watch(p->redis);
    if (p->told_ready || !process_ready(p, &why))
        return;
    p->told_ready = true;
    sd_notify(0, "READY=1\nSTATUS=Taking messages");
    log_info("ready: taking messages at %s", p->conf->listen);
}

/* --- starting --- */

static enum err make_folder(const char *path, struct errbuf *eb)
{
    if (mkdir(path, 0700) && errno != EEXIST)
        return err_set(eb, ERR_INTERNAL, "state_folder %s: %s", path, strerror(errno));
    return ERR_OK;
}

static void model_path(const struct conf *c, char out[PATH_MAX])
{
    char self[PATH_MAX - 64];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = 0;
    snprintf(out, PATH_MAX, "%s/linli.model", self);
    if (c->model[0])
        snprintf(out, PATH_MAX, "%s", c->model);
    else if (access(out, R_OK))
        snprintf(out, PATH_MAX, "%s/../share/linli/linli.model", self);
}

static enum err open_parts(struct process *p, struct errbuf *eb)
{
    char path[PATH_MAX];
    enum err e = seal_start(eb);
    if (!e)
        e = make_folder(p->conf->state_folder, eb);
    if (e)
        return e;
    model_path(p->conf, path);
    struct text_model *model;
    e = text_load(path, &model, eb);
    if (e)
        return e;
    p->shelf = shelf_new(p->conf->state_folder, model);
    snprintf(path, sizeof path, "%s/contact.key", p->conf->state_folder);
    bool own = !p->conf->contact_key_file[0];
    e = seal_key_load(own ? path : p->conf->contact_key_file, own, &p->key, eb);
    if (e || p->conf->redis[0])
        return e;
    const char *fsync = strcmp(p->conf->durability, "always") ? "everysec" : "always";
    return embedded_start(p->conf->state_folder, fsync, 60000, &p->redis, eb);
}

static enum err open_worker(struct process *p, int i, struct errbuf *eb)
{
    struct worker *w = &p->workers[i];
    char host[128] = "host", name[256];
    unsigned char random[4];
    gethostname(host, sizeof host - 1);
    seal_random(random, sizeof random);
    snprintf(name, sizeof name, "%s.%d.%d.%02x%02x%02x%02x", host, (int)getpid(), i, random[0],
             random[1], random[2], random[3]);
    w->process = p;
    w->number = i;
    w->loop = loop_new();
    const struct flow_options fo = {.loop = w->loop,
                                    .conf = p->conf,
                                    .shelf = p->shelf,
                                    .key = p->key,
                                    .redis = p->redis ? embedded_address(p->redis) : p->conf->redis,
                                    .name = name};
    w->flow = flow_new(&fo);
    const struct web_options wo = {.loop = w->loop,
                                   .flow = w->flow,
                                   .first = i == 0,
                                   .process_ready = process_ready,
                                   .arg = p};
    return web_new(&wo, &w->web, eb);
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;
    loop_run(w->loop);
    return NULL;
}

static void close_all(struct process *p)
{
    for (int i = 0; i < p->n; i++) {
        web_free(&p->workers[i].web);
        flow_free(&p->workers[i].flow);
    }
    timer_free(&p->look);
    timer_free(&p->deadline);
    for (size_t i = 0; i < sizeof p->signals / sizeof *p->signals; i++)
        signal_watch_free(&p->signals[i]);
    for (int i = 0; i < p->n; i++)
        loop_free(&p->workers[i].loop);
    free(p->workers);
    embedded_stop(&p->redis);
    seal_key_free(&p->key);
    shelf_free(&p->shelf);
    conf_free(&p->conf);
}

static void watch_signals(struct process *p)
{
    struct loop *l = p->workers[0].loop;
    p->signals[0] = signal_watch_new(l, SIGTERM, on_end, p);
    p->signals[1] = signal_watch_new(l, SIGINT, on_end, p);
    p->signals[2] = signal_watch_new(l, SIGHUP, on_reload, p);
    p->look = timer_new(l, on_look, p);
    p->deadline = timer_new(l, on_deadline, p);
    timer_set(p->look, 1);
}

/* As many descriptors as we may: every connection is one. */
static void raise_descriptors(void)
{
    struct rlimit r;
    if (!getrlimit(RLIMIT_NOFILE, &r) && r.rlim_cur < r.rlim_max) {
        r.rlim_cur = r.rlim_max;
        setrlimit(RLIMIT_NOFILE, &r);
    }
}

static enum err start(struct process *p, struct errbuf *eb)
{
    enum err e = open_parts(p, eb);
    int wanted = (int)p->conf->threads;
    p->workers = mem_new((size_t)wanted * sizeof *p->workers);
    for (; p->n < wanted && !e; p->n++)
        e = open_worker(p, p->n, eb);
    return e;
}

int process_run(struct conf *c, const struct conf_source *source)
{
    struct process p = {.conf = c, .source = source};
    struct errbuf eb = {.text = ""};
    log_as_set(c);
    raise_descriptors();
    if (start(&p, &eb)) {
        log_error("%s", eb.text);
        close_all(&p);
        return EXIT_FAILURE;
    }
    watch_signals(&p);
    for (int i = 1; i < p.n; i++)
        if (pthread_create(&p.workers[i].thread, NULL, worker_main, &p.workers[i]))
            abort();
    loop_run(p.workers[0].loop);
    for (int i = 1; i < p.n; i++)
        pthread_join(p.workers[i].thread, NULL);
    close_all(&p);
    log_info("ended");
    return EXIT_SUCCESS;
}

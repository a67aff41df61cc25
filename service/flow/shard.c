/* The work of one owned shard, a small state machine:

     load ──▶ attempt ──▶ read ──▶ ┌ seen ─▶ decide ─▶ commit ┐ ──▶ …
                                   └───────── again ──────────┘

   One commit is under way at a time, so the state in memory is never more than one batch ahead of
   Redis. When a commit's outcome is unknown, the state is thrown away and the shard given back: the
   next lease has a new epoch, which fences off whatever may still be on its way. */
#include "flow_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "codec/message.h"
#include "codec/object.h"
#include "metrics/metrics.h"

#define RETRY_MS 100
#define REST_MS 1000 /* before a shard whose keys Redis refuses is loaded anew */

struct queued {
    char id[STORE_ENTRY_ID_SIZE];
    int64_t at_ms;
    unsigned char key[STORE_KEY_BYTES];
    bool has_key;
    struct str payload; /* in the intake's arena */
};
struct intake {
    struct arena *arena;
    struct queued *v;
    int n, cap;
};

enum phase { PHASE_LOAD, PHASE_IDLE, PHASE_BUSY };

struct shard_work {
    struct shard_work *prev, *next; /* among the orphans */
    struct flow *flow;
    int shard;
    int64_t epoch;
    enum phase phase;
    bool orphan; /* lost while a call was under way: freed by that call's answer */
    int calls;   /* under way that point here */
    struct core *core;
    struct effects fx;
    struct arena *fx_arena, *entry_arena;
    struct intake waiting, batch;
    int at;       /* next of the batch */
    int n_chunk;  /* of the commit under way */
    int attempts; /* owners that began with the first entry without a commit */
    bool attempted, tried, paused, tick_asked; /* tried: its count stands in the store */
    struct group_lines *lines;
    struct commit *commit; /* the store's while it is sent */
    bool commit_sent;
    int64_t commit_started_us;
    char last_id[STORE_ENTRY_ID_SIZE];
    struct timer *tick, *retry;
    int64_t alerts_open, parties_seen; /* as the gauges have them */
    bool waits;                        /* for the model that is chosen */
    bool resting; /* retry gives the shard back, otherwise it sends the commit again */
};

static void work_on(struct shard_work *w);

/* --- lifetime --- */

static void count_open(void *arg, const char *key, const void *object)
{
    (void)key;
    *(int64_t *)arg += ((const struct alert *)object)->state == ALERT_OPEN;
}

/* What the gauge has of this shard: `open` from now on. */
static void gauge_alerts(struct shard_work *w, int64_t open)
{
    metrics_add(METRIC_alerts_open, open - w->alerts_open);
    w->alerts_open = open;
}

static void gauge_parties(struct shard_work *w, int64_t seen)
{
    metrics_add(METRIC_parties_seen, seen - w->parties_seen);
    w->parties_seen = seen;
}

static void count_alerts(struct shard_work *w)
{
    int64_t open = 0;
    core_each(w->core, OBJECT_ALERT, count_open, &open);
    gauge_alerts(w, open);
}

static bool touches_alerts(const struct effects *fx)
{
    for (int i = 0; i < fx->n_touched; i++)
        if (fx->touched[i].kind == OBJECT_ALERT)
            return true;
    return false;
}

static void work_free(struct shard_work *w)
{
    gauge_alerts(w, 0);
    gauge_parties(w, 0);
    core_free(&w->core);
    arena_free(&w->fx_arena);
    arena_free(&w->entry_arena);
    arena_free(&w->waiting.arena);
    arena_free(&w->batch.arena);
    talks_forget(&w->lines);
    free(w->waiting.v);
    free(w->batch.v);
    timer_free(&w->tick);
    timer_free(&w->retry);
    if (!w->commit_sent)
        commit_free(&w->commit);
    free(w);
}

/* Every store callback begins with this: false when the shard was lost meanwhile. */
static bool answered(struct shard_work *w)
{
    w->calls--;
    if (w->orphan && !w->calls) {
        DL_DELETE(w->flow->orphans, w);
        work_free(w);
    } else if (!w->orphan) {
        return true;
    }
    return false;
}

void shard_lost(struct flow *f, int shard)
{
    struct shard_work *w = f->shards[shard];
    if (!w)
        return;
    f->shards[shard] = NULL;
    metrics_add(METRIC_shards_owned, -1);
    deliver_forget_shard(f->deliver, shard);
    timer_clear(w->tick);
    timer_clear(w->retry);
    w->orphan = true;
    if (w->calls)
        DL_APPEND(f->orphans, w);
    else
        work_free(w);
}

void shard_free_orphans(struct flow *f)
{
    struct shard_work *w, *next;
    DL_FOREACH_SAFE(f->orphans, w, next)
    {
        DL_DELETE(f->orphans, w);
        work_free(w);
    }
}

static void let_go(struct shard_work *w)
{
    struct flow *f = w->flow;
    int shard = w->shard;
    shard_lost(f, shard);
    store_release(f->store, shard);
}

static void give_back(struct shard_work *w, const char *why)
{
    log_warn("shard %d: %s; loading anew under a new lease", w->shard, why);
    let_go(w);
}

/* What Redis refuses (a key of the wrong type, no memory) it refuses again at once: the shard rests
   first, so that nobody spins. */
static void give_back_for(struct shard_work *w, enum err e, const char *why)
{
    if (e != ERR_STORE_REFUSED) {
        give_back(w, why);
        return;
    }
    log_error("shard %d: %s, Redis refuses it; again in %d ms", w->shard, why, REST_MS);
    w->resting = true;
    timer_set(w->retry, REST_MS);
}

/* --- ticks: the clock is an entry, too --- */

static void on_tick_appended(void *arg, enum err e)
{
    struct shard_work *w = arg;
    if (!answered(w))
        return;
    if (e) { /* nothing moves while the store is away: ask again */
        w->tick_asked = false;
        timer_set(w->tick, RETRY_MS);
    }
}

static void arm_tick(struct shard_work *w)
{
    int64_t due = core_due_ms(w->core);
    if (w->tick_asked || due == INT64_MAX)
        return;
    int64_t in = due - store_now_ms(w->flow->store);
    timer_set(w->tick, in < 1 ? 1 : in > HOUR_MS ? HOUR_MS : in);
}

static void on_tick(void *arg)
{
    struct shard_work *w = arg;
    if (w->tick_asked || w->flow->draining)
        return;
    if (core_due_ms(w->core) > store_now_ms(w->flow->store)) {
        arm_tick(w);
        return;
    }
    struct entry e = {.kind = ENTRY_TICK};
    struct buf payload;
    buf_init(&payload);
    entry_encode(&e, &payload);
    w->tick_asked = true;
    w->calls++;
    store_append(w->flow->store, w->shard, NULL, buf_str_borrow(&payload), on_tick_appended, w);
    buf_deinit(&payload);
}

/* --- deciding a chunk --- */

static void on_buried(void *arg, enum err e)
{
    struct shard_work *w = arg;
    if (!answered(w))
        return;
    if (e) {
        give_back_for(w, e, "an entry could not be set aside");
        return;
    }
    metrics_add(METRIC_entries_dead_total, 1);
    w->at++;
    w->attempts = 0;
    w->tried = false;
    work_on(w);
}

static void bury(struct shard_work *w, const struct queued *q, const char *why)
{
    log_error("shard %d: entry %s is set aside as a dead letter: %s", w->shard, q->id, why);
    w->calls++;
    store_bury(w->flow->store, w->shard, w->epoch, q->id, q->payload, why, on_buried, w);
}

static void on_committed(void *arg, enum err e);

static void send_commit(struct shard_work *w)
{
    w->calls++;
    w->commit_sent = true;
    w->commit_started_us = clock_monotonic_ns() / 1000;
    store_commit(w->flow->store, w->commit, on_committed, w);
}

static void on_retry(void *arg)
{
    struct shard_work *w = arg;
    if (w->resting)
        let_go(w);
    else
        send_commit(w);
}

static void after_commit(struct shard_work *w)
{
    int64_t now = store_now_ms(w->flow->store);
    for (int i = w->at; i < w->at + w->n_chunk; i++)
        metrics_observe_us(HISTOGRAM_decide_seconds, (now - w->batch.v[i].at_ms) * 1000);
    metrics_add(METRIC_commits_total, 1);
    metrics_add(METRIC_labels_total, w->fx.n_labels);
    metrics_add(METRIC_entries_decided_total, w->n_chunk);
    metrics_observe_us(HISTOGRAM_commit_seconds,
                       clock_monotonic_ns() / 1000 - w->commit_started_us);
    apply_announce(w->flow, w->shard, w->core, &w->fx);
    if (touches_alerts(&w->fx))
        count_alerts(w);
    gauge_parties(w, core_parties_seen(w->core));
    for (int i = 0; i < w->fx.n_doubts; i++)
        adviser_consider(w->flow->adviser, w->shard, &w->fx.doubts[i]);
    w->at += w->n_chunk;
    w->attempts = 0;
    w->tried = false;
    arm_tick(w);
    work_on(w);
}

static void on_committed(void *arg, enum err e)
{
    struct shard_work *w = arg;
    w->commit_sent = false;
    if (e != ERR_STORE_REFUSED)
        w->commit = NULL; /* taken */
    if (!answered(w))
        return;
    if (e == ERR_STORE_REFUSED) { /* nothing was applied: the same again when Redis can */
        metrics_add(METRIC_commits_failed_total, 1);
        timer_set(w->retry, RETRY_MS);
        return;
    }
    if (!e) {
        after_commit(w);
        return;
    }
    metrics_add(e == ERR_STORE_FENCED ? METRIC_commits_refused_total : METRIC_commits_failed_total,
                1);
    give_back(w, e == ERR_STORE_FENCED ? "its lease is another's"
                 : e == ERR_CONFLICT   ? "a commit met a message seen before"
                                       : "a commit's outcome is unknown");
}

/* Decide one entry; false: it cannot be read, and is the first of its chunk. */
static bool decide(struct shard_work *w, const struct queued *q, bool seen)
{
    struct entry entry;
    struct errbuf eb = {.text = ""};
    arena_reset(w->entry_arena);
    if (entry_decode(q->payload, q->at_ms, w->entry_arena, &entry, &eb))
        return false;
    if (entry.kind == ENTRY_TICK)
        w->tick_asked = false;
    w->fx.lasting = false;
    if (!seen)
        core_decide(w->core, &entry, q->at_ms, &w->fx);
    else if (entry.kind == ENTRY_COMMAND) { /* repeated after an unknown outcome: it was done */
        struct reply *r = effects_reply(&w->fx);
        *r = (struct reply){.command = arena_dup_in(w->fx.arena, str_of(entry.command.id)),
                            .reply_to = arena_dup_in(w->fx.arena, str_of(entry.command.reply_to))};
    }
    if (seen)
        metrics_add(METRIC_messages_duplicate_total, 1);
    entry_deinit(&entry);
    commit_entry(w->commit, q->id, q->has_key && !seen ? q->key : NULL, w->fx.lasting);
    return true;
}

static bool key_in_chunk(const struct shard_work *w, int i)
{
    const struct queued *v = w->batch.v;
    for (int k = w->at; k < i; k++)
        if (v[k].has_key && !memcmp(v[k].key, v[i].key, STORE_KEY_BYTES))
            return true;
    return false;
}

static void on_seen(void *arg, enum err e, const bool *seen)
{
    struct shard_work *w = arg;
    if (!answered(w))
        return;
    if (e) {
        give_back_for(w, e, "the store did not answer");
        return;
    }
    effects_reset(&w->fx);
    w->commit = commit_new(w->flow->store, w->shard, w->epoch);
    int done = 0, keyed = 0;
    for (; done < w->n_chunk; done++) {
        const struct queued *q = &w->batch.v[w->at + done];
        bool before = q->has_key && (seen[keyed] || key_in_chunk(w, w->at + done));
        keyed += q->has_key;
        if (!decide(w, q, before))
            break;
    }
    w->n_chunk = done;
    if (!done) {
        commit_free(&w->commit);
        bury(w, &w->batch.v[w->at], "it cannot be read");
        return;
    }
    apply_effects(w->flow, w->core, &w->fx, &w->lines, w->commit);
    if (w->tried)
        commit_tried(w->commit);
    send_commit(w);
}

static void begin_chunk(struct shard_work *w)
{
    static _Thread_local unsigned char keys[BATCH_MOST][STORE_KEY_BYTES];
    int most = w->attempts >= ATTEMPTS_CAREFUL ? 1 : BATCH_MOST, n = w->batch.n - w->at, keyed = 0;
    w->n_chunk = n < most ? n : most;
    for (int i = w->at; i < w->at + w->n_chunk; i++)
        if (w->batch.v[i].has_key)
            memcpy(keys[keyed++], w->batch.v[i].key, STORE_KEY_BYTES);
    w->calls++;
    store_seen(w->flow->store, w->shard, keys, keyed, on_seen, w);
}

static void on_attempt(void *arg, enum err e, int n)
{
    struct shard_work *w = arg;
    if (!answered(w))
        return;
    if (e) {
        give_back_for(w, e, "the store did not answer");
        return;
    }
    w->attempted = w->tried = true;
    w->attempts = n;
    if (n > ATTEMPTS_MOST)
        bury(w, &w->batch.v[w->at], "owners kept dying on it");
    else
        begin_chunk(w);
}

static void swap_intake(struct shard_work *w)
{
    struct intake old = w->batch;
    w->batch = w->waiting;
    w->waiting = old;
    w->waiting.n = 0;
    arena_reset(w->waiting.arena);
    w->at = 0;
    if (w->paused && !w->flow->draining) {
        w->paused = false;
        store_read(w->flow->store, w->shard, w->last_id);
    }
}

static void work_on(struct shard_work *w)
{
    if (w->at == w->batch.n)
        swap_intake(w);
    if (!w->batch.n) {
        w->phase = PHASE_IDLE;
        return;
    }
    w->phase = PHASE_BUSY;
    if (w->attempted) {
        begin_chunk(w);
        return;
    }
    w->calls++;
    store_attempt(w->flow->store, w->shard, w->batch.v[w->at].id, on_attempt, w);
}

/* --- entries come in --- */

static void take_in(struct intake *in, const struct store_entry *e)
{
    if (in->n == in->cap) {
        in->cap = in->cap ? in->cap * 2 : 64;
        in->v = mem_grow(in->v, (size_t)in->cap, sizeof *in->v);
    }
    struct queued *q = &in->v[in->n++];
    *q = (struct queued){.at_ms = e->at_ms, .has_key = e->has_key};
    memcpy(q->id, e->id, sizeof q->id);
    memcpy(q->key, e->key, sizeof q->key);
    q->payload = (struct str){arena_dup_in(in->arena, e->payload), e->payload.n};
}

void shard_entries(struct flow *f, int shard, const struct store_entry *e, int n)
{
    struct shard_work *w = f->shards[shard];
    if (!w || !n)
        return;
    for (int i = 0; i < n; i++)
        take_in(&w->waiting, &e[i]);
    memcpy(w->last_id, e[n - 1].id, sizeof w->last_id);
    if (w->waiting.n >= WAITING_MOST && !w->paused) {
        w->paused = true;
        store_pause(f->store, shard);
    }
    if (w->phase == PHASE_IDLE)
        work_on(w);
}

/* --- taking a shard --- */

static void on_object(void *arg, enum object_kind kind, struct str json)
{
    struct shard_work *w = arg;
    void *object;
    struct errbuf eb;
    if (w->orphan)
        return;
    if (object_decode(kind, json, &object, &eb))
        log_error("shard %d: one of %s cannot be read: %s", w->shard, object_kind_code(kind),
                  eb.text);
    else
        core_load_take(w->core, kind, object);
}

static void on_talk(void *arg, struct str json)
{
    struct shard_work *w = arg;
    struct talk *t;
    struct errbuf eb;
    if (!w->orphan && !talk_decode(json, &t, &eb))
        core_load_talk_take(w->core, t);
}

static void resume_delivery(void *arg, const char *key, const void *object)
{
    struct shard_work *w = arg;
    (void)key;
    deliver_consider(w->flow->deliver, w->shard, object);
}

static void on_loaded(void *arg, enum err e)
{
    struct shard_work *w = arg;
    if (!answered(w))
        return;
    if (e) {
        give_back_for(w, e, "it could not be loaded");
        return;
    }
    core_loaded(w->core, store_now_ms(w->flow->store));
    core_each(w->core, OBJECT_OUTBOUND, resume_delivery, w);
    count_alerts(w);
    gauge_parties(w, core_parties_seen(w->core));
    w->phase = PHASE_IDLE;
    arm_tick(w);
    if (w->flow->draining)
        return;
    store_read(w->flow->store, w->shard, "0");
}

static void start_load(void *arg)
{
    struct shard_work *w = arg;
    const struct store_load_fns fns = {
        .object = on_object, .talk = on_talk, .done = on_loaded, .arg = w};
    w->calls++;
    store_load(w->flow->store, w->shard, &fns);
}

void shard_gained(struct flow *f, int shard, int64_t epoch)
{
    shard_lost(f, shard);
    struct shard_work *w = NEW(struct shard_work);
    *w = (struct shard_work){.flow = f, .shard = shard, .epoch = epoch, .phase = PHASE_LOAD};
    struct core_options o;
    flow_core_options(f, shard, &o);
    w->core = core_new(&o);
    w->fx_arena = arena_new();
    w->entry_arena = arena_new();
    w->waiting.arena = arena_new();
    w->batch.arena = arena_new();
    effects_init(&w->fx, w->fx_arena);
    w->tick = timer_new(f->loop, on_tick, w);
    w->retry = timer_new(f->loop, on_retry, w);
    f->shards[shard] = w;
    metrics_add(METRIC_shards_owned, 1);
    log_debug("shard %d: ours, epoch %lld", shard, (long long)epoch);
    if (models_known(f->models))
        start_load(w);
    else
        w->waits = true;
}

void shards_models_known(struct flow *f)
{
    for (int i = 0; i < STORE_SHARDS_MAX; i++) {
        struct shard_work *w = f->shards[i];
        if (!w || !w->waits)
            continue;
        w->waits = false;
        start_load(w);
    }
}

void shard_configure(struct flow *f, int shard)
{
    struct shard_work *w = f->shards[shard];
    if (!w)
        return;
    struct core_options o;
    flow_core_options(f, shard, &o);
    core_configure(w->core, &o);
}

const struct core *shard_core(const struct flow *f, int shard)
{
    const struct shard_work *w = f->shards[shard];
    return w && w->phase != PHASE_LOAD ? w->core : NULL;
}

bool shard_is_idle(const struct flow *f, int shard)
{
    const struct shard_work *w = f->shards[shard];
    return !w || (w->phase != PHASE_BUSY && !w->waiting.n);
}

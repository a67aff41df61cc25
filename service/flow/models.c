/* Which model this loop reads with. The store says which one is chosen; a live line, and a look
   every few seconds, tell of a change. It is fetched, kept in the state folder, mapped, and takes
   the other's place between two decisions. Until the choice is known, no shard is taken up. */
#include "flow_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "codec/json.h"
#include "flow/models.h"
#include "flow/shelf.h"
#include "metrics/metrics.h"

#define LOOK_MS 3000
#define SOON_MS 100     /* while the choice is not known */
#define FAILED_MS 10000 /* a file that cannot be read is fetched again, but not all the time */

struct models {
    struct flow *flow;
    struct shelf *shelf;
    struct timer *timer;
    bool asking, again; /* a call is under way; a hint came meanwhile */
    bool known;
    char current[MODEL_VERSION_SIZE], previous[MODEL_VERSION_SIZE]; /* as the store says */
    char running[MODEL_VERSION_SIZE];                               /* "": our own */
    char failed[MODEL_VERSION_SIZE];                                /* told once */
    struct errbuf why;
};

struct models *models_new(struct flow *f, struct shelf *shelf)
{
    struct models *m = NEW(struct models);
    *m = (struct models){.flow = f, .shelf = shelf};
    m->timer = timer_new(f->loop, models_look, m);
    timer_set(m->timer, 1);
    f->model = shelf_take(shelf, "");
    return m;
}

void models_free(struct models **m)
{
    if (!*m)
        return;
    if ((*m)->failed[0])
        metrics_add(METRIC_model_fallback, -1);
    shelf_give_back((*m)->shelf, (*m)->flow->model);
    (*m)->flow->model = NULL;
    timer_free(&(*m)->timer);
    free(*m);
    *m = NULL;
}

bool models_known(const struct models *m)
{
    return m->known;
}

const char *flow_model_running(const struct flow *f)
{
    return f->models->running;
}

const char *flow_model_version(const struct flow *f)
{
    return text_version_borrow(f->model);
}

/* --- switching --- */

/* The shards may be worked on: with the chosen model, or else with the one at hand. */
static void settle(struct models *m)
{
    bool first = !m->known;
    m->known = true;
    if (first)
        shards_models_known(m->flow);
}

static void forget_failure(struct models *m)
{
    if (m->failed[0])
        metrics_add(METRIC_model_fallback, -1);
    m->failed[0] = 0;
}

static void switch_to(struct models *m, const struct text_model *fresh)
{
    struct flow *f = m->flow;
    const struct text_model *old = f->model;
    f->model = fresh;
    for (int i = 0; i < STORE_SHARDS_MAX; i++)
        shard_configure(f, i);
    shelf_give_back(m->shelf, old); /* nothing points to it any more */
    memcpy(m->running, m->current, sizeof m->running);
    forget_failure(m);
    metrics_add(METRIC_model_switches_total, 1);
    log_info("model: reading with %s%s from now on", text_version_borrow(fresh),
             m->running[0] ? "" : ", our own,");
    shelf_prune(m->shelf, m->current, m->previous);
    settle(m);
}

static void fail(struct models *m, const char *why)
{
    if (strcmp(m->failed, m->current) != 0) {
        log_error("model: version %s was chosen and cannot be loaded: %s; reading with %s%s",
                  m->current, why, text_version_borrow(m->flow->model),
                  m->running[0] ? "" : ", which came with the program");
        if (!m->failed[0])
            metrics_add(METRIC_model_fallback, 1);
        memcpy(m->failed, m->current, sizeof m->failed);
    }
    settle(m);
}

/* --- asking the store --- */

static void rest(struct models *m, int64_t ms)
{
    m->asking = false;
    timer_set(m->timer, m->again ? 1 : ms);
    m->again = false;
}

static void on_blob(void *arg, const char *version, struct str bytes)
{
    struct models *m = arg;
    if (!bytes.p)
        err_set(&m->why, ERR_NOT_FOUND, "it is not in the store any more");
    else if (shelf_put(m->shelf, version, bytes, &m->why) == ERR_OK)
        m->why.text[0] = 0;
}

static void on_fetched(void *arg, enum err e)
{
    struct models *m = arg;
    const struct text_model *fresh = e || m->why.text[0] ? NULL : shelf_take(m->shelf, m->current);
    if (e) {
        rest(m, SOON_MS);
        return;
    }
    if (fresh)
        switch_to(m, fresh);
    else
        fail(m, m->why.text[0] ? m->why.text : "its file cannot be read");
    rest(m, fresh ? LOOK_MS : FAILED_MS);
}

static void fetch_it(struct models *m)
{
    const struct store_rows_fns fns = {.row = on_blob, .done = on_fetched, .arg = m};
    err_set(&m->why, ERR_INTERNAL, "nothing came");
    store_model_blob(m->flow->store, m->current, &fns);
}

static void on_field(void *arg, const char *id, struct str value)
{
    struct models *m = arg;
    if (!strcmp(id, "current"))
        str_copy(m->current, sizeof m->current, value);
    else if (!strcmp(id, "previous"))
        str_copy(m->previous, sizeof m->previous, value);
}

static void on_state(void *arg, enum err e)
{
    struct models *m = arg;
    if (e == ERR_STORE_REFUSED) { /* it will not say: nobody is to wait for that */
        str_copy(m->current, sizeof m->current, STR("unknown"));
        fail(m, "Redis refuses to say which it is");
        rest(m, FAILED_MS);
        return;
    }
    if (e) {
        rest(m, SOON_MS);
        return;
    }
    if (!strcmp(m->current, m->running)) {
        forget_failure(m);
        settle(m);
        rest(m, LOOK_MS);
        return;
    }
    const struct text_model *fresh = shelf_take(m->shelf, m->current);
    if (!fresh) {
        fetch_it(m);
        return;
    }
    switch_to(m, fresh);
    rest(m, LOOK_MS);
}

void models_look(void *arg)
{
    struct models *m = arg;
    const struct store_rows_fns fns = {.row = on_field, .done = on_state, .arg = m};
    if (m->asking) {
        m->again = true;
        return;
    }
    m->asking = true;
    m->current[0] = m->previous[0] = 0;
    store_model_state(m->flow->store, &fns);
}

/* --- a model that is brought in --- */

struct bringing {
    struct flow *flow;
    char *upload, *actor;
    char version[MODEL_VERSION_SIZE];
    struct buf about;
    enum err err;
    struct errbuf eb;
    flow_model_fn *fn;
    void *arg;
};

static void bringing_end(void *arg, enum err e)
{
    struct bringing *b = arg;
    if (e)
        b->err = e;
    b->fn(b->arg, b->err, b->eb.text[0] ? &b->eb : NULL, buf_str_borrow(&b->about));
    buf_deinit(&b->about);
    free(b->upload);
    free(b->actor);
    free(b);
}

static bool is_figure(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789.", s.p[i]))
            return false;
    return s.n > 0 && s.n < 20 && s.p[0] != '.' && s.p[s.n - 1] != '.' &&
           (s.p[0] != '0' || s.n == 1 || s.p[1] == '.');
}

static void describe(struct bringing *b, const struct text_model *model, size_t bytes)
{
    struct str rest = text_about_borrow(model);
    struct json_out j = json_out(&b->about);
    json_object(&j, NULL);
    json_z(&j, "version", b->version);
    json_i64(&j, "bytes", (int64_t)bytes);
    json_i64(&j, "at_ms", store_now_ms(b->flow->store));
    json_z(&j, "by", b->actor);
    json_object(&j, "training");
    for (int lines = 0; rest.n && lines < 64; lines++) {
        struct str line = str_cut(&rest, '\n'), name = str_cut(&line, '=');
        char key[40];
        str_copy(key, sizeof key, name);
        if (!shelf_is_version(key) || !strcmp(key, "version") || !str_is_utf8(line))
            continue;
        if (is_figure(line))
            json_raw(&j, key, line);
        else
            json_str(&j, key, line);
    }
    json_object_end(&j);
    json_object_end(&j);
}

static void on_upload(void *arg, const char *upload, struct str bytes)
{
    struct bringing *b = arg;
    struct text_model *model;
    if (!bytes.p) {
        b->err = err_set(&b->eb, ERR_NOT_FOUND, "there is no upload %s", upload);
        return;
    }
    if (text_load_bytes(bytes, upload, &model, &b->eb)) {
        b->err = ERR_BAD_FIELD; /* the sender's, not ours */
        return;
    }
    str_copy(b->version, sizeof b->version, str_of(text_version_borrow(model)));
    if (!shelf_is_version(b->version))
        b->err = err_set(&b->eb, ERR_BAD_FIELD, "its version is no name of letters and digits");
    else
        describe(b, model, bytes.n);
    text_unload(&model);
}

static void on_checked(void *arg, enum err e)
{
    struct bringing *b = arg;
    if (e || b->err)
        bringing_end(b, e);
    else
        store_model_keep(b->flow->store, b->upload, b->version, buf_str_borrow(&b->about),
                         bringing_end, b);
}

void flow_model_bring(struct flow *f, const char *upload, const char *actor, flow_model_fn *fn,
                      void *arg)
{
    struct bringing *b = NEW(struct bringing);
    *b = (struct bringing){
        .flow = f, .upload = mem_dup(upload), .actor = mem_dup(actor), .fn = fn, .arg = arg};
    buf_init(&b->about);
    const struct store_rows_fns fns = {.row = on_upload, .done = on_checked, .arg = b};
    store_model_upload(f->store, upload, &fns);
}

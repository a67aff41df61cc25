#include "store/models.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store_priv.h"

#define STATE PREFIX "{model}"
#define PULL_BYTES (256 << 10)

static struct buf *begin(struct store *s, const char *blob, const char *upload)
{
    char key[KEY_SIZE];
    struct buf *b = script_begin(s, SCRIPT_model);
    resp_z(b, STATE);
    resp_z(b, STATE ":about");
    resp_z(b, STATE ":log");
    resp_z(b, STATE ":kept");
    snprintf(key, sizeof key, STATE ":blob:%.64s", blob);
    resp_z(b, key);
    snprintf(key, sizeof key, STATE ":upload:%.64s", upload);
    resp_z(b, key);
    return b;
}
enum { KEYS = 6 };

struct call {
    store_fn *fn;
    void (*size_fn)(void *arg, enum err e, int64_t size);
    void *arg;
};

static struct call *call_new(store_fn *fn, void (*size_fn)(void *, enum err, int64_t), void *arg)
{
    struct call *c = NEW(struct call);
    *c = (struct call){fn, size_fn, arg};
    return c;
}

static void on_reply(void *arg, const redisReply *r)
{
    struct call *c = arg;
    enum err e = reply_is_error(r, "STALE")   ? ERR_STALE
                 : reply_is_error(r, "LARGE") ? ERR_TOO_LARGE
                                              : reply_err(r);
    if (redis_conn_is_ending()) {
        free(c);
        return;
    }
    if (c->size_fn)
        c->size_fn(c->arg, e, !e && r->type == REDIS_REPLY_INTEGER ? r->integer : 0);
    else
        c->fn(c->arg, e);
    free(c);
}

void store_model_part(struct store *s, const char *upload, int64_t at, struct str bytes,
                      void (*fn)(void *arg, enum err e, int64_t size), void *arg)
{
    struct buf *b = begin(s, "", upload);
    resp_z(b, "part");
    resp_i64(b, at);
    resp_arg(b, bytes);
    resp_i64(b, MODEL_UPLOAD_MOST);
    script_call(s, KEYS, KEYS + 4, on_reply, call_new(NULL, fn, arg));
}

void store_model_keep(struct store *s, const char *upload, const char *version, struct str about,
                      store_fn *fn, void *arg)
{
    struct buf *b = begin(s, version, upload);
    resp_z(b, "keep");
    resp_z(b, version);
    resp_arg(b, about);
    resp_i64(b, MODELS_KEPT);
    script_call(s, KEYS, KEYS + 4, on_reply, call_new(fn, NULL, arg));
}

void store_model_use(struct store *s, const char *version, const char *instead_of,
                     const char *actor, const char *note, store_fn *fn, void *arg)
{
    struct buf *b = begin(s, version ? version : "", "");
    resp_z(b, "use");
    resp_z(b, version ? version : "-");
    resp_z(b, instead_of);
    resp_z(b, actor);
    resp_z(b, note ? note : "");
    script_call(s, KEYS, KEYS + 5, on_reply, call_new(fn, NULL, arg));
}

/* --- reading --- */

void store_model_state(struct store *s, const struct store_rows_fns *fns)
{
    const char *const words[] = {"HGETALL", STATE};
    view_pairs(s, words, 2, fns);
}

void store_models(struct store *s, const struct store_rows_fns *fns)
{
    const char *const words[] = {"HGETALL", STATE ":about"};
    view_pairs(s, words, 2, fns);
}

void store_model_log(struct store *s, int count, const struct store_rows_fns *fns)
{
    char number[16];
    snprintf(number, sizeof number, "%d", count);
    const char *const words[] = {"XREVRANGE", STATE ":log", "+", "-", "COUNT", number};
    view_stream(s, words, 6, fns);
}

/* A file comes in parts, so that no call takes long and what the shards commit gets in between. */
struct pull {
    struct store *store;
    char key[KEY_SIZE], id[KEY_SIZE];
    struct buf bytes;
    struct store_rows_fns fns;
};

static void pull_next(struct pull *p);

static void pull_end(struct pull *p, enum err e)
{
    if (!redis_conn_is_ending()) {
        if (!e)
            p->fns.row(p->fns.arg, p->id,
                       p->bytes.n ? buf_str_borrow(&p->bytes) : (struct str){NULL, 0});
        p->fns.done(p->fns.arg, e);
    }
    buf_deinit(&p->bytes);
    free(p);
}

static void on_pulled(void *arg, const redisReply *r)
{
    struct pull *p = arg;
    enum err e = reply_err(r);
    struct str part = e ? STR("") : reply_str(r);
    if (part.n)
        buf_add_str(&p->bytes, part);
    if (!e && part.n == PULL_BYTES && p->bytes.n <= MODEL_UPLOAD_MOST)
        pull_next(p);
    else
        pull_end(p, e);
}

static void pull_next(struct pull *p)
{
    struct buf b;
    buf_init(&b);
    resp_begin(&b, 4);
    resp_z(&b, "GETRANGE");
    resp_z(&b, p->key);
    resp_i64(&b, (int64_t)p->bytes.n);
    resp_i64(&b, (int64_t)p->bytes.n + PULL_BYTES - 1);
    redis_conn_send(p->store->work, buf_str_borrow(&b), on_pulled, p);
    buf_deinit(&b);
}

static void pull(struct store *s, const char *what, const char *id,
                 const struct store_rows_fns *fns)
{
    struct pull *p = NEW(struct pull);
    *p = (struct pull){.store = s, .fns = *fns};
    snprintf(p->key, sizeof p->key, STATE ":%s:%.64s", what, id);
    str_copy(p->id, sizeof p->id, str_of(id));
    buf_init(&p->bytes);
    pull_next(p);
}

void store_model_blob(struct store *s, const char *version, const struct store_rows_fns *fns)
{
    pull(s, "blob", version, fns);
}

void store_model_upload(struct store *s, const char *upload, const struct store_rows_fns *fns)
{
    pull(s, "upload", upload, fns);
}

/* All that a shard keeps, read at a takeover: hash after hash with HSCAN, so that no answer is
   large, then the conversations. Nobody else writes there, so what the scan sees is what there is.
 */
#include "store_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SCAN_COUNT "1000"

struct load {
    struct store *store;
    int shard, kind;
    struct store_load_fns fns;
    char **talks; /* keys */
    int n_talks, at;
};

static void load_kind(struct load *l);
static void load_talk(struct load *l);

static void load_end(struct load *l, enum err e)
{
    struct store_load_fns fns = l->fns;
    for (int i = 0; i < l->n_talks; i++)
        free(l->talks[i]);
    free(l->talks);
    free(l);
    if (!redis_conn_is_ending())
        fns.done(fns.arg, e);
}

static bool is_scan(const redisReply *r)
{
    return r && r->type == REDIS_REPLY_ARRAY && r->elements == 2 &&
           r->element[1]->type == REDIS_REPLY_ARRAY;
}

static void scan(struct load *l, struct str cursor, redis_conn_fn *fn)
{
    char key[KEY_SIZE];
    struct buf b;
    buf_init(&b);
    key_shard(key, l->shard, object_kind_code((enum object_kind)l->kind));
    resp_begin(&b, 5);
    resp_z(&b, "HSCAN");
    resp_z(&b, key);
    resp_arg(&b, cursor);
    resp_z(&b, "COUNT");
    resp_z(&b, SCAN_COUNT);
    redis_conn_send(l->store->work, buf_str_borrow(&b), fn, l);
    buf_deinit(&b);
}

static void on_objects(void *arg, const redisReply *r)
{
    struct load *l = arg;
    if (!is_scan(r)) {
        load_end(l, r ? ERR_STORE_REFUSED : ERR_STORE_DOWN);
        return;
    }
    const redisReply *rows = r->element[1];
    for (size_t i = 1; i < rows->elements; i += 2)
        l->fns.object(l->fns.arg, (enum object_kind)l->kind, reply_str(rows->element[i]));
    struct str cursor = reply_str(r->element[0]);
    if (!str_is(cursor, "0")) {
        scan(l, cursor, on_objects);
        return;
    }
    l->kind++;
    load_kind(l);
}

static void on_talk_keys(void *arg, const redisReply *r);

static void scan_talks(struct load *l, struct str cursor)
{
    char pattern[KEY_SIZE];
    struct buf b;
    buf_init(&b);
    key_shard(pattern, l->shard, "talks");
    resp_begin(&b, 5);
    resp_z(&b, "SSCAN");
    resp_z(&b, pattern);
    resp_arg(&b, cursor);
    resp_z(&b, "COUNT");
    resp_z(&b, SCAN_COUNT);
    redis_conn_send(l->store->work, buf_str_borrow(&b), on_talk_keys, l);
    buf_deinit(&b);
}

static void load_kind(struct load *l)
{
    if (l->kind < OBJECT_KIND_N)
        scan(l, STR("0"), on_objects);
    else
        scan_talks(l, STR("0"));
}

static void on_talk_keys(void *arg, const redisReply *r)
{
    struct load *l = arg;
    if (!is_scan(r)) {
        load_end(l, r ? ERR_STORE_REFUSED : ERR_STORE_DOWN);
        return;
    }
    const redisReply *rows = r->element[1];
    for (size_t i = 0; i < rows->elements; i++) {
        l->talks = mem_grow(l->talks, (size_t)l->n_talks + 1, sizeof *l->talks);
        l->talks[l->n_talks++] = mem_dup_str(reply_str(rows->element[i]));
    }
    struct str cursor = reply_str(r->element[0]);
    if (str_is(cursor, "0"))
        load_talk(l);
    else
        scan_talks(l, cursor);
}

static void on_talk(void *arg, const redisReply *r)
{
    struct load *l = arg;
    if (!r || r->type != REDIS_REPLY_ARRAY) {
        load_end(l, r ? ERR_STORE_REFUSED : ERR_STORE_DOWN);
        return;
    }
    for (size_t i = 0; i < r->elements; i++)
        l->fns.talk(l->fns.arg, reply_str(r->element[i]));
    l->at++;
    load_talk(l);
}

static void load_talk(struct load *l)
{
    char key[KEY_SIZE];
    struct buf b;
    if (l->at == l->n_talks) {
        load_end(l, ERR_OK);
        return;
    }
    key_shard_of(key, l->shard, "talk", l->talks[l->at]);
    buf_init(&b);
    resp_begin(&b, 4);
    resp_z(&b, "LRANGE");
    resp_z(&b, key);
    resp_z(&b, "0");
    resp_z(&b, "-1");
    redis_conn_send(l->store->work, buf_str_borrow(&b), on_talk, l);
    buf_deinit(&b);
}

void store_load(struct store *s, int shard, const struct store_load_fns *fns)
{
    struct load *l = NEW(struct load);
    *l = (struct load){.store = s, .shard = shard, .fns = *fns};
    load_kind(l);
}

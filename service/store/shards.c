#include <stdlib.h>

#include "base/mem.h"
#include "store_priv.h"

struct look {
    void (*row)(void *arg, const struct store_shard *s);
    store_fn *done;
    void *arg;
};

static void on_look(void *arg, const redisReply *r)
{
    struct look *l = arg;
    enum err e = reply_err(r);
    bool is_rows = !e && r->type == REDIS_REPLY_ARRAY && r->elements;
    for (size_t i = 1; is_rows && i < r->elements; i++) {
        const redisReply *x = r->element[i];
        if (x->type != REDIS_REPLY_ARRAY || x->elements != 5)
            continue;
        const struct store_shard s = {.shard = (int)i - 1,
                                      .now_ms = r->element[0]->integer,
                                      .owner = reply_str(x->element[0]),
                                      .heartbeat_ms = x->element[1]->integer,
                                      .undecided = x->element[2]->integer,
                                      .oldest_ms = x->element[3]->integer,
                                      .dead = x->element[4]->integer};
        l->row(l->arg, &s);
    }
    if (!redis_conn_is_ending())
        l->done(l->arg, e ? e : is_rows ? ERR_OK : ERR_STORE_REFUSED);
    free(l);
}

void store_shards_look(struct store *s, void (*row)(void *arg, const struct store_shard *s),
                       store_fn *done, void *arg)
{
    static const char *const names[] = {"lease", "log", "dead"};
    char key[KEY_SIZE];
    struct buf *b = script_begin(s, SCRIPT_shards);
    struct look *l = NEW(struct look);
    *l = (struct look){row, done, arg};
    resp_z(b, PREFIX "members");
    for (int i = 0; i < s->shards; i++)
        for (int k = 0; k < 3; k++) {
            key_shard(key, i, names[k]);
            resp_z(b, key);
        }
    script_call(s, 1 + 3 * s->shards, 1 + 3 * s->shards, on_look, l);
}

/* What the staff routes have in common: which community, and objects gathered from the store before
   the answer is written. */
#include "ask_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/object.h"

struct only {
    const char *community;
    int n;
};

static void count_community(void *arg, const char *community, int shard)
{
    struct only *o = arg;
    (void)shard;
    o->community = community;
    o->n++;
}

/* Named in the query; else the token's; else the only one there is. */
static const char *community_of(struct http_request *rq, const struct principal *p)
{
    const char *named = http_query(rq, "community");
    if (named)
        return named;
    if (strcmp(p->token->community, "*") != 0)
        return p->token->community;
    struct only o = {0};
    flow_communities(web_of(rq)->flow, count_community, &o);
    return o.n == 1 ? o.community : NULL;
}

bool ask_community(struct http_request *rq, const struct principal *p, char out[ID_SIZE],
                   int *shard_r)
{
    const char *community = community_of(rq, p);
    struct errbuf eb;
    if (!community) {
        answer_err(rq, err_set(&eb, ERR_BAD_REQUEST, "say which with ?community=ID"), &eb);
        return false;
    }
    if (!auth_community(p, community)) {
        answer_err(rq, err_set(&eb, ERR_FORBIDDEN, "your token is of another community"), &eb);
        return false;
    }
    *shard_r = store_shard_of(flow_store(web_of(rq)->flow), community);
    if (*shard_r < 0) {
        answer_err(rq, ERR_STORE_DOWN, NULL);
        return false;
    }
    str_copy(out, ID_SIZE, str_of(community));
    return true;
}

bool ask_id(struct http_request *rq, int *shard_r)
{
    *shard_r = flow_shard_of_id(http_param(rq, "id"));
    if (*shard_r >= 0 && *shard_r < store_shards(flow_store(web_of(rq)->flow)))
        return true;
    answer_err(rq, ERR_NOT_FOUND, NULL);
    return false;
}

/* --- gathering --- */

struct ask *ask_new(struct http_request *rq, const struct principal *p, int shard, ask_fn *done)
{
    struct ask *a = NEW(struct ask);
    *a = (struct ask){.rq = rq,
                      .web = web_of(rq),
                      .shard = shard,
                      .done = done,
                      .role = p->role,
                      .actor = p->token->name};
    str_copy(a->community, sizeof a->community, str_of(p->token->community));
    if (p->token->grid && p->role == ROLE_GRID)
        str_copy(a->grid, sizeof a->grid, str_of(p->token->grid));
    return a;
}

void ask_free(struct ask *a)
{
    for (int i = 0; i < a->n; i++) {
        object_free(a->found[i].kind, &a->found[i].object);
        free(a->found[i].key);
    }
    for (int i = 0; i < a->n_lines; i++) {
        free(a->lines[i].id);
        free(a->lines[i].text);
    }
    free(a->lines);
    free(a->found);
    free(a);
}

static void on_done(void *arg, enum err e)
{
    struct ask *a = arg;
    if (e) {
        answer_err(a->rq, e, NULL);
        ask_free(a);
        return;
    }
    a->done(a);
}

static void on_object(void *arg, const char *id, struct str value)
{
    struct ask *a = arg;
    void *object;
    if (!value.p || object_decode(a->kind, value, &object, NULL))
        return;
    a->found = mem_grow(a->found, (size_t)a->n + 1, sizeof *a->found);
    a->found[a->n++] = (struct found){.kind = a->kind, .key = mem_dup(id), .object = object};
}

static void on_line(void *arg, const char *id, struct str value)
{
    struct ask *a = arg;
    if (!value.p)
        return;
    a->lines = mem_grow(a->lines, (size_t)a->n_lines + 1, sizeof *a->lines);
    a->lines[a->n_lines++] = (struct line){mem_dup(id), mem_dup_str(value)};
}

void ask_objects(struct ask *a, enum object_kind kind, const char *const *keys, int n, ask_fn *then)
{
    const struct store_rows_fns fns = {.row = on_object, .done = on_done, .arg = a};
    a->kind = kind;
    a->done = then;
    store_get(flow_store(a->web->flow), a->shard, kind, keys, n, &fns);
}

void ask_all(struct ask *a, enum object_kind kind, ask_fn *then)
{
    const struct store_rows_fns fns = {.row = on_object, .done = on_done, .arg = a};
    a->kind = kind;
    a->done = then;
    store_all(flow_store(a->web->flow), a->shard, kind, &fns);
}

struct store_rows_fns ask_lines(struct ask *a, ask_fn *then)
{
    a->done = then;
    return (struct store_rows_fns){.row = on_line, .done = on_done, .arg = a};
}

const void *ask_found(const struct ask *a, enum object_kind kind, const char *key)
{
    for (int i = 0; i < a->n && key[0]; i++)
        if (a->found[i].kind == kind && !strcmp(a->found[i].key, key))
            return a->found[i].object;
    return NULL;
}

bool ask_may_see(const struct ask *a, const char *community, const char *grid)
{
    return (!strcmp(a->community, "*") || !strcmp(a->community, community)) &&
           (!a->grid[0] || !strcmp(a->grid, grid));
}

void show_object(const struct ask *a, struct json_out *j, const char *key, enum object_kind kind,
                 const void *object)
{
    if (!object) {
        json_null(j, key);
        return;
    }
    struct buf one;
    buf_init(&one);
    struct json_out inner = json_out(&one);
    object_show(kind, object, (int)flow_conf(a->web->flow)->time_zone_min, &inner);
    json_raw(j, key, buf_str_borrow(&one));
    buf_deinit(&one);
}

/* Who decides for which shard, how far it is, and what could not be decided. */
#include "web_priv.h"

#include <stdlib.h>

#include "base/mem.h"

struct shards {
    struct http_request *rq;
    struct buf out;
    struct json_out j;
    int zone_min;
};

static void on_shard(void *arg, const struct store_shard *s)
{
    struct shards *x = arg;
    struct json_out *j = &x->j;
    json_object(j, NULL);
    json_i64(j, "shard", s->shard);
    json_str(j, "owner", s->owner);
    json_time(j, "heartbeat", s->heartbeat_ms, x->zone_min);
    json_i64(j, "undecided", s->undecided);
    json_i64(j, "oldest_ms", s->undecided ? s->now_ms - s->oldest_ms : 0);
    json_i64(j, "dead", s->dead);
    json_object_end(j);
}

static void on_done(void *arg, enum err e)
{
    struct shards *x = arg;
    json_array_end(&x->j);
    json_object_end(&x->j);
    if (e) {
        answer_err(x->rq, e, NULL);
        buf_deinit(&x->out);
    } else {
        answer_json(x->rq, 200, &x->out);
    }
    free(x);
}

/* It is the service's matter, not a community's. */
void staff_shards(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    if (!auth_staff(rq, ROLE_ADMIN, &p))
        return;
    if (!auth_community(&p, "*")) {
        answer_err(rq, ERR_FORBIDDEN, NULL);
        return;
    }
    struct shards *x = NEW(struct shards);
    *x = (struct shards){.rq = rq, .zone_min = (int)flow_conf(w->flow)->time_zone_min};
    buf_init(&x->out);
    x->j = json_out(&x->out);
    json_object(&x->j, NULL);
    json_array(&x->j, "items");
    store_shards_look(flow_store(w->flow), on_shard, on_done, x);
}

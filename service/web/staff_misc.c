/* Session, unassigned groups, status, and this interface described. */
#include "ask_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "flow/models.h"
#include "metrics/metrics.h"

extern const unsigned char web_openapi_json[];
extern const unsigned long web_openapi_json_len;

void staff_openapi(struct http_request *rq, void *arg)
{
    (void)arg;
    http_answer_header(rq, "cache-control", "public, max-age=300");
    http_answer(rq, 200, JSON_TYPE,
                (struct str){(const char *)web_openapi_json, web_openapi_json_len});
}

void staff_session(struct http_request *rq, void *arg)
{
    struct principal p;
    struct buf out;
    (void)arg;
    if (!auth_staff(rq, ROLE_VIEWER, &p))
        return;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_z(&j, "name", p.token->name);
    json_z(&j, "role", role_code(p.role));
    json_z(&j, "community", p.token->community);
    json_z(&j, "grid", p.token->grid);
    json_object_end(&j);
    answer_json(rq, 200, &out);
}

static void show_community(void *arg, const char *community, int shard)
{
    struct json_out *j = arg;
    json_object(j, NULL);
    json_z(j, "id", community);
    json_i64(j, "shard", shard);
    json_object_end(j);
}

void staff_status(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    struct buf out;
    const char *why = "";
    if (!auth_staff(rq, ROLE_VIEWER, &p))
        return;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_z(&j, "version", LINLI_VERSION);
    json_z(&j, "model", flow_model_version(w->flow));
    json_i64(&j, "model_fallbacks", metrics_sum(METRIC_model_fallback));
    json_bool(&j, "store_ready", store_is_ready(flow_store(w->flow), &why));
    json_z(&j, "store_why", why && why[0] ? why : NULL);
    json_i64(&j, "shards", store_shards(flow_store(w->flow)));
    json_i64(&j, "shards_owned", metrics_sum(METRIC_shards_owned));
    json_i64(&j, "messages_accepted", metrics_sum(METRIC_messages_accepted_total));
    json_i64(&j, "entries_decided", metrics_sum(METRIC_entries_decided_total));
    json_i64(&j, "outbound_sent", metrics_sum(METRIC_outbound_sent_total));
    json_i64(&j, "entries_dead", metrics_sum(METRIC_entries_dead_total));
    if (!strcmp(p.token->community, "*")) {
        json_array(&j, "communities");
        flow_communities(w->flow, show_community, &j);
        json_array_end(&j);
    }
    json_object_end(&j);
    answer_json(rq, 200, &out);
}

/* --- groups nobody has registered --- */

static void answer_unassigned(struct ask *a)
{
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_array(&j, "items");
    for (int i = 0; i < a->n_lines; i++) {
        long long n = 0;
        str_to_i64(str_of(a->lines[i].text), &n);
        json_object(&j, NULL);
        json_z(&j, "group", a->lines[i].id);
        json_i64(&j, "messages", n);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

void staff_unassigned(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    if (!auth_staff(rq, ROLE_ADMIN, &p))
        return;
    struct ask *a = ask_new(rq, &p, 0, NULL);
    const struct store_rows_fns fns = ask_lines(a, answer_unassigned);
    store_unassigned(flow_store(w->flow), &fns);
}

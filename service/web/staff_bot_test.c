/* A test post to a group's bot: first into the audit, then out, then what the platform said. */
#include "act_priv.h"

#include <string.h>

#include "codec/object.h"

static void on_tested(void *arg, const struct bot_test_result *t)
{
    struct act *a = arg;
    struct errbuf eb;
    struct buf out;
    if (t->err) {
        answer_err(a->rq, err_set(&eb, t->err, "%s", t->error), &eb);
        act_free(a);
        return;
    }
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_z(&j, "id", t->id);
    json_bool(&j, "delivered", t->delivered);
    json_i64(&j, "status", t->status);
    json_z(&j, "error", t->error[0] ? t->error : NULL);
    json_str(&j, "answer", str_is_utf8(t->answer) ? t->answer : STR(""));
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
    act_free(a);
}

static void on_audited(void *arg, const struct command_result *r)
{
    struct act *a = arg;
    void *object = NULL;
    struct errbuf eb;
    if (r->err || !r->object.p || object_decode(OBJECT_GROUP, r->object, &object, NULL)) {
        answer_err(a->rq, r->err ? r->err : ERR_INTERNAL, NULL);
        act_free(a);
        return;
    }
    const struct group *g = object;
    if (g->bot && g->external_id) {
        flow_bot_test(a->web->flow, g->bot, g->external_id, on_tested, a);
    } else {
        answer_err(a->rq, err_set(&eb, ERR_CONFLICT, "the group has no bot"), &eb);
        act_free(a);
    }
    object_free(OBJECT_GROUP, &object);
}

void staff_group_test(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_GROUP_TEST);
    int shard;
    (void)arg;
    if (!a)
        return;
    if (!ask_community(rq, &a->principal, a->community, &shard)) {
        act_free(a);
        return;
    }
    a->command.community = a->community;
    a->command.id = ""; /* asked again, it is sent again */
    flow_command(a->web->flow, &a->command, on_audited, a);
}

/* One decision on many items: each by its id and the version that the person saw, each with its own
   result. Nothing is decided that a person has not named. */
#include "ask_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/object.h"
#include "model/policy.h"

#define ITEMS_MOST 100
#define APPROVE_SCORE                                                                              \
    0.75f /* below it, and where harm may come of it, each is looked at by itself */

static const struct decision {
    const char *name;
    enum command_kind command;
    enum object_kind object;
    const char *needs; /* a member of the body, or NULL */
} decisions[] = {{"approve", COMMAND_MATCH_APPROVE, OBJECT_MATCH, NULL},
                 {"reject", COMMAND_MATCH_REJECT, OBJECT_MATCH, "reason"},
                 {"dispatch", COMMAND_CASE_DISPATCH, OBJECT_CASE, "assignee"},
                 {"seen", COMMAND_ALERT_SEEN, OBJECT_ALERT, NULL}};

struct bulk {
    struct http_request *rq;
    struct web *web;
    struct principal principal;
    const struct decision *decision;
    struct json_doc *body;
    const struct json *item; /* the one under way */
    const char *id;
    void *object; /* as it stands, or NULL */
    struct buf results;
    struct json_out j;
    int n_refused;
};

static void next(struct bulk *b);

static void bulk_end(struct bulk *b)
{
    struct buf out;
    buf_init(&out);
    json_array_end(&b->j);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_i64(&j, "refused", b->n_refused);
    json_raw(&j, "results", buf_str_borrow(&b->results));
    json_object_end(&j);
    answer_json(b->rq, b->n_refused ? 207 : 200, &out);
    buf_deinit(&b->results);
    json_doc_free(&b->body);
    free(b);
}

static void note_result(struct bulk *b, enum err e, struct str detail)
{
    struct json_out *j = &b->j;
    b->n_refused += e != ERR_OK;
    json_object(j, NULL);
    json_z(j, "id", b->id);
    json_i64(j, "status", err_status(e));
    if (e)
        json_z(j, "error", err_slug(e));
    if (detail.n)
        json_str(j, "detail", detail);
    json_object_end(j);
    b->item = json_next(b->item);
    next(b);
}

/* --- one item --- */

static void on_result(void *arg, const struct command_result *r)
{
    note_result(arg, r->err, r->detail);
}

static const char *grid_of(const struct bulk *b)
{
    return b->decision->object == OBJECT_MATCH  ? ((const struct match *)b->object)->grid
           : b->decision->object == OBJECT_CASE ? ((const struct case_ *)b->object)->origin.grid
                                                : ((const struct alert *)b->object)->grid;
}

static bool may_see(const struct bulk *b)
{
    const struct principal *p = &b->principal;
    return b->object && auth_community(p, object_community(b->decision->object, b->object)) &&
           (p->role != ROLE_GRID || !strcmp(p->token->grid, grid_of(b)));
}

/* Why this one wants a look of its own, or NULL. */
static const char *needs_a_look(const struct bulk *b)
{
    const struct match *m = b->object;
    if (b->decision->command != COMMAND_MATCH_APPROVE)
        return NULL;
    if (match_is_blind(m))
        return "it is shown without a suggestion: say by itself how you read it";
    if (policy_locks(m->category, m->urgency))
        return "of this kind each is looked at by itself";
    return m->score < APPROVE_SCORE ? "its score is below 0.75: look at it by itself" : NULL;
}

static void send_item(struct bulk *b)
{
    char key[64], community[ID_SIZE];
    const char *wanted = http_header(b->rq, "idempotency-key");
    const struct json *root = json_root(b->body);
    str_copy(community, sizeof community, str_of(object_community(b->decision->object, b->object)));
    snprintf(key, sizeof key, "%.36s:%.20s", wanted ? wanted : "", b->id);
    const struct command c = {.kind = b->decision->command,
                              .id = wanted ? key : "",
                              .community = community,
                              .actor = b->principal.token->name,
                              .role = b->principal.role,
                              .grid =
                                  b->principal.role == ROLE_GRID ? b->principal.token->grid : NULL,
                              .object = b->id,
                              .if_version = json_get_i64(b->item, "version", 0),
                              .reason = json_get_z(root, "reason", NULL),
                              .assignee = json_get_z(root, "assignee", NULL)};
    flow_command(b->web->flow, &c, on_result, b);
}

static void on_object(void *arg, const char *id, struct str value)
{
    struct bulk *b = arg;
    (void)id;
    if (value.p && object_decode(b->decision->object, value, &b->object, NULL))
        b->object = NULL;
}

static void on_read(void *arg, enum err e)
{
    struct bulk *b = arg;
    const char *look = !e && may_see(b) ? needs_a_look(b) : NULL;
    bool sent = !e && may_see(b) && !look;
    if (sent)
        send_item(b);
    enum err refused = e ? e : look ? ERR_CONFLICT : ERR_NOT_FOUND;
    if (b->object)
        object_free(b->decision->object, &b->object);
    b->object = NULL;
    if (!sent)
        note_result(b, refused, str_of(look));
}

static void next(struct bulk *b)
{
    const struct store_rows_fns fns = {.row = on_object, .done = on_read, .arg = b};
    if (!b->item) {
        bulk_end(b);
        return;
    }
    b->id = json_get_z(b->item, "id", "");
    int shard = flow_shard_of_id(b->id);
    if (shard < 0 || shard >= store_shards(flow_store(b->web->flow)))
        note_result(b, ERR_NOT_FOUND, (struct str){NULL, 0});
    else
        store_get(flow_store(b->web->flow), shard, b->decision->object, &b->id, 1, &fns);
}

/* --- the request --- */

/* What is wrong with it; the pointer in *at_r. NULL: nothing, and b->decision is set. */
static const char *wrong(struct bulk *b, const char **at_r)
{
    const struct json *root = json_root(b->body), *items = json_get(root, "items");
    const char *name = json_get_z(root, "decision", "");
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++)
        if (!strcmp(decisions[i].name, name))
            b->decision = &decisions[i];
    *at_r = "/decision";
    if (!b->decision)
        return "approve, reject, dispatch or seen";
    if (b->decision->needs && !json_get_z(root, b->decision->needs, "")[0]) {
        *at_r = !strcmp(b->decision->needs, "reason") ? "/reason" : "/assignee";
        return "is needed";
    }
    *at_r = "/items";
    if (json_type(items) != JSON_ARRAY || !json_count(items) || json_count(items) > ITEMS_MOST)
        return "from 1 to 100, each {\"id\",\"version\"}";
    b->item = json_first(items);
    return NULL;
}

void staff_bulk(struct http_request *rq, void *arg)
{
    struct principal p;
    struct errbuf eb;
    struct json_doc *body = NULL;
    const char *at, *why;
    (void)arg;
    if (!auth_staff(rq, ROLE_GRID, &p))
        return;
    enum err e = json_parse(http_body(rq), &body, &eb);
    if (!e && json_type(json_root(body)) != JSON_OBJECT)
        e = err_set(&eb, ERR_BAD_JSON, "the body is not a JSON object");
    if (e) {
        answer_err(rq, e, &eb);
        json_doc_free(&body);
        return;
    }
    struct bulk *b = NEW(struct bulk);
    *b = (struct bulk){.rq = rq, .web = web_of(rq), .principal = p, .body = body};
    if ((why = wrong(b, &at))) {
        answer_field(rq, at, why);
        json_doc_free(&b->body);
        free(b);
        return;
    }
    buf_init(&b->results);
    b->j = json_out(&b->results);
    json_array(&b->j, NULL);
    next(b);
}

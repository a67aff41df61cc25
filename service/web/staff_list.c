/* Lists and single objects of a community: posts, matches, cases and the directory. */
#include "ask_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LIST_LIMIT 100
#define LIST_MOST 1000

/* What a row shows of itself to filters, whatever its kind. */
struct facts {
    const char *community, *grid, *state, *category, *side;
    int64_t version;
    bool blind;           /* its category is not told, by no filter either */
    const char *assignee; /* of a case or an alert, else NULL */
};

static struct facts emergency_facts(enum object_kind kind, const void *object)
{
    const struct surge *u = object;
    const struct visit *v = object;
    if (kind == OBJECT_SURGE) /* of no grid: an outage does not end there */
        return (struct facts){.community = u->community,
                              .grid = "",
                              .state = notice_state_code(u->notice),
                              .category = category_code(u->category),
                              .side = "",
                              .version = u->version};
    return (struct facts){.community = v->community,
                          .grid = v->grid,
                          .state = visit_state_code(v->state),
                          .category = "",
                          .side = "",
                          .version = v->version};
}

static struct facts alert_facts(const struct alert *a)
{
    return (struct facts){.community = a->community,
                          .grid = a->grid,
                          .state = alert_state_code(a->state),
                          .category = "",
                          .side = "",
                          .version = a->version,
                          .assignee = a->assignee};
}

static struct facts facts_of(enum object_kind kind, const void *object)
{
    const struct post *p = object;
    const struct match *m = object;
    const struct case_ *c = object;
    const struct resource *r = object;
    const struct advice *a = object;
    switch (kind) {
    case OBJECT_POST:
        return (struct facts){p->origin.community,
                              p->origin.grid,
                              post_state_code(p->state),
                              category_code(p->category),
                              p->side == SIDE_REQUEST ? "request" : "offer",
                              p->version,
                              post_is_blind(p),
                              NULL};
    case OBJECT_MATCH:
        return (struct facts){
            m->community, m->grid,    match_state_code(m->state), category_code(m->category),
            "",           m->version, match_is_blind(m),          NULL};
    case OBJECT_CASE:
        return (struct facts){c->origin.community,
                              c->origin.grid,
                              case_state_code(c->state),
                              category_code(c->category),
                              "",
                              c->version,
                              false,
                              c->assignee};
    case OBJECT_ADVICE:
        return (struct facts){
            a->community,
            a->grid,
            "",
            category_code(a->kind == ADVICE_MESSAGE ? a->suggestion.category : a->category),
            "",
            a->version,
            false,
            NULL};
    case OBJECT_SURGE:
    case OBJECT_VISIT:
        return emergency_facts(kind, object);
    case OBJECT_ALERT:
        return alert_facts(object);
    case OBJECT_RESOURCE:
        return (struct facts){r->community, "", "", category_code(r->category), "", 0, false, NULL};
    default: /* the directory's structs all begin with the community */
        return (struct facts){
            .community = object, .grid = "", .state = "", .category = "", .side = ""};
    }
}

static bool wanted(struct ask *a, const char *name, const char *value)
{
    const char *filter = http_query(a->rq, name);
    return !filter || !strcmp(filter, value);
}

static bool passes(struct ask *a, const struct found *f)
{
    struct facts x = facts_of(f->kind, f->object);
    return !strcmp(x.community, a->wanted) &&
           (!a->grid[0] || !x.grid[0] || !strcmp(a->grid, x.grid)) && wanted(a, "state", x.state) &&
           (x.blind || wanted(a, "category", x.category)) && wanted(a, "side", x.side) &&
           (!x.assignee || wanted(a, "assignee", x.assignee)) &&
           (f->kind != OBJECT_ALERT ||
            wanted(a, "kind", ((const struct alert *)f->object)->kind)) &&
           (f->kind != OBJECT_ADVICE ||
            wanted(a, "kind", advice_kind_code(((const struct advice *)f->object)->kind)));
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct found *)a)->key, ((const struct found *)b)->key);
}

/* Pages go by key: the cursor is the last key shown, so that what comes and goes moves nothing. */
static void answer_list(struct ask *a)
{
    const char *after = http_query(a->rq, "cursor"), *last = NULL;
    struct buf out;
    int shown = 0;
    buf_init(&out);
    struct json_out j = json_out(&out);
    if (a->n)
        qsort(a->found, (size_t)a->n, sizeof *a->found, by_key);
    json_object(&j, NULL);
    json_array(&j, "items");
    int i = 0;
    for (; i < a->n && shown < a->limit; i++) {
        if ((after && strcmp(a->found[i].key, after) <= 0) || !passes(a, &a->found[i]))
            continue;
        show_object(a, &j, NULL, a->found[i].kind, a->found[i].object);
        last = a->found[i].key;
        shown++;
    }
    json_array_end(&j);
    json_z(&j, "next", i < a->n ? last : NULL);
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

static void list(struct http_request *rq, enum object_kind kind)
{
    struct principal p;
    char community[ID_SIZE];
    int shard;
    if (!auth_staff(rq, ROLE_VIEWER, &p) || !ask_community(rq, &p, community, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    memcpy(a->wanted, community, sizeof a->wanted);
    a->limit = query_int(rq, "limit", LIST_LIMIT, LIST_MOST);
    ask_all(a, kind, answer_list);
}

/* What belongs to no grid is for the officers of all. */
static bool may_see(const struct ask *a, enum object_kind kind, const void *object)
{
    struct facts x = facts_of(kind, object);
    return ask_may_see(a, x.community, kind == OBJECT_SURGE ? a->grid : x.grid);
}

static void answer_single(struct ask *a)
{
    struct buf out;
    char etag[32];
    if (!a->n || !may_see(a, a->kind, a->found[0].object)) {
        answer_err(a->rq, ERR_NOT_FOUND, NULL);
        ask_free(a);
        return;
    }
    buf_init(&out);
    struct json_out j = json_out(&out);
    show_object(a, &j, NULL, a->kind, a->found[0].object);
    snprintf(etag, sizeof etag, "\"%lld\"",
             (long long)facts_of(a->kind, a->found[0].object).version);
    http_answer_header(a->rq, "etag", etag);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

static void single(struct http_request *rq, enum object_kind kind)
{
    struct principal p;
    int shard;
    /* Who is at risk is no matter of every viewer. */
    enum role least = kind == OBJECT_VISIT ? ROLE_GRID : ROLE_VIEWER;
    if (!auth_staff(rq, least, &p) || !ask_id(rq, &shard))
        return;
    const char *keys[] = {http_param(rq, "id")};
    ask_objects(ask_new(rq, &p, shard, NULL), kind, keys, 1, answer_single);
}

/* Where nobody has set one, the built-in one holds, at version 1. */
static void answer_policy(struct ask *a)
{
    struct policy *built_in = a->n ? NULL : policy_new(a->wanted);
    const struct policy *p = a->n ? a->found[0].object : built_in;
    struct buf out;
    char etag[32];
    buf_init(&out);
    struct json_out j = json_out(&out);
    show_object(a, &j, NULL, OBJECT_POLICY, p);
    snprintf(etag, sizeof etag, "\"%lld\"", (long long)p->version);
    http_answer_header(a->rq, "etag", etag);
    answer_json(a->rq, 200, &out);
    policy_free(&built_in);
    ask_free(a);
}

void staff_policy(struct http_request *rq, void *arg)
{
    struct principal p;
    char community[ID_SIZE], key[OBJECT_KEY_SIZE];
    int shard;
    (void)arg;
    if (!auth_staff(rq, ROLE_VIEWER, &p) || !ask_community(rq, &p, community, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    const char *keys[] = {key};
    memcpy(a->wanted, community, sizeof a->wanted);
    object_key(key, community, POLICY_ID);
    ask_objects(a, OBJECT_POLICY, keys, 1, answer_policy);
}

#define LIST(name, KIND)                                                                           \
    void name(struct http_request *rq, void *arg)                                                  \
    {                                                                                              \
        (void)arg;                                                                                 \
        list(rq, KIND);                                                                            \
    }
#define SINGLE(name, KIND)                                                                         \
    void name(struct http_request *rq, void *arg)                                                  \
    {                                                                                              \
        (void)arg;                                                                                 \
        single(rq, KIND);                                                                          \
    }
LIST(staff_posts, OBJECT_POST)
LIST(staff_matches, OBJECT_MATCH)
LIST(staff_cases, OBJECT_CASE)
LIST(staff_advice, OBJECT_ADVICE)
LIST(staff_surges, OBJECT_SURGE)
LIST(staff_alerts, OBJECT_ALERT)
LIST(staff_resources, OBJECT_RESOURCE)
LIST(staff_parties, OBJECT_PARTY)
LIST(staff_places, OBJECT_PLACE)
LIST(staff_groups, OBJECT_GROUP)
LIST(staff_holidays, OBJECT_HOLIDAY)
SINGLE(staff_post, OBJECT_POST)
SINGLE(staff_case, OBJECT_CASE)
SINGLE(staff_advice_one, OBJECT_ADVICE)
SINGLE(staff_surge, OBJECT_SURGE)
SINGLE(staff_alert, OBJECT_ALERT)
SINGLE(staff_visit, OBJECT_VISIT)

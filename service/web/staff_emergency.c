/* Notices of surges, and the roll call of an emergency. */
#include "act_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* --- notices --- */

void staff_notice_approve(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_NOTICE_APPROVE);
    (void)arg;
    if (!a)
        return;
    a->command.text = json_get_z(json_root(a->body), "text", NULL);
    act_on(a, OBJECT_SURGE);
}

void staff_notice_reject(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_NOTICE_REJECT);
    (void)arg;
    if (a)
        act_rejection(a, OBJECT_SURGE);
}

/* --- the roll call --- */

void staff_rollcall_start(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_ROLLCALL_START);
    (void)arg;
    if (!a)
        return;
    a->command.on = json_get_bool(json_root(a->body), "ask_groups", false);
    act_on_community(a);
}

void staff_rollcall_mark(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_ROLLCALL_MARK);
    (void)arg;
    if (!a)
        return;
    const char *state = json_get_z(json_root(a->body), "state", "");
    if (visit_state_parse(str_of(state), &a->command.visit_state)) {
        act_on(a, OBJECT_VISIT);
        return;
    }
    act_refuse(a, "/state", "asked, safe, needs_help or not_reached");
}

static bool is_shown(const struct ask *a, const struct found *f)
{
    const struct visit *v = f->object;
    const char *state = http_query(a->rq, "state"), *officer = http_query(a->rq, "officer");
    return f->kind == OBJECT_VISIT && !strcmp(v->community, a->wanted) &&
           ask_may_see(a, v->community, v->grid) &&
           (!state || !strcmp(state, visit_state_code(v->state))) &&
           (!officer || !strcmp(officer, v->officer));
}

/* Who is not known to be well first; then officer by officer. */
static int by_need(const void *x, const void *y)
{
    static const int order[VISIT_STATE_N] = {
        [VISIT_NEEDS_HELP] = 0, [VISIT_NOT_REACHED] = 1, [VISIT_ASKED] = 2, [VISIT_SAFE] = 3};
    const struct found *f = x, *g = y;
    const struct visit *v = f->object, *w = g->object;
    if (f->kind != OBJECT_VISIT || g->kind != OBJECT_VISIT)
        return (f->kind != OBJECT_VISIT) - (g->kind != OBJECT_VISIT);
    if (v->state != w->state)
        return order[v->state] - order[w->state];
    int officer = strcmp(v->officer, w->officer);
    return officer ? officer : strcmp(f->key, g->key);
}

static void show_visit(const struct ask *a, struct json_out *j, const struct visit *v)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, v->community, v->party);
    const struct party *p = ask_found(a, OBJECT_PARTY, key);
    json_object(j, NULL);
    show_object(a, j, "visit", OBJECT_VISIT, v);
    json_z(j, "name", p ? p->name : NULL);
    json_z(j, "place", p ? p->place : NULL);
    json_object_end(j);
}

static void answer_rollcall(struct ask *a)
{
    struct buf out;
    int n[VISIT_STATE_N] = {0};
    buf_init(&out);
    struct json_out j = json_out(&out);
    qsort(a->found, (size_t)a->n, sizeof *a->found, by_need);
    json_object(&j, NULL);
    json_array(&j, "items");
    for (int i = 0; i < a->n; i++) {
        bool again = i && !strcmp(a->found[i].key, a->found[i - 1].key); /* of a long list */
        if (again || !is_shown(a, &a->found[i]))
            continue;
        show_visit(a, &j, a->found[i].object);
        n[((const struct visit *)a->found[i].object)->state]++;
    }
    json_array_end(&j);
    json_object(&j, "figures");
    for (int i = 0; i < VISIT_STATE_N; i++)
        json_i64(&j, visit_state_code((enum visit_state)i), n[i]);
    json_object_end(&j);
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

static void with_visits(struct ask *a)
{
    char(*keys)[OBJECT_KEY_SIZE] = mem_new(((size_t)a->n + 1) * sizeof *keys);
    const char **list = mem_new(((size_t)a->n + 1) * sizeof *list);
    int n = 0;
    for (int i = 0; i < a->n; i++) {
        const struct visit *v = a->found[i].object;
        object_key(keys[n], v->community, v->party);
        list[n] = keys[n];
        n++;
    }
    ask_objects(a, OBJECT_PARTY, list, n, answer_rollcall);
    free(list);
    free(keys);
}

void staff_rollcall(struct http_request *rq, void *arg)
{
    struct principal p;
    char community[ID_SIZE];
    int shard;
    (void)arg;
    /* Who is at risk is no matter of every viewer. */
    if (!auth_staff(rq, ROLE_GRID, &p) || !ask_community(rq, &p, community, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    memcpy(a->wanted, community, sizeof a->wanted);
    ask_all(a, OBJECT_VISIT, with_visits);
}

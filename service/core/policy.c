/* The community's table and its emergency switch: what may be posted by itself, what goes where,
   and who comes first. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command_priv.h"

#define NO_ROW "表中没有适用的规则，由人审核"
#define IN_EMERGENCY "应急期间："

static struct node *policy_node(const struct core *c, const char *community)
{
    return node_in(c, OBJECT_POLICY, community, POLICY_ID);
}

const struct policy *policy_of(const struct core *c, const char *community)
{
    static const struct policy built_in = {.id = POLICY_ID, .version = 1};
    const struct node *n = policy_node(c, community);
    return n ? n->object : &built_in;
}

bool policy_emergency(const struct core *c, const char *community)
{
    return policy_of(c, community)->emergency.on;
}

/* --- a request, and a pair of it with somebody who would help --- */

static struct policy_facts facts_of(const struct core *c, const struct post *request)
{
    return (struct policy_facts){.category = request->category,
                                 .urgency = request->urgency,
                                 .confidence = request->confidence,
                                 .auto_score = c->o.auto_score};
}

static struct policy_facts pair_facts(const struct core *c, const struct post *request,
                                      const char *helper, float fit)
{
    const struct party *party = party_find(c, request->origin.community, helper);
    struct policy_facts f = facts_of(c, request);
    f.has_party = true;
    f.party = party ? party->kind : PARTY_RESIDENT;
    f.score = fit;
    return f;
}

enum route policy_of_request(const struct core *c, const struct post *request)
{
    const struct policy_row *row;
    const struct policy_facts f = facts_of(c, request);
    return policy_decide(policy_of(c, request->origin.community), &f, &row);
}

enum route policy_of_pair(const struct core *c, const struct post *request, const char *helper,
                          float fit, const char **why_r)
{
    const struct policy_row *row;
    const struct policy_facts f = pair_facts(c, request, helper, fit);
    enum route route = policy_decide(policy_of(c, request->origin.community), &f, &row);
    *why_r = row ? row->why : NO_ROW;
    return route;
}

bool policy_withholds(const struct core *c, const char *community)
{
    int n;
    const struct policy_row *rows = policy_rows_borrow(policy_of(c, community), &n);
    for (int i = 0; i < n; i++)
        if (rows[i].route == ROUTE_CASE || rows[i].route == ROUTE_REFUSE)
            return true;
    return false;
}

/* --- a match --- */

void policy_route(const struct core *c, struct match *m, const struct post *request)
{
    const struct policy_row *row;
    struct policy_facts f = pair_facts(c, request, m->helper, m->fit > 0 ? m->fit : m->score);
    struct buf why;
    f.category = m->category;
    f.urgency = m->urgency;
    /* It stands already: what the table would not have proposed a person looks at. */
    enum route route = policy_decide(policy_of(c, m->community), &f, &row);
    m->route = route == ROUTE_AUTO ? ROUTE_AUTO : ROUTE_REVIEW;
    buf_init(&why);
    if (policy_emergency(c, m->community))
        buf_add_z(&why, IN_EMERGENCY);
    buf_add_z(&why, row ? row->why : NO_ROW);
    mem_replace(&m->route_why, buf_z_borrow(&why));
    buf_deinit(&why);
}

void policy_hold(struct core *c, struct node *match, enum urgency urgency)
{
    struct match *m = match->object;
    const struct post *request = post_of(c, m->request);
    if (m->state != MATCH_APPROVED || !m->decided_by || strcmp(m->decided_by, BY_POLICY) != 0 ||
        !request || !outbound_waits(c, m))
        return;
    m->urgency = urgency;
    policy_route(c, m, request);
    node_touch(c, match);
    if (m->route == ROUTE_AUTO)
        return;
    match_event(c, match, MATCH_EVENT_HOLD);
}

bool policy_puts_ahead(const struct core *c, const struct match *m)
{
    const struct post *request = post_of(c, m->request);
    return request && request->flags && policy_emergency(c, m->community);
}

/* --- walking, in an order that does not depend on how the objects came --- */

struct nodes {
    struct node **v;
    int n;
};
typedef bool wanted_fn(const struct node *n, const char *community);

static struct nodes nodes_of(const struct core *c, enum object_kind kind, wanted_fn *wanted,
                             const char *community, int (*order)(const void *, const void *))
{
    struct nodes l = {NULL, 0};
    for (struct node *n = c->objects[kind]; n; n = n->hh.next) {
        if (!wanted(n, community))
            continue;
        l.v = mem_grow(l.v, (size_t)l.n + 1, sizeof(struct node *));
        l.v[l.n++] = n;
    }
    if (l.n)
        qsort(l.v, (size_t)l.n, sizeof(struct node *), order);
    return l;
}

static int by_id(const void *a, const void *b)
{
    return id_compare((*(struct node *const *)a)->key, (*(struct node *const *)b)->key);
}

static bool is_approved(const struct node *n, const char *community)
{
    const struct match *m = n->object;
    return m->state == MATCH_APPROVED && !strcmp(m->community, community);
}

static bool pends(const struct node *n, const char *community)
{
    const struct match *m = n->object;
    return match_pends(m) && !strcmp(m->community, community);
}

static bool waits(const struct node *n, const char *community)
{
    const struct post *p = n->object;
    return p->side == SIDE_REQUEST && !post_is_final(p->state) && post_left(p) > 0 &&
           !strcmp(p->origin.community, community);
}

/* --- commands --- */

enum err policy_may(struct doing *d, const char **detail)
{
    const struct command *cmd = d->cmd;
    if (!node_in(d->c, OBJECT_PLACE, cmd->community, cmd->community)) {
        *detail = "there is no such community";
        return ERR_NOT_FOUND;
    }
    d->n = policy_node(d->c, cmd->community);
    if (cmd->kind != COMMAND_POLICY_PUT) /* a switch: what stands there is seen when it is set */
        return ERR_OK;
    if (!cmd->if_version)
        return ERR_NEED_VERSION;
    return cmd->if_version == policy_of(d->c, cmd->community)->version ? ERR_OK : ERR_STALE;
}

static struct policy *own_policy(struct doing *d)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, d->cmd->community, POLICY_ID);
    if (!d->n)
        d->n = node_put(d->c, OBJECT_POLICY, key, policy_new(d->cmd->community));
    return d->n->object;
}

/* What the new table would not let out any more, and has not gone out yet. */
static void hold_what_waits(struct core *c, const char *community)
{
    struct nodes l = nodes_of(c, OBJECT_MATCH, is_approved, community, by_id);
    for (int i = 0; i < l.n; i++)
        policy_hold(c, l.v[i], match_of_node(l.v[i])->urgency);
    free(l.v);
}

void policy_put(struct doing *d)
{
    struct core *c = d->c;
    struct errbuf eb = {.text = ""};
    struct buf before, after;
    if (!d->cmd->policy || policy_check(d->cmd->policy, &eb)) {
        command_reply(d, ERR_BAD_FIELD, eb.text[0] ? eb.text : "the table is missing");
        return;
    }
    struct policy *p = own_policy(d);
    buf_init(&before);
    buf_init(&after);
    policy_print(p, &before);
    policy_set(p, d->cmd->policy);
    policy_print(p, &after);
    node_touch(c, d->n);
    tell_audit(c, "policy.put", d->n, buf_z_borrow(&before), buf_z_borrow(&after));
    tell(c, EVENT_POLICY, p->community);
    hold_what_waits(c, p->community);
    buf_deinit(&before);
    buf_deinit(&after);
    command_reply(d, ERR_OK, NULL);
}

/* Resources reach further now, or no longer; what waits for a person stands in another order. */
static void reorder(struct core *c, const char *community)
{
    index_again(c, community);
    struct nodes l = nodes_of(c, OBJECT_MATCH, pends, community, by_id);
    for (int i = 0; i < l.n; i++) {
        struct match *m = l.v[i]->object;
        bool ahead = policy_puts_ahead(c, m);
        quiet_stir(c, m);
        if (ahead == m->ahead)
            continue;
        m->ahead = ahead;
        node_touch(c, l.v[i]);
    }
    free(l.v);
}

/* Those who have waited may be helped from further away. */
static void propose_again(struct core *c, const char *community)
{
    struct nodes l = nodes_of(c, OBJECT_POST, waits, community, by_id);
    for (int i = 0; i < l.n; i++)
        assign_later(c, l.v[i]);
    free(l.v);
}

static void alert(struct core *c, const struct policy *p)
{
    struct origin o = {.message = NULL};
    struct buf text;
    buf_init(&text);
    buf_addf(&text, "%s：%s", p->emergency.on ? "社区进入应急状态" : "社区解除应急状态",
             p->emergency.reason);
    memcpy(o.community, p->community, ID_SIZE);
    tell_alert(c, p->emergency.on ? "emergency" : "emergency_over", &o, buf_z_borrow(&text));
    buf_deinit(&text);
}

void policy_emergency_set(struct doing *d)
{
    struct core *c = d->c;
    bool was = policy_emergency(c, d->cmd->community), on = d->cmd->on;
    if (!d->cmd->reason || !d->cmd->reason[0]) {
        command_reply(d, ERR_BAD_FIELD, "reason: an emergency begins and ends with one");
        return;
    }
    if (was == on) {
        command_reply(d, ERR_CONFLICT, on ? "it is on already" : "there is no emergency");
        return;
    }
    struct policy *p = own_policy(d);
    p->emergency.on = on;
    p->emergency.since_ms = c->now_ms;
    mem_replace(&p->emergency.by, d->cmd->actor);
    mem_replace(&p->emergency.reason, d->cmd->reason);
    node_touch(c, d->n);
    tell_audit(c, "emergency.set", d->n, was ? "on" : "off", on ? "on" : "off");
    alert(c, p);
    tell(c, EVENT_POLICY, p->community);
    reorder(c, p->community);
    if (on)
        propose_again(c, p->community);
    else
        rollcall_end(c, p->community);
    command_reply(d, ERR_OK, NULL);
}

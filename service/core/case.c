/* Reports of faults: one case a fault, however many report it, for whoever answers for it. */
#include "case_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define ROUTE_CONFIDENCE 0.6f /* below it, a request becomes no case by itself */

void case_tell(struct core *c, enum event_kind kind, const struct case_ *k)
{
    struct event *e = tell(c, kind, k->origin.community);
    e->case_id = keep(c, k->id);
    e->message = keep(c, k->origin.message);
    e->group = keep(c, k->origin.group);
    e->category = k->category;
    e->urgency = k->urgency;
    e->assignee = keep(c, k->assignee);
    e->state = case_state_code(k->state);
}

/* Also who is registered under another id of theirs. */
bool case_is_reporter(const struct case_ *k, const struct said *s)
{
    if (!strcmp(k->origin.sender, s->m->sender) || strs_has(&k->reported_by, str_of(s->m->sender)))
        return true;
    if (!s->party)
        return false;
    for (int i = 0; i < s->party->external_ids.n; i++)
        if (strs_has(&k->reported_by, str_of(s->party->external_ids.v[i])))
            return true;
    return !strcmp(k->origin.party, s->party->id);
}

/* It is more urgent than it was. */
static void raise_urgency(struct core *c, struct case_ *k, enum urgency urgency)
{
    if (urgency <= k->urgency)
        return;
    k->urgency = urgency;
    case_set_due(c, k);
}

static void add_reporter(struct core *c, struct node *n, const struct said *s)
{
    struct case_ *k = n->object;
    party_acts(c, s);
    if (!strs_has(&k->reported_by, str_of(s->m->sender)))
        strs_add(&k->reported_by, str_of(s->m->sender));
    raise_urgency(c, k, s->reading.urgency);
    node_touch(c, n);
    tell_audit(c, "case.report", n, NULL, NULL);
}

void case_add_report(struct core *c, struct node *n, const struct said *s)
{
    struct case_ *k = n->object;
    if (!strs_has(&k->reporters, str_of(s->m->id)))
        strs_add(&k->reporters, str_of(s->m->id));
    remember_message(c, k->origin.bot, s->m->id, n);
    add_reporter(c, n, s);
}

/* What was resolved and is reported again was not; who answers goes on with what waited for it. */
static struct node *go_on(struct core *c, struct node *n, const struct said *s)
{
    struct case_ *k = n->object;
    if (case_is_mended(k) && repair_said(&s->words, false) != REPAIR_DONE) {
        case_reopen(c, n);
        return n;
    }
    if (k->state == CASE_SUSPENDED && case_is_reporter(k, s))
        case_step(c, n, CASE_EVENT_RESUME);
    case_tell(c, EVENT_CASE_CHANGED, k);
    return n;
}

/* An outage that is told of elsewhere in the estate, too, is the estate's, and its property
   manager's rather than the building's. Whom a person has sent it to, or who has taken it on, keeps
   it. */
static void widen(struct core *c, struct node *n, const char *estate)
{
    struct case_ *k = n->object;
    const struct origin was = k->origin;
    const char *chain[PLACE_KIND_N], *community = was.community;
    bool by_table = !strcmp(k->assignee, assignee_of(c, community, was.place, k->category));
    tell_audit(c, "case.place", n, keep(c, was.place), estate);
    place_chain(c, community, estate, chain);
    str_copy(k->origin.place, ID_SIZE, str_of(estate));
    str_copy(k->origin.grid, ID_SIZE, str_of(chain[PLACE_GRID]));
    tally_case_replaced(c, k, &was);
    node_touch(c, n);
    const char *to = assignee_of(c, community, estate, k->category);
    if (k->state == CASE_OPENED ||
        (k->state == CASE_DISPATCHED && by_table && strcmp(to, k->assignee) != 0))
        case_dispatch(c, n, to);
}

static struct node *join(struct core *c, struct node *n, const struct said *s, const char *place)
{
    const char *estate = case_wider(c, n->object, s, place);
    tally_case_joined(c, n->object);
    if (estate[0])
        widen(c, n, estate);
    case_add_report(c, n, s);
    return go_on(c, n, s);
}

void case_hear_call(struct core *c, struct node *n, const struct said *s)
{
    tally_case_joined(c, n->object);
    add_reporter(c, n, s);
    go_on(c, n, s);
}

static struct node *open_case(struct core *c, struct case_ *k)
{
    new_id(c, 'c', k->id);
    k->opened_ms = c->now_ms;
    struct node *n = node_put(c, OBJECT_CASE, k->id, k);
    tally_case_opened(c, k);
    node_touch(c, n);
    tell_audit(c, "case.report", n, NULL, case_state_code(k->state));
    case_step(c, n, CASE_EVENT_OPEN);
    case_dispatch(c, n, assignee_of(c, k->origin.community, k->origin.place, k->category));
    case_tell(c, EVENT_CASE_OPENED, k);
    return n;
}

static struct node *case_of_call(const struct core *c, const struct said *s)
{
    struct node *n = danger_case(c, s);
    return n && ((struct case_ *)n->object)->post[0] ? n : NULL;
}

/* The gate is stuck: do they ask, or only tell of it? It is the same for who answers for it. */
static bool asks_or_tells(const struct said *s)
{
    const float *p = s->reading.intent_p;
    return p[INTENT_REQUEST] < ROUTE_CONFIDENCE &&
           p[INTENT_REQUEST] + p[INTENT_REPORT] >= ROUTE_CONFIDENCE;
}

bool case_is_meant(const struct core *c, const struct said *s)
{
    if (s->reading.category != CATEGORY_FACILITY)
        return false;
    return asks_or_tells(s) || (fault_is_named(s->text) && case_same(c, s, case_place(c, s)));
}

struct node *case_report(struct core *c, const struct said *s)
{
    const char *place = case_place(c, s);
    struct node *n = case_same(c, s, place);
    if (!n) /* whoever called for help has a case of it */
        n = case_of_call(c, s);
    if (n)
        return join(c, n, s, place);
    struct case_ *k = NEW(struct case_);
    origin_fill(c, &k->origin, s, place);
    strs_add(&k->reporters, str_of(s->m->id));
    strs_add(&k->reported_by, str_of(s->m->sender));
    k->text = mem_dup(s->text);
    str_copy(k->model, ID_SIZE, str_of(text_version_borrow(c->o.model)));
    k->category = s->reading.category ? s->reading.category : CATEGORY_OTHER;
    k->urgency = s->reading.urgency;
    return open_case(c, k);
}

static struct case_ *case_like(const struct post *p)
{
    struct case_ *k = NEW(struct case_);
    k->origin = (struct origin){.bot = mem_dup(p->origin.bot),
                                .message = mem_dup(p->origin.message),
                                .sender = mem_dup(p->origin.sender),
                                .sender_name = mem_dup(p->origin.sender_name),
                                .time_ms = p->origin.time_ms};
    memcpy(k->origin.community, p->origin.community, ID_SIZE);
    memcpy(k->origin.group, p->origin.group, ID_SIZE);
    memcpy(k->origin.party, p->origin.party, ID_SIZE);
    memcpy(k->origin.place, p->origin.place, ID_SIZE);
    memcpy(k->origin.grid, p->origin.grid, ID_SIZE);
    memcpy(k->model, p->model, ID_SIZE);
    strs_add(&k->reported_by, str_of(p->origin.sender));
    k->text = mem_dup(p->text);
    k->category = p->category;
    k->urgency = p->urgency;
    return k;
}

/* Whoever sees the case sees what was read. */
void case_of_request(struct core *c, struct node *post)
{
    struct post *p = post->object;
    if (p->case_id[0] || p->side != SIDE_REQUEST)
        return;
    struct case_ *k = case_like(p);
    str_copy(k->post, ID_SIZE, str_of(p->id));
    p->blind = false;
    struct node *n = open_case(c, k);
    str_copy(p->case_id, ID_SIZE, str_of(n->key));
    node_touch(c, post);
}

/* A request for what no neighbour may do is the responsible party's, too. So is a call of life and
   death, however surely it was read: where there is an alert, somebody answers for it. */
bool case_wants(const struct core *c, const struct post *p)
{
    bool fault = p->category == CATEGORY_FACILITY || p->category == CATEGORY_NUISANCE ||
                 p->category == CATEGORY_SAFETY;
    if (p->side != SIDE_REQUEST || post_is_final(p->state))
        return false;
    return p->urgency == URGENCY_CRITICAL || (fault && p->confidence >= ROUTE_CONFIDENCE) ||
           policy_of_request(c, p) == ROUTE_CASE;
}

void case_route(struct core *c, struct node *post)
{
    if (case_wants(c, post->object))
        case_of_request(c, post);
}

void case_set_urgency(struct core *c, struct node *n, enum urgency urgency)
{
    struct case_ *k = n->object;
    k->urgency = urgency;
    case_set_due(c, k);
    node_touch(c, n);
    case_tell(c, EVENT_CASE_CHANGED, k);
}

struct node *case_of_post(struct core *c, const struct post *p)
{
    struct case_ *k = case_like(p);
    strs_add(&k->reporters, str_of(p->origin.message));
    k->labelled = true;
    return open_case(c, k);
}

/* Another category may be another party's, as long as nobody has taken it on. */
void case_relabel(struct core *c, struct node *n, const struct labels *l)
{
    struct case_ *k = n->object;
    enum category was = k->category;
    bool moved = was != l->category;
    k->category = l->category;
    k->urgency = l->urgency;
    tally_case_moved(c, k, was);
    case_set_due(c, k);
    node_touch(c, n);
    const char *to = assignee_of(c, k->origin.community, k->origin.place, k->category);
    if (moved &&
        (k->state == CASE_OPENED || (k->state == CASE_DISPATCHED && strcmp(to, k->assignee) != 0)))
        case_dispatch(c, n, to);
    case_tell(c, EVENT_CASE_CHANGED, k);
}

void case_withdraw(struct core *c, struct node *n, const char *why)
{
    struct case_ *k = n->object;
    mem_replace(&k->return_reason, why);
    tally_case_withdrawn(c, k);
    case_end(c, n, CASE_EVENT_VOID, CASE_OUTCOME_INVALID);
}

/* Taken back before anybody else had told of it or taken it on. */
void case_recall(struct core *c, struct node *n, const char *message)
{
    const struct case_ *k = n->object;
    bool only = k->reporters.n == 1 && !strcmp(k->reporters.v[0], message);
    if (only && (k->state == CASE_OPENED || k->state == CASE_DISPATCHED))
        case_withdraw(c, n, "报修的人撤回了消息");
}

/* Reports of faults: one case a fault, however many report it, for whoever answers for it. */
#include "case_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define SAME_WITHIN_MS (24 * HOUR_MS)
#define UNSOLVED_WITHIN_MS (7 * DAY_MS) /* a fault that both name, and that nobody has mended */
#define TALKED_WITHIN_MS (45 * MINUTE_MS)
#define ROUTE_CONFIDENCE 0.6f /* below it, a request becomes no case by itself */
#define SELF_CONTAINED 0.98f  /* so sure is a report that needs no line before it */

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

bool case_is_near(const struct core *c, const struct case_ *k, const char *place)
{
    const char *a[PLACE_KIND_N], *b[PLACE_KIND_N];
    place_chain(c, k->origin.community, k->origin.place, a);
    place_chain(c, k->origin.community, place, b);
    if (a[PLACE_BUILDING][0] && b[PLACE_BUILDING][0])
        return !strcmp(a[PLACE_BUILDING], b[PLACE_BUILDING]);
    enum place_kind around = a[PLACE_ESTATE][0] || b[PLACE_ESTATE][0] ? PLACE_ESTATE : PLACE_GRID;
    return !strcmp(a[around], b[around]);
}

static bool is_mended(const struct case_ *k)
{
    return k->state == CASE_RESOLVED || k->state == CASE_VERIFIED;
}

/* A second report soon after is of the same fault, unless it speaks of another. */
static bool is_same(const struct core *c, const struct case_ *k, const struct said *s,
                    const char *place)
{
    if (k->post[0] || !case_is_near(c, k, place)) /* a request of one person */
        return false;
    bool soon = c->now_ms - k->opened_ms <= SAME_WITHIN_MS;
    bool named = fault_is_named(k->text) && fault_is_named(s->text);
    return (soon || (named && !is_mended(k))) && fault_same(c, k->text, s->text);
}

/* A report that quotes one which opened or joined a case speaks of the same. */
static struct node *quoted_case(const struct core *c, const struct said *s)
{
    struct node *n = s->m->reply_to ? by_message(c, s->m->bot, s->m->reply_to) : NULL;
    return n && n->kind == OBJECT_CASE && !case_is_final(((struct case_ *)n->object)->state) ? n
                                                                                             : NULL;
}

/* 20楼也没有，奶瓶都没法洗: of what it tells is left to the line before. */
static bool says_also(const char *text)
{
    static const char *const words[] = {"也没",   "也是",     "也一样",   "也这样",    "也不行",
                                        "也停了", "也断了",   "同样",     "same here", "me too",
                                        "us too", "here too", "ours too", "mine too",  NULL};
    for (size_t i = 0; words[i]; i++)
        if (strcasestr(text, words[i]))
            return true;
    return false;
}

/* 昨天也这样: it names no fault, and goes on with the one that the group talks about. */
static struct node *talked_case(const struct core *c, const struct said *s, const char *place)
{
    bool by_itself =
        s->reading.slots.n_items || s->reading.intent_p[INTENT_REPORT] > SELF_CONTAINED;
    if (fault_is_named(s->text) || (by_itself && !says_also(s->text)))
        return NULL;
    for (int i = s->talk->n - 1; i >= 0; i--) {
        const struct talk *t = s->talk->lines[i];
        struct node *n = t->ref[0] ? node_find(c, OBJECT_CASE, t->ref) : NULL;
        const struct case_ *k = n ? n->object : NULL;
        if (!k || k->post[0] || case_is_final(k->state) ||
            s->m->time_ms - t->time_ms > TALKED_WITHIN_MS)
            continue;
        if (case_is_near(c, k, place))
            return n;
    }
    return NULL;
}

static struct node *same_case(const struct core *c, const struct said *s, const char *place)
{
    char key[LIST_KEY_SIZE];
    struct node *n = quoted_case(c, s);
    if (!n)
        n = talked_case(c, s, place);
    if (n)
        return n;
    list_key(key, LIST_CASES, s->m->community, "");
    for (struct seat *seat = list_last(c, key); seat; seat = seat_before(seat)) {
        const struct case_ *k = seat->node->object;
        if (c->now_ms - k->opened_ms > UNSOLVED_WITHIN_MS) /* so are all before it */
            return NULL;
        if (is_same(c, k, s, place))
            return seat->node;
    }
    return NULL;
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
    if (is_mended(k) && repair_said(&s->words, false) != REPAIR_DONE) {
        case_reopen(c, n);
        return n;
    }
    if (k->state == CASE_SUSPENDED && case_is_reporter(k, s))
        case_step(c, n, CASE_EVENT_RESUME);
    case_tell(c, EVENT_CASE_CHANGED, k);
    return n;
}

static struct node *join(struct core *c, struct node *n, const struct said *s)
{
    tally_case_joined(c, n->object);
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

const char *case_place(const struct core *c, const struct said *s)
{
    const struct party *by = known_sender(s);
    const char *base =
        by && by->place[0] && by->kind == PARTY_RESIDENT ? by->place : s->group->place;
    return place_resolve(c, s->m->community, base, &s->reading.slots.place);
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
    return asks_or_tells(s) || (fault_is_named(s->text) && same_case(c, s, case_place(c, s)));
}

struct node *case_report(struct core *c, const struct said *s)
{
    const char *place = case_place(c, s);
    struct node *n = same_case(c, s, place);
    if (!n) /* whoever called for help has a case of it */
        n = case_of_call(c, s);
    if (n)
        return join(c, n, s);
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

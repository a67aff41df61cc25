/* Reports of faults: one case a fault, however many report it, for whoever answers for it. */
#include "core_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define SAME_WITHIN_MS (24 * HOUR_MS)
#define SAME_LIKE 0.12 /* of the texts, at the same place */

static const int64_t due_in[URGENCY_N] = {[URGENCY_LOW] = 7 * DAY_MS,
                                          [URGENCY_NORMAL] = 3 * DAY_MS,
                                          [URGENCY_URGENT] = 4 * HOUR_MS,
                                          [URGENCY_CRITICAL] = 30 * MINUTE_MS};

static void tell_case(struct core *c, enum event_kind kind, const struct case_ *k)
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

static void step(struct core *c, struct node *n, enum case_event event)
{
    struct case_ *k = n->object;
    enum case_state before = k->state;
    if (!case_apply(&k->state, event))
        return;
    if (case_is_final(k->state))
        k->closed_ms = c->now_ms;
    node_touch(c, n);
    tell_audit(c, "case.change", n, case_state_code(before), case_state_code(k->state));
}

/* In one building a second report soon after is of the same fault, unless it speaks of another. */
static bool is_same(const struct core *c, const struct case_ *k, const struct said *s,
                    const char *place)
{
    const char *a[PLACE_KIND_N], *b[PLACE_KIND_N];
    if (case_is_final(k->state) || k->category != s->reading.category ||
        strcmp(k->origin.community, s->m->community) != 0 ||
        s->m->time_ms - k->origin.time_ms > SAME_WITHIN_MS)
        return false;
    place_chain(c, k->origin.community, k->origin.place, a);
    place_chain(c, k->origin.community, place, b);
    bool near = a[PLACE_BUILDING][0] && !strcmp(a[PLACE_BUILDING], b[PLACE_BUILDING]);
    if (!near && (a[PLACE_BUILDING][0] || b[PLACE_BUILDING][0]))
        near = a[PLACE_ESTATE][0] && !strcmp(a[PLACE_ESTATE], b[PLACE_ESTATE]) &&
               !(a[PLACE_BUILDING][0] && b[PLACE_BUILDING][0]);
    return near && text_likeness(c->o.work, str_of(k->text), str_of(s->text)) >= SAME_LIKE;
}

static struct node *same_case(const struct core *c, const struct said *s, const char *place)
{
    struct node *best = NULL;
    for (struct node *n = c->objects[OBJECT_CASE]; n; n = n->hh.next)
        if (is_same(c, n->object, s, place) && (!best || strcmp(n->key, best->key) < 0))
            best = n;
    return best;
}

static struct node *join(struct core *c, struct node *n, const struct said *s)
{
    struct case_ *k = n->object;
    if (!strs_has(&k->reporters, str_of(s->m->id)))
        strs_add(&k->reporters, str_of(s->m->id));
    if (s->reading.urgency > k->urgency) {
        k->urgency = s->reading.urgency;
        k->due_ms = k->opened_ms + due_in[k->urgency];
    }
    node_touch(c, n);
    tell_audit(c, "case.report", n, NULL, NULL);
    tell_case(c, EVENT_CASE_CHANGED, k);
    return n;
}

struct node *case_report(struct core *c, const struct said *s)
{
    const char *base = s->party && s->party->place[0] && s->party->kind == PARTY_RESIDENT
                           ? s->party->place
                           : s->group->place;
    const char *place = place_resolve(c, s->m->community, base, &s->reading.slots.place);
    struct node *n = same_case(c, s, place);
    if (n)
        return join(c, n, s);
    struct case_ *k = NEW(struct case_);
    new_id(c, 'c', k->id);
    origin_fill(c, &k->origin, s, place);
    strs_add(&k->reporters, str_of(s->m->id));
    k->text = mem_dup(s->text);
    k->category = s->reading.category ? s->reading.category : CATEGORY_OTHER;
    k->urgency = s->reading.urgency;
    k->opened_ms = c->now_ms;
    k->due_ms = c->now_ms + due_in[k->urgency];
    str_copy(k->assignee, ID_SIZE, str_of(assignee_of(c, s->m->community, place, k->category)));
    n = node_put(c, OBJECT_CASE, k->id, k);
    node_touch(c, n);
    tell_audit(c, "case.report", n, NULL, case_state_code(k->state));
    step(c, n, CASE_EVENT_OPEN);
    if (k->assignee[0])
        step(c, n, CASE_EVENT_DISPATCH);
    tell_case(c, EVENT_CASE_OPENED, k);
    return n;
}

/* Nobody was in time: the grid officer, else the committee, has it now. */
void case_tick(struct core *c, struct node *n)
{
    struct case_ *k = n->object;
    if (case_is_final(k->state)) {
        node_drop(c, n);
        return;
    }
    if (!case_can(k->state, CASE_EVENT_ESCALATE)) { /* resolved: waits for its verification */
        k->due_ms = c->now_ms + DAY_MS;
        node_touch(c, n);
        return;
    }
    step(c, n, CASE_EVENT_ESCALATE);
    const char *to = assignee_of(c, k->origin.community, k->origin.place, CATEGORY_OTHER);
    if (to[0])
        str_copy(k->assignee, ID_SIZE, str_of(to));
    node_touch(c, n);
    tell_case(c, EVENT_CASE_CHANGED, k);
}

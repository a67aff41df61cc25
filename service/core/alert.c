/* Alerts are kept: what was told while nobody looked waits in a list until somebody has seen it. A
   call of life and death is told again meanwhile. */
#include "command_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/alert.h"

#define KEPT_MS (30 * DAY_MS)
#define UNSEEN_MS (10 * MINUTE_MS)
#define AGAIN_MOST 3
#define UNSEEN "unseen"

static bool is_told_again(const struct alert *a)
{
    return a->state == ALERT_OPEN && !strcmp(a->kind, ALERT_CRITICAL) && a->repeated < AGAIN_MOST;
}

int64_t alert_due_ms(const struct alert *a)
{
    return a->opened_ms + (is_told_again(a) ? UNSEEN_MS * (a->repeated + 1) : KEPT_MS);
}

static void copy_id(char out[ID_SIZE], const char *id)
{
    str_copy(out, ID_SIZE, str_of(id ? id : ""));
}

/* What the message that it is about has become: by the end of the decision there is a case. */
static void find_about(const struct core *c, struct alert *a, const struct group *g)
{
    const struct node *k = node_find(c, OBJECT_CASE, a->case_id);
    const struct node *n = !k && g && a->message ? by_message(c, g->bot, a->message) : NULL;
    const struct post *p = n && n->kind == OBJECT_POST ? n->object : NULL;
    if (k && !a->post[0])
        copy_id(a->post, ((const struct case_ *)k->object)->post);
    if (p && !a->post[0])
        copy_id(a->post, p->id);
    if (!a->case_id[0] && (p || (n && n->kind == OBJECT_CASE)))
        copy_id(a->case_id, p ? p->case_id : n->key);
}

static void find_grid(const struct core *c, struct alert *a, const struct group *g)
{
    const struct node *k = node_find(c, OBJECT_CASE, a->case_id);
    const struct node *p = node_find(c, OBJECT_POST, a->post);
    const struct node *v = node_find(c, OBJECT_VISIT, a->visit);
    const char *chain[PLACE_KIND_N];
    if (k && !a->assignee[0])
        copy_id(a->assignee, ((struct case_ *)k->object)->assignee);
    if (k || p || v) {
        copy_id(a->grid, k   ? ((struct case_ *)k->object)->origin.grid
                         : p ? ((struct post *)p->object)->origin.grid
                             : ((struct visit *)v->object)->grid);
    } else if (g && !a->surge[0]) { /* an outage does not end at the edge of a grid */
        place_chain(c, a->community, g->place, chain);
        copy_id(a->grid, chain[PLACE_GRID]);
    }
}

static const char *keep_one(struct core *c, const struct event *e)
{
    const struct node *gn = e->group ? node_in(c, OBJECT_GROUP, e->community, e->group) : NULL;
    const struct group *g = gn ? gn->object : NULL;
    struct alert *a = NEW(struct alert);
    new_id(c, 'w', a->id);
    copy_id(a->community, e->community);
    copy_id(a->group, e->group);
    a->kind = mem_dup(e->alert);
    a->message = e->message ? mem_dup(e->message) : NULL;
    a->text = mem_dup(e->text);
    copy_id(a->post, e->post);
    copy_id(a->case_id, e->case_id);
    copy_id(a->surge, e->surge);
    copy_id(a->visit, e->visit);
    copy_id(a->assignee, e->assignee);
    a->opened_ms = c->now_ms;
    find_about(c, a, g);
    find_grid(c, a, g);
    struct node *n = node_put(c, OBJECT_ALERT, a->id, a);
    node_touch(c, n);
    return keep(c, a->id);
}

void alerts_keep(struct core *c)
{
    for (int i = 0; i < c->fx->n_events; i++)
        if (c->fx->events[i].kind == EVENT_ALERT && !c->fx->events[i].alert_id) {
            const char *id = keep_one(c, &c->fx->events[i]);
            c->fx->events[i].alert_id = id;
        }
}

static void tell_again(struct core *c, struct node *n)
{
    struct alert *a = n->object;
    struct event *e = tell(c, EVENT_ALERT, a->community);
    a->repeated++;
    node_touch(c, n);
    tell_audit(c, "alert.repeat", n, NULL, NULL);
    e->alert = UNSEEN;
    e->alert_id = keep(c, a->id);
    e->group = keep(c, a->group);
    e->message = keep(c, a->message);
    e->text = keep(c, a->text);
    e->post = a->post[0] ? keep(c, a->post) : NULL;
    e->case_id = a->case_id[0] ? keep(c, a->case_id) : NULL;
    e->assignee = a->assignee[0] ? keep(c, a->assignee) : NULL;
}

/* Who has taken the case on knows of it. */
static bool is_taken_on(const struct core *c, const struct alert *a)
{
    const struct node *n = node_find(c, OBJECT_CASE, a->case_id);
    const struct case_ *k = n ? n->object : NULL;
    return k && (k->accepted_ms || k->resolved_ms || case_is_final(k->state));
}

void alert_tick(struct core *c, struct node *n)
{
    struct alert *a = n->object;
    if (is_told_again(a) && is_taken_on(c, a)) {
        a->repeated = AGAIN_MOST;
        node_touch(c, n);
    } else if (is_told_again(a))
        tell_again(c, n);
    else
        node_drop(c, n);
}

/* Who was first stays; to have seen it, too, is no conflict. */
void alert_seen(struct doing *d)
{
    struct alert *a = d->n->object;
    if (a->state == ALERT_OPEN) {
        a->state = ALERT_SEEN;
        a->seen_ms = d->c->now_ms;
        a->seen_by = mem_dup(d->cmd->actor);
        node_touch(d->c, d->n);
        tell_audit(d->c, "alert.seen", d->n, alert_state_code(ALERT_OPEN),
                   alert_state_code(ALERT_SEEN));
        struct event *e = tell(d->c, EVENT_ALERT_CHANGED, a->community);
        e->alert_id = keep(d->c, a->id);
        e->alert = keep(d->c, a->kind);
        e->state = alert_state_code(a->state);
        e->by = keep(d->c, a->seen_by);
    }
    command_reply(d, ERR_OK, NULL);
}

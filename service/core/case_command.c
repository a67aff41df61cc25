/* What staff do with cases: move them on, send them elsewhere, merge them, ask how it went. */
#include "case_priv.h"
#include "command_priv.h"

#include <stdio.h>
#include <string.h>

static void conflict(struct doing *d, const char *what)
{
    const struct case_ *k = d->n->object;
    char detail[120];
    snprintf(detail, sizeof detail, "a case that is %s knows no %s", case_state_code(k->state),
             what);
    command_reply(d, ERR_CONFLICT, detail);
}

/* Why staff cannot give that event here, or NULL. */
static const char *refused(const struct command *cmd)
{
    bool why = cmd->reason && cmd->reason[0];
    switch (cmd->case_event) {
    case CASE_EVENT_MERGE:
        return "event: a merge says into which case";
    case CASE_EVENT_VOID:
        return "event: what is no report is corrected";
    case CASE_EVENT_LAPSE:
        return "event: only the clock lets a case lapse";
    case CASE_EVENT_RETURN:
        return why ? NULL : "reason: a return has one";
    default:
        return NULL;
    }
}

static bool end(struct doing *d)
{
    struct case_ *k = d->n->object;
    bool can = case_can(k->state, CASE_EVENT_CLOSE);
    case_end(d->c, d->n, CASE_EVENT_CLOSE,
             k->state == CASE_VERIFIED ? CASE_OUTCOME_SOLVED : CASE_OUTCOME_UNSOLVED);
    return can;
}

static bool dispatch_by_table(struct doing *d)
{
    const struct case_ *k = d->n->object;
    const char *to = assignee_of(d->c, k->origin.community, k->origin.place, k->category);
    bool can = to[0] && case_can(k->state, CASE_EVENT_DISPATCH);
    case_dispatch(d->c, d->n, to);
    return can;
}

void move_case(struct doing *d)
{
    struct core *c = d->c;
    const char *why = refused(d->cmd);
    bool done, told = false;
    if (why) {
        command_reply(d, ERR_BAD_FIELD, why);
        return;
    }
    switch (d->cmd->case_event) {
    case CASE_EVENT_RETURN:
        done = case_return(c, d->n, d->cmd->reason);
        break;
    case CASE_EVENT_DISPATCH:
        done = dispatch_by_table(d);
        break;
    case CASE_EVENT_REOPEN:
        done = told = case_reopen(c, d->n);
        break;
    case CASE_EVENT_ESCALATE:
        done = told = case_escalate(c, d->n);
        break;
    case CASE_EVENT_CLOSE:
        done = told = end(d);
        break;
    default:
        done = case_step(c, d->n, d->cmd->case_event);
    }
    if (!done) {
        conflict(d, case_event_code(d->cmd->case_event));
        return;
    }
    if (!told)
        case_tell(c, EVENT_CASE_CHANGED, d->n->object);
    command_reply(d, ERR_OK, NULL);
}

void dispatch_case(struct doing *d)
{
    const struct case_ *k = d->n->object;
    const struct node *to = party_at(d->c, k->origin.community, d->cmd->assignee);
    if (!to) {
        command_reply(d, ERR_BAD_FIELD, "assignee: there is no such party");
        return;
    }
    if (!case_can(k->state, CASE_EVENT_DISPATCH)) {
        conflict(d, "dispatch");
        return;
    }
    case_dispatch(d->c, d->n, ((const struct party *)to->object)->id);
    case_tell(d->c, EVENT_CASE_CHANGED, k);
    command_reply(d, ERR_OK, NULL);
}

/* --- merging --- */

static struct node *merge_target(struct doing *d, const char **why_r)
{
    const struct case_ *k = d->n->object;
    struct node *into = d->cmd->into ? node_find(d->c, OBJECT_CASE, d->cmd->into) : NULL;
    const struct case_ *t = into ? into->object : NULL;
    bool grid = d->cmd->role == ROLE_GRID;
    *why_r = NULL;
    if (!t || t == k || strcmp(t->origin.community, k->origin.community) != 0 ||
        (grid && strcmp(t->origin.grid, k->origin.grid) != 0))
        *why_r = "into: there is no such case to merge it into";
    else if (case_is_final(t->state) || t->state == CASE_RESOLVED || t->state == CASE_VERIFIED)
        *why_r = "into: that case is resolved or has ended";
    return into;
}

static void move_all(struct strs *to, struct strs *from)
{
    for (int i = 0; i < from->n; i++)
        if (!strs_has(to, str_of(from->v[i])))
            strs_add(to, str_of(from->v[i]));
    strs_deinit(from);
}

/* Its messages lead to the one that stays, now and after it is gone. */
static void merge(struct core *c, struct node *n, struct node *into)
{
    struct case_ *k = n->object, *t = into->object;
    aliases_drop(n);
    move_all(&t->reporters, &k->reporters);
    move_all(&t->reported_by, &k->reported_by);
    aliases_put(c, into);
    if (k->urgency > t->urgency) {
        t->urgency = k->urgency;
        case_set_due(c, t);
    }
    node_touch(c, into);
    str_copy(k->merged_into, ID_SIZE, str_of(t->id));
    case_end(c, n, CASE_EVENT_MERGE, CASE_OUTCOME_MERGED);
    tell_audit(c, "case.merge", into, k->id, NULL);
    case_tell(c, EVENT_CASE_CHANGED, t);
}

void merge_case(struct doing *d)
{
    const struct case_ *k = d->n->object;
    const char *why;
    struct node *into = merge_target(d, &why);
    if (why) {
        command_reply(d, ERR_BAD_FIELD, why);
        return;
    }
    if (!case_can(k->state, CASE_EVENT_MERGE)) {
        conflict(d, "merge");
        return;
    }
    merge(d->c, d->n, into);
    command_reply(d, ERR_OK, NULL);
}

/* --- 回访 --- */

/* One asking counts once, however often it was tried until somebody answered. */
static void count(struct core *c, const struct case_ *k, const struct follow_up *f)
{
    const char *community = k->origin.community;
    if (!k->followed_up_ms)
        tally_count(c, community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_VALID);
    if (k->contacted || !f->contacted)
        return;
    tally_count(c, community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_CONTACTED);
    if (f->solved)
        tally_count(c, community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_SOLVED);
    if (f->satisfaction == SATISFACTION_SATISFIED)
        tally_count(c, community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_SATISFIED);
    else if (f->satisfaction == SATISFACTION_FAIRLY_SATISFIED)
        tally_count(c, community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_FAIRLY_SATISFIED);
}

/* A reporter who tells staff that it is mended has verified it. */
void follow_up_case(struct doing *d)
{
    struct core *c = d->c;
    struct case_ *k = d->n->object;
    const struct follow_up *f = &d->cmd->follow_up;
    if (!f->contacted && (f->solved || f->satisfaction)) {
        command_reply(d, ERR_BAD_FIELD, "contacted: who was not reached said nothing");
        return;
    }
    if ((k->state != CASE_RESOLVED && k->state != CASE_VERIFIED && k->state != CASE_CLOSED) ||
        k->outcome == CASE_OUTCOME_INVALID) {
        conflict(d, "follow-up");
        return;
    }
    count(c, k, f);
    k->followed_up_ms = c->now_ms;
    k->contacted = f->contacted;
    k->solved = f->solved;
    if (f->contacted)
        k->satisfaction = f->satisfaction;
    node_touch(c, d->n);
    tell_audit(c, "case.follow_up", d->n, NULL,
               !f->contacted     ? "not reached"
               : f->satisfaction ? satisfaction_code(f->satisfaction)
               : f->solved       ? "solved"
                                 : "unsolved");
    if (f->solved)
        case_step(c, d->n, CASE_EVENT_VERIFY);
    case_tell(c, EVENT_CASE_CHANGED, k);
    command_reply(d, ERR_OK, NULL);
}

/* The life of a case: its states, who has it, until when, and what the clock does. */
#include "case_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/deadline.h"

#define REMIND_AT(span) ((span) / 4 * 3)
#define VERIFIED_MS DAY_MS              /* then it is closed */
#define SUSPENDED_MOST_MS (14 * DAY_MS) /* whom it waits for does not answer any more */
#define OVERDUE_MOST_MS (30 * DAY_MS)   /* at the top of the ladder, with all having been told */

/* --- until when --- */

static bool has_stage(const struct case_ *k, enum case_stage *stage_r)
{
    static const int of[CASE_STATE_N] = {
        [CASE_OPENED] = 1 + STAGE_DISPATCH,   [CASE_RETURNED] = 1 + STAGE_DISPATCH,
        [CASE_REOPENED] = 1 + STAGE_DISPATCH, [CASE_DISPATCHED] = 1 + STAGE_ACCEPT,
        [CASE_ESCALATED] = 1 + STAGE_ACCEPT,  [CASE_ACCEPTED] = 1 + STAGE_RESOLVE,
        [CASE_RESOLVED] = 1 + STAGE_VERIFY};
    *stage_r = of[k->state] ? (enum case_stage)(of[k->state] - 1) : STAGE_DISPATCH;
    return of[k->state] && !(k->state == CASE_ESCALATED && k->level == CASE_LEVEL_OVERDUE);
}

void case_set_due(struct core *c, struct case_ *k)
{
    const struct work_time w = work_time(c, k->origin.community);
    int64_t from = k->stage_ms ? k->stage_ms : k->opened_ms; /* stored before there were stages */
    enum case_stage stage;
    if (!has_stage(k, &stage))
        return;
    const struct policy *p = policy_of(c, k->origin.community);
    int64_t span = deadline_span_ms(p->deadlines, p->n_deadlines, stage, k->category, k->urgency);
    k->due_ms = deadline_add(k->urgency, from, span, &w);
    if (k->remind_ms)
        k->remind_ms = deadline_add(k->urgency, from, REMIND_AT(span), &w);
}

bool case_runs(const struct case_ *k)
{
    enum case_stage stage;
    return has_stage(k, &stage);
}

/* Nobody owes the verification: it ends by itself. */
static void begin_stage(struct core *c, struct case_ *k)
{
    enum case_stage stage;
    k->stage_ms = c->now_ms;
    k->remind_ms = has_stage(k, &stage) && stage != STAGE_VERIFY;
    case_set_due(c, k);
    if (k->state == CASE_VERIFIED)
        k->due_ms = c->now_ms + VERIFIED_MS;
    else if (k->state == CASE_SUSPENDED)
        k->due_ms = c->now_ms + SUSPENDED_MOST_MS;
    else if (k->state == CASE_ESCALATED && k->level == CASE_LEVEL_OVERDUE)
        k->due_ms = c->now_ms + OVERDUE_MOST_MS;
}

static void suspend(struct core *c, struct case_ *k)
{
    const struct work_time w = work_time(c, k->origin.community);
    k->left_ms = deadline_between(k->urgency, c->now_ms, k->due_ms, &w);
}

/* The stage goes on where it stood: only what was left of it is left. */
static void resume(struct core *c, struct case_ *k)
{
    const struct work_time w = work_time(c, k->origin.community);
    k->due_ms = deadline_add(k->urgency, c->now_ms, k->left_ms, &w);
    k->remind_ms = deadline_add(k->urgency, c->now_ms, REMIND_AT(k->left_ms), &w);
    k->left_ms = 0;
}

/* --- states --- */

static void note(struct core *c, struct case_ *k, enum case_event event)
{
    switch (event) {
    case CASE_EVENT_DISPATCH:
        k->n_dispatched++;
        k->dispatched_ms = k->dispatched_ms ? k->dispatched_ms : c->now_ms;
        break;
    case CASE_EVENT_ACCEPT:
        k->accepted_ms = k->accepted_ms ? k->accepted_ms : c->now_ms;
        break;
    case CASE_EVENT_RESOLVE:
        k->resolved_ms = c->now_ms;
        break;
    case CASE_EVENT_RETURN:
        k->n_returned++;
        break;
    case CASE_EVENT_REOPEN: /* nothing that was said of the end counts any more */
        k->n_redone++;
        k->outcome = CASE_OUTCOME_NONE;
        k->satisfaction = SATISFACTION_NONE;
        k->followed_up_ms = k->closed_ms = 0;
        k->contacted = k->solved = false;
        break;
    case CASE_EVENT_ESCALATE:
        k->n_escalated++;
        break;
    default:
        break;
    }
}

bool case_step(struct core *c, struct node *n, enum case_event event)
{
    struct case_ *k = n->object;
    enum case_state before = k->state;
    if (event == CASE_EVENT_SUSPEND && case_can(before, event))
        suspend(c, k);
    if (!case_apply(&k->state, event))
        return false;
    note(c, k, event);
    begin_stage(c, k);
    if (event == CASE_EVENT_RESUME)
        resume(c, k);
    if (k->state != CASE_SUSPENDED)
        k->left_ms = 0;
    if (case_is_final(k->state))
        k->closed_ms = c->now_ms;
    if (before != CASE_REOPENED || event != CASE_EVENT_DISPATCH || k->n_dispatched == 1)
        tally_case_step(c, k, event); /* to be sent back is not to have been sent wrongly */
    node_touch(c, n);
    tell_audit(c, "case.change", n, case_state_code(before), case_state_code(k->state));
    return true;
}

void case_end(struct core *c, struct node *n, enum case_event event, enum case_outcome outcome)
{
    struct case_ *k = n->object;
    if (!case_can(k->state, event))
        return;
    k->outcome = outcome;
    case_step(c, n, event);
    tell_audit(c, "case.end", n, NULL, case_outcome_code(outcome));
    case_tell(c, EVENT_CASE_CHANGED, k);
}

/* --- who has it --- */

static const char *above(const struct core *c, const struct case_ *k, enum case_level level)
{
    static const char *const roles[] = {
        [CASE_LEVEL_GRID_OFFICER] = "grid_officer", [CASE_LEVEL_COMMITTEE] = "staff"};
    bool stands = level == CASE_LEVEL_GRID_OFFICER || level == CASE_LEVEL_COMMITTEE;
    return stands ? party_with_role(c, k->origin.community, k->origin.place, roles[level]) : "";
}

/* Who stands higher is not passed by on the way up, and nothing is led down again. */
static enum case_level level_of(const struct core *c, const struct case_ *k, const char *party)
{
    if (party[0] && !strcmp(party, above(c, k, CASE_LEVEL_COMMITTEE)))
        return CASE_LEVEL_COMMITTEE;
    return party[0] && !strcmp(party, above(c, k, CASE_LEVEL_GRID_OFFICER))
               ? CASE_LEVEL_GRID_OFFICER
               : CASE_LEVEL_ASSIGNEE;
}

static void assign(struct core *c, struct node *n, const char *to)
{
    struct case_ *k = n->object;
    if (!to[0] || !strcmp(to, k->assignee))
        return;
    tell_audit(c, "case.assign", n, k->assignee, to);
    str_copy(k->assignee, ID_SIZE, str_of(to));
}

void case_dispatch(struct core *c, struct node *n, const char *to)
{
    struct case_ *k = n->object;
    if (!to[0] || !case_can(k->state, CASE_EVENT_DISPATCH))
        return;
    assign(c, n, to);
    k->level = level_of(c, k, to);
    case_step(c, n, CASE_EVENT_DISPATCH);
}

/* 退回: the grid officer, else the committee, sends it elsewhere. Their own returns go up, too. */
bool case_return(struct core *c, struct node *n, const char *reason)
{
    struct case_ *k = n->object;
    const char *officer = above(c, k, CASE_LEVEL_GRID_OFFICER);
    if (!case_can(k->state, CASE_EVENT_RETURN))
        return false;
    bool passes = !officer[0] || level_of(c, k, k->assignee) != CASE_LEVEL_ASSIGNEE;
    assign(c, n, passes ? above(c, k, CASE_LEVEL_COMMITTEE) : officer);
    k->level = level_of(c, k, k->assignee);
    mem_replace(&k->return_reason, reason);
    return case_step(c, n, CASE_EVENT_RETURN);
}

bool case_reopen(struct core *c, struct node *n)
{
    struct case_ *k = n->object;
    if (!case_step(c, n, CASE_EVENT_REOPEN))
        return false;
    const struct origin *o = &k->origin;
    case_dispatch(c, n,
                  party_find(c, o->community, k->assignee)
                      ? keep(c, k->assignee)
                      : assignee_of(c, o->community, o->place, k->category));
    case_tell(c, EVENT_CASE_CHANGED, k);
    return true;
}

static void alert(struct core *c, const struct case_ *k, const char *kind, const char *text)
{
    struct event *e = tell_alert(c, kind, &k->origin, text);
    e->case_id = keep(c, k->id);
    e->assignee = keep(c, k->assignee);
}

bool case_escalate(struct core *c, struct node *n)
{
    static const char *const texts[CASE_LEVEL_N] = {
        [CASE_LEVEL_GRID_OFFICER] = "超过时限仍未办理，已升级给网格员",
        [CASE_LEVEL_COMMITTEE] = "超过时限仍未办理，已升级给社区",
        [CASE_LEVEL_OVERDUE] = "社区也已超过时限，仍未办理，请尽快处置"};
    struct case_ *k = n->object;
    const char *to = "";
    if (!case_can(k->state, CASE_EVENT_ESCALATE) ||
        (k->state == CASE_ESCALATED && k->level == CASE_LEVEL_OVERDUE))
        return false;
    if (k->level == CASE_LEVEL_OVERDUE) /* taken on in the end, and late again */
        k->level = CASE_LEVEL_COMMITTEE;
    while (k->level < CASE_LEVEL_OVERDUE && (!to[0] || !strcmp(to, k->assignee)))
        to = above(c, k, ++k->level);
    assign(c, n, to);
    case_step(c, n, CASE_EVENT_ESCALATE);
    tell_audit(c, "case.escalate", n, NULL, case_level_code(k->level));
    case_tell(c, EVENT_CASE_CHANGED, k);
    alert(c, k, "escalated", texts[k->level]);
    return true;
}

/* --- the clock --- */

static void remind(struct core *c, struct node *n)
{
    struct case_ *k = n->object;
    k->remind_ms = 0;
    node_touch(c, n);
    tell_audit(c, "case.remind", n, NULL, k->assignee);
    alert(c, k, "reminder", "时限将到，请尽快办理");
}

void case_tick(struct core *c, struct node *n)
{
    const struct case_ *k = n->object;
    if (case_is_final(k->state)) {
        node_drop(c, n);
        return;
    }
    if (k->remind_ms && k->due_ms > c->now_ms) {
        remind(c, n);
        return;
    }
    switch (k->state) {
    case CASE_RESOLVED:
        case_end(c, n, CASE_EVENT_LAPSE, CASE_OUTCOME_UNANSWERED);
        break;
    case CASE_VERIFIED:
        case_end(c, n, CASE_EVENT_CLOSE, CASE_OUTCOME_SOLVED);
        break;
    case CASE_SUSPENDED:
        case_step(c, n, CASE_EVENT_RESUME);
        case_tell(c, EVENT_CASE_CHANGED, k);
        break;
    default:
        tally_case_overdue(c, n->object);
        if (!case_escalate(c, n))
            case_end(c, n, CASE_EVENT_LAPSE, CASE_OUTCOME_UNSOLVED);
    }
}

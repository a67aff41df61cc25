/* Who works: staff in their hours, bots that deliver, property managers who take cases, return them
   or forget them, grid officers, operators. README.md has the model, here are its numbers. */
#include "month.h"

#define REVIEW_EVERY_MS (20 * MINUTE_MS)
#define REVIEWED_MOST 8 /* in one look */
#define HOLIDAY_FIRST 25
#define HOLIDAY_LAST 27
#define BOT_DOWN_DAY 8 /* the 9th, 10:00 to 16:00: bot-2 takes nothing */

/* --- working hours --- */

bool is_holiday(const struct month *m, int64_t at_ms)
{
    struct civil t = civil_of_ms(at_ms, ZONE_MIN);
    (void)m;
    return t.month == 9 && t.day >= HOLIDAY_FIRST && t.day <= HOLIDAY_LAST;
}

bool is_worktime(const struct month *m, int64_t at_ms)
{
    struct civil t = civil_of_ms(at_ms, ZONE_MIN);
    if (is_holiday(m, at_ms) || t.weekday == 6) /* somebody is on duty */
        return t.hour == 10;
    return t.weekday >= 1 && ((t.hour >= 9 && t.hour < 12) || (t.hour >= 14 && t.hour < 18));
}

int64_t at_work(const struct month *m, int64_t at_ms)
{
    while (!is_worktime(m, at_ms))
        at_ms += 30 * MINUTE_MS;
    return at_ms;
}

static void plan_id(struct month *m, enum act_kind kind, int n, const char *id, int64_t at_ms)
{
    struct act a = {.at_ms = at_ms, .kind = kind, .n = n};
    str_copy(a.id, ID_SIZE, str_of(id));
    plan(m, a);
}

/* --- the review queue --- */

struct queue {
    const struct match *v[256];
    int n;
};

static void queue_add(void *arg, const char *key, const void *object)
{
    struct queue *q = arg;
    const struct match *x = object;
    (void)key;
    if (x->state == MATCH_IN_REVIEW && q->n < 256)
        q->v[q->n++] = x;
}

static int by_queue(const void *a, const void *b)
{
    const struct match *x = *(const struct match *const *)a, *y = *(const struct match *const *)b;
    double p = match_queue_score(x), q = match_queue_score(y);
    return p != q ? (p > q ? -1 : 1) : strcmp(x->id, y->id);
}

static void review_one(struct month *m, const char *id)
{
    static const char *const why_not[] = {"不合适", "距离太远", "对方已另有安排", NULL};
    const struct match *x = core_find(m->w.core, OBJECT_MATCH, id);
    if (!x || x->state != MATCH_IN_REVIEW) /* another decision has ended it */
        return;
    double roll = any(m, 1000) / 1000.0;
    if (roll < 0.72) {
        month_order(m, (struct command){.kind = COMMAND_MATCH_APPROVE, .object = id}, OBJECT_MATCH);
        if (chance(m, 0.04))
            plan_id(m, ACT_UNDO, 0, id, m->w.now_ms + 9 * SECOND_MS);
    } else if (roll < 0.85) {
        month_order(m,
                    (struct command){
                        .kind = COMMAND_MATCH_REJECT, .object = id, .reason = pick(m, why_not)},
                    OBJECT_MATCH);
    } else if (roll < 0.88 && x->request[0]) { /* read again by a person */
        month_order(
            m,
            (struct command){.kind = COMMAND_POST_EDIT,
                             .object = x->request,
                             .edit = {.has_urgency = true,
                                      .urgency = chance(m, 0.5) ? URGENCY_LOW : URGENCY_URGENT}},
            OBJECT_POST);
    } /* else: left for the next look */
}

static void review(struct month *m)
{
    struct queue q = {.n = 0};
    char ids[REVIEWED_MOST][ID_SIZE];
    core_each(m->w.core, OBJECT_MATCH, queue_add, &q);
    qsort(q.v, (size_t)q.n, sizeof *q.v, by_queue);
    int n = q.n < REVIEWED_MOST ? q.n : REVIEWED_MOST;
    for (int i = 0; i < n; i++)
        str_copy(ids[i], ID_SIZE, str_of(q.v[i]->id));
    for (int i = 0; i < n; i++)
        review_one(m, ids[i]);
    plan(m, (struct act){.at_ms = at_work(m, m->w.now_ms + REVIEW_EVERY_MS), .kind = ACT_REVIEW});
}

/* --- bots --- */

static bool is_down(const struct month *m, const char *bot)
{
    int64_t since = m->from_ms + BOT_DOWN_DAY * DAY_MS + 10 * HOUR_MS;
    return !strcmp(bot, "bot-2") && m->w.now_ms >= since && m->w.now_ms < since + 6 * HOUR_MS;
}

static enum delivery_outcome outcome_of(struct month *m, const struct outbound *o, int failed)
{
    if (is_down(m, o->bot) || (!failed && chance(m, 0.06)))
        return failed < 8 ? DELIVERY_FAILED : DELIVERY_EXHAUSTED;
    return chance(m, 0.006) ? DELIVERY_GONE : DELIVERY_DONE;
}

static void deliver(struct month *m, const struct act *a)
{
    const struct outbound *o = core_find(m->w.core, OBJECT_OUTBOUND, a->id);
    if (!o || o->state != OUTBOUND_SENDING)
        return;
    enum delivery_outcome how = outcome_of(m, o, a->n);
    month_decide(m, (struct entry){.kind = ENTRY_DELIVERY,
                                   .delivery = {.outbound = a->id,
                                                .outcome = how,
                                                .error = how == DELIVERY_DONE ? "" : "503"}});
    o = core_find(m->w.core, OBJECT_OUTBOUND, a->id);
    if (how == DELIVERY_DONE && o)
        people_read(m, o);
    else if (how == DELIVERY_FAILED)
        plan_id(m, ACT_DELIVER, a->n + 1, a->id, m->w.now_ms + (MINUTE_MS << (a->n + 1)));
    else if (chance(m, 0.5))
        plan_id(m, ACT_RETRY, 0, a->id, at_work(m, m->w.now_ms + 2 * HOUR_MS));
}

static void retry(struct month *m, const char *id)
{
    const struct outbound *o = core_find(m->w.core, OBJECT_OUTBOUND, id);
    if (o && o->state == OUTBOUND_DEAD)
        month_order(m,
                    (struct command){.kind = COMMAND_OUTBOUND_RETRY,
                                     .object = id,
                                     .role = ROLE_ADMIN,
                                     .actor = "operator"},
                    OBJECT_OUTBOUND);
}

/* --- cases --- */

static void plan_case(struct month *m, const char *id, enum case_event event, double mean_ms)
{
    plan_id(m, ACT_CASE, (int)event, id, at_work(m, m->w.now_ms + wait_ms(m, mean_ms)));
}

/* What whoever has it will do next, or nothing: that is how cases come late. */
static void plan_case_step(struct month *m, const struct case_ *k)
{
    double roll = any(m, 1000) / 1000.0;
    switch (k->state) {
    case CASE_DISPATCHED:
        if (roll < 0.84)
            plan_case(m, k->id, CASE_EVENT_ACCEPT, 1.5 * HOUR_MS);
        else if (roll < 0.90)
            plan_case(m, k->id, CASE_EVENT_RETURN, 4.0 * HOUR_MS);
        break;
    case CASE_ACCEPTED:
        if (roll < 0.92)
            plan_case(m, k->id, CASE_EVENT_RESOLVE, 18.0 * HOUR_MS);
        break;
    case CASE_RESOLVED:
        if (roll < 0.40)
            plan_id(m, ACT_FOLLOW_UP, 0, k->id,
                    at_work(m, m->w.now_ms + wait_ms(m, 20.0 * HOUR_MS)));
        else if (roll < 0.75)
            plan_case(m, k->id, CASE_EVENT_VERIFY, 20.0 * HOUR_MS);
        else if (roll < 0.80)
            plan_case(m, k->id, CASE_EVENT_REOPEN, 20.0 * HOUR_MS);
        break;
    case CASE_VERIFIED:
        if (roll < 0.9)
            plan_case(m, k->id, CASE_EVENT_CLOSE, 10.0 * HOUR_MS);
        break;
    case CASE_RETURNED:
    case CASE_REOPENED:
        if (roll < 0.85)
            plan_case(m, k->id, CASE_EVENT_DISPATCH, 5.0 * HOUR_MS);
        break;
    case CASE_ESCALATED:
        if (roll < 0.65)
            plan_case(m, k->id, CASE_EVENT_RESOLVE, 24.0 * HOUR_MS);
        else if (roll < 0.8)
            plan_case(m, k->id, CASE_EVENT_CLOSE, 24.0 * HOUR_MS);
        break;
    default:
        break;
    }
}

static void move_case(struct month *m, const char *id, enum case_event event)
{
    const struct case_ *k = core_find(m->w.core, OBJECT_CASE, id);
    if (!k || !case_can(k->state, event)) /* somebody was faster, or the clock */
        return;
    month_order(
        m,
        (struct command){.kind = COMMAND_CASE_EVENT,
                         .object = id,
                         .case_event = event,
                         .reason = event == CASE_EVENT_RETURN ? "不属于物业职责范围" : NULL},
        OBJECT_CASE);
}

/* 回访: not everybody picks up, and not everybody is content. */
static void follow_up(struct month *m, const char *id)
{
    const struct case_ *k = core_find(m->w.core, OBJECT_CASE, id);
    struct follow_up f = {.contacted = chance(m, 0.85)};
    f.solved = f.contacted && chance(m, 0.9);
    if (f.contacted)
        f.satisfaction = chance(m, 0.6)   ? SATISFACTION_SATISFIED
                         : chance(m, 0.7) ? SATISFACTION_FAIRLY_SATISFIED
                                          : SATISFACTION_DISSATISFIED;
    if (k && k->state == CASE_RESOLVED)
        month_order(m,
                    (struct command){.kind = COMMAND_CASE_FOLLOW_UP, .object = id, .follow_up = f},
                    OBJECT_CASE);
}

static void set_emergency(struct month *m, bool on)
{
    month_order(m,
                (struct command){.kind = COMMAND_EMERGENCY_SET,
                                 .object = COMMUNITY,
                                 .on = on,
                                 .reason = on ? "明月湾停电" : "恢复供电"},
                OBJECT_POLICY);
}

/* --- the day --- */

void staff_hear(struct month *m, const struct event *e)
{
    const struct case_ *k = e->case_id ? core_find(m->w.core, OBJECT_CASE, e->case_id) : NULL;
    if (e->kind == EVENT_OUTBOUND && !chance(m, 0.005)) /* else the bot has lost it */
        plan_id(m, ACT_DELIVER, 0, e->outbound, m->w.now_ms + wait_ms(m, 4.0 * SECOND_MS));
    if (k && (e->kind == EVENT_CASE_OPENED || e->kind == EVENT_CASE_CHANGED))
        plan_case_step(m, k);
}

void staff_begin(struct month *m)
{
    int64_t dark_ms = m->from_ms + DARK_DAY * DAY_MS + DARK_AT;
    plan(m, (struct act){.at_ms = at_work(m, m->from_ms), .kind = ACT_REVIEW});
    plan(m, (struct act){.at_ms = dark_ms + 15 * MINUTE_MS, .kind = ACT_EMERGENCY, .n = true});
    plan(m, (struct act){.at_ms = dark_ms + 13 * HOUR_MS, .kind = ACT_EMERGENCY, .n = false});
}

void staff_act(struct month *m, const struct act *a)
{
    switch (a->kind) {
    case ACT_REVIEW:
        review(m);
        break;
    case ACT_UNDO:
        month_order(m, (struct command){.kind = COMMAND_MATCH_UNDO, .object = a->id}, OBJECT_MATCH);
        break;
    case ACT_DELIVER:
        deliver(m, a);
        break;
    case ACT_RETRY:
        retry(m, a->id);
        break;
    case ACT_CASE:
        move_case(m, a->id, (enum case_event)a->n);
        break;
    case ACT_FOLLOW_UP:
        follow_up(m, a->id);
        break;
    case ACT_EMERGENCY:
        set_emergency(m, a->n);
        break;
    default:
        break;
    }
}

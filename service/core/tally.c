/* Counting, where things happen: into the tally of the community and the local day. */
#include "core_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define KEEP_MS (400 * DAY_MS) /* a month can be set beside the same of the year before */
#define DISPATCH_MS (30 * MINUTE_MS)
#define SLOT_MOST_MIN (4 * 60) /* longer ones, an afternoon, say when and not how long */

int64_t tally_due_ms(const struct tally *t)
{
    return t->start_ms + KEEP_MS;
}

/* NULL: that day has gone. */
static struct node *tally_of(struct core *c, const char *community, int64_t at_ms)
{
    struct civil day = civil_of_ms(at_ms, c->o.zone_min);
    char id[ID_SIZE], key[OBJECT_KEY_SIZE];
    snprintf(id, sizeof id, "%04d-%02d-%02d", day.year, day.month, day.day);
    object_key(key, community, id);
    struct node *n = node_find(c, OBJECT_TALLY, key);
    if (n)
        return n;
    day.hour = day.minute = day.second = 0;
    const struct tally begun = {.start_ms = civil_to_ms(day, c->o.zone_min)};
    if (tally_due_ms(&begun) <= c->now_ms)
        return NULL;
    struct tally *t = NEW(struct tally);
    *t = begun;
    str_copy(t->community, ID_SIZE, str_of(community));
    memcpy(t->id, id, ID_SIZE);
    return node_put(c, OBJECT_TALLY, key, t);
}

static void count_on(struct core *c, const char *community, int64_t at_ms, enum tally_series s,
                     int at, int n)
{
    struct node *t = tally_of(c, community, at_ms);
    if (!t)
        return;
    tally_add(t->object, s, at, n);
    node_touch(c, t);
}

void tally_count(struct core *c, const char *community, enum tally_series s, int at)
{
    count_on(c, community, c->now_ms, s, at, 1);
}

static void count_row(struct core *c, const char *community, enum tally_list l, const char *name,
                      const int v[TALLY_COLUMNS])
{
    struct node *t = tally_of(c, community, c->now_ms);
    for (int k = 0; k < TALLY_COLUMNS; k++)
        tally_add_row(t->object, l, name, k, v[k]);
    node_touch(c, t);
}

/* --- what opens --- */

enum opened { OPENED_REQUEST, OPENED_OFFER, OPENED_REPORT }; /* the columns of places, too */

/* n: 1, or -1 to take it back. */
static void count_opened(struct core *c, const struct origin *o, int64_t opened_ms,
                         enum opened what, enum category category, int n)
{
    static const enum tally_series by_category[] = {TALLY_REQUESTS, TALLY_OFFERS, TALLY_REPORTS};
    static const enum tally_series by_hour[] = {TALLY_REQUEST_HOURS, TALLY_OFFER_HOURS,
                                                TALLY_REPORT_HOURS};
    const char *chain[PLACE_KIND_N];
    struct node *day = tally_of(c, o->community, opened_ms);
    if (!day)
        return;
    place_chain(c, o->community, o->place, chain);
    tally_add(day->object, by_category[what], (int)category, n);
    tally_add(day->object, by_hour[what], civil_of_ms(opened_ms, c->o.zone_min).hour, n);
    tally_add_row(day->object, TALLY_PLACES,
                  chain[PLACE_BUILDING][0] ? chain[PLACE_BUILDING] : o->place, (int)what, n);
    node_touch(c, day);
}

static void count_post(struct core *c, const struct post *p, int n)
{
    count_opened(c, &p->origin, p->opened_ms,
                 p->side == SIDE_REQUEST ? OPENED_REQUEST : OPENED_OFFER, p->category, n);
}

static void count_ended(struct core *c, const struct post *p, enum post_state as, int64_t at_ms,
                        int n)
{
    count_on(c, p->origin.community, at_ms,
             p->side == SIDE_REQUEST ? TALLY_REQUESTS_ENDED : TALLY_OFFERS_ENDED,
             tally_outcome(p->category, as), n);
}

void tally_post_opened(struct core *c, const struct post *p)
{
    count_post(c, p, 1);
}

void tally_post_moved(struct core *c, const struct post *was, const struct post *is)
{
    count_post(c, was, -1);
    count_post(c, is, 1);
}

/* An ending that proved wrong is taken back where it was counted. */
void tally_post_ended(struct core *c, const struct post *p, enum post_state before,
                      int64_t before_ms)
{
    if (post_is_final(before))
        count_ended(c, p, before, before_ms, -1);
    count_ended(c, p, p->state, c->now_ms, 1);
}

void tally_post_short(struct core *c, const struct post *p)
{
    tally_count(c, p->origin.community, TALLY_REQUESTS_SHORT, (int)p->category);
}

void tally_post_reopened(struct core *c, const struct post *p, enum post_state before)
{
    count_ended(c, p, before, p->closed_ms, -1);
}

void tally_post_wrong(struct core *c, const struct post *p)
{
    count_post(c, p, -1);
    count_ended(c, p, p->state, p->closed_ms, -1);
}

/* --- matches --- */

/* What a piece of help takes where nobody has named a time, in minutes: fetching and bringing a
   thing, a walk to the hospital, an afternoon. An estimate, the same for everybody. */
static int usual_minutes(enum category category)
{
    static const int minutes[CATEGORY_N] = {
        [CATEGORY_FOOD] = 15,      [CATEGORY_BABY] = 15,       [CATEGORY_DAILY] = 15,
        [CATEGORY_GOODS] = 15,     [CATEGORY_MEDICINE] = 20,   [CATEGORY_DEVICE] = 20,
        [CATEGORY_ESCORT] = 180,   [CATEGORY_COMFORT] = 60,    [CATEGORY_CHILDCARE] = 120,
        [CATEGORY_ELDERCARE] = 90, [CATEGORY_PETS] = 30,       [CATEGORY_ERRAND] = 40,
        [CATEGORY_MOVING] = 60,    [CATEGORY_REPAIR] = 60,     [CATEGORY_TUTORING] = 90,
        [CATEGORY_ADVICE] = 30,    [CATEGORY_VOLUNTEER] = 120, [CATEGORY_TOOLS] = 15,
        [CATEGORY_VEHICLE] = 40,   [CATEGORY_SPACE] = 30,      [CATEGORY_LOST_FOUND] = 15};
    return minutes[category] ? minutes[category] : 30;
}

static int slot_minutes(const struct post *p)
{
    const struct slot_time *t = p ? &p->slots.time : NULL;
    int64_t minutes =
        t && t->start_ms && t->end_ms > t->start_ms ? (t->end_ms - t->start_ms) / MINUTE_MS : 0;
    return minutes <= SLOT_MOST_MIN ? (int)minutes : 0;
}

static int minutes_of(const struct core *c, const struct match *m)
{
    int asked = slot_minutes(post_of(c, m->request)), had = slot_minutes(post_of(c, m->offer));
    return asked ? asked : had ? had : usual_minutes(m->category);
}

static void count_help(struct core *c, const struct match *m, enum match_state before)
{
    if (m->state == MATCH_FULFILLED)
        count_row(c, m->community, TALLY_HELP, m->helper, (const int[]){1, minutes_of(c, m), 0});
    else if (m->state == MATCH_CLOSED && before == MATCH_AGREED)
        count_row(c, m->community, TALLY_HELP, m->helper, (const int[]){0, 0, 1});
}

static void count_wait(struct core *c, const char *community, enum tally_series s, int64_t from_ms)
{
    tally_count(c, community, s, wait_bucket((c->now_ms - from_ms) / SECOND_MS));
}

/* What the one who asks has seen of it: a neighbour's word, or our post in the group. */
static void count_response(struct core *c, const struct match *m)
{
    struct node *n = m->request[0] ? node_find(c, OBJECT_POST, m->request) : NULL;
    struct post *p = n ? n->object : NULL;
    bool agreed = m->state == MATCH_AGREED || m->state == MATCH_FULFILLED;
    if (!p || !(agreed || m->state == MATCH_POSTED) || (p->responded_ms && p->matched_ms))
        return;
    if (!p->responded_ms) {
        p->responded_ms = c->now_ms;
        count_wait(c, m->community, TALLY_FIRST_RESPONSE, p->opened_ms);
    }
    if (agreed && !p->matched_ms) {
        p->matched_ms = c->now_ms;
        count_wait(c, m->community, TALLY_TO_MATCH, p->opened_ms);
    }
    node_touch(c, n);
}

/* A proposal that a person made by choosing somebody else never waited. */
static void count_review(struct core *c, const struct match *m, int64_t since_ms)
{
    bool decided = m->state == MATCH_APPROVED || m->state == MATCH_REJECTED;
    if (m->created_ms == c->now_ms)
        return;
    tally_count(c, m->community, TALLY_REVIEWS,
                decided ? TALLY_REVIEW_DECIDED : TALLY_REVIEW_PASSED_BY);
    if (decided)
        count_wait(c, m->community, TALLY_UNCLAIMED, since_ms);
}

void tally_proposed(struct core *c, const struct match *m)
{
    tally_count(c, m->community, TALLY_MATCHES, tally_passage(m->route, MATCH_PROPOSED));
}

void tally_match(struct core *c, const struct match *m, enum match_state before, int64_t since_ms)
{
    tally_count(c, m->community, TALLY_MATCHES, tally_passage(m->route, m->state));
    if (before == MATCH_IN_REVIEW)
        count_review(c, m, since_ms);
    count_response(c, m);
    count_help(c, m, before);
}

/* --- cases --- */

static bool counted(const struct case_ *k, enum tally_case what)
{
    return k->counted & 1 << what;
}

static void count_case(struct core *c, struct case_ *k, enum tally_case what, int64_t at_ms)
{
    if (counted(k, what))
        return;
    k->counted |= 1 << what;
    count_on(c, k->origin.community, at_ms, TALLY_CASES, (int)what, 1);
}

static void uncount_case(struct core *c, const struct case_ *k, enum tally_case what, int64_t at_ms)
{
    if (counted(k, what))
        count_on(c, k->origin.community, at_ms, TALLY_CASES, (int)what, -1);
}

static void count_report(struct core *c, const struct case_ *k, int n)
{
    if (!k->post[0]) /* else it is counted as the request that it is */
        count_opened(c, &k->origin, k->opened_ms, OPENED_REPORT, k->category, n);
}

void tally_case_opened(struct core *c, struct case_ *k)
{
    count_case(c, k, TALLY_CASE_OPENED, k->opened_ms);
    if (k->post[0])
        count_case(c, k, TALLY_CASE_ROUTED, k->opened_ms);
    count_report(c, k, 1);
}

void tally_case_is_report(struct core *c, struct case_ *k)
{
    uncount_case(c, k, TALLY_CASE_ROUTED, k->opened_ms);
    k->counted &= ~(1 << TALLY_CASE_ROUTED);
    count_report(c, k, 1);
}

void tally_case_moved(struct core *c, const struct case_ *k, enum category was)
{
    if (k->post[0] || was == k->category || counted(k, TALLY_CASE_WITHDRAWN))
        return;
    count_opened(c, &k->origin, k->opened_ms, OPENED_REPORT, was, -1);
    count_report(c, k, 1);
}

void tally_case_replaced(struct core *c, const struct case_ *k, const struct origin *was)
{
    if (k->post[0] || counted(k, TALLY_CASE_WITHDRAWN))
        return;
    count_opened(c, was, k->opened_ms, OPENED_REPORT, k->category, -1);
    count_report(c, k, 1);
}

/* The day on which its end fell due. */
static int64_t due_day(const struct core *c, const struct case_ *k)
{
    return k->overdue_ms ? k->overdue_ms : c->now_ms;
}

static void count_closed(struct core *c, struct case_ *k)
{
    bool again = counted(k, TALLY_CASE_DUE_CLOSED);
    count_case(c, k, TALLY_CASE_CLOSED, c->now_ms);
    count_case(c, k, TALLY_CASE_DUE, c->now_ms);
    count_case(c, k, TALLY_CASE_DUE_CLOSED, due_day(c, k));
    if (!k->overdue_ms && !again)
        count_case(c, k, TALLY_CASE_DUE_CLOSED_IN_TIME, c->now_ms);
}

static void count_dispatch(struct core *c, struct case_ *k)
{
    if (counted(k, TALLY_CASE_DISPATCHED)) {
        count_case(c, k, TALLY_CASE_REDISPATCHED, k->opened_ms);
        return;
    }
    count_case(c, k, TALLY_CASE_DISPATCHED, k->opened_ms);
    if (c->now_ms - k->opened_ms <= DISPATCH_MS)
        count_case(c, k, TALLY_CASE_DISPATCHED_IN_TIME, k->opened_ms);
}

void tally_case_step(struct core *c, struct case_ *k, enum case_event event)
{
    static const int once[CASE_EVENT_N] = {
        [CASE_EVENT_ACCEPT] = TALLY_CASE_ACCEPTED, [CASE_EVENT_ESCALATE] = TALLY_CASE_ESCALATED,
        [CASE_EVENT_REOPEN] = TALLY_CASE_REOPENED, [CASE_EVENT_RESOLVE] = TALLY_CASE_RESOLVED,
        [CASE_EVENT_MERGE] = TALLY_CASE_MERGED,    [CASE_EVENT_SUSPEND] = TALLY_CASE_SUSPENDED};
    bool first = once[event] && !counted(k, (enum tally_case)once[event]);
    if (counted(k, TALLY_CASE_WITHDRAWN))
        return;
    if (once[event])
        count_case(c, k, (enum tally_case)once[event], c->now_ms);
    if (event == CASE_EVENT_RESOLVE && first && !k->overdue_ms)
        count_case(c, k, TALLY_CASE_RESOLVED_IN_TIME, c->now_ms);
    else if (event == CASE_EVENT_DISPATCH)
        count_dispatch(c, k);
    else if (event == CASE_EVENT_CLOSE || event == CASE_EVENT_LAPSE)
        count_closed(c, k);
    else if (event == CASE_EVENT_RETURN)
        tally_count(c, k->origin.community, TALLY_CASES, TALLY_CASE_RETURNED);
}

void tally_case_overdue(struct core *c, struct case_ *k)
{
    if (k->overdue_ms || counted(k, TALLY_CASE_DUE_CLOSED))
        return;
    k->overdue_ms = c->now_ms;
    if (!counted(k, TALLY_CASE_WITHDRAWN))
        count_case(c, k, TALLY_CASE_DUE, c->now_ms);
}

void tally_case_joined(struct core *c, const struct case_ *k)
{
    tally_count(c, k->origin.community, TALLY_CASES, TALLY_CASE_JOINED);
}

/* Its opening and its deadline are taken back; work that was done on it was done. */
void tally_case_withdrawn(struct core *c, struct case_ *k)
{
    static const enum tally_case opening[] = {TALLY_CASE_OPENED, TALLY_CASE_ROUTED,
                                              TALLY_CASE_DISPATCHED, TALLY_CASE_DISPATCHED_IN_TIME,
                                              TALLY_CASE_REDISPATCHED};
    if (counted(k, TALLY_CASE_WITHDRAWN) || case_is_final(k->state))
        return;
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++)
        uncount_case(c, k, opening[i], k->opened_ms);
    if (!counted(k, TALLY_CASE_DUE_CLOSED))
        uncount_case(c, k, TALLY_CASE_DUE, due_day(c, k));
    count_report(c, k, -1);
    count_case(c, k, TALLY_CASE_WITHDRAWN, c->now_ms);
}

/* --- what a person looked at --- */

void tally_looked(struct core *c, const struct labelled *l)
{
    if (l->first)
        tally_count(c, l->community, TALLY_LOOKED, (int)l->how);
}

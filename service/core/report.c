#include "core/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "model/labelled.h"
#include "model/policy.h"

#define FAIRLY 0.9 /* of a 满意, as the hotline's rules count 基本满意 */
#define EPSILON 1e-6

struct known_place {
    UT_hash_handle hh;
    char id[ID_SIZE], parent[ID_SIZE];
    enum place_kind kind;
};
struct report_making {
    struct report *r;
    struct known_place *places;
    struct tally open; /* open requests by place, in the first column of its rows */
};

/* --- days --- */

static bool digits(struct str s, int *v_r)
{
    long long v;
    if (!s.n || s.p[0] < '0' || s.p[0] > '9' || !str_to_i64(s, &v) || v > 9999)
        return false;
    *v_r = (int)v;
    return true;
}

bool report_day_parse(struct str text, int zone_min, int64_t *start_ms_r)
{
    int64_t day;
    if (!calendar_parse_day(text, &day) || day < 0)
        return false;
    *start_ms_r = day * DAY_MS - zone_min * MINUTE_MS;
    return true;
}

bool report_month_parse(struct str text, int zone_min, int64_t *from_ms_r, int64_t *to_ms_r)
{
    struct civil c = {.day = 1};
    if (text.n != 7 || text.p[4] != '-' || !digits((struct str){text.p, 4}, &c.year) ||
        !digits((struct str){text.p + 5, 2}, &c.month) || c.month < 1 || c.month > 12 ||
        c.year < 1970)
        return false;
    *from_ms_r = civil_to_ms(c, zone_min);
    c.month++;
    *to_ms_r = civil_to_ms(c, zone_min);
    return true;
}

/* --- taking --- */

struct report_making *report_begin(struct report *r)
{
    struct report_making *m = NEW(struct report_making);
    m->r = r;
    return m;
}

static bool is_ours(const struct report_making *m, const char *community)
{
    return !strcmp(m->r->community, community);
}

static void take_hours(struct report *r, const struct tally *t)
{
    static const enum tally_series series[REPORT_SIDES] = {TALLY_REQUEST_HOURS, TALLY_OFFER_HOURS,
                                                           TALLY_REPORT_HOURS};
    int weekday = civil_of_ms(t->start_ms, r->zone_min).weekday;
    struct report_day *d;
    r->days = mem_grow(r->days, (size_t)r->n_days + 1, sizeof *r->days);
    d = &r->days[r->n_days++];
    memset(d, 0, sizeof *d);
    memcpy(d->id, t->id, ID_SIZE);
    for (int s = 0; s < REPORT_SIDES; s++) {
        for (int h = 0; h < 24; h++)
            r->hours[weekday][h][s] += tally_get(t, series[s], h);
        d->opened[s] = tally_sum(t, series[s]);
    }
}

static void take_tally(struct report_making *m, const struct tally *t)
{
    struct report *r = m->r;
    if (!is_ours(m, t->community) || t->start_ms < r->from_ms || t->start_ms >= r->to_ms)
        return;
    tally_add_all(&r->sum, t);
    take_hours(r, t);
}

static void take_place(struct report_making *m, const struct place *p)
{
    struct known_place *k;
    if (!is_ours(m, p->community))
        return;
    HASH_FIND_STR(m->places, p->id, k);
    if (k)
        return;
    k = NEW(struct known_place);
    memcpy(k->id, p->id, ID_SIZE);
    memcpy(k->parent, p->parent, ID_SIZE);
    k->kind = p->kind;
    HASH_ADD_STR(m->places, id, k);
}

/* The building, as a tally has it. */
static const char *building_of(const struct report_making *m, const char *place)
{
    const char *at = place;
    for (int hops = 0; hops < 2 * PLACE_KIND_N; hops++) {
        struct known_place *k;
        HASH_FIND_STR(m->places, at, k);
        if (!k)
            return place;
        if (k->kind == PLACE_BUILDING)
            return k->id;
        at = k->parent;
    }
    return place;
}

static void take_post(struct report_making *m, const struct post *p)
{
    struct report_gap *g = &m->r->gap[p->category];
    double left = p->asked - p->reserved - p->fulfilled - p->presumed;
    if (!is_ours(m, p->origin.community) || post_is_final(p->state) || left <= EPSILON)
        return;
    if (p->side == SIDE_OFFER) {
        g->offers++;
        g->left += left;
        return;
    }
    g->requests++;
    g->wanted += left;
    g->vulnerable += p->flags != 0;
    if (!g->oldest_ms || p->opened_ms < g->oldest_ms)
        g->oldest_ms = p->opened_ms;
    tally_add_row(&m->open, TALLY_PLACES, building_of(m, p->origin.place), 0, 1);
}

static void take_resource(struct report_making *m, const struct resource *r)
{
    struct report_gap *g = &m->r->gap[r->category];
    if (!is_ours(m, r->community) || r->capacity - r->reserved <= EPSILON ||
        (r->expires_ms && r->expires_ms <= m->r->now_ms))
        return;
    g->resources++;
    g->left += r->capacity - r->reserved;
}

static void take_policy(struct report_making *m, const struct policy *p)
{
    if (is_ours(m, p->community) && p->emergency.on)
        m->r->emergency_ms = p->emergency.since_ms;
}

static void take_case(struct report_making *m, const struct case_ *k)
{
    if (!is_ours(m, k->origin.community) || case_is_final(k->state))
        return;
    bool waits = k->state == CASE_SUSPENDED; /* for the reporter: nobody is late with it */
    bool closed_before = k->counted & 1 << TALLY_CASE_DUE_CLOSED;
    bool fell_due = k->overdue_ms >= m->r->from_ms && k->overdue_ms < m->r->to_ms;
    m->r->cases_open++;
    m->r->cases_suspended += waits;
    m->r->cases_overdue += k->overdue_ms && !waits;
    m->r->due_suspended += waits && k->overdue_ms && fell_due && !closed_before;
}

void report_take(struct report_making *m, enum object_kind kind, const void *object)
{
    if (kind == OBJECT_TALLY)
        take_tally(m, object);
    else if (kind == OBJECT_PLACE)
        take_place(m, object);
    else if (kind == OBJECT_POST)
        take_post(m, object);
    else if (kind == OBJECT_RESOURCE)
        take_resource(m, object);
    else if (kind == OBJECT_CASE)
        take_case(m, object);
    else if (kind == OBJECT_POLICY)
        take_policy(m, object);
}

/* --- figures --- */

static void rate(struct report *r, enum figure f, double part, int64_t n)
{
    r->figures[f] = (struct figure_value){n > 0 ? part / (double)n : 0, part, n > 0 ? n : 0};
}

static void wait(struct report *r, enum figure f, enum tally_series s, double q)
{
    int64_t n = tally_sum(&r->sum, s);
    r->figures[f] = (struct figure_value){n > 0 ? (double)tally_quantile(&r->sum, s, q) : 0, 0, n};
}

static int64_t ended(const struct report *r, enum post_state as)
{
    int64_t n = 0;
    for (int k = 0; k < CATEGORY_N; k++)
        n += tally_get(&r->sum, TALLY_REQUESTS_ENDED, tally_outcome(k, (int)as));
    return n;
}

static void neighbours_figures(struct report *r)
{
    const struct tally *t = &r->sum;
    int64_t approved = tally_get(t, TALLY_MATCHES, tally_passage(ROUTE_REVIEW, MATCH_APPROVED));
    int64_t rejected = tally_get(t, TALLY_MATCHES, tally_passage(ROUTE_REVIEW, MATCH_REJECTED));
    int64_t undone = tally_get(t, TALLY_MATCHES, tally_passage(ROUTE_REVIEW, MATCH_UNDONE));
    int64_t over = ended(r, POST_MET) + ended(r, POST_WITHDRAWN) + ended(r, POST_EXPIRED) +
                   ended(r, POST_UNMET) + ended(r, POST_PRESUMED);
    rate(r, FIGURE_FILL_RATE, (double)ended(r, POST_MET), over);
    rate(r, FIGURE_PRESUMED_RATE, (double)ended(r, POST_PRESUMED), over);
    wait(r, FIGURE_FIRST_RESPONSE_MEDIAN, TALLY_FIRST_RESPONSE, 0.5);
    wait(r, FIGURE_FIRST_RESPONSE_P90, TALLY_FIRST_RESPONSE, 0.9);
    wait(r, FIGURE_MATCH_MEDIAN, TALLY_TO_MATCH, 0.5);
    wait(r, FIGURE_MATCH_P90, TALLY_TO_MATCH, 0.9);
    rate(r, FIGURE_ADOPTION_RATE, (double)(approved - undone), approved + rejected);
    wait(r, FIGURE_UNCLAIMED_MEDIAN, TALLY_UNCLAIMED, 0.5);
    wait(r, FIGURE_UNCLAIMED_P90, TALLY_UNCLAIMED, 0.9);
    rate(r, FIGURE_PASSED_BY_RATE, tally_get(t, TALLY_REVIEWS, TALLY_REVIEW_PASSED_BY),
         tally_sum(t, TALLY_REVIEWS));
    rate(r, FIGURE_MISREAD_RATE, tally_get(t, TALLY_LOOKED, LABEL_CORRECTED),
         tally_sum(t, TALLY_LOOKED));
}

static int64_t cases(const struct report *r, enum tally_case what)
{
    return tally_get(&r->sum, TALLY_CASES, (int)what);
}

static int64_t followups(const struct report *r, enum tally_followup what)
{
    return tally_get(&r->sum, TALLY_FOLLOWUPS, (int)what);
}

static void hotline_figures(struct report *r)
{
    int64_t valid = followups(r, TALLY_FOLLOWUP_VALID), fulfilled = 0;
    for (int k = ROUTE_SELF; k <= ROUTE_REVIEW; k++)
        fulfilled += tally_get(&r->sum, TALLY_MATCHES, tally_passage(k, MATCH_FULFILLED));
    rate(r, FIGURE_CONTACT_RATE, (double)followups(r, TALLY_FOLLOWUP_CONTACTED), valid);
    rate(r, FIGURE_SOLVED_RATE, (double)followups(r, TALLY_FOLLOWUP_SOLVED), valid);
    rate(r, FIGURE_SATISFIED_RATE,
         (double)followups(r, TALLY_FOLLOWUP_SATISFIED) +
             FAIRLY * (double)followups(r, TALLY_FOLLOWUP_FAIRLY_SATISFIED),
         valid);
    rate(r, FIGURE_FOLLOWUP_COVERAGE, (double)valid, cases(r, TALLY_CASE_CLOSED) + fulfilled);
}

static void cases_figures(struct report *r)
{
    int64_t opened = cases(r, TALLY_CASE_OPENED);
    int64_t due = cases(r, TALLY_CASE_DUE) - r->due_suspended;
    rate(r, FIGURE_CLOSED_RATE, (double)cases(r, TALLY_CASE_DUE_CLOSED), due);
    rate(r, FIGURE_CLOSED_IN_TIME_RATE, (double)cases(r, TALLY_CASE_DUE_CLOSED_IN_TIME), due);
    rate(r, FIGURE_SUSPENDED_RATE, (double)cases(r, TALLY_CASE_SUSPENDED), opened);
    rate(r, FIGURE_DISPATCHED_IN_TIME_RATE, (double)cases(r, TALLY_CASE_DISPATCHED_IN_TIME),
         opened);
    rate(r, FIGURE_DISPATCHED_RIGHT_RATE,
         (double)(cases(r, TALLY_CASE_DISPATCHED) - cases(r, TALLY_CASE_REDISPATCHED)), opened);
    rate(r, FIGURE_REWORK_RATE, (double)cases(r, TALLY_CASE_REOPENED), cases(r, TALLY_CASE_CLOSED));
}

/* --- lists --- */

static int by_help(const void *a, const void *b)
{
    const struct report_helper *x = a, *y = b;
    if (x->helped != y->helped)
        return x->helped > y->helped ? -1 : 1;
    return strcmp(x->id, y->id);
}

static int by_place(const void *a, const void *b)
{
    return strcmp(((const struct report_place *)a)->id, ((const struct report_place *)b)->id);
}

static int by_day(const void *a, const void *b)
{
    return strcmp(((const struct report_day *)a)->id, ((const struct report_day *)b)->id);
}

/* G = Σ (2i − n − 1) x_i / (n Σ x) over the x in rising order (C. Gini; after Sen, 1973). */
static void count_gini(struct report *r)
{
    double sum = 0, weighted = 0;
    int64_t n = 0, i = 0;
    for (int k = 0; k < r->n_helpers; k++)
        n += r->helpers[k].id[0] && r->helpers[k].helped > 0;
    for (int k = r->n_helpers - 1; k >= 0; k--) {
        const struct report_helper *h = &r->helpers[k];
        if (!h->id[0] || h->helped <= 0)
            continue;
        i++;
        sum += (double)h->helped;
        weighted += (double)(2 * i - n - 1) * (double)h->helped;
    }
    r->figures[FIGURE_HELPER_GINI] =
        (struct figure_value){n ? weighted / ((double)n * sum) : 0, sum, n};
}

static void list_rows(struct report *r, const struct tally *open)
{
    const struct tally *t = &r->sum;
    r->places = mem_new((size_t)(t->n_rows + open->n_rows + 1) * sizeof *r->places);
    r->helpers = mem_new((size_t)(t->n_rows + 1) * sizeof *r->helpers);
    for (int i = 0; i < t->n_rows; i++) {
        const struct tally_row *row = &t->rows[i];
        if (row->list == TALLY_HELP) {
            struct report_helper *h = &r->helpers[r->n_helpers++];
            str_copy(h->id, ID_SIZE, str_of(tally_row_name(t, row)));
            h->helped = row->v[0];
            h->minutes = row->v[1];
            h->untold = row->v[2];
        } else {
            struct report_place *p = &r->places[r->n_places++];
            str_copy(p->id, ID_SIZE, str_of(tally_row_name(t, row)));
            for (int k = 0; k < REPORT_SIDES; k++)
                p->opened[k] = row->v[k];
        }
    }
}

static struct report_place *place_at(struct report *r, int n, const char *id)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(r->places[i].id, id))
            return &r->places[i];
    struct report_place *p = &r->places[r->n_places++];
    str_copy(p->id, ID_SIZE, str_of(id));
    return p;
}

static void list_open(struct report *r, const struct tally *open)
{
    int n = r->n_places;
    for (int i = 0; i < open->n_rows; i++)
        place_at(r, n, tally_row_name(open, &open->rows[i]))->open = open->rows[i].v[0];
}

void report_end(struct report_making **making)
{
    struct report_making *m = *making;
    struct report *r = m->r;
    struct known_place *k, *next;
    neighbours_figures(r);
    hotline_figures(r);
    cases_figures(r);
    list_rows(r, &m->open);
    list_open(r, &m->open);
    qsort(r->places, (size_t)r->n_places, sizeof *r->places, by_place);
    qsort(r->helpers, (size_t)r->n_helpers, sizeof *r->helpers, by_help);
    if (r->n_days)
        qsort(r->days, (size_t)r->n_days, sizeof *r->days, by_day);
    count_gini(r);
    HASH_ITER(hh, m->places, k, next)
    {
        HASH_DEL(m->places, k);
        free(k);
    }
    tally_deinit(&m->open);
    free(m);
    *making = NULL;
}

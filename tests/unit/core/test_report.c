/* Figures from tallies that are made by hand. */
#include "core/report.h"
#include "model/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/labelled.h"

#define NOVEMBER_MS INT64_C(1793462400000) /* 2026-11-01T00:00:00+08:00 */

struct made {
    enum tally_series s;
    int at, n;
};
struct helped {
    const char *id;
    int times, minutes;
};

static struct tally *day_of(const char *community, int day)
{
    struct tally *t = NEW(struct tally);
    str_copy(t->community, ID_SIZE, str_of(community));
    t->id[0] = (char)('a' + day);
    t->start_ms = NOVEMBER_MS + (day - 1) * DAY_MS;
    return t;
}

static void begin(struct report *r, struct report_making **m)
{
    *r = (struct report){.community = "c", .zone_min = 480, .now_ms = NOVEMBER_MS + 20 * DAY_MS};
    assert_true(report_month_parse(STR("2026-11"), 480, &r->from_ms, &r->to_ms));
    *m = report_begin(r);
}

/* All of it on one day. */
static void report_of(struct report *r, const struct made *made, size_t n,
                      const struct helped *helped, size_t n_helped)
{
    struct report_making *m;
    struct tally *t = day_of("c", 3);
    begin(r, &m);
    for (size_t i = 0; i < n; i++)
        tally_add(t, made[i].s, made[i].at, made[i].n);
    for (size_t i = 0; i < n_helped; i++) {
        tally_add_row(t, TALLY_HELP, helped[i].id, 0, helped[i].times);
        tally_add_row(t, TALLY_HELP, helped[i].id, 1, helped[i].minutes);
    }
    report_take(m, OBJECT_TALLY, t);
    report_end(&m);
    tally_free(&t);
}

#define ENDED(category, state)                                                                     \
    TALLY_REQUESTS_ENDED, CATEGORY_##category *POST_STATE_N + POST_##state
#define REVIEWED(state) TALLY_MATCHES, ROUTE_REVIEW *MATCH_STATE_N + MATCH_##state
#define CASE(what) TALLY_CASES, TALLY_CASE_##what
#define FOLLOWUP(what) TALLY_FOLLOWUPS, TALLY_FOLLOWUP_##what

static void each_figure_is_its_formula(void **state)
{
    static const struct made made[] = {
        {ENDED(FOOD, MET), 3},
        {ENDED(DEVICE, PRESUMED), 2},
        {ENDED(TOOLS, MET), 2},
        {ENDED(FOOD, UNMET), 1},
        {ENDED(FOOD, EXPIRED), 1},
        {ENDED(PETS, WITHDRAWN), 1},
        {ENDED(PETS, MERGED), 9},
        {REVIEWED(APPROVED), 7},
        {REVIEWED(REJECTED), 1},
        {REVIEWED(UNDONE), 2},
        {CASE(OPENED), 10},
        {CASE(SUSPENDED), 3},
        {CASE(DISPATCHED), 9},
        {CASE(DISPATCHED_IN_TIME), 8},
        {CASE(REDISPATCHED), 2},
        {CASE(DUE), 8},
        {CASE(DUE_CLOSED), 6},
        {CASE(CLOSED), 5},
        {CASE(REOPENED), 1},
        {CASE(DUE_CLOSED_IN_TIME), 4},
        {FOLLOWUP(VALID), 4},
        {FOLLOWUP(CONTACTED), 3},
        {FOLLOWUP(SOLVED), 2},
        {FOLLOWUP(SATISFIED), 1},
        {FOLLOWUP(FAIRLY_SATISFIED), 2},
        {TALLY_LOOKED, LABEL_CORRECTED, 1},
        {TALLY_LOOKED, LABEL_APPROVED, 3},
        {TALLY_REVIEWS, TALLY_REVIEW_DECIDED, 8},
        {TALLY_REVIEWS, TALLY_REVIEW_PASSED_BY, 2},
        {TALLY_FIRST_RESPONSE, 3, 5},
        {TALLY_FIRST_RESPONSE, 9, 5},
        {TALLY_TO_MATCH, 4, 9},
        {TALLY_TO_MATCH, 12, 1},
        {TALLY_MATCHES, ROUTE_SELF * MATCH_STATE_N + MATCH_FULFILLED, 3}};
    static const struct {
        enum figure f;
        double value;
        int n;
    } rows[] = {{FIGURE_FILL_RATE, 5.0 / 10, 10},
                {FIGURE_PRESUMED_RATE, 2.0 / 10, 10},
                {FIGURE_FIRST_RESPONSE_MEDIAN, 3, 10},
                {FIGURE_FIRST_RESPONSE_P90, 9, 10},
                {FIGURE_MATCH_MEDIAN, 4, 10},
                {FIGURE_MATCH_P90, 4, 10},
                {FIGURE_ADOPTION_RATE, 5.0 / 8, 8},
                {FIGURE_PASSED_BY_RATE, 0.2, 10},
                {FIGURE_MISREAD_RATE, 0.25, 4},
                {FIGURE_CONTACT_RATE, 0.75, 4},
                {FIGURE_SOLVED_RATE, 0.5, 4},
                {FIGURE_SATISFIED_RATE, (1 + 0.9 * 2) / 4, 4},
                {FIGURE_FOLLOWUP_COVERAGE, 0.5, 8},
                {FIGURE_CLOSED_RATE, 0.75, 8},
                {FIGURE_CLOSED_IN_TIME_RATE, 0.5, 8},
                {FIGURE_SUSPENDED_RATE, 0.3, 10},
                {FIGURE_DISPATCHED_IN_TIME_RATE, 0.8, 10},
                {FIGURE_DISPATCHED_RIGHT_RATE, 0.7, 10},
                {FIGURE_REWORK_RATE, 0.2, 5}};
    struct report r;
    (void)state;
    report_of(&r, made, sizeof made / sizeof *made, NULL, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct figure_value *v = &r.figures[rows[i].f];
        if (v->value < rows[i].value - 1e-9 || v->value > rows[i].value + 1e-9 || v->n != rows[i].n)
            fail_msg("%s is %g of %lld", figure_code(rows[i].f), v->value, (long long)v->n);
    }
    report_deinit(&r);
}

static void take_case(struct report_making *m, enum case_state state, int overdue_day, int counted)
{
    struct case_ k = {.state = state,
                      .overdue_ms = overdue_day ? NOVEMBER_MS + (overdue_day - 1) * DAY_MS : 0,
                      .counted = counted};
    str_copy(k.origin.community, ID_SIZE, STR("c"));
    report_take(m, OBJECT_CASE, &k);
}

static void what_is_suspended_is_neither_overdue_nor_due(void **state)
{
    struct tally *t = day_of("c", 3);
    struct report_making *m;
    struct report r;
    (void)state;
    begin(&r, &m);
    tally_add(t, TALLY_CASES, TALLY_CASE_OPENED, 10);
    tally_add(t, TALLY_CASES, TALLY_CASE_DUE, 8);
    tally_add(t, TALLY_CASES, TALLY_CASE_DUE_CLOSED, 3);
    tally_add(t, TALLY_CASES, TALLY_CASE_DUE_CLOSED_IN_TIME, 2);
    tally_add(t, TALLY_CASES, TALLY_CASE_SUSPENDED, 5);
    report_take(m, OBJECT_TALLY, t);
    tally_free(&t);
    take_case(m, CASE_ACCEPTED, 0, 0);
    take_case(m, CASE_ACCEPTED, 3, 0);
    take_case(m, CASE_SUSPENDED, 0, 0);
    take_case(m, CASE_SUSPENDED, 3, 0);
    take_case(m, CASE_SUSPENDED, 4, 0);
    take_case(m, CASE_SUSPENDED, -7, 0);                         /* in another month */
    take_case(m, CASE_SUSPENDED, 3, 1 << TALLY_CASE_DUE_CLOSED); /* and reopened */
    take_case(m, CASE_CLOSED, 3, 0);
    report_end(&m);
    assert_int_equal(r.cases_open, 7);
    assert_int_equal(r.cases_suspended, 5);
    assert_int_equal(r.cases_overdue, 1);
    assert_int_equal(r.figures[FIGURE_CLOSED_RATE].n, 6);
    assert_true(r.figures[FIGURE_CLOSED_RATE].value == 0.5);
    assert_int_equal(r.figures[FIGURE_CLOSED_IN_TIME_RATE].n, 6);
    assert_true(r.figures[FIGURE_SUSPENDED_RATE].value == 0.5);
    report_deinit(&r);
}

static void of_nothing_no_figure_has_a_value(void **state)
{
    struct report r;
    (void)state;
    report_of(&r, NULL, 0, NULL, 0);
    for (int f = 0; f < FIGURE_N; f++) {
        assert_int_equal(r.figures[f].n, 0);
        assert_true(r.figures[f].value >= 0 && r.figures[f].value <= 0);
    }
    report_deinit(&r);
}

static void the_load_of_helpers_is_told_by_its_gini(void **state)
{
    static const struct {
        struct helped helped[4];
        size_t n;
        double gini;
        int parties;
    } rows[] = {{{{"p-1", 5, 0}}, 1, 0, 1},
                {{{"p-1", 2, 0}, {"p-2", 2, 0}, {"p-3", 2, 0}}, 3, 0, 3},
                {{{"p-1", 1, 0}, {"p-2", 3, 0}}, 2, 0.25, 2},
                {{{"p-1", 1, 0}, {"p-2", 1, 0}, {"p-3", 8, 0}}, 3, 7.0 / 15, 3},
                {{{"", 90, 0}, {"p-2", 1, 0}, {"p-1", 3, 0}}, 3, 0.25, 2},
                {{{"p-1", 0, 0}, {"", 7, 0}}, 2, 0, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct report r;
        report_of(&r, NULL, 0, rows[i].helped, rows[i].n);
        const struct figure_value *v = &r.figures[FIGURE_HELPER_GINI];
        if (v->value < rows[i].gini - 1e-9 || v->value > rows[i].gini + 1e-9 ||
            v->n != rows[i].parties)
            fail_msg("row %zu: %g of %lld", i, v->value, (long long)v->n);
        for (int k = 1; k < r.n_helpers; k++)
            assert_true(r.helpers[k - 1].helped >= r.helpers[k].helped);
        report_deinit(&r);
    }
}

static void other_days_and_communities_are_passed_over(void **state)
{
    static const struct {
        const char *community;
        int day;
    } rows[] = {{"c", 0}, {"c", 1}, {"c", 30}, {"c", 31}, {"d", 5}};
    struct report_making *m;
    struct report r;
    (void)state;
    begin(&r, &m);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tally *t = day_of(rows[i].community, rows[i].day);
        tally_add(t, TALLY_REQUESTS, CATEGORY_FOOD, 1 << i);
        tally_add(t, TALLY_REQUEST_HOURS, 9, 1 << i);
        report_take(m, OBJECT_TALLY, t);
        tally_free(&t);
    }
    report_end(&m);
    assert_int_equal(tally_sum(&r.sum, TALLY_REQUESTS), 2 + 4);
    assert_int_equal(r.hours[0][9][REPORT_REQUESTS], 2); /* 2026-11-01 is a Sunday */
    assert_int_equal(r.hours[1][9][REPORT_REQUESTS], 4);
    assert_int_equal(r.n_days, 2);
    report_deinit(&r);
}

static void take_place(struct report_making *m, const char *id, const char *parent,
                       enum place_kind kind)
{
    struct place p = {.community = "c", .kind = kind};
    str_copy(p.id, ID_SIZE, str_of(id));
    str_copy(p.parent, ID_SIZE, str_of(parent));
    report_take(m, OBJECT_PLACE, &p);
}

static void take_post(struct report_making *m, enum side side, enum post_state state,
                      const char *place, double asked, double reserved)
{
    struct post p = {.side = side,
                     .state = state,
                     .category = CATEGORY_TOOLS,
                     .asked = asked,
                     .reserved = reserved,
                     .opened_ms = NOVEMBER_MS + (int64_t)(10 * asked)};
    str_copy(p.origin.community, ID_SIZE, STR("c"));
    str_copy(p.origin.place, ID_SIZE, str_of(place));
    report_take(m, OBJECT_POST, &p);
}

static void what_is_open_is_counted_by_its_building(void **state)
{
    struct report_making *m;
    struct report r;
    (void)state;
    begin(&r, &m);
    take_place(m, "b-1", "e-1", PLACE_BUILDING);
    take_place(m, "b-1-1", "b-1", PLACE_ENTRANCE);
    take_place(m, "e-1", "gr-1", PLACE_ESTATE);
    take_post(m, SIDE_REQUEST, POST_OPEN, "b-1-1", 3, 1);
    take_post(m, SIDE_REQUEST, POST_OPEN, "b-1", 1, 0);
    take_post(m, SIDE_REQUEST, POST_OPEN, "e-1", 2, 0);
    take_post(m, SIDE_REQUEST, POST_RESERVED, "b-1", 2, 2);
    take_post(m, SIDE_REQUEST, POST_UNMET, "b-1", 1, 0);
    take_post(m, SIDE_OFFER, POST_OPEN, "b-1", 1, 0);
    struct resource res = {.community = "c", .category = CATEGORY_TOOLS, .capacity = 2};
    report_take(m, OBJECT_RESOURCE, &res);
    res.reserved = 2;
    report_take(m, OBJECT_RESOURCE, &res);
    res.reserved = 0;
    res.expires_ms = r.now_ms;
    report_take(m, OBJECT_RESOURCE, &res);
    struct policy p = {.community = "c", .emergency = {.on = true, .since_ms = NOVEMBER_MS}};
    report_take(m, OBJECT_POLICY, &p);
    report_end(&m);
    assert_true(r.emergency_ms == NOVEMBER_MS);
    const struct report_gap *g = &r.gap[CATEGORY_TOOLS];
    assert_true(g->left > 2.99 && g->left < 3.01); /* an offer of one, a resource of two */
    assert_int_equal(g->requests, 3);
    assert_true(g->wanted > 4.99 && g->wanted < 5.01);
    assert_int_equal(g->offers, 1);
    assert_int_equal(g->resources, 1);
    assert_int_equal(g->oldest_ms, NOVEMBER_MS + 10);
    assert_int_equal(r.n_places, 2);
    assert_string_equal(r.places[0].id, "b-1");
    assert_int_equal(r.places[0].open, 2);
    assert_string_equal(r.places[1].id, "e-1");
    report_deinit(&r);
}

static void days_and_months_are_read_strictly(void **state)
{
    static const struct {
        const char *text;
        bool day, month;
    } rows[] = {
        {"2026-11-01", true, false},  {"2026-11", false, true},     {"2026-11-31", false, false},
        {"2026-13", false, false},    {"2026-02-29", false, false}, {"2028-02-29", true, false},
        {"2026-1-01", false, false},  {"", false, false},           {"2026-00", false, false},
        {"-026-11-01", false, false}, {"2026/11", false, false},    {"1969-12-31", false, false}};
    int64_t from, to;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(report_day_parse(str_of(rows[i].text), 480, &from), rows[i].day);
        assert_int_equal(report_month_parse(str_of(rows[i].text), 480, &from, &to), rows[i].month);
    }
    assert_true(report_month_parse(STR("2026-12"), 480, &from, &to));
    assert_int_equal((to - from) / DAY_MS, 31);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_is_its_formula),
        cmocka_unit_test(what_is_suspended_is_neither_overdue_nor_due),
        cmocka_unit_test(of_nothing_no_figure_has_a_value),
        cmocka_unit_test(the_load_of_helpers_is_told_by_its_gini),
        cmocka_unit_test(other_days_and_communities_are_passed_over),
        cmocka_unit_test(what_is_open_is_counted_by_its_building),
        cmocka_unit_test(days_and_months_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

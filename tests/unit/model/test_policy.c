#include "model/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"

/* --- deciding --- */

static void the_first_row_that_fits_decides(void **state)
{
    struct policy_row table[] = {
        {.category = CATEGORY_TOOLS,
         .party = POLICY_PARTY_FIRST + PARTY_UNIT,
         .route = ROUTE_REFUSE},
        {.urgency = URGENCY_URGENT, .route = ROUTE_REVIEW},
        {.confidence_below = 0.5f, .route = ROUTE_CASE},
        {.category = CATEGORY_TOOLS, .score_below = 0.8f, .route = ROUTE_REVIEW},
        {.category = CATEGORY_TOOLS, .score_below_auto = true, .route = ROUTE_REFUSE},
        {.category = CATEGORY_TOOLS, .route = ROUTE_AUTO}};
    const struct policy p = {.rows = table, .n_rows = 6};
    static const struct {
        struct policy_facts f;
        int row; /* -1: none */
        enum route route;
    } rows[] = {
        {{CATEGORY_TOOLS, URGENCY_NORMAL, true, PARTY_UNIT, 1, 1, 0.9f}, 0, ROUTE_REFUSE},
        {{CATEGORY_TOOLS, URGENCY_NORMAL, true, PARTY_RESIDENT, 1, 1, 0.9f}, 5, ROUTE_AUTO},
        {{CATEGORY_TOOLS, URGENCY_URGENT, true, PARTY_RESIDENT, 0, 0, 0.9f}, 1, ROUTE_REVIEW},
        {{CATEGORY_TOOLS, URGENCY_CRITICAL, true, PARTY_RESIDENT, 0, 0, 0.9f}, 1, ROUTE_REVIEW},
        {{CATEGORY_TOOLS, URGENCY_LOW, true, PARTY_RESIDENT, 0.49f, 1, 0.9f}, 2, ROUTE_CASE},
        {{CATEGORY_TOOLS, URGENCY_LOW, true, PARTY_RESIDENT, 0.5f, 1, 0.9f}, 5, ROUTE_AUTO},
        {{CATEGORY_TOOLS, URGENCY_LOW, true, PARTY_RESIDENT, 1, 0.79f, 0.9f}, 3, ROUTE_REVIEW},
        {{CATEGORY_TOOLS, URGENCY_LOW, true, PARTY_RESIDENT, 1, 0.8f, 0.9f}, 4, ROUTE_REFUSE},
        {{CATEGORY_TOOLS, URGENCY_LOW, true, PARTY_RESIDENT, 1, 0.9f, 0.9f}, 5, ROUTE_AUTO},
        {{CATEGORY_FOOD, URGENCY_LOW, true, PARTY_RESIDENT, 1, 1, 0.9f}, -1, ROUTE_REVIEW},
        /* by itself a request meets no row that asks for a party or a score */
        {{CATEGORY_TOOLS, URGENCY_LOW, false, PARTY_UNIT, 1, 0, 0.9f}, 5, ROUTE_AUTO},
        {{CATEGORY_TOOLS, URGENCY_LOW, false, PARTY_UNIT, 0, 0, 0.9f}, 2, ROUTE_CASE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct policy_row *row;
        assert_int_equal(policy_decide(&p, &rows[i].f, &row), rows[i].route);
        assert_int_equal(row ? (int)(row - table) : -1, rows[i].row);
    }
}

static void without_rows_the_built_in_table_holds_and_is_in_order(void **state)
{
    struct policy *p = policy_new("c"), *copy = policy_new("c");
    const struct policy_row *row;
    const struct policy_facts f = {CATEGORY_TOOLS, URGENCY_LOW, true, PARTY_RESIDENT, 1, 1, 0.9f};
    int n;
    (void)state;
    assert_int_equal(policy_decide(p, &f, &row), ROUTE_AUTO);
    const struct policy_row *rows = policy_rows_borrow(p, &n);
    assert_int_equal(n, 10);
    const struct policy built_in = {.rows = (struct policy_row *)rows, .n_rows = n};
    assert_int_equal(policy_check(&built_in, NULL), ERR_OK); /* put, it is in order, too */
    assert_int_equal(policy_check(p, NULL), ERR_OK);
    policy_set(copy, &built_in);
    policy_set(copy, &built_in); /* again: nothing is left of the first */
    assert_int_equal(copy->n_rows, 10);
    assert_true(copy->rows[0].why != rows[0].why);
    policy_set(copy, p);
    assert_int_equal(copy->n_rows, 0);
    policy_free(&p);
    policy_free(&copy);
    policy_free(&copy);
}

/* --- what no table may loosen --- */

#define HELD(...)                                                                                  \
    {                                                                                              \
        __VA_ARGS__, .route = ROUTE_REVIEW, .why = "w"                                             \
    }
#define FREE(...)                                                                                  \
    {                                                                                              \
        __VA_ARGS__, .route = ROUTE_AUTO, .why = "w"                                               \
    }
#define ALL_HELD                                                                                   \
    HELD(.urgency = URGENCY_CRITICAL), HELD(.category = CATEGORY_MEDICINE),                        \
        HELD(.category = CATEGORY_CHILDCARE), HELD(.category = CATEGORY_COMFORT),                  \
        HELD(.category = CATEGORY_ADVICE)

static void a_table_that_is_too_loose_or_out_of_order_names_its_row(void **state)
{
    static const struct {
        struct policy_row rows[7];
        int n;
        const char *pointer; /* NULL: in order */
        const char *text;
    } tables[] = {
        {{ALL_HELD, FREE(.urgency = URGENCY_LOW)}, 6, NULL, ""},
        {{HELD(.urgency = URGENCY_LOW)}, 1, NULL, ""},
        {{FREE(.urgency = URGENCY_LOW)}, 1, "/rows/0/route", "food that is critical"},
        {{FREE(.category = CATEGORY_MEDICINE), ALL_HELD},
         6,
         "/rows/0/route",
         "medicine that is low"},
        {{ALL_HELD, FREE(.category = CATEGORY_MEDICINE)}, 6, NULL, ""}, /* nothing gets there */
        /* held back by a score or for one party only, the rest goes on to the last row */
        {{HELD(.urgency = URGENCY_CRITICAL),
          HELD(.category = CATEGORY_MEDICINE, .score_below = 0.9f),
          HELD(.category = CATEGORY_CHILDCARE), HELD(.category = CATEGORY_COMFORT),
          HELD(.category = CATEGORY_ADVICE), FREE(.urgency = URGENCY_LOW)},
         6,
         "/rows/5/route",
         "medicine that is low"},
        {{HELD(.urgency = URGENCY_CRITICAL), HELD(.category = CATEGORY_MEDICINE),
          HELD(.category = CATEGORY_CHILDCARE, .party = POLICY_PARTY_FIRST + PARTY_RESIDENT),
          HELD(.category = CATEGORY_COMFORT), HELD(.category = CATEGORY_ADVICE),
          FREE(.urgency = URGENCY_LOW)},
         6,
         "/rows/5/route",
         "childcare that is low"},
        {{FREE(.category = CATEGORY_COMFORT, .confidence_below = 0.1f)},
         1,
         "/rows/0/route",
         "comfort that is low"},
        {{{.urgency = URGENCY_CRITICAL, .route = ROUTE_REFUSE, .why = "w"}},
         1,
         "/rows/0/route",
         "food that is critical"},
        {{HELD(.urgency = URGENCY_CRITICAL),
          {.category = CATEGORY_MEDICINE, .route = ROUTE_REFUSE, .why = "w"}},
         2,
         NULL,
         ""},
        {{{.urgency = URGENCY_CRITICAL, .route = ROUTE_CASE, .why = "w"}}, 1, NULL, ""},
        {{HELD(.confidence_below = 1.5f)}, 1, "/rows/0/confidence_below", "row 1 asks"},
        {{HELD(.score_below = -1)}, 1, "/rows/0/score_below", "row 1 asks"},
        {{{.route = ROUTE_REVIEW}}, 1, "/rows/0/why", "no reason"},
        {{{.route = ROUTE_SELF, .why = "w"}}, 1, "/rows/0/route", "leads nowhere"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct errbuf eb = {.text = ""};
        const struct policy p = {.rows = (struct policy_row *)tables[i].rows,
                                 .n_rows = tables[i].n};
        enum err e = policy_check(&p, &eb);
        if (e != (tables[i].pointer ? ERR_BAD_FIELD : ERR_OK))
            fail_msg("table %zu: %s", i, eb.text);
        assert_string_equal(eb.pointer, tables[i].pointer ? tables[i].pointer : "");
        assert_non_null(strstr(eb.text, tables[i].text));
    }
}

static uint64_t seed = 20261129;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % below;
}

static struct policy_row any_row(void)
{
    static const enum category locked[] = {CATEGORY_MEDICINE, CATEGORY_CHILDCARE, CATEGORY_COMFORT,
                                           CATEGORY_ADVICE, CATEGORY_TOOLS};
    return (struct policy_row){.category = any(2) ? CATEGORY_NONE : locked[any(5)],
                               .urgency = any(2) ? URGENCY_LOW : (enum urgency)any(URGENCY_N),
                               .party = any(3) ? POLICY_PARTY_ANY
                                               : (enum policy_party)any(POLICY_PARTY_N),
                               .confidence_below = any(3) ? 0 : (float)any(11) / 10,
                               .score_below = any(3) ? 0 : (float)any(11) / 10,
                               .score_below_auto = !any(6),
                               .route = (enum route)(ROUTE_AUTO + (int)any(4)),
                               .why = (char *)"w"};
}

/* Whether some fact comes to a row that is too loose for it, by trying them. */
static bool leaks(const struct policy *p)
{
    for (int c = 1; c < CATEGORY_N; c++)
        for (int u = 0; u < URGENCY_N; u++)
            for (int k = 0; k < PARTY_KIND_N; k++)
                for (int x = 0; x < 11 * 11 * 2; x++) {
                    const struct policy_row *row;
                    const struct policy_facts f = {
                        (enum category)c,   (enum urgency)u,      true,
                        (enum party_kind)k, (float)(x % 11) / 10, (float)(x / 11 % 11) / 10,
                        x / 121 ? 2 : 0};
                    enum route route = policy_decide(p, &f, &row);
                    assert_false(route == ROUTE_AUTO && policy_locks(f.category, f.urgency));
                    if (policy_locks(f.category, f.urgency) && row &&
                        (row->route == ROUTE_AUTO ||
                         (u == URGENCY_CRITICAL && row->route == ROUTE_REFUSE)))
                        return true;
                }
    return false;
}

/* Never too lax; and stricter than need be only where a row never comes to anything. */
static void a_table_that_is_let_in_leaks_nothing(void **state)
{
    int in_order = 0, leaking = 0, too_strict = 0;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct policy_row rows[8];
        struct policy p = {.rows = rows, .n_rows = 1 + (int)any(8)};
        for (int i = 0; i < p.n_rows; i++)
            rows[i] = any_row();
        bool ok = !policy_check(&p, NULL), leak = leaks(&p);
        if (ok && leak)
            fail_msg("round %d: a table that leaks was let in", round);
        in_order += ok;
        leaking += leak;
        too_strict += !ok && !leak;
    }
    assert_true(in_order > 100 && leaking > 1000);
    assert_true(too_strict < 60);
}

static void the_audit_has_the_whole_table_in_a_line(void **state)
{
    struct policy_row rows[] = {{.category = CATEGORY_TOOLS,
                                 .urgency = URGENCY_URGENT,
                                 .party = POLICY_PARTY_FIRST + PARTY_UNIT,
                                 .confidence_below = 0.5f,
                                 .score_below = 0.25f,
                                 .score_below_auto = true,
                                 .route = ROUTE_CASE,
                                 .why = "先问"},
                                {.route = ROUTE_REVIEW, .why = "其余"}};
    const struct policy p = {.rows = rows,
                             .n_rows = 2,
                             .follow_up = {.ask_outcome = true, .thank = true}},
                        none = {.n_rows = 0};
    struct buf out;
    (void)state;
    buf_init(&out);
    policy_print(&p, &out);
    assert_string_equal(
        buf_z_borrow(&out),
        "1 tools urgency>=urgent party=unit confidence<0.5 score<0.25 score<auto -> "
        "case (先问); 2 any -> review (其余); asks for the outcome; thanks");
    buf_clear(&out);
    policy_print(&none, &out);
    assert_true(str_starts(buf_str_borrow(&out), "built-in: 1 any urgency>=critical -> review ("));
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_row_that_fits_decides),
        cmocka_unit_test(without_rows_the_built_in_table_holds_and_is_in_order),
        cmocka_unit_test(a_table_that_is_too_loose_or_out_of_order_names_its_row),
        cmocka_unit_test(a_table_that_is_let_in_leaks_nothing),
        cmocka_unit_test(the_audit_has_the_whole_table_in_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

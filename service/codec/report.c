#include "codec/report.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codes.h"
#include "codec/json.h"
#include "model/object.h"

/* --- one writer for both forms: cells come in the order of the columns --- */

struct sheet {
    struct json_out *j; /* NULL: CSV */
    struct buf *out;
    const char *const *columns;
    int at;
};

static void row_begin(struct sheet *s)
{
    s->at = 0;
    if (s->j)
        json_object(s->j, NULL);
}

static void row_end(struct sheet *s)
{
    if (s->j)
        json_object_end(s->j);
    else
        buf_add_z(s->out, "\r\n");
}

/* The name of the next cell; in CSV what stands between it and the one before. */
static const char *next_cell(struct sheet *s)
{
    if (!s->j && s->at)
        buf_add_char(s->out, ',');
    return s->columns[s->at++];
}

static void csv_text(struct buf *out, const char *z)
{
    if (!strpbrk(z, ",\"\r\n")) {
        buf_add_z(out, z);
        return;
    }
    buf_add_char(out, '"');
    for (; *z; z++) {
        if (*z == '"')
            buf_add_char(out, '"');
        buf_add_char(out, *z);
    }
    buf_add_char(out, '"');
}

static void cell_z(struct sheet *s, const char *z)
{
    const char *name = next_cell(s);
    if (s->j)
        json_z(s->j, name, z);
    else
        csv_text(s->out, z);
}

static void cell_i(struct sheet *s, int64_t v)
{
    const char *name = next_cell(s);
    if (s->j)
        json_i64(s->j, name, v);
    else
        buf_add_i64(s->out, v);
}

/* Not known: null, or nothing between two commas. */
static void cell_number(struct sheet *s, double v, bool known)
{
    const char *name = next_cell(s);
    if (!s->j && known)
        buf_addf(s->out, "%.6g", v);
    else if (s->j && known)
        json_number(s->j, name, v);
    else if (s->j)
        json_null(s->j, name);
}

/* --- tables --- */

static const enum tally_series opened_series[REPORT_SIDES] = {TALLY_REQUESTS, TALLY_OFFERS,
                                                              TALLY_REPORTS};

static int64_t ended(const struct report *r, int category, enum post_state as)
{
    return tally_get(&r->sum, TALLY_REQUESTS_ENDED, tally_outcome(category, (int)as));
}

static const char *const categories_columns[] = {"category", "name",  "requests", "offers",
                                                 "reports",  "met",   "presumed", "withdrawn",
                                                 "expired",  "unmet", "fill_rate"};
static void categories_rows(const struct report *r, struct sheet *s)
{
    static const enum post_state shown[] = {POST_MET, POST_PRESUMED, POST_WITHDRAWN, POST_EXPIRED,
                                            POST_UNMET};
    for (int k = CATEGORY_NONE + 1; k < CATEGORY_N; k++) {
        int64_t n = 0;
        row_begin(s);
        cell_z(s, category_code((enum category)k));
        cell_z(s, category_zh((enum category)k));
        for (int i = 0; i < REPORT_SIDES; i++)
            cell_i(s, tally_get(&r->sum, opened_series[i], k));
        for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
            cell_i(s, ended(r, k, shown[i]));
            n += ended(r, k, shown[i]);
        }
        cell_number(s, n > 0 ? (double)ended(r, k, POST_MET) / (double)n : 0, n > 0);
        row_end(s);
    }
}

static const char *const places_columns[] = {"place", "requests", "offers", "reports",
                                             "open_requests"};
static void places_rows(const struct report *r, struct sheet *s)
{
    for (int i = 0; i < r->n_places; i++) {
        row_begin(s);
        cell_z(s, r->places[i].id);
        for (int k = 0; k < REPORT_SIDES; k++)
            cell_i(s, r->places[i].opened[k]);
        cell_i(s, r->places[i].open);
        row_end(s);
    }
}

static const char *const hours_columns[] = {"weekday", "hour", "requests", "offers", "reports"};
static void hours_rows(const struct report *r, struct sheet *s)
{
    for (int d = 0; d < 7; d++)
        for (int h = 0; h < 24; h++) {
            const int64_t *v = r->hours[d][h];
            if (!v[0] && !v[1] && !v[2])
                continue;
            row_begin(s);
            cell_i(s, d);
            cell_i(s, h);
            for (int k = 0; k < REPORT_SIDES; k++)
                cell_i(s, v[k]);
            row_end(s);
        }
}

static const char *const days_columns[] = {"day", "requests", "offers", "reports"};
static void days_rows(const struct report *r, struct sheet *s)
{
    for (int i = 0; i < r->n_days; i++) {
        row_begin(s);
        cell_z(s, r->days[i].id);
        for (int k = 0; k < REPORT_SIDES; k++)
            cell_i(s, r->days[i].opened[k]);
        row_end(s);
    }
}

static const char *const gap_columns[] = {"category",   "name",          "open_requests", "wanted",
                                          "vulnerable", "offers",        "resources",     "left",
                                          "gap",        "oldest_wait_s", "unmet",         "short"};
static void gap_rows(const struct report *r, struct sheet *s)
{
    for (int k = CATEGORY_NONE + 1; k < CATEGORY_N; k++) {
        const struct report_gap *g = &r->gap[k];
        int64_t gap = g->requests - g->offers - g->resources;
        row_begin(s);
        cell_z(s, category_code((enum category)k));
        cell_z(s, category_zh((enum category)k));
        cell_i(s, g->requests);
        cell_number(s, g->wanted, true);
        cell_i(s, g->vulnerable);
        cell_i(s, g->offers);
        cell_i(s, g->resources);
        cell_number(s, g->left, true);
        cell_i(s, gap > 0 ? gap : 0);
        cell_number(s, (double)((r->now_ms - g->oldest_ms) / SECOND_MS), g->oldest_ms != 0);
        cell_i(s, ended(r, k, POST_UNMET));
        cell_i(s, tally_get(&r->sum, TALLY_REQUESTS_SHORT, k));
        row_end(s);
    }
}

static const char *const figures_columns[] = {"figure", "name", "value",  "unit",
                                              "part",   "n",    "formula"};
static void figures_some(const struct report *r, struct sheet *s, int from, int to)
{
    static const char *const units[] = {
        [FIGURE_IN_RATE] = "rate", [FIGURE_IN_WAIT] = "s", [FIGURE_IN_GINI] = "gini"};
    for (int f = from; f < to; f++) {
        const struct figure_value *v = &r->figures[f];
        enum figure_in in = figure_in((enum figure)f);
        row_begin(s);
        cell_z(s, figure_code((enum figure)f));
        cell_z(s, figure_zh((enum figure)f));
        cell_number(s, v->value, v->n > 0);
        cell_z(s, units[in]);
        cell_number(s, v->part, in != FIGURE_IN_WAIT);
        cell_i(s, v->n);
        cell_z(s, figure_formula((enum figure)f));
        row_end(s);
    }
}

static void figures_rows(const struct report *r, struct sheet *s)
{
    figures_some(r, s, 0, FIGURE_N);
}

static void help_figures_rows(const struct report *r, struct sheet *s)
{
    figures_some(r, s, 0, FIGURE_CONTACT_RATE);
}

static void case_figures_rows(const struct report *r, struct sheet *s)
{
    figures_some(r, s, FIGURE_CONTACT_RATE, FIGURE_N);
}

static const char *const matches_columns[] = {"route", "state", "n"};
static void matches_rows(const struct report *r, struct sheet *s)
{
    for (int route = ROUTE_SELF; route <= ROUTE_REVIEW; route++)
        for (int state = 0; state < MATCH_STATE_N; state++) {
            int n = tally_get(&r->sum, TALLY_MATCHES, tally_passage(route, state));
            if (!n)
                continue;
            row_begin(s);
            cell_z(s, route_code((enum route)route));
            cell_z(s, match_state_code((enum match_state)state));
            cell_i(s, n);
            row_end(s);
        }
}

static const char *const counts_columns[] = {"count", "n"};
static void counts_rows(const struct report *r, struct sheet *s)
{
    const struct {
        const char *name;
        int64_t n;
    } now[] = {{"open_now", r->cases_open},
               {"suspended_now", r->cases_suspended},
               {"overdue_now", r->cases_overdue}};
    char code[TALLY_AT_SIZE];
    for (int i = 0; i < TALLY_CASE_N; i++) {
        tally_at_code(TALLY_CASES, i, code);
        row_begin(s);
        cell_z(s, code);
        cell_i(s, tally_get(&r->sum, TALLY_CASES, i));
        row_end(s);
    }
    for (size_t i = 0; i < sizeof now / sizeof *now; i++) {
        row_begin(s);
        cell_z(s, now[i].name);
        cell_i(s, now[i].n);
        row_end(s);
    }
}

static const char *const ledger_columns[] = {"party", "helped", "minutes", "untold"};
static void ledger_rows(const struct report *r, struct sheet *s)
{
    for (int i = 0; i < r->n_helpers; i++) {
        row_begin(s);
        cell_z(s, r->helpers[i].id);
        cell_i(s, r->helpers[i].helped);
        cell_i(s, r->helpers[i].minutes);
        cell_i(s, r->helpers[i].untold);
        row_end(s);
    }
}

/* --- which report has which --- */

#define IN(kind) (1u << REPORT_##kind)
#define TABLE(name, columns, rows, kinds)                                                          \
    {                                                                                              \
        name, columns##_columns, (int)(sizeof columns##_columns / sizeof *columns##_columns),      \
            rows##_rows, kinds                                                                     \
    }
static const struct table {
    const char *name;
    const char *const *columns;
    int n;
    void (*rows)(const struct report *r, struct sheet *s);
    unsigned kinds;
} tables[] = {
    TABLE("figures", figures, figures, IN(MONTH)),
    TABLE("figures", figures, help_figures, IN(RESPONSE)),
    TABLE("figures", figures, case_figures, IN(CASES)),
    TABLE("gap", gap, gap, IN(GAP) | IN(MONTH) | IN(BOARD)),
    TABLE("categories", categories, categories, IN(DEMAND) | IN(RESPONSE) | IN(MONTH)),
    TABLE("places", places, places, IN(DEMAND) | IN(GAP) | IN(MONTH)),
    TABLE("hours", hours, hours, IN(DEMAND) | IN(MONTH)),
    TABLE("days", days, days, IN(DEMAND) | IN(MONTH)),
    TABLE("matches", matches, matches, IN(RESPONSE) | IN(MONTH)),
    TABLE("counts", counts, counts, IN(CASES) | IN(MONTH)),
    TABLE("ledger", ledger, ledger, IN(LEDGER) | IN(MONTH)),
};
#define N_TABLES (sizeof tables / sizeof *tables)

#define X(name, code) code,
static const char *const kind_codes[REPORT_KIND_N] = {REPORT_KIND_TABLE(X)};
#undef X

CODES_DEFINE(report_kind, report_kind, kind_codes)

static void day_text(int64_t ms, int zone_min, char out[16])
{
    struct civil c = civil_of_ms(ms, zone_min);
    snprintf(out, 16, "%04d-%02d-%02d", c.year % 10000, c.month % 100, c.day % 100);
}

void report_json(const struct report *r, enum report_kind k, struct buf *out)
{
    struct json_out j = json_out(out);
    char day[16];
    json_object(&j, NULL);
    json_z(&j, "report", report_kind_code(k));
    json_z(&j, "community", r->community);
    day_text(r->from_ms, r->zone_min, day);
    json_z(&j, "from", day);
    day_text(r->to_ms - 1, r->zone_min, day);
    json_z(&j, "to", day);
    json_time(&j, "now", r->now_ms, r->zone_min);
    if (k == REPORT_BOARD)
        json_time(&j, "emergency_since", r->emergency_ms, r->zone_min);
    for (size_t i = 0; i < N_TABLES; i++) {
        struct sheet s = {.j = &j, .out = out, .columns = tables[i].columns};
        if (!(tables[i].kinds & 1u << k))
            continue;
        json_array(&j, tables[i].name);
        tables[i].rows(r, &s);
        json_array_end(&j);
    }
    json_object_end(&j);
}

bool report_csv(const struct report *r, enum report_kind k, const char *table, struct buf *out)
{
    for (size_t i = 0; i < N_TABLES; i++) {
        struct sheet s = {.out = out, .columns = tables[i].columns};
        if (!(tables[i].kinds & 1u << k) || (table && strcmp(table, tables[i].name) != 0))
            continue;
        for (int c = 0; c < tables[i].n; c++) {
            if (c)
                buf_add_char(out, ',');
            buf_add_z(out, tables[i].columns[c]);
        }
        buf_add_z(out, "\r\n");
        tables[i].rows(r, &s);
        return true;
    }
    return false;
}

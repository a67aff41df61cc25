/* Reports of a community: tallies of the days asked for, beside what is open now. */
#include "ask_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/report.h"
#include "core/report.h"

#define CSV_TYPE "text/csv; charset=utf-8"
#define TEXT_TYPE "text/plain; charset=utf-8"

enum format { AS_JSON, AS_CSV, AS_TEXT };

static bool format_of(struct http_request *rq, enum format *f_r)
{
    const char *named = http_query(rq, "format"), *accept = http_header(rq, "accept");
    static const char *const names[] = {"json", "csv", "text"};
    *f_r = AS_JSON;
    if (!named && accept && strstr(accept, "text/csv"))
        *f_r = AS_CSV;
    else if (!named && accept && strstr(accept, "text/plain"))
        *f_r = AS_TEXT;
    for (int i = 0; named && i < 3; i++)
        if (!strcmp(named, names[i])) {
            *f_r = (enum format)i;
            return true;
        }
    return !named;
}

/* A month; or from and to, both included; else this month until today. What is wrong, or NULL. */
static const char *range_of(struct http_request *rq, struct report *r)
{
    const char *month = http_query(rq, "month");
    const char *from = http_query(rq, "from"), *to = http_query(rq, "to");
    struct civil now = civil_of_ms(r->now_ms, r->zone_min);
    struct civil first = {.year = now.year, .month = now.month, .day = 1}, next = first;
    next.day = now.day + 1;
    r->from_ms = civil_to_ms(first, r->zone_min);
    r->to_ms = civil_to_ms(next, r->zone_min);
    if (month && !report_month_parse(str_of(month), r->zone_min, &r->from_ms, &r->to_ms))
        return "month: like 2026-11";
    if (from && !report_day_parse(str_of(from), r->zone_min, &r->from_ms))
        return "from: a day like 2026-11-01";
    if (to && !report_day_parse(str_of(to), r->zone_min, &r->to_ms))
        return "to: a day like 2026-11-30";
    if (to)
        r->to_ms += DAY_MS;
    if (r->to_ms <= r->from_ms)
        return "from: it lies behind the last day";
    if (r->to_ms - r->from_ms > REPORT_DAYS_MOST * DAY_MS)
        return "from: a report is of 400 days at most";
    return NULL;
}

static void write_report(struct ask *a, enum report_kind kind, enum format format,
                         const struct report *r)
{
    static const char *const types[] = {JSON_TYPE, CSV_TYPE, TEXT_TYPE};
    struct buf out;
    bool found = true;
    buf_init(&out);
    if (format == AS_CSV)
        found = report_csv(r, kind, http_query(a->rq, "table"), &out);
    else if (format == AS_TEXT)
        report_text(r, kind, !strcmp(flow_conf(a->web->flow)->language, "en"), &out);
    else
        report_json(r, kind, &out);
    if (found)
        http_answer(a->rq, 200, types[format], buf_str_borrow(&out));
    else
        answer_field(a->rq, "/table", "this report has no such table");
    buf_deinit(&out);
}

/* What the query says; answered when it is wrong: then false. */
static bool read_query(struct http_request *rq, enum report_kind *kind_r, enum format *format_r,
                       struct report *r)
{
    const struct flow *f = web_of(rq)->flow;
    const char *why;
    const char *named = http_param(rq, "report");
    *kind_r = REPORT_BOARD; /* has a route of its own */
    if (named && named[0] && !report_kind_parse(str_of(named), kind_r)) {
        answer_err(rq, ERR_NOT_FOUND, NULL);
        return false;
    }
    *r = (struct report){.zone_min = (int)flow_conf(f)->time_zone_min,
                         .now_ms = store_now_ms(flow_store(web_of(rq)->flow))};
    why = format_of(rq, format_r) ? range_of(rq, r) : "format: json, csv or text";
    if (why)
        answer_field(rq, "", why);
    return !why;
}

static void answer_report(struct ask *a)
{
    enum report_kind kind;
    enum format format;
    struct report r;
    if (read_query(a->rq, &kind, &format, &r)) {
        memcpy(r.community, a->wanted, ID_SIZE);
        struct report_making *m = report_begin(&r);
        for (int i = 0; i < a->n; i++)
            report_take(m, a->found[i].kind, a->found[i].object);
        report_end(&m);
        write_report(a, kind, format, &r);
        report_deinit(&r);
    }
    ask_free(a);
}

/* --- gathering: places before posts --- */

static void ask_policy(struct ask *a)
{
    char key[OBJECT_KEY_SIZE];
    const char *keys[] = {key};
    object_key(key, a->wanted, POLICY_ID);
    ask_objects(a, OBJECT_POLICY, keys, 1, answer_report);
}

static void ask_cases(struct ask *a)
{
    ask_all(a, OBJECT_CASE, ask_policy);
}

static void ask_resources(struct ask *a)
{
    ask_all(a, OBJECT_RESOURCE, ask_cases);
}

static void ask_posts(struct ask *a)
{
    ask_all(a, OBJECT_POST, ask_resources);
}

static void ask_places(struct ask *a)
{
    ask_all(a, OBJECT_PLACE, ask_posts);
}

static void ask_tallies(struct ask *a, const struct report *r)
{
    char(*keys)[OBJECT_KEY_SIZE] = mem_new((REPORT_DAYS_MOST + 1) * sizeof *keys);
    const char *list[REPORT_DAYS_MOST + 1];
    int n = 0;
    for (int64_t day = r->from_ms; day < r->to_ms; day += DAY_MS) {
        struct civil c = civil_of_ms(day, r->zone_min);
        char id[ID_SIZE];
        snprintf(id, sizeof id, "%04d-%02d-%02d", c.year, c.month, c.day);
        object_key(keys[n], a->wanted, id);
        list[n] = keys[n];
        n++;
    }
    ask_objects(a, OBJECT_TALLY, list, n, ask_places);
    free(keys);
}

/* Who helped how often is for staff; what a group may read, and plain numbers, for all. */
static enum role least_role(enum report_kind kind, enum format format)
{
    return (kind == REPORT_LEDGER || kind == REPORT_MONTH) && format != AS_TEXT ? ROLE_STAFF
                                                                                : ROLE_VIEWER;
}

void staff_report(struct http_request *rq, void *arg)
{
    struct principal p;
    char community[ID_SIZE];
    int shard;
    enum report_kind kind;
    enum format format;
    struct report r;
    (void)arg;
    if (!auth_staff(rq, ROLE_VIEWER, &p) || !ask_community(rq, &p, community, &shard) ||
        !read_query(rq, &kind, &format, &r))
        return;
    if (p.role < least_role(kind, format)) {
        answer_err(rq, ERR_FORBIDDEN, NULL);
        return;
    }
    struct ask *a = ask_new(rq, &p, shard, NULL);
    memcpy(a->wanted, community, sizeof a->wanted);
    ask_tallies(a, &r);
}

void staff_board(struct http_request *rq, void *arg)
{
    staff_report(rq, arg);
}

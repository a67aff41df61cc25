#include "codec/policy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "directory_priv.h"

#define MINUTES_MOST 1e6 /* more than any stage may take */

static enum err fault(struct errbuf *eb, const char *list, int row, const char *member,
                      const char *what)
{
    char pointer[80];
    snprintf(pointer, sizeof pointer, "/%s/%d/%.40s", list, row, member);
    return err_field(eb, pointer, "%s, row %d, %.40s: %s", list, row + 1, member, what);
}

/* --- one row --- */

static const char *not_category(const struct json *v)
{
    enum category c;
    bool ok = json_string(v) && category_parse(str_of(json_string(v)), &c) && c;
    return ok ? NULL : "not a category of the label guide (leave it out for any)";
}

static const char *not_urgency(const struct json *v)
{
    enum urgency u;
    bool ok = json_string(v) && urgency_parse(str_of(json_string(v)), &u);
    return ok ? NULL : "not low, normal, urgent or critical";
}

static const char *not_party(const struct json *v)
{
    enum policy_party p;
    bool ok = json_string(v) && policy_party_parse(str_of(json_string(v)), &p);
    return ok ? NULL : "not any, resident, property, unit or community";
}

static const char *not_route(const struct json *v)
{
    enum route r;
    bool ok = json_string(v) && route_parse(str_of(json_string(v)), &r) && r != ROUTE_SELF;
    return ok ? NULL : "not auto, review, case or refuse";
}

static const char *not_share(const struct json *v)
{
    double x = json_number_of(v);
    return json_type(v) == JSON_NUMBER && x > 0 && x <= 1 ? NULL : "not a number above 0, up to 1";
}

static const char *not_bool(const struct json *v)
{
    return json_type(v) == JSON_BOOL ? NULL : "not true or false";
}

static const char *not_minutes(const struct json *v)
{
    double x = json_number_of(v);
    bool ok = json_type(v) == JSON_NUMBER && x > 0 && x <= MINUTES_MOST && floor(x) >= x;
    return ok ? NULL : "not a whole number of minutes";
}

static const char *not_text(const struct json *v)
{
    return json_string(v) ? NULL : "not a text";
}

struct member {
    const char *name;
    const char *(*wrong)(const struct json *v); /* what is wrong with it, or NULL */
};

static const struct member *member_of(const struct member *list, const char *name)
{
    while (list->name && strcmp(list->name, name) != 0)
        list++;
    return list->name ? list : NULL;
}

static const struct member row_members[] = {{"category", not_category},
                                            {"urgency", not_urgency},
                                            {"party", not_party},
                                            {"confidence_below", not_share},
                                            {"score_below", not_share},
                                            {"score_below_auto", not_bool},
                                            {"route", not_route},
                                            {"why", not_text},
                                            {NULL, NULL}};
static const struct member deadline_members[] = {{"category", not_category},
                                                 {"urgency", not_urgency},
                                                 {"dispatch_min", not_minutes},
                                                 {"accept_min", not_minutes},
                                                 {"resolve_min", not_minutes},
                                                 {"verify_min", not_minutes},
                                                 {NULL, NULL}};

static enum err check_members(const struct json *v, const struct member *members, const char *list,
                              int row, struct errbuf *eb)
{
    if (json_type(v) != JSON_OBJECT)
        return fault(eb, list, row, "", "not an object");
    for (const struct json *m = json_first(v); m; m = json_next(m)) {
        const struct member *known = member_of(members, json_key(m));
        const char *wrong = known ? known->wrong(m) : "there is no such member";
        if (wrong)
            return fault(eb, list, row, json_key(m), wrong);
    }
    bool lacks = members == row_members && !json_get(v, "route");
    return lacks ? fault(eb, list, row, "route", "is missing") : ERR_OK;
}

static enum err check_list(const struct json *rows, const struct member *members, const char *list,
                           struct errbuf *eb)
{
    char pointer[16];
    int row = 0;
    enum err e = ERR_OK;
    snprintf(pointer, sizeof pointer, "/%s", list);
    if (json_type(rows) != JSON_ARRAY)
        return err_field(eb, pointer, "%s must be an array; an empty one is the built-in table",
                         list);
    if (json_count(rows) > POLICY_ROWS_MOST)
        return err_field(eb, pointer, "there are more than %d rows", POLICY_ROWS_MOST);
    for (const struct json *v = json_first(rows); v && !e; v = json_next(v))
        e = check_members(v, members, list, row++, eb);
    return e;
}

/* --- the whole --- */

static enum err check_follow_up(const struct json *v, struct errbuf *eb)
{
    static const struct member members[] = {{"ask_outcome", not_bool},
                                            {"thank", not_bool},
                                            {"ask_renewal", not_bool},
                                            {"reveal_contact", not_bool},
                                            {NULL, NULL}};
    if (v && json_type(v) != JSON_OBJECT)
        return err_field(eb, "/follow_up", "not an object");
    for (const struct json *m = json_first(v); m; m = json_next(m)) {
        const struct member *known = member_of(members, json_key(m));
        const char *wrong = known ? known->wrong(m) : "there is no such member";
        if (wrong)
            return err_field(eb, "/follow_up", "%.40s: %s", json_key(m), wrong);
    }
    return ERR_OK;
}

static enum err check_root(const struct json *root, struct errbuf *eb)
{
    static const char *const known[] = {"rows",      "deadlines", "follow_up", "reason",
                                        "community", "version",   "built_in",  "emergency"};
    if (json_type(root) != JSON_OBJECT)
        return err_field(eb, "", "a policy must be an object");
    for (const struct json *m = json_first(root); m; m = json_next(m)) {
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(known[i], json_key(m)) != 0)
            i++;
        if (i == sizeof known / sizeof *known)
            return err_field(eb, "", "%.40s: there is no such member", json_key(m));
    }
    const struct json *deadlines = json_get(root, "deadlines");
    enum err e = check_list(json_get(root, "rows"), row_members, "rows", eb);
    if (!e && deadlines)
        e = check_list(deadlines, deadline_members, "deadlines", eb);
    return e ? e : check_follow_up(json_get(root, "follow_up"), eb);
}

enum err policy_decode(struct str json, struct policy **p_r, struct errbuf *eb)
{
    struct json_doc *doc;
    *p_r = NULL;
    enum err e = json_parse(json, &doc, eb);
    if (!e)
        e = check_root(json_root(doc), eb);
    if (!e) {
        struct policy *p = object_from_json(OBJECT_POLICY, json_root(doc));
        *p_r = policy_new("");
        policy_set(*p_r, p);
        policy_free(&p);
        e = policy_check(*p_r, eb);
    }
    if (e)
        policy_free(p_r);
    json_doc_free(&doc);
    return e;
}

/* --- showing --- */

static void show_row(const struct policy_row *r, struct json_out *j)
{
    json_object(j, NULL);
    if (r->category)
        json_z(j, "category", category_code(r->category));
    if (r->urgency)
        json_z(j, "urgency", urgency_code(r->urgency));
    if (r->party)
        json_z(j, "party", policy_party_code(r->party));
    if (r->confidence_below > 0)
        json_float(j, "confidence_below", r->confidence_below);
    if (r->score_below > 0)
        json_float(j, "score_below", r->score_below);
    if (r->score_below_auto)
        json_bool(j, "score_below_auto", true);
    json_z(j, "route", route_code(r->route));
    json_z(j, "why", r->why);
    json_object_end(j);
}

static void show_deadline(const struct deadline_row *r, struct json_out *j)
{
    char name[24];
    json_object(j, NULL);
    if (r->category)
        json_z(j, "category", category_code(r->category));
    if (r->urgency)
        json_z(j, "urgency", deadline_urgency_code(r->urgency));
    for (int s = 0; s < STAGE_N; s++) {
        snprintf(name, sizeof name, "%s_min", case_stage_code((enum case_stage)s));
        if (r->minutes[s])
            json_i64(j, name, r->minutes[s]);
    }
    json_object_end(j);
}

static void show_table(const struct policy *p, const struct policy_row *rows, int n,
                       struct json_out *j)
{
    json_array(j, "rows");
    for (int i = 0; i < n; i++)
        show_row(&rows[i], j);
    json_array_end(j);
    json_array(j, "deadlines");
    for (int i = 0; i < p->n_deadlines; i++)
        show_deadline(&p->deadlines[i], j);
    json_array_end(j);
    json_object(j, "follow_up");
    json_bool(j, "ask_outcome", p->follow_up.ask_outcome);
    json_bool(j, "thank", p->follow_up.thank);
    json_bool(j, "ask_renewal", p->follow_up.ask_renewal);
    json_bool(j, "reveal_contact", p->follow_up.reveal_contact);
    json_object_end(j);
}

void policy_encode(const struct policy *p, const char *reason, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    if (reason)
        json_z(&j, "reason", reason);
    show_table(p, p->rows, p->n_rows, &j);
    json_object_end(&j);
}

void policy_show(const struct policy *p, int zone_min, struct json_out *j)
{
    int n;
    const struct policy_row *rows = policy_rows_borrow(p, &n);
    json_object(j, NULL);
    json_z(j, "community", p->community);
    json_i64(j, "version", p->version);
    json_bool(j, "built_in", !p->n_rows);
    show_table(p, rows, n, j);
    json_object(j, "emergency");
    json_bool(j, "on", p->emergency.on);
    if (p->emergency.since_ms)
        json_time(j, "since", p->emergency.since_ms, zone_min);
    json_z(j, "by", p->emergency.by);
    json_z(j, "reason", p->emergency.reason);
    json_object_end(j);
    json_object_end(j);
}

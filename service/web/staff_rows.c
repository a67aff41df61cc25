/* Rows of a shard's streams, newest first: the audit, and what staff said that messages mean. */
#include "ask_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/report.h"

#define ROWS 100
#define ROWS_MOST 1000
#define PAGE 1000         /* rows of the stream read at a time */
#define LOOKED_MOST 20000 /* for one answer: the next one goes on behind them */

/* --- which rows --- */

static bool is(const struct json *row, const char *member, const char *wanted)
{
    return !wanted || !strcmp(json_get_z(row, member, ""), wanted);
}

/* match.change, or all of match.* by `match`. */
static bool is_action(const struct json *row, const char *wanted)
{
    const char *action = json_get_z(row, "action", "");
    size_t n = wanted ? strlen(wanted) : 0;
    return !wanted || (!strncmp(action, wanted, n) && (!action[n] || action[n] == '.'));
}

static bool passes(const struct ask *a, const char *text)
{
    struct json_doc *doc;
    if (json_parse(str_of(text), &doc, NULL))
        return false;
    const struct json *row = json_root(doc);
    const char *community = json_get_z(row, "community", "");
    bool ok = (!community[0] || !strcmp(community, a->wanted)) &&
              is(row, "actor", http_query(a->rq, "actor")) &&
              is(row, "object", http_query(a->rq, "object")) &&
              is(row, "kind", http_query(a->rq, "kind")) &&
              is_action(row, http_query(a->rq, "action"));
    json_doc_free(&doc);
    return ok;
}

static long long ms_of(const char *stream_id)
{
    return strtoll(stream_id, NULL, 10);
}

/* Of the rows that have just come those stay that pass. False: nothing older is wanted. */
static bool keep_passing(struct ask *a)
{
    bool goes_on = a->n_lines - a->kept == PAGE;
    int i = a->kept;
    for (; i < a->n_lines && a->kept < a->limit; i++) {
        struct line l = a->lines[i];
        if (ms_of(l.id) < a->from_ms) {
            goes_on = false;
            break;
        }
        str_copy(a->last, sizeof a->last, str_of(l.id));
        a->looked++;
        if (passes(a, l.text)) { /* the one there does not, and goes with the rest */
            a->lines[i] = a->lines[a->kept];
            a->lines[a->kept++] = l;
        }
    }
    goes_on |= i < a->n_lines && a->kept == a->limit; /* the page's rest */
    for (int gone = a->kept; gone < a->n_lines; gone++) {
        free(a->lines[gone].id);
        free(a->lines[gone].text);
    }
    a->n_lines = a->kept;
    return goes_on;
}

/* --- the answer --- */

static void answer_rows(struct ask *a, bool more)
{
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_array(&j, "items");
    for (int i = 0; i < a->n_lines; i++) {
        json_object(&j, NULL);
        json_z(&j, "id", a->lines[i].id);
        json_raw(&j, "entry", str_of(a->lines[i].text));
        json_object_end(&j);
    }
    json_array_end(&j);
    json_z(&j, "next", more ? a->last : NULL);
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

static void read_on(struct ask *a, enum store_stream which);

static void on_audit(struct ask *a)
{
    bool more = keep_passing(a);
    if (more && a->kept < a->limit && a->looked < LOOKED_MOST)
        read_on(a, STORE_AUDIT);
    else
        answer_rows(a, more);
}

static void on_labels(struct ask *a)
{
    bool more = keep_passing(a);
    if (more && a->kept < a->limit && a->looked < LOOKED_MOST)
        read_on(a, STORE_LABELS);
    else
        answer_rows(a, more);
}

static void read_on(struct ask *a, enum store_stream which)
{
    const struct store_rows_fns fns = ask_lines(a, which == STORE_AUDIT ? on_audit : on_labels);
    store_stream_read(flow_store(a->web->flow), a->shard, which, a->last, true, PAGE, &fns);
}

/* A day, or a time to the second. `more` is a day for an end that is meant with its whole day. */
static bool parse_bound(struct ask *a, const char *name, int64_t more, int64_t *ms_r)
{
    const char *said = http_query(a->rq, name);
    if (!said || time_parse(str_of(said), ms_r, NULL))
        return true;
    if (!report_day_parse(str_of(said), (int)flow_conf(a->web->flow)->time_zone_min, ms_r))
        return false;
    *ms_r += more;
    return true;
}

/* Where to begin: behind the cursor, and before what is too new. */
static void begin_at(struct ask *a)
{
    const char *cursor = http_query(a->rq, "cursor");
    if (cursor && strlen(cursor) < sizeof a->last && (!a->to_ms || ms_of(cursor) < a->to_ms))
        str_copy(a->last, sizeof a->last, str_of(cursor));
    else if (a->to_ms > 0)
        snprintf(a->last, sizeof a->last, "%lld-0", (long long)a->to_ms);
}

static void rows(struct http_request *rq, enum store_stream which)
{
    struct principal p;
    struct errbuf eb;
    char community[ID_SIZE];
    int shard;
    if (!auth_staff(rq, ROLE_STAFF, &p) || !ask_community(rq, &p, community, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    memcpy(a->wanted, community, sizeof a->wanted);
    a->limit = query_int(rq, "limit", ROWS, ROWS_MOST);
    if (parse_bound(a, "from", 0, &a->from_ms) && parse_bound(a, "to", DAY_MS, &a->to_ms)) {
        begin_at(a);
        read_on(a, which);
        return;
    }
    answer_err(rq,
               err_set(&eb, ERR_BAD_REQUEST,
                       "from and to: a day like 2026-11-29, or a time like 2026-11-29T08:00:00Z"),
               &eb);
    ask_free(a);
}

void staff_audit(struct http_request *rq, void *arg)
{
    (void)arg;
    rows(rq, STORE_AUDIT);
}

void staff_labels(struct http_request *rq, void *arg)
{
    (void)arg;
    rows(rq, STORE_LABELS);
}

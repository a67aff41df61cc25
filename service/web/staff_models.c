/* Models: what there is and what runs; bringing one in, by parts; letting every daemon use one.
   They are everybody's, so only an admin of all communities decides. */
#include "ask_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "flow/models.h"
#include "flow/shelf.h"

#define OWN "built-in" /* the name of the model that came with the program */
#define LOG_ROWS 50

static bool may_decide(struct http_request *rq, struct principal *p)
{
    struct errbuf eb;
    if (!auth_staff(rq, ROLE_ADMIN, p))
        return false;
    if (!strcmp(p->token->community, "*"))
        return true;
    answer_err(rq, err_set(&eb, ERR_FORBIDDEN, "models are for all communities, your token is not"),
               &eb);
    return false;
}

static const char *name_of(const char *version)
{
    return version[0] ? version : OWN;
}

/* --- what there is --- */

static const char *field(const struct ask *a, const char *name)
{
    for (int i = 0; i < a->from; i++)
        if (!strcmp(a->lines[i].id, name))
            return a->lines[i].text;
    return NULL;
}

static void show_lines(const struct ask *a, struct json_out *j, const char *key, int from, int to)
{
    json_array(j, key);
    for (int i = from; i < to; i++)
        json_raw(j, NULL, str_of(a->lines[i].text));
    json_array_end(j);
}

/* Lines: fields of the state up to `from`, models up to `limit`, then the log. */
static void answer_models(struct ask *a)
{
    const char *current = field(a, "current"), *previous = field(a, "previous");
    const char *at = field(a, "at_ms"), *by = field(a, "by"), *note = field(a, "note");
    long long at_ms = 0;
    char etag[MODEL_VERSION_SIZE + 2];
    struct buf out;
    if (at)
        str_to_i64(str_of(at), &at_ms);
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_z(&j, "current", name_of(current ? current : ""));
    json_z(&j, "previous", previous ? name_of(previous) : NULL);
    json_time(&j, "at", at_ms, (int)flow_conf(a->web->flow)->time_zone_min);
    json_z(&j, "by", by);
    json_z(&j, "note", note);
    json_z(&j, "running", name_of(flow_model_running(a->web->flow)));
    json_z(&j, "version", flow_model_version(a->web->flow));
    show_lines(a, &j, "items", a->from, a->limit);
    show_lines(a, &j, "log", a->limit, a->n_lines);
    json_object_end(&j);
    snprintf(etag, sizeof etag, "\"%.60s\"", name_of(current ? current : ""));
    http_answer_header(a->rq, "etag", etag);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

static void models_log(struct ask *a)
{
    a->limit = a->n_lines;
    const struct store_rows_fns fns = ask_lines(a, answer_models);
    store_model_log(flow_store(a->web->flow), LOG_ROWS, &fns);
}

static void models_kept(struct ask *a)
{
    a->from = a->n_lines;
    const struct store_rows_fns fns = ask_lines(a, models_log);
    store_models(flow_store(a->web->flow), &fns);
}

void staff_models(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    if (!auth_staff(rq, ROLE_STAFF, &p))
        return;
    const struct store_rows_fns fns = ask_lines(ask_new(rq, &p, 0, NULL), models_kept);
    store_model_state(flow_store(w->flow), &fns);
}

struct sending {
    struct http_request *rq;
    bool answered;
};

static void on_blob(void *arg, const char *version, struct str bytes)
{
    struct sending *s = arg;
    (void)version;
    if (!bytes.p || s->answered)
        return;
    s->answered = true;
    http_answer(s->rq, 200, "application/octet-stream", bytes);
}

static void on_blob_done(void *arg, enum err e)
{
    struct sending *s = arg;
    if (!s->answered)
        answer_err(s->rq, e ? e : ERR_NOT_FOUND, NULL);
    free(s);
}

void staff_model_file(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    const char *version = http_param(rq, "id");
    if (!may_decide(rq, &p))
        return;
    if (!shelf_is_version(version)) {
        answer_err(rq, ERR_NOT_FOUND, NULL);
        return;
    }
    struct sending *s = NEW(struct sending);
    *s = (struct sending){.rq = rq};
    const struct store_rows_fns fns = {.row = on_blob, .done = on_blob_done, .arg = s};
    store_model_blob(flow_store(w->flow), version, &fns);
}

/* --- bringing one in --- */

static void on_part(void *arg, enum err e, int64_t size)
{
    struct http_request *rq = arg;
    struct errbuf eb;
    struct buf out;
    if (e == ERR_STALE) {
        answer_err(rq, err_set(&eb, ERR_CONFLICT, "the part before this one is not here"), &eb);
        return;
    }
    if (e) {
        answer_err(rq, e, NULL);
        return;
    }
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_i64(&j, "size", size);
    json_object_end(&j);
    answer_json(rq, 200, &out);
}

void staff_model_part(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    const char *upload = http_param(rq, "id");
    if (!may_decide(rq, &p))
        return;
    if (!shelf_is_version(upload)) {
        answer_field(rq, "/id", "a name of letters, digits, - and _");
        return;
    }
    store_model_part(flow_store(w->flow), upload, query_int(rq, "at", 0, MODEL_UPLOAD_MOST),
                     http_body(rq), on_part, rq);
}

static void on_brought(void *arg, enum err e, const struct errbuf *eb, struct str about)
{
    struct http_request *rq = arg;
    if (e)
        answer_err(rq, e, eb);
    else
        http_answer(rq, 201, JSON_TYPE, about);
}

static bool read_body(struct http_request *rq, struct json_doc **doc_r)
{
    struct errbuf eb;
    struct str body = str_trim(http_body(rq));
    enum err e = json_parse(body.n ? body : STR("{}"), doc_r, &eb);
    if (e)
        answer_err(rq, e, &eb);
    return !e;
}

void staff_model_bring(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    struct json_doc *doc;
    if (!may_decide(rq, &p) || !read_body(rq, &doc))
        return;
    const char *upload = json_get_z(json_root(doc), "upload", "");
    if (shelf_is_version(upload))
        flow_model_bring(w->flow, upload, p.token->name, on_brought, rq);
    else
        answer_field(rq, "/upload", "the name under which its parts were put");
    json_doc_free(&doc);
}

/* --- letting it run --- */

static void on_used(void *arg, enum err e)
{
    struct http_request *rq = arg;
    if (e)
        answer_err(rq, e, NULL);
    else
        http_answer(rq, 200, JSON_TYPE, STR("{\"status\":\"chosen\"}"));
}

/* If-Match: the version that the person saw chosen. */
static bool read_instead(struct http_request *rq, char out[MODEL_VERSION_SIZE])
{
    const char *header = http_header(rq, "if-match");
    struct str s = str_trim(str_of(header));
    if (!header) {
        answer_err(rq, ERR_NEED_VERSION, NULL);
        return false;
    }
    if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        s = (struct str){s.p + 1, s.n - 2};
    str_copy(out, MODEL_VERSION_SIZE, str_is(s, OWN) ? STR("") : s);
    return true;
}

static void choose(struct http_request *rq, const char *version)
{
    struct principal p;
    struct json_doc *doc;
    char instead_of[MODEL_VERSION_SIZE];
    if (!may_decide(rq, &p) || !read_instead(rq, instead_of) || !read_body(rq, &doc))
        return;
    if (version && !strcmp(version, OWN))
        version = "";
    if (version && version[0] && !shelf_is_version(version))
        answer_err(rq, ERR_NOT_FOUND, NULL);
    else
        store_model_use(flow_store(web_of(rq)->flow), version, instead_of, p.token->name,
                        json_get_z(json_root(doc), "note", ""), on_used, rq);
    json_doc_free(&doc);
}

void staff_model_use(struct http_request *rq, void *arg)
{
    (void)arg;
    choose(rq, http_param(rq, "id"));
}

void staff_model_rollback(struct http_request *rq, void *arg)
{
    (void)arg;
    choose(rq, NULL);
}

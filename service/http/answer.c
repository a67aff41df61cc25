#include "http_priv.h"

#include <assert.h>
#include <strings.h>

#include "base/log.h"
#include "metrics/metrics.h"

/* What no handler can say, because the request never gets to one. */
const struct problem problem_header_large = {
    431, "header-too-large", {"The request's header is too large", "请求头过大"}};
const struct problem problem_version = {
    505, "http-version", {"This version of HTTP is not supported", "不支持该 HTTP 版本"}};

struct problem problem_of(enum err e)
{
    return (struct problem){err_status(e), err_slug(e), {err_title(e, 0), err_title(e, 1)}};
}

/* --- plain answers --------------------------------------------------------------------------- */

static bool is_header_text(const char *z)
{
    for (; *z; z++)
        if (((unsigned char)*z < ' ' && *z != '\t') || *z == 127)
            return false;
    return true;
}

void http_answer_header(struct http_request *rq, const char *name, const char *value)
{
    if (!is_header_text(name) || !is_header_text(value)) {
        log_error("http: answer header %s dropped: control character", name);
        return;
    }
    buf_add_z(&rq->headers, name);
    buf_add_str(&rq->headers, STR(": "));
    buf_add_z(&rq->headers, value);
    buf_add_str(&rq->headers, STR("\r\n"));
}

static bool has_answer_header(const struct http_request *rq, const char *name)
{
    struct str rest = buf_str_borrow(&rq->headers);
    size_t n = strlen(name);
    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        if (line.n > n && line.p[n] == ':' && strncasecmp(line.p, name, n) == 0)
            return true;
    }
    return false;
}

static void add_field(struct buf *out, struct str name_colon, const char *value)
{
    buf_add_str(out, name_colon);
    buf_add_z(out, value);
    buf_add_str(out, STR("\r\n"));
}

void answer_head(struct http_request *rq, int status, const char *content_type, int64_t length)
{
    struct buf *out = &rq->out;
    struct conn *c = rq->conn;
    c->close_after |= rq->server->stopping;
    buf_add_str(out, STR("HTTP/1.1 "));
    buf_add_i64(out, status);
    buf_add_char(out, ' ');
    add_field(out, STR(""), http_status_text(status));
    buf_add_str(out, server_common_headers(rq->server));
    if (content_type)
        add_field(out, STR("Content-Type: "), content_type);
    if (length >= 0 && status != 204 && status != 304) {
        buf_add_str(out, STR("Content-Length: "));
        buf_add_i64(out, length);
        buf_add_str(out, STR("\r\n"));
    }
    buf_add_str(out, buf_str_borrow(&rq->headers));
    if (c->close_after)
        buf_add_str(out, STR("Connection: close\r\n"));
    else if (rq->head.minor == 0)
        buf_add_str(out, STR("Connection: keep-alive\r\n"));
    if (length >= 0)
        buf_add_str(out, STR("\r\n"));
}

void answer_end(struct http_request *rq, int status)
{
    assert(rq->owed);
    rq->owed = false;
    rq->on_abandon = NULL;
    rq->server->in_hand--;
    metrics_add(METRIC_http_requests_total, 1);
    if (status >= 400)
        metrics_add(METRIC_http_errors_total, 1);
    struct conn *c = rq->conn;
    if (!c) {
        request_return(rq);
    } else if (!rq->handling) {
        if (c->state == CONN_HANDLING)
            c->state = CONN_WRITING;
        conn_push(c);
    }
}

void http_answer(struct http_request *rq, int status, const char *content_type, struct str body)
{
    if (rq->conn) {
        answer_head(rq, status, content_type, (int64_t)body.n);
        if (!rq->is_head && status != 204 && status != 304)
            buf_add_str(&rq->out, body);
    }
    answer_end(rq, status);
}

/* --- problems, RFC 9457 ---------------------------------------------------------------------- */

static void add_json_string(struct buf *b, const char *z)
{
    static const char hex[] = "0123456789abcdef";
    buf_add_char(b, '"');
    for (; *z; z++) {
        unsigned char c = (unsigned char)*z;
        if (c == '"' || c == '\\') {
            buf_add_char(b, '\\');
            buf_add_char(b, *z);
        } else if (c < ' ') {
            buf_add_str(b, STR("\\u00"));
            buf_add_char(b, hex[c >> 4]);
            buf_add_char(b, hex[c & 15]);
        } else {
            buf_add_char(b, *z);
        }
    }
    buf_add_char(b, '"');
}

static void add_member(struct buf *b, struct str name, const char *value)
{
    if (!value || !value[0])
        return;
    buf_add_char(b, ',');
    buf_add_str(b, name);
    add_json_string(b, value);
}

static bool chinese(struct http_request *rq)
{
    if (!rq->language)
        rq->language = http_wants_chinese(rq) ? 'z' : 'e';
    return rq->language == 'z';
}

/* What a status obliges us to say, unless the handler said it. */
static void add_status_headers(struct http_request *rq, int status)
{
    if ((status == 503 || status == 429) && !has_answer_header(rq, "Retry-After"))
        http_answer_header(rq, "Retry-After", "1");
    if (status == 401 && !has_answer_header(rq, "WWW-Authenticate"))
        http_answer_header(rq, "WWW-Authenticate", "Bearer");
    http_answer_header(rq, "Content-Language", chinese(rq) ? "zh" : "en");
    http_answer_header(rq, "Cache-Control", "no-store");
}

static void write_problem(struct http_request *rq, const struct problem *p, const char *detail,
                          const char *pointer, struct str errors_json)
{
    struct buf *b = &rq->server->json;
    buf_clear(b);
    if (rq->conn) {
        buf_add_str(b, STR("{\"type\":\"/problems/"));
        buf_add_z(b, p->slug);
        buf_add_str(b, STR("\",\"title\":"));
        add_json_string(b, p->title[chinese(rq)]);
        buf_add_str(b, STR(",\"status\":"));
        buf_add_i64(b, p->status);
        add_member(b, STR("\"detail\":"), detail);
        add_member(b, STR("\"instance\":"), http_request_id(rq));
        add_member(b, STR("\"pointer\":"), pointer);
        if (errors_json.n) {
            buf_add_str(b, STR(",\"errors\":"));
            buf_add_str(b, errors_json);
        }
        buf_add_char(b, '}');
        add_status_headers(rq, p->status);
    }
    http_answer(rq, p->status, "application/problem+json", buf_str_borrow(b));
}

void answer_fixed_problem(struct http_request *rq, const struct problem *p, const char *detail)
{
    write_problem(rq, p, detail, NULL, (struct str){0});
}

/* A fault of ours is for the log only, and when the store is down it is on every request. */
static void log_fault(struct http_request *rq, enum err e, const struct errbuf *eb)
{
    enum { A_SECOND = 10 };
    struct http_server *s = rq->server;
    int64_t now_s = s->loop ? loop_now_ms(s->loop) / 1000 : 0;
    if (s->fault_log_s != now_s) {
        if (s->fault_logs > A_SECOND)
            log_warn("http: %d more faults in that second", s->fault_logs - A_SECOND);
        s->fault_log_s = now_s;
        s->fault_logs = 0;
    }
    if (s->fault_logs++ < A_SECOND)
        log_error("http: %s: %s%s%s", http_request_id(rq), err_slug(e),
                  eb && eb->text[0] ? ": " : "", eb ? eb->text : "");
}

void http_problem_with(struct http_request *rq, enum err e, const struct errbuf *eb,
                       struct str errors_json)
{
    struct problem p = problem_of(e);
    bool ours = err_fault(e) == ERR_FAULT_OURS;
    if (ours)
        log_fault(rq, e, eb);
    write_problem(rq, &p, !ours && eb ? eb->text : NULL, !ours && eb ? eb->pointer : NULL,
                  errors_json);
}

void http_problem(struct http_request *rq, enum err e, const struct errbuf *eb)
{
    http_problem_with(rq, e, eb, (struct str){0});
}

#include "web_priv.h"

void answer_json(struct http_request *rq, int status, struct buf *json)
{
    http_answer(rq, status, JSON_TYPE, buf_str_borrow(json));
    buf_deinit(json);
}

/* Which one there is not: of many commands in a row the answer alone would not tell. */
static bool name_missing(struct http_request *rq, struct errbuf *eb)
{
    const char *id = http_param(rq, "id");
    if (!id || !str_is_utf8(str_of(id)))
        return false;
    (void)err_set(eb, ERR_NOT_FOUND, "there is no %.60s", id);
    return true;
}

void answer_err(struct http_request *rq, enum err e, const struct errbuf *eb)
{
    struct errbuf missing;
    if (err_status(e) == 503)
        http_answer_header(rq, "retry-after", RETRY_AFTER_S);
    http_problem(rq, e, e == ERR_NOT_FOUND && !eb && name_missing(rq, &missing) ? &missing : eb);
}

void answer_field(struct http_request *rq, const char *pointer, const char *what)
{
    struct errbuf eb;
    http_problem(rq, err_field(&eb, pointer, "%s", what), &eb);
}

int query_int(struct http_request *rq, const char *name, int otherwise, int most)
{
    const char *text = http_query(rq, name);
    long long v;
    if (!text || !str_to_i64(str_of(text), &v) || v < 0)
        return otherwise;
    return v > most ? most : (int)v;
}

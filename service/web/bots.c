/* Bots: messages in. */
#include "web_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/message.h"

struct taking { /* one request under way */
    struct http_request *rq;
    bool many;
};

static void show_result(struct json_out *j, const struct ingest_result *r, bool chinese)
{
    json_object(j, NULL);
    json_z(j, "id", r->id);
    json_i64(j, "status", r->err ? err_status(r->err) : 202);
    if (r->err) {
        json_object(j, "error");
        json_z(j, "type", err_slug(r->err));
        json_z(j, "title", err_title(r->err, chinese));
        json_z(j, "detail", r->text.text);
        if (r->text.pointer[0])
            json_z(j, "pointer", r->text.pointer);
        json_object_end(j);
    }
    json_object_end(j);
}

static void show_results(struct http_request *rq, const struct ingest_result *r, int n,
                         struct buf *out)
{
    struct json_out j = json_out(out);
    json_array(&j, NULL);
    for (int i = 0; i < n; i++)
        show_result(&j, &r[i], http_wants_chinese(rq));
    json_array_end(&j);
}

static void answer_many(struct http_request *rq, const struct ingest_result *r, int n)
{
    int accepted = 0, ours = 0;
    enum err first = ERR_OK;
    for (int i = 0; i < n; i++) {
        accepted += !r[i].err;
        if (r[i].err && err_fault(r[i].err) == ERR_FAULT_OURS)
            ours++, first = r[i].err;
        else if (r[i].err && !first)
            first = r[i].err;
    }
    struct buf results, out;
    buf_init(&results);
    buf_init(&out);
    show_results(rq, r, n, &results);
    if (ours || !accepted) { /* the bot sends all again: what was taken has no second effect */
        if (ours)
            http_answer_header(rq, "retry-after", RETRY_AFTER_S);
        http_problem_with(rq, first, NULL, buf_str_borrow(&results));
    } else {
        struct json_out j = json_out(&out);
        json_object(&j, NULL);
        json_i64(&j, "accepted", accepted);
        json_i64(&j, "refused", n - accepted);
        json_raw(&j, "results", buf_str_borrow(&results));
        json_object_end(&j);
        http_answer(rq, accepted == n ? 202 : 207, JSON_TYPE, buf_str_borrow(&out));
    }
    buf_deinit(&results);
    buf_deinit(&out);
}

static void answer_one(struct http_request *rq, const struct ingest_result *r)
{
    if (r->err) {
        answer_err(rq, r->err, &r->text);
        return;
    }
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_z(&j, "id", r->id);
    json_z(&j, "status", "accepted");
    json_object_end(&j);
    answer_json(rq, 202, &out);
}

static void on_taken(void *arg, const struct ingest_result *results, int n)
{
    struct taking *t = arg;
    if (t->many)
        answer_many(t->rq, results, n);
    else
        answer_one(t->rq, results);
    free(t);
}

void bots_messages(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    const struct conf_bot *bot = auth_bot(rq);
    if (!bot)
        return;
    static _Thread_local struct str parts[MESSAGES_MAX];
    const struct connector *c = connect_find(bot->connector);
    const struct connect_in in = web_connect_in(rq);
    struct errbuf eb = {.text = ""};
    int n;
    bool many;
    enum err e = c->split(&in, parts, &n, &many, &eb);
    if (!e && !n)
        e = err_set(&eb, ERR_BAD_REQUEST, "the body holds no message");
    if (e) {
        answer_err(rq, e, &eb);
        return;
    }
    struct taking *t = NEW(struct taking);
    *t = (struct taking){.rq = rq, .many = many};
    flow_ingest(w->flow, bot, c, parts, n, many, on_taken, t);
}

/* For operators and their machines, on a listener of their own. */
#include "web_priv.h"

#include "flow/models.h"
#include "metrics/metrics.h"

void operators_health(struct http_request *rq, void *arg)
{
    (void)arg;
    http_answer(rq, 200, "text/plain; charset=utf-8", STR("ok\n"));
}

void operators_ready(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    const char *why = "";
    bool ready = w->process_ready ? w->process_ready(w->arg, &why)
                                  : store_is_ready(flow_store(w->flow), &why);
    struct buf out;
    buf_init(&out);
    buf_addf(&out, "%s\n", ready ? "ready" : why);
    if (!ready)
        http_answer_header(rq, "retry-after", RETRY_AFTER_S);
    http_answer(rq, ready ? 200 : 503, "text/plain; charset=utf-8", buf_str_borrow(&out));
    buf_deinit(&out);
}

void operators_metrics(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct buf out;
    buf_init(&out);
    metrics_print(&out);
    buf_addf(&out,
             "# HELP linli_model_info the model that the first loop reads with\n"
             "# TYPE linli_model_info gauge\nlinli_model_info{version=\"%s\"} 1\n",
             flow_model_version(w->flow));
    http_answer(rq, 200, "text/plain; version=0.0.4; charset=utf-8", buf_str_borrow(&out));
    buf_deinit(&out);
}

/* The routes of bots, staff and operators, on one loop. */
#ifndef LINLI_WEB_WEB_H
#define LINLI_WEB_WEB_H

#include "base/err.h"
#include "flow/flow.h"
#include "http/http.h"

struct web_options {
    struct loop *loop;
    struct flow *flow;
    bool first; /* of the process: takes the addresses, and has the operators' listener, too */
    /* Ask the process to answer for all loops; NULL: only this one. */
    bool (*process_ready)(void *arg, const char **why_r);
    void *arg;
};
struct web;
/* Listens; both addresses are those of the settings. */
enum err web_new(const struct web_options *o, struct web **w_r, struct errbuf *eb) MUST_USE;
void web_free(struct web **w);
int web_port(const struct web *w);           /* of bots and staff */
int web_operators_port(const struct web *w); /* 0: none */
void web_configure(struct web *w);           /* the flow's settings have changed */
/* Accept no more; `done` when what was in hand is answered. */
void web_drain(struct web *w, loop_fn *done, void *arg);
/* The public routes, for the check against the OpenAPI document. */
const struct http_route *web_routes(int *n_r);
const struct http_route *web_operators_routes(int *n_r);

#endif

#include "http_priv.h"

void dispatch_begin(struct http_request *rq)
{
    rq->handling = rq->owed = true;
    rq->server->in_hand++;
}

/* `http://host/path` may be sent to any server (RFC 9112, 3.2.2); the Host was checked already. */
static struct str without_authority(struct str target)
{
    if (str_starts(target, "http://"))
        target.p += 7, target.n -= 7;
    else if (str_starts(target, "https://"))
        target.p += 8, target.n -= 8;
    else
        return target;
    const char *slash = memchr(target.p, '/', target.n);
    if (!slash)
        return STR("/");
    return (struct str){slash, target.n - (size_t)(slash - target.p)};
}

static bool find_route(struct http_request *rq)
{
    struct str target = {rq->in.p + rq->head.target.at, rq->head.target.n};
    struct str method = {rq->in.p + rq->head.method.at, rq->head.method.n};
    struct str query = without_authority(target);
    struct str path = str_cut(&query, '?');
    if (rq->arena)
        arena_reset(rq->arena);
    else /* only now: half a request must cost little */
        rq->arena = arena_new();
    rq->is_head = str_is(method, "HEAD");
    rq->query = query;
    char *decoded = ARENA_ARRAY(rq->arena, char, path.n + 1);
    rq->path = decoded;
    return http_decode(path, false, decoded) &&
           routes_match(rq->server->routes, method, path, rq->arena, &rq->match);
}

void dispatch(struct http_request *rq)
{
    struct errbuf eb;
    if (!find_route(rq)) {
        http_problem(rq, err_set(&eb, ERR_BAD_REQUEST, "the path is malformed"), &eb);
    } else if (rq->match.route) {
        rq->match.route->handler(rq, rq->server->arg);
    } else if (rq->match.path_exists) {
        http_answer_header(rq, "Allow", rq->match.allow);
        http_problem(rq, ERR_BAD_METHOD, NULL);
    } else {
        http_problem(rq, ERR_NOT_FOUND, NULL);
    }
}

/* The route table as a tree of path segments. */
#ifndef LINLI_HTTP_ROUTE_PRIV_H
#define LINLI_HTTP_ROUTE_PRIV_H

#include "base/arena.h"
#include "http/http.h"

enum { SEGMENTS_MAX = 16, METHODS_MAX = 7 };

struct route_match {
    const struct http_route *route; /* NULL: no such path or method */
    bool path_exists;               /* then `allow` names the methods */
    const char *allow;
    int n_segments;
    const char *segments[SEGMENTS_MAX]; /* decoded */
};

struct routes;
struct routes *routes_new(const struct http_route *table, int n);
void routes_free(struct routes **r);
/* Match a raw path ("/v1/queue/a%20b"); copies go to the arena. HEAD finds GET routes. False when
   the path cannot be decoded. */
bool routes_match(const struct routes *r, struct str method, struct str path, struct arena *a,
                  struct route_match *m);
const char *route_param(const struct route_match *m, const char *name);

#endif

#include "route_priv.h"

#include <assert.h>

#include "base/buf.h"
#include "base/mem.h"

struct node {
    char *segment; /* "{id}" is kept as such; names may differ by route */
    bool is_param, is_rest;
    const struct http_route *by_method[METHODS_MAX];
    char *allow;
    struct node **children; /* literals first: they win over a parameter */
    int n_children;
};

struct routes {
    struct node *root;
};

static const char *const methods[METHODS_MAX] = {"GET",    "POST", "PUT",    "PATCH",
                                                 "DELETE", "HEAD", "OPTIONS"};
enum { METHOD_GET = 0, METHOD_HEAD = 5 };

static int method_index(struct str m)
{
    for (int i = 0; i < METHODS_MAX; i++)
        if (str_is(m, methods[i]))
            return i;
    return -1;
}

static struct node *node_new(struct str segment)
{
    struct node *n = NEW(struct node);
    n->segment = mem_dup_str(segment);
    n->is_param = segment.n && segment.p[0] == '{';
    n->is_rest = n->is_param && segment.n > 5 && strcmp(n->segment + segment.n - 4, "...}") == 0;
    return n;
}

static void node_free(struct node *n)
{
    for (int i = 0; i < n->n_children; i++)
        node_free(n->children[i]);
    free(n->children);
    free(n->segment);
    free(n->allow);
    free(n);
}

/* All parameters at one place share a node; each route keeps its own names in its pattern. */
static struct node *node_child(struct node *n, struct str segment)
{
    struct node *fresh = node_new(segment);
    int at = 0;
    for (; at < n->n_children; at++) {
        struct node *c = n->children[at];
        bool same = fresh->is_param ? c->is_param && c->is_rest == fresh->is_rest
                                    : !c->is_param && strcmp(c->segment, fresh->segment) == 0;
        if (same) {
            node_free(fresh);
            return c;
        }
        if (c->is_param && (!fresh->is_param || c->is_rest))
            break; /* literals, then {one}, then {rest...} */
    }
    n->children = mem_grow(n->children, (size_t)n->n_children + 1, sizeof *n->children);
    memmove(n->children + at + 1, n->children + at,
            sizeof *n->children * (size_t)(n->n_children - at));
    n->children[at] = fresh;
    n->n_children++;
    return fresh;
}

static void node_allow(struct node *n)
{
    struct buf b;
    buf_init(&b);
    for (int i = 0; i < METHODS_MAX; i++)
        if (n->by_method[i] || (i == METHOD_HEAD && n->by_method[METHOD_GET]))
            buf_addf(&b, "%s%s", b.n ? ", " : "", methods[i]);
    free(n->allow);
    n->allow = buf_take(&b);
}

static void routes_add(struct routes *r, const struct http_route *route)
{
    struct node *n = r->root;
    struct str rest = str_of(route->path);
    assert(rest.n && rest.p[0] == '/');
    (void)str_cut(&rest, '/');
    int segments = 0;
    for (bool more = true; more; segments++) {
        more = memchr(rest.p, '/', rest.n) != NULL;
        n = node_child(n, str_cut(&rest, '/'));
    }
    int m = method_index(str_of(route->method));
    assert(m >= 0 && !n->by_method[m] && segments <= SEGMENTS_MAX);
    n->by_method[m] = route;
    node_allow(n);
}

struct routes *routes_new(const struct http_route *table, int n)
{
    struct routes *r = NEW(struct routes);
    r->root = node_new(STR(""));
    for (int i = 0; i < n; i++)
        routes_add(r, &table[i]);
    return r;
}

void routes_free(struct routes **r)
{
    if (!*r)
        return;
    node_free((*r)->root);
    free(*r);
    *r = NULL;
}

static const struct node *find(const struct node *n, const struct route_match *m, int depth,
                               int *rest_at)
{
    if (depth == m->n_segments)
        return n->allow ? n : NULL;
    for (int i = 0; i < n->n_children; i++) {
        const struct node *c = n->children[i];
        const char *segment = m->segments[depth];
        if (c->is_rest) {
            *rest_at = depth;
            return c;
        }
        if (c->is_param ? !segment[0] : strcmp(c->segment, segment) != 0)
            continue;
        const struct node *found = find(c, m, depth + 1, rest_at);
        if (found)
            return found;
    }
    return NULL;
}

/* Cut before decoding: an escaped slash belongs to its segment. */
static bool split(struct str path, struct arena *a, struct route_match *m)
{
    char *copy = arena_dup_in(a, path);
    m->n_segments = 0;
    for (char *at = copy; at; m->n_segments++) {
        char *from = at + 1, *slash = strchr(from, '/');
        if (m->n_segments == SEGMENTS_MAX) {
            m->n_segments = -1; /* longer than any route: only a {rest...} can take it */
            return true;
        }
        if (slash)
            *slash = 0;
        /* In place: the result is never longer. */
        if (!http_decode(str_of(from), false, from))
            return false;
        m->segments[m->n_segments] = from;
        at = slash;
    }
    return true;
}

bool routes_match(const struct routes *r, struct str method, struct str path, struct arena *a,
                  struct route_match *m)
{
    *m = (struct route_match){0};
    if (path.n == 0 || path.p[0] != '/')
        return false;
    bool ok = split(path, a, m);
    int rest_at = -1;
    const struct node *n = ok ? find(r->root, m, 0, &rest_at) : NULL;
    if (!n)
        return ok;
    if (rest_at >= 0) {
        char *rest = ARENA_ARRAY(a, char, path.n + 1);
        size_t at = 0;
        for (int i = 0; i <= rest_at; i++)
            at = (size_t)((const char *)memchr(path.p + at, '/', path.n - at) - path.p) + 1;
        if (!http_decode((struct str){path.p + at, path.n - at}, false, rest))
            return false;
        m->segments[rest_at] = rest;
        m->n_segments = rest_at + 1;
    }
    int k = method_index(method);
    m->path_exists = true;
    m->allow = n->allow;
    if (k >= 0)
        m->route = n->by_method[k];
    if (k == METHOD_HEAD && !m->route)
        m->route = n->by_method[METHOD_GET];
    return true;
}

const char *route_param(const struct route_match *m, const char *name)
{
    struct str rest = m->route ? str_of(m->route->path) : STR("");
    (void)str_cut(&rest, '/');
    size_t n = strlen(name);
    for (int i = 0; i < m->n_segments && rest.n; i++) {
        struct str s = str_cut(&rest, '/');
        bool named = s.n >= n + 2 && s.p[0] == '{' && memcmp(s.p + 1, name, n) == 0;
        if (named && (s.p[n + 1] == '}' || s.p[n + 1] == '.'))
            return m->segments[i];
    }
    return NULL;
}

/* The HTTP server, our own after measuring libraries (service/http/README.md). One server belongs
 to one loop; several loops listen on one port by SO_REUSEPORT. */
#ifndef LINLI_HTTP_HTTP_H
#define LINLI_HTTP_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "loop/loop.h"

struct http_options {
    const char *address;   /* "127.0.0.1", "::", "0.0.0.0" */
    int port;              /* 0: any, see http_port */
    bool shared;           /* with listeners that have the address already; else it must be free */
    int max_connections;   /* 12,000 by default when 0; more are closed at once */
    size_t max_body_bytes; /* 1 MiB by default when 0: 413 beyond */
    size_t max_header_bytes; /* 16 KiB by default when 0: 431 beyond */
    int64_t request_ms;      /* from the first byte to the whole request; 10 s when 0 */
    int64_t idle_ms;         /* between requests; 75 s when 0 */
    int64_t answer_ms;       /* a handler's time before 504 is sent for it; 15 s when 0 */
};

struct http_server;
struct http_request;
typedef void http_handler(struct http_request *rq, void *arg);

/* One row a route; the table also gives 405 with Allow, and is held against the OpenAPI document.
 */
struct http_route {
    const char *method; /* "GET" */
    const char *path;   /* "/v1/queue/{id}", "/console/{file...}": the last takes the rest */
    http_handler *handler;
    const char *summary; /* for people */
};

/* Start listening. `routes` is borrowed for the server's life. */
enum err http_server_new(struct loop *l, const struct http_options *o,
                         const struct http_route *routes, int n_routes, void *arg,
                         struct http_server **server_r, struct errbuf *eb) MUST_USE;
/* Not from a handler. Requests still in hand may be answered afterwards, to nobody. */
void http_server_free(struct http_server **s);
int http_port(const struct http_server *s);
void http_stop_accepting(struct http_server *s); /* closes the listener and idle connections */
int http_in_hand(const struct http_server *s);   /* requests not yet answered */
void http_set_server_header(struct http_server *s, const char *name, const char *value);

/* --- a request: valid until it is answered ------------------------------------------------- */
const char *http_method(const struct http_request *rq);
const char *http_path(const struct http_request *rq); /* decoded, no query */
const struct http_route *http_route_of(const struct http_request *rq);
const char *http_param(const struct http_request *rq, const char *name);  /* of the path, or NULL */
const char *http_query(const struct http_request *rq, const char *name);  /* decoded, or NULL */
const char *http_header(const struct http_request *rq, const char *name); /* the first, or NULL */
struct str http_body(const struct http_request *rq);                      /* raw bytes, whole */
bool http_wants_chinese(const struct http_request *rq); /* Accept-Language; Chinese by default */
const char *http_request_id(const struct http_request *rq); /* for logs and the problem */
void *http_server_arg(const struct http_request *rq);
/* Called if the client is known to have left before the answer; rq must still be answered (the
   answer is dropped) or, for a stream, ended. */
void http_on_abandon(struct http_request *rq, loop_fn *fn, void *arg);
/* Give this answer a time of its own instead of answer_ms, from now (a long poll). */
void http_allow_ms(struct http_request *rq, int64_t answer_ms);

/* --- its answer: exactly one of http_answer, http_problem, http_stream_begin, now or later --- */
void http_answer_header(struct http_request *rq, const char *name, const char *value); /* copied */
void http_answer(struct http_request *rq, int status, const char *content_type, struct str body);
/* RFC 9457, in the client's language. OURS faults show only their title. */
void http_problem(struct http_request *rq, enum err e, const struct errbuf *eb);
/* The same with an `errors` array, already encoded as JSON (may be NULL), and more members. */
void http_problem_with(struct http_request *rq, enum err e, const struct errbuf *eb,
                       struct str errors_json);

/* A long answer (server-sent events). on_close runs once when the client has left; afterwards the
   stream must not be used. A stream whose client reads too slowly (256 KiB waiting) is closed. */
struct http_stream;
struct http_stream *http_stream_begin(struct http_request *rq, const char *content_type,
                                      loop_fn *on_close, void *arg);
void http_stream_write(struct http_stream *s, struct str bytes);
void http_stream_end(struct http_stream **s); /* on_close is not called */

/* --- pure parsers, fuzzed ------------------------------------------------------------------ */
/* Percent-decoding; false on broken escapes, NUL or invalid UTF-8. out has n + 1 bytes. */
bool http_decode(struct str in, bool plus_is_space, char *out);
/* The value of `name` in a query string, decoded into out; false when absent or broken. */
bool http_query_find(struct str query, const char *name, char *out, size_t size);
/* True when the Accept-Language value prefers English over Chinese. */
bool http_language_is_english(const char *accept_language);
/* 200 → "OK"; unknown → "". */
const char *http_status_text(int status);

#endif

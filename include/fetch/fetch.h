/* Outbound HTTP on the loop. Home of libcurl. */
#ifndef LINLI_FETCH_FETCH_H
#define LINLI_FETCH_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "loop/loop.h"

struct fetch_options {
    int64_t timeout_ms; /* whole request; 15 s by default when 0 */
    bool allow_private; /* loopback and private addresses; else refused at connect */
    bool only_private;  /* public addresses are refused: plain HTTP to a machine of one's own */
    bool allow_plain_http;
    long max_answer_bytes; /* 64 KiB by default when 0; what is beyond is not read */
};

struct fetch;
struct fetch *fetch_new(struct loop *l, const struct fetch_options *o);
void fetch_free(struct fetch **f); /* requests under way end without their callback */

struct fetch_header {
    const char *name, *value;
};
struct fetch_request {
    const char *method, *url; /* copied, as is all below */
    struct fetch_header headers[8];
    int n_headers;
    struct str body;
};
struct fetch_answer {
    int status;             /* 0: no answer; `error` says why */
    const char *error;      /* "" when there was an answer; has no secret and no query string */
    bool refused;           /* the address or scheme is not allowed: do not retry */
    bool maybe_delivered;   /* the request was sent, the answer lost */
    bool cut;               /* the body went on beyond max_answer_bytes */
    int64_t retry_after_ms; /* -1: none; see fetch_retry_after_ms */
    struct str body;        /* until the callback returns */
};
typedef void fetch_fn(void *arg, const struct fetch_answer *answer);
/* fn runs exactly once, never before this returns (unless fetch_free comes first). It may start
   further requests and may call fetch_free. Redirects are not followed; proxies from the
   environment are not used. An answer cut off in its body is no answer. */
void fetch_start(struct fetch *f, const struct fetch_request *r, fetch_fn *fn, void *arg);

/* The value of a Retry-After field (RFC 9110, 10.2.3): delta seconds or an HTTP date. 0 when the
   date has passed, a day at most, -1 when it is neither. */
int64_t fetch_retry_after_ms(struct str value, int64_t now_ms);

#endif

/* Inside of fetch: one request and how it is put to libcurl. */
#ifndef LINLI_FETCH_FETCH_PRIV_H
#define LINLI_FETCH_FETCH_PRIV_H

#include <curl/curl.h>

#include "base/buf.h"
#include "fetch/fetch.h"

struct request {
    struct request *prev, *next; /* in fetch.requests */
    CURL *easy;
    struct curl_slist *headers;
    char error[CURL_ERROR_SIZE];
    fetch_fn *fn;
    void *arg;
    bool allow_private, only_private;
    int n_refused, n_opened; /* addresses */
    bool bad_header, not_added, cut;
    size_t most_bytes, sent_bytes; /* of the answer's body; of the request's body */
    struct buf body;
    int64_t retry_after_ms;
};

struct request *request_new(const struct fetch_options *o, const struct fetch_request *r,
                            fetch_fn *fn, void *arg);
void request_free(struct request **q);
/* Call fn with what came. The answer borrows from q. */
void request_answer(struct request *q, CURLcode result);

#endif

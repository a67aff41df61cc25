/* Input: a byte for the size of the pieces, then a chunked body. Laws: the pieces do not matter;
   the body stays within its bound and behind the read position; a body encoded again, in chunks of
   that size, is decoded as the same. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LAW(x)                                                                                     \
    do {                                                                                           \
        if (!(x))                                                                                  \
            abort();                                                                               \
    } while (0)
enum { BODY_MAX = 1000 };

struct decoded {
    enum http_parse result;
    char *p;
    size_t n, raw;
};

/* As the server does it: after each piece only the body so far is kept. */
static struct decoded decode(const char *p, size_t n, size_t step)
{
    struct decoded d = {.result = HTTP_PARSE_MORE, .p = malloc(n + 1)};
    struct http_chunks c;
    http_chunks_init(&c);
    size_t taken = 0;
    while (d.result == HTTP_PARSE_MORE && taken < n) {
        size_t piece = n - taken < step ? n - taken : step, raw = d.n, have = d.n + piece;
        memcpy(d.p + d.n, p + taken, piece);
        d.result = http_chunks_feed(&c, d.p, have, &raw, &d.n, BODY_MAX);
        taken += piece;
        LAW(d.n <= raw && d.n <= BODY_MAX && raw <= have);
        LAW(d.result != HTTP_PARSE_MORE || raw == have);
        d.raw = taken - (have - raw);
    }
    LAW((d.result == HTTP_PARSE_BAD) == (c.why != NULL));
    return d;
}

static void check_encoded_again(const struct decoded *d, size_t step)
{
    char *wire = malloc(d->n * 8 + 16);
    size_t n = 0;
    for (size_t at = 0; at < d->n; at += step) {
        size_t run = d->n - at < step ? d->n - at : step;
        n += (size_t)sprintf(wire + n, "%zX\r\n", run);
        memcpy(wire + n, d->p + at, run);
        n += run;
        n += (size_t)sprintf(wire + n, "\r\n");
    }
    n += (size_t)sprintf(wire + n, "0\r\n\r\n");
    struct decoded again = decode(wire, n, n);
    LAW(again.result == HTTP_PARSE_DONE && again.n == d->n && again.raw == n);
    LAW(memcmp(again.p, d->p, d->n) == 0);
    free(again.p);
    free(wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const char *p = (const char *)data + 1;
    size_t n = size - 1, step = 1 + data[0] % 64;
    struct decoded whole = decode(p, n, n), pieces = decode(p, n, step);
    LAW(whole.result == pieces.result);
    LAW(whole.n == pieces.n);
    LAW(memcmp(whole.p, pieces.p, whole.n) == 0);
    if (whole.result == HTTP_PARSE_DONE) {
        LAW(whole.raw == pieces.raw);
        check_encoded_again(&whole, step);
    }
    free(whole.p);
    free(pieces.p);
    return 0;
}

/* Input: a byte for the size of the pieces, then a request's bytes. Laws: the pieces do not matter;
   an accepted head has none of what other parsers stumble over, and written down plainly it is read
   again as the same. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LAW(x)                                                                                     \
    do {                                                                                           \
        if (!(x))                                                                                  \
            abort();                                                                               \
    } while (0)
enum { HEAD_MAX = 2048 };

static enum http_parse parse(struct http_head *h, const char *p, size_t n, size_t step)
{
    http_head_init(h);
    enum http_parse r = HTTP_PARSE_MORE;
    for (size_t have = 0; r == HTTP_PARSE_MORE && have < n;) {
        have = n - have > step ? have + step : n;
        char *exact = malloc(have); /* so that a read beyond it is seen */
        memcpy(exact, p, have);
        r = http_head_parse(h, exact, have, HEAD_MAX);
        free(exact);
    }
    return r;
}

static int count(const struct http_head *h, const char *p, const char *name)
{
    int n = 0;
    for (int i = 0; i < h->n_fields; i++)
        n += h->fields[i].name.n == strlen(name) &&
             strncasecmp(p + h->fields[i].name.at, name, strlen(name)) == 0;
    return n;
}

static void check_accepted(const struct http_head *h, const char *p)
{
    LAW(h->bytes <= HEAD_MAX && memcmp(p + h->bytes - 4, "\r\n\r\n", 4) == 0);
    for (size_t i = 0; i < h->bytes; i++) {
        LAW(p[i] != 0);
        LAW(p[i] != '\n' || (i > 0 && p[i - 1] == '\r'));
        LAW(p[i] != '\r' || p[i + 1] == '\n');
        LAW(p[i] != '\n' || i + 1 == h->bytes || (p[i + 1] != ' ' && p[i + 1] != '\t'));
    }
    int lengths = count(h, p, "content-length"), codings = count(h, p, "transfer-encoding");
    LAW(lengths + codings <= 1);
    LAW((h->content_length >= 0) == (lengths == 1) && h->chunked == (codings == 1));
    LAW(count(h, p, "host") <= 1 && (h->minor == 0 || count(h, p, "host") == 1));
}

static size_t put(char *to, const char *p, struct http_span s)
{
    memcpy(to, p + s.at, s.n);
    return s.n;
}

static bool same(const char *a, struct http_span x, const char *b, struct http_span y)
{
    return x.n == y.n && memcmp(a + x.at, b + y.at, x.n) == 0;
}

static void check_written_plainly(const struct http_head *h, const char *p)
{
    static char text[2 * HEAD_MAX];
    struct http_head again;
    size_t n = put(text, p, h->method);
    text[n++] = ' ';
    n += put(text + n, p, h->target);
    n += (size_t)sprintf(text + n, " HTTP/1.%d\r\n", h->minor);
    for (int i = 0; i < h->n_fields; i++) {
        n += put(text + n, p, h->fields[i].name);
        text[n++] = ':';
        n += put(text + n, p, h->fields[i].value);
        n += (size_t)sprintf(text + n, "\r\n");
    }
    n += (size_t)sprintf(text + n, "\r\n");
    LAW(parse(&again, text, n, n) == HTTP_PARSE_DONE && again.bytes == n);
    LAW(again.n_fields == h->n_fields && again.content_length == h->content_length);
    LAW(again.chunked == h->chunked && again.keep_alive == h->keep_alive);
    LAW(same(text, again.method, p, h->method) && same(text, again.target, p, h->target));
    for (int i = 0; i < h->n_fields; i++)
        LAW(same(text, again.fields[i].value, p, h->fields[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http_head whole, pieces;
    if (size < 2)
        return 0;
    const char *p = (const char *)data + 1;
    size_t n = size - 1;
    enum http_parse r = parse(&whole, p, n, n);
    enum http_parse by_pieces = parse(&pieces, p, n, 1 + data[0] % 64);
    LAW(r == by_pieces);
    LAW((r == HTTP_PARSE_BAD) ==
        (whole.why != NULL && r != HTTP_PARSE_LARGE && r != HTTP_PARSE_VERSION));
    if (r != HTTP_PARSE_DONE)
        return 0;
    LAW(whole.bytes == pieces.bytes && whole.n_fields == pieces.n_fields);
    LAW(memcmp(whole.fields, pieces.fields, sizeof whole.fields[0] * (size_t)whole.n_fields) == 0);
    check_accepted(&whole, p);
    check_written_plainly(&whole, p);
    return 0;
}

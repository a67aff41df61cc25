/* The strict parser of HTTP/1.x requests: pure, incremental, in the caller's buffer. Whatever two
   parsers could read differently is refused, as RFC 9112 (sections 2.2, 3.2, 5, 6, 7.1, 11.2)
   allows: bare LF or CR, obs-fold, NUL and other controls, space before a colon, Content-Length
   that is repeated or not plain digits or beside Transfer-Encoding, any coding but `chunked`,
   HTTP/1.1 without exactly one Host. */
#ifndef LINLI_HTTP_PARSE_H
#define LINLI_HTTP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_span {
    uint32_t at, n; /* offsets, because the buffer may move while it grows */
};
struct http_field {
    struct http_span name, value;
};

enum http_parse {
    HTTP_PARSE_MORE, /* needs more bytes */
    HTTP_PARSE_DONE,
    HTTP_PARSE_BAD,     /* 400 */
    HTTP_PARSE_LARGE,   /* head: 431; chunks: 413 */
    HTTP_PARSE_VERSION, /* 505 */
};

#define HTTP_FIELDS_MAX 96
struct http_head {
    struct http_span method, target;
    int minor; /* of HTTP/1.x: 0 or 1 */
    bool chunked, keep_alive, expect_continue;
    int64_t content_length; /* -1: not given */
    size_t bytes;           /* parsed; the head's size when done */
    size_t seen;            /* looked at for a line's end */
    const char *why;        /* what is wrong; static text */
    bool has_close, has_keep_alive;
    int n_hosts, n_encodings, n_fields;
    struct http_field fields[HTTP_FIELDS_MAX];
};
void http_head_init(struct http_head *h);
/* Parse what is there of the head at p. Call again with the same bytes and more behind them. Each
   byte is looked at a fixed number of times, however small the pieces. */
enum http_parse http_head_parse(struct http_head *h, const char *p, size_t n, size_t max_bytes);

/* Chunked bodies are decoded in place: the body's bytes move down over the chunk lines. */
struct http_chunks {
    int state, digits;
    uint64_t left;         /* of the present chunk */
    size_t overhead_bytes; /* extensions and trailers: 4 KiB at most */
    const char *why;
};
void http_chunks_init(struct http_chunks *c);
/* Decode p[*raw .. n); body bytes go to p[*end ..), never beyond *raw. On MORE everything was
   taken in; on DONE *raw is the first byte behind the body. max_end bounds *end. */
enum http_parse http_chunks_feed(struct http_chunks *c, char *p, size_t n, size_t *raw, size_t *end,
                                 size_t max_end);

#endif

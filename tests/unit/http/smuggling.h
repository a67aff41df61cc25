/* Requests that two parsers could read differently, or that nobody sends in good faith. Used by
   the parser's test and, over real sockets, by the server's. */
#ifndef LINLI_TESTS_HTTP_SMUGGLING_H
#define LINLI_TESTS_HTTP_SMUGGLING_H

#include "base/str.h"

struct junk_request {
    const char *what;
    struct str bytes;
};

#define POST_LINE "POST /echo HTTP/1.1\r\n"
#define POST_HOST POST_LINE "Host: a\r\n"
#define JUNK(what, bytes)                                                                          \
    {                                                                                              \
        what,                                                                                      \
        {                                                                                          \
            bytes, sizeof(bytes) - 1                                                               \
        }                                                                                          \
    }

/* Each must be answered 400, the handler not called, the connection closed. */
static const struct junk_request junk_requests[] = {
    JUNK("Content-Length twice", POST_HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
    JUNK("Content-Length twice the same",
         POST_HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
    JUNK("Content-Length as a list", POST_HOST "Content-Length: 3, 3\r\n\r\nabc"),
    JUNK("Content-Length with a sign", POST_HOST "Content-Length: +3\r\n\r\nabc"),
    JUNK("Content-Length below nought", POST_HOST "Content-Length: -3\r\n\r\nabc"),
    JUNK("Content-Length in hex", POST_HOST "Content-Length: 0x3\r\n\r\nabc"),
    JUNK("Content-Length empty", POST_HOST "Content-Length:\r\n\r\nabc"),
    JUNK("Content-Length with space inside", POST_HOST "Content-Length: 1 2\r\n\r\nabc"),
    JUNK("Content-Length beyond 64 bits",
         POST_HOST "Content-Length: 99999999999999999999\r\n\r\nabc"),
    JUNK("Content-Length and Transfer-Encoding",
         POST_HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    JUNK("Transfer-Encoding and Content-Length",
         POST_HOST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
    JUNK("unknown Transfer-Encoding", POST_HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    JUNK("two codings", POST_HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    JUNK("Transfer-Encoding identity", POST_HOST "Transfer-Encoding: identity\r\n\r\n"),
    JUNK("Transfer-Encoding twice",
         POST_HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    JUNK("Transfer-Encoding on 1.0",
         "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    JUNK("vertical tab before chunked", POST_HOST "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n"),
    JUNK("no Host", POST_LINE "Content-Length: 3\r\n\r\nabc"),
    JUNK("two Hosts", POST_HOST "Host: b\r\n\r\n"),
    JUNK("two Hosts on 1.0", "GET /hello HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
    JUNK("empty Host", POST_LINE "Host:\r\n\r\n"),
    JUNK("Host with a slash", POST_LINE "Host: a/b\r\n\r\n"),
    JUNK("folded field", POST_HOST "X: a\r\n b\r\n\r\n"),
    JUNK("folded first field", POST_LINE " Host: a\r\n\r\n"),
    JUNK("NUL in a value", POST_HOST "X: a\0b\r\n\r\n"),
    JUNK("NUL in a name", POST_HOST "X\0: a\r\n\r\n"),
    JUNK("NUL in the target", "GET /he\0llo HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("bare LF after a field", POST_HOST "X: a\nContent-Length: 3\r\n\r\nabc"),
    JUNK("bare LF after the request line", "GET /hello HTTP/1.1\nHost: a\r\n\r\n"),
    JUNK("bare LF at the end", POST_HOST "\n"),
    JUNK("bare CR in a value", POST_HOST "X: a\rContent-Length: 3\r\n\r\nabc"),
    JUNK("CR CR LF", POST_HOST "X: a\r\r\n\r\n"),
    JUNK("space before the colon", POST_HOST "Content-Length : 3\r\n\r\nabc"),
    JUNK("space in a name", POST_HOST "Content Length: 3\r\n\r\nabc"),
    JUNK("no colon", POST_HOST "Content-Length 3\r\n\r\nabc"),
    JUNK("no name", POST_HOST ": 3\r\n\r\nabc"),
    JUNK("control in a value", POST_HOST "X: a\001b\r\n\r\n"),
    JUNK("DEL in a value", POST_HOST "X: a\177b\r\n\r\n"),
    JUNK("high byte in a name", POST_HOST "X\xe4: a\r\n\r\n"),
    JUNK("two spaces", "POST  /echo HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("tab instead of space", "POST\t/echo HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("space at the end of the line", "POST /echo HTTP/1.1 \r\nHost: a\r\n\r\n"),
    JUNK("space at the start", " POST /echo HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("no version", "GET /hello\r\nHost: a\r\n\r\n"),
    JUNK("version in small letters", "GET /hello http/1.1\r\nHost: a\r\n\r\n"),
    JUNK("version with more digits", "GET /hello HTTP/1.10\r\nHost: a\r\n\r\n"),
    JUNK("fragment in the target", "GET /hello#x HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("high bytes in the target", "GET /\xe6\xa4\x85 HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("path without a slash", "GET hello HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("broken escape in the path", "GET /he%zzllo HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("escaped NUL in the path", "GET /hello%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("overlong escape in the path", "GET /%c0%afhello HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    JUNK("two empty lines", "\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
    JUNK("junk", "\x01\x02\x03\r\n\r\n"),
    JUNK("chunk size with space",
         POST_HOST "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n"),
    JUNK("chunk size in 0x", POST_HOST "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n"),
    JUNK("chunk size with a sign",
         POST_HOST "Transfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n"),
    JUNK("chunk size empty", POST_HOST "Transfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n"),
    JUNK("chunk size beyond 64 bits",
         POST_HOST "Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n"),
    JUNK("chunk size ends in LF",
         POST_HOST "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n"),
    JUNK("chunk ends in LF", POST_HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n"),
    JUNK("chunk longer than its size",
         POST_HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"),
    JUNK("LF in a chunk extension",
         POST_HOST "Transfer-Encoding: chunked\r\n\r\n3;a\nb\r\nabc\r\n0\r\n\r\n"),
    JUNK("folded trailer", POST_HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n x: y\r\n\r\n"),
    JUNK("NUL in a trailer", POST_HOST "Transfer-Encoding: chunked\r\n\r\n0\r\nx: \0\r\n\r\n"),
    JUNK("bare LF after the last chunk", POST_HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\n"),
};

#endif

#include "http/parse.h"

#include <string.h>
#include <strings.h>

enum { TOKEN = 1, VALUE = 2, TARGET = 4, HOST = 8 };

/* RFC 9110: token (5.6.2), field-value bytes (5.5), and what a target or a Host may hold. */
static int class_of(unsigned char c)
{
    if (c <= ' ' || c == 127)
        return c == ' ' || c == '\t' ? VALUE : 0;
    if (c >= 128)
        return VALUE;
    int k = VALUE | (c != '#' && c != '"' && c != '<' && c != '>' && c != '\\' ? TARGET : 0);
    bool alnum = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
    if (alnum || strchr("!#$%&'*+-.^_`|~", c))
        k |= TOKEN;
    if (alnum || strchr("-._~%!$&'()*+,;=:[]", c))
        k |= HOST;
    return k;
}

static unsigned char class_table[256];

__attribute__((constructor)) static void class_table_fill(void)
{
    for (int c = 0; c < 256; c++)
        class_table[c] = (unsigned char)class_of((unsigned char)c);
}

static bool all_of(const char *p, size_t n, int k)
{
    for (size_t i = 0; i < n; i++)
        if (!(class_table[(unsigned char)p[i]] & k))
            return false;
    return true;
}

static enum http_parse bad(struct http_head *h, const char *why)
{
    h->why = why;
    return HTTP_PARSE_BAD;
}

void http_head_init(struct http_head *h)
{
    /* All but the fields, which n_fields guards: they are most of the struct. */
    memset(h, 0, offsetof(struct http_head, fields));
    h->content_length = -1;
}

static enum http_parse version(struct http_head *h, const char *p, size_t n)
{
    if (n != 8 || memcmp(p, "HTTP/", 5) != 0 || p[6] != '.' || p[5] < '0' || p[5] > '9' ||
        p[7] < '0' || p[7] > '9')
        return bad(h, "the request line does not end in HTTP/1.1");
    if (p[5] != '1' || p[7] > '1') {
        h->why = "only HTTP/1.0 and HTTP/1.1 are spoken here";
        return HTTP_PARSE_VERSION;
    }
    h->minor = p[7] - '0';
    h->keep_alive = h->minor == 1;
    return HTTP_PARSE_MORE;
}

/* `at` is the line's offset in the buffer, so that spans can be told from it. */
static enum http_parse request_line(struct http_head *h, const char *line, size_t n, size_t at)
{
    const char *sp1 = memchr(line, ' ', n);
    if (!sp1 || sp1 == line || !all_of(line, (size_t)(sp1 - line), TOKEN))
        return bad(h, "the method is malformed");
    const char *target = sp1 + 1;
    size_t rest = n - (size_t)(target - line);
    const char *sp2 = memchr(target, ' ', rest);
    if (!sp2 || sp2 == target || !all_of(target, (size_t)(sp2 - target), TARGET))
        return bad(h, "the request target is malformed");
    h->method = (struct http_span){(uint32_t)at, (uint32_t)(sp1 - line)};
    h->target =
        (struct http_span){(uint32_t)(at + (size_t)(target - line)), (uint32_t)(sp2 - target)};
    return version(h, sp2 + 1, n - (size_t)(sp2 + 1 - line));
}

static enum http_parse on_length(struct http_head *h, const char *v, size_t n)
{
    if (h->content_length >= 0)
        return bad(h, "Content-Length is given twice");
    if (n == 0 || n > 18)
        return bad(h, "Content-Length is not a number");
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i] < '0' || v[i] > '9')
            return bad(h, "Content-Length is not a number");
        sum = sum * 10 + (v[i] - '0');
    }
    h->content_length = sum;
    return HTTP_PARSE_MORE;
}

static enum http_parse on_encoding(struct http_head *h, const char *v, size_t n)
{
    if (h->n_encodings++ || n != 7 || strncasecmp(v, "chunked", 7) != 0)
        return bad(h, "Transfer-Encoding is not just `chunked`");
    h->chunked = true;
    return HTTP_PARSE_MORE;
}

static enum http_parse on_host(struct http_head *h, const char *v, size_t n)
{
    if (h->n_hosts++ || n == 0 || !all_of(v, n, HOST))
        return bad(h, "Host is repeated or malformed");
    return HTTP_PARSE_MORE;
}

static enum http_parse on_connection(struct http_head *h, const char *v, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t from = i;
        while (i < n && v[i] != ',')
            i++;
        size_t to = i++;
        while (from < to && (v[from] == ' ' || v[from] == '\t'))
            from++;
        while (to > from && (v[to - 1] == ' ' || v[to - 1] == '\t'))
            to--;
        if (to - from == 5 && strncasecmp(v + from, "close", 5) == 0)
            h->has_close = true;
        else if (to - from == 10 && strncasecmp(v + from, "keep-alive", 10) == 0)
            h->has_keep_alive = true;
    }
    return HTTP_PARSE_MORE;
}

static enum http_parse on_expect(struct http_head *h, const char *v, size_t n)
{
    h->expect_continue = n == 12 && strncasecmp(v, "100-continue", 12) == 0;
    return HTTP_PARSE_MORE;
}

/* The fields that the framing itself depends on. */
static const struct {
    size_t n;
    const char *name;
    enum http_parse (*fn)(struct http_head *h, const char *v, size_t n);
} framing[] = {
    {4, "host", on_host},
    {14, "content-length", on_length},
    {17, "transfer-encoding", on_encoding},
    {10, "connection", on_connection},
    {6, "expect", on_expect},
};

static enum http_parse field_line(struct http_head *h, const char *line, size_t n, size_t at)
{
    if (line[0] == ' ' || line[0] == '\t')
        return bad(h, "a header field is folded over lines");
    const char *colon = memchr(line, ':', n);
    size_t name_n = colon ? (size_t)(colon - line) : 0;
    if (!name_n || !all_of(line, name_n, TOKEN))
        return bad(h, "a header field's name is malformed");
    size_t from = name_n + 1, to = n;
    if (!all_of(line + from, to - from, VALUE))
        return bad(h, "a header field holds a control character");
    while (from < to && (line[from] == ' ' || line[from] == '\t'))
        from++;
    while (to > from && (line[to - 1] == ' ' || line[to - 1] == '\t'))
        to--;
    if (h->n_fields == HTTP_FIELDS_MAX) {
        h->why = "too many header fields";
        return HTTP_PARSE_LARGE;
    }
    h->fields[h->n_fields++] = (struct http_field){{(uint32_t)at, (uint32_t)name_n},
                                                   {(uint32_t)(at + from), (uint32_t)(to - from)}};
    for (size_t i = 0; i < sizeof framing / sizeof framing[0]; i++)
        if (framing[i].n == name_n && strncasecmp(line, framing[i].name, name_n) == 0)
            return framing[i].fn(h, line + from, to - from);
    return HTTP_PARSE_MORE;
}

static enum http_parse head_end(struct http_head *h)
{
    if (h->minor == 1 && h->n_hosts != 1)
        return bad(h, "HTTP/1.1 needs a Host");
    if (h->chunked && h->content_length >= 0)
        return bad(h, "Content-Length and Transfer-Encoding are both given");
    if (h->chunked && h->minor == 0)
        return bad(h, "HTTP/1.0 has no Transfer-Encoding");
    h->keep_alive = !h->has_close && (h->minor == 1 || h->has_keep_alive);
    h->expect_continue = h->expect_continue && h->minor == 1;
    return HTTP_PARSE_DONE;
}

static enum http_parse line_end(struct http_head *h, const char *p, size_t lf)
{
    size_t at = h->bytes;
    if (lf == at || p[lf - 1] != '\r')
        return bad(h, "a line ends in LF alone");
    size_t n = lf - 1 - at;
    h->bytes = h->seen = lf + 1;
    if (h->method.n == 0)
        return n == 0 ? bad(h, "the request line is empty") : request_line(h, p + at, n, at);
    return n == 0 ? head_end(h) : field_line(h, p + at, n, at);
}

/* Junk (a TLS hello, say) is refused at its first byte, not when a line should end. */
static bool starts_like_a_request(const struct http_head *h, const char *p, size_t n)
{
    size_t at = h->bytes;
    return h->method.n || n <= at || (class_table[(unsigned char)p[at]] & TOKEN);
}

enum http_parse http_head_parse(struct http_head *h, const char *p, size_t n, size_t max_bytes)
{
    /* RFC 9112, 2.2: one empty line before the request line is let pass. */
    if (h->bytes == 0 && n >= 2 && p[0] == '\r' && p[1] == '\n')
        h->bytes = h->seen = 2;
    bool half_empty_line = h->bytes == 0 && n == 1 && p[0] == '\r';
    if (!half_empty_line && !starts_like_a_request(h, p, n))
        return bad(h, "this is not HTTP");
    enum http_parse r = HTTP_PARSE_MORE;
    while (r == HTTP_PARSE_MORE) {
        const char *lf = h->seen < n ? memchr(p + h->seen, '\n', n - h->seen) : NULL;
        if ((lf ? (size_t)(lf - p) : n) >= max_bytes) {
            h->why = "the request's head is too large";
            return HTTP_PARSE_LARGE;
        }
        if (!lf) {
            h->seen = n;
            return HTTP_PARSE_MORE;
        }
        r = line_end(h, p, (size_t)(lf - p));
    }
    return r;
}

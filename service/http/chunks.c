#include "http/parse.h"

#include <string.h>

enum {
    SIZE,      /* in the digits */
    EXTENSION, /* behind them, until CR */
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER, /* at the start of a trailer line, or of the last, empty one */
    TRAILER_IN,
    TRAILER_LF,
    LAST_LF,
    DONE,
};

enum { OVERHEAD_MAX = 4096 };

void http_chunks_init(struct http_chunks *c)
{
    *c = (struct http_chunks){.state = SIZE};
}

static int hex_value(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    ch = (char)(ch | 32);
    return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static bool is_control(char ch)
{
    return ((unsigned char)ch < ' ' && ch != '\t') || ch == 127;
}

static int size_next(struct http_chunks *c, char ch)
{
    int v = hex_value(ch);
    if (v >= 0) {
        c->left = c->left * 16 + (uint64_t)v;
        return ++c->digits <= 15 ? SIZE : -1;
    }
    if (c->digits == 0)
        return -1;
    return ch == '\r' ? SIZE_LF : ch == ';' ? EXTENSION : -1;
}

static int size_lf_next(struct http_chunks *c, char ch)
{
    c->digits = 0;
    if (ch != '\n')
        return -1;
    return c->left ? DATA : TRAILER;
}

/* Bytes that are neither data nor needed: without a bound a client could send them for ever. */
static int overhead_next(struct http_chunks *c, char ch, int stay, int end)
{
    if (ch == '\r')
        return end;
    return is_control(ch) || ++c->overhead_bytes > OVERHEAD_MAX ? -1 : stay;
}

/* The state after one byte outside data, or -1. */
static int next_state(struct http_chunks *c, char ch)
{
    switch (c->state) {
    case SIZE:
        return size_next(c, ch);
    case EXTENSION:
        return overhead_next(c, ch, EXTENSION, SIZE_LF);
    case SIZE_LF:
        return size_lf_next(c, ch);
    case DATA_CR:
        return ch == '\r' ? DATA_LF : -1;
    case DATA_LF:
        return ch == '\n' ? SIZE : -1;
    case TRAILER:
        if (ch == ' ' || ch == '\t')
            return -1; /* a folded trailer */
        return overhead_next(c, ch, TRAILER_IN, LAST_LF);
    case TRAILER_IN:
        return overhead_next(c, ch, TRAILER_IN, TRAILER_LF);
    case TRAILER_LF:
        return ch == '\n' ? TRAILER : -1;
    case LAST_LF:
        return ch == '\n' ? DONE : -1;
    default:
        return -1;
    }
}

static void take_data(struct http_chunks *c, char *p, size_t n, size_t *raw, size_t *end)
{
    size_t run = n - *raw;
    if (run > c->left)
        run = (size_t)c->left;
    memmove(p + *end, p + *raw, run);
    *end += run;
    *raw += run;
    c->left -= run;
    if (c->left == 0)
        c->state = DATA_CR;
}

enum http_parse http_chunks_feed(struct http_chunks *c, char *p, size_t n, size_t *raw, size_t *end,
                                 size_t max_end)
{
    while (*raw < n && c->state != DONE) {
        if (c->state == DATA) {
            take_data(c, p, n, raw, end);
            continue;
        }
        int s = next_state(c, p[(*raw)++]);
        if (s < 0) {
            c->why = "a chunk is malformed";
            return HTTP_PARSE_BAD;
        }
        c->state = s;
        /* Refused as soon as the size is known, before the data is taken in. */
        if (s == DATA && c->left > max_end - *end)
            return HTTP_PARSE_LARGE;
    }
    return c->state == DONE ? HTTP_PARSE_DONE : HTTP_PARSE_MORE;
}

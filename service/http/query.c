#include "http_priv.h"

#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes only; the count, or -1 for a broken escape or NUL. */
static ptrdiff_t unescape(struct str in, bool plus_is_space, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        char c = in.p[i];
        if (c == '%') {
            int hi = in.n - i > 2 ? hex_value(in.p[i + 1]) : -1;
            int lo = in.n - i > 2 ? hex_value(in.p[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return -1;
            c = (char)(hi * 16 + lo);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == 0)
            return -1;
        out[n++] = c;
    }
    out[n] = 0;
    return (ptrdiff_t)n;
}

bool http_decode(struct str in, bool plus_is_space, char *out)
{
    ptrdiff_t n = unescape(in, plus_is_space, out);
    return n >= 0 && str_is_utf8((struct str){out, (size_t)n});
}

/* Does the still encoded `key` spell `name`? Decoded in step, so no buffer is needed. */
static bool key_is(struct str key, const char *name)
{
    size_t i = 0;
    for (; *name; name++) {
        char c[4];
        if (i == key.n)
            return false;
        size_t step = key.p[i] == '%' ? 3 : 1;
        if (step > key.n - i || unescape((struct str){key.p + i, step}, true, c) != 1 ||
            c[0] != *name)
            return false;
        i += step;
    }
    return i == key.n;
}

bool query_locate(struct str query, const char *name, struct str *value_r)
{
    while (query.n) {
        *value_r = str_cut(&query, '&');
        bool has_value = memchr(value_r->p, '=', value_r->n) != NULL;
        struct str key = str_cut(value_r, '=');
        if (!has_value)
            *value_r = STR("");
        if (key_is(key, name))
            return true;
    }
    return false;
}

bool http_query_find(struct str query, const char *name, char *out, size_t size)
{
    struct str value;
    return query_locate(query, name, &value) && value.n < size && http_decode(value, true, out);
}

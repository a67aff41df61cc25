#include "base/str.h"

#include <limits.h>
#include <stdint.h>

struct str str_of(const char *z)
{
    return z ? (struct str){z, strlen(z)} : (struct str){"", 0};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}

bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

bool str_starts(struct str a, const char *prefix)
{
    size_t n = strlen(prefix);
    return a.n >= n && (!n || !memcmp(a.p, prefix, n));
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str a)
{
    while (a.n && is_space(a.p[0]))
        a.p++, a.n--;
    while (a.n && is_space(a.p[a.n - 1]))
        a.n--;
    return a;
}

struct str str_cut(struct str *rest, char sep)
{
    const char *at = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
    if (!at) {
        struct str all = *rest;
        *rest = STR("");
        return all;
    }
    struct str head = {rest->p, (size_t)(at - rest->p)};
    *rest = (struct str){at + 1, rest->n - head.n - 1};
    return head;
}

bool str_to_i64(struct str a, long long *value_r)
{
    bool minus = a.n && a.p[0] == '-';
    size_t i = minus;
    unsigned long long v = 0, most = minus ? (unsigned long long)LLONG_MAX + 1 : LLONG_MAX;
    if (i == a.n)
        return false;
    for (; i < a.n; i++) {
        unsigned digit = (unsigned)(a.p[i] - '0');
        if (digit > 9 || v > (most - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *value_r = minus ? (long long)(0 - v) : (long long)v;
    return true;
}

/* Length of the well-formed character at p (Unicode 15, table 3-7), or 0. */
static size_t utf8_char(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char from, to, second_from, second_to, length;
    } rows[] = {
        {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (p[0] < rows[i].from || p[0] > rows[i].to)
            continue;
        size_t n = rows[i].length;
        if (n > left || (n > 1 && (p[1] < rows[i].second_from || p[1] > rows[i].second_to)))
            return 0;
        for (size_t k = 2; k < n; k++)
            if ((p[k] & 0xc0) != 0x80)
                return 0;
        return n;
    }
    return 0;
}

bool str_is_utf8(struct str a)
{
    const unsigned char *p = (const unsigned char *)a.p;
    size_t i = 0;
    while (i < a.n) {
        uint64_t eight;
        if (a.n - i >= 8 && (memcpy(&eight, p + i, 8), !(eight & UINT64_C(0x8080808080808080)))) {
            i += 8; /* ASCII, the common case of JSON's own signs */
            continue;
        }
        size_t n = utf8_char(p + i, a.n - i);
        if (!n)
            return false;
        i += n;
    }
    return true;
}

struct str str_clip_utf8(struct str a, size_t bytes)
{
    if (a.n <= bytes)
        return a;
    while (bytes && ((unsigned char)a.p[bytes] & 0xc0) == 0x80)
        bytes--;
    return (struct str){a.p, bytes};
}

size_t str_utf8_chars(struct str a)
{
    size_t n = 0;
    for (size_t i = 0; i < a.n; n++) {
        size_t step = utf8_char((const unsigned char *)a.p + i, a.n - i);
        i += step ? step : 1;
    }
    return n;
}

void str_copy(char *dst, size_t size, struct str src)
{
    if (!size)
        return;
    struct str clipped = str_clip_utf8(src, size - 1);
    if (clipped.n)
        memcpy(dst, clipped.p, clipped.n);
    dst[clipped.n] = 0;
}

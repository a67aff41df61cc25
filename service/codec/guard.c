/* Strict JSON over raw bytes, before cJSON sees them. One pass, no heap memory, bounded depth. */
#include "guard_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX 1024  /* of all objects that are open at one place */
#define NUMBER_MOST 63 /* bytes: cJSON reads no more of one */

struct guard {
    const char *p;
    size_t n, i;
    int depth, n_keys;
    uint64_t keys[KEYS_MAX]; /* hashes of the decoded keys of the open objects, a stack */
    guard_number_fn *on_long_integer;
    void *arg;
    struct errbuf *eb;
};

static enum err bad(struct guard *g, const char *what)
{
    return err_set(g->eb, ERR_BAD_JSON, "%s at byte %zu", what, g->i);
}

static int peek(const struct guard *g)
{
    return g->i < g->n ? (unsigned char)g->p[g->i] : -1;
}

static void skip_space(struct guard *g)
{
    for (int c = peek(g); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(g))
        g->i++;
}

static int hex_value(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Four hexadecimal digits behind \u, or -1. */
static int hex4(struct guard *g)
{
    int v = 0;
    for (int k = 0; k < 4; k++, g->i++) {
        int h = hex_value(peek(g));
        if (h < 0)
            return -1;
        v = v * 16 + h;
    }
    return v;
}

/* FNV-1a over the decoded characters: escaped or not, the same key has the same hash. */
static void mix(uint64_t *hash, int c)
{
    *hash = (*hash ^ (uint64_t)c) * UINT64_C(0x100000001b3);
}

static void mix_code(uint64_t *hash, int c)
{
    if (c < 0x80) {
        mix(hash, c);
    } else if (c < 0x800) {
        mix(hash, 0xc0 | c >> 6);
        mix(hash, 0x80 | (c & 63));
    } else if (c < 0x10000) {
        mix(hash, 0xe0 | c >> 12);
        mix(hash, 0x80 | (c >> 6 & 63));
        mix(hash, 0x80 | (c & 63));
    } else {
        mix(hash, 0xf0 | c >> 18);
        mix(hash, 0x80 | (c >> 12 & 63));
        mix(hash, 0x80 | (c >> 6 & 63));
        mix(hash, 0x80 | (c & 63));
    }
}

static enum err unicode_escape(struct guard *g, uint64_t *hash)
{
    int c = hex4(g);
    if (c < 0)
        return bad(g, "a broken \\u escape");
    if (c == 0)
        return bad(g, "a NUL character (\\u0000)");
    if (c >= 0xdc00 && c <= 0xdfff)
        return bad(g, "a lone surrogate");
    if (c >= 0xd800 && c <= 0xdbff) {
        if (peek(g) != '\\' || g->i + 1 >= g->n || g->p[g->i + 1] != 'u')
            return bad(g, "a lone surrogate");
        g->i += 2;
        int low = hex4(g);
        if (low < 0xdc00 || low > 0xdfff)
            return bad(g, "a lone surrogate");
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    mix_code(hash, c);
    return ERR_OK;
}

static enum err escape(struct guard *g, uint64_t *hash)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    int c = peek(g);
    g->i++;
    if (c == 'u')
        return unicode_escape(g, hash);
    const char *at = c > 0 ? strchr(from, c) : NULL;
    if (!at)
        return bad(g, "an unknown escape");
    mix(hash, to[at - from]);
    return ERR_OK;
}

/* Over the characters that stand for themselves; that they are UTF-8 was settled before. */
static void skip_plain(struct guard *g, uint64_t *hash)
{
    size_t from = g->i;
    const unsigned char *p = (const unsigned char *)g->p;
    while (g->i < g->n && p[g->i] >= 0x20 && p[g->i] != '"' && p[g->i] != '\\')
        g->i++;
    for (size_t i = from; hash && i < g->i; i++)
        mix(hash, p[i]);
}

/* hash NULL: a value, which nobody compares. */
static enum err string(struct guard *g, uint64_t *hash)
{
    uint64_t unused = 0;
    if (hash)
        *hash = UINT64_C(0xcbf29ce484222325);
    g->i++;
    for (;;) {
        skip_plain(g, hash);
        int c = peek(g);
        if (c < 0)
            return bad(g, "a string without its end");
        if (c < 0x20)
            return bad(g, "a control character in a string");
        g->i++;
        if (c == '"')
            return ERR_OK;
        enum err e = escape(g, hash ? hash : &unused);
        if (e)
            return e;
    }
}

static size_t digits(struct guard *g)
{
    size_t from = g->i;
    while (peek(g) >= '0' && peek(g) <= '9')
        g->i++;
    return g->i - from;
}

/* A fraction or a power must fit a double: an infinity would be one that nobody wrote. */
static bool fits_double(const struct guard *g, size_t from)
{
    char text[NUMBER_MOST + 1];
    size_t n = g->i - from;
    if (n > NUMBER_MOST)
        return false;
    memcpy(text, g->p + from, n);
    text[n] = 0;
    return isfinite(strtod(text, NULL));
}

static enum err number(struct guard *g)
{
    size_t from = g->i;
    bool whole = true;
    if (peek(g) == '-')
        g->i++;
    bool zero = peek(g) == '0';
    size_t n = digits(g);
    if (!n || (zero && n > 1))
        return bad(g, "a broken number");
    if (peek(g) == '.') {
        g->i++;
        whole = false;
        if (!digits(g))
            return bad(g, "a broken number");
    }
    if (peek(g) == 'e' || peek(g) == 'E') {
        g->i++;
        whole = false;
        if (peek(g) == '+' || peek(g) == '-')
            g->i++;
        if (!digits(g))
            return bad(g, "a broken number");
    }
    if (!whole && !fits_double(g, from))
        return bad(g, "a number too long or too large");
    if (whole && n > 15 && g->on_long_integer)
        g->on_long_integer(g->arg, from, g->i);
    return ERR_OK;
}

static enum err literal(struct guard *g, const char *word)
{
    size_t n = strlen(word);
    if (g->n - g->i < n || memcmp(g->p + g->i, word, n) != 0)
        return bad(g, "an unknown word");
    g->i += n;
    return ERR_OK;
}

static enum err value(struct guard *g);

static enum err key(struct guard *g, int base)
{
    uint64_t hash;
    skip_space(g);
    if (peek(g) != '"')
        return bad(g, "a member without a name");
    enum err e = string(g, &hash);
    if (e)
        return e;
    for (int k = base; k < g->n_keys; k++)
        if (g->keys[k] == hash)
            return bad(g, "a name given twice in one object");
    if (g->n_keys == KEYS_MAX)
        return bad(g, "too many members");
    g->keys[g->n_keys++] = hash;
    skip_space(g);
    if (peek(g) != ':')
        return bad(g, "a colon is missing");
    g->i++;
    return ERR_OK;
}

static enum err members(struct guard *g, char close)
{
    int base = g->n_keys;
    g->i++;
    skip_space(g);
    if (peek(g) == close) {
        g->i++;
        return ERR_OK;
    }
    for (;;) {
        enum err e = close == '}' ? key(g, base) : ERR_OK;
        if (!e)
            e = value(g);
        if (e)
            return e;
        skip_space(g);
        int c = peek(g);
        if (c != ',' && c != close)
            return bad(g, c < 0 ? "the end comes too early" : "a comma is missing");
        g->i++;
        if (c == close)
            break;
    }
    g->n_keys = base;
    return ERR_OK;
}

static enum err value(struct guard *g)
{
    skip_space(g);
    int c = peek(g);
    if (c == '{' || c == '[') {
        if (++g->depth > JSON_DEPTH_MAX)
            return bad(g, "nesting deeper than 32");
        enum err e = members(g, c == '{' ? '}' : ']');
        g->depth--;
        return e;
    }
    switch (c) {
    case '"':
        return string(g, NULL);
    case 't':
        return literal(g, "true");
    case 'f':
        return literal(g, "false");
    case 'n':
        return literal(g, "null");
    case -1:
        return bad(g, "the end comes too early");
    default:
        return number(g);
    }
}

static size_t broken_utf8_at(struct str s)
{
    size_t i = 0;
    for (size_t n = 1; i < s.n; n = 1) { /* a character has one to four bytes */
        while (n <= 4 && i + n <= s.n && !str_is_utf8((struct str){s.p + i, n}))
            n++;
        if (n > 4 || i + n > s.n)
            break;
        i += n;
    }
    return i;
}

enum err guard_json(struct str text, guard_number_fn *on_long_integer, void *arg, struct errbuf *eb)
{
    struct guard g;
    g.p = text.p;
    g.n = text.n;
    g.i = 0;
    g.depth = g.n_keys = 0;
    g.on_long_integer = on_long_integer;
    g.arg = arg;
    g.eb = eb;
    if (!str_is_utf8(text))
        return err_set(eb, ERR_BAD_UTF8, "invalid UTF-8 at byte %zu", broken_utf8_at(text));
    enum err e = value(&g);
    skip_space(&g);
    if (!e && g.i != g.n)
        e = bad(&g, "something stands behind the value");
    return e;
}

enum err json_guard(struct str text, struct errbuf *eb)
{
    return guard_json(text, NULL, NULL, eb);
}

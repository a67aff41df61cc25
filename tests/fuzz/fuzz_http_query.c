/* Input: a name, LF, a query string. Laws: what decodes is UTF-8 without NUL, and decodes alike
   with every byte escaped; finding agrees with decoding each pair first. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LAW(x)                                                                                     \
    do {                                                                                           \
        if (!(x))                                                                                  \
            abort();                                                                               \
    } while (0)

static void check_decoding(struct str in, bool plus)
{
    char *out = malloc(in.n + 1), *again = malloc(3 * in.n + 1), *escaped = malloc(3 * in.n + 1);
    if (http_decode(in, plus, out)) {
        size_t n = strlen(out);
        LAW(n <= in.n && str_is_utf8((struct str){out, n}));
        for (size_t i = 0; i < n; i++)
            sprintf(escaped + 3 * i, "%%%02X", (unsigned char)out[i]);
        LAW(http_decode((struct str){escaped, 3 * n}, plus, again));
        LAW(strcmp(out, again) == 0);
    }
    free(out);
    free(again);
    free(escaped);
}

static int nibble(char c)
{
    const char digit[2] = {c, 0};
    return isxdigit((unsigned char)c) ? (int)strtol(digit, NULL, 16) : -1;
}

/* Bytes only; false on a broken escape or NUL. */
static bool plain_bytes(struct str s, char *out, size_t *n_r)
{
    *n_r = 0;
    for (size_t i = 0; i < s.n; i++) {
        int c = (unsigned char)s.p[i];
        if (c == '%') {
            if (s.n - i < 3 || nibble(s.p[i + 1]) < 0 || nibble(s.p[i + 2]) < 0)
                return false;
            c = nibble(s.p[i + 1]) * 16 + nibble(s.p[i + 2]);
            i += 2;
        }
        if (c == 0)
            return false;
        out[(*n_r)++] = (char)(s.p[i] == '+' ? ' ' : c);
    }
    out[*n_r] = 0;
    return true;
}

/* The reference: decode every key, take the first that fits. */
static bool find_plainly(struct str query, const char *name, char *out)
{
    char *key = malloc(query.n + 1);
    bool ok = false;
    while (query.n) {
        size_t end = 0, eq = 0, n;
        while (end < query.n && query.p[end] != '&')
            end++;
        while (eq < end && query.p[eq] != '=')
            eq++;
        bool hit = plain_bytes((struct str){query.p, eq}, key, &n) && strcmp(key, name) == 0;
        if (hit) {
            size_t from = eq < end ? eq + 1 : end;
            ok = plain_bytes((struct str){query.p + from, end - from}, out, &n) &&
                 str_is_utf8((struct str){out, n});
            break;
        }
        end += end < query.n;
        query.p += end;
        query.n -= end;
    }
    free(key);
    return ok;
}

static bool holds_empty_pair(struct str q)
{
    return q.n == 0 || q.p[0] == '&' || q.p[q.n - 1] == '&' || memmem(q.p, q.n, "&&", 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str query = {(const char *)data, size};
    struct str first = str_cut(&query, '\n');
    char name[64];
    if (first.n >= sizeof name || memchr(first.p, 0, first.n))
        return 0;
    memcpy(name, first.p, first.n);
    name[first.n] = 0;
    check_decoding(query, true);
    check_decoding(query, false);
    if (!name[0] && holds_empty_pair(query))
        return 0; /* whether `&&` holds a nameless value is nobody's concern */
    char *found = malloc(query.n + 1), *expected = malloc(query.n + 1);
    bool ok = http_query_find(query, name, found, query.n + 1);
    LAW(ok == find_plainly(query, name, expected));
    LAW(!ok || strcmp(found, expected) == 0);
    free(found);
    free(expected);
    return 0;
}

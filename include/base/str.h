/* A borrowed run of bytes. It is not NUL-terminated unless its owner says so. */
#ifndef LINLI_BASE_STR_H
#define LINLI_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

struct str str_of(const char *z); /* NULL gives an empty str */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *z);
bool str_starts(struct str a, const char *prefix);
struct str str_trim(struct str a); /* ASCII white space off both ends */
/* Cut off the part before `sep` and return it; the rest (after sep) stays in *rest. */
struct str str_cut(struct str *rest, char sep);
bool str_to_i64(struct str a, long long *value_r); /* whole string, no overflow */
bool str_is_utf8(struct str a);                    /* strict: no overlong, surrogate, > U+10FFFF */
/* The longest prefix of at most `bytes` bytes that does not cut a character. */
struct str str_clip_utf8(struct str a, size_t bytes);
size_t str_utf8_chars(struct str a); /* code points; bytes of broken input count 1 */

/* Copy into a fixed array, cut at a character boundary, always NUL-terminated. */
void str_copy(char *dst, size_t size, struct str src);

#endif

/* A growing byte buffer. Always NUL-terminated behind `n`. */
#ifndef LINLI_BASE_BUF_H
#define LINLI_BASE_BUF_H

#include <stdarg.h>
#include <stdint.h>

#include "base/str.h"

struct buf {
    char *p; /* NULL until the first byte */
    size_t n, cap;
};

void buf_init(struct buf *b);
void buf_deinit(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory */
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_add_str(struct buf *b, struct str s);
void buf_add_z(struct buf *b, const char *z);
void buf_add_char(struct buf *b, char c);
void buf_add_i64(struct buf *b, int64_t v);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str buf_str_borrow(const struct buf *b); /* until the buffer changes */
const char *buf_z_borrow(const struct buf *b);  /* "" when empty; until the buffer changes */
char *buf_take(struct buf *b);                  /* the caller frees; the buffer is empty again */

#endif

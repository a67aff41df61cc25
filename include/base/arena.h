/* Memory by lifetime: allocate many, free at once. Blocks are kept over a reset. */
#ifndef LINLI_BASE_ARENA_H
#define LINLI_BASE_ARENA_H

#include "base/str.h"

struct arena;
struct arena *arena_new(void);
void arena_free(struct arena **a);
void arena_reset(struct arena *a);                   /* all that was allocated is gone */
void *arena_alloc_in(struct arena *a, size_t bytes); /* zeroed, aligned to 16; never NULL */
char *arena_dup_in(struct arena *a, struct str s);   /* NUL-terminated */
char *arena_printf_in(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(a, type) ((type *)arena_alloc_in((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_alloc_in((a), sizeof(type) * (count)))

#endif

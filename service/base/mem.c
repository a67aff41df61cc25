#include "base/mem.h"

#include <stdint.h>

void *mem_new(size_t bytes)
{
    void *p = calloc(1, bytes ? bytes : 1);
    if (!p)
        abort();
    return p;
}

void *mem_grow(void *old, size_t count, size_t item_bytes)
{
    if (item_bytes && count > SIZE_MAX / item_bytes)
        abort();
    size_t bytes = count * item_bytes;
    void *p = realloc(old, bytes ? bytes : 1);
    if (!p)
        abort();
    return p;
}

char *mem_dup(const char *z)
{
    return z ? mem_dup_str(str_of(z)) : NULL;
}

char *mem_dup_str(struct str s)
{
    char *p = mem_new(s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return p;
}

void mem_replace(char **slot, const char *z)
{
    char *fresh = mem_dup(z); /* first, because z may lie in *slot */
    free(*slot);
    *slot = fresh;
}

/* Heap memory. Out of memory aborts: every input is bounded before it is stored. */
#ifndef LINLI_BASE_MEM_H
#define LINLI_BASE_MEM_H

#include <stddef.h>
#include <stdlib.h>

#include "base/str.h"

void *mem_new(size_t bytes);                                /* zeroed; never NULL; free() it */
void *mem_grow(void *old, size_t count, size_t item_bytes); /* realloc of an array; never NULL */
char *mem_dup(const char *z);                               /* NULL stays NULL; free() it */
char *mem_dup_str(struct str s);                            /* NUL-terminated; free() it */
void mem_replace(char **slot, const char *z);               /* free(*slot), then dup */

#define NEW(type) ((type *)mem_new(sizeof(type)))

#endif

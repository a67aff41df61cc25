/* Every call of the heap is counted. For one .c of a program that no sanitizer takes the heap from.
 */
#ifndef LINLI_TESTS_HEAP_H
#define LINLI_TESTS_HEAP_H

#include <stdlib.h>

static size_t heap_calls;
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *malloc(size_t n)
{
    heap_calls++;
    return __libc_malloc(n);
}
void *calloc(size_t n, size_t size)
{
    heap_calls++;
    return __libc_calloc(n, size);
}
void *realloc(void *p, size_t n)
{
    heap_calls++;
    return __libc_realloc(p, n);
}

#endif

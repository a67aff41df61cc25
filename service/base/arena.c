#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"

/* Under AddressSanitizer, what a reset has taken back may not be touched. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

#define BLOCK_BYTES (16u << 10)
#define ALIGN 16u

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(ALIGN) unsigned char data[];
};

struct arena {
    struct block *first, *now; /* blocks behind `now` are empty */
};

static struct block *block_new(size_t size)
{
    struct block *b = malloc(sizeof *b + size);
    if (!b)
        abort();
    *b = (struct block){.size = size};
    ASAN_POISON_MEMORY_REGION(b->data, size);
    return b;
}

struct arena *arena_new(void)
{
    struct arena *a = NEW(struct arena);
    a->first = a->now = block_new(BLOCK_BYTES);
    return a;
}

void arena_free(struct arena **a)
{
    if (!*a)
        return;
    for (struct block *b = (*a)->first, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(*a);
    *a = NULL;
}

static void empty(struct block *b)
{
    b->used = 0;
    ASAN_POISON_MEMORY_REGION(b->data, b->size);
}

void arena_reset(struct arena *a)
{
    /* Blocks made for one large thing go, so that it does not stay for ever. */
    for (struct block **at = &a->first->next; *at;) {
        struct block *b = *at;
        empty(b);
        if (b->size > BLOCK_BYTES) {
            *at = b->next;
            free(b);
        } else {
            at = &b->next;
        }
    }
    empty(a->first);
    a->now = a->first;
}

static struct block *room_for(struct arena *a, size_t bytes)
{
    while (a->now->size - a->now->used < bytes) {
        if (!a->now->next || a->now->next->size < bytes) {
            struct block *b = block_new(bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES);
            b->next = a->now->next;
            a->now->next = b;
        }
        a->now = a->now->next;
    }
    return a->now;
}

void *arena_alloc_in(struct arena *a, size_t bytes)
{
    if (bytes > SIZE_MAX / 2)
        abort();
    size_t rounded = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    struct block *b = room_for(a, rounded);
    void *p = b->data + b->used;
    b->used += rounded;
    ASAN_UNPOISON_MEMORY_REGION(p, bytes);
    memset(p, 0, bytes);
    return p;
}

char *arena_dup_in(struct arena *a, struct str s)
{
    char *p = arena_alloc_in(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return p;
}

char *arena_printf_in(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        abort();
    char *p = arena_alloc_in(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

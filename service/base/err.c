#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/str.h"

struct row {
    int status;
    enum err_fault fault;
    const char *slug, *zh, *en;
};

static const struct row rows[ERR_N] = {
#define X(name, status, fault, slug, zh, en) {status, ERR_FAULT_##fault, slug, zh, en},
    ERR_TABLE(X)
#undef X
};

int err_status(enum err e)
{
    return rows[e].status;
}

enum err_fault err_fault(enum err e)
{
    return rows[e].fault;
}

const char *err_slug(enum err e)
{
    return rows[e].slug;
}

const char *err_title(enum err e, int chinese)
{
    return chinese ? rows[e].zh : rows[e].en;
}

/* By way of a copy: an argument may be b->text itself, with more in front of it. What is cut is cut
   at a character, because the text goes into JSON. */
__attribute__((format(printf, 3, 0))) static void fill(struct errbuf *b, const char *pointer,
                                                       const char *fmt, va_list ap)
{
    char text[2 * sizeof b->text];
    char where[sizeof b->pointer];
    vsnprintf(text, sizeof text, fmt, ap);
    str_copy(where, sizeof where, str_of(pointer));
    str_copy(b->text, sizeof b->text, str_of(text));
    memcpy(b->pointer, where, sizeof where);
}

enum err err_set(struct errbuf *b, enum err e, const char *fmt, ...)
{
    if (!b)
        return e;
    va_list ap;
    va_start(ap, fmt);
    fill(b, "", fmt, ap);
    va_end(ap);
    return e;
}

enum err err_field(struct errbuf *b, const char *pointer, const char *fmt, ...)
{
    if (!b)
        return ERR_BAD_FIELD;
    va_list ap;
    va_start(ap, fmt);
    fill(b, pointer, fmt, ap);
    va_end(ap);
    return ERR_BAD_FIELD;
}

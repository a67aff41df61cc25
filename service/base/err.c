#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

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

enum err err_set(struct errbuf *b, enum err e, const char *fmt, ...)
{
    if (!b)
        return e;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(b->text, sizeof b->text, fmt, ap);
    va_end(ap);
    b->pointer[0] = 0;
    return e;
}

enum err err_field(struct errbuf *b, const char *pointer, const char *fmt, ...)
{
    if (!b)
        return ERR_BAD_FIELD;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(b->text, sizeof b->text, fmt, ap);
    va_end(ap);
    snprintf(b->pointer, sizeof b->pointer, "%s", pointer);
    return ERR_BAD_FIELD;
}

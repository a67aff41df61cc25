#include "model/past.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void add(struct outcomes *to, const struct outcomes *more)
{
    to->kept += more->kept;
    to->failed += more->failed;
    to->answered += more->answered;
    to->refused += more->refused;
}

static void insert(struct past *p, int at, int month)
{
    p->v = mem_grow(p->v, (size_t)p->n + 1, sizeof *p->v);
    memmove(p->v + at + 1, p->v + at, (size_t)(p->n - at) * sizeof *p->v);
    p->v[at] = (struct outcomes){.month = month};
    p->n++;
}

static void forget(struct past *p)
{
    int old = 0;
    while (p->v[old].month <= p->v[p->n - 1].month - PAST_MONTHS)
        old++;
    p->n -= old;
    memmove(p->v, p->v + old, (size_t)p->n * sizeof *p->v);
}

void past_add(struct past *p, const struct outcomes *more)
{
    int at = p->n;
    if (!more->kept && !more->failed && !more->answered && !more->refused)
        return;
    while (at && p->v[at - 1].month > more->month)
        at--;
    if (!at || p->v[at - 1].month < more->month)
        insert(p, at++, more->month);
    add(&p->v[at - 1], more);
    forget(p);
}

void past_add_all(struct past *p, const struct past *more)
{
    for (int i = 0; i < more->n; i++)
        past_add(p, &more->v[i]);
}

struct outcomes past_sum(const struct past *p, int month)
{
    struct outcomes sum = {.month = month};
    for (int i = 0; i < p->n; i++)
        if (p->v[i].month > month - PAST_MONTHS && p->v[i].month <= month)
            add(&sum, &p->v[i]);
    return sum;
}

void past_deinit(struct past *p)
{
    free(p->v);
    *p = (struct past){NULL, 0};
}

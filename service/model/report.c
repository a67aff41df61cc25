#include "model/report.h"

#include <stdlib.h>

#define X(name, code, ...) code,
static const char *const codes[FIGURE_N] = {FIGURE_TABLE(X)};
#undef X
#define X(name, code, zh, ...) zh,
static const char *const names[FIGURE_N] = {FIGURE_TABLE(X)};
#undef X
#define X(name, code, zh, in, en) en,
static const char *const formulas[FIGURE_N] = {FIGURE_TABLE(X)};
#undef X
#define X(name, code, zh, in, en) FIGURE_IN_##in,
static const enum figure_in ins[FIGURE_N] = {FIGURE_TABLE(X)};
#undef X

const char *figure_code(enum figure f)
{
    return codes[f];
}

const char *figure_zh(enum figure f)
{
    return names[f];
}

const char *figure_formula(enum figure f)
{
    return formulas[f];
}

enum figure_in figure_in(enum figure f)
{
    return ins[f];
}

void report_deinit(struct report *r)
{
    tally_deinit(&r->sum);
    free(r->days);
    free(r->places);
    free(r->helpers);
    r->days = NULL;
    r->places = NULL;
    r->helpers = NULL;
    r->n_days = r->n_places = r->n_helpers = 0;
}

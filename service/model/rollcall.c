#include "model/rollcall.h"

#include <stdlib.h>
#include <string.h>

#include "base/codes.h"

#define X(name, code) code,
static const char *const codes[VISIT_STATE_N] = {VISIT_STATE_TABLE(X)};
#undef X

CODES_DEFINE(visit_state, visit_state, codes)

void visit_free(struct visit **v)
{
    if (!*v)
        return;
    free((*v)->decided_by);
    free((*v)->note);
    free(*v);
    *v = NULL;
}

static bool flags(const char *tag)
{
    size_t n = strlen(tag);
    for (int f = 0; f < FLAG_N; f++) {
        const char *code = flag_code((enum flag)f);
        size_t m = strlen(code);
        if (n >= m && !strcmp(tag + n - m, code))
            return true;
    }
    return false;
}

bool visit_wanted(const struct party *p)
{
    for (int i = 0; i < p->tags.n; i++)
        if (flags(p->tags.v[i]))
            return true;
    return false;
}

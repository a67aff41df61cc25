#include "model/rollcall.h"

#include <stdlib.h>
#include <string.h>

#define X(name, code) code,
static const char *const codes[VISIT_STATE_N] = {VISIT_STATE_TABLE(X)};
#undef X

const char *visit_state_code(enum visit_state s)
{
    return codes[s];
}

bool visit_state_parse(struct str code, enum visit_state *s_r)
{
    for (int i = 0; i < VISIT_STATE_N; i++)
        if (str_is(code, codes[i])) {
            *s_r = (enum visit_state)i;
            return true;
        }
    return false;
}

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

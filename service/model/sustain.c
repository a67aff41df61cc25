#include "model/sustain.h"

#include <stdlib.h>

#define CODE(name, code) code,
#define CODE_AND_PARSE(thing, THING)                                                               \
    static const char *const thing##_codes[] = {THING##_TABLE(CODE)};                              \
    const char *thing##_code(enum thing v)                                                         \
    {                                                                                              \
        return thing##_codes[v];                                                                   \
    }                                                                                              \
    bool thing##_parse(struct str code, enum thing *v_r)                                           \
    {                                                                                              \
        for (int i = 0; i < THING##_N; i++)                                                        \
            if (str_is(code, thing##_codes[i])) {                                                  \
                *v_r = (enum thing)i;                                                              \
                return true;                                                                       \
            }                                                                                      \
        return false;                                                                              \
    }
CODE_AND_PARSE(outbound_kind, OUTBOUND_KIND)
CODE_AND_PARSE(match_outcome, MATCH_OUTCOME)
CODE_AND_PARSE(advice_kind, ADVICE_KIND)

void habit_free(struct habit **h)
{
    if (!*h)
        return;
    free((*h)->sender);
    free((*h)->word);
    free((*h)->unit);
    free(*h);
    *h = NULL;
}

#include "model/label.h"
#include "model/slots.h"

#define ARRAY(name, TABLE, N) static const char *const name[N] = {TABLE(ROW)};
#define ROW(name, code, ...) code,
ARRAY(intent_codes, INTENT_TABLE, INTENT_N)
ARRAY(category_codes, CATEGORY_TABLE, CATEGORY_N)
ARRAY(urgency_codes, URGENCY_TABLE, URGENCY_N)
ARRAY(mode_codes, MODE_TABLE, MODE_N)
ARRAY(flag_codes, FLAG_TABLE, FLAG_N)
ARRAY(place_relation_codes, PLACE_RELATION_TABLE, PLACE_RELATION_N)
#undef ROW
#define ROW(name, code, zh, ...) zh,
ARRAY(category_names, CATEGORY_TABLE, CATEGORY_N)
ARRAY(urgency_names, URGENCY_TABLE, URGENCY_N)
#undef ROW

static int find(const char *const *codes, int n, struct str code)
{
    for (int i = 0; i < n; i++)
        if (str_is(code, codes[i]))
            return i;
    return -1;
}

#define CODE_AND_PARSE(thing, N)                                                                   \
    const char *thing##_code(enum thing v)                                                         \
    {                                                                                              \
        return thing##_codes[v];                                                                   \
    }                                                                                              \
    bool thing##_parse(struct str code, enum thing *v_r)                                           \
    {                                                                                              \
        int i = find(thing##_codes, N, code);                                                      \
        if (i >= 0)                                                                                \
            *v_r = (enum thing)i;                                                                  \
        return i >= 0;                                                                             \
    }
CODE_AND_PARSE(intent, INTENT_N)
CODE_AND_PARSE(category, CATEGORY_N)
CODE_AND_PARSE(urgency, URGENCY_N)
CODE_AND_PARSE(mode, MODE_N)
CODE_AND_PARSE(flag, FLAG_N)
CODE_AND_PARSE(place_relation, PLACE_RELATION_N)

const char *category_zh(enum category v)
{
    return category_names[v];
}

const char *urgency_zh(enum urgency v)
{
    return urgency_names[v];
}

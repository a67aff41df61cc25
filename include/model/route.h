/* Which way a proposal goes. The codes are part of the API and of policy tables. */
#ifndef LINLI_MODEL_ROUTE_H
#define LINLI_MODEL_ROUTE_H

#include <stdbool.h>

#include "base/str.h"

#define ROUTE_TABLE(X)                                                                             \
    X(SELF, "self")     /* neighbours settled it among themselves */                               \
    X(AUTO, "auto")     /* posted by itself */                                                     \
    X(REVIEW, "review") /* waits for a person */                                                   \
    X(CASE, "case")     /* not proposed: a case for the responsible party */                       \
    X(REFUSE, "refuse") /* not proposed */
enum route {
#define X(name, code) ROUTE_##name,
    ROUTE_TABLE(X)
#undef X
        ROUTE_N
};
const char *route_code(enum route r);
bool route_parse(struct str code, enum route *r_r);

#endif

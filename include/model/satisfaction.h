/* What somebody says of how they were served; 接诉即办 counts 基本满意 in part. */
#ifndef LINLI_MODEL_SATISFACTION_H
#define LINLI_MODEL_SATISFACTION_H

#include <stdbool.h>

#include "base/str.h"

#define SATISFACTION_TABLE(X)                                                                      \
    X(NONE, "") /* not said */                                                                     \
    X(SATISFIED, "satisfied")                                                                      \
    X(FAIRLY_SATISFIED, "fairly_satisfied") /* 基本满意 */                                     \
    X(DISSATISFIED, "dissatisfied")
enum satisfaction {
#define X(name, code) SATISFACTION_##name,
    SATISFACTION_TABLE(X)
#undef X
        SATISFACTION_N
};
const char *satisfaction_code(enum satisfaction s);
bool satisfaction_parse(struct str code, enum satisfaction *s_r);

#endif

#include "model/alert.h"

#include <stdlib.h>

#include "base/codes.h"

#define X(name, code) code,
static const char *const codes[ALERT_STATE_N] = {ALERT_STATE_TABLE(X)};
#undef X

CODES_DEFINE(alert_state, alert_state, codes)

void alert_free(struct alert **a)
{
    if (!*a)
        return;
    free((*a)->kind);
    free((*a)->message);
    free((*a)->text);
    free((*a)->seen_by);
    free(*a);
    *a = NULL;
}

#include "model/sustain.h"

#include <stdlib.h>

#include "base/codes.h"

#define CODE(name, code) code,
static const char *const outbound_kinds[] = {OUTBOUND_KIND_TABLE(CODE)};
static const char *const match_outcomes[] = {MATCH_OUTCOME_TABLE(CODE)};
static const char *const advice_kinds[] = {ADVICE_KIND_TABLE(CODE)};
CODES_DEFINE(outbound_kind, outbound_kind, outbound_kinds)
CODES_DEFINE(match_outcome, match_outcome, match_outcomes)
CODES_DEFINE(advice_kind, advice_kind, advice_kinds)

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

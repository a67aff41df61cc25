#include "model/labelled.h"

#include <stddef.h>

#define CODE(name, code) code,
static const char *const hows[] = {LABEL_HOW_TABLE(CODE)};

const char *label_how_code(enum label_how h)
{
    return hows[h];
}

bool label_how_parse(struct str code, enum label_how *h_r)
{
    for (int i = 0; i < LABEL_HOW_N; i++)
        if (str_is(code, hows[i])) {
            *h_r = (enum label_how)i;
            return true;
        }
    return false;
}

bool intent_opens(enum intent i)
{
    return i == INTENT_REQUEST || i == INTENT_OFFER || i == INTENT_REPORT;
}

void labels_settle(struct labels *l)
{
    if (!intent_opens(l->intent))
        *l = (struct labels){.intent = l->intent, .urgency = URGENCY_NORMAL};
    if (l->intent == INTENT_REPORT)
        l->mode = MODE_NONE;
}

const char *labels_refused(const struct labels *l)
{
    bool common = l->category == CATEGORY_FACILITY || l->category == CATEGORY_NUISANCE ||
                  l->category == CATEGORY_SAFETY || l->category == CATEGORY_OTHER;
    if (intent_opens(l->intent) && l->category == CATEGORY_NONE)
        return "category: a request, an offer and a report have one";
    if (l->intent == INTENT_REPORT && !common)
        return "category: a report is facility, nuisance, safety or other";
    return NULL;
}

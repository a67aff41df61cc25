#include "model/labelled.h"

#include <stddef.h>

#include "base/codes.h"

#define CODE(name, code) code,
static const char *const hows[] = {LABEL_HOW_TABLE(CODE)};

CODES_DEFINE(label_how, label_how, hows)

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

#include "model/label.h"

#include "base/codes.h"
#include "model/slots.h"

#define ARRAY(name, TABLE, N) static const char *const name[N] = {TABLE(ROW)};
#define ROW(name, code, ...) code,
ARRAY(intent_codes, INTENT_TABLE, INTENT_N)
ARRAY(category_codes, CATEGORY_TABLE, CATEGORY_N)
ARRAY(urgency_codes, URGENCY_TABLE, URGENCY_N)
ARRAY(mode_codes, MODE_TABLE, MODE_N)
ARRAY(flag_codes, FLAG_TABLE, FLAG_N)
ARRAY(place_relation_codes, PLACE_RELATION_TABLE, PLACE_RELATION_N)
ARRAY(contact_kind_codes, CONTACT_KIND_TABLE, CONTACT_KIND_N)
#undef ROW
#define ROW(name, code, zh, ...) zh,
ARRAY(category_names, CATEGORY_TABLE, CATEGORY_N)
ARRAY(urgency_names, URGENCY_TABLE, URGENCY_N)
#undef ROW

CODES_DEFINE(intent, intent, intent_codes)
CODES_DEFINE(category, category, category_codes)
CODES_DEFINE(urgency, urgency, urgency_codes)
CODES_DEFINE(mode, mode, mode_codes)
CODES_DEFINE(flag, flag, flag_codes)
CODES_DEFINE(place_relation, place_relation, place_relation_codes)
CODES_DEFINE(contact_kind, contact_kind, contact_kind_codes)

const char *category_zh(enum category v)
{
    return category_names[v];
}

const char *urgency_zh(enum urgency v)
{
    return urgency_names[v];
}

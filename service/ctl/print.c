#include "ctl_priv.h"

#include <stdio.h>
#include <string.h>

#include "model/lifecycle.h"

static const struct {
    const char *code, *zh;
} states[] = {{"proposed", "已提出"}, {"in_review", "待审核"}, {"approved", "待发出"},
              {"posted", "已发到群"}, {"agreed", "已约定"},    {"fulfilled", "已办成"},
              {"closed", "已结束"},   {"rejected", "已驳回"},  {"declined", "已婉拒"},
              {"lapsed", "已失效"},   {"undone", "已撤销"}};

static const char *state_zh(const char *code)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (!strcmp(states[i].code, code))
            return states[i].zh;
    return code;
}

static void print_side(const char *label, const struct json *post)
{
    const char *text = json_get_z(post, "text", ""), *who = json_get_z(post, "sender_name", "");
    printf("  %s %s%s%s\n", label, who, who[0] ? "：" : "", text);
}

static void print_resource(const struct json *resource)
{
    const struct json *items = json_get(resource, "items");
    printf("  资源 %s：", json_get_z(resource, "party", ""));
    for (const struct json *v = json_first(items); v; v = json_next(v))
        printf("%s%s", v == json_first(items) ? "" : "、", json_string(v) ? json_string(v) : "");
    const char *notes = json_get_z(resource, "notes", "");
    printf("%s%s\n", notes[0] ? "；" : "", notes);
}

static void print_reasons(const struct json *match)
{
    const struct json *reasons = json_get(match, "reasons");
    printf("  理由");
    for (const struct json *r = json_first(reasons); r; r = json_next(r))
        printf(" %s %+.2f%s%s%s", json_get_z(r, "name", ""), json_get_number(r, "part", 0),
               json_get_z(r, "text", "")[0] ? "（" : "", json_get_z(r, "text", ""),
               json_get_z(r, "text", "")[0] ? "）" : "");
    putchar('\n');
}

void print_match(const struct json *match, const struct json *request, const struct json *offer,
                 const struct json *resource)
{
    bool blind = json_get_bool(match, "blind", false);
    printf("%s  [%s] ", json_get_z(match, "id", ""), state_zh(json_get_z(match, "state", "")));
    if (blind)
        puts("盲审：请先用 correct 说出您的判断  (blind: say with correct how you read it)");
    else
        printf("%s  %.2f\n", json_get_z(match, "category", ""), json_get_number(match, "score", 0));
    if (json_type(request) == JSON_OBJECT)
        print_side("求助", request);
    if (json_type(offer) == JSON_OBJECT)
        print_side("提供", offer);
    if (json_type(resource) == JSON_OBJECT)
        print_resource(resource);
    if (!blind)
        print_reasons(match);
}

/* What tells two things of one kind apart when one was lost and one was found: their colour. */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "match/rank.h"

/* Words of one colour stand in one row; what is nearly the same to a person who describes a thing
   from memory is the same here. A Chinese colour is one character, and may stand in any name
   (黄同学, 白菜): it is a thing's where 色, 的 or 框 is behind it. */
static const struct {
    const char *zh, *en[4];
} colours[] = {
    {"黑", {"black"}},          {"白", {"white"}},
    {"红", {"red", "maroon"}},  {"粉", {"pink"}},
    {"黄", {"yellow", "gold"}}, {"绿", {"green"}},
    {"蓝", {"blue", "navy"}},   {"紫", {"purple", "violet"}},
    {"灰", {"grey", "gray"}},   {"棕", {"brown"}},
    {"橙", {"orange"}},         {"银", {"silver"}},
};

static bool starts(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

static bool behind(const char *text, const char *at, const char *word)
{
    return at - text >= (ptrdiff_t)strlen(word) && starts(at - strlen(word), word);
}

/* 白色, 白的, 粉红色 (which is no red); not 明白的. */
static bool has_zh(const char *text, const char *zh)
{
    bool red = !strcmp(zh, "红");
    for (const char *at = text; (at = strstr(at, zh)); at += strlen(zh)) {
        const char *next = at + strlen(zh);
        if (!red && starts(next, "红"))
            next += strlen("红");
        if (behind(text, at, "明") || (red && behind(text, at, "粉")))
            continue;
        if (starts(next, "色") || starts(next, "的") || starts(next, "框"))
            return true;
    }
    return false;
}

static bool has_en(const char *text, const char *en)
{
    size_t n = strlen(en);
    for (const char *at = text; (at = strcasestr(at, en)); at += n)
        if ((at == text || !isalpha((unsigned char)at[-1])) && !isalpha((unsigned char)at[n]))
            return true;
    return false;
}

static unsigned colours_in(const char *text)
{
    unsigned set = 0;
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
        bool has = has_zh(text, colours[i].zh);
        for (int k = 0; k < 4 && colours[i].en[k] && !has; k++)
            has = has_en(text, colours[i].en[k]);
        set |= has ? 1u << i : 0;
    }
    return set;
}

enum colours match_colours(const char *a, const char *b)
{
    unsigned x = colours_in(a), y = colours_in(b);
    if (!x || !y)
        return COLOURS_UNSAID;
    return x & y ? COLOURS_SHARED : COLOURS_DIFFER;
}

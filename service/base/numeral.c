#include "base/numeral.h"

#include <string.h>

#define HAN 3 /* bytes of such a character */

static int digit_at(const char *at)
{
    static const char *const digits[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    if (!strncmp(at, "两", HAN) || !strncmp(at, "兩", HAN))
        return 2;
    for (int i = 0; i < 9; i++)
        if (!strncmp(at, digits[i], HAN))
            return i + 1;
    return 0;
}

/* 十, 十二, 三十, 三十五, 五. */
static int han_at(const char *at, const char **behind)
{
    int n = digit_at(at);
    const char *p = n ? at + HAN : at;
    *behind = p;
    if (strncmp(p, "十", HAN) != 0)
        return n;
    p += HAN;
    int ones = digit_at(p);
    *behind = ones ? p + HAN : p;
    return (n ? n : 1) * 10 + ones;
}

int numeral_at(const char *at, const char **behind)
{
    int n = 0;
    for (*behind = at; **behind >= '0' && **behind <= '9'; ++*behind)
        n = n < NUMERAL_MOST ? n * 10 + (**behind - '0') : n;
    return *behind > at ? n : han_at(at, behind);
}

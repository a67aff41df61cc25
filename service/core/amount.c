/* How much is asked, to be had, and taken. */
#include "core_priv.h"

#include <string.h>

#define MOST 1000
#define HELP_TIMES 3 /* of somebody who offers a hand and names no number */

/* Units that count things or people; a weight, a length or a time is no number of parts. */
static bool counts(const char *unit)
{
    static const char *const units[] = {
        "",   "个", "只", "袋", "盒", "包", "瓶", "箱", "把", "张", "本", "件", "双", "条",
        "台", "辆", "份", "套", "桶", "罐", "支", "块", "位", "人", "名", "户", "桌", "副",
        "顶", "床", "片", "颗", "枚", "次", "盆", "碗", "杯", "棵", "根", "对", "卷", "提",
        "盘", "板", "趟", "座", "间", "单", "头", "匹", "册", "粒", "听", "筐", "捆", "串"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!strcmp(units[i], unit))
            return true;
    return false;
}

static bool is_people(const char *unit)
{
    return !strcmp(unit, "位") || !strcmp(unit, "人") || !strcmp(unit, "名") ||
           !strcmp(unit, "个人");
}

static double said_number(const struct slots *slots)
{
    double q = slots->quantity;
    bool people = is_people(slots->unit);
    return q >= 1 && q < MOST && (people || counts(slots->unit)) ? q : 0;
}

/* 一家10个, 每户两袋, 一人一份: what one taker gets; 0 when it is not said. */
static int share_of(const char *text)
{
    static const char *const heads[] = {"一家", "每家", "每户", "一户", "每人", "一人", "各家"};
    static const char *const numbers[] = {"一", "两", "三", "四", "五",
                                          "六", "七", "八", "九", "十"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const char *at = strstr(text, heads[i]);
        if (!at)
            continue;
        at += strlen(heads[i]);
        if (!strncmp(at, "限", strlen("限")))
            at += strlen("限");
        if (*at >= '1' && *at <= '9')
            return at[1] >= '0' && at[1] <= '9' ? (*at - '0') * 10 + at[1] - '0' : *at - '0';
        for (int k = 0; k < 10; k++)
            if (!strncmp(at, numbers[k], strlen(numbers[k])))
                return k + 1;
    }
    return 0;
}

/* Offers are counted in the parts that takers get. */
double amount_asked(const struct core *c, const struct said *s, enum side side)
{
    double n = said_number(&s->reading.slots);
    int share = side == SIDE_OFFER ? share_of(s->m->text) : 0;
    (void)c;
    if (share && n > share)
        return (double)(int)(n / share);
    if (n > 0)
        return n;
    if (side == SIDE_OFFER && s->reading.mode == MODE_HELP)
        return HELP_TIMES;
    return 1;
}

double amount_claimed(const struct said *s, const struct post *p)
{
    double n = said_number(&s->reading.slots), left = post_left(p);
    if (p->side == SIDE_REQUEST) {
        if (is_people(p->slots.unit) || p->category == CATEGORY_VOLUNTEER)
            return n > 0 && is_people(s->reading.slots.unit) ? n : 1;
        return n > 0 && n < left ? n : left;
    }
    double all = said_number(&p->slots);
    double share = all > p->asked && p->asked > 0 ? all / p->asked : 1;
    double parts = n > share ? (double)(int)(n / share + 0.5) : 1;
    bool people = p->category == CATEGORY_VEHICLE; /* seats: all of a party ride, or none */
    return parts > left && left > 0 && !people ? left : parts;
}

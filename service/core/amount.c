/* How much is asked, to be had, and taken. */
#include "core_priv.h"

#include <string.h>

#include "base/numeral.h"

#define MOST 1000
#define HELP_TIMES 3   /* of somebody who offers a hand and names no number */
#define PLENTY_TIMES 6 /* of more than one can use, told in no number */
#define THINGS_MOST 6  /* of what one message gives away together */

/* Units that count things or people; a weight, a length or a time is no number of parts. */
static const char *const part_units[] = {
    "",   "个", "只", "袋", "盒", "包", "瓶", "箱", "把", "张", "本", "件", "双", "条", "台",
    "辆", "份", "套", "桶", "罐", "支", "块", "位", "人", "名", "户", "桌", "副", "顶", "床",
    "片", "颗", "枚", "次", "盆", "碗", "杯", "棵", "根", "对", "卷", "提", "盘", "板", "趟",
    "座", "间", "单", "头", "匹", "册", "粒", "听", "筐", "捆", "串", "屉", "笼"};

static bool counts(const char *unit)
{
    for (size_t i = 0; i < sizeof part_units / sizeof *part_units; i++)
        if (!strcmp(part_units[i], unit))
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

/* 6个月, 3个小时, 2个多: no number of things. */
static bool is_measure(const char *behind)
{
    static const char *const words[] = {"月", "小时", "钟", "星期", "礼拜", "多", "半"};
    if (strncmp(behind, "个", strlen("个")) != 0)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncmp(behind + strlen("个"), words[i], strlen(words[i])))
            return true;
    return false;
}

/* The largest number in the text with that unit behind it, but for the one at `but` (or NULL); 0:
   there is none. */
static int most_of(const char *text, const char *unit, const char *but)
{
    int most = 0;
    for (const char *at = text, *behind; *at;) {
        int n = numeral_at(at, &behind);
        if (n > most && at != but && !is_measure(behind) && !strncmp(behind, unit, strlen(unit)))
            most = n;
        at = behind > at ? behind : at + 1;
    }
    return most;
}

static int most_of_any(const char *text, const char *const *units)
{
    int most = 0;
    for (; *units; units++) {
        int n = most_of(text, *units, NULL);
        most = n > most ? n : most;
    }
    return most;
}

/* How many ride along: 我们三个人, 两位. */
static int heads_in(const char *text)
{
    static const char *const units[] = {"个人", "位", "人", "座", "个座", "口", NULL};
    return most_of_any(text, units);
}

/* A thing that takers carry away, whatever was read as its mode: there is one. */
static bool is_carried_off(const char *text)
{
    static const char *const words[] = {"拿走", "搬走", "抱走", "攞走", "拎走", "自取", "自提"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

/* 一箱, 一大把: there are more in it. */
static bool holds_many(const char *unit)
{
    static const char *const units[] = {"箱", "袋", "筐", "锅", "捆", "堆",
                                        "盆", "包", "桶", "把", "串"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!strcmp(unit, units[i]))
            return true;
    return false;
}

/* 吃不完, 一大箱, 大家随便拿: for many, each a part. */
static bool is_plenty(const struct said *s)
{
    static const char *const many[] = {"一大箱", "一大袋", "一大筐",        "一大捆", "一大把",
                                       "一大包", "一大堆", "一大盆",        "一大锅", "一堆",
                                       "随便拿", "大家拿", "不完",          "不少",   "好多",
                                       "很多",   "管够",   "help yourself", "plenty", NULL};
    static const char *const food[] = {
        "多了", "多做了", "多蒸了", "多煮了", "多包了", "多买了", "多炖了", "分点",  "分给", "分几",
        "分食", "尝",     "要的",   "谁要",   "自己拿", "来拿",   "some ",  "extra", NULL};
    return find_any(&s->words, many) ||
           (s->reading.category == CATEGORY_FOOD && find_any(&s->words, food));
}

/* 闲置婴儿床: a word for whatever is given away, beside the thing itself. */
static bool is_any_thing(const char *word)
{
    static const char *const words[] = {"闲置", "闲置物品", "旧物", "东西",
                                        "物品", "物资",     "宝贝", "垃圾"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(word, words[i]))
            return true;
    return false;
}

/* 书架一个 圆桌一个: as many parts as things. */
static int things_in(const struct said *s)
{
    enum category c = s->reading.category;
    const struct slots *slots = &s->reading.slots;
    int n = 0;
    if (c != CATEGORY_GOODS && c != CATEGORY_BABY && c != CATEGORY_DAILY && c != CATEGORY_TOOLS)
        return 0;
    for (int i = 0; i < slots->n_items; i++) {
        int k = 0;
        while (k < i && slots->items[k].concept != slots->items[i].concept)
            k++;
        n += k == i && !is_any_thing(slots->items[i].word);
    }
    return n > THINGS_MOST ? THINGS_MOST : n;
}

#define UNIT_BYTES 3 /* one character */

/* 一家10个, 每户两袋, 一人一份: what one taker gets; 0 when it is not said. */
struct share {
    int n;
    const char *at; /* in the text */
    char unit[UNIT_BYTES + 1];
};

static struct share share_of(const char *text)
{
    static const char *const heads[] = {"一家", "每家", "每户", "一户", "每人", "一人", "各家"};
    static const char *const limits[] = {"最多", "限", "领", "拿"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const char *at = strstr(text, heads[i]), *behind;
        if (!at)
            continue;
        at += strlen(heads[i]);
        for (size_t k = 0; k < sizeof limits / sizeof *limits; k++)
            if (!strncmp(at, limits[k], strlen(limits[k])))
                at += strlen(limits[k]);
        struct share found = {.n = numeral_at(at, &behind), .at = at};
        str_copy(found.unit, sizeof found.unit, str_clip_utf8(str_of(behind), UNIT_BYTES));
        if (found.n)
            return found;
    }
    return (struct share){.n = 0};
}

static bool begins_with_unit(const char *text)
{
    for (size_t i = 0; i < sizeof part_units / sizeof *part_units; i++)
        if (part_units[i][0] && !strncmp(text, part_units[i], strlen(part_units[i])))
            return true;
    return false;
}

/* 来三家分了, 够两户分: 0 where it does not say. */
static int families_in(const char *text)
{
    static const char *const words[] = {"家分", "户分", "家来分", "家匀", NULL};
    return most_of_any(text, words);
}

/* 分三袋, 分成四份: the parts that it is divided in; 0: it does not say. */
static int divided_in(const char *text)
{
    int families = families_in(text);
    for (const char *at = text, *behind; !families && (at = strstr(at, "分"));) {
        at += strlen("分");
        if (!strncmp(at, "成", strlen("成")))
            at += strlen("成");
        int n = numeral_at(at, &behind);
        if (n > 1 && begins_with_unit(behind))
            return n;
    }
    return families;
}

/* Those wanted, by what they are called: 两个力气大的, 四个壮劳力. */
static int hands_in(const char *text)
{
    static const char *const units[] = {"个力气", "个有力", "个劲",   "个壮",   "个大力",
                                        "个大汉", "个小伙", "个年轻", "个青年", "个汉子",
                                        "个男",   "个劳力", "个帮手", "个邻居", "个师傅",
                                        "个兄弟", "个志愿", "个会",   "名",     NULL};
    int heads = heads_in(text), hands = most_of_any(text, units);
    return hands > heads ? hands : heads;
}

/* 一台旧钢琴要抬下来，求四个有力气的: it is they who are counted, and not what they carry. */
static bool wants_hands(const struct said *s)
{
    return s->reading.mode == MODE_HELP &&
           (s->reading.category == CATEGORY_MOVING || s->reading.category == CATEGORY_VOLUNTEER);
}

/* Units of what is carried off. 单 and 座 would find houses, 个 and 次 times, 人 and 位 people. */
static const char *const of_things[] = {"只", "袋", "盒", "包", "瓶", "箱", "本", "件",
                                        "双", "条", "份", "套", "桶", "罐", "支", "颗",
                                        "枚", "盆", "碗", "棵", "根", "捆", "串", NULL};

/* Offers are counted in the parts that takers get. 一箱, 送6个, 一家两个: of the numbers in it the
   one counts that is told in the share's own unit. */
double amount_asked(const struct said *s, enum side side)
{
    double n = said_number(&s->reading.slots);
    struct share share = {.n = 0};
    if (side == SIDE_OFFER)
        share = share_of(s->m->text);
    int all = share.n && share.unit[0] ? most_of(s->m->text, share.unit, share.at) : 0;
    if (all > n)
        n = all;
    if (share.n && n > share.n)
        return (double)(int)(n / share.n);
    int parts = side == SIDE_OFFER ? divided_in(s->m->text) : 0;
    if (parts)
        return parts;
    if (side == SIDE_OFFER && s->reading.mode != MODE_LEND) {
        const char *unit = s->reading.slots.unit;
        int most = unit[0] && counts(unit) ? most_of(s->m->text, unit, share.at) : 0;
        n = most > n ? most : n;
        if (n <= 0)
            n = most_of_any(s->m->text, of_things);
        if ((n <= 0 || (n <= 1 && holds_many(unit))) && is_plenty(s)) { /* 一筐，约三十枚 */
            int in_it = most_of_any(s->m->text, of_things);
            return in_it > PLENTY_TIMES ? in_it : PLENTY_TIMES;
        }
        if (things_in(s) > 1 && things_in(s) > n)
            return things_in(s);
    }
    int hands = side == SIDE_REQUEST && wants_hands(s) ? hands_in(s->m->text) : 0;
    if (hands > n)
        return hands;
    if (n > 0)
        return n;
    if (side == SIDE_OFFER && s->reading.category == CATEGORY_VEHICLE && heads_in(s->m->text))
        return heads_in(s->m->text);
    if (side == SIDE_OFFER && s->reading.mode == MODE_HELP && !is_carried_off(s->m->text))
        return HELP_TIMES;
    return 1;
}

bool amount_is_mixed(const struct post *p)
{
    uint16_t only = 0;
    for (int i = 0; i < p->slots.n_items; i++) {
        uint16_t concept = p->slots.items[i].concept;
        if (is_any_thing(p->slots.items[i].word))
            continue;
        if (only && concept != only)
            return true;
        only = concept;
    }
    return false;
}

/* No number of things above one, no list of them, and nothing that can be done for many. */
bool amount_is_single(const struct post *p)
{
    const char *behind;
    if (p->side != SIDE_OFFER || p->asked > 1 || (p->mode == MODE_HELP && !is_carried_off(p->text)))
        return false;
    for (const char *at = p->text; *at; at++)
        if (numeral_at(at, &behind) > 1 && !is_measure(behind) && begins_with_unit(behind))
            return false;
    return !amount_is_mixed(p);
}

/* Seats: all of a party ride, or none. */
static double seats_claimed(const struct said *s)
{
    int n = heads_in(s->m->text), coming = heads_coming(&s->words);
    n = coming > n ? coming : n;
    return n > 0 ? n : 1;
}

/* Who comes with company may be more than are still wanted; all that are, they are then. */
static double hands_claimed(const struct said *s, double left)
{
    double n = said_number(&s->reading.slots);
    int coming = heads_coming(&s->words);
    if (!is_people(s->reading.slots.unit) || n < coming)
        n = coming;
    return n > left && left > 0 ? left : n > 0 ? n : 1;
}

/* 缺两个人手: who answers is one of them. */
static bool asks_for_hands(const struct post *p)
{
    bool work = p->category == CATEGORY_MOVING || p->category == CATEGORY_VOLUNTEER;
    return p->mode == MODE_HELP && p->asked > 1 &&
           (work ? hands_in(p->text) : heads_in(p->text)) >= (int)p->asked;
}

/* One person is one of those wanted. */
static bool wants_people(const struct post *p)
{
    return is_people(p->slots.unit) || p->category == CATEGORY_VOLUNTEER || asks_for_hands(p);
}

double amount_each(const struct post *p)
{
    return p->side == SIDE_OFFER || wants_people(p) ? 1 : post_left(p);
}

double amount_claimed(const struct said *s, const struct post *p, double left)
{
    double n = said_number(&s->reading.slots);
    if (p->side == SIDE_REQUEST) {
        if (wants_people(p))
            return hands_claimed(s, left);
        return n > 0 && n < left ? n : left;
    }
    if (p->category == CATEGORY_VEHICLE)
        return n > 1 ? n : seats_claimed(s);
    double all = said_number(&p->slots), share = share_of(p->text).n;
    if (share <= 0)
        share = all > p->asked && p->asked > 0 ? all / p->asked : 1;
    static const char *const rest[] = {"都给我", "都要",   "全要",   "剩下的", "全部",
                                       "包圆",   "都归我", "all of", NULL};
    double parts = n > share ? (double)(int)(n / share + 0.5) : 1;
    if (find_any(&s->words, rest))
        return left > 0 ? left : p->asked;
    return parts > left && left > 0 ? left : parts;
}

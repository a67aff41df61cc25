/* Door numbers in writings too loose for the grammar of places: a reading must not guess, a mask
   must. What is covered here for nothing costs a reader a number; what is missed costs a
   neighbour's privacy. */
#include "mask_priv.h"

#include "scan_priv.h"

#define DOORS_MAX 12 /* on a floor; more only where a word or a dash says that it is a door */
#define FLOORS_MAX 60
#define SPELLED_MAX 12 /* numerals looked at from one place: the time stays linear */

/* What makes of a number a measure, a time or a price. 日 号 月 are not here: 8-1号 is a door, too.
 */
static struct scan_words measures = {
    .list = {"元",    "块",     "年",     "点",   "时",    "分",  "秒",   "人",   "个",    "斤",
             "公斤",  "米",     "毫升",   "ml",   "kg",    "g",   "克",   "度",   "%",     "平",
             "天",    "次",     "万",     "千",   "份",    "位",  "岁",   "w",    "mah",   "v",
             "瓦",    "寸",     "升",     "km",   "公里",  "包",  "袋",   "件",   "套",    "本",
             "张",    "只",     "名",     "盒",   "瓶",    "箱",  "页",   "字",   "级",    "小时",
             "cm",    "mm",     "分钟",   "条",   "周",    "月",  "折",   "am",   "pm",    "期",
             "楼",    "层",     "把",     "根",   "双",    "码",  "路",   "号线", "多",    "左右",
             "以上",  "以内",   "以下",   "里",   "款",    "型",  "单元", "栋",   "幢",    "号楼",
             "座",    "month",  "months", "year", "years", "day", "days", "week", "weeks", "hour",
             "hours", "people", "pcs",    NULL}};
/* Before a number: money, or a name that has one. */
static struct scan_words prices = {.list = {"￥", "¥", "$", "价", "价格", "满", "减", "充", NULL}};
static struct scan_words helplines = {.list = {"110", "119", "120", "122", NULL}};

struct number {
    size_t from, to;
    long value;
    int digits;
};

static bool number_at(struct str s, size_t *at, struct number *n)
{
    n->from = *at;
    if (!scan_is_digit(s, *at) || !scan_digits(s, at, &n->value))
        return false;
    n->to = *at;
    n->digits = (int)(n->to - n->from);
    return n->digits <= 4 && !scan_is_digit(s, *at);
}

static bool is_room(const struct number *n, long doors)
{
    long floor = n->value / 100, door = n->value % 100;
    return n->digits >= 3 && floor >= 1 && floor <= FLOORS_MAX && door >= 1 && door <= doors;
}

static bool is_year(const struct number *n)
{
    return n->digits == 4 && (n->value / 100 == 19 || n->value / 100 == 20);
}

/* What is covered already stays as it is. */
static bool touches_stars(struct str s, size_t from, size_t to)
{
    return (from > 0 && s.p[from - 1] == '*') || (to < s.n && s.p[to] == '*') ||
           (to + 1 < s.n && s.p[to + 1] == '*');
}

static bool is_measured(struct str s, size_t to)
{
    size_t at = to;
    scan_blanks(s, &at);
    return scan_peek_any(s, at, &measures) ||
           (to + 1 < s.n && (s.p[to] == ':' || s.p[to] == '.') && scan_is_digit(s, to + 1));
}

static bool goes_back(struct str s, size_t from)
{
    return from > 1 && s.p[from - 1] && strchr(":.-/", s.p[from - 1]) && scan_is_digit(s, from - 2);
}

static bool set(struct door *d, size_t from, size_t to)
{
    *d = (struct door){from, to};
    return true;
}

/* 8-1, 5-2-1801, 3#-1502, 2/601: the building may stay where a room of three digits follows. */
static bool chain_at(struct str s, size_t *at, struct door *d)
{
    static struct scan_words dashes = {.list = {"-", "#-", "#", "—", "–", "/", ".", "_", NULL}};
    struct number first, last;
    size_t i = *at, next;
    int parts = 1;
    bool loose = false; /* may be a fraction */

    if (!number_at(s, &i, &first) || goes_back(s, first.from))
        return false;
    last = first;
    for (next = i; parts < 4 && scan_any(s, &next, &dashes) >= 0; next = i, parts++) {
        loose = loose || s.p[i] == '/' || s.p[i] == '.';
        if (!number_at(s, &next, &last))
            break;
        i = next;
    }
    *at = i;
    if (parts < 2 || is_year(&first) || is_measured(s, i) || touches_stars(s, first.from, i) ||
        (loose && !is_room(&last, 99)))
        return false;
    return set(d, is_room(&last, 99) ? last.from : first.from, i);
}

/* a1203, a-1203; unit 1203; #12. A word of more letters is a product's name. */
static bool lettered_at(struct str s, size_t *at, struct door *d)
{
    static struct scan_words words = {.list = {"unit", "apt", "flat", "suite", "room", "rm", "door",
                                               "floor", "ste", "no.", "#", NULL}};
    struct number n;
    size_t i = *at;
    bool word = scan_any(s, &i, &words) >= 0;

    if (word) {
        scan_blanks(s, &i);
        scan_lit(s, &i, "#");
    } else {
        if (!scan_is_letter(s, i))
            return false;
        i++;
        scan_lit(s, &i, "-");
    }
    if ((*at > 0 && scan_is_letter(s, *at) && scan_is_letter(s, *at - 1)) ||
        !number_at(s, &i, &n) || touches_stars(s, n.from, i) || !is_room(&n, 99))
        return false;
    if (scan_is_letter(s, i) && !scan_is_letter(s, i + 1))
        i++;
    *at = i;
    return set(d, n.from, i);
}

/* 1203 alone, with nothing beside it that makes it something else. */
static bool bare_at(struct str s, size_t *at, struct door *d)
{
    struct number n;
    size_t i = *at;

    if (!number_at(s, &i, &n) || !is_room(&n, DOORS_MAX) || is_year(&n) || is_measured(s, i) ||
        touches_stars(s, n.from, i) || goes_back(s, n.from) || scan_behind(s, n.from, &prices) ||
        (n.digits == 3 && scan_peek_any(s, n.from, &helplines)))
        return false;
    if ((n.from > 0 && (scan_is_letter(s, n.from - 1) || s.p[n.from - 1] == '-')) ||
        (scan_is_letter(s, i) && scan_is_letter(s, i + 1)))
        return false;
    *at = i;
    return set(d, n.from, i);
}

/* 三零二, 幺八零幺: read out figure by figure, as only doors, years and telephones are. */
static bool spelled_at(struct str s, size_t *at, struct door *d)
{
    size_t i = *at, next = *at;
    int n = 0, zeros = 0, v;

    while (n < SPELLED_MAX && next < s.n && !scan_is_digit(s, next) &&
           (v = scan_numeral(s, &next)) >= 0) {
        zeros += v == 0 || scan_peek(s, i, "幺");
        n++;
        i = next;
    }
    *at = i;
    if (n < 3 || !zeros || scan_peek(s, i, "年") || scan_peek(s, i, "后"))
        return false;
    return set(d, d->from, i);
}

/* 12楼b户, 三楼左户: the side of a floor is a door, too. */
static bool side_at(struct str s, size_t *at, struct door *d)
{
    static struct scan_words floors = {.list = {"楼", "层", "的", NULL}};
    static struct scan_words sides = {.list = {"左户", "右户", "东户", "西户", "南户", "北户",
                                               "中户", "左边户", "右边户", "东边户", "西边户",
                                               "中间户", NULL}};
    size_t i = *at;

    if (!scan_behind(s, *at, &floors))
        return false;
    if (scan_any(s, &i, &sides) < 0) {
        if (!scan_is_letter(s, i))
            return false;
        i++;
        if (!scan_lit(s, &i, "户"))
            return false;
    }
    *at = i;
    return set(d, d->from, i);
}

/* An account, a card, an order: nobody in a group needs it whole. */
static bool long_at(struct str s, size_t *at, struct door *d)
{
    size_t i = *at;

    while (scan_is_digit(s, i))
        i++;
    if (i - *at < 7 || touches_stars(s, *at, i))
        return false;
    *at = i;
    return set(d, d->from, i);
}

static bool door_at(struct str s, size_t *at, struct door *d)
{
    static bool (*const readers[])(struct str, size_t *, struct door *) = {
        long_at, chain_at, lettered_at, bare_at, spelled_at, side_at};
    size_t k, start = *at;

    for (k = 0; k < sizeof readers / sizeof *readers; k++) {
        *d = (struct door){start, start};
        *at = start;
        if (readers[k](s, at, d))
            return true;
    }
    *at = start;
    return false;
}

bool door_next(struct str s, size_t *at, struct door *out)
{
    while (*at < s.n) {
        if (door_at(s, at, out))
            return true;
        if (scan_is_digit(s, *at))
            while (scan_is_digit(s, *at))
                ++*at;
        else
            *at += scan_char_bytes(s, *at);
    }
    return false;
}

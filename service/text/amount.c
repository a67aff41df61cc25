#include "amount_priv.h"

#include "scan_priv.h"

/* Measure words; the unit as it is given out. */
static const struct {
    const char *word, *unit;
} measures[] = {
    {"袋", "袋"},      {"斤", "斤"},      {"公斤", "公斤"},  {"千克", "公斤"}, {"kg", "公斤"},
    {"克", "克"},      {"g", "克"},       {"吨", "吨"},      {"个", "个"},     {"只", "只"},
    {"条", "条"},      {"张", "张"},      {"把", "把"},      {"瓶", "瓶"},     {"盒", "盒"},
    {"箱", "箱"},      {"包", "包"},      {"件", "件"},      {"桶", "桶"},     {"台", "台"},
    {"本", "本"},      {"双", "双"},      {"套", "套"},      {"块", "块"},     {"片", "片"},
    {"罐", "罐"},      {"支", "支"},      {"枝", "支"},      {"颗", "颗"},     {"粒", "粒"},
    {"份", "份"},      {"位", "位"},      {"名", "名"},      {"人", "人"},     {"升", "升"},
    {"l", "升"},       {"毫升", "毫升"},  {"ml", "毫升"},    {"米", "米"},     {"辆", "辆"},
    {"间", "间"},      {"床", "床"},      {"卷", "卷"},      {"提", "提"},     {"捆", "捆"},
    {"串", "串"},      {"棵", "棵"},      {"朵", "朵"},      {"副", "副"},     {"对", "对"},
    {"根", "根"},      {"束", "束"},      {"壶", "壶"},      {"碗", "碗"},     {"杯", "杯"},
    {"顶", "顶"},      {"盆", "盆"},      {"筐", "筐"},      {"篮", "篮"},     {"板", "板"},
    {"听", "听"},      {"扎", "扎"},      {"沓", "沓"},      {"部", "部"},     {"架", "架"},
    {"盏", "盏"},      {"艘", "艘"},      {"封", "封"},      {"株", "株"},     {"盘", "盘"},
    {"头", "头"},      {"匹", "匹"},      {"兜", "兜"},      {"坨", "坨"},     {"餐", "餐"},
    {"顿", "顿"},      {"趟", "趟"},      {"次", "次"},      {"bags", "袋"},   {"bag", "袋"},
    {"boxes", "箱"},   {"box", "箱"},     {"bottles", "瓶"}, {"bottle", "瓶"}, {"packs", "包"},
    {"pack", "包"},    {"packets", "包"}, {"packet", "包"},  {"cans", "罐"},   {"can", "罐"},
    {"pairs", "双"},   {"pair", "双"},    {"pieces", "个"},  {"sets", "套"},   {"set", "套"},
    {"jin", "斤"},     {"cartons", "箱"}, {"carton", "箱"},  {"rolls", "卷"},  {"people", "人"},
    {"kilos", "公斤"}, {"litres", "升"},  {"liters", "升"},  {"loaves", "条"}, {"cups", "杯"},
    {"tins", "罐"},
};

/* What looks like a measure word and is none. */
static const char *const not_measures[] = {
    "个小时",   "个钟", "个月", "个星期", "个礼拜", "个多月", "个多小时", "个人在家", "个劲",
    "个半小时", "人间", "条路", "条街",   "块钱",   "块一",   "块/",      "次性",     "本正经",
    "把年纪",   "套房", "只要", "只有",   "只能",   "张嘴",   "对一",     "位于",     "口气",
    "次元",     "米高", "米长", "米宽",   "米以",   "块左右", "块包邮",   "名称",     "对话",
    "对面",     "间接", "床上", "只是",   "头疼",   "头痛",   "部分",     "提供",     "提前",
    "条龙",     "把手", "个点", "块出",   "块收",   "块不",   "次核酸",   NULL};

static const char *const numbers[] = {"a dozen",     "half a dozen", "dozen", "one",    "two",
                                      "three",       "four",         "five",  "six",    "seven",
                                      "eight",       "nine",         "ten",   "twelve", "twenty",
                                      "a couple of", "couple of",    NULL};
static const double number_values[] = {12, 6, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 2, 2};

static int measure_at(struct str s, size_t *at)
{
    size_t i, n, best = 0;
    int found = -1;

    if (*at >= s.n || !(scan_class(s, *at) & SCAN_MEASURE) || scan_peek_any(s, *at, not_measures))
        return -1;
    for (i = 0; i < sizeof measures / sizeof *measures; i++) {
        n = *at;
        if (!scan_lit(s, &n, measures[i].word))
            continue;
        n -= *at;
        if (n > best && !(scan_is_letter(s, *at) && scan_is_letter(s, *at + n))) {
            best = n;
            found = (int)i;
        }
    }
    *at += best;
    return found;
}

/* 3, 2.5, 两, 十来, 20多, 半, 一两, 两三 */
static bool number_at(struct str s, size_t *at, double *v_r)
{
    static const char *const roughly[] = {"来", "多", "几", NULL};
    size_t i = *at, next;
    long v, f;
    int d;

    if (scan_lit(s, &i, "半")) {
        *v_r = 0.5;
        *at = i;
        return true;
    }
    next = i; /* 两三个: the first of the two */
    d = scan_numeral(s, &next);
    if (d > 0 && (v = scan_numeral(s, &next)) == d + 1) {
        size_t word = next;

        if (measure_at(s, &word) >= 0) {
            *v_r = d;
            *at = next;
            return true;
        }
    }
    if (!scan_integer(s, &i, &v))
        return false;
    *v_r = (double)v;
    next = i;
    if (scan_lit(s, &next, ".") && scan_is_digit(s, next)) {
        double scale = 1;
        size_t start = next;

        if (scan_digits(s, &next, &f)) {
            for (; start < next; start++)
                scale *= 10;
            *v_r += (double)f / scale;
            i = next;
        }
    }
    scan_any(s, &i, roughly);
    *at = i;
    return true;
}

static bool take(struct amount_match *m, size_t from, size_t to, double quantity, const char *unit)
{
    m->from = from;
    m->to = to;
    m->quantity = quantity;
    str_copy(m->unit, sizeof m->unit, str_of(unit));
    return true;
}

static bool latin_amount_at(struct str s, size_t *at, struct amount_match *m)
{
    size_t i = *at;
    int k = scan_any(s, &i, numbers), unit;
    double v;

    if (k < 0)
        return false;
    v = number_values[k];
    scan_blanks(s, &i);
    unit = measure_at(s, &i);
    if (unit < 0 && k > 2) /* "two" alone counts nothing that we know */
        return false;
    take(m, *at, i, v, unit < 0 ? "个" : measures[unit].unit);
    *at = i;
    return true;
}

static bool dozen_at(struct str s, size_t *at, double v, struct amount_match *m)
{
    static const char *const not_dozens[] = {"打算", "打电话", "打开", "打扰", "打车",
                                             "打架", "打包",   "打折", "打听", "打印",
                                             "打扫", "打气",   NULL};
    size_t i = *at;

    if (scan_peek_any(s, i, not_dozens) || !scan_lit(s, &i, "打"))
        return false;
    *at = i;
    return take(m, m->from, i, v * 12, "个");
}

static bool amount_at(struct str s, size_t *at, struct amount_match *m)
{
    size_t i = *at, word;
    double v;
    int k;

    m->from = *at;
    if (scan_lit(s, &i, "俩") || scan_lit(s, &i, "仨")) {
        take(m, *at, i, scan_peek(s, *at, "俩") ? 2 : 3, "个");
        *at = i;
        return true;
    }
    if (scan_is_letter(s, i))
        return latin_amount_at(s, at, m);
    if (!number_at(s, &i, &v) || v <= 0 || v > 1000000)
        return false;
    scan_blanks(s, &i);
    scan_lit(s, &i, "大");
    scan_lit(s, &i, "小");
    if (dozen_at(s, &i, v, m)) {
        *at = i;
        return true;
    }
    word = i;
    k = measure_at(s, &i);
    if (k < 0)
        return false;
    if (scan_lit(s, &i, "半") && !scan_peek(s, i, "天"))
        v += 0.5;
    m->plain =
        v == 1 && scan_peek(s, *at, "一") && (scan_peek(s, word, "个") || scan_peek(s, word, "人"));
    take(m, *at, i, v, measures[k].unit);
    *at = i;
    return true;
}

static bool may_begin(struct str s, size_t at)
{
    if (scan_is_digit(s, at))
        return at == 0 || !(scan_is_digit(s, at - 1) || s.p[at - 1] == '.' || s.p[at - 1] == ':' ||
                            s.p[at - 1] == '-');
    if (scan_is_letter(s, at))
        return at == 0 || !scan_is_letter(s, at - 1);
    return (scan_class(s, at) & SCAN_NUMBER) && (at < 3 || !scan_peek(s, at - 3, "第"));
}

bool amount_next(struct str s, size_t *at, struct amount_match *out)
{
    while (*at < s.n) {
        size_t start = *at;

        *out = (struct amount_match){.from = start};
        if (may_begin(s, start) && amount_at(s, at, out))
            return true;
        *at = start + scan_char_bytes(s, start);
        while (scan_is_digit(s, start) && scan_is_digit(s, *at))
            ++*at;
        while (scan_is_letter(s, start) && scan_is_letter(s, *at))
            ++*at;
    }
    return false;
}

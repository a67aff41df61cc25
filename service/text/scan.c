#include "scan_priv.h"

#include "normal_priv.h"

#define HAN_FIRST 0x4E00
#define HAN_LAST 0x9FFF

static unsigned char han_classes[HAN_LAST - HAN_FIRST + 1];
static unsigned char ascii_classes[128];

static void add_class(const char *chars, unsigned char class)
{
    struct str s = str_of(chars);
    size_t at = 0;

    while (at < s.n) {
        uint32_t cp = normal_next(s, &at);

        if (cp < 128)
            ascii_classes[cp] |= class;
        else if (cp >= HAN_FIRST && cp <= HAN_LAST)
            han_classes[cp - HAN_FIRST] |= class;
    }
}

unsigned scan_class(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    uint32_t cp;

    if (*p < 0x80)
        return ascii_classes[*p];
    if (*p < 0xE4 || *p > 0xE9 || at + 3 > s.n)
        return 0;
    cp = (*p & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    return cp >= HAN_FIRST ? han_classes[cp - HAN_FIRST] : 0;
}

/* The first two characters of every time that does not begin with a number, as bits of a filter:
   what is not in it is no time, what is in it may be one. */
#define PAIR_BITS 4096
static uint64_t time_pairs[PAIR_BITS / 64];

static unsigned pair_of(uint32_t a, uint32_t b)
{
    return (a * 31 + b * 7) % PAIR_BITS;
}

static void fill_time_pairs(void)
{
    static const char pairs[] =
        "今天今日今晚今早今夜今儿今晨今个今朝明天明日明晚明早明儿明晨明个听日后天后日后晚后早大后大"
        "清昨天昨晚昨日昨夜前天当天当晚"
        "第二周一周二周三周四周五周六周日周天周末周1周2周3周4周5周6周7星期礼拜这周这个这星这礼本周"
        "本月本星下周下个下星下礼下下"
        "下月下午下昼下底月底月末年底年末再过过一过两过半过几过1过2过3现在立刻马上这会此刻长期常年"
        "全年一直即日从今从现凌晨清晨"
        "早上早晨早间早1早2早3早4早5早6早7早8早9早六早七早八早九早十早五上午中午正午午间午后傍晚晚"
        "上晚间晚1晚2晚3晚4晚5晚6晚7"
        "晚8晚9晚六晚七晚八晚九晚十晚五夜里夜间夜晚半夜深夜晌午朝早截止截至直到最晚最迟这月"
        "除夕年三大年春节正月冬月腊月农历阴历旧历元宵元旦清明端午中元中秋重阳国庆劳动儿童教师情人五"
        "一"
        "六一七夕腊八平安圣诞冬至明朝后儿次日翌日听晚听朝明后今明上周上个上星上礼上上上月去年前年明"
        "年"
        "今年昨儿前晚晏昼晚饭零点";
    struct str s = {pairs, sizeof pairs - 1};
    size_t at = 0;

    while (at < s.n) {
        uint32_t a = normal_next(s, &at);
        unsigned bit = pair_of(a, normal_next(s, &at));

        time_pairs[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

bool scan_may_be_time(struct str s, size_t at)
{
    static const char *const lengths[] = {"个小时", "个钟", "个星", "个礼",
                                          "个月",   "个半", "个多", NULL};
    unsigned class = scan_class(s, at);
    uint32_t a;
    unsigned bit;

    if (class & SCAN_WHEN) {
        size_t i = at;
        int n = 0;

        while (i < s.n && n++ < 8 && scan_class(s, i) & (SCAN_NUMBER | SCAN_WHEN))
            i += scan_char_bytes(s, i);
        if (scan_peek(s, i, "个"))
            return scan_peek_any(s, i, lengths);
        if (i < s.n && (scan_class(s, i) & SCAN_CLOCK || (unsigned char)s.p[i] < 0x80))
            return true;
        if (i > at + 3 && scan_class(s, scan_before(s, i)) & SCAN_CLOCK)
            return true; /* 半 is a number and a unit */
    }
    if ((unsigned char)s.p[at] < 0xE4)
        return false;
    a = normal_next(s, &at);
    if (at >= s.n)
        return false;
    bit = pair_of(a, normal_next(s, &at));
    return time_pairs[bit / 64] >> bit % 64 & 1;
}

void scan_fill_classes(void)
{
    add_class("0123456789", SCAN_NUMERAL | SCAN_NUMBER | SCAN_WHEN);
    add_class("零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两", SCAN_NUMERAL | SCAN_NUMBER);
    add_class("十拾百佰千仟半俩仨", SCAN_NUMBER);
    add_class("十两半", SCAN_WHEN);
    add_class("一二三四五六七八九", SCAN_WHEN);
    add_class("点时月日号天小分周个半刻来多到至年钟礼星", SCAN_CLOCK);
    add_class(
        "袋斤公千克吨个只条张把瓶盒箱包件桶台本双套块片罐支枝颗粒份位名人升毫米辆间床卷提捆串"
        "棵朵副对根"
        "节幅束壶碗杯顶盆筐篮板听扎沓部架盏艘封株盘头匹兜坨餐顿趟次abcdefghijklmnopqrstuvwxyz",
        SCAN_MEASURE);
    fill_time_pairs();
    add_class("楼隔旁对前后本我咱俺这整同udntmob小花家苑新公", SCAN_NEAR);
    add_class("楼上下壁边面门栋幢单们这哋个一区园村馆", SCAN_NEARER);
    add_class("+卫味魏溦球微威薇维徽绿加扣企群qvw", SCAN_CONTACT);
}

/* Bytes of the literal if the text goes on with it, else 0. Most comparisons end at the third byte,
   so no length is counted first. */
static inline size_t match(struct str s, size_t at, const char *literal)
{
    const char *p = s.p + at, *end = s.p + s.n;
    size_t n = 0;

    while (literal[n] && p + n < end && p[n] == literal[n])
        n++;
    return literal[n] ? 0 : n;
}

bool scan_peek(struct str s, size_t at, const char *literal)
{
    return match(s, at, literal) > 0;
}

bool scan_lit(struct str s, size_t *at, const char *literal)
{
    size_t n = match(s, *at, literal);

    *at += n;
    return n > 0;
}

int scan_any(struct str s, size_t *at, const char *const *list)
{
    size_t best = 0, n;
    int i, found = -1;

    for (i = 0; list[i]; i++) {
        n = match(s, *at, list[i]);
        if (n > best && !(scan_is_letter(s, *at + n - 1) && scan_is_letter(s, *at + n))) {
            best = n;
            found = i;
        }
    }
    *at += best;
    return found;
}

bool scan_peek_any(struct str s, size_t at, const char *const *list)
{
    return scan_any(s, &at, list) >= 0;
}

void scan_blanks(struct str s, size_t *at)
{
    while (*at < s.n && s.p[*at] == ' ')
        ++*at;
}

bool scan_behind(struct str s, size_t at, const char *const *list)
{
    int i;

    for (i = 0; list[i]; i++) {
        size_t n = strlen(list[i]);

        if (n <= at && memcmp(s.p + at - n, list[i], n) == 0)
            return true;
    }
    return false;
}

bool scan_digits(struct str s, size_t *at, long *v_r)
{
    size_t i = *at;
    long v = 0;

    while (scan_is_digit(s, i) && i - *at < 10)
        v = v * 10 + (s.p[i++] - '0');
    if (i == *at || i - *at > 9)
        return false;
    *at = i;
    *v_r = v;
    return true;
}

/* Every numeral is three bytes long; the table is searched by its character. */
int scan_numeral(struct str s, size_t *at)
{
    static const char numerals[] = "零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖幺两";
    static const signed char values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0,
                                         1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2};
    size_t i;

    if (*at + 3 > s.n || !(scan_class(s, *at) & SCAN_NUMERAL || memcmp(s.p + *at, "〇", 3) == 0))
        return -1;
    for (i = 0; i < sizeof values; i++)
        if (memcmp(s.p + *at, numerals + 3 * i, 3) == 0) {
            *at += 3;
            return values[i];
        }
    return -1;
}

static long scan_unit(struct str s, size_t *at)
{
    static const char *const units[] = {"十", "拾", "百", "佰", "千", "仟", "万", NULL};
    static const long values[] = {10, 10, 100, 100, 1000, 1000, 10000};
    int i = scan_any(s, at, units);

    return i < 0 ? 0 : values[i];
}

/* 一五零二: numerals in a row, each a digit. */
static bool spelled(struct str s, size_t *at, long *v_r)
{
    size_t i = *at, next;
    int n = 0, d;
    long v = 0;

    for (next = i; n < 9 && (d = scan_numeral(s, &next)) >= 0; n++) {
        v = v * 10 + d;
        i = next;
    }
    if (n < 2 || scan_numeral(s, &next) >= 0 || scan_unit(s, &next) > 0)
        return false;
    *at = i;
    *v_r = v;
    return true;
}

/* 三百二十, 十五, 一百零五, 两万; a last numeral without its unit has the next lower one (一百二).
   Units must fall, so 二十二十 is two numbers. */
static bool composed(struct str s, size_t *at, long *v_r)
{
    long total = 0, section = 0, last_unit = 100000;
    size_t i = *at, start = *at;

    for (;;) {
        size_t next = i;
        int d = scan_numeral(s, &next);
        long unit;

        if (d == 0 && i != start) { /* 一百零五 */
            i = next;
            last_unit = 10;
            continue;
        }
        unit = scan_unit(s, &next);
        if ((d < 0 && unit == 0) || unit >= last_unit)
            break;
        i = next;
        if (unit == 10000) {
            total = (section + (d >= 0 ? d : section ? 0 : 1)) * unit;
            section = 0;
        } else {
            section +=
                unit ? (d < 0 ? 1 : d) * unit : d * (last_unit == 100000 ? 1 : last_unit / 10);
        }
        if (!unit)
            break;
        last_unit = unit;
    }
    if (i == start)
        return false;
    *at = i;
    *v_r = total + section;
    return true;
}

bool scan_integer(struct str s, size_t *at, long *v_r)
{
    if (*at >= s.n)
        return false;
    if ((unsigned char)s.p[*at] < 0x80)
        return scan_digits(s, at, v_r);
    return spelled(s, at, v_r) || composed(s, at, v_r);
}

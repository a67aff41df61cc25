#include "scan_priv.h"

#include <stdatomic.h>

#include "normal_priv.h"

#define HAN_FIRST 0x4E00
#define HAN_LAST 0x9FFF

static uint16_t han_classes[HAN_LAST - HAN_FIRST + 1];
static uint16_t ascii_classes[128];

static void add_class(const char *chars, uint16_t class)
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

/* The place of the Han character at `at` in a table, or -1. */
static inline int han_at(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    uint32_t cp;

    if (at + 3 > s.n || *p < 0xE4 || *p > 0xE9)
        return -1;
    cp = (*p & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    return cp >= HAN_FIRST ? (int)(cp - HAN_FIRST) : -1;
}

unsigned scan_class(struct str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];
    int han;

    if (c < 0x80)
        return ascii_classes[c];
    han = han_at(s, at);
    return han >= 0 ? han_classes[han] : 0;
}

/* 1 + the value of a Han numeral, FIGURE_UNIT and on for 十 百 千 万, 0 for all others. */
#define FIGURE_UNIT 11
static unsigned char han_figures[HAN_LAST - HAN_FIRST + 1];

static void add_figures(const char *chars, int first)
{
    struct str s = str_of(chars);
    size_t at;

    for (at = 0; at < s.n; at += 3)
        han_figures[han_at(s, at)] = (unsigned char)first++;
}

static void fill_figures(void)
{
    add_figures("零一二三四五六七八九十百千万", 1);
    add_figures("壹贰叁肆伍陆柒捌玖拾佰仟", 2);
    add_figures("幺两", 2);
}

static inline int figure_at(struct str s, size_t at)
{
    int han = han_at(s, at);

    if (han >= 0)
        return han_figures[han];
    return at + 3 <= s.n && memcmp(s.p + at, "〇", 3) == 0;
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
        "双休除夕年三大年春节正月冬月腊月农历阴历旧历元宵元旦清明端午中元中秋重阳国庆劳动儿童教师情"
        "人五"
        "一"
        "六一七夕腊八平安圣诞冬至明朝后儿次日翌日听晚听朝明后今明上周上个上星上礼上上上月去年前年明"
        "年"
        "今年昨儿前晚晏昼晚饭零点初一初二初三初四初五初六初七初八初九初十";
    struct str s = {pairs, sizeof pairs - 1};
    size_t at = 0;

    while (at < s.n) {
        uint32_t a = normal_next(s, &at);
        unsigned bit = pair_of(a, normal_next(s, &at));

        han_classes[a - HAN_FIRST] |= SCAN_DAY;
        time_pairs[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

bool scan_may_be_time(struct str s, size_t at)
{
    static struct scan_words lengths = {
        .list = {"个小时", "个钟", "个星", "个礼", "个月", "个半", "个多", NULL}};
    unsigned class = scan_class(s, at);
    uint32_t a;
    unsigned bit;

    if (class & SCAN_WHEN) {
        size_t i = at;
        int n = 0;

        while (i < s.n && n++ < 8 && scan_class(s, i) & (SCAN_NUMBER | SCAN_WHEN))
            i += scan_char_bytes(s, i);
        if (scan_peek(s, i, "个"))
            return scan_peek_any(s, i, &lengths);
        if (i < s.n && (scan_class(s, i) & SCAN_CLOCK || (unsigned char)s.p[i] < 0x80))
            return true;
        if (i > at + 3 && scan_class(s, scan_before(s, i)) & SCAN_CLOCK)
            return true; /* 半 is a number and a unit */
    }
    if (!(class & SCAN_DAY))
        return false;
    a = normal_next(s, &at);
    if (at >= s.n)
        return false;
    bit = pair_of(a, normal_next(s, &at));
    return time_pairs[bit / 64] >> bit % 64 & 1;
}

/* The first two letters of every English word that begins a place, a time or an amount. */
static unsigned char latin_pairs[26][26];

static void add_latin(const char *pairs, unsigned char set)
{
    for (; *pairs; pairs += 2)
        latin_pairs[pairs[0] - 'a'][pairs[1] - 'a'] |= set;
}

static void fill_latin_pairs(void)
{
    add_latin("atapbublenfltormrounupdoneopmyouth", SCAN_AT_PLACE);
    add_latin("rinoaslo"             /* right now, long term */
              "inwianha"             /* in, an hour */
              "bebyuntitoaffrst"     /* words beside a point */
              "totmyelathda"         /* days */
              "jafemaapmajuauseocde" /* months */
              "motuwethfrsasuonne"   /* days of the week */
              "ontwfofisiseeinite"   /* numbers */
              "el"
              "evnimichat",
              SCAN_AT_WHEN);
    add_latin("dohaanontwthfofisiseeinite"
              "co",
              SCAN_AT_AMOUNT);
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
    fill_figures();
    fill_time_pairs();
    fill_latin_pairs();
    add_class("楼隔旁对前后本我咱俺这整同udntmob小花家苑新公", SCAN_NEAR);
    add_class("楼上下壁边面门栋幢单们这哋个一区园村馆", SCAN_NEARER);
    add_class("栋幢座号楼单门舍公宿层室房户屋区院到至和", SCAN_DOOR);
    add_class("凌清早一大上中正午下傍晚夜半深晌朝晏", SCAN_PART);
    add_class("洞拐勾再杠空然后接", SCAN_RUN);
    add_class("+卫味魏溦球微威薇维徽绿加扣企群qvw", SCAN_CONTACT);
}

/* 一下, 一起: the commonest of numerals in words that count nothing. */
static bool is_idle_one(struct str s, size_t at)
{
    static const char words[] = "下起样定直般切旦向律概贯心并辈";
    size_t i;

    if (at + 6 > s.n || memcmp(s.p + at, "一", 3) != 0)
        return false;
    for (i = 0; i + 3 < sizeof words; i += 3)
        if (memcmp(s.p + at + 3, words + i, 3) == 0)
            return true;
    return false;
}

/* Behind the number that begins at `at`: its characters and its end. */
static size_t number_end(struct str s, size_t at, int *chars_r)
{
    int n = 0;

    while (at < s.n && n < 12 && scan_class(s, at) & SCAN_NUMBER) {
        at += scan_char_bytes(s, at);
        n++;
    }
    *chars_r = n;
    return at;
}

/* A number with the word of a part behind it, or one that may be a room's. */
static bool may_be_place(struct str s, size_t at)
{
    int chars;
    size_t end = number_end(s, at, &chars);

    return chars <= 5 &&
           (chars >= 3 || (end < s.n && (!scan_is_han(s, end) || scan_class(s, end) & SCAN_DOOR)));
}

/* Figures that a time's word, a mark of dates and clocks, or a word of letters follows. */
static bool may_be_clock(struct str s, size_t at)
{
    size_t end = at;

    while (scan_is_digit(s, end))
        end++;
    if (end == s.n || (end - at > 4 && end - at != 8))
        return false;
    if ((unsigned char)s.p[end] < 0x80)
        return scan_is_letter(s, end) || strchr(" :-./~", s.p[end]) != NULL;
    return !scan_is_han(s, end) || scan_class(s, end) & (SCAN_CLOCK | SCAN_NUMBER) ||
           scan_may_be_time(s, end);
}

/* At a word's first letter: b栋 and `a bag of` have no second one. */
static unsigned starts_of_word(struct str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];

    if (scan_is_letter(s, at + 1))
        return latin_pairs[c - 'a'][s.p[at + 1] - 'a'];
    return SCAN_AT_PLACE | (c == 'a' ? SCAN_AT_AMOUNT : 0);
}

static unsigned starts_of_latin(struct str s, size_t at, unsigned class)
{
    unsigned char c = (unsigned char)s.p[at];
    unsigned set = class & SCAN_CONTACT || c == '@' ? SCAN_AT_CONTACT : 0;

    if (scan_is_digit(s, at)) {
        if (at > 0 && scan_is_digit(s, at - 1))
            return SCAN_AT_CONTACT;
        return SCAN_AT_CONTACT | SCAN_AT_AMOUNT | (may_be_place(s, at) ? SCAN_AT_PLACE : 0) |
               (may_be_clock(s, at) ? SCAN_AT_WHEN : 0);
    }
    if (!scan_is_letter(s, at))
        return set;
    if (c == 'l' || c == 'i') /* written for 1 */
        set |= SCAN_AT_CONTACT;
    if (at == 0 || !scan_is_letter(s, at - 1))
        set |= starts_of_word(s, at);
    return set;
}

static unsigned starts_of_han(struct str s, size_t at, unsigned class)
{
    unsigned set = class & SCAN_CONTACT ? SCAN_AT_CONTACT : 0;

    if (!(class & (SCAN_CONTACT | SCAN_NEAR | SCAN_NUMBER | SCAN_WHEN | SCAN_DAY)))
        return 0; /* most characters */
    if (class & SCAN_NEAR)
        set |= SCAN_AT_PLACE;
    if (class & SCAN_NUMBER && !is_idle_one(s, at)) {
        set |= SCAN_AT_AMOUNT | (class & SCAN_NUMERAL ? SCAN_AT_CONTACT : 0);
        set |= may_be_place(s, at) ? SCAN_AT_PLACE : 0;
    }
    if (scan_may_be_time(s, at))
        set |= SCAN_AT_WHEN;
    return set;
}

unsigned scan_starts(struct str s, unsigned char *starts)
{
    unsigned all = 0;
    size_t at = 0;

    memset(starts, 0, s.n);
    while (at < s.n) {
        unsigned char c = (unsigned char)s.p[at];
        unsigned class = scan_class(s, at), set;

        if (c < 0x80)
            set = starts_of_latin(s, at, class);
        else if (c == 0xE2 || c == 0xE3) /* a figure in a circle, 〇 */
            set = SCAN_AT_CONTACT;
        else
            set = starts_of_han(s, at, class);
        starts[at] = (unsigned char)set;
        all |= set;
        at += scan_char_bytes(s, at);
    }
    return all;
}

size_t scan_next_start(const unsigned char *starts, size_t at, size_t n, unsigned char set)
{
    uint64_t eight, mask = set * UINT64_C(0x0101010101010101);

    for (; at + 8 <= n; at += 8) {
        memcpy(&eight, starts + at, 8);
        if (eight & mask)
            return at + (size_t)__builtin_ctzll(eight & mask) / 8;
    }
    if (at >= n)
        return n;
    if (n >= 8) { /* the last eight, without those passed already */
        memcpy(&eight, starts + n - 8, 8);
        eight = (eight & mask) >> 8 * (8 - (n - at));
        return eight ? at + (size_t)__builtin_ctzll(eight) / 8 : n;
    }
    while (at < n && !(starts[at] & set))
        at++;
    return at;
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

bool scan_word(struct str s, size_t *at, const char *word)
{
    size_t n = match(s, *at, word);

    *at += n;
    return n > 0;
}

/* --- words --------------------------------------------------------------------------------------
 */

/* Which bit of a filter stands for a character of three bytes or more; for a shorter one it is its
   first byte. Bit 0 stands for none: it says that the filters are filled. */
static inline unsigned bit_of(const unsigned char *p)
{
    unsigned bit = (p[0] * 31u + p[1] * 7u + p[2]) % SCAN_FILTER;

    return bit + (bit == 0);
}

static void set_bit(uint64_t filter[SCAN_FILTER / 64], unsigned bit)
{
    filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

static void add_word(uint64_t first[SCAN_FILTER / 64], uint64_t last[SCAN_FILTER / 64],
                     const unsigned char *word, size_t n)
{
    set_bit(first, word[0] < 0xE0 ? word[0] : bit_of(word));
    if (word[n - 1] < 0x80)
        set_bit(last, word[n - 1]);
    else if (n >= 3)
        set_bit(last, bit_of(word + n - 3));
    else /* less than three bytes: no filter */
        memset(last, 0xFF, SCAN_FILTER / 8);
}

/* Several threads may do so at once: each writes the same. */
static void fill_filters(struct scan_words *words)
{
    uint64_t first[SCAN_FILTER / 64] = {0}, last[SCAN_FILTER / 64] = {0};
    int i;

    for (i = 0; words->list[i]; i++)
        add_word(first, last, (const unsigned char *)words->list[i], strlen(words->list[i]));
    for (i = SCAN_FILTER / 64 - 1; i >= 0; i--) {
        atomic_store_explicit(&words->last[i], last[i], memory_order_relaxed);
        atomic_store_explicit(&words->first[i], first[i] | (i == 0), memory_order_release);
    }
}

static inline bool is_filled(struct scan_words *words)
{
    return atomic_load_explicit(&words->first[0], memory_order_acquire) & 1;
}

static inline bool is_in(_Atomic uint64_t *filter, unsigned bit)
{
    return atomic_load_explicit(&filter[bit / 64], memory_order_relaxed) >> bit % 64 & 1;
}

/* False: none of the words begins at `at`, which is in the text. */
static inline bool may_begin(struct scan_words *words, struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;

    if (!is_filled(words))
        fill_filters(words);
    if (*p < 0xE0)
        return is_in(words->first, *p);
    return at + 3 > s.n || is_in(words->first, bit_of(p));
}

/* False: none of them ends there; `at` is not 0. */
static inline bool may_end(struct scan_words *words, struct str s, size_t at)
{
    const unsigned char *end = (const unsigned char *)s.p + at;

    if (!is_filled(words))
        fill_filters(words);
    if (end[-1] < 0x80)
        return is_in(words->last, end[-1]);
    return at < 3 || is_in(words->last, bit_of(end - 3));
}

static int longest_of(struct str s, size_t *at, const char *const *list)
{
    size_t best = 0, n;
    int i, found = -1;
    struct scan_head head = scan_head(s, *at);

    for (i = 0; list[i]; i++) {
        if (!scan_may_be(head, list[i]))
            continue;
        n = match(s, *at, list[i]);
        if (n > best && !(scan_is_letter(s, *at + n - 1) && scan_is_letter(s, *at + n))) {
            best = n;
            found = i;
        }
    }
    *at += best;
    return found;
}

int scan_any(struct str s, size_t *at, struct scan_words *words)
{
    return *at < s.n && may_begin(words, s, *at) ? longest_of(s, at, words->list) : -1;
}

bool scan_peek_any(struct str s, size_t at, struct scan_words *words)
{
    return scan_any(s, &at, words) >= 0;
}

void scan_blanks(struct str s, size_t *at)
{
    while (*at < s.n && s.p[*at] == ' ')
        ++*at;
}

bool scan_behind(struct str s, size_t at, struct scan_words *words)
{
    int i;

    if (at == 0 || !may_end(words, s, at))
        return false;
    for (i = 0; words->list[i]; i++) {
        size_t n = strlen(words->list[i]);

        if (n <= at && memcmp(s.p + at - n, words->list[i], n) == 0)
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

int scan_numeral(struct str s, size_t *at)
{
    int v = figure_at(s, *at) - 1;

    if (v < 0 || v > 9)
        return -1;
    *at += 3;
    return v;
}

static long scan_unit(struct str s, size_t *at)
{
    static const long values[] = {10, 100, 1000, 10000};
    int k = figure_at(s, *at) - FIGURE_UNIT;

    if (k < 0)
        return 0;
    *at += 3;
    return values[k];
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
    if (!figure_at(s, *at))
        return false;
    return spelled(s, at, v_r) || composed(s, at, v_r);
}

#include "when_priv.h"

#include "scan_priv.h"

struct when_base when_base(int64_t now_ms, int zone_min)
{
    struct when_base b = {
        .now_ms = now_ms, .zone_min = zone_min, .now = civil_of_ms(now_ms, zone_min)};
    struct civil day = {.year = b.now.year, .month = b.now.month, .day = b.now.day};

    b.today_ms = civil_to_ms(day, zone_min);
    return b;
}

static void set_days_ahead(struct when_point *p, const struct when_base *b, int ahead, int days)
{
    p->has_day = true;
    p->day_ms = b->today_ms + ahead * DAY_MS;
    p->days = days;
}

/* --- words --------------------------------------------------------------------------------------
 */

/* Words for days; with a part where the word has one (今晚). */
static const struct {
    const char *word;
    signed char ahead, days;
    enum when_part part;
} day_words[] = {
    {"今天", 0, 1, PART_NONE},
    {"今日", 0, 1, PART_NONE},
    {"今晚", 0, 1, PART_EVENING},
    {"今早", 0, 1, PART_MORNING},
    {"今夜", 0, 1, PART_EVENING},
    {"今儿", 0, 1, PART_NONE},
    {"今儿个", 0, 1, PART_NONE},
    {"今晨", 0, 1, PART_MORNING},
    {"今晚黑", 0, 1, PART_EVENING},
    {"当天", 0, 1, PART_NONE},
    {"明天", 1, 1, PART_NONE},
    {"明日", 1, 1, PART_NONE},
    {"明晚", 1, 1, PART_EVENING},
    {"明早", 1, 1, PART_MORNING},
    {"明儿", 1, 1, PART_NONE},
    {"明儿个", 1, 1, PART_NONE},
    {"明个儿", 1, 1, PART_NONE},
    {"明朝", 1, 1, PART_NONE},
    {"明晨", 1, 1, PART_MORNING},
    {"听日", 1, 1, PART_NONE},
    {"听晚", 1, 1, PART_EVENING},
    {"听朝", 1, 1, PART_MORNING},
    {"后天", 2, 1, PART_NONE},
    {"后儿", 2, 1, PART_NONE},
    {"后儿个", 2, 1, PART_NONE},
    {"大后天", 3, 1, PART_NONE},
    {"大后日", 3, 1, PART_NONE},
    {"后日", 2, 1, PART_NONE},
    {"今明", 0, 2, PART_NONE},
    {"今明两天", 0, 2, PART_NONE},
    {"明后", 1, 2, PART_NONE},
    {"明后天", 1, 2, PART_NONE},
    {"明后两天", 1, 2, PART_NONE},
    {"昨天", -1, 1, PART_NONE},
    {"昨儿", -1, 1, PART_NONE},
    {"昨晚", -1, 1, PART_EVENING},
    {"昨日", -1, 1, PART_NONE},
    {"昨夜", -1, 1, PART_EVENING},
    {"前天", -2, 1, PART_NONE},
    {"前晚", -2, 1, PART_EVENING},
    {"大前天", -3, 1, PART_NONE},
    {"today", 0, 1, PART_NONE},
    {"tonight", 0, 1, PART_EVENING},
    {"tomorrow", 1, 1, PART_NONE},
    {"tmr", 1, 1, PART_NONE},
    {"tmrw", 1, 1, PART_NONE},
    {"yesterday", -1, 1, PART_NONE},
    {"last night", -1, 1, PART_EVENING},
    {"后晚", 2, 1, PART_EVENING},
    {"当晚", 0, 1, PART_EVENING},
    {"后早", 2, 1, PART_MORNING},
    {"明个", 1, 1, PART_NONE},
    {"今个", 0, 1, PART_NONE},
    {"今朝", 0, 1, PART_NONE},
    {"第二天", 1, 1, PART_NONE},
    {"次日", 1, 1, PART_NONE},
    {"翌日", 1, 1, PART_NONE},
    {"the day after tomorrow", 2, 1, PART_NONE},
    {"day after tomorrow", 2, 1, PART_NONE},
    {"this evening", 0, 1, PART_EVENING},
    {"this afternoon", 0, 1, PART_AFTERNOON},
    {"this morning", 0, 1, PART_MORNING},
};

static bool named_day_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    static struct scan_words counted = {.list = {"第二天", "次日", "翌日", NULL}};
    static struct scan_words not_days = {.list = {"今日头条", "今日说法", NULL}};
    static struct scan_words befores = {.list = {"以", "之", "年", "月", "周", "期", "提", NULL}};
    size_t i, n, best = 0, which = 0;
    struct scan_head head = scan_head(s, *at);

    for (i = 0; i < sizeof day_words / sizeof *day_words; i++)
        if (n = *at, scan_may_be(head, day_words[i].word) && scan_word(s, &n, day_words[i].word) &&
                         (n -= *at) > best &&
                         !(scan_is_letter(s, *at) && scan_is_letter(s, *at + n))) {
            best = n;
            which = i;
        }
    if (best == 0 || scan_peek_any(s, *at, &not_days) ||
        (scan_peek(s, *at, "前") && scan_behind(s, *at, &befores))) /* 以前晚上 */
        return false;
    p->next_day = scan_peek_any(s, *at, &counted);
    *at += best;
    set_days_ahead(p, b, day_words[which].ahead, day_words[which].days);
    p->part = day_words[which].part;
    return true;
}

/* --- weeks --------------------------------------------------------------------------------------
 */

int when_weekday_at(struct str s, size_t *at)
{
    static struct scan_words english = {.list = {"monday", "tuesday", "wednesday", "thursday",
                                                 "friday", "saturday", "sunday", "mon", "tue",
                                                 "wed", "thu", "fri", "sat", "sun", NULL}};
    static struct scan_words weeks = {.list = {"周", "星期", "礼拜", NULL}};
    size_t i = *at;
    long v;
    int k = scan_is_letter(s, i) ? scan_any(s, &i, &english) : -1;

    if (k >= 0) {
        *at = i;
        return k % 7 + 1;
    }
    if (scan_any(s, &i, &weeks) < 0)
        return -1;
    if (scan_lit(s, &i, "日") || scan_lit(s, &i, "天")) {
        *at = i;
        return 7;
    }
    k = scan_numeral(s, &i);
    if (k < 0 && scan_digits(s, &i, &v))
        k = v < 8 ? (int)v : -1;
    if (k < 1 || k > 7)
        return -1;
    *at = i;
    return k;
}

/* Weeks from this one: 上周 -1, 这周 0, 下周 1, 下下周 2. False: not said. */
static bool week_at(struct str s, size_t *at, int *weeks_r)
{
    static const struct {
        const char *word;
        int weeks;
    } words[] = {{"这个", 0}, {"这", 0},     {"本", 0},      {"this ", 0}, {"下个", 1},
                 {"下", 1},   {"next ", 1},  {"下下个", 2},  {"下下", 2},  {"上个", -1},
                 {"上", -1},  {"last ", -1}, {"上上个", -2}, {"上上", -2}};
    size_t i, n, best = 0;
    struct scan_head head = scan_head(s, *at);

    for (i = 0; i < sizeof words / sizeof *words; i++)
        if (n = *at, scan_may_be(head, words[i].word) && scan_word(s, &n, words[i].word) &&
                         (n -= *at) > best) {
            best = n;
            *weeks_r = words[i].weeks;
        }
    *at += best;
    return best > 0;
}

/* 周六日, 周六、日: Sunday as well; but 周六日期. */
static bool and_sunday_at(struct str s, size_t *at)
{
    static struct scan_words sundays = {.list = {"日", "、日", "/日", NULL}};
    static struct scan_words others = {
        .list = {"期", "子", "间", "常", "本", "出", "落", "报", "用", "语", "料", "式", NULL}};
    size_t i = *at;

    if (scan_any(s, &i, &sundays) < 0 || scan_peek_any(s, i, &others))
        return false;
    *at = i;
    return true;
}

static bool weekday_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    static struct scan_words ends = {.list = {"周末", "双休日", "weekend", "礼拜天末", NULL}};
    static struct scan_words wholes = {.list = {"周", "星期", "礼拜", "week", NULL}};
    int today = (b->now.weekday + 6) % 7 + 1; /* Monday is 1 */
    size_t i = *at;
    int weeks = 0, day;
    bool said = !scan_lit(s, &i, "on ") && week_at(s, &i, &weeks);

    scan_blanks(s, &i);
    if (scan_any(s, &i, &ends) >= 0) {
        int ahead = 6 - today + 7 * weeks;
        bool sunday = weeks == 0 && ahead < 0;

        set_days_ahead(p, b, sunday ? 0 : ahead, sunday ? 1 : 2);
    } else if ((day = when_weekday_at(s, &i)) > 0) {
        int ahead = day - today + 7 * weeks;

        set_days_ahead(p, b, ahead < 0 && !said ? ahead + 7 : ahead, 1);
        p->days += day == 6 && and_sunday_at(s, &i);
        while (i < s.n && !scan_is_digit(s, i) && scan_numeral(s, &i) >= 0) /* 周一三五 */
            p->recurs = true;
    } else if (said && scan_any(s, &i, &wholes) >= 0) {
        set_days_ahead(p, b, weeks ? 1 - today + 7 * weeks : 0, weeks ? 7 : 8 - today);
    } else {
        return false;
    }
    *at = i;
    return true;
}

/* --- dates --------------------------------------------------------------------------------------
 */

static bool set_date(struct when_point *p, const struct when_base *b, long year, long month,
                     long day)
{
    struct civil c = {.year = (int)year, .month = (int)month, .day = (int)day};
    int64_t ms;

    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    if (year == 0)
        c.year = b->now.year;
    ms = civil_to_ms(c, b->zone_min);
    if (year == 0 && ms < b->today_ms - 180 * DAY_MS) { /* 1月3日, said in December */
        c.year++;
        ms = civil_to_ms(c, b->zone_min);
    }
    p->has_day = true;
    p->day_ms = ms;
    p->days = 1;
    return true;
}

/* A month as a whole; `month` may be out of range by some: it carries. */
static bool set_month(struct when_point *p, const struct when_base *b, long year, long month)
{
    struct civil c = {.year = (int)year, .month = (int)month, .day = 1};
    int64_t next;

    p->has_day = true;
    p->day_ms = civil_to_ms(c, b->zone_min);
    c.month++;
    next = civil_to_ms(c, b->zone_min);
    p->days = (int)((next - p->day_ms) / DAY_MS);
    return true;
}

/* What has a number of its own: 3号窗口, 5号电池. */
static struct scan_words not_dates = {
    .list = {"楼", "院",   "线", "栋",   "房",   "桌",   "羽",   "店", "字", "电池", "门",
             "窗", "馆",   "柜", "球",   "台风", "选手", "汽油", "油", "坑", "机",   "病",
             "仓", "库",   "厅", "车",   "床",   "座",   "井",   "链", "位", "口",   "卡",
             "箱", "展",   "桥", "岗",   "站",   "宿",   "公",   "码", "教", "铺",   "摊",
             "床", "商铺", "杆", "技师", "幢",   "舍",   "led",  NULL}};

/* What makes a date of 11.23: an hour or a part of the day, or 号 where no shoe of that size is
   meant; else it may be a fraction. */
static bool dates_figures(struct str s, size_t *at)
{
    static struct scan_words sizes = {.list = {"鞋", "的", "码", "针", "元", "纱", NULL}};
    size_t next = *at;
    enum when_part part;
    struct when_point hour = {.days = 1};

    if (scan_lit(s, &next, "号") || scan_lit(s, &next, "日")) {
        if (scan_peek_any(s, next, &not_dates) || scan_peek_any(s, next, &sizes))
            return false;
        *at = next;
        return true;
    }
    scan_blanks(s, &next);
    return when_part_at(s, &next, &part) || (next != *at && when_hour_at(s, &next, &hour));
}

/* 2026-11-23, 2026/11/23; 11/23 and 11.23 only where something says that it is a date. */
static bool figures_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    long v[3];
    size_t i = *at;
    int n = 0;
    char sep = 0;

    while (n < 3 && scan_is_digit(s, i)) {
        if (!scan_digits(s, &i, &v[n++]) || n == 3 || i >= s.n)
            break;
        if ((s.p[i] != '-' && s.p[i] != '/' && s.p[i] != '.') || !scan_is_digit(s, i + 1) ||
            (sep && s.p[i] != sep))
            break;
        sep = s.p[i++];
    }
    if (n == 2 && sep != '-') {
        if (!dates_figures(s, &i) || !set_date(p, b, 0, v[0], v[1]))
            return false;
        *at = i;
        return true;
    }
    if (n == 3 && v[0] >= 2000 && v[0] < 2100 && set_date(p, b, v[0], v[1], v[2])) {
        *at = i;
        return true;
    }
    return false;
}

static bool day_of_month_at(struct str s, size_t *at, long *day_r)
{
    static struct scan_words ends = {.list = {"日", "号", NULL}};
    size_t i = *at;

    if (!scan_integer(s, &i, day_r) || *day_r < 1 || *day_r > 31 || scan_any(s, &i, &ends) < 0 ||
        scan_peek_any(s, i, &not_dates))
        return false;
    *at = i;
    return true;
}

/* Years from this one: 去年 -1, 明年 1. */
static bool year_word_at(struct str s, size_t *at, long *year_r, int now)
{
    static struct scan_words words = {.list = {"前年", "去年", "今年", "明年", "后年", NULL}};
    size_t i = *at;
    int k = scan_any(s, &i, &words);
    long v;

    if (k >= 0)
        *year_r = now - 2 + k;
    else if (scan_integer(s, &i, &v) && v >= 1990 && v < 2100 && scan_lit(s, &i, "年"))
        *year_r = v;
    else
        return false;
    *at = i;
    return true;
}

static bool month_at(struct str s, size_t *at, const struct when_base *b, long *year, long *month)
{
    static struct scan_words words = {
        .list = {"上个月", "上月", "本月", "这个月", "下个月", "下月", NULL}};
    static const int ahead[] = {-1, -1, 0, 0, 1, 1};
    size_t i = *at;
    int k = *year ? -1 : scan_any(s, &i, &words);

    if (k >= 0) {
        *month = b->now.month + ahead[k];
        *year = b->now.year + (*month == 13) - (*month == 0);
        *month = *month == 13 ? 1 : *month == 0 ? 12 : *month;
    } else if (!scan_integer(s, &i, month) || *month < 1 || *month > 12 || !scan_lit(s, &i, "月") ||
               scan_peek(s, i, "龄") || scan_peek(s, i, "大")) {
        *month = 0;
        return false;
    }
    scan_lit(s, &i, "份");
    *at = i;
    return true;
}

/* 2026年11月23日, 11月23号, 29号, 下个月5号, 去年11月, 下个月 */
static bool written_date_at(struct str s, size_t *at, const struct when_base *b,
                            struct when_point *p)
{
    size_t i = *at;
    long year = 0, month = 0, day = 0;
    bool has_year = year_word_at(s, &i, &year, b->now.year);
    bool has_month = (scan_lit(s, &i, "的"), month_at(s, &i, b, &year, &month));

    if ((has_month || !has_year) && day_of_month_at(s, &i, &day) &&
        (has_month || !scan_behind_han(s, *at, "路街道巷弄"))) {
        if (!month)
            month = b->now.month + (day < b->now.day);
        if (month == 13) {
            month = 1;
            year = b->now.year + 1;
        }
        if (!set_date(p, b, year, month, day))
            return false;
    } else if (has_month && year) { /* 11月 alone is not read: it may be a length */
        set_month(p, b, year, month);
    } else if (has_year && year < b->now.year) { /* 去年 is a story; 今年 says nothing */
        set_month(p, b, year, 1);
        p->days = 365;
    } else {
        return false;
    }
    *at = i;
    return true;
}

/* december 5, dec 12th; 25 december */
static bool english_date_at(struct str s, size_t *at, const struct when_base *b,
                            struct when_point *p)
{
    static struct scan_words names = {
        .list = {"january", "february",  "march",   "april",    "may",      "june", "july",
                 "august",  "september", "october", "november", "december", "jan",  "feb",
                 "mar",     "apr",       "may",     "jun",      "jul",      "aug",  "sep",
                 "oct",     "nov",       "dec",     NULL}};
    static struct scan_words ordinals = {.list = {"st", "nd", "rd", "th", NULL}};
    size_t i = *at;
    long day = 0;
    bool first = scan_digits(s, &i, &day);
    int k;

    if (first ? !(scan_is_letter(s, i) || scan_peek(s, i, " ")) : !strchr("jfmasond", s.p[i]))
        return false;

    if (first) {
        scan_any(s, &i, &ordinals);
        scan_blanks(s, &i);
        scan_lit(s, &i, "of ");
    }
    k = scan_any(s, &i, &names);
    if (k < 0)
        return false;
    scan_lit(s, &i, ".");
    scan_blanks(s, &i);
    if (!first) {
        if (!scan_digits(s, &i, &day))
            return false;
        scan_any(s, &i, &ordinals);
    }
    if (!set_date(p, b, 0, k % 12 + 1, day))
        return false;
    *at = i;
    return true;
}

static bool month_end_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    static struct scan_words words = {
        .list = {"月底", "本月底", "这个月底", "月末", "下月底", "下个月底", "年底", "年末", NULL}};
    struct civil c = {.year = b->now.year, .month = b->now.month + 1, .day = 1};
    int which = scan_any(s, at, &words);

    if (which < 0)
        return false;
    if (which == 4 || which == 5)
        c.month++;
    if (which >= 6)
        c = (struct civil){.year = b->now.year + 1, .month = 1, .day = 1};
    p->has_day = true;
    p->day_ms = civil_to_ms(c, b->zone_min) - DAY_MS;
    p->days = 1;
    return true;
}

/* Which readers may begin with a number, with a letter, with another character; and with which Han
   (NULL: any). */
enum { BY_NUMBER = 1, BY_LETTER = 2, BY_HAN = 4 };
static const struct {
    bool (*read)(struct str, size_t *, const struct when_base *, struct when_point *);
    unsigned begins;
    const char *han;
} readers[] = {
    {figures_at, BY_NUMBER, NULL},
    {english_date_at, BY_NUMBER | BY_LETTER, NULL},
    {named_day_at, BY_LETTER | BY_HAN, "今当明听后大昨前第次翌"},
    {weekday_at, BY_LETTER | BY_HAN, "周星礼这本下上双"},
    {month_end_at, BY_HAN, "月本这下年"},
    {when_feast_at, BY_NUMBER | BY_LETTER | BY_HAN,
     "除年大春元端七中重腊五六劳儿教国平圣情清冬正农阴旧初"},
    {written_date_at, BY_NUMBER | BY_HAN, NULL},
};

bool when_day_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    unsigned begin;
    size_t k;
    bool han;

    if (*at >= s.n)
        return false;
    begin = scan_class(s, *at) & SCAN_NUMBER ? BY_NUMBER
            : scan_is_letter(s, *at)         ? BY_LETTER
                                             : BY_HAN;
    han = (unsigned char)s.p[*at] >= 0x80 && *at + 3 <= s.n;
    for (k = 0; k < sizeof readers / sizeof *readers; k++)
        if (readers[k].begins & begin &&
            (!han || !readers[k].han || scan_behind_han(s, *at + 3, readers[k].han)) &&
            readers[k].read(s, at, b, p))
            return true;
    return false;
}

#include "when_priv.h"

#include "scan_priv.h"

/* --- parts of the day ---------------------------------------------------------------------------
 */

static const struct {
    const char *word;
    enum when_part part;
} part_words[] = {
    {"凌晨", PART_DAWN},       {"清晨", PART_MORNING},    {"早上", PART_MORNING},
    {"早晨", PART_MORNING},    {"一早", PART_MORNING},    {"大清早", PART_MORNING},
    {"上午", PART_FORENOON},   {"中午", PART_NOON},       {"正午", PART_NOON},
    {"午间", PART_NOON},       {"下午", PART_AFTERNOON},  {"午后", PART_AFTERNOON},
    {"傍晚", PART_DUSK},       {"晚上", PART_EVENING},    {"夜里", PART_NIGHT},
    {"夜间", PART_NIGHT},      {"半夜", PART_NIGHT},      {"深夜", PART_NIGHT},
    {"夜晚", PART_EVENING},    {"早间", PART_MORNING},    {"晚间", PART_EVENING},
    {"晌午", PART_NOON},       {"朝早", PART_MORNING},    {"下昼", PART_AFTERNOON},
    {"夜晚黑", PART_EVENING},  {"morning", PART_MORNING}, {"afternoon", PART_AFTERNOON},
    {"evening", PART_EVENING}, {"night", PART_EVENING},   {"noon", PART_NOON},
    {"midnight", PART_NIGHT},
};

/* Hours of a part, from the day's start. */
static const signed char part_from[PART_N] = {0, 0, 6, 8, 11, 12, 17, 18, 22};
static const signed char part_to[PART_N] = {24, 6, 10, 12, 14, 18, 20, 24, 30};

static bool part_at(struct str s, size_t *at, enum when_part *part_r)
{
    size_t i, best = 0;

    for (i = 0; i < sizeof part_words / sizeof *part_words; i++) {
        size_t end = *at;

        if (scan_lit(s, &end, part_words[i].word) && end - *at > best) {
            best = end - *at;
            *part_r = part_words[i].part;
        }
    }
    if (best == 0 && (scan_peek(s, *at, "早") || scan_peek(s, *at, "晚"))) {
        size_t next = *at + 3; /* 晚8点, but not 早饭 */
        long ignored;

        if (scan_integer(s, &next, &ignored)) {
            *part_r = scan_peek(s, *at, "早") ? PART_MORNING : PART_EVENING;
            best = 3;
        }
    }
    *at += best;
    return best > 0;
}

/* --- days ---------------------------------------------------------------------------------------
 */

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

/* Words for days; with a part where the word has one (今晚). */
static const struct {
    const char *word;
    int ahead;
    enum when_part part;
} day_words[] = {
    {"今天", 0, PART_NONE},
    {"今日", 0, PART_NONE},
    {"今晚", 0, PART_EVENING},
    {"今早", 0, PART_MORNING},
    {"今夜", 0, PART_EVENING},
    {"今儿", 0, PART_NONE},
    {"今晨", 0, PART_MORNING},
    {"当天", 0, PART_NONE},
    {"明天", 1, PART_NONE},
    {"明日", 1, PART_NONE},
    {"明晚", 1, PART_EVENING},
    {"明早", 1, PART_MORNING},
    {"明儿", 1, PART_NONE},
    {"明晨", 1, PART_MORNING},
    {"听日", 1, PART_NONE},
    {"后天", 2, PART_NONE},
    {"大后天", 3, PART_NONE},
    {"后日", 2, PART_NONE},
    {"昨天", -1, PART_NONE},
    {"昨晚", -1, PART_EVENING},
    {"昨日", -1, PART_NONE},
    {"昨夜", -1, PART_EVENING},
    {"前天", -2, PART_NONE},
    {"today", 0, PART_NONE},
    {"tonight", 0, PART_EVENING},
    {"tomorrow", 1, PART_NONE},
    {"tmr", 1, PART_NONE},
    {"yesterday", -1, PART_NONE},
    {"后晚", 2, PART_EVENING},
    {"当晚", 0, PART_EVENING},
    {"后早", 2, PART_MORNING},
    {"明个", 1, PART_NONE},
    {"今个", 0, PART_NONE},
    {"今朝", 0, PART_NONE},
    {"第二天", 1, PART_NONE},
    {"the day after tomorrow", 2, PART_NONE},
    {"day after tomorrow", 2, PART_NONE},
    {"this evening", 0, PART_EVENING},
    {"this afternoon", 0, PART_AFTERNOON},
    {"this morning", 0, PART_MORNING},
};

static bool named_day_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    size_t i, n, best = 0, which = 0;

    for (i = 0; i < sizeof day_words / sizeof *day_words; i++)
        if (n = *at, scan_lit(s, &n, day_words[i].word) && (n -= *at) > best &&
                         !(scan_is_letter(s, *at) && scan_is_letter(s, *at + n))) {
            best = n;
            which = i;
        }
    if (best == 0)
        return false;
    *at += best;
    set_days_ahead(p, b, day_words[which].ahead, 1);
    p->part = day_words[which].part;
    return true;
}

/* 周一 … 周日, 1…7; -1: none. */
static int weekday_name_at(struct str s, size_t *at)
{
    static const char *const english[] = {"monday",   "tuesday", "wednesday", "thursday", "friday",
                                          "saturday", "sunday",  "mon",       "tue",      "wed",
                                          "thu",      "fri",     "sat",       "sun",      NULL};
    static const char *const weeks[] = {"周", "星期", "礼拜", NULL};
    size_t i = *at;
    long v;
    int k = scan_any(s, &i, english);

    if (k >= 0) {
        *at = i;
        return k % 7 + 1;
    }
    if (scan_any(s, &i, weeks) < 0)
        return -1;
    if (scan_lit(s, &i, "日") || scan_lit(s, &i, "天")) {
        *at = i;
        return 7;
    }
    k = scan_numeral(s, &i);
    if (k < 0 && scan_digits(s, &i, &v))
        k = (int)v;
    if (k < 1 || k > 7)
        return -1;
    *at = i;
    return k;
}

static bool weekday_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    static const char *const these[] = {"这个", "这", "本", "this", "on", "by", NULL};
    static const char *const nexts[] = {"下个", "下", "next", NULL};
    static const char *const ends[] = {"周末", "个周末", "weekend", "礼拜天末", NULL};
    int today = (b->now.weekday + 6) % 7 + 1; /* Monday is 1 */
    size_t i = *at;
    bool is_this = scan_any(s, &i, these) >= 0;
    bool is_next = !is_this && scan_any(s, &i, nexts) >= 0;
    int day, ahead;

    scan_blanks(s, &i);
    if (is_next && scan_lit(s, &i, "下")) /* 下下周 */
        today -= 7;
    if (scan_any(s, &i, ends) >= 0) {
        ahead = 6 - today + (is_next ? 7 : 0);
        set_days_ahead(p, b, ahead < 0 && !is_next ? 0 : ahead, ahead < 0 && !is_next ? 1 : 2);
    } else if ((day = weekday_name_at(s, &i)) > 0) {
        ahead = day - today + (is_next ? 7 : 0);
        if (ahead < 0 && !is_next)
            ahead += is_this ? 0 : 7;
        set_days_ahead(p, b, ahead, 1);
    } else if ((is_this || is_next) && (scan_lit(s, &i, "周") || scan_lit(s, &i, "星期") ||
                                        scan_lit(s, &i, "礼拜") || scan_lit(s, &i, "week"))) {
        set_days_ahead(p, b, is_next ? 8 - today : 0, is_next ? 7 : 8 - today);
    } else {
        return false;
    }
    *at = i;
    return true;
}

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

/* 2026-11-23, 2026/11/23, 11/23, 11.23 */
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
    if (n == 3 && v[0] >= 2000 && v[0] < 2100 && set_date(p, b, v[0], v[1], v[2])) {
        *at = i;
        return true;
    }
    return false;
}

/* 2026年11月23日, 11月23号, 29号, 月底, 下个月5号 */
static bool written_date_at(struct str s, size_t *at, const struct when_base *b,
                            struct when_point *p)
{
    size_t i = *at, next;
    long year = 0, month = 0, day = 0, v;
    bool next_month = scan_lit(s, &i, "下个月") || scan_lit(s, &i, "下月");
    bool this_month = !next_month && (scan_lit(s, &i, "本月") || scan_lit(s, &i, "这个月"));

    if (next_month || this_month)
        month = b->now.month + next_month;
    next = i;
    if (scan_integer(s, &next, &v) && v >= 2000 && v < 2100 && scan_lit(s, &next, "年"))
        year = v, i = next;
    next = i;
    if (scan_integer(s, &next, &v) && scan_lit(s, &next, "月") && !scan_peek(s, next, "龄"))
        month = v, i = next;
    scan_lit(s, &i, "份");
    next = i;
    if (scan_integer(s, &next, &v) && v >= 1 && v <= 31 &&
        (scan_lit(s, &next, "日") || scan_lit(s, &next, "号")) && !scan_peek(s, next, "楼") &&
        !scan_peek(s, next, "院") && !scan_peek(s, next, "线") && !scan_peek(s, next, "栋") &&
        !scan_peek(s, next, "房") && !scan_peek(s, next, "桌") && !scan_peek(s, next, "羽"))
        day = v, i = next;
    if (day == 0 || (year && !month))
        return false;
    if (!month) {
        month = b->now.month + (day < b->now.day);
    }
    if (month == 13) {
        month = 1;
        year = b->now.year + 1;
    }
    if (!set_date(p, b, year, month, day))
        return false;
    *at = i;
    return true;
}

static bool month_end_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    static const char *const words[] = {"月底",     "本月底", "这个月底", "月末", "下月底",
                                        "下个月底", "年底",   "年末",     NULL};
    struct civil c = {.year = b->now.year, .month = b->now.month + 1, .day = 1};
    int which = scan_any(s, at, words);

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

static bool day_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    if (*at < s.n && (scan_class(s, *at) & SCAN_NUMBER))
        return figures_at(s, at, b, p) || written_date_at(s, at, b, p);
    return named_day_at(s, at, b, p) || weekday_at(s, at, b, p) || month_end_at(s, at, b, p) ||
           written_date_at(s, at, b, p);
}

/* --- hours --------------------------------------------------------------------------------------
 */

static bool minutes_at(struct str s, size_t *at, struct when_point *p)
{
    size_t i = *at;
    long v;

    if (scan_lit(s, &i, "半")) {
        p->minute = 30;
    } else if (scan_lit(s, &i, "一刻")) {
        p->minute = 15;
    } else if (scan_lit(s, &i, "三刻")) {
        p->minute = 45;
    } else if (scan_integer(s, &i, &v) && v < 60 &&
               (scan_lit(s, &i, "分") || (i - *at <= 6 && !scan_peek(s, i, "个") && v >= 5))) {
        p->minute = (int)v;
    } else {
        return false;
    }
    *at = i;
    return true;
}

static void apply_half(struct when_point *p, bool pm)
{
    p->exact24 = true;
    if (pm && p->hour < 12)
        p->hour += 12;
    if (!pm && p->hour == 12)
        p->hour = 0;
}

/* 6pm, 6:30 pm, 18:00 */
static bool clock_at(struct str s, size_t *at, struct when_point *p)
{
    static const char *const halves[] = {"am", "pm", "a.m.", "p.m.", "a.m", "p.m", NULL};
    size_t i = *at, next;
    long h, m = 0;
    int half;
    bool colon = false;

    if (!scan_digits(s, &i, &h) || h > 24 || i - *at > 2)
        return false;
    if (i + 2 < s.n && s.p[i] == ':' && scan_is_digit(s, i + 1) && scan_is_digit(s, i + 2)) {
        i++;
        if (!scan_digits(s, &i, &m) || m > 59)
            return false;
        colon = true;
    }
    p->hour = (int)h;
    p->minute = (int)m;
    next = i;
    scan_blanks(s, &next);
    half = scan_any(s, &next, halves);
    if (half >= 0 && h <= 12) {
        apply_half(p, half % 2 == 1);
        i = next;
    } else if (!colon) {
        return false;
    }
    p->exact24 = p->exact24 || h > 12 || (colon && (*at + 1 < s.n) && s.p[*at] == '0');
    p->has_hour = true;
    *at = i;
    return true;
}

bool when_hour_at(struct str s, size_t *at, struct when_point *p)
{
    static const char *const oclock[] = {"点钟",    "点整",     "点", "时",
                                         "o'clock", " o'clock", "點", NULL};
    static const char *const not_hours[] = {
        "点钱",   "点吃",   "点儿",   "时候",   "时间",   "点水",   "点药",   "点东西",
        "点意",   "点菜",   "点赞",   "点心",   "点点",   "点建议", "点意见", "点要求",
        "点问题", "点原因", "点想法", "点说明", "点看法", "点疑问", "点注意", NULL};
    size_t i = *at, word;
    long v;

    if (clock_at(s, at, p))
        return true;
    if (!scan_integer(s, &i, &v) || v > 24)
        return false;
    word = i;
    if (scan_any(s, &i, oclock) < 0 || scan_peek_any(s, word, not_hours))
        return false;
    if (v == 1 && word - *at == 3 && scan_peek(s, *at, "一") && scan_peek(s, word, "点") &&
        !scan_peek(s, word, "点钟") && p->part == PART_NONE && !p->has_day &&
        !scan_peek(s, i, "半"))
        return false; /* 一点 is "a little" more often */
    p->hour = (int)v;
    p->minute = 0;
    p->exact24 = v > 12 || v == 0;
    p->has_hour = true;
    minutes_at(s, &i, p);
    *at = i;
    return true;
}

static void small_joint(struct str s, size_t *at)
{
    static const char *const joints[] = {" ",      ",",  "的",   "(",    ")",  "at",
                                         "in the", "on", "大概", "大约", "约", NULL};

    while (scan_any(s, at, joints) >= 0)
        ;
}

bool when_point_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    size_t i = *at, next;
    enum when_part part = PART_NONE;

    *p = (struct when_point){.days = 1};
    if (day_at(s, &i, b, p)) {
        next = i;
        small_joint(s, &next);
        if (weekday_name_at(s, &next) > 0) { /* 11月28日(周六) */
            i = next;
        }
    }
    next = i;
    small_joint(s, &next);
    if (part_at(s, &next, &part)) {
        p->part = part;
        i = next;
    }
    next = i;
    if (p->has_day || p->part)
        small_joint(s, &next);
    if (when_hour_at(s, &next, p))
        i = next;
    if (!p->has_day && !p->part && !p->has_hour)
        return false;
    next = i;
    scan_blanks(s, &next);
    if (p->has_hour && p->part == PART_NONE && part_at(s, &next, &part) &&
        scan_is_letter(s, next - 1)) {
        p->part = part; /* 8 o'clock tonight is rare, 8 in the evening not */
        i = next;
    }
    *at = i;
    return true;
}

/* The hour of the day that is meant by an hour as said. */
static int true_hour(const struct when_point *p, const struct when_base *b)
{
    int h = p->hour;

    if (p->exact24 || h > 12)
        return h;
    switch (p->part) {
    case PART_AFTERNOON:
    case PART_DUSK:
    case PART_EVENING:
        return h < 12 ? h + 12 : p->part == PART_EVENING ? 24 : 12;
    case PART_NOON:
        return h < 5 ? h + 12 : h;
    case PART_NIGHT:
        return h >= 6 && h < 12 ? h + 12 : h == 12 ? 24 : h + 24;
    case PART_NONE:
        break;
    default:
        return h == 12 ? (p->part == PART_DAWN ? 0 : 12) : h;
    }
    if (p->has_day && p->day_ms != b->today_ms)
        return h >= 1 && h <= 5 ? h + 12 : h;
    if (h * 60 + p->minute <= b->now.hour * 60 + b->now.minute ||
        (h >= 1 && h <= 5 && b->now.hour >= 6))
        return h < 12 ? h + 12 : h; /* 八点, said at six in the evening */
    return h;
}

void when_resolve(const struct when_point *p, const struct when_base *b, int64_t *start_r,
                  int64_t *end_r)
{
    int64_t day = p->has_day ? p->day_ms : b->today_ms;

    if (p->has_hour) {
        *start_r = day + true_hour(p, b) * HOUR_MS + p->minute * MINUTE_MS;
        if (!p->has_day && *start_r < b->now_ms - HOUR_MS)
            *start_r += DAY_MS;
        *end_r = *start_r + HOUR_MS;
        return;
    }
    if (!p->has_day && p->part != PART_NONE && day + part_to[p->part] * HOUR_MS <= b->now_ms)
        day += DAY_MS; /* 下午, said in the evening */
    *start_r = day + part_from[p->part] * HOUR_MS;
    *end_r = p->part == PART_NONE ? day + p->days * DAY_MS
                                  : day + (p->days - 1) * DAY_MS + part_to[p->part] * HOUR_MS;
}

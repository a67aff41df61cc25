#include "when_priv.h"

#include "scan_priv.h"

/* --- the lunar calendar -------------------------------------------------------------------------
 */

/* For each year from LUNAR_FIRST the day on which it begins, and its months as in the tables of the
   Hong Kong Observatory: bit 15 - k is set when month k + 1 has 30 days, the low four bits are the
   leap month (0: none), bit 16 is set when that one has 30. */
#define LUNAR_FIRST 2020
static const struct {
    unsigned char month, day;
    uint32_t months;
} lunar_years[] = {
    {1, 25, 0x07954}, {2, 12, 0x06AA0}, {2, 1, 0x0AD50},  {1, 22, 0x05B52}, {2, 10, 0x04B60},
    {1, 29, 0x0A6E6}, {2, 17, 0x0A4E0}, {2, 6, 0x0D260},  {1, 26, 0x0EA65}, {2, 13, 0x0D530},
    {2, 3, 0x05AA0},  {1, 23, 0x076A3}, {2, 11, 0x096D0}, {1, 31, 0x04AFB}, {2, 19, 0x04AD0},
    {2, 8, 0x0A4D0},  {1, 28, 0x1D0B6}, {2, 15, 0x0D250}, {2, 4, 0x0D520},  {1, 24, 0x0DD45},
    {2, 12, 0x0B5A0},
};
#define LUNAR_YEARS ((int)(sizeof lunar_years / sizeof *lunar_years))

static int lunar_days(uint32_t months, int month)
{
    return months >> (16 - month) & 1 ? 30 : 29;
}

/* Start of a day of the lunar calendar; day 0 is the last of the month. 0: out of the table. */
static int64_t lunar_ms(int year, int month, int day, int zone_min)
{
    int k = year - LUNAR_FIRST, m, ahead = 0;
    uint32_t months;

    if (k < 0 || k >= LUNAR_YEARS)
        return 0;
    months = lunar_years[k].months;
    for (m = 1; m < month + (day == 0); m++) {
        ahead += lunar_days(months, m);
        if ((int)(months & 0xF) == m)
            ahead += months >> 16 & 1 ? 30 : 29;
    }
    return civil_to_ms((struct civil){.year = year,
                                      .month = lunar_years[k].month,
                                      .day = lunar_years[k].day + ahead + day - 1},
                       zone_min);
}

/* The next such day, today included. */
static bool set_lunar(struct when_point *p, const struct when_base *b, int month, int day, int days)
{
    int year;

    for (year = b->now.year - 1; year <= b->now.year + 1; year++) {
        int64_t ms = lunar_ms(year, month, day, b->zone_min);

        if (ms == 0 || ms + days * DAY_MS <= b->today_ms)
            continue;
        *p = (struct when_point){
            .has_day = true, .day_ms = ms, .days = days, .lunar_year = year, .lunar_month = month};
        return true;
    }
    return false;
}

/* 初五, 十五, 廿三, 二十三 */
static bool lunar_day_at(struct str s, size_t *at, int *day_r)
{
    size_t i = *at;
    long v;
    bool first = scan_lit(s, &i, "初"), twenty = !first && scan_lit(s, &i, "廿");

    if (!scan_integer(s, &i, &v) || v < 1 || v > (first ? 10 : twenty ? 9 : 30))
        return false;
    *day_r = (int)v + (twenty ? 20 : 0);
    *at = i;
    return true;
}

#define FEAST_BEFORE_DAYS 20 /* people speak of the first days of the year */
#define FEAST_AFTER_DAYS 15
#define SCHOOL_BYTES 60 /* around it: twenty characters */

/* 初一 is a form of a middle school as well. */
static bool speaks_of_school(struct str s, size_t at)
{
    static struct scan_words words = {.list = {"学", "教", "课", "年级", "作业", "考", "读初",
                                               "上初", "数理", "语文", "英语", "物理", "娃", "孩子",
                                               "儿子", "女儿", NULL}};
    size_t end = at + SCHOOL_BYTES < s.n ? at + SCHOOL_BYTES : s.n;

    for (at = at > SCHOOL_BYTES ? at - SCHOOL_BYTES : 0; at < end; at++)
        if (scan_peek_any(s, at, &words))
            return true;
    return false;
}

/* The lunar month of today; false in a leap month, and out of the table. */
static bool lunar_today(const struct when_base *b, int *year_r, int *month_r)
{
    int year, month;

    for (year = b->now.year; year >= b->now.year - 1; year--)
        for (month = 12; month >= 1; month--) {
            int64_t first = lunar_ms(year, month, 1, b->zone_min);

            if (first == 0 || first > b->today_ms)
                continue;
            *year_r = year;
            *month_r = month;
            return b->today_ms <
                   lunar_ms(year, month, 1, b->zone_min) +
                       lunar_days(lunar_years[year - LUNAR_FIRST].months, month) * DAY_MS;
        }
    return false;
}

/* The new year's day that is near. */
static bool near_new_year(const struct when_base *b, int *year_r)
{
    int year;

    for (year = b->now.year; year <= b->now.year + 1; year++) {
        int64_t first = lunar_ms(year, 1, 1, b->zone_min);

        *year_r = year;
        if (first && b->today_ms >= first - FEAST_BEFORE_DAYS * DAY_MS &&
            b->today_ms < first + FEAST_AFTER_DAYS * DAY_MS)
            return true;
    }
    return false;
}

/* 初一, without its month: about the Spring Festival that of the first; else, and only as the
   beginning of 初一到初三, of the present month. */
static bool bare_lunar_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    static struct scan_words to = {.list = {"到", "至", "-", "~", NULL}};
    size_t i = *at, next;
    int year, month = 1, day, last;

    if (!scan_peek(s, i, "初") || !lunar_day_at(s, &i, &day) || speaks_of_school(s, *at))
        return false;
    next = i;
    if (!near_new_year(b, &year) &&
        (scan_any(s, &next, &to) < 0 || !scan_peek(s, next, "初") ||
         !lunar_day_at(s, &next, &last) || last < day || !lunar_today(b, &year, &month)))
        return false;
    *p = (struct when_point){.has_day = true,
                             .day_ms = lunar_ms(year, month, day, b->zone_min),
                             .days = 1,
                             .lunar_year = year,
                             .lunar_month = month};
    *at = i;
    return p->day_ms != 0;
}

/* 正月初三, 腊月二十三, 农历八月十五, 大年初一 */
static bool lunar_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    static struct scan_words calendars = {.list = {"农历", "阴历", "旧历", NULL}};
    static struct scan_words months = {.list = {"正月", "大年", "冬月", "腊月", NULL}};
    static const int numbers[] = {1, 1, 11, 12};
    size_t i = *at;
    bool lunar = scan_any(s, &i, &calendars) >= 0;
    int k = scan_any(s, &i, &months), day;
    long month = k >= 0 ? numbers[k] : 0;

    if (k < 0 && (!lunar || !scan_integer(s, &i, &month) || month < 1 || month > 12 ||
                  !scan_lit(s, &i, "月")))
        return false;
    if (k == 1 && !scan_peek(s, i, "初"))
        return false;
    if (!lunar_day_at(s, &i, &day) || !set_lunar(p, b, (int)month, day, 1))
        return false;
    *at = i;
    return true;
}

bool when_lunar_end(struct str s, size_t *at, const struct when_base *b,
                    const struct when_point *from, int64_t *end_r)
{
    int day;

    if (!from->lunar_month || !lunar_day_at(s, at, &day))
        return false;
    *end_r = lunar_ms(from->lunar_year, from->lunar_month, day, b->zone_min) + DAY_MS;
    return true;
}

/* --- feasts -------------------------------------------------------------------------------------
 */

enum calendar { SOLAR, LUNAR, TERM };

/* TERM: day is that of the solar term, in hundredths, for the formula below. Day 0 of LUNAR: the
   month's last. */
static const struct {
    const char *word;
    enum calendar calendar;
    int month, day, days;
} feasts[] = {
    {"除夕", LUNAR, 12, 0, 1},    {"年三十", LUNAR, 12, 0, 1}, {"大年三十", LUNAR, 12, 0, 1},
    {"大年夜", LUNAR, 12, 0, 1},  {"春节", LUNAR, 1, 1, 7},    {"元宵", LUNAR, 1, 15, 1},
    {"端午", LUNAR, 5, 5, 1},     {"七夕", LUNAR, 7, 7, 1},    {"中元节", LUNAR, 7, 15, 1},
    {"中秋", LUNAR, 8, 15, 1},    {"重阳", LUNAR, 9, 9, 1},    {"腊八", LUNAR, 12, 8, 1},
    {"元旦", SOLAR, 1, 1, 1},     {"情人节", SOLAR, 2, 14, 1}, {"五一", SOLAR, 5, 1, 5},
    {"劳动节", SOLAR, 5, 1, 5},   {"六一", SOLAR, 6, 1, 1},    {"儿童节", SOLAR, 6, 1, 1},
    {"教师节", SOLAR, 9, 10, 1},  {"国庆", SOLAR, 10, 1, 7},   {"平安夜", SOLAR, 12, 24, 1},
    {"圣诞夜", SOLAR, 12, 24, 1}, {"圣诞", SOLAR, 12, 25, 1},  {"christmas", SOLAR, 12, 25, 1},
    {"清明", TERM, 4, 481, 1},    {"冬至", TERM, 12, 2194, 1},
};

/* What is only named after a feast, or not yet there. */
static struct scan_words not_feasts = {
    .list = {"路",   "街",   "大街", "大道", "广场", "公园", "小区", "小学", "中学", "学校",
             "班",   "档",   "月饼", "粽",   "联欢", "礼",   "券",   "上河", "河",   "快到",
             "要到", "快乐", "安康", "愉快", "桥",   "村",   "西瓜", NULL}};

/* The n-th solar term of a year of this century, after Shou Xingquan's formula. */
static int term_day(int year, int hundredths)
{
    int y = year % 100;

    return (y * 2422 + hundredths * 100) / 10000 - y / 4;
}

static bool set_feast(struct when_point *p, const struct when_base *b, size_t k)
{
    int year;

    if (feasts[k].calendar == LUNAR)
        return set_lunar(p, b, feasts[k].month, feasts[k].day, feasts[k].days);
    for (year = b->now.year;; year++) {
        struct civil c = {.year = year, .month = feasts[k].month, .day = feasts[k].day};

        if (feasts[k].calendar == TERM)
            c.day = term_day(year, feasts[k].day);
        *p = (struct when_point){
            .has_day = true, .day_ms = civil_to_ms(c, b->zone_min), .days = feasts[k].days};
        if (p->day_ms + p->days * DAY_MS > b->today_ms)
            return true;
    }
}

bool when_feast_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    size_t i, k, best = 0, which = 0;
    struct scan_head head;

    if (scan_behind_han(s, *at, "块元毛点第") || scan_is_digit(s, *at) ||
        (scan_is_letter(s, *at) && s.p[*at] != 'c'))
        return false;
    if (lunar_at(s, at, b, p) || bare_lunar_at(s, at, b, p))
        return true;
    i = *at;
    scan_lit(s, &i, "农历");
    head = scan_head(s, i);
    for (k = 0; k < sizeof feasts / sizeof *feasts; k++) {
        size_t n = i;

        if (scan_may_be(head, feasts[k].word) && scan_word(s, &n, feasts[k].word) && n > best) {
            best = n;
            which = k;
        }
    }
    if (best == 0 || scan_peek_any(s, best, &not_feasts))
        return false;
    scan_lit(s, &best, "节");
    if (scan_peek_any(s, best, &not_feasts) || !set_feast(p, b, which))
        return false;
    *at = best;
    return true;
}

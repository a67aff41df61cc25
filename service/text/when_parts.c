#include "when_priv.h"

#include "scan_priv.h"

/* --- parts of the day ---------------------------------------------------------------------------
 */

static const struct {
    const char *word;
    enum when_part part;
} part_words[] = {
    {"凌晨", PART_DAWN},       {"清晨", PART_MORNING},        {"早上", PART_MORNING},
    {"早晨", PART_MORNING},    {"一早", PART_MORNING},        {"大清早", PART_MORNING},
    {"上午", PART_FORENOON},   {"中午", PART_NOON},           {"正午", PART_NOON},
    {"午间", PART_NOON},       {"下午", PART_AFTERNOON},      {"午后", PART_AFTERNOON},
    {"傍晚", PART_DUSK},       {"晚上", PART_EVENING},        {"夜里", PART_NIGHT},
    {"夜间", PART_NIGHT},      {"半夜", PART_NIGHT},          {"深夜", PART_NIGHT},
    {"早间", PART_MORNING},    {"晚间", PART_EVENING},        {"晌午", PART_NOON},
    {"朝早", PART_MORNING},    {"下昼", PART_AFTERNOON},      {"夜晚黑", PART_EVENING},
    {"morning", PART_MORNING}, {"afternoon", PART_AFTERNOON}, {"evening", PART_EVENING},
    {"night", PART_EVENING},   {"noon", PART_NOON},           {"midnight", PART_NIGHT},
    {"晚饭后", PART_EVENING},  {"晚饭前", PART_DUSK},         {"晏昼", PART_AFTERNOON},
    {"夜晚", PART_EVENING},
};

/* Hours of a part, from the day's start. */
static const signed char part_from[PART_N] = {0, 0, 6, 8, 11, 12, 17, 18, 22};
static const signed char part_to[PART_N] = {24, 6, 10, 12, 14, 18, 20, 24, 30};

bool when_part_at(struct str s, size_t *at, enum when_part *part_r)
{
    static struct scan_words oclock = {.list = {"点", "时", ":", "-", "~", "到", "至", NULL}};
    static struct scan_words all_day = {.list = {"白天", "早上", "早早", NULL}}; /* 白天晚上都行 */
    static struct scan_words meals = {.list = {"饭", "餐", "茶", NULL}};
    size_t i, best = 0;
    struct scan_head head = scan_head(s, *at);

    if (*at + 3 > s.n || !(scan_is_letter(s, *at) || scan_class(s, *at) & SCAN_PART))
        return false;
    for (i = 0; i < sizeof part_words / sizeof *part_words; i++) {
        size_t end = *at;

        if (scan_may_be(head, part_words[i].word) && scan_word(s, &end, part_words[i].word) &&
            end - *at > best) {
            best = end - *at;
            *part_r = part_words[i].part;
        }
    }
    if (best == 0 && (scan_peek(s, *at, "早") || scan_peek(s, *at, "晚"))) {
        size_t next = *at + 3; /* 晚8点, but not 早饭 */
        long ignored;

        if (scan_integer(s, &next, &ignored) && scan_peek_any(s, next, &oclock)) {
            *part_r = scan_peek(s, *at, "早") ? PART_MORNING : PART_EVENING;
            best = 3;
        }
    }
    if (best > 0 && (scan_peek_any(s, *at + best, &meals) || scan_behind(s, *at, &all_day)))
        return false;
    *at += best;
    return best > 0;
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
               (scan_lit(s, &i, "分") || (i - *at <= 9 && !scan_peek(s, i, "个") && v >= 5))) {
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
    static struct scan_words halves = {.list = {"am", "pm", "a.m.", "p.m.", "a.m", "p.m", NULL}};
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
    half = scan_any(s, &next, &halves);
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
    static struct scan_words oclock = {
        .list = {"点钟", "点整", "点", "时", "o'clock", " o'clock", "點", NULL}};
    static struct scan_words not_hours = {
        .list = {"点钱",   "点吃",   "点儿",   "时候",   "时间",   "点水",     "点药",   "点东西",
                 "点意",   "点菜",   "点赞",   "点心",   "点点",   "点建议",   "点意见", "点要求",
                 "点问题", "点原因", "点想法", "点说明", "点看法", "点疑问",   "点注意", "点档",
                 "点之间", "点五",   "点了",   "点半了", "点多了", "点钟方向", "时代",   "时尚",
                 "时装",   "时段",   "时常",   "时光",   "时限",   "时差",     NULL}};
    size_t i = *at, word;
    long v;

    if (clock_at(s, at, p))
        return true;
    if (!scan_integer(s, &i, &v) || v > 24)
        return false;
    word = i;
    if (scan_any(s, &i, &oclock) < 0 || scan_peek_any(s, word, &not_hours))
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
    static struct scan_words joints = {.list = {" ", ",", "的", "(", ")", "at", "in the", "on",
                                                "大概", "大约", "约", "差不多", "就", NULL}};

    while (scan_any(s, at, &joints) >= 0)
        ;
}

/* tonight at 8: behind `at` an hour needs no word. */
static bool bare_hour_at(struct str s, size_t *at, struct when_point *p)
{
    static struct scan_words ats = {.list = {"at ", NULL}};
    size_t i = *at;
    long h;

    if (!scan_behind(s, *at, &ats) || !scan_digits(s, &i, &h) || h > 12 || scan_is_letter(s, i) ||
        scan_peek(s, i, ":"))
        return false;
    p->has_hour = true;
    p->hour = (int)h;
    *at = i;
    return true;
}

/* 明天后天, 周六、周日: a day that follows on the one before is one span with it. */
static void take_next_day(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    static struct scan_words joints = {
        .list = {"、", ",", " ", "/", "和", "跟", "或者", "或", NULL}};
    struct when_point next = {.days = 1};
    size_t i = *at;

    if (p->part != PART_NONE || p->recurs || scan_is_letter(s, *at - 1))
        return;
    scan_any(s, &i, &joints);
    if (scan_is_digit(s, i) || !when_day_at(s, &i, b, &next) || next.recurs || next.part ||
        next.next_day || next.day_ms != p->day_ms + p->days * DAY_MS)
        return;
    p->days += next.days;
    *at = i;
    take_next_day(s, at, b, p); /* each is a day later: it ends */
}

/* A day, and the weekday that may stand beside it: 11月28日(周六). */
static void take_day(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    struct when_point feast;
    size_t next;

    if (!when_day_at(s, at, b, p))
        return;
    next = *at;
    small_joint(s, &next);
    if (when_weekday_at(s, &next) > 0 ||
        (when_feast_at(s, &next, b, &feast) && feast.day_ms == p->day_ms)) /* 明天元旦 */
        *at = next;
    take_next_day(s, at, b, p);
}

bool when_point_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p)
{
    size_t i = *at, next;
    enum when_part part = PART_NONE;

    *p = (struct when_point){.days = 1};
    take_day(s, &i, b, p);
    next = i;
    small_joint(s, &next);
    if (when_part_at(s, &next, &part)) {
        p->part = part;
        i = next;
    }
    next = i;
    if (p->has_day || p->part)
        small_joint(s, &next);
    if (when_hour_at(s, &next, p) || bare_hour_at(s, &next, p))
        i = next;
    if (!p->has_day && !p->part && !p->has_hour)
        return false;
    next = i;
    scan_blanks(s, &next);
    if (p->has_hour && p->part == PART_NONE && when_part_at(s, &next, &part) &&
        scan_is_letter(s, next - 1)) {
        p->part = part; /* 8 o'clock tonight is rare, 8 in the evening not */
        i = next;
    }
    *at = i;
    return true;
}

/* An hour of twelve without its half is the next one: 八点, said at six in the evening, is 20, and
   said at nine tomorrow's 8 (32). Nobody is meant to come between one and five in the night. */
static int next_hour(int h, int minute, const struct when_base *b)
{
    int now = b->now.hour * 60 + b->now.minute;
    bool small = h >= 1 && h <= 5;

    if (h * 60 + minute > now && !(small && b->now.hour >= 6))
        return h;
    if (h < 12 && (h + 12) * 60 + minute > now)
        return h + 12;
    return small ? h + 36 : h + 24;
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
    return next_hour(h, p->minute, b);
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

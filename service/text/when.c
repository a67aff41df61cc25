#include "when_priv.h"

#include "scan_priv.h"

/* --- relative times: 半小时后, 两天内, 现在 ------------------------------------------------------
 */

static int64_t unit_at(struct str s, size_t *at)
{
    static const char *const words[] = {
        "分钟",  "分种",   "小时", "个小时", "钟头",  "个钟头",  "个钟",   "天",   "日",
        "周",    "个星期", "星期", "个礼拜", "个月",  "minutes", "minute", "mins", "min",
        "hours", "hour",   "days", "day",    "weeks", "week",    NULL};
    static const int64_t lengths[] = {MINUTE_MS,  MINUTE_MS,  HOUR_MS,    HOUR_MS,     HOUR_MS,
                                      HOUR_MS,    HOUR_MS,    DAY_MS,     DAY_MS,      7 * DAY_MS,
                                      7 * DAY_MS, 7 * DAY_MS, 7 * DAY_MS, 30 * DAY_MS, MINUTE_MS,
                                      MINUTE_MS,  MINUTE_MS,  MINUTE_MS,  HOUR_MS,     HOUR_MS,
                                      DAY_MS,     DAY_MS,     7 * DAY_MS, 7 * DAY_MS};
    int i = scan_any(s, at, words);

    return i < 0 ? 0 : lengths[i];
}

static bool length_at(struct str s, size_t *at, int64_t *length_r)
{
    size_t i = *at;
    long v = 0;
    bool half = scan_lit(s, &i, "半个") || scan_lit(s, &i, "半");
    int64_t unit;

    if (!half && !scan_integer(s, &i, &v))
        return false;
    scan_lit(s, &i, "来");
    scan_lit(s, &i, "多");
    if (!half && scan_lit(s, &i, "个半")) /* 一个半小时 */
        half = true;
    scan_blanks(s, &i);
    unit = unit_at(s, &i);
    if (unit == 0 || v > 1000)
        return false;
    *length_r = v * unit + (half ? unit / 2 : 0);
    *at = i;
    return true;
}

static bool relative_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    static const char *const afters[] = {"之后", "以后", "后", "later", "from now", NULL};
    static const char *const withins[] = {"之内", "以内", "内", "里", NULL};
    size_t i = *at;
    int64_t length;
    bool in = scan_lit(s, &i, "in "), within = scan_lit(s, &i, "within ");

    scan_lit(s, &i, "再过");
    scan_lit(s, &i, "过");
    if (scan_lit(s, &i, "an hour"))
        length = HOUR_MS;
    else if (scan_lit(s, &i, "half an hour"))
        length = HOUR_MS / 2;
    else if (!length_at(s, &i, &length))
        return false;
    scan_blanks(s, &i);
    if (within || (!in && scan_any(s, &i, withins) >= 0)) {
        m->start_ms = b->now_ms;
        m->end_ms = b->now_ms + length;
    } else if (in || scan_any(s, &i, afters) >= 0) {
        m->start_ms = b->now_ms + length;
        m->end_ms = m->start_ms + (length >= DAY_MS ? DAY_MS : HOUR_MS);
    } else {
        return false;
    }
    m->weight = 3;
    *at = i;
    return true;
}

static bool now_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    static const char *const nows[] = {"现在",      "立刻", "马上", "这会儿", "此刻",
                                       "right now", "now",  "asap", NULL};
    static const char *const always[] = {"长期有效", "长期",      "一直有效", "全年",
                                         "常年",     "long term", NULL};

    if (scan_any(s, at, nows) >= 0) {
        m->start_ms = b->now_ms;
        m->end_ms = b->now_ms + HOUR_MS;
        m->weight = 0;
        return true;
    }
    if (scan_any(s, at, always) >= 0) {
        m->start_ms = b->now_ms;
        m->end_ms = 0;
        m->weight = 1;
        return true;
    }
    return false;
}

/* --- ranges -------------------------------------------------------------------------------------
 */

static const char *const to_words[] = {"到",   "至",   "-",      "~",     "--",
                                       "—",    "直到", "to",     "until", "till",
                                       "起到", "起至", "开始到", "~~",    NULL};

static bool range_word(struct str s, size_t *at)
{
    size_t i = *at;

    scan_blanks(s, &i);
    if (scan_any(s, &i, to_words) < 0)
        return false;
    scan_blanks(s, &i);
    *at = i;
    return true;
}

/* The end of a range: its own point; what it leaves unsaid is the start's. */
static bool range_end_at(struct str s, size_t *at, const struct when_base *b,
                         const struct when_point *from, int64_t start, int64_t *end_r)
{
    struct when_point to;
    size_t i = *at;
    int64_t ignored;
    long v;

    if (when_point_at(s, &i, b, &to)) {
        if (!to.has_day && from->has_day) {
            to.has_day = true;
            to.day_ms = from->day_ms + (from->days - 1) * DAY_MS;
        }
        if (to.part == PART_NONE && !to.exact24 && from->part != PART_DAWN)
            to.part = from->part;
        when_resolve(&to, b, &ignored, end_r);
        if (to.has_hour)
            *end_r = ignored;
    } else if (!from->has_hour && from->has_day && scan_integer(s, &i, &v) && v >= 1 && v <= 31 &&
               (scan_lit(s, &i, "号") || scan_lit(s, &i, "日"))) {
        *end_r = from->day_ms + (v - civil_of_ms(from->day_ms, b->zone_min).day + 1) * DAY_MS;
    } else {
        return false;
    }
    if (to.has_hour && *end_r <= start && !to.exact24 && *end_r + 12 * HOUR_MS > start)
        *end_r += 12 * HOUR_MS;
    while (*end_r <= start && *end_r > start - 8 * DAY_MS)
        *end_r += from->has_day && !from->has_hour && !to.has_hour ? 7 * DAY_MS : DAY_MS;
    *at = i;
    return true;
}

/* 6-9pm, 9到11点: the start's hour stands without its word. */
static bool bare_range_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p,
                          int64_t *start_r, int64_t *end_r)
{
    size_t i = *at;
    struct when_point to = *p;
    long h;
    int64_t ignored;

    if (!scan_integer(s, &i, &h) || h > 24 || !range_word(s, &i) || !when_hour_at(s, &i, &to))
        return false;
    p->has_hour = true;
    p->hour = (int)h;
    p->exact24 = h > 12 || (to.exact24 && to.hour <= 12);
    if (to.exact24 && to.hour > 12 && h <= 12 && h + 12 < to.hour && p->part != PART_FORENOON &&
        p->part != PART_MORNING && to.hour != 24)
        p->hour += scan_is_letter(s, i - 1) ? 12 : 0;
    if (to.hour > 12 && p->part == PART_NONE)
        p->exact24 = true;
    to.part = to.part ? to.part : p->part;
    when_resolve(p, b, start_r, &ignored);
    if (!to.exact24 && to.hour > p->hour)
        to.exact24 = p->exact24;
    when_resolve(&to, b, end_r, &ignored);
    while (*end_r <= *start_r)
        *end_r += 12 * HOUR_MS;
    *at = i;
    return true;
}

/* What stands behind a point: 前, 之前, 截止 make it the end; 起, 以后, 开始 the start. */
static void take_side(struct str s, size_t *at, struct when_match *m, const struct when_base *b,
                      bool has_hour)
{
    static const char *const befores[] = {"之前", "以前", "前", "截止", "为止", "截至", NULL};
    static const char *const afters[] = {"之后", "以后", "后", "起", "开始", "onwards", NULL};
    size_t i = *at;

    scan_blanks(s, &i);
    if (scan_any(s, &i, befores) >= 0) {
        m->end_ms = m->start_ms;
        m->start_ms = 0;
        if (m->end_ms <= b->now_ms && !has_hour)
            m->end_ms += DAY_MS; /* 今天前 is by the end of today */
        *at = i;
    } else if (scan_any(s, &i, afters) >= 0) {
        m->end_ms = 0;
        *at = i;
    }
}

static bool before_words(struct str s, size_t *at)
{
    static const char *const words[] = {"before", "by",   "until", "till", "截止到", "截至",
                                        "截止",   "直到", "最晚",  "最迟", NULL};
    size_t i = *at;

    if (scan_any(s, &i, words) < 0)
        return false;
    scan_blanks(s, &i);
    *at = i;
    return true;
}

static bool from_now_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    static const char *const words[] = {"即日起", "从今天起", "从现在起", "今天起",
                                        "今日起", "从今天",   "即日",     NULL};
    struct when_point p;
    size_t i = *at;
    int64_t end;

    if (scan_any(s, &i, words) < 0)
        return false;
    m->start_ms = b->now_ms;
    m->end_ms = 0;
    m->weight = 2;
    *at = i;
    if (range_word(s, &i) && when_point_at(s, &i, b, &p)) {
        when_resolve(&p, b, &end, &m->end_ms);
        *at = i;
    }
    return true;
}

static bool point_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    struct when_point p;
    size_t i = *at, next;
    bool until = before_words(s, &i);

    if (!when_point_at(s, &i, b, &p)) {
        p = (struct when_point){.days = 1};
        if (until || !bare_range_at(s, &i, b, &p, &m->start_ms, &m->end_ms))
            return false;
        m->weight = 3;
        *at = i;
        return true;
    }
    m->weight = 2 * p.has_day + (p.part != PART_NONE) + 2 * p.has_hour;
    if (!p.has_hour && (next = i, scan_blanks(s, &next),
                        bare_range_at(s, &next, b, &p, &m->start_ms, &m->end_ms))) {
        m->weight += 3;
        *at = next;
        return true;
    }
    when_resolve(&p, b, &m->start_ms, &m->end_ms);
    next = i;
    if (until) {
        m->end_ms = p.has_hour ? m->start_ms : m->end_ms;
        m->start_ms = 0;
    } else if (range_word(s, &next) && range_end_at(s, &next, b, &p, m->start_ms, &m->end_ms)) {
        m->weight += 2;
        i = next;
    } else {
        take_side(s, &i, m, b, p.has_hour);
    }
    *at = i;
    return true;
}

/* One comparison a character tells where nothing can begin. */
static bool may_begin(struct str s, size_t at)
{
    if (scan_is_digit(s, at))
        return at == 0 || !(scan_is_digit(s, at - 1) || s.p[at - 1] == '.' || s.p[at - 1] == ':');
    if (scan_is_letter(s, at))
        return at == 0 || !scan_is_letter(s, at - 1);
    return scan_may_be_time(s, at);
}

static bool when_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    if (!(scan_class(s, *at) & SCAN_NUMBER) && (from_now_at(s, at, b, m) || now_at(s, at, b, m)))
        return true;
    return relative_at(s, at, b, m) || point_at(s, at, b, m);
}

bool when_next(struct str s, size_t *at, int64_t now_ms, int zone_min, struct when_match *out)
{
    struct when_base b = when_base(now_ms, zone_min);

    while (*at < s.n) {
        size_t start = *at;

        *out = (struct when_match){.from = start};
        if (may_begin(s, start) && when_at(s, at, &b, out)) {
            out->to = *at;
            return true;
        }
        *at = start + scan_char_bytes(s, start);
        while (scan_is_digit(s, start) && scan_is_digit(s, *at))
            ++*at;
        while (scan_is_letter(s, start) && scan_is_letter(s, *at))
            ++*at;
    }
    return false;
}

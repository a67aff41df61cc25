#include "when_priv.h"

#include "scan_priv.h"

/* --- relative times: 半小时后, 两天内, 现在 ------------------------------------------------------
 */

static int64_t unit_at(struct str s, size_t *at)
{
    static struct scan_words words = {
        .list = {"分钟",  "刻钟",   "小时", "个小时", "钟头",  "个钟头",  "个钟",   "天",   "日",
                 "周",    "个星期", "星期", "个礼拜", "个月",  "minutes", "minute", "mins", "min",
                 "hours", "hour",   "days", "day",    "weeks", "week",    NULL}};
    static const int64_t lengths[] = {
        MINUTE_MS,  15 * MINUTE_MS, HOUR_MS,   HOUR_MS,    HOUR_MS,    HOUR_MS,
        HOUR_MS,    DAY_MS,         DAY_MS,    7 * DAY_MS, 7 * DAY_MS, 7 * DAY_MS,
        7 * DAY_MS, 30 * DAY_MS,    MINUTE_MS, MINUTE_MS,  MINUTE_MS,  MINUTE_MS,
        HOUR_MS,    HOUR_MS,        DAY_MS,    DAY_MS,     7 * DAY_MS, 7 * DAY_MS};
    int i = scan_any(s, at, &words);

    return i < 0 ? 0 : lengths[i];
}

/* Digits, Chinese numerals, or a number up to twelve in English. */
static bool count_at(struct str s, size_t *at, long *v_r)
{
    static struct scan_words words = {.list = {"one", "two", "three", "four", "five", "six",
                                               "seven", "eight", "nine", "ten", "eleven", "twelve",
                                               NULL}};
    int k = scan_is_letter(s, *at) ? scan_any(s, at, &words) : -1;

    if (k < 0)
        return scan_integer(s, at, v_r);
    *v_r = k + 1;
    return true;
}

static bool length_at(struct str s, size_t *at, int64_t *length_r)
{
    size_t i = *at;
    long v = 0;
    bool half = scan_lit(s, &i, "半个") || scan_lit(s, &i, "半");
    int64_t unit;

    if (!half && !count_at(s, &i, &v))
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

/* The start of what is `length` ahead: counted in days it is a whole day (两天后), and its end. */
static void set_ahead(struct when_match *m, const struct when_base *b, int64_t length)
{
    bool days = length >= DAY_MS && length % DAY_MS == 0;

    m->start_ms = (days ? b->today_ms : b->now_ms) + length;
    m->end_ms = m->start_ms + (days ? DAY_MS : HOUR_MS);
}

static bool relative_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    static struct scan_words afters = {.list = {"之后", "以后", "后", "later", "from now", NULL}};
    static struct scan_words withins = {.list = {"之内", "以内", "内", "里", NULL}};
    static struct scan_words agos = {.list = {"之前", "以前", "前", "ago", NULL}};
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
    if (within || (!in && scan_any(s, &i, &withins) >= 0)) {
        m->start_ms = b->now_ms;
        m->end_ms = b->now_ms + length;
    } else if (in || scan_any(s, &i, &afters) >= 0) {
        set_ahead(m, b, length);
    } else if (scan_any(s, &i, &agos) >= 0) {
        m->start_ms = b->now_ms - length - HOUR_MS;
        m->end_ms = b->now_ms - length;
    } else {
        return false;
    }
    m->weight = 3;
    *at = i;
    return true;
}

static bool now_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    static struct scan_words nows = {
        .list = {"现在", "立刻", "马上", "这会儿", "此刻", "right now", "now", "asap", NULL}};
    static struct scan_words always = {
        .list = {"长期有效", "长期", "一直有效", "全年", "常年", "long term", NULL}};

    if (scan_any(s, at, &nows) >= 0) {
        m->start_ms = b->now_ms;
        m->end_ms = b->now_ms + HOUR_MS;
        m->weight = 0;
        return true;
    }
    if (scan_any(s, at, &always) >= 0) {
        m->start_ms = b->now_ms;
        m->end_ms = 0;
        m->weight = 1;
        return true;
    }
    return false;
}

/* --- ranges -------------------------------------------------------------------------------------
 */

static struct scan_words to_words = {.list = {"到", "至", "-", "~", "--", "—", "直到", "to",
                                              "until", "till", "起到", "起至", "开始到", "~~",
                                              "and", NULL}};

static bool range_word(struct str s, size_t *at)
{
    size_t i = *at;

    scan_blanks(s, &i);
    if (scan_any(s, &i, &to_words) < 0)
        return false;
    scan_blanks(s, &i);
    *at = i;
    return true;
}

/* 3日至7日: a day of the same month as the start's; 28日至3日: of the next. */
static bool day_end_at(struct str s, size_t *at, const struct when_base *b,
                       const struct when_point *from, int64_t *end_r)
{
    size_t i = *at;
    struct civil start;
    long v;

    if (from->has_hour || !from->has_day || !scan_integer(s, &i, &v) || v < 1 || v > 31 ||
        !(scan_lit(s, &i, "号") || scan_lit(s, &i, "日")))
        return false;
    start = civil_of_ms(from->day_ms, b->zone_min);
    *end_r = civil_to_ms((struct civil){.year = start.year,
                                        .month = start.month + (v < start.day),
                                        .day = (int)v + 1},
                         b->zone_min);
    *at = i;
    return true;
}

/* What the end leaves unsaid is the start's. */
static void inherit(struct when_point *to, const struct when_point *from, const struct when_base *b)
{
    to->exact24 = to->exact24 || (to->next_day && to->part == PART_NONE); /* 次日5:00 */
    if (to->next_day)
        to->day_ms = (from->has_day ? from->day_ms : b->today_ms) + DAY_MS;
    if (!to->has_day && from->has_day) {
        to->has_day = true;
        to->day_ms = from->day_ms + (from->days - 1) * DAY_MS;
    }
    if (to->part == PART_NONE && !to->exact24 && from->part != PART_DAWN)
        to->part = from->part;
}

/* The end of a range: its own point, not before the start. */
static bool range_end_at(struct str s, size_t *at, const struct when_base *b,
                         const struct when_point *from, int64_t start, int64_t *end_r)
{
    struct when_point to = {.days = 1};
    size_t i = *at;
    int64_t ignored;

    if (day_end_at(s, &i, b, from, end_r) || when_lunar_end(s, &i, b, from, end_r)) {
        *at = i;
        return *end_r > start;
    }
    if (!when_point_at(s, &i, b, &to))
        return false;
    inherit(&to, from, b);
    when_resolve(&to, b, &ignored, end_r);
    if (to.has_hour)
        *end_r = ignored;
    if (to.has_hour && *end_r <= start && !to.exact24 && *end_r + 12 * HOUR_MS > start)
        *end_r += 12 * HOUR_MS;
    while (*end_r <= start && *end_r > start - 8 * DAY_MS)
        *end_r += from->has_day && !from->has_hour && !to.has_hour ? 7 * DAY_MS : DAY_MS;
    *at = i;
    return *end_r > start;
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

/* What a word beside a point makes of it: it ends where the point begins, or where it ends; it
   begins where the point begins, or where it ends. For an hour both are the hour itself. */
enum side { SIDE_NONE, END_AT_START, END_AT_END, START_AT_START, START_AT_END };

struct side_word {
    const char *word;
    enum side side;
};
static const struct side_word sides_before[] = {
    {"before", END_AT_START},     {"by", END_AT_END},      {"until", END_AT_END},
    {"till", END_AT_END},         {"截止到", END_AT_END},  {"截至", END_AT_END},
    {"截止", END_AT_END},         {"直到", END_AT_END},    {"最晚", END_AT_END},
    {"最迟", END_AT_END},         {"after", START_AT_END}, {"from", START_AT_START},
    {"starting", START_AT_START}, {NULL, SIDE_NONE},
};
static const struct side_word sides_behind[] = {
    {"之前", END_AT_START},      {"以前", END_AT_START}, {"前", END_AT_START},
    {"截止", END_AT_END},        {"为止", END_AT_END},   {"截至", END_AT_END},
    {"截单", END_AT_END},        {"截稿", END_AT_END},   {"止", END_AT_END},
    {"之后", START_AT_END},      {"以后", START_AT_END}, {"后", START_AT_END},
    {"过后", START_AT_END},      {"起", START_AT_START}, {"开始", START_AT_START},
    {"onwards", START_AT_START}, {NULL, SIDE_NONE},
};

static enum side side_at(struct str s, size_t *at, const struct side_word *words, bool has_hour)
{
    static struct scan_words others = {.list = {"前台", "前面", "前往", "后天", "后日", "后面",
                                                "后门", "后勤", "后台", "起来", "起床", "起码",
                                                "起火", NULL}};
    static struct scan_words comes = {.list = {"前来", "前去", NULL}}; /* but 八点前来修 */
    size_t i = *at, n, best = 0;
    enum side side = SIDE_NONE;
    struct scan_head head;

    scan_blanks(s, &i);
    head = scan_head(s, i);
    for (; words->word; words++)
        if (n = i, scan_may_be(head, words->word) && scan_word(s, &n, words->word) &&
                       (n -= i) > best && !(scan_is_letter(s, i) && scan_is_letter(s, i + n))) {
            best = n;
            side = words->side;
        }
    if (best == 0 || scan_peek_any(s, i, &others) || (!has_hour && scan_peek_any(s, i, &comes)))
        return SIDE_NONE;
    *at = i + best;
    return side;
}

static void apply_side(struct when_match *m, enum side side, const struct when_base *b,
                       bool has_hour)
{
    int64_t at =
        has_hour || side == END_AT_START || side == START_AT_START ? m->start_ms : m->end_ms;

    if (side == START_AT_START || side == START_AT_END) {
        m->start_ms = at;
        m->end_ms = 0;
    } else if (side != SIDE_NONE) {
        m->start_ms = 0;
        m->end_ms = at;
        if (at <= b->now_ms && at > b->now_ms - DAY_MS && !has_hour)
            m->end_ms += DAY_MS; /* 今天前 is by the end of today */
    }
}

/* 从明天起一周: the length behind the start; but 明天起一周两次 is how often. */
static bool take_length(struct str s, size_t *at, int64_t from_ms, struct when_match *m)
{
    static struct scan_words others = {.list = {"年", "岁", "后", "之后", "以后", NULL}};
    size_t i = *at, next;
    int64_t length;
    long ignored;

    if (!length_at(s, &i, &length) || scan_peek_any(s, i, &others))
        return false;
    next = i;
    scan_blanks(s, &next);
    if (scan_integer(s, &next, &ignored))
        return false;
    m->end_ms = from_ms + length;
    m->is_range = true;
    *at = i;
    return true;
}

static bool from_now_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    static struct scan_words words = {
        .list = {"即日起", "从今天起", "从现在起", "今天起", "今日起", "从今天", "即日", NULL}};
    struct when_point p;
    size_t i = *at;
    int64_t end;

    if (scan_any(s, &i, &words) < 0)
        return false;
    m->start_ms = b->now_ms;
    m->end_ms = 0;
    m->weight = 2;
    *at = i;
    if (take_length(s, at, b->today_ms, m))
        return true;
    if (range_word(s, &i) && when_point_at(s, &i, b, &p)) {
        when_resolve(&p, b, &end, &m->end_ms);
        *at = i;
    }
    return true;
}

/* from 9am to 5pm tomorrow, 3pm on saturday: the day may stand behind the hours. */
static void take_day_behind(struct str s, size_t *at, const struct when_base *b,
                            struct when_match *m)
{
    struct when_point day = {.days = 1};
    size_t i = *at;
    int64_t ahead;

    scan_blanks(s, &i);
    if (i == *at || !scan_is_letter(s, i) || !when_day_at(s, &i, b, &day))
        return;
    ahead = day.day_ms - b->today_ms - (m->start_ms - b->today_ms) / DAY_MS * DAY_MS;
    m->start_ms += ahead;
    m->end_ms += ahead;
    m->weight += 2;
    *at = i;
}

/* A point or a range, before the words beside it are looked at. */
static bool span_at(struct str s, size_t *at, const struct when_base *b, struct when_point *p,
                    struct when_match *m)
{
    size_t i = *at, next;
    int64_t end;

    if (!when_point_at(s, &i, b, p)) {
        *p = (struct when_point){.days = 1};
        m->weight = 3;
        m->is_range = bare_range_at(s, at, b, p, &m->start_ms, &m->end_ms);
        return m->is_range;
    }
    m->weight = 2 * p->has_day + (p->part != PART_NONE) + 2 * p->has_hour;
    *at = i;
    next = i;
    scan_blanks(s, &next);
    if (!p->has_hour && bare_range_at(s, &next, b, p, &m->start_ms, &m->end_ms)) {
        m->weight += 3;
        m->is_range = true;
        *at = next;
        return true;
    }
    when_resolve(p, b, &m->start_ms, &m->end_ms);
    next = i;
    if (range_word(s, &next) && range_end_at(s, &next, b, p, m->start_ms, &end)) {
        if (end - m->start_ms > DAY_MS / 2 && p->has_hour && !p->exact24 && !p->part && !p->has_day)
            m->start_ms += DAY_MS / 2; /* 9:00到12:00, said at one: tomorrow's nine */
        m->end_ms = end;
        m->weight += 2;
        m->is_range = true;
        *at = next;
    }
    return true;
}

static bool point_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    struct when_point p;
    size_t i = *at;
    enum side before = side_at(s, &i, sides_before, false), side;

    if (before)
        scan_blanks(s, &i);
    if (!span_at(s, &i, b, &p, m))
        return false;
    if (!p.has_day)
        take_day_behind(s, &i, b, m);
    side = m->is_range ? SIDE_NONE : side_at(s, &i, sides_behind, p.has_hour);
    if (!m->is_range)
        apply_side(m, side ? side : before, b, p.has_hour);
    if (side == START_AT_START)
        take_length(s, &i, m->start_ms, m);
    m->vague = !p.has_day && !p.has_hour && !m->is_range;
    m->part = p.part;
    m->recurs = p.recurs;
    *at = i;
    return true;
}

/* --- what is no time for a slot -----------------------------------------------------------------
 */

/* 早上好, 晚上好呀: a greeting. */
static bool is_greeting(struct str s, size_t to)
{
    static struct scan_words on = {.list = {"呀", "啊", "哈", "各", "大", "邻", "亲", "家", "姐",
                                            "小", "群", "朋", "老", "!", ",", ".", "~", " ", NULL}};
    static struct scan_words wishes = {.list = {"愉快", "快乐", "安康", NULL}};

    if (scan_peek_any(s, to, &wishes))
        return true;
    return scan_lit(s, &to, "好") &&
           (to == s.n || scan_peek_any(s, to, &on) || (unsigned char)s.p[to] < 0x80 ||
            (unsigned char)s.p[to] > 0xE9);
}

/* A time that recurs, an ordinal, a length of time, a story. */
static bool is_other_behind(struct str s, const struct when_match *m)
{
    static struct scan_words recurs = {.list = {"每",     "每天",  "每周", "每个", "每月", "每年",
                                                "每隔",   "天天",  "以前", "平时", "平常", "工作日",
                                                "往常",   "第",    "刚",   "刚刚", "刚才", "刚过",
                                                "every ", "good ", "说",   "讲",   "补充", NULL}};
    static struct scan_words lengths = {
        .list = {"一", "整", "整个", "几个", "个", "大", "两", "三", NULL}};

    return scan_behind(s, m->from, &recurs) || (m->vague && scan_behind(s, m->from, &lengths));
}

/* It says how urgent, how often or how long ago; the text is passed, but gives no slot. */
static bool says_nothing(struct str s, size_t to, const struct when_base *b,
                         const struct when_match *m)
{
    return m->recurs || (m->end_ms != 0 && m->end_ms <= b->now_ms) || is_other_behind(s, m) ||
           (!m->is_range && is_greeting(s, to)) ||
           (m->vague && (m->part == PART_NIGHT || m->part == PART_DAWN));
}

/* No figures of a decimal or of a clock that began before. */
static bool begins_anew(struct str s, size_t at)
{
    return !scan_is_digit(s, at) || at == 0 || !(s.p[at - 1] == '.' || s.p[at - 1] == ':');
}

/* By the first characters of the words of from_now_at and now_at. */
static bool may_be_now(struct str s, size_t at)
{
    if (scan_is_letter(s, at))
        return strchr("rnal", s.p[at]) != NULL;
    return at + 3 <= s.n && scan_behind_han(s, at + 3, "即从今现立马这此长一全常");
}

static bool when_at(struct str s, size_t *at, const struct when_base *b, struct when_match *m)
{
    if (may_be_now(s, *at) && (from_now_at(s, at, b, m) || now_at(s, at, b, m)))
        return true;
    return relative_at(s, at, b, m) || point_at(s, at, b, m);
}

bool when_next(struct str s, const unsigned char *starts, size_t *at, int64_t now_ms, int zone_min,
               struct when_match *out)
{
    struct when_base b;
    bool known = false;

    while ((*at = scan_next_start(starts, *at, s.n, SCAN_AT_WHEN)) < s.n) {
        size_t start = *at;

        if (!known)
            b = when_base(now_ms, zone_min);
        known = true;
        *out = (struct when_match){.from = start};
        if (begins_anew(s, start) && when_at(s, at, &b, out)) {
            out->to = *at;
            if (says_nothing(s, *at, &b, out))
                out->weight = 0;
            return true;
        }
        *at = start + 1;
    }
    return false;
}

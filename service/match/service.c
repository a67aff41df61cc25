/* What a standing resource does for people: told by its own words and conditions, since who needs
   it tells of the need (灯泡不亮了, 三岁的娃没人带) and seldom names the service. */
#include "match_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/find.h"
#include "base/numeral.h"

#define WORD_BYTES 63
#define HAN 3
#define LEAST_BYTES (2 * HAN) /* what is left of a word still says something */

/* What a service does with a thing, and how: the thing is what tells them apart. */
static const char *const manners[] = {
    "维修", "修理", "辅导", "办理", "代办", "服务", "上门", "临时", "申请", "咨询", "免费",
    "社区", "公益", "换",   "通",   "修",   "装",   "开",   "送",   "代",   "帮",   NULL};

static void strip(const char *word, char out[WORD_BYTES + 1])
{
    size_t n = 0;
    while (*word && n < WORD_BYTES) {
        size_t skip = 0;
        bool inside = ((unsigned char)*word & 0xC0) == 0x80; /* of a character */
        for (int i = 0; manners[i] && !skip && !inside; i++)
            if (!strncmp(word, manners[i], strlen(manners[i])))
                skip = strlen(manners[i]);
        if (!skip)
            out[n++] = *word++;
        word += skip;
    }
    out[n] = 0;
}

/* Who wants to take her 血压 wants a 血压计: a device is called by what it is for. */
static bool names_purpose(const char *thing, const char *text)
{
    char purpose[2 * HAN + 1];
    if (strlen(thing) < (size_t)3 * HAN)
        return false;
    str_copy(purpose, sizeof purpose, (struct str){thing, (size_t)2 * HAN});
    return strstr(text, purpose) != NULL;
}

bool service_is_named(const struct match_side *o, const char *text)
{
    char thing[WORD_BYTES + 1];
    for (int i = 0; i < o->n_words; i++) {
        strip(o->words[i], thing);
        if (strlen(thing) >= LEAST_BYTES && strstr(text, thing))
            return true;
        if (o->category == CATEGORY_DEVICE && names_purpose(thing, text))
            return true;
    }
    return false;
}

/* A hand is no thing, and a thing no service; a room is either. */
static bool ways_meet(const struct match_side *r, const struct match_side *o)
{
    if (r->mode == MODE_NONE || r->category == o->category || o->category == CATEGORY_SPACE)
        return true;
    return (o->mode == MODE_LEND) == (r->mode == MODE_LEND);
}

static bool fetches(const struct match_side *o)
{
    for (int i = 0; i < o->n_words; i++)
        if (service_is_fetching(o->words[i]))
            return true;
    return false;
}

/* Who names a thing of the resource wants that, whatever else they tell of; 四点去幼儿园接一下: who
   minds children does not fetch them. */
enum help service_help(const struct match_side *r, const struct match_side *o)
{
    bool known = r->kinds && o->kinds;
    if (!o->is_resource)
        return HELP_UNKNOWN;
    if (r->kinds & o->kinds)
        return ways_meet(r, o) ? HELP_THIS : HELP_UNKNOWN;
    if (service_is_named(o, r->text))
        return HELP_UNKNOWN;
    bool fetch = o->category == CATEGORY_CHILDCARE && service_is_fetching(r->text) && !fetches(o);
    return known || fetch ? HELP_OTHER : HELP_UNKNOWN;
}

/* Of these the leaf says all that is needed; of the others it is a matter of the thing. */
bool service_is_whole(enum category c)
{
    return c == CATEGORY_CHILDCARE || c == CATEGORY_ELDERCARE || c == CATEGORY_ESCORT ||
           c == CATEGORY_COMFORT || c == CATEGORY_PETS;
}

/* Between two who speak with each other: 捎我一段 is what 后排空着 answers. */
bool service_is_told_by_leaf(enum category c)
{
    return service_is_whole(c) || c == CATEGORY_VEHICLE || c == CATEGORY_ERRAND ||
           c == CATEGORY_MOVING;
}

/* 四点去幼儿园接一下: who minds children does not fetch them. */
bool service_is_fetching(const char *text)
{
    static const char *const words[] = {"接下",    "接一下",  "接个",     "接孩子",   "接娃",
                                        "接我",    "接回",    "带回",     "接送",     "捎回",
                                        "pick up", "pick my", "pick him", "pick her", NULL};
    struct find said;
    find_init(&said, text);
    return find_any(&said, words);
}

/* --- ages --- */

#define MONTHS 12

#define CLASS_MOST 6 /* of a primary school */

static int age_in_class(int n)
{
    return (5 + n) * MONTHS + MONTHS / 2;
}

static bool ends_any(const char *text, const char *end, const char *const *words)
{
    for (; *words; words++) {
        size_t n = strlen(*words);
        if ((size_t)(end - text) >= n && !strncmp(end - n, *words, n))
            return true;
    }
    return false;
}

/* 初二, 高一 of a pupil: 大年初二 is a day, and 高一点 no class. */
static int age_of_pupil(const char *text, const char *at, const char **behind)
{
    static const struct {
        const char *head;
        int before; /* classes */
    } schools[] = {{"初", CLASS_MOST}, {"高", CLASS_MOST + 3}};
    static const char *const pupils[] = {"的",   "年级", "学生", "孩子", "班",   "生",
                                         "娃",   "数学", "英语", "语文", "物理", "化学",
                                         "作业", "学",   "上",   "下",   NULL};
    static const char *const whose[] = {"孩子", "儿子", "女儿", "娃",   "上",   "读",
                                        "妹妹", "弟弟", "外甥", "孙子", "孙女", NULL};
    for (size_t i = 0; i < sizeof schools / sizeof *schools; i++) {
        if (strncmp(at, schools[i].head, strlen(schools[i].head)) != 0)
            continue;
        int n = numeral_at(at + strlen(schools[i].head), behind);
        bool pupil = starts_any(*behind, pupils) || ends_any(text, at, whose);
        return n >= 1 && n <= 3 && pupil ? age_in_class(schools[i].before + n) : -1;
    }
    return -1;
}

/* 二年级: about how old who goes there is, in months; -1: none. */
static int age_of_class(const char *at, const char **behind)
{
    int n = numeral_at(at, behind);
    if (n < 1 || n > CLASS_MOST || strncmp(*behind, "年级", strlen("年级")) != 0)
        return -1;
    *behind += strlen("年级");
    return age_in_class(n);
}

/* 三岁半, 一岁八个月, 18个月, 76岁 at that place, in months, and what follows; -1: none. */
static int age_at(const char *at, const char **behind)
{
    int n = numeral_at(at, behind);
    if (*behind == at)
        return -1;
    if (!strncmp(*behind, "个月", strlen("个月"))) {
        *behind += strlen("个月");
        return n;
    }
    if (!strncmp(*behind, "周岁", strlen("周岁")))
        *behind += strlen("周");
    if (strncmp(*behind, "岁", HAN) != 0)
        return -1;
    *behind += HAN;
    const char *end;
    int more = numeral_at(*behind, &end);
    if (!strncmp(*behind, "半", HAN)) {
        *behind += HAN;
        return n * MONTHS + MONTHS / 2;
    }
    if (end > *behind && !strncmp(end, "个月", strlen("个月"))) {
        *behind = end + strlen("个月");
        return n * MONTHS + more;
    }
    return n * MONTHS;
}

static size_t joint_at(const char *at)
{
    static const char *const joints[] = {"到", "至", "-", "~", "～", "—"};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
        if (!strncmp(at, joints[i], strlen(joints[i])))
            return strlen(joints[i]);
    return 0;
}

struct ages {
    int from, to; /* months, both included; to < from: nothing is asked */
};

/* 七十岁以上免费: who is younger pays, and may come. */
static bool is_only_cheaper(const char *at)
{
    static const char *const words[] = {"免费", "优先", "优惠", "半价", "打折"};
    static const char *const ends[] = {"，", "。", ",", "；", ";"};
    size_t n = strlen(at);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *end = strstr(at, ends[i]);
        n = end && (size_t)(end - at) < n ? (size_t)(end - at) : n;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *found = strstr(at, words[i]);
        if (found && found < at + n)
            return true;
    }
    return false;
}

#define OLDEST (200 * MONTHS)

/* 60岁以上, 三岁以下. */
static struct ages ages_beyond(int age, const char *behind)
{
    if (!strncmp(behind, "以上", strlen("以上")) && !is_only_cheaper(behind))
        return (struct ages){age, OLDEST};
    if (!strncmp(behind, "以下", strlen("以下")) && !is_only_cheaper(behind))
        return (struct ages){0, age};
    return (struct ages){1, 0};
}

/* 两岁到六岁, 18个月至3岁, 3-6岁. */
static struct ages ages_asked(const char *conditions)
{
    for (const char *p = conditions; *p; p++) {
        const char *mid, *end;
        int from = age_at(p, &mid);
        if (from >= 0) {
            struct ages beyond = ages_beyond(from, mid);
            if (beyond.from <= beyond.to)
                return beyond;
        }
        bool bare = from < 0 && mid > p;
        if (bare)
            from = numeral_at(p, &mid) * MONTHS; /* its unit stands behind the other */
        size_t joint = from >= 0 ? joint_at(mid) : 0;
        int to = joint ? age_at(mid + joint, &end) : -1;
        if (to >= from && joint)
            return (struct ages){from, to + MONTHS - 1};
        to = joint ? age_of_class(mid + joint, &end) : -1;
        if (to >= 0 && bare && from >= MONTHS) /* 一至六年级 */
            return (struct ages){age_in_class(from / MONTHS) - MONTHS, to + MONTHS};
        if (to >= 0 && !bare && from >= 0) /* 3岁到一年级 */
            return (struct ages){from, to + MONTHS};
    }
    return (struct ages){1, 0};
}

bool service_age_forbids(const char *conditions, const char *text)
{
    struct ages asked = conditions ? ages_asked(conditions) : (struct ages){1, 0};
    bool told = false;
    for (const char *p = text, *end; asked.from <= asked.to && *p; p = end > p ? end : p + 1) {
        int age = age_at(p, &end);
        if (age < 0)
            age = age_of_class(p, &end);
        if (age < 0)
            age = age_of_pupil(text, p, &end);
        if (age >= asked.from && age <= asked.to)
            return false;
        told |= age >= 0;
    }
    return told;
}

/* --- notice --- */

/* 提前一天预约, 前一天订: how many days ahead; 0: none is asked. */
static int notice_asked(const char *conditions)
{
    static const char *const not [] = {"无需", "不用", "不必", "不需", "无须", NULL};
    static const char *const orders[] = {"订", "约", "预", "说", "登记", "报", NULL};
    for (const char *at = conditions, *behind; (at = strstr(at, "前"));) {
        bool ahead = ends_any(conditions, at, (const char *const[]){"提", NULL});
        const char *head = ahead ? at - strlen("提") : at;
        at += strlen("前");
        int n = numeral_at(at, &behind);
        if (n < 1 || strncmp(behind, "天", strlen("天")) != 0 || ends_any(conditions, head, not ))
            continue;
        if (ahead || starts_any(behind + strlen("天"), orders))
            return n;
    }
    return 0;
}

bool service_is_at_once(const char *text)
{
    static const char *const words[] = {"现在就", "现在要", "现在急",    "现在能",     "现在有没",
                                        "现在谁", "现在哪", "马上",      "急用",       "立刻",
                                        "立马",   "这会儿", "right now", "right away", NULL};
    for (int i = 0; words[i]; i++)
        if (strcasestr(text, words[i]))
            return true;
    return false;
}

bool service_notice_forbids(const char *conditions, const struct match_side *request,
                            int64_t now_ms, int zone_min)
{
    int days = conditions ? notice_asked(conditions) : 0;
    int64_t zone_ms = (int64_t)zone_min * MINUTE_MS;
    if (!days)
        return false;
    int64_t last = request->end_ms > request->start_ms ? request->end_ms - 1 : request->start_ms;
    if (last)
        return (last + zone_ms) / DAY_MS < (now_ms + zone_ms) / DAY_MS + days;
    return request->urgency >= URGENCY_URGENT || service_is_at_once(request->text);
}

/* Hard rules, then a score from named, bounded parts. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "match_priv.h"

static unsigned bit(enum category c)
{
    return 1u << c;
}

unsigned match_near_categories(enum category c)
{
    static const struct {
        enum category of, near;
    } rows[] = {
        {CATEGORY_TOOLS, CATEGORY_REPAIR},       {CATEGORY_TOOLS, CATEGORY_GOODS},
        {CATEGORY_TOOLS, CATEGORY_MOVING},       {CATEGORY_TOOLS, CATEGORY_DEVICE},
        {CATEGORY_GOODS, CATEGORY_BABY},         {CATEGORY_GOODS, CATEGORY_DAILY},
        {CATEGORY_GOODS, CATEGORY_OTHER},        {CATEGORY_DAILY, CATEGORY_FOOD},
        {CATEGORY_BABY, CATEGORY_FOOD},          {CATEGORY_BABY, CATEGORY_DAILY},
        {CATEGORY_MEDICINE, CATEGORY_DEVICE},    {CATEGORY_ESCORT, CATEGORY_VEHICLE},
        {CATEGORY_ESCORT, CATEGORY_ELDERCARE},   {CATEGORY_COMFORT, CATEGORY_ELDERCARE},
        {CATEGORY_ERRAND, CATEGORY_FOOD},        {CATEGORY_ERRAND, CATEGORY_VOLUNTEER},
        {CATEGORY_MOVING, CATEGORY_VOLUNTEER},   {CATEGORY_VEHICLE, CATEGORY_TOOLS},
        {CATEGORY_FACILITY, CATEGORY_REPAIR},    {CATEGORY_ADVICE, CATEGORY_OTHER},
        {CATEGORY_CHILDCARE, CATEGORY_TUTORING}, {CATEGORY_LOST_FOUND, CATEGORY_LOST_FOUND}};
    unsigned near = bit(c);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].of == c)
            near |= bit(rows[i].near);
        if (rows[i].near == c)
            near |= bit(rows[i].of);
    }
    return near;
}

/* --- likeness of what is wanted and what there is --- */

static double item_likeness(const struct match_context *cx, const struct match_side *r,
                            const struct match_side *o, bool *both_named)
{
    double best = 0;
    *both_named = r->n_items && o->n_items;
    for (int i = 0; i < r->n_items; i++)
        for (int k = 0; k < o->n_items; k++) {
            double like = cx->item ? cx->item(cx->arg, &r->items[i], &o->items[k]) : 0;
            best = like > best ? like : best;
        }
    if (*both_named)
        return best;
    return cx->text ? cx->text(cx->arg, r->text, o->text) : 0;
}

/* What was found is what was lost, not something near it; that one was lost and the other found
   makes them alike in nothing. Kinds that are known have been compared: see match_lost_differ. */
static bool may_be_lost(const struct match_context *cx, const struct match_side *r,
                        const struct match_side *o)
{
    double best = 0;
    int n = 0;
    if (match_lost_is_known(r->text) && match_lost_is_known(o->text))
        return true;
    for (int i = 0; i < r->n_items; i++)
        for (int k = 0; k < o->n_items; k++) {
            if (match_lost_is_act(r->items[i].word) || match_lost_is_act(o->items[k].word))
                continue;
            double like = cx->item ? cx->item(cx->arg, &r->items[i], &o->items[k]) : 0;
            best = like > best ? like : best;
            n++;
        }
    if (n)
        return best >= LIKE_LOST;
    return !cx->text || cx->text(cx->arg, r->text, o->text) >= TEXT_ENOUGH;
}

/* --- places --- */

/* The nearest kind of place that both lie in; PLACE_KIND_N: none. */
static enum place_kind common(const struct match_side *a, const struct match_side *b)
{
    for (int k = 0; k < PLACE_KIND_N; k++)
        if (a->places[k] && a->places[k][0] && b->places[k] && !strcmp(a->places[k], b->places[k]))
            return (enum place_kind)k;
    return PLACE_KIND_N;
}

static bool in_scope(const struct match_side *r, const struct match_side *o)
{
    enum place_kind scope = o->scope > r->reach ? o->scope : r->reach;
    const char *there = o->places[scope], *here = r->places[scope];
    if (!there || !there[0]) /* its own place is not known so finely: the community counts */
        return common(r, o) <= PLACE_COMMUNITY;
    return here && !strcmp(there, here);
}

/* --- time --- */

/* A thing that is wanted for tonight can be fetched this afternoon, or the day before; a hand or a
   room cannot. */
static bool is_fetched(const struct match_side *r)
{
    return r->mode != MODE_HELP && r->category != CATEGORY_SPACE && r->category != CATEGORY_VEHICLE;
}

static bool times_meet(const struct match_context *cx, const struct match_side *r,
                       const struct match_side *o)
{
    int64_t from = r->start_ms ? r->start_ms : cx->now_ms;
    if (r->end_ms && o->start_ms && r->end_ms < o->start_ms)
        return false;
    if (o->end_ms && from > o->end_ms)
        return false;
    if (cx->own || !o->hours || !o->hours->n)
        return true;
    if (!r->start_ms && (r->urgency >= URGENCY_URGENT || service_is_at_once(r->text)))
        return hours_open_at(o->hours, cx->now_ms, cx->zone_min, true);
    if (is_fetched(r))
        from = from - DAY_MS > cx->now_ms ? from - DAY_MS : cx->now_ms;
    return hours_overlap(o->hours, from, r->end_ms, cx->zone_min);
}

/* --- hard rules --- */

bool category_is_public(enum category c)
{
    return c == CATEGORY_FACILITY || c == CATEGORY_NUISANCE || c == CATEGORY_SAFETY;
}

bool modes_clash(enum mode request, enum mode offer)
{
    return (request == MODE_PAID && offer == MODE_LEND) ||
           (request == MODE_LEND && offer == MODE_PAID);
}

/* To lend and to sell are two things; a unit's paid service is its way of helping. */
static const char *mode_rule(const struct match_side *r, const struct match_side *o)
{
    if (o->is_resource) /* the lexicon knows drill and drilling as near */
        return r->mode == MODE_LEND && r->category != o->category && o->category == CATEGORY_REPAIR
                   ? "要借的与上门修的不合"
                   : NULL;
    if (!modes_clash(r->mode, o->mode))
        return NULL;
    return r->mode == MODE_PAID ? "要买的与只借的不合" : "想借的与要卖的不合";
}

static const char *party_rule(const struct match_context *cx, const struct match_side *r,
                              const struct match_side *o)
{
    if (r->party[0] && !strcmp(r->party, o->party))
        return "不匹配给自己";
    if (strcmp(r->community, o->community) != 0)
        return "不在同一社区";
    if (category_is_public(r->category) && o->party_kind == PARTY_RESIDENT)
        return "公共设施与安全归责任单位";
    if (o->not_asked && !cx->own) /* a wish; in some places, the law. What they offer in the chat of
                                     their own accord is theirs to offer */
        return "本人不愿被联系";
    return o->monthly_limit >= 0 && o->helped >= o->monthly_limit ? "本月已帮满" : NULL;
}

/* Of a resource, any of its words will do. */
static bool hosts_differ(const struct match_side *r, const struct match_side *o)
{
    if (!o->is_resource)
        return match_hosts_differ(r->text, o->text);
    for (int i = 0; i < o->n_words; i++)
        if (!match_hosts_differ(r->text, o->words[i]))
            return false;
    return o->n_words > 0;
}

static const char *hard_rule(const struct match_context *cx, const struct match_side *r,
                             const struct match_side *o, enum help help)
{
    const char *why = party_rule(cx, r, o);
    if (why)
        return why;
    if (!cx->called && help != HELP_THIS &&
        !(match_near_categories(r->category) & bit(o->category)))
        return "类别不合";
    if (!cx->called && help == HELP_OTHER)
        return "要的是别的帮助";
    if (!cx->own && (r->left <= 0 || o->left <= 0))
        return "名额已满";
    if (!cx->own && !in_scope(r, o))
        return "不在服务范围";
    if (!times_meet(cx, r, o))
        return "时间不合";
    if (service_age_forbids(o->conditions, r->text))
        return "年龄不合";
    if (!cx->own && service_notice_forbids(o->conditions, r, cx->now_ms, cx->zone_min))
        return "要提前预约";
    if (match_is_money(r->text))
        return "借钱不撮合";
    if (!o->is_resource && match_sizes_differ(r->text, o->text))
        return "尺码不同";
    if (!o->is_resource && (r->category == CATEGORY_MEDICINE || r->category == CATEGORY_BABY) &&
        match_harms_child(r->text, o->text))
        return "不宜给孩子";
    if (hosts_differ(r, o))
        return "配的不是同一种设备";
    if (r->category == CATEGORY_LOST_FOUND && !o->is_resource &&
        match_lost_differ(r->text, o->text))
        return "不是丢的那件";
    return mode_rule(r, o);
}

/* --- parts --- */

float part_of(const struct match_weights *w, enum match_part p, double share)
{
    return share <= 0 ? 0 : w->most[p] * (float)(share > 1 ? 1 : share);
}

static void add(const struct match_context *cx, struct match_score *s, enum match_part p,
                double share, const char *text)
{
    const struct match_weights *w = cx->weights ? cx->weights : &match_weights_default;
    if (share <= 0 || s->n_reasons == MATCH_REASONS_MAX)
        return;
    struct reason *r = &s->reasons[s->n_reasons++];
    *r = (struct reason){.part = part_of(w, p, share)};
    str_copy(r->name, sizeof r->name, str_of(match_part_code(p)));
    str_copy(r->text, sizeof r->text, str_of(text));
    s->score += r->part;
}

double share_of_item(double like, bool both_named)
{
    return both_named ? like : like * 1.5;
}

/* Of the thing itself the leaves say little: one reads a lent waffle iron as a tool, one as goods.
 */
double share_of_category(bool same, bool same_thing)
{
    return same ? 1 : same_thing ? 0.8 : 0.3;
}

static const struct {
    double share;
    const char *text;
} distances[PLACE_KIND_N + 1] = {[PLACE_ENTRANCE] = {1, "同一单元"},
                                 [PLACE_BUILDING] = {0.9, "同一栋楼"},
                                 [PLACE_ESTATE] = {0.7, "同一小区"},
                                 [PLACE_GRID] = {0.5, "同一网格"},
                                 [PLACE_COMMUNITY] = {0.35, "同一社区"},
                                 [PLACE_STREET] = {0.1, "同一街道"},
                                 [PLACE_KIND_N] = {0, ""}};

double share_of_distance(enum place_kind nearest)
{
    return distances[nearest].share;
}

double share_of_time(bool request_starts, bool offer_timed)
{
    return request_starts && offer_timed ? 1 : 0.6;
}

double share_of_quantity(double asked, double had)
{
    return had >= asked ? 1 : had / asked;
}

double share_of_party(enum category asked, enum party_kind helper)
{
    bool heavy = asked == CATEGORY_MEDICINE || asked == CATEGORY_DEVICE ||
                 asked == CATEGORY_COMFORT || asked == CATEGORY_ADVICE ||
                 asked == CATEGORY_REPAIR || asked == CATEGORY_ELDERCARE;
    if (helper == PARTY_RESIDENT)
        return heavy ? 0.5 : 0.8;
    return heavy ? 1 : 0.6;
}

double share_of_waiting(int64_t now_ms, int64_t opened_ms)
{
    return (double)(now_ms - opened_ms) / (double)DAY_MS;
}

/* Beta priors (T. Bayes, R. Price, 1763): who is new stands as one who has kept most of a few. */
#define PRIOR 5.0
#define WORD 0.75 /* to keep it is worth more than to say yes */

static double smoothed(int good, int bad)
{
    return (good + PRIOR * (double)MATCH_OUTCOMES_NEW) / (good + bad + PRIOR);
}

double share_of_outcomes(const struct outcomes *o)
{
    return WORD * smoothed(o->kept, o->failed) + (1 - WORD) * smoothed(o->answered, o->refused);
}

static void tell_count(char text[64], const char *what, int n)
{
    size_t at = strlen(text);
    if (n)
        snprintf(text + at, 64 - at, "%s%s%d次", at ? "，" : "近半年", what, n < 999 ? n : 999);
}

static void tell_outcomes(const struct outcomes *o, char text[64])
{
    text[0] = 0;
    tell_count(text, "帮成", o->kept);
    tell_count(text, "没帮成", o->failed);
    tell_count(text, "问了没应", o->refused);
    if (!text[0])
        str_copy(text, 64, str_of(o->answered ? "近半年问了都应" : "还没有帮忙记录"));
}

/* The last part: what it fits without it is what all before add up to, and what a new one has. */
static void add_outcomes(const struct match_context *cx, struct match_score *s,
                         const struct outcomes *o)
{
    const struct match_weights *w = cx->weights ? cx->weights : &match_weights_default;
    static const struct outcomes none;
    char text[64];
    tell_outcomes(o, text);
    s->fit = s->score + part_of(w, MATCH_PART_OUTCOMES, share_of_outcomes(&none));
    add(cx, s, MATCH_PART_OUTCOMES, share_of_outcomes(o), text);
}

static void add_rest(const struct match_context *cx, struct match_score *s,
                     const struct match_side *r, const struct match_side *o)
{
    static const char *const parties[PARTY_KIND_N] = {[PARTY_RESIDENT] = "邻居",
                                                      [PARTY_PROPERTY] = "物业",
                                                      [PARTY_UNIT] = "驻区单位",
                                                      [PARTY_COMMUNITY] = "社区"};
    double time = share_of_time(r->start_ms, o->start_ms || (o->hours && o->hours->n));
    add(cx, s, MATCH_PART_TIME, time, time >= 1 ? "时间对得上" : "时间未限");
    add(cx, s, MATCH_PART_QUANTITY, share_of_quantity(r->left, o->left),
        o->left >= r->left ? "数量够" : "能满足一部分");
    add(cx, s, MATCH_PART_PARTY, share_of_party(r->category, o->party_kind),
        parties[o->party_kind]);
    add(cx, s, MATCH_PART_WAITING, share_of_waiting(cx->now_ms, r->opened_ms), "已等候一段时间");
    if (r->flags)
        add(cx, s, MATCH_PART_VULNERABLE, 1, "优先照顾对象");
    if (o->monthly_limit > 0 && !o->is_resource)
        add(cx, s, MATCH_PART_LOAD, 1 - (double)o->helped / o->monthly_limit, "本月帮忙不多");
    else
        add(cx, s, MATCH_PART_LOAD, o->is_resource ? 1 : 0.8, "可以承担");
    add_outcomes(cx, s, &o->past);
}

#define SERVICE_NAMED 0.9
#define SERVICE_WHOLE 0.7

static double service_likeness(const struct match_side *r, const struct match_side *o, bool same,
                               enum help help)
{
    if (help == HELP_THIS || service_is_named(o, r->text))
        return SERVICE_NAMED;
    return same && service_is_whole(o->category) ? SERVICE_WHOLE : 0;
}

bool match_serves(const struct match_side *r, const struct match_side *o)
{
    enum help help = service_help(r, o);
    return help != HELP_OTHER && service_likeness(r, o, r->category == o->category, help) > 0;
}

bool match_is_named(const struct match_side *resource, const char *text)
{
    return service_is_named(resource, text);
}

void match_rate(const struct match_context *cx, const struct match_side *r,
                const struct match_side *o, struct match_score *out)
{
    bool both_named;
    enum help help = cx->service ? service_help(r, o) : HELP_UNKNOWN;
    *out = (struct match_score){.why_not = hard_rule(cx, r, o, help)};
    if (out->why_not)
        return;
    double like = item_likeness(cx, r, o, &both_named);
    bool same = r->category == o->category;
    if (cx->service && o->is_resource) {
        double serves = service_likeness(r, o, same, help);
        both_named |= serves > like;
        like = serves > like ? serves : like;
    }
    bool told = cx->own && same && !both_named && service_is_told_by_leaf(o->category);
    if (!cx->called && !told &&
        (like < (both_named ? LIKE_ENOUGH : TEXT_ENOUGH) ||
         (!same && help != HELP_THIS && like < LIKE_ACROSS))) {
        out->why_not = "不是同一样东西";
        return;
    }
    if (!cx->called && r->category == CATEGORY_LOST_FOUND && !o->is_resource &&
        !may_be_lost(cx, r, o)) {
        out->why_not = "不是丢的那件";
        return;
    }
    out->possible = true;
    enum place_kind nearest = common(r, o);
    add(cx, out, MATCH_PART_ITEM, share_of_item(like, both_named),
        both_named && like > LIKE_SAME ? "正是所需" : "相近");
    add(cx, out, MATCH_PART_CATEGORY, share_of_category(same, both_named && like > LIKE_SAME),
        category_zh(o->category));
    add(cx, out, MATCH_PART_DISTANCE, share_of_distance(nearest), distances[nearest].text);
    add_rest(cx, out, r, o);
}

/* Hard rules, then a score from named, bounded parts. All weights stand in one table. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "match/match.h"

/* X(part, at most, name for people) */
#define PART_TABLE(X)                                                                              \
    X(ITEM, 0.40f, "item")                                                                         \
    X(CATEGORY, 0.10f, "category")                                                                 \
    X(DISTANCE, 0.16f, "distance")                                                                 \
    X(TIME, 0.08f, "time")                                                                         \
    X(QUANTITY, 0.06f, "quantity")                                                                 \
    X(PARTY, 0.08f, "party")                                                                       \
    X(WAITING, 0.04f, "waiting")                                                                   \
    X(VULNERABLE, 0.04f, "vulnerable")                                                             \
    X(LOAD, 0.04f, "load")
enum part {
#define X(name, most, text) PART_##name,
    PART_TABLE(X)
#undef X
        PART_N
};
static const struct {
    float most;
    const char *name;
} parts[PART_N] = {
#define X(name, most, text) {most, text},
    PART_TABLE(X)
#undef X
};

#define LIKE_ENOUGH 0.30 /* of items that both sides name: below, it is another thing */
#define TEXT_ENOUGH 0.08 /* of the texts, where one side names no item that we know */

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
    const char *there = o->places[o->scope], *here = r->places[o->scope];
    if (!there || !there[0]) /* its own place is not known so finely: the community counts */
        return common(r, o) <= PLACE_COMMUNITY;
    return here && !strcmp(there, here);
}

/* --- time --- */

static bool times_meet(const struct match_context *cx, const struct match_side *r,
                       const struct match_side *o)
{
    int64_t from = r->start_ms ? r->start_ms : cx->now_ms;
    if (r->end_ms && o->start_ms && r->end_ms < o->start_ms)
        return false;
    if (o->end_ms && from > o->end_ms)
        return false;
    if (!o->hours || !o->hours->n)
        return true;
    if (r->urgency >= URGENCY_URGENT && !r->start_ms) /* needed now */
        return hours_open_at(o->hours, cx->now_ms, cx->zone_min, true);
    return hours_overlap(o->hours, from, r->end_ms, cx->zone_min);
}

/* --- hard rules --- */

static bool is_public(enum category c)
{
    return c == CATEGORY_FACILITY || c == CATEGORY_NUISANCE || c == CATEGORY_SAFETY;
}

/* To lend and to sell are two things; a unit's paid service is its way of helping. */
static const char *mode_rule(const struct match_side *r, const struct match_side *o)
{
    if (o->is_resource)
        return NULL;
    if (r->mode == MODE_PAID && o->mode == MODE_LEND)
        return "要买的与只借的不合";
    return r->mode == MODE_LEND && o->mode == MODE_PAID ? "想借的与要卖的不合" : NULL;
}

static const char *party_rule(const struct match_side *r, const struct match_side *o)
{
    if (r->party[0] && !strcmp(r->party, o->party))
        return "不匹配给自己";
    if (strcmp(r->community, o->community) != 0)
        return "不在同一社区";
    if (is_public(r->category) && o->party_kind == PARTY_RESIDENT)
        return "公共设施与安全归责任单位";
    return o->monthly_limit >= 0 && o->helped >= o->monthly_limit ? "本月已帮满" : NULL;
}

static const char *hard_rule(const struct match_context *cx, const struct match_side *r,
                             const struct match_side *o)
{
    const char *why = party_rule(r, o);
    if (why)
        return why;
    if (!(match_near_categories(r->category) & bit(o->category)))
        return "类别不合";
    if (r->left <= 0 || o->left <= 0)
        return "名额已满";
    if (!in_scope(r, o))
        return "不在服务范围";
    if (!times_meet(cx, r, o))
        return "时间不合";
    if (match_is_money(r->text))
        return "借钱不撮合";
    if (!o->is_resource && match_sizes_differ(r->text, o->text))
        return "尺码不同";
    return mode_rule(r, o);
}

/* --- parts --- */

static void add(struct match_score *s, enum part p, double share, const char *text)
{
    if (share <= 0 || s->n_reasons == MATCH_REASONS_MAX)
        return;
    struct reason *r = &s->reasons[s->n_reasons++];
    *r = (struct reason){.part = parts[p].most * (float)(share > 1 ? 1 : share)};
    snprintf(r->name, sizeof r->name, "%s", parts[p].name);
    snprintf(r->text, sizeof r->text, "%s", text);
    s->score += r->part;
}

static void add_distance(struct match_score *s, const struct match_side *r,
                         const struct match_side *o)
{
    static const struct {
        double share;
        const char *text;
    } rows[PLACE_KIND_N + 1] = {[PLACE_ENTRANCE] = {1, "同一单元"},
                                [PLACE_BUILDING] = {0.9, "同一栋楼"},
                                [PLACE_ESTATE] = {0.7, "同一小区"},
                                [PLACE_GRID] = {0.5, "同一网格"},
                                [PLACE_COMMUNITY] = {0.35, "同一社区"},
                                [PLACE_STREET] = {0.1, "同一街道"},
                                [PLACE_KIND_N] = {0, ""}};
    enum place_kind k = common(r, o);
    add(s, PART_DISTANCE, rows[k].share, rows[k].text);
}

static void add_party(struct match_score *s, const struct match_side *r, const struct match_side *o)
{
    bool heavy = r->category == CATEGORY_MEDICINE || r->category == CATEGORY_DEVICE ||
                 r->category == CATEGORY_COMFORT || r->category == CATEGORY_ADVICE ||
                 r->category == CATEGORY_REPAIR || r->category == CATEGORY_ELDERCARE;
    if (o->party_kind == PARTY_RESIDENT)
        add(s, PART_PARTY, heavy ? 0.5 : 0.8, "邻居");
    else
        add(s, PART_PARTY, heavy ? 1 : 0.6,
            o->party_kind == PARTY_PROPERTY ? "物业"
            : o->party_kind == PARTY_UNIT   ? "驻区单位"
                                            : "社区");
}

static void add_rest(const struct match_context *cx, struct match_score *s,
                     const struct match_side *r, const struct match_side *o)
{
    if (r->start_ms && (o->start_ms || (o->hours && o->hours->n)))
        add(s, PART_TIME, 1, "时间对得上");
    else
        add(s, PART_TIME, 0.6, "时间未限");
    add(s, PART_QUANTITY, o->left >= r->left ? 1 : o->left / r->left,
        o->left >= r->left ? "数量够" : "能满足一部分");
    add_party(s, r, o);
    add(s, PART_WAITING, (double)(cx->now_ms - r->opened_ms) / (double)DAY_MS, "已等候一段时间");
    if (r->flags)
        add(s, PART_VULNERABLE, 1, "优先照顾对象");
    if (o->monthly_limit > 0 && !o->is_resource)
        add(s, PART_LOAD, 1 - (double)o->helped / o->monthly_limit, "本月帮忙不多");
    else
        add(s, PART_LOAD, o->is_resource ? 1 : 0.8, "可以承担");
}

void match_rate(const struct match_context *cx, const struct match_side *r,
                const struct match_side *o, struct match_score *out)
{
    bool both_named;
    *out = (struct match_score){.why_not = hard_rule(cx, r, o)};
    if (out->why_not)
        return;
    double like = item_likeness(cx, r, o, &both_named);
    bool same = r->category == o->category;
    if (!cx->called && (like < (both_named ? LIKE_ENOUGH : TEXT_ENOUGH) || (!same && like < 0.6))) {
        out->why_not = "不是同一样东西";
        return;
    }
    out->possible = true;
    add(out, PART_ITEM, both_named ? like : like * 1.5,
        both_named && like > 0.99 ? "正是所需" : "相近");
    add(out, PART_CATEGORY, same ? 1 : 0.3, category_zh(o->category));
    add_distance(out, r, o);
    add_rest(cx, out, r, o);
}

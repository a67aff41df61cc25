#include "match/match.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"

#define ZONE 480
#define ROUNDING 1e-5

static double item_like, text_like; /* what the text room would say */
static int64_t now;
static struct slot_item ladder = {.concept = 1, .word = "梯子"};
static struct hours hours;

static double like_items(void *arg, const struct slot_item *a, const struct slot_item *b)
{
    (void)arg, (void)a, (void)b;
    return item_like;
}

static double like_texts(void *arg, const char *a, const char *b)
{
    (void)arg, (void)a, (void)b;
    return text_like;
}

static int64_t at(const char *text)
{
    int64_t ms;
    assert_true(time_parse(str_of(text), &ms, NULL));
    return ms;
}

static const char *const here[PLACE_KIND_N] = {"n-1", "b-1", "e-1", "g-1", "c-1", "s-1"};
static const char *const there[PLACE_KIND_N] = {"n-9", "b-9", "e-9", "g-9", "c-9", "s-9"};

/* A pair that fits: what a test changes is then the cause of what it finds. */
static void fitting(struct match_side *r, struct match_side *o)
{
    now = at("2026-11-23T10:00:00+08:00"); /* a Monday */
    item_like = 1;
    text_like = 0.5;
    *r = (struct match_side){.id = "p-1",
                             .community = "c-1",
                             .party = "asker",
                             .text = "谁家有梯子",
                             .category = CATEGORY_TOOLS,
                             .mode = MODE_LEND,
                             .urgency = URGENCY_NORMAL,
                             .items = &ladder,
                             .n_items = 1,
                             .left = 1,
                             .scope = PLACE_COMMUNITY,
                             .opened_ms = now,
                             .monthly_limit = -1};
    memcpy(r->places, here, sizeof here);
    *o = *r;
    o->id = "p-2";
    o->party = "helper";
    o->text = "我家梯子可以借";
}

static struct match_score rate(const struct match_side *r, const struct match_side *o)
{
    const struct match_context cx = {
        .item = like_items, .text = like_texts, .now_ms = now, .zone_min = ZONE};
    struct match_score s;
    match_rate(&cx, r, o, &s);
    return s;
}

static float part(const struct match_score *s, const char *name)
{
    for (int i = 0; i < s->n_reasons; i++)
        if (!strcmp(s->reasons[i].name, name))
            return s->reasons[i].part;
    return 0;
}

/* --- hard rules --- */

typedef void change_fn(struct match_side *r, struct match_side *o);

#define CHANGE(name, ...)                                                                          \
    static void name(struct match_side *r, struct match_side *o)                                   \
    {                                                                                              \
        (void)r, (void)o;                                                                          \
        __VA_ARGS__;                                                                               \
    }
CHANGE(nothing, )
CHANGE(own_party, o->party = "asker")
CHANGE(two_strangers, r->party = o->party = "")
CHANGE(another_community, o->community = "c-2")
CHANGE(resident_for_a_lift, r->category = o->category = CATEGORY_FACILITY)
CHANGE(property_for_a_lift, r->category = o->category = CATEGORY_FACILITY;
       o->party_kind = PARTY_PROPERTY)
CHANGE(resident_for_danger, r->category = o->category = CATEGORY_SAFETY)
CHANGE(month_full, o->monthly_limit = 3; o->helped = 3)
CHANGE(month_nearly_full, o->monthly_limit = 3; o->helped = 2)
CHANGE(never_asks_me, o->monthly_limit = 0)
CHANGE(not_to_be_asked, o->not_asked = true)
CHANGE(asker_not_to_be_asked, r->not_asked = true)
CHANGE(month_without_limit, o->monthly_limit = -1; o->helped = 99)
CHANGE(another_category, o->category = CATEGORY_PETS)
CHANGE(near_category, o->category = CATEGORY_REPAIR)
CHANGE(nothing_left, o->left = 0)
CHANGE(nothing_asked, r->left = 0)
CHANGE(half_left, o->left = 0.5)
CHANGE(out_of_scope, o->scope = PLACE_BUILDING; o->places[PLACE_ENTRANCE] = "n-2";
       o->places[PLACE_BUILDING] = "b-2")
CHANGE(in_scope, o->scope = PLACE_ESTATE; o->places[PLACE_ENTRANCE] = "n-2";
       o->places[PLACE_BUILDING] = "b-2")
CHANGE(scope_unknown, o->scope = PLACE_BUILDING; o->places[PLACE_ENTRANCE] = "";
       o->places[PLACE_BUILDING] = "")
CHANGE(scope_unknown_elsewhere, o->scope = PLACE_BUILDING; memcpy(o->places, there, sizeof there);
       o->places[PLACE_BUILDING] = "")
CHANGE(asks_for_money, r->text = "谁能借我500元")
CHANGE(other_size, r->text = "140的梯子"; o->text = "150的梯子")
CHANGE(other_size_in_stock, r->text = "140的梯子"; o->text = "150的梯子"; o->is_resource = true)
CHANGE(sold_not_lent, o->mode = MODE_PAID)
CHANGE(lent_not_sold, r->mode = MODE_PAID)
CHANGE(given_not_lent, o->mode = MODE_GIVE)
CHANGE(unit_is_paid, o->mode = MODE_PAID; o->is_resource = true)
CHANGE(wanted_before_there, r->end_ms = now + HOUR_MS; o->start_ms = now + 2 * HOUR_MS)
CHANGE(wanted_while_there, r->end_ms = now + 3 * HOUR_MS; o->start_ms = now + 2 * HOUR_MS)
CHANGE(there_no_longer, o->end_ms = now - 1)
CHANGE(wanted_when_gone, r->start_ms = now + 2 * HOUR_MS; o->end_ms = now + HOUR_MS)
CHANGE(wanted_before_gone, r->start_ms = now + HOUR_MS; o->end_ms = now + 2 * HOUR_MS)
CHANGE(another_thing, item_like = 0.29)
CHANGE(like_thing, item_like = 0.31)
CHANGE(near_category_unlike, o->category = CATEGORY_REPAIR; item_like = 0.59)
CHANGE(unnamed_thing, o->n_items = 0; text_like = 0.07)
CHANGE(unnamed_like, o->n_items = 0; text_like = 0.09)

static void each_hard_rule_forbids_and_says_why(void **state)
{
    static const struct {
        change_fn *change;
        const char *why; /* NULL: possible */
    } rows[] = {{nothing, NULL},
                {own_party, "不匹配给自己"},
                {two_strangers, NULL},
                {another_community, "不在同一社区"},
                {resident_for_a_lift, "公共设施与安全归责任单位"},
                {resident_for_danger, "公共设施与安全归责任单位"},
                {property_for_a_lift, NULL},
                {month_full, "本月已帮满"},
                {not_to_be_asked, "本人不愿被联系"},
                {asker_not_to_be_asked, NULL},
                {never_asks_me, "本月已帮满"},
                {month_nearly_full, NULL},
                {month_without_limit, NULL},
                {another_category, "类别不合"},
                {near_category, NULL},
                {nothing_left, "名额已满"},
                {nothing_asked, "名额已满"},
                {half_left, NULL},
                {out_of_scope, "不在服务范围"},
                {in_scope, NULL},
                {scope_unknown, NULL},
                {scope_unknown_elsewhere, "不在服务范围"},
                {asks_for_money, "借钱不撮合"},
                {other_size, "尺码不同"},
                {other_size_in_stock, NULL},
                {sold_not_lent, "想借的与要卖的不合"},
                {lent_not_sold, "要买的与只借的不合"},
                {given_not_lent, NULL},
                {unit_is_paid, NULL},
                {wanted_before_there, "时间不合"},
                {wanted_while_there, NULL},
                {there_no_longer, "时间不合"},
                {wanted_when_gone, "时间不合"},
                {wanted_before_gone, NULL},
                {another_thing, "不是同一样东西"},
                {like_thing, NULL},
                {near_category_unlike, "不是同一样东西"},
                {unnamed_thing, "不是同一样东西"},
                {unnamed_like, NULL}};
    struct match_side r, o;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fitting(&r, &o);
        rows[i].change(&r, &o);
        struct match_score s = rate(&r, &o);
        const char *why = s.why_not ? s.why_not : "possible";
        if (strcmp(why, rows[i].why ? rows[i].why : "possible") != 0)
            fail_msg("row %zu: %s", i, why);
        assert_int_equal(s.possible, !rows[i].why);
        if (rows[i].why) { /* a pair that may not be has no score to be ranked by */
            assert_true(s.score <= 0);
            assert_int_equal(s.n_reasons, 0);
        }
    }
}

static void opening_hours_let_in_what_can_wait_and_what_comes_in_time(void **state)
{
    static const struct {
        const char *now, *from, *to;
        enum urgency urgency;
        bool possible; /* a room */
        bool fetched;  /* a thing */
    } rows[] = {
        {"2026-11-23T10:00:00+08:00", NULL, NULL, URGENCY_NORMAL, true, true},
        {"2026-11-23T20:00:00+08:00", NULL, NULL, URGENCY_NORMAL, true,
         true}, /* tomorrow will do */
        {"2026-11-23T20:00:00+08:00", NULL, NULL, URGENCY_URGENT, false, false},
        {"2026-11-23T10:00:00+08:00", NULL, NULL, URGENCY_CRITICAL, true, true},
        {"2026-11-23T20:00:00+08:00", "2026-11-24T10:00:00+08:00", NULL, URGENCY_URGENT, true,
         true},
        {"2026-11-23T10:00:00+08:00", "2026-11-23T18:00:00+08:00", "2026-11-23T20:00:00+08:00",
         URGENCY_NORMAL, false, true},
        {"2026-11-23T10:00:00+08:00", "2026-11-23T16:00:00+08:00", "2026-11-23T20:00:00+08:00",
         URGENCY_NORMAL, true, true},
        {"2026-11-23T10:00:00+08:00", "2026-11-28T10:00:00+08:00", "2026-11-28T12:00:00+08:00",
         URGENCY_NORMAL, false, true}, /* a Saturday */
        {"2026-11-23T10:00:00+08:00", "2026-11-29T10:00:00+08:00", "2026-11-29T12:00:00+08:00",
         URGENCY_NORMAL, false, false}, /* a Sunday */
        {"2026-11-23T18:00:00+08:00", NULL, "2026-11-23T20:00:00+08:00", URGENCY_NORMAL, false,
         false},
    };
    struct match_side r, o;
    (void)state;
    assert_true(hours_parse(STR("mon-fri 09:00-17:00"), &hours));
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        bool thing = i % 2, possible = thing ? rows[i / 2].fetched : rows[i / 2].possible;
        fitting(&r, &o);
        if (!thing)
            r.category = o.category = CATEGORY_SPACE;
        now = at(rows[i / 2].now);
        r.start_ms = rows[i / 2].from ? at(rows[i / 2].from) : 0;
        r.end_ms = rows[i / 2].to ? at(rows[i / 2].to) : 0;
        r.urgency = rows[i / 2].urgency;
        o.hours = &hours;
        struct match_score s = rate(&r, &o);
        if (s.possible != possible || (!s.possible && strcmp(s.why_not, "时间不合")))
            fail_msg("row %zu: %s", i, s.why_not ? s.why_not : "possible");
    }
}

static void what_is_left_counts_by_the_share_it_covers(void **state)
{
    struct match_side r, o;
    (void)state;
    fitting(&r, &o);
    r.left = 4;
    o.left = 1;
    struct match_score quarter = rate(&r, &o);
    o.left = 4;
    struct match_score all = rate(&r, &o);
    o.left = 400;
    struct match_score plenty = rate(&r, &o);
    assert_true(part(&quarter, "quantity") > 0);
    assert_true(fabsf(part(&quarter, "quantity") * 4 - part(&all, "quantity")) < ROUNDING);
    assert_true(fabsf(plenty.score - all.score) < ROUNDING);
}

CHANGE(closed_and_urgent, assert_true(hours_parse(STR("sun 09:00-10:00"), &hours));
       o->hours = &hours; r->urgency = URGENCY_URGENT)

static struct match_score rate_as(const struct match_side *r, const struct match_side *o, bool own,
                                  bool called)
{
    const struct match_context cx = {.item = like_items,
                                     .text = like_texts,
                                     .now_ms = now,
                                     .zone_min = ZONE,
                                     .own = own,
                                     .called = called};
    struct match_score s;
    match_rate(&cx, r, o, &s);
    return s;
}

/* Whether they may be asked, when, how far they go and whether it is promised is no question of
   what they say themselves; what it is and whether it fits still is. */
static void what_helpers_say_themselves_counts(void **state)
{
    static const struct {
        change_fn *change;
        bool own, called; /* it is possible then */
    } rows[] = {{closed_and_urgent, true, false}, {not_to_be_asked, true, false},
                {out_of_scope, true, false},      {nothing_left, true, false},
                {nothing_asked, true, false},     {another_category, false, true},
                {another_thing, false, true},     {own_party, false, false},
                {sold_not_lent, false, false},    {asks_for_money, false, false}};
    struct match_side r, o;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fitting(&r, &o);
        rows[i].change(&r, &o);
        assert_false(rate_as(&r, &o, false, false).possible);
        assert_int_equal(rate_as(&r, &o, true, false).possible, rows[i].own);
        assert_int_equal(rate_as(&r, &o, false, true).possible, rows[i].called);
        assert_int_equal(rate_as(&r, &o, true, true).possible, rows[i].own || rows[i].called);
    }
}

/* --- the score --- */

/* What people were told that each part can give at most. */
static const struct {
    const char *name;
    float most;
} bounds[] = {{"item", 0.40f},     {"category", 0.10f}, {"distance", 0.16f}, {"time", 0.07f},
              {"quantity", 0.06f}, {"party", 0.08f},    {"waiting", 0.04f},  {"vulnerable", 0.04f},
              {"load", 0.03f},     {"outcomes", 0.02f}};
#define PARTS ((int)(sizeof bounds / sizeof *bounds))

static void check_parts(const struct match_score *s)
{
    float sum = 0;
    unsigned seen = 0;
    for (int i = 0; i < s->n_reasons; i++) {
        int k = 0;
        while (k < PARTS && strcmp(bounds[k].name, s->reasons[i].name) != 0)
            k++;
        assert_true(k < PARTS);
        assert_false(seen & 1u << k);
        seen |= 1u << k;
        assert_true(s->reasons[i].part > 0);
        assert_true(s->reasons[i].part <= bounds[k].most + ROUNDING);
        assert_true(s->reasons[i].text[0]);
        sum += s->reasons[i].part;
    }
    assert_true(fabsf(sum - s->score) < ROUNDING);
    assert_true(s->score > 0 && s->score <= 1 + ROUNDING);
}

static void the_best_of_all_pairs_has_the_whole_score(void **state)
{
    struct match_side r, o;
    (void)state;
    fitting(&r, &o);
    assert_true(hours_parse(STR("mon-fri 09:00-17:00"), &hours));
    r.category = o.category = CATEGORY_REPAIR;
    r.start_ms = now + HOUR_MS;
    r.opened_ms = now - 2 * DAY_MS;
    r.flags = 1u << FLAG_ELDER_ALONE;
    o.party_kind = PARTY_UNIT;
    o.is_resource = true;
    o.hours = &hours;
    o.past = (struct outcomes){.kept = 1000000, .answered = 1000000};
    struct match_score s = rate(&r, &o);
    assert_int_equal(s.n_reasons, PARTS);
    check_parts(&s);
    for (int i = 0; i < PARTS; i++)
        assert_true(fabsf(part(&s, bounds[i].name) - bounds[i].most) < ROUNDING);
    assert_true(fabsf(s.score - 1) < ROUNDING);
}

static uint64_t seed;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % below;
}

/* The offer lies in the request's places from that kind on outwards. */
static void place_from(struct match_side *o, enum place_kind nearest)
{
    for (int k = 0; k < PLACE_KIND_N; k++)
        o->places[k] = (k >= (int)nearest ? here : there)[k];
}

static void random_pair(struct match_side *r, struct match_side *o)
{
    static const enum category categories[] = {CATEGORY_TOOLS, CATEGORY_REPAIR, CATEGORY_DEVICE,
                                               CATEGORY_GOODS};
    fitting(r, o);
    item_like = any(101) / 100.0;
    text_like = any(101) / 100.0;
    r->category = categories[any(4)];
    o->category = any(2) ? r->category : categories[any(4)];
    r->mode = (enum mode)any(MODE_N);
    o->mode = (enum mode)any(MODE_N);
    r->n_items = (int)any(2);
    o->n_items = (int)any(2);
    r->left = 1 + any(5);
    o->left = 1 + any(5);
    r->flags = any(3) ? 0 : any(1u << FLAG_N);
    r->opened_ms = now - (int64_t)any(2 * DAY_MS);
    r->start_ms = any(2) ? now + (int64_t)any(DAY_MS) : 0;
    o->start_ms = any(3) ? 0 : now - (int64_t)any(DAY_MS);
    o->party_kind = (enum party_kind)any(PARTY_KIND_N);
    o->is_resource = any(2);
    o->monthly_limit = (int)any(6) - 1;
    o->helped = (int)any(5);
    if (any(2))
        o->past = (struct outcomes){0, (int)any(9), (int)any(5), (int)any(9), (int)any(5)};
    place_from(o, (enum place_kind)(PLACE_ENTRANCE + any(PLACE_STREET)));
}

CHANGE(nearer, place_from(o, PLACE_ENTRANCE))
CHANGE(
    a_little_nearer, for (int k = PLACE_KIND_N; k-- > 0;) if (o->places[k] != here[k]) {
        o->places[k] = here[k];
        break;
    })
CHANGE(more_to_have, o->left += 1)
CHANGE(longer_waiting, r->opened_ms -= HOUR_MS)
CHANGE(vulnerable, r->flags |= 1u << FLAG_INFANT)
CHANGE(helped_less, o->helped -= o->helped > 0)
CHANGE(more_alike, item_like = fmin(1, item_like + 0.1); text_like = fmin(1, text_like + 0.1))
CHANGE(same_category, o->category = r->category)
CHANGE(time_is_said, o->start_ms = o->start_ms ? o->start_ms : now - 1)

CHANGE(kept_once_more, o->past.kept++)
CHANGE(failed_once_less, o->past.failed -= o->past.failed > 0)
CHANGE(answered_once_more, o->past.answered++)
CHANGE(refused_once_less, o->past.refused -= o->past.refused > 0)

static void what_is_better_never_scores_lower(void **state)
{
    static change_fn *const better[] = {
        nearer,           a_little_nearer,    more_to_have,     longer_waiting, vulnerable,
        helped_less,      more_alike,         same_category,    time_is_said,   kept_once_more,
        failed_once_less, answered_once_more, refused_once_less};
    enum { KINDS = sizeof better / sizeof *better };
    int higher[KINDS] = {0};
    struct match_side r, o;
    (void)state;
    seed = 0x9e3779b97f4a7c15ull;
    for (int i = 0; i < 40000; i++) {
        random_pair(&r, &o);
        struct match_score before = rate(&r, &o);
        assert_int_equal(before.possible, before.why_not == NULL);
        if (!before.possible)
            continue;
        check_parts(&before);
        int k = (int)any(KINDS);
        better[k](&r, &o);
        struct match_score after = rate(&r, &o);
        if (!after.possible || after.score < before.score - ROUNDING)
            fail_msg("change %d: %f, then %f", k, (double)before.score, (double)after.score);
        higher[k] += after.score > before.score + ROUNDING;
    }
    for (int k = 0; k < KINDS; k++) /* each has been seen to matter */
        assert_true(higher[k] > 20);
}

/* --- past outcomes --- */

static struct match_score rate_with(struct outcomes past)
{
    struct match_side r, o;
    fitting(&r, &o);
    o.past = past;
    return rate(&r, &o);
}

static void what_is_known_of_a_helper_is_told(void **state)
{
    static const struct {
        struct outcomes past;
        const char *text;
    } rows[] = {
        {{0}, "还没有帮忙记录"},
        {{.answered = 2}, "近半年问了都应"},
        {{.kept = 3, .answered = 2}, "近半年帮成3次"},
        {{.failed = 1}, "近半年没帮成1次"},
        {{.refused = 4, .answered = 9}, "近半年问了没应4次"},
        {{.kept = 12, .failed = 1, .refused = 2}, "近半年帮成12次，没帮成1次，问了没应2次"},
        {{.kept = 5000, .failed = 5000, .refused = 5000},
         "近半年帮成999次，没帮成999次，问了没应999次"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct match_score s = rate_with(rows[i].past);
        const struct reason *last = &s.reasons[s.n_reasons - 1];
        assert_string_equal(last->name, "outcomes");
        assert_string_equal(last->text, rows[i].text);
    }
}

/* A new one stands between who keeps their word and who does not; one failure is soon made good,
   and who fails is worth more than who says no. */
static void a_newcomer_stands_in_between(void **state)
{
    static const struct outcomes order[] = {{.failed = 9, .refused = 9},
                                            {.failed = 3},
                                            {.failed = 1},
                                            {.failed = 1, .kept = 1},
                                            {.refused = 1},
                                            {.kept = 1, .refused = 1},
                                            {0},
                                            {.kept = 4, .failed = 1, .answered = 5},
                                            {.kept = 1, .answered = 1},
                                            {.kept = 20, .answered = 20}};
    float below = 0;
    (void)state;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        struct match_score s = rate_with(order[i]);
        if (!(part(&s, "outcomes") > below))
            fail_msg("row %zu: %f, before %f", i, (double)part(&s, "outcomes"), (double)below);
        below = part(&s, "outcomes");
    }
}

/* However bad, it weighs less than to live in another building, and nothing where a floor looks. */
static void past_outcomes_shut_nobody_out(void **state)
{
    struct match_score new = rate_with((struct outcomes){0}), bad, good;
    struct match_side r, o;
    (void)state;
    bad = rate_with((struct outcomes){.failed = 1000, .refused = 1000});
    good = rate_with((struct outcomes){.kept = 1000, .answered = 1000});
    assert_true(bad.possible && bad.score < new.score &&new.score < good.score);
    assert_memory_equal(&new.fit, &new.score, sizeof new.fit); /* to the last bit */
    assert_memory_equal(&bad.fit, &new.fit, sizeof new.fit);
    assert_memory_equal(&good.fit, &new.fit, sizeof new.fit);
    fitting(&r, &o);
    place_from(&o, PLACE_ESTATE);
    assert_true(rate(&r, &o).score < bad.score);
}

static void each_step_nearer_counts(void **state)
{
    struct match_side r, o;
    float farther = 0;
    (void)state;
    for (int k = PLACE_COMMUNITY; k >= PLACE_ENTRANCE; k--) {
        fitting(&r, &o);
        place_from(&o, (enum place_kind)k);
        float score = rate(&r, &o).score;
        assert_true(score > farther + ROUNDING);
        farther = score;
    }
}

static void where_only_skill_will_do_a_unit_comes_before_a_neighbour(void **state)
{
    struct match_side r, o;
    (void)state;
    for (int heavy = 0; heavy < 2; heavy++) {
        fitting(&r, &o);
        r.category = o.category = heavy ? CATEGORY_MEDICINE : CATEGORY_TOOLS;
        struct match_score neighbour = rate(&r, &o);
        o.party_kind = PARTY_UNIT;
        struct match_score unit = rate(&r, &o);
        assert_int_equal(part(&unit, "party") > part(&neighbour, "party"), heavy);
    }
}

static void near_categories_are_near_both_ways(void **state)
{
    (void)state;
    for (int a = 0; a < CATEGORY_N; a++) {
        unsigned near = match_near_categories((enum category)a);
        assert_true(near & 1u << a);
        assert_int_equal(near >> CATEGORY_N, 0);
        for (int b = 0; b < CATEGORY_N; b++)
            assert_int_equal((near >> b) & 1, (match_near_categories((enum category)b) >> a) & 1);
    }
    assert_true(match_near_categories(CATEGORY_ESCORT) & 1u << CATEGORY_VEHICLE);
    assert_false(match_near_categories(CATEGORY_MEDICINE) & 1u << CATEGORY_FOOD);
}

static float part_between(const struct match_side *r, const struct match_side *o)
{
    struct match_score s = rate(r, o);
    assert_true(s.possible);
    return part(&s, "category");
}

/* One reads a lent waffle iron as a tool, one as goods: between the two leaves it is worth more
   than a near thing, and less than where both read the same. */
static void the_thing_itself_says_more_than_its_leaf(void **state)
{
    struct match_side r, o;
    float same, itself, near;
    (void)state;
    fitting(&r, &o);
    same = part_between(&r, &o);
    o.category = CATEGORY_GOODS;
    itself = part_between(&r, &o);
    item_like = 0.9;
    near = part_between(&r, &o);
    assert_true(same > itself && itself > 2 * near && near > 0);
}

/* 捎我一段 names no thing that 后排空着 has: between two who speak with each other the leaf of a
   service tells enough, among strangers it does not. */
static void between_two_who_talk_a_service_is_told_by_its_leaf(void **state)
{
    struct match_side r, o;
    struct match_score s;
    (void)state;
    fitting(&r, &o);
    const struct match_context cx = {
        .item = like_items, .text = like_texts, .now_ms = now, .zone_min = ZONE, .own = true};
    r.category = o.category = CATEGORY_VEHICLE;
    o.n_items = 0;
    text_like = 0;
    match_rate(&cx, &r, &o, &s);
    assert_true(s.possible);
    assert_false(rate(&r, &o).possible);
    r.category = o.category = CATEGORY_TOOLS;
    match_rate(&cx, &r, &o, &s);
    assert_false(s.possible);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_hard_rule_forbids_and_says_why),
        cmocka_unit_test(what_helpers_say_themselves_counts),
        cmocka_unit_test(opening_hours_let_in_what_can_wait_and_what_comes_in_time),
        cmocka_unit_test(what_is_left_counts_by_the_share_it_covers),
        cmocka_unit_test(the_best_of_all_pairs_has_the_whole_score),
        cmocka_unit_test(what_is_better_never_scores_lower),
        cmocka_unit_test(what_is_known_of_a_helper_is_told),
        cmocka_unit_test(a_newcomer_stands_in_between),
        cmocka_unit_test(past_outcomes_shut_nobody_out),
        cmocka_unit_test(each_step_nearer_counts),
        cmocka_unit_test(where_only_skill_will_do_a_unit_comes_before_a_neighbour),
        cmocka_unit_test(near_categories_are_near_both_ways),
        cmocka_unit_test(the_thing_itself_says_more_than_its_leaf),
        cmocka_unit_test(between_two_who_talk_a_service_is_told_by_its_leaf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

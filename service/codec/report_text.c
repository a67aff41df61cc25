/* The report that a group may read: totals, and no part of them that could point at somebody. */
#include "codec/report.h"

#include <stdlib.h>

#include "base/clock.h"
#include "model/object.h"

#define FEW 3         /* fewer are not told apart */
#define LISTED_MOST 5 /* categories */

struct part {
    int category;
    int64_t n;
};

static int by_number(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return x->category - y->category;
}

static void add_wait(struct buf *out, double seconds, bool english)
{
    if (seconds < 60)
        buf_add_z(out, english ? "1 minute" : "1 分钟");
    else if (seconds < 5400)
        buf_addf(out, english ? "%.0f minutes" : "%.0f 分钟", seconds / 60);
    else if (seconds < 129600)
        buf_addf(out, english ? "%.1f hours" : "%.1f 小时", seconds / 3600);
    else
        buf_addf(out, english ? "%.1f days" : "%.1f 天", seconds / 86400);
}

/* Headed by `title`, the most first; nothing at all where all are few. */
static void add_parts(struct buf *out, const char *title, struct part parts[CATEGORY_N],
                      bool english)
{
    int listed = 0;
    qsort(parts, CATEGORY_N, sizeof *parts, by_number);
    for (; listed < LISTED_MOST && parts[listed].n >= FEW; listed++) {
        enum category k = (enum category)parts[listed].category;
        buf_add_z(out, listed ? (english ? ", " : "、") : title);
        buf_addf(out, "%s %lld", english ? category_code(k) : category_zh(k),
                 (long long)parts[listed].n);
    }
    if (listed)
        buf_add_z(out, english ? ".\n" : "。\n");
}

/* What it is of, behind the title. */
static const char *const subjects[REPORT_KIND_N][2] = {
    [REPORT_DEMAND] = {"：需求与供给", ": demand"},
    [REPORT_GAP] = {"：缺口", ": gaps"},
    [REPORT_RESPONSE] = {"：响应与达成", ": response"},
    [REPORT_CASES] = {"：报修与办理", ": cases"},
    [REPORT_LEDGER] = {"：互助台账", ": help given"},
    [REPORT_MONTH] = {"", ""}};

static void add_title(struct buf *out, const struct report *r, enum report_kind kind, bool english)
{
    const char *of = subjects[kind][english];
    struct civil from = civil_of_ms(r->from_ms, r->zone_min);
    struct civil to = civil_of_ms(r->to_ms - 1, r->zone_min);
    struct civil next = civil_of_ms(r->to_ms, r->zone_min);
    bool month = from.day == 1 && next.day == 1 && from.month == to.month && from.year == to.year;
    if (month && english)
        buf_addf(out, "[Mutual aid] %d-%02d%s\n", from.year, from.month, of);
    else if (month)
        buf_addf(out, "【邻里互助】%d年%d月小结%s\n", from.year, from.month, of);
    else if (english)
        buf_addf(out, "[Mutual aid] %d-%02d-%02d to %d-%02d-%02d%s\n", from.year, from.month,
                 from.day, to.year, to.month, to.day, of);
    else
        buf_addf(out, "【邻里互助】%d月%d日至%d月%d日小结%s\n", from.month, from.day, to.month,
                 to.day, of);
}

static void add_demand(struct buf *out, const struct report *r, bool english)
{
    struct part parts[CATEGORY_N];
    long long asked = tally_sum(&r->sum, TALLY_REQUESTS), had = tally_sum(&r->sum, TALLY_OFFERS);
    buf_addf(out,
             english ? "%lld requests, %lld offers.\n" : "大家求助 %lld 次，主动提供 %lld 次。\n",
             asked, had);
    for (int k = 0; k < CATEGORY_N; k++)
        parts[k] = (struct part){k, tally_get(&r->sum, TALLY_REQUESTS, k)};
    add_parts(out, english ? "Most asked for: " : "求助最多的：", parts, english);
}

static void add_offered(struct buf *out, const struct report *r, bool english)
{
    struct part parts[CATEGORY_N];
    for (int k = 0; k < CATEGORY_N; k++)
        parts[k] = (struct part){k, tally_get(&r->sum, TALLY_OFFERS, k)};
    add_parts(out, english ? "Most offered: " : "提供最多的：", parts, english);
}

/* What nobody told of is told by itself, lest it pass for help that came about. */
static void add_fill(struct buf *out, const struct report *r, bool english)
{
    const struct figure_value *fill = &r->figures[FIGURE_FILL_RATE];
    const struct figure_value *presumed = &r->figures[FIGURE_PRESUMED_RATE];
    if (fill->n >= FEW)
        buf_addf(out,
                 english ? "%.0f of %lld requests that ended were met (%.0f %%).\n"
                         : "有结果的求助中，解决 %.0f 件，共 %lld 件（%.0f%%）。\n",
                 fill->part, (long long)fill->n, 100 * fill->value);
    if (presumed->part >= FEW)
        buf_addf(out,
                 english ? "%.0f more were agreed on, and nobody told how it went.\n"
                         : "另有 %.0f 件已有人答应，到期没有人反馈结果，没有算作解决。\n",
                 presumed->part);
}

static void add_response(struct buf *out, const struct report *r, bool english)
{
    const struct figure_value *half = &r->figures[FIGURE_FIRST_RESPONSE_MEDIAN];
    const struct figure_value *most = &r->figures[FIGURE_FIRST_RESPONSE_P90];
    if (half->n < FEW)
        return;
    buf_add_z(out, english ? "Half of the answers came within " : "得到回应的求助，一半在 ");
    add_wait(out, half->value, english);
    buf_add_z(out, english ? ", nine in ten within " : "内有人回应，九成在 ");
    add_wait(out, most->value, english);
    buf_addf(out, english ? " (%lld requests).\n" : "内（共 %lld 件）。\n", (long long)half->n);
}

static void add_match(struct buf *out, const struct report *r, bool english)
{
    const struct figure_value *half = &r->figures[FIGURE_MATCH_MEDIAN];
    if (half->n < FEW)
        return;
    buf_add_z(out, english ? "Half found somebody within " : "找到人帮忙的求助，一半在 ");
    add_wait(out, half->value, english);
    buf_addf(out, english ? " (%lld requests).\n" : "内找到（共 %lld 件）。\n", (long long)half->n);
}

static void add_cases(struct buf *out, const struct report *r, bool english)
{
    long long opened = tally_get(&r->sum, TALLY_CASES, TALLY_CASE_OPENED);
    long long closed = tally_get(&r->sum, TALLY_CASES, TALLY_CASE_CLOSED);
    if (opened + closed >= FEW)
        buf_addf(out,
                 english ? "%lld faults reported, %lld closed.\n"
                         : "报修反映立案 %lld 件，办结 %lld 件。\n",
                 opened, closed);
}

static void add_in_time(struct buf *out, const struct report *r, bool english)
{
    const struct figure_value *in_time = &r->figures[FIGURE_CLOSED_IN_TIME_RATE];
    if (in_time->n >= FEW)
        buf_addf(out,
                 english ? "%.0f of %lld that were due were closed in time (%.0f %%).\n"
                         : "按期结案 %.0f 件，应结案 %lld 件（%.0f%%）。\n",
                 in_time->part, (long long)in_time->n, 100 * in_time->value);
    if (r->cases_open >= FEW)
        buf_addf(out, english ? "%lld are open now.\n" : "目前在办 %lld 件。\n",
                 (long long)r->cases_open);
}

static void add_thanks(struct buf *out, const struct report *r, bool english)
{
    int64_t helped = 0, minutes = 0;
    for (int i = 0; i < r->n_helpers; i++) {
        helped += r->helpers[i].helped;
        minutes += r->helpers[i].minutes;
    }
    if (helped >= FEW)
        buf_addf(out,
                 english ? "Neighbours helped %lld times, about %.0f hours. Thank you!\n"
                         : "邻居们互相帮忙 %lld 次，约 %.0f 小时，谢谢大家！\n",
                 (long long)helped, (double)minutes / 60 + 0.4);
}

static void add_helpers(struct buf *out, const struct report *r, bool english)
{
    int64_t named = 0, untold = 0;
    for (int i = 0; i < r->n_helpers; i++) {
        named += r->helpers[i].id[0] && r->helpers[i].helped > 0;
        untold += r->helpers[i].untold;
    }
    if (named >= FEW)
        buf_addf(out,
                 english ? "%lld who are registered have helped.\n"
                         : "登记在册的帮忙人 %lld 位（家）。\n",
                 (long long)named);
    if (untold >= FEW)
        buf_addf(out,
                 english ? "%lld times somebody agreed, and nobody told how it went: not counted.\n"
                         : "另有 %lld 次答应了帮忙，到期没有人反馈结果，没有计入。\n",
                 (long long)untold);
}

static void add_unmet(struct buf *out, const struct report *r, bool english)
{
    int64_t unmet = 0, open = 0, some = tally_sum(&r->sum, TALLY_REQUESTS_SHORT);
    for (int k = 0; k < CATEGORY_N; k++) {
        unmet += tally_get(&r->sum, TALLY_REQUESTS_ENDED, tally_outcome(k, POST_UNMET));
        open += r->gap[k].requests;
    }
    buf_addf(out, english ? "%lld requests are open now.\n" : "目前还有 %lld 件求助没有着落。\n",
             (long long)open);
    if (unmet >= FEW)
        buf_addf(out,
                 english ? "For %lld nobody was found in time.\n"
                         : "到期仍没有人能帮上的 %lld 件，已请网格员跟进。\n",
                 (long long)unmet);
    if (some >= FEW)
        buf_addf(out,
                 english ? "For %lld only a part was found in time.\n"
                         : "到期只找到一部分的 %lld 件，缺的已请网格员跟进。\n",
                 (long long)some);
}

static void add_gap(struct buf *out, const struct report *r, bool english)
{
    struct part parts[CATEGORY_N];
    for (int k = 0; k < CATEGORY_N; k++) {
        const struct report_gap *g = &r->gap[k];
        parts[k] = (struct part){k, g->requests - g->offers - g->resources};
    }
    add_parts(out, english ? "Still looked for: " : "目前还缺人帮忙的：", parts, english);
}

/* --- which report has which --- */

#define IN(kind) (1u << REPORT_##kind)
static const struct {
    void (*add)(struct buf *out, const struct report *r, bool english);
    unsigned kinds;
} paragraphs[] = {
    {add_demand, IN(DEMAND) | IN(MONTH)},
    {add_offered, IN(DEMAND)},
    {add_fill, IN(RESPONSE) | IN(MONTH)},
    {add_response, IN(RESPONSE) | IN(MONTH)},
    {add_match, IN(RESPONSE)},
    {add_cases, IN(CASES) | IN(MONTH)},
    {add_in_time, IN(CASES)},
    {add_thanks, IN(LEDGER) | IN(MONTH)},
    {add_helpers, IN(LEDGER)},
    {add_unmet, IN(GAP)},
    {add_gap, IN(GAP) | IN(MONTH)},
};

void report_text(const struct report *r, enum report_kind kind, bool english, struct buf *out)
{
    if (kind == REPORT_BOARD) {
        board_text(r, english, out);
        return;
    }
    add_title(out, r, kind, english);
    size_t before = out->n;
    for (size_t i = 0; i < sizeof paragraphs / sizeof *paragraphs; i++)
        if (paragraphs[i].kinds & 1u << kind)
            paragraphs[i].add(out, r, english);
    if (out->n == before)
        buf_addf(out, english ? "Fewer than %d: not told apart.\n" : "不足 %d 件，不单列。\n", FEW);
}

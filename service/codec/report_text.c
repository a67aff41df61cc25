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

static void add_title(struct buf *out, const struct report *r, bool english)
{
    struct civil from = civil_of_ms(r->from_ms, r->zone_min);
    struct civil to = civil_of_ms(r->to_ms - 1, r->zone_min);
    struct civil next = civil_of_ms(r->to_ms, r->zone_min);
    bool month = from.day == 1 && next.day == 1 && from.month == to.month && from.year == to.year;
    if (month && english)
        buf_addf(out, "[Mutual aid] %d-%02d\n", from.year, from.month);
    else if (month)
        buf_addf(out, "【邻里互助】%d年%d月小结\n", from.year, from.month);
    else if (english)
        buf_addf(out, "[Mutual aid] %d-%02d-%02d to %d-%02d-%02d\n", from.year, from.month,
                 from.day, to.year, to.month, to.day);
    else
        buf_addf(out, "【邻里互助】%d月%d日至%d月%d日小结\n", from.month, from.day, to.month,
                 to.day);
}

static void add_demand(struct buf *out, const struct report *r, bool english)
{
    struct part parts[CATEGORY_N];
    const struct figure_value *fill = &r->figures[FIGURE_FILL_RATE];
    long long asked = tally_sum(&r->sum, TALLY_REQUESTS), had = tally_sum(&r->sum, TALLY_OFFERS);
    buf_addf(out,
             english ? "%lld requests, %lld offers.\n" : "大家求助 %lld 次，主动提供 %lld 次。\n",
             asked, had);
    for (int k = 0; k < CATEGORY_N; k++)
        parts[k] = (struct part){k, tally_get(&r->sum, TALLY_REQUESTS, k)};
    add_parts(out, english ? "Most asked for: " : "求助最多的：", parts, english);
    if (fill->n >= FEW)
        buf_addf(out,
                 english ? "%.0f of %lld requests that ended were met (%.0f %%).\n"
                         : "有结果的求助中，解决 %.0f 件，共 %lld 件（%.0f%%）。\n",
                 fill->part, (long long)fill->n, 100 * fill->value);
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

static void add_gap(struct buf *out, const struct report *r, bool english)
{
    struct part parts[CATEGORY_N];
    for (int k = 0; k < CATEGORY_N; k++) {
        const struct report_gap *g = &r->gap[k];
        parts[k] = (struct part){k, g->requests - g->offers - g->resources};
    }
    add_parts(out, english ? "Still looked for: " : "目前还缺人帮忙的：", parts, english);
}

void report_text(const struct report *r, bool english, struct buf *out)
{
    add_title(out, r, english);
    add_demand(out, r, english);
    add_response(out, r, english);
    add_cases(out, r, english);
    add_thanks(out, r, english);
    add_gap(out, r, english);
}

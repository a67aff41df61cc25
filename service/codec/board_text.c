/* The board that a group may read: what is short just now. Nobody is named, and of categories with
   few requests only the sum is told. */
#include "codec/report.h"

#include <stdlib.h>

#include "base/clock.h"
#include "model/object.h"

#define FEW 3
#define LISTED_MOST 8

static int64_t gap_of(const struct report_gap *g)
{
    int64_t gap = g->requests - g->offers - g->resources;
    return gap > 0 ? gap : 0;
}

struct row {
    int category;
    int64_t gap, requests;
};

static int by_gap(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->gap != y->gap)
        return x->gap > y->gap ? -1 : 1;
    if (x->requests != y->requests)
        return x->requests > y->requests ? -1 : 1;
    return x->category - y->category;
}

static void add_wait(struct buf *out, int64_t ms, bool english)
{
    if (ms < 90 * MINUTE_MS)
        buf_addf(out, english ? "%d min" : "%d 分钟", (int)(ms / MINUTE_MS));
    else if (ms < 2 * DAY_MS)
        buf_addf(out, english ? "%d h" : "%d 小时", (int)(ms / HOUR_MS));
    else
        buf_addf(out, english ? "%d days" : "%d 天", (int)(ms / DAY_MS));
}

static void add_row(struct buf *out, const struct report *r, const struct row *row, bool english)
{
    const struct report_gap *g = &r->gap[row->category];
    enum category k = (enum category)row->category;
    buf_addf(out,
             english ? "%s: %lld requests (%g), %lld offers and resources (%g), short of %lld"
                     : "%s：求助 %lld 件（共 %g），可提供 %lld 处（余 %g），缺 %lld",
             english ? category_code(k) : category_zh(k), (long long)g->requests, g->wanted,
             (long long)(g->offers + g->resources), g->left, (long long)row->gap);
    if (g->vulnerable >= FEW)
        buf_addf(out, english ? ", %lld for the vulnerable" : "，其中老幼病残孕 %lld 件",
                 (long long)g->vulnerable);
    buf_add_z(out, english ? ", oldest " : "，最久已等 ");
    add_wait(out, r->now_ms - g->oldest_ms, english);
    buf_add_char(out, '\n');
}

static void add_title(struct buf *out, const struct report *r, bool english)
{
    struct civil t = civil_of_ms(r->now_ms, r->zone_min);
    const char *head = r->emergency_ms ? (english ? "[Emergency] " : "【应急供需】")
                                       : (english ? "[Mutual aid] " : "【邻里供需】");
    buf_addf(out, english ? "%s%d-%02d %02d:%02d\n" : "%s%d月%d日 %02d:%02d\n", head, t.month,
             t.day, t.hour, t.minute);
}

void board_text(const struct report *r, bool english, struct buf *out)
{
    struct row rows[CATEGORY_N];
    int64_t rest = 0;
    int listed = 0;
    for (int k = 0; k < CATEGORY_N; k++)
        rows[k] = (struct row){k, gap_of(&r->gap[k]), r->gap[k].requests};
    qsort(rows, CATEGORY_N, sizeof *rows, by_gap);
    add_title(out, r, english);
    for (int i = 0; i < CATEGORY_N; i++) {
        if (rows[i].requests < FEW || listed == LISTED_MOST) {
            rest += rows[i].requests;
            continue;
        }
        add_row(out, r, &rows[i], english);
        listed++;
    }
    if (rest)
        buf_addf(out, english ? "Others: %lld requests\n" : "其他各类求助共 %lld 件\n",
                 (long long)rest);
    if (!listed && !rest)
        buf_add_z(out, english ? "Nobody waits for help.\n" : "目前没有等待中的求助。\n");
    else
        buf_add_z(out, english ? "Who can help, please say so here.\n"
                               : "能帮上忙的邻居请在群里说一声。\n");
}

/* What may be posted by itself, and what goes to a person: one table, first row that fits. */
#include "core_priv.h"

#include <stddef.h>

#define ANY (-1)

static const struct row {
    int category;                        /* or ANY */
    int urgency;                         /* at least, or ANY */
    float confidence_below, score_below; /* 0: whatever they are; 2: the setting's own bound */
    enum route route;
    const char *why;
} table[] = {
    {ANY, URGENCY_CRITICAL, 0, 0, ROUTE_REVIEW, "危急的事一律由人处理"},
    {CATEGORY_MEDICINE, ANY, 0, 0, ROUTE_REVIEW, "药品一律由人审核"},
    {CATEGORY_CHILDCARE, ANY, 0, 0, ROUTE_REVIEW, "涉及儿童，一律由人审核"},
    {CATEGORY_COMFORT, ANY, 0, 0, ROUTE_REVIEW, "心理慰藉一律由人审核"},
    {CATEGORY_ELDERCARE, ANY, 0, 0, ROUTE_REVIEW, "涉及老人照护，由人审核"},
    {CATEGORY_SAFETY, ANY, 0, 0, ROUTE_REVIEW, "涉及安全，由人处理"},
    {CATEGORY_ADVICE, ANY, 0, 0, ROUTE_REVIEW, "法律、政策与钱的事，由人审核"},
    {ANY, ANY, 0.6f, 0, ROUTE_REVIEW, "没有把握读懂了这条消息"},
    {ANY, ANY, 0, 2, ROUTE_REVIEW, "匹配分数不够高"},
    {ANY, ANY, 0, 0, ROUTE_AUTO, "日常互助，把握足够"},
};

static bool fits(const struct core *c, const struct row *r, const struct match *m,
                 const struct post *request)
{
    float bound = r->score_below > 1 ? c->o.auto_score : r->score_below;
    return (r->category == ANY || r->category == (int)m->category) &&
           (r->urgency == ANY || (int)m->urgency >= r->urgency) &&
           (r->confidence_below <= 0 || request->confidence < r->confidence_below) &&
           (r->score_below <= 0 || m->score < bound);
}

enum route policy_route(const struct core *c, const struct match *m, const struct post *request,
                        const char **why_r)
{
    const struct row *r = table;
    while (!fits(c, r, m, request)) /* the last row fits all */
        r++;
    *why_r = r->why;
    return r->route;
}

/* The report at the end of a dry run: of the days on which something happened, and of what is open
   then. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "codec/report.h"
#include "core/core.h"
#include "core/report.h"
#include "ctl_priv.h"

#define TAKE(name, KIND)                                                                           \
    static void take_##name(void *arg, const char *key, const void *object)                        \
    {                                                                                              \
        (void)key;                                                                                 \
        report_take(arg, OBJECT_##KIND, object);                                                   \
    }
TAKE(place, PLACE)
TAKE(resource, RESOURCE)
TAKE(post, POST)
TAKE(case, CASE)
TAKE(tally, TALLY)

static void find_days(void *arg, const char *key, const void *object)
{
    struct report *r = arg;
    const struct tally *t = object;
    (void)key;
    if (!r->to_ms || t->start_ms < r->from_ms)
        r->from_ms = t->start_ms;
    if (t->start_ms + DAY_MS > r->to_ms)
        r->to_ms = t->start_ms + DAY_MS;
}

static void print(const struct report *report, const char *format, bool english)
{
    struct buf out;
    buf_init(&out);
    if (!strcmp(format, "csv"))
        report_csv(report, REPORT_MONTH, NULL, &out);
    else if (!strcmp(format, "text"))
        report_text(report, REPORT_MONTH, english, &out);
    else
        report_json(report, REPORT_MONTH, &out);
    if (!strcmp(format, "json")) /* a line among the others */
        printf("{\"type\":\"report\",\"report\":%s}\n", buf_z_borrow(&out));
    else
        fputs(buf_z_borrow(&out), stdout);
    buf_deinit(&out);
}

void days_report(const struct core *c, const char *community, int64_t now_ms, const char *format,
                 bool english)
{
    struct report of = {.now_ms = now_ms, .zone_min = 480};
    core_each(c, OBJECT_TALLY, find_days, &of);
    str_copy(of.community, ID_SIZE, str_of(community));
    struct report_making *m = report_begin(&of);
    core_each(c, OBJECT_TALLY, take_tally, m);
    core_each(c, OBJECT_PLACE, take_place, m);
    core_each(c, OBJECT_POST, take_post, m);
    core_each(c, OBJECT_RESOURCE, take_resource, m);
    core_each(c, OBJECT_CASE, take_case, m);
    report_end(&m);
    print(&of, format, english);
    report_deinit(&of);
}

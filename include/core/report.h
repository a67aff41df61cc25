/* A report from tallies and from what is open: pure, and the same whether they come from the store
   or from a core. Take things in any order, but places before posts; then end it. Things of other
   communities and days are passed over. */
#ifndef LINLI_CORE_REPORT_H
#define LINLI_CORE_REPORT_H

#include "model/object.h"
#include "model/report.h"

/* Days as people write them, both included: 2026-11-01, 2026-11-30; a month: 2026-11. False: it is
   no such thing. */
bool report_day_parse(struct str text, int zone_min, int64_t *start_ms_r);
bool report_month_parse(struct str text, int zone_min, int64_t *from_ms_r, int64_t *to_ms_r);

struct report_making;
/* `r` is filled in; community, from_ms, to_ms, now_ms and zone_min are there already. */
struct report_making *report_begin(struct report *r);
/* kind: tallies, places, posts, resources, cases, policies; others are passed over. */
void report_take(struct report_making *m, enum object_kind kind, const void *object);
void report_end(struct report_making **m);

#endif

/* Reports as JSON and CSV for staff, and as a short text for a group. A report is a few tables;
   JSON has them all, each as an array of objects, CSV one. */
#ifndef LINLI_CODEC_REPORT_H
#define LINLI_CODEC_REPORT_H

#include "base/buf.h"
#include "model/report.h"

#define REPORT_KIND_TABLE(X)                                                                       \
    X(DEMAND, "demand")     /* what is asked, offered, reported: by category, place, time */       \
    X(GAP, "gap")           /* what is open now */                                                 \
    X(RESPONSE, "response") /* how soon, how often, by whom it is met */                           \
    X(CASES, "cases")       /* the figures of 接诉即办 and 数字城管 */                     \
    X(LEDGER, "ledger")     /* who helped how often and how long */                                \
    X(MONTH, "month")       /* all of these */                                                     \
    X(BOARD, "board")       /* 供需: what is short just now */
enum report_kind {
#define X(name, code) REPORT_##name,
    REPORT_KIND_TABLE(X)
#undef X
        REPORT_KIND_N
};
const char *report_kind_code(enum report_kind k);
bool report_kind_parse(struct str code, enum report_kind *k_r);

void report_json(const struct report *r, enum report_kind k, struct buf *out);
/* One table, RFC 4180; table NULL: the first. False: that kind has no such table. */
bool report_csv(const struct report *r, enum report_kind k, const char *table, struct buf *out);
/* For the group: nobody is named, and what is fewer than 3 is not told apart. */
void report_text(const struct report *r, enum report_kind kind, bool english, struct buf *out);
void board_text(const struct report *r, bool english, struct buf *out); /* of the board alone */

#endif

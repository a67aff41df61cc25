/* Weekly hours: `mon-fri 09:00-17:00`, several joined by `;`. Plain data. */
#ifndef LINLI_MODEL_HOURS_H
#define LINLI_MODEL_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define HOURS_MAX 8
struct hours {
    int n; /* 0: nothing said */
    struct {
        unsigned days;        /* bit 0 Sunday … bit 6 Saturday */
        int from_min, to_min; /* [from, to) minutes of the day, to ≤ 24 × 60 */
    } v[HOURS_MAX];
};
bool hours_parse(struct str text, struct hours *h_r); /* "" gives n = 0 */
void hours_print(const struct hours *h, struct buf *out);
/* Open at that moment? Nothing said: `unsaid`. */
bool hours_open_at(const struct hours *h, int64_t at_ms, int zone_min, bool unsaid);
/* Do [from, to) and the hours overlap within the next 8 days after `from`? to 0: open end. */
bool hours_overlap(const struct hours *h, int64_t from_ms, int64_t to_ms, int zone_min);
/* The earliest moment at which `span_ms` of open time have passed since `from_ms`: what fills a day
   ends with it, not when the next begins. Nothing said counts as open always. */
int64_t hours_add(const struct hours *h, int64_t from_ms, int64_t span_ms, int zone_min);
/* How much open time lies in [from, to); 0 when `to` is before `from`. */
int64_t hours_between(const struct hours *h, int64_t from_ms, int64_t to_ms, int zone_min);

#endif

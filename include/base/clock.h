/* Time. Pure code takes it as a parameter; only the edges call these. */
#ifndef LINLI_BASE_CLOCK_H
#define LINLI_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

int64_t clock_now_ms(void);       /* Unix time, milliseconds */
int64_t clock_monotonic_ms(void); /* for deadlines */
int64_t clock_monotonic_ns(void); /* for measuring */

/* A civil time in a fixed zone. Days and months count from 1, weekday 0 is Sunday.
   Conversions after Howard Hinnant, "chrono-compatible low-level date algorithms". */
struct civil {
    int year, month, day, hour, minute, second, weekday;
};
struct civil civil_of_ms(int64_t at_ms, int zone_min);
int64_t civil_to_ms(struct civil c, int zone_min); /* fields may be out of range: they carry */

/* RFC 3339, `2026-11-23T08:00:00+08:00` or Z, fractions allowed. zone_min_r may be NULL. */
bool time_parse(struct str text, int64_t *ms_r, int *zone_min_r);
#define TIME_TEXT_SIZE 32
void time_format(char out[TIME_TEXT_SIZE], int64_t ms, int zone_min);

#endif

#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_now_ms(void)
{
    return read_ns(CLOCK_REALTIME) / 1000000;
}

int64_t clock_monotonic_ms(void)
{
    return read_ns(CLOCK_MONOTONIC) / 1000000;
}

int64_t clock_monotonic_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days since 1970-01-01. The month may be out of range: it carries into the year. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year += floor_div(month - 1, 12);
    month = month - 1 - floor_div(month - 1, 12) * 12 + 1;
    year -= month <= 2;
    int64_t era = floor_div(year, 400), yoe = year - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468 + day - 1;
}

struct civil civil_of_ms(int64_t at_ms, int zone_min)
{
    int64_t local = at_ms + zone_min * MINUTE_MS, days = floor_div(local, DAY_MS);
    int64_t z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t second = (local - days * DAY_MS) / SECOND_MS;
    struct civil c = {.month = (int)(mp < 10 ? mp + 3 : mp - 9),
                      .day = (int)(doy - (153 * mp + 2) / 5 + 1),
                      .hour = (int)(second / 3600),
                      .minute = (int)(second / 60 % 60),
                      .second = (int)(second % 60)};
    c.year = (int)(yoe + era * 400 + (c.month <= 2));
    c.weekday = (int)((days % 7 + 11) % 7); /* 1970-01-01 was a Thursday */
    return c;
}

int64_t civil_to_ms(struct civil c, int zone_min)
{
    int64_t days = days_of(c.year, c.month, c.day);
    return days * DAY_MS + c.hour * HOUR_MS + c.minute * MINUTE_MS + c.second * SECOND_MS -
           zone_min * MINUTE_MS;
}

/* --- RFC 3339 --- */

static bool digits(struct str *s, int n, int least, int most, int *v_r)
{
    int v = 0;
    if (s->n < (size_t)n)
        return false;
    for (int i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        v = v * 10 + s->p[i] - '0';
    }
    *s = (struct str){s->p + n, s->n - (size_t)n};
    *v_r = v;
    return v >= least && v <= most;
}

static bool sign(struct str *s, const char *any)
{
    if (!s->n || !strchr(any, s->p[0]) || !s->p[0])
        return false;
    *s = (struct str){s->p + 1, s->n - 1};
    return true;
}

static bool fraction(struct str *s, int *ms_r)
{
    int scale = 100;
    *ms_r = 0;
    if (!s->n || s->p[0] != '.')
        return true;
    *s = (struct str){s->p + 1, s->n - 1};
    if (!s->n || s->p[0] < '0' || s->p[0] > '9')
        return false;
    for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; scale /= 10) {
        *ms_r += (s->p[0] - '0') * scale;
        *s = (struct str){s->p + 1, s->n - 1};
    }
    return true;
}

static bool zone(struct str *s, int *zone_r)
{
    int hour, minute;
    *zone_r = 0;
    if (sign(s, "Zz"))
        return !s->n;
    int minus = s->n && s->p[0] == '-';
    if (!sign(s, "+-") || !digits(s, 2, 0, 23, &hour) || !sign(s, ":") ||
        !digits(s, 2, 0, 59, &minute) || s->n)
        return false;
    *zone_r = (hour * 60 + minute) * (minus ? -1 : 1);
    return true;
}

static int days_in_month(int year, int month)
{
    return (int)(days_of(year, month + 1, 1) - days_of(year, month, 1));
}

bool time_parse(struct str text, int64_t *ms_r, int *zone_min_r)
{
    struct civil c = {0};
    int ms, zone_min;
    /* A leap second is taken as the second after it. */
    if (!digits(&text, 4, 0, 9999, &c.year) || !sign(&text, "-") ||
        !digits(&text, 2, 1, 12, &c.month) || !sign(&text, "-") ||
        !digits(&text, 2, 1, days_in_month(c.year, c.month), &c.day) || !sign(&text, "Tt ") ||
        !digits(&text, 2, 0, 23, &c.hour) || !sign(&text, ":") ||
        !digits(&text, 2, 0, 59, &c.minute) || !sign(&text, ":") ||
        !digits(&text, 2, 0, 60, &c.second) || !fraction(&text, &ms) || !zone(&text, &zone_min))
        return false;
    *ms_r = civil_to_ms(c, zone_min) + ms;
    if (zone_min_r)
        *zone_min_r = zone_min;
    return true;
}

void time_format(char out[TIME_TEXT_SIZE], int64_t ms, int zone_min)
{
    struct civil c = civil_of_ms(ms, zone_min);
    int away = zone_min < 0 ? -zone_min : zone_min;
    unsigned year = (unsigned)c.year % 10000;
    snprintf(out, TIME_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u%c%02u:%02u", year,
             (unsigned)c.month % 100, (unsigned)c.day % 100, (unsigned)c.hour % 100,
             (unsigned)c.minute % 100, (unsigned)c.second % 100, zone_min < 0 ? '-' : '+',
             (unsigned)(away / 60) % 100, (unsigned)away % 60);
}

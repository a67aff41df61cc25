#include "model/hours.h"

#include "base/clock.h"

#define DAY_MIN (24 * 60)

static const char *const days[7] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

static bool parse_day(struct str s, int *day)
{
    for (int i = 0; i < 7; i++)
        if (str_is(s, days[i])) {
            *day = i;
            return true;
        }
    return false;
}

static bool parse_days(struct str s, unsigned *mask)
{
    int from, to;
    struct str last = s, first = str_cut(&last, '-');
    *mask = 0;
    if (!parse_day(first, &from))
        return false;
    if (first.n == s.n)
        to = from;
    else if (!parse_day(last, &to))
        return false;
    for (int d = from;; d = (d + 1) % 7) {
        *mask |= 1u << d;
        if (d == to)
            return true;
    }
}

static bool parse_minute(struct str s, int *minute)
{
    long long h, m;
    struct str rest = s, hour = str_cut(&rest, ':');
    if (hour.n < 1 || hour.n > 2 || rest.n != 2 || !str_to_i64(hour, &h) || !str_to_i64(rest, &m) ||
        h < 0 || h > 24 || m < 0 || m > 59 || (h == 24 && m))
        return false;
    *minute = (int)(h * 60 + m);
    return true;
}

bool hours_parse(struct str text, struct hours *h)
{
    h->n = 0;
    text = str_trim(text);
    while (text.n) {
        struct str times = str_trim(str_cut(&text, ';'));
        if (!times.n)
            continue;
        struct str day = str_cut(&times, ' ');
        times = str_trim(times);
        struct str from = str_cut(&times, '-');
        if (h->n == HOURS_MAX || !parse_days(day, &h->v[h->n].days) ||
            !parse_minute(from, &h->v[h->n].from_min) || !parse_minute(times, &h->v[h->n].to_min) ||
            h->v[h->n].from_min >= h->v[h->n].to_min)
            return false;
        h->n++;
    }
    return true;
}

const struct quiet_hours quiet_hours_usual = {22 * 60, 7 * 60};

bool quiet_hours_parse(struct str text, struct quiet_hours *q)
{
    struct str to = str_trim(text);
    *q = (struct quiet_hours){0, 0};
    if (!to.n)
        return true;
    struct str from = str_cut(&to, '-');
    if (!parse_minute(from, &q->from_min) || !parse_minute(to, &q->to_min))
        return false;
    q->from_min %= DAY_MIN;
    q->to_min %= DAY_MIN;
    return q->from_min != q->to_min;
}

int64_t quiet_hours_end(const struct quiet_hours *q, int64_t at_ms, int zone_min)
{
    struct civil t = civil_of_ms(at_ms, zone_min);
    int minute = t.hour * 60 + t.minute;
    bool before = minute < q->to_min, after = minute >= q->from_min;
    bool over_midnight = q->from_min > q->to_min;
    if (q->from_min == q->to_min || !(over_midnight ? before || after : before && after))
        return at_ms;
    t.day += over_midnight && after;
    t.hour = q->to_min / 60;
    t.minute = q->to_min % 60;
    t.second = 0;
    return civil_to_ms(t, zone_min);
}

static void print_days(unsigned mask, struct buf *out)
{
    for (int from = 1; from < 8; from++) /* one run of days, Monday first, as it is parsed */
        for (int n = 7; n >= 1; n--) {
            unsigned run = 0;
            for (int k = 0; k < n; k++)
                run |= 1u << (from + k) % 7;
            if (run != mask)
                continue;
            buf_add_z(out, days[from % 7]);
            if (n > 1)
                buf_addf(out, "-%s", days[(from + n - 1) % 7]);
            return;
        }
}

void hours_print(const struct hours *h, struct buf *out)
{
    for (int i = 0; i < h->n; i++) {
        if (i)
            buf_add_char(out, ';');
        print_days(h->v[i].days, out);
        buf_addf(out, " %02d:%02d-%02d:%02d", h->v[i].from_min / 60, h->v[i].from_min % 60,
                 h->v[i].to_min / 60, h->v[i].to_min % 60);
    }
}

bool hours_open_at(const struct hours *h, int64_t at_ms, int zone_min, bool unsaid)
{
    struct civil c = civil_of_ms(at_ms, zone_min);
    int minute = c.hour * 60 + c.minute;
    for (int i = 0; i < h->n; i++)
        if (h->v[i].days & 1u << c.weekday && minute >= h->v[i].from_min && minute < h->v[i].to_min)
            return true;
    return !h->n && unsaid;
}

bool hours_overlap(const struct hours *h, int64_t from_ms, int64_t to_ms, int zone_min)
{
    struct civil c = civil_of_ms(from_ms, zone_min);
    if (!h->n)
        return true;
    c.hour = c.minute = c.second = 0;
    int64_t midnight = civil_to_ms(c, zone_min);
    int64_t until = to_ms ? to_ms : from_ms + 8 * DAY_MS;
    for (int day = 0; day <= 8; day++)
        for (int i = 0; i < h->n; i++) {
            int64_t start = midnight + day * DAY_MS + h->v[i].from_min * MINUTE_MS;
            int64_t end = midnight + day * DAY_MS + h->v[i].to_min * MINUTE_MS;
            if (h->v[i].days & 1u << (c.weekday + day) % 7 && start < until && end > from_ms)
                return true;
        }
    return false;
}

/* --- working time --- */

struct span { /* of a day, from its midnight */
    int64_t from_ms, to_ms;
};

/* When that weekday is open: in order, and apart from each other even where the hours overlap. */
static int spans_of_day(const struct hours *h, int weekday, struct span out[HOURS_MAX])
{
    int n = 0;
    for (int i = 0; i < h->n; i++) {
        if (!(h->v[i].days & 1u << weekday))
            continue;
        struct span s = {h->v[i].from_min * MINUTE_MS, h->v[i].to_min * MINUTE_MS};
        int k = n++;
        for (; k && out[k - 1].from_ms > s.from_ms; k--)
            out[k] = out[k - 1];
        out[k] = s;
    }
    for (int i = 1; i < n; i++) {
        if (out[i].from_ms < out[i - 1].to_ms)
            out[i].from_ms = out[i - 1].to_ms;
        if (out[i].to_ms < out[i].from_ms)
            out[i].to_ms = out[i].from_ms;
    }
    return n;
}

static int64_t week_ms(const struct hours *h)
{
    struct span spans[HOURS_MAX];
    int64_t sum = 0;
    for (int day = 0; day < 7; day++)
        for (int i = spans_of_day(h, day, spans) - 1; i >= 0; i--)
            sum += spans[i].to_ms - spans[i].from_ms;
    return sum;
}

/* Of that day, counted since 1970-01-01. */
static int spans_on(const struct work_time *w, int64_t day, struct span out[HOURS_MAX])
{
    const struct calendar_day *special = calendar_from(&w->calendar, day);
    int weekday = (int)((day + 4) % 7); /* the first of all was a Thursday */
    if (!special || special->day != day)
        return spans_of_day(&w->hours, weekday, out);
    int n = 0;
    for (int i = 1; special->worked && !n && i <= 7; i++)
        n = spans_of_day(&w->hours, i % 7, out);
    return n;
}

static int64_t day_of(const struct work_time *w, int64_t at_ms)
{
    return (at_ms + w->zone_min * MINUTE_MS) / DAY_MS;
}

static int64_t midnight_of(const struct work_time *w, int64_t day)
{
    return day * DAY_MS - w->zone_min * MINUTE_MS;
}

/* Behind the calendar whole weeks are taken at one stride: all of them have the same hours, for the
   zone is fixed. */
int64_t work_time_add(const struct work_time *w, int64_t from_ms, int64_t span_ms)
{
    struct span spans[HOURS_MAX];
    int64_t week = week_ms(&w->hours);
    if (span_ms <= 0 || !week)
        return from_ms + (span_ms > 0 ? span_ms : 0);
    for (int64_t day = day_of(w, from_ms);; day++) {
        if (span_ms > week && !calendar_from(&w->calendar, day)) {
            int64_t weeks = (span_ms - 1) / week;
            from_ms += weeks * 7 * DAY_MS;
            day += weeks * 7;
            span_ms -= weeks * week;
        }
        int n = spans_on(w, day, spans);
        for (int i = 0; i < n; i++) {
            int64_t open = midnight_of(w, day) + spans[i].from_ms;
            int64_t shut = midnight_of(w, day) + spans[i].to_ms;
            open = open < from_ms ? from_ms : open;
            if (shut - open >= span_ms)
                return open + span_ms;
            span_ms -= shut > open ? shut - open : 0;
        }
    }
}

int64_t work_time_between(const struct work_time *w, int64_t from_ms, int64_t to_ms)
{
    struct span spans[HOURS_MAX];
    int64_t week = week_ms(&w->hours), sum = 0;
    if (to_ms <= from_ms || !week)
        return to_ms > from_ms ? to_ms - from_ms : 0;
    for (int64_t day = day_of(w, from_ms); midnight_of(w, day) < to_ms; day++) {
        from_ms = from_ms < midnight_of(w, day) ? midnight_of(w, day) : from_ms;
        if (to_ms - from_ms > 7 * DAY_MS && !calendar_from(&w->calendar, day)) {
            int64_t weeks = (to_ms - from_ms - 1) / (7 * DAY_MS);
            from_ms += weeks * 7 * DAY_MS;
            day += weeks * 7;
            sum += weeks * week;
        }
        for (int i = spans_on(w, day, spans) - 1; i >= 0; i--) {
            int64_t open = midnight_of(w, day) + spans[i].from_ms;
            int64_t shut = midnight_of(w, day) + spans[i].to_ms;
            open = open < from_ms ? from_ms : open;
            shut = shut > to_ms ? to_ms : shut;
            sum += shut > open ? shut - open : 0;
        }
    }
    return sum;
}

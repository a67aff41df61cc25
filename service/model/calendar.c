#include "model/calendar.h"

#include <stdio.h>

#include "base/clock.h"

bool calendar_parse_day(struct str text, int64_t *day_r)
{
    char z[40];
    int64_t ms;
    snprintf(z, sizeof z, "%.10sT00:00:00Z", text.n == 10 ? text.p : "");
    if (text.n != 10 || !time_parse(str_of(z), &ms, NULL))
        return false;
    *day_r = ms / DAY_MS - (ms % DAY_MS < 0);
    return true;
}

const struct calendar_day *calendar_from(const struct calendar *c, int64_t day)
{
    int low = 0, high = c ? c->n : 0;
    while (low < high) {
        int middle = (low + high) / 2;
        if (c->v[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return c && low < c->n ? &c->v[low] : NULL;
}

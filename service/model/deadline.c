#include "model/deadline.h"

#include <stdio.h>

#include "base/clock.h"

#define HOURS(n) ((n)*60)
#define DAYS(n) ((n) * (int)(WORKING_DAY_MS / MINUTE_MS))
#define OF(u) (enum deadline_urgency)(DEADLINE_URGENCY_FIRST + URGENCY_##u)

const struct hours deadline_hours = {.n = 1, .v = {{0x3e, 9 * 60, 17 * 60 + 30}}};

/* The first row that fits; the last one fits all. */
static const struct deadline_row built_in[] = {
    {CATEGORY_NONE, OF(CRITICAL), {5, 15, HOURS(4), HOURS(24)}},
    {CATEGORY_NONE, OF(URGENT), {30, 60, HOURS(24), HOURS(48)}},
    {CATEGORY_SAFETY, DEADLINE_LOW_OR_NORMAL, {HOURS(2), HOURS(2), DAYS(1), DAYS(3)}},
    {CATEGORY_NUISANCE, DEADLINE_LOW_OR_NORMAL, {HOURS(4), DAYS(1), DAYS(5), DAYS(3)}},
    {CATEGORY_NONE, OF(LOW), {DAYS(1), DAYS(2), DAYS(7), DAYS(5)}},
    {CATEGORY_NONE, DEADLINE_LOW_OR_NORMAL, {HOURS(4), HOURS(4), DAYS(3), DAYS(3)}},
};

const char *case_stage_code(enum case_stage s)
{
    static const char *const codes[STAGE_N] = {"dispatch", "accept", "resolve", "verify"};
    return codes[s];
}

const char *deadline_urgency_code(enum deadline_urgency u)
{
    return u ? urgency_code((enum urgency)(u - DEADLINE_URGENCY_FIRST)) : "";
}

bool deadline_urgency_parse(struct str code, enum deadline_urgency *u_r)
{
    enum urgency u;
    if (!urgency_parse(code, &u))
        return false;
    *u_r = (enum deadline_urgency)(DEADLINE_URGENCY_FIRST + (int)u);
    return true;
}

static bool fits(const struct deadline_row *r, enum category c, enum urgency u)
{
    bool now = r->urgency ? (int)r->urgency == DEADLINE_URGENCY_FIRST + (int)u : u < URGENCY_URGENT;
    return now && (!r->category || r->category == c);
}

int64_t deadline_span_ms(const struct deadline_row *own, int n_own, enum case_stage stage,
                         enum category c, enum urgency u)
{
    const struct deadline_row *r = built_in;
    for (int i = 0; i < n_own; i++)
        if (own[i].minutes[stage] && fits(&own[i], c, u))
            return own[i].minutes[stage] * MINUTE_MS;
    while (!fits(r, c, u))
        r++;
    return r->minutes[stage] * MINUTE_MS;
}

/* Nobody in danger waits for a week because a table says so. */
int deadline_most_min(const struct deadline_row *r)
{
    return r->urgency == OF(CRITICAL) ? HOURS(24) : r->urgency == OF(URGENT) ? HOURS(72) : DAYS(30);
}

static enum err check_row(const struct deadline_row *r, int row, struct errbuf *eb)
{
    int said = 0, most = deadline_most_min(r);
    char pointer[64];
    for (int s = 0; s < STAGE_N; s++) {
        const char *stage = case_stage_code((enum case_stage)s);
        said |= r->minutes[s];
        if (!r->minutes[s] || (r->minutes[s] >= DEADLINE_LEAST_MIN && r->minutes[s] <= most))
            continue;
        snprintf(pointer, sizeof pointer, "/deadlines/%d/%s_min", row, stage);
        return err_field(eb, pointer, "row %d of the deadlines, %s_min: not %d to %d minutes of %s",
                         row + 1, stage, DEADLINE_LEAST_MIN, most,
                         most == DAYS(30) ? "working time" : "the clock, as it is that urgent");
    }
    snprintf(pointer, sizeof pointer, "/deadlines/%d/", row);
    return said ? ERR_OK
                : err_field(eb, pointer, "row %d of the deadlines says nothing of any stage",
                            row + 1);
}

enum err deadline_check(const struct deadline_row *rows, int n, struct errbuf *eb)
{
    enum err e = ERR_OK;
    for (int i = 0; i < n && !e; i++)
        e = check_row(&rows[i], i, eb);
    return e;
}

void deadline_print(const struct deadline_row *r, struct buf *out)
{
    buf_add_z(out, r->category ? category_code(r->category) : "any");
    if (r->urgency)
        buf_addf(out, " %s", deadline_urgency_code(r->urgency));
    for (int s = 0; s < STAGE_N; s++)
        if (r->minutes[s])
            buf_addf(out, " %s %d min", case_stage_code((enum case_stage)s), r->minutes[s]);
}

static const struct work_time *time_for(enum urgency u, const struct work_time *w)
{
    static const struct work_time always = {.hours = {.n = 0}};
    return u >= URGENCY_URGENT ? &always : w;
}

int64_t deadline_add(enum urgency u, int64_t from_ms, int64_t span_ms, const struct work_time *w)
{
    return work_time_add(time_for(u, w), from_ms, span_ms);
}

int64_t deadline_between(enum urgency u, int64_t from_ms, int64_t to_ms, const struct work_time *w)
{
    return work_time_between(time_for(u, w), from_ms, to_ms);
}

/* When work is done in a community: its working hours but for its holidays. Deadlines of cases and
   what waits for a review count in it. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "case_priv.h"

struct work_time work_time(const struct core *c, const char *community)
{
    struct work_time w = {.hours = c->o.working_hours, .zone_min = c->o.zone_min};
    char key[LIST_KEY_SIZE];
    int n = 0;
    list_key(key, LIST_HOLIDAYS, community, "");
    struct seat *seat, *first = list_first(c, key);
    DL_FOREACH(first, seat)
    n++;
    if (!n)
        return w;
    struct calendar_day *days = ARENA_ARRAY(c->fx->arena, struct calendar_day, (size_t)n);
    DL_FOREACH(first, seat)
    {
        const struct holiday *h = seat->node->object;
        struct calendar_day *day = &days[w.calendar.n];
        day->worked = h->kind == HOLIDAY_WORKED;
        w.calendar.n += calendar_parse_day(str_of(h->id), &day->day);
    }
    w.calendar.v = days;
    return w;
}

/* --- holidays change --- */

struct clock_stop { /* what is left of each deadline; one that has passed stays as it is */
    int n;
    struct left {
        struct node *node;
        enum urgency urgency;
        int64_t *at_ms, ms;
    } * v;
};

static void stop(struct core *c, struct clock_stop *s, const struct work_time *w, struct node *n,
                 enum urgency urgency, int64_t *at_ms)
{
    if (*at_ms <= c->now_ms)
        return;
    s->v = mem_grow(s->v, (size_t)s->n + 1, sizeof *s->v);
    s->v[s->n++] = (struct left){.node = n,
                                 .urgency = urgency,
                                 .at_ms = at_ms,
                                 .ms = deadline_between(urgency, c->now_ms, *at_ms, w)};
}

struct clock_stop *calendar_stop(struct core *c, const char *community)
{
    struct clock_stop *s = NEW(struct clock_stop);
    const struct work_time w = work_time(c, community);
    struct node_list cases = {NULL, 0};
    node_list_of(c, LIST_CASES, community, "", &cases);
    for (int i = 0; i < cases.n; i++) {
        struct case_ *k = cases.v[i]->object;
        if (!case_runs(k))
            continue;
        stop(c, s, &w, cases.v[i], k->urgency, &k->due_ms);
        stop(c, s, &w, cases.v[i], k->urgency, &k->remind_ms);
    }
    for (struct node *n = c->objects[OBJECT_MATCH]; n; n = n->hh.next) {
        struct match *m = n->object;
        if (m->state == MATCH_IN_REVIEW && !strcmp(m->community, community))
            stop(c, s, &w, n, URGENCY_NORMAL, &m->deadline_ms); /* whatever its own */
    }
    free(cases.v);
    return s;
}

void calendar_go_on(struct core *c, const char *community, struct clock_stop *s)
{
    const struct work_time w = work_time(c, community);
    for (int i = 0; i < s->n; i++) {
        const struct left *l = &s->v[i];
        int64_t at_ms = deadline_add(l->urgency, c->now_ms, l->ms, &w);
        if (at_ms == *l->at_ms)
            continue;
        *l->at_ms = at_ms;
        node_touch(c, l->node);
    }
    free(s->v);
    free(s);
}

/* The clock: whatever is due. */
#include "sustain_priv.h"

#include "base/clock.h"

/* What neighbours have agreed on has its own deadline: the post waits for it. */
static int64_t agreed_until(const struct node *post)
{
    int64_t until = 0;
    for (int i = 0; i < post->n_links; i++) {
        const struct match *m = match_of_node(post->links[i]);
        if (m->state == MATCH_AGREED && m->deadline_ms > until)
            until = m->deadline_ms;
    }
    return until;
}

/* A request that nobody could meet stays on the gap board; an offer of which somebody has had a
   part was of use; what nobody asked about just ends. */
static void post_tick(struct core *c, struct node *n)
{
    struct post *p = n->object;
    int64_t until = agreed_until(n);
    bool over = post_is_final(p->state);
    if (!over && p->expires_ms > c->now_ms) {
        unmet_widen(c, n);
        return;
    }
    if (!over)
        unmet_tell_short(c, n);
    if (until >= c->now_ms) { /* at the same moment it is asked about, or given up */
        p->expires_ms = until + MINUTE_MS;
        node_touch(c, n);
        return;
    }
    if (over) {
        node_drop(c, n);
        return;
    }
    match_end_others(c, n, NULL, true);
    enum post_event event = p->side == SIDE_REQUEST ? unmet_event(n)
                            : p->fulfilled > 0      ? POST_EVENT_MEET
                            : p->presumed > 0       ? POST_EVENT_PRESUME
                                                    : POST_EVENT_EXPIRE;
    post_close(c, n, event, NULL);
    if (event == POST_EVENT_GIVE_UP)
        unmet_escalate(c, n);
}

/* Its time is over. */
static void pass(struct core *c, struct node *n)
{
    struct match *m = n->object;
    bool agreed = m->state == MATCH_AGREED;
    if (agreed && outcome_ask(c, n))
        return;
    if (agreed) /* then they have what they wanted, and said nothing */
        m->outcome = MATCH_OUTCOME_UNSAID;
    match_event(c, n,
                agreed || m->state == MATCH_FULFILLED ? MATCH_EVENT_CLOSE : MATCH_EVENT_LAPSE);
}

static void match_tick(struct core *c, struct node *n)
{
    struct match *m = n->object;
    if (match_keeps_asked(m) && m->told_ms + DAY_MS <= c->now_ms) {
        m->rested = true;
        node_touch(c, n);
        helper_rested(c, m);
    } else if (match_is_final(m->state)) {
        node_drop(c, n);
    } else {
        pass(c, n);
    }
}

static void tally_tick(struct core *c, struct node *n)
{
    node_drop(c, n);
}

void decide_tick(struct core *c)
{
    static void (*const ticks[OBJECT_KIND_N])(struct core *, struct node *) = {
        [OBJECT_PARTY] = seen_tick,        [OBJECT_POST] = post_tick,
        [OBJECT_MATCH] = match_tick,       [OBJECT_CASE] = case_tick,
        [OBJECT_OUTBOUND] = outbound_tick, [OBJECT_ADVICE] = advice_tick,
        [OBJECT_RESOURCE] = renewal_tick,  [OBJECT_HABIT] = habit_tick,
        [OBJECT_TALLY] = tally_tick,       [OBJECT_TOPIC] = topic_tick,
        [OBJECT_SURGE] = surge_tick,       [OBJECT_VISIT] = visit_tick,
        [OBJECT_ALERT] = alert_tick};
    c->actor = "linli";
    for (struct due *d; (d = due_pop(c, c->now_ms));)
        if (d->kind == DUE_TALK)
            talk_expire(c, d->thing);
        else
            ticks[d->kind](c, d->thing);
}

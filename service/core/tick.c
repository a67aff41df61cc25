/* The clock: whatever is due. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"

/* Somebody was asked, and it came to nothing. */
static bool was_in_vain(const struct node *post)
{
    for (int i = 0; i < post->n_links; i++)
        if (match_of_node(post->links[i])->state >= MATCH_FULFILLED &&
            match_of_node(post->links[i])->state <= MATCH_CLOSED)
            return false;
    return post->n_links > 0;
}

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
    if (post_is_final(p->state)) {
        node_drop(c, n);
        return;
    }
    if (until > c->now_ms) {
        p->expires_ms = until + MINUTE_MS;
        node_touch(c, n);
        return;
    }
    match_end_others(c, n, NULL, true);
    bool unmet =
        p->side == SIDE_REQUEST && was_in_vain(n) && post_can(p->state, POST_EVENT_GIVE_UP);
    bool given = p->side == SIDE_OFFER && p->fulfilled > 0 && post_can(p->state, POST_EVENT_MEET);
    post_close(c, n,
               given   ? POST_EVENT_MEET
               : unmet ? POST_EVENT_GIVE_UP
                       : POST_EVENT_EXPIRE,
               NULL);
}

static void match_tick(struct core *c, struct node *n)
{
    const struct match *m = n->object;
    char request[ID_SIZE];
    if (match_is_final(m->state)) {
        node_drop(c, n);
        return;
    }
    memcpy(request, m->request, sizeof request);
    if (m->state == MATCH_FULFILLED) {
        match_event(c, n, MATCH_EVENT_CLOSE);
        return;
    }
    bool agreed = m->state == MATCH_AGREED; /* then they have what they wanted, and said nothing */
    match_event(c, n, MATCH_EVENT_LAPSE);
    struct node *again = request[0] && !agreed ? node_find(c, OBJECT_POST, request) : NULL;
    if (again)
        propose_for(c, again);
}

static void tally_tick(struct core *c, struct node *n)
{
    node_drop(c, n);
}

void decide_tick(struct core *c)
{
    static void (*const ticks[OBJECT_KIND_N])(struct core *, struct node *) = {
        [OBJECT_POST] = post_tick,     [OBJECT_MATCH] = match_tick,
        [OBJECT_CASE] = case_tick,     [OBJECT_OUTBOUND] = outbound_tick,
        [OBJECT_ADVICE] = advice_tick, [OBJECT_TALLY] = tally_tick};
    c->actor = "linli";
    for (struct due *d; (d = due_pop(c, c->now_ms));)
        if (d->kind == DUE_TALK)
            talk_expire(c, d->thing);
        else
            ticks[d->kind](c, d->thing);
}

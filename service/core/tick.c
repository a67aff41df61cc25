/* The clock: whatever is due. */
#include "core_priv.h"

#include <string.h>

static bool was_proposed(const struct node *post)
{
    return post->n_links > 0;
}

/* A request that nobody could meet stays on the gap board; what nobody asked about just ends. */
static void post_tick(struct core *c, struct node *n)
{
    const struct post *p = n->object;
    if (post_is_final(p->state)) {
        node_drop(c, n);
        return;
    }
    bool unmet =
        p->side == SIDE_REQUEST && was_proposed(n) && post_can(p->state, POST_EVENT_GIVE_UP);
    match_end_others(c, n, NULL, true);
    post_close(c, n, unmet ? POST_EVENT_GIVE_UP : POST_EVENT_EXPIRE, NULL);
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
    match_event(c, n, MATCH_EVENT_LAPSE);
    struct node *again = request[0] ? node_find(c, OBJECT_POST, request) : NULL;
    if (again)
        propose_for(c, again);
}

void decide_tick(struct core *c)
{
    static void (*const ticks[OBJECT_KIND_N])(struct core *,
                                              struct node *) = {[OBJECT_POST] = post_tick,
                                                                [OBJECT_MATCH] = match_tick,
                                                                [OBJECT_CASE] = case_tick,
                                                                [OBJECT_OUTBOUND] = outbound_tick};
    c->actor = "linli";
    if (c->talk_due_ms <= c->now_ms)
        talk_expire_all(c);
    for (struct node *n; (n = due_pop(c, c->now_ms));)
        ticks[n->kind](c, n);
}

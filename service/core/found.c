/* Things that somebody has found: which of them is what a request has lost, or what its owner says
   they have got back. */
#include "context_priv.h"

#include <string.h>

#include "base/clock.h"

#define FOUND_MS (3 * DAY_MS) /* who has lost it asks no longer */
#define LOOKED_AT 24          /* posts of the group, the newest first */

/* 是我的，谢谢捡到的邻居: what was found is with whom it belongs to, who had asked for nothing. */
struct node *found_got_back(struct core *c, const struct said *s)
{
    char key[LIST_KEY_SIZE];
    struct node *newest = NULL;
    int seen = 0;
    list_key(key, LIST_GROUP, s->m->community, s->m->group);
    for (struct seat *t = list_last(c, key); t && seen++ < LOOKED_AT; t = seat_before(t)) {
        const struct post *p = t->node->object;
        if (p->side != SIDE_OFFER || p->category != CATEGORY_LOST_FOUND ||
            s->m->time_ms - thread_spoken_ms(s, p) > FOUND_MS || thread_other_thing(c, s, p))
            continue;
        if (thread_item_fit(c, s, p) >= THE_SAME)
            return t->node;
        newest = newest ? newest : t->node;
    }
    return newest;
}

/* The one thing found that may be what this request has lost. */
struct node *found_for(const struct core *c, const struct node *n)
{
    struct node *found = NULL;
    if (((const struct post *)n->object)->category != CATEGORY_LOST_FOUND)
        return NULL;
    for (int i = 0; i < n->n_links; i++) {
        const struct match *m = match_of_node(n->links[i]);
        struct node *offer = match_holds(m->state) && m->offer[0] ? match_offer(c, m) : NULL;
        if (!offer || offer == n || offer == found ||
            ((const struct post *)offer->object)->category != CATEGORY_LOST_FOUND)
            continue;
        if (found)
            return NULL;
        found = offer;
    }
    return found;
}

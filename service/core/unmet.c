/* Requests that wait in vain. After each quarter of its life one takes a step further:

     quarter   looks at resources whose scope ends within its own
     1st       entrance, building → estate
     2nd       estate → grid
     3rd       grid → community

   By its scope a resource is for people nearer by: what lies beyond is only proposed to a person,
   and only where the community has allowed it. At the end of its life the grid officer is told,
   also of what is lacking of a request of which only a part was promised or had; that one waits for
   what was promised, and is no request that nobody could meet. */
#include "sustain_priv.h"

#include <string.h>

#include "base/mem.h"

#define STEPS 3
#define TOLD_SHORT (STEPS + 1) /* the step behind the last one */
#define UNMET_TEXT "有求助到期仍没有人能帮上，请网格员跟进"
#define SURE 0.6f /* that it was a request at all */

int64_t unmet_due_ms(const struct post *p)
{
    if (p->side != SIDE_REQUEST || p->widened >= STEPS)
        return p->expires_ms;
    return p->opened_ms + (p->expires_ms - p->opened_ms) / (STEPS + 1) * (p->widened + 1);
}

void unmet_widen(struct core *c, struct node *n)
{
    static const enum place_kind steps[STEPS] = {PLACE_ESTATE, PLACE_GRID, PLACE_COMMUNITY};
    struct post *p = n->object;
    bool widens = sustain_widens(c, p->origin.community);
    if (widens)
        p->reach = steps[p->widened];
    p->widened++;
    node_touch(c, n);
    if (widens && post_left(p) > 0) {
        tell_audit(c, "post.widen", n, NULL, place_kind_code(p->reach));
        assign_later(c, n);
    }
}

bool unmet_is_beyond(const struct core *c, const struct match *m, const struct post *request)
{
    const struct resource *r = resource_of(c, m->community, m->resource);
    const struct party *p = r ? party_find(c, r->community, r->party) : NULL;
    const char *there[PLACE_KIND_N], *here[PLACE_KIND_N];
    if (!p || policy_emergency(c, m->community)) /* then it is there for all */
        return false;
    place_chain(c, r->community, p->place, there);
    place_chain(c, r->community, request->origin.place, here);
    return there[r->scope][0] && strcmp(there[r->scope], here[r->scope]) != 0;
}

/* What somebody has taken on and nobody spoke of again has most likely come about. */
enum post_event unmet_event(const struct node *n)
{
    const struct post *p = n->object;
    for (int i = 0; i < n->n_links; i++) {
        const struct match *m = match_of_node(n->links[i]);
        if (m->state == MATCH_FULFILLED || m->state == MATCH_CLOSED)
            return POST_EVENT_EXPIRE;
    }
    bool vain = p->fulfilled + p->presumed <= 0 && (n->n_links > 0 || p->confidence >= SURE);
    return vain && post_can(p->state, POST_EVENT_GIVE_UP) ? POST_EVENT_GIVE_UP : POST_EVENT_EXPIRE;
}

static void escalate(struct core *c, struct node *n, const char *text)
{
    const struct post *p = n->object;
    if (p->case_id[0]) /* it has somebody responsible already */
        return;
    const char *to = assignee_of(c, p->origin.community, p->origin.place, CATEGORY_OTHER);
    tell_audit(c, "post.escalate", n, NULL, to);
    struct event *e = tell_alert(c, "unmet", &p->origin, text);
    e->post = keep(c, p->id);
    e->assignee = keep(c, to);
}

void unmet_escalate(struct core *c, struct node *n)
{
    escalate(c, n, UNMET_TEXT);
}

/* What has only been proposed is nobody's yes. */
void unmet_tell_short(struct core *c, struct node *n)
{
    struct post *p = n->object;
    double had = p->fulfilled + p->presumed + agreed_quantity(n), lacking = p->asked - had;
    struct buf text;
    if (p->side != SIDE_REQUEST || p->widened >= TOLD_SHORT || had <= EPSILON || lacking <= EPSILON)
        return;
    p->widened = TOLD_SHORT;
    node_touch(c, n);
    tally_post_short(c, p);
    buf_init(&text);
    buf_addf(&text, "有求助到期只找到一部分：要 %g，还缺 %g，请网格员跟进", p->asked, lacking);
    escalate(c, n, buf_z_borrow(&text));
    buf_deinit(&text);
}

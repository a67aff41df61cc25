/* What the community has allowed besides proposals, and who may be asked when. */
#include "sustain_priv.h"

#include <string.h>

#include "base/clock.h"

#define ASK_EVERY_MS DAY_MS
#define DAY_FROM 9 /* o'clock: questions and thanks are no emergency */
#define DAY_TO 21

const char *sustain_permit(const struct core *c, const char *community, enum outbound_kind kind)
{
    const struct policy_follow_up *f = &policy_of(c, community)->follow_up;
    if (kind == OUTBOUND_OUTCOME && f->ask_outcome)
        return "社区允许在群里回访结果";
    if (kind == OUTBOUND_THANKS && f->thank)
        return "社区允许在群里感谢帮忙的人";
    if (kind == OUTBOUND_RENEWAL && f->ask_renewal)
        return "社区允许在群里问资源是否续期";
    if (kind == OUTBOUND_CONTACT && f->reveal_contact)
        return "双方已经谈好，社区允许私下转告对方写下的联系方式";
    return NULL;
}

bool sustain_widens(const struct core *c, const char *community)
{
    (void)community;
    return c->o.widen;
}

/* A posted proposal asks both of its sides, a question one. Of somebody who is no party it is known
   as long as that match lives. */
int64_t sustain_free_ms(const struct core *c, const char *community, const char *party,
                        const char *sender)
{
    char key[LIST_KEY_SIZE];
    const struct party *p = party[0] ? party_find(c, community, party) : NULL;
    int64_t last = p ? p->asked_ms : 0;
    if (p && !party_may_be_asked(p))
        return INT64_MAX;
    list_key(key, party[0] ? LIST_PERSON : LIST_SENDER, community, party[0] ? party : sender);
    for (struct seat *s = list_last(c, key); s; s = seat_before(s)) {
        const struct match *m = s->node->object;
        if (s->node->kind != OBJECT_MATCH)
            continue;
        last = m->posted_ms > last ? m->posted_ms : last;
        last = m->asked_ms > last ? m->asked_ms : last;
    }
    return last ? last + ASK_EVERY_MS : 0;
}

void sustain_asked(struct core *c, const char *community, const char *party, int64_t at_ms)
{
    struct node *n = party[0] ? node_in(c, OBJECT_PARTY, community, party) : NULL;
    if (!n)
        return;
    ((struct party *)n->object)->asked_ms = at_ms;
    node_touch(c, n);
}

int64_t sustain_daytime_ms(const struct core *c, int64_t at_ms)
{
    struct civil t = civil_of_ms(at_ms, c->o.zone_min);
    if (t.hour >= DAY_FROM && t.hour < DAY_TO)
        return quiet_hours_end(&c->o.quiet, at_ms, c->o.zone_min);
    t.day += t.hour >= DAY_TO;
    t.hour = DAY_FROM;
    t.minute = t.second = 0;
    return quiet_hours_end(&c->o.quiet, civil_to_ms(t, c->o.zone_min), c->o.zone_min);
}

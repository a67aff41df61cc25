#include "core_priv.h"

#define RESCUE_TEXT "有人可能正处在危险中，请立即拨打 110 / 119 / 120，并请值班人员马上联系当事人"

const char *keep(struct core *c, const char *z)
{
    return z ? arena_dup_in(c->fx->arena, str_of(z)) : NULL;
}

struct audit *tell_audit_of(struct core *c, const char *community, const char *action)
{
    struct audit *a = effects_audit(c->fx);
    a->at_ms = c->now_ms;
    a->community = keep(c, community ? community : "");
    a->actor = keep(c, c->actor);
    a->action = keep(c, action);
    a->reason = keep(c, c->reason);
    return a;
}

void tell_audit(struct core *c, const char *action, const struct node *n, const char *before,
                const char *after)
{
    struct audit *a = tell_audit_of(c, object_community(n->kind, n->object), action);
    a->kind = n->kind;
    a->object = keep(c, n->key);
    a->before = keep(c, before);
    a->after = keep(c, after);
}

struct event *tell(struct core *c, enum event_kind kind, const char *community)
{
    struct event *e = effects_event(c->fx, kind, c->now_ms);
    e->community = keep(c, community);
    return e;
}

struct event *tell_alert(struct core *c, const char *kind, const struct origin *o, const char *text)
{
    struct event *e = tell(c, EVENT_ALERT, o->community);
    e->alert = kind;
    e->group = keep(c, o->group);
    e->message = keep(c, o->message);
    e->text = keep(c, text);
    return e;
}

void tell_rescue(struct core *c, const struct origin *o)
{
    tell_alert(c, "critical", o, RESCUE_TEXT);
}

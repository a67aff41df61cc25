/* What staff do with advice: take it, or put it aside. */
#include "command_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sustain_priv.h"

#define STANDS_MS (180 * DAY_MS) /* a resource made of a habit, until it is asked about */

static const struct party *owner_of(const struct core *c, const struct advice *a)
{
    const struct party *p = a->party[0] ? party_find(c, a->community, a->party)
                            : a->sender ? party_of_sender(c, a->community, a->sender)
                                        : NULL;
    return party_is_seen(p) ? NULL : p;
}

static struct node *make_resource(struct core *c, const struct advice *a, const struct party *owner)
{
    char key[OBJECT_KEY_SIZE];
    struct resource *r = NEW(struct resource);
    memcpy(r->community, a->community, ID_SIZE);
    new_id(c, 'r', r->id);
    memcpy(r->party, owner->id, ID_SIZE);
    r->version = 1;
    r->category = a->category;
    strs_add(&r->items, str_of(a->item ? a->item : category_zh(a->category)));
    r->capacity = a->capacity;
    r->unit = mem_dup(a->unit ? a->unit : "");
    r->mode = a->mode;
    r->scope = a->scope;
    r->since_ms = c->now_ms;
    r->expires_ms = c->now_ms + STANDS_MS;
    object_key(key, r->community, r->id);
    struct node *n = node_put(c, OBJECT_RESOURCE, key, r);
    node_touch(c, n);
    tell_audit(c, "resource.create", n, NULL, a->id);
    tell(c, EVENT_DIRECTORY, r->community);
    return n;
}

/* The reply shows what has come of it. */
void advice_accept(struct doing *d)
{
    struct core *c = d->c;
    struct node *advice = d->n;
    const struct advice *a = advice->object;
    if (a->kind == ADVICE_MESSAGE) {
        command_reply(d, ERR_CONFLICT, "say what the message means instead: message.correct");
        return;
    }
    if (a->kind == ADVICE_RENEWAL) {
        d->n = node_in(c, OBJECT_RESOURCE, a->community, a->resource);
        renewal_yes(c, d->n); /* the advice ends with it */
        command_reply(d, ERR_OK, NULL);
        return;
    }
    const struct party *owner = owner_of(c, a);
    if (!owner) {
        command_reply(d, ERR_CONFLICT, "register who offers it as a party first");
        return;
    }
    d->n = make_resource(c, a, owner);
    node_drop(c, advice);
    command_reply(d, ERR_OK, NULL);
}

void advice_dismiss(struct doing *d)
{
    struct node *advice = d->n;
    tell_audit(d->c, "advice.dismiss", advice, NULL, NULL);
    d->n = NULL; /* nothing is left to show */
    node_drop(d->c, advice);
    command_reply(d, ERR_OK, NULL);
}

/* What the core itself advises staff of: a row of the advice, about a thing once. */
#include "sustain_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

/* Made of what it is about, as those of an adviser are: see advice.c. */
static void id_of(const struct core *c, enum advice_kind kind, const char *about, char out[ID_SIZE])
{
    uint64_t hash = hash64(about, strlen(about), (uint64_t)kind);
    snprintf(out, ID_SIZE, "a%02d-%016llx", c->o.shard, (unsigned long long)hash);
}

struct node *advise(struct core *c, struct advice *a, const char *about)
{
    id_of(c, a->kind, about, a->id);
    struct node *n = node_find(c, OBJECT_ADVICE, a->id);
    if (n) { /* there already: the newer one says it better */
        a->version = ((struct advice *)n->object)->version;
        n = node_put(c, OBJECT_ADVICE, a->id, a);
    } else {
        n = node_put(c, OBJECT_ADVICE, a->id, a);
    }
    node_touch(c, n);
    tell_audit(c, "advice", n, NULL, advice_kind_code(a->kind));
    struct event *e = tell(c, EVENT_ADVICE, a->community);
    e->advice = keep(c, a->id);
    e->alert = advice_kind_code(a->kind);
    e->category = a->category;
    return n;
}

void advise_end(struct core *c, enum advice_kind kind, const char *about)
{
    char id[ID_SIZE];
    id_of(c, kind, about, id);
    struct node *n = node_find(c, OBJECT_ADVICE, id);
    if (n)
        node_drop(c, n);
}

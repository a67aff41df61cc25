/* A file from before a merger: it makes nobody two again, and refuses nothing. */
#include "sustain_priv.h"

#include <string.h>

/* Who the party of that id is known to have turned out to be, or NULL. */
static const char *merged_into(const struct core *c, const char *community, const char *id)
{
    const struct party *p = party_find(c, community, id);
    return p && p->merged_into[0] ? p->merged_into : NULL;
}

/* The one they were merged into keeps their accounts, which its own row is too old to know. */
static void hand_accounts(struct directory *d, const struct party *from, const char *into)
{
    for (int i = 0; i < d->n_parties; i++) {
        struct party *p = d->parties[i];
        for (int n = 0; p && !strcmp(p->id, into) && n < from->external_ids.n; n++)
            if (!strs_has(&p->external_ids, str_of(from->external_ids.v[n])))
                strs_add(&p->external_ids, str_of(from->external_ids.v[n]));
    }
}

void merged_leave_out(const struct core *c, const char *community, struct directory *d)
{
    int n = 0;
    for (int i = 0; i < d->n_parties; i++) {
        const char *into = merged_into(c, community, d->parties[i]->id);
        if (!into)
            continue;
        hand_accounts(d, d->parties[i], into);
        party_free(&d->parties[i]);
    }
    for (int i = 0; i < d->n_parties; i++) { /* what is behind the last one is nobody's twice */
        struct party *p = d->parties[i];
        d->parties[i] = NULL;
        if (p)
            d->parties[n++] = p;
    }
    d->n_parties = n;
    for (int i = 0; i < d->n_resources; i++) {
        struct resource *r = d->resources[i];
        const char *into = merged_into(c, community, r->party);
        if (into)
            str_copy(r->party, ID_SIZE, str_of(into));
    }
}

/* A directory is taken whole or not at all. */
#include "sustain_priv.h"

#include <stdio.h>
#include <string.h>

/* --- rows that point nowhere --- */

static bool place_there(const struct core *c, const struct directory *d, const char *community,
                        const char *id)
{
    for (int i = 0; i < d->n_places; i++)
        if (!strcmp(d->places[i]->id, id))
            return true;
    return node_in(c, OBJECT_PLACE, community, id) != NULL;
}

static bool party_there(const struct core *c, const struct directory *d, const char *community,
                        const char *id)
{
    for (int i = 0; i < d->n_parties; i++)
        if (!strcmp(d->parties[i]->id, id))
            return true;
    return node_in(c, OBJECT_PARTY, community, id) != NULL;
}

static bool fault(char detail[160], const char *rows, int i, const char *field, const char *id)
{
    snprintf(detail, 160, "/%s/%d/%s: there is no %.60s", rows, i, field, id);
    return true;
}

static bool dangles(const struct core *c, const struct directory *d, const char *community,
                    char detail[160])
{
    for (int i = 0; i < d->n_places; i++)
        if (d->places[i]->parent[0] && !place_there(c, d, community, d->places[i]->parent))
            return fault(detail, "places", i, "parent", d->places[i]->parent);
    for (int i = 0; i < d->n_groups; i++)
        if (!place_there(c, d, community, d->groups[i]->place))
            return fault(detail, "groups", i, "place", d->groups[i]->place);
    for (int i = 0; i < d->n_parties; i++)
        if (d->parties[i]->place[0] && !place_there(c, d, community, d->parties[i]->place))
            return fault(detail, "parties", i, "place", d->parties[i]->place);
    for (int i = 0; i < d->n_resources; i++)
        if (!party_there(c, d, community, d->resources[i]->party))
            return fault(detail, "resources", i, "party", d->resources[i]->party);
    return false;
}

/* A row of another community would lie in a shard that is not its own. */
static bool is_foreign(const struct directory *d, const char *community, char detail[160])
{
    static const char *const names[] = {"places", "groups", "parties", "resources"};
    const int n[] = {d->n_places, d->n_groups, d->n_parties, d->n_resources};
    const void *const *rows[] = {(const void *const *)d->places, (const void *const *)d->groups,
                                 (const void *const *)d->parties,
                                 (const void *const *)d->resources};
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < n[k]; i++) { /* each of these structs begins with its community */
            const struct place *row = rows[k][i];
            if (!strcmp(row->community, community) && row->id[0])
                continue;
            snprintf(detail, 160, "/%s/%d: it is not of %.60s, or has no id", names[k], i,
                     community);
            return true;
        }
    return false;
}

/* --- putting --- */

static struct node *put_row(struct core *c, enum object_kind kind, const char *community,
                            const char *id, void **row)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, community, id);
    struct node *n = node_find(c, kind, key);
    if (n && kind == OBJECT_RESOURCE) /* what is promised stays promised */
        ((struct resource *)*row)->reserved = ((struct resource *)n->object)->reserved;
    if (kind == OBJECT_RESOURCE)
        renewal_put(c, *row, n);
    if (n && kind == OBJECT_PARTY) {
        ((struct party *)*row)->asked_ms = ((struct party *)n->object)->asked_ms;
        ((struct party *)*row)->month = ((struct party *)n->object)->month;
        ((struct party *)*row)->helped = ((struct party *)n->object)->helped;
    }
    n = node_put(c, kind, key, *row);
    *row = NULL; /* ours now */
    node_touch(c, n);
    return n;
}

/* There is less now than was promised: what nobody has agreed to gives way, the latest first. */
static void fit_promises(struct core *c, struct node *n)
{
    const struct resource *r = n->object;
    for (int i = n->n_links; i-- > 0 && r->reserved > r->capacity + EPSILON;)
        if (match_pends(match_of_node(n->links[i])))
            match_event(c, n->links[i], MATCH_EVENT_LAPSE);
    assign_later(c, n);
}

/* An id that has gone from one party to another is known by the new one only: all are put anew. */
static void put_senders(struct core *c)
{
    for (struct node *n = c->objects[OBJECT_PARTY]; n; n = n->hh.next)
        aliases_drop(n);
    for (struct node *n = c->objects[OBJECT_PARTY]; n; n = n->hh.next)
        aliases_put(c, n);
}

bool import_rows(struct core *c, const struct command *cmd, char detail[160])
{
    const struct directory *d = &cmd->directory;
    if (!d->n_places && !d->n_groups && !d->n_parties && !d->n_resources) {
        snprintf(detail, 160, "/places: there is no row at all");
        return false;
    }
    if (is_foreign(d, cmd->community, detail) || dangles(c, d, cmd->community, detail))
        return false;
    snprintf(detail, 160, "%d places, %d groups, %d parties, %d resources", d->n_places,
             d->n_groups, d->n_parties, d->n_resources);
    for (int i = 0; i < d->n_places; i++)
        put_row(c, OBJECT_PLACE, d->places[i]->community, d->places[i]->id, (void **)&d->places[i]);
    for (int i = 0; i < d->n_groups; i++)
        put_row(c, OBJECT_GROUP, d->groups[i]->community, d->groups[i]->id, (void **)&d->groups[i]);
    for (int i = 0; i < d->n_parties; i++)
        put_row(c, OBJECT_PARTY, d->parties[i]->community, d->parties[i]->id,
                (void **)&d->parties[i]);
    put_senders(c);
    if (d->n_places || d->n_parties)
        index_again(c, cmd->community);
    for (int i = 0; i < d->n_resources; i++) {
        struct resource *r = d->resources[i];
        fit_promises(c,
                     put_row(c, OBJECT_RESOURCE, r->community, r->id, (void **)&d->resources[i]));
    }
    return true;
}

/* Commands about one row of the directory: put it as a person has it now, or take it away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command_priv.h"
#include "sustain_priv.h"

/* Bots and what a community consists of are the operators' matter. */
static bool may_touch(const struct command *cmd)
{
    return cmd->role >= ROLE_ADMIN || cmd->row == OBJECT_PARTY || cmd->row == OBJECT_RESOURCE;
}

/* The version that the person saw has to stand there; who saw nothing may only make it. */
static enum err check_version(const struct command *cmd, const struct node *n, bool may_make)
{
    if (!n)
        return may_make && !cmd->if_version ? ERR_OK : ERR_NOT_FOUND;
    if (!cmd->if_version)
        return ERR_NEED_VERSION;
    return cmd->if_version == ((const struct place *)n->object)->version ? ERR_OK : ERR_STALE;
}

static bool find_row(struct doing *d, bool may_make)
{
    const struct command *cmd = d->cmd;
    d->n = cmd->object[0] ? node_in(d->c, cmd->row, cmd->community, cmd->object) : NULL;
    enum err e = may_touch(cmd) ? check_version(cmd, d->n, may_make) : ERR_FORBIDDEN;
    if (e)
        command_reply(d, e, NULL);
    return e == ERR_OK;
}

void directory_put(struct doing *d)
{
    char detail[200];
    if (!find_row(d, true))
        return;
    if (!import_rows(d->c, d->cmd, true, detail)) {
        command_reply(d, ERR_BAD_FIELD, detail);
        return;
    }
    d->n = node_in(d->c, d->cmd->row, d->cmd->community, d->cmd->object);
    tell(d->c, EVENT_DIRECTORY, d->cmd->community);
    command_reply(d, ERR_OK, NULL);
}

/* --- taking away --- */

static int agreed_on(const struct node *resource)
{
    int n = 0;
    for (int i = 0; i < resource->n_links; i++)
        n += match_of_node(resource->links[i])->state == MATCH_AGREED;
    return n;
}

static void drop_row(struct core *c, struct node *n)
{
    struct place *row = n->object;
    tell_audit(c, "directory.delete", n, row->id, NULL);
    tell(c, EVENT_DIRECTORY, row->community);
    node_drop(c, n);
}

/* What nobody has agreed to is looked for elsewhere. Returns how much that is. */
static int drop_resource(struct core *c, struct node *n)
{
    struct node_list open = {NULL, 0};
    for (int i = 0; i < n->n_links; i++)
        if (match_pends(match_of_node(n->links[i])))
            node_list_add(&open, n->links[i]);
    int count = open.n;
    ((struct resource *)n->object)->capacity = 0; /* for whoever is proposed something meanwhile */
    node_touch(c, n);
    matches_give_way(c, &open);
    renewal_forget(c, n);
    drop_row(c, n);
    return count;
}

static const char *delete_resource(struct doing *d, char detail[160])
{
    if (agreed_on(d->n))
        return "somebody has agreed on it; a capacity of 0 keeps new ones away";
    snprintf(detail, 160, "%d open matches were given up", drop_resource(d->c, d->n));
    return NULL;
}

static void resources_of(const struct core *c, const struct party *p, struct node_list *l)
{
    for (struct node *n = c->objects[OBJECT_RESOURCE]; n; n = n->hh.next) {
        const struct resource *r = n->object;
        if (!strcmp(r->community, p->community) && !strcmp(r->party, p->id))
            node_list_add(l, n);
    }
}

static bool has_agreed(const struct core *c, const struct party *p,
                       const struct node_list *resources)
{
    struct node_list own = {NULL, 0};
    bool found = false;
    node_list_of(c, LIST_PERSON, p->community, p->id, &own);
    for (int i = 0; i < own.n; i++)
        found |= own.v[i]->kind == OBJECT_MATCH && match_of_node(own.v[i])->state == MATCH_AGREED;
    for (int i = 0; i < resources->n; i++)
        found |= agreed_on(resources->v[i]) > 0;
    free(own.v);
    return found;
}

/* Its open posts and matches are those of somebody who is not registered, from now on. */
static void leave_posts(struct core *c, const struct party *p)
{
    struct node_list own = {NULL, 0};
    node_list_of(c, LIST_PERSON, p->community, p->id, &own);
    for (int i = 0; i < own.n; i++) {
        struct post *post = own.v[i]->object;
        struct match *m = own.v[i]->object;
        if (own.v[i]->kind == OBJECT_POST) {
            post->origin.party[0] = 0;
        } else {
            if (!strcmp(m->helper, p->id))
                m->helper[0] = 0;
            if (!strcmp(m->helped, p->id))
                m->helped[0] = 0;
        }
        node_touch(c, own.v[i]);
    }
    free(own.v);
}

static void leave_cases(struct core *c, const struct party *p)
{
    struct node_list cases = {NULL, 0};
    node_list_of(c, LIST_CASES, p->community, "", &cases);
    for (int i = 0; i < cases.n; i++) {
        struct case_ *k = cases.v[i]->object;
        if (strcmp(k->origin.party, p->id) != 0)
            continue;
        k->origin.party[0] = 0;
        node_touch(c, cases.v[i]);
    }
    free(cases.v);
}

bool party_has_case(const struct core *c, const struct party *p)
{
    struct node_list cases = {NULL, 0};
    bool found = false;
    node_list_of(c, LIST_CASES, p->community, "", &cases);
    for (int i = 0; i < cases.n; i++)
        found |= !strcmp(((const struct case_ *)cases.v[i]->object)->assignee, p->id);
    free(cases.v);
    return found;
}

/* Ids that led to it lead nowhere. */
static void drop_merged(struct core *c, const struct party *p)
{
    struct node *n = c->objects[OBJECT_PARTY], *next;
    for (; n; n = next) {
        const struct party *other = n->object;
        next = n->hh.next;
        if (!strcmp(other->community, p->community) && !strcmp(other->merged_into, p->id))
            node_drop(c, n);
    }
}

static const char *cannot_delete(const struct core *c, const struct party *p,
                                 const struct node_list *resources)
{
    if (has_agreed(c, p, resources))
        return "somebody has agreed on something with this party; that has to end first";
    return party_has_case(c, p) ? CASE_IS_THEIRS : NULL;
}

const char *party_remove(struct core *c, struct node *n, char detail[160])
{
    struct node_list resources = {NULL, 0};
    struct party p = *(struct party *)n->object; /* its id, once it is gone */
    int given_up = 0;
    resources_of(c, &p, &resources);
    const char *why = cannot_delete(c, &p, &resources);
    for (int i = 0; !why && i < resources.n; i++)
        given_up += drop_resource(c, resources.v[i]);
    if (!why) {
        snprintf(detail, 160, "%d resources and %d open matches were given up", resources.n,
                 given_up);
        leave_posts(c, &p);
        leave_cases(c, &p);
        drop_merged(c, &p);
        drop_row(c, n);
        parties_changed(c, p.community);
    }
    free(resources.v);
    return why;
}

static const char *delete_party(struct doing *d, char detail[160])
{
    return party_remove(d->c, d->n, detail);
}

static bool lies_at(const struct core *c, enum object_kind kind, const struct place *p)
{
    for (const struct node *n = c->objects[kind]; n; n = n->hh.next) {
        const struct place *row = n->object; /* parent: of a group or a party, its place */
        if (kind == OBJECT_PARTY && party_is_seen(n->object))
            continue;
        if (!strcmp(row->community, p->community) && !strcmp(row->parent, p->id))
            return true;
    }
    return false;
}

/* Where somebody seen lives was a guess. */
static void leave_home(struct core *c, const struct place *p)
{
    for (struct node *n = c->objects[OBJECT_PARTY]; n; n = n->hh.next) {
        struct party *who = n->object;
        if (strcmp(who->community, p->community) != 0 || strcmp(who->place, p->id) != 0)
            continue;
        who->place[0] = 0;
        who->version++;
        node_touch(c, n);
    }
}

static const char *delete_place(struct doing *d, char detail[160])
{
    const struct place *p = d->n->object;
    char community[ID_SIZE];
    if (lies_at(d->c, OBJECT_PLACE, p) || lies_at(d->c, OBJECT_GROUP, p) ||
        lies_at(d->c, OBJECT_PARTY, p))
        return "a place, a group or a party is still there";
    str_copy(community, ID_SIZE, str_of(p->community));
    leave_home(d->c, p);
    drop_row(d->c, d->n);
    index_again(d->c, community);
    detail[0] = 0;
    return NULL;
}

/* What is open in it lives out its life; what is approved later finds no group to be posted in. */
static const char *delete_group(struct doing *d, char detail[160])
{
    drop_row(d->c, d->n);
    detail[0] = 0;
    return NULL;
}

static const char *delete_holiday(struct doing *d, char detail[160])
{
    char community[ID_SIZE];
    str_copy(community, ID_SIZE, str_of(d->cmd->community));
    struct clock_stop *stopped = calendar_stop(d->c, community);
    drop_row(d->c, d->n);
    calendar_go_on(d->c, community, stopped);
    detail[0] = 0;
    return NULL;
}

void directory_delete(struct doing *d)
{
    static const char *(*const deletes[])(struct doing *,
                                          char detail[160]) = {[OBJECT_PLACE] = delete_place,
                                                               [OBJECT_GROUP] = delete_group,
                                                               [OBJECT_PARTY] = delete_party,
                                                               [OBJECT_RESOURCE] = delete_resource,
                                                               [OBJECT_HOLIDAY] = delete_holiday};
    char detail[160];
    if (!find_row(d, false))
        return;
    const char *why = deletes[d->cmd->row](d, detail);
    if (!why)
        d->n = NULL; /* it is gone */
    command_reply(d, why ? ERR_CONFLICT : ERR_OK, why ? why : detail[0] ? detail : NULL);
}

/* --- a group's bot --- */

void group_test(struct doing *d)
{
    const struct command *cmd = d->cmd;
    d->n = node_in(d->c, OBJECT_GROUP, cmd->community, cmd->object);
    if (d->n)
        tell_audit(d->c, "group.test", d->n, NULL, NULL);
    command_reply(d, d->n ? ERR_OK : ERR_NOT_FOUND, NULL);
}

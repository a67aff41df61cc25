/* Commands of staff. Each gets exactly one reply; what it changes goes into the audit with who and
 * why. */
#include "core_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

struct doing { /* one command */
    struct core *c;
    const struct command *cmd;
    struct node *n; /* its object */
};

static void reply(struct doing *d, enum err e, const char *detail)
{
    struct core *c = d->c;
    struct reply *r = effects_reply(c->fx);
    r->command = keep(c, d->cmd->id);
    r->reply_to = keep(c, d->cmd->reply_to);
    r->err = e;
    r->detail = keep(c, detail);
    if (!d->n)
        return;
    r->kind = d->n->kind;
    r->key = keep(c, d->n->key);
}

/* --- who may --- */

static const struct {
    enum object_kind kind;
    bool versioned;
} objects[COMMAND_N] = {[COMMAND_MATCH_APPROVE] = {OBJECT_MATCH, true},
                        [COMMAND_MATCH_REJECT] = {OBJECT_MATCH, true},
                        [COMMAND_MATCH_UNDO] = {OBJECT_MATCH, true},
                        [COMMAND_POST_EDIT] = {OBJECT_POST, true},
                        [COMMAND_CASE_EVENT] = {OBJECT_CASE, true},
                        [COMMAND_OUTBOUND_RETRY] = {OBJECT_OUTBOUND, false},
                        [COMMAND_DIRECTORY_IMPORT] = {OBJECT_PLACE, false}};

static const char *grid_of(const struct node *n)
{
    switch (n->kind) {
    case OBJECT_MATCH:
        return ((const struct match *)n->object)->grid;
    case OBJECT_POST:
        return ((const struct post *)n->object)->origin.grid;
    case OBJECT_CASE:
        return ((const struct case_ *)n->object)->origin.grid;
    default:
        return "";
    }
}

static int64_t version_of(const struct node *n)
{
    switch (n->kind) {
    case OBJECT_MATCH:
        return ((const struct match *)n->object)->version;
    case OBJECT_POST:
        return ((const struct post *)n->object)->version;
    case OBJECT_CASE:
        return ((const struct case_ *)n->object)->version;
    default:
        return 0;
    }
}

/* ERR_OK when this command may be carried out on what is there. */
static enum err may(struct doing *d, const char **detail)
{
    const struct command *cmd = d->cmd;
    *detail = NULL;
    if (cmd->role < command_least_role(cmd->kind))
        return ERR_FORBIDDEN;
    if (cmd->kind == COMMAND_DIRECTORY_IMPORT)
        return ERR_OK;
    d->n = node_find(d->c, objects[cmd->kind].kind, cmd->object);
    if (!d->n)
        return ERR_NOT_FOUND;
    if (cmd->role == ROLE_GRID && (!cmd->grid || strcmp(cmd->grid, grid_of(d->n)) != 0)) {
        *detail = "this belongs to another grid";
        return ERR_FORBIDDEN;
    }
    if (!objects[cmd->kind].versioned)
        return ERR_OK;
    if (!cmd->if_version)
        return ERR_NEED_VERSION;
    return cmd->if_version == version_of(d->n) ? ERR_OK : ERR_STALE;
}

/* --- matches --- */

static void approve(struct doing *d)
{
    struct match *m = d->n->object;
    if (!match_event(d->c, d->n, MATCH_EVENT_APPROVE)) {
        reply(d, ERR_CONFLICT, "only a match in review can be approved");
        return;
    }
    mem_replace(&m->decided_by, d->cmd->actor);
    if (d->cmd->note)
        mem_replace(&m->note, d->cmd->note);
    outbound_create(d->c, d->n, d->c->o.undo_ms);
    reply(d, ERR_OK, NULL);
}

static void reject(struct doing *d)
{
    struct core *c = d->c;
    struct match *m = d->n->object;
    if (!match_event(c, d->n, MATCH_EVENT_REJECT)) {
        reply(d, ERR_CONFLICT, "only a match in review can be rejected");
        return;
    }
    mem_replace(&m->decided_by, d->cmd->actor);
    mem_replace(&m->reject_reason, d->cmd->reason);
    struct node *request = m->request[0] ? node_find(c, OBJECT_POST, m->request) : NULL;
    if (request) /* the next candidate, if there is one */
        propose_for(c, request);
    reply(d, ERR_OK, NULL);
}

/* Until the clock has let the post go out, an approval can be taken back; later it is said. */
static void undo(struct doing *d)
{
    struct core *c = d->c;
    struct match *m = d->n->object;
    const struct node *on = m->outbound[0] ? node_find(c, OBJECT_OUTBOUND, m->outbound) : NULL;
    const struct outbound *o = on ? on->object : NULL;
    if (m->state == MATCH_APPROVED && o && o->state == OUTBOUND_WAITING &&
        match_event(c, d->n, MATCH_EVENT_UNDO)) {
        reply(d, ERR_OK, NULL);
        return;
    }
    reply(d, ERR_CONFLICT,
          m->state == MATCH_APPROVED || m->state == MATCH_POSTED
              ? "the post has gone out; it cannot be taken back any more"
              : "there is no approval to take back");
}

/* --- posts --- */

static void edit_words(struct post *p, const struct post_edit *e)
{
    if (e->has_category)
        p->category = e->category;
    if (e->has_urgency)
        p->urgency = e->urgency;
    if (e->has_mode)
        p->mode = e->mode;
    if (e->has_time) {
        p->slots.time.start_ms = e->start_ms;
        p->slots.time.end_ms = e->end_ms;
    }
    p->edited = true;
    p->confidence = 1; /* a person has read it */
}

static bool edit_place(struct doing *d, struct post *p)
{
    const char *place = d->cmd->edit.place, *chain[PLACE_KIND_N];
    if (!place || !place[0])
        return true;
    if (!node_in(d->c, OBJECT_PLACE, p->origin.community, place))
        return false;
    str_copy(p->origin.place, ID_SIZE, str_of(place));
    place_chain(d->c, p->origin.community, place, chain);
    str_copy(p->origin.grid, ID_SIZE, str_of(chain[PLACE_GRID]));
    return true;
}

static void edit_post(struct doing *d)
{
    struct core *c = d->c;
    struct post *p = d->n->object;
    const struct post_edit *e = &d->cmd->edit;
    if (post_is_final(p->state)) {
        reply(d, ERR_CONFLICT, "it has ended; only open posts are edited");
        return;
    }
    if (e->has_asked && e->asked < p->reserved + p->fulfilled - EPSILON) {
        reply(d, ERR_CONFLICT, "more than that is promised already");
        return;
    }
    if (!edit_place(d, p)) {
        reply(d, ERR_BAD_FIELD, "place: there is no such place");
        return;
    }
    tell_audit(c, "post.edit", d->n, category_code(p->category),
               category_code(e->has_category ? e->category : p->category));
    match_end_others(c, d->n, NULL, false); /* what was proposed was proposed for something else */
    if (e->has_asked)
        p->asked = e->asked;
    post_settle(p);
    edit_words(p, e);
    node_touch(c, d->n);
    if (e->has_intent && e->intent != INTENT_REQUEST && e->intent != INTENT_OFFER)
        post_close(c, d->n, POST_EVENT_WITHDRAW, NULL);
    else
        propose_for(c, d->n);
    reply(d, ERR_OK, NULL);
}

/* --- cases --- */

static void case_event_of(struct doing *d)
{
    struct core *c = d->c;
    struct case_ *k = d->n->object;
    enum case_state before = k->state;
    if (!case_apply(&k->state, d->cmd->case_event)) {
        char detail[120];
        snprintf(detail, sizeof detail, "a case that is %s knows no %s", case_state_code(before),
                 case_event_code(d->cmd->case_event));
        reply(d, ERR_CONFLICT, detail);
        return;
    }
    if (d->cmd->case_event == CASE_EVENT_RETURN)
        mem_replace(&k->return_reason, d->cmd->reason);
    if (case_is_final(k->state))
        k->closed_ms = c->now_ms;
    node_touch(c, d->n);
    tell_audit(c, "case.change", d->n, case_state_code(before), case_state_code(k->state));
    struct event *e = tell(c, EVENT_CASE_CHANGED, k->origin.community);
    e->case_id = keep(c, k->id);
    e->category = k->category;
    e->assignee = keep(c, k->assignee);
    e->state = case_state_code(k->state);
    reply(d, ERR_OK, NULL);
}

/* --- posts that no bot took --- */

static void retry(struct doing *d)
{
    struct core *c = d->c;
    struct outbound *o = d->n->object;
    struct node *m = node_find(c, OBJECT_MATCH, o->match);
    if (o->state != OUTBOUND_DEAD) {
        reply(d, ERR_CONFLICT, "it is not a dead letter");
        return;
    }
    if (!m || !match_event(c, m, MATCH_EVENT_APPROVE)) {
        reply(d, ERR_CONFLICT, "its match has ended; there is nothing to post any more");
        return;
    }
    outbound_apply(&o->state, OUTBOUND_EVENT_RETRY);
    o->attempts = 0;
    mem_replace(&o->last_error, NULL);
    node_touch(c, d->n);
    tell_audit(c, "outbound.retry", d->n, "dead", outbound_state_code(o->state));
    reply(d, ERR_OK, NULL);
}

/* --- the directory --- */

static void put_row(struct core *c, enum object_kind kind, const char *community, const char *id,
                    void **row)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, community, id);
    struct node *n = node_find(c, kind, key);
    if (n && kind == OBJECT_RESOURCE) /* what is promised stays promised */
        ((struct resource *)*row)->reserved = ((struct resource *)n->object)->reserved;
    if (n && kind == OBJECT_PARTY) {
        ((struct party *)*row)->month = ((struct party *)n->object)->month;
        ((struct party *)*row)->helped = ((struct party *)n->object)->helped;
    }
    n = node_put(c, kind, key, *row);
    *row = NULL; /* ours now */
    node_touch(c, n);
}

/* Rows that point nowhere: a directory is taken whole or not at all. */
static const char *dangling(const struct core *c, const struct directory *d, char out[160])
{
    const char *community = d->places[0]->community;
    for (int i = 0; i < d->n_groups; i++) {
        bool here = node_in(c, OBJECT_PLACE, community, d->groups[i]->place) != NULL;
        for (int k = 0; k < d->n_places && !here; k++)
            here = !strcmp(d->places[k]->id, d->groups[i]->place);
        if (here)
            continue;
        snprintf(out, 160, "/groups/%d/place: there is no place %.40s", i, d->groups[i]->place);
        return out;
    }
    for (int i = 0; i < d->n_resources; i++) {
        bool here = node_in(c, OBJECT_PARTY, community, d->resources[i]->party) != NULL;
        for (int k = 0; k < d->n_parties && !here; k++)
            here = !strcmp(d->parties[k]->id, d->resources[i]->party);
        if (here)
            continue;
        snprintf(out, 160, "/resources/%d/party: there is no party %.40s", i,
                 d->resources[i]->party);
        return out;
    }
    return NULL;
}

/* What is promised is kept: a capacity cannot be put below it. */
static const char *overpromised(const struct core *c, const struct directory *d, char out[160])
{
    for (int i = 0; i < d->n_resources; i++) {
        const struct resource *row = d->resources[i];
        const struct resource *now = resource_of(c, row->community, row->id);
        if (!now || row->capacity >= now->reserved - EPSILON)
            continue;
        snprintf(out, 160, "/resources/%d/capacity: %g are promised already", i, now->reserved);
        return out;
    }
    return NULL;
}

static void put_rows(struct core *c, const struct directory *d)
{
    for (int i = 0; i < d->n_places; i++)
        put_row(c, OBJECT_PLACE, d->places[i]->community, d->places[i]->id, (void **)&d->places[i]);
    for (int i = 0; i < d->n_groups; i++)
        put_row(c, OBJECT_GROUP, d->groups[i]->community, d->groups[i]->id, (void **)&d->groups[i]);
    for (int i = 0; i < d->n_parties; i++)
        put_row(c, OBJECT_PARTY, d->parties[i]->community, d->parties[i]->id,
                (void **)&d->parties[i]);
    for (int i = 0; i < d->n_resources; i++)
        put_row(c, OBJECT_RESOURCE, d->resources[i]->community, d->resources[i]->id,
                (void **)&d->resources[i]);
}

static void import(struct doing *d)
{
    const struct directory *rows = &d->cmd->directory;
    char detail[160];
    if (!rows->n_places) {
        reply(d, ERR_BAD_FIELD, "/places: there is none");
        return;
    }
    if (dangling(d->c, rows, detail)) {
        reply(d, ERR_BAD_FIELD, detail);
        return;
    }
    if (overpromised(d->c, rows, detail)) {
        reply(d, ERR_CONFLICT, detail);
        return;
    }
    snprintf(detail, sizeof detail, "%d places, %d groups, %d parties, %d resources",
             rows->n_places, rows->n_groups, rows->n_parties, rows->n_resources);
    put_rows(d->c, rows);
    d->n = node_in(d->c, OBJECT_PLACE, d->cmd->community, d->cmd->community);
    if (d->n)
        tell_audit(d->c, "directory.import", d->n, NULL, detail);
    tell(d->c, EVENT_DIRECTORY, d->cmd->community);
    d->n = NULL; /* the counts are the answer */
    reply(d, ERR_OK, detail);
}

void decide_command(struct core *c, const struct command *cmd)
{
    static void (*const doings[COMMAND_N])(struct doing *) = {
        [COMMAND_MATCH_APPROVE] = approve,    [COMMAND_MATCH_REJECT] = reject,
        [COMMAND_MATCH_UNDO] = undo,          [COMMAND_POST_EDIT] = edit_post,
        [COMMAND_CASE_EVENT] = case_event_of, [COMMAND_OUTBOUND_RETRY] = retry,
        [COMMAND_DIRECTORY_IMPORT] = import};
    struct doing d = {.c = c, .cmd = cmd};
    const char *detail;
    c->actor = cmd->actor;
    c->reason = cmd->reason;
    enum err e = may(&d, &detail);
    if (e) {
        if (d.n)
            tell_audit(c, "command.refused", d.n, command_code(cmd->kind), err_slug(e));
        reply(&d, e, detail);
    } else {
        doings[cmd->kind](&d);
    }
    c->fx->lasting = true; /* its id is remembered: the same command again has no second effect */
}

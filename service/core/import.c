/* Rows of the directory: a command's rows are taken whole or not at all. A row that says what is
   there already changes nothing. */
#include "sustain_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/check.h"
#include "model/column.h"

/* --- is it in order? --- */

static int by_id(const void *a, const void *b)
{
    const struct place *const *x = a, *const *y = b;
    return strcmp((*x)->id, (*y)->id);
}

/* What the community has, in the order of the ids: the same for every owner. Borrowed. */
static void *rows_of(const struct core *c, enum object_kind kind, const char *community, int *n_r)
{
    const struct place **rows = NULL; /* every struct of the directory begins as it does */
    *n_r = 0;
    for (const struct node *n = c->objects[kind]; n; n = n->hh.next) {
        const struct place *row = n->object;
        if (strcmp(row->community, community) != 0)
            continue;
        rows = mem_grow(rows, (size_t)*n_r + 1, sizeof *rows);
        rows[(*n_r)++] = row;
    }
    if (rows)
        qsort(rows, (size_t)*n_r, sizeof *rows, by_id);
    return rows;
}

struct refusal {
    bool strict, found;
    char *detail;
};

static bool is_refused(enum fault_sort sort, bool strict)
{
    return sort == FAULT_DANGLES || sort == FAULT_MERGED || sort == FAULT_TAKEN ||
           (strict && sort == FAULT);
}

static void on_fault(void *arg, const struct directory_fault *f)
{
    struct refusal *r = arg;
    if (r->found || !is_refused(f->sort, r->strict))
        return;
    r->found = true;
    snprintf(r->detail, 200, "/%s/%d/%s: %s", object_kind_code(f->kind), f->row, f->column,
             f->what);
}

static bool is_at_fault(const struct core *c, const struct command *cmd, bool strict,
                        char detail[200])
{
    struct directory known = {0};
    struct refusal r = {.strict = strict, .detail = detail};
    known.places = rows_of(c, OBJECT_PLACE, cmd->community, &known.n_places);
    known.groups = rows_of(c, OBJECT_GROUP, cmd->community, &known.n_groups);
    known.parties = rows_of(c, OBJECT_PARTY, cmd->community, &known.n_parties);
    const struct check_against against = {.known = &known, .now_ms = c->now_ms};
    directory_check(&cmd->directory, &against, on_fault, &r);
    free(known.places);
    free(known.groups);
    free(known.parties);
    return r.found;
}

/* A row of another community would lie in a shard that is not its own. */
static bool is_foreign(const struct directory *d, const char *community, char detail[200])
{
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++) {
        const struct rows r = directory_rows((struct directory *)d, (enum object_kind)kind);
        for (int i = 0; i < *r.n; i++) {
            const struct place *row = (*r.v)[i];
            if (!strcmp(row->community, community) && row->id[0])
                continue;
            snprintf(detail, 200, "/%s/%d: it is not of %.60s, or has no id",
                     object_kind_code((enum object_kind)kind), i, community);
            return true;
        }
    }
    return false;
}

/* --- what is told of a change --- */

#define TOLD_MOST 200 /* of a cell */

static void add_cell(const struct column *k, struct str cell, struct buf *out)
{
    char masked[TOLD_MOST + 1];
    buf_addf(out, "%s%s=", out->n ? ", " : "", k->name);
    if (!k->is_free) {
        buf_add_str(out, cell);
        return;
    }
    size_t n = text_mask(str_clip_utf8(cell, TOLD_MOST), masked, sizeof masked);
    buf_add(out, masked, n);
}

/* The columns in which they differ, as this one of both has them; no contact is in it. */
static const char *tell_differences(struct core *c, enum object_kind kind, const void *row,
                                    const void *other)
{
    struct buf all, cell;
    if (!row)
        return NULL;
    buf_init(&all);
    buf_init(&cell);
    for (const struct column *k = columns_of(kind); k->name; k++) {
        buf_clear(&cell);
        column_print(k, row, &cell);
        if (other ? !column_is_same(k, row, other) : cell.n > 0)
            add_cell(k, buf_str_borrow(&cell), &all);
    }
    const char *told = keep(c, buf_z_borrow(&all));
    buf_deinit(&all);
    buf_deinit(&cell);
    return told;
}

void row_changed(struct core *c, struct node *n, const char *action, const void *was)
{
    const char *before = tell_differences(c, n->kind, was, n->object);
    ((struct place *)n->object)->version++;
    node_touch(c, n);
    tell_audit(c, action, n, before, tell_differences(c, n->kind, n->object, was));
}

/* --- matches that give way --- */

void node_list_add(struct node_list *l, struct node *n)
{
    l->v = mem_grow(l->v, (size_t)l->n + 1, sizeof(struct node *));
    l->v[l->n++] = n;
}

void node_list_of(const struct core *c, enum list_kind kind, const char *community, const char *id,
                  struct node_list *l)
{
    char key[LIST_KEY_SIZE];
    list_key(key, kind, community, id);
    struct seat *seat, *first = list_first(c, key);
    DL_FOREACH(first, seat)
    node_list_add(l, seat->node);
}

void matches_give_way(struct core *c, struct node_list *l)
{
    for (int i = 0; i < l->n; i++)
        match_event(c, l->v[i], MATCH_EVENT_LAPSE);
    free(l->v);
    *l = (struct node_list){NULL, 0};
}

/* The post that names them has not gone out: a person looks at it again. */
static void take_name_back(struct core *c, struct node *n)
{
    const struct match *m = n->object;
    if (m->state == MATCH_APPROVED && outbound_waits(c, m))
        match_event(c, n, MATCH_EVENT_HOLD);
}

static int by_number(const void *a, const void *b)
{
    const struct node *const *x = a, *const *y = b;
    return id_compare((*x)->key, (*y)->key);
}

/* Questions and thanks that wait for the day: not to them, and not about them. */
static void take_notes_back(struct core *c, const char *community)
{
    struct node_list notes = {NULL, 0};
    for (struct node *n = c->objects[OBJECT_OUTBOUND]; n; n = n->hh.next) {
        const struct outbound *o = n->object;
        if (o->state == OUTBOUND_WAITING && o->kind != OUTBOUND_PROPOSAL &&
            !strcmp(o->community, community) && !outbound_is_wanted(c, o))
            node_list_add(&notes, n);
    }
    if (notes.n)
        qsort(notes.v, (size_t)notes.n, sizeof *notes.v, by_number);
    for (int i = 0; i < notes.n; i++)
        outbound_cancel(c, notes.v[i]->key);
    free(notes.v);
}

void party_quits(struct core *c, const struct node *party)
{
    const struct party *p = party->object;
    struct node_list all = {NULL, 0}, lapse = {NULL, 0};
    if (party_may_be_asked(p))
        return;
    node_list_of(c, LIST_PERSON, p->community, p->id, &all);
    for (int i = 0; i < all.n; i++) {
        const struct match *m = all.v[i]->object;
        if (all.v[i]->kind != OBJECT_MATCH || !match_pends(m))
            continue;
        if (strcmp(m->helper, p->id) != 0)
            take_name_back(c, all.v[i]);
        else if (!m->claim) /* what they have claimed themselves is their own word */
            node_list_add(&lapse, all.v[i]);
    }
    free(all.v);
    take_notes_back(c, p->community);
    matches_give_way(c, &lapse);
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
void parties_changed(struct core *c, const char *community)
{
    for (struct node *n = c->objects[OBJECT_PARTY]; n; n = n->hh.next)
        aliases_drop(n);
    for (struct node *n = c->objects[OBJECT_PARTY]; n; n = n->hh.next)
        aliases_put(c, n);
    index_again(c, community);
}

/* A resource whose id there was before has its ended matches again, as it has after loading. */
static void link_fresh(struct core *c, bool any)
{
    for (struct node *n = any ? c->objects[OBJECT_MATCH] : NULL; n; n = n->hh.next) {
        const struct match *m = n->object;
        struct node *r =
            m->resource[0] ? node_in(c, OBJECT_RESOURCE, m->community, m->resource) : NULL;
        if (r && r->fresh)
            node_link(r, n);
    }
    for (struct node *n = any ? c->objects[OBJECT_RESOURCE] : NULL; n; n = n->hh.next)
        n->fresh = false;
}

/* --- putting --- */

/* What the community has counted and promised stays as it is, whatever the row says. */
static void keep_counts(enum object_kind kind, void *row, const void *was, bool by_hand)
{
    const struct party *p = was;
    const struct resource *r = was;
    if (kind == OBJECT_RESOURCE)
        ((struct resource *)row)->reserved = r ? r->reserved : 0;
    if (kind == OBJECT_RESOURCE && r && column_is_same(column_find(kind, "expires"), row, r))
        ((struct resource *)row)->expires_ms = r->expires_ms; /* a day says no hour */
    if (kind != OBJECT_PARTY)
        return;
    ((struct party *)row)->provenance = p && !party_is_seen(p) ? p->provenance
                                        : by_hand              ? PROVENANCE_REGISTERED
                                                               : PROVENANCE_IMPORTED;
    ((struct party *)row)->seen_ms = 0;
    ((struct party *)row)->asked_ms = p ? p->asked_ms : 0;
    ((struct party *)row)->month = p ? p->month : 0;
    ((struct party *)row)->helped = p ? p->helped : 0;
    past_deinit(&((struct party *)row)->outcomes);
    if (p)
        past_add_all(&((struct party *)row)->outcomes, &p->outcomes);
    for (int i = 0; p && i < p->heard_in.n; i++)
        strs_add(&((struct party *)row)->heard_in, str_of(p->heard_in.v[i]));
    ((struct party *)row)->merged_into[0] = 0;
}

/* Who was merely seen is somebody's word from now on; an export that is read again is nobody's. */
static bool says_nothing(enum object_kind kind, const void *was, const void *row, bool by_hand)
{
    return rows_are_same(kind, was, row) &&
           !(by_hand && kind == OBJECT_PARTY && party_is_seen(was));
}

/* The node when something has changed; the row is ours then, else the caller's. By hand: one by
   one, and each is told in the audit. */
static struct node *put_row(struct core *c, enum object_kind kind, void **slot, bool by_hand)
{
    struct place *row = *slot; /* every struct of the directory begins as it does */
    struct node *n = node_in(c, kind, row->community, row->id);
    void *was = n ? n->object : NULL;
    char key[OBJECT_KEY_SIZE];
    if (was && says_nothing(kind, was, row, by_hand))
        return NULL;
    keep_counts(kind, row, was, by_hand);
    if (kind == OBJECT_RESOURCE)
        renewal_put(c, *slot, n);
    row->version = was ? ((struct place *)was)->version : 0;
    if (n) { /* the old one is kept until it is told what it was */
        aliases_drop(n);
        n->object = row;
    }
    object_key(key, row->community, row->id);
    n = node_put(c, kind, key, row);
    n->fresh = kind == OBJECT_RESOURCE && !was;
    *slot = NULL;
    if (was || by_hand) {
        row_changed(c, n, "directory.put", was);
    } else {
        row->version++;
        node_touch(c, n);
    }
    if (was)
        object_free(kind, &was);
    return n;
}

static void put_list(struct core *c, const struct command *cmd, enum object_kind kind,
                     struct node_list *put)
{
    const struct rows r = directory_rows((struct directory *)&cmd->directory, kind);
    for (int i = 0; i < *r.n; i++) {
        struct node *one = put_row(c, kind, &(*r.v)[i], cmd->kind != COMMAND_DIRECTORY_IMPORT);
        if (one)
            node_list_add(put, one);
    }
}

/* What is under way has as much time left as before. */
static void put_holidays(struct core *c, const struct command *cmd)
{
    struct node_list put = {NULL, 0};
    if (!cmd->directory.n_holidays)
        return;
    struct clock_stop *stopped = calendar_stop(c, cmd->community);
    put_list(c, cmd, OBJECT_HOLIDAY, &put);
    calendar_go_on(c, cmd->community, stopped);
    free(put.v);
}

/* Who has something to offer for good is known by whoever says so. */
static void vouch_for_owners(struct core *c, const struct command *cmd)
{
    bool by_hand = cmd->kind != COMMAND_DIRECTORY_IMPORT;
    for (int i = 0; i < cmd->directory.n_resources; i++) {
        const struct resource *r = cmd->directory.resources[i];
        struct node *n = node_in(c, OBJECT_PARTY, r->community, r->party);
        if (n)
            seen_vouch(c, n, by_hand ? PROVENANCE_REGISTERED : PROVENANCE_IMPORTED);
    }
}

static void put_all(struct core *c, const struct command *cmd, struct takings *taken)
{
    put_holidays(c, cmd);
    struct node_list places = {NULL, 0}, groups = {NULL, 0}, parties = {NULL, 0},
                     resources = {NULL, 0};
    put_list(c, cmd, OBJECT_PLACE, &places);
    put_list(c, cmd, OBJECT_GROUP, &groups);
    put_list(c, cmd, OBJECT_PARTY, &parties);
    takings_do(c, cmd->community, taken);
    vouch_for_owners(c, cmd);
    if (parties.n)
        parties_changed(c, cmd->community);
    else if (places.n)
        index_again(c, cmd->community);
    put_list(c, cmd, OBJECT_RESOURCE, &resources);
    link_fresh(c, resources.n > 0);
    for (int i = 0; i < parties.n; i++)
        party_quits(c, parties.v[i]);
    for (int i = 0; i < resources.n; i++)
        fit_promises(c, resources.v[i]);
    free(places.v);
    free(groups.v);
    free(parties.v);
    free(resources.v);
}

bool import_rows(struct core *c, const struct command *cmd, bool strict, char detail[200])
{
    const struct directory *d = &cmd->directory;
    struct takings taken;
    if (!d->n_places && !d->n_groups && !d->n_parties && !d->n_resources && !d->n_holidays) {
        snprintf(detail, 200, "/places: there is no row at all");
        return false;
    }
    if (is_foreign(d, cmd->community, detail))
        return false;
    if (cmd->kind == COMMAND_DIRECTORY_IMPORT)
        merged_leave_out(c, cmd->community, (struct directory *)d);
    if (is_at_fault(c, cmd, strict, detail))
        return false;
    takings_find(c, d, &taken);
    if (!takings_may(c, &taken, detail)) {
        free(taken.v);
        return false;
    }
    snprintf(detail, 200, "%d places, %d groups, %d parties, %d resources, %d holidays",
             d->n_places, d->n_groups, d->n_parties, d->n_resources, d->n_holidays);
    put_all(c, cmd, &taken);
    return true;
}

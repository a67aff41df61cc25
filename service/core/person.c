/* Who is who: a sender whom nobody has registered becomes a party, and two parties who are one
   person become one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command_priv.h"

#define WITH_THEMSELVES "an open match would be one with themselves"
#define AS_IT_IS "*" /* in a row to register: a new id, the place of the group */

/* --- who is meant --- */

struct sender {
    const char *id, *name, *group; /* name may be NULL */
};

static bool of_post(const struct command *cmd, const struct post *p, struct sender *s)
{
    *s = (struct sender){p->origin.sender, p->origin.sender_name, p->origin.group};
    return !strcmp(p->origin.community, cmd->community) && s->id;
}

/* Of a match: who has claimed it in the chat. */
static bool sender_meant(const struct core *c, const struct command *cmd, struct sender *s)
{
    const struct node *n = node_find(c, OBJECT_POST, cmd->object);
    if (n)
        return of_post(cmd, n->object, s);
    n = node_find(c, OBJECT_MATCH, cmd->object);
    const struct match *m = n ? n->object : NULL;
    const struct post *p = m ? post_of(c, m->request[0] ? m->request : m->offer) : NULL;
    if (!m || !m->claimant || !p || strcmp(m->community, cmd->community) != 0)
        return false;
    *s = (struct sender){m->claimant, NULL, p->origin.group};
    return true;
}

struct node *party_at(const struct core *c, const char *community, const char *id)
{
    struct node *n = id && id[0] ? node_in(c, OBJECT_PARTY, community, id) : NULL;
    const struct party *p = n ? n->object : NULL;
    return p && p->merged_into[0] ? node_in(c, OBJECT_PARTY, community, p->merged_into) : n;
}

/* --- a sender becomes a party --- */

/* A standing match of both: as one person they would be matched with themselves. */
static bool would_meet(const struct node_list *standing, const char *party)
{
    for (int i = 0; i < standing->n; i++) {
        const struct match *m = standing->v[i]->object;
        if (standing->v[i]->kind == OBJECT_MATCH && match_holds(m->state) &&
            (!strcmp(m->helper, party) || !strcmp(m->helped, party)))
            return true;
    }
    return false;
}

static bool is_of_month(const struct core *c, const struct match *m)
{
    struct civil now = civil_of_ms(c->now_ms, c->o.zone_min);
    struct civil then = civil_of_ms(m->decided_ms, c->o.zone_min);
    return m->state == MATCH_AGREED && now.year == then.year && now.month == then.month;
}

static void count_helped(const struct core *c, struct party *p, int more)
{
    p->helped = (p->month == month_of(c) ? p->helped : 0) + more;
    p->month = month_of(c);
}

/* One end of a match that nobody registered has: theirs, when it sits in their list. */
static bool is_theirs(const struct node *n, int seat, const char *party, const char *key)
{
    return !party[0] && n->seats[seat].list && !strcmp(n->seats[seat].list->key, key);
}

static void adopt_match(struct core *c, struct node *n, struct party *p, const char *key)
{
    struct match *m = n->object;
    bool helper = is_theirs(n, 0, m->helper, key), helped = is_theirs(n, 1, m->helped, key);
    if (helper)
        str_copy(m->helper, ID_SIZE, str_of(p->id));
    if (helped)
        str_copy(m->helped, ID_SIZE, str_of(p->id));
    if (helper && is_of_month(c, m))
        count_helped(c, p, 1);
}

static void adopt_cases(struct core *c, const struct party *p, const char *sender)
{
    struct node_list cases = {NULL, 0};
    node_list_of(c, LIST_CASES, p->community, "", &cases);
    for (int i = 0; i < cases.n; i++) {
        struct case_ *k = cases.v[i]->object;
        if (k->origin.party[0] || !k->origin.sender || strcmp(k->origin.sender, sender) != 0)
            continue;
        str_copy(k->origin.party, ID_SIZE, str_of(p->id));
        node_touch(c, cases.v[i]);
    }
    free(cases.v);
}

/* What they have open and what stands between them and others. */
void party_adopt(struct core *c, struct party *p, const char *sender)
{
    char key[LIST_KEY_SIZE];
    struct node_list own = {NULL, 0};
    list_key(key, LIST_SENDER, p->community, sender);
    node_list_of(c, LIST_SENDER, p->community, sender, &own);
    for (int i = 0; i < own.n; i++) {
        if (own.v[i]->kind == OBJECT_MATCH)
            adopt_match(c, own.v[i], p, key);
        else
            str_copy(((struct post *)own.v[i]->object)->origin.party, ID_SIZE, str_of(p->id));
        node_touch(c, own.v[i]);
    }
    free(own.v);
    adopt_cases(c, p, sender);
}

/* Who was seen is completed, and stays under the id that they have. */
static bool completes(struct party *row, const struct party *seen)
{
    if (!seen || (strcmp(row->id, AS_IT_IS) != 0 && strcmp(row->id, seen->id) != 0))
        return false;
    str_copy(row->id, ID_SIZE, str_of(seen->id));
    if (!row->name || !row->name[0])
        mem_replace(&row->name, seen->name);
    for (int i = 0; i < seen->external_ids.n; i++)
        strs_add(&row->external_ids, str_of(seen->external_ids.v[i]));
    return true;
}

/* What the row leaves open is as the chat has it. */
static bool fill_row(struct core *c, const struct sender *s, const struct party *seen,
                     struct party *row)
{
    const struct node *gn = node_in(c, OBJECT_GROUP, row->community, s->group);
    if (!strcmp(row->place, AS_IT_IS) && !gn)
        return false;
    if (!strcmp(row->place, AS_IT_IS))
        str_copy(row->place, ID_SIZE, str_of(((const struct group *)gn->object)->place));
    if (!row->name || !row->name[0])
        mem_replace(&row->name, s->name);
    if (completes(row, seen))
        return true;
    if (!strcmp(row->id, AS_IT_IS) || node_in(c, OBJECT_PARTY, row->community, row->id))
        new_party_id(c, row->community, row->id);
    strs_add(&row->external_ids, str_of(s->id));
    return true;
}

static struct node *make_party(struct doing *d, const struct sender *s, const struct party *seen,
                               char detail[200])
{
    struct core *c = d->c;
    struct party *row = d->cmd->directory.parties[0];
    char id[ID_SIZE];
    if (!fill_row(c, s, seen, row)) {
        snprintf(detail, 200, "/place: the group is not registered any more; say which");
        return NULL;
    }
    str_copy(id, ID_SIZE, str_of(row->id));
    return import_rows(c, d->cmd, true, detail) ? node_in(c, OBJECT_PARTY, d->cmd->community, id)
                                                : NULL;
}

static void add_sender(struct core *c, struct node *n, const char *sender)
{
    struct party *p = n->object, was = *p;
    was.external_ids = (struct strs){NULL, 0};
    for (int i = 0; i < p->external_ids.n; i++)
        strs_add(&was.external_ids, str_of(p->external_ids.v[i]));
    strs_add(&p->external_ids, str_of(sender));
    row_changed(c, n, "directory.put", &was);
    parties_changed(c, p->community);
    strs_deinit(&was.external_ids);
}

static bool persons_would_meet(const struct core *c, const char *community, const char *party,
                               enum list_kind kind, const char *id)
{
    struct node_list own = {NULL, 0};
    node_list_of(c, kind, community, id, &own);
    bool meet = would_meet(&own, party);
    free(own.v);
    return meet;
}

static const char *cannot_register(const struct core *c, const struct sender *s,
                                   const struct party *known, const struct party *to)
{
    if (known && !party_is_seen(known))
        return "this sender is a party already";
    if (!to || to == known)
        return NULL;
    bool meet = persons_would_meet(c, to->community, to->id, LIST_SENDER, s->id) ||
                (known && persons_would_meet(c, to->community, to->id, LIST_PERSON, known->id));
    return meet ? WITH_THEMSELVES : NULL;
}

/* A person let it out, it has not gone out yet, and as somebody else they were asked today. */
static bool is_one_too_many(const struct core *c, const struct match *m)
{
    return m->state == MATCH_APPROVED && !match_keeps_asked(m) && helper_asked_otherwise(c, m);
}

/* As one person they are asked no more than one may be: what nobody has been told of is chosen
   anew. */
static void choose_anew(struct core *c, const struct node *party)
{
    const struct party *p = party->object;
    struct node_list own = {NULL, 0};
    node_list_of(c, LIST_PERSON, p->community, p->id, &own);
    for (int i = 0; i < own.n; i++) {
        const struct match *m = own.v[i]->object;
        struct node *offer = own.v[i]->kind == OBJECT_MATCH ? match_offer(c, m) : NULL;
        if (!offer || !match_pends(m) || strcmp(m->helper, p->id) != 0)
            continue;
        if (is_one_too_many(c, m))
            match_event(c, own.v[i], MATCH_EVENT_LAPSE);
        assign_later(c, offer);
    }
    free(own.v);
}

/* --- two parties become one --- */

static void move_strs(struct strs *to, struct strs *from)
{
    for (int i = 0; i < from->n; i++)
        if (!strs_has(to, str_of(from->v[i])))
            strs_add(to, str_of(from->v[i]));
    strs_deinit(from);
}

/* The stricter of two limits; -1 is none. */
static int less_of(int a, int b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* What was only guessed of somebody gives way to what people say of them. */
static void take_said(struct party *to, const struct party *from)
{
    if (!party_is_seen(to) || party_is_seen(from))
        return;
    to->kind = from->kind;
    to->provenance = from->provenance;
    to->seen_ms = 0;
    if (from->place[0])
        str_copy(to->place, ID_SIZE, str_of(from->place));
    if (from->name && from->name[0])
        mem_replace(&to->name, from->name);
}

/* Of two wishes the one that asks for more quiet counts. */
static void join_rows(struct party *to, struct party *from)
{
    take_said(to, from);
    if (party_is_seen(to) && from->seen_ms > to->seen_ms)
        to->seen_ms = from->seen_ms;
    if (from->asked_ms > to->asked_ms)
        to->asked_ms = from->asked_ms;
    int month = from->month > to->month ? from->month : to->month;
    int helped = (to->month == month ? to->helped : 0) + (from->month == month ? from->helped : 0);
    to->month = month;
    to->helped = helped;
    to->monthly_limit = less_of(to->monthly_limit, from->monthly_limit);
    to->do_not_contact |= from->do_not_contact;
    if (!to->consent[0] || !strcmp(from->consent, "no"))
        str_copy(to->consent, sizeof to->consent, str_of(from->consent));
    if (!to->availability.n)
        to->availability = from->availability;
    if (!to->place[0])
        str_copy(to->place, ID_SIZE, str_of(from->place));
    if (!to->name || !to->name[0])
        mem_replace(&to->name, from->name);
    move_strs(&to->external_ids, &from->external_ids);
    move_strs(&to->roles, &from->roles);
    move_strs(&to->tags, &from->tags);
    move_strs(&to->heard_in, &from->heard_in);
    past_add_all(&to->outcomes, &from->outcomes);
    past_deinit(&from->outcomes);
    from->month = from->helped = 0;
    str_copy(from->merged_into, ID_SIZE, str_of(to->id));
}

/* --- under which id somebody goes from now on --- */

static int by_from(const void *a, const void *b)
{
    const struct taking *x = a, *y = b;
    return strcmp(x->from->key, y->from->key);
}

/* In the order of the ids that go. */
static const char *goes_to(const struct takings *t, const char *id)
{
    int low = 0, high = t->n;
    while (low < high) {
        int middle = (low + high) / 2;
        int order = strcmp(((const struct party *)t->v[middle].from->object)->id, id);
        if (!order)
            return t->v[middle].to;
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}

static bool rename_id(char id[ID_SIZE], const struct takings *t)
{
    const char *to = id[0] ? goes_to(t, id) : NULL;
    if (to)
        str_copy(id, ID_SIZE, str_of(to));
    return to != NULL;
}

/* The ledger of the time that they gave. */
static bool rename_rows(struct tally *t, const struct takings *taken)
{
    bool any = false;
    for (int i = 0; i < t->n_rows; i++) {
        const struct tally_row row = t->rows[i];
        const char *name = tally_row_name(t, &t->rows[i]);
        const char *to = row.list == TALLY_HELP ? goes_to(taken, name) : NULL;
        char from[ID_SIZE];
        if (!to)
            continue;
        str_copy(from, ID_SIZE, str_of(name));
        for (int k = 0; k < TALLY_COLUMNS; k++) {
            tally_add_row(t, TALLY_HELP, to, k, row.v[k]);
            tally_add_row(t, TALLY_HELP, from, k, -row.v[k]);
        }
        any = true;
        i = -1; /* the rows stand elsewhere now */
    }
    return any;
}

static bool go_over(struct node *n, const char *community, const struct takings *t)
{
    struct post *p = n->object;
    struct match *m = n->object;
    struct case_ *k = n->object;
    struct resource *r = n->object;
    struct party *other = n->object;
    struct habit *h = n->object;
    struct advice *a = n->object;
    switch (n->kind) {
    case OBJECT_POST:
        return !strcmp(p->origin.community, community) && rename_id(p->origin.party, t);
    case OBJECT_MATCH:
        return !strcmp(m->community, community) &&
               (int)rename_id(m->helper, t) + (int)rename_id(m->helped, t) > 0;
    case OBJECT_CASE:
        return !strcmp(k->origin.community, community) &&
               (int)rename_id(k->origin.party, t) + (int)rename_id(k->assignee, t) > 0;
    case OBJECT_RESOURCE:
        return !strcmp(r->community, community) && rename_id(r->party, t);
    case OBJECT_HABIT:
        return !strcmp(h->community, community) && rename_id(h->party, t);
    case OBJECT_ADVICE:
        return !strcmp(a->community, community) && rename_id(a->party, t);
    case OBJECT_PARTY: /* an id that led to the one leads to the other */
        return !strcmp(other->community, community) && rename_id(other->merged_into, t);
    case OBJECT_TALLY:
        return !strcmp(((struct tally *)n->object)->community, community) &&
               rename_rows(n->object, t);
    default:
        return false;
    }
}

/* Ended ones, too: they are the history of one person. */
static void all_go_over(struct core *c, const char *community, const struct takings *t)
{
    static const enum object_kind kinds[] = {OBJECT_PARTY,  OBJECT_RESOURCE, OBJECT_POST,
                                             OBJECT_MATCH,  OBJECT_CASE,     OBJECT_HABIT,
                                             OBJECT_ADVICE, OBJECT_TALLY};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (struct node *n = c->objects[kinds[i]]; n; n = n->hh.next) {
            if (!go_over(n, community, t))
                continue;
            if (n->kind < DIRECTORY_KINDS)
                ((struct place *)n->object)->version++;
            node_touch(c, n);
        }
}

/* An id that people may have written down still leads to them; one that was merely seen does not.
 */
static void unite(struct core *c, struct node *from, struct node *to)
{
    struct party *a = from->object, *b = to->object;
    bool seen = party_is_seen(a);
    rollcall_merge(c, b->community, a->id, b->id);
    join_rows(b, a);
    a->version++;
    b->version++;
    node_touch(c, from);
    node_touch(c, to);
    tell_audit(c, "party.merge", from, a->id, b->id);
    if (seen)
        node_drop(c, from);
}

void takings_do(struct core *c, const char *community, struct takings *t)
{
    struct node_list to = {NULL, 0};
    if (t->n)
        qsort(t->v, (size_t)t->n, sizeof *t->v, by_from);
    all_go_over(c, community, t);
    for (int i = 0; i < t->n; i++) {
        node_list_add(&to, node_in(c, OBJECT_PARTY, community, t->v[i].to));
        unite(c, t->v[i].from, to.v[i]);
    }
    if (t->n)
        parties_changed(c, community);
    for (int i = 0; i < to.n; i++) {
        party_quits(c, to.v[i]);
        choose_anew(c, to.v[i]);
    }
    free(to.v);
    free(t->v);
    *t = (struct takings){NULL, 0};
}

static void takings_add(struct takings *t, struct node *from, const char *to, int row)
{
    for (int i = 0; i < t->n; i++)
        if (t->v[i].from == from && !strcmp(t->v[i].to, to))
            return;
    t->v = mem_grow(t->v, (size_t)t->n + 1, sizeof *t->v);
    t->v[t->n] = (struct taking){.from = from, .row = row};
    str_copy(t->v[t->n++].to, ID_SIZE, str_of(to));
}

static void merge(struct core *c, struct node *from, struct node *to)
{
    struct takings one = {NULL, 0};
    char community[ID_SIZE];
    str_copy(community, ID_SIZE, str_of(((const struct party *)to->object)->community));
    takings_add(&one, from, ((const struct party *)to->object)->id, 0);
    takings_do(c, community, &one);
    tell(c, EVENT_DIRECTORY, community);
}

/* --- rows that say who was seen --- */

void takings_find(const struct core *c, const struct directory *d, struct takings *t)
{
    *t = (struct takings){NULL, 0};
    for (int i = 0; i < d->n_parties; i++) {
        const struct party *row = d->parties[i];
        for (int k = 0; k < row->external_ids.n; k++) {
            const struct party *p = party_of_sender(c, row->community, row->external_ids.v[k]);
            if (party_is_seen(p) && strcmp(p->id, row->id) != 0)
                takings_add(t, node_in(c, OBJECT_PARTY, p->community, p->id), row->id, i);
        }
    }
}

/* The other one in a standing match of theirs is, or becomes, the same. */
static bool meets(const struct core *c, const struct takings *t, const struct taking *one)
{
    const struct party *p = one->from->object;
    bool meet = persons_would_meet(c, p->community, one->to, LIST_PERSON, p->id);
    for (int i = 0; i < t->n && !meet; i++)
        if (t->v + i != one && !strcmp(t->v[i].to, one->to))
            meet = persons_would_meet(c, p->community,
                                      ((const struct party *)t->v[i].from->object)->id, LIST_PERSON,
                                      p->id);
    return meet;
}

static const char *why_not(const struct core *c, const struct takings *t, const struct taking *one)
{
    for (const struct taking *other = t->v; other < one; other++)
        if (other->from == one->from)
            return "another row has a sender of the same person";
    return meets(c, t, one) ? WITH_THEMSELVES : NULL;
}

bool takings_may(const struct core *c, const struct takings *t, char detail[200])
{
    for (int i = 0; i < t->n; i++) {
        const char *why = why_not(c, t, &t->v[i]);
        if (!why)
            continue;
        snprintf(detail, 200, "/parties/%d/external_ids: %s", t->v[i].row, why);
        return false;
    }
    return true;
}

static const char *cannot_merge(const struct core *c, const struct node *from,
                                const struct node *to)
{
    const struct party *a = from->object, *b = to->object;
    if (a->merged_into[0])
        return "it was merged before";
    if (from == to)
        return "it is the same party";
    if (a->kind != b->kind && !party_is_seen(a) && !party_is_seen(b))
        return "they are of two kinds: a person and a unit are not one";
    return persons_would_meet(c, a->community, b->id, LIST_PERSON, a->id) ? WITH_THEMSELVES : NULL;
}

/* --- the commands --- */

/* The party that they are from now on; NULL: `detail` says why there is none. */
static struct node *take_sender(struct doing *d, const struct sender *s, const struct party *seen,
                                struct node *to, char detail[200])
{
    struct core *c = d->c;
    if (!to || to->object == seen)
        return make_party(d, s, seen, detail);
    if (seen)
        merge(c, node_in(c, OBJECT_PARTY, seen->community, seen->id), to);
    else
        add_sender(c, to, s->id);
    return to;
}

void party_register(struct doing *d)
{
    struct core *c = d->c;
    const struct command *cmd = d->cmd;
    struct sender s;
    char detail[200];
    if (cmd->directory.n_parties != 1 || !sender_meant(c, cmd, &s)) {
        command_reply(d, ERR_NOT_FOUND, "no sender of a post or of a claim is meant by that");
        return;
    }
    const struct party *known = party_of_sender(c, cmd->community, s.id);
    struct node *to = party_at(c, cmd->community, cmd->directory.parties[0]->id);
    const char *why = cannot_register(c, &s, known, to ? to->object : NULL);
    if (why) {
        command_reply(d, ERR_CONFLICT, why);
        return;
    }
    d->n = take_sender(d, &s, known, to, detail);
    if (!d->n) {
        command_reply(d, ERR_BAD_FIELD, detail);
        return;
    }
    seen_vouch(c, d->n, PROVENANCE_REGISTERED);
    party_adopt(c, d->n->object, s.id);
    node_touch(c, d->n); /* what it has helped this month */
    party_quits(c, d->n);
    choose_anew(c, d->n);
    tell_audit(c, "party.register", d->n, NULL, cmd->object);
    tell(c, EVENT_DIRECTORY, cmd->community);
    command_reply(d, ERR_OK, NULL);
}

void party_merge(struct doing *d)
{
    const struct command *cmd = d->cmd;
    struct node *from = node_in(d->c, OBJECT_PARTY, cmd->community, cmd->object);
    struct node *to = party_at(d->c, cmd->community, cmd->into);
    if (!from || !to) {
        command_reply(d, from ? ERR_BAD_FIELD : ERR_NOT_FOUND,
                      from ? "/into: there is no such party" : NULL);
        return;
    }
    d->n = from;
    if (!cmd->if_version || cmd->if_version != ((struct party *)from->object)->version) {
        command_reply(d, cmd->if_version ? ERR_STALE : ERR_NEED_VERSION, NULL);
        return;
    }
    const char *why = cannot_merge(d->c, from, to);
    if (!why) {
        merge(d->c, from, to);
        d->n = to;
    }
    command_reply(d, why ? ERR_CONFLICT : ERR_OK, why);
}

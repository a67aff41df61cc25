/* A person is erased: who they are, how they are reached, what they wrote. What happened stays,
   because others took part in it, under a name that leads to nobody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command_priv.h"

#define ERASED "（已删除）" /* in the place of a text: an object without one is broken */

struct person {
    struct core *c;
    const char *community;
    char party[ID_SIZE];     /* or "": nobody has registered them */
    struct strs senders;     /* all their accounts */
    char nobody[ID_SIZE];    /* what stands for them from now on */
    struct node_list theirs; /* in the order of kinds and ids */
    int n[OBJECT_KIND_N], lines;
};

/* --- what is theirs --- */

static bool is_party(const struct person *x, const char *party)
{
    return x->party[0] && !strcmp(party, x->party);
}

static bool is_sender(const struct person *x, const char *sender)
{
    return sender && strs_has(&x->senders, str_of(sender));
}

static bool is_origin(const struct person *x, const struct origin *o)
{
    return !strcmp(o->community, x->community) &&
           (is_party(x, o->party) || is_sender(x, o->sender));
}

static bool wrote(const struct person *x, const char *post)
{
    const struct post *p = post_of(x->c, post);
    return p && is_origin(x, &p->origin);
}

static bool is_match(const struct person *x, const struct match *m)
{
    return !strcmp(m->community, x->community) &&
           (is_party(x, m->helper) || is_party(x, m->helped) || is_sender(x, m->claimant) ||
            wrote(x, m->request) || wrote(x, m->offer));
}

static bool has_reported(const struct person *x, const struct case_ *k)
{
    for (int i = 0; i < k->reported_by.n; i++)
        if (is_sender(x, k->reported_by.v[i]))
            return true;
    return is_origin(x, &k->origin);
}

/* An adviser's names no sender: the message is theirs as long as its line is kept. */
static bool is_advice(const struct person *x, const struct advice *a)
{
    const struct talk *line = NULL;
    if (strcmp(a->community, x->community) != 0 || a->kind == ADVICE_RENEWAL)
        return false; /* of a resource, with which it goes */
    if (a->kind == ADVICE_MESSAGE)
        line = talk_line(conversation_of(x->c, a->community, a->group), a->message);
    return is_party(x, a->party) || is_sender(x, a->sender) || (line && is_sender(x, line->sender));
}

static bool is_theirs(const struct person *x, const struct node *n)
{
    const struct habit *h = n->object;
    const struct visit *v = n->object;
    const struct outbound *o = n->object;
    const struct alert *a = n->object;
    const struct node *m;
    switch (n->kind) {
    case OBJECT_POST:
        return is_origin(x, &((const struct post *)n->object)->origin);
    case OBJECT_MATCH:
        return is_match(x, n->object);
    case OBJECT_CASE:
        return !strcmp(((const struct case_ *)n->object)->origin.community, x->community) &&
               (has_reported(x, n->object) ||
                is_party(x, ((const struct case_ *)n->object)->assignee));
    case OBJECT_OUTBOUND:
        m = o->match[0] ? node_find(x->c, OBJECT_MATCH, o->match) : NULL;
        return m && is_match(x, m->object);
    case OBJECT_ADVICE:
        return is_advice(x, n->object);
    case OBJECT_HABIT:
        return !strcmp(h->community, x->community) &&
               (is_party(x, h->party) || is_sender(x, h->sender));
    case OBJECT_VISIT:
        return !strcmp(v->community, x->community) &&
               (is_party(x, v->party) || is_party(x, v->officer));
    case OBJECT_ALERT:
        return !strcmp(a->community, x->community) && is_party(x, a->assignee);
    default:
        return false;
    }
}

static int by_kind_and_id(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;
    return x->kind != y->kind ? (int)x->kind - (int)y->kind : id_compare(x->key, y->key);
}

static void gather(struct person *x)
{
    for (int kind = DIRECTORY_KINDS; kind < OBJECT_KIND_N; kind++)
        for (struct node *n = x->c->objects[kind]; n; n = n->hh.next)
            if (is_theirs(x, n)) {
                node_list_add(&x->theirs, n);
                x->n[kind]++;
            }
    if (x->theirs.n)
        qsort(x->theirs.v, (size_t)x->theirs.n, sizeof *x->theirs.v, by_kind_and_id);
}

/* --- what stands ends --- */

static void end_all(struct person *x)
{
    for (int i = 0; i < x->theirs.n; i++) {
        struct node *n = x->theirs.v[i];
        if (n->kind == OBJECT_MATCH && match_holds(match_of_node(n)->state))
            match_event(x->c, n, MATCH_EVENT_LAPSE);
    }
    for (int i = 0; i < x->theirs.n; i++)
        if (x->theirs.v[i]->kind == OBJECT_POST)
            post_close(x->c, x->theirs.v[i], POST_EVENT_WITHDRAW, NULL);
}

/* --- who it was --- */

static void forget_label(struct core *c, const char *community, const char *group,
                         const char *message)
{
    struct unlabel *u = effects_unlabel(c->fx);
    u->community = keep(c, community);
    u->group = keep(c, group);
    u->message = keep(c, message);
}

static void blank_party(const struct person *x, char party[ID_SIZE])
{
    if (is_party(x, party))
        party[0] = 0;
}

static void blank_origin(const struct person *x, struct origin *o)
{
    forget_label(x->c, o->community, o->group, o->message);
    o->party[0] = 0;
    mem_replace(&o->sender, x->nobody);
    mem_replace(&o->sender_name, NULL);
}

static void blank_post(const struct person *x, struct post *p)
{
    blank_origin(x, &p->origin);
    mem_replace(&p->text, ERASED);
    p->slots = (struct slots){.n_items = 0};
    for (int i = 0; i < p->repeats.n; i++)
        forget_label(x->c, p->origin.community, p->origin.group, p->repeats.v[i]);
}

static void blank_match(const struct person *x, struct match *m)
{
    blank_party(x, m->helper);
    blank_party(x, m->helped);
    if (is_sender(x, m->claimant))
        mem_replace(&m->claimant, x->nobody);
    mem_replace(&m->note, NULL);
}

/* A fault is there whoever told of it: the case goes on. */
static void blank_case(const struct person *x, struct case_ *k)
{
    if (is_origin(x, &k->origin)) {
        blank_origin(x, &k->origin);
        mem_replace(&k->text, ERASED);
    }
    blank_party(x, k->assignee);
    for (int i = 0; i < k->reported_by.n; i++)
        if (is_sender(x, k->reported_by.v[i]))
            mem_replace(&k->reported_by.v[i], x->nobody);
}

static void blank_visit(const struct person *x, struct node *n)
{
    struct visit *v = n->object;
    if (is_party(x, v->party)) {
        node_drop(x->c, n);
        return;
    }
    v->officer[0] = 0;
    node_touch(x->c, n);
}

/* What is on its way to a group is not changed any more: a bot may have it already. What waits, or
   is dead and might be sent again, is taken back, and so is a contact, whosever it is. */
static void blank_outbound(const struct person *x, struct node *n)
{
    struct outbound *o = n->object;
    if (o->state != OUTBOUND_SENDING || o->to)
        outbound_withdraw(x->c, o->id);
    if (!outbound_is_final(o->state))
        return;
    mem_replace(&o->text, ERASED);
    strs_deinit(&o->contacts);
    if (is_sender(x, o->to))
        mem_replace(&o->to, x->nobody);
    node_touch(x->c, n);
}

static bool is_of_erased(const struct core *c, const char *post)
{
    const struct post *p = post[0] ? post_of(c, post) : NULL;
    return p && !strcmp(p->text, ERASED);
}

/* What was on its way when somebody was erased is forgotten once it has arrived, or has not. */
void erase_arrived(struct core *c, struct node *n)
{
    struct outbound *o = n->object;
    const struct node *found = o->match[0] ? node_find(c, OBJECT_MATCH, o->match) : NULL;
    const struct match *m = found ? found->object : NULL;
    if (!m || (!is_of_erased(c, m->request) && !is_of_erased(c, m->offer)))
        return;
    if (o->state == OUTBOUND_DEAD)
        outbound_withdraw(c, o->id); /* which comes here again */
    else
        mem_replace(&o->text, ERASED);
}

static void blank(const struct person *x, struct node *n)
{
    switch (n->kind) {
    case OBJECT_POST:
        reveal_forget(x->c, n);
        blank_post(x, n->object);
        break;
    case OBJECT_MATCH:
        blank_match(x, n->object);
        break;
    case OBJECT_CASE:
        blank_case(x, n->object);
        break;
    case OBJECT_ALERT:
        blank_party(x, ((struct alert *)n->object)->assignee);
        break;
    case OBJECT_OUTBOUND:
        blank_outbound(x, n);
        return;
    case OBJECT_VISIT:
        blank_visit(x, n);
        return;
    default: /* advice, habits: they are about this person alone */
        node_drop(x->c, n);
        return;
    }
    node_touch(x->c, n);
}

/* --- what they said --- */

static int by_key(const void *a, const void *b)
{
    return strcmp((*(struct conversation *const *)a)->key, (*(struct conversation *const *)b)->key);
}

static void forget_lines(struct person *x, struct conversation *t)
{
    talk_cut(x->c, t); /* theirs may be among what is not looked at any more */
    for (int i = 0; i < t->n;) {
        const struct talk *line = t->lines[i];
        if (strcmp(line->community, x->community) != 0 || !is_sender(x, line->sender)) {
            i++;
            continue;
        }
        forget_label(x->c, line->community, line->group, line->message);
        talk_forget(x->c, t, keep(x->c, line->message));
        x->lines++;
    }
}

static void forget_talk(struct person *x)
{
    struct conversation **all = NULL;
    int n = 0;
    for (struct conversation *t = x->c->talks; t; t = t->hh.next) {
        all = mem_grow(all, (size_t)n + 1, sizeof(struct conversation *));
        all[n++] = t;
    }
    if (all)
        qsort(all, (size_t)n, sizeof *all, by_key);
    for (int i = 0; i < n; i++)
        forget_lines(x, all[i]);
    free(all);
}

/* --- the command --- */

/* Whom it names: a party, or a sender, who may be one. False: nobody that is known here. */
static bool person_meant(struct person *x, const struct command *cmd, struct node **party_r)
{
    const char *sender = cmd->sender && cmd->sender[0] ? cmd->sender : NULL;
    const struct party *p = sender ? party_of_sender(x->c, cmd->community, sender) : NULL;
    *party_r = party_at(x->c, cmd->community, p ? p->id : sender ? "" : cmd->object);
    if (*party_r) {
        p = (*party_r)->object;
        str_copy(x->party, ID_SIZE, str_of(p->id));
        for (int i = 0; i < p->external_ids.n; i++)
            strs_add(&x->senders, str_of(p->external_ids.v[i]));
    } else if (sender) {
        strs_add(&x->senders, str_of(sender));
    }
    return *party_r || sender;
}

static void tell_erased(struct doing *d, const struct person *x)
{
    char detail[160];
    snprintf(detail, sizeof detail, "%s: %d posts, %d matches, %d cases, %d lines of talk",
             x->nobody, x->n[OBJECT_POST], x->n[OBJECT_MATCH], x->n[OBJECT_CASE], x->lines);
    struct audit *a = tell_audit_of(d->c, x->community, "person.erase");
    a->kind = OBJECT_PARTY;
    a->object = keep(d->c, x->party[0] ? x->party : x->nobody);
    a->after = keep(d->c, detail);
    command_reply(d, ERR_OK, detail);
}

static void erase(struct doing *d, struct person *x, struct node *party)
{
    char detail[160];
    gather(x);
    forget_talk(x);
    if (!party && !x->theirs.n && !x->lines) {
        command_reply(d, ERR_NOT_FOUND, "nothing is known of them");
        return;
    }
    new_id(d->c, 'x', x->nobody);
    end_all(x);
    for (int i = 0; i < x->theirs.n; i++)
        blank(x, x->theirs.v[i]);
    if (party)
        party_remove(d->c, party, detail);
    tell_erased(d, x);
}

void person_erase(struct doing *d)
{
    struct person x = {.c = d->c, .community = d->cmd->community};
    struct node *party;
    if (!person_meant(&x, d->cmd, &party))
        command_reply(d, ERR_NOT_FOUND, "there is no such party");
    else if (party && party_has_case(d->c, party->object))
        command_reply(d, ERR_CONFLICT, CASE_IS_THEIRS);
    else
        erase(d, &x, party);
    free(x.theirs.v);
    strs_deinit(&x.senders);
}

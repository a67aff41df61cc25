/* How a match came out. Of one that Linli posted it is asked in the group, where that is allowed;
   what neighbours settled by themselves is left alone. */
#include "sustain_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define ANSWER_MS (2 * DAY_MS) /* at least so long it waits for the answer */

bool outcome_will_ask(const struct core *c, const struct match *m)
{
    return m->route != ROUTE_SELF && m->posted_ms && !m->asked_ms && m->request[0] &&
           sustain_permit(c, m->community, OUTBOUND_OUTCOME);
}

static char *text_of(struct core *c, const struct match *m, enum outbound_kind kind)
{
    const struct post *request = post_of(c, m->request), *offer = post_of(c, m->offer);
    const struct party *helper = party_known(c, m->community, m->helper);
    const char *there = helper && helper->place[0] ? helper->place
                        : offer                    ? offer->origin.place
                                                   : "";
    struct note n = {.kind = kind,
                     .request = request,
                     .resource = resource_of(c, m->community, m->resource),
                     .party = helper,
                     .request_place = outbound_place(c, m->community, request->origin.place),
                     .party_place = outbound_place(c, m->community, there)};
    return outbound_note(c, &n);
}

static struct node *post_about(struct core *c, const struct match *m, enum outbound_kind kind)
{
    const struct post *request = post_of(c, m->request);
    const struct outgoing g = {.kind = kind,
                               .community = m->community,
                               .group = request->origin.group,
                               .permit = sustain_permit(c, m->community, kind),
                               .match = m->id,
                               .reply_to = request->origin.message,
                               .due_ms = sustain_daytime_ms(c, c->now_ms)};
    return outbound_put(c, &g, text_of(c, m, kind));
}

static bool put_question(struct core *c, struct node *n, int64_t until_ms)
{
    struct match *m = n->object;
    struct node *on = post_about(c, m, OUTBOUND_OUTCOME);
    if (!on)
        return false;
    const struct outbound *o = on->object;
    str_copy(m->question, ID_SIZE, str_of(o->id));
    m->asked_ms = o->due_ms;
    m->deadline_ms = o->due_ms + ANSWER_MS > until_ms ? o->due_ms + ANSWER_MS : until_ms;
    node_touch(c, n);
    sustain_asked(c, m->community, m->helped, m->asked_ms);
    tally_count(c, m->community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_VALID);
    return true;
}

/* Its first time has come: the question, as soon as that person may be asked; else it waits as long
   as any that nobody told about. */
bool outcome_ask(struct core *c, struct node *n)
{
    struct match *m = n->object;
    const struct post *request = post_of(c, m->request);
    int64_t until = match_silent_ms(c, m), next = until;
    if (m->asked_ms || !m->agreed_ms)
        return false;
    if (request && outcome_will_ask(c, m)) {
        int64_t may = sustain_free_ms(c, m->community, m->helped, request->origin.sender);
        if (may <= c->now_ms && put_question(c, n, until))
            return true;
        next = may > c->now_ms && may < until ? may : until;
    }
    if (next <= c->now_ms)
        return false;
    m->deadline_ms = next;
    node_touch(c, n);
    return true;
}

/* Only who was helped can tell. */
bool outcome_answers(const struct core *c, const struct said *s, const struct match *m)
{
    const struct post *request = post_of(c, m->request);
    return (request && is_own(s, request)) ||
           (s->party && m->helped[0] && !strcmp(s->party->id, m->helped));
}

static void count_answer(struct core *c, const struct match *m)
{
    tally_count(c, m->community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_CONTACTED);
    if (m->outcome == MATCH_OUTCOME_SOLVED)
        tally_count(c, m->community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_SOLVED);
    if (m->satisfaction == SATISFACTION_SATISFIED)
        tally_count(c, m->community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_SATISFIED);
    if (m->satisfaction == SATISFACTION_FAIRLY_SATISFIED)
        tally_count(c, m->community, TALLY_FOLLOWUPS, TALLY_FOLLOWUP_FAIRLY_SATISFIED);
}

void outcome_take(struct core *c, struct node *n, enum match_outcome o, enum satisfaction s)
{
    struct match *m = n->object;
    m->outcome = o;
    m->satisfaction = s;
    tell_audit(c, "match.outcome", n, NULL, match_outcome_code(o));
    count_answer(c, m);
    match_event(c, n, o == MATCH_OUTCOME_SOLVED ? MATCH_EVENT_FULFIL : MATCH_EVENT_DECLINE);
}

/* Once a match, and only where Linli brought the two together. */
void outcome_thank(struct core *c, struct node *n)
{
    struct match *m = n->object;
    if (m->thanked || !may_ask(c, m->community, m->helper) || m->route == ROUTE_SELF ||
        !m->posted_ms || !post_of(c, m->request) ||
        !sustain_permit(c, m->community, OUTBOUND_THANKS))
        return;
    m->thanked = post_about(c, m, OUTBOUND_THANKS) != NULL;
    node_touch(c, n);
}

/* --- what it says of the helper --- */

static bool is_helper(const struct core *c, const struct match *m, const char *sender)
{
    const struct party *p = sender ? party_of_sender(c, m->community, sender) : NULL;
    return p && !strcmp(p->id, m->helper);
}

/* Was it told where they could read it? */
static bool could_answer(const struct core *c, const struct match *m)
{
    const struct party *p = party_find(c, m->community, m->helper);
    const struct post *request = post_of(c, m->request);
    if (m->ask[0] || m->offer[0])
        return true;
    return p && request && p->external_ids.n &&
           strs_has(&p->heard_in, str_of(request->origin.group));
}

static bool is_silence(const struct core *c, const struct match *m, enum match_state before)
{
    return m->state == MATCH_LAPSED && before == MATCH_POSTED &&
           c->now_ms - m->posted_ms >= DAY_MS && could_answer(c, m);
}

/* To step back is to fail whom one has told to come, not whoever took silence for a yes. */
static struct outcomes outcome_of(const struct core *c, const struct match *m,
                                  enum match_state before)
{
    struct outcomes o = {.month = month_of(c)};
    bool helper = is_helper(c, m, c->sender);
    bool ended = m->state == MATCH_DECLINED || m->state == MATCH_LAPSED;
    bool back = helper && m->helper_agreed;
    if (m->state == MATCH_FULFILLED)
        o.kept = 1;
    else if (before == MATCH_AGREED && ended && (back || m->outcome == MATCH_OUTCOME_UNSOLVED))
        o.failed = 1;
    else if (match_is_told(m) && helper && m->state == MATCH_AGREED)
        o.answered = 1;
    else if (match_is_told(m) &&
             ((helper && m->state == MATCH_DECLINED) || is_silence(c, m, before)))
        o.refused = 1;
    return o;
}

struct theirs {
    const char *party;
    struct node_list all;
};

static void add_resource(void *arg, void *thing)
{
    struct theirs *t = arg;
    if (!strcmp(((const struct resource *)((struct node *)thing)->object)->party, t->party))
        node_list_add(&t->all, thing);
}

/* Their first one: the index knows whose offers have none. */
static void index_theirs(struct core *c, const struct party *p)
{
    struct theirs t = {.party = p->id};
    node_list_of(c, LIST_PERSON, p->community, p->id, &t.all);
    if (!party_is_seen(p)) /* of whom none has a resource */
        match_index_each(c->index, p->community, ~0u, add_resource, &t);
    for (int i = 0; i < t.all.n; i++)
        if (t.all.v[i]->kind != OBJECT_MATCH)
            index_node(c, t.all.v[i]);
    free(t.all.v);
}

void outcome_count(struct core *c, struct match *m, enum match_state before)
{
    if (m->state == MATCH_AGREED) /* a claim may have stood in line, and be served by others */
        m->helper_agreed =
            is_helper(c, m, c->sender) || (m->request[0] && is_helper(c, m, m->claimant));
    const struct outcomes o = outcome_of(c, m, before);
    struct node *n = m->helper[0] ? node_in(c, OBJECT_PARTY, m->community, m->helper) : NULL;
    struct party *p = n ? n->object : NULL;
    if (!p || !(o.kept || o.failed || o.answered || o.refused))
        return;
    bool first = !p->outcomes.n;
    past_add(&p->outcomes, &o);
    node_touch(c, n);
    if (first)
        index_theirs(c, p);
}

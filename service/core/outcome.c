/* How a match came out. Of one that Linli posted it is asked in the group, where that is allowed;
   what neighbours settled by themselves is left alone. */
#include "sustain_priv.h"

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

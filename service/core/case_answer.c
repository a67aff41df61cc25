/* What those who answer for a case say of it in the chat: that they have taken it on, or that it is
   mended. Whether it is, who reported it verifies. That it has to wait is for staff to record:
   nobody stops their own clock by a word. */
#include "case_priv.h"

#include <string.h>

#include "base/clock.h"

#define SPOKEN_WITHIN_MS (45 * MINUTE_MS)

struct answering {
    const struct said *s;
    const char *place;
    enum answer said;
    bool named; /* the fault */
};

/* What has been escalated is still mended by whom it was sent to. */
bool case_answers(const struct core *c, const struct case_ *k, const struct said *s)
{
    static const char *const above[] = {"grid_officer", "staff"};
    const struct origin *o = &k->origin;
    if (!s->party)
        return false;
    bool theirs = !strcmp(s->party->id, k->assignee) ||
                  !strcmp(s->party->id, assignee_of(c, o->community, o->place, k->category));
    for (int i = 0; i < 2 && !theirs; i++)
        theirs = !strcmp(s->party->id, party_with_role(c, o->community, o->place, above[i]));
    return theirs;
}

static bool may_answer(const struct case_ *k, enum answer said)
{
    if (said == ANSWER_DONE)
        return case_can(k->state, CASE_EVENT_RESOLVE);
    return case_can(k->state, CASE_EVENT_ACCEPT) || case_can(k->state, CASE_EVENT_RESUME);
}

/* The group speaks of it: 收到 alone answers what was just reported. */
static bool is_spoken_of(const struct said *s, const struct case_ *k)
{
    for (int i = s->talk->n - 1; i >= 0; i--) {
        const struct talk *t = s->talk->lines[i];
        if (!strcmp(t->ref, k->id) && s->m->time_ms - t->time_ms <= SPOKEN_WITHIN_MS)
            return true;
    }
    return false;
}

static bool calls_another(const struct said *s, const struct case_ *k)
{
    for (int i = 0; i < s->m->n_mentions; i++)
        if (strs_has(&k->reported_by, str_of(s->m->mentions[i])))
            return false;
    return s->m->n_mentions > 0;
}

/* By the fault and the place that are named; of what names neither, what was reported here. */
static bool fits(const struct core *c, const struct answering *a, const struct case_ *k)
{
    const struct slot_place *said = &a->s->reading.slots.place;
    if (!may_answer(k, a->said) || !case_answers(c, k, a->s) ||
        (a->said == ANSWER_DONE && case_is_part(c, k, a->s)))
        return false;
    if (a->named)
        return case_is_near(c, k, a->s, a->place) && fault_same(c, k->text, a->s->text);
    if (a->s->m->reply_to || strcmp(k->origin.group, a->s->m->group) != 0 ||
        calls_another(a->s, k) ||
        ((said->building || said->building_letter) && !case_is_near(c, k, a->s, a->place)))
        return false;
    if (a->said == ANSWER_DONE && a->s->reading.intent == INTENT_CLOSURE)
        return case_is_named(a->s, k);
    return is_spoken_of(a->s, k);
}

/* The only one that it can mean: of two it says too little. */
static struct node *meant(const struct core *c, const struct answering *a)
{
    char key[LIST_KEY_SIZE];
    struct node *found = NULL;
    list_key(key, LIST_CASES, a->s->m->community, "");
    for (struct seat *seat = list_last(c, key); seat; seat = seat_before(seat))
        if (fits(c, a, seat->node->object)) {
            if (found)
                return NULL;
            found = seat->node;
        }
    return found;
}

/* Also by a quote of the request that was routed. */
static struct node *quoted(const struct core *c, const struct said *s)
{
    struct node *n = case_quoted(c, s);
    struct node *of = n || !s->m->reply_to ? NULL : by_message(c, s->m->bot, s->m->reply_to);
    if (of && of->kind == OBJECT_POST)
        n = node_find(c, OBJECT_CASE, ((struct post *)of->object)->case_id);
    return n;
}

/* Another post or match that it has opened or settled is what it meant, unless it says the fault.
 */
static bool leaves_room(const struct answering *a, const struct node *taken, const struct node *n,
                        bool by_quote)
{
    return !taken || taken == n || by_quote || a->named;
}

struct node *case_answer(struct core *c, const struct said *s, struct node *taken)
{
    struct answering a = {.s = s};
    bool report = s->reading.intent == INTENT_REPORT;
    if (!s->party || s->reading.intent == INTENT_REQUEST || s->reading.intent == INTENT_TRADE)
        return NULL;
    a.said = repair_answered(&s->words);
    if (a.said == ANSWER_UNSAID || (report && a.said == ANSWER_DONE))
        return NULL;
    a.place = case_place(c, s);
    a.named = fault_is_named(s->text);
    struct node *by_quote = quoted(c, s), *n = by_quote ? by_quote : report ? taken : meant(c, &a);
    if (!n || n->kind != OBJECT_CASE || !case_answers(c, n->object, s) ||
        !leaves_room(&a, taken, n, by_quote))
        return NULL;
    const struct case_ *k = n->object;
    enum case_event event = a.said == ANSWER_DONE        ? CASE_EVENT_RESOLVE
                            : k->state == CASE_SUSPENDED ? CASE_EVENT_RESUME
                                                         : CASE_EVENT_ACCEPT;
    if (!case_step(c, n, event))
        return NULL;
    case_tell(c, EVENT_CASE_CHANGED, k);
    return n;
}

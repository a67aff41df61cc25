/* What those who reported a case say of it in the chat: that it is mended, or that it is not. */
#include "case_priv.h"

#include <string.h>

#include "base/clock.h"

#define REOPEN_MS (7 * DAY_MS) /* after it was closed */
#define TOLD_WITHIN_MS HOUR_MS

struct hearing {
    const struct said *s;
    const char *place;
    enum repair said;
    bool resolved; /* only of what somebody has said to be mended */
};

/* Whoever answers for it and has only told of it as well does not verify their own work. */
static bool hears(const struct core *c, const struct case_ *k, const struct said *s)
{
    bool first = !strcmp(k->origin.sender, s->m->sender) ||
                 (s->party && !strcmp(k->origin.party, s->party->id));
    return case_is_reporter(k, s) && (first || !case_answers(c, k, s));
}

static bool is_ended(const struct case_ *k)
{
    return k->state == CASE_RESOLVED || k->state == CASE_VERIFIED || k->state == CASE_CLOSED;
}

/* May what is said be of a case in that state at all? Nobody mends what was none. */
static bool may_hear(const struct core *c, const struct case_ *k, enum repair said)
{
    if (said == REPAIR_DONE)
        return case_can(k->state, CASE_EVENT_RESOLVE) || k->state == CASE_RESOLVED;
    return is_ended(k) && k->outcome != CASE_OUTCOME_INVALID &&
           (k->state != CASE_CLOSED || c->now_ms - k->closed_ms <= REOPEN_MS);
}

bool case_is_named(const struct said *s, const struct case_ *k)
{
    const struct slots *slots = &s->reading.slots;
    for (int i = 0; i < slots->n_items; i++)
        if (strstr(k->text, slots->items[i].word))
            return true;
    return !slots->n_items;
}

/* By the fault and the place that are named; of what names neither, by the group. */
static bool fits(const struct core *c, const struct hearing *h, const struct case_ *k)
{
    const struct slot_place *said = &h->s->reading.slots.place;
    if (!hears(c, k, h->s) || !may_hear(c, k, h->said) ||
        (h->resolved && k->state != CASE_RESOLVED))
        return false;
    if ((said->building || said->building_letter) && !case_is_near(c, k, h->s, h->place))
        return false;
    if (h->said == REPAIR_DONE && case_is_part(c, k, h->s))
        return false;
    if (fault_is_named(h->s->text) && fault_is_named(k->text))
        return fault_same(c, k->text, h->s->text);
    return !strcmp(k->origin.group, h->s->m->group) && case_is_named(h->s, k);
}

static struct node *newest(const struct core *c, const struct hearing *h, enum list_kind list,
                           int *n_r)
{
    char key[LIST_KEY_SIZE];
    struct node *found = NULL;
    *n_r = 0;
    list_key(key, list, h->s->m->community, "");
    for (struct seat *seat = list_last(c, key); seat; seat = seat_before(seat))
        if (fits(c, h, seat->node->object)) {
            found = found ? found : seat->node;
            ++*n_r;
        }
    return found;
}

/* 修好了 is first of all of what is said to be; of two that nobody has spoken of it tells which, or
   means neither. */
static struct node *spoken_of(const struct core *c, struct hearing *h)
{
    int n;
    struct node *found;
    h->place = case_place(c, h->s);
    h->resolved = h->said == REPAIR_DONE;
    found = newest(c, h, LIST_CASES, &n);
    if (found || h->said == REPAIR_FAILED)
        return found ? found : newest(c, h, LIST_CLOSED, &n);
    h->resolved = false;
    found = newest(c, h, LIST_CASES, &n);
    return n == 1 || fault_is_named(h->s->text) ? found : NULL;
}

struct node *case_quoted(const struct core *c, const struct said *s)
{
    const struct talk *line = talk_line(s->talk, s->m->reply_to);
    struct node *n = s->m->reply_to ? by_message(c, s->m->bot, s->m->reply_to) : NULL;
    if (!n && line && line->ref[0])
        n = node_find(c, OBJECT_CASE, line->ref);
    return n && n->kind == OBJECT_CASE ? n : NULL;
}

/* Who was to mend it has told it a moment ago, and nobody has spoken to them of anything else
   since: 谢谢 is enough. */
static struct node *just_told(const struct core *c, const struct said *s)
{
    for (int i = s->talk->n - 1; i >= 0; i--) {
        const struct talk *t = s->talk->lines[i];
        if (!t->ref[0] || !strcmp(t->sender, s->m->sender))
            continue;
        struct node *n = node_find(c, OBJECT_CASE, t->ref);
        const struct case_ *k = n ? n->object : NULL;
        bool told = k && k->state == CASE_RESOLVED && hears(c, k, s) &&
                    !strs_has(&k->reported_by, str_of(t->sender)) &&
                    s->m->time_ms - t->time_ms <= TOLD_WITHIN_MS;
        return told ? n : NULL;
    }
    return NULL;
}

static struct node *confirmed(const struct core *c, const struct said *s, struct node *quoted)
{
    if (!repair_confirmed(&s->words) || (s->m->reply_to && !quoted))
        return NULL;
    struct node *n = quoted ? quoted : just_told(c, s);
    return n && ((struct case_ *)n->object)->state == CASE_RESOLVED ? n : NULL;
}

/* Before anybody has said that it is resolved, the reading has to agree: 修好 alone is too little
   to end what nobody has begun. */
static struct node *mended(struct core *c, struct node *n, const struct said *s)
{
    struct case_ *k = n->object;
    if (k->state != CASE_RESOLVED &&
        (s->reading.intent != INTENT_CLOSURE || !case_step(c, n, CASE_EVENT_RESOLVE)))
        return NULL;
    if (repair_pleased(s->text) && !k->satisfaction)
        k->satisfaction = SATISFACTION_SATISFIED;
    case_step(c, n, CASE_EVENT_VERIFY);
    case_tell(c, EVENT_CASE_CHANGED, k);
    return n;
}

static struct node *failed(struct core *c, struct node *n, const struct said *s)
{
    case_add_report(c, n, s);
    return case_reopen(c, n) ? n : NULL;
}

/* Whom it waited for has answered. */
static struct node *answered(struct core *c, struct node *n)
{
    if (!case_step(c, n, CASE_EVENT_RESUME))
        return NULL;
    case_tell(c, EVENT_CASE_CHANGED, n->object);
    return n;
}

/* A closing of a post of their own is of a case, too, where it says so: by its quote or its words.
 */
static bool leaves_room(const struct said *s, const struct node *taken, const struct node *n)
{
    const struct post *p = taken && taken->kind == OBJECT_POST ? taken->object : NULL;
    return !taken || fault_is_named(s->text) || (p && !strcmp(p->case_id, n->key));
}

static bool may_speak(enum intent i)
{
    return i == INTENT_CLOSURE || i == INTENT_CHAT || i == INTENT_INQUIRY || i == INTENT_REPORT;
}

struct node *case_heard(struct core *c, const struct said *s, const struct node *taken)
{
    struct node *n = may_speak(s->reading.intent) && !taken ? case_quoted(c, s) : NULL;
    struct hearing h = {.s = s, .said = repair_said(&s->words, n != NULL)};
    bool report = s->reading.intent == INTENT_REPORT;
    struct node *told;
    if (n && !hears(c, n->object, s))
        n = NULL;
    if (h.said == REPAIR_UNSAID && may_speak(s->reading.intent) && !report &&
        (told = confirmed(c, s, n))) {
        h.said = REPAIR_DONE;
        n = told;
    }
    if (n && ((struct case_ *)n->object)->state == CASE_SUSPENDED && h.said != REPAIR_DONE)
        return answered(c, n);
    if (!may_speak(s->reading.intent) || h.said == REPAIR_UNSAID ||
        (report && h.said == REPAIR_DONE) || (n && !may_hear(c, n->object, h.said)))
        return NULL;
    if (!n)
        n = spoken_of(c, &h);
    if (!n || !leaves_room(s, taken, n))
        return NULL;
    return h.said == REPAIR_DONE ? mended(c, n, s) : failed(c, n, s);
}

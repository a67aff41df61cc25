/* Requests and offers: opening and closing. */
#include "sustain_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"

#define BLIND_SEED 0x62
#define AHEAD_MOST_MS (90 * DAY_MS) /* 中秋 said the day after it is no year's wait */
#define EMERGENCY_HASTE 3 /* what is needed and what there is changes that much faster then */

void origin_fill(struct core *c, struct origin *o, const struct said *s, const char *place)
{
    const char *chain[PLACE_KIND_N];
    *o = (struct origin){.bot = mem_dup(s->m->bot),
                         .message = mem_dup(s->m->id),
                         .sender = mem_dup(s->m->sender),
                         .sender_name = mem_dup(s->m->sender_name),
                         .time_ms = s->m->time_ms};
    str_copy(o->community, ID_SIZE, str_of(s->m->community));
    str_copy(o->group, ID_SIZE, str_of(s->m->group));
    str_copy(o->party, ID_SIZE, str_of(party_acts(c, s)));
    str_copy(o->place, ID_SIZE, str_of(place));
    place_chain(c, o->community, place, chain);
    str_copy(o->grid, ID_SIZE, str_of(chain[PLACE_GRID]));
}

static int64_t lifetime_ms(const struct post *p)
{
    static const int64_t requests[URGENCY_N] = {[URGENCY_LOW] = 14 * DAY_MS,
                                                [URGENCY_NORMAL] = 3 * DAY_MS,
                                                [URGENCY_URGENT] = DAY_MS,
                                                [URGENCY_CRITICAL] = DAY_MS};
    if (p->side == SIDE_REQUEST)
        return requests[p->urgency];
    return p->urgency == URGENCY_LOW      ? 14 * DAY_MS
           : p->category == CATEGORY_FOOD ? 2 * DAY_MS
                                          : 7 * DAY_MS;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t post_named_ms(const struct post *p)
{
    const struct slot_time *t = &p->slots.time;
    return sooner(t->end_ms ? t->end_ms : t->start_ms, p->opened_ms + AHEAD_MOST_MS);
}

int64_t post_expiry_ms(const struct core *c, const struct post *p)
{
    const struct slot_time *t = &p->slots.time;
    int64_t most = c->now_ms + AHEAD_MOST_MS;
    if (t->end_ms > c->now_ms)
        return sooner(t->end_ms + HOUR_MS, most);
    if (t->start_ms > c->now_ms)
        return sooner(t->start_ms + 6 * HOUR_MS, most);
    return c->now_ms +
           lifetime_ms(p) / (policy_emergency(c, p->origin.community) ? EMERGENCY_HASTE : 1);
}

/* Said twice it is sealed to the same text. Old posts have no kinds, and theirs stay the first. */
static void add_contact(struct post *p, enum contact_kind kind, struct str sealed)
{
    if (strs_has(&p->contacts, sealed))
        return;
    while (p->contact_kinds.n < p->contacts.n)
        strs_add(&p->contact_kinds, str_of(contact_kind_code(CONTACT_OTHER)));
    strs_add(&p->contacts, sealed);
    strs_add(&p->contact_kinds, str_of(contact_kind_code(kind)));
}

void post_seal(struct core *c, struct post *p, const struct slots *slots)
{
    struct buf out;
    for (int i = 0; i < slots->n_contacts; i++) {
        buf_init(&out);
        c->o.seal(c->o.seal_arg, str_of(p->origin.message), str_of(slots->contacts[i].value), &out);
        add_contact(p, slots->contacts[i].kind, buf_str_borrow(&out));
        buf_deinit(&out);
    }
}

/* The stored slots hold nothing private: contacts lie sealed beside them, the room is forgotten. */
static void take_slots(struct core *c, struct post *p, const struct said *s)
{
    post_seal(c, p, &s->reading.slots);
    p->slots = s->reading.slots;
    memset(p->slots.contacts, 0, sizeof p->slots.contacts);
    p->slots.n_contacts = 0;
    memset(p->slots.place.room, 0, sizeof p->slots.place.room);
}

void post_forget_when(struct post *p)
{
    if (p->category == CATEGORY_LOST_FOUND)
        p->slots.time = (struct slot_time){.start_ms = 0};
}

/* What the message says of it, as it was read. */
void post_read(struct core *c, struct post *p, const struct said *s)
{
    const struct party *by = known_sender(s);
    const char *base = by && by->place[0] ? by->place : s->group->place;
    const char *place = place_resolve(c, s->m->community, base[0] ? base : s->group->place,
                                      &s->reading.slots.place);
    const char *chain[PLACE_KIND_N];
    str_copy(p->origin.place, ID_SIZE, str_of(place));
    place_chain(c, p->origin.community, place, chain);
    str_copy(p->origin.grid, ID_SIZE, str_of(chain[PLACE_GRID]));
    mem_replace(&p->text, s->text);
    p->category = s->reading.category ? s->reading.category : CATEGORY_OTHER;
    p->urgency = s->reading.urgency;
    p->mode = s->reading.mode;
    p->flags = s->reading.flags;
    take_slots(c, p, s);
    post_forget_when(p);
    p->asked = amount_asked(s, p->side);
    p->expires_ms = post_expiry_ms(c, p);
    p->grace_until_ms = p->opened_ms + c->o.grace_ms[p->urgency];
}

static struct post *post_new(struct core *c, const struct said *s, enum side side)
{
    struct post *p = NEW(struct post);
    p->side = side;
    origin_fill(c, &p->origin, s, "");
    p->confidence = s->reading.intent_p[s->reading.intent];
    str_copy(p->model, ID_SIZE, str_of(text_version_borrow(c->o.model)));
    p->opened_ms = c->now_ms;
    post_read(c, p, s);
    return p;
}

void post_tell(struct core *c, enum event_kind kind, const struct post *p)
{
    struct event *e = tell(c, kind, p->origin.community);
    e->post = keep(c, p->id);
    e->side = p->side;
    e->message = keep(c, p->origin.message);
    e->group = keep(c, p->origin.group);
    e->category = p->category;
    e->urgency = p->urgency;
    e->state = post_state_code(p->state);
    e->blind = post_is_blind(p);
}

/* By the id alone, so that it says nothing about the post. */
static bool is_blind(const struct core *c, const char *id)
{
    return (int)(hash64(id, strlen(id), BLIND_SEED) % 100) < c->o.blind_percent;
}

struct node *post_open(struct core *c, const struct said *s, enum side side)
{
    struct node *n = post_join(c, s, side);
    if (n)
        return n;
    struct post *p = post_new(c, s, side);
    new_id(c, 'p', p->id);
    p->blind = is_blind(c, p->id);
    n = node_put(c, OBJECT_POST, p->id, p);
    node_touch(c, n);
    tally_post_opened(c, p);
    tell_audit(c, "post.open", n, NULL, post_state_code(p->state));
    post_tell(c, EVENT_POST_OPENED, p);
    habit_note(c, p, s->group);
    return n;
}

void post_close(struct core *c, struct node *n, enum post_event event, const char *by)
{
    struct post *p = n->object;
    enum post_state before = p->state;
    if (!post_apply(&p->state, event))
        return;
    tally_post_ended(c, p, before, p->closed_ms);
    p->closed_ms = c->now_ms;
    mem_replace(&p->closed_by, by);
    node_touch(c, n);
    tell_audit(c, "post.close", n, post_state_code(before), post_state_code(p->state));
    struct event *e = tell(c, EVENT_POST_CLOSED, p->origin.community);
    e->post = keep(c, p->id);
    e->side = p->side;
    e->message = keep(c, p->origin.message);
    e->group = keep(c, p->origin.group);
    e->outcome = post_state_code(p->state);
    e->by = keep(c, by);
    for (int i = 0; i < n->n_links; i++) /* nobody's turn comes any more */
        if (match_in_line(match_of_node(n->links[i])))
            match_event(c, n->links[i], MATCH_EVENT_LAPSE);
}

/* One of a full call steps back before its day has come: there is room again. */
void post_reopen(struct core *c, struct node *n)
{
    struct post *p = n->object;
    enum post_state before = p->state;
    if (!post_apply(&p->state, POST_EVENT_REOPEN))
        return;
    tally_post_reopened(c, p, before);
    p->closed_ms = 0;
    mem_replace(&p->closed_by, NULL);
    p->expires_ms = post_expiry_ms(c, p);
    post_settle(p);
    node_touch(c, n);
    tell_audit(c, "post.reopen", n, post_state_code(before), post_state_code(p->state));
    post_tell(c, EVENT_POST_CHANGED, p);
    assign_later(c, n);
}

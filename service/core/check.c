/* The invariants of the state, recomputed from scratch. */
#include "sustain_priv.h"

#include <math.h>
#include <string.h>

static bool fail(struct errbuf *why, const struct node *n, const char *what)
{
    err_set(why, ERR_INTERNAL, "%s %s: %s", object_kind_code(n->kind), n->key, what);
    return false;
}

/* --- quantities --- */

struct held {
    double all, agreed;
};

static struct held held(const struct node *n)
{
    struct held h = {0, 0};
    for (int i = 0; i < n->n_links; i++) {
        const struct match *m = match_of_node(n->links[i]);
        h.all += match_holds(m->state) ? m->quantity : 0;
        h.agreed += m->state == MATCH_AGREED ? m->quantity : 0;
    }
    return h;
}

static bool is_indexed(const struct core *c, const struct node *n, enum side side)
{
    struct match_side s;
    side_of(c, n, &s);
    return match_index_has(c->index, n->indexed, &s, side, n);
}

static bool check_choice(const struct core *c, const struct node *n, enum side side,
                         struct errbuf *why)
{
    double loose = loose_quantity(n);
    if (n->loose < loose || n->loose > loose)
        return fail(why, n, "what is up for choice of it is known otherwise");
    if (node_is_open(n) != is_indexed(c, n, side))
        return fail(why, n, "the index knows it otherwise");
    return (!n->waits && !n->chosen) || fail(why, n, "is still to be assigned");
}

static bool check_post(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct post *p = n->object;
    if (fabs(held(n).all - p->reserved) > EPSILON * 10)
        return fail(why, n, "reserved is not what its matches hold");
    if (p->reserved + p->fulfilled + p->presumed > p->asked + EPSILON * 10)
        return fail(why, n, "promised beyond its quantity");
    if (post_is_final(p->state) &&
        p->reserved > (p->state == POST_MET ? held(n).agreed : 0) + EPSILON)
        return fail(why, n, "ended with something promised");
    if (p->state == POST_RESERVED && post_left(p) > 0)
        return fail(why, n, "reserved with something left");
    if (p->state == POST_OPEN && post_left(p) <= 0)
        return fail(why, n, "open with nothing left");
    if (!p->origin.message || !p->text || p->category == CATEGORY_NONE)
        return fail(why, n, "without its message, text or category");
    if (!p->case_id[0] && !post_is_final(p->state) && p->side == SIDE_REQUEST &&
        p->urgency == URGENCY_CRITICAL)
        return fail(why, n, "a call of life and death that nobody answers for");
    if (p->contact_kinds.n > p->contacts.n)
        return fail(why, n, "has kinds of contacts that are not there");
    if (p->slots.n_contacts || p->slots.place.room[0])
        return fail(why, n, "holds a contact or a room in the clear");
    if (!check_choice(c, n, p->side, why))
        return false;
    return n->due.at_ms != INT64_MAX || fail(why, n, "stays for ever: no time is due");
}

/* What is agreed is kept even when the directory says later that there is less. */
static bool check_resource(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct resource *r = n->object;
    struct held h = held(n);
    if (party_is_seen(party_find(c, r->community, r->party)))
        return fail(why, n, "is of somebody whom nobody knows");
    if (fabs(h.all - r->reserved) > EPSILON * 10)
        return fail(why, n, "reserved is not what its matches hold");
    if (r->reserved > r->capacity + EPSILON * 10 && h.all - h.agreed > EPSILON)
        return fail(why, n, "promised beyond its capacity");
    return check_choice(c, n, SIDE_OFFER, why);
}

/* --- matches --- */

static bool same_sender(const struct core *c, const struct match *m)
{
    const struct post *r = post_of(c, m->request), *o = post_of(c, m->offer);
    const char *asks = r ? r->origin.sender : m->request[0] ? NULL : m->claimant;
    const char *gives = o ? o->origin.sender : m->offer[0] || m->resource[0] ? NULL : m->claimant;
    if (m->helper[0] && !strcmp(m->helper, m->helped))
        return true;
    return asks && gives && !strcmp(asks, gives);
}

static bool check_score(const struct node *n, struct errbuf *why)
{
    const struct match *m = n->object;
    float sum = 0;
    for (int i = 0; i < m->n_reasons; i++)
        sum += m->reasons[i].part;
    return fabsf(sum - m->score) < 1e-5f || fail(why, n, "its parts do not add up to its score");
}

static bool is_linked(const struct node *end, const struct node *match)
{
    for (int i = 0; i < end->n_links; i++)
        if (end->links[i] == match)
            return true;
    return false;
}

static bool check_ends(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct match *m = n->object;
    const struct node *r = node_find(c, OBJECT_POST, m->request);
    const struct node *o = node_find(c, OBJECT_POST, m->offer);
    const struct node *s =
        m->resource[0] ? node_in(c, OBJECT_RESOURCE, m->community, m->resource) : NULL;
    bool holds = match_holds(m->state);
    if (holds && ((m->request[0] && !r) || (m->offer[0] && !o) || (m->resource[0] && !s)))
        return fail(why, n, "holds something that is gone");
    if (holds && !m->request[0] && !m->offer[0])
        return fail(why, n, "holds nothing at all");
    if ((r && !is_linked(r, n)) || (o && !is_linked(o, n)) || (s && !is_linked(s, n)))
        return fail(why, n, "its post does not know it");
    return true;
}

static bool check_match(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct match *m = n->object;
    bool in_line = match_in_line(m);
    if (m->state == MATCH_PROPOSED && !in_line)
        return fail(why, n, "left without a route");
    if (match_holds(m->state) && m->asks && !in_line)
        return fail(why, n, "asks whether any is left, and has it");
    if (in_line && m->quantity > 0)
        return fail(why, n, "stands in line, and holds something");
    if (m->quantity <= 0 && !in_line && (match_holds(m->state) || m->route != ROUTE_SELF))
        return fail(why, n, "is about nothing");
    if (match_pends(m) && m->ahead && !policy_emergency(c, m->community))
        return fail(why, n, "stands ahead without an emergency");
    if (match_holds(m->state) && same_sender(c, m))
        return fail(why, n, "somebody is matched with themselves");
    if (n->due.at_ms == INT64_MAX && !in_line) /* that ends with its post */
        return fail(why, n, "stays for ever: no time is due");
    if (m->state == MATCH_APPROVED && !m->outbound[0])
        return fail(why, n, "approved, and nothing is to be posted");
    return check_score(n, why) && check_ends(c, n, why);
}

/* A post from before permits were written on it has that of its match. */
static bool has_permit(const struct core *c, const struct outbound *o)
{
    const struct node *m = node_find(c, OBJECT_MATCH, o->match);
    bool old = !o->permit && o->kind == OUTBOUND_PROPOSAL;
    return (o->permit && o->permit[0]) || (old && m && match_of_node(m)->decided_by) ||
           (old && o->state != OUTBOUND_WAITING && o->state != OUTBOUND_SENDING);
}

static bool let_out_locked(const struct core *c, const struct outbound *o)
{
    const struct match *m = match_of_node(node_find(c, OBJECT_MATCH, o->match));
    return m->decided_by && !strcmp(m->decided_by, BY_POLICY) &&
           policy_locks(m->category, m->urgency);
}

static bool check_outbound(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct outbound *o = n->object;
    if (o->state == OUTBOUND_WAITING && !outbound_is_wanted(c, o))
        return fail(why, n, "waits, and what it is about is another by now");
    if (!has_permit(c, o))
        return fail(why, n, "has nobody's permit");
    bool live = o->state == OUTBOUND_WAITING || o->state == OUTBOUND_SENDING;
    if ((o->kind == OUTBOUND_CONTACT) != (o->to != NULL) ||
        (o->to ? o->external_group != NULL || (live && !o->contacts.n) : o->contacts.n > 0))
        return fail(why, n, "a contact is for one person alone, and nothing else is");
    if (o->state == OUTBOUND_WAITING && outbound_proposes(o->kind) && let_out_locked(c, o))
        return fail(why, n, "no table may let it out by itself");
    return n->due.at_ms != INT64_MAX || fail(why, n, "stays for ever: no time is due");
}

static bool check_case(const struct node *n, struct errbuf *why)
{
    const struct case_ *k = n->object;
    bool final = case_is_final(k->state), merged = k->state == CASE_MERGED;
    if (n->due.at_ms == INT64_MAX)
        return fail(why, n, "stays for ever: no time is due");
    if (final != (k->outcome != CASE_OUTCOME_NONE))
        return fail(why, n, "ended without a name, or goes on with one");
    if (merged != (k->merged_into[0] != 0) || merged != (k->outcome == CASE_OUTCOME_MERGED))
        return fail(why, n, "merged into nothing, or not merged");
    if (!final && k->remind_ms > k->due_ms)
        return fail(why, n, "is reminded of what is past");
    if (k->left_ms && k->state != CASE_SUSPENDED)
        return fail(why, n, "has time left of what goes on");
    if (k->state == CASE_DISPATCHED && !k->assignee[0])
        return fail(why, n, "was sent to nobody");
    return true;
}

/* --- what leads to an object --- */

static bool sits_in(const struct core *c, const struct node *n, int seat, enum list_kind kind,
                    const char *community, const char *id)
{
    char key[LIST_KEY_SIZE];
    (void)c;
    list_key(key, kind, community, id);
    return n->seats[seat].list && !strcmp(n->seats[seat].list->key, key);
}

/* Live, or ended by itself, so that thanks may come late. */
static bool sits_with_owner(const struct node *n)
{
    const struct post *p = n->object;
    char key[LIST_KEY_SIZE];
    bool late = post_is_final(p->state);
    list_person_key(key, late ? LIST_LATE : LIST_PERSON, late ? LIST_LATE_SENDER : LIST_SENDER,
                    p->origin.community, p->origin.party, p->origin.sender);
    return n->seats[0].list && !strcmp(n->seats[0].list->key, key);
}

static bool check_seats(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct post *p = n->object;
    const struct case_ *k = n->object;
    const struct outbound *o = n->object;
    bool right = true;
    if (n->kind == OBJECT_POST)
        right = post_is_final(p->state)
                    ? post_can(p->state, POST_EVENT_MEET) == sits_with_owner(n) && !n->seats[1].list
                    : sits_with_owner(n) &&
                          sits_in(c, n, 1, LIST_GROUP, p->origin.community, p->origin.group);
    if (n->kind == OBJECT_POST && p->side == SIDE_REQUEST && node_is_open(n))
        right &= sits_in(c, n, 2, LIST_WANTED, p->origin.community, category_code(p->category));
    else if (n->kind == OBJECT_POST)
        right &= !n->seats[2].list;
    if (n->kind == OBJECT_GROUP)
        right = sits_in(c, n, 0, LIST_PLACE, ((const struct group *)n->object)->community,
                        ((const struct group *)n->object)->place);
    if (n->kind == OBJECT_OUTBOUND)
        right = (o->held && o->state == OUTBOUND_WAITING) == (n->seats[0].list != NULL);
    if (n->kind == OBJECT_HOLIDAY)
        right = sits_in(c, n, 0, LIST_HOLIDAYS, ((const struct holiday *)n->object)->community, "");
    if (n->kind == OBJECT_MATCH)
        right = match_holds(match_of_node(n)->state) == (n->seats[0].list != NULL) &&
                match_keeps_asked(match_of_node(n)) == (n->seats[2].list != NULL);
    if (n->kind == OBJECT_CASE)
        right = k->state == CASE_MERGED
                    ? !n->seats[0].list
                    : sits_in(c, n, 0, k->state == CASE_CLOSED ? LIST_CLOSED : LIST_CASES,
                              k->origin.community, "");
    return right || fail(why, n, "sits in the wrong list");
}

static bool check_due(const struct core *c, const struct node *n, struct errbuf *why)
{
    int64_t at = due_of(c, n);
    if (n->due.at_ms != (at <= 0 ? INT64_MAX : at))
        return fail(why, n, "stands at another time in the queue");
    if (n->due.at_ms != INT64_MAX && c->due[n->due.place] != &n->due)
        return fail(why, n, "is not where it stands in the queue");
    return true;
}

static bool check_advice(const struct node *n, struct errbuf *why)
{
    const struct advice *a = n->object;
    if (a->kind == ADVICE_MESSAGE && (!a->message || !a->text || !a->suggestion.at_ms))
        return fail(why, n, "without its message, text or suggestion");
    if (a->kind == ADVICE_RECURRING && a->capacity <= 0)
        return fail(why, n, "without how much there is");
    if (a->kind == ADVICE_RENEWAL && !a->resource[0])
        return fail(why, n, "without its resource");
    return n->due.at_ms != INT64_MAX || fail(why, n, "stays for ever: no time is due");
}

static bool check_policy(const struct node *n, struct errbuf *why)
{
    const struct policy *p = n->object;
    struct errbuf eb;
    if (strcmp(p->id, POLICY_ID) != 0 || p->version < 1)
        return fail(why, n, "is not the one of its community, or has no version");
    if (p->emergency.on && (!p->emergency.by || !p->emergency.reason))
        return fail(why, n, "an emergency without who and why");
    return !policy_check(p, &eb) || fail(why, n, eb.text);
}

static bool check_tally(const struct node *n, struct errbuf *why)
{
    const struct tally *t = n->object;
    for (int i = 0; i < t->n_counts; i++) {
        const struct tally_count *a = &t->counts[i], *b = i ? a - 1 : NULL;
        if (a->n <= 0)
            return fail(why, n, "counts less than nothing, or keeps a nothing");
        if (b && (b->series > a->series || (b->series == a->series && b->at >= a->at)))
            return fail(why, n, "is out of order");
    }
    return true;
}

/* --- the directory --- */

static bool is_merged(const struct core *c, const char *community, const char *id)
{
    const struct party *p = party_find(c, community, id);
    return p && p->merged_into[0];
}

/* Of who was seen nothing is known but what their messages carry. */
static bool check_seen(const struct node *n, struct errbuf *why)
{
    const struct party *p = n->object;
    if (p->kind != PARTY_RESIDENT || p->roles.n || p->tags.n || p->availability.n ||
        p->monthly_limit >= 0 || !party_may_be_asked(p) || p->merged_into[0])
        return fail(why, n, "was merely seen, and is said to be somebody");
    if (!p->external_ids.n || !p->heard_in.n || !p->seen_ms)
        return fail(why, n, "was seen nowhere");
    return n->due.at_ms != INT64_MAX || fail(why, n, "is never forgotten");
}

/* By month, of no more than are looked at, and none of them for nothing. */
static bool check_past(const struct node *n, struct errbuf *why)
{
    const struct past *p = &((const struct party *)n->object)->outcomes;
    for (int i = 0; i < p->n; i++) {
        const struct outcomes *o = &p->v[i];
        if (o->kept < 0 || o->failed < 0 || o->answered < 0 || o->refused < 0)
            return fail(why, n, "has less than no outcomes");
        if (!(o->kept + o->failed + o->answered + o->refused))
            return fail(why, n, "has a month without outcomes");
        if (i && o->month <= p->v[i - 1].month)
            return fail(why, n, "has months out of order");
    }
    return !p->n || p->v[0].month > p->v[p->n - 1].month - PAST_MONTHS ||
           fail(why, n, "keeps outcomes that are too old");
}

/* Who was merged into another one has nothing any more but the way there. */
static bool check_party(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct party *p = n->object;
    if (n->seen != party_is_seen(p))
        return fail(why, n, "counts otherwise than it is");
    if (!check_past(n, why))
        return false;
    if (n->seen)
        return check_seen(n, why);
    if (!p->merged_into[0])
        return true;
    if (p->external_ids.n || p->roles.n || p->outcomes.n)
        return fail(why, n, "was merged, and is still somebody");
    return (party_find(c, p->community, p->merged_into) &&
            !is_merged(c, p->community, p->merged_into)) ||
           fail(why, n, "leads to nobody");
}

static bool names_merged(const struct core *c, const struct node *n)
{
    const struct post *p = n->object;
    const struct match *m = n->object;
    const struct case_ *k = n->object;
    const struct resource *r = n->object;
    const struct visit *v = n->object;
    switch (n->kind) {
    case OBJECT_POST:
        return is_merged(c, p->origin.community, p->origin.party);
    case OBJECT_MATCH:
        return is_merged(c, m->community, m->helper) || is_merged(c, m->community, m->helped);
    case OBJECT_CASE:
        return is_merged(c, k->origin.community, k->assignee) ||
               is_merged(c, k->origin.community, k->origin.party);
    case OBJECT_RESOURCE:
        return is_merged(c, r->community, r->party);
    case OBJECT_VISIT:
        return is_merged(c, v->community, v->party) || is_merged(c, v->community, v->officer);
    default:
        return false;
    }
}

/* Whom they may not ask, nobody asks: of their own word is what they have claimed or agreed to. */
static bool check_asked(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct match *m = n->object;
    const struct party *p = party_find(c, m->community, m->helper);
    return !p || party_may_be_asked(p) || m->claim || !match_pends(m) ||
           fail(why, n, "asks whom nobody may ask");
}

static bool check_topic(const struct node *n, struct errbuf *why)
{
    const struct topic *t = n->object;
    if (t->n_voices > VOICES_MOST || !(t->rate >= 0))
        return fail(why, n, "keeps more than it may, or has a rate below nothing");
    for (int i = 1; i < t->n_voices; i++) {
        if (t->voices[i].at_ms < t->voices[i - 1].at_ms)
            return fail(why, n, "its voices are out of order");
        for (int k = 0; k < i; k++)
            if (t->voices[k].who == t->voices[i].who)
                return fail(why, n, "counts one person twice");
    }
    return true;
}

static bool check_surge(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct surge *s = n->object;
    bool decided = s->notice == NOTICE_APPROVED || s->notice == NOTICE_REJECTED;
    if (!s->places.n || !s->groups.n || !s->text)
        return fail(why, n, "without a place, a group or a notice");
    if (s->people > s->messages || s->since_ms > s->opened_ms || s->opened_ms > s->last_ms)
        return fail(why, n, "its numbers or times do not fit each other");
    if (decided != (s->decided_by != NULL) || (s->ended_ms && s->notice == NOTICE_DRAFTED))
        return fail(why, n, "its notice waits for nobody, or nobody has decided");
    if (!s->ended_ms != sits_in(c, n, 0, LIST_SURGES, s->community, ""))
        return fail(why, n, "sits in the wrong list");
    return n->due.at_ms != INT64_MAX || fail(why, n, "stays for ever: no time is due");
}

static bool check_visit(const struct core *c, const struct node *n, struct errbuf *why)
{
    const struct visit *v = n->object;
    bool silent = v->state == VISIT_ASKED;
    if (!policy_emergency(c, v->community))
        return fail(why, n, "outlives its emergency");
    if (silent != !v->decided_by || silent != !v->decided_ms)
        return fail(why, n, "is told by nobody, or told and still asked");
    return !silent || n->due.at_ms != INT64_MAX || fail(why, n, "nobody is reminded of it");
}

static bool check_alert(const struct node *n, struct errbuf *why)
{
    const struct alert *a = n->object;
    bool seen = a->state == ALERT_SEEN;
    if (seen != (a->seen_by != NULL) || seen != (a->seen_ms != 0))
        return fail(why, n, "was seen by nobody, or by somebody and is still open");
    if (!a->kind || !a->text || !a->opened_ms)
        return fail(why, n, "tells nothing");
    return n->due.at_ms != INT64_MAX || fail(why, n, "stays for ever: no time is due");
}

static bool check_node(const struct core *c, const struct node *n, struct errbuf *why)
{
    if (names_merged(c, n))
        return fail(why, n, "names a party that was merged into another one");
    if (n->kind < DIRECTORY_KINDS && ((const struct place *)n->object)->version < 1)
        return fail(why, n, "has no version");
    if (n->kind == OBJECT_MATCH && !check_asked(c, n, why))
        return false;
    if (n->kind == OBJECT_PARTY && !check_party(c, n, why))
        return false;
    if (!check_due(c, n, why) || !check_seats(c, n, why))
        return false;
    switch (n->kind) {
    case OBJECT_POST:
        return check_post(c, n, why);
    case OBJECT_RESOURCE:
        return check_resource(c, n, why);
    case OBJECT_MATCH:
        return check_match(c, n, why);
    case OBJECT_OUTBOUND:
        return check_outbound(c, n, why);
    case OBJECT_ADVICE:
        return check_advice(n, why);
    case OBJECT_POLICY:
        return check_policy(n, why);
    case OBJECT_TALLY:
        return check_tally(n, why);
    case OBJECT_TOPIC:
        return check_topic(n, why);
    case OBJECT_SURGE:
        return check_surge(c, n, why);
    case OBJECT_VISIT:
        return check_visit(c, n, why);
    case OBJECT_ALERT:
        return check_alert(n, why);
    case OBJECT_CASE:
        return check_case(n, why);
    default:
        return true;
    }
}

static int count_open(const struct core *c)
{
    int n = 0;
    for (const struct node *x = c->objects[OBJECT_POST]; x; x = x->hh.next)
        n += node_is_open(x);
    for (const struct node *x = c->objects[OBJECT_RESOURCE]; x; x = x->hh.next)
        n += node_is_open(x);
    return n;
}

static bool check_lists(const struct core *c, struct errbuf *why)
{
    for (const struct list *l = c->lists; l; l = l->hh.next)
        for (const struct seat *s = l->first; s && s->next; s = s->next)
            if (id_compare(s->node->key, s->next->node->key) >= 0)
                return fail(why, s->node, "stands out of order in its list");
    return true;
}

static bool check_heap(const struct core *c, struct errbuf *why)
{
    for (int i = 1; i < c->n_due; i++)
        if (c->due[i]->at_ms < c->due[(i - 1) / 2]->at_ms) {
            err_set(why, ERR_INTERNAL, "%s is due before what stands above it", c->due[i]->key);
            return false;
        }
    return true;
}

bool core_check(const struct core *c, struct errbuf *why)
{
    for (int k = 0; k < OBJECT_KIND_N; k++)
        for (const struct node *n = c->objects[k]; n; n = n->hh.next)
            if (!check_node(c, n, why))
                return false;
    if (c->n_waiting) {
        err_set(why, ERR_INTERNAL, "somebody is still to be assigned");
        return false;
    }
    if (match_index_count(c->index) != count_open(c)) {
        err_set(why, ERR_INTERNAL, "the index holds something that is not open");
        return false;
    }
    return check_lists(c, why) && check_heap(c, why);
}

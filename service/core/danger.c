/* Calls of life and death: one emergency is one alert and one case, however often and by whomever
   it is told, and the case is somebody's by name, round the clock, until a person ends it. Whatever
   neighbours do meanwhile stays possible beside it. */
#include "case_priv.h"

#include <string.h>

#include "base/clock.h"

#define ONE_EMERGENCY_MS (30 * MINUTE_MS)
#define CALMED "经人核对，并不危急"

static bool is_call(const struct said *s)
{
    return s->reading.urgency == URGENCY_CRITICAL &&
           (s->reading.intent == INTENT_REQUEST || s->reading.intent == INTENT_REPORT);
}

static enum urgency urgency_of(const struct node *n)
{
    const struct post *p = n->object;
    const struct case_ *k = n->object;
    return n->kind == OBJECT_POST ? p->urgency : n->kind == OBJECT_CASE ? k->urgency : URGENCY_LOW;
}

static bool post_is_call(const struct post *p)
{
    return p->side == SIDE_REQUEST && p->urgency == URGENCY_CRITICAL && !post_is_final(p->state);
}

/* Told again, by whoever it was, or told on by the same person; a fire beside a heart attack is
   neither. */
static bool same_emergency(const struct core *c, const struct said *s, const struct talk *t)
{
    return fault_same(c, t->text, s->text) || !strcmp(t->sender, s->m->sender);
}

/* The case that a post has, or a case itself, or what that was merged into; NULL: none. */
static struct node *case_behind(const struct core *c, struct node *n)
{
    const struct post *p = n->kind == OBJECT_POST ? n->object : NULL;
    struct node *k = p ? node_find(c, OBJECT_CASE, p->case_id) : n;
    while (k && ((struct case_ *)k->object)->merged_into[0])
        k = node_find(c, OBJECT_CASE, ((struct case_ *)k->object)->merged_into);
    return k;
}

static bool is_live(const struct node *k)
{
    return k && !case_is_final(((struct case_ *)k->object)->state);
}

/* The post or case of the same emergency, if this group's conversation knows it already. Once its
   case has ended nobody answers for it any more: who calls then calls anew, unless a person only
   says what that very message means. */
static struct node *told_already(const struct core *c, const struct said *s)
{
    for (int i = 0; i < s->talk->n; i++) {
        const struct talk *t = s->talk->lines[i];
        struct node *n = t->ref[0] ? node_find(c, OBJECT_POST, t->ref) : NULL;
        if (!n && t->ref[0])
            n = node_find(c, OBJECT_CASE, t->ref);
        if (!n || urgency_of(n) != URGENCY_CRITICAL ||
            (t->intent != INTENT_REQUEST && t->intent != INTENT_REPORT) ||
            s->m->time_ms - t->time_ms >= ONE_EMERGENCY_MS || !same_emergency(c, s, t))
            continue;
        const struct node *k = case_behind(c, n);
        if (!k || is_live(k) || !strcmp(t->message, s->m->id))
            return n;
    }
    return NULL;
}

void danger_alert(struct core *c, struct said *s)
{
    struct origin o = {.message = (char *)s->m->id};
    s->danger = is_call(s) ? told_already(c, s) : NULL;
    if (!is_call(s) || s->danger)
        return;
    str_copy(o.community, ID_SIZE, str_of(s->m->community));
    str_copy(o.group, ID_SIZE, str_of(s->m->group));
    tell_rescue(c, &o);
}

struct node *danger_case(const struct core *c, const struct said *s)
{
    struct node *k = s->danger ? case_behind(c, s->danger) : NULL;
    return is_live(k) ? k : NULL;
}

void danger_route(struct core *c, const struct said *s, struct node *post)
{
    struct post *p = post->object;
    struct node *own = case_behind(c, post), *known = danger_case(c, s);
    if (!post_is_call(p) || !is_call(s))
        return;
    if (!is_live(own)) { /* it has none yet, or whoever had it has done with it */
        str_copy(p->case_id, ID_SIZE, str_of(known ? known->key : ""));
        p->blind &= !known;
        node_touch(c, post);
        own = known;
    }
    if (own)
        case_hear_call(c, own, s);
}

/* Who else asks for help in that emergency, by a post that has this case. */
static struct node *another_post(const struct core *c, const struct case_ *k)
{
    char key[LIST_KEY_SIZE];
    list_key(key, LIST_GROUP, k->origin.community, k->origin.group);
    for (struct seat *seat = list_last(c, key); seat; seat = seat_before(seat)) {
        const struct post *p = seat->node->object;
        if (!strcmp(p->case_id, k->id) && strcmp(p->id, k->post) != 0)
            return seat->node;
    }
    return NULL;
}

bool danger_is_shared(struct core *c, struct node *n, const struct post *p)
{
    struct case_ *k = n->object;
    if (strcmp(k->post, p->id) != 0)
        return true;
    const struct node *other = another_post(c, k);
    if (!other && !k->reporters.n)
        return false;
    str_copy(k->post, ID_SIZE, str_of(other ? other->key : ""));
    if (!other)
        tally_case_is_report(c, k);
    node_touch(c, n);
    return true;
}

void danger_read_anew(struct core *c, struct node *post, const struct post *was)
{
    struct post *p = post->object;
    if (!post_is_call(was) && post_is_call(p))
        tell_rescue(c, &p->origin);
    danger_follow(c, post, was);
}

void danger_follow(struct core *c, struct node *post, const struct post *was)
{
    struct post *p = post->object;
    bool now = post_is_call(p);
    struct node *own = case_behind(c, post);
    if (post_is_call(was) == now)
        return;
    if (is_live(own) && (now || case_wants(c, p))) {
        case_set_urgency(c, own, p->urgency);
        return;
    }
    if (is_live(own)) {
        if (danger_is_shared(c, own, p))
            return;
        case_withdraw(c, own, CALMED);
    }
    p->case_id[0] = 0;
    node_touch(c, post);
    case_route(c, post);
}

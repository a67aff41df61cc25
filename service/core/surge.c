/* Surges: many like reports or requests from near places within minutes, against the community's
   own usual rate of them.

   Like: the same fault, where one is named, else the same leaf of the label guide. Near: one
   building, or one estate. How often the community speaks of a thing as a rule is an exponentially
   weighted mean (S. W. Roberts, "Control Chart Tests Based on Geometric Moving Averages",
   Technometrics 1, 1959); what belongs to a surge is left out of it, so that a fault that comes
   back does not become usual. The last WINDOW_MS are tested as a cluster of a Poisson process
   (J. I. Naus, "The Distribution of the Size of the Maximum Cluster of Points on a Line", JASA 60,
   1965): so many, or more, would come by chance less than once in 1/CHANCE windows even if all of
   the community's usual ones came from this one place. */
#include "sustain_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "case_priv.h"

#define WINDOW_MS (30 * MINUTE_MS)
#define QUIET_MS (60 * MINUTE_MS) /* after so long without another one a surge is over */
#define BUILDING_PEOPLE 5         /* different senders, or it is none */
#define ESTATE_PEOPLE 6
#define BUSY_PEOPLE 2    /* of a building, to be named beside others */
#define URGENT_PEOPLE 2  /* in danger, or without power, water or gas: an emergency is proposed */
#define MEAN_DAYS 14.0   /* weight of a day of the past: e^(−days/MEAN_DAYS) */
#define RHYTHM 3.0       /* the busiest hour has so much more than the mean one */
#define USUAL_LEAST 0.25 /* in a window: of what was never heard nothing is known, either */
#define CHANCE 1e-3
#define FORGET_MS (60 * DAY_MS)
#define SURE 0.6f /* that it was a report or a request at all: much is said around a real one */

#define TOPICS_MOST 6
struct heard { /* one message, as it counts */
    struct voice v;
    const char *community, *message;
    const char *chain[PLACE_KIND_N];
    enum category category;
    bool fault;
    char topics[TOPICS_MOST][ID_SIZE]; /* outages, which are the cause of others, come first */
    int n_topics;
};

/* --- the usual rate --- */

static double weight(int64_t age_ms)
{
    return exp(-(double)age_ms / (MEAN_DAYS * (double)DAY_MS));
}

static void count_as_usual(struct topic *t, int64_t at_ms, int64_t now_ms)
{
    t->rate = t->rate * weight(now_ms - t->as_of_ms) + weight(now_ms - at_ms) / MEAN_DAYS;
    t->as_of_ms = now_ms;
}

static double usual_in_window(const struct topic *t, int64_t now_ms)
{
    double mean = t->rate * weight(now_ms - t->as_of_ms) * (double)WINDOW_MS / (double)DAY_MS;
    return fmax(RHYTHM * mean, USUAL_LEAST);
}

/* P(X ≥ n) of a Poisson variable. */
static double chance_of(int n, double mean)
{
    double term = exp(-mean), below = 0;
    for (int k = 0; k < n; k++) {
        below += term;
        term *= mean / (k + 1);
    }
    return 1 - below;
}

/* --- places --- */

/* The estate, else the building, that near places lie in; "" where nobody knows where. */
static const char *area_of(const char *chain[PLACE_KIND_N])
{
    return chain[PLACE_ESTATE][0] ? chain[PLACE_ESTATE] : chain[PLACE_BUILDING];
}

static int people_in(const struct core *c, const struct topic *t, const char *area, bool urgent)
{
    int n = 0;
    for (int i = 0; i < t->n_voices; i++)
        n += (!urgent || t->voices[i].urgent) &&
             place_lies_in(c, t->community, t->voices[i].place, area);
    return n;
}

/* --- surges that last --- */

/* Of that topic; of faults of one category one that is named otherwise is the same, too. */
static struct node *surge_over(const struct core *c, const char *community, const char *topic,
                               enum category fault, const char *place)
{
    char key[LIST_KEY_SIZE];
    list_key(key, LIST_SURGES, community, "");
    for (struct seat *seat = list_last(c, key); seat; seat = seat_before(seat)) {
        const struct surge *s = seat->node->object;
        bool like = !strcmp(s->topic, topic) || (s->fault && fault && s->category == fault);
        if (like && place_lies_in(c, community, place, s->area))
            return seat->node;
    }
    return NULL;
}

static void add_once(struct strs *l, const char *id)
{
    if (id[0] && !strs_has(l, str_of(id)))
        strs_add(l, str_of(id));
}

/* Its buildings, where one or two have most of it; else the whole. */
static void find_places(const struct core *c, const struct topic *t, const char *area,
                        struct strs *out)
{
    int in_them = 0, all = people_in(c, t, area, false);
    for (int i = 0; i < t->n_voices; i++) {
        const char *chain[PLACE_KIND_N];
        place_chain(c, t->community, t->voices[i].place, chain);
        if (strcmp(area_of(chain), area) != 0 || !chain[PLACE_BUILDING][0] ||
            strs_has(out, str_of(chain[PLACE_BUILDING])))
            continue;
        int there = people_in(c, t, chain[PLACE_BUILDING], false);
        if (there < BUSY_PEOPLE)
            continue;
        strs_add(out, str_of(chain[PLACE_BUILDING]));
        in_them += there;
    }
    if (!out->n || out->n > 2 || 3 * in_them < 2 * all) {
        strs_deinit(out);
        strs_add(out, str_of(area));
    }
    strs_sort(out);
}

/* The groups of its places, and those in which it is spoken of. */
static void find_groups(const struct core *c, const struct topic *t, const char *area,
                        const struct strs *places, struct strs *out)
{
    for (int i = 0; i < t->n_voices; i++)
        if (place_lies_in(c, t->community, t->voices[i].place, area))
            add_once(out, t->voices[i].group);
    for (const struct node *n = c->objects[OBJECT_GROUP]; n; n = n->hh.next) {
        const struct group *g = n->object;
        for (int i = 0; i < places->n && !strcmp(g->community, t->community); i++)
            if (place_lies_in(c, t->community, g->place, places->v[i]))
                add_once(out, g->id);
    }
    strs_sort(out);
}

static bool same(const struct strs *a, const struct strs *b)
{
    if (a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++)
        if (strcmp(a->v[i], b->v[i]) != 0)
            return false;
    return true;
}

static bool set_list(struct strs *l, struct strs *now) /* takes it; true: it is another */
{
    bool other = !same(l, now);
    struct strs *old = other ? l : now;
    strs_deinit(old);
    if (other)
        *l = *now;
    return other;
}

/* What a person decides on has a version; how many there are by now has none, or nobody would be
   quick enough to approve anything. */
static bool look_around(struct core *c, const struct topic *t, struct surge *s)
{
    struct strs places = {NULL, 0}, groups = {NULL, 0};
    find_places(c, t, s->area, &places);
    find_groups(c, t, s->area, &places, &groups);
    bool moved = set_list(&s->places, &places);
    bool more = set_list(&s->groups, &groups);
    if (moved && s->notice == NOTICE_DRAFTED)
        notice_draft(c, s);
    return moved || more;
}

static void tell_surge(struct core *c, const struct surge *s)
{
    struct event *e = tell(c, EVENT_SURGE, s->community);
    e->surge = keep(c, s->id);
    e->category = s->category;
    e->state = notice_state_code(s->notice);
}

static void write_places(const struct core *c, const struct surge *s, struct buf *out)
{
    for (int i = 0; i < s->places.n; i++) {
        const struct place *p = outbound_place(c, s->community, s->places.v[i]);
        buf_add_z(out, i ? "、" : "");
        buf_add_z(out, p && p->name ? p->name : s->places.v[i]);
    }
}

static void alert(struct core *c, const struct surge *s, const struct heard *x)
{
    struct buf text;
    struct origin o = {.message = (char *)x->message};
    str_copy(o.community, ID_SIZE, str_of(s->community));
    str_copy(o.group, ID_SIZE, str_of(x->v.group));
    buf_init(&text);
    write_places(c, s, &text);
    buf_addf(&text,
             "：%d 分钟内有 %d 人说到「%s」，平时同样时间最多约 %.1f 次。通知已拟好，待审核%s",
             (int)((s->opened_ms - s->since_ms) / MINUTE_MS) + 1, s->people, notice_topic(s, false),
             s->usual, s->emergency ? "；建议进入应急状态" : "");
    struct event *e = tell_alert(c, "surge", &o, buf_z_borrow(&text));
    e->surge = keep(c, s->id);
    e->category = s->category;
    buf_deinit(&text);
}

static struct node *open_surge(struct core *c, const struct topic *t, const struct heard *x)
{
    struct surge *s = NEW(struct surge);
    struct buf what;
    new_id(c, 's', s->id);
    s->version = 1;
    str_copy(s->community, ID_SIZE, str_of(t->community));
    str_copy(s->topic, ID_SIZE, str_of(t->id));
    str_copy(s->area, ID_SIZE, str_of(area_of((const char **)x->chain)));
    str_copy(s->grid, ID_SIZE, str_of(x->chain[PLACE_GRID]));
    s->category = x->category;
    s->fault = x->fault;
    s->people = s->messages = people_in(c, t, s->area, false);
    s->usual = usual_in_window(t, c->now_ms);
    s->emergency =
        people_in(c, t, s->area, true) >= URGENT_PEOPLE && !policy_emergency(c, t->community);
    s->opened_ms = s->last_ms = s->since_ms = c->now_ms;
    for (int i = t->n_voices - 1; i >= 0; i--)
        if (place_lies_in(c, t->community, t->voices[i].place, s->area))
            s->since_ms = t->voices[i].at_ms;
    look_around(c, t, s);
    struct node *n = node_put(c, OBJECT_SURGE, s->id, s);
    node_touch(c, n);
    buf_init(&what);
    buf_addf(&what, "%s ", s->topic);
    write_places(c, s, &what);
    buf_addf(&what, " %d%s", s->people, s->emergency ? " emergency" : "");
    tell_audit(c, "surge.open", n, NULL, buf_z_borrow(&what));
    buf_deinit(&what);
    alert(c, s, x);
    return n;
}

static void join_surge(struct core *c, const struct topic *t, struct node *n)
{
    struct surge *s = n->object;
    bool was = s->emergency;
    s->messages++;
    s->last_ms = c->now_ms;
    s->people = people_in(c, t, s->area, false);
    s->emergency |=
        people_in(c, t, s->area, true) >= URGENT_PEOPLE && !policy_emergency(c, s->community);
    if (look_around(c, t, s) || s->emergency != was) {
        s->version++;
        tell_surge(c, s);
    }
    node_touch(c, n);
}

/* --- a message --- */

static struct node *topic_of(struct core *c, const char *community, const char *id)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, community, id);
    struct node *n = node_find(c, OBJECT_TOPIC, key);
    if (n)
        return n;
    struct topic *t = NEW(struct topic);
    str_copy(t->community, ID_SIZE, str_of(community));
    str_copy(t->id, ID_SIZE, str_of(id));
    return node_put(c, OBJECT_TOPIC, key, t);
}

static void forget_old(struct core *c, struct topic *t)
{
    for (int i = 0; i < t->n_voices;) {
        const struct voice *v = &t->voices[i];
        if (c->now_ms - v->at_ms <= WINDOW_MS ||
            surge_over(c, t->community, t->id, CATEGORY_NONE, v->place)) {
            i++;
            continue;
        }
        count_as_usual(t, v->at_ms, c->now_ms);
        topic_drop(t, i);
    }
}

/* One person counts once, however often and wherever they say it. */
static bool note(struct topic *t, const struct voice *v)
{
    for (int i = 0; i < t->n_voices; i++)
        if (t->voices[i].who == v->who) {
            struct voice *known = &t->voices[i];
            known->urgent |= v->urgent;
            if (known->n_said && known->n_said < VOICE_SAID_MOST)
                known->said[known->n_said++] = v->said[0];
            return false;
        }
    if (t->n_voices >= VOICES_MOST)
        return false;
    topic_add(t, v);
    return true;
}

static bool is_many(const struct core *c, const struct topic *t, const struct heard *x)
{
    double usual = usual_in_window(t, c->now_ms);
    int building = people_in(c, t, x->chain[PLACE_BUILDING], false);
    int estate = people_in(c, t, x->chain[PLACE_ESTATE], false);
    return (building >= BUILDING_PEOPLE && chance_of(building, usual) <= CHANCE) ||
           (estate >= ESTATE_PEOPLE && chance_of(estate, usual) <= CHANCE);
}

/* The surge that it makes, or NULL. */
static struct node *hear(struct core *c, const struct heard *x, const char *id)
{
    struct node *n = topic_of(c, x->community, id);
    struct topic *t = n->object;
    forget_old(c, t);
    t->last_ms = c->now_ms;
    bool one_more = note(t, &x->v);
    node_touch(c, n);
    return one_more && is_many(c, t, x) ? open_surge(c, t, x) : NULL;
}

static void hear_more(struct core *c, const struct heard *x, struct node *over)
{
    const struct surge *s = over->object;
    struct node *n = topic_of(c, s->community, s->topic);
    struct topic *t = n->object;
    t->last_ms = c->now_ms;
    note(t, &x->v);
    node_touch(c, n);
    join_surge(c, t, over);
}

/* What is of that surge by now, and so neither usual nor of another one. */
static void forget_in(struct core *c, const struct surge *s, const char *topic)
{
    struct node *n = node_in(c, OBJECT_TOPIC, s->community, topic);
    struct topic *t = n ? n->object : NULL;
    for (int i = 0; t && i < t->n_voices;)
        if (place_lies_in(c, s->community, t->voices[i].place, s->area))
            topic_drop(t, i);
        else
            i++;
    if (n)
        node_touch(c, n);
}

/* 停电了，电梯也不动: of one surge, and not of two. */
static void hear_topics(struct core *c, const struct heard *x)
{
    struct node *of = NULL;
    for (int i = 0; i < x->n_topics && !of; i++)
        of = surge_over(c, x->community, x->topics[i], x->fault ? x->category : CATEGORY_NONE,
                        x->v.place);
    if (of) {
        hear_more(c, x, of);
        return;
    }
    for (int i = 0; i < x->n_topics && !of; i++)
        of = hear(c, x, x->topics[i]);
    const struct surge *s = of ? of->object : NULL;
    for (int i = 0; s && i < x->n_topics; i++)
        if (strcmp(x->topics[i], s->topic) != 0)
            forget_in(c, s, x->topics[i]);
}

/* --- what it is about --- */

static bool is_fault(enum category k)
{
    return k == CATEGORY_FACILITY || k == CATEGORY_NUISANCE || k == CATEGORY_SAFETY;
}

/* A report that names nothing goes on with what its case is about. In a request a thing is not yet
   a fault (车位, 宽带), but who asks for candles because the power is out tells of that. */
static unsigned faults_of(const struct said *s, const struct node *opened)
{
    unsigned faults = faults_named(s->text), out = 0;
    if (!faults && opened && opened->kind == OBJECT_CASE)
        faults = faults_named(((const struct case_ *)opened->object)->text);
    if (s->reading.intent == INTENT_REPORT || is_fault(s->reading.category))
        return faults;
    for (int i = 0; i < FAULTS_MOST; i++)
        if (faults >> i & 1 && fault_is_outage(i))
            out |= 1u << i;
    return out;
}

static uint64_t said_by(const char *bot, const char *message)
{
    return hash64(message, strlen(message), hash64(bot, strlen(bot), 0));
}

/* The same person by any name the directory knows. */
static uint64_t who_is(const struct said *s)
{
    const struct party *p = s->party;
    bool seen = party_is_seen(p) && p->external_ids.n; /* as before they were */
    const char *who = seen ? p->external_ids.v[0] : p ? p->id : s->m->sender;
    return hash64(who, strlen(who), p && !seen ? 1 : 0);
}

static void add_topics(struct heard *x, unsigned faults, bool leaf)
{
    for (int i = 0; i < 2 * FAULTS_MOST; i++) {
        int fault = i % FAULTS_MOST;
        if (faults >> fault & 1 && fault_is_outage(fault) == (i < FAULTS_MOST) &&
            x->n_topics < TOPICS_MOST - 1)
            snprintf(x->topics[x->n_topics++], ID_SIZE, TOPIC_FAULT "%s", fault_code(fault));
    }
    if (leaf)
        str_copy(x->topics[x->n_topics++], ID_SIZE, str_of(category_code(x->category)));
}

static bool names_outage(unsigned faults)
{
    for (int i = 0; i < FAULTS_MOST; i++)
        if (faults >> i & 1 && fault_is_outage(i))
            return true;
    return false;
}

/* A report that is enough for a case, of its own or one that it joins, is enough here: 停电了 alone
   is read with less certainty than what is told at length. */
static bool is_voice(const struct reading *r, const struct node *opened)
{
    bool tells = r->intent == INTENT_REPORT || r->intent == INTENT_REQUEST;
    return tells && (r->intent_p[r->intent] >= SURE || (opened && opened->kind == OBJECT_CASE));
}

/* People name one and the same event by what of it they see, so that a fault counts for its
   category, too. What is other has nothing in common. */
void surge_hear(struct core *c, const struct said *s, const struct node *opened)
{
    const struct reading *r = &s->reading;
    const char *place = case_place(c, s), *actor = c->actor;
    struct heard x = {.v = {.at_ms = c->now_ms,
                            .who = who_is(s),
                            .said = {said_by(s->m->bot, s->m->id)},
                            .n_said = 1},
                      .community = s->m->community,
                      .message = s->m->id,
                      .category = r->category};
    if (!is_voice(r, opened))
        return;
    unsigned faults = faults_of(s, opened);
    str_copy(x.v.place, ID_SIZE, str_of(place));
    str_copy(x.v.group, ID_SIZE, str_of(s->m->group));
    x.v.urgent =
        r->urgency == URGENCY_CRITICAL || r->category == CATEGORY_SAFETY || names_outage(faults);
    place_chain(c, x.community, place, x.chain);
    x.fault = faults || is_fault(r->category);
    bool common = r->category != CATEGORY_NONE && r->category != CATEGORY_OTHER;
    add_topics(&x, faults, common && (!faults || is_fault(r->category)));
    c->actor = "linli";
    hear_topics(c, &x);
    c->actor = actor;
}

/* --- the clock --- */

int64_t topic_due_ms(const struct topic *t)
{
    return t->last_ms + FORGET_MS;
}

void topic_tick(struct core *c, struct node *n)
{
    node_drop(c, n);
}

int64_t surge_due_ms(const struct core *c, const struct surge *s)
{
    return s->ended_ms ? s->ended_ms + c->o.keep_ms : s->last_ms + QUIET_MS;
}

static void end(struct core *c, struct node *n)
{
    struct surge *s = n->object;
    char people[16];
    s->ended_ms = c->now_ms;
    s->version++;
    notice_apply(&s->notice, NOTICE_EVENT_LAPSE);
    forget_in(c, s, s->topic); /* it is not usual, and the next one begins from nothing */
    node_touch(c, n);
    snprintf(people, sizeof people, "%d", s->people);
    tell_audit(c, "surge.end", n, NULL, people);
    tell_surge(c, s);
}

void surge_tick(struct core *c, struct node *n)
{
    if (((const struct surge *)n->object)->ended_ms)
        node_drop(c, n);
    else
        end(c, n);
}

/* --- a recall --- */

/* False: it was not among what this voice has said. */
static bool take_back(struct voice *v, uint64_t said)
{
    for (int i = 0; i < v->n_said; i++)
        if (v->said[i] == said) {
            v->said[i] = v->said[--v->n_said];
            return true;
        }
    return false;
}

/* A surge of which nobody speaks any more was none. */
static void leave_surge(struct core *c, const struct topic *t, struct node *n)
{
    struct surge *s = n->object;
    bool was = s->emergency;
    s->people = people_in(c, t, s->area, false);
    s->messages = s->messages - 1 > s->people ? s->messages - 1 : s->people;
    s->emergency &= people_in(c, t, s->area, true) >= URGENT_PEOPLE;
    if (!s->people) {
        end(c, n);
        return;
    }
    if (look_around(c, t, s) || s->emergency != was) {
        s->version++;
        tell_surge(c, s);
    }
    node_touch(c, n);
}

static void recall_from(struct core *c, struct node *n, uint64_t said)
{
    struct topic *t = n->object;
    for (int i = 0; i < t->n_voices; i++) {
        if (!take_back(&t->voices[i], said))
            continue;
        struct node *of = surge_over(c, t->community, t->id, CATEGORY_NONE, t->voices[i].place);
        if (!t->voices[i].n_said)
            topic_drop(t, i);
        if (of)
            leave_surge(c, t, of);
        node_touch(c, n);
        return;
    }
}

void surge_recall(struct core *c, const struct message *m)
{
    const char *actor = c->actor;
    uint64_t said = said_by(m->bot, m->recalled);
    c->actor = "linli";
    for (struct node *n = c->objects[OBJECT_TOPIC]; n; n = n->hh.next)
        if (!strcmp(((const struct topic *)n->object)->community, m->community))
            recall_from(c, n, said);
    c->actor = actor;
}

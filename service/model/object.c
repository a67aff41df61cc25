#include "model/object.h"

#include <stdlib.h>
#include <string.h>

#include "base/codes.h"
#include "model/entry.h"
#include "model/policy.h"
#include "model/tally.h"

#define CODE(name, code, ...) code,
static const char *const kinds[] = {OBJECT_KIND_TABLE(CODE)};
static const char *const roles[] = {ROLE_TABLE(CODE)};
static const char *const commands[] = {COMMAND_TABLE(CODE)};
static const char *const routes[] = {ROUTE_TABLE(CODE)};
static const char *const levels[] = {CASE_LEVEL_TABLE(CODE)};
static const char *const outcomes[] = {CASE_OUTCOME_TABLE(CODE)};
static const char *const satisfactions[] = {SATISFACTION_TABLE(CODE)};

CODES_DEFINE(object_kind, object_kind, kinds)
CODES_DEFINE(role, role, roles)
CODES_DEFINE(command, command_kind, commands)
CODES_DEFINE(route, route, routes)
CODES_DEFINE(case_level, case_level, levels)
CODES_DEFINE(case_outcome, case_outcome, outcomes)
CODES_DEFINE(satisfaction, satisfaction, satisfactions)

enum role command_least_role(enum command_kind k)
{
#define X(name, code, role) ROLE_##role,
    static const enum role least[] = {COMMAND_TABLE(X)};
#undef X
    return least[k];
}

/* By hand: every look-up in the directory passes here. */
void object_key(char out[OBJECT_KEY_SIZE], const char *community, const char *id)
{
    size_t n = strnlen(community, ID_SIZE - 1), m = strnlen(id, ID_SIZE - 1);
    memcpy(out, community, n);
    out[n] = '/';
    memcpy(out + n + 1, id, m);
    out[n + 1 + m] = 0;
}

void origin_deinit(struct origin *o)
{
    free(o->bot);
    free(o->message);
    free(o->sender);
    free(o->sender_name);
}

void suggestion_deinit(struct suggestion *s)
{
    free(s->model);
    free(s->confidence);
}

static void post_free(void *object)
{
    struct post *p = object;
    origin_deinit(&p->origin);
    suggestion_deinit(&p->suggestion);
    free(p->text);
    strs_deinit(&p->contacts);
    strs_deinit(&p->contact_kinds);
    free(p->closed_by);
    free(p->merged_into);
    strs_deinit(&p->repeats);
    free(p);
}

static void match_free(void *object)
{
    struct match *m = object;
    free(m->request_message);
    free(m->offer_message);
    free(m->claim);
    free(m->claimant);
    free(m->runner_up);
    free(m->route_why);
    free(m->decided_by);
    free(m->reject_reason);
    free(m->note);
    suggestion_deinit(&m->suggestion);
    free(m);
}

static void case_free(void *object)
{
    struct case_ *c = object;
    origin_deinit(&c->origin);
    strs_deinit(&c->reporters);
    strs_deinit(&c->reported_by);
    free(c->text);
    free(c->return_reason);
    suggestion_deinit(&c->suggestion);
    free(c);
}

static void outbound_free(void *object)
{
    struct outbound *o = object;
    free(o->bot);
    free(o->external_group);
    free(o->text);
    free(o->reply_to);
    free(o->to);
    strs_deinit(&o->contacts);
    free(o->last_error);
    free(o->message);
    free(o->permit);
    free(o);
}

static void advice_free(void *object)
{
    struct advice *a = object;
    free(a->bot);
    free(a->message);
    free(a->sender_name);
    free(a->text);
    free(a->sender);
    free(a->item);
    free(a->unit);
    suggestion_deinit(&a->suggestion);
    free(a);
}

#define FREE(thing)                                                                                \
    static void free_##thing(void *object)                                                         \
    {                                                                                              \
        struct thing *thing = object;                                                              \
        thing##_free(&thing);                                                                      \
    }
FREE(place)
FREE(group)
FREE(party)
FREE(resource)
FREE(policy)
FREE(tally)
FREE(habit)
FREE(topic)
FREE(surge)
FREE(visit)
FREE(alert)

static void free_one(enum object_kind kind, void *object)
{
    static void (*const frees[OBJECT_KIND_N])(void *) = {
        [OBJECT_PLACE] = free_place,   [OBJECT_GROUP] = free_group,
        [OBJECT_PARTY] = free_party,   [OBJECT_RESOURCE] = free_resource,
        [OBJECT_HOLIDAY] = free,       [OBJECT_POLICY] = free_policy,
        [OBJECT_POST] = post_free,     [OBJECT_MATCH] = match_free,
        [OBJECT_CASE] = case_free,     [OBJECT_OUTBOUND] = outbound_free,
        [OBJECT_ADVICE] = advice_free, [OBJECT_TALLY] = free_tally,
        [OBJECT_HABIT] = free_habit,   [OBJECT_TOPIC] = free_topic,
        [OBJECT_SURGE] = free_surge,   [OBJECT_VISIT] = free_visit,
        [OBJECT_ALERT] = free_alert,   [OBJECT_META] = free};
    frees[kind](object);
}

const char *object_community(enum object_kind kind, const void *object)
{
    switch (kind) {
    case OBJECT_POST:
        return ((const struct post *)object)->origin.community;
    case OBJECT_CASE:
        return ((const struct case_ *)object)->origin.community;
    case OBJECT_MATCH:
        return ((const struct match *)object)->community;
    case OBJECT_OUTBOUND:
        return ((const struct outbound *)object)->community;
    case OBJECT_ADVICE:
        return ((const struct advice *)object)->community;
    case OBJECT_SURGE:
        return ((const struct surge *)object)->community;
    case OBJECT_VISIT:
        return ((const struct visit *)object)->community;
    case OBJECT_ALERT:
        return ((const struct alert *)object)->community;
    case OBJECT_META:
        return "";
    default:
        return object; /* the others begin with it */
    }
}

void object_free(enum object_kind kind, void **object)
{
    if (*object)
        free_one(kind, *object);
    *object = NULL;
}

void talk_free(struct talk **t)
{
    if (!*t)
        return;
    free((*t)->message);
    free((*t)->sender);
    free((*t)->sender_name);
    free((*t)->text);
    free((*t)->reply_to);
    free(*t);
    *t = NULL;
}

bool post_is_blind(const struct post *p)
{
    return p->blind && !p->labelled && p->urgency <= URGENCY_NORMAL && !post_is_final(p->state);
}

bool match_is_blind(const struct match *m)
{
    return m->blind && m->urgency <= URGENCY_NORMAL &&
           (m->state == MATCH_PROPOSED || m->state == MATCH_IN_REVIEW);
}

#define QUEUE_STEP 1e11 /* more than any time in seconds */

double match_queue_score(const struct match *m)
{
    int step = (int)m->urgency + (m->urgency == URGENCY_CRITICAL ? URGENCY_N : 0) +
               (m->ahead ? URGENCY_N : 0);
    return step * QUEUE_STEP - (double)(m->deadline_ms / 1000) + m->score / 2;
}

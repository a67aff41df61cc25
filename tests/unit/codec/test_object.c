#include "codec/object.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "codec/json.h"
#include "model/policy.h"
#include "model/tally.h"

/* Every field of every struct, apart from the codec's own tables, so that a row that is missing
   there is found. */
enum type {
    ID,
    Z,
    LIST,
    I64,
    INT,
    DBL,
    FLT,
    BOOL,
    ENUM,
    FLAGS,
    HOURS,
    SLOTS,
    REASONS,
    ROWS,
    DEADLINES,
    VOICES,
    TALLY,
    PAST
};
struct field {
    enum type type;
    size_t at, size;
    int n; /* of an enum */
};
#define F(s, type, member)                                                                         \
    {                                                                                              \
        type, offsetof(struct s, member), sizeof(((struct s *)0)->member), 0                       \
    }
#define E(s, member, n)                                                                            \
    {                                                                                              \
        ENUM, offsetof(struct s, member), sizeof(int), n                                           \
    }
#define ORIGIN(s)                                                                                  \
    F(s, ID, origin.community), F(s, ID, origin.group), F(s, ID, origin.party),                    \
        F(s, ID, origin.place), F(s, ID, origin.grid), F(s, Z, origin.bot),                        \
        F(s, Z, origin.message), F(s, Z, origin.sender), F(s, Z, origin.sender_name),              \
        F(s, I64, origin.time_ms)

#define SUGGESTION(s)                                                                              \
    F(s, I64, suggestion.at_ms), F(s, Z, suggestion.model), E(s, suggestion.intent, INTENT_N),     \
        E(s, suggestion.category, CATEGORY_N), E(s, suggestion.urgency, URGENCY_N),                \
        F(s, Z, suggestion.confidence)

static const struct field place[] = {F(place, ID, community), F(place, ID, id),
                                     F(place, ID, parent),    E(place, kind, PLACE_KIND_N),
                                     F(place, I64, version),  F(place, Z, name),
                                     F(place, LIST, aliases)};
static const struct field group[] = {
    F(group, ID, community), F(group, ID, id),         F(group, ID, place), F(group, Z, connector),
    F(group, Z, bot),        F(group, Z, external_id), F(group, Z, name),   F(group, I64, version)};
static const struct field party[] = {F(party, ID, community),
                                     F(party, ID, id),
                                     F(party, ID, place),
                                     E(party, kind, PARTY_KIND_N),
                                     F(party, Z, name),
                                     F(party, LIST, external_ids),
                                     E(party, provenance, PROVENANCE_N),
                                     F(party, I64, seen_ms),
                                     F(party, LIST, roles),
                                     F(party, LIST, tags),
                                     F(party, HOURS, availability),
                                     F(party, INT, monthly_limit),
                                     F(party, INT, month),
                                     F(party, INT, helped),
                                     F(party, I64, asked_ms),
                                     F(party, I64, version),
                                     F(party, BOOL, do_not_contact),
                                     F(party, ID, consent),
                                     F(party, ID, merged_into),
                                     F(party, LIST, heard_in),
                                     F(party, PAST, outcomes)};
static const struct field resource[] = {
    F(resource, ID, community),        F(resource, ID, id),        F(resource, ID, party),
    E(resource, category, CATEGORY_N), F(resource, LIST, items),   F(resource, DBL, capacity),
    F(resource, DBL, reserved),        F(resource, Z, unit),       F(resource, Z, notes),
    E(resource, mode, MODE_N),         F(resource, HOURS, hours),  E(resource, scope, PLACE_KIND_N),
    F(resource, I64, expires_ms),      F(resource, I64, since_ms), F(resource, I64, asked_ms),
    F(resource, ID, question),         F(resource, BOOL, expired), F(resource, I64, version)};
static const struct field holiday[] = {F(holiday, ID, community), F(holiday, ID, id),
                                       F(holiday, ID, name), F(holiday, I64, version),
                                       E(holiday, kind, HOLIDAY_KIND_N)};
static const struct field policy[] = {
    F(policy, ID, community),
    F(policy, ID, id),
    F(policy, I64, version),
    {ROWS, offsetof(struct policy, rows),
     offsetof(struct policy, deadlines) - offsetof(struct policy, rows), 0},
    {DEADLINES, offsetof(struct policy, deadlines),
     offsetof(struct policy, follow_up) - offsetof(struct policy, deadlines), 0},
    F(policy, BOOL, follow_up.ask_outcome),
    F(policy, BOOL, follow_up.thank),
    F(policy, BOOL, follow_up.ask_renewal),
    F(policy, BOOL, follow_up.reveal_contact),
    F(policy, BOOL, emergency.on),
    F(policy, I64, emergency.since_ms),
    F(policy, Z, emergency.by),
    F(policy, Z, emergency.reason)};
static const struct field post[] = {F(post, ID, id),
                                    F(post, I64, version),
                                    E(post, side, 2),
                                    E(post, state, POST_STATE_N),
                                    ORIGIN(post),
                                    F(post, Z, text),
                                    E(post, category, CATEGORY_N),
                                    E(post, urgency, URGENCY_N),
                                    E(post, mode, MODE_N),
                                    F(post, FLAGS, flags),
                                    F(post, FLT, confidence),
                                    F(post, SLOTS, slots),
                                    F(post, LIST, contacts),
                                    F(post, DBL, asked),
                                    F(post, DBL, reserved),
                                    F(post, DBL, fulfilled),
                                    F(post, DBL, presumed),
                                    F(post, I64, opened_ms),
                                    F(post, I64, expires_ms),
                                    F(post, I64, grace_until_ms),
                                    F(post, I64, closed_ms),
                                    F(post, Z, closed_by),
                                    F(post, Z, merged_into),
                                    F(post, LIST, repeats),
                                    F(post, LIST, contacts),
                                    F(post, LIST, contact_kinds),
                                    F(post, BOOL, edited),
                                    F(post, BOOL, labelled),
                                    F(post, BOOL, blind),
                                    F(post, ID, model),
                                    F(post, ID, case_id),
                                    SUGGESTION(post),
                                    F(post, I64, responded_ms),
                                    F(post, I64, matched_ms),
                                    F(post, INT, widened),
                                    E(post, reach, PLACE_KIND_N)};
static const struct field match[] = {
    F(match, ID, id),
    F(match, I64, version),
    E(match, state, MATCH_STATE_N),
    F(match, ID, community),
    F(match, ID, grid),
    F(match, ID, request),
    F(match, ID, offer),
    F(match, ID, resource),
    F(match, Z, request_message),
    F(match, Z, offer_message),
    F(match, Z, claim),
    F(match, Z, claimant),
    F(match, ID, helper),
    F(match, ID, helped),
    F(match, DBL, quantity),
    E(match, category, CATEGORY_N),
    E(match, urgency, URGENCY_N),
    F(match, FLT, score),
    F(match, FLT, fit),
    {REASONS, offsetof(struct match, n_reasons),
     offsetof(struct match, runner_up) - offsetof(struct match, n_reasons), 0},
    F(match, Z, runner_up),
    E(match, route, ROUTE_N),
    F(match, Z, route_why),
    F(match, ID, outbound),
    F(match, I64, created_ms),
    F(match, I64, deadline_ms),
    F(match, I64, decided_ms),
    F(match, I64, told_ms),
    F(match, Z, decided_by),
    F(match, Z, reject_reason),
    F(match, Z, note),
    F(match, BOOL, blind),
    F(match, BOOL, ahead),
    F(match, BOOL, rested),
    F(match, BOOL, called),
    F(match, BOOL, untold),
    F(match, BOOL, asks),
    F(match, BOOL, displaced),
    SUGGESTION(match),
    F(match, I64, posted_ms),
    F(match, I64, agreed_ms),
    F(match, I64, accepted_ms),
    F(match, BOOL, helper_agreed),
    F(match, ID, agreed_post),
    F(match, ID, ask),
    F(match, I64, asked_ms),
    F(match, ID, question),
    E(match, outcome, MATCH_OUTCOME_N),
    E(match, satisfaction, SATISFACTION_N),
    F(match, BOOL, thanked),
    F(match, ID, reveal_to_helper),
    F(match, ID, reveal_to_helped)};
static const struct field case_[] = {F(case_, ID, id),
                                     F(case_, I64, version),
                                     E(case_, state, CASE_STATE_N),
                                     ORIGIN(case_),
                                     F(case_, LIST, reporters),
                                     F(case_, LIST, reported_by),
                                     F(case_, Z, text),
                                     E(case_, category, CATEGORY_N),
                                     E(case_, urgency, URGENCY_N),
                                     F(case_, ID, assignee),
                                     F(case_, ID, post),
                                     F(case_, ID, merged_into),
                                     F(case_, I64, opened_ms),
                                     F(case_, I64, closed_ms),
                                     F(case_, I64, stage_ms),
                                     F(case_, I64, remind_ms),
                                     F(case_, I64, due_ms),
                                     F(case_, I64, left_ms),
                                     F(case_, I64, dispatched_ms),
                                     F(case_, I64, accepted_ms),
                                     F(case_, I64, resolved_ms),
                                     F(case_, INT, n_dispatched),
                                     F(case_, INT, n_returned),
                                     F(case_, INT, n_redone),
                                     F(case_, INT, n_escalated),
                                     E(case_, level, CASE_LEVEL_N),
                                     E(case_, outcome, CASE_OUTCOME_N),
                                     F(case_, Z, return_reason),
                                     E(case_, satisfaction, SATISFACTION_N),
                                     F(case_, I64, followed_up_ms),
                                     F(case_, BOOL, contacted),
                                     F(case_, BOOL, solved),
                                     F(case_, BOOL, labelled),
                                     F(case_, ID, model),
                                     SUGGESTION(case_),
                                     F(case_, I64, overdue_ms),
                                     F(case_, INT, counted)};
static const struct field outbound[] = {F(outbound, ID, id),
                                        F(outbound, I64, version),
                                        E(outbound, state, OUTBOUND_STATE_N),
                                        F(outbound, ID, community),
                                        F(outbound, ID, group),
                                        F(outbound, ID, match),
                                        F(outbound, Z, bot),
                                        F(outbound, Z, external_group),
                                        F(outbound, Z, text),
                                        F(outbound, Z, reply_to),
                                        F(outbound, Z, message),
                                        F(outbound, I64, created_ms),
                                        F(outbound, I64, due_ms),
                                        F(outbound, BOOL, held),
                                        F(outbound, INT, attempts),
                                        F(outbound, Z, last_error),
                                        E(outbound, kind, OUTBOUND_KIND_N),
                                        F(outbound, Z, permit),
                                        F(outbound, ID, resource),
                                        F(outbound, ID, surge),
                                        F(outbound, Z, to),
                                        F(outbound, ID, post),
                                        F(outbound, LIST, contacts)};
static const struct field advice[] = {F(advice, ID, id),
                                      F(advice, I64, version),
                                      F(advice, ID, community),
                                      F(advice, ID, group),
                                      F(advice, ID, grid),
                                      F(advice, Z, bot),
                                      F(advice, Z, message),
                                      F(advice, Z, sender_name),
                                      F(advice, Z, text),
                                      E(advice, intent, INTENT_N),
                                      SUGGESTION(advice),
                                      F(advice, I64, said_ms),
                                      F(advice, I64, expires_ms),
                                      E(advice, kind, ADVICE_KIND_N),
                                      F(advice, ID, resource),
                                      F(advice, ID, party),
                                      F(advice, Z, sender),
                                      F(advice, Z, item),
                                      F(advice, Z, unit),
                                      E(advice, category, CATEGORY_N),
                                      E(advice, mode, MODE_N),
                                      F(advice, DBL, capacity),
                                      E(advice, scope, PLACE_KIND_N)};
static const struct field habit[] = {
    F(habit, ID, community),       F(habit, ID, id),           F(habit, ID, party),
    F(habit, Z, sender),           F(habit, Z, word),          E(habit, category, CATEGORY_N),
    E(habit, mode, MODE_N),        F(habit, Z, unit),          F(habit, DBL, capacity),
    E(habit, scope, PLACE_KIND_N), F(habit, I64, last_ms),     F(habit, I64, second_ms),
    F(habit, I64, third_ms),       F(habit, I64, suggested_ms)};
static const struct field tally[] = {F(tally, ID, community),
                                     F(tally, ID, id),
                                     F(tally, I64, start_ms),
                                     {TALLY, offsetof(struct tally, counts),
                                      sizeof(struct tally) - offsetof(struct tally, counts), 0}};
static const struct field topic[] = {F(topic, ID, community),
                                     F(topic, ID, id),
                                     F(topic, DBL, rate),
                                     F(topic, I64, as_of_ms),
                                     F(topic, I64, last_ms),
                                     {VOICES, offsetof(struct topic, voices),
                                      sizeof(struct topic) - offsetof(struct topic, voices), 0}};
static const struct field surge[] = {F(surge, ID, id),
                                     F(surge, I64, version),
                                     F(surge, ID, community),
                                     F(surge, ID, topic),
                                     F(surge, ID, area),
                                     F(surge, ID, grid),
                                     E(surge, category, CATEGORY_N),
                                     F(surge, BOOL, fault),
                                     F(surge, LIST, places),
                                     F(surge, LIST, groups),
                                     F(surge, INT, messages),
                                     F(surge, INT, people),
                                     F(surge, DBL, usual),
                                     F(surge, BOOL, emergency),
                                     F(surge, I64, since_ms),
                                     F(surge, I64, opened_ms),
                                     F(surge, I64, last_ms),
                                     F(surge, I64, ended_ms),
                                     E(surge, notice, NOTICE_STATE_N),
                                     F(surge, Z, text),
                                     F(surge, Z, decided_by),
                                     F(surge, Z, reject_reason),
                                     F(surge, I64, decided_ms),
                                     F(surge, LIST, outbound)};
static const struct field visit[] = {
    F(visit, ID, id),          F(visit, I64, version),  E(visit, state, VISIT_STATE_N),
    F(visit, ID, community),   F(visit, ID, grid),      F(visit, ID, party),
    F(visit, ID, officer),     F(visit, INT, round),    F(visit, I64, asked_ms),
    F(visit, I64, decided_ms), F(visit, Z, decided_by), F(visit, Z, note),
    F(visit, INT, reminded)};
static const struct field alert[] = {
    F(alert, ID, id),        F(alert, I64, version), E(alert, state, ALERT_STATE_N),
    F(alert, ID, community), F(alert, ID, grid),     F(alert, ID, group),
    F(alert, Z, kind),       F(alert, Z, message),   F(alert, Z, text),
    F(alert, ID, post),      F(alert, ID, case_id),  F(alert, ID, surge),
    F(alert, ID, visit),     F(alert, ID, assignee), F(alert, I64, opened_ms),
    F(alert, I64, seen_ms),  F(alert, Z, seen_by),   F(alert, INT, repeated)};
static const struct field meta[] = {F(meta, I64, next_number), F(meta, I64, next_person)};
static const struct field talk[] = {
    F(talk, ID, group),        F(talk, ID, community),  F(talk, Z, message),
    F(talk, Z, sender),        F(talk, Z, sender_name), F(talk, Z, text),
    F(talk, Z, reply_to),      F(talk, BOOL, labelled), F(talk, FLT, claim_p),
    E(talk, intent, INTENT_N), F(talk, I64, at_ms),     F(talk, I64, time_ms),
    F(talk, ID, ref)};

#define KIND(name) name, sizeof name / sizeof *name, sizeof(struct name)
enum { TALK = OBJECT_KIND_N, KINDS };
static const struct {
    const struct field *fields;
    size_t n, size;
} kinds[KINDS] = {[OBJECT_PLACE] = {KIND(place)},
                  [OBJECT_GROUP] = {KIND(group)},
                  [OBJECT_PARTY] = {KIND(party)},
                  [OBJECT_RESOURCE] = {KIND(resource)},
                  [OBJECT_HOLIDAY] = {KIND(holiday)},
                  [OBJECT_POLICY] = {KIND(policy)},
                  [OBJECT_POST] = {KIND(post)},
                  [OBJECT_MATCH] = {KIND(match)},
                  [OBJECT_CASE] = {KIND(case_)},
                  [OBJECT_OUTBOUND] = {KIND(outbound)},
                  [OBJECT_ADVICE] = {KIND(advice)},
                  [OBJECT_TALLY] = {KIND(tally)},
                  [OBJECT_HABIT] = {KIND(habit)},
                  [OBJECT_TOPIC] = {KIND(topic)},
                  [OBJECT_SURGE] = {KIND(surge)},
                  [OBJECT_VISIT] = {KIND(visit)},
                  [OBJECT_ALERT] = {KIND(alert)},
                  [OBJECT_META] = {KIND(meta)},
                  [TALK] = {KIND(talk)}};

/* --- random values --- */

static uint64_t seed = 88172645463325252u;

static uint64_t any(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

/* 1 to 8 characters that want care, at most `size` bytes with the NUL. */
static void any_text(char *out, size_t size)
{
    static const char *const bits[] = {
        "a", "\"", "\\", "你", "\n", "/", " ", "\x01", "0", "\xf0\x9f\x98\x80", "\x7f", "}"};
    out[0] = 0;
    for (int n = 1 + (int)(any() % 8); n > 0; n--) {
        const char *bit = bits[any() % (sizeof bits / sizeof *bits)];
        if (strlen(out) + strlen(bit) < size)
            strcat(out, bit);
    }
}

static void any_slots(struct slots *s)
{
    s->n_items = (int)(any() % (SLOT_ITEMS_MAX + 1));
    for (int i = 0; i < s->n_items; i++) {
        s->items[i].concept = (uint16_t)any();
        s->items[i].category = (enum category)(any() % CATEGORY_N);
        any_text(s->items[i].word, sizeof s->items[i].word);
    }
    s->quantity = (double)(any() % 1000) / 8;
    any_text(s->unit, sizeof s->unit);
    any_text(s->place.estate, sizeof s->place.estate);
    s->place.building = (int16_t)any();
    s->place.entrance = (int16_t)any();
    s->place.floor = (int16_t)any();
    s->place.building_letter = any() % 2 ? 'B' : 0;
    s->time.start_ms = (int64_t)any();
    s->time.end_ms = (int64_t)any();
}

static void any_reasons(struct match *m)
{
    m->n_reasons = (int)(any() % (MATCH_REASONS_MAX + 1));
    for (int i = 0; i < m->n_reasons; i++) {
        any_text(m->reasons[i].name, sizeof m->reasons[i].name);
        any_text(m->reasons[i].text, sizeof m->reasons[i].text);
        m->reasons[i].part = (float)(int32_t)any() / 1e9f;
    }
}

static void any_rows(struct policy *p)
{
    p->n_rows = (int)(any() % 4);
    p->rows = p->n_rows ? mem_new((size_t)p->n_rows * sizeof *p->rows) : NULL;
    for (int i = 0; i < p->n_rows; i++) {
        char text[64];
        any_text(text, sizeof text);
        p->rows[i] = (struct policy_row){.category = (enum category)(any() % CATEGORY_N),
                                         .urgency = (enum urgency)(any() % URGENCY_N),
                                         .party = (enum policy_party)(any() % POLICY_PARTY_N),
                                         .confidence_below = (float)(any() % 100) / 100,
                                         .score_below = (float)(any() % 100) / 100,
                                         .score_below_auto = any() % 2,
                                         .route = (enum route)(any() % ROUTE_N),
                                         .why = mem_dup(text)};
    }
}

static void any_deadlines(struct policy *p)
{
    p->n_deadlines = 1 + (int)(any() % 3);
    p->deadlines = mem_new((size_t)p->n_deadlines * sizeof *p->deadlines);
    for (int i = 0; i < p->n_deadlines; i++) {
        p->deadlines[i].category = (enum category)(any() % CATEGORY_N);
        p->deadlines[i].urgency = (enum deadline_urgency)(any() % DEADLINE_URGENCY_N);
        for (int s = 0; s < STAGE_N; s++)
            p->deadlines[i].minutes[s] = (int)(any() % 3 * 100);
    }
}

static bool same_deadlines(const struct policy *a, const struct policy *b)
{
    return a->n_deadlines == b->n_deadlines &&
           (!a->n_deadlines ||
            !memcmp(a->deadlines, b->deadlines, (size_t)a->n_deadlines * sizeof *a->deadlines));
}

static bool same_rows(const struct policy *a, const struct policy *b)
{
    bool same = a->n_rows == b->n_rows;
    for (int i = 0; same && i < a->n_rows; i++) {
        struct policy_row x = a->rows[i], y = b->rows[i];
        same = !strcmp(x.why, y.why) && x.category == y.category && x.urgency == y.urgency &&
               x.party == y.party && x.score_below_auto == y.score_below_auto &&
               x.route == y.route &&
               !memcmp(&x.confidence_below, &y.confidence_below, sizeof(float)) &&
               !memcmp(&x.score_below, &y.score_below, sizeof(float));
    }
    return same;
}

static void any_tally(struct tally *t)
{
    for (int n = (int)(any() % 60); n > 0; n--) {
        enum tally_series s = (enum tally_series)(any() % TALLY_N);
        tally_add(t, s, (int)(any() % (uint64_t)tally_at_end(s)), 1 + (int)(any() % 1000));
    }
    for (int n = (int)(any() % 20); n > 0; n--) {
        char name[ID_SIZE];
        any_text(name, any() % 8 ? sizeof name : 1);
        tally_add_row(t, (enum tally_list)(any() % TALLY_LIST_N), name,
                      (int)(any() % TALLY_COLUMNS), 1 + (int)(any() % 1000));
    }
}

static bool same_tally(const struct tally *a, const struct tally *b)
{
    bool same = a->n_counts == b->n_counts && a->n_rows == b->n_rows;
    for (int i = 0; same && i < a->n_counts; i++)
        same = !memcmp(&a->counts[i], &b->counts[i], sizeof a->counts[i]);
    for (int i = 0; same && i < a->n_rows; i++)
        same = a->rows[i].list == b->rows[i].list &&
               !strcmp(tally_row_name(a, &a->rows[i]), tally_row_name(b, &b->rows[i])) &&
               !memcmp(a->rows[i].v, b->rows[i].v, sizeof a->rows[i].v);
    return same;
}

static void any_voices(struct topic *t)
{
    for (int n = (int)(any() % 9); n > 0; n--) {
        struct voice v = {.at_ms = 1 + (int64_t)(any() >> 20), .who = any(), .urgent = any() % 2};
        any_text(v.place, any() % 8 ? sizeof v.place : 1);
        for (v.n_said = 0; v.n_said < (int)(any() % (VOICE_SAID_MOST + 1)); v.n_said++)
            v.said[v.n_said] = any();
        any_text(v.group, sizeof v.group);
        topic_add(t, &v);
    }
}

static bool same_voices(const struct topic *a, const struct topic *b)
{
    bool same = a->n_voices == b->n_voices;
    for (int i = 0; same && i < a->n_voices; i++) {
        const struct voice *x = &a->voices[i], *y = &b->voices[i];
        same = x->at_ms == y->at_ms && x->who == y->who && x->urgent == y->urgent &&
               x->n_said == y->n_said &&
               !memcmp(x->said, y->said, (size_t)x->n_said * sizeof *x->said) &&
               !strcmp(x->place, y->place) && !strcmp(x->group, y->group);
    }
    return same;
}

static void any_past(struct past *p)
{
    for (int n = (int)(any() % 9); n > 0; n--) {
        const struct outcomes o = {24300 + (int)(any() % 9), (int)(any() % 3), (int)(any() % 3),
                                   (int)(any() % 3), (int)(any() % 3)};
        past_add(p, &o);
    }
}

static bool same_past(const struct past *a, const struct past *b)
{
    return a->n == b->n && (!a->n || !memcmp(a->v, b->v, (size_t)a->n * sizeof *a->v));
}

static void any_list(struct strs *l)
{
    for (int n = (int)(any() % 4); n > 0; n--) {
        char text[64];
        any_text(text, sizeof text);
        strs_add(l, str_of(any() % 8 ? text : ""));
    }
}

static void any_hours(struct hours *h)
{
    static const char *const texts[] = {"", "mon-fri 09:00-17:00",
                                        "sat 08:00-12:00;sun 14:30-24:00", "mon-sun 00:00-24:00"};
    assert_true(hours_parse(str_of(texts[any() % 4]), h));
}

static void any_value(const struct field *f, void *object)
{
    void *at = (char *)object + f->at;
    char text[64];
    any_text(text, sizeof text);
    switch (f->type) {
    case ID:
        any_text(at, f->size);
        break;
    case Z:
        *(char **)at = any() % 4 ? mem_dup(text) : NULL;
        break;
    case LIST:
        any_list(at);
        break;
    case I64:
        *(int64_t *)at = (int64_t)(any() >> any() % 64);
        break;
    case INT:
        *(int *)at = (int)any();
        break;
    case DBL:
        *(double *)at = (double)(int64_t)any() / (double)(1 + (any() >> any() % 64));
        break;
    case FLT:
        *(float *)at = (float)(int32_t)any() / 3e9f;
        break;
    case BOOL:
        *(bool *)at = any() % 2;
        break;
    case ENUM:
        *(int *)at = (int)(any() % (uint64_t)f->n);
        break;
    case FLAGS:
        *(unsigned *)at = (unsigned)(any() % (1u << FLAG_N));
        break;
    case HOURS:
        any_hours(at);
        break;
    case SLOTS:
        any_slots(at);
        break;
    case REASONS:
        any_reasons(object);
        break;
    case ROWS:
        any_rows(object);
        break;
    case DEADLINES:
        any_deadlines(object);
        break;
    case VOICES:
        any_voices(object);
        break;
    case TALLY:
        any_tally(object);
        break;
    case PAST:
        any_past(at);
        break;
    }
}

static void *any_object(int kind)
{
    void *object = mem_new(kinds[kind].size);
    for (size_t i = 0; i < kinds[kind].n; i++)
        if (any() % 8) /* else it keeps its zero */
            any_value(&kinds[kind].fields[i], object);
    if (kind < DIRECTORY_KINDS) /* never 0; each row of the directory begins as a place does */
        ((struct place *)object)->version |= 1;
    return object;
}

/* --- comparing --- */

static bool same_list(const struct strs *a, const struct strs *b)
{
    bool same = a->n == b->n;
    for (int i = 0; same && i < a->n; i++)
        same = !strcmp(a->v[i], b->v[i]);
    return same;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool same_field(const struct field *f, const void *a, const void *b)
{
    const void *p = (const char *)a + f->at, *q = (const char *)b + f->at;
    if (f->type == Z)
        return same_text(*(char *const *)p, *(char *const *)q);
    if (f->type == LIST)
        return same_list(p, q);
    if (f->type == ROWS)
        return same_rows(a, b);
    if (f->type == DEADLINES)
        return same_deadlines(a, b);
    if (f->type == VOICES)
        return same_voices(a, b);
    if (f->type == PAST)
        return same_past(p, q);
    if (f->type == TALLY)
        return same_tally(a, b);
    return !memcmp(p, q, f->size);
}

static void encode(int kind, const void *object, struct buf *out)
{
    if (kind == TALK)
        talk_encode(object, out);
    else
        object_encode((enum object_kind)kind, object, out);
}

static enum err decode(int kind, struct str json, void **object_r, struct errbuf *eb)
{
    struct talk *t;
    if (kind != TALK)
        return object_decode((enum object_kind)kind, json, object_r, eb);
    enum err e = talk_decode(json, &t, eb);
    *object_r = t;
    return e;
}

static void release(int kind, void *object)
{
    struct talk *t = object;
    if (kind == TALK)
        talk_free(&t);
    else
        object_free((enum object_kind)kind, &object);
}

static void what_is_decoded_equals_what_was_encoded(void **state)
{
    (void)state;
    for (int round = 0; round < 400 * KINDS; round++) {
        int kind = round % KINDS;
        struct errbuf eb = {.text = ""};
        struct buf b;
        void *object = any_object(kind), *back;
        buf_init(&b);
        encode(kind, object, &b);
        if (decode(kind, buf_str_borrow(&b), &back, &eb))
            fail_msg("kind %d: %s: %s", kind, eb.text, buf_z_borrow(&b));
        for (size_t i = 0; i < kinds[kind].n; i++)
            if (!same_field(&kinds[kind].fields[i], object, back))
                fail_msg("kind %d, field %zu: %s", kind, i, buf_z_borrow(&b));
        release(kind, object);
        release(kind, back);
        buf_deinit(&b);
    }
}

/* The tables above leave out nothing but what aligns the next field. */
static void the_tables_of_this_test_are_whole(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        unsigned char *seen = mem_new(kinds[kind].size + 8);
        size_t gap = 0;
        for (size_t i = 0; i < kinds[kind].n; i++)
            memset(seen + kinds[kind].fields[i].at, 1, kinds[kind].fields[i].size);
        for (size_t i = 0; i < kinds[kind].size; i++) {
            gap = seen[i] ? 0 : gap + 1;
            if (gap >= 8)
                fail_msg("kind %d has a field at byte %zu", kind, i);
        }
        free(seen);
    }
}

static void an_unknown_field_is_passed_over_and_a_missing_one_is_zero(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        void *a, *b;
        assert_int_equal(decode(kind, STR("{}"), &a, NULL), ERR_OK);
        assert_int_equal(
            decode(kind, STR("{\"of_a_newer_version\":{\"x\":[1,\"2\",null]}}"), &b, NULL), ERR_OK);
        assert_memory_equal(a, b, kinds[kind].size);
        if (kind < DIRECTORY_KINDS) { /* stored before rows had versions */
            assert_true(((struct place *)a)->version == 1);
            ((struct place *)a)->version = 0;
        }
        for (size_t i = 0; i < kinds[kind].size; i++)
            assert_int_equal(((unsigned char *)a)[i], 0);
        release(kind, a);
        release(kind, b);
    }
}

/* Every member of a real object with a value of another type: never a crash, and no field that only
   looks right. */
static void members_of_a_wrong_type_do_no_harm(void **state)
{
    static const char *const values[] = {"null",  "true", "7",    "-1e300",
                                         "\"x\"", "[]",   "[[]]", "{\"id\":[]}"};
    (void)state;
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            struct buf whole, odd;
            struct json_doc *doc;
            void *object = any_object(kind), *back;
            buf_init(&whole);
            buf_init(&odd);
            encode(kind, object, &whole);
            assert_int_equal(json_parse(buf_str_borrow(&whole), &doc, NULL), ERR_OK);
            struct json_out j = json_out(&odd);
            json_object(&j, NULL);
            for (const struct json *m = json_first(json_root(doc)); m; m = json_next(m))
                json_raw(&j, json_key(m), str_of(values[v]));
            json_object_end(&j);
            assert_int_equal(decode(kind, buf_str_borrow(&odd), &back, NULL), ERR_OK);
            release(kind, object);
            release(kind, back);
            json_doc_free(&doc);
            buf_deinit(&whole);
            buf_deinit(&odd);
        }
}

static void what_is_no_object_is_refused(void **state)
{
    static const char *const rows[] = {
        "", "[]", "1", "null", "\"x\"", "{", "{\"id\":\"a\",\"id\":1}"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int kind = 0; kind < OBJECT_KIND_N; kind++) {
            void *object;
            assert_int_not_equal(decode(kind, str_of(rows[i]), &object, NULL), ERR_OK);
            assert_null(object);
        }
}

static void what_is_shown_has_no_contact_and_times_for_people(void **state)
{
    struct buf b;
    struct json_doc *doc;
    struct post *p = NEW(struct post);
    void *object = p;
    (void)state;
    str_copy(p->id, sizeof p->id, STR("p07-1"));
    p->version = 3;
    p->opened_ms = 1700000000000;
    strs_add(&p->contacts, STR("1.SEALEDTEXT"));
    buf_init(&b);
    struct json_out j = json_out(&b);
    object_show(OBJECT_POST, p, 480, &j);
    assert_null(strstr(buf_z_borrow(&b), "SEALEDTEXT"));
    assert_int_equal(json_parse(buf_str_borrow(&b), &doc, NULL), ERR_OK);
    const struct json *o = json_root(doc);
    assert_string_equal(json_get_z(o, "opened", ""), "2023-11-15T06:13:20+08:00");
    assert_string_equal(json_get_z(o, "side", ""), "request");
    assert_string_equal(json_get_z(o, "state", ""), "open");
    assert_int_equal(json_get_i64(o, "version", 0), 3);
    assert_int_equal(json_get_i64(o, "contacts_sealed", 0), 1);
    json_doc_free(&doc);
    object_free(OBJECT_POST, &object);
    buf_deinit(&b);
}

static void whatever_is_shown_is_sound_json(void **state)
{
    (void)state;
    for (int round = 0; round < 50 * OBJECT_KIND_N; round++) {
        int kind = round % OBJECT_KIND_N;
        struct errbuf eb = {.text = ""};
        struct buf b;
        void *object = any_object(kind);
        buf_init(&b);
        struct json_out j = json_out(&b);
        object_show((enum object_kind)kind, object, 480, &j);
        if (json_guard(buf_str_borrow(&b), &eb))
            fail_msg("kind %d: %s: %s", kind, eb.text, buf_z_borrow(&b));
        release(kind, object);
        buf_deinit(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_decoded_equals_what_was_encoded),
        cmocka_unit_test(the_tables_of_this_test_are_whole),
        cmocka_unit_test(an_unknown_field_is_passed_over_and_a_missing_one_is_zero),
        cmocka_unit_test(members_of_a_wrong_type_do_no_harm),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(what_is_shown_has_no_contact_and_times_for_people),
        cmocka_unit_test(whatever_is_shown_is_sound_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

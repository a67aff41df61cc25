#include "codec/object.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/policy.h"
#include "directory_priv.h"
#include "table_priv.h"
#include "model/tally.h"

/* --- codes of enums, as ints --- */

CODES(category, category, category_code, category_parse)
CODES(urgency, urgency, urgency_code, urgency_parse)
CODES(mode, mode, mode_code, mode_parse)
CODES(intent, intent, intent_code, intent_parse)
CODES(place_kind, place_kind, place_kind_code, place_kind_parse)
CODES(party_kind, party_kind, party_kind_code, party_kind_parse)
CODES(provenance, provenance, provenance_code, provenance_parse)
CODES(post_state, post_state, post_state_code, post_state_parse)
CODES(match_state, match_state, match_state_code, match_state_parse)
CODES(case_state, case_state, case_state_code, case_state_parse)
CODES(outbound_state, outbound_state, outbound_state_code, outbound_state_parse)
CODES(route, route, route_code, route_parse)
CODES(policy_party, policy_party, policy_party_code, policy_party_parse)
CODES(case_level, case_level, case_level_code, case_level_parse)
CODES(case_outcome, case_outcome, case_outcome_code, case_outcome_parse)
CODES(outbound_kind, outbound_kind, outbound_kind_code, outbound_kind_parse)
CODES(match_outcome, match_outcome, match_outcome_code, match_outcome_parse)
CODES(deadline_urgency, deadline_urgency, deadline_urgency_code, deadline_urgency_parse)
CODES(holiday_kind, holiday_kind, holiday_kind_code, holiday_kind_parse)
CODES(satisfaction, satisfaction, satisfaction_code, satisfaction_parse)
CODES(advice_kind, advice_kind, advice_kind_code, advice_kind_parse)

static const char *side_code_of(int v)
{
    return v == SIDE_OFFER ? "offer" : "request";
}

static bool side_parse_to(struct str s, int *v_r)
{
    *v_r = str_is(s, "offer") ? SIDE_OFFER : SIDE_REQUEST;
    return *v_r == SIDE_OFFER || str_is(s, "request");
}
static const struct codes codes_side = {side_code_of, side_parse_to};

/* --- tables --- */

static const struct field place_fields[] = {F(place, ID, community),
                                            F(place, ID, id),
                                            F(place, ID, parent),
                                            F(place, I64, version),
                                            E_ALWAYS(place, kind, place_kind),
                                            F(place, TEXT, name),
                                            F(place, STRS, aliases),
                                            END};
static const struct field group_fields[] = {
    F(group, ID, community),     F(group, ID, id),          F(group, ID, place),
    F(group, I64, version),      F(group, TEXT, connector), F(group, TEXT, bot),
    F(group, TEXT, external_id), F(group, TEXT, name),      END};
static const struct field outcomes_fields[] = {
    F(outcomes, INT, month),    F(outcomes, INT, kept),    F(outcomes, INT, failed),
    F(outcomes, INT, answered), F(outcomes, INT, refused), END};
static const struct field party_fields[] = {
    F(party, ID, community),
    F(party, ID, id),
    F(party, ID, place),
    F(party, I64, version),
    E_ALWAYS(party, kind, party_kind),
    E_ALWAYS(party, provenance, provenance),
    F(party, TEXT, name),
    F(party, STRS, external_ids),
    F(party, STRS, roles),
    F(party, STRS, tags),
    F(party, HOURS, availability),
    ALWAYS(party, INT, monthly_limit),
    F(party, BOOL, do_not_contact),
    F(party, SHORT, consent),
    F(party, ID, merged_into),
    F(party, INT, month),
    F(party, INT, helped),
    F(party, I64, asked_ms),
    F(party, I64, seen_ms),
    F(party, STRS, heard_in),
    {"outcomes", FIELD_PAST, offsetof(struct party, outcomes), NULL, outcomes_fields, false},
    END};
static const struct field resource_fields[] = {F(resource, ID, community),
                                               F(resource, ID, id),
                                               F(resource, ID, party),
                                               F(resource, I64, version),
                                               E(resource, category, category),
                                               F(resource, STRS, items),
                                               ALWAYS(resource, DOUBLE, capacity),
                                               F(resource, DOUBLE, reserved),
                                               F(resource, TEXT, unit),
                                               F(resource, TEXT, notes),
                                               E(resource, mode, mode),
                                               E_ALWAYS(resource, scope, place_kind),
                                               F(resource, HOURS, hours),
                                               F(resource, I64, expires_ms),
                                               F(resource, I64, since_ms),
                                               F(resource, I64, asked_ms),
                                               F(resource, ID, question),
                                               F(resource, BOOL, expired),
                                               END};
static const struct field holiday_fields[] = {
    F(holiday, ID, community),
    {"date", FIELD_ID, offsetof(struct holiday, id), NULL, NULL, false},
    F(holiday, ID, name),
    F(holiday, I64, version),
    E_ALWAYS(holiday, kind, holiday_kind),
    END};
static const struct field policy_row_fields[] = {E(policy_row, category, category),
                                                 E(policy_row, urgency, urgency),
                                                 E(policy_row, party, policy_party),
                                                 F(policy_row, FLOAT, confidence_below),
                                                 F(policy_row, FLOAT, score_below),
                                                 F(policy_row, BOOL, score_below_auto),
                                                 E(policy_row, route, route),
                                                 F(policy_row, TEXT, why),
                                                 END};
#define MINUTES(name, stage)                                                                       \
    {                                                                                              \
        name, FIELD_INT, offsetof(struct deadline_row, minutes[stage]), NULL, NULL, false          \
    }
static const struct field deadline_fields[] = {E(deadline_row, category, category),
                                               E(deadline_row, urgency, deadline_urgency),
                                               MINUTES("dispatch_min", STAGE_DISPATCH),
                                               MINUTES("accept_min", STAGE_ACCEPT),
                                               MINUTES("resolve_min", STAGE_RESOLVE),
                                               MINUTES("verify_min", STAGE_VERIFY),
                                               END};
static const struct field follow_up_fields[] = {
    F(policy_follow_up, BOOL, ask_outcome), F(policy_follow_up, BOOL, thank),
    F(policy_follow_up, BOOL, ask_renewal), F(policy_follow_up, BOOL, reveal_contact), END};
static const struct field emergency_fields[] = {
    F(policy_emergency, BOOL, on), F(policy_emergency, I64, since_ms),
    F(policy_emergency, TEXT, by), F(policy_emergency, TEXT, reason), END};
static const struct field policy_fields[] = {
    F(policy, ID, community),
    F(policy, ID, id),
    F(policy, I64, version),
    {"rows", FIELD_POLICY_ROWS, 0, NULL, policy_row_fields, false},
    {"deadlines", FIELD_POLICY_DEADLINES, 0, NULL, deadline_fields, false},
    S(policy, follow_up, follow_up_fields),
    S(policy, emergency, emergency_fields),
    END};
static const struct field origin_fields[] = {F(origin, ID, community),
                                             F(origin, ID, group),
                                             F(origin, ID, party),
                                             F(origin, ID, place),
                                             F(origin, ID, grid),
                                             F(origin, TEXT, bot),
                                             F(origin, TEXT, message),
                                             F(origin, TEXT, sender),
                                             F(origin, I64, time_ms),
                                             F(origin, TEXT, sender_name),
                                             END};
static const struct field suggestion_fields[] = {F(suggestion, I64, at_ms),
                                                 F(suggestion, TEXT, model),
                                                 E(suggestion, intent, intent),
                                                 E(suggestion, category, category),
                                                 E(suggestion, urgency, urgency),
                                                 F(suggestion, TEXT, confidence),
                                                 END};
static const struct field post_fields[] = {
    F(post, ID, id),
    F(post, I64, version),
    {"side", FIELD_ENUM, offsetof(struct post, side), &codes_side, NULL, false},
    E(post, state, post_state),
    S(post, origin, origin_fields),
    F(post, TEXT, text),
    E(post, category, category),
    E(post, urgency, urgency),
    E(post, mode, mode),
    F(post, FLAGS, flags),
    F(post, FLOAT, confidence),
    F(post, SLOTS, slots),
    F(post, STRS, contacts),
    F(post, STRS, contact_kinds),
    F(post, DOUBLE, asked),
    F(post, DOUBLE, reserved),
    F(post, DOUBLE, fulfilled),
    F(post, DOUBLE, presumed),
    F(post, I64, opened_ms),
    F(post, I64, expires_ms),
    F(post, I64, grace_until_ms),
    F(post, I64, closed_ms),
    F(post, TEXT, closed_by),
    F(post, TEXT, merged_into),
    F(post, STRS, repeats),
    F(post, BOOL, edited),
    F(post, ID, case_id),
    F(post, ID, model),
    F(post, BOOL, labelled),
    F(post, BOOL, blind),
    S(post, suggestion, suggestion_fields),
    F(post, I64, responded_ms),
    F(post, I64, matched_ms),
    F(post, INT, widened),
    E(post, reach, place_kind),
    END};
static const struct field match_fields[] = {F(match, ID, id),
                                            F(match, I64, version),
                                            E(match, state, match_state),
                                            F(match, ID, community),
                                            F(match, ID, grid),
                                            F(match, ID, request),
                                            F(match, ID, offer),
                                            F(match, ID, resource),
                                            F(match, TEXT, request_message),
                                            F(match, TEXT, offer_message),
                                            F(match, TEXT, claim),
                                            F(match, TEXT, claimant),
                                            F(match, ID, helper),
                                            F(match, ID, helped),
                                            F(match, DOUBLE, quantity),
                                            E(match, category, category),
                                            E(match, urgency, urgency),
                                            F(match, FLOAT, score),
                                            F(match, FLOAT, fit),
                                            {"reasons", FIELD_REASONS, 0, NULL, NULL, false},
                                            F(match, TEXT, runner_up),
                                            E(match, route, route),
                                            F(match, TEXT, route_why),
                                            F(match, ID, outbound),
                                            F(match, ID, ask),
                                            F(match, ID, agreed_post),
                                            F(match, I64, created_ms),
                                            F(match, I64, deadline_ms),
                                            F(match, I64, decided_ms),
                                            F(match, I64, told_ms),
                                            F(match, TEXT, decided_by),
                                            F(match, TEXT, reject_reason),
                                            F(match, TEXT, note),
                                            F(match, BOOL, blind),
                                            F(match, BOOL, ahead),
                                            F(match, BOOL, rested),
                                            F(match, BOOL, called),
                                            F(match, BOOL, untold),
                                            F(match, BOOL, asks),
                                            F(match, BOOL, displaced),
                                            S(match, suggestion, suggestion_fields),
                                            F(match, I64, posted_ms),
                                            F(match, I64, agreed_ms),
                                            F(match, I64, accepted_ms),
                                            F(match, BOOL, helper_agreed),
                                            F(match, I64, asked_ms),
                                            F(match, ID, question),
                                            E(match, outcome, match_outcome),
                                            E(match, satisfaction, satisfaction),
                                            F(match, BOOL, thanked),
                                            F(match, ID, reveal_to_helper),
                                            F(match, ID, reveal_to_helped),
                                            END};
static const struct field case_fields[] = {F(case_, ID, id),
                                           F(case_, I64, version),
                                           E(case_, state, case_state),
                                           S(case_, origin, origin_fields),
                                           F(case_, STRS, reporters),
                                           F(case_, STRS, reported_by),
                                           F(case_, TEXT, text),
                                           E(case_, category, category),
                                           E(case_, urgency, urgency),
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
                                           E(case_, level, case_level),
                                           E(case_, outcome, case_outcome),
                                           F(case_, TEXT, return_reason),
                                           E(case_, satisfaction, satisfaction),
                                           F(case_, I64, followed_up_ms),
                                           F(case_, BOOL, contacted),
                                           F(case_, BOOL, solved),
                                           F(case_, BOOL, labelled),
                                           F(case_, ID, model),
                                           S(case_, suggestion, suggestion_fields),
                                           F(case_, I64, overdue_ms),
                                           F(case_, INT, counted),
                                           END};
static const struct field outbound_fields[] = {F(outbound, ID, id),
                                               F(outbound, I64, version),
                                               E(outbound, state, outbound_state),
                                               F(outbound, ID, community),
                                               F(outbound, ID, group),
                                               F(outbound, ID, match),
                                               F(outbound, TEXT, bot),
                                               F(outbound, TEXT, external_group),
                                               F(outbound, TEXT, text),
                                               F(outbound, TEXT, reply_to),
                                               F(outbound, TEXT, message),
                                               F(outbound, I64, created_ms),
                                               F(outbound, I64, due_ms),
                                               F(outbound, BOOL, held),
                                               F(outbound, INT, attempts),
                                               F(outbound, TEXT, last_error),
                                               E(outbound, kind, outbound_kind),
                                               F(outbound, TEXT, permit),
                                               F(outbound, ID, resource),
                                               F(outbound, ID, surge),
                                               F(outbound, TEXT, to),
                                               F(outbound, ID, post),
                                               F(outbound, STRS, contacts),
                                               END};
static const struct field advice_fields[] = {F(advice, ID, id),
                                             F(advice, I64, version),
                                             F(advice, ID, community),
                                             F(advice, ID, group),
                                             F(advice, ID, grid),
                                             F(advice, TEXT, bot),
                                             F(advice, TEXT, message),
                                             F(advice, TEXT, sender_name),
                                             F(advice, TEXT, text),
                                             E(advice, intent, intent),
                                             S(advice, suggestion, suggestion_fields),
                                             F(advice, I64, said_ms),
                                             F(advice, I64, expires_ms),
                                             E(advice, kind, advice_kind),
                                             F(advice, ID, resource),
                                             F(advice, ID, party),
                                             F(advice, TEXT, sender),
                                             F(advice, TEXT, item),
                                             F(advice, TEXT, unit),
                                             E(advice, category, category),
                                             E(advice, mode, mode),
                                             F(advice, DOUBLE, capacity),
                                             E(advice, scope, place_kind),
                                             END};
static const struct field tally_fields[] = {F(tally, ID, community),
                                            F(tally, ID, id),
                                            F(tally, I64, start_ms),
                                            {"counts", FIELD_TALLY, 0, NULL, NULL, false},
                                            END};
static const struct field habit_fields[] = {F(habit, ID, community),
                                            F(habit, ID, id),
                                            F(habit, ID, party),
                                            F(habit, TEXT, sender),
                                            F(habit, TEXT, word),
                                            E(habit, category, category),
                                            E(habit, mode, mode),
                                            F(habit, TEXT, unit),
                                            F(habit, DOUBLE, capacity),
                                            E(habit, scope, place_kind),
                                            F(habit, I64, last_ms),
                                            F(habit, I64, second_ms),
                                            F(habit, I64, third_ms),
                                            F(habit, I64, suggested_ms),
                                            END};
static const struct field meta_fields[] = {F(meta, I64, next_number), F(meta, I64, next_person),
                                           END};
static const struct field talk_fields[] = {F(talk, ID, group),         F(talk, ID, community),
                                           F(talk, TEXT, message),     F(talk, TEXT, sender),
                                           F(talk, TEXT, sender_name), F(talk, TEXT, text),
                                           F(talk, TEXT, reply_to),    F(talk, BOOL, labelled),
                                           F(talk, FLOAT, claim_p),    E(talk, intent, intent),
                                           F(talk, I64, at_ms),        F(talk, I64, time_ms),
                                           F(talk, ID, ref),           END};

static const struct {
    const struct field *fields;
    size_t size;
} kinds[OBJECT_KIND_N] = {
    [OBJECT_PLACE] = {place_fields, sizeof(struct place)},
    [OBJECT_GROUP] = {group_fields, sizeof(struct group)},
    [OBJECT_PARTY] = {party_fields, sizeof(struct party)},
    [OBJECT_RESOURCE] = {resource_fields, sizeof(struct resource)},
    [OBJECT_HOLIDAY] = {holiday_fields, sizeof(struct holiday)},
    [OBJECT_POLICY] = {policy_fields, sizeof(struct policy)},
    [OBJECT_POST] = {post_fields, sizeof(struct post)},
    [OBJECT_MATCH] = {match_fields, sizeof(struct match)},
    [OBJECT_CASE] = {case_fields, sizeof(struct case_)},
    [OBJECT_OUTBOUND] = {outbound_fields, sizeof(struct outbound)},
    [OBJECT_ADVICE] = {advice_fields, sizeof(struct advice)},
    [OBJECT_TALLY] = {tally_fields, sizeof(struct tally)},
    [OBJECT_HABIT] = {habit_fields, sizeof(struct habit)},
    [OBJECT_TOPIC] = {topic_fields, sizeof(struct topic)},
    [OBJECT_SURGE] = {surge_fields, sizeof(struct surge)},
    [OBJECT_VISIT] = {visit_fields, sizeof(struct visit)},
    [OBJECT_ALERT] = {alert_fields, sizeof(struct alert)},
    [OBJECT_META] = {meta_fields, sizeof(struct meta)},
};

/* --- whole objects --- */

#define BEGINS_ALIKE(type)                                                                         \
    _Static_assert(offsetof(struct type, id) == offsetof(struct place, id) &&                      \
                       offsetof(struct type, version) == offsetof(struct place, version),          \
                   "the rows of the directory begin alike")
BEGINS_ALIKE(group);
BEGINS_ALIKE(party);
BEGINS_ALIKE(resource);
BEGINS_ALIKE(holiday);

void object_to_json(enum object_kind kind, const void *object, struct json_out *j)
{
    json_object(j, NULL);
    fields_encode(kinds[kind].fields, object, j);
    json_object_end(j);
}

void *object_from_json(enum object_kind kind, const struct json *root)
{
    void *object = mem_new(kinds[kind].size);
    fields_decode(kinds[kind].fields, root, object);
    return object;
}

void object_patch(enum object_kind kind, void *object, const struct json *root,
                  bool (*is)(enum object_kind kind, const char *member))
{
    for (const struct field *f = kinds[kind].fields; f->name; f++)
        if (is(kind, f->name))
            field_patch(f, root, object);
}

void object_encode(enum object_kind kind, const void *object, struct buf *out)
{
    struct json_out j = json_out(out);
    object_to_json(kind, object, &j);
}

static void *stored_from_json(enum object_kind kind, const struct json *root)
{
    struct place *row = object_from_json(kind, root); /* each row of the directory begins as one */
    if (kind < DIRECTORY_KINDS && !row->version)
        row->version = 1; /* stored before rows had versions */
    return row;
}

enum err object_decode(enum object_kind kind, struct str json, void **object_r, struct errbuf *eb)
{
    struct json_doc *doc;
    *object_r = NULL;
    enum err e = json_parse(json, &doc, eb);
    if (!e && json_type(json_root(doc)) == JSON_OBJECT)
        *object_r = stored_from_json(kind, json_root(doc));
    else if (!e)
        e = err_set(eb, ERR_BAD_FIELD, "an object of %s is no JSON object", object_kind_code(kind));
    json_doc_free(&doc);
    return e;
}

void talk_encode(const struct talk *t, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    fields_encode(talk_fields, t, &j);
    json_object_end(&j);
}

enum err talk_decode(struct str json, struct talk **t_r, struct errbuf *eb)
{
    struct json_doc *doc;
    *t_r = NULL;
    enum err e = json_parse(json, &doc, eb);
    if (!e) {
        *t_r = NEW(struct talk);
        fields_decode(talk_fields, json_root(doc), *t_r);
    }
    json_doc_free(&doc);
    return e;
}

/* --- the API's face: what is stored, less what is private, with times for people --- */

/* Marked as what it is; every code is told, the first one, too. */
static void show_suggestion(const struct suggestion *s, int zone_min, struct json_out *j)
{
    if (!s->at_ms)
        return;
    json_object(j, "suggestion");
    json_z(j, "source", "adviser");
    json_z(j, "model", s->model);
    json_z(j, "intent", intent_code(s->intent));
    json_z(j, "category", s->category ? category_code(s->category) : NULL);
    json_z(j, "urgency", urgency_code(s->urgency));
    json_z(j, "confidence", s->confidence);
    json_time(j, "at", s->at_ms, zone_min);
    json_object_end(j);
}

/* What the model has read, and what gives it away: the times follow from the urgency. */
static const char *const post_readings[] = {"category",       "urgency",    "mode",  "flags",
                                            "confidence",     "expires_ms", "slots", "blind",
                                            "grace_until_ms", "suggestion"};
static const char *const match_readings[] = {"category",   "urgency",   "score",     "fit",
                                             "reasons",    "runner_up", "route_why", "blind",
                                             "suggestion", "ahead"};

static bool is_blind(enum object_kind kind, const void *object)
{
    return (kind == OBJECT_POST && post_is_blind(object)) ||
           (kind == OBJECT_MATCH && match_is_blind(object));
}

static bool is_hidden(enum object_kind kind, const char *name, bool blind)
{
    const char *const *list = kind == OBJECT_POST ? post_readings : match_readings;
    size_t n = kind == OBJECT_POST ? sizeof post_readings / sizeof *post_readings
                                   : sizeof match_readings / sizeof *match_readings;
    for (size_t i = 0; blind && i < n; i++)
        if (!strcmp(name, list[i]))
            return true;
    return ((kind == OBJECT_POST || kind == OBJECT_OUTBOUND) && !strcmp(name, "contacts")) ||
           (kind == OBJECT_CASE && !strcmp(name, "counted")) ||
           ((kind == OBJECT_POST || kind == OBJECT_MATCH) && !strcmp(name, "blind"));
}

static void show_times(enum object_kind kind, const void *object, int zone_min, struct json_out *j)
{
    const struct field *table = kinds[kind].fields;
    bool blind = is_blind(kind, object);
    for (const struct field *f = table; f->name; f++) {
        size_t n = strlen(f->name);
        char name[40];
        if (f->type != FIELD_I64 || n < 4 || strcmp(f->name + n - 3, "_ms") != 0 ||
            n >= sizeof name || is_hidden(kind, f->name, blind))
            continue;
        memcpy(name, f->name, n - 3);
        name[n - 3] = 0;
        int64_t ms = *(const int64_t *)((const char *)object + f->offset);
        if (ms)
            json_time(j, name, ms, zone_min);
    }
}

static void show_zero(const struct field *f, const void *object, struct json_out *j)
{
    const void *at = (const char *)object + f->offset;
    if (f->always)
        return; /* written already */
    if (f->type == FIELD_ENUM && !*(const int *)at)
        json_z(j, f->name, f->codes->code(0)); /* a state is always told */
    else if (f->type == FIELD_ID && !*(const char *)at)
        json_z(j, f->name, "");
}

void object_show(enum object_kind kind, const void *object, int zone_min, struct json_out *j)
{
    const struct field *table = kinds[kind].fields;
    bool blind = is_blind(kind, object);
    if (kind == OBJECT_POLICY) {
        policy_show(object, zone_min, j);
        return;
    }
    json_object(j, NULL);
    for (const struct field *f = table; f->name; f++) {
        const struct field one[] = {*f, END};
        size_t n = strlen(f->name);
        bool is_time = f->type == FIELD_I64 && n > 3 && !strcmp(f->name + n - 3, "_ms");
        if (is_hidden(kind, f->name, blind) || is_time)
            continue;
        if (f->table == suggestion_fields) {
            show_suggestion((const void *)((const char *)object + f->offset), zone_min, j);
            continue;
        }
        fields_encode(one, object, j);
        show_zero(f, object, j);
    }
    show_times(kind, object, zone_min, j);
    if (blind)
        json_bool(j, "blind", true);
    if (kind == OBJECT_POST) {
        const struct post *p = object;
        json_z(j, "sender_name", p->origin.sender_name ? p->origin.sender_name : "");
        json_i64(j, "contacts_sealed", p->contacts.n);
    }
    json_object_end(j);
}

/* What staff do: every action is a command in the community's log, with the version they saw. */
#include "act_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/folder.h"
#include "codec/object.h"
#include "codec/policy.h"
#include "connect/connect.h"
#include "model/check.h"

#define REASON_CHARS 200

void act_free(struct act *a)
{
    directory_deinit(&a->command.directory);
    policy_free(&a->command.policy);
    json_doc_free(&a->body);
    free(a);
}

static int64_t version_of(enum object_kind kind, const void *o)
{
    if (kind < DIRECTORY_KINDS) /* each begins as a place does */
        return ((const struct place *)o)->version;
    return kind == OBJECT_MATCH    ? ((const struct match *)o)->version
           : kind == OBJECT_POST   ? ((const struct post *)o)->version
           : kind == OBJECT_CASE   ? ((const struct case_ *)o)->version
           : kind == OBJECT_POLICY ? ((const struct policy *)o)->version
           : kind == OBJECT_ADVICE ? ((const struct advice *)o)->version
           : kind == OBJECT_SURGE  ? ((const struct surge *)o)->version
           : kind == OBJECT_VISIT  ? ((const struct visit *)o)->version
           : kind == OBJECT_ALERT  ? ((const struct alert *)o)->version
                                   : 0;
}

static void answer_object(struct act *a, const struct command_result *r)
{
    struct buf out;
    void *object = NULL;
    buf_init(&out);
    if (r->object.p && !object_decode(r->kind, r->object, &object, NULL)) {
        struct json_out j = json_out(&out);
        char etag[32];
        snprintf(etag, sizeof etag, "\"%lld\"", (long long)version_of(r->kind, object));
        http_answer_header(a->rq, "etag", etag);
        object_show(r->kind, object, (int)flow_conf(a->web->flow)->time_zone_min, &j);
        object_free(r->kind, &object);
    } else {
        struct json_out j = json_out(&out);
        json_object(&j, NULL);
        json_str(&j, "detail", r->detail);
        json_object_end(&j);
    }
    answer_json(a->rq, 200, &out);
}

static void on_result(void *arg, const struct command_result *r)
{
    struct act *a = arg;
    struct errbuf eb;
    if (!r->err && a->answer)
        a->answer(a, r);
    else if (!r->err)
        answer_object(a, r);
    else if (r->detail.n)
        answer_err(a->rq, err_set(&eb, r->err, "%.*s", (int)r->detail.n, r->detail.p), &eb);
    else
        answer_err(a->rq, r->err, NULL);
    act_free(a);
}

/* If-Match: "7", also without quotes, also weak. Returns false when it is there and makes no sense.
 */
static bool parse_version(struct http_request *rq, int64_t *version_r)
{
    const char *header = http_header(rq, "if-match");
    long long v;
    *version_r = 0;
    if (!header)
        return true;
    struct str s = str_trim(str_of(header));
    if (str_starts(s, "W/"))
        s = (struct str){s.p + 2, s.n - 2};
    if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        s = (struct str){s.p + 1, s.n - 2};
    if (!str_to_i64(s, &v) || v < 1)
        return false;
    *version_r = v;
    return true;
}

bool act_version(struct act *a)
{
    struct errbuf eb;
    if (parse_version(a->rq, &a->command.if_version))
        return true;
    answer_err(a->rq, err_set(&eb, ERR_BAD_REQUEST, "If-Match is not a version, like \"7\""), &eb);
    act_free(a);
    return false;
}

void act_send(struct act *a)
{
    a->command.community = a->community;
    flow_command(a->web->flow, &a->command, on_result, a);
}

static bool read_body(struct act *a)
{
    struct errbuf eb;
    struct str body = str_trim(http_body(a->rq));
    enum err e = json_parse(body.n ? body : STR("{}"), &a->body, &eb);
    if (!e && json_type(json_root(a->body)) != JSON_OBJECT)
        e = err_set(&eb, ERR_BAD_JSON, "the body is not a JSON object");
    if (!e)
        return true;
    answer_err(a->rq, e, &eb);
    return false;
}

struct act *act_begin_as(struct http_request *rq, enum command_kind kind, enum role least)
{
    struct principal p;
    if (!auth_staff(rq, least, &p))
        return NULL;
    struct act *a = NEW(struct act);
    a->rq = rq;
    a->principal = p;
    a->web = web_of(rq);
    a->command = (struct command){.kind = kind,
                                  .id = http_header(rq, "idempotency-key"),
                                  .actor = p.token->name,
                                  .role = p.role,
                                  .grid = p.role == ROLE_GRID ? p.token->grid : NULL,
                                  .object = http_param(rq, "id")};
    if (!a->command.id || strlen(a->command.id) > 60)
        a->command.id = "";
    if (!read_body(a)) {
        act_free(a);
        return NULL;
    }
    const struct json *root = json_root(a->body);
    a->command.reason = json_get_z(root, "reason", NULL);
    a->command.note = json_get_z(root, "note", NULL);
    a->command.candidate = json_get_z(root, "candidate", NULL);
    return a;
}

struct act *act_begin(struct http_request *rq, enum command_kind kind)
{
    return act_begin_as(rq, kind, command_least_role(kind));
}

void act_refuse(struct act *a, const char *pointer, const char *what)
{
    answer_field(a->rq, pointer, what);
    act_free(a);
}

/* The object is read first: its community decides whether this token may touch it at all. */
static void with_object(struct ask *ask)
{
    struct act *a = ask->act;
    const void *o = ask->n ? ask->found[0].object : NULL;
    const char *community = o ? object_community(ask->kind, o) : "";
    if (!o || !ask_may_see(ask, community, ask->grid)) {
        answer_err(a->rq, ERR_NOT_FOUND, NULL);
        act_free(a);
    } else if (a->look && !a->look(a, o)) {
        act_free(a);
    } else {
        str_copy(a->community, sizeof a->community, str_of(community));
        act_send(a);
    }
    ask_free(ask);
}

void act_on(struct act *a, enum object_kind kind)
{
    int shard;
    if (!act_version(a))
        return;
    if (!ask_id(a->rq, &shard)) {
        act_free(a);
        return;
    }
    struct ask *ask = ask_new(a->rq, &a->principal, shard, NULL);
    ask->act = a;
    const char *keys[] = {a->command.object};
    ask_objects(ask, kind, keys, 1, with_object);
}

void act_rejection(struct act *a, enum object_kind kind)
{
    if (a->command.reason && a->command.reason[0])
        act_on(a, kind);
    else
        act_refuse(a, "/reason", "a rejection needs its reason");
}

static void act_simple(struct http_request *rq, enum command_kind kind, enum object_kind object)
{
    struct act *a = act_begin(rq, kind);
    if (a)
        act_on(a, object);
}

void staff_approve(struct http_request *rq, void *arg)
{
    (void)arg;
    act_simple(rq, COMMAND_MATCH_APPROVE, OBJECT_MATCH);
}

void staff_match_reveal(struct http_request *rq, void *arg)
{
    (void)arg;
    act_simple(rq, COMMAND_MATCH_REVEAL, OBJECT_MATCH);
}

void staff_reject(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_MATCH_REJECT);
    (void)arg;
    if (a)
        act_rejection(a, OBJECT_MATCH);
}

void staff_undo(struct http_request *rq, void *arg)
{
    (void)arg;
    act_simple(rq, COMMAND_MATCH_UNDO, OBJECT_MATCH);
}

void staff_advice_accept(struct http_request *rq, void *arg)
{
    (void)arg;
    act_simple(rq, COMMAND_ADVICE_ACCEPT, OBJECT_ADVICE);
}

void staff_advice_dismiss(struct http_request *rq, void *arg)
{
    (void)arg;
    act_simple(rq, COMMAND_ADVICE_DISMISS, OBJECT_ADVICE);
}

void staff_alert_seen(struct http_request *rq, void *arg)
{
    (void)arg;
    act_simple(rq, COMMAND_ALERT_SEEN, OBJECT_ALERT);
}

/* --- editing the extracted fields --- */

static bool edit_word(struct act *a, const char *name, bool (*parse)(struct str, int *), int *v,
                      bool *has)
{
    const struct json *field = json_get(json_root(a->body), name);
    char pointer[32];
    *has = field != NULL;
    if (!field || (json_string(field) && parse(str_of(json_string(field)), v)))
        return true;
    snprintf(pointer, sizeof pointer, "/%s", name);
    answer_field(a->rq, pointer, "not one of the codes of the label guide");
    return false;
}

#define PARSER(thing)                                                                              \
    static bool parse_##thing(struct str s, int *v)                                                \
    {                                                                                              \
        enum thing t;                                                                              \
        bool ok = thing##_parse(s, &t);                                                            \
        *v = ok ? (int)t : *v;                                                                     \
        return ok;                                                                                 \
    }
PARSER(intent)
PARSER(category)
PARSER(urgency)
PARSER(mode)

static bool edit_words(struct act *a, struct post_edit *e)
{
    int intent = 0, category = 0, urgency = 0, mode = 0;
    bool ok = edit_word(a, "intent", parse_intent, &intent, &e->has_intent) &&
              edit_word(a, "category", parse_category, &category, &e->has_category) &&
              edit_word(a, "urgency", parse_urgency, &urgency, &e->has_urgency) &&
              edit_word(a, "mode", parse_mode, &mode, &e->has_mode);
    e->intent = (enum intent)intent;
    e->category = (enum category)category;
    e->urgency = (enum urgency)urgency;
    e->mode = (enum mode)mode;
    return ok;
}

static bool edit_time(struct act *a, const char *name, int64_t *ms, bool *has)
{
    const char *text = json_get_z(json_root(a->body), name, NULL);
    char pointer[32];
    if (!text)
        return true;
    *has = true;
    if (time_parse(str_of(text), ms, NULL))
        return true;
    snprintf(pointer, sizeof pointer, "/%s", name);
    answer_field(a->rq, pointer, "not a time like 2026-11-23T08:00:00+08:00");
    return false;
}

static bool edit_quantity(struct act *a, struct post_edit *e)
{
    e->has_asked = json_get(json_root(a->body), "quantity") != NULL;
    e->asked = json_get_number(json_root(a->body), "quantity", 0);
    if (!e->has_asked || (e->asked > 0 && e->asked <= 1e6))
        return true;
    answer_field(a->rq, "/quantity", "more than 0, at most a million");
    return false;
}

void staff_post_edit(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_POST_EDIT);
    (void)arg;
    if (!a)
        return;
    struct post_edit *e = &a->command.edit;
    e->place = json_get_z(json_root(a->body), "place", NULL);
    if (edit_words(a, e) && edit_quantity(a, e) &&
        edit_time(a, "start", &e->start_ms, &e->has_time) &&
        edit_time(a, "end", &e->end_ms, &e->has_time))
        act_on(a, OBJECT_POST);
    else
        act_free(a);
}

/* --- cases --- */

/* Its own member of the body, without which the command means nothing; NULL: refused. */
static struct act *case_act(struct http_request *rq, enum command_kind kind, const char *member)
{
    struct act *a = act_begin(rq, kind);
    char pointer[32];
    if (!a || json_get(json_root(a->body), member))
        return a;
    snprintf(pointer, sizeof pointer, "/%s", member);
    act_refuse(a, pointer, "is needed");
    return NULL;
}

void staff_case_event(struct http_request *rq, void *arg)
{
    struct act *a = case_act(rq, COMMAND_CASE_EVENT, "event");
    (void)arg;
    if (!a)
        return;
    const char *event = json_get_z(json_root(a->body), "event", "");
    bool known = case_event_parse(str_of(event), &a->command.case_event);
    bool needs_reason = known && a->command.case_event == CASE_EVENT_RETURN;
    if (known && (!needs_reason || (a->command.reason && a->command.reason[0]))) {
        act_on(a, OBJECT_CASE);
        return;
    }
    act_refuse(a, known ? "/reason" : "/event",
               known ? "a return needs its reason"
                     : "not an event of a case: accept, resolve, verify, close, return, …");
}

void staff_case_dispatch(struct http_request *rq, void *arg)
{
    struct act *a = case_act(rq, COMMAND_CASE_DISPATCH, "assignee");
    (void)arg;
    if (!a)
        return;
    a->command.assignee = json_get_z(json_root(a->body), "assignee", NULL);
    act_on(a, OBJECT_CASE);
}

void staff_case_merge(struct http_request *rq, void *arg)
{
    struct act *a = case_act(rq, COMMAND_CASE_MERGE, "into");
    (void)arg;
    if (!a)
        return;
    a->command.into = json_get_z(json_root(a->body), "into", NULL);
    act_on(a, OBJECT_CASE);
}

void staff_case_follow_up(struct http_request *rq, void *arg)
{
    struct act *a = case_act(rq, COMMAND_CASE_FOLLOW_UP, "contacted");
    (void)arg;
    if (!a)
        return;
    const struct json *root = json_root(a->body);
    struct follow_up *f = &a->command.follow_up;
    f->contacted = json_get_bool(root, "contacted", false);
    f->solved = json_get_bool(root, "solved", false);
    if (satisfaction_parse(str_of(json_get_z(root, "satisfaction", "")), &f->satisfaction)) {
        act_on(a, OBJECT_CASE);
        return;
    }
    act_refuse(a, "/satisfaction", "satisfied, fairly_satisfied or unsatisfied");
}

/* --- what a message means --- */

static bool edit_flags(struct act *a, struct post_edit *e)
{
    const struct json *list = json_get(json_root(a->body), "flags");
    bool ok = !list || json_type(list) == JSON_ARRAY;
    e->has_flags = list != NULL;
    for (const struct json *v = json_first(list); ok && v; v = json_next(v)) {
        enum flag f;
        ok = json_string(v) && flag_parse(str_of(json_string(v)), &f);
        e->flags |= ok ? 1u << f : 0;
    }
    if (!ok)
        answer_field(a->rq, "/flags", "an array of codes of the label guide");
    return ok;
}

static struct act *correction(struct http_request *rq, enum command_kind kind)
{
    struct act *a = act_begin(rq, kind);
    if (!a)
        return NULL;
    if (edit_words(a, &a->command.edit) && edit_flags(a, &a->command.edit))
        return a;
    act_free(a);
    return NULL;
}

void staff_post_correct(struct http_request *rq, void *arg)
{
    struct act *a = correction(rq, COMMAND_POST_CORRECT);
    (void)arg;
    if (a)
        act_on(a, OBJECT_POST);
}

void staff_case_correct(struct http_request *rq, void *arg)
{
    struct act *a = correction(rq, COMMAND_CASE_CORRECT);
    (void)arg;
    if (a)
        act_on(a, OBJECT_CASE);
}

void staff_message_correct(struct http_request *rq, void *arg)
{
    struct act *a = correction(rq, COMMAND_MESSAGE_CORRECT);
    int shard;
    (void)arg;
    if (!a)
        return;
    a->command.message = json_get_z(json_root(a->body), "message", NULL);
    if (a->command.message && a->command.edit.has_intent) {
        if (ask_community(rq, &a->principal, a->community, &shard)) {
            act_send(a);
            return;
        }
    } else {
        answer_field(rq, a->command.message ? "/intent" : "/message", "is needed");
    }
    act_free(a);
}

/* --- the policy of a community --- */

void act_on_community(struct act *a)
{
    int shard;
    if (!act_version(a))
        return;
    if (!ask_community(a->rq, &a->principal, a->community, &shard)) {
        act_free(a);
        return;
    }
    a->command.object = a->community;
    act_send(a);
}

void staff_policy_put(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_POLICY_PUT);
    struct errbuf eb;
    (void)arg;
    if (!a)
        return;
    enum err e = policy_decode(http_body(rq), &a->command.policy, &eb);
    if (!e) {
        act_on_community(a);
        return;
    }
    answer_err(rq, e, &eb);
    act_free(a);
}

void staff_emergency(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_EMERGENCY_SET);
    (void)arg;
    if (!a)
        return;
    const struct json *on = json_get(json_root(a->body), "on");
    const char *reason = a->command.reason;
    a->command.on = json_get_bool(json_root(a->body), "on", false);
    if (json_type(on) != JSON_BOOL)
        act_refuse(a, "/on", "true or false");
    else if (!reason || !reason[0] || str_utf8_chars(str_of(reason)) > REASON_CHARS)
        act_refuse(a, "/reason",
                   "an emergency begins and ends with a reason, up to 200 characters");
    else
        act_on_community(a);
}

/* --- import --- */

/* What the rows say of each other; what leads nowhere may be there already. */
static void on_fault(void *arg, const struct directory_fault *f)
{
    struct errbuf *eb = arg;
    char pointer[96];
    if (eb->text[0] || (f->sort != FAULT && f->sort != FAULT_TAKEN))
        return;
    snprintf(pointer, sizeof pointer, "/%s/%d/%s", object_kind_code(f->kind), f->row, f->column);
    (void)err_field(eb, pointer, "%s", f->what);
}

/* Bots may come into the settings later: such a group is told of, and taken. */
static void answer_import(struct act *a, const struct command_result *r)
{
    const struct directory *d = &a->command.directory;
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_str(&j, "detail", r->detail);
    json_array(&j, "notes");
    for (int i = 0; i < d->n_groups; i++) {
        const struct group *g = d->groups[i];
        char note[200];
        if (conf_bot_find(flow_conf(a->web->flow), g->bot))
            continue;
        snprintf(note, sizeof note, "group %.47s: " BOT_FAULT, g->id, g->bot);
        json_z(&j, NULL, note);
    }
    json_array_end(&j);
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
}

void staff_import(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_DIRECTORY_IMPORT);
    const struct check_against against = {.is_connector = connect_is};
    struct errbuf eb = {.text = ""};
    (void)arg;
    if (!a)
        return;
    struct directory *d = &a->command.directory;
    enum err e = directory_decode(http_body(rq), d, &eb);
    const char *community = !e && d->n_places ? d->places[0]->community : "";
    if (!e && !community[0])
        e = err_field(&eb, "/places", "one place of kind community is needed");
    if (!e)
        directory_check(d, &against, on_fault, &eb);
    if (eb.text[0] && !e)
        e = ERR_BAD_FIELD;
    if (!e && !auth_community(&a->principal, community))
        e = err_set(&eb, ERR_FORBIDDEN, "your token is of another community");
    if (e) {
        answer_err(rq, e, &eb);
        act_free(a);
        return;
    }
    str_copy(a->community, sizeof a->community, str_of(community));
    a->command.object = a->community;
    a->answer = answer_import;
    act_send(a);
}

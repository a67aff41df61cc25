/* Entries of the log: {"t":"m"|"c"|"d"|"k"|"a", …}. Member names are short because every message
   waits in Redis under them; commands are rare and are written out. */
#include <stdio.h>

#include "base/mem.h"
#include "codec/folder.h"
#include "codec/json.h"
#include "codec/message.h"
#include "codec/object.h"
#include "directory_priv.h"

static void optional(struct json_out *j, const char *key, const char *value)
{
    if (value && value[0])
        json_z(j, key, value);
}

static void encode_message(struct json_out *j, const struct message *m)
{
    json_z(j, "b", m->bot);
    json_z(j, "i", m->id);
    json_z(j, "y", m->community);
    json_z(j, "g", m->group);
    json_z(j, "s", m->sender);
    optional(j, "n", m->sender_name);
    optional(j, "x", m->text);
    optional(j, "r", m->reply_to);
    optional(j, "w", m->recalled);
    optional(j, "e", m->edited);
    if (m->n_mentions) {
        json_array(j, "a");
        for (int i = 0; i < m->n_mentions; i++)
            json_z(j, NULL, m->mentions[i]);
        json_array_end(j);
    }
    json_i64(j, "z", m->zone_min);
    json_i64(j, "at", m->time_ms);
}

static void encode_edit(struct json_out *j, const struct post_edit *e)
{
    json_object(j, "edit");
    if (e->has_intent)
        json_z(j, "intent", intent_code(e->intent));
    if (e->has_category)
        json_z(j, "category", category_code(e->category));
    if (e->has_urgency)
        json_z(j, "urgency", urgency_code(e->urgency));
    if (e->has_mode)
        json_z(j, "mode", mode_code(e->mode));
    if (e->has_flags) {
        json_array(j, "flags");
        for (int f = 0; f < FLAG_N; f++)
            if (e->flags >> f & 1)
                json_z(j, NULL, flag_code((enum flag)f));
        json_array_end(j);
    }
    if (e->has_asked)
        json_number(j, "asked", e->asked);
    if (e->has_time) {
        json_i64(j, "start_ms", e->start_ms);
        json_i64(j, "end_ms", e->end_ms);
    }
    optional(j, "place", e->place);
    json_object_end(j);
}

static bool has_edit(enum command_kind k)
{
    return k == COMMAND_POST_EDIT || k == COMMAND_POST_CORRECT || k == COMMAND_CASE_CORRECT ||
           k == COMMAND_MESSAGE_CORRECT;
}

static void encode_policy(struct json_out *j, const struct policy *p)
{
    struct buf table;
    buf_init(&table);
    object_encode(OBJECT_POLICY, p, &table);
    json_raw(j, "policy", buf_str_borrow(&table));
    buf_deinit(&table);
}

static void encode_follow_up(struct json_out *j, const struct follow_up *f)
{
    json_object(j, "follow_up");
    json_bool(j, "contacted", f->contacted);
    json_bool(j, "solved", f->solved);
    json_z(j, "satisfaction", satisfaction_code(f->satisfaction));
    json_object_end(j);
}

static bool has_rows(enum command_kind k)
{
    return k == COMMAND_DIRECTORY_IMPORT || k == COMMAND_DIRECTORY_PUT ||
           k == COMMAND_PARTY_REGISTER;
}

static void encode_command(struct json_out *j, const struct command *c)
{
    json_z(j, "id", c->id);
    json_z(j, "reply_to", c->reply_to);
    json_z(j, "community", c->community);
    json_z(j, "actor", c->actor);
    json_z(j, "role", role_code(c->role));
    optional(j, "grid", c->grid);
    json_z(j, "command", command_code(c->kind));
    optional(j, "object", c->object);
    optional(j, "message", c->message);
    optional(j, "sender", c->sender);
    if (c->if_version)
        json_i64(j, "if_version", c->if_version);
    optional(j, "reason", c->reason);
    optional(j, "note", c->note);
    optional(j, "candidate", c->candidate);
    if (c->kind == COMMAND_CASE_EVENT)
        json_z(j, "event", case_event_code(c->case_event));
    optional(j, "assignee", c->assignee);
    optional(j, "into", c->into);
    if (c->kind == COMMAND_CASE_FOLLOW_UP)
        encode_follow_up(j, &c->follow_up);
    if (has_edit(c->kind))
        encode_edit(j, &c->edit);
    if (c->kind == COMMAND_DIRECTORY_PUT || c->kind == COMMAND_DIRECTORY_DELETE)
        json_z(j, "row", object_kind_code(c->row));
    if (has_rows(c->kind)) {
        struct buf rows;
        buf_init(&rows);
        directory_encode(&c->directory, &rows);
        json_raw(j, "directory", buf_str_borrow(&rows));
        buf_deinit(&rows);
    }
    if (c->kind == COMMAND_POLICY_PUT)
        encode_policy(j, c->policy);
    if (c->kind == COMMAND_EMERGENCY_SET || c->kind == COMMAND_ROLLCALL_START)
        json_bool(j, "on", c->on);
    if (c->kind == COMMAND_ROLLCALL_MARK)
        json_z(j, "state", visit_state_code(c->visit_state));
    optional(j, "text", c->text);
}

static void encode_advised(struct json_out *j, const struct advised *a)
{
    json_z(j, "community", a->community);
    json_z(j, "group", a->group);
    json_z(j, "bot", a->bot);
    json_z(j, "message", a->message);
    json_z(j, "model", a->model);
    optional(j, "confidence", a->confidence);
    json_z(j, "intent", intent_code(a->intent));
    if (a->category)
        json_z(j, "category", category_code(a->category));
    json_z(j, "urgency", urgency_code(a->urgency));
}

void entry_encode(const struct entry *e, struct buf *out)
{
    static const char *const kinds[] = {"m", "c", "d", "k", "a"};
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_z(&j, "t", kinds[e->kind]);
    if (e->kind == ENTRY_MESSAGE)
        encode_message(&j, &e->message);
    else if (e->kind == ENTRY_COMMAND)
        encode_command(&j, &e->command);
    else if (e->kind == ENTRY_DELIVERY) {
        json_z(&j, "outbound", e->delivery.outbound);
        json_i64(&j, "outcome", e->delivery.outcome);
        optional(&j, "error", e->delivery.error);
        optional(&j, "message", e->delivery.message);
    } else if (e->kind == ENTRY_ADVISED)
        encode_advised(&j, &e->advised);
    json_object_end(&j);
}

/* --- decoding --- */

static const char *text(const struct json *o, const char *key, struct arena *a)
{
    const char *z = json_get_z(o, key, NULL);
    return z ? arena_dup_in(a, str_of(z)) : NULL;
}

static const char *text_or_empty(const struct json *o, const char *key, struct arena *a)
{
    const char *z = text(o, key, a);
    return z ? z : "";
}

static enum err decode_message(const struct json *o, struct arena *a, struct message *m,
                               struct errbuf *eb)
{
    *m = (struct message){.bot = text(o, "b", a),
                          .id = text(o, "i", a),
                          .community = text(o, "y", a),
                          .group = text(o, "g", a),
                          .sender = text(o, "s", a),
                          .sender_name = text_or_empty(o, "n", a),
                          .text = text_or_empty(o, "x", a),
                          .reply_to = text(o, "r", a),
                          .recalled = text(o, "w", a),
                          .edited = text(o, "e", a),
                          .zone_min = (int)json_get_i64(o, "z", 480),
                          .time_ms = json_get_i64(o, "at", 0)};
    const struct json *list = json_get(o, "a");
    for (const struct json *v = json_first(list); v && m->n_mentions < MESSAGE_MENTIONS_MAX;
         v = json_next(v))
        if (json_string(v))
            m->mentions[m->n_mentions++] = arena_dup_in(a, str_of(json_string(v)));
    if (!m->bot || !m->id || !m->community || !m->group || !m->sender)
        return err_set(eb, ERR_BAD_FIELD, "a message of the log lacks a member");
    return ERR_OK;
}

static void decode_edit(const struct json *o, struct arena *a, struct post_edit *e)
{
    *e = (struct post_edit){.intent = INTENT_CHAT};
    e->has_intent = intent_parse(str_of(json_get_z(o, "intent", "-")), &e->intent);
    e->has_category = category_parse(str_of(json_get_z(o, "category", "-")), &e->category);
    e->has_urgency = urgency_parse(str_of(json_get_z(o, "urgency", "-")), &e->urgency);
    e->has_mode = mode_parse(str_of(json_get_z(o, "mode", "-")), &e->mode);
    const struct json *flags = json_get(o, "flags");
    enum flag f;
    e->has_flags = flags != NULL;
    for (const struct json *v = json_first(flags); v; v = json_next(v))
        if (json_string(v) && flag_parse(str_of(json_string(v)), &f))
            e->flags |= 1u << f;
    e->has_asked = json_get(o, "asked") != NULL;
    e->asked = json_get_number(o, "asked", 0);
    e->has_time = json_get(o, "start_ms") != NULL;
    e->start_ms = json_get_i64(o, "start_ms", 0);
    e->end_ms = json_get_i64(o, "end_ms", 0);
    e->place = text(o, "place", a);
}

static void decode_follow_up(const struct json *o, struct follow_up *f)
{
    f->contacted = json_get_bool(o, "contacted", false);
    f->solved = json_get_bool(o, "solved", false);
    satisfaction_parse(str_of(json_get_z(o, "satisfaction", "")), &f->satisfaction);
}

static enum err decode_command(const struct json *o, struct arena *a, struct command *c,
                               struct errbuf *eb)
{
    *c = (struct command){.id = text(o, "id", a),
                          .reply_to = text_or_empty(o, "reply_to", a),
                          .community = text(o, "community", a),
                          .actor = text(o, "actor", a),
                          .grid = text(o, "grid", a),
                          .object = text_or_empty(o, "object", a),
                          .message = text(o, "message", a),
                          .sender = text(o, "sender", a),
                          .if_version = json_get_i64(o, "if_version", 0),
                          .reason = text(o, "reason", a),
                          .note = text(o, "note", a),
                          .candidate = text(o, "candidate", a),
                          .assignee = text(o, "assignee", a),
                          .into = text(o, "into", a),
                          .text = text(o, "text", a)};
    if (!c->id || !c->community || !c->actor ||
        !role_parse(str_of(json_get_z(o, "role", "")), &c->role) ||
        !command_parse(str_of(json_get_z(o, "command", "")), &c->kind))
        return err_set(eb, ERR_BAD_FIELD, "a command of the log lacks a member");
    if (c->kind == COMMAND_CASE_EVENT &&
        !case_event_parse(str_of(json_get_z(o, "event", "")), &c->case_event))
        return err_set(eb, ERR_BAD_FIELD, "an unknown event of a case");
    if (c->kind == COMMAND_CASE_FOLLOW_UP)
        decode_follow_up(json_get(o, "follow_up"), &c->follow_up);
    if (c->kind == COMMAND_ROLLCALL_MARK &&
        !visit_state_parse(str_of(json_get_z(o, "state", "")), &c->visit_state))
        return err_set(eb, ERR_BAD_FIELD, "an unknown state of a visit");
    if (has_edit(c->kind))
        decode_edit(json_get(o, "edit"), a, &c->edit);
    if (c->kind == COMMAND_POLICY_PUT && json_type(json_get(o, "policy")) != JSON_OBJECT)
        return err_set(eb, ERR_BAD_FIELD, "a policy of the log lacks its table");
    if (c->kind == COMMAND_POLICY_PUT)
        c->policy = object_from_json(OBJECT_POLICY, json_get(o, "policy"));
    c->on = json_get_bool(o, "on", false);
    if ((c->kind == COMMAND_DIRECTORY_PUT || c->kind == COMMAND_DIRECTORY_DELETE) &&
        (!object_kind_parse(str_of(json_get_z(o, "row", "")), &c->row) ||
         c->row >= DIRECTORY_KINDS))
        return err_set(eb, ERR_BAD_FIELD, "a row of no kind that the directory has");
    return has_rows(c->kind)
               ? directory_decode_json(json_get(o, "directory"),
                                       c->kind == COMMAND_DIRECTORY_IMPORT ? NULL : c->community,
                                       &c->directory, eb)
               : ERR_OK;
}

static enum err decode_delivery(const struct json *o, struct arena *a, struct delivery *d,
                                struct errbuf *eb)
{
    int64_t outcome = json_get_i64(o, "outcome", -1);
    *d = (struct delivery){.outbound = text(o, "outbound", a),
                           .outcome = (enum delivery_outcome)outcome,
                           .error = text_or_empty(o, "error", a),
                           .message = text_or_empty(o, "message", a)};
    if (!d->outbound || outcome < DELIVERY_DONE || outcome > DELIVERY_EXHAUSTED)
        return err_set(eb, ERR_BAD_FIELD, "a delivery of the log lacks a member");
    return ERR_OK;
}

static enum err decode_advised(const struct json *o, struct arena *a, struct advised *s,
                               struct errbuf *eb)
{
    *s = (struct advised){.community = text(o, "community", a),
                          .group = text(o, "group", a),
                          .bot = text(o, "bot", a),
                          .message = text(o, "message", a),
                          .model = text_or_empty(o, "model", a),
                          .confidence = text(o, "confidence", a)};
    category_parse(str_of(json_get_z(o, "category", "")), &s->category);
    if (!s->community || !s->group || !s->bot || !s->message ||
        !intent_parse(str_of(json_get_z(o, "intent", "-")), &s->intent) ||
        !urgency_parse(str_of(json_get_z(o, "urgency", "-")), &s->urgency))
        return err_set(eb, ERR_BAD_FIELD, "an adviser's answer in the log lacks a member");
    return ERR_OK;
}

enum err entry_decode(struct str json, int64_t at_ms, struct arena *a, struct entry *out,
                      struct errbuf *eb)
{
    struct json_doc *doc;
    *out = (struct entry){.at_ms = at_ms}; /* entry_deinit may follow a refusal, too */
    enum err e = json_parse(json, &doc, eb);
    if (e)
        return e;
    const struct json *o = json_root(doc);
    const char *kind = json_get_z(o, "t", "");
    if (kind[0] == 'm') {
        out->kind = ENTRY_MESSAGE;
        e = decode_message(o, a, &out->message, eb);
    } else if (kind[0] == 'c') {
        out->kind = ENTRY_COMMAND;
        e = decode_command(o, a, &out->command, eb);
    } else if (kind[0] == 'd') {
        out->kind = ENTRY_DELIVERY;
        e = decode_delivery(o, a, &out->delivery, eb);
    } else if (kind[0] == 'a') {
        out->kind = ENTRY_ADVISED;
        e = decode_advised(o, a, &out->advised, eb);
    } else if (kind[0] == 'k') {
        out->kind = ENTRY_TICK;
    } else {
        e = err_set(eb, ERR_BAD_FIELD, "an entry of no known kind");
    }
    json_doc_free(&doc);
    if (e)
        entry_deinit(out);
    return e;
}

void entry_deinit(struct entry *e)
{
    if (e->kind != ENTRY_COMMAND)
        return;
    directory_deinit(&e->command.directory);
    policy_free(&e->command.policy);
}

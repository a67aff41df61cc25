#include "flow/show.h"

#include "codec/json.h"

static void optional(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_z(j, key, value);
}

static void show_reasons(struct json_out *j, const struct event *e)
{
    json_array(j, "reasons");
    for (int i = 0; i < e->n_reasons; i++) {
        json_object(j, NULL);
        json_z(j, "name", e->reasons[i].name);
        json_float(j, "part", e->reasons[i].part);
        json_z(j, "text", e->reasons[i].text);
        json_object_end(j);
    }
    json_array_end(j);
}

static void show_numbers(struct json_out *j, const char *name, const float *numbers, int n)
{
    json_array(j, name);
    for (int i = 0; i < n; i++)
        json_float(j, NULL, numbers[i]);
    json_array_end(j);
}

static void show_message(struct json_out *j, const struct event *e)
{
    json_z(j, "id", e->message);
    json_z(j, "intent", intent_code(e->intent));
    json_z(j, "category", e->category ? category_code(e->category) : NULL);
    json_z(j, "urgency", urgency_code(e->urgency));
    if (e->n_evidence)
        show_numbers(j, "evidence", e->evidence, e->n_evidence);
    if (!e->n_targets)
        return;
    json_array(j, "targets");
    for (int i = 0; i < e->n_targets; i++) {
        json_object(j, NULL);
        json_z(j, "message", e->targets[i].message);
        show_numbers(j, "evidence", e->targets[i].evidence, e->targets[i].n);
        json_object_end(j);
    }
    json_array_end(j);
}

static void show_post(struct json_out *j, const struct event *e)
{
    json_z(j, "post", e->post);
    json_z(j, "side", e->side == SIDE_REQUEST ? "request" : "offer");
    json_z(j, "message", e->message);
    if (e->kind == EVENT_POST_CLOSED) {
        json_z(j, "outcome", e->outcome);
        json_z(j, "by", e->by);
        return;
    }
    if (e->blind) {
        json_bool(j, "blind", true);
    } else {
        json_z(j, "category", category_code(e->category));
        json_z(j, "urgency", urgency_code(e->urgency));
    }
    optional(j, "state", e->state);
}

static void show_match(struct json_out *j, const struct event *e)
{
    json_z(j, "match", e->match);
    if (e->kind == EVENT_MATCH_PROPOSED) {
        json_z(j, "request", e->request);
        json_z(j, "offer", e->offer);
        json_z(j, "request_message", e->request_message);
        json_z(j, "offer_message", e->offer_message);
        if (!e->blind)
            json_float(j, "score", e->score);
        json_z(j, "route", route_code(e->route));
        if (!e->blind)
            show_reasons(j, e);
        else
            json_bool(j, "blind", true);
    }
    optional(j, "state", e->state);
}

static void show_case(struct json_out *j, const struct event *e)
{
    json_z(j, "case", e->case_id);
    json_z(j, "message", e->message);
    json_z(j, "category", category_code(e->category));
    json_z(j, "assignee", e->assignee);
    optional(j, "state", e->state);
}

static void show_outbound(struct json_out *j, const struct event *e)
{
    optional(j, "outbound", e->outbound);
    json_z(j, "group", e->group);
    optional(j, "text", e->text);
    optional(j, "state", e->state);
}

static void show_alert(struct json_out *j, const struct event *e)
{
    json_z(j, "kind", e->alert);
    json_z(j, "text", e->text);
    optional(j, "message", e->message);
    optional(j, "case", e->case_id);
    optional(j, "post", e->post);
    optional(j, "assignee", e->assignee);
    optional(j, "surge", e->surge);
    optional(j, "visit", e->visit);
    optional(j, "alert", e->alert_id);
}

static void show_alert_changed(struct json_out *j, const struct event *e)
{
    json_z(j, "alert", e->alert_id);
    json_z(j, "kind", e->alert);
    json_z(j, "state", e->state);
    optional(j, "by", e->by);
}

static void show_surge(struct json_out *j, const struct event *e)
{
    json_z(j, "surge", e->surge);
    json_z(j, "category", category_code(e->category));
    json_z(j, "notice", e->state);
}

/* Of all of them, when no visit is named. */
static void show_rollcall(struct json_out *j, const struct event *e)
{
    optional(j, "visit", e->visit);
    optional(j, "assignee", e->assignee);
    optional(j, "state", e->state);
}

static void show_advice(struct json_out *j, const struct event *e)
{
    json_z(j, "advice", e->advice);
    json_z(j, "kind", e->alert);
    json_z(j, "category", category_code(e->category));
}

static void show_suggestion(struct json_out *j, const struct event *e)
{
    json_z(j, "message", e->message);
    json_z(j, "group", e->group);
    if (e->blind)
        json_bool(j, "blind", true);
    else
        json_z(j, "intent", intent_code(e->intent));
    optional(j, "post", e->post);
    optional(j, "match", e->match);
    optional(j, "case", e->case_id);
    optional(j, "advice", e->advice);
}

static void show_nothing(struct json_out *j, const struct event *e)
{
    (void)j, (void)e;
}

static void (*const shows[EVENT_N])(struct json_out *, const struct event *) = {
    [EVENT_MESSAGE] = show_message,
    [EVENT_POST_OPENED] = show_post,
    [EVENT_POST_CHANGED] = show_post,
    [EVENT_POST_CLOSED] = show_post,
    [EVENT_MATCH_PROPOSED] = show_match,
    [EVENT_MATCH_CHANGED] = show_match,
    [EVENT_MATCH_AGREED] = show_match,
    [EVENT_MATCH_DECLINED] = show_match,
    [EVENT_MATCH_LAPSED] = show_match,
    [EVENT_CASE_OPENED] = show_case,
    [EVENT_CASE_CHANGED] = show_case,
    [EVENT_OUTBOUND] = show_outbound,
    [EVENT_OUTBOUND_CHANGED] = show_outbound,
    [EVENT_SUGGESTION] = show_suggestion,
    [EVENT_ADVICE] = show_advice,
    [EVENT_DIRECTORY] = show_nothing,
    [EVENT_SURGE] = show_surge,
    [EVENT_ROLLCALL] = show_rollcall,
    [EVENT_ALERT] = show_alert,
    [EVENT_ALERT_CHANGED] = show_alert_changed,
    [EVENT_POLICY] = show_nothing,
};

void show_event(const struct event *e, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_z(&j, "type", event_code(e->kind));
    shows[e->kind](&j, e);
    optional(&j, "community", e->community);
    if (e->at_ms)
        json_i64(&j, "at_ms", e->at_ms);
    json_object_end(&j);
}

void show_audit(const struct audit *a, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_i64(&j, "at_ms", a->at_ms);
    optional(&j, "community", a->community);
    json_z(&j, "actor", a->actor);
    json_z(&j, "action", a->action);
    json_z(&j, "kind", object_kind_code(a->kind));
    json_z(&j, "object", a->object);
    optional(&j, "before", a->before);
    optional(&j, "after", a->after);
    optional(&j, "reason", a->reason);
    json_object_end(&j);
}

void show_reply(const struct reply *r, struct str object, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_z(&j, "err", err_slug(r->err));
    optional(&j, "detail", r->detail);
    if (object.p) {
        json_z(&j, "kind", object_kind_code(r->kind));
        json_str(&j, "object", object);
    }
    json_object_end(&j);
}

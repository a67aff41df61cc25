/* A scenario as a table: what happens when, and what the core then tells. Events are written with
   the messages' ids instead of the core's own, so that a row reads by itself:
     request m1              a post opened        again m1          a message said it once more
     met m1 by m2            it closed            m1+m2 proposed    a match, and its states after
     m1+r-8 proposed auto    with a resource      post g-2          handed to the bot for g-2, or
   for one person: post privately case m1 facility p-55   a case opened        case m1 opened    it
   changed alert critical m1                            ok, conflict      the reply to a command */
#ifndef TESTS_FLOW_CORE_SCRIPT_H
#define TESTS_FLOW_CORE_SCRIPT_H

#include "flow/core_world.h"

enum step_kind { STEP_MESSAGE, STEP_COMMAND, STEP_DELIVERY, STEP_WAIT };

struct step {
    const char *at; /* 10:00:00 of the first day, or 2T10:00:00; what is due until then happens */
    enum step_kind kind;
    const char *id, *group, *sender, *text, *reply_to, *recalled, *edited; /* a message */
    enum command_kind command;
    const char *on; /* the message that opened what the command is about */
    const char *reason, *candidate, *assignee;
    const char *into; /* the message that opened the case that stays */
    enum case_event case_event;
    struct follow_up follow_up;
    const struct post_edit *edit;
    enum delivery_outcome outcome;
    const char *tells; /* all events but those of messages, in order */
};

#define SAY(...) .kind = STEP_MESSAGE, __VA_ARGS__
#define ORDER(what, ...) .kind = STEP_COMMAND, .command = COMMAND_##what, __VA_ARGS__
#define DELIVER(what) .kind = STEP_DELIVERY, .outcome = DELIVERY_##what
#define POSTED_AS(message) DELIVER(DONE), .id = message /* the id that the group knows it by */
#define WAIT .kind = STEP_WAIT

static inline int64_t step_time(const char *at)
{
    char text[40];
    int64_t ms;
    int day = at[1] == 'T' ? at[0] - '0' : 1; /* the first is a Monday */
    snprintf(text, sizeof text, "2026-11-%02dT%s+08:00", 22 + day, at[1] == 'T' ? at + 2 : at);
    assert_true(time_parse(str_of(text), &ms, NULL));
    return ms;
}

/* --- telling --- */

static inline void tell_match_of(const struct world *w, const char *id, struct buf *out)
{
    const struct match *m = core_find(w->core, OBJECT_MATCH, id);
    assert_non_null(m);
    buf_addf(out, "%s+%s", m->request_message ? m->request_message : "-",
             m->resource[0]     ? m->resource
             : m->offer_message ? m->offer_message
                                : "-");
}

static inline void tell_one(const struct world *w, const struct event *e, struct buf *out)
{
    if (out->n)
        buf_add_z(out, ", ");
    if (e->match)
        tell_match_of(w, e->match, out);
    if (e->kind == EVENT_MATCH_PROPOSED)
        buf_addf(out, " proposed %s", route_code(e->route));
    else if (e->match)
        buf_addf(out, " %s", e->state);
    else if (e->kind == EVENT_POST_OPENED)
        buf_addf(out, "%s %s", e->side == SIDE_REQUEST ? "request" : "offer", e->message);
    else if (e->kind == EVENT_POST_CHANGED)
        buf_addf(out, "again %s", e->message);
    else if (e->kind == EVENT_POST_CLOSED)
        buf_addf(out, "%s %s%s%s", e->outcome, e->message, e->by ? " by " : "", e->by ? e->by : "");
    else if (e->kind == EVENT_CASE_OPENED)
        buf_addf(out, "case %s %s %s", e->message, category_code(e->category), e->assignee);
    else if (e->kind == EVENT_CASE_CHANGED)
        buf_addf(out, "case %s %s", e->state, e->assignee);
    else if (e->kind == EVENT_OUTBOUND)
        buf_addf(out, "post %s", e->group ? e->group : "privately");
    else if (e->kind == EVENT_OUTBOUND_CHANGED)
        buf_addf(out, "post %s", e->state);
    else if (e->kind == EVENT_ALERT)
        buf_addf(out, "alert %s %s", e->alert, e->message);
    else
        buf_add_z(out, event_code(e->kind));
}

/* Among the objects: the newest that this message opened. */
struct opened_by {
    enum object_kind kind;
    const char *message, *key;
    int64_t version;
};

static inline void look_at_opener(void *arg, const char *key, const void *object)
{
    struct opened_by *q = arg;
    const struct match *m = object;
    const struct post *p = object;
    const struct case_ *k = object;
    const char *opener = q->kind == OBJECT_MATCH  ? m->request_message
                         : q->kind == OBJECT_POST ? p->origin.message
                                                  : k->origin.message;
    if (!opener || strcmp(opener, q->message) != 0 || (q->key && strcmp(key, q->key) < 0))
        return;
    q->key = key;
    q->version = q->kind == OBJECT_MATCH  ? m->version
                 : q->kind == OBJECT_POST ? p->version
                                          : k->version;
}

static inline struct opened_by opened_by(const struct world *w, enum object_kind kind,
                                         const char *message)
{
    struct opened_by q = {.kind = kind, .message = message};
    core_each(w->core, kind, look_at_opener, &q);
    if (!q.key)
        fail_msg("%s has opened nothing of that kind", message);
    return q;
}

/* What a claim chose among are posts, each by its message, told once. */
static inline void check_targets(const struct world *w, const struct event *e)
{
    for (int i = 0; i < e->n_targets; i++) {
        opened_by(w, OBJECT_POST, e->targets[i].message);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(e->targets[i].message, e->targets[k].message);
    }
}

static inline void tell_all(const struct world *w, struct buf *out)
{
    struct errbuf eb;
    for (int i = 0; i < w->fx.n_replies; i++)
        buf_addf(out, "%s%s", out->n ? ", " : "", err_slug(w->fx.replies[i].err));
    for (int i = 0; i < w->fx.n_events; i++)
        if (w->fx.events[i].kind != EVENT_MESSAGE)
            tell_one(w, &w->fx.events[i], out);
        else
            check_targets(w, &w->fx.events[i]);
    if (!core_check(w->core, &eb))
        fail_msg("%s", eb.text);
}

/* --- doing --- */

static inline void decide(struct world *w, struct entry e, struct buf *out)
{
    e.at_ms = w->now_ms;
    world_decide(w, &e);
    tell_all(w, out);
}

static inline void tick_until(struct world *w, int64_t at_ms, struct buf *out)
{
    while (core_due_ms(w->core) <= at_ms) {
        w->now_ms = core_due_ms(w->core) > w->now_ms ? core_due_ms(w->core) : w->now_ms;
        decide(w, (struct entry){.kind = ENTRY_TICK}, out);
    }
    w->now_ms = at_ms;
}

static inline void order(struct world *w, const struct step *s, struct buf *out)
{
    static const enum object_kind kinds[COMMAND_N] = {
        [COMMAND_POST_EDIT] = OBJECT_POST,      [COMMAND_POST_CORRECT] = OBJECT_POST,
        [COMMAND_CASE_EVENT] = OBJECT_CASE,     [COMMAND_CASE_CORRECT] = OBJECT_CASE,
        [COMMAND_CASE_DISPATCH] = OBJECT_CASE,  [COMMAND_CASE_MERGE] = OBJECT_CASE,
        [COMMAND_CASE_FOLLOW_UP] = OBJECT_CASE, [COMMAND_POST_CONTACT] = OBJECT_POST};
    enum object_kind kind = kinds[s->command] ? kinds[s->command] : OBJECT_MATCH;
    const struct opened_by q = opened_by(w, kind, s->on);
    decide(
        w,
        (struct entry){.kind = ENTRY_COMMAND,
                       .command = {.id = s->at,
                                   .reply_to = "",
                                   .community = "c-lx",
                                   .actor = "staff-li",
                                   .role = ROLE_STAFF,
                                   .kind = s->command,
                                   .object = q.key,
                                   .if_version = q.version,
                                   .reason = s->reason,
                                   .candidate = s->candidate,
                                   .assignee = s->assignee,
                                   .into = s->into ? opened_by(w, OBJECT_CASE, s->into).key : NULL,
                                   .follow_up = s->follow_up,
                                   .case_event = s->case_event,
                                   .edit = s->edit ? *s->edit : (struct post_edit){0}}},
        out);
}

static inline void say(struct world *w, const struct step *s, struct buf *out)
{
    decide(w,
           (struct entry){.kind = ENTRY_MESSAGE,
                          .message = {.bot = "sample-bot",
                                      .id = s->id,
                                      .community = "c-lx",
                                      .group = s->group,
                                      .sender = s->sender,
                                      .sender_name = "邻居",
                                      .text = s->text ? s->text : "",
                                      .reply_to = s->reply_to,
                                      .recalled = s->recalled,
                                      .edited = s->edited,
                                      .time_ms = w->now_ms,
                                      .zone_min = 480}},
           out);
}

static inline void find_sending(void *arg, const char *key, const void *object)
{
    if (((const struct outbound *)object)->state == OUTBOUND_SENDING)
        *(const char **)arg = key;
}

static inline void deliver(struct world *w, const struct step *s, struct buf *out)
{
    const char *key = NULL;
    core_each(w->core, OBJECT_OUTBOUND, find_sending, &key);
    assert_non_null(key);
    char id[ID_SIZE];
    str_copy(id, sizeof id, str_of(key));
    decide(
        w,
        (struct entry){
            .kind = ENTRY_DELIVERY,
            .delivery = {.outbound = id, .outcome = s->outcome, .error = "410", .message = s->id}},
        out);
}

static inline void play(struct world *w, const struct step *steps, int n)
{
    bool right = true;
    for (int i = 0; i < n; i++) {
        const struct step *s = &steps[i];
        struct buf told;
        buf_init(&told);
        tick_until(w, step_time(s->at), &told);
        if (s->kind == STEP_MESSAGE)
            say(w, s, &told);
        else if (s->kind == STEP_COMMAND)
            order(w, s, &told);
        else if (s->kind == STEP_DELIVERY)
            deliver(w, s, &told);
        if (strcmp(buf_z_borrow(&told), s->tells) != 0) {
            print_error("%s %s: told \"%s\"\n    instead of \"%s\"\n", s->at, s->id ? s->id : "",
                        buf_z_borrow(&told), s->tells);
            right = false;
        }
        buf_deinit(&told);
    }
    assert_true(right);
}
#define PLAY(w, steps) play(w, steps, (int)(sizeof(steps) / sizeof *(steps)))

#endif

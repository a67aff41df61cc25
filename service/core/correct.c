/* Corrections: a person says what a message means. It becomes a labelled event, and the post, case
   or line of talk follows: what was opened wrongly closes, what was missed opens. */
#include "command_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define NONE_GIVEN "它不是报修"

struct labels labels_said(const struct labels *before, const struct post_edit *e)
{
    struct labels l = *before;
    if (e->has_intent)
        l.intent = e->intent;
    if (e->has_category)
        l.category = e->category;
    if (e->has_urgency)
        l.urgency = e->urgency;
    if (e->has_mode)
        l.mode = e->mode;
    if (e->has_flags)
        l.flags = e->flags;
    labels_settle(&l);
    return l;
}

bool labels_differ(const struct labels *a, const struct labels *b)
{
    return a->intent != b->intent || a->category != b->category || a->urgency != b->urgency ||
           a->mode != b->mode || a->flags != b->flags;
}

static const char *words_of(const struct labels *l, char out[80])
{
    snprintf(out, 80, "%s %s %s %s", intent_code(l->intent),
             l->category ? category_code(l->category) : "-", urgency_code(l->urgency),
             l->mode ? mode_code(l->mode) : "-");
    return out;
}

static void audit(struct doing *d, const char *action, const struct labels *before,
                  const struct labels *after)
{
    char was[80], is[80];
    tell_audit(d->c, action, d->n, words_of(before, was), words_of(after, is));
}

static bool is_side(enum intent i)
{
    return i == INTENT_REQUEST || i == INTENT_OFFER;
}

static bool turns_critical(const struct labels *before, const struct labels *after)
{
    return after->urgency == URGENCY_CRITICAL && before->urgency != URGENCY_CRITICAL;
}

/* --- posts --- */

/* Who was shown nothing cannot agree to it. */
const char *blind_refused(const struct post *p, const struct post_edit *e)
{
    bool whole = e->has_intent && (!intent_opens(e->intent) || (e->has_category && e->has_urgency));
    return post_is_blind(p) && !whole
               ? "it was shown without a suggestion: say intent, category and urgency"
               : NULL;
}

static const char *post_refused(const struct doing *d, const struct labels *before,
                                const struct labels *after, enum err *e_r)
{
    const struct post *p = d->n->object;
    const char *why = blind_refused(p, &d->cmd->edit);
    *e_r = ERR_BAD_FIELD;
    if (!why)
        why = labels_refused(after);
    if (why)
        return why;
    *e_r = ERR_CONFLICT;
    return before->intent != after->intent && !post_is_final(p->state) && agreed_quantity(d->n) > 0
               ? "somebody has agreed to it already"
               : NULL;
}

/* The matches that still wait for a person show what the person has said. */
static void tell_pending(struct core *c, const struct node *post)
{
    const struct post *p = post->object;
    for (int i = 0; i < post->n_links; i++) {
        struct match *m = match_of_node(post->links[i]);
        if (m->state != MATCH_IN_REVIEW || (m->request[0] && strcmp(m->request, p->id) != 0))
            continue;
        m->urgency = p->urgency;
        m->blind = false;
        node_touch(c, post->links[i]);
    }
}

/* What was let post by itself and has not gone out yet waits for a person. */
static void hold_for_person(struct core *c, const struct node *post)
{
    for (int i = 0; i < post->n_links; i++)
        if (!strcmp(match_of_node(post->links[i])->request, post->key))
            policy_hold(c, post->links[i], URGENCY_CRITICAL);
}

/* What was proposed for something else ends. */
static bool is_another(const struct labels *a, const struct labels *b)
{
    return a->intent != b->intent || a->category != b->category || a->mode != b->mode;
}

static void take_labels(struct post *p, const struct labels *l)
{
    if (is_side(l->intent)) {
        p->side = l->intent == INTENT_REQUEST ? SIDE_REQUEST : SIDE_OFFER;
        p->category = l->category;
        p->urgency = l->urgency;
        p->mode = l->mode;
        p->flags = l->flags;
        post_forget_when(p);
    }
    p->edited = p->labelled = true;
    p->confidence = 1;
}

void close_as_wrong(struct core *c, struct node *n)
{
    post_close(c, n, POST_EVENT_WITHDRAW, NULL);
    tally_post_wrong(c, n->object);
}

static struct node *close_wrong(struct core *c, struct node *n, const struct labels *l)
{
    struct post *p = n->object;
    struct node *routed = p->case_id[0] ? node_find(c, OBJECT_CASE, p->case_id) : NULL;
    struct case_ *k = routed ? routed->object : NULL;
    bool live = k && !case_is_final(k->state), shared = live && danger_is_shared(c, routed, p);
    close_as_wrong(c, n);
    if (live && !shared && l->intent != INTENT_REPORT)
        case_withdraw(c, routed, NONE_GIVEN);
    if (l->intent != INTENT_REPORT)
        return NULL;
    if (live) { /* the responsible party has it already */
        strs_add(&k->reporters, str_of(p->origin.message));
        node_touch(c, routed);
        if (shared) /* and goes by what the others told */
            return routed;
        k->post[0] = 0;
        tally_case_is_report(c, k);
        case_relabel(c, routed, l);
        return routed;
    }
    p->category = l->category; /* the case has it from the post, which is closed */
    p->urgency = l->urgency;
    return case_of_post(c, p);
}

static void apply_to_post(struct core *c, struct node *n, const struct labels *before,
                          const struct labels *after)
{
    struct post *p = n->object;
    bool another = is_another(before, after);
    if (another) {
        match_end_others(c, n, NULL, false);
        post_settle(p);
    }
    const struct post was = *p;
    take_labels(p, after);
    tally_post_moved(c, &was, p);
    node_touch(c, n);
    post_tell(c, EVENT_POST_CHANGED, p);
    struct node *opened = is_side(after->intent) ? NULL : close_wrong(c, n, after);
    struct conversation *t = conversation_of(c, p->origin.community, p->origin.group);
    talk_relabel(c, t, p->origin.message, after->intent, opened ? opened->key : NULL);
    if (!is_side(after->intent))
        return;
    danger_read_anew(c, n, &was);
    if (before->category != after->category)
        case_route(c, n);
    if (another)
        assign_later(c, n);
    if (after->urgency == URGENCY_CRITICAL)
        hold_for_person(c, n);
    tell_pending(c, n);
}

void correct_post(struct doing *d)
{
    struct core *c = d->c;
    struct post *p = d->n->object;
    struct labels before, after;
    enum err e;
    labels_of_post(p, &before);
    after = labels_said(&before, &d->cmd->edit);
    const char *why = post_refused(d, &before, &after, &e);
    if (why) {
        command_reply(d, e, why);
        return;
    }
    label_post(c, p, labels_differ(&before, &after) ? LABEL_CORRECTED : LABEL_CONFIRMED, &before,
               &after);
    audit(d, "post.correct", &before, &after);
    if (post_is_final(p->state)) { /* it has had its effect: only the model learns */
        p->labelled = true;
        node_touch(c, d->n);
    } else {
        apply_to_post(c, d->n, &before, &after);
    }
    command_reply(d, ERR_OK, NULL);
}

/* --- opening what was missed --- */

/* The message anew, as far as it is kept: without contacts, which are gone, or sealed elsewhere. */
static struct node *open_again(struct core *c, const struct origin *o, const char *text,
                               const char *reply_to, const struct labels *as)
{
    const struct message m = {.bot = keep(c, o->bot),
                              .id = keep(c, o->message),
                              .community = keep(c, o->community),
                              .group = keep(c, o->group),
                              .sender = keep(c, o->sender),
                              .sender_name = keep(c, o->sender_name ? o->sender_name : ""),
                              .text = keep(c, text),
                              .reply_to = keep(c, reply_to),
                              .time_ms = o->time_ms,
                              .zone_min = c->o.zone_min};
    struct node *n = message_again(c, &m, as);
    struct post *p = n && n->kind == OBJECT_POST ? n->object : NULL;
    struct case_ *k = n && n->kind == OBJECT_CASE ? n->object : NULL;
    if (p)
        p->edited = p->labelled = true;
    if (k)
        k->labelled = true;
    if (n)
        node_touch(c, n);
    return n;
}

/* --- cases --- */

static void apply_to_case(struct core *c, struct node *n, const struct labels *after,
                          const char *reason)
{
    struct case_ *k = n->object;
    struct node *opened = NULL;
    k->labelled = true;
    if (after->intent == INTENT_REPORT) {
        case_relabel(c, n, after);
        return;
    }
    case_withdraw(c, n, reason && reason[0] ? reason : NONE_GIVEN);
    if (is_side(after->intent))
        opened = open_again(c, &k->origin, k->text, NULL, after);
    struct conversation *t = conversation_of(c, k->origin.community, k->origin.group);
    talk_relabel(c, t, k->origin.message, after->intent, opened ? opened->key : NULL);
}

void correct_case(struct doing *d)
{
    struct core *c = d->c;
    struct case_ *k = d->n->object;
    struct labels before, after;
    labels_of_case(k, &before);
    after = labels_said(&before, &d->cmd->edit);
    const char *why = labels_refused(&after);
    if (k->post[0]) {
        command_reply(d, ERR_CONFLICT, "it was routed from a request: correct that");
        return;
    }
    if (why) {
        command_reply(d, ERR_BAD_FIELD, why);
        return;
    }
    label_case(c, k, &before, &after);
    audit(d, "case.correct", &before, &after);
    if (case_is_final(k->state)) {
        k->labelled = true;
        node_touch(c, d->n);
    } else {
        apply_to_case(c, d->n, &after, d->cmd->reason);
        if (turns_critical(&before, &after) && after.intent == INTENT_REPORT)
            tell_rescue(c, &k->origin);
    }
    command_reply(d, ERR_OK, NULL);
}

/* --- a line of talk --- */

static void line_origin(const struct group *g, const struct talk *line, struct origin *o)
{
    *o = (struct origin){.bot = g->bot,
                         .message = line->message,
                         .sender = line->sender,
                         .sender_name = line->sender_name,
                         .time_ms = line->time_ms};
    str_copy(o->community, ID_SIZE, str_of(line->community));
    str_copy(o->group, ID_SIZE, str_of(line->group));
}

static const char *line_refused(const struct doing *d, const struct group *g,
                                const struct talk *line, const struct labels *after, enum err *e_r,
                                char detail[160])
{
    const struct node *n = by_message(d->c, g->bot, line->message);
    *e_r = ERR_BAD_FIELD;
    if (!d->cmd->edit.has_intent)
        return "intent: say what it means";
    if (labels_refused(after))
        return labels_refused(after);
    *e_r = ERR_CONFLICT;
    if (!line->text || !line->text[0])
        return "it has no text that could mean anything";
    if (!n || n->kind == OBJECT_MATCH)
        return NULL;
    snprintf(detail, 160, "it opened or joined %s: correct that", n->key);
    return detail;
}

/* An answer has been counted already, and what it settled is not undone by a word. */
static void apply_to_line(struct doing *d, const struct origin *o, const struct talk *line,
                          const struct labels *after)
{
    struct core *c = d->c;
    struct conversation *t = conversation_of(c, o->community, o->group);
    const char *message = keep(c, line->message);
    bool answered = line->ref[0] || by_message(c, o->bot, line->message);
    if (!answered && intent_opens(after->intent))
        d->n = open_again(c, o, line->text, line->reply_to, after);
    talk_relabel(c, t, message, after->intent, d->n ? d->n->key : NULL);
    advice_forget(c, o->bot, message); /* a person has looked at it */
}

void correct_message(struct doing *d)
{
    struct core *c = d->c;
    const struct command *cmd = d->cmd;
    const struct node *gn = node_in(c, OBJECT_GROUP, cmd->community, cmd->object);
    struct conversation *t = gn ? conversation_of(c, cmd->community, cmd->object) : NULL;
    const struct talk *line;
    struct labels before = {.urgency = URGENCY_NORMAL}, after;
    struct origin o;
    char detail[160];
    enum err e;
    if (t)
        talk_expire(c, t);
    line = t ? talk_line(t, cmd->message) : NULL;
    if (!line) {
        command_reply(d, ERR_NOT_FOUND, "that message is not there, or not any more");
        return;
    }
    before.intent = line->intent;
    after = labels_said(&before, &cmd->edit);
    const char *why = line_refused(d, gn->object, line, &after, &e, detail);
    if (why) {
        command_reply(d, e, why);
        return;
    }
    line_origin(gn->object, line, &o);
    struct labelled *l = label_note(c, &o, line->text);
    l->how = before.intent == after.intent ? LABEL_CONFIRMED : LABEL_CORRECTED;
    l->before = before;
    l->after = after;
    l->first = !line->labelled;
    l->model = keep(c, text_version_borrow(c->o.model));
    tally_looked(c, l);
    apply_to_line(d, &o, line, &after);
    struct audit *a = tell_audit_of(c, cmd->community, "message.correct");
    a->kind = d->n ? d->n->kind : OBJECT_GROUP;
    a->object = keep(c, d->n ? d->n->key : cmd->object);
    a->before = intent_code(before.intent);
    a->after = intent_code(after.intent);
    command_reply(d, ERR_OK, "noted");
}

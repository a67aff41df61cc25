/* Commands of staff. Each gets exactly one reply; what it changes goes into the audit with who and
 * why. */
#include "command_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sustain_priv.h"

void command_reply(struct doing *d, enum err e, const char *detail)
{
    struct core *c = d->c;
    struct reply *r = effects_reply(c->fx);
    r->command = keep(c, d->cmd->id);
    r->reply_to = keep(c, d->cmd->reply_to);
    r->err = e;
    r->detail = keep(c, detail);
    if (!d->n)
        return;
    r->kind = d->n->kind;
    r->key = keep(c, d->n->key);
}

/* --- who may --- */

static const struct {
    enum object_kind kind;
    bool versioned;
} objects[COMMAND_N] = {[COMMAND_MATCH_APPROVE] = {OBJECT_MATCH, true},
                        [COMMAND_MATCH_REJECT] = {OBJECT_MATCH, true},
                        [COMMAND_MATCH_UNDO] = {OBJECT_MATCH, true},
                        [COMMAND_MATCH_REVEAL] = {OBJECT_MATCH, true},
                        [COMMAND_POST_CONTACT] = {OBJECT_POST, false},
                        [COMMAND_POST_EDIT] = {OBJECT_POST, true},
                        [COMMAND_POST_CORRECT] = {OBJECT_POST, true},
                        [COMMAND_CASE_CORRECT] = {OBJECT_CASE, true},
                        [COMMAND_MESSAGE_CORRECT] = {OBJECT_GROUP, false},
                        [COMMAND_CASE_EVENT] = {OBJECT_CASE, true},
                        [COMMAND_CASE_DISPATCH] = {OBJECT_CASE, true},
                        [COMMAND_CASE_MERGE] = {OBJECT_CASE, true},
                        [COMMAND_CASE_FOLLOW_UP] = {OBJECT_CASE, true},
                        [COMMAND_OUTBOUND_RETRY] = {OBJECT_OUTBOUND, false},
                        [COMMAND_ADVICE_ACCEPT] = {OBJECT_ADVICE, true},
                        [COMMAND_ADVICE_DISMISS] = {OBJECT_ADVICE, true},
                        [COMMAND_DIRECTORY_IMPORT] = {OBJECT_PLACE, false},
                        [COMMAND_POLICY_PUT] = {OBJECT_POLICY, true},
                        [COMMAND_EMERGENCY_SET] = {OBJECT_POLICY, false},
                        [COMMAND_DIRECTORY_PUT] = {OBJECT_PLACE, false},
                        [COMMAND_DIRECTORY_DELETE] = {OBJECT_PLACE, false},
                        [COMMAND_PARTY_REGISTER] = {OBJECT_PARTY, false},
                        [COMMAND_PARTY_MERGE] = {OBJECT_PARTY, false},
                        [COMMAND_PERSON_ERASE] = {OBJECT_PARTY, false},
                        [COMMAND_GROUP_TEST] = {OBJECT_GROUP, false},
                        [COMMAND_NOTICE_APPROVE] = {OBJECT_SURGE, true},
                        [COMMAND_NOTICE_REJECT] = {OBJECT_SURGE, true},
                        [COMMAND_ROLLCALL_START] = {OBJECT_POLICY, false},
                        [COMMAND_ROLLCALL_MARK] = {OBJECT_VISIT, true},
                        [COMMAND_ALERT_SEEN] = {OBJECT_ALERT, false}};

static const char *grid_of(const struct node *n)
{
    switch (n->kind) {
    case OBJECT_MATCH:
        return ((const struct match *)n->object)->grid;
    case OBJECT_POST:
        return ((const struct post *)n->object)->origin.grid;
    case OBJECT_CASE:
        return ((const struct case_ *)n->object)->origin.grid;
    case OBJECT_ADVICE:
        return ((const struct advice *)n->object)->grid;
    case OBJECT_VISIT:
        return ((const struct visit *)n->object)->grid;
    case OBJECT_ALERT:
        return ((const struct alert *)n->object)->grid;
    default:
        return "";
    }
}

static int64_t version_of(const struct node *n)
{
    switch (n->kind) {
    case OBJECT_MATCH:
        return ((const struct match *)n->object)->version;
    case OBJECT_POST:
        return ((const struct post *)n->object)->version;
    case OBJECT_CASE:
        return ((const struct case_ *)n->object)->version;
    case OBJECT_ADVICE:
        return ((const struct advice *)n->object)->version;
    case OBJECT_SURGE:
        return ((const struct surge *)n->object)->version;
    case OBJECT_VISIT:
        return ((const struct visit *)n->object)->version;
    default:
        return 0;
    }
}

/* ERR_OK when this command may be carried out on what is there. */
static enum err may(struct doing *d, const char **detail)
{
    const struct command *cmd = d->cmd;
    *detail = NULL;
    if (cmd->role < command_least_role(cmd->kind))
        return ERR_FORBIDDEN;
    if (objects[cmd->kind].kind < DIRECTORY_KINDS) /* the directory's find it themselves */
        return ERR_OK;
    if (objects[cmd->kind].kind == OBJECT_POLICY)
        return policy_may(d, detail);
    d->n = node_find(d->c, objects[cmd->kind].kind, cmd->object);
    if (!d->n)
        return ERR_NOT_FOUND;
    if (cmd->role == ROLE_GRID && (!cmd->grid || strcmp(cmd->grid, grid_of(d->n)) != 0)) {
        *detail = "this belongs to another grid";
        return ERR_FORBIDDEN;
    }
    if (!objects[cmd->kind].versioned)
        return ERR_OK;
    if (!cmd->if_version)
        return ERR_NEED_VERSION;
    return cmd->if_version == version_of(d->n) ? ERR_OK : ERR_STALE;
}

/* --- matches --- */

/* Another candidate: a post, else a standing resource. */
static struct node *candidate_of(const struct core *c, const struct match *m, const char *id)
{
    struct node *n = node_find(c, OBJECT_POST, id);
    if (n && (((struct post *)n->object)->side != SIDE_OFFER ||
              strcmp(((struct post *)n->object)->origin.community, m->community) != 0))
        return NULL;
    return n ? n : node_in(c, OBJECT_RESOURCE, m->community, id);
}

static bool is_its_offer(const struct match *m, const char *id)
{
    return !strcmp(m->offer, id) || !strcmp(m->resource, id);
}

/* The person knows somebody better: the proposal gives way to that one. */
static bool replace(struct doing *d)
{
    struct core *c = d->c;
    struct match *m = d->n->object;
    struct node *request = node_find(c, OBJECT_POST, m->request);
    struct node *offer = candidate_of(c, m, d->cmd->candidate);
    if (!offer || !request) {
        command_reply(d, ERR_NOT_FOUND, "there is no such candidate");
        return false;
    }
    if (m->state != MATCH_IN_REVIEW) {
        command_reply(d, ERR_CONFLICT, "only a match in review can be approved");
        return false;
    }
    const char *why = propose_forbids(c, request, offer, m->quantity);
    if (why) { /* what is refused has changed nothing */
        command_reply(d, ERR_CONFLICT, why);
        return false;
    }
    match_event(c, d->n, MATCH_EVENT_REJECT);
    mem_replace(&m->decided_by, d->cmd->actor);
    mem_replace(&m->reject_reason, "由人另选了人选");
    d->n = propose_this(c, request, offer, "由人另选的人选");
    return true;
}

static void approve(struct doing *d)
{
    if (d->cmd->candidate && d->cmd->candidate[0] &&
        !is_its_offer(d->n->object, d->cmd->candidate) && !replace(d))
        return;
    struct match *m = d->n->object;
    if (m->state == MATCH_IN_REVIEW && helper_asked_otherwise(d->c, m)) {
        command_reply(d, ERR_CONFLICT,
                      "who would help was asked about something else within the day: approve it "
                      "tomorrow, or choose somebody else");
        return;
    }
    if (match_in_line(m) || !match_event(d->c, d->n, MATCH_EVENT_APPROVE)) {
        command_reply(d, ERR_CONFLICT, "only a match in review can be approved");
        return;
    }
    label_approved(d->c, m);
    match_decide(d->c, d->n, d->cmd->actor);
    if (d->cmd->note)
        mem_replace(&m->note, d->cmd->note);
    if (!outbound_create(d->c, d->n, d->c->o.undo_ms)) {
        match_event(d->c, d->n, MATCH_EVENT_HOLD);
        command_reply(d, ERR_CONFLICT, "its group is not registered any more");
        return;
    }
    command_reply(d, ERR_OK, NULL);
}

static void reject(struct doing *d)
{
    struct core *c = d->c;
    struct match *m = d->n->object;
    if (!match_event(c, d->n, MATCH_EVENT_REJECT)) {
        command_reply(d, ERR_CONFLICT, "only a match in review can be rejected");
        return;
    }
    mem_replace(&m->decided_by, d->cmd->actor);
    mem_replace(&m->reject_reason, d->cmd->reason);
    command_reply(d, ERR_OK, NULL);
}

static bool has_proposal(const struct node *request)
{
    for (int i = 0; i < request->n_links; i++)
        if (match_pends(match_of_node(request->links[i])))
            return true;
    return false;
}

/* Of an approval that nobody has read yet: where there is nobody else it is before staff again. */
static void review_again(struct core *c, const struct match *m)
{
    const char *actor = c->actor;
    struct node *request = match_request(c, m), *offer = match_offer(c, m);
    assign_waiting(c);
    c->actor = actor;
    if (request && offer && node_is_open(request) && !has_proposal(request) &&
        !propose_forbids(c, request, offer, 0))
        propose_this(c, request, offer, "批准已撤回，请再决定");
}

/* Until the clock has let the post go out, nobody has read it; later the groups are told. */
static void undo(struct doing *d)
{
    struct core *c = d->c;
    struct match *m = d->n->object;
    bool waits = m->state == MATCH_APPROVED && outbound_waits(c, m);
    if ((m->state == MATCH_APPROVED && !waits) || !match_event(c, d->n, MATCH_EVENT_UNDO)) {
        command_reply(d, ERR_CONFLICT,
                      m->state == MATCH_APPROVED ? "the post is on its way: try again in a moment"
                      : m->state == MATCH_AGREED ? "both have agreed; who steps back says so"
                                                 : "there is no approval to take back");
        return;
    }
    mem_replace(&m->decided_by, d->cmd->actor);
    command_reply(d, ERR_OK, NULL);
    if (waits)
        review_again(c, m);
    else
        outbound_correct(c, d->n, d->cmd->actor);
}

/* --- posts --- */

static void edit_words(struct post *p, const struct post_edit *e)
{
    if (e->has_category)
        p->category = e->category;
    if (e->has_urgency)
        p->urgency = e->urgency;
    if (e->has_mode)
        p->mode = e->mode;
    if (e->has_time) {
        p->slots.time.start_ms = e->start_ms;
        p->slots.time.end_ms = e->end_ms;
    }
    p->edited = true;
    p->confidence = 1; /* a person has read it */
}

static bool edit_place(struct doing *d, struct post *p)
{
    const char *place = d->cmd->edit.place, *chain[PLACE_KIND_N];
    if (!place || !place[0])
        return true;
    if (!node_in(d->c, OBJECT_PLACE, p->origin.community, place))
        return false;
    str_copy(p->origin.place, ID_SIZE, str_of(place));
    place_chain(d->c, p->origin.community, place, chain);
    str_copy(p->origin.grid, ID_SIZE, str_of(chain[PLACE_GRID]));
    return true;
}

static bool is_side(enum intent i)
{
    return i == INTENT_REQUEST || i == INTENT_OFFER;
}

static bool says_meaning(const struct post_edit *e)
{
    return e->has_intent || e->has_category || e->has_urgency || e->has_mode;
}

/* Why this edit cannot be, or NULL. */
static const char *edit_refused(const struct doing *d, const struct post *p, enum err *e_r)
{
    const struct post_edit *e = &d->cmd->edit;
    *e_r = ERR_CONFLICT;
    if (post_is_final(p->state))
        return "it has ended; only open posts are edited";
    if (e->has_intent && agreed_quantity(d->n) > 0)
        return "somebody has agreed to it already";
    *e_r = ERR_BAD_FIELD;
    if (e->has_asked && !(e->asked > 0 && e->asked <= 1000000))
        return "asked: it has to be more than nothing";
    if (e->has_asked && e->asked < agreed_quantity(d->n) + p->fulfilled + p->presumed - EPSILON) {
        *e_r = ERR_CONFLICT;
        return "more than that is agreed or given already";
    }
    if (e->has_category && e->category == CATEGORY_NONE)
        return "category: a post has one";
    if (says_meaning(e) && blind_refused(p, e))
        return blind_refused(p, e);
    if (e->has_time && e->end_ms && e->start_ms > e->end_ms)
        return "time: it ends before it begins";
    return NULL;
}

/* An edit of what the model read teaches as much as a correction. */
static void note_labels(struct core *c, struct post *p, const struct post_edit *e)
{
    struct labels before, after;
    labels_of_post(p, &before);
    after = labels_said(&before, e);
    bool differ = labels_differ(&before, &after);
    if ((differ || post_is_blind(p)) && !labels_refused(&after))
        label_post(c, p, differ ? LABEL_CORRECTED : LABEL_CONFIRMED, &before, &after);
    p->labelled = true;
}

static void edit_post(struct doing *d)
{
    struct core *c = d->c;
    struct post *p = d->n->object;
    const struct post_edit *e = &d->cmd->edit;
    const struct post was = *p;
    enum err err;
    const char *why = edit_refused(d, p, &err);
    if (why) {
        command_reply(d, err, why);
        return;
    }
    if (!edit_place(d, p)) {
        command_reply(d, ERR_BAD_FIELD, "place: there is no such place");
        return;
    }
    tell_audit(c, "post.edit", d->n, category_code(p->category),
               category_code(e->has_category ? e->category : p->category));
    if (says_meaning(e))
        note_labels(c, p, e);
    match_end_others(c, d->n, NULL, false); /* what was proposed was proposed for something else */
    if (e->has_asked)
        p->asked = e->asked;
    post_settle(p);
    if (e->has_intent && is_side(e->intent))
        p->side = e->intent == INTENT_REQUEST ? SIDE_REQUEST : SIDE_OFFER;
    edit_words(p, e);
    tally_post_moved(c, &was, p);
    node_touch(c, d->n);
    post_tell(c, EVENT_POST_CHANGED, p);
    if (e->has_intent && !is_side(e->intent))
        close_as_wrong(c, d->n);
    else
        assign_later(c, d->n);
    danger_read_anew(c, d->n, &was);
    command_reply(d, ERR_OK, NULL);
}

/* --- posts that no bot took --- */

static void retry(struct doing *d)
{
    struct core *c = d->c;
    struct outbound *o = d->n->object;
    struct node *m = node_find(c, OBJECT_MATCH, o->match);
    if (o->state != OUTBOUND_DEAD) {
        command_reply(d, ERR_CONFLICT, "it is not a dead letter");
        return;
    }
    bool proposal = outbound_proposes(o->kind);
    if (proposal ? !m || !match_event(c, m, MATCH_EVENT_APPROVE) : !outbound_is_wanted(c, o)) {
        command_reply(d, ERR_CONFLICT,
                      "what it is about has ended; there is nothing to post any more");
        return;
    }
    if (proposal) {
        match_decide(c, m, d->cmd->actor);
        outbound_revive(c, m, o);
    }
    outbound_retry(c, d->n, d->cmd->actor);
    command_reply(d, ERR_OK, NULL);
}

/* --- the directory --- */

static void import(struct doing *d)
{
    char detail[200];
    if (!import_rows(d->c, d->cmd, false, detail)) {
        command_reply(d, ERR_BAD_FIELD, detail);
        return;
    }
    struct audit *a = tell_audit_of(d->c, d->cmd->community, "directory.import");
    a->kind = OBJECT_PLACE;
    a->object = keep(d->c, d->cmd->community);
    a->after = keep(d->c, detail);
    tell(d->c, EVENT_DIRECTORY, d->cmd->community);
    command_reply(d, ERR_OK, detail);
}

static void refuse(struct doing *d, enum err e, const char *detail)
{
    struct audit *a = tell_audit_of(d->c, d->cmd->community, "command.refused");
    a->kind = objects[d->cmd->kind].kind;
    a->object = keep(d->c, d->cmd->object ? d->cmd->object : "");
    a->before = command_code(d->cmd->kind);
    a->after = err_slug(e);
    command_reply(d, e, detail);
}

void decide_command(struct core *c, const struct command *cmd)
{
    static void (*const doings[COMMAND_N])(struct doing *) = {
        [COMMAND_MATCH_APPROVE] = approve,
        [COMMAND_MATCH_REJECT] = reject,
        [COMMAND_MATCH_UNDO] = undo,
        [COMMAND_MATCH_REVEAL] = reveal_match,
        [COMMAND_POST_CONTACT] = reveal_post,
        [COMMAND_POST_EDIT] = edit_post,
        [COMMAND_CASE_EVENT] = move_case,
        [COMMAND_OUTBOUND_RETRY] = retry,
        [COMMAND_CASE_DISPATCH] = dispatch_case,
        [COMMAND_CASE_MERGE] = merge_case,
        [COMMAND_CASE_FOLLOW_UP] = follow_up_case,
        [COMMAND_DIRECTORY_IMPORT] = import,
        [COMMAND_POST_CORRECT] = correct_post,
        [COMMAND_CASE_CORRECT] = correct_case,
        [COMMAND_MESSAGE_CORRECT] = correct_message,
        [COMMAND_ADVICE_ACCEPT] = advice_accept,
        [COMMAND_ADVICE_DISMISS] = advice_dismiss,
        [COMMAND_POLICY_PUT] = policy_put,
        [COMMAND_EMERGENCY_SET] = policy_emergency_set,
        [COMMAND_DIRECTORY_PUT] = directory_put,
        [COMMAND_DIRECTORY_DELETE] = directory_delete,
        [COMMAND_PARTY_REGISTER] = party_register,
        [COMMAND_PARTY_MERGE] = party_merge,
        [COMMAND_PERSON_ERASE] = person_erase,
        [COMMAND_GROUP_TEST] = group_test,
        [COMMAND_NOTICE_APPROVE] = notice_approve,
        [COMMAND_NOTICE_REJECT] = notice_reject,
        [COMMAND_ROLLCALL_START] = rollcall_start,
        [COMMAND_ROLLCALL_MARK] = rollcall_mark,
        [COMMAND_ALERT_SEEN] = alert_seen};
    struct doing d = {.c = c, .cmd = cmd};
    const char *detail;
    c->actor = cmd->actor;
    c->reason = cmd->reason;
    enum err e = may(&d, &detail);
    if (e)
        refuse(&d, e, detail);
    else
        doings[cmd->kind](&d);
    c->fx->lasting = true; /* its id is remembered: the same command again has no second effect */
}

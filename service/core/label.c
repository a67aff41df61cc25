/* Labelled events: the text as it is stored, masked, with the lines that it was read behind as far
   as they are still kept; before and after; who, when, and what they had been shown. */
#include "core_priv.h"

#include <string.h>

void labels_of_post(const struct post *p, struct labels *l)
{
    *l = (struct labels){.intent = p->side == SIDE_REQUEST ? INTENT_REQUEST : INTENT_OFFER,
                         .category = p->category,
                         .urgency = p->urgency,
                         .mode = p->mode,
                         .flags = p->flags};
}

void labels_of_case(const struct case_ *k, struct labels *l)
{
    *l = (struct labels){
        .intent = INTENT_REPORT, .category = k->category, .urgency = k->urgency, .mode = MODE_NONE};
}

static int line_of(const struct conversation *t, const char *message)
{
    for (int i = t->n - 1; message && i >= 0; i--)
        if (!strcmp(t->lines[i]->message, message))
            return i;
    return -1;
}

static void note_context(struct core *c, struct labelled *l, const struct origin *o)
{
    const struct conversation *t = conversation_of(c, o->community, o->group);
    int at = line_of(t, o->message);
    const struct talk *quoted = at < 0 ? NULL : talk_line(t, t->lines[at]->reply_to);
    if (quoted) {
        l->quoted = keep(c, quoted->text);
        l->quoted_message = keep(c, quoted->message);
        l->quoted_intent = quoted->intent;
    }
    for (int i = at - 1; i >= 0; i--) {
        if (!strcmp(t->lines[i]->sender, t->lines[at]->sender))
            continue;
        l->previous = keep(c, t->lines[i]->text);
        l->previous_message = keep(c, t->lines[i]->message);
        l->previous_intent = t->lines[i]->intent;
        return;
    }
}

struct labelled *label_note(struct core *c, const struct origin *o, const char *text)
{
    struct labelled *l = effects_label(c->fx);
    l->at_ms = c->now_ms;
    l->community = keep(c, o->community);
    l->group = keep(c, o->group);
    l->message = keep(c, o->message);
    l->actor = keep(c, c->actor);
    l->object = "";
    l->text = keep(c, text);
    l->model = "";
    note_context(c, l, o);
    return l;
}

void label_forget(struct core *c, const struct message *m)
{
    struct unlabel *u = effects_unlabel(c->fx);
    u->community = keep(c, m->community);
    u->group = keep(c, m->group);
    u->message = keep(c, m->recalled);
}

void label_post(struct core *c, const struct post *p, enum label_how how,
                const struct labels *before, const struct labels *after)
{
    struct labelled *l = label_note(c, &p->origin, how == LABEL_APPROVED ? "" : p->text);
    l->how = how;
    l->object = keep(c, p->id);
    l->before = *before;
    l->after = *after;
    l->first = !p->labelled;
    l->blind = post_is_blind(p);
    l->model = keep(c, p->model);
    tally_looked(c, l);
}

void label_case(struct core *c, const struct case_ *k, const struct labels *before,
                const struct labels *after)
{
    bool same = before->intent == after->intent && before->category == after->category &&
                before->urgency == after->urgency;
    struct labelled *l = label_note(c, &k->origin, k->text);
    l->how = same ? LABEL_CONFIRMED : LABEL_CORRECTED;
    l->object = keep(c, k->id);
    l->before = *before;
    l->after = *after;
    l->first = !k->labelled;
    l->model = keep(c, k->model);
    tally_looked(c, l);
}

/* Who approves a match has seen how its post was read, and let it pass. */
void label_approved(struct core *c, const struct match *m)
{
    const struct post *p = post_of(c, m->request[0] ? m->request : m->offer);
    struct labels l;
    if (!p || p->labelled || post_is_blind(p))
        return;
    labels_of_post(p, &l);
    label_post(c, p, LABEL_APPROVED, &l, &l);
}

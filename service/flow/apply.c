/* From the effects of a batch to the operations of one commit, and to those who wait for news. */
#include "flow_priv.h"

#include <stdio.h>

#include "base/clock.h"
#include "codec/labelled.h"
#include "codec/object.h"
#include "flow/show.h"

static void view_match(struct commit *c, const struct match *m)
{
    if (m->state == MATCH_IN_REVIEW)
        commit_queue(c, m->community, m->id, match_queue_score(m));
    else
        commit_unqueue(c, m->community, m->id);
}

static void view_outbound(struct commit *c, const struct outbound *o)
{
    if (o->state == OUTBOUND_SENDING)
        commit_pull(c, o->bot, o->id, o->due_ms);
    else
        commit_unpull(c, o->bot, o->id);
}

static void put_object(const struct core *core, const struct touched *t, struct commit *c,
                       struct buf *scratch)
{
    const void *object = core_find(core, t->kind, t->key);
    if (!object) {
        commit_drop(c, t->kind, t->key);
        return;
    }
    buf_clear(scratch);
    object_encode(t->kind, object, scratch);
    commit_put(c, t->kind, t->key, buf_str_borrow(scratch));
    if (t->kind == OBJECT_MATCH)
        view_match(c, object);
    else if (t->kind == OBJECT_OUTBOUND)
        view_outbound(c, object);
}

/* A line that does not set the expiry anew goes up to an eighth of the retention early. */
static void put_talks(struct flow *f, const struct effects *fx, struct group_lines **lines,
                      struct commit *c, struct buf *scratch)
{
    int64_t now = store_now_ms(f->store), keep = f->conf->retention_s * SECOND_MS;
    for (int i = 0; i < fx->n_talks; i++) {
        char key[OBJECT_KEY_SIZE];
        object_key(key, fx->talks[i]->community, fx->talks[i]->group);
        buf_clear(scratch);
        talk_encode(fx->talks[i], scratch);
        commit_talk(c, key, buf_str_borrow(scratch),
                    talks_due(lines, key, now, keep / 8) ? keep : 0);
    }
    for (int i = 0; i < fx->n_trims; i++)
        commit_trim(c, fx->trims[i].key, fx->trims[i].keep);
}

static void put_reply(const struct core *core, const struct reply *r, struct commit *c,
                      struct buf *scratch)
{
    struct buf object;
    buf_init(&object);
    const void *o = r->key ? core_find(core, r->kind, r->key) : NULL;
    if (o)
        object_encode(r->kind, o, &object);
    buf_clear(scratch);
    show_reply(r, o ? buf_str_borrow(&object) : (struct str){NULL, 0}, scratch);
    commit_reply(c, r->reply_to, r->command, buf_str_borrow(scratch));
    buf_deinit(&object);
}

static void put_unlabels(const struct effects *fx, struct commit *c)
{
    struct buf group, message;
    buf_init(&group);
    buf_init(&message);
    for (int i = 0; i < fx->n_unlabels; i++) {
        const struct unlabel *u = &fx->unlabels[i];
        buf_clear(&group);
        buf_clear(&message);
        labelled_marks(u->community, u->group, u->message, &group, &message);
        commit_unlabel(c, buf_str_borrow(&group), buf_str_borrow(&message));
    }
    buf_deinit(&group);
    buf_deinit(&message);
}

void apply_effects(struct flow *f, const struct core *core, const struct effects *fx,
                   struct group_lines **lines, struct commit *c)
{
    struct buf scratch;
    buf_init(&scratch);
    for (int i = 0; i < fx->n_touched; i++)
        put_object(core, &fx->touched[i], c, &scratch);
    put_talks(f, fx, lines, c, &scratch);
    for (int i = 0; i < fx->n_audits; i++) {
        buf_clear(&scratch);
        show_audit(&fx->audits[i], &scratch);
        commit_audit(c, buf_str_borrow(&scratch));
    }
    for (int i = 0; i < fx->n_labels; i++) {
        buf_clear(&scratch);
        labelled_encode(&fx->labels[i], &scratch);
        commit_label(c, buf_str_borrow(&scratch),
                     fx->labels[i].at_ms - f->conf->labels_days * DAY_MS);
    }
    put_unlabels(fx, c);
    for (int i = 0; i < fx->n_events; i++) {
        if (fx->events[i].kind == EVENT_MESSAGE) /* ordinary chat is nobody's news */
            continue;
        buf_clear(&scratch);
        show_event(&fx->events[i], &scratch);
        commit_event(c, buf_str_borrow(&scratch));
    }
    for (int i = 0; i < fx->n_replies; i++)
        put_reply(core, &fx->replies[i], c, &scratch);
    buf_deinit(&scratch);
}

static void announce(struct flow *f, const char *what, int shard, const char *more)
{
    char line[256];
    int n = snprintf(line, sizeof line, "%s %d%s%s", what, shard, *more ? " " : "", more);
    if (n > 0 && n < (int)sizeof line)
        store_publish(f->store, (struct str){line, (size_t)n});
}

void apply_announce(struct flow *f, int shard, const struct core *core, const struct effects *fx)
{
    bool groups = false, events = false;
    for (int i = 0; i < fx->n_touched; i++) {
        const struct touched *t = &fx->touched[i];
        groups |= t->kind == OBJECT_GROUP;
        const struct outbound *o =
            t->kind == OBJECT_OUTBOUND ? core_find(core, OBJECT_OUTBOUND, t->key) : NULL;
        if (!o)
            continue;
        deliver_consider(f->deliver, shard, o);
        if (o->state == OUTBOUND_SENDING)
            announce(f, "pull", shard, o->bot);
    }
    for (int i = 0; i < fx->n_events && !events; i++)
        events = fx->events[i].kind != EVENT_MESSAGE;
    if (groups)
        announce(f, "groups", shard, "");
    if (events)
        announce(f, "events", shard, "");
}

/* A message that its sender has changed: what it opened stands as it says now, with those who have
   answered it; what it did else is taken back, and it is heard anew. */
#include "context_priv.h"

#include <string.h>

#include "base/mem.h"

static bool opens(const struct said *s, const struct post *p)
{
    return s->reading.intent == (p->side == SIDE_REQUEST ? INTENT_REQUEST : INTENT_OFFER);
}

/* The post that this message has opened, still open and the sender's own. */
static struct node *opened_by_it(const struct core *c, const struct said *s)
{
    struct node *n = by_message(c, s->m->bot, s->m->edited);
    const struct post *p = n && n->kind == OBJECT_POST ? n->object : NULL;
    bool opener = p && p->origin.message && !strcmp(p->origin.message, s->m->edited);
    return opener && is_own(s, p) && !post_is_final(p->state) ? n : NULL;
}

/* What is promised of it stays promised. */
static void keep_promises(struct post *p)
{
    double given = p->reserved + p->fulfilled + p->presumed;
    if (p->asked < given)
        p->asked = given;
    post_settle(p);
}

static void read_anew(struct core *c, struct said *s, struct node *n)
{
    struct post *p = n->object, was = *p;
    strs_deinit(&p->contacts); /* a number that is not in it any more */
    strs_deinit(&p->contact_kinds);
    post_read(c, p, s);
    keep_promises(p);
    tally_post_moved(c, &was, p);
    p->edited = false; /* what a person had read is no more */
    tell_audit(c, "post.edited", n, NULL, NULL);
    post_repeat(c, n, s);
    danger_route(c, s, n);
    case_route(c, n);
    assign_later(c, n);
}

struct node *edited_post(struct core *c, struct said *s)
{
    struct node *n = opened_by_it(c, s);
    if (!n || !opens(s, n->object))
        return NULL;
    talk_forget(c, s->talk, s->m->edited);
    read_anew(c, s, n);
    return n;
}

/* As far as it is still known who wrote it. */
static bool is_anothers(const struct core *c, const struct said *s)
{
    const struct talk *line = talk_line(s->talk, s->m->edited);
    const struct node *n = by_message(c, s->m->bot, s->m->edited);
    return (line && strcmp(line->sender, s->m->sender) != 0) ||
           (n && n->kind == OBJECT_POST && !is_own(s, n->object));
}

void edited_forget(struct core *c, const struct said *s)
{
    if (is_anothers(c, s))
        return;
    struct message back = *s->m;
    back.recalled = s->m->edited;
    closure_recall(c, &back, s->talk);
}

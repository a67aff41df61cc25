/* 我也想借一辆: who asks for the same as the neighbour before them, and does not name it. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"

#define BEFORE_MS (30 * MINUTE_MS)
#define BEGINNING 16 /* bytes: a name or a sigh may stand before it */

static bool begins_with_also(const char *text)
{
    static const char *const words[] = {"我也", "也想", "也要",   "也求",   "也需要",   "我家也",
                                        "同求", "+1求", "我们也", "me too", "same here"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *at = strcasestr(text, words[i]);
        if (at && at - text <= BEGINNING)
            return true;
    }
    return false;
}

/* The request that was last spoken of here, where it is somebody else's. */
static const struct post *asked_before(const struct core *c, const struct said *s)
{
    for (int i = s->talk->n - 1; i >= 0; i--) {
        const struct talk *t = s->talk->lines[i];
        const struct node *n = t->ref[0] ? node_find(c, OBJECT_POST, t->ref) : NULL;
        const struct post *p = n ? n->object : NULL;
        if (s->m->time_ms - t->time_ms > BEFORE_MS)
            return NULL;
        if (p)
            return p->side == SIDE_REQUEST && !is_own(s, p) ? p : NULL;
    }
    return NULL;
}

void also_take(const struct core *c, struct said *s)
{
    struct reading *r = &s->reading;
    const struct post *p =
        r->slots.n_items || !begins_with_also(s->m->text) ? NULL : asked_before(c, s);
    if (!p)
        return;
    r->category = p->category;
    r->slots.n_items = p->slots.n_items;
    for (int i = 0; i < p->slots.n_items; i++) {
        r->slots.items[i] = p->slots.items[i];
        r->slots.items[i].span = (struct span){0}; /* it does not stand in this text */
    }
}

/* Read as a claim, it claims nothing: nobody has offered any yet. */
bool also_asks(const struct core *c, struct said *s)
{
    struct reading *r = &s->reading;
    const struct post *p =
        r->gives < SURELY_TAKES && begins_with_also(s->m->text) ? asked_before(c, s) : NULL;
    if (!p)
        return false;
    also_take(c, s);
    r->category = p->category;
    r->mode = p->mode;
    r->urgency = p->urgency;
    return true;
}

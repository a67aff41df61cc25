/* Which posts a closure ends: the sender's own, those that they help with or are helped by, those
   that they have talked of. How much each hint counts was learned from the scenes in
   service/core/scenes by scripts/fit-context: does it end this one, by logistic regression. */
#include "context_priv.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

#define CLOSE_WITHIN_MS (14 * DAY_MS)
#define LATE_WITHIN_MS (7 * DAY_MS) /* thanks for what nobody has ended */
#define LOOKED_AT 24                /* posts of the group, the newest first */

static const float weights[ENDING_N] = {
#include "ending_weights.inc"
};

/* --- candidates --- */

struct endings {
    struct core *c;
    const struct said *s;
    struct node *found[ENDINGS_MOST];
    int n;
};

static void add(struct endings *e, struct node *n)
{
    const struct post *p = n ? n->object : NULL;
    if (!p || e->n == ENDINGS_MOST || e->s->m->time_ms - p->origin.time_ms > CLOSE_WITHIN_MS)
        return;
    for (int i = 0; i < e->n; i++)
        if (e->found[i] == n)
            return;
    e->found[e->n++] = n;
}

static bool add_own(void *arg, struct node *n)
{
    struct endings *e = arg;
    const struct match *m = n->object;
    if (n->kind == OBJECT_POST) {
        add(e, n);
    } else if (n->kind == OBJECT_MATCH && match_holds(m->state)) {
        add(e, node_find(e->c, OBJECT_POST, m->request));
        add(e, node_find(e->c, OBJECT_POST, m->offer));
    }
    return true;
}

static bool add_late(void *arg, struct node *n)
{
    struct endings *e = arg;
    if (e->s->m->time_ms - ((const struct post *)n->object)->closed_ms <= LATE_WITHIN_MS)
        add(e, n);
    return true;
}

static bool talked_of(const struct said *s, const char *post)
{
    for (int i = 0; i < s->talk->n; i++)
        if (!strcmp(s->talk->lines[i]->ref, post) &&
            !strcmp(s->talk->lines[i]->sender, s->m->sender))
            return true;
    return false;
}

static void collect(struct endings *e)
{
    char key[LIST_KEY_SIZE];
    own_each(e->c, e->s, add_own, e);
    own_late_each(e->c, e->s, add_late, e);
    list_key(key, LIST_GROUP, e->s->m->community, e->s->m->group);
    int seen = 0;
    for (struct seat *t = list_last(e->c, key); t && seen++ < LOOKED_AT; t = seat_before(t))
        if (talked_of(e->s, t->node->key))
            add(e, t->node);
}

/* --- hints --- */

static void hint_parts(const struct said *s, const struct node *n, float *f)
{
    const struct post *p = n->object;
    for (int i = 0; i < n->n_links; i++) {
        const struct match *m = match_of_node(n->links[i]);
        bool claims = m->claimant && !strcmp(m->claimant, s->m->sender);
        if (!match_holds(m->state))
            continue;
        f[ENDING_AGREED] = f[ENDING_AGREED] || m->state == MATCH_AGREED || m->state == MATCH_POSTED;
        if (is_own(s, p))
            continue;
        if (claims || is_by(s, m->helper) || is_by(s, m->helped))
            f[p->side == SIDE_REQUEST ? ENDING_HELPER : ENDING_HELPED] = 1;
    }
}

/* 谢谢严哥开车: whom it names tells which of the sender's own it is about. */
static bool names_other(const struct core *c, const struct said *s, const struct node *n)
{
    for (int i = 0; i < n->n_links; i++) {
        const struct match *m = match_of_node(n->links[i]);
        const struct talk *line = m->claim ? talk_line(s->talk, m->claim) : NULL;
        const char *party =
            ((const struct post *)n->object)->side == SIDE_REQUEST ? m->helper : m->helped;
        if (match_holds(m->state) &&
            called_by_name(s, line ? line->sender_name : NULL, party_known(c, m->community, party)))
            return true;
    }
    return false;
}

static void hint_time(const struct said *s, const struct post *p, int newer, float *f)
{
    double spoken = (double)(s->m->time_ms - thread_spoken_ms(s, p)) / MINUTE_MS;
    f[ENDING_SPOKEN] = (float)log1p(spoken > 0 ? spoken : 0);
    f[ENDING_NEWER] = (float)newer;
}

static void hint_thing(struct core *c, const struct said *s, const struct post *p, float *f)
{
    f[ENDING_THING] = (float)thread_item_fit(c, s, p);
    f[ENDING_OTHER_THING] = thread_other_thing(c, s, p);
    f[ENDING_WORDS] = (float)text_likeness(c->o.work, str_of(s->m->text), str_of(p->text));
    f[ENDING_LEAF] = s->reading.category_guess == p->category;
}

static void gather(struct endings *e, int i, float f[ENDING_N])
{
    struct node *n = e->found[i];
    const struct post *p = n->object;
    const struct said *s = e->s;
    bool own = is_own(s, p), offer = p->side == SIDE_OFFER;
    memset(f, 0, ENDING_N * sizeof *f);
    f[ENDING_ANY] = 1;
    hint_parts(s, n, f);
    f[ENDING_OWN_REQUEST] = own && !offer;
    f[ENDING_OWN_OFFER] = own && offer;
    f[ENDING_ALONE] = own && e->n == 1;
    f[ENDING_HERE] = !strcmp(p->origin.group, s->m->group);
    f[ENDING_NAMES_OWNER] =
        !own && called_by_name(s, p->origin.sender_name,
                               party_known(e->c, p->origin.community, p->origin.party));
    f[ENDING_NAMES_OTHER] = own && names_other(e->c, s, n);
    hint_time(s, p, i, f);
    hint_thing(e->c, s, p, f);
    f[ENDING_MEANT] = thread_meant(e->c, s, p, INTENT_CLOSURE);
}

/* Where one is as likely as not to be meant, none would be wrong oftener; a second one, and more,
   ends only where that is likely and the words name nothing else. */
#define FIRST_FROM (-0.5f)
#define FURTHER_FROM 1.0f

int endings_choose(struct core *c, struct said *s, struct node *ended[ENDINGS_MOST])
{
    struct endings e = {.c = c, .s = s};
    float z[ENDINGS_MOST], f[ENDING_N];
    bool other[ENDINGS_MOST];
    int best = -1, n = 0;
    collect(&e);
    thread_note_first(c, s, e.n);
    for (int i = 0; i < e.n; i++) {
        gather(&e, i, f);
        thread_note(c, s, e.found[i]->object, f, ENDING_N);
        z[i] = thread_fit(weights, f, ENDING_N);
        other[i] = f[ENDING_OTHER_THING] > 0;
        if (z[i] > FIRST_FROM && (best < 0 || z[i] > z[best]))
            best = i;
    }
    if (best >= 0)
        ended[n++] = e.found[best];
    for (int i = 0; i < e.n; i++)
        if (i != best && z[i] > FURTHER_FROM && !other[i])
            ended[n++] = e.found[i];
    return n;
}

/* One post of several messages: said again in this or another group; piece.c: cut into pieces. */
#include "context_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define REPEAT_MS (24 * HOUR_MS)
#define REMIND_MS (7 * DAY_MS) /* 还差一个人 */
#define SPLIT_MS (90 * SECOND_MS)
#define REPEAT_LIKE 0.5 /* of the texts */
#define SAME_ITEM 0.9
#define COPY_MS (10 * MINUTE_MS)
#define COPY_BYTES 6 /* two characters */
#define LATER_MS (2 * HOUR_MS)

static double item_likeness(const struct core *c, const struct said *s, const struct post *p)
{
    double best = 0;
    for (int i = 0; i < s->reading.slots.n_items; i++)
        for (int k = 0; k < p->slots.n_items; k++) {
            double like =
                text_item_likeness(c->o.model, &s->reading.slots.items[i], &p->slots.items[k]);
            best = like > best ? like : best;
        }
    return best;
}

/* Who finds a card and then a key has found two things. */
static bool is_another_find(const struct said *s, const struct post *p)
{
    return p->category == CATEGORY_LOST_FOUND && s->reading.category == CATEGORY_LOST_FOUND &&
           match_lost_differ(p->text, s->text);
}

/* 周六上午 and 周六. */
static bool times_meet(const struct slot_time *a, const struct slot_time *b)
{
    return a->start_ms == b->start_ms || (a->start_ms < b->end_ms && b->start_ms < a->end_ms);
}

/* 明早找人换阀 is no repeat of 水管爆了, once a neighbour has helped with that: it is for a time of
   its own, and somebody stands for the first. */
static bool is_for_later(const struct said *s, const struct node *n)
{
    const struct post *p = n->object;
    const struct slot_time *t = &s->reading.slots.time;
    return agreed_quantity(n) > 0 && t->start_ms > s->m->time_ms + LATER_MS &&
           !times_meet(t, &p->slots.time);
}

/* 借一下，换灯泡: it, whatever else is named is what it is for. */
static bool borrows_it(const struct said *s)
{
    static const char *const heads[] = {"借一下", "借用", "借我用", "用一下", "用一哈", "借一哈"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (!strncmp(s->m->text, heads[i], strlen(heads[i])))
            return true;
    return false;
}

/* 水管爆了谁会修 / 水都漫到客厅了: what follows at once tells more of the need, and asks for
   nothing else. */
static bool tells_more(const struct said *s, const struct post *p)
{
    const struct talk *last = s->talk->n ? s->talk->lines[s->talk->n - 1] : NULL;
    return p->side == SIDE_REQUEST && last && !strcmp(last->ref, p->id) &&
           (!says_asks(&s->words) || (p->mode == MODE_LEND && borrows_it(s)));
}

static bool goes_on(const struct said *s, const struct post *p)
{
    int64_t age = s->m->time_ms - p->origin.time_ms;
    return !strcmp(p->origin.group, s->m->group) && age <= SPLIT_MS &&
           (p->category == s->reading.category || !s->reading.slots.n_items || !p->slots.n_items ||
            tells_more(s, p));
}

/* The same words in another group: all that is said of it, or a piece of it, sent there too. */
static bool is_copy(const struct said *s, const struct post *p)
{
    int64_t age = s->m->time_ms - p->origin.time_ms;
    return strcmp(p->origin.group, s->m->group) != 0 &&
           (!strcmp(p->text, s->text) ||
            (age <= COPY_MS && strlen(s->text) >= COPY_BYTES && strstr(p->text, s->text)));
}

/* 人 is no thing. */
static bool names_thing(const struct said *s)
{
    for (int i = 0; i < s->reading.slots.n_items; i++)
        if (s->reading.slots.items[i].category != CATEGORY_VOLUNTEER)
            return true;
    return false;
}

static bool names_its_thing(const struct said *s, const struct post *p)
{
    for (int i = 0; i < s->reading.slots.n_items; i++)
        if (strstr(p->text, s->reading.slots.items[i].word))
            return true;
    return false;
}

static bool calls_for_hands(const struct post *p)
{
    return p->side == SIDE_REQUEST && p->mode == MODE_HELP && p->asked > 1 + EPSILON;
}

/* The leaf of what hands are called for is theirs, or that of whatever there is to do. */
static bool same_leaf(const struct said *s, const struct post *p)
{
    return s->reading.category == p->category ||
           (s->reading.category == CATEGORY_VOLUNTEER && calls_for_hands(p));
}

/* 还差一个人, 米粉还在 谁要: it reminds of what its sender has open here: of the same thing, of
   what hands are called for by a word of it, or of what alone it can mean. */
static bool reminds(struct core *c, const struct said *s, const struct post *p)
{
    const struct slot_time *said = &s->reading.slots.time, *known = &p->slots.time;
    bool says = p->side == SIDE_REQUEST ? says_lacks(&s->words) : says_remains(&s->words);
    if (!says || strcmp(p->origin.group, s->m->group) != 0 ||
        match_sizes_differ(p->text, s->text) ||
        (said->start_ms && known->start_ms && !times_meet(said, known)))
        return false;
    if (!names_thing(s))
        return same_leaf(s, p);
    return names_its_thing(s, p) ||
           (calls_for_hands(p) && same_leaf(s, p) && thread_words_shared(c, s, p) > 0);
}

/* 婴儿床 and 婴儿车 are two things, however alike what is said of them. */
static bool names_another(const struct said *s, const struct post *p)
{
    bool known = false;
    for (int i = 0; i < s->reading.slots.n_items; i++)
        for (int k = 0; k < p->slots.n_items; k++) {
            uint16_t a = s->reading.slots.items[i].concept, b = p->slots.items[k].concept;
            if (a == b)
                return false;
            known |= a && b;
        }
    return known;
}

static bool says_again(struct core *c, const struct said *s, const struct post *p)
{
    if (is_copy(s, p) || reminds(c, s, p))
        return true;
    if (p->category != s->reading.category || match_sizes_differ(p->text, s->text))
        return false;
    return item_likeness(c, s, p) >= SAME_ITEM ||
           (text_likeness(c->o.work, str_of(p->text), str_of(s->text)) >= REPEAT_LIKE &&
            !names_another(s, p));
}

/* --- which of the sender's own --- */

struct search {
    struct core *c;
    const struct said *s;
    enum side side;
    bool (*is)(const struct search *q, const struct post *p);
    struct node *found;
};

static bool is_join(const struct search *q, const struct post *p)
{
    return p->side == q->side && !is_another_find(q->s, p) &&
           (goes_on(q->s, p) || says_again(q->c, q->s, p));
}

static bool is_going_on(const struct search *q, const struct post *p)
{
    return p->side == q->side && !is_another_find(q->s, p) && goes_on(q->s, p);
}

static bool is_elsewhere(const struct search *q, const struct post *p)
{
    return is_copy(q->s, p);
}

static bool look(void *arg, struct node *n)
{
    struct search *q = arg;
    const struct post *p = n->object;
    if (n->kind == OBJECT_POST && !post_is_final(p->state) && is_own(q->s, p) &&
        q->s->m->time_ms - p->origin.time_ms <= (reminds(q->c, q->s, p) ? REMIND_MS : REPEAT_MS) &&
        q->is(q, p) && (is_copy(q->s, p) || !is_for_later(q->s, n)))
        q->found = n;
    return !q->found;
}

struct node *post_goes_on(struct core *c, const struct said *s, enum side side)
{
    struct search q = {.c = c, .s = s, .side = side, .is = is_going_on};
    own_each(c, s, look, &q);
    return q.found;
}

struct node *post_elsewhere(struct core *c, const struct said *s)
{
    struct search q = {.c = c, .s = s, .is = is_elsewhere};
    own_each(c, s, look, &q);
    return q.found;
}

/* --- joining --- */

static void take_slots(struct post *p, const struct slots *more)
{
    if (!p->slots.n_items) {
        memcpy(p->slots.items, more->items, sizeof p->slots.items);
        p->slots.n_items = more->n_items;
    }
    if (!p->slots.time.start_ms && !p->slots.time.end_ms)
        p->slots.time = more->time;
    post_forget_when(p);
}

static void take_again(struct core *c, struct post *p, const struct said *s)
{
    if (p->urgency < s->reading.urgency)
        p->urgency = s->reading.urgency;
    p->flags |= s->reading.flags;
    if (!p->edited)
        take_slots(p, &s->reading.slots);
    post_seal(c, p, &s->reading.slots);
    int64_t later = post_expiry_ms(c, p);
    p->expires_ms = later > p->expires_ms ? later : p->expires_ms;
}

void post_repeat(struct core *c, struct node *n, const struct said *s)
{
    struct post *p = n->object;
    strs_add(&p->repeats, str_of(s->m->id));
    remember_message(c, p->origin.bot, s->m->id, n);
    node_touch(c, n);
    tell_audit(c, "post.repeat", n, NULL, NULL);
    post_tell(c, EVENT_POST_CHANGED, p);
}

struct node *post_join(struct core *c, const struct said *s, enum side side)
{
    struct search q = {.c = c, .s = s, .side = side, .is = is_join};
    own_each(c, s, look, &q);
    if (!q.found)
        return NULL;
    if (goes_on(s, q.found->object))
        piece_go_on(c, q.found, s);
    else
        take_again(c, q.found->object, s);
    post_repeat(c, q.found, s);
    return q.found;
}

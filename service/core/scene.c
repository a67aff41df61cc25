/* What is open around a message, who is named in it, and what its sender stands in. */
#include "context_priv.h"

#include <string.h>

#include "base/clock.h"

#define NEAR_MS (45 * MINUTE_MS)     /* an open post that people still talk about */
#define CLAIM_MS (3 * HOUR_MS)       /* a claim without a quote is made within */
#define CALLED_MS (3 * DAY_MS)       /* one that names the owner and the thing */
#define HELPING_MS HOUR_MS           /* who has promised still talks about it */
#define PROMISED_MS (15 * MINUTE_MS) /* thanks for a promise, not yet for the help */
#define GOES_ON_MS (90 * SECOND_MS)
#define TALKED_MS (30 * MINUTE_MS) /* of a fault */
#define LOOKED_AT 24               /* of the group's open posts */

bool scene_names_thing(const struct core *c, const struct said *s, const struct post *p)
{
    return thread_item_fit(c, s, p) >= THE_SAME;
}

static bool calls_owner(const struct core *c, const struct said *s, const struct post *p)
{
    return called_by_name(s, p->origin.sender_name,
                          party_known(c, p->origin.community, p->origin.party));
}

static void see_post(struct core *c, struct scene *x, const struct said *s, const struct post *p)
{
    int64_t age = s->m->time_ms - thread_spoken_ms(s, p);
    if (is_own(s, p) || age > CALLED_MS)
        return;
    if (!x->called[p->side] && scene_names_thing(c, s, p) && calls_owner(c, s, p))
        x->called[p->side] = p;
    x->anything |= age <= CLAIM_MS || x->called[p->side] == p;
    if (age <= NEAR_MS && !x->near[p->side])
        x->near[p->side] = p;
}

/* --- the sender's own --- */

struct own {
    struct core *c;
    const struct said *s;
    struct scene *x;
};

/* Somebody in line for it is named: the owner says who gets what. */
static bool names_taker(const struct said *s, const char *post)
{
    for (int i = 0; i < s->talk->n; i++) {
        const struct talk *t = s->talk->lines[i];
        if (t->intent == INTENT_CLAIM && !strcmp(t->ref, post) &&
            called_by_name(s, t->sender_name, NULL))
            return true;
    }
    return false;
}

static bool quotes_asker(const struct said *s)
{
    const struct talk *t = talk_line(s->talk, s->m->reply_to);
    return t && strcmp(t->sender, s->m->sender) != 0 &&
           (t->intent == INTENT_CLAIM || t->intent == INTENT_INQUIRY ||
            t->intent == INTENT_REQUEST);
}

static void see_own_post(struct own *o, const struct post *p)
{
    struct scene *x = o->x;
    if (!x->own[p->side])
        x->own[p->side] = p;
    x->goes_on |= p->side == SIDE_REQUEST && !strcmp(p->origin.group, o->s->m->group) &&
                  o->s->m->time_ms - p->origin.time_ms <= GOES_ON_MS;
    x->shares_out |= p->side == SIDE_OFFER && names_taker(o->s, p->id);
    x->answers_asker |= p->side == SIDE_OFFER && quotes_asker(o->s);
    x->refuses |= x->answers_asker && p->mode == MODE_LEND;
}

static void see_own_match(struct own *o, const struct match *m)
{
    const struct post *request = post_of(o->c, m->request), *offer = post_of(o->c, m->offer);
    struct scene *x = o->x;
    bool claims = m->claimant && !strcmp(m->claimant, o->s->m->sender);
    bool helped = request ? is_own(o->s, request) : claims;
    bool helps = offer ? is_own(o->s, offer) : claims && request;
    int64_t age = o->c->now_ms - m->decided_ms;
    x->stands |= m->state == MATCH_AGREED || m->state == MATCH_POSTED;
    x->anything |= m->state == MATCH_POSTED;
    x->helping |= m->state == MATCH_AGREED && helps && claims && age <= HELPING_MS;
    x->promised |= m->state == MATCH_AGREED && helped && age <= PROMISED_MS;
}

static bool see_own(void *arg, struct node *n)
{
    struct own *o = arg;
    if (n->kind == OBJECT_MATCH)
        see_own_match(o, n->object);
    if (n->kind != OBJECT_POST)
        return true;
    see_own_post(o, n->object);
    for (int i = 0; i < n->n_links; i++)
        see_own_match(o, match_of_node(n->links[i]));
    return true;
}

/* --- whom it speaks to, and of what --- */

#define HEAD_BYTES (4 * 3) /* four characters of a name, from its front, */
#define TAIL_BYTES (6 * 3) /* or six from its end: fewer are no name */

static bool names_party(const char *text, const char *name)
{
    char head[HEAD_BYTES + 1];
    size_t n = strlen(name);
    if (n < HEAD_BYTES)
        return n >= 6 && strstr(text, name);
    str_copy(head, sizeof head, str_clip_utf8(str_of(name), HEAD_BYTES));
    const char *tail = n > TAIL_BYTES ? name + n - TAIL_BYTES : NULL;
    while (tail && ((unsigned char)*tail & 0xC0) == 0x80)
        tail++;
    return strstr(text, head) || (tail && strstr(text, tail));
}

static bool is_official(const struct party *p)
{
    return p && (p->kind == PARTY_PROPERTY || p->kind == PARTY_COMMUNITY);
}

static void see_mentions(const struct core *c, const struct said *s, struct scene *x)
{
    for (int i = 0; i < s->m->n_mentions; i++) {
        const struct party *p = party_of_sender(c, s->m->community, s->m->mentions[i]);
        x->to_party |= p && p->kind == PARTY_UNIT;
        x->to_official |= is_official(p);
    }
}

/* A unit that quotes who named it. */
static bool answers_call(const struct said *s)
{
    const struct talk *t = talk_line(s->talk, s->m->reply_to);
    return t && s->party && s->party->kind == PARTY_UNIT && s->party->name &&
           names_party(t->text, s->party->name);
}

static void look_at_talk(struct core *c, const struct said *s, struct scene *x)
{
    for (int i = 0; i < s->talk->n; i++) {
        const struct talk *t = s->talk->lines[i];
        const struct post *p = post_of(c, t->ref);
        x->in_line |= t->intent == INTENT_CLAIM && p && !post_is_final(p->state) &&
                      !strcmp(t->sender, s->m->sender);
        x->sold |= t->intent == INTENT_TRADE && s->m->time_ms - t->time_ms <= NEAR_MS;
        x->took_part |= t->ref[0] && !strcmp(t->sender, s->m->sender);
        x->told_of_fault |= s->m->time_ms - t->time_ms <= TALKED_MS &&
                            (t->intent == INTENT_REPORT || t->intent == INTENT_REQUEST);
        x->announced |= t->intent == INTENT_NOTICE && fault_is_named(t->text) &&
                        fault_is_named(s->text) && fault_same(c, t->text, s->text);
        if (p && !post_is_final(p->state))
            see_post(c, x, s, p);
    }
}

void scene_look(struct core *c, const struct said *s, struct scene *x)
{
    char key[LIST_KEY_SIZE];
    struct own own = {.c = c, .s = s, .x = x};
    struct node *quoted = thread_quoted(c, s);
    const struct post *q = quoted ? quoted->object : NULL;
    *x = (struct scene){.official = is_official(s->party), .answers_call = answers_call(s)};
    see_mentions(c, s, x);
    if (q && !is_own(s, q) && !post_is_final(q->state)) {
        x->quoted = q;
        x->anything = true;
    }
    list_key(key, LIST_GROUP, s->m->community, s->m->group);
    int seen = 0;
    for (struct seat *t = list_last(c, key); t && seen++ < LOOKED_AT; t = seat_before(t))
        see_post(c, x, s, t->node->object);
    look_at_talk(c, s, x);
    own_each(c, s, see_own, &own);
}

/* --- a tip: what somebody else has for everybody --- */

struct tip {
    struct core *c;
    const struct said *s;
    bool found;
};

/* 门岗有折叠梯: what people call it, whoever the manager is. */
static bool names_kind(const struct said *s, enum party_kind kind)
{
    static const char *const property[] = {"物业", "门岗", "前台", "岗亭", "保安亭", NULL},
                             *const community[] = {"居委", "社区", NULL};
    return (kind == PARTY_PROPERTY && find_any(&s->words, property)) ||
           (kind == PARTY_COMMUNITY && find_any(&s->words, community));
}

/* 我们物业有梯子: whoever speaks of their own has it, and no other one of their kind. */
static bool names_own(const struct said *s)
{
    const struct party *p = known_sender(s);
    return p && p->kind != PARTY_RESIDENT && p->name &&
           (names_party(s->m->text, p->name) || names_kind(s, p->kind));
}

static void try_tip(void *arg, void *thing)
{
    struct tip *q = arg;
    const struct node *n = thing;
    const struct resource *r = n->object;
    if (q->found || (q->s->party && !strcmp(q->s->party->id, r->party)))
        return;
    const struct party *p = party_find(q->c, r->community, r->party);
    q->found = p && p->kind != PARTY_RESIDENT && p->name &&
               (names_party(q->s->m->text, p->name) || names_kind(q->s, p->kind));
}

bool scene_is_tip(struct core *c, const struct said *s)
{
    struct tip q = {.c = c, .s = s};
    if (!names_own(s))
        match_index_each(c->index, s->m->community,
                         match_near_categories(s->reading.category_guess), try_tip, &q);
    return q.found;
}

/* What one person says in pieces, within a minute: 有没有人家里有 / 梯子 / 换灯泡. The pieces are
   read together, by the words of all; a bare one that by itself would be chat belongs to what its
   sender has just opened, or opens it together with those before. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define PIECE_MS MINUTE_MS       /* from one piece to the next */
#define FRESH_MS (3 * MINUTE_MS) /* and from the first to the last */
#define QUIET_MS (2 * MINUTE_MS) /* since somebody else could have been answered */
#define CHARACTER 3
#define REST_BYTES 9                    /* besides what it names: 在, 用一下, 就行 */
#define BARE_BYTES 45                   /* fifteen characters */
#define LINES_MOST 4                    /* before the one that completes them */
#define TEXT_MOST 2000                  /* of the whole */
#define SURE 0.8f                       /* that pieces which are nothing by themselves open */
#define LIKELY 0.6f                     /* enough, where a life is at risk */
#define WHY_ANEW "求助的人刚补充了内容" /* of a proposal that was made before all was said */

/* --- the whole --- */

/* It lives until the next one is read. */
static void whole_of(const char *before, const struct said *s, struct message *m,
                     struct said *whole)
{
    static _Thread_local char text[2 * TEXT_MOST + 2], masked[2 * TEXT_MOST + 66];
    struct buf b;
    buf_init(&b);
    buf_addf(&b, "%s %s", before, s->m->text);
    str_copy(text, sizeof text, buf_str_borrow(&b));
    buf_deinit(&b);
    text_mask(str_of(text), masked, sizeof masked);
    *m = *s->m;
    m->text = text;
    *whole = *s;
    whole->m = m;
    whole->text = masked;
    find_init(&whole->words, text);
}

static struct text_query query_of(const struct said *s)
{
    return (struct text_query){.text = str_of(s->m->text),
                               .time_ms = s->m->time_ms,
                               .zone_min = s->m->zone_min,
                               .quoted_intent = INTENT_CHAT,
                               .previous_intent = INTENT_CHAT};
}

static bool is_too_long(const char *before, const struct said *s)
{
    return strlen(before) > TEXT_MOST || strlen(s->m->text) > TEXT_MOST;
}

static enum intent intent_of(const struct post *p)
{
    return p->side == SIDE_REQUEST ? INTENT_REQUEST : INTENT_OFFER;
}

/* What was read of the post's own text, with this message behind it. */
static void read_behind(struct core *c, const struct post *p, const struct said *s,
                        struct message *m, struct said *whole)
{
    whole_of(p->text, s, m, whole);
    const struct text_query q = query_of(whole);
    text_read_as(c->o.model, c->o.work, &q, intent_of(p), &whole->reading);
    if (p->urgency == URGENCY_CRITICAL || s->reading.urgency == URGENCY_CRITICAL)
        whole->reading.urgency = URGENCY_CRITICAL; /* it is not argued away by saying more */
}

/* --- the post follows --- */

static bool same_things(const struct slots *a, const struct slots *b)
{
    bool same = a->n_items == b->n_items;
    for (int i = 0; same && i < a->n_items; i++)
    same =
        a->items[i].concept == b->items[i].concept && !strcmp(a->items[i].word, b->items[i].word);
    return same;
}

static bool is_another(const struct post *a, const struct post *b)
{
    return a->category != b->category || a->mode != b->mode || a->urgency != b->urgency ||
           a->flags != b->flags || a->asked > b->asked || a->asked < b->asked ||
           strcmp(a->origin.place, b->origin.place) != 0 ||
           a->slots.time.start_ms != b->slots.time.start_ms ||
           a->slots.time.end_ms != b->slots.time.end_ms || !same_things(&a->slots, &b->slots);
}

/* What was proposed before all was said, and nobody has decided about, is chosen anew. */
static void choose_again(struct core *c, struct node *n)
{
    for (int i = n->n_links; i-- > 0;)
        if (match_is_loose(match_of_node(n->links[i])))
            match_displace(c, n->links[i], WHY_ANEW);
}

/* What was let post by itself otherwise, and has not gone out yet. */
static void hold_for_person(struct core *c, const struct node *n)
{
    for (int i = 0; i < n->n_links; i++)
        if (!strcmp(match_of_node(n->links[i])->request, n->key))
            policy_hold(c, n->links[i], URGENCY_CRITICAL);
}

static void follow(struct core *c, struct node *n, const struct said *whole)
{
    struct post *p = n->object;
    struct post was = *p;
    double held;
    was.text = NULL; /* it goes */
    post_read(c, p, whole);
    bool another = is_another(&was, p);
    if (another)
        choose_again(c, n);
    held = p->reserved + p->fulfilled + p->presumed;
    p->asked = p->asked < held ? held : p->asked;
    post_settle(p);
    tally_post_moved(c, &was, p);
    node_touch(c, n);
    danger_follow(c, n, &was);
    if (p->category != was.category)
        case_route(c, n);
    if (another)
        assign_later(c, n);
    if (p->urgency == URGENCY_CRITICAL)
        hold_for_person(c, n);
}

static void add_text(struct core *c, struct node *n, const struct said *whole)
{
    struct post *p = n->object;
    mem_replace(&p->text, whole->text);
    post_seal(c, p, &whole->reading.slots);
}

void piece_go_on(struct core *c, struct node *n, const struct said *s)
{
    struct post *p = n->object;
    struct message m;
    struct said whole;
    if (is_too_long(p->text, s) || !strcmp(p->text, s->text))
        return;
    read_behind(c, p, s, &m, &whole);
    bool turns_critical = whole.reading.urgency == URGENCY_CRITICAL &&
                          s->reading.urgency != URGENCY_CRITICAL && p->urgency != URGENCY_CRITICAL;
    if (p->edited) /* a person has said what it means */
        add_text(c, n, &whole);
    else
        follow(c, n, &whole);
    if (turns_critical && !p->edited)
        tell_rescue(c, &p->origin);
}

struct node *piece_join(struct core *c, const struct said *s, struct piece *x)
{
    if (!x->again)
        piece_go_on(c, x->of, s);
    post_repeat(c, x->of, s);
    return x->of;
}

/* --- a piece is taken back --- */

/* The text without that piece; false: it is no piece of it, or the only one. */
static bool cut(const char *text, const char *piece, struct buf *out)
{
    size_t n = strlen(piece);
    for (const char *at = text; n && (at = strstr(at, piece)); at++) {
        bool first = at == text, last = !at[n];
        if ((!first && at[-1] != ' ') || (!last && at[n] != ' ') || (first && last))
            continue;
        buf_add(out, text, (size_t)(at - text) - !first);
        buf_add_z(out, at + n + (first && !last));
        return true;
    }
    return false;
}

static void read_rest(struct core *c, struct node *n, const char *text)
{
    struct post *p = n->object;
    const struct origin *o = &p->origin;
    const struct node *gn = node_in(c, OBJECT_GROUP, o->community, o->group);
    const struct message m = {.bot = o->bot,
                              .id = o->message,
                              .community = o->community,
                              .group = o->group,
                              .sender = o->sender,
                              .text = text,
                              .time_ms = o->time_ms,
                              .zone_min = c->o.zone_min};
    struct said rest = {.m = &m, .text = text};
    const struct text_query q = query_of(&rest);
    if (p->edited || !gn) {
        mem_replace(&p->text, text);
        node_touch(c, n);
        return;
    }
    rest.group = gn->object;
    rest.party = party_of_sender(c, o->community, o->sender);
    find_init(&rest.words, text);
    text_read_as(c->o.model, c->o.work, &q, intent_of(p), &rest.reading);
    follow(c, n, &rest);
}

void piece_recall(struct core *c, struct node *n, const char *text)
{
    const struct post *p = n->object;
    struct buf rest;
    buf_init(&rest);
    if (!post_is_final(p->state) && cut(p->text, text, &rest)) {
        read_rest(c, n, buf_z_borrow(&rest));
        if (strchr(text, '*')) /* a contact was in it, and it is not known which */
            reveal_forget(c, n);
        tell_audit(c, "post.recall", n, NULL, NULL);
        post_tell(c, EVENT_POST_CHANGED, p);
    }
    buf_deinit(&rest);
}

/* --- is it a piece? --- */

static bool is_mine(const struct said *s, const struct talk *t)
{
    return !strcmp(t->sender, s->m->sender);
}

/* It answers nobody by quote or mention, and what it says by itself opens and ends nothing. */
static bool stands_loose(const struct said *s)
{
    enum intent i = s->reading.intent;
    return (i == INTENT_CHAT || i == INTENT_INQUIRY || i == INTENT_CLAIM) && !s->m->reply_to &&
           !s->m->n_mentions;
}

static size_t covered(struct span p)
{
    return p.to > p.from ? (size_t)(p.to - p.from) : 0;
}

/* Hardly more than a thing, a number, a place, a time or a contact. */
static bool is_bare(const struct said *s)
{
    static const char *const around[] = {"用", "要", "行",   "可以", "急",   "谢谢",
                                         "取", "在", "电话", "微信", "左右", NULL};
    const struct slots *v = &s->reading.slots;
    size_t named = covered(v->time.span) + covered(v->place.span), all = strlen(s->m->text);
    for (int i = 0; i < v->n_items; i++)
        named += covered(v->items[i].span);
    for (int i = 0; i < v->n_contacts; i++)
        named += covered(v->contacts[i].span);
    if (v->quantity > 0)
        named += 3 + strlen(v->unit);
    size_t rest = all > named ? all - named : 0;
    return named && (rest <= CHARACTER || (rest <= REST_BYTES && find_any(&s->words, around)));
}

/* The sender's own post to which the lines just before lead back, with nobody between: nothing of
   what is said now can be an answer. */
static struct node *just_opened(const struct core *c, const struct said *s)
{
    int64_t later = s->m->time_ms;
    for (int i = s->talk->n - 1; i >= 0; i--) {
        const struct talk *t = s->talk->lines[i];
        struct node *n = t->ref[0] ? node_find(c, OBJECT_POST, t->ref) : NULL;
        const struct post *p = n ? n->object : NULL;
        if (!is_mine(s, t) || later - t->time_ms > PIECE_MS)
            return NULL;
        if (p)
            return is_own(s, p) && !post_is_final(p->state) &&
                           !strcmp(p->origin.group, s->m->group) &&
                           s->m->time_ms - p->origin.time_ms <= FRESH_MS
                       ? n
                       : NULL;
        later = t->time_ms;
    }
    return NULL;
}

/* A claim that somebody can have made an offer for, or asked for, is their answer. */
static bool answers_somebody(struct core *c, struct said *s)
{
    return s->reading.intent == INTENT_CLAIM && thread_target(c, s);
}

static bool find_of(struct core *c, struct said *s, struct piece *x)
{
    struct node *n = is_bare(s) ? just_opened(c, s) : NULL;
    if (!n) {
        n = post_elsewhere(c, s);
        x->again = n != NULL;
    }
    if (!n || answers_somebody(c, s))
        return false;
    x->of = n;
    if (x->again) {
        const enum intent as = intent_of(n->object);
        const struct text_query q = query_of(s);
        text_read_as(c->o.model, c->o.work, &q, as, &s->reading);
    } else {
        read_behind(c, n->object, s, &x->message, &x->whole);
        s->reading = x->whole.reading;
    }
    return true;
}

/* --- pieces that are nothing by themselves --- */

static bool may_lead(const struct said *s, const struct talk *t, int64_t later)
{
    return is_mine(s, t) && !t->ref[0] && !t->reply_to && later - t->time_ms <= PIECE_MS &&
           strlen(t->text) <= BARE_BYTES &&
           (t->intent == INTENT_CHAT || t->intent == INTENT_INQUIRY || t->intent == INTENT_CLAIM);
}

/* How many lines before it are the sender's own, short, and came to nothing. */
static int lines_before(const struct said *s, struct buf *text)
{
    int64_t later = s->m->time_ms;
    int n = 0;
    for (int i = s->talk->n - 1; i >= 0 && n < LINES_MOST; i--, n++) {
        const struct talk *t = s->talk->lines[i];
        if (!may_lead(s, t, later))
            break;
        later = t->time_ms;
    }
    for (int i = s->talk->n - n; i < s->talk->n; i++)
        buf_addf(text, i > s->talk->n - n ? " %s" : "%s", s->talk->lines[i]->text);
    return n;
}

/* Nobody else has said anything for a while that the first of the lines could answer. */
static bool is_quiet(const struct said *s, int lines)
{
    int first = s->talk->n - lines;
    const struct talk *t = first > 0 ? s->talk->lines[first - 1] : NULL;
    return !t || is_mine(s, t) || s->talk->lines[first]->time_ms - t->time_ms > QUIET_MS;
}

static bool is_sure(const struct said *s)
{
    return s->reading.intent_p[s->reading.intent] >= SURE;
}

static bool completes(struct core *c, const struct said *s, struct piece *x)
{
    float p[INTENT_N];
    struct reading *r = &x->whole.reading;
    bool opens = intent_opens(s->reading.intent) && is_sure(s);
    const struct text_query q = query_of(&x->whole);
    enum intent i = text_intent(c->o.model, c->o.work, &q, p);
    if (!intent_opens(i) || (opens && i != s->reading.intent))
        return false;
    text_read_as(c->o.model, c->o.work, &q, i, r);
    memcpy(r->intent_p, p, sizeof p);
    bool critical = r->urgency == URGENCY_CRITICAL;
    if (!opens && p[i] < (critical ? LIKELY : SURE))
        return false;
    return critical ||
           ((r->slots.n_items > 0 || i == INTENT_REPORT) && (opens || is_quiet(s, x->lines)));
}

/* Does it open by itself, but not say what? */
static bool opens_vaguely(struct core *c, const struct said *s)
{
    enum intent i = s->reading.intent;
    if ((i != INTENT_REQUEST && i != INTENT_OFFER) || s->reading.slots.n_items || s->m->reply_to)
        return false;
    return !post_goes_on(c, s, i == INTENT_REQUEST ? SIDE_REQUEST : SIDE_OFFER);
}

static bool find_lines(struct core *c, struct said *s, struct piece *x)
{
    struct buf before;
    bool found = false;
    buf_init(&before);
    x->lines = lines_before(s, &before);
    if (x->lines && strlen(s->m->text) <= BARE_BYTES && !answers_somebody(c, s)) {
        whole_of(buf_z_borrow(&before), s, &x->message, &x->whole);
        found = completes(c, s, x);
    }
    buf_deinit(&before);
    if (!found)
        x->lines = 0;
    else
        s->reading = x->whole.reading;
    return found;
}

bool piece_find(struct core *c, struct said *s, struct piece *x)
{
    *x = (struct piece){.of = NULL};
    if (stands_loose(s))
        return find_of(c, s, x) || find_lines(c, s, x);
    if (!opens_vaguely(c, s))
        return false;
    if (find_lines(c, s, x))
        return true;
    if (is_bare(s) && !is_sure(s)) /* 10个, and nobody knows of what */
        s->reading.intent = INTENT_CHAT;
    return false;
}

void piece_opened(struct core *c, const struct said *s, const struct piece *x, struct node *n)
{
    struct post *p = n->kind == OBJECT_POST ? n->object : NULL;
    for (int i = s->talk->n - x->lines; p && i < s->talk->n; i++) {
        strs_add(&p->repeats, str_of(s->talk->lines[i]->message));
        remember_message(c, p->origin.bot, s->talk->lines[i]->message, n);
        talk_refer(c, s->talk, s->talk->lines[i], p->id);
    }
    if (p)
        node_touch(c, n);
}

/* What the conversation makes likely. The reading knows the words; this knows what is open, who
   asks whom, and what the sender stands in. Each row adds evidence to one meaning or takes it from
   another; then the likeliest counts. */
#include "core_priv.h"

#include <string.h>

#include "base/clock.h"

#define NEAR_MS (45 * MINUTE_MS) /* an open post that people still talk about */
#define CLAIM_MS (3 * HOUR_MS)   /* a claim without a quote is made within */
#define LOOKED_AT 24             /* of the group's open posts */
#define THE_SAME 0.6             /* likeness of things */

struct scene {
    const struct post *quoted;   /* somebody else's open post that it quotes */
    const struct post *near[2];  /* by side: the latest open one of somebody else */
    bool anything;               /* of somebody else is open here, or we have asked the sender */
    bool own_request, own_offer; /* something of the sender's is open */
    bool stands;                 /* the sender has agreed with somebody */
    bool official;
};

/* --- words that lean on what was said before --- */

static bool says_takes(const struct find *said)
{
    static const char *const words[] = {"我要",        "也要",
                                        "想要",        "我也想",
                                        "要一",        "要两",
                                        "要1",         "要2",
                                        "要个",        "+1",
                                        "＋1",         "排一个",
                                        "排队",        "排第",
                                        "算我",        "报名",
                                        "我接",        "接一",
                                        "我借",        "借我",
                                        "给我留",      "留给我",
                                        "给我一",      "留一",
                                        "还有没",      "还有吗",
                                        "还有位",      "还在吗",
                                        "还要吗",      "我预定",
                                        "我定",        "我拿",
                                        "我来拿",      "来取",
                                        "搭一下",      "I'll take",
                                        "I want",      "still available",
                                        "count me in", NULL};
    return find_any(said, words);
}

static bool says_gives(const struct find *said)
{
    static const char *const words[] = {
        "我有",   "我家有", "我这有", "我这儿有", "我这里有", "有一个", "我来",
        "我去",   "我帮",   "帮你",   "给你",     "马上来",   "马上下", "马上上来",
        "我上来", "我下来", "拿下来", "送过来",   "送上来",   "来拿",   "上门取",
        "用我的", "拿去用", "I have", "I can",    "I've got", NULL};
    return find_any(said, words);
}

static bool says_done(const struct find *said)
{
    static const char *const words[] = {"谢谢",   "感谢",   "多谢", "多謝", "谢了", "借到",  "拿到",
                                        "收到了", "到位",   "到手", "搞定", "好了", "修好",  "解决",
                                        "找到了", "送到了", "弄好", "换好", "救了", "thank", NULL};
    return find_any(said, words);
}

static bool says_gone(const struct find *said)
{
    static const char *const words[] = {"没有了", "没得了", "没了",   "送完",     "送出",  "满了",
                                        "齐了",   "拿完",   "拿走了", "抢完",     "分完",  "发完",
                                        "已出",   "名额",   "都走了", "all gone", "taken", NULL};
    return find_any(said, words);
}

/* --- the scene --- */

static void see_post(struct scene *x, const struct said *s, const struct post *p)
{
    int64_t age = s->m->time_ms - p->origin.time_ms;
    if (is_own(s, p) || age > CLAIM_MS)
        return;
    x->anything = true;
    if (age <= NEAR_MS && !x->near[p->side])
        x->near[p->side] = p;
}

static bool see_own(void *arg, struct node *n)
{
    struct scene *x = arg;
    const struct post *p = n->kind == OBJECT_POST ? n->object : NULL;
    const struct match *m = n->kind == OBJECT_MATCH ? n->object : NULL;
    x->own_request |= p && p->side == SIDE_REQUEST;
    x->own_offer |= p && p->side == SIDE_OFFER;
    x->stands |= m && (m->state == MATCH_AGREED || m->state == MATCH_POSTED);
    x->anything |= m && m->state == MATCH_POSTED;
    return true;
}

static bool is_official(const struct party *p)
{
    return p && (p->kind == PARTY_PROPERTY || p->kind == PARTY_COMMUNITY);
}

static void look_around(struct core *c, const struct said *s, struct scene *x)
{
    char key[LIST_KEY_SIZE];
    struct node *quoted = thread_quoted(c, s);
    const struct post *q = quoted ? quoted->object : NULL;
    *x = (struct scene){.official = is_official(s->party)};
    if (q && !is_own(s, q) && !post_is_final(q->state)) {
        x->quoted = q;
        x->anything = true;
    }
    list_key(key, LIST_GROUP, s->m->community, s->m->group);
    int seen = 0;
    for (struct seat *t = list_last(c, key); t && seen++ < LOOKED_AT; t = seat_before(t))
        see_post(x, s, t->node->object);
    for (int i = 0; i < s->talk->n; i++) {
        const struct post *p = post_of(c, s->talk->lines[i]->ref);
        if (p && !post_is_final(p->state))
            see_post(x, s, p);
    }
    own_each(c, s, see_own, x);
}

/* --- weighing --- */

/* The share `by` of all that speaks for anything else goes over to `to`. */
static void lean(struct reading *r, enum intent to, double by)
{
    for (int i = 0; i < INTENT_N; i++)
        r->intent_p[i] = r->intent_p[i] * (float)(1 - by) + (i == (int)to ? (float)by : 0);
}

/* The share `by` of one meaning goes over to another. */
static void shift(struct reading *r, enum intent from, enum intent to, double by)
{
    float part = r->intent_p[from] * (float)by;
    r->intent_p[from] -= part;
    r->intent_p[to] += part;
}

/* All but `keep` of one meaning goes to the others, each by its share. */
static void doubt(struct reading *r, enum intent of, double keep)
{
    float p = r->intent_p[of], lost = p * (float)(1 - keep), rest = 1 - p;
    if (rest < 0.01f) { /* the model sees nothing else: then it is talk */
        shift(r, of, INTENT_CHAT, 1 - keep);
        return;
    }
    for (int i = 0; i < INTENT_N; i++)
        r->intent_p[i] += i == (int)of ? -lost : lost * r->intent_p[i] / rest;
}

static bool names_the_same(const struct core *c, const struct said *s, const struct post *p)
{
    const struct slots *a = &s->reading.slots, *b = &p->slots;
    for (int i = 0; i < a->n_items; i++)
        for (int k = 0; k < b->n_items; k++)
            if (text_item_likeness(c->o.model, &a->items[i], &b->items[k]) >= THE_SAME)
                return true;
    return false;
}

static bool is_answer_to(const struct core *c, const struct said *s, const struct post *p,
                         bool quoted)
{
    bool opens = s->reading.intent == INTENT_REQUEST || s->reading.intent == INTENT_OFFER;
    if ((post_left(p) <= 0 && !(opens && thread_is_free(c, p))) ||
        match_sizes_differ(p->text, s->text))
        return false;
    return quoted || names_the_same(c, s, p) ||
           (!s->reading.slots.n_items && s->reading.category_guess == p->category);
}

/* A wish under an offer, an offer under a wish: that is an answer, not a new post. */
static void weigh_opposites(const struct core *c, struct said *s, const struct scene *x)
{
    static const struct {
        enum intent said;
        enum side of;
    } rows[] = {{INTENT_REQUEST, SIDE_OFFER}, {INTENT_OFFER, SIDE_REQUEST}};
    for (int i = 0; i < 2; i++) {
        bool quoted = x->quoted && x->quoted->side == rows[i].of;
        const struct post *p = quoted ? x->quoted : x->near[rows[i].of];
        if (p && is_answer_to(c, s, p, quoted))
            shift(&s->reading, rows[i].said, INTENT_CLAIM, 0.9);
    }
}

static void weigh_claim(struct said *s, const struct scene *x)
{
    struct reading *r = &s->reading;
    const struct post *q = x->quoted;
    bool takes = says_takes(&s->words), gives = says_gives(&s->words);
    if (!x->anything)
        doubt(r, INTENT_CLAIM, 0.15);
    if (q)
        lean(r, INTENT_CLAIM, 0.25);
    if (takes && (x->near[SIDE_OFFER] || (q && q->side == SIDE_OFFER)))
        lean(r, INTENT_CLAIM, 0.5);
    if (gives && (x->near[SIDE_REQUEST] || (q && q->side == SIDE_REQUEST)))
        lean(r, INTENT_CLAIM, 0.35);
}

static void weigh_closure(struct said *s, const struct scene *x)
{
    struct reading *r = &s->reading;
    bool open = x->own_request || x->own_offer || x->stands;
    if (!open)
        doubt(r, INTENT_CLOSURE, 0.1);
    if (x->stands && says_done(&s->words))
        lean(r, INTENT_CLOSURE, 0.4);
    if (x->own_offer && says_gone(&s->words))
        lean(r, INTENT_CLOSURE, 0.6);
}

static void weigh_official(struct said *s, const struct scene *x)
{
    if (!x->official)
        return;
    doubt(&s->reading, INTENT_REPORT, 0.4);
    doubt(&s->reading, INTENT_REQUEST, 0.5);
}

static void choose(struct reading *r)
{
    enum intent best = INTENT_CHAT;
    for (int i = 0; i < INTENT_N; i++)
        if (r->intent_p[i] > r->intent_p[best])
            best = (enum intent)i;
    if (best == r->intent)
        return;
    r->intent = best;
    bool opens = best == INTENT_REQUEST || best == INTENT_OFFER || best == INTENT_REPORT;
    r->category = opens ? r->category_guess : CATEGORY_NONE;
    if (best == INTENT_REPORT && r->category != CATEGORY_FACILITY &&
        r->category != CATEGORY_NUISANCE && r->category != CATEGORY_SAFETY)
        r->category = CATEGORY_OTHER;
    r->urgency = URGENCY_NORMAL;
}

/* Life-safety is never argued away. */
void context_weigh(struct core *c, struct said *s)
{
    struct scene x;
    if (s->reading.urgency == URGENCY_CRITICAL)
        return;
    look_around(c, s, &x);
    weigh_opposites(c, s, &x);
    weigh_claim(s, &x);
    weigh_closure(s, &x);
    weigh_official(s, &x);
    choose(&s->reading);
}

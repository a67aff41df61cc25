/* What the conversation makes likely. The reading knows the words; this knows what is open, who
   asks whom, and what the sender stands in. Each row adds evidence to one meaning or takes it from
   another; then the likeliest counts. */
#include "context_priv.h"

#include <string.h>

#include "base/clock.h"

#define UNSURE 0.6f          /* a report below it needs a fault with a name, */
#define UNSURE_IN_TALK 0.85f /* and so where a fault or a need is talked about */
#define HALF 0.5f
#define CERTAIN 0.9f
#define SHORT_BYTES 24 /* eight characters */
#define FRESH_MS (10 * MINUTE_MS)

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
    if (rest < 0.15f) { /* the model sees nothing else: then it is talk */
        shift(r, of, INTENT_CHAT, 1 - keep);
        return;
    }
    for (int i = 0; i < INTENT_N; i++)
        r->intent_p[i] += i == (int)of ? -lost : lost * r->intent_p[i] / rest;
}

static bool is_answer_to(const struct core *c, const struct said *s, const struct post *p,
                         bool quoted)
{
    const struct reading *r = &s->reading;
    bool opens = r->intent == INTENT_REQUEST || r->intent == INTENT_OFFER;
    bool alike = r->category_guess == p->category;
    bool has = p->side == SIDE_REQUEST && says_gives(&s->words);
    /* what names nothing leans on what was said just now */
    bool leans = !r->slots.n_items && (has || s->m->time_ms - thread_spoken_ms(s, p) <= FRESH_MS);
    bool late = p->side == SIDE_REQUEST && (has || leans); /* 我也有 */
    if ((post_left(p) <= 0 && !late && !(opens && thread_is_free(c, p))) ||
        match_sizes_differ(p->text, s->m->text))
        return false;
    return quoted || leans || scene_names_thing(c, s, p) || (alike && !r->slots.n_items) ||
           (alike && p->category == CATEGORY_LOST_FOUND);
}

/* A wish under an offer, an offer under a wish: that is an answer, not a new post. */
static void weigh_opposites(const struct core *c, struct said *s, const struct scene *x)
{
    static const struct {
        enum intent said;
        enum side of;
    } rows[] = {{INTENT_REQUEST, SIDE_OFFER}, {INTENT_OFFER, SIDE_REQUEST}};
    for (int i = 0; i < 2; i++) {
        const struct post *p = x->called[rows[i].of] ? x->called[rows[i].of] : x->near[rows[i].of];
        bool quoted = x->quoted && x->quoted->side == rows[i].of;
        if (quoted)
            p = x->quoted;
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
    if (q && x->answers_call) /* who was called upon */
        lean(r, INTENT_CLAIM, 0.4);
    if (takes && (x->near[SIDE_OFFER] || (q && q->side == SIDE_OFFER)))
        lean(r, INTENT_CLAIM, 0.5);
    if (gives && (x->near[SIDE_REQUEST] || (q && q->side == SIDE_REQUEST)))
        lean(r, INTENT_CLAIM, strlen(s->m->text) <= SHORT_BYTES ? 0.6 : 0.35);
    if (takes && x->sold && !x->near[SIDE_OFFER] && !q)
        lean(r, INTENT_TRADE, 0.6);
    if (x->answers_asker) /* the owner says yes */
        shift(r, INTENT_OFFER, INTENT_CLAIM, 0.9);
}

static void weigh_closure(struct said *s, const struct scene *x)
{
    struct reading *r = &s->reading;
    bool open = x->own_request || x->own_offer || x->stands || x->took_part;
    bool happened = says_happened(&s->words);
    if (!open && r->intent_p[INTENT_CLOSURE] < CERTAIN)
        shift(r, INTENT_CLOSURE, INTENT_CHAT, 0.9);
    if (x->stands && says_done(&s->words))
        lean(r, INTENT_CLOSURE, happened ? 0.6 : 0.4);
    if ((x->stands || x->in_line) && says_withdrawn(&s->words))
        lean(r, INTENT_CLOSURE, 0.5);
    if (x->own_offer && says_gone(&s->words))
        lean(r, INTENT_CLOSURE, 0.6);
    if (x->own_request && !x->own_offer && !x->stands && !happened &&
        !says_withdrawn(&s->words)) /* nobody has helped, and nothing has come about */
        shift(r, INTENT_CLOSURE, INTENT_CHAT, 0.5);
    if (x->promised && !happened && !says_withdrawn(&s->words)) /* thanks for a promise */
        shift(r, INTENT_CLOSURE, INTENT_CHAT, 0.9);
    if (x->refuses) /* one is told no; what is lent comes back */
        shift(r, INTENT_CLOSURE, INTENT_CHAT, 0.9);
}

static bool is_public(enum category c)
{
    return c == CATEGORY_FACILITY || c == CATEGORY_NUISANCE || c == CATEGORY_SAFETY;
}

/* What looks like an offer and is none. */
static void weigh_offer(struct core *c, struct said *s, const struct scene *x)
{
    struct reading *r = &s->reading;
    if (r->intent != INTENT_OFFER)
        return;
    if (x->helping && !r->slots.n_items) /* still speaks of what is promised */
        shift(r, INTENT_OFFER, INTENT_CHAT, 0.9);
    if (x->shares_out || (!x->to_party && scene_is_tip(c, s)))
        shift(r, INTENT_OFFER, INTENT_CHAT, 0.9);
    if (is_public(r->category_guess)) /* nobody offers a fault */
        doubt(r, INTENT_OFFER, 0.3);
}

/* Who names a thing to a unit orders it. */
static void weigh_order(struct said *s, const struct scene *x)
{
    struct reading *r = &s->reading;
    if (!x->to_party)
        return;
    shift(r, INTENT_OFFER, INTENT_REQUEST, 0.8);
    if (r->slots.n_items)
        lean(r, INTENT_REQUEST, 0.25);
}

/* Hardly a request or an offer, and nearly talk: nobody is asked for that. */
static void weigh_opener(struct said *s)
{
    struct reading *r = &s->reading;
    bool opens = r->intent == INTENT_REQUEST || r->intent == INTENT_OFFER;
    if (opens && r->urgency <= URGENCY_NORMAL && r->intent_p[r->intent] < HALF &&
        r->intent_p[INTENT_CHAT] > r->intent_p[r->intent] / 2)
        shift(r, r->intent, INTENT_CHAT, 0.5);
}

/* A report is sure of itself, or names a fault; else it goes on with what was said. */
static void weigh_report(struct said *s, const struct scene *x)
{
    struct reading *r = &s->reading;
    bool named = fault_is_named(s->text);
    float unsure = x->told_of_fault ? UNSURE_IN_TALK : UNSURE;
    if (x->near[SIDE_REQUEST] && says_asks_back(&s->words)) /* to understand the request */
        named = false;
    if (!named && !x->to_official && r->intent_p[INTENT_REPORT] < unsure)
        shift(r, INTENT_REPORT, INTENT_CHAT, 0.8);
    if (x->announced) /* it is known already, and why */
        shift(r, INTENT_REPORT, INTENT_CHAT, 0.9);
}

/* More of the sender's own request of a moment ago. */
static void weigh_more(struct said *s, const struct scene *x)
{
    if (x->goes_on && !fault_is_named(s->text))
        shift(&s->reading, INTENT_REPORT, INTENT_REQUEST, 0.8);
}

/* Who answers for the faults does not report them, but says what is done about them. */
static void weigh_official(struct said *s, const struct scene *x)
{
    struct reading *r = &s->reading;
    if (!x->official)
        return;
    if (x->told_of_fault) {
        shift(r, INTENT_REPORT, INTENT_CHAT, 0.8);
        if (is_public(r->category_guess))
            shift(r, INTENT_OFFER, INTENT_CHAT, 0.8);
    }
    doubt(r, INTENT_REPORT, 0.4);
    doubt(r, INTENT_REQUEST, 0.5);
    if (r->category_guess == CATEGORY_VOLUNTEER) /* the committee calls for hands, it has none */
        shift(r, INTENT_OFFER, INTENT_REQUEST, 0.8);
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
    if (r->urgency != URGENCY_CRITICAL)
        r->urgency = URGENCY_NORMAL;
}

/* Life-safety is never argued away: of what is critical, only the kind of call may change. */
void context_weigh(struct core *c, struct said *s)
{
    struct scene x;
    scene_look(c, s, &x);
    weigh_more(s, &x);
    if (s->reading.urgency != URGENCY_CRITICAL) {
        weigh_opener(s);
        weigh_opposites(c, s, &x);
        weigh_claim(s, &x);
        weigh_closure(s, &x);
        weigh_offer(c, s, &x);
        weigh_report(s, &x);
        weigh_official(s, &x);
        weigh_order(s, &x);
    }
    choose(&s->reading);
}

/* What a message is weighed by: what its words mean alone, what they would mean as an answer to
   what is open around it, and what is known of the scene. */
#include "context_priv.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/numeral.h"

#define LAST_MS (20 * MINUTE_MS)
#define LEAST_P 0.0004f /* what the model calls impossible is only unlikely */

static void meanings(const struct core *c, const struct said *s, const char *answered,
                     enum intent intent, float *to)
{
    struct text_query q = {.text = str_of(s->m->text),
                           .time_ms = s->m->time_ms,
                           .zone_min = s->m->zone_min,
                           .quoted_intent = INTENT_CHAT,
                           .previous_intent = INTENT_CHAT};
    if (answered) {
        q.quoted = str_of(answered);
        q.quoted_intent = intent;
    }
    text_intent(c->o.model, c->o.work, &q, to);
    for (int i = 0; i < INTENT_N; i++)
        to[i] = logf(to[i] + LEAST_P) - logf(1.0f / INTENT_N);
}

/* How it would mean something else as an answer to that: all 0 where it would not. */
static void as_answer(const struct core *c, const struct said *s, const char *answered,
                      enum intent intent, const float *alone, float *to)
{
    meanings(c, s, answered, intent, to);
    for (int i = 0; i < INTENT_N; i++)
        to[i] -= alone[i];
}

static void as_answer_to(const struct core *c, const struct said *s, const struct post *p,
                         const float *alone, float *to)
{
    if (p)
        as_answer(c, s, p->text, p->side == SIDE_REQUEST ? INTENT_REQUEST : INTENT_OFFER, alone,
                  to);
}

static int ago(const struct said *s, const struct post *p)
{
    int64_t age = s->m->time_ms - thread_spoken_ms(s, p);
    return age <= 2 * MINUTE_MS ? 0 : age <= 10 * MINUTE_MS ? 1 : 2;
}

static void weigh_near(struct core *c, const struct said *s, const struct scene *x, enum side side,
                       float *f)
{
    const struct post *p = x->near[side];
    if (!p)
        return;
    f[ago(s, p)] = 1;
    f[3] = scene_names_thing(c, s, p);
    f[4] = s->reading.category_guess == p->category;
    f[5] = post_left(p) <= 0;
    f[6] = thread_other_thing(c, s, p);
    f[7] = (float)thread_words_shared(c, s, p);
}

static void see_lines(const struct said *s, float *f)
{
    const struct talk *quoted = talk_line(s->talk, s->m->reply_to);
    bool other = false, own = false;
    if (quoted)
        f[EV_QUOTED_INTENT + quoted->intent] = 1;
    for (int i = s->talk->n - 1; i >= 0 && !(other && own); i--) {
        const struct talk *t = s->talk->lines[i];
        bool mine = !strcmp(t->sender, s->m->sender);
        int64_t age = s->m->time_ms - t->time_ms;
        if (mine && !own) {
            f[EV_OWN_INTENT + t->intent] = 1;
            f[EV_GOES_ON] = age <= 90 * SECOND_MS && i == s->talk->n - 1;
            own = true;
        } else if (!mine && !other) {
            f[EV_OTHER_INTENT + t->intent] = age <= LAST_MS;
            other = true;
        }
    }
    f[EV_QUOTES_OWN] = quoted && !strcmp(quoted->sender, s->m->sender);
}

#define LATELY 10 /* lines */

static bool spoke_since(const struct conversation *t, int i, int from)
{
    for (int k = from; k < i; k++)
        if (!strcmp(t->lines[k]->sender, t->lines[i]->sender))
            return true;
    return false;
}

/* What the group is like: does it talk, or settle something? */
static void see_mood(const struct conversation *t, float *f)
{
    int from = t->n > LATELY ? t->n - LATELY : 0, n = t->n - from;
    int talk = 0, answers = 0, senders = 0;
    for (int i = from; i < t->n; i++) {
        enum intent meant = t->lines[i]->intent;
        talk += meant == INTENT_CHAT;
        answers += meant == INTENT_CLAIM || meant == INTENT_CLOSURE;
        senders += !spoke_since(t, i, from);
    }
    f[EV_TALK] = n ? (float)talk / (float)n : 0;
    f[EV_ANSWERS] = n ? (float)answers / (float)n : 0;
    f[EV_SENDERS] = n ? (float)senders / (float)n : 0;
    f[EV_LINES] = (float)t->n / TALK_LINES;
}

/* Told in three parts or more, which chat seldom is. */
static bool has_clauses(const char *text)
{
    static const char *const ends[] = {"，", "。", "！", "？", ",", " "};
    int n = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (const char *at = text; (at = strstr(at, ends[i])); at += strlen(ends[i]))
            n += at[strlen(ends[i])] != 0;
    return n >= 2;
}

static bool has_number(const char *text)
{
    const char *behind;
    for (; *text; text++)
        if (numeral_at(text, &behind))
            return true;
    return false;
}

static void see_words(const struct said *s, float *f)
{
    size_t n = strlen(s->m->text);
    f[EV_GIVES] = s->reading.gives;
    f[EV_DONE] = says_done(&s->words);
    f[EV_HAPPENED] = says_happened(&s->words);
    f[EV_GONE] = says_gone(&s->words);
    f[EV_WITHDRAWN] = s->reading.withdraws;
    f[EV_ASKS] = strstr(s->m->text, "?") || strstr(s->m->text, "？") || strstr(s->m->text, "吗");
    f[EV_SAYS_I] = says_i(&s->words);
    f[EV_SAYS_YOU] = says_you(&s->words);
    f[EV_ELSEWHERE] = says_elsewhere(&s->words);
    f[EV_CLAUSES] = has_clauses(s->m->text);
    f[EV_NUMBER] = has_number(s->m->text);
    f[EV_BIDS] = says_bids(&s->words);
    f[EV_BEFORE] = says_before(&s->words);
    f[EV_IS_LEFT] = says_is_left(&s->words);
    f[EV_SOON] = says_soon(&s->words);
    f[EV_CANNOT] = says_cannot(&s->words);
    f[EV_LAUGHS] = says_laughs(&s->words);
    f[EV_STATES] = s->reading.slots.time.start_ms || s->reading.slots.n_contacts;
    f[EV_SHORT] = n <= 12;
    f[EV_MIDDLE] = n > 12 && n <= 30;
    f[EV_LONG] = n > 90;
    f[EV_THING] = s->reading.slots.n_items > 0;
    f[EV_FAULT] = fault_is_named(s->text);
}

static void see_scene(struct core *c, const struct said *s, const struct scene *x, float *f)
{
    weigh_near(c, s, x, SIDE_REQUEST, f + EV_NEAR_REQUEST);
    weigh_near(c, s, x, SIDE_OFFER, f + EV_NEAR_OFFER);
    f[EV_CALLED_REQUEST] = x->called[SIDE_REQUEST] != NULL;
    f[EV_CALLED_OFFER] = x->called[SIDE_OFFER] != NULL;
    f[EV_QUOTED_REQUEST] = x->quoted && x->quoted->side == SIDE_REQUEST;
    f[EV_QUOTED_OFFER] = x->quoted && x->quoted->side == SIDE_OFFER;
    f[EV_ANYTHING] = x->anything;
    f[EV_OWN_REQUEST] = x->own[SIDE_REQUEST] != NULL;
    f[EV_OWN_OFFER] = x->own[SIDE_OFFER] != NULL;
    f[EV_STANDS] = x->stands;
    f[EV_IN_LINE] = x->in_line;
    f[EV_TOOK_PART] = x->took_part;
    f[EV_ANSWERS_CALL] = x->answers_call;
    f[EV_HELPING] = x->helping;
    f[EV_PROMISED] = x->promised;
    f[EV_SHARES_OUT] = x->shares_out;
    f[EV_ANSWERS_ASKER] = x->answers_asker;
    f[EV_REFUSES] = x->refuses;
    f[EV_OFFICIAL] = x->official;
    f[EV_TOLD_OF_FAULT] = x->told_of_fault;
    f[EV_SOLD] = x->sold;
    f[EV_TO_OFFICIAL] = x->to_official;
    f[EV_ANNOUNCED] = x->announced;
    f[EV_TO_PARTY] = x->to_party;
    f[EV_TIP] = scene_is_tip(c, s);
}

/* What it quotes, or else what is near. */
static const struct post *answered(const struct scene *x, enum side side)
{
    if (x->quoted)
        return x->quoted->side == side ? x->quoted : NULL;
    return x->near[side];
}

void evidence_gather(struct core *c, const struct said *s, const struct scene *x,
                     float f[EVIDENCE_N])
{
    const struct talk *quoted = talk_line(s->talk, s->m->reply_to);
    memset(f, 0, EVIDENCE_N * sizeof *f);
    f[EV_ONE] = 1;
    const float *alone = f + EV_ALONE;
    meanings(c, s, NULL, INTENT_CHAT, f + EV_ALONE);
    if (quoted)
        as_answer(c, s, quoted->text, quoted->intent, alone, f + EV_QUOTING);
    as_answer_to(c, s, answered(x, SIDE_REQUEST), alone, f + EV_TO_REQUEST);
    as_answer_to(c, s, answered(x, SIDE_OFFER), alone, f + EV_TO_OFFER);
    as_answer_to(c, s, x->own[SIDE_REQUEST], alone, f + EV_TO_OWN_REQUEST);
    as_answer_to(c, s, x->own[SIDE_OFFER], alone, f + EV_TO_OWN_OFFER);
    see_lines(s, f);
    see_mood(s->talk, f);
    see_words(s, f);
    see_scene(c, s, x, f);
}

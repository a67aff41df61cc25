/* Which post a claim answers that quotes none. How much each hint counts was learned from the
   scenes in service/core/scenes by scripts/fit-context: the difference of two candidates, by
   logistic regression. */
#include "context_priv.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

#define CLAIM_WITHIN_MS (24 * HOUR_MS) /* of the last word about it */
#define CALLED_WITHIN_MS (3 * DAY_MS)  /* whose owner is named */

static const float weights[TARGET_N] = {
#include "target_weights.inc"
};

/* --- mentions: by id, by the name in the text, by quoting a line of theirs that opened nothing ---
 */

static bool name_in_text(const char *text, const char *name)
{
    size_t n = name ? strlen(name) : 0;
    return n >= 6 && n < 40 && strstr(text, name); /* two characters at least */
}

static bool mentions(const struct said *s, const char *sender)
{
    for (int i = 0; i < s->m->n_mentions; i++)
        if (!strcmp(s->m->mentions[i], sender))
            return true;
    return false;
}

static bool mentioned(const struct core *c, const struct said *s, const struct post *p)
{
    const char *owner = p->origin.sender;
    if (!owner)
        return false;
    if (mentions(s, owner))
        return true;
    const struct talk *line = talk_line(s->talk, s->m->reply_to);
    return (line && !strcmp(line->sender, owner)) ||
           name_in_text(s->m->text, p->origin.sender_name) ||
           called_by_name(s, p->origin.sender_name,
                          party_known(c, p->origin.community, p->origin.party));
}

bool target_is_likely(const struct said *s, const struct post *p)
{
    return !is_own(s, p) && !strcmp(p->origin.community, s->m->community) &&
           s->m->time_ms - thread_spoken_ms(s, p) <= CALLED_WITHIN_MS;
}

/* --- hints --- */

/* When whose it is last said it, 还差一个人 included. */
static int64_t said_ms(const struct said *s, const struct post *p)
{
    for (int i = s->talk->n - 1; i >= 0; i--) {
        const struct talk *t = s->talk->lines[i];
        if (intent_opens(t->intent) && !strcmp(t->ref, p->id) && p->origin.sender &&
            !strcmp(t->sender, p->origin.sender))
            return t->time_ms;
    }
    return p->origin.time_ms;
}

static void hint_time(const struct said *s, const struct post *p, int newer, float *f)
{
    const struct talk *last = s->talk->n ? s->talk->lines[s->talk->n - 1] : NULL;
    double minutes = (double)(s->m->time_ms - thread_spoken_ms(s, p)) / MINUTE_MS;
    double since = (double)(s->m->time_ms - said_ms(s, p)) / MINUTE_MS;
    f[TARGET_SPOKEN] = (float)log1p(minutes > 0 ? minutes : 0);
    f[TARGET_OPENED] = (float)log1p(since > 0 ? since : 0);
    f[TARGET_NEWER] = (float)newer;
    f[TARGET_LAST] = last && !strcmp(last->ref, p->id);
    f[TARGET_OWNER_LAST] = last && p->origin.sender && !strcmp(last->sender, p->origin.sender);
}

static bool is_for_several(const struct post *p)
{
    return p->asked > 1 + EPSILON;
}

/* There is a line for them: who signs up says what a taker says. */
static bool is_call(const struct post *p)
{
    return p->side == SIDE_REQUEST && is_for_several(p);
}

static void hint_lines(const struct said *s, const struct post *p, float *f)
{
    bool claimed = false;
    for (int i = 0; i < s->talk->n; i++) {
        const struct talk *t = s->talk->lines[i];
        if (t->intent == INTENT_CLAIM && !strcmp(t->ref, p->id))
            claimed = true;
    }
    f[TARGET_CLAIMED] = claimed && !is_for_several(p);
    f[TARGET_SEVERAL] = is_for_several(p);
    f[TARGET_SEVERAL_FREE] = is_for_several(p) && post_left(p) > 0;
    f[TARGET_ALSO] = claimed && strstr(s->m->text, "也");
}

static void hint_side(const struct said *s, const struct post *p, float *f)
{
    float gives = s->reading.gives;
    if (p->side == SIDE_OFFER)
        f[TARGET_TAKES_OFFER] = -gives;
    else if (is_call(p))
        f[TARGET_GIVES_CALL] = gives;
    else
        f[TARGET_GIVES_REQUEST] = gives;
}

static void hint_thing(struct core *c, const struct said *s, const struct post *p, float *f)
{
    const struct slots *a = &s->reading.slots, *b = &p->slots;
    f[TARGET_OTHER_THING] = thread_other_thing(c, s, p);
    f[TARGET_WORDS] = (float)text_likeness(c->o.work, str_of(s->m->text), str_of(p->text));
    f[TARGET_SHARED] = (float)thread_words_shared(c, s, p);
    f[TARGET_LEAF] = s->reading.category_guess == p->category;
    f[TARGET_UNIT] = a->unit[0] && strcmp(a->unit, "个") != 0 && !strcmp(a->unit, b->unit);
    f[TARGET_FREE] = is_call(p) || thread_is_free(c, p);
}

static void gather(struct core *c, const struct said *s, const struct post *p, int newer,
                   float f[TARGET_N])
{
    memset(f, 0, TARGET_N * sizeof *f);
    f[TARGET_ANY] = 1;
    f[TARGET_CALLED] = mentioned(c, s, p);
    hint_time(s, p, newer, f);
    hint_lines(s, p, f);
    hint_side(s, p, f);
    hint_thing(c, s, p, f);
}

/* Who wants something answers no request, unless that gives something for it. */
static bool cannot_answer(const struct said *s, const struct post *p)
{
    return p->side == SIDE_REQUEST && p->mode != MODE_SWAP && !is_call(p) &&
           (s->reading.gives < SURELY_TAKES || says_asks_for_rest(&s->words));
}

/* Something has been on sale since that was last spoken of. */
static bool enters_purchase(const struct said *s, const struct post *p)
{
    if (!says_entry(&s->words))
        return false;
    for (int i = s->talk->n - 1; i >= 0; i--) {
        const struct talk *t = s->talk->lines[i];
        if (t->intent == INTENT_TRADE || !strcmp(t->ref, p->id))
            return t->intent == INTENT_TRADE;
    }
    return false;
}

/* It says so to somebody else who has spoken: not to a bot, nor to all. */
static bool is_told_another(const struct core *c, const struct said *s, const struct post *p)
{
    if (!s->m->n_mentions || mentioned(c, s, p))
        return false;
    for (int i = 0; i < s->talk->n; i++)
        if (mentions(s, s->talk->lines[i]->sender))
            return true;
    return false;
}

#define LEAST_FIT 0.75f /* else it answers none: what was compared is told in MODEL.md */

bool target_is_called(const struct core *c, const struct said *s, const struct post *p)
{
    return p->side == SIDE_REQUEST && says_to_you(&s->words) && mentioned(c, s, p) &&
           (match_near_categories(p->category) & 1u << s->reading.category);
}

struct node *target_choose(struct core *c, struct said *s, struct node **found, int n)
{
    struct node *best = NULL;
    float most = LEAST_FIT, f[TARGET_N];
    thread_note_first(c, s, n); /* who chooses twice is told of by the second time */
    for (int i = 0; i < n; i++) {
        const struct post *p = found[i]->object;
        gather(c, s, p, i, f);
        thread_note(c, s, p, f, TARGET_N);
        if (cannot_answer(s, p) || is_told_another(c, s, p) || enters_purchase(s, p) ||
            (s->m->time_ms - thread_spoken_ms(s, p) > CLAIM_WITHIN_MS && f[TARGET_CALLED] < 1))
            continue;
        float z = thread_fit(weights, f, TARGET_N);
        if (z > most) {
            most = z;
            best = found[i];
        }
    }
    return best;
}

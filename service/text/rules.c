#include "rules_priv.h"

#include "classify_priv.h"
#include "scan_priv.h"

#define NEAR_BYTES 36 /* a dozen characters */

static const uint64_t strong_dangers =
    UINT64_C(1) << CUE_DANGER_LIFE | UINT64_C(1) << CUE_DANGER_TRAPPED |
    UINT64_C(1) << CUE_DANGER_FIRE | UINT64_C(1) << CUE_DANGER_SELF |
    UINT64_C(1) << CUE_DANGER_CHILD;
static const uint64_t takes_back = UINT64_C(1) << CUE_GUARD | UINT64_C(1) << CUE_DRILL |
                                   UINT64_C(1) << CUE_HEARSAY | UINT64_C(1) << CUE_DONE;

static const struct lexicon_entry *entry_of(const struct lexicon *lex, const struct text_work *w,
                                            size_t i)
{
    return &lex->entries[w->matches[i].entry];
}

/* 跳楼价 is not 跳楼; 没着火 is not 着火. */
static bool is_idiom(const struct lexicon *lex, const struct text_work *w,
                     const struct lexicon_match *danger)
{
    static const char *const no[] = {"没", "没有", "无",   "不是", "别", "不会",
                                     "防", "假",   "not ", "no ",  NULL};
    size_t i;

    if (scan_behind(work_text(w), danger->from, no))
        return true;
    for (i = 0; i < w->n_matches; i++)
        if (cue_in(entry_of(lex, w, i)->cues, CUE_IDIOM) && w->matches[i].from <= danger->from &&
            danger->to <= w->matches[i].to)
            return true;
    return false;
}

/* A word near the danger that says it is a warning, a story, a drill, or over. */
static bool is_taken_back(const struct lexicon *lex, const struct text_work *w,
                          const struct lexicon_match *danger)
{
    size_t i;

    for (i = 0; i < w->n_matches; i++) {
        const struct lexicon_match *m = &w->matches[i];

        if ((entry_of(lex, w, i)->cues & takes_back) == 0)
            continue;
        if (m->from >= danger->from && m->to <= danger->to)
            continue; /* a part of the danger's own word */
        if (m->to + NEAR_BYTES >= danger->from && danger->to + NEAR_BYTES >= m->from)
            return true;
    }
    return false;
}

bool rules_danger(const struct lexicon *lex, const struct text_work *w)
{
    size_t i;

    for (i = 0; i < w->n_matches; i++)
        if ((entry_of(lex, w, i)->cues & strong_dangers) && !is_idiom(lex, w, &w->matches[i]) &&
            !is_taken_back(lex, w, &w->matches[i]))
            return true;
    return false;
}

static int best_of(const float *p, int n)
{
    int i, best = 0;

    for (i = 1; i < n; i++)
        if (p[i] > p[best])
            best = i;
    return best;
}

static bool opens(enum intent i)
{
    return i == INTENT_REQUEST || i == INTENT_OFFER || i == INTENT_REPORT;
}

/* Let `to` have the most: the rule is worth `share` of the judgement, the model the rest. */
static void prefer(float *p, int n, int to, float share)
{
    int i;

    for (i = 0; i < n; i++)
        p[i] = p[i] * (1 - share) + (i == to ? share : 0);
}

static enum category category_for(enum intent intent, const float *p)
{
    static const enum category of_reports[] = {CATEGORY_FACILITY, CATEGORY_NUISANCE,
                                               CATEGORY_SAFETY, CATEGORY_OTHER};
    size_t i;
    enum category best = CATEGORY_FACILITY;

    if (intent != INTENT_REPORT)
        return (enum category)(best_of(p, CATEGORY_N - 1) + 1);
    for (i = 0; i < sizeof of_reports / sizeof *of_reports; i++)
        if (p[of_reports[i] - 1] > p[best - 1])
            best = of_reports[i];
    return best;
}

/* To miss a danger is worse than to call for a person in vain, so the model need not be sure, least
   where words tell of it. What was compared: service/text/MODEL.md. */
static float critical_from(const struct text_work *w, enum intent intent, bool danger)
{
    if (danger)
        return 0.02f;
    if (cue_in(w->cues, CUE_DANGER_SIGN))
        return 0.07f;
    return intent == INTENT_REPORT ? 0.22f : 0.10f; /* a fault by itself endangers nobody */
}

/* An offer is normal or low. */
static enum urgency urgency_for(enum intent intent, float *p, float critical)
{
    int best;

    if (!opens(intent))
        return URGENCY_NORMAL;
    if (intent == INTENT_OFFER)
        return p[URGENCY_LOW] > 0 ? URGENCY_LOW : URGENCY_NORMAL;
    best = URGENCY_NORMAL + best_of(p + URGENCY_NORMAL, URGENCY_N - URGENCY_NORMAL);
    classify_softmax(p + URGENCY_NORMAL, URGENCY_N - URGENCY_NORMAL);
    if (p[URGENCY_CRITICAL] >= critical)
        return URGENCY_CRITICAL;
    if (best == URGENCY_CRITICAL)
        return URGENCY_URGENT;
    return (enum urgency)best;
}

/* How sure the model has to be that words of danger mean none, or offer help against it: an AED, a
   nurse. What was compared: service/text/MODEL.md. */
#define SURE 0.95f
#define SURE_OFFER 0.6f

enum intent rules_intent(const struct lexicon *lex, const struct text_work *w, float *intent_p,
                         bool *danger_r)
{
    enum intent best = (enum intent)best_of(intent_p, INTENT_N);
    bool offers = best == INTENT_OFFER && intent_p[best] >= SURE_OFFER;

    *danger_r = !offers && rules_danger(lex, w);
    if (*danger_r && intent_p[best] < SURE && best != INTENT_REQUEST && best != INTENT_REPORT &&
        best != INTENT_CLOSURE) {
        best = intent_p[INTENT_REPORT] > intent_p[INTENT_REQUEST] ? INTENT_REPORT : INTENT_REQUEST;
        prefer(intent_p, INTENT_N, (int)best, 0.6f);
    }
    return best;
}

static void label(const struct text_work *w, enum intent intent, bool danger, float *p,
                  struct reading *out)
{
    int k;

    memcpy(out->intent_p, p + OUT_INTENT, sizeof out->intent_p);
    out->intent = intent;
    out->category_guess = category_for(intent, p + OUT_CATEGORY);
    if (opens(intent) || intent == INTENT_CLAIM) {
        classify_softmax(p + OUT_CATEGORY, CATEGORY_N - 1);
        out->category_p = p[OUT_CATEGORY + (int)out->category_guess - 1];
    }
    out->category = opens(intent) ? out->category_guess : CATEGORY_NONE;
    out->urgency = urgency_for(intent, p + OUT_URGENCY, critical_from(w, intent, danger));
    out->mode = intent == INTENT_REQUEST || intent == INTENT_OFFER
                    ? (enum mode)(best_of(p + OUT_MODE, MODE_N - 1) + 1)
                    : MODE_NONE;
    for (k = 0; k < FLAG_N; k++)
        if (p[OUT_FLAG + k] > 0)
            out->flags |= 1u << k;
}

void rules_apply(const struct lexicon *lex, const struct text_work *w, float *p,
                 struct reading *out)
{
    bool danger;
    enum intent best = rules_intent(lex, w, p + OUT_INTENT, &danger);

    label(w, best, danger, p, out);
}

void rules_apply_as(const struct lexicon *lex, const struct text_work *w, enum intent intent,
                    float *p, struct reading *out)
{
    label(w, intent, intent != INTENT_OFFER && rules_danger(lex, w), p, out);
}

/* An offer that is bound to a time, or does not keep, is not without a deadline. */
void rules_settle(struct reading *out)
{
    bool bound = out->slots.time.start_ms || out->slots.time.end_ms;

    if (out->intent == INTENT_OFFER && out->urgency == URGENCY_LOW && bound)
        out->urgency = URGENCY_NORMAL;
}

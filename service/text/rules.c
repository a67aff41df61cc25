#include "rules_priv.h"

#include <math.h>

#include "classify_priv.h"

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

#define RULE_SHARE 0.6f /* of the judgement; the model's is the rest */

static void prefer(float *p, int n, int to)
{
    int i;

    for (i = 0; i < n; i++)
        p[i] = p[i] * (1 - RULE_SHARE) + (i == to ? RULE_SHARE : 0);
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

/* To miss a danger is worse than to call for a person in vain, so one is called from a small
   chance. Who asks to be rescued, or for somebody who is missing, is nearly always in danger, if it
   is that: the leaf of a bare place is a guess. A fault by itself endangers nobody. What was
   compared: service/text/MODEL.md. */
#define CALL_FROM 0.08f
#define CALL_FROM_RESCUE 0.005f
#define CALL_FROM_FAULT 0.2f
#define RESCUE_FROM 0.5f

static float call_from(enum intent intent, enum category category, float category_p)
{
    if (category == CATEGORY_SAFETY)
        return intent == INTENT_REQUEST && category_p >= RESCUE_FROM ? CALL_FROM_RESCUE : CALL_FROM;
    return intent == INTENT_REPORT ? CALL_FROM_FAULT : CALL_FROM;
}

static float critical_chance(const float *p)
{
    return 1 / (1 + expf(-p[OUT_CRITICAL]));
}

/* An offer is normal or low. */
static enum urgency urgency_for(enum intent intent, enum category category, float category_p,
                                const float p[OUT_N])
{
    if (intent == INTENT_OFFER)
        return p[OUT_LOW] > 0 ? URGENCY_LOW : URGENCY_NORMAL;
    if (!opens(intent))
        return URGENCY_NORMAL;
    if (critical_chance(p) >= call_from(intent, category, category_p))
        return URGENCY_CRITICAL;
    return p[OUT_URGENT] > 0 ? URGENCY_URGENT : URGENCY_NORMAL;
}

/* Life-safety wins over everything: what may well be a call for help in danger is read as one. */
enum intent rules_intent(float *p)
{
    float *intent_p = p + OUT_INTENT;
    float request = intent_p[INTENT_REQUEST], report = intent_p[INTENT_REPORT];
    enum intent best = (enum intent)best_of(intent_p, INTENT_N);

    if (best == INTENT_REQUEST || best == INTENT_REPORT || critical_chance(p) < CALL_FROM ||
        request + report < CALL_FROM)
        return best;
    best = report > request ? INTENT_REPORT : INTENT_REQUEST;
    prefer(intent_p, INTENT_N, (int)best);
    return best;
}

void rules_apply_as(enum intent intent, float p[OUT_N], struct reading *out)
{
    int k;

    memcpy(out->intent_p, p + OUT_INTENT, sizeof out->intent_p);
    out->intent = intent;
    out->gives = p[OUT_GIVES];
    out->withdraws = p[OUT_WITHDRAWN];
    out->category_guess = category_for(intent, p + OUT_CATEGORY);
    if (opens(intent) || intent == INTENT_CLAIM) {
        classify_softmax(p + OUT_CATEGORY, CATEGORY_N - 1);
        out->category_p = p[OUT_CATEGORY + (int)out->category_guess - 1];
    }
    out->category = opens(intent) ? out->category_guess : CATEGORY_NONE;
    out->urgency = urgency_for(intent, out->category, out->category_p, p);
    out->mode = intent == INTENT_REQUEST || intent == INTENT_OFFER
                    ? (enum mode)(best_of(p + OUT_MODE, MODE_N - 1) + 1)
                    : MODE_NONE;
    for (k = 0; k < FLAG_N; k++)
        if (p[OUT_FLAG + k] > 0)
            out->flags |= 1u << k;
}

void rules_apply(float p[OUT_N], struct reading *out)
{
    rules_apply_as(rules_intent(p), p, out);
}

/* An offer that is bound to a time, or does not keep, is not without a deadline. */
void rules_settle(struct reading *out)
{
    bool bound = out->slots.time.start_ms || out->slots.time.end_ms;

    if (out->intent == INTENT_OFFER && out->urgency == URGENCY_LOW && bound)
        out->urgency = URGENCY_NORMAL;
}

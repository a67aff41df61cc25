/* What a message means in its conversation. The evidence (evidence.c) is what its words mean alone
   and as answers, and what is known of the scene; how much each speaks for each meaning was learned
   from the scenes in service/core/scenes by scripts/fit-context. */
#include "context_priv.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

static const float weights[INTENT_N][EVIDENCE_N] = {
#include "context_weights.inc"
};

/* One output against the rest, made to sum to one. */
static void weigh(const float f[EVIDENCE_N], float p[INTENT_N])
{
    float sum = 0;
    for (int i = 0; i < INTENT_N; i++) {
        float z = 0;
        for (int k = 0; k < EVIDENCE_N; k++)
            z += weights[i][k] * f[k];
        p[i] = 1 / (1 + expf(-z));
        sum += p[i];
    }
    for (int i = 0; i < INTENT_N; i++)
        p[i] /= sum;
}

#define ARGUED_AWAY 0.2f
#define HALF 0.5f

/* Life-safety is not lightly argued away: unless the conversation rules a call for help out, only
   its kind may change. */
static enum intent likeliest(const struct reading *r, const float p[INTENT_N])
{
    float help = p[INTENT_REQUEST] + p[INTENT_REPORT];
    enum intent best = INTENT_CHAT;
    if (r->urgency == URGENCY_CRITICAL && help >= ARGUED_AWAY)
        return p[INTENT_REQUEST] > p[INTENT_REPORT] ? INTENT_REQUEST : INTENT_REPORT;
    for (int i = 0; i < INTENT_N; i++)
        if (p[i] > p[best])
            best = (enum intent)i;
    return best;
}

void context_weigh(struct core *c, struct said *s, const struct text_query *q)
{
    struct reading *r = &s->reading;
    struct scene x;
    float f[EVIDENCE_N], p[INTENT_N];
    scene_look(c, s, &x);
    evidence_gather(c, s, &x, f);
    weigh(f, p);
    enum intent best = likeliest(r, p);
    if (best != r->intent)
        text_read_as(c->o.model, c->o.work, q, best, r);
    memcpy(r->intent_p, p, sizeof p);
    if (c->o.explain) {
        float *kept = ARENA_ARRAY(c->fx->arena, float, EVIDENCE_N);
        s->evidence = memcpy(kept, f, sizeof f);
        s->n_evidence = EVIDENCE_N;
    }
}

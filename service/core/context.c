/* What a message means in its conversation. The evidence (evidence.c) is what its words mean alone
   and as answers, and what is known of the scene; how much each speaks for each meaning was learned
   from the scenes in service/core/scenes by scripts/fit-context. */
#include "context_priv.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

#define HIDDEN 128

static const struct {
    float in[EVIDENCE_N + 1][HIDDEN], out[INTENT_N][HIDDEN + 1]; /* the last ones: biases */
} net = {
#include "context_weights.inc"
};

/* A network with one hidden layer (service/train/net_priv.h). Most of the evidence is 0. */
static void weigh(const float f[EVIDENCE_N], float p[INTENT_N])
{
    float hidden[HIDDEN], most, sum = 0;
    memcpy(hidden, net.in[EVIDENCE_N], sizeof hidden);
    for (int k = 0; k < EVIDENCE_N; k++) {
        bool is_there = f[k] < 0 || f[k] > 0;
        for (int h = 0; is_there && h < HIDDEN; h++)
            hidden[h] += f[k] * net.in[k][h];
    }
    for (int h = 0; h < HIDDEN; h++)
        hidden[h] = hidden[h] > 0 ? hidden[h] : 0;
    for (int i = 0; i < INTENT_N; i++) {
        p[i] = f[i] + net.out[i][HIDDEN];
        for (int h = 0; h < HIDDEN; h++)
            p[i] += hidden[h] * net.out[i][h];
    }
    most = p[0];
    for (int i = 1; i < INTENT_N; i++)
        most = p[i] > most ? p[i] : most;
    for (int i = 0; i < INTENT_N; i++)
        sum += p[i] = expf(p[i] - most);
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

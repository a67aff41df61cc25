#include "solve_priv.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "newton_priv.h"
#include "scale_priv.h"

static int label_intent(const struct example *e)
{
    return (int)e->intent;
}

static bool opens(const struct example *e)
{
    return e->intent == INTENT_REQUEST || e->intent == INTENT_OFFER || e->intent == INTENT_REPORT;
}

static int label_category(const struct example *e)
{
    return (int)e->category - 1;
}

static bool tells_urgency(const struct example *e)
{
    return !e->bare || e->category;
}

/* Does a request or report hurry? That nothing does is asked of offers only. */
static int label_urgent(const struct example *e)
{
    if ((e->intent != INTENT_REQUEST && e->intent != INTENT_REPORT) || !tells_urgency(e))
        return -1;
    return e->urgency >= URGENCY_URGENT;
}

/* Of every message: what only sounds like danger is mostly talk, notices and offers. */
static int label_critical(const struct example *e)
{
    return opens(e) && !tells_urgency(e) ? -1 : e->urgency == URGENCY_CRITICAL;
}

/* Who answers a request gives. Told by the words alone, as what they answer would give it away. */
static int label_gives(const struct example *e)
{
    return example_answers(e) ? e->context_intent == INTENT_REQUEST : -1;
}

static int label_withdrawn(const struct example *e)
{
    return e->outcome == OUTCOME_UNKNOWN ? -1 : e->outcome == OUTCOME_WITHDRAWN;
}

static int label_low(const struct example *e)
{
    return e->intent == INTENT_OFFER && tells_urgency(e) ? e->urgency == URGENCY_LOW : -1;
}

static int label_mode(const struct example *e)
{
    return (int)e->mode - 1;
}

static int label_flags(const struct example *e)
{
    return opens(e) && !e->bare ? (int)e->flags : -1;
}

#define BOTH (SETTING_WRITTEN | SETTING_ELSEWHERE)

const struct head heads[HEADS] = {
    {"intent", OUT_INTENT, INTENT_N, HEAD_ONE, 8, BOTH, label_intent},
    {"category", OUT_CATEGORY, CATEGORY_N - 1, HEAD_ONE, 16, SETTING_WRITTEN, label_category},
    {"critical", OUT_CRITICAL, 1, HEAD_CHANCE, 8, BOTH, label_critical},
    {"gives", OUT_GIVES, 1, HEAD_CHANCE, 8, SETTING_ALONE, label_gives},
    {"withdrawn", OUT_WITHDRAWN, 1, HEAD_CHANCE, 8, SETTING_ALONE, label_withdrawn},
    {"urgent", OUT_URGENT, 1, HEAD_CHANCE, 4, SETTING_WRITTEN, label_urgent},
    {"low", OUT_LOW, 1, HEAD_FLAGS, 4, SETTING_WRITTEN, label_low},
    {"mode", OUT_MODE, MODE_N - 1, HEAD_ONE, 4, SETTING_WRITTEN, label_mode},
    {"flags", OUT_FLAG, FLAG_N, HEAD_FLAGS, 8, SETTING_WRITTEN, label_flags},
};

/* Outputs learned side by side, without the samples kept for calibration, and then from all. */
struct task {
    struct {
        const struct head *head;
        int output; /* within the head */
    } of[NEWTON_LANES];
    int n;
};

struct pool {
    const struct samples *s;
    struct weights *w;
    struct task *tasks;
    int n_tasks;
    atomic_int next;
};

bool head_is_told(const struct head *h, const struct sample *p)
{
    return (h->settings & p->setting) && h->label(p->example) >= 0;
}

static bool is_positive(const struct head *h, const struct sample *p, int output)
{
    int label = h->label(p->example);

    return h->kind == HEAD_ONE ? label == output : label >> output & 1;
}

/* newton_fit's eps. Who goes on from good weights needs a finer one to move at all. */
#define COARSE 0.3 /* enough to see where the model doubts */
#define FINE 0.03
#define FINEST 0.01 /* so that less hangs on which part was kept */

/* Rare outputs weigh more, by the root of their rarity: enough to be found, without swamping. What
   no sample has is not learned. */
static void weigh_positives(struct newton *p, int n_outputs)
{
    int o;

    for (o = 0; o < n_outputs; o++) {
        size_t positives = 0, told = 0, i;

        for (i = 0; i < p->n_rows; i++) {
            positives += p->positive[i] >> o & 1;
            told += p->told[i] >> o & 1;
        }
        if (!positives)
            continue;
        p->outputs |= 1u << o;
        p->cost_of_positives[o] =
            p->cost[o] * fmaxf(1, sqrtf((float)(told - positives + 1) / (float)positives));
    }
}

/* Of the samples. */
enum share { SHARE_EARLY, SHARE_PART, SHARE_ALL };

static bool is_in(const struct sample *p, enum share share)
{
    return share == SHARE_ALL || (share == SHARE_PART ? !p->kept : p->early);
}

static struct newton problem_new(const struct pool *pool, const struct task *t, enum share share)
{
    const struct samples *s = pool->s;
    const struct sample **rows = mem_new((s->n + 1) * sizeof *rows);
    uint8_t *told = mem_new(s->n + 1), *positive = mem_new(s->n + 1);
    struct newton p = {
        .rows = rows, .told = told, .positive = positive, .n_features = pool->w->stride};
    size_t i;
    int o;

    for (i = 0; i < s->n; i++) {
        uint8_t *at = &told[p.n_rows], *has = &positive[p.n_rows];

        if (!is_in(&s->p[i], share))
            continue;
        for (*at = *has = 0, o = 0; o < t->n; o++) {
            const struct head *h = t->of[o].head;

            if (!head_is_told(h, &s->p[i]))
                continue;
            *at |= (uint8_t)(1u << o);
            *has |= (uint8_t)(is_positive(h, &s->p[i], t->of[o].output) << o);
        }
        if (*at)
            rows[p.n_rows++] = &s->p[i];
    }
    for (o = 0; o < t->n; o++)
        p.cost[o] = t->of[o].head->cost;
    weigh_positives(&p, t->n);
    return p;
}

static void problem_free(struct newton *p)
{
    free((void *)(uintptr_t)p->rows);
    free((void *)(uintptr_t)p->told);
    free((void *)(uintptr_t)p->positive);
}

static void improve(struct newton *p, const lanes *scale, double eps, lanes *w)
{
    p->scale = scale;
    newton_fit(p, eps, w);
}

/* On from the weights w, by the factors of the problem times what the weights leave in doubt. */
static void improve_by_doubt(struct newton *p, lanes *scale, double eps, lanes *w)
{
    scale_by_doubt(p, w, scale);
    improve(p, scale, eps, w);
}

/* Returns the outputs that are in the part. */
static unsigned learn_part(const struct pool *pool, const struct task *t, lanes *w)
{
    struct newton early = problem_new(pool, t, SHARE_EARLY);
    struct newton p = problem_new(pool, t, SHARE_PART);
    lanes *scale = scale_new(&early);

    improve(&early, scale, COARSE, w);
    free(scale);
    problem_free(&early);
    scale = scale_new(&p);
    improve_by_doubt(&p, scale, FINE, w);
    free(scale);
    problem_free(&p);
    return p.outputs;
}

static void learn_all(const struct pool *pool, const struct task *t, unsigned outputs, lanes *w)
{
    struct newton p = problem_new(pool, t, SHARE_ALL);
    lanes *scale = scale_new(&p);

    p.outputs &= outputs;
    improve_by_doubt(&p, scale, FINEST, w);
    free(scale);
    problem_free(&p);
}

static int output_of(const struct task *t, int o)
{
    return t->of[o].head->first + t->of[o].output;
}

static void note_scores(const struct pool *pool, const struct task *t, const lanes *w)
{
    const struct samples *s = pool->s;
    size_t i;
    int o;

    for (i = 0; i < s->n; i++) {
        lanes scores;

        if (!s->p[i].kept || !(s->p[i].setting & t->of[0].head->settings))
            continue;
        scores = newton_scores(&s->p[i], w, pool->w->stride);
        for (o = 0; o < t->n; o++)
            if (head_is_told(t->of[o].head, &s->p[i]))
                pool->w->scores[i * OUT_N + (size_t)output_of(t, o)] = scores[o];
    }
}

#define NEVER (-6) /* the bias of an output that nothing has */

/* Who has learned from a part goes on from there with all. */
static void run_task(const struct pool *pool, const struct task *t)
{
    size_t stride = pool->w->stride, k;
    lanes *w = newton_vector(stride);
    unsigned known = learn_part(pool, t, w);
    int o;

    for (o = 0; o < t->n; o++)
        if (!(known >> o & 1))
            w[stride - 1][o] = NEVER;
    note_scores(pool, t, w);
    learn_all(pool, t, known, w);
    for (o = 0; o < t->n; o++)
        for (k = 0; k < stride; k++)
            pool->w->w[(size_t)output_of(t, o) * stride + k] = w[k][o];
    free(w);
}

static void *work(void *arg)
{
    struct pool *pool = arg;
    int i;

    while ((i = atomic_fetch_add(&pool->next, 1)) < pool->n_tasks)
        run_task(pool, &pool->tasks[i]);
    return NULL;
}

/* As few as there can be, of about as many outputs each, for what is learned from the same
   settings. */
static void make_tasks_of(struct pool *pool, unsigned settings)
{
    int h, o, n = 0, parts, k = 0;

    for (h = 0; h < HEADS; h++)
        n += heads[h].settings == settings ? heads[h].n : 0;
    parts = (n + NEWTON_LANES - 1) / NEWTON_LANES;
    for (h = 0; h < HEADS; h++)
        for (o = 0; o < heads[h].n && heads[h].settings == settings; o++, k++) {
            struct task *t = &pool->tasks[pool->n_tasks + k * parts / n];

            t->of[t->n].head = &heads[h];
            t->of[t->n++].output = o;
        }
    pool->n_tasks += parts;
}

/* The longest first. */
static void make_tasks(struct pool *pool)
{
    pool->tasks = mem_new(OUT_N * sizeof *pool->tasks);
    make_tasks_of(pool, BOTH);
    make_tasks_of(pool, SETTING_WRITTEN);
    make_tasks_of(pool, SETTING_ALONE);
}

void solve_all(const struct samples *s, struct weights *w, int threads)
{
    struct pool pool = {.s = s, .w = w};
    pthread_t others[16];
    int k;

    w->stride = s->n_vocabulary + 1;
    w->w = mem_new(OUT_N * w->stride * sizeof *w->w);
    w->scores = mem_new((s->n + 1) * OUT_N * sizeof *w->scores);
    make_tasks(&pool);
    if (threads > 16)
        threads = 16;
    for (k = 1; k < threads; k++)
        if (pthread_create(&others[k], NULL, work, &pool) != 0)
            threads = k;
    work(&pool);
    for (k = 1; k < threads; k++)
        pthread_join(others[k], NULL);
    free(pool.tasks);
}

void weights_deinit(struct weights *w)
{
    free(w->w);
    free(w->scores);
    *w = (struct weights){0};
}

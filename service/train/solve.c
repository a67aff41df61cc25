#include "solve_priv.h"

#include <linear.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "scale_priv.h"
#include "text/feature.h"

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
    {"intent", OUT_INTENT, INTENT_N, HEAD_ONE, 8.0, BOTH, label_intent},
    {"category", OUT_CATEGORY, CATEGORY_N - 1, HEAD_ONE, 8.0, SETTING_WRITTEN, label_category},
    {"critical", OUT_CRITICAL, 1, HEAD_CHANCE, 8.0, BOTH, label_critical},
    {"gives", OUT_GIVES, 1, HEAD_CHANCE, 8.0, SETTING_ALONE, label_gives},
    {"withdrawn", OUT_WITHDRAWN, 1, HEAD_CHANCE, 8.0, SETTING_ALONE, label_withdrawn},
    {"urgent", OUT_URGENT, 1, HEAD_CHANCE, 4.0, SETTING_WRITTEN, label_urgent},
    {"low", OUT_LOW, 1, HEAD_FLAGS, 4.0, SETTING_WRITTEN, label_low},
    {"mode", OUT_MODE, MODE_N - 1, HEAD_ONE, 4.0, SETTING_WRITTEN, label_mode},
    {"flags", OUT_FLAG, FLAG_N, HEAD_FLAGS, 8.0, SETTING_WRITTEN, label_flags},
};

/* One output: learned without the samples kept for calibration, and then from all. */
struct task {
    const struct head *head;
    int output; /* within the head */
};

struct pool {
    const struct samples *s;
    struct weights *w;
    struct feature_node **rows; /* a row a sample */
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

/* The last feature is the bias: LIBLINEAR wants it in each row. */
static struct feature_node *row_of(const struct sample *p, size_t stride)
{
    struct feature_node *row = mem_new((p->n + 2) * sizeof *row);
    double gram = p->grams_all ? 1.0 / sqrt(p->grams_all) : 0.0;
    uint32_t i;

    for (i = 0; i < p->n; i++) {
        row[i].index = (int)p->f[i] + 1;
        row[i].value = i < p->n_grams ? gram : FEATURE_VALUE;
    }
    row[p->n].index = (int)stride;
    row[p->n].value = 1.0;
    row[p->n + 1].index = -1;
    return row;
}

static double score(const double *w, const struct feature_node *row)
{
    double sum = 0;

    for (; row->index != -1; row++)
        sum += w[row->index - 1] * row->value;
    return sum;
}

/* LIBLINEAR's eps. Who goes on from good weights needs a finer one to move at all. */
#define COARSE 0.3 /* enough to see where the model doubts */
#define FINE 0.03
#define FINEST 0.01 /* so that less hangs on which part was kept */

/* Rare outputs weigh more, by the root of their rarity: enough to be found, without swamping. 0:
   there is none. */
static double weight_of_positives(const struct problem *prob)
{
    int positives = 0, i;

    for (i = 0; i < prob->l; i++)
        positives += prob->y[i] > 0;
    return positives > 0 ? fmax(1, sqrt((double)(prob->l - positives + 1) / positives)) : 0;
}

/* From the weights w, which may be all 0, to better ones. */
static void improve(const struct head *h, const struct problem *prob, const double *scale,
                    double eps, double *w)
{
    static const int names[2] = {1, -1};
    double weights[2] = {weight_of_positives(prob), 1};
    struct parameter param = {.solver_type = L2R_LR,
                              .eps = eps,
                              .C = h->cost,
                              .nr_weight = 2,
                              .weight_label = (int *)(uintptr_t)names,
                              .weight = weights};
    struct problem scaled = *prob;
    struct model *m;
    int k;

    scaled.x = scale_rows_new(prob, scale);
    param.init_sol = mem_new((size_t)prob->n * sizeof *param.init_sol);
    for (k = 0; k < prob->n; k++)
        param.init_sol[k] = w[k] / scale[k + 1];
    m = train(&scaled, &param);
    for (k = 0; k < prob->n; k++)
        w[k] = m->w[k] * scale[k + 1]; /* for +1, whichever label came first */
    free(param.init_sol);
    scale_rows_free(scaled.x, scaled.l);
    free_and_destroy_model(&m);
}

/* The samples of the head, all or those not kept for calibration. */
static struct problem problem_new(const struct pool *pool, const struct task *t, bool all)
{
    const struct samples *s = pool->s;
    struct problem prob = {.n = (int)pool->w->stride, .bias = 1.0};
    size_t i;

    prob.y = mem_new((s->n + 1) * sizeof *prob.y);
    prob.x = mem_new((s->n + 1) * sizeof *prob.x);
    for (i = 0; i < s->n; i++) {
        if (!head_is_told(t->head, &s->p[i]) || (!all && s->p[i].kept))
            continue;
        prob.y[prob.l] = is_positive(t->head, &s->p[i], t->output) ? 1 : -1;
        prob.x[prob.l++] = pool->rows[i];
    }
    return prob;
}

static void problem_free(struct problem *prob)
{
    free(prob->x);
    free(prob->y);
}

#define NEVER (-6) /* the bias of an output that nothing has */

/* On from the weights w, by the factors of the problem times what the weights leave in doubt; so
   `scale` is good for once. */
static void improve_by_doubt(const struct head *h, const struct problem *prob, double *scale,
                             double eps, double *w)
{
    scale_by_doubt(prob, w, weight_of_positives(prob), scale);
    improve(h, prob, scale, eps, w);
}

/* From a part. False: nothing in it has the output. */
static bool learn_part(const struct pool *pool, const struct task *t, double *w)
{
    struct problem prob = problem_new(pool, t, false);
    bool any = weight_of_positives(&prob) > 0;
    double *scale;

    w[prob.n - 1] = any ? 0 : NEVER;
    if (any) {
        scale = scale_new(&prob);
        improve(t->head, &prob, scale, COARSE, w);
        improve_by_doubt(t->head, &prob, scale, FINE, w);
        free(scale);
    }
    problem_free(&prob);
    return any;
}

static void learn_all(const struct head *h, const struct problem *prob, double *w)
{
    double *scale = scale_new(prob);

    improve_by_doubt(h, prob, scale, FINEST, w);
    free(scale);
}

/* Who has learned from a part goes on from there with all. */
static void run_task(const struct pool *pool, const struct task *t)
{
    const struct samples *s = pool->s;
    int out = t->head->first + t->output;
    double *w = pool->w->w + (size_t)out * pool->w->stride;
    bool any = learn_part(pool, t, w);
    struct problem prob = problem_new(pool, t, true);
    size_t i;

    for (i = 0; i < s->n; i++)
        if (s->p[i].kept && head_is_told(t->head, &s->p[i]))
            pool->w->scores[i * OUT_N + (size_t)out] = (float)score(w, pool->rows[i]);
    if (any)
        learn_all(t->head, &prob, w);
    problem_free(&prob);
}

static void *work(void *arg)
{
    struct pool *pool = arg;
    int i;

    while ((i = atomic_fetch_add(&pool->next, 1)) < pool->n_tasks)
        run_task(pool, &pool->tasks[i]);
    return NULL;
}

static void quiet(const char *text)
{
    (void)text;
}

static void make_tasks(struct pool *pool)
{
    int h, o;

    pool->tasks = mem_new(OUT_N * sizeof *pool->tasks);
    for (h = 0; h < HEADS; h++)
        for (o = 0; o < heads[h].n; o++)
            pool->tasks[pool->n_tasks++] = (struct task){&heads[h], o};
}

void solve_all(const struct samples *s, struct weights *w, int threads)
{
    struct pool pool = {.s = s, .w = w};
    pthread_t others[16];
    size_t i;
    int k;

    w->stride = s->n_vocabulary + 1;
    w->w = mem_new(OUT_N * w->stride * sizeof *w->w);
    w->scores = mem_new((s->n + 1) * OUT_N * sizeof *w->scores);
    pool.rows = mem_new((s->n + 1) * sizeof *pool.rows);
    for (i = 0; i < s->n; i++)
        pool.rows[i] = row_of(&s->p[i], w->stride);
    make_tasks(&pool);
    set_print_string_function(quiet);
    if (threads > 16)
        threads = 16;
    for (k = 1; k < threads; k++)
        if (pthread_create(&others[k], NULL, work, &pool) != 0)
            threads = k;
    work(&pool);
    for (k = 1; k < threads; k++)
        pthread_join(others[k], NULL);
    for (i = 0; i < s->n; i++)
        free(pool.rows[i]);
    free(pool.rows);
    free(pool.tasks);
}

void weights_deinit(struct weights *w)
{
    free(w->w);
    free(w->scores);
    *w = (struct weights){0};
}

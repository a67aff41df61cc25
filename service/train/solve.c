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

/* How much a request or report hurries; that nothing does is asked of offers only. */
static int label_urgency(const struct example *e)
{
    if (e->intent != INTENT_REQUEST && e->intent != INTENT_REPORT)
        return -1;
    return e->urgency == URGENCY_LOW ? 0 : (int)e->urgency - URGENCY_NORMAL;
}

static int label_low(const struct example *e)
{
    return e->intent == INTENT_OFFER ? e->urgency == URGENCY_LOW : -1;
}

static int label_mode(const struct example *e)
{
    return (int)e->mode - 1;
}

static int label_flags(const struct example *e)
{
    return opens(e) ? (int)e->flags : -1;
}

const struct head heads[HEADS] = {
    {"intent", OUT_INTENT, INTENT_N, false, 8.0, false, label_intent},
    {"category", OUT_CATEGORY, CATEGORY_N - 1, false, 8.0, true, label_category},
    {"low", OUT_URGENCY + URGENCY_LOW, 1, true, 4.0, true, label_low},
    {"urgency", OUT_URGENCY + URGENCY_NORMAL, URGENCY_N - URGENCY_NORMAL, false, 4.0, true,
     label_urgency},
    {"mode", OUT_MODE, MODE_N - 1, false, 4.0, true, label_mode},
    {"flags", OUT_FLAG, FLAG_N, true, 8.0, true, label_flags},
};

/* One problem: an output, from all samples or without those kept for calibration. */
struct task {
    const struct head *head;
    int output; /* within the head */
    bool whole;
};

struct pool {
    const struct samples *s;
    struct weights *w;
    struct feature_node **rows; /* a row a sample */
    struct task *tasks;
    int n_tasks;
    atomic_int next;
};

static bool is_in(const struct head *h, const struct sample *p)
{
    return h->label(p->example) >= 0 && (p->primary || !h->primary_only);
}

static bool is_positive(const struct head *h, const struct sample *p, int output)
{
    int label = h->label(p->example);

    return h->single ? (label >> output & 1) : label == output;
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

/* Rare outputs weigh more, by the root of their rarity: enough to be found, without swamping. */
static void learn(const struct pool *pool, const struct task *t, struct problem *prob, double *w)
{
    static const int names[2] = {1, -1};
    double weights[2] = {1, 1};
    int positives = 0, i;
    struct parameter param = {.solver_type = L2R_LR,
                              .eps = 0.1,
                              .C = t->head->cost,
                              .nr_weight = 2,
                              .weight_label = (int *)(uintptr_t)names,
                              .weight = weights};
    struct problem scaled;
    struct model *m;
    double *scale;
    size_t k, stride = pool->w->stride;
    double sign;

    for (i = 0; i < prob->l; i++)
        positives += prob->y[i] > 0;
    memset(w, 0, stride * sizeof *w);
    w[stride - 1] = -6;
    if (positives == 0)
        return;
    weights[0] = sqrt((double)(prob->l - positives + 1) / positives);
    if (weights[0] < 1)
        weights[0] = 1;
    scale = scale_new(prob);
    scaled = *prob;
    scaled.x = scale_rows_new(prob, scale);
    m = train(&scaled, &param);
    sign = m->label[0] == 1 ? 1 : -1;
    for (k = 0; k < stride; k++)
        w[k] = sign * m->w[k] * scale[k + 1];
    scale_rows_free(scaled.x, scaled.l);
    free(scale);
    free_and_destroy_model(&m);
}

static void run_task(const struct pool *pool, const struct task *t)
{
    const struct samples *s = pool->s;
    struct problem prob = {.n = (int)pool->w->stride, .bias = 1.0};
    bool whole = t->whole;
    int out = t->head->first + t->output;
    double *w =
        whole ? pool->w->w + (size_t)out * pool->w->stride : mem_new(pool->w->stride * sizeof *w);
    size_t i;

    prob.y = mem_new((s->n + 1) * sizeof *prob.y);
    prob.x = mem_new((s->n + 1) * sizeof *prob.x);
    for (i = 0; i < s->n; i++) {
        if (!is_in(t->head, &s->p[i]) || (!whole && s->p[i].kept))
            continue;
        prob.y[prob.l] = is_positive(t->head, &s->p[i], t->output) ? 1 : -1;
        prob.x[prob.l++] = pool->rows[i];
    }
    if (prob.l > 0)
        learn(pool, t, &prob, w);
    for (i = 0; !whole && i < s->n; i++)
        if (s->p[i].kept && is_in(t->head, &s->p[i]))
            pool->w->scores[i * OUT_N + (size_t)out] = (float)score(w, pool->rows[i]);
    free(prob.x);
    free(prob.y);
    if (!whole)
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

static void quiet(const char *text)
{
    (void)text;
}

static void make_tasks(struct pool *pool)
{
    int h, o, whole;

    pool->tasks = mem_new(2 * OUT_N * sizeof *pool->tasks);
    for (h = 0; h < HEADS; h++)
        for (o = 0; o < heads[h].n; o++)
            for (whole = 0; whole < 2; whole++)
                pool->tasks[pool->n_tasks++] = (struct task){&heads[h], o, whole};
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

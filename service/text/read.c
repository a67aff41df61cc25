#include "text/text.h"

#include "base/mem.h"
#include "classify_priv.h"
#include "extract_priv.h"

struct text_work *text_work_new(void)
{
    struct text_work *w = NEW(struct text_work);

    w->normal = (struct normal){.p = w->text, .from = w->from, .to = w->to, .size = sizeof w->text};
    return w;
}

void text_work_free(struct text_work **w)
{
    free(*w);
    *w = NULL;
}

struct span work_span(const struct text_work *w, size_t from, size_t to)
{
    struct span s = {0, 0};

    if (from < to && to <= w->normal.n) {
        s.from = w->from[from];
        s.to = w->to[to - 1];
    }
    return s;
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

static void take_labels(const float p[OUT_N], struct reading *out)
{
    int k;

    memcpy(out->intent_p, p + OUT_INTENT, sizeof out->intent_p);
    out->intent = (enum intent)best_of(p + OUT_INTENT, INTENT_N);
    k = best_of(p + OUT_CATEGORY, CATEGORY_N - 1);
    out->category_guess = (enum category)(k + 1);
    out->category_p = p[OUT_CATEGORY + k];
    out->category = opens(out->intent) ? out->category_guess : CATEGORY_NONE;
    out->urgency =
        opens(out->intent) ? (enum urgency)best_of(p + OUT_URGENCY, URGENCY_N) : URGENCY_NORMAL;
    out->mode = out->intent == INTENT_REQUEST || out->intent == INTENT_OFFER
                    ? (enum mode)(best_of(p + OUT_MODE, MODE_N - 1) + 1)
                    : MODE_NONE;
    for (k = 0; k < FLAG_N; k++)
        if (p[OUT_FLAG + k] > 0.5f)
            out->flags |= 1u << k;
}

void text_read(const struct text_model *model, struct text_work *work, const struct text_query *q,
               struct reading *out)
{
    float p[OUT_N];

    memset(out, 0, sizeof *out);
    feature_collect(&model->lexicon, work, q, &work->features);
    classify_run(model, work, p);
    take_labels(p, out);
    extract_items(&model->lexicon, work, &out->slots);
    extract_grammars(work, q, &out->slots);
}

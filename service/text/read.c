#include "text/text.h"

#include "base/mem.h"
#include "classify_priv.h"
#include "extract_priv.h"
#include "rules_priv.h"

struct text_work *text_work_new(void)
{
    struct text_work *w = NEW(struct text_work);

    w->normal = (struct normal){.p = w->text, .from = w->from, .to = w->to, .size = sizeof w->text};
    w->chars = (struct chars){.cps = w->cps, .at = w->at};
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

static void collect(const struct text_model *model, struct text_work *work,
                    const struct text_query *q)
{
    feature_grams(work, q, &work->features);
    classify_grams(model, work);
    feature_others(&model->lexicon, work, q, &work->features);
}

enum intent text_intent(const struct text_model *model, struct text_work *work,
                        const struct text_query *q, float p[INTENT_N])
{
    float all[OUT_CATEGORY];
    enum intent best;

    collect(model, work, q);
    classify_intent(model, work, all);
    best = rules_intent(all);
    memcpy(p, all + OUT_INTENT, INTENT_N * sizeof *p);
    return best;
}

/* `as`: INTENT_N: as the model and the rules see it. */
static void read_as(const struct text_model *model, struct text_work *work,
                    const struct text_query *q, enum intent as, float p[OUT_N], struct reading *out)
{
    memset(out, 0, sizeof *out);
    if (as == INTENT_N)
        rules_apply(p, out);
    else
        rules_apply_as(as, p, out);
    extract_items(&model->lexicon, work, q->text, &out->slots);
    extract_grammars(work, q, out);
    rules_settle(out);
}

static void score(const struct text_model *model, struct text_work *work,
                  const struct text_query *q, float p[OUT_N])
{
    collect(model, work, q);
    classify_run(model, work, p);
}

void text_read(const struct text_model *model, struct text_work *work, const struct text_query *q,
               struct reading *out)
{
    float p[OUT_N];

    score(model, work, q, p);
    read_as(model, work, q, INTENT_N, p, out);
}

void text_read_as(const struct text_model *model, struct text_work *work,
                  const struct text_query *q, enum intent intent, struct reading *out)
{
    float p[OUT_N];

    score(model, work, q, p);
    read_as(model, work, q, intent, p, out);
}

void read_whole(const struct text_model *model, struct text_work *work, const struct text_query *q,
                struct reading *out, float category_p[CATEGORY_N], float mode_p[MODE_N])
{
    float p[OUT_N];

    score(model, work, q, p);
    category_p[0] = mode_p[0] = 0;
    memcpy(category_p + 1, p + OUT_CATEGORY, (CATEGORY_N - 1) * sizeof *p);
    memcpy(mode_p + 1, p + OUT_MODE, (MODE_N - 1) * sizeof *p);
    classify_softmax(category_p + 1, CATEGORY_N - 1);
    classify_softmax(mode_p + 1, MODE_N - 1);
    read_as(model, work, q, INTENT_N, p, out);
}

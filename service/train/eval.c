#include "eval_priv.h"

#include <math.h>

#define BINS 10
#define EVAL_TIME_MS INT64_C(1795392000000) /* 2026-11-23T08:00+08:00 */

static struct text_query query_of(const struct example *e)
{
    struct text_query q = {.text = str_of(e->text), .time_ms = EVAL_TIME_MS, .zone_min = 480};

    if (e->context) {
        q.quoted = str_of(e->context);
        q.quoted_intent = e->context_intent;
    }
    return q;
}

static bool opens(enum intent i)
{
    return i == INTENT_REQUEST || i == INTENT_OFFER || i == INTENT_REPORT;
}

static void count_parts(struct eval *o, const struct example *e, const struct reading *r)
{
    unsigned f;

    if (!opens(e->intent))
        return;
    o->category_n++;
    o->category_right += r->category == e->category;
    o->urgency_n++;
    o->urgency_right += opens(r->intent) && r->urgency == e->urgency;
    if (e->urgency == URGENCY_CRITICAL) {
        o->critical_n++;
        o->critical_right += r->urgency == URGENCY_CRITICAL;
    }
    if (e->mode != MODE_NONE) {
        o->mode_n++;
        o->mode_right += r->mode == e->mode;
    }
    for (f = 0; f < FLAG_N; f++) {
        bool meant = e->flags >> f & 1, read = r->flags >> f & 1;

        o->flag_found += meant && read;
        o->flag_missed += meant && !read;
        o->flag_false += read && !meant;
    }
}

void eval_run(const struct text_model *m, const struct corpus *c, struct eval *o)
{
    struct text_work *work = text_work_new();
    double bin_p[BINS] = {0}, bin_right[BINS] = {0};
    size_t i;
    int k;

    *o = (struct eval){.n = (long)c->n};
    for (i = 0; i < c->n; i++) {
        const struct example *e = &c->p[i];
        struct text_query q = query_of(e);
        struct reading r;
        float p;

        text_read(m, work, &q, &r);
        o->confusion[e->intent][r.intent]++;
        count_parts(o, e, &r);
        o->critical_false += r.urgency == URGENCY_CRITICAL && e->urgency != URGENCY_CRITICAL;
        p = r.intent_p[r.intent];
        k = p >= 1 ? BINS - 1 : (int)(p * BINS);
        bin_p[k] += p;
        bin_right[k] += r.intent == e->intent;
    }
    for (k = 0; k < BINS && c->n > 0; k++)
        o->calibration_error += fabs(bin_p[k] - bin_right[k]) / (double)c->n;
    for (k = 0; k < INTENT_N; k++)
        o->macro_f1 += eval_f1(o, (enum intent)k, NULL, NULL) / INTENT_N;
    text_work_free(&work);
}

double eval_f1(const struct eval *e, enum intent i, double *precision_r, double *recall_r)
{
    long found = e->confusion[i][i], meant = 0, read = 0;
    int k;

    for (k = 0; k < INTENT_N; k++) {
        meant += e->confusion[i][k];
        read += e->confusion[k][i];
    }
    if (precision_r)
        *precision_r = read ? (double)found / (double)read : 0;
    if (recall_r)
        *recall_r = meant ? (double)found / (double)meant : 0;
    return meant + read ? 2.0 * (double)found / (double)(meant + read) : 1.0;
}

static double ratio(long a, long b)
{
    return b ? (double)a / (double)b : 0;
}

static void print_confusion(const struct eval *e, FILE *out)
{
    int i, k;

    fprintf(out, "\nmeant \\ read");
    for (k = 0; k < INTENT_N; k++)
        fprintf(out, " %7s", intent_code((enum intent)k));
    for (i = 0; i < INTENT_N; i++) {
        fprintf(out, "\n%-12s", intent_code((enum intent)i));
        for (k = 0; k < INTENT_N; k++)
            fprintf(out, " %7ld", e->confusion[i][k]);
    }
    fprintf(out, "\n\n");
}

void eval_print(const struct eval *e, FILE *out)
{
    int i;
    long right = 0;

    for (i = 0; i < INTENT_N; i++) {
        double p, r, f = eval_f1(e, (enum intent)i, &p, &r);

        right += e->confusion[i][i];
        fprintf(out, "%-8s P %.3f  R %.3f  F1 %.3f\n", intent_code((enum intent)i), p, r, f);
    }
    print_confusion(e, out);
    fprintf(out, "messages %ld\nintent accuracy %.4f\nintent macro-F1 %.4f\n", e->n,
            ratio(right, e->n), e->macro_f1);
    fprintf(out, "expected calibration error %.4f\n", e->calibration_error);
    fprintf(out, "category accuracy %.4f (of %ld)\nurgency accuracy %.4f (of %ld)\n",
            ratio(e->category_right, e->category_n), e->category_n,
            ratio(e->urgency_right, e->urgency_n), e->urgency_n);
    fprintf(out, "critical found %ld of %ld\ncritical in vain %ld\nmode accuracy %.4f (of %ld)\n",
            e->critical_right, e->critical_n, e->critical_false, ratio(e->mode_right, e->mode_n),
            e->mode_n);
    fprintf(out, "flags F1 %.4f (found %ld, missed %ld, false %ld)\n",
            ratio(2 * e->flag_found, 2 * e->flag_found + e->flag_missed + e->flag_false),
            e->flag_found, e->flag_missed, e->flag_false);
}

void eval_print_parts(const struct text_model *m, const struct corpus *c, FILE *out)
{
    struct text_work *work = text_work_new();
    size_t part, i;

    for (part = 0; part < c->n_parts; part++) {
        long n = 0, intent = 0, open = 0, category = 0;

        for (i = 0; i < c->n; i++) {
            const struct example *e = &c->p[i];
            struct text_query q = query_of(e);
            struct reading r;

            if (e->part != part)
                continue;
            text_read(m, work, &q, &r);
            n++;
            intent += r.intent == e->intent;
            open += opens(e->intent);
            category += opens(e->intent) && r.category == e->category;
        }
        if (n > 0)
            fprintf(out, "%5ld  intent %.3f  category %.3f (of %ld)  %s\n", n, ratio(intent, n),
                    ratio(category, open), open, c->parts[part]);
    }
    text_work_free(&work);
}

void eval_print_errors(const struct text_model *m, const struct corpus *c, FILE *out)
{
    struct text_work *work = text_work_new();
    size_t i;

    for (i = 0; i < c->n; i++) {
        const struct example *e = &c->p[i];
        struct text_query q = query_of(e);
        struct reading r;

        text_read(m, work, &q, &r);
        if (r.intent == e->intent &&
            (!opens(e->intent) || (r.category == e->category && r.urgency == e->urgency)))
            continue;
        fprintf(out, "%s/%s/%s read as %s/%s/%s %.2f: %s\n", intent_code(e->intent),
                category_code(e->category), urgency_code(e->urgency), intent_code(r.intent),
                category_code(r.category), urgency_code(r.urgency), (double)r.intent_p[r.intent],
                e->text);
    }
    text_work_free(&work);
}

#include "compare_priv.h"

#define MARGIN 0.01

static double ratio(long a, long b)
{
    return b ? (double)a / (double)b : 0;
}

static long intents_right(const struct eval *e)
{
    long right = 0;
    int i;

    for (i = 0; i < INTENT_N; i++)
        right += e->confusion[i][i];
    return right;
}

static void row(FILE *out, const char *name, double was, double is)
{
    fprintf(out, "  %-22s %8.4f %8.4f  %+.4f\n", name, was, is, is - was);
}

static void row_of(FILE *out, const char *name, long was, long is, long of)
{
    fprintf(out, "  %-22s %8ld %8ld  %+ld of %ld\n", name, was, is, is - was, of);
}

void compare_print(const struct compared *c, FILE *out)
{
    const struct eval *a = &c->was, *b = &c->is;

    fprintf(out, "%s, %ld messages        now      new\n", c->name, b->n);
    if (b->n == 0) /* never a rate of nothing */
        return;
    row_of(out, "intent right", intents_right(a), intents_right(b), b->n);
    row(out, "intent macro-F1", a->macro_f1, b->macro_f1);
    row_of(out, "category right", a->category_right, b->category_right, b->category_n);
    row_of(out, "urgency right", a->urgency_right, b->urgency_right, b->urgency_n);
    row_of(out, "critical found", a->critical_right, b->critical_right, b->critical_n);
    fprintf(out, "  %-22s %8ld %8ld  %+ld\n", "critical, false", a->critical_false,
            b->critical_false, b->critical_false - a->critical_false);
    row_of(out, "mode right", a->mode_right, b->mode_right, b->mode_n);
    row(out, "calibration error", a->calibration_error, b->calibration_error);
}

const char *compare_worse(const struct compared *c, bool strict)
{
    const struct eval *a = &c->was, *b = &c->is;

    if (b->n == 0)
        return NULL;
    if (strict)
        return intents_right(b) < intents_right(a)     ? "fewer corrections are read rightly"
               : b->category_right < a->category_right ? "fewer categories of corrections are right"
                                                       : NULL;
    if (b->critical_right < a->critical_right)
        return "an emergency that is found now would be missed";
    if (b->macro_f1 < a->macro_f1 - MARGIN)
        return "intents are read worse";
    if (ratio(b->category_right, b->category_n) < ratio(a->category_right, a->category_n) - MARGIN)
        return "categories are read worse";
    if (ratio(b->urgency_right, b->urgency_n) < ratio(a->urgency_right, a->urgency_n) - MARGIN)
        return "urgency is read worse";
    return NULL;
}

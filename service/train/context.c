#include "context_priv.h"

#include <errno.h>
#include <linear.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/label.h"

#define COST 1.0

struct evidence_rows {
    struct feature_node **x; /* ended by the index -1 */
    double *y;               /* the intent */
    int n, cap, width;
};

static void rows_free(struct evidence_rows *r)
{
    for (int i = 0; i < r->n; i++)
        free(r->x[i]);
    free(r->x);
    free(r->y);
}

static int count_tabs(const char *line)
{
    int n = 0;
    for (; *line; line++)
        n += *line == '\t';
    return n;
}

static bool add_row(struct evidence_rows *r, char *line)
{
    enum intent intent;
    char *tab = strchr(line, '\t');
    int width = count_tabs(line);
    if (!tab || !intent_parse((struct str){line, (size_t)(tab - line)}, &intent) ||
        (r->width && width != r->width))
        return false;
    struct feature_node *x = mem_new(((size_t)width + 1) * sizeof *x), *at = x;
    for (int i = 1; tab; i++) {
        double value = strtod(tab + 1, &tab);
        if (*tab != '\t' && *tab != '\n' && *tab) {
            free(x);
            return false;
        }
        if (value < 0 || value > 0)
            *at++ = (struct feature_node){i, value};
        tab = *tab == '\t' ? tab : NULL;
    }
    at->index = -1;
    if (r->n == r->cap) {
        r->cap = r->cap ? 2 * r->cap : 1024;
        r->x = mem_grow(r->x, (size_t)r->cap, sizeof *r->x);
        r->y = mem_grow(r->y, (size_t)r->cap, sizeof *r->y);
    }
    r->width = width;
    r->x[r->n] = x;
    r->y[r->n++] = intent;
    return true;
}

static enum err read_rows(const char *path, struct evidence_rows *r, struct errbuf *eb)
{
    char *line = NULL;
    size_t cap = 0;
    enum err res = ERR_OK;
    FILE *f = fopen(path, "re");
    if (!f)
        return err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    for (int number = 1; res == ERR_OK && getline(&line, &cap, f) > 0; number++)
        if (!add_row(r, line))
            res = err_set(eb, ERR_BAD_FIELD, "%s:%d: an intent and as many numbers as before", path,
                          number);
    if (res == ERR_OK && !r->n)
        res = err_set(eb, ERR_BAD_FIELD, "%s: no rows", path);
    free(line);
    fclose(f);
    return res;
}

static void quiet(const char *text)
{
    (void)text;
}

static void fit_one(const struct evidence_rows *r, int intent, FILE *out)
{
    struct parameter param = {.solver_type = L2R_LR, .eps = 0.001, .C = COST};
    struct problem prob = {.l = r->n, .n = r->width, .x = r->x, .bias = -1};
    prob.y = mem_new((size_t)r->n * sizeof *prob.y);
    for (int i = 0; i < r->n; i++)
        prob.y[i] = (int)r->y[i] == intent ? 1 : -1;
    struct model *m = train(&prob, &param);
    double sign = m->label[0] == 1 ? 1 : -1;
    fprintf(out, "    { /* %s */", intent_code((enum intent)intent));
    for (int i = 0; i < r->width; i++)
        fprintf(out, "%s%.3ff,", i % 10 ? " " : "\n        ", sign * m->w[i]);
    fputs("\n    },\n", out);
    free_and_destroy_model(&m);
    free(prob.y);
}

enum err context_fit(const char *rows, const char *path, struct errbuf *eb)
{
    struct evidence_rows r = {0};
    enum err res = read_rows(rows, &r, eb);
    FILE *out = res == ERR_OK ? fopen(path, "we") : NULL;
    if (res == ERR_OK && !out)
        res = err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (out) {
        set_print_string_function(quiet);
        for (int i = 0; i < INTENT_N; i++)
            fit_one(&r, i, out);
        if (fclose(out))
            res = err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    }
    rows_free(&r);
    return res;
}

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

static void keep_row(struct evidence_rows *r, struct feature_node *x, double y)
{
    if (r->n == r->cap) {
        r->cap = r->cap ? 2 * r->cap : 1024;
        r->x = mem_grow(r->x, (size_t)r->cap, sizeof *r->x);
        r->y = mem_grow(r->y, (size_t)r->cap, sizeof *r->y);
    }
    r->x[r->n] = x;
    r->y[r->n++] = y;
}

/* The numbers behind the label, `sign` times each; NULL when one is none. */
static struct feature_node *numbers_of(const char *tab, int width, double sign)
{
    struct feature_node *x = mem_new(((size_t)width + 1) * sizeof *x), *at = x;
    char *end;
    for (int i = 1; i <= width; i++, tab = end) {
        double value = strtod(tab + 1, &end);
        if (end == tab + 1 || (*end != '\t' && *end != '\n' && *end)) {
            free(x);
            return NULL;
        }
        if (value < 0 || value > 0)
            *at++ = (struct feature_node){i, sign * value};
    }
    at->index = -1;
    return x;
}

/* A choice is a difference, so it comes both ways round: from the right one to the wrong one, too.
 */
static bool add_row(struct evidence_rows *r, const char *line, bool choices)
{
    enum intent intent = INTENT_CHAT;
    const char *tab = strchr(line, '\t');
    int width = count_tabs(line);
    if (!tab || (r->width && width != r->width) ||
        (!choices && !intent_parse((struct str){line, (size_t)(tab - line)}, &intent)))
        return false;
    struct feature_node *x = numbers_of(tab, width, 1);
    if (!x)
        return false;
    r->width = width;
    keep_row(r, x, choices ? 1 : intent);
    if (choices)
        keep_row(r, numbers_of(tab, width, -1), -1);
    return true;
}

static enum err read_rows(const char *path, bool choices, struct evidence_rows *r,
                          struct errbuf *eb)
{
    char *line = NULL;
    size_t cap = 0;
    enum err res = ERR_OK;
    FILE *f = fopen(path, "re");
    if (!f)
        return err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    for (int number = 1; res == ERR_OK && getline(&line, &cap, f) > 0; number++)
        if (!add_row(r, line, choices))
            res = err_set(eb, ERR_BAD_FIELD, "%s:%d: a label and as many numbers as before", path,
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

static void fit_one(const struct evidence_rows *r, int label, FILE *out)
{
    struct parameter param = {.solver_type = L2R_LR, .eps = 0.001, .C = COST};
    struct problem prob = {.l = r->n, .n = r->width, .x = r->x, .bias = -1};
    prob.y = mem_new((size_t)r->n * sizeof *prob.y);
    for (int i = 0; i < r->n; i++)
        prob.y[i] = (int)r->y[i] == label ? 1 : -1;
    struct model *m = train(&prob, &param);
    double sign = m->label[0] == 1 ? 1 : -1;
    for (int i = 0; i < r->width; i++)
        fprintf(out, "%.3ff,%s", sign * m->w[i], i % 10 == 9 ? "\n" : " ");
    fputs("\n", out);
    free_and_destroy_model(&m);
    free(prob.y);
}

static void fit_all(const struct evidence_rows *r, FILE *out)
{
    for (int i = 0; i < INTENT_N; i++) {
        fprintf(out, "{ /* %s */\n", intent_code((enum intent)i));
        fit_one(r, i, out);
        fputs("},\n", out);
    }
}

enum err context_fit(const char *rows, bool choices, const char *path, struct errbuf *eb)
{
    struct evidence_rows r = {0};
    enum err res = read_rows(rows, choices, &r, eb);
    FILE *out = res == ERR_OK ? fopen(path, "we") : NULL;
    if (res == ERR_OK && !out)
        res = err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (out) {
        set_print_string_function(quiet);
        if (choices)
            fit_one(&r, 1, out);
        else
            fit_all(&r, out);
        if (fclose(out))
            res = err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    }
    rows_free(&r);
    return res;
}

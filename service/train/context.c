#include "context_priv.h"

#include <errno.h>
#include <linear.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/label.h"
#include "net_priv.h"

#define COST 1.0

struct evidence_rows {
    float *x; /* n rows of `width` numbers */
    int *y;   /* the intent */
    int n, cap, width;
};

static void rows_free(struct evidence_rows *r)
{
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

static float *add_row(struct evidence_rows *r, int y)
{
    if (r->n == r->cap) {
        r->cap = r->cap ? 2 * r->cap : 1024;
        r->x = mem_grow(r->x, (size_t)r->cap * (size_t)r->width, sizeof *r->x);
        r->y = mem_grow(r->y, (size_t)r->cap, sizeof *r->y);
    }
    r->y[r->n] = y;
    return r->x + (size_t)r->n++ * (size_t)r->width;
}

/* The numbers behind the label; false when one is none. */
static bool take_numbers(float *x, const char *tab, int width)
{
    char *end;
    for (int i = 0; i < width; i++, tab = end) {
        x[i] = strtof(tab + 1, &end);
        if (end == tab + 1 || (*end != '\t' && *end != '\n' && *end))
            return false;
    }
    return true;
}

static bool take_row(struct evidence_rows *r, const char *line, bool choices)
{
    enum intent intent = INTENT_CHAT;
    const char *tab = strchr(line, '\t');
    int width = count_tabs(line);
    if (!tab || (r->width && width != r->width) ||
        (!choices && !intent_parse((struct str){line, (size_t)(tab - line)}, &intent)))
        return false;
    r->width = width;
    return take_numbers(add_row(r, choices ? 1 : (int)intent), tab, width);
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
        if (!take_row(r, line, choices))
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

/* A choice is a difference, so it comes both ways round: from the right one to the wrong one, too.
 */
static struct feature_node *nodes_of(const float *x, int width, double sign)
{
    struct feature_node *nodes = mem_new(((size_t)width + 1) * sizeof *nodes), *at = nodes;
    for (int i = 0; i < width; i++)
        if (x[i] < 0 || x[i] > 0)
            *at++ = (struct feature_node){i + 1, sign * (double)x[i]};
    at->index = -1;
    return nodes;
}

static void fit_choices(const struct evidence_rows *r, FILE *out)
{
    struct parameter param = {.solver_type = L2R_LR, .eps = 0.001, .C = COST};
    struct problem prob = {.l = 2 * r->n, .n = r->width, .bias = -1};
    prob.x = mem_new((size_t)prob.l * sizeof *prob.x);
    prob.y = mem_new((size_t)prob.l * sizeof *prob.y);
    for (int i = 0; i < prob.l; i++) {
        double sign = i % 2 ? -1 : 1;
        prob.x[i] = nodes_of(r->x + (size_t)(i / 2) * (size_t)r->width, r->width, sign);
        prob.y[i] = sign;
    }
    struct model *m = train(&prob, &param);
    double sign = m->label[0] == 1 ? 1 : -1;
    for (int i = 0; i < r->width; i++)
        fprintf(out, "%.3ff,%s", sign * m->w[i], i % 10 == 9 ? "\n" : " ");
    fputs("\n", out);
    free_and_destroy_model(&m);
    for (int i = 0; i < prob.l; i++)
        free(prob.x[i]);
    free(prob.x);
    free(prob.y);
}

static void fit_meanings(const struct evidence_rows *r, FILE *out)
{
    struct net net;
    net_fit(&net, r->x, r->y, r->n, r->width, INTENT_N);
    net_print(&net, out);
    net_free(&net);
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
            fit_choices(&r, out);
        else
            fit_meanings(&r, out);
        if (fclose(out))
            res = err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    }
    rows_free(&r);
    return res;
}

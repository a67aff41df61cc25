#include "corpus_priv.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#include "base/mem.h"

static char *unescape_dup(struct str s)
{
    char *z = mem_dup_str(s), *to = z;
    const char *from = z;

    while (*from) {
        if (from[0] == '\\' && from[1] == 'n') {
            *to++ = '\n';
            from += 2;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    return z;
}

static bool is_none(struct str s)
{
    return str_is(s, "-") || s.n == 0;
}

static bool take_flags(struct str s, unsigned *flags)
{
    *flags = 0;
    if (is_none(s))
        return true;
    while (s.n > 0) {
        enum flag f;

        if (!flag_parse(str_cut(&s, ','), &f))
            return false;
        *flags |= 1u << f;
    }
    return true;
}

static bool take_context(struct str s, struct example *e)
{
    struct str code;

    if (is_none(s))
        return true;
    code = str_cut(&s, ':');
    if (!intent_parse(code, &e->context_intent) || s.n == 0)
        return false;
    e->context = unescape_dup(s);
    return true;
}

/* The name of the field that is wrong, or NULL. */
static const char *take_line(struct str line, struct example *e)
{
    struct str s;

    if (!intent_parse(str_cut(&line, '\t'), &e->intent))
        return "intent";
    s = str_cut(&line, '\t');
    if (!is_none(s) && !category_parse(s, &e->category))
        return "category";
    if (!urgency_parse(str_cut(&line, '\t'), &e->urgency))
        return "urgency";
    s = str_cut(&line, '\t');
    if (!is_none(s) && !mode_parse(s, &e->mode))
        return "mode";
    if (!take_flags(str_cut(&line, '\t'), &e->flags))
        return "flags";
    if (!take_context(str_cut(&line, '\t'), e))
        return "context";
    if (line.n == 0 || !str_is_utf8(line))
        return "text";
    e->text = unescape_dup(line);
    return NULL;
}

bool example_answers(const struct example *e)
{
    return e->intent == INTENT_CLAIM && e->context &&
           (e->context_intent == INTENT_REQUEST || e->context_intent == INTENT_OFFER);
}

void corpus_push(struct corpus *c, struct example e)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? 2 * c->cap : 1024;
        c->p = mem_grow(c->p, c->cap, sizeof *c->p);
    }
    c->p[c->n++] = e;
}

size_t corpus_part(struct corpus *c, struct str name)
{
    size_t i;

    for (i = 0; i < c->n_parts; i++)
        if (str_eq(str_of(c->parts[i]), name))
            return i;
    c->parts = mem_grow(c->parts, c->n_parts + 1, sizeof *c->parts);
    c->parts[c->n_parts] = mem_dup_str(name);
    return c->n_parts++;
}

/* "# Campus: offers." is of the register Campus. */
static struct str register_name(struct str line)
{
    size_t n = 1;

    while (n < line.n && line.p[n] != ':' && line.p[n] != '.')
        n++;
    return str_trim((struct str){line.p + 1, n - 1});
}

enum err corpus_add_file(struct corpus *c, const char *path, struct errbuf *eb)
{
    FILE *f = fopen(path, "r");
    enum err res = ERR_OK;
    char *line = NULL;
    size_t cap = 0, number = 0, part = corpus_part(c, STR("unnamed"));
    ssize_t n;

    if (!f)
        return err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    while (res == ERR_OK && (n = getline(&line, &cap, f)) >= 0) {
        struct example e = {.intent = INTENT_CHAT};
        struct str s = {line, (size_t)n};
        const char *wrong;

        number++;
        while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
            s.n--;
        if (s.n > 0 && s.p[0] == '#')
            part = corpus_part(c, register_name(s));
        if (s.n == 0 || s.p[0] == '#')
            continue;
        e.part = part;
        wrong = take_line(s, &e);
        if (wrong) {
            free(e.context);
            res = err_set(eb, ERR_BAD_FIELD, "%s:%zu: the %s is wrong", path, number, wrong);
        } else {
            corpus_push(c, e);
        }
    }
    free(line);
    fclose(f);
    return res;
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), k = strlen(suffix);

    return name[0] != '.' && n > k && strcmp(name + n - k, suffix) == 0;
}

/* By bytes, not by the locale, so that the same corpus gives the same model everywhere. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

enum err corpus_each_file(struct corpus *c, const char *folder, const char *suffix, int but,
                          corpus_file_fn *fn, struct errbuf *eb)
{
    struct dirent **names = NULL;
    int i, k = 0, n = scandir(folder, &names, NULL, by_name);
    enum err res = ERR_OK;

    if (n < 0)
        return err_set(eb, ERR_NOT_FOUND, "%s: %s", folder, strerror(errno));
    for (i = 0; i < n; i++) {
        char path[4096];

        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        if (res == ERR_OK && has_suffix(names[i]->d_name, suffix) && k++ % 2 != but)
            res = fn(c, path, eb);
        free(names[i]);
    }
    free(names);
    return res;
}

enum err corpus_add_folder(struct corpus *c, const char *folder, struct errbuf *eb)
{
    return corpus_each_file(c, folder, ".tsv", CORPUS_ALL, corpus_add_file, eb);
}

void corpus_deinit(struct corpus *c)
{
    size_t i;

    for (i = 0; i < c->n; i++) {
        free(c->p[i].context);
        free(c->p[i].text);
    }
    for (i = 0; i < c->n_parts; i++)
        free(c->parts[i]);
    free(c->parts);
    free(c->p);
    *c = (struct corpus){0};
}

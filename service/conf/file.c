/* The settings file, read with libconfuse; a folder conf.d beside it is read after it, by name. */
#include "conf_priv.h"

#include <confuse.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

/* libconfuse's error function has no argument of ours. Settings are read by one thread at a time.
 */
static _Thread_local struct errbuf *errors;

static __attribute__((format(printf, 2, 0))) void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
    if (errors->text[0]) /* the first fault is the cause of the rest */
        return;
    int n = cfg && cfg->filename
                ? snprintf(errors->text, sizeof errors->text, "%s:%d: ", cfg->filename, cfg->line)
                : 0;
    vsnprintf(errors->text + n, sizeof errors->text - (size_t)n, fmt, ap);
}

static int check_row(cfg_t *cfg, cfg_opt_t *opt)
{
    const struct conf_row *rows = conf_rows();
    for (int i = 0; i < conf_n_rows; i++) {
        if (strcmp(rows[i].name, opt->name) || rows[i].type != CONF_INT)
            continue;
        long v = cfg_opt_getnint(opt, cfg_opt_size(opt) - 1);
        if (v < rows[i].least || v > rows[i].most) {
            cfg_error(cfg, "%s must be from %lld to %lld", opt->name, (long long)rows[i].least,
                      (long long)rows[i].most);
            return -1;
        }
    }
    return 0;
}

static cfg_opt_t bot_opts[] = {CFG_STR("connector", "generic", CFGF_NONE),
                               CFG_STR("secret", NULL, CFGF_NODEFAULT),
                               CFG_STR("secret_file", NULL, CFGF_NODEFAULT),
                               CFG_STR("secret_old", NULL, CFGF_NODEFAULT),
                               CFG_STR("secret_old_file", NULL, CFGF_NODEFAULT),
                               CFG_STR("token_sha256", NULL, CFGF_NODEFAULT),
                               CFG_STR("token_sha256_old", NULL, CFGF_NODEFAULT),
                               CFG_STR("push_url", NULL, CFGF_NODEFAULT),
                               CFG_INT("rate_per_minute", 20, CFGF_NONE),
                               CFG_INT("burst", 5, CFGF_NONE),
                               CFG_END()};
static cfg_opt_t token_opts[] = {
    CFG_STR("name", "", CFGF_NONE),       CFG_STR("role", "viewer", CFGF_NONE),
    CFG_STR("community", "*", CFGF_NONE), CFG_STR("grid", NULL, CFGF_NODEFAULT),
    CFG_STR("hash", "", CFGF_NONE),       CFG_END()};
#define OPT_STR(name) CFG_STR(#name, NULL, CFGF_NODEFAULT)
#define OPT_INT(name) CFG_INT(#name, 0, CFGF_NODEFAULT)
#define OPT_BOOL(name) CFG_BOOL(#name, cfg_false, CFGF_NODEFAULT)
static cfg_opt_t opts[] = {
#define X(type, name, otherwise, least, most, help) OPT_##type(name),
    CONF_TABLE(X)
#undef X
        CFG_SEC("bot", bot_opts, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
    CFG_SEC("token", token_opts, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES), CFG_END()};

static enum err copy_rows(struct conf *c, cfg_t *cfg, const char *file, struct errbuf *eb)
{
    const struct conf_row *rows = conf_rows();
    for (int i = 0; i < conf_n_rows; i++) {
        if (!cfg_size(cfg, rows[i].name))
            continue;
        char number[32];
        const char *text = number;
        if (rows[i].type == CONF_STR)
            text = cfg_getstr(cfg, rows[i].name);
        else if (rows[i].type == CONF_INT)
            snprintf(number, sizeof number, "%ld", cfg_getint(cfg, rows[i].name));
        else
            text = cfg_getbool(cfg, rows[i].name) ? "true" : "false";
        enum err e = text ? conf_set(c, &rows[i], text, file, eb) : ERR_OK;
        if (e)
            return e;
    }
    return ERR_OK;
}

/* A secret stands in the file, or in a file of its own (systemd's LoadCredential): ${…} in its name
   is filled in by libconfuse from the environment. */
static enum err read_secret(cfg_t *sec, const char *inline_name, const char *file_name, char **out,
                            struct errbuf *eb)
{
    const char *value = cfg_getstr(sec, inline_name), *path = cfg_getstr(sec, file_name);
    if (!path) {
        *out = mem_dup(value);
        return ERR_OK;
    }
    FILE *f = fopen(path, "re");
    if (!f)
        return err_set(eb, ERR_BAD_FIELD, "bot \"%s\": cannot read %s %s: %s", cfg_title(sec),
                       file_name, path, strerror(errno));
    char line[512] = "";
    size_t n = fread(line, 1, sizeof line - 1, f);
    fclose(f);
    *out = mem_dup_str(str_trim((struct str){line, n}));
    explicit_bzero(line, sizeof line);
    return ERR_OK;
}

static enum err copy_bot(struct conf_bot *b, cfg_t *sec, struct errbuf *eb)
{
    b->name = mem_dup(cfg_title(sec));
    b->connector = mem_dup(cfg_getstr(sec, "connector"));
    b->token_hashes[0] = mem_dup(cfg_getstr(sec, "token_sha256"));
    b->token_hashes[1] = mem_dup(cfg_getstr(sec, "token_sha256_old"));
    b->push_url = mem_dup(cfg_getstr(sec, "push_url"));
    b->rate_per_minute = cfg_getint(sec, "rate_per_minute");
    b->burst = cfg_getint(sec, "burst");
    enum err e = read_secret(sec, "secret", "secret_file", &b->secrets[0], eb);
    return e ? e : read_secret(sec, "secret_old", "secret_old_file", &b->secrets[1], eb);
}

static void copy_token(struct conf_token *t, cfg_t *sec)
{
    t->id = mem_dup(cfg_title(sec));
    t->name = mem_dup(cfg_getstr(sec, "name"));
    t->role = mem_dup(cfg_getstr(sec, "role"));
    t->community = mem_dup(cfg_getstr(sec, "community"));
    t->grid = mem_dup(cfg_getstr(sec, "grid"));
    t->hash = mem_dup(cfg_getstr(sec, "hash"));
}

static enum err copy_sections(struct conf *c, cfg_t *cfg, struct errbuf *eb)
{
    int n = (int)cfg_size(cfg, "bot");
    c->bots = mem_new((size_t)(n + 1) * sizeof *c->bots);
    for (; c->n_bots < n; c->n_bots++) {
        enum err e =
            copy_bot(&c->bots[c->n_bots], cfg_getnsec(cfg, "bot", (unsigned)c->n_bots), eb);
        if (e) {
            c->n_bots++; /* what it has so far is freed with the rest */
            return e;
        }
    }
    n = (int)cfg_size(cfg, "token");
    c->tokens = mem_new((size_t)(n + 1) * sizeof *c->tokens);
    for (; c->n_tokens < n; c->n_tokens++)
        copy_token(&c->tokens[c->n_tokens], cfg_getnsec(cfg, "token", (unsigned)c->n_tokens));
    return ERR_OK;
}

static enum err parse(cfg_t *cfg, const char *file, struct errbuf *eb)
{
    switch (cfg_parse(cfg, file)) {
    case CFG_SUCCESS:
        return ERR_OK;
    case CFG_FILE_ERROR:
        return err_set(eb, ERR_BAD_FIELD, "%s: %s", file, strerror(errno));
    default:
        return eb->text[0] ? ERR_BAD_FIELD : err_set(eb, ERR_BAD_FIELD, "%s: syntax error", file);
    }
}

static int is_conf(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return n > 5 && d->d_name[0] != '.' && !strcmp(d->d_name + n - 5, ".conf");
}

static enum err parse_all(cfg_t *cfg, const char *file, struct errbuf *eb)
{
    enum err e = parse(cfg, file, eb);
    char folder[PATH_MAX], path[PATH_MAX + 256];
    const char *slash = strrchr(file, '/');
    snprintf(folder, sizeof folder, "%.*sconf.d", slash ? (int)(slash - file + 1) : 0, file);
    struct dirent **list = NULL;
    int n = e ? -1 : scandir(folder, &list, is_conf, alphasort);
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        e = e ? e : parse(cfg, path, eb);
        free(list[i]);
    }
    free(list);
    return e;
}

enum err conf_read_file(struct conf *c, const char *file, struct errbuf *eb)
{
    struct errbuf own = {.text = ""};
    errors = eb ? eb : &own;
    errors->text[0] = 0;
    cfg_t *cfg = cfg_init(opts, CFGF_NONE);
    cfg_set_error_function(cfg, on_error);
    for (int i = 0; i < conf_n_rows; i++)
        if (conf_rows()[i].type == CONF_INT)
            cfg_set_validate_func(cfg, conf_rows()[i].name, check_row);
    enum err e = parse_all(cfg, file, errors);
    if (!e)
        e = copy_rows(c, cfg, file, errors);
    if (!e)
        e = copy_sections(c, cfg, errors);
    cfg_free(cfg);
    return e;
}

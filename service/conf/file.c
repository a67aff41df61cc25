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

#define FILE_MOST (1024 * 1024)

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

/* Called at the line where the value stands. */
static int check_row(cfg_t *cfg, cfg_opt_t *opt)
{
    const struct conf_row *row = conf_rows();
    while (strcmp(row->name, opt->name) != 0) /* set for the rows of the table alone */
        row++;
    unsigned last = cfg_opt_size(opt) - 1;
    if (row->type == CONF_INT) {
        long v = cfg_opt_getnint(opt, last);
        if (v >= row->least && v <= row->most)
            return 0;
        cfg_error(cfg, "%s must be from %lld to %lld", opt->name, (long long)row->least,
                  (long long)row->most);
        return -1;
    }
    const char *text = cfg_opt_getnstr(opt, last), *wants = conf_wants(row->name, text);
    if (wants)
        cfg_error(cfg, "%s: \"%s\" is not %s", row->name, text, wants);
    return wants ? -1 : 0;
}

static cfg_opt_t bot_opts[] = {CFG_STR("connector", "generic", CFGF_NONE),
                               CFG_STR("secret", NULL, CFGF_NODEFAULT),
                               CFG_STR("secret_file", NULL, CFGF_NODEFAULT),
                               CFG_STR("secret_old", NULL, CFGF_NODEFAULT),
                               CFG_STR("secret_old_file", NULL, CFGF_NODEFAULT),
                               CFG_STR("token_sha256", NULL, CFGF_NODEFAULT),
                               CFG_STR("token_sha256_old", NULL, CFGF_NODEFAULT),
                               CFG_STR("push_url", NULL, CFGF_NODEFAULT),
                               CFG_BOOL("private_messages", cfg_false, CFGF_NONE),
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

static char *where_of(cfg_t *sec)
{
    struct buf out;
    buf_init(&out);
    buf_addf(&out, "%s:%d", sec->filename, sec->line);
    return buf_take(&out);
}

/* What is empty is not given. */
static char *text_of(cfg_t *sec, const char *name)
{
    const char *value = cfg_getstr(sec, name);
    return value && value[0] ? mem_dup(value) : NULL;
}

/* A secret stands in the file, or in a file of its own (systemd's LoadCredential): ${…} in its name
   is filled in by libconfuse from the environment. */
static enum err read_secret(const struct conf_bot *b, cfg_t *sec, const char *inline_name,
                            const char *file_name, char **out, struct errbuf *eb)
{
    const char *path = cfg_getstr(sec, file_name);
    if (!path) {
        *out = text_of(sec, inline_name);
        return ERR_OK;
    }
    FILE *f = fopen(path, "re");
    if (!f)
        return err_set(eb, ERR_BAD_FIELD, "%s: bot \"%s\": cannot read %s %s: %s", b->where,
                       b->name, file_name, path, strerror(errno));
    char line[512] = "";
    size_t n = fread(line, 1, sizeof line - 1, f);
    fclose(f);
    struct str secret = str_trim((struct str){line, n});
    if (secret.n)
        *out = mem_dup_str(secret);
    explicit_bzero(line, sizeof line);
    return *out ? ERR_OK
                : err_set(eb, ERR_BAD_FIELD, "%s: bot \"%s\": there is nothing in %s %s", b->where,
                          b->name, file_name, path);
}

static enum err copy_bot(struct conf_bot *b, cfg_t *sec, struct errbuf *eb)
{
    b->where = where_of(sec);
    b->name = mem_dup(cfg_title(sec));
    b->connector = mem_dup(cfg_getstr(sec, "connector"));
    b->token_hashes[0] = text_of(sec, "token_sha256");
    b->token_hashes[1] = text_of(sec, "token_sha256_old");
    b->push_url = text_of(sec, "push_url");
    b->private_messages = cfg_getbool(sec, "private_messages");
    b->rate_per_minute = cfg_getint(sec, "rate_per_minute");
    b->burst = cfg_getint(sec, "burst");
    enum err e = read_secret(b, sec, "secret", "secret_file", &b->secrets[0], eb);
    return e ? e : read_secret(b, sec, "secret_old", "secret_old_file", &b->secrets[1], eb);
}

static void copy_token(struct conf_token *t, cfg_t *sec)
{
    t->where = where_of(sec);
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

/* The whole file without its comments, to be freed; NULL with errno. */
static char *read_text(const char *file)
{
    struct buf text;
    char part[4096];
    FILE *f = fopen(file, "re");
    if (!f)
        return NULL;
    buf_init(&text);
    for (size_t n; text.n < FILE_MOST && (n = fread(part, 1, sizeof part, f));)
        buf_add(&text, part, n);
    bool failed = ferror(f) || text.n >= FILE_MOST;
    int why = ferror(f) ? errno : EFBIG;
    fclose(f);
    if (failed) {
        buf_deinit(&text);
        errno = why;
        return NULL;
    }
    buf_add_char(&text, '\n'); /* nothing at all could not be opened */
    char *z = buf_take(&text);
    conf_blank_comments(z);
    return z;
}

static enum err parse(cfg_t *cfg, const char *file, struct errbuf *eb)
{
    char *text = read_text(file);
    FILE *f = text ? fmemopen(text, strlen(text), "r") : NULL;
    if (!f) {
        free(text);
        return err_set(eb, ERR_BAD_FIELD, "%s: %s", file, strerror(errno));
    }
    free(cfg->filename); /* cfg_free frees this one, too */
    cfg->filename = mem_dup(file);
    int result = cfg_parse_fp(cfg, f);
    fclose(f);
    free(text);
    if (result == CFG_SUCCESS)
        return ERR_OK;
    return eb->text[0] ? ERR_BAD_FIELD : err_set(eb, ERR_BAD_FIELD, "%s: syntax error", file);
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
        if (conf_rows()[i].type != CONF_BOOL)
            cfg_set_validate_func(cfg, conf_rows()[i].name, check_row);
    enum err e = parse_all(cfg, file, errors);
    if (!e)
        e = copy_rows(c, cfg, file, errors);
    if (!e)
        e = copy_sections(c, cfg, errors);
    cfg_free(cfg);
    return e;
}

#include "conf/conf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "conf_priv.h"

static const struct conf_row rows[] = {
#define X(type, name, otherwise, least, most, help)                                                \
    {#name, CONF_##type, offsetof(struct conf, name), CONF_DEFAULT_##type(otherwise), least,       \
     most,  help},
    CONF_TABLE(X)
#undef X
};
const int conf_n_rows = sizeof rows / sizeof *rows;

const struct conf_row *conf_rows(void)
{
    return rows;
}

static const struct conf_row *row_find(struct str name)
{
    for (int i = 0; i < conf_n_rows; i++)
        if (str_is(name, rows[i].name))
            return &rows[i];
    return NULL;
}

static enum err set_int(struct conf *c, const struct conf_row *row, const char *text,
                        const char *where, struct errbuf *eb)
{
    long long v;
    if (!str_to_i64(str_trim(str_of(text)), &v))
        return err_set(eb, ERR_BAD_FIELD, "%s: %s wants a whole number, not \"%s\"", where,
                       row->name, text);
    if (v < row->least || v > row->most)
        return err_set(eb, ERR_BAD_FIELD, "%s: %s must be from %lld to %lld", where, row->name,
                       (long long)row->least, (long long)row->most);
    *(int64_t *)((char *)c + row->offset) = v;
    return ERR_OK;
}

static enum err set_bool(struct conf *c, const struct conf_row *row, const char *text,
                         const char *where, struct errbuf *eb)
{
    static const char *const words[] = {"false", "true", "no", "yes", "0", "1", "off", "on"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcasecmp(text, words[i])) {
            *(bool *)((char *)c + row->offset) = i % 2 == 1;
            return ERR_OK;
        }
    return err_set(eb, ERR_BAD_FIELD, "%s: %s wants true or false, not \"%s\"", where, row->name,
                   text);
}

enum err conf_set(struct conf *c, const struct conf_row *row, const char *text, const char *where,
                  struct errbuf *eb)
{
    if (row->type == CONF_INT)
        return set_int(c, row, text, where, eb);
    if (row->type == CONF_BOOL)
        return set_bool(c, row, text, where, eb);
    const char *wants = conf_wants(row->name, text);
    if (wants)
        return err_set(eb, ERR_BAD_FIELD, "%s: %s: \"%s\" is not %s", where, row->name, text,
                       wants);
    mem_replace((char **)((char *)c + row->offset), text);
    return ERR_OK;
}

static void env_name(const char *name, char out[64])
{
    int n = snprintf(out, 64, "LINLI_%s", name);
    for (int i = 0; i < n && i < 63; i++)
        out[i] = (char)toupper((unsigned char)out[i]);
}

static enum err from_environment(struct conf *c, struct errbuf *eb)
{
    for (int i = 0; i < conf_n_rows; i++) {
        char name[64];
        env_name(rows[i].name, name);
        const char *value = getenv(name);
        enum err e = value ? conf_set(c, &rows[i], value, name, eb) : ERR_OK;
        if (e)
            return e;
    }
    return ERR_OK;
}

static enum err from_flags(struct conf *c, const struct conf_source *src, struct errbuf *eb)
{
    for (int i = 0; i < src->n_sets; i++) {
        struct str value = str_of(src->sets[i]);
        struct str name = str_cut(&value, '=');
        const struct conf_row *row = row_find(name);
        if (!row)
            return err_set(eb, ERR_BAD_FIELD, "--set: no such option \"%.*s\"", (int)name.n,
                           name.p);
        if (!strchr(src->sets[i], '='))
            return err_set(eb, ERR_BAD_FIELD, "--set: %s=… wants a value", row->name);
        enum err e = conf_set(c, row, value.p, "--set", eb);
        if (e)
            return e;
    }
    return ERR_OK;
}

static void set_defaults(struct conf *c)
{
    for (int i = 0; i < conf_n_rows; i++) {
        void *slot = (char *)c + rows[i].offset;
        if (rows[i].type == CONF_STR)
            *(char **)slot = mem_dup(rows[i].text);
        else if (rows[i].type == CONF_INT)
            *(int64_t *)slot = rows[i].number;
        else
            *(bool *)slot = rows[i].number != 0;
    }
}

enum err conf_load(const struct conf_source *src, struct conf **c_r, struct errbuf *eb)
{
    struct conf *c = NEW(struct conf);
    set_defaults(c);
    enum err e = src->file ? conf_read_file(c, src->file, eb) : ERR_OK;
    if (!e && src->environment)
        e = from_environment(c, eb);
    if (!e)
        e = from_flags(c, src, eb);
    if (!e)
        e = conf_validate(c, eb);
    if (e)
        conf_free(&c);
    *c_r = c;
    return e;
}

static void bot_deinit(struct conf_bot *b)
{
    free(b->where);
    free(b->name);
    free(b->connector);
    free(b->push_url);
    for (int i = 0; i < 2; i++) {
        if (b->secrets[i])
            explicit_bzero(b->secrets[i], strlen(b->secrets[i]));
        free(b->secrets[i]);
        free(b->token_hashes[i]);
    }
}

static void token_deinit(struct conf_token *t)
{
    free(t->where);
    free(t->id);
    free(t->name);
    free(t->role);
    free(t->community);
    free(t->grid);
    free(t->hash);
}

void conf_free(struct conf **c)
{
    if (!*c)
        return;
    for (int i = 0; i < conf_n_rows; i++)
        if (rows[i].type == CONF_STR)
            free(*(char **)((char *)*c + rows[i].offset));
    for (int i = 0; i < (*c)->n_bots; i++)
        bot_deinit(&(*c)->bots[i]);
    for (int i = 0; i < (*c)->n_tokens; i++)
        token_deinit(&(*c)->tokens[i]);
    free((*c)->bots);
    free((*c)->tokens);
    free(*c);
    *c = NULL;
}

const struct conf_bot *conf_bot_find(const struct conf *c, const char *name)
{
    for (int i = 0; i < c->n_bots; i++)
        if (!strcmp(c->bots[i].name, name))
            return &c->bots[i];
    return NULL;
}

const struct conf_token *conf_token_find(const struct conf *c, struct str id)
{
    for (int i = 0; i < c->n_tokens; i++)
        if (str_is(id, c->tokens[i].id))
            return &c->tokens[i];
    return NULL;
}

/* Which of the sources has the last word on this row? */
static const char *origin(const struct conf *c, const struct conf *plain,
                          const struct conf_source *src, const struct conf_row *row)
{
    for (int i = 0; i < src->n_sets; i++) {
        struct str value = str_of(src->sets[i]);
        if (str_is(str_cut(&value, '='), row->name))
            return "command line";
    }
    char name[64];
    env_name(row->name, name);
    if (src->environment && getenv(name))
        return "environment";
    const void *a = (const char *)c + row->offset, *b = (const char *)plain + row->offset;
    bool same = row->type == CONF_STR   ? !strcmp(*(char *const *)a, *(char *const *)b)
                : row->type == CONF_INT ? *(const int64_t *)a == *(const int64_t *)b
                                        : *(const bool *)a == *(const bool *)b;
    return same ? "default" : src->file;
}

static void print_row(const struct conf *c, const struct conf_row *row, struct buf *out)
{
    const void *slot = (const char *)c + row->offset;
    if (row->type == CONF_STR)
        buf_addf(out, "%s = \"%s\"", row->name, *(char *const *)slot);
    else if (row->type == CONF_INT)
        buf_addf(out, "%s = %lld", row->name, (long long)*(const int64_t *)slot);
    else
        buf_addf(out, "%s = %s", row->name, *(const bool *)slot ? "true" : "false");
}

void conf_print(const struct conf *c, const struct conf_source *src, struct buf *out)
{
    struct conf plain = {0};
    set_defaults(&plain);
    for (int i = 0; i < conf_n_rows; i++) {
        print_row(c, &rows[i], out);
        buf_addf(out, "  # %s: %s\n", origin(c, &plain, src, &rows[i]), rows[i].help);
    }
    for (int i = 0; i < c->n_bots; i++)
        buf_addf(out,
                 "bot \"%s\" { connector = %s  secrets = %s  push_url = %s  private_messages = %s "
                 "}\n",
                 c->bots[i].name, c->bots[i].connector, c->bots[i].secrets[0] ? "(hidden)" : "none",
                 c->bots[i].push_url ? "(hidden)" : "none: pulls",
                 c->bots[i].private_messages ? "true" : "false");
    for (int i = 0; i < c->n_tokens; i++)
        buf_addf(out, "token \"%s\" { name = %s  role = %s  community = %s  hash = (hidden) }\n",
                 c->tokens[i].id, c->tokens[i].name, c->tokens[i].role, c->tokens[i].community);
    for (int i = 0; i < conf_n_rows; i++)
        if (rows[i].type == CONF_STR)
            free(*(char **)((char *)&plain + rows[i].offset));
}

bool conf_address(const char *text, char *host, size_t size, int *port_r)
{
    const char *colon = strrchr(text, ':');
    long long port;
    if (!colon || !str_to_i64(str_of(colon + 1), &port) || port < 0 || port > 65535)
        return false;
    struct str h = {text, (size_t)(colon - text)};
    if (h.n >= 2 && h.p[0] == '[' && h.p[h.n - 1] == ']')
        h = (struct str){h.p + 1, h.n - 2};
    if (!h.n || h.n >= size)
        return false;
    str_copy(host, size, h);
    *port_r = (int)port;
    return true;
}

/* What a range cannot say: words, addresses, and what must go together. */
#include "conf_priv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "model/hours.h"

static bool one_of(const char *v, const char *const *words, int n)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(v, words[i]))
            return true;
    return false;
}

static bool is_address(const char *text)
{
    char host[256];
    int port;
    return conf_address(text, host, sizeof host, &port);
}

static bool is_address_or_none(const char *text)
{
    return !text[0] || is_address(text);
}

static bool is_redis(const char *text)
{
    return !strncmp(text, "unix:/", 6) || is_address_or_none(text);
}

static bool is_durability(const char *text)
{
    long long n;
    if (!strncmp(text, "replicas:", 9))
        return str_to_i64(str_of(text + 9), &n) && n >= 1 && n <= 16;
    return !strcmp(text, "always") || !strcmp(text, "everysec");
}

static bool is_hours(const char *text)
{
    struct hours h;
    return hours_parse(str_of(text), &h) && h.n;
}

static bool is_quiet(const char *text)
{
    struct quiet_hours q;
    return quiet_hours_parse(str_of(text), &q);
}

static bool is_language(const char *text)
{
    return !strcmp(text, "zh") || !strcmp(text, "en");
}

static bool is_level(const char *text)
{
    enum log_level level;
    return log_level_parse(text, &level);
}

static const char *behind_scheme(const char *url)
{
    return !strncmp(url, "https://", 8) ? url + 8 : !strncmp(url, "http://", 7) ? url + 7 : NULL;
}

static bool is_url_or_none(const char *text)
{
    const char *host = behind_scheme(text);
    return !text[0] || (host && *host && !strchr("/:?#", *host));
}

const char *conf_wants(const char *name, const char *text)
{
    static const struct {
        const char *name;
        bool (*is_right)(const char *text);
        const char *wants;
    } rows[] = {{"listen", is_address, "address:port"},
                {"operators_listen", is_address_or_none, "address:port"},
                {"redis", is_redis, "unix:/path or host:port"},
                {"durability", is_durability, "always, everysec or replicas:N"},
                {"adviser_url", is_url_or_none, "an https:// or http:// URL"},
                {"working_hours", is_hours, "hours like \"mon-fri 09:00-17:30\", joined by ;"},
                {"quiet_hours", is_quiet, "hours like \"22:00-07:00\""},
                {"language", is_language, "zh or en"},
                {"log_level", is_level, "error, warn, info or debug"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(rows[i].name, name))
            return rows[i].is_right(text) ? NULL : rows[i].wants;
    return NULL;
}

static enum err check_bot(const struct conf_bot *b, const struct conf *c, struct errbuf *eb)
{
    if (!b->secrets[0] && !b->token_hashes[0])
        return err_set(eb, ERR_BAD_FIELD,
                       "%s: bot \"%s\": give a secret, a secret_file or a token_sha256", b->where,
                       b->name);
    if (b->rate_per_minute < 1 || b->rate_per_minute > 60000 || b->burst < 1)
        return err_set(eb, ERR_BAD_FIELD,
                       "%s: bot \"%s\": rate_per_minute is 1 to 60000, burst at least 1", b->where,
                       b->name);
    if (b->push_url && !c->push_plain_http && strncmp(b->push_url, "https://", 8) != 0)
        return err_set(eb, ERR_BAD_FIELD,
                       "%s: bot \"%s\": push_url is not https:// and push_plain_http is off",
                       b->where, b->name);
    if (b->push_url && !b->secrets[0])
        return err_set(eb, ERR_BAD_FIELD, "%s: bot \"%s\": a push_url needs a secret to sign with",
                       b->where, b->name);
    return ERR_OK;
}

static enum err check_token(const struct conf_token *t, struct errbuf *eb)
{
    static const char *const roles[] = {"viewer", "grid", "staff", "admin"};
    if (!one_of(t->role, roles, 4))
        return err_set(eb, ERR_BAD_FIELD,
                       "%s: token \"%s\": role \"%s\" is not viewer, grid, staff or admin",
                       t->where, t->id, t->role);
    if (!strcmp(t->role, "grid") && (!t->grid || !t->grid[0]))
        return err_set(eb, ERR_BAD_FIELD, "%s: token \"%s\": role grid needs a grid", t->where,
                       t->id);
    if (strncmp(t->hash, "$argon2id$", 10) != 0)
        return err_set(eb, ERR_BAD_FIELD,
                       "%s: token \"%s\": hash is not argon2id; make one with `linlictl token`",
                       t->where, t->id);
    return ERR_OK;
}

/* The URL is not quoted: whoever wrote a key into it must not find it in a log. */
static enum err check_adviser_url(const struct conf *c, struct errbuf *eb)
{
    const char *p = behind_scheme(c->adviser_url);
    for (const char *z = p; *z; z++)
        if ((unsigned char)*z <= ' ' || *z == 0x7f || strchr("@?#", *z))
            return err_set(eb, ERR_BAD_FIELD,
                           "adviser_url: no user, password, query or blank in it; the key belongs "
                           "into adviser_key_file");
    if (!strncmp(c->adviser_url, "http:", 5) && !c->adviser_private)
        return err_set(eb, ERR_BAD_FIELD, "adviser_url is not https:// and adviser_private is off");
    return ERR_OK;
}

static enum err check_adviser(const struct conf *c, struct errbuf *eb)
{
    if (!c->adviser_url[0])
        return ERR_OK;
    enum err e = check_adviser_url(c, eb);
    if (!e && !c->adviser_model[0])
        e = err_set(eb, ERR_BAD_FIELD, "adviser_model: adviser_url wants the name of a model");
    if (!e && c->adviser_key_file[0] && access(c->adviser_key_file, R_OK))
        e = err_set(eb, ERR_BAD_FIELD, "adviser_key_file: cannot read %s: %s", c->adviser_key_file,
                    strerror(errno));
    return e;
}

enum err conf_validate(const struct conf *c, struct errbuf *eb)
{
    enum err e = check_adviser(c, eb);
    for (int i = 0; i < c->n_bots && !e; i++)
        e = check_bot(&c->bots[i], c, eb);
    for (int i = 0; i < c->n_tokens && !e; i++)
        e = check_token(&c->tokens[i], eb);
    return e;
}

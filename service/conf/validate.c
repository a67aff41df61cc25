/* What a range cannot say: words, addresses, and what must go together. */
#include "conf_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"

static bool one_of(const char *v, const char *const *words, int n)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(v, words[i]))
            return true;
    return false;
}

static enum err check_addresses(const struct conf *c, struct errbuf *eb)
{
    char host[256];
    int port;
    if (!conf_address(c->listen, host, sizeof host, &port))
        return err_set(eb, ERR_BAD_FIELD, "listen: \"%s\" is not address:port", c->listen);
    if (c->operators_listen[0] && !conf_address(c->operators_listen, host, sizeof host, &port))
        return err_set(eb, ERR_BAD_FIELD, "operators_listen: \"%s\" is not address:port",
                       c->operators_listen);
    if (c->redis[0] && strncmp(c->redis, "unix:/", 6) != 0 &&
        !conf_address(c->redis, host, sizeof host, &port))
        return err_set(eb, ERR_BAD_FIELD, "redis: \"%s\" is not unix:/path or host:port", c->redis);
    return ERR_OK;
}

static enum err check_words(const struct conf *c, struct errbuf *eb)
{
    enum log_level level;
    long long n;
    if (strcmp(c->durability, "always") != 0 && strcmp(c->durability, "everysec") != 0 &&
        (strncmp(c->durability, "replicas:", 9) != 0 ||
         !str_to_i64(str_of(c->durability + 9), &n) || n < 1 || n > 16))
        return err_set(eb, ERR_BAD_FIELD,
                       "durability: \"%s\" is not always, everysec or replicas:N", c->durability);
    if (strcmp(c->language, "zh") != 0 && strcmp(c->language, "en") != 0)
        return err_set(eb, ERR_BAD_FIELD, "language: \"%s\" is not zh or en", c->language);
    if (!log_level_parse(c->log_level, &level))
        return err_set(eb, ERR_BAD_FIELD, "log_level: \"%s\" is not error, warn, info or debug",
                       c->log_level);
    return ERR_OK;
}

static enum err check_bot(const struct conf_bot *b, const struct conf *c, struct errbuf *eb)
{
    if (!b->secrets[0] && !b->token_hashes[0])
        return err_set(eb, ERR_BAD_FIELD,
                       "bot \"%s\": give a secret, a secret_file or a token_sha256", b->name);
    if (b->rate_per_minute < 1 || b->rate_per_minute > 60000 || b->burst < 1)
        return err_set(eb, ERR_BAD_FIELD,
                       "bot \"%s\": rate_per_minute is 1 to 60000, burst at least 1", b->name);
    if (b->push_url && !c->push_plain_http && strncmp(b->push_url, "https://", 8) != 0)
        return err_set(eb, ERR_BAD_FIELD,
                       "bot \"%s\": push_url is not https:// and push_plain_http is off", b->name);
    if (b->push_url && !b->secrets[0])
        return err_set(eb, ERR_BAD_FIELD, "bot \"%s\": a push_url needs a secret to sign with",
                       b->name);
    return ERR_OK;
}

static enum err check_token(const struct conf_token *t, struct errbuf *eb)
{
    static const char *const roles[] = {"viewer", "grid", "staff", "admin"};
    if (!one_of(t->role, roles, 4))
        return err_set(eb, ERR_BAD_FIELD,
                       "token \"%s\": role \"%s\" is not viewer, grid, staff or admin", t->id,
                       t->role);
    if (!strcmp(t->role, "grid") && (!t->grid || !t->grid[0]))
        return err_set(eb, ERR_BAD_FIELD, "token \"%s\": role grid needs a grid", t->id);
    if (strncmp(t->hash, "$argon2id$", 10) != 0)
        return err_set(eb, ERR_BAD_FIELD,
                       "token \"%s\": hash is not argon2id; make one with `linlictl token`", t->id);
    return ERR_OK;
}

enum err conf_validate(const struct conf *c, struct errbuf *eb)
{
    enum err e = check_addresses(c, eb);
    if (!e)
        e = check_words(c, eb);
    for (int i = 0; i < c->n_bots && !e; i++)
        e = check_bot(&c->bots[i], c, eb);
    for (int i = 0; i < c->n_tokens && !e; i++)
        e = check_token(&c->tokens[i], eb);
    return e;
}

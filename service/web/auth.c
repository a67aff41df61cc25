/* Who asks: bots by signature or bearer token, staff by token. */
#include "web_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"

#define TOKENS_CACHED_MOST 4096
#define TOKEN_CACHED_MS (10 * MINUTE_MS)
#define FAILURES_A_MINUTE 20 /* of one token id: argon2 is slow on purpose, and it is our core */

/* --- staff: a token that was right once is remembered by its digest, because argon2 is slow --- */

struct known {
    UT_hash_handle hh;
    unsigned char digest[32];
    int64_t until_ms;
};
struct failing {
    UT_hash_handle hh;
    char id[16];
    int n;
    int64_t since_ms;
};
struct token_cache {
    struct known *known;
    struct failing *failing;
};

struct token_cache *token_cache_new(void)
{
    return NEW(struct token_cache);
}

static void forget_known(struct token_cache *c)
{
    struct known *k, *next;
    HASH_ITER(hh, c->known, k, next)
    {
        HASH_DEL(c->known, k);
        free(k);
    }
}

static void forget_failing(struct token_cache *c)
{
    struct failing *f, *next;
    HASH_ITER(hh, c->failing, f, next)
    {
        HASH_DEL(c->failing, f);
        free(f);
    }
}

void token_cache_free(struct token_cache **c)
{
    if (!*c)
        return;
    forget_known(*c);
    forget_failing(*c);
    free(*c);
    *c = NULL;
}

/* Count a try of this id; false when it has had too many within the minute. */
static bool may_try(struct token_cache *c, const char *id, int64_t now)
{
    struct failing *f;
    HASH_FIND_STR(c->failing, id, f);
    if (!f) {
        if (HASH_COUNT(c->failing) >= TOKENS_CACHED_MOST)
            forget_failing(c);
        f = NEW(struct failing);
        str_copy(f->id, sizeof f->id, str_of(id));
        f->since_ms = now;
        HASH_ADD_STR(c->failing, id, f);
    }
    if (now - f->since_ms > MINUTE_MS)
        f->n = 0, f->since_ms = now;
    return f->n++ < FAILURES_A_MINUTE;
}

static bool secret_ok(struct token_cache *c, const struct conf_token *t, struct str token,
                      struct str secret)
{
    unsigned char digest[32];
    int64_t now = clock_monotonic_ms();
    struct known *k;
    seal_sha256(token, digest);
    HASH_FIND(hh, c->known, digest, sizeof digest, k);
    if (k && k->until_ms > now)
        return true;
    if (!may_try(c, t->id, now) || !seal_hash_ok(t->hash, secret))
        return false;
    if (HASH_COUNT(c->known) >= TOKENS_CACHED_MOST)
        forget_known(c), k = NULL;
    if (!k) {
        k = NEW(struct known);
        memcpy(k->digest, digest, sizeof digest);
        HASH_ADD(hh, c->known, digest, sizeof k->digest, k);
    }
    k->until_ms = now + TOKEN_CACHED_MS;
    return true;
}

static const struct conf_token *token_of(struct http_request *rq)
{
    struct web *w = web_of(rq);
    const char *header = http_header(rq, "authorization");
    if (!header || strncasecmp(header, "Bearer ", 7) != 0)
        return NULL;
    struct str token = str_trim(str_of(header + 7)), id, secret;
    if (!seal_token_split(token, &id, &secret))
        return NULL;
    const struct conf_token *t = conf_token_find(flow_conf(w->flow), id);
    return t && secret_ok(w->tokens, t, token, secret) ? t : NULL;
}

bool auth_staff(struct http_request *rq, enum role least, struct principal *p)
{
    p->token = token_of(rq);
    if (!p->token) {
        http_answer_header(rq, "www-authenticate", "Bearer realm=\"linli\"");
        answer_err(rq, ERR_UNAUTHORIZED, NULL);
        return false;
    }
    role_parse(str_of(p->token->role), &p->role);
    if (p->role >= least)
        return true;
    struct errbuf eb;
    answer_err(rq, err_set(&eb, ERR_FORBIDDEN, "this needs the role %s", role_code(least)), &eb);
    return false;
}

bool auth_community(const struct principal *p, const char *community)
{
    return !strcmp(p->token->community, "*") || !strcmp(p->token->community, community);
}

/* --- bots --- */

static const char *header_of(void *arg, const char *name)
{
    return http_header(arg, name);
}

struct connect_in web_connect_in(struct http_request *rq)
{
    return (struct connect_in){
        .header = header_of, .arg = rq, .body = http_body(rq), .now_ms = clock_now_ms()};
}

static const struct conf_bot *bot_named(struct http_request *rq, bool *named_r)
{
    const struct conf *c = flow_conf(web_of(rq)->flow);
    const char *name = http_param(rq, "bot");
    if (!name)
        name = http_header(rq, "linli-bot");
    if (!name)
        name = http_query(rq, "bot");
    *named_r = name != NULL;
    if (name)
        return conf_bot_find(c, name);
    return c->n_bots == 1 ? c->bots : NULL;
}

/* A bearer token names its bot by itself. */
static const struct conf_bot *bot_by_token(struct http_request *rq)
{
    const struct conf *c = flow_conf(web_of(rq)->flow);
    const char *header = http_header(rq, "authorization");
    for (int i = 0; header && i < c->n_bots; i++) {
        const char *const hashes[] = {c->bots[i].token_hashes[0], c->bots[i].token_hashes[1]};
        if (bearer_ok(hashes, 2, header))
            return &c->bots[i];
    }
    return NULL;
}

static bool replayed(struct http_request *rq, const struct conf_bot *bot)
{
    const char *id = http_header(rq, "webhook-id");
    return id &&
           !replay_guard_ok(web_of(rq)->replays, bot->name, id, http_body(rq), clock_now_ms());
}

static enum err verify(struct http_request *rq, const struct conf_bot *bot, struct errbuf *eb)
{
    const struct connect_bot cb = {.name = bot->name,
                                   .connector = bot->connector,
                                   .secrets = {bot->secrets[0], bot->secrets[1]},
                                   .token_hashes = {bot->token_hashes[0], bot->token_hashes[1]},
                                   .push_url = bot->push_url};
    const struct connect_in in = web_connect_in(rq);
    const struct connector *c = connect_find(bot->connector);
    const char *path_connector = http_param(rq, "connector");
    if (!c || (path_connector && strcmp(path_connector, bot->connector) != 0))
        return err_set(eb, ERR_UNKNOWN_BOT, "this bot is not of that connector");
    enum err e = c->verify(&cb, &in, eb);
    if (!e && replayed(rq, bot))
        e = err_set(eb, ERR_UNAUTHORIZED, "this webhook-id came before with another body");
    return e;
}

const struct conf_bot *auth_bot(struct http_request *rq)
{
    bool named;
    struct errbuf eb = {.text = ""};
    const struct conf_bot *bot = bot_named(rq, &named);
    if (!bot && !named)
        bot = bot_by_token(rq);
    enum err e = bot     ? verify(rq, bot, &eb)
                 : named ? err_set(&eb, ERR_UNKNOWN_BOT, "no bot of that name is in the settings")
                         : err_set(&eb, ERR_UNAUTHORIZED,
                                   "say which bot with linli-bot: NAME, and sign the request");
    if (!e)
        return bot;
    answer_err(rq, e, &eb);
    return NULL;
}

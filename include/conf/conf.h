/* Settings: one table gives the struct, the file's options, the environment's names, the ranges and
   `linlictl config`. Command line > environment (LINLI_<NAME>) > file > default. */
#ifndef LINLI_CONF_CONF_H
#define LINLI_CONF_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* X(type, name, default, least, most, help); STR has no range. */
#define CONF_TABLE(X)                                                                              \
    X(STR, state_folder, "/var/lib/linli", 0, 0, "where the embedded Redis and the keys live")     \
    X(STR, redis, "", 0, 0, "unix:/path or host:port; empty: the embedded Redis")                  \
    X(STR, redis_user, "", 0, 0, "ACL user, if any")                                               \
    X(STR, redis_password_file, "", 0, 0, "file with the password, if any")                        \
    X(STR, durability, "always", 0, 0, "always, everysec or replicas:N: what a 2xx promises")      \
    X(INT, shards, 64, 1, 1024, "fixed when a store is first set up")                              \
    X(INT, lanes, 4, 1, 16, "Redis connections for appends, of each loop")                         \
    X(INT, lease_ms, 3000, 200, 60000, "how long a silent owner keeps its shards")                 \
    X(INT, store_timeout_ms, 2000, 100, 60000, "deadline of one call to Redis")                    \
    X(INT, dedupe_window_s, 86400, 86400, 864000, "how long a message id with an effect counts")   \
    X(INT, threads, 1, 1, 64, "loops in this process; they share nothing")                         \
    X(BOOL, own_shards, 1, 0, 1, "false: only take messages in, others decide")                    \
    X(STR, listen, "127.0.0.1:7080", 0, 0, "bots and staff: address:port")                         \
    X(STR, operators_listen, "127.0.0.1:7081", 0, 0, "healthz, readyz, metrics; empty: none")      \
    X(INT, max_connections, 12000, 16, 200000, "of bots and staff, each loop")                     \
    X(INT, max_body_bytes, 1048576, 1024, 16777216, "of a request; 413 beyond")                    \
    X(INT, request_timeout_ms, 10000, 100, 120000, "from a request's first byte to its last")      \
    X(INT, idle_timeout_ms, 75000, 1000, 3600000, "of a connection between requests")              \
    X(STR, model, "", 0, 0, "the model's file; empty: beside the program, or in share/linli")      \
    X(INT, time_zone_min, 480, -720, 840, "of the communities, minutes east of UTC")               \
    X(STR, working_hours, "mon-fri 09:00-17:30", 0, 0,                                             \
      "in which deadlines of cases and reviews count")                                             \
    X(STR, quiet_hours, "22:00-07:00", 0, 0,                                                       \
      "in which group posts that nobody waits for are held; empty: none")                          \
    X(STR, language, "zh", 0, 0, "of group posts: zh or en")                                       \
    X(INT, retention_s, 3600, 60, 86400, "how long ordinary chat is kept for context")             \
    X(INT, undo_s, 20, 0, 600, "an approved post waits so long, and can be undone")                \
    X(INT, grace_low_s, 300, 0, 86400, "neighbours may answer first, urgency low")                 \
    X(INT, grace_normal_s, 120, 0, 86400, "the same, normal")                                      \
    X(INT, grace_urgent_s, 30, 0, 86400, "the same, urgent")                                       \
    X(INT, auto_score_percent, 75, 0, 101, "post by itself from this score; 101: never")           \
    X(STR, match_weights, "", 0, 0, "of a score's parts (`linlictl match tune`); empty: ours")     \
    X(BOOL, widen_unmet, 1, 0, 1, "requests waiting in vain look beyond scopes, for review")       \
    X(INT, blind_percent, 5, 0, 100, "of posts, shown to staff without the model's reading")       \
    X(INT, labels_days, 365, 1, 3650, "how long what staff have labelled is kept")                 \
    X(STR, contact_key_file, "", 0, 0, "32 bytes; empty: contact.key in the state folder")         \
    X(BOOL, push_private, 0, 0, 1, "bots may be reached at private addresses")                     \
    X(BOOL, push_plain_http, 0, 0, 1, "bots may be reached without TLS")                           \
    X(INT, push_timeout_ms, 15000, 100, 120000, "of one delivery")                                 \
    X(STR, adviser_url, "", 0, 0, "chat-completions endpoint to ask in doubt; empty: none")        \
    X(STR, adviser_model, "", 0, 0, "the model's name there")                                      \
    X(STR, adviser_key_file, "", 0, 0, "file with its key, if any")                                \
    X(INT, adviser_per_minute, 20, 1, 6000, "questions in any minute, of all daemons together")    \
    X(INT, adviser_timeout_ms, 10000, 100, 120000, "of one question")                              \
    X(INT, adviser_margin_percent, 20, 1, 100, "a doubt: the two likeliest intents so near")       \
    X(BOOL, adviser_private, 0, 0, 1, "it is at a private address, where TLS is not needed")       \
    X(STR, log_level, "info", 0, 0, "error, warn, info or debug")                                  \
    X(BOOL, log_json, 0, 0, 1, "log lines as JSON")

#define CONF_TYPE_STR char *
#define CONF_TYPE_INT int64_t
#define CONF_TYPE_BOOL bool

struct conf_bot { /* bot "name" { … } */
    char *where;  /* file:line of its end */
    char *name, *connector;
    char *secrets[2];      /* secret, secret_old: whsec_…; or from secret_file, secret_old_file */
    char *token_hashes[2]; /* token_sha256, token_sha256_old: hex */
    char *push_url;        /* NULL: the bot pulls */
    bool private_messages; /* it can write to one person alone */
    int64_t rate_per_minute, burst;
};
struct conf_token { /* token "id" { … }: made by `linlictl token` */
    char *where;
    char *id, *name, *role, *community, *grid, *hash; /* community "*": all */
};

struct conf {
#define X(type, name, otherwise, least, most, help) CONF_TYPE_##type name;
    CONF_TABLE(X)
#undef X
    struct conf_bot *bots;
    int n_bots;
    struct conf_token *tokens;
    int n_tokens;
};

struct conf_source {
    const char *file;        /* NULL: none; a folder conf.d beside it is read, too */
    const char *const *sets; /* name=value of the command line */
    int n_sets;
    bool environment; /* look at LINLI_… */
};
/* Errors name file and line, or the variable, or the flag. */
enum err conf_load(const struct conf_source *src, struct conf **c_r, struct errbuf *eb) MUST_USE;
void conf_free(struct conf **c);
const struct conf_bot *conf_bot_find(const struct conf *c, const char *name);  /* or NULL */
const struct conf_token *conf_token_find(const struct conf *c, struct str id); /* or NULL */
/* name = value  # where from; secrets hidden. */
void conf_print(const struct conf *c, const struct conf_source *src, struct buf *out);

/* Split "address:port" ("[::]:80" too). */
bool conf_address(const char *text, char *host, size_t size, int *port_r);

#endif

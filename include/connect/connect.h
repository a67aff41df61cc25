/* Connectors: one file a platform, one row a platform in connect_table. They verify, decode, encode
   and read the platform's answer; they do no I/O. */
#ifndef LINLI_CONNECT_CONNECT_H
#define LINLI_CONNECT_CONNECT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "codec/message.h"
#include "model/entry.h"

#define CONNECT_SECRETS_MAX 2 /* two at once, for rotation */
struct connect_bot {          /* borrowed from the settings */
    const char *name, *connector;
    const char *secrets[CONNECT_SECRETS_MAX]; /* whsec_…, of signatures both ways; NULL: none */
    const char *token_hashes[CONNECT_SECRETS_MAX]; /* hex SHA-256 of bearer tokens; NULL: none */
    const char *push_url;                          /* NULL: the bot pulls */
    const char *push_secret;                       /* signs what we send; NULL: secrets[0] */
};

struct connect_in { /* a request as it came; header() borrows until the answer */
    const char *(*header)(void *arg, const char *name);
    void *arg;
    struct str body;
    int64_t now_ms;
};
struct connect_out { /* a request to send */
    char *url;       /* these live in the arena given */
    struct str body;
    struct {
        const char *name, *value;
    } headers[8];
    int n_headers;
};

struct connector {
    const char *name;
    /* Whose request is it, is it genuine? ERR_UNAUTHORIZED without saying which part was wrong.
       A signature older or newer than 300 s is refused. */
    enum err (*verify)(const struct connect_bot *bot, const struct connect_in *in,
                       struct errbuf *eb);
    /* Split into elements and decode one; see codec/message.h. */
    enum err (*split)(const struct connect_in *in, struct str *parts, int *n_r, bool *many_r,
                      struct errbuf *eb);
    enum err (*decode)(struct str part, const char *pointer, int64_t now_ms, struct arena *a,
                       struct message *out, struct errbuf *eb);
    /* A post as this platform wants it, signed; with `to` for that person alone. */
    enum err (*encode)(const struct connect_bot *bot, const struct outbound *o, int64_t now_ms,
                       struct arena *a, struct connect_out *out, struct errbuf *eb);
    /* What its answer means. */
    enum delivery_outcome (*outcome)(int status, struct str body, int64_t *retry_after_ms_r);
    /* The id that the platform gave the post, as a good answer may tell; "": it does not. */
    void (*message)(struct str body, char id_r[MESSAGE_ID_MAX + 1]);
};
const struct connector *connect_find(const char *name); /* or NULL */
bool connect_is(const char *name);

/* The members of a post as the generic connector writes them, pushed or pulled. */
struct json_out;
void generic_post(const struct outbound *o, struct json_out *j);

/* Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
enum err webhook_verify(const char *const *secrets, int n, const char *id, const char *timestamp,
                        const char *signatures, struct str body, int64_t now_ms) MUST_USE;
enum err webhook_sign(const char *secret, const char *id, int64_t at_s, struct str body,
                      char out[64]) MUST_USE; /* v1,<base64> */
/* Milliseconds until the try after `attempts` failed ones (0, 5 s, 5 m, 30 m, 2 h, …), or -1 when
   the schedule has run out. `jitter` 0…1 adds up to a fifth. */
int64_t webhook_retry_ms(int attempts, double jitter);
/* `Bearer x` against hex SHA-256 hashes, constant time. */
bool bearer_ok(const char *const *hashes, int n, const char *authorization);

/* A replayed signature: the same webhook-id within the tolerance, with another body or again. The
   guard remembers ids of the last 10 minutes, bounded (65,536 a loop). A retry with the same id AND
   the same body is let through: deduplication makes it harmless. */
struct replay_guard;
struct replay_guard *replay_guard_new(void);
void replay_guard_free(struct replay_guard **g);
bool replay_guard_ok(struct replay_guard *g, const char *bot, const char *id, struct str body,
                     int64_t now_ms);

#endif

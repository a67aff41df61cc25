/* The store: Redis. One store a loop. Every key is documented in service/store/KEYS.md.

   A call's callback runs exactly once, in the loop, never before the call returns. Every call has a
   deadline; when it passes, the answer is ERR_STORE_DOWN, the connection is dropped, and what Redis
   did is not known: an append may be there (its repeat is suppressed in the commit), a commit may
   be there (the owner loads anew). */
#ifndef LINLI_STORE_STORE_H
#define LINLI_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "loop/loop.h"
#include "model/object.h"

#define STORE_SHARDS_MAX 1024
#define STORE_KEY_BYTES 16     /* of a deduplication key: seal_digest16(bot, message id) */
#define STORE_ENTRY_ID_SIZE 48 /* a stream id, `ms-seq` */

enum durability { DURABILITY_ALWAYS, DURABILITY_EVERYSEC, DURABILITY_REPLICAS };

struct store_options {
    const char *address;         /* unix:/path/redis.sock, or host:port */
    const char *user, *password; /* or NULL */
    int lanes;                   /* connections for appends; 4 when 0; chosen by shard */
    enum durability durability;
    int replicas;             /* with DURABILITY_REPLICAS: WAIT for so many */
    const char *name;         /* of this loop, unique over all processes: its leases carry it */
    int64_t lease_ms;         /* 3,000 when 0 */
    int64_t call_ms;          /* deadline of one call; 2,000 when 0 */
    int max_in_flight;        /* appends; 20,000 when 0; more answer ERR_STORE_DOWN at once */
    int64_t dedupe_window_ms; /* 24 h when 0: of messages that had a lasting effect */
    int64_t dedupe_short_ms;  /* 1 h when 0: of the others */
    int shards;   /* 64 when 0: only for a store that is new; else the stored number counts */
    bool may_own; /* false: this loop never takes a shard (tools) */
};

struct store_entry {
    char id[STORE_ENTRY_ID_SIZE];
    int64_t at_ms; /* of the id: Redis' clock */
    unsigned char key[STORE_KEY_BYTES];
    bool has_key;       /* ticks and delivery results have none */
    struct str payload; /* borrowed until the callback returns */
};

struct store_events { /* all but arg may be NULL */
    void *arg;
    /* Redis is reachable and set as `durability` needs (checked at start and every 10 s), or not:
       `why` says what and how to mend it. */
    void (*ready)(void *arg, bool ready, const char *why);
    /* The lease of a shard is ours under a new epoch: load it, then read it. */
    void (*gained)(void *arg, int shard, int64_t epoch);
    /* It is no longer (expired, fenced, given back, connection lost for too long): forget the state
       at once. Commits under way answer as they may; nothing more is delivered for it. */
    void (*lost)(void *arg, int shard);
    /* Entries in order, after store_read asked for them. */
    void (*entries)(void *arg, int shard, const struct store_entry *e, int n);
    /* A line another loop published: see store_publish. */
    void (*live)(void *arg, struct str line);
};

struct store;
struct store *store_new(struct loop *l, const struct store_options *o,
                        const struct store_events *ev);
void store_free(struct store **s); /* callbacks not yet run do not run any more */
bool store_is_ready(const struct store *s, const char **why_r); /* why: until the next turn */
int store_shards(const struct store *s);                        /* 0 before the first connection */
int store_shard_of(const struct store *s, const char *community); /* by hash64; -1 before */
int64_t store_now_ms(const struct store *s); /* Redis' clock as last seen, carried on by ours */

typedef void store_fn(void *arg, enum err e);

/* --- append: any loop ---------------------------------------------------------------------- */
/* XADD to the shard's log. ERR_OK: as durable as configured. key may be NULL. `payload` is copied
   or written before this returns. Order holds for one shard and one store. */
void store_append(struct store *s, int shard, const unsigned char *key, struct str payload,
                  store_fn *fn, void *arg);

/* --- owning -------------------------------------------------------------------------------- */
/* Objects and conversation lines of a shard, in any order (lines of a group oldest first), then
   done. JSON is borrowed. */
struct store_load_fns {
    void (*object)(void *arg, enum object_kind kind, struct str json);
    void (*talk)(void *arg, struct str json);
    void (*done)(void *arg, enum err e);
    void *arg;
};
void store_load(struct store *s, int shard, const struct store_load_fns *fns);
/* Note durably, before deciding the first entry after a takeover, that we are about to; n_r of the
   callback is how many owners have begun with this same entry without a commit (1: only we). */
void store_attempt(struct store *s, int shard, const char *entry_id,
                   void (*fn)(void *arg, enum err e, int n), void *arg);
/* Start or go on delivering entries behind `after` ("0" from the start); at most `most` wait with
   us undelivered. Delivery goes on by itself, entries after entries, until store_pause or the loss.
 */
void store_read(struct store *s, int shard, const char *after);
void store_pause(struct store *s, int shard);
/* Which of these have been seen before? bits[i] set when so. */
void store_seen(struct store *s, int shard, const unsigned char (*keys)[STORE_KEY_BYTES], int n,
                void (*fn)(void *arg, enum err e, const bool *seen), void *arg);
void store_release(struct store *s,
                   int shard); /* give the lease back; `lost` is called, deferred */
void store_release_all(struct store *s, store_fn *done, void *arg); /* and take no more */

/* --- commit: one fenced, atomic script ------------------------------------------------------ */
struct commit;
struct commit *commit_new(struct store *s, int shard, int64_t epoch);
/* The entries it decides; they leave the log. lasting: remember the key for the whole window. */
void commit_entry(struct commit *c, const char *entry_id, const unsigned char *key, bool lasting);
void commit_tried(struct commit *c); /* the first after store_attempt: it ends that count */
void commit_put(struct commit *c, enum object_kind kind, const char *key, struct str json);
void commit_drop(struct commit *c, enum object_kind kind, const char *key);
/* A line of a group; expire_ms 0 leaves the expiry of the group's lines as it is. */
void commit_talk(struct commit *c, const char *group_key, struct str json, int64_t expire_ms);
void commit_trim(struct commit *c, const char *group_key, int keep);
/* The review queue of a community, highest score first; and out of it. */
void commit_queue(struct commit *c, const char *community, const char *id, double score);
void commit_unqueue(struct commit *c, const char *community, const char *id);
/* Posts that a pulling bot may fetch. */
void commit_pull(struct commit *c, const char *bot, const char *outbound, int64_t at_ms);
void commit_unpull(struct commit *c, const char *bot, const char *outbound);
void commit_audit(struct commit *c, struct str json);
void commit_label(struct commit *c, struct str json, int64_t since_ms); /* older ones go */
/* Labels that have both parts in their JSON go. */
void commit_unlabel(struct commit *c, struct str group, struct str message);
void commit_event(struct commit *c, struct str json); /* capped stream, its ids are the SSE ids */
/* A command's reply: kept 60 s under its id, and published to `reply_to`. */
void commit_reply(struct commit *c, const char *reply_to, const char *command, struct str json);
size_t commit_size(const struct commit *c); /* bytes, to bound a batch */
/* ERR_OK, ERR_STORE_FENCED (another owner: `lost` follows), ERR_CONFLICT (an entry's key was seen:
   nothing was applied), ERR_STORE_DOWN (unknown), ERR_STORE_REFUSED (OOM, READONLY, …: nothing was
   applied, may be tried again as it is). Takes the commit in every case but REFUSED, where
   the caller may pass it again or commit_free it. */
void store_commit(struct store *s, struct commit *c, store_fn *fn, void *arg);
void commit_free(struct commit **c);
/* Append to our own shard's log a tick, or a delivery's result, is store_append with key NULL. */

/* --- dead letters ---------------------------------------------------------------------------- */
/* Move an entry from the log to the dead letters (fenced). */
void store_bury(struct store *s, int shard, int64_t epoch, const char *entry_id, struct str payload,
                const char *why, store_fn *fn, void *arg);
void store_dead_replay(struct store *s, int shard, const char *id, store_fn *fn, void *arg);

/* --- reading, any loop ----------------------------------------------------------------------- */
/* Rows come one by one, then done. `id` is the field or stream id. */
struct store_rows_fns {
    void (*row)(void *arg, const char *id, struct str value);
    void (*done)(void *arg, enum err e);
    void *arg;
};
void store_get(struct store *s, int shard, enum object_kind kind, const char *const *keys, int n,
               const struct store_rows_fns *fns); /* absent: value with p NULL */
void store_all(struct store *s, int shard, enum object_kind kind, const struct store_rows_fns *fns);
/* Queue from the front: id, value is the score as text. */
void store_queue(struct store *s, int shard, const char *community, int from, int count,
                 const struct store_rows_fns *fns);
void store_pull(struct store *s, int shard, const char *bot, int count,
                const struct store_rows_fns *fns);
enum store_stream { STORE_AUDIT, STORE_EVENTS, STORE_DEAD, STORE_LOG, STORE_LABELS };
/* Rows of a stream behind `after`, oldest first; or, newest first, before `after` ("" the end). */
void store_stream_read(struct store *s, int shard, enum store_stream which, const char *after,
                       bool newest_first, int count, const struct store_rows_fns *fns);
void store_stream_length(struct store *s, int shard, enum store_stream which,
                         void (*fn)(void *arg, enum err e, int64_t n), void *arg);
void store_talk(struct store *s, int shard, const char *group_key,
                const struct store_rows_fns *fns);
void store_reply_find(struct store *s, int shard, const char *command,
                      const struct store_rows_fns *fns);
/* Groups that nobody has registered: counted by name, nothing else is kept. */
void store_unassigned_add(struct store *s, const char *bot, const char *group, int64_t by);
void store_unassigned(struct store *s, const struct store_rows_fns *fns);

/* --- who has which shard ---------------------------------------------------------------------- */
struct store_shard {
    int shard;
    int64_t now_ms;               /* Redis' clock, of which are the others, too */
    struct str owner;             /* a loop's name; "": nobody. Borrowed until row returns */
    int64_t heartbeat_ms;         /* its last one; 0: it has none any more */
    int64_t undecided, oldest_ms; /* entries in the log; when the first one came, 0: none */
    int64_t dead;                 /* letters */
};
void store_shards_look(struct store *s, void (*row)(void *arg, const struct store_shard *s),
                       store_fn *done, void *arg);

/* --- rates ------------------------------------------------------------------------------------ */
/* A token of the bot's bucket, which all loops share: wait_ms 0, it is taken; else ask again then.
 */
void store_rate(struct store *s, const char *bot, int64_t a_minute, int64_t burst,
                void (*fn)(void *arg, enum err e, int64_t wait_ms), void *arg);

/* --- telling the other loops (best effort) ---------------------------------------------------- */
void store_publish(struct store *s, struct str line); /* comes to every loop's `live`, ours too */

#endif

/* The use cases of one loop: ingest, work the shards that it owns, deliver, answer commands. */
#ifndef LINLI_FLOW_FLOW_H
#define LINLI_FLOW_FLOW_H

#include "conf/conf.h"
#include "connect/connect.h"
#include "loop/loop.h"
#include "model/entry.h"
#include "seal/seal.h"
#include "store/store.h"
#include "text/text.h"

struct shelf;
struct flow_options {
    struct loop *loop;
    const struct conf *conf; /* borrowed until flow_free or the next flow_configure */
    struct shelf *shelf;     /* of the process; borrowed until flow_free */
    const struct seal_key *key;
    const char *redis; /* address: of the settings, or of the embedded one */
    const char *name;  /* of this loop, unique over all processes */
};
struct flow;
struct flow *flow_new(const struct flow_options *o);
void flow_free(struct flow **f);
void flow_configure(struct flow *f, const struct conf *c);
/* What the settings' own room cannot tell: are the weights of a score some? */
enum err flow_check_conf(const struct conf *c, struct errbuf *eb) MUST_USE;
/* Stop taking work: finish what is in hand, commit, give the leases back; then done. */
void flow_drain(struct flow *f, loop_fn *done, void *arg);

struct store *flow_store(struct flow *f);
const struct conf *flow_conf(const struct flow *f);
struct loop *flow_loop(const struct flow *f);
const char *flow_name(const struct flow *f);

/* --- ingest --------------------------------------------------------------------------------- */
struct ingest_result {
    enum err err;
    struct errbuf text; /* filled in when err */
    const char *id;     /* the message's, or NULL when it could not be read */
};
/* One request's elements. `split` elements are decoded by the bot's connector, appended, and, when
   Redis has answered for the last of them, reported; results are borrowed until fn returns. */
typedef void ingest_fn(void *arg, const struct ingest_result *results, int n);
void flow_ingest(struct flow *f, const struct conf_bot *bot, const struct connector *connector,
                 const struct str *parts, int n, bool many, ingest_fn *fn, void *arg);

/* --- routes: which community and shard a bot's group belongs to ----------------------------- */
struct route_to {
    const char *community, *group; /* ours; borrowed until the next turn */
    int shard;
};
bool flow_route(struct flow *f, const char *bot, const char *external_group, struct route_to *r);
/* The shards in which a bot has groups; returns how many are written to `shards`. */
int flow_bot_shards(struct flow *f, const char *bot, int *shards, int size);
/* The communities known, for admins' lists: fn for each. */
void flow_communities(struct flow *f, void (*fn)(void *arg, const char *community, int shard),
                      void *arg);

/* --- commands -------------------------------------------------------------------------------- */
struct command_result {
    enum err err;
    struct str detail;     /* "" or a text for the sender */
    enum object_kind kind; /* of `object` */
    struct str object;     /* as stored (object_decode), or p NULL */
};
typedef void command_fn(void *arg, const struct command_result *r);
/* Append the command to its community's log and wait for its reply. `c->id` "" gets a random one;
   reply_to is filled in. ERR_UNKNOWN_OUTCOME when no reply came in time. */
void flow_command(struct flow *f, const struct command *c, command_fn *fn, void *arg);

/* --- live events ----------------------------------------------------------------------------- */
/* fn is called (in the loop) whenever a shard's event stream, or a bot's pull list, has grown. */
struct flow_watch;
struct flow_watch *flow_watch_shard(struct flow *f, int shard, loop_fn *fn, void *arg);
struct flow_watch *flow_watch_bot(struct flow *f, const char *bot, loop_fn *fn, void *arg);
void flow_watch_free(struct flow_watch **w);

/* --- sealed contacts: opened only for who may see them, never kept nor logged ----------------- */
/* One contact, added to `plain`, which the caller wipes. ERR_WRONG_KEY: nothing is added. */
enum err flow_contact_open(const struct flow *f, const char *sealed, struct buf *plain) MUST_USE;
/* The text of a post as it is sent, with its contacts behind it; the caller wipes it. */
enum err flow_post_text(const struct flow *f, const struct outbound *o, struct buf *text) MUST_USE;
void flow_wipe(struct buf *plain); /* wiped and deinitialised */

/* A bot that pulls has it (or its id is unknown: ERR_NOT_FOUND is for the route to say). */
void flow_ack(struct flow *f, int shard, const struct delivery *d, store_fn *fn, void *arg);
/* One test post, now, to the bot of a group: what became of it. It changes nothing here. */
#define BOT_TEST_ANSWER_MOST 300
struct bot_test_result {
    enum err err; /* it was not sent; `error` says why */
    const char *id;
    bool delivered;    /* the platform has taken it */
    int status;        /* 0: no answer */
    const char *error; /* "" */
    struct str answer; /* its first bytes; all borrowed until fn returns */
};
typedef void bot_test_fn(void *arg, const struct bot_test_result *r);
void flow_bot_test(struct flow *f, const char *bot, const char *external_group, bot_test_fn *fn,
                   void *arg);
/* The shard that an id of ours names (`m07-1k` → 7), or -1. */
int flow_shard_of_id(const char *id);

#endif

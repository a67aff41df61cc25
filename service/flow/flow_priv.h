/* Inside of the flow room: one loop's parts and what they ask of each other. */
#ifndef LINLI_FLOW_PRIV_H
#define LINLI_FLOW_PRIV_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/table.h"
#include "core/core.h"
#include "fetch/fetch.h"
#include "flow/flow.h"

#define BATCH_MOST 256          /* entries of one commit */
#define BATCH_BYTES (512 << 10) /* a commit is closed when it has grown so large */
#define WAITING_MOST 1024       /* entries of one shard read ahead */
#define ATTEMPTS_CAREFUL 2      /* owners have died on it: decide it alone */
#define ATTEMPTS_MOST 5         /* then it becomes a dead letter */

struct routebook;
struct commands;
struct deliver;
struct adviser;
struct shard_work;
struct models;

struct flow {
    struct loop *loop;
    const struct conf *conf;
    struct match_weights weights;   /* as the settings say */
    const struct text_model *model; /* of this moment; changes between two decisions */
    struct models *models;
    const struct seal_key *key;
    char *name;
    struct store *store;
    struct fetch *fetch;
    struct text_work *work;
    struct routebook *routes;
    struct commands *commands;
    struct deliver *deliver;
    struct adviser *adviser;
    struct flow_watch *watches;
    struct shard_work *shards[STORE_SHARDS_MAX];
    struct shard_work *orphans; /* lost while a call was under way */
    struct arena *spare[64];    /* of finished requests */
    int n_spare;
    bool ready; /* as last told by the store */
    bool draining;
    struct timer *drain_timer;
    loop_fn *drained;
    void *drained_arg;
};

struct arena *flow_arena(struct flow *f); /* give it back with flow_arena_done */
void flow_arena_done(struct flow *f, struct arena *a);

/* --- routebook: (bot, the platform's group) → community, group, shard --- */
struct routebook *routebook_new(struct flow *f);
void routebook_free(struct routebook **b);
bool routebook_is_ready(const struct routebook *b);   /* every shard has been read once */
bool routebook_is_current(const struct routebook *b); /* no shard's last reading failed */
void routebook_refresh_shard(struct routebook *b, int shard);
/* Read all anew, at most once a second; fn (or NULL) is called after. */
void routebook_refresh(struct routebook *b, loop_fn *fn, void *arg);

/* --- shards --- */
void shard_gained(struct flow *f, int shard, int64_t epoch);
void shard_lost(struct flow *f, int shard);
void shard_entries(struct flow *f, int shard, const struct store_entry *e, int n);
void shard_configure(struct flow *f, int shard);
void shards_models_known(struct flow *f); /* those that waited for it are loaded */
const struct core *shard_core(const struct flow *f, int shard); /* NULL: it is not ours, or loads */
void shard_free_orphans(struct flow *f); /* after the store is gone: nothing points to them */
bool shard_is_idle(const struct flow *f, int shard); /* nothing read is undecided */
void flow_core_options(const struct flow *f, int shard, struct core_options *o);

/* Turn the effects of a batch into the commit's operations. `lines`: the shard's, for talks_due. */
struct group_lines;
void apply_effects(struct flow *f, const struct core *core, const struct effects *fx,
                   struct group_lines **lines, struct commit *c);
/* True when the expiry of the group's lines is to be set, at most every `every_ms`. */
bool talks_due(struct group_lines **all, const char *key, int64_t now_ms, int64_t every_ms);
void talks_forget(struct group_lines **all);
/* Tell this process and the others, after the commit. */
void apply_announce(struct flow *f, int shard, const struct core *core, const struct effects *fx);

/* --- delivery --- */
struct deliver *deliver_new(struct flow *f);
void deliver_free(struct deliver **d);
/* An outbound post as it stands after a commit or a load: start, or stop, sending it. */
void deliver_consider(struct deliver *d, int shard, const struct outbound *o);
void deliver_forget_shard(struct deliver *d, int shard);
/* Encode it for the bot and send it once; an error: it cannot be encoded, and nothing is sent. */
enum err deliver_start(struct flow *f, const struct conf_bot *bot, const struct outbound *o,
                       fetch_fn *fn, void *arg, struct errbuf *eb);

/* --- which model --- */
struct models *models_new(struct flow *f, struct shelf *shelf);
void models_free(struct models **m);
bool models_known(const struct models *m); /* the store has said which */
void models_look(void *m);                 /* something may have changed */
/* --- adviser --- */
struct adviser *adviser_new(struct flow *f);
void adviser_free(struct adviser **v); /* once the store is gone: nothing points to a question */
void adviser_configure(struct adviser *v);
/* A committed decision's doubt. */
void adviser_consider(struct adviser *v, int shard, const struct doubt *d);

/* --- commands --- */
struct commands *commands_new(struct flow *f);
void commands_free(struct commands **c);
void commands_on_reply(struct commands *c, int64_t number, struct str json);

void watch_notify(struct flow *f, int shard, const char *bot);
void flow_on_live(struct flow *f, struct str line);

/* --- check.c --- */
enum err flow_weights(const struct conf *c, struct match_weights *w, struct errbuf *eb) MUST_USE;

#endif

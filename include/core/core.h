/* The decision: state + entry + now → effects. Pure: no I/O, no clock, no randomness; the same
   entries at the same times give the same state, ids included. One core is one shard.

   The state in memory changes while deciding. The caller commits the effects before the outside
   sees them; if a commit fails, it throws the core away and loads anew. */
#ifndef LINLI_CORE_CORE_H
#define LINLI_CORE_CORE_H

#include "base/buf.h"
#include "core/effects.h"
#include "match/weights.h"
#include "text/text.h"

struct core_options {
    int shard;                      /* in ids */
    const struct text_model *model; /* borrowed */
    struct text_work *work;         /* borrowed, of this thread */
    int zone_min;                   /* of the communities, 480 for China */
    int64_t retention_ms;           /* of ordinary chat, an hour by default when 0 */
    int64_t keep_ms;                /* of what has ended, 30 days when 0 */
    int64_t undo_ms;                /* an approved post waits so long */
    int64_t grace_ms[URGENCY_N];    /* neighbours may answer first */
    int blind_percent;              /* of posts, shown to staff without the reading at first */
    bool english;                   /* group posts in English, else Chinese */
    float auto_score;               /* a proposal at or above may be posted by itself, where the
                                       policy table allows */
    struct hours working_hours;     /* deadlines count in them; n 0: deadline_hours */
    struct quiet_hours quiet;       /* group posts that nobody waits for are held in them */
    const struct match_weights *weights; /* of a score's parts; borrowed; NULL: the default ones */
    float doubt_margin; /* two meanings no further apart are a doubt, see effects.h;
                           0: none is noted */
    bool explain;       /* EVENT_MESSAGE tells what the meaning was weighed by */
    bool widen;         /* a request that waits in vain looks beyond the scopes of resources, for a
                         person to decide */
    /* Seal a contact for rest; `context` is the message id. Deterministic. */
    void (*seal)(void *arg, struct str context, struct str plain, struct buf *out);
    void *seal_arg;
    /* Can this bot write to one person alone? NULL: none can. */
    bool (*writes_privately)(void *arg, const char *bot);
    void *writes_arg;
    /* The text of a group post; codec's templates (core may not format for people). */
    void (*post_text)(const struct match *m, const struct post *request, const struct post *offer,
                      const struct resource *resource, const struct party *helper,
                      const struct place *request_place, const struct place *offer_place,
                      bool english, bool emergency, struct buf *out);
    /* The same of what is no proposal. */
    void (*note_text)(const struct note *n, bool english, struct buf *out);
};

struct core;
struct core *core_new(const struct core_options *o);
void core_free(struct core **c);
void core_configure(struct core *c, const struct core_options *o); /* on reload; same shard */

/* Loading after a takeover: any order, then core_loaded once. */
void core_load_take(struct core *c, enum object_kind kind, void *object);
void core_load_talk_take(struct core *c, struct talk *t); /* oldest first, group by group */
void core_loaded(struct core *c, int64_t now_ms);

/* Decide one entry and note the effects. The entry may be freed afterwards. Never fails: what is
   wrong with an entry becomes a reply, an audit line or nothing. */
void core_decide(struct core *c, const struct entry *entry, int64_t now_ms, struct effects *e);

/* When the next tick is due (expiry, grace, undo delay, deadlines), or INT64_MAX. */
int64_t core_due_ms(const struct core *c);

/* The object as it stands, or NULL; borrowed until the next decision. key as in `struct touched`.
 */
const void *core_find(const struct core *c, enum object_kind kind, const char *key);
/* Walk all objects of a kind, in no order. */
void core_each(const struct core *c, enum object_kind kind,
               void (*fn)(void *arg, const char *key, const void *object), void *arg);

/* How many parties are known by nothing but what they did. */
int64_t core_parties_seen(const struct core *c);

/* Check the invariants of DESIGN.md on the whole state (capacity, states, references, indexes).
   For tests and `linlictl dryrun --check`. False: *why says which. */
bool core_check(const struct core *c, struct errbuf *why);

#endif

/* All that a shard keeps, as it is in Redis, for a backup; and back. For tools: a store that owns
   no shards, and a long deadline of its calls. */
#ifndef LINLI_STORE_BACKUP_H
#define LINLI_STORE_BACKUP_H

#include "store/store.h"

#define STORE_MODELS (-1) /* instead of a shard: the models and who runs which */

#define STORE_TYPE_TABLE(X)                                                                        \
    X(HASH, "hash")     /* parts: field, value */                                                  \
    X(STREAM, "stream") /* id, then fields and values */                                           \
    X(SET, "set")       /* member */                                                               \
    X(LIST, "list")     /* item; rows stand in its order */                                        \
    X(STRING, "string") /* value */                                                                \
    X(ZSET, "zset")     /* member in a dump, score and member to write: views, made anew */
enum store_type {
#define X(name, code) STORE_##name,
    STORE_TYPE_TABLE(X)
#undef X
        STORE_TYPE_N
};
const char *store_type_code(enum store_type t);
bool store_type_parse(struct str code, enum store_type *t_r);

struct store_raw {   /* one row */
    const char *key; /* behind `linli:{s07}:` */
    enum store_type type;
    int64_t expires_ms; /* of its key, by Redis' clock; 0: never */
    const struct str *parts;
    int n_parts; /* 0: the key is there, with nothing in it */
};

struct store_dump_fns {
    void (*row)(void *arg, const struct store_raw *row);
    /* now_ms: when it was so. alive: loops of daemons that own shards, or did a minute ago. */
    void (*done)(void *arg, enum err e, int64_t now_ms, int alive);
    void *arg;
};
/* All of one moment. Leases, replies and live events are left out. */
void store_dump(struct store *s, int shard, const struct store_dump_fns *fns);
/* Take keys away and write rows, in order: all of it at once, or nothing. */
void store_replace(struct store *s, int shard, const char *const *gone, int n_gone,
                   const struct store_raw *rows, int n, store_fn *fn, void *arg);

#endif

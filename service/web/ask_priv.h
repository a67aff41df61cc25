/* A staff request that reads: gather objects and lines from the store, then answer. */
#ifndef LINLI_WEB_ASK_PRIV_H
#define LINLI_WEB_ASK_PRIV_H

#include "web_priv.h"

struct ask;
typedef void ask_fn(struct ask *a);

struct found {
    enum object_kind kind;
    char *key;
    void *object;
};
struct line { /* of a stream, a view or a conversation */
    char *id, *text;
};
struct ask {
    struct http_request *rq;
    struct web *web;
    int shard;
    enum role role;
    const char *actor;                      /* the token's name */
    char community[ID_SIZE], grid[ID_SIZE]; /* the token's: what it may see */
    char wanted[ID_SIZE];                   /* the community asked for */
    int from, limit;
    enum object_kind kind; /* being gathered */
    ask_fn *done;          /* a failure is answered before, and the ask freed */
    struct found *found;
    int n;
    struct line *lines;
    int n_lines;
    int kept, looked;               /* rows of a stream: that pass, and were looked at */
    char last[STORE_ENTRY_ID_SIZE]; /* the one looked at last */
    int64_t from_ms, to_ms;         /* as asked for; 0: none */
    void *act;                      /* of an action that reads its object first */
};

/* Which community; answered when it cannot be told or seen: then false. */
bool ask_community(struct http_request *rq, const struct principal *p, char out[ID_SIZE],
                   int *shard_r);
/* The shard of {id}; answered 404 when it names none: then false. */
bool ask_id(struct http_request *rq, int *shard_r);

struct ask *ask_new(struct http_request *rq, const struct principal *p, int shard, ask_fn *done);
void ask_free(struct ask *a);
/* Each adds to what is there already, then calls `then`. */
void ask_objects(struct ask *a, enum object_kind kind, const char *const *keys, int n,
                 ask_fn *then);
void ask_all(struct ask *a, enum object_kind kind, ask_fn *then);
struct store_rows_fns ask_lines(struct ask *a, ask_fn *then); /* for a call of the store */
const void *ask_found(const struct ask *a, enum object_kind kind, const char *key); /* or NULL */
bool ask_may_see(const struct ask *a, const char *community, const char *grid);

/* The API's face of an object, as a member; null when there is none. */
void show_object(const struct ask *a, struct json_out *j, const char *key, enum object_kind kind,
                 const void *object);

#endif

/* A backup's file, and the Redis that it comes from or goes to. */
#ifndef LINLI_CTL_BACKUP_PRIV_H
#define LINLI_CTL_BACKUP_PRIV_H

#include "conf/conf.h"
#include "ctl_priv.h"
#include "seal/seal.h"
#include "store/backup.h"

#define ALL "*" /* instead of a community */

/* --- backup_file.c: JSON lines. First a head, last {"end":true,"rows":N,"sha256":"…"} over all
   bytes before it; between them a row a line. --- */
struct backup_row {
    int shard; /* or STORE_MODELS */
    char *key;
    enum store_type type;
    int64_t expires_ms;
    struct str *parts; /* owned */
    int n_parts;
};
struct backup_rows {
    struct backup_row *v;
    size_t n, cap;
};
struct backup_head {
    char community[ID_SIZE]; /* or ALL */
    int shards;
    int64_t at_ms;
    char sealed[256]; /* BACKUP_CHECK under the key of its contacts; "": there was no key */
};
#define BACKUP_CHECK "linli backup"

struct backup_row *backup_add(struct backup_rows *rows, int shard, const struct store_raw *row);
void backup_set_part(struct backup_row *r, int at, struct str value);
/* Those stay for which fn is true, in their order. */
void backup_keep(struct backup_rows *rows, bool (*fn)(void *arg, const struct backup_row *r),
                 void *arg);
void backup_free(struct backup_rows *rows);

void backup_write_head(const struct backup_head *h, struct buf *out);
void backup_write_row(const struct backup_row *r, struct buf *out);
void backup_write_end(size_t rows, struct buf *out);
/* False: it is no whole backup; said why. */
bool backup_read(const char *path, struct backup_head *h, struct backup_rows *rows);

/* Of an object; false: the row is none. */
bool backup_kind(const struct backup_row *r, enum object_kind *k_r);
/* Whose it is; "" of what is the shard's. False where only a backup of all has it. */
bool backup_community(const struct backup_row *r, char out[ID_SIZE]);

/* --- backup_store.c --- */
struct backup_store {
    struct conf *conf;
    struct embedded *redis; /* or NULL: another one */
    struct seal_key *key;   /* or NULL: there is none here */
    struct loop *loop;
    struct store *store;
    struct timer *timer;
    bool ready, late;
    char why[200];
    /* of the call under way */
    enum err err;
    int64_t now_ms;
    int alive;
    int shard;
    struct backup_rows *rows;
};
/* As the settings say; a store that is new gets so many shards (0: the settings'). False: said why;
   close it all the same. */
bool backup_open(struct backup_store *b, const char *config, int shards);
void backup_close(struct backup_store *b);
/* Adds what the shard has. False: said why. */
bool backup_dump(struct backup_store *b, int shard, struct backup_rows *rows);
/* These keys go, these rows are put, all at once or not at all. False: said why. */
bool backup_replace(struct backup_store *b, int shard, const struct backup_rows *gone,
                    struct backup_row *const *rows, size_t n);

#endif

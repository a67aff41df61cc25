/* The different things that open sides name, and which of them are alike. Posts are many, words are
   few: every two words are compared once, when the second of them turns up, and a search reads the
   answer. Nothing is asked of the likeness but that it be the same both ways. */
#ifndef LINLI_MATCH_THINGS_H
#define LINLI_MATCH_THINGS_H

#include "base/table.h"
#include "match/match.h"

struct thing {
    UT_hash_handle hh;
    struct slot_item item; /* without its span */
    uint32_t hash;         /* of its content */
    int uses, n_near, cap_near;
    int at; /* in the list of all */
    struct near {
        const struct thing *thing;
        double like;
    } * near; /* itself as well, if like enough */
};
struct things {
    struct thing *by_item;
    struct thing **all;
    int n, cap, unused;
    match_item_fn *like;
    void *arg;
};
struct thing *things_take(struct things *t, const struct slot_item *item);
void things_leave(struct things *t, struct thing *thing); /* it stays a while: it may come back */
void things_deinit(struct things *t);

#endif

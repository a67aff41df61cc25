/* Matching: the index of what is open, candidate search, hard rules, score with reasons. Pure. */
#ifndef LINLI_MATCH_MATCH_H
#define LINLI_MATCH_MATCH_H

#include "model/object.h"

/* Likeness of two things, 0…1; the text room gives it, so that this room needs no model. */
typedef double match_item_fn(void *arg, const struct slot_item *a, const struct slot_item *b);
typedef double match_text_fn(void *arg, const char *a, const char *b);

/* One side of a possible match, seen alike whether a post or a standing resource. Borrowed. */
struct match_side {
    const char *id, *community, *party, *text;
    enum party_kind party_kind;
    enum category category;
    enum mode mode;
    enum urgency urgency;
    unsigned flags;
    const struct slot_item *items;
    int n_items;
    double left;               /* asked and not reserved; or capacity still free */
    int64_t start_ms, end_ms;  /* wanted or available between; 0: open */
    const struct hours *hours; /* resources, and a party's availability; or NULL */
    enum place_kind scope;     /* how far an offer reaches */
    /* The chain of places from near to far, "" where unknown. */
    const char *places[PLACE_KIND_N];
    int64_t opened_ms;
    int helped, monthly_limit; /* of the helper; limit -1: none */
    bool is_resource;
};

struct match_score {
    bool possible; /* false: a hard rule forbids; `why_not` names it */
    const char *why_not;
    float score; /* 0…1, the sum of the parts */
    int n_reasons;
    struct reason reasons[MATCH_REASONS_MAX];
};
struct match_context {
    match_item_fn *item;
    match_text_fn *text;
    void *arg;
    int64_t now_ms;
    int zone_min;
    bool called; /* the request calls on this helper by name: what it has is what is meant */
};
void match_rate(const struct match_context *cx, const struct match_side *request,
                const struct match_side *offer, struct match_score *out);

/* Two texts that both name sizes, and none in common: 140 的 and 150 的 are not the same thing. */
bool match_sizes_differ(const char *a, const char *b);
/* Asks for money, or offers it: never matched. */
bool match_is_money(const char *text);

/* Near categories whose offers are looked at, too, for a request (bits 1 << CATEGORY_x). */
unsigned match_near_categories(enum category c);

/* --- the index of open sides: by community and category ------------------------------------- */
struct match_index;
struct match_index *match_index_new(void);
void match_index_free(struct match_index **x);
/* `thing` is the caller's handle (a post or resource), in the index at most once. `id` gives the
   order: shorter ones first, then by bytes; borrowed as long as the thing is in the index. */
void match_index_put(struct match_index *x, const char *community, enum category category,
                     enum side side, void *thing, const char *id);
void match_index_drop(struct match_index *x, void *thing); /* nothing if it is not there */
bool match_index_has(const struct match_index *x, const char *community, enum category category,
                     enum side side, const void *thing);
int match_index_count(const struct match_index *x);
/* Walk the things of that community and any of the categories, the newest of a category first, at
   most `most` of each; fn may not change the index. The order does not depend on the index's
   history. */
void match_index_each(const struct match_index *x, const char *community, unsigned categories,
                      enum side side, int most, void (*fn)(void *arg, void *thing), void *arg);

#endif

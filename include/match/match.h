/* Matching: the index of what is open, candidate search, hard rules, score with reasons. Pure. */
#ifndef LINLI_MATCH_MATCH_H
#define LINLI_MATCH_MATCH_H

#include "match/weights.h"
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
    const struct hours *hours; /* of a resource, else its party's availability; or NULL */
    enum place_kind scope;     /* how far an offer reaches */
    enum place_kind reach; /* of a request: resources of a narrower scope count as of this one */
    /* The chain of places from near to far, "" where unknown. */
    const char *places[PLACE_KIND_N];
    int64_t opened_ms;
    int helped, monthly_limit; /* of the helper; limit -1: none */
    bool not_asked;            /* the helper does not wish to be contacted */
    bool has_past;        /* of an offer: something is known of how its helper keeps their word */
    struct outcomes past; /* of late, all together */
    bool is_resource;
    const char *const
        *words; /* of a resource: what it is called, and on what conditions; or NULL */
    int n_words;
    const char *conditions;
    uint64_t
        kinds; /* of help, a bit each: that its text tells of, or a resource gives; 0: unknown */
};

struct match_score {
    bool possible; /* false: a hard rule forbids; `why_not` names it */
    const char *why_not;
    float score; /* 0…1, the sum of the parts */
    float fit;   /* the same of a helper without past outcomes: what a floor is for, so that these
                    decide between helpers, and shut nobody out */
    int n_reasons;
    struct reason reasons[MATCH_REASONS_MAX];
};
struct match_context {
    match_item_fn *item;
    match_text_fn *text;
    void *arg;
    const struct match_weights *weights; /* NULL: the default ones */
    int64_t now_ms;
    int zone_min;
    bool
        service; /* a resource also answers to what it does for people, without a thing in common */
    bool own; /* the helper has said so just now: whether and when they may be asked, how far they
                 go and how much is left is no question */
    bool called; /* it is what is meant: the request calls on this helper by name, or the thing was
                    named; of what category it is read as is no question either */
};
void match_rate(const struct match_context *cx, const struct match_side *request,
                const struct match_side *offer, struct match_score *out);

/* Does the resource answer to it by what it does for people? Of the request the text and the
   category are looked at, of the resource its words and the category. */
bool match_serves(const struct match_side *request, const struct match_side *resource);
/* Does it name what the resource lends or does? */
bool match_is_named(const struct match_side *resource, const char *text);

/* Two texts that both name sizes, and none in common: 140 的 and 150 的 are not the same thing. */
bool match_sizes_differ(const char *a, const char *b);
/* Two accessories, of devices that both name, and none in common: 手机充电器 is no 电动车充电器. */
bool match_hosts_differ(const char *a, const char *b);
/* Two texts of lost or found things, whose things are not of one kind, or are told to be of other
   colours, or to have other things on them. */
bool match_lost_differ(const char *a, const char *b);
/* Asks for money, or offers it: never matched. */
bool match_is_money(const char *text);
/* Says that what there is has expired, or may have: never given as food or medicine. */
bool match_is_stale(const char *text);
/* Medicine for adults where a child needs some, formula of another brand: a child is not given what
   it has not had before without its parents and a doctor. */
bool match_harms_child(const char *asked, const char *had);

/* Near categories whose offers are looked at, too, for a request (bits 1 << CATEGORY_x). */
unsigned match_near_categories(enum category c);

/* --- the index of what is open, and the search for the best ---------------------------------- */

#define MATCH_CHARS_MAX 160 /* of a text, for its likeness */
#define MATCH_THINGS_MAX 64 /* different things of one side that it is found by */

/* The 2-grams of a text's characters as numbers, in their order. Returns how many characters there
   are, which is one more than grams (or 0). The likeness of two texts is at most twice the number
   of grams that they share by the number of all (L. Dice, 1945). */
typedef int match_grams_fn(void *arg, const char *text, uint16_t grams[MATCH_CHARS_MAX]);

/* What the index asks about words. `item` has to be the same both ways. */
struct match_likeness {
    match_item_fn *item;
    match_grams_fn *grams;
    void *arg;
};

struct match_index;
struct match_index *match_index_new(const struct match_likeness *like);
void match_index_free(struct match_index **x);
/* Put a side in, or, where it stands already, as it is now. `seat` is the caller's to keep, zero at
   first and while the thing is not in; `thing` is what the search hands back; `id` gives the order:
   shorter ones first, then by bytes. The id is borrowed as long as the thing is in, all else is
   copied. Who shares a place has to share all places above it. */
void match_index_put(struct match_index *x, uint32_t *seat, const struct match_side *s,
                     enum side side, void *thing, const char *id);
void match_index_drop(struct match_index *x, uint32_t *seat); /* nothing if it is not there */
/* Does the thing stand at that seat, and as it is now? */
bool match_index_has(const struct match_index *x, uint32_t seat, const struct match_side *s,
                     enum side side, const void *thing);
int match_index_count(const struct match_index *x);
/* Walk the standing resources of that community and any of the categories, by category, then by
   id; fn may not change the index. */
void match_index_each(const struct match_index *x, const char *community, unsigned categories,
                      void (*fn)(void *arg, void *thing), void *arg);

/* The best of the other side for one that stands in the index. `rate` tells what match_rate gives
   for a thing (of it the score and the fit), or false: not this one, for whatever reason. */
typedef bool match_rate_fn(void *arg, void *thing, struct match_score *score_r);
struct match_search {
    const struct match_weights *weights; /* those that `rate` goes by; NULL: the default ones */
    int64_t now_ms;
    float floor; /* of the fit: below it, none counts */
    match_rate_fn *rate;
    void *arg;
};
struct match_found {
    void *thing;
    float score;
};
/* Best first, of equals who was there first: by id. Returns how many there are, at most k.

   Best-first search (G. Hjaltason, H. Samet, 1999) over posting lists of things and places: each
   list and each side has a bound of its score, what has the highest is looked at next, and the
   search ends when no bound beats the k-th score (R. Fagin, A. Lotem, M. Naor, 2001). What it
   gives is what rating everything would, whatever came and went before, but for this:
   - of one list at most MATCH_LIST_MOST sides are looked at, and MATCH_READ_MOST of all lists of
     things; at most MATCH_RATED_MOST are rated. Those that are out of the common come first, then
     by id.
   - it knows of no services (match_context.service): resources found by what they do are walked
   apart from it, by match_index_each.
   - where one of the two names no thing, they have to share a gram: what has a text of a single
     character is not found by it. */
#define MATCH_LIST_MOST 4096
#define MATCH_READ_MOST 32768
#define MATCH_RATED_MOST 1000
int match_index_best(struct match_index *x, uint32_t seat, const struct match_search *q,
                     struct match_found *out, int k);

/* What all changes and searches so far have taken: pages of the posting lists' tree gone through,
   orders of two members compared there, postings read, sides looked at and sides rated. */
struct match_spent {
    int64_t pages, compared, postings, sides, rated;
};
void match_index_spent(const struct match_index *x, struct match_spent *out);

#endif

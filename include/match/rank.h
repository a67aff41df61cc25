/* Ranking offers for one request by what their texts say, where nothing else is known of them: no
   places of a directory, no clock, no parties (with those: match_rate). Pure. */
#ifndef LINLI_MATCH_RANK_H
#define LINLI_MATCH_RANK_H

#include "match/match.h"

/* One text, as the text room read it. Borrowed. */
struct rank_side {
    const char *text;
    const struct slots *slots;
    const float *intent_p;            /* of each intent, sum 1 */
    const float *category_p, *mode_p; /* likewise */
    bool lost, found;
    bool gives, asks; /* has words of giving, of asking */
    const void *view; /* handed to the functions below */
};
/* Likeness of two sides, 0…1, by the list's own rarities. */
typedef double rank_like_fn(void *arg, const void *request_view, const void *offer_view);
struct rank_context {
    match_item_fn *item;
    rank_like_fn *words; /* of the wording; symmetric */
    rank_like_fn *names; /* of what the wording names besides needs; symmetric */
    rank_like_fn *kin;   /* of the needs that the words hint at; symmetric */
    void *arg;
};

/* Every part is a whole number of steps, and so is the score: it is their sum, to the last digit.
 */
#define RANK_STEPS 10000 /* to 1 */
#define RANK_PART_TABLE(X)                                                                         \
    X(ITEM, "item")         /* things named by both, the rare ones first */                        \
    X(KIN, "kin")           /* the same need in other words: thirsty, tanker */                    \
    X(CATEGORY, "category") /* what the texts are about, by all probabilities */                   \
    X(WORDS, "words")       /* the wording itself */                                               \
    X(NAMES, "names")       /* of it what is no need: places, people, details */                   \
    X(OFFER, "offer")       /* that the text is about help, and offers it */                       \
    X(MODE, "mode")         /* lending for borrowing, selling for buying */                        \
    X(FOUND, "found")       /* found what was lost */                                              \
    X(COLOUR, "colour")     /* below 0: another colour */                                          \
    X(SIZE, "size")         /* below 0: another size */
enum rank_part {
#define X(name, code) RANK_##name,
    RANK_PART_TABLE(X)
#undef X
        RANK_PART_N
};
const char *rank_part_code(enum rank_part p);

struct rank_row {
    int offer;             /* its index in the list */
    int steps;             /* the score in steps */
    int part[RANK_PART_N]; /* likewise; 0: says nothing */
};
/* Fills rows[0, n): all offers, best first; of equal ones the earlier first. */
void rank_offers(const struct rank_context *cx, const struct rank_side *request,
                 const struct rank_side *offers, int n, struct rank_row *rows);

/* What the colours that both texts name say: one of them says none, one in common, none in
   common. */
enum colours { COLOURS_UNSAID, COLOURS_SHARED, COLOURS_DIFFER };
enum colours match_colours(const char *a, const char *b);

#endif

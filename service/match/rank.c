/* Ranking by texts: bounded parts, each with its weight in one table. */
#include "match/rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Each part's bounds; the most add up to 1. They stand near what tests/rank/fit gave, which is flat
   there: leaving any set out changes little. What is rare in its learning half (things lost, sizes,
   colours) keeps a little, as does what the lexicon names. */
static const struct {
    double least, most;
} parts[RANK_PART_N] = {
    [RANK_ITEM] = {0, 0.02},  [RANK_KIN] = {0, 0.33},   [RANK_CATEGORY] = {0, 0.15},
    [RANK_WORDS] = {0, 0.06}, [RANK_NAMES] = {0, 0.12}, [RANK_OFFER] = {0, 0.15},
    [RANK_MODE] = {0, 0.11},  [RANK_FOUND] = {0, 0.03}, [RANK_COLOUR] = {-0.03, 0.03},
    [RANK_SIZE] = {-0.03, 0},
};

const char *rank_part_code(enum rank_part p)
{
    static const char *const codes[] = {
#define X(name, code) code,
        RANK_PART_TABLE(X)
#undef X
    };
    return codes[p];
}

/* --- things --- */

#define LIKE_ENOUGH 0.3 /* as in match_rate: below, it is another thing */
#define SMOOTH 1.0      /* what all name is no reason: its share goes to 0 with its rarity */

static double likeness(const struct rank_context *cx, const struct slot_item *a,
                       const struct slot_item *b)
{
    double like = cx->item(cx->arg, a, b);
    return like < LIKE_ENOUGH ? 0 : like;
}

/* How well the best of the other side's things does for this one. */
static double best_like(const struct rank_context *cx, const struct slot_item *item,
                        const struct slots *other)
{
    double best = 0;
    for (int i = 0; i < other->n_items; i++)
        best = fmax(best, likeness(cx, item, &other->items[i]));
    return best;
}

/* The concepts that offers name, ascending. One that an offer names twice counts twice: seldom. */
struct named {
    uint16_t *concepts;
    int n, offers;
};

static int by_concept(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

static struct named named(const struct rank_side *offers, int n)
{
    struct named all = {.concepts =
                            mem_grow(NULL, (size_t)n * SLOT_ITEMS_MAX + 1, sizeof *all.concepts),
                        .offers = n};
    for (int i = 0; i < n; i++)
        for (int k = 0; k < offers[i].slots->n_items; k++)
    all.concepts[all.n++] = offers[i].slots->items[k].concept;
    qsort(all.concepts, (size_t)all.n, sizeof *all.concepts, by_concept);
    return all;
}

static int below(const struct named *all, int concept)
{
    int low = 0, high = all->n;
    while (low < high) {
        int mid = (low + high) / 2;
        if (all->concepts[mid] < concept)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* A thing that every offer names (water in a flood) chooses none of them. */
static double rarity(const struct named *all, uint16_t concept)
{
    int with = below(all, concept + 1) - below(all, concept);
    return fmax(log((all->offers + 1) / (with + 0.5)), 0);
}

/* Which share of a's things b has, by their rarity. */
static double item_covers(const struct rank_context *cx, const struct named *all,
                          const struct slots *a, const struct slots *b)
{
    double met = 0, asked = 0;
    for (int i = 0; i < a->n_items; i++) {
        double rare = rarity(all, a->items[i].concept);
        met += rare * best_like(cx, &a->items[i], b);
        asked += rare;
    }
    return asked > 0 ? met / (asked + SMOOTH) : 0;
}

/* --- what the model makes of both --- */

/* Bhattacharyya's coefficient (1943) of two distributions: 1 when they are the same. It counts the
   second guesses, too, where the best ones differ. */
static double overlap(const float *a, const float *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += sqrt((double)a[i] * (double)b[i]);
    return fmin(sum, 1);
}

/* That it offers; that it is about help at all, since the model, which has learnt from neighbours,
   often reads a relief tweet's offer as a request, but no notice as either; and the words of giving
   and asking, which are as good there. */
static double offer_share(const struct rank_side *o)
{
    const float *p = o->intent_p;
    double offers = (double)p[INTENT_OFFER] + (double)p[INTENT_CLAIM];
    double helps = offers + (double)p[INTENT_REQUEST] + (double)p[INTENT_TRADE];
    double signs = o->gives == o->asks ? 0.5 : o->gives;
    return fmin((offers + helps + signs) / 3, 1);
}

static double found_share(const struct rank_side *r, const struct rank_side *o)
{
    return (r->lost && o->found) || (r->found && o->lost);
}

static double colour_share(const struct rank_side *r, const struct rank_side *o)
{
    switch (match_colours(r->text, o->text)) {
    case COLOURS_SHARED:
        return 1;
    case COLOURS_DIFFER:
        return -1;
    default:
        return 0;
    }
}

/* --- the sum --- */

struct shares {
    double of[RANK_PART_N]; /* −1…1 */
};

static void rate(const struct rank_context *cx, const struct named *all, const struct rank_side *r,
                 const struct rank_side *o, double of[RANK_PART_N])
{
    /* What is asked and offered, and nothing besides, is the best: both ways count. */
    of[RANK_ITEM] = 0.5 * item_covers(cx, all, r->slots, o->slots) +
                    0.5 * item_covers(cx, all, o->slots, r->slots);
    of[RANK_KIN] = cx->kin(cx->arg, r->view, o->view);
    of[RANK_CATEGORY] = overlap(r->category_p, o->category_p, CATEGORY_N);
    /* The root: one rare word in common says most of it; a text that copies says little more. */
    of[RANK_WORDS] = sqrt(cx->words(cx->arg, r->view, o->view));
    of[RANK_NAMES] = sqrt(cx->names(cx->arg, r->view, o->view));
    of[RANK_OFFER] = offer_share(o);
    of[RANK_MODE] = overlap(r->mode_p, o->mode_p, MODE_N);
    of[RANK_FOUND] = found_share(r, o);
    of[RANK_COLOUR] = colour_share(r, o);
    of[RANK_SIZE] = match_sizes_differ(r->text, o->text) ? -1 : 0;
}

#define BEST_LEAST 0.5

/* How much two texts can share at all depends on how the request is worded: what the best of the
   list shares is the measure of the others, unless that is little. */
static double measure(const struct shares *shares, int n, enum rank_part p)
{
    double best = BEST_LEAST;
    if (p != RANK_KIN && p != RANK_WORDS && p != RANK_NAMES)
        return 1;
    for (int i = 0; i < n; i++)
        best = fmax(best, shares[i].of[p]);
    return best;
}

static void put(struct rank_row *row, enum rank_part p, double share)
{
    double part = share < 0 ? share * -parts[p].least : share * parts[p].most;
    row->part[p] = (int)lround(part * RANK_STEPS);
    row->steps += row->part[p];
}

static int by_score(const void *a, const void *b)
{
    const struct rank_row *x = a, *y = b;
    return x->steps != y->steps ? y->steps - x->steps : x->offer - y->offer;
}

void rank_offers(const struct rank_context *cx, const struct rank_side *request,
                 const struct rank_side *offers, int n, struct rank_row *rows)
{
    struct named all = named(offers, n);
    struct shares *shares = mem_grow(NULL, (size_t)n + 1, sizeof *shares);
    for (int i = 0; i < n; i++) {
        rows[i] = (struct rank_row){.offer = i};
        rate(cx, &all, request, &offers[i], shares[i].of);
    }
    for (enum rank_part p = 0; p < RANK_PART_N; p++) {
        double whole = measure(shares, n, p);
        for (int i = 0; i < n; i++)
            put(&rows[i], p, shares[i].of[p] / whole);
    }
    free(shares);
    free(all.concepts);
    qsort(rows, (size_t)n, sizeof *rows, by_score);
}

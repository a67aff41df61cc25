/* Comparing texts within a list: what each says, seen so that pairs can be weighed. A word's
   weight is its rarity in the list (inverse document frequency: K. Spärck Jones, 1972), because
   what all candidates share (a hashtag, a campus) chooses none of them. Pure. */
#ifndef LINLI_TEXT_COMPARE_H
#define LINLI_TEXT_COMPARE_H

#include "text/text.h"

/* Families of words that go together in asking and giving (service/text/embed/kin.txt): thirsty,
   tanker; 没电, 充电宝. The model's lexicon names things; this says what is wanted with them. */
#define KIN_MAX 384
struct text_kin;
struct text_kin *text_kin_new(void); /* from the table built in; never NULL */
void text_kin_free(struct text_kin **k);

/* Copies the text, with the words of a tag or a name apart as its capitals tell them:
   #HurricaneLena, @TheHelpers. `out` has room for twice its bytes; returns how many are written. */
size_t text_part_tags(struct str text, char *out);

#define TEXT_TERMS_MAX 960
struct text_term {
    uint32_t key; /* hash of a word's stem or root, or of one or two Han characters */
    float count;
    float plain; /* of which the table of kin does not know: names, places, details */
};
struct text_view {
    struct reading reading;
    /* Calibrated, each of sum 1, whatever the intent; [0] (none) is 0. */
    float category_p[CATEGORY_N], mode_p[MODE_N];
    bool lost, found; /* says that something was lost, or picked up */
    bool gives, asks; /* has words of giving, of asking */
    int n_terms;
    struct text_term terms[TEXT_TERMS_MAX]; /* ascending by key, each once */
    uint8_t kin[KIN_MAX];                   /* of each family: 0, 1 hinted at, 2 named; twice that
                                               when it is what is asked for or given */
};
void text_view(const struct text_model *model, struct text_work *work, const struct text_kin *kin,
               const struct text_query *q, struct text_view *out);

/* How rare each word and family is among these views; they need not stay. Never NULL. */
struct text_rarity *text_rarity_new(const struct text_view *views, int n);
void text_rarity_free(struct text_rarity **r);

/* 0…1, symmetric. Cosine of the words (G. Salton, 1971), counts dampened by their logarithm; of
   names, only of those that no family of kin covers, so that a need in common is not counted
   twice. */
double text_words_likeness(const struct text_rarity *r, const struct text_view *a,
                           const struct text_view *b);
double text_names_likeness(const struct text_rarity *r, const struct text_view *a,
                           const struct text_view *b);
/* 0…1: which share of a's families b has, or has near ones of; each by its rarity. */
double text_kin_covers(const struct text_kin *k, const struct text_rarity *r,
                       const struct text_view *a, const struct text_view *b);

#endif

/* One thread's work space, and what the parts of a reading share through it. */
#ifndef LINLI_TEXT_WORK_PRIV_H
#define LINLI_TEXT_WORK_PRIV_H

#include "chars_priv.h"
#include "text/cue.h"
#include "text/feature.h"
#include "text/model_file.h"
#include "text/text.h"

#define MATCHES_MAX 512
#define CONTEXT_BYTES 512 /* of a context message as much is looked at */
#define CONTEXT_ITEMS 8

/* A context message, as far as the features need it. */
struct context_text {
    size_t n; /* bytes; 0: there is none */
    uint64_t cues;
    uint16_t concepts[CONTEXT_ITEMS];
    uint8_t categories[CONTEXT_ITEMS];
    int n_items;
};

enum { CONTEXT_QUOTED, CONTEXT_PREVIOUS, CONTEXT_OWN, CONTEXT_N };

struct text_work {
    char text[TEXT_MAX_BYTES];
    uint16_t from[TEXT_MAX_BYTES], to[TEXT_MAX_BYTES];
    struct normal normal; /* points into the three arrays */
    uint32_t cps[TEXT_MAX_BYTES + 1];
    uint16_t at[TEXT_MAX_BYTES + 1];
    struct chars chars; /* points into the two */
    struct lexicon_match matches[MATCHES_MAX];
    size_t n_matches;
    uint64_t cues; /* set of enum cue */
    struct {       /* what a context message is read with */
        char text[CONTEXT_BYTES];
        uint32_t cps[CONTEXT_BYTES + 1];
        uint16_t at[CONTEXT_BYTES + 1];
        struct lexicon_match matches[64];
    } scratch;
    struct context_text context[CONTEXT_N];
    uint32_t tokens[FEATURE_CHARS + 8];
    uint32_t
        units[FEATURE_CHARS + 8]; /* the tokens, a start and an end among them, a word as one */
    size_t n_units;
    unsigned char starts[TEXT_MAX_BYTES]; /* scan_starts */
    struct features features;
    struct {
        uint32_t row, key;
    } found[FEATURES_MAX + 1]; /* the rows to look at: classify.c */
    size_t n_found;            /* those of the n-grams */
    char like[2][CONTEXT_BYTES];
};

static inline struct str work_text(const struct text_work *w)
{
    return (struct str){w->normal.p, w->normal.n};
}

static inline bool cue_in(uint64_t cues, enum cue c)
{
    return cues >> c & 1;
}

/* The two halves of feature_collect: the n-grams need no lexicon. */
void feature_grams(struct text_work *work, const struct text_query *q, struct features *out);
void feature_others(const struct lexicon *lex, struct text_work *work, const struct text_query *q,
                    struct features *out);

/* True when the match is an item that may be taken at its word: feature.c. */
bool item_is_firm(const struct text_work *w, const struct lexicon *lex,
                  const struct lexicon_match *m);

/* text_read, and the probabilities of every category and mode ([0] is 0): read.c. */
void read_whole(const struct text_model *model, struct text_work *work, const struct text_query *q,
                struct reading *out, float category_p[CATEGORY_N], float mode_p[MODE_N]);

/* The same span in the message's own bytes. */
struct span work_span(const struct text_work *w, size_t from, size_t to);

#endif

/* Examples as rows of feature numbers. */
#ifndef LINLI_TRAIN_SAMPLES_PRIV_H
#define LINLI_TRAIN_SAMPLES_PRIV_H

#include <stdint.h>

#include "corpus_priv.h"
#include "text/lexicon.h"

/* The conversation that a sample stands in. */
enum setting {
    SETTING_WRITTEN = 1,   /* as its example is written */
    SETTING_ELSEWHERE = 2, /* the same message, answering otherwise */
    SETTING_ALONE = 4      /* with no conversation: what is learned from words alone */
};

/* A sample is an example in one setting: features that are in the vocabulary, each once; the first
   n_grams of `f` are n-grams. */
struct sample {
    const struct example *example;
    bool kept;  /* for calibration */
    bool early; /* none of these: where the model doubts is learned from them */
    enum setting setting;
    uint32_t *f;
    uint32_t n_grams, n;
    uint32_t grams_all; /* n-grams of the message, also those that are not in the vocabulary */
};

struct samples {
    struct sample *p;
    size_t n;
    uint32_t *vocabulary; /* keys; a feature's number is its place: the most frequent come first, so
                             that what is looked at most lies together */
    uint32_t n_vocabulary;
};

/* Features seen in fewer than `least` examples are left out; of more than `most`, the rarest go. */
void samples_init(struct samples *s, const struct corpus *c, const struct lexicon *lex,
                  uint32_t least, uint32_t most);
void samples_deinit(struct samples *s);

#endif

/* Features of a message for the linear model. The trainer and the daemon run the same code. */
#ifndef LINLI_TEXT_FEATURE_H
#define LINLI_TEXT_FEATURE_H

#include "text/lexicon.h"
#include "text/text.h"

/* A long message is judged by its first FEATURE_HEAD characters and its last FEATURE_TAIL. */
#define FEATURE_HEAD 1000
#define FEATURE_TAIL 400
#define FEATURE_CHARS (FEATURE_HEAD + FEATURE_TAIL)
#define FEATURES_MAX 12288

/* keys[0, n_grams): n-grams, each of value 1 / sqrt(n_grams).
   keys[n_grams, n): the others, each of value FEATURE_VALUE. A key that comes again is left out,
   unless others that fall on its place in `recent` came between. */
#define FEATURE_VALUE 0.1
#define FEATURE_RECENT_BITS 9
struct features {
    uint32_t keys[FEATURES_MAX + 16]; /* some to spare, for who looks ahead */
    size_t n_grams, n;
    uint32_t recent[1 << FEATURE_RECENT_BITS];
};

/* Runs normaliser and lexicon as well; the results stay in `work` until the next call. */
void feature_collect(const struct lexicon *lex, struct text_work *work, const struct text_query *q,
                     struct features *out);

#endif

/* What staff said that messages mean (labelled events, a line each: codec/labelled.h), as examples.
   A fifth of them, by a hash of the message, is never trained on: it measures. */
#ifndef LINLI_TRAIN_LABELS_PRIV_H
#define LINLI_TRAIN_LABELS_PRIV_H

#include <stdio.h>

#include "base/arena.h"
#include "corpus_priv.h"
#include "model/labelled.h"

struct label_set {
    struct arena *arena;
    struct labelled *p; /* oldest first; one a message, the newest */
    size_t n, cap;
    size_t wrong; /* lines that were passed over */
};

/* The error is of the file; a wrong line is told to `told` and passed over. What was only let pass
   (approved) is no label to learn from. */
enum err labels_read(struct label_set *s, const char *path, FILE *told, struct errbuf *eb) MUST_USE;
void labels_deinit(struct label_set *s);
bool label_is_held_out(const struct labelled *l);
/* Those to train on, each `times` over. Returns how many labels. */
size_t labels_add_training(const struct label_set *s, struct corpus *c, int times);
/* The newest of those held out. Returns how many. */
size_t labels_add_held_out(const struct label_set *s, struct corpus *c, size_t most);

#endif

/* Measures the slots of a model's readings on messages whose slots are known: the format is in
   tests/corpus/slots/README.md. */
#ifndef LINLI_TRAIN_EVAL_SLOTS_PRIV_H
#define LINLI_TRAIN_EVAL_SLOTS_PRIV_H

#include <stdio.h>

#include "text/text.h"

/* Prints precision, recall and F1 of place, time, quantity and contacts; with `errors`, before
   them each message that was read wrongly. */
enum err eval_slots(const struct text_model *m, const char *path, bool errors, FILE *out,
                    struct errbuf *eb) MUST_USE;

#endif

/* How the evidence of a conversation speaks for each meaning: learned from scenes. */
#ifndef LINLI_TRAIN_CONTEXT_PRIV_H
#define LINLI_TRAIN_CONTEXT_PRIV_H

#include <stdbool.h>

#include "base/err.h"

/* `rows`: lines of a label and numbers, with tabs between, as many numbers in every line.
   Meanings: the label is an intent's code; writes a row of weights for each intent, one output
   against the rest, so that the first number of each line should be 1.
   Choices: the numbers are those of what is right less those of what is wrong, whatever the label;
   writes one row. Logistic regression (LIBLINEAR), as the body of a C table. */
enum err context_fit(const char *rows, bool choices, const char *out, struct errbuf *eb) MUST_USE;

#endif

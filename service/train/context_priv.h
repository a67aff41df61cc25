/* How the evidence of a conversation speaks for each meaning: learned from scenes. */
#ifndef LINLI_TRAIN_CONTEXT_PRIV_H
#define LINLI_TRAIN_CONTEXT_PRIV_H

#include "base/err.h"

/* `rows`: lines of an intent's code and numbers, with tabs between, as many numbers in every line.
   Writes a C table of a row of weights for each intent: one output against the rest, by logistic
   regression (LIBLINEAR), so that the first number of each line should be 1. */
enum err context_fit(const char *rows, const char *out, struct errbuf *eb) MUST_USE;

#endif

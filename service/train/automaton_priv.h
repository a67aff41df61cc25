/* Builds the Aho–Corasick automaton of text/lexicon.h. */
#ifndef LINLI_TRAIN_AUTOMATON_PRIV_H
#define LINLI_TRAIN_AUTOMATON_PRIV_H

#include "base/str.h"
#include "text/lexicon.h"

struct automaton;
struct automaton *automaton_new(void);
void automaton_free(struct automaton **a);
/* The word's entry: `entry`, or the earlier one when the word is there already. */
uint32_t automaton_add(struct automaton *a, struct str word, uint32_t entry);
/* Lay the words out; to be called once. The states live until automaton_free. */
const struct lexicon_state *automaton_finish_borrow(struct automaton *a, uint32_t *n_r);

#endif

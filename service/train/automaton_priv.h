/* Builds the Aho–Corasick automaton of text/lexicon.h. */
#ifndef LINLI_TRAIN_AUTOMATON_PRIV_H
#define LINLI_TRAIN_AUTOMATON_PRIV_H

#include <stdbool.h>

#include "base/str.h"
#include "text/lexicon.h"

struct automaton;
struct automaton *automaton_new(void);
void automaton_free(struct automaton **a);
/* The word's entry: `entry`, or the earlier one when the word is there already. */
uint32_t automaton_add(struct automaton *a, struct str word, uint32_t entry);
/* Lay the words out and link the entries; to be called once. The views live until
   automaton_free. False: they are more than a state has bits for. */
bool automaton_finish(struct automaton *a, struct lexicon_entry *entries, struct lexicon *lex_r);

#endif

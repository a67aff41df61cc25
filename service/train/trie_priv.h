/* Builds the trie of text/lexicon.h. */
#ifndef LINLI_TRAIN_TRIE_PRIV_H
#define LINLI_TRAIN_TRIE_PRIV_H

#include <stdbool.h>

#include "base/str.h"
#include "text/lexicon.h"

struct trie;
struct trie *trie_new(void);
void trie_free(struct trie **a);
/* The word's entry: `entry`, or the earlier one when the word is there already. */
uint32_t trie_add(struct trie *a, struct str word, uint32_t entry);
/* Of a normalised text: what texts come by most often will lie together. Once laid out. */
void trie_visit(struct trie *a, struct str text);
/* Lay the words out, and order the entries, which are numbered anew; no word may be added
   any more. The views live until the next call or trie_free. False: they are more than a state
   has bits for. */
bool trie_finish(struct trie *a, struct lexicon_entry *entries, struct lexicon *lex_r);

#endif

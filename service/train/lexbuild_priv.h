/* The lexicon's text files, compiled into the trie's arrays. */
#ifndef LINLI_TRAIN_LEXBUILD_PRIV_H
#define LINLI_TRAIN_LEXBUILD_PRIV_H

#include "base/err.h"
#include "corpus_priv.h"
#include "text/lexicon.h"

struct lexbuild; /* owns the arrays */

/* Fields are separated by tabs, words joined by commas, # begins a comment.
   items: `concept, category, words (a semicolon begins the next thing of the family), near
   concepts as name=weight or -`; cues: `cue or topic:category, phrases`; classes: `name, words`. */
struct lexbuild_paths {
    const char *items, *cues, *classes;
};
enum err lexbuild_new(const struct lexbuild_paths *paths, struct lexbuild **b_r,
                      struct errbuf *eb) MUST_USE;
/* Lays it out anew, so that what texts come by stays in the caches. No word's meaning changes, but
   the numbers of entries, letters and states do. */
enum err lexbuild_lay_out(struct lexbuild *b, const struct corpus *texts,
                          struct errbuf *eb) MUST_USE;
void lexbuild_free(struct lexbuild **b);
const struct lexicon *lexbuild_view_borrow(const struct lexbuild *b); /* until lexbuild_free */

#endif

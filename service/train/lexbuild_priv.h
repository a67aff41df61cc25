/* The lexicon's text files, compiled into the automaton's arrays. */
#ifndef LINLI_TRAIN_LEXBUILD_PRIV_H
#define LINLI_TRAIN_LEXBUILD_PRIV_H

#include "base/err.h"
#include "text/lexicon.h"

struct lexbuild; /* owns the arrays */

/* items: `concept, category, words joined by a comma (a semicolon begins the next thing of the
   family), near concepts as name=weight joined by a
   comma or -`; cues: `cue or topic:category, phrases joined by a comma`; both separated by tabs, #
   comments. */
enum err lexbuild_new(const char *items_path, const char *cues_path, struct lexbuild **b_r,
                      struct errbuf *eb) MUST_USE;
void lexbuild_free(struct lexbuild **b);
const struct lexicon *lexbuild_view_borrow(const struct lexbuild *b); /* until lexbuild_free */

#endif

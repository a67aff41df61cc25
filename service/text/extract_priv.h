/* Fills the slots of the normalised message in `work`: what the grammars find, weighed against each
   other, in the message's own bytes. */
#ifndef LINLI_TEXT_EXTRACT_PRIV_H
#define LINLI_TEXT_EXTRACT_PRIV_H

#include "model_priv.h"
#include "work_priv.h"

/* `text`: the message itself, for the words as written. */
void extract_items(const struct lexicon *lex, const struct text_work *w, struct str text,
                   struct slots *out);
/* Contacts, place, time and quantity; the intent and the items are there already. */
void extract_grammars(struct text_work *w, const struct text_query *q, struct reading *out);

#endif

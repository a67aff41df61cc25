/* The grammars: each looks at the normalised message in `work` and fills its slot. */
#ifndef LINLI_TEXT_EXTRACT_PRIV_H
#define LINLI_TEXT_EXTRACT_PRIV_H

#include "model_priv.h"
#include "work_priv.h"

void extract_items(const struct lexicon *lex, const struct text_work *w, struct slots *out);

#endif

/* Labelled events as JSON: in the store, in the API, and a line each for the trainer. */
#ifndef LINLI_CODEC_LABELLED_H
#define LINLI_CODEC_LABELLED_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/labelled.h"

void labelled_encode(const struct labelled *l, struct buf *out);
/* Every code is checked, and that the labels can be; the error's pointer names the member. Members
   that are not known are passed over. Strings live in `a`. */
enum err labelled_decode(struct str json, struct arena *a, struct labelled *out,
                         struct errbuf *eb) MUST_USE;
/* By what the JSON of a label is known that has the text of that message, its own or a line beside
   it: it holds both of these. */
void labelled_marks(const char *community, const char *group, const char *message,
                    struct buf *group_r, struct buf *message_r);

#endif

/* The normaliser: one form for what people write in many. Normalising twice changes nothing. */
#ifndef LINLI_TEXT_NORMAL_H
#define LINLI_TEXT_NORMAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* NFKC, lower case, traditional → simplified, full width → ASCII, emoji and [表情] → one mark each,
   mentions and CQ codes removed, runs of the same mark shortened, white space single.
   out: at least `size` bytes; map (may be NULL) has for each byte written the byte of `text` it
   came from, so that a span in the normalised text can be given in the message's own bytes.
   Bounded: writes at most size bytes, reads at most TEXT_MAX_BYTES. Returns the bytes written. */
size_t text_normalise(struct str text, char *out, uint16_t *map, size_t size);

/* The next code point of `text` at *at, which is moved on; broken bytes give 0 and are passed one
   by one. Not to be called at the end. */
uint32_t text_next(struct str text, size_t *at);

#endif

/* Objects as JSON: one form for Redis and for the API's reading side. */
#ifndef LINLI_CODEC_OBJECT_H
#define LINLI_CODEC_OBJECT_H

#include "base/buf.h"
#include "base/err.h"
#include "model/object.h"

/* Complete: decode(encode(x)) equals x. Times as integers of milliseconds; empty fields left out.
 */
void object_encode(enum object_kind kind, const void *object, struct buf *out);
enum err object_decode(enum object_kind kind, struct str json, void **object_r,
                       struct errbuf *eb) MUST_USE;
void talk_encode(const struct talk *t, struct buf *out);
enum err talk_decode(struct str json, struct talk **t_r, struct errbuf *eb) MUST_USE;

/* The API's face of an object: times as RFC 3339, codes as words, contacts masked, never sealed
 * text. */
struct json_out;
void object_show(enum object_kind kind, const void *object, int zone_min, struct json_out *j);

#endif

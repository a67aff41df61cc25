/* The directory inside another document. */
#ifndef LINLI_CODEC_DIRECTORY_PRIV_H
#define LINLI_CODEC_DIRECTORY_PRIV_H

#include "codec/folder.h"
#include "codec/json.h"

enum err directory_decode_json(const struct json *root, struct directory *out,
                               struct errbuf *eb) MUST_USE;
/* Objects from and to a parsed document. */
void *object_from_json(enum object_kind kind, const struct json *root);
void object_to_json(enum object_kind kind, const void *object, struct json_out *j);

#endif

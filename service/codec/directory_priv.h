/* The directory inside another document. */
#ifndef LINLI_CODEC_DIRECTORY_PRIV_H
#define LINLI_CODEC_DIRECTORY_PRIV_H

#include "codec/folder.h"
#include "codec/json.h"

enum err directory_decode_json(const struct json *root, struct directory *out,
                               struct errbuf *eb) MUST_USE;
/* Check one row (list: 0 places, 1 groups, 2 parties, 3 resources) and add it; `i` is for the
 * pointer. */
enum err directory_add_row(struct directory *d, int list, int i, const struct json *v,
                           struct errbuf *eb) MUST_USE;
enum err directory_set_community(struct directory *d, struct errbuf *eb) MUST_USE;
/* Objects from and to a parsed document. */
void *object_from_json(enum object_kind kind, const struct json *root);
void object_to_json(enum object_kind kind, const void *object, struct json_out *j);

#endif

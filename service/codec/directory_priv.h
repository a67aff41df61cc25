/* The directory inside another document. */
#ifndef LINLI_CODEC_DIRECTORY_PRIV_H
#define LINLI_CODEC_DIRECTORY_PRIV_H

#include "codec/folder.h"
#include "codec/json.h"
#include "model/check.h"

/* `community` NULL: that of the one place of that kind, which has to be there. */
enum err directory_decode_json(const struct json *root, const char *community,
                               struct directory *out, struct errbuf *eb) MUST_USE;
void directory_add(struct directory *d, enum object_kind kind, void *row); /* takes the row */
void directory_of(struct directory *d, const char *community);             /* in all rows */
enum err directory_set_community(struct directory *d, struct errbuf *eb) MUST_USE;

/* --- row.c: one row, of whatever kind --- */
typedef void row_fault_fn(void *arg, enum fault_sort sort, const char *member, const char *what);
/* Tells all that is wrong with it; true: nothing. `part`: a member that is missing is in order. */
bool row_check(enum object_kind kind, const struct json *v, bool part, row_fault_fn *fn, void *arg);
void *row_from_json(enum object_kind kind, const struct json *v); /* of one that is in order */
void row_patch(enum object_kind kind, void *object, const struct json *v);

/* Objects from and to a parsed document. */
void *object_from_json(enum object_kind kind, const struct json *root);
void object_to_json(enum object_kind kind, const void *object, struct json_out *j);
/* The members that are there and of which `is` says so; null empties one. */
void object_patch(enum object_kind kind, void *object, const struct json *root,
                  bool (*is)(enum object_kind kind, const char *member));

#endif

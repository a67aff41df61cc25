/* A community folder of CSV files, as DESIGN.md section 9 has it. Home of libcsv. */
#ifndef LINLI_CODEC_FOLDER_H
#define LINLI_CODEC_FOLDER_H

#include "base/buf.h"
#include "base/err.h"
#include "model/entry.h"

/* Read places.csv, groups.csv, parties.csv, resources.csv, holidays.csv below `path` (a missing
   file is no rows; none at all is an error). Every fault is written to `faults` as
   `file:line:column: what`, and then ERR_BAD_FIELD is returned; rows and arrays are on the heap:
   directory_deinit. `community` is the one place of kind community, set in all rows. */
enum err folder_read(const char *path, struct directory *out, struct buf *faults,
                     struct errbuf *eb) MUST_USE;
/* The same, and what the rows say of each other (model/check.h): references are looked for in the
   folder and in what is known, or in the folder alone. Notes are written to `faults`, too, as
   `file:line:column: note: what`, and refuse nothing. */
struct check_against;
enum err folder_check(const char *path, const struct check_against *against, struct directory *out,
                      struct buf *faults, struct errbuf *eb) MUST_USE;
/* The five files, of which folder_read gives the same rows again; the folder is made if need be.
   A party that was merged into another one is left out. */
enum err folder_write(const char *path, const struct directory *d, struct errbuf *eb) MUST_USE;
/* A cell as that member of a row's JSON. NULL, or what is wrong with it. */
struct column;
struct json_out;
const char *folder_cell(const struct column *c, const char *cell, struct json_out *j) MUST_USE;
void directory_deinit(struct directory *d);
/* As the body of POST /v1/import, and back. Faults carry the JSON pointer. */
void directory_encode(const struct directory *d, struct buf *out);
enum err directory_decode(struct str json, struct directory *out, struct errbuf *eb) MUST_USE;
/* One row of that id as the only one of `out`. `base`: what stands there now, of which the members
   of `body` are changed; NULL: the body is all of it. Faults carry the JSON pointer in the body. */
struct json;
enum err directory_decode_row(enum object_kind kind, const char *community, const char *id,
                              const void *base, const struct json *body, struct directory *out,
                              struct errbuf *eb) MUST_USE;
/* What GET lists have shown of one kind, a page at a time, added to `out`. */
enum err directory_add_shown(enum object_kind kind, const struct json *items, struct directory *out,
                             struct errbuf *eb) MUST_USE;

#endif

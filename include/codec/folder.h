/* A community folder of CSV files, as DESIGN.md section 9 has it. Home of libcsv. */
#ifndef LINLI_CODEC_FOLDER_H
#define LINLI_CODEC_FOLDER_H

#include "base/buf.h"
#include "base/err.h"
#include "model/entry.h"

/* Read places.csv, groups.csv, parties.csv, resources.csv below `path` (a missing file is no rows;
   none at all is an error). Every fault is written to `faults` as `file:line:column: what`, and
   then ERR_BAD_FIELD is returned; rows and arrays are on the heap: directory_deinit. `community`
   is the one place of kind community, set in all rows. */
enum err folder_read(const char *path, struct directory *out, struct buf *faults,
                     struct errbuf *eb) MUST_USE;
void directory_deinit(struct directory *d);
/* As the body of POST /v1/import, and back. Faults carry the JSON pointer. */
void directory_encode(const struct directory *d, struct buf *out);
enum err directory_decode(struct str json, struct directory *out, struct errbuf *eb) MUST_USE;

#endif

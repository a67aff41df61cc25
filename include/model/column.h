/* What a row of the directory says of itself, as cells of text: the columns of the CSV files, what
   an audit shows of a change, and by what two rows are the same. */
#ifndef LINLI_MODEL_COLUMN_H
#define LINLI_MODEL_COLUMN_H

#include "base/buf.h"
#include "model/entry.h"

enum column_type {
    COLUMN_TEXT,
    COLUMN_LIST,   /* separated by `;` */
    COLUMN_NUMBER, /* 0 or more */
    COLUMN_YES     /* yes, or no; empty is no */
};
struct column {
    const char *name;
    enum column_type type;
    void (*print)(const void *member, struct buf *out);
    size_t offset;
    bool is_free;   /* people's own words: they may hold a contact */
    bool is_needed; /* a file without it would empty what is known of every row */
};
/* Of one of these kinds; the last one has no name. The id comes first: `id`, of a holiday `date`.
 */
const struct column *columns_of(enum object_kind kind);
const struct column *column_find(enum object_kind kind, const char *name); /* or NULL */
/* The cell as it is read again; nothing where nothing is said. */
void column_print(const struct column *column, const void *row, struct buf *out);
bool column_is_same(const struct column *column, const void *a, const void *b);
/* Do both say the same? Versions, counts and what is promised do not matter. */
bool rows_are_same(enum object_kind kind, const void *a, const void *b);

struct rows { /* one list of a directory, whatever its kind */
    void ***v;
    int *n;
};
struct rows directory_rows(struct directory *d, enum object_kind kind);

#endif

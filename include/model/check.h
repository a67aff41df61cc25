/* What no row of a directory can say by itself: ids that are there twice, references that lead
   nowhere, places in a ring or in no place, two parties with one sender; and what no group may
   read. */
#ifndef LINLI_MODEL_CHECK_H
#define LINLI_MODEL_CHECK_H

#include "model/entry.h"

enum fault_sort {
    FAULT,
    FAULT_DANGLES, /* it points at what is not there */
    FAULT_MERGED,  /* it is, or points at, a party that was merged into another one: an import
                      takes that one instead */
    FAULT_TAKEN,   /* its account is another party's: one person would be two */
    FAULT_NOTE     /* worth a look, and no reason to refuse */
};
struct directory_fault {
    enum fault_sort sort;
    enum object_kind kind;
    int row; /* in its list */
    const char *column;
    char what[160];
};
typedef void directory_fault_fn(void *arg, const struct directory_fault *f);

/* What the rows are held against; all of it is borrowed, and NULL is not looked at. */
struct check_against {
    const struct directory *known; /* what is there already: a row of `d` stands for the known one
                                      of its id */
    int64_t now_ms;
    /* As a group reads a text: text_mask. */
    size_t (*mask)(struct str text, char *out, size_t size);
    bool (*is_connector)(const char *name);
};
/* All faults of `d`, list by list. */
void directory_check(const struct directory *d, const struct check_against *against,
                     directory_fault_fn *fn, void *arg);

#endif

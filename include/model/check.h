/* What no row of a directory can say by itself: ids that are there twice, references that lead
   nowhere, places in a ring, two parties with one sender. */
#ifndef LINLI_MODEL_CHECK_H
#define LINLI_MODEL_CHECK_H

#include "model/entry.h"

enum fault_sort {
    FAULT,
    FAULT_DANGLES, /* it points at what is not there */
    FAULT_MERGED,  /* it is, or points at, a party that was merged into another one */
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

/* All faults of `d`, list by list. `known` is what is there already and is borrowed, or NULL; a row
   of `d` stands for the known one of its id. */
void directory_check(const struct directory *d, const struct directory *known, int64_t now_ms,
                     directory_fault_fn *fn, void *arg);

#endif

/* linlictl dryrun --compare: what another table of policy would have changed. */
#ifndef LINLI_CTL_COMPARE_PRIV_H
#define LINLI_CTL_COMPARE_PRIV_H

#include <stdio.h>

#include "codec/json.h"
#include "core/core.h"

struct comparison;
struct comparison *comparison_new(const struct policy *other, float auto_score); /* borrowed */
void comparison_free(struct comparison **x);
/* An event of a core that decides by the present table, right after its decision. */
void comparison_note(struct comparison *x, const struct core *core, const struct event *e);
void comparison_print(const struct comparison *x, FILE *out); /* for people */
/* {"matches":n,"otherwise":n,"rows":[{"row","why","matches"}],"list":[{"request_message","offer",
   "was","was_why","is","row","why"}]}: rows from 1, null where none fits. */
void comparison_write(const struct comparison *x, struct buf *out);

#endif

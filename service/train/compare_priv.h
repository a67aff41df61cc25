/* Two models side by side: is the new one worse? */
#ifndef LINLI_TRAIN_COMPARE_PRIV_H
#define LINLI_TRAIN_COMPARE_PRIV_H

#include "eval_priv.h"

struct compared {
    const char *name; /* of what they were measured on */
    struct eval was, is;
};
/* Prints the figures of both. */
void compare_print(const struct compared *c, FILE *out);
/* Why the new one is worse, or NULL. On staff's own corrections (strict) nothing may be lost; on
   the held-out corpus a hundredth may, but no emergency. */
const char *compare_worse(const struct compared *c, bool strict);

#endif

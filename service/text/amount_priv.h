/* Quantities in normalised text: 两袋半, 一打, 十来斤, 30个, 2 bags. */
#ifndef LINLI_TEXT_AMOUNT_PRIV_H
#define LINLI_TEXT_AMOUNT_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct amount_match {
    size_t from, to;
    double quantity;
    char unit[16];
    bool plain; /* 一个, 一下: an article rather than a number */
};
/* The first quantity at or behind *at, which is moved past it. False: none left. */
bool amount_next(struct str normal, size_t *at, struct amount_match *out);

#endif

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
    bool plain;       /* 一个, 三块: an article, or money, unless a thing follows */
    bool bare;        /* 4 chairs, 每户两袋米: a number only where a thing follows */
    bool lends_hands; /* 三个人抬沙发: a number only of what is requested */
    bool is_goods;    /* 袋, 斤: what is measured so is goods, whatever it is */
    bool is_used;     /* 打两个孔: done with a thing, unless the thing stands right before */
    bool is_size;     /* 750ml: how large the thing is, where it is counted as well */
};
/* The first quantity at or behind *at, which is moved past it. False: none left. */
bool amount_next(struct str normal, const unsigned char *starts, size_t *at,
                 struct amount_match *out);

#endif

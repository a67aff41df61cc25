/* The table of kin, and the families in a text cut into terms. */
#ifndef LINLI_TEXT_KIN_PRIV_H
#define LINLI_TEXT_KIN_PRIV_H

#include "term_priv.h"
#include "text/compare.h"

/* What the table's first families are for; the others are the kin. */
enum {
    KIN_COMMON,  /* ".": words that every post has */
    KIN_NOTHING, /* "-" */
    KIN_GIVES,
    KIN_ASKS,
    KIN_FIRST
};

enum kin_cover { KIN_PLAIN, KIN_NAMED, KIN_EVERYWHERE };
/* Sets kin[f] of each family named, and how each term is covered: by no word of the table, by some,
   by one that every post has. */
void kin_find(const struct text_kin *k, const struct term *terms, size_t n, uint8_t kin[KIN_MAX],
              enum kin_cover *cover);
/* Weight of two families as kin, 0…1; of one with itself 1. */
double kin_near(const struct text_kin *k, int a, int b);
int kin_families(const struct text_kin *k);

#endif

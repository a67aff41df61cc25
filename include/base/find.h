/* Many short words looked for in one text: nearly all are ruled out by their first three bytes. */
#ifndef LINLI_BASE_FIND_H
#define LINLI_BASE_FIND_H

#include <stdbool.h>
#include <stdint.h>

struct find {
    const char *text;
    uint64_t heads[8]; /* a bit for every three bytes that follow each other in the text, hashed */
};
void find_init(struct find *f, const char *text); /* text is borrowed */
bool find_word(const struct find *f, const char *word);
bool find_any(const struct find *f, const char *const *words); /* NULL ends the list */

#endif

/* The loaded model: typed views into one mapped file. */
#ifndef LINLI_TEXT_MODEL_PRIV_H
#define LINLI_TEXT_MODEL_PRIV_H

#include "need_priv.h"
#include "text/lexicon.h"
#include "text/model_file.h"
#include "text/text.h"

struct text_model {
    const unsigned char *map;
    size_t map_bytes;
    const uint32_t *index;
    unsigned key_shift; /* a key's bucket: key >> key_shift */
    const struct model_row *rows;
    uint32_t n_rows; /* with the last one, which is no feature's */
    const struct model_output *outputs;
    struct str meta;
    struct lexicon lexicon;
    struct needs *needs; /* owned */
    char version[64];
};

#endif

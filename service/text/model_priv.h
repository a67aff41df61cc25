/* The loaded model: typed views into one mapped file. */
#ifndef LINLI_TEXT_MODEL_PRIV_H
#define LINLI_TEXT_MODEL_PRIV_H

#include "text/lexicon.h"
#include "text/model_file.h"
#include "text/text.h"

struct text_model {
    const unsigned char *map;
    size_t map_bytes;
    const uint32_t *index, *keys;
    uint32_t n_keys;
    unsigned key_shift; /* a key's bucket: key >> key_shift */
    const int8_t (*rows)[MODEL_ROW_BYTES];
    const struct model_output *outputs;
    struct str meta;
    struct lexicon lexicon;
    char version[64];
};

#endif

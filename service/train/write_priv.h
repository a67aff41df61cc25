/* Writes the model's file (text/model_file.h). */
#ifndef LINLI_TRAIN_WRITE_PRIV_H
#define LINLI_TRAIN_WRITE_PRIV_H

#include "calibrate_priv.h"

struct written {
    uint32_t rows;
    size_t bytes;
};
/* `meta`: lines name=value. The file appears whole or not at all. In `w` and `c` the modes become
   their differences to the last one. */
enum err write_model(const char *path, const struct samples *s, struct weights *w,
                     struct calibration *c, const struct lexicon *lex, const char *meta,
                     struct written *out_r, struct errbuf *eb) MUST_USE;

#endif

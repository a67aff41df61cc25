/* Models in the store: who runs which, for every daemon; a few of them as they are (KEYS.md). A
   version is "" for the model that came with the program. */
#ifndef LINLI_STORE_MODELS_H
#define LINLI_STORE_MODELS_H

#include "store/store.h"

#define MODEL_VERSION_SIZE 64
#define MODEL_UPLOAD_MOST (16 << 20) /* bytes */
#define MODELS_KEPT 3

/* The fields of the state: current, previous, at_ms, by, note; none when nobody has chosen yet. */
void store_model_state(struct store *s, const struct store_rows_fns *fns);
/* Those kept: version, and the JSON that it was kept with. */
void store_models(struct store *s, const struct store_rows_fns *fns);
/* Who chose what and when, newest first. */
void store_model_log(struct store *s, int count, const struct store_rows_fns *fns);
/* One row, id the version: its bytes, or p NULL when it is not there. */
void store_model_blob(struct store *s, const char *version, const struct store_rows_fns *fns);

/* An upload in parts, under a name of the client's; it is forgotten after ten minutes. A part may
   come again. ERR_STALE: what comes before it is not there; ERR_TOO_LARGE. */
void store_model_part(struct store *s, const char *upload, int64_t at, struct str bytes,
                      void (*fn)(void *arg, enum err e, int64_t size), void *arg);
void store_model_upload(struct store *s, const char *upload, const struct store_rows_fns *fns);
/* The upload has been checked: keep it as that version. Beyond MODELS_KEPT the oldest goes that is
   neither current nor previous. ERR_NOT_FOUND: the upload is gone. */
void store_model_keep(struct store *s, const char *upload, const char *version, struct str about,
                      store_fn *fn, void *arg);
/* Let every daemon run it; version NULL: the previous one. `instead_of` is what the person saw
   running: ERR_STALE when it no longer does. ERR_NOT_FOUND: there is no such version. */
void store_model_use(struct store *s, const char *version, const char *instead_of,
                     const char *actor, const char *note, store_fn *fn, void *arg);

#endif

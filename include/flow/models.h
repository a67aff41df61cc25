/* The model that a loop reads with, and models that are brought in. */
#ifndef LINLI_FLOW_MODELS_H
#define LINLI_FLOW_MODELS_H

#include "flow/flow.h"
#include "store/models.h"

/* The chosen version that runs; "": the model that came with the program. */
const char *flow_model_running(const struct flow *f);
const char *flow_model_version(const struct flow *f); /* the model's own name, never "" */

/* An upload is whole: check it as every model is checked, and keep it. `about`: JSON of what it
   is, until the callback returns. ERR_BAD_FIELD says what is wrong with the file. */
typedef void flow_model_fn(void *arg, enum err e, const struct errbuf *eb, struct str about);
void flow_model_bring(struct flow *f, const char *upload, const char *actor, flow_model_fn *fn,
                      void *arg);

#endif

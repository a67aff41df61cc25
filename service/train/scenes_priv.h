/* Scenes: whole conversations with what each message means (service/core/scenes/README.md). A
   message comes with one that it answers, or that stands before it. */
#ifndef LINLI_TRAIN_SCENES_PRIV_H
#define LINLI_TRAIN_SCENES_PRIV_H

#include "corpus_priv.h"

/* Add the messages of all *.jsonl of a folder, by name, but for some of them (corpus_each_file):
   what a conversation makes of a message is learned from messages that the model has not seen. The
   error names file and line. */
enum err corpus_add_scenes(struct corpus *c, const char *folder, int but,
                           struct errbuf *eb) MUST_USE;

#endif

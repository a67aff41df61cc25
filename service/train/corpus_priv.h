/* Labelled messages, a line each:
   intent, category or -, urgency, mode or -, flags joined by a comma or -, context or -, text
   separated by tabs; the context is `intent:text` of the message that this one answers.
   In both texts \n is a line's end. A line that begins with # names the register of those behind
   it, up to its colon or full stop. */
#ifndef LINLI_TRAIN_CORPUS_PRIV_H
#define LINLI_TRAIN_CORPUS_PRIV_H

#include "base/err.h"
#include "model/label.h"

/* Of a closure. */
enum outcome { OUTCOME_UNKNOWN, OUTCOME_MET, OUTCOME_WITHDRAWN };

struct example {
    enum intent intent;
    enum category category;
    enum urgency urgency;
    enum mode mode;
    unsigned flags;
    bool bare; /* flags, and where there is no category the urgency, are not told */
    enum intent context_intent;
    enum outcome outcome;
    char *context; /* NULL: none */
    char *text;
    size_t part; /* its register: a place in corpus.parts */
};

struct corpus {
    struct example *p;
    size_t n, cap;
    char **parts; /* names of registers, each once */
    size_t n_parts;
};

/* Is it a claim of which it is known what it answers? */
bool example_answers(const struct example *e);

void corpus_push(struct corpus *c, struct example e); /* takes its strings */
/* Add all lines of one file. The error names file and line. */
enum err corpus_add_file(struct corpus *c, const char *path, struct errbuf *eb) MUST_USE;
/* All *.tsv of a folder, by name. */
enum err corpus_add_folder(struct corpus *c, const char *folder, struct errbuf *eb) MUST_USE;
/* The files of a folder with that suffix, by name; without every second one, from the one at `but`
   (0 or 1), unless that is negative. */
#define CORPUS_ALL (-1)
typedef enum err corpus_file_fn(struct corpus *c, const char *path, struct errbuf *eb);
enum err corpus_each_file(struct corpus *c, const char *folder, const char *suffix, int but,
                          corpus_file_fn *fn, struct errbuf *eb) MUST_USE;
size_t corpus_part(struct corpus *c, struct str name); /* the register's place */
void corpus_deinit(struct corpus *c);

#endif

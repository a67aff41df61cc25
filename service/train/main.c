/* linli-train: trains the model from the corpus, or measures one. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "eval_priv.h"
#include "eval_slots_priv.h"
#include "lexbuild_priv.h"
#include "write_priv.h"

#define LEAST_EXAMPLES 2
#define MOST_FEATURES 110000
#define THREADS 2

struct options {
    const char *corpus, *out, *lexicon, *cues, *eval, *eval_slots, *model;
    bool errors;
};

static const struct option long_options[] = {
    {"corpus", required_argument, NULL, 'c'},  {"out", required_argument, NULL, 'o'},
    {"lexicon", required_argument, NULL, 'l'}, {"cues", required_argument, NULL, 'q'},
    {"eval", required_argument, NULL, 'e'},    {"eval-slots", required_argument, NULL, 's'},
    {"model", required_argument, NULL, 'm'},   {"errors", no_argument, NULL, 'x'},
    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
};

static void usage(FILE *out)
{
    fputs("usage: linli-train --corpus FOLDER --out FILE [--lexicon FILE] [--cues FILE]\n"
          "       linli-train --eval FILE.tsv|FOLDER --model FILE [--errors]\n"
          "       linli-train --eval-slots FILE.tsv --model FILE [--errors]\n"
          "The lexicon and the cues are lexicon.tsv and cues.tsv beside the corpus folder unless "
          "named.\n",
          out);
}

static int parse(int argc, char **argv, struct options *o)
{
    int c;

    while ((c = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        switch (c) {
        case 'c':
            o->corpus = optarg;
            break;
        case 'o':
            o->out = optarg;
            break;
        case 'l':
            o->lexicon = optarg;
            break;
        case 'q':
            o->cues = optarg;
            break;
        case 'e':
            o->eval = optarg;
            break;
        case 's':
            o->eval_slots = optarg;
            break;
        case 'm':
            o->model = optarg;
            break;
        case 'x':
            o->errors = true;
            break;
        case 'h':
            usage(stdout);
            exit(0);
        default:
            return 2;
        }
    }
    return (o->corpus && o->out) || ((o->eval || o->eval_slots) && o->model) ? 0 : 2;
}

static void describe(struct buf *meta, const struct samples *s, const struct corpus *corpus,
                     const struct lexicon *lex, const struct calibration *c)
{
    int h;

    buf_addf(meta, "examples=%zu\nfeatures=%u\nwords=%u\n", corpus->n, s->n_vocabulary,
             lex->n_entries);
    for (h = 0; h < HEADS; h++)
        buf_addf(meta, "%s_%s=%.4f\n", heads[h].name, heads[h].single ? "f1" : "accuracy",
                 c->accuracy[h]);
}

static enum err train_into(const struct options *o, const struct corpus *corpus,
                           const struct lexicon *lex, struct errbuf *eb)
{
    struct samples s;
    struct weights w;
    struct calibration c;
    struct written written = {0};
    struct buf meta;
    enum err res;
    int64_t start_ms = clock_monotonic_ms();

    buf_init(&meta);
    samples_init(&s, corpus, lex, LEAST_EXAMPLES, MOST_FEATURES);
    solve_all(&s, &w, THREADS);
    calibrate(&s, &w, &c);
    describe(&meta, &s, corpus, lex, &c);
    res = write_model(o->out, &s, &w, &c, lex, buf_z_borrow(&meta), &written, eb);
    if (res == ERR_OK)
        printf("%s%s: %u rows, %zu bytes, %.1f s\n", buf_z_borrow(&meta), o->out, written.rows,
               written.bytes, (double)(clock_monotonic_ms() - start_ms) / 1000.0);
    buf_deinit(&meta);
    weights_deinit(&w);
    samples_deinit(&s);
    return res;
}

static enum err run_train(const struct options *o, struct errbuf *eb)
{
    struct corpus corpus = {0};
    struct lexbuild *lex = NULL;
    struct buf items, cues;
    enum err res;

    buf_init(&items);
    buf_init(&cues);
    buf_addf(&items, "%s/../lexicon.tsv", o->corpus);
    buf_addf(&cues, "%s/../cues.tsv", o->corpus);
    res = lexbuild_new(o->lexicon ? o->lexicon : buf_z_borrow(&items),
                       o->cues ? o->cues : buf_z_borrow(&cues), &lex, eb);
    if (res == ERR_OK)
        res = corpus_add_folder(&corpus, o->corpus, eb);
    if (res == ERR_OK && corpus.n == 0)
        res = err_set(eb, ERR_BAD_FIELD, "%s: no labelled messages", o->corpus);
    if (res == ERR_OK)
        res = train_into(o, &corpus, lexbuild_view_borrow(lex), eb);
    lexbuild_free(&lex);
    corpus_deinit(&corpus);
    buf_deinit(&items);
    buf_deinit(&cues);
    return res;
}

static enum err run_eval(const struct options *o, struct errbuf *eb)
{
    struct corpus corpus = {0};
    struct text_model *m = NULL;
    struct eval e;
    size_t n = strlen(o->eval);
    bool file = n > 4 && strcmp(o->eval + n - 4, ".tsv") == 0;
    enum err res = text_load(o->model, &m, eb);

    if (res == ERR_OK)
        res =
            file ? corpus_add_file(&corpus, o->eval, eb) : corpus_add_folder(&corpus, o->eval, eb);
    if (res == ERR_OK) {
        eval_run(m, &corpus, &e);
        if (o->errors)
            eval_print_errors(m, &corpus, stdout);
        printf("model %s\n", text_version_borrow(m));
        eval_print(&e, stdout);
    }
    text_unload(&m);
    corpus_deinit(&corpus);
    return res;
}

static enum err run_eval_slots(const struct options *o, struct errbuf *eb)
{
    struct text_model *m = NULL;
    enum err res = text_load(o->model, &m, eb);

    if (res == ERR_OK)
        res = eval_slots(m, o->eval_slots, o->errors, stdout, eb);
    text_unload(&m);
    return res;
}

int main(int argc, char **argv)
{
    struct options o = {0};
    struct errbuf eb = {{0}, {0}};
    enum err res;

    if (parse(argc, argv, &o) != 0) {
        usage(stderr);
        return 2;
    }
    res = o.eval ? run_eval(&o, &eb) : o.eval_slots ? run_eval_slots(&o, &eb) : run_train(&o, &eb);
    if (res != ERR_OK)
        fprintf(stderr, "linli-train: %s\n", eb.text);
    return res == ERR_OK ? 0 : 1;
}

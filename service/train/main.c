/* linli-train: trains the model from the corpus, or measures one. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "compare_priv.h"
#include "context_priv.h"
#include "eval_priv.h"
#include "eval_slots_priv.h"
#include "labels_priv.h"
#include "lexbuild_priv.h"
#include "scenes_priv.h"
#include "write_priv.h"

#define LEAST_EXAMPLES 2
#define MOST_FEATURES 400000
#define THREADS 2
#define CORRECTION_TIMES 3 /* a correction weighs as so many lines of the corpus */
#define CORRECTIONS_MEASURED 200
#define EXIT_WORSE 3

struct options {
    const char *corpus, *out, *words, *eval, *eval_slots, *model, *labels, *against, *context,
        *choices, *scenes;
    int but;
    bool errors;
};

static const struct option long_options[] = {
    {"corpus", required_argument, NULL, 'c'},
    {"out", required_argument, NULL, 'o'},
    {"words", required_argument, NULL, 'w'},
    {"eval", required_argument, NULL, 'e'},
    {"model", required_argument, NULL, 'm'},
    {"labels", required_argument, NULL, 'b'},
    {"against", required_argument, NULL, 'a'},
    {"context", required_argument, NULL, 'v'},
    {"choices", required_argument, NULL, 'd'},
    {"scenes", required_argument, NULL, 'S'},
    {"but", required_argument, NULL, 'B'},
    {"errors", no_argument, NULL, 'x'},
    {"eval-slots", required_argument, NULL, 's'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static void usage(FILE *out)
{
    fputs(
        "usage: linli-train --corpus FOLDER --out FILE [--scenes FOLDER [--but 0|1]]\n"
        "                   [--labels FILE] [--words FOLDER]\n"
        "       linli-train --eval FILE.tsv|FOLDER --model FILE [--errors]\n"
        "       linli-train --eval FILE.tsv|FOLDER --model FILE --against FILE [--labels FILE]\n"
        "       linli-train --eval-slots FILE.tsv --model FILE [--errors]\n"
        "       linli-train --context ROWS --out FILE\n"
        "       linli-train --choices ROWS --out FILE\n"
        "Labels are what staff said, as `linlictl labels` prints them; a fifth of them is never\n"
        "trained on. Against another model: both side by side; exit code 3 when this one is "
        "worse.\n"
        "Scenes are conversations as in service/core/scenes; --but leaves every second file out.\n"
        "The words are lexicon.tsv, cues.tsv and classes.tsv, beside the corpus folder unless "
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
        case 'w':
            o->words = optarg;
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
        case 'b':
            o->labels = optarg;
            break;
        case 'a':
            o->against = optarg;
            break;
        case 'v':
            o->context = optarg;
            break;
        case 'd':
            o->choices = optarg;
            break;
        case 'S':
            o->scenes = optarg;
            break;
        case 'B':
            o->but = optarg[0] == '0' ? 0 : 1;
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
    return ((o->corpus || o->context || o->choices) && o->out) ||
                   ((o->eval || o->eval_slots) && o->model)
               ? 0
               : 2;
}

static void describe(struct buf *meta, const struct samples *s, const struct corpus *corpus,
                     size_t corrections, const struct lexicon *lex, const struct calibration *c)
{
    int h;

    buf_addf(meta, "examples=%zu\ncorrections=%zu\nfeatures=%u\nwords=%u\n", corpus->n, corrections,
             s->n_vocabulary, lex->n_entries);
    for (h = 0; h < HEADS; h++)
        buf_addf(meta, "%s_%s=%.4f\n", heads[h].name,
                 heads[h].kind == HEAD_FLAGS ? "f1" : "accuracy", c->accuracy[h]);
}

static enum err train_into(const struct options *o, const struct corpus *corpus, size_t corrections,
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
    describe(&meta, &s, corpus, corrections, lex, &c);
    res = write_model(o->out, &s, &w, &c, lex, buf_z_borrow(&meta), &written, eb);
    if (res == ERR_OK)
        printf("%s%s: %u rows, %zu bytes, %.1f s\n", buf_z_borrow(&meta), o->out, written.rows,
               written.bytes, (double)(clock_monotonic_ms() - start_ms) / 1000.0);
    buf_deinit(&meta);
    weights_deinit(&w);
    samples_deinit(&s);
    return res;
}

static enum err add_labels(const struct options *o, struct corpus *corpus, size_t *n_r,
                           struct errbuf *eb)
{
    struct label_set labels = {0};
    enum err res = labels_read(&labels, o->labels, stderr, eb);

    if (res == ERR_OK) {
        *n_r = labels_add_training(&labels, corpus, CORRECTION_TIMES);
        printf("corrections: %zu trained on, %zu held out, %zu lines passed over\n", *n_r,
               labels.n - *n_r, labels.wrong);
    }
    labels_deinit(&labels);
    return res;
}

static enum err read_words(const struct options *o, struct lexbuild **lex, struct errbuf *eb)
{
    static const char *const names[] = {"lexicon.tsv", "cues.tsv", "classes.tsv"};
    struct buf paths[3];
    enum err res;
    int i;

    for (i = 0; i < 3; i++) {
        buf_init(&paths[i]);
        buf_addf(&paths[i], "%s%s/%s", o->words ? o->words : o->corpus, o->words ? "" : "/..",
                 names[i]);
    }
    res = lexbuild_new(&(struct lexbuild_paths){.items = buf_z_borrow(&paths[0]),
                                                .cues = buf_z_borrow(&paths[1]),
                                                .classes = buf_z_borrow(&paths[2])},
                       lex, eb);
    for (i = 0; i < 3; i++)
        buf_deinit(&paths[i]);
    return res;
}

static enum err run_train(const struct options *o, struct errbuf *eb)
{
    struct corpus corpus = {0};
    struct lexbuild *lex = NULL;
    size_t corrections = 0;
    enum err res = read_words(o, &lex, eb);

    if (res == ERR_OK)
        res = corpus_add_folder(&corpus, o->corpus, eb);
    if (res == ERR_OK && corpus.n == 0)
        res = err_set(eb, ERR_BAD_FIELD, "%s: no labelled messages", o->corpus);
    if (res == ERR_OK && o->scenes)
        res = corpus_add_scenes(&corpus, o->scenes, o->but, eb);
    if (res == ERR_OK)
        res = lexbuild_lay_out(lex, &corpus, eb); /* the same with or without corrections */
    if (res == ERR_OK && o->labels)
        res = add_labels(o, &corpus, &corrections, eb);
    if (res == ERR_OK)
        res = train_into(o, &corpus, corrections, lexbuild_view_borrow(lex), eb);
    lexbuild_free(&lex);
    corpus_deinit(&corpus);
    return res;
}

static enum err add_held_out(const struct options *o, struct corpus *c, struct errbuf *eb)
{
    size_t n = strlen(o->eval);
    bool file = n > 4 && strcmp(o->eval + n - 4, ".tsv") == 0;

    return file ? corpus_add_file(c, o->eval, eb) : corpus_add_folder(c, o->eval, eb);
}

static enum err run_eval(const struct options *o, struct errbuf *eb)
{
    struct corpus corpus = {0};
    struct text_model *m = NULL;
    struct eval e;
    enum err res = text_load(o->model, &m, eb);

    if (res == ERR_OK)
        res = add_held_out(o, &corpus, eb);
    if (res == ERR_OK) {
        eval_run(m, &corpus, &e);
        if (o->errors)
            eval_print_errors(m, &corpus, stdout);
        printf("model %s\n", text_version_borrow(m));
        eval_print(&e, stdout);
        printf("by register:\n");
        eval_print_parts(m, &corpus, stdout);
    }
    text_unload(&m);
    corpus_deinit(&corpus);
    return res;
}

static void compare(const struct text_model *was, const struct text_model *is, const char *name,
                    const struct corpus *corpus, bool strict, const char **worse)
{
    struct compared c = {.name = name};
    const char *why;

    eval_run(was, corpus, &c.was);
    eval_run(is, corpus, &c.is);
    compare_print(&c, stdout);
    why = compare_worse(&c, strict);
    if (why && !*worse)
        *worse = why;
}

/* The error stays ERR_OK when the new one is only worse: *worse says why. */
static enum err run_compare(const struct options *o, const char **worse, struct errbuf *eb)
{
    struct corpus held_out = {0}, corrections = {0};
    struct text_model *was = NULL, *is = NULL;
    struct label_set labels = {0};
    enum err res = text_load(o->model, &is, eb);

    if (res == ERR_OK)
        res = text_load(o->against, &was, eb);
    if (res == ERR_OK)
        res = add_held_out(o, &held_out, eb);
    if (res == ERR_OK && o->labels)
        res = labels_read(&labels, o->labels, stderr, eb);
    if (res == ERR_OK) {
        labels_add_held_out(&labels, &corrections, CORRECTIONS_MEASURED);
        printf("now %s, new %s\n", text_version_borrow(was), text_version_borrow(is));
        compare(was, is, "held out", &held_out, false, worse);
        compare(was, is, "corrections", &corrections, true, worse);
    }
    labels_deinit(&labels);
    corpus_deinit(&held_out);
    corpus_deinit(&corrections);
    text_unload(&was);
    text_unload(&is);
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
    struct options o = {.but = CORPUS_ALL};
    struct errbuf eb = {{0}, {0}};
    const char *worse = NULL;
    enum err res;

    if (parse(argc, argv, &o) != 0) {
        usage(stderr);
        return 2;
    }
    res = o.context             ? context_fit(o.context, false, o.out, &eb)
          : o.choices           ? context_fit(o.choices, true, o.out, &eb)
          : o.eval && o.against ? run_compare(&o, &worse, &eb)
          : o.eval              ? run_eval(&o, &eb)
          : o.eval_slots        ? run_eval_slots(&o, &eb)
                                : run_train(&o, &eb);
    if (res != ERR_OK)
        fprintf(stderr, "linli-train: %s\n", eb.text);
    if (worse)
        fprintf(stderr, "linli-train: the new model is worse: %s\n", worse);
    return res != ERR_OK ? 1 : worse ? EXIT_WORSE : 0;
}

/* Understanding, on one thread: every message of the corpus folders named (default:
   service/text/corpus tests/corpus) with all heads and slots, and its intent alone. Medians of five
   rounds. Counts calls of the heap, and times texts of growing length (not with --speed). With
   --labels FILE or
   --texts FILE it writes the messages as fastText wants them (tests/bench/fasttext). */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "text/text.h"

#include "heap.h"

#define RUNS 5

struct texts {
    char **p, **intents;
    size_t n, cap, bytes;
};

static void add(struct texts *t, struct str intent, struct str s)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 4096;
        t->p = mem_grow(t->p, t->cap, sizeof *t->p);
        t->intents = mem_grow(t->intents, t->cap, sizeof *t->intents);
    }
    t->intents[t->n] = mem_dup_str(intent);
    t->p[t->n++] = mem_dup_str(s);
    t->bytes += s.n;
}

static void add_file(struct texts *t, const char *path)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;

    while (f && (n = getline(&line, &cap, f)) > 0) {
        struct str s = str_trim((struct str){line, (size_t)n});
        struct str intent;
        int tabs;

        if (s.n == 0 || s.p[0] == '#')
            continue;
        intent = str_cut(&s, '\t');
        for (tabs = 1; tabs < 6; tabs++)
            str_cut(&s, '\t');
        if (s.n > 0)
            add(t, intent, s);
    }
    free(line);
    if (f)
        fclose(f);
}

static void add_folder(struct texts *t, const char *folder)
{
    struct dirent **names = NULL;
    int i, n = scandir(folder, &names, NULL, alphasort);

    for (i = 0; i < n; i++) {
        char path[1024];
        size_t len = strlen(names[i]->d_name);

        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        if (len > 4 && strcmp(names[i]->d_name + len - 4, ".tsv") == 0)
            add_file(t, path);
        free(names[i]);
    }
    free(names);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static struct text_query query_of(const char *text)
{
    return (struct text_query){
        .text = str_of(text), .time_ms = INT64_C(1795392000000), .zone_min = 480};
}

static void read_full(const struct text_model *m, struct text_work *w, const char *text)
{
    struct text_query q = query_of(text);
    struct reading r;

    text_read(m, w, &q, &r);
}

static void read_intent(const struct text_model *m, struct text_work *w, const char *text)
{
    struct text_query q = query_of(text);
    float p[INTENT_N];

    text_intent(m, w, &q, p);
}

typedef void read_fn(const struct text_model *, struct text_work *, const char *);

static int64_t read_all(const struct text_model *m, struct text_work *w, const struct texts *t,
                        read_fn *read)
{
    int64_t start = clock_monotonic_ns();
    size_t i;

    for (i = 0; i < t->n; i++)
        read(m, w, t->p[i]);
    return clock_monotonic_ns() - start;
}

/* Of three readings of each message the fastest, so that a neighbour's burst on the machine is not
   taken for the message's own cost; those of at most 200 characters. */
static void tail(const struct text_model *m, struct text_work *w, const struct texts *t)
{
    int64_t *each = mem_new((t->n + 1) * sizeof *each);
    size_t i, n = 0;
    int k;

    for (i = 0; i < t->n; i++) {
        int64_t best = INT64_MAX;

        if (str_utf8_chars(str_of(t->p[i])) > 200)
            continue;
        for (k = 0; k < 3; k++) {
            int64_t start = clock_monotonic_ns(), took;

            read_full(m, w, t->p[i]);
            took = clock_monotonic_ns() - start;
            best = took < best ? took : best;
        }
        each[n++] = best;
    }
    qsort(each, n, sizeof *each, by_value);
    printf("up to 200 characters: %zu messages, p50 %.2f us, p99 %.2f us, most %.2f us\n", n,
           (double)each[n / 2] / 1e3, (double)each[n * 99 / 100] / 1e3, (double)each[n - 1] / 1e3);
    free(each);
}

static void measure(const struct text_model *m, struct text_work *w, const struct texts *t,
                    const char *name, read_fn *read)
{
    int64_t runs[RUNS];
    size_t before;
    double s;
    int i;

    read_all(m, w, t, read);
    before = heap_calls;
    for (i = 0; i < RUNS; i++)
        runs[i] = read_all(m, w, t, read);
    qsort(runs, RUNS, sizeof *runs, by_value);
    s = (double)runs[RUNS / 2] / 1e9;
    printf("%s: %zu messages of %.0f bytes, %.0f messages/s, %.2f us a message, %zu heap calls\n",
           name, t->n, (double)t->bytes / (double)t->n, (double)t->n / s, s * 1e6 / (double)t->n,
           heap_calls - before);
}

/* Texts of growing length, made of the messages one behind the other. */
static void lengths(const struct text_model *m, struct text_work *w, const struct texts *t)
{
    static const size_t chars[] = {100, 500, 1000, 2000, 4000, 8000};
    char *text = mem_new(TEXT_MAX_BYTES + 1);
    size_t n = 0, i, k;

    for (i = 0; i < t->n && n < TEXT_MAX_BYTES; i++) {
        size_t len = strlen(t->p[i]), room = TEXT_MAX_BYTES - n;

        memcpy(text + n, t->p[i], len < room ? len : room);
        n += len < room ? len : room;
    }
    printf("length:");
    for (k = 0; k < sizeof chars / sizeof *chars; k++) {
        struct str s = {text, 0};
        int64_t best = INT64_MAX;
        char keep;

        while (str_utf8_chars(s) < chars[k] && s.n + 4 < n)
            s = str_clip_utf8((struct str){text, n}, s.n + 4);
        keep = text[s.n];
        text[s.n] = '\0';
        for (i = 0; i < 20; i++) {
            int64_t start = clock_monotonic_ns(), took;

            read_full(m, w, text);
            took = clock_monotonic_ns() - start;
            best = took < best ? took : best;
        }
        text[s.n] = keep;
        printf(" %zu: %.1f us (%.0f ns a character)", chars[k], (double)best / 1e3,
               (double)best / (double)chars[k]);
    }
    printf("\n");
    free(text);
}

/* Characters apart, so that they are fastText's words. */
static void dump(const struct texts *t, FILE *f, bool labels)
{
    size_t i;

    for (i = 0; i < t->n; i++) {
        struct str s = str_of(t->p[i]);

        if (labels)
            fprintf(f, "__label__%s", t->intents[i]);
        while (s.n > 0) {
            size_t bytes = 1;

            while (bytes < s.n && ((unsigned char)s.p[bytes] & 0xC0) == 0x80)
                bytes++;
            if (s.p[0] != ' ')
                fprintf(f, " %.*s", (int)bytes, s.p);
            s.p += bytes;
            s.n -= bytes;
        }
        fputc('\n', f);
    }
}

static int dump_to(const struct texts *t, const char *path, bool labels)
{
    FILE *f = fopen(path, "w");

    if (!f) {
        perror(path);
        return 1;
    }
    dump(t, f, labels);
    return fclose(f) != 0;
}

static int run(const struct texts *t, bool speed_only)
{
    const char *path = getenv("LINLI_MODEL");
    struct text_model *m = NULL;
    struct text_work *w;
    struct errbuf eb;

    if (text_load(path ? path : "build/linli.model", &m, &eb) != ERR_OK) {
        fprintf(stderr, "bench_text: %s\n", eb.text);
        return 1;
    }
    w = text_work_new();
    measure(m, w, t, "full reading", read_full);
    measure(m, w, t, "intent alone", read_intent);
    if (!speed_only) {
        tail(m, w, t);
        lengths(m, w, t);
    }
    text_work_free(&w);
    text_unload(&m);
    return 0;
}

/* bench_text [--labels FILE | --texts FILE | --speed] [FOLDER…] */
int main(int argc, char **argv)
{
    struct texts t = {0};
    bool speed_only = argc > 1 && strcmp(argv[1], "--speed") == 0;
    bool dumps = argc > 2 && !speed_only && strncmp(argv[1], "--", 2) == 0;
    int i, first = dumps ? 3 : speed_only ? 2 : 1, res = 0;
    size_t k;

    for (i = first; i < argc; i++)
        add_folder(&t, argv[i]);
    if (argc == first) {
        add_folder(&t, "service/text/corpus");
        add_folder(&t, "tests/corpus");
    }
    if (dumps)
        res = dump_to(&t, argv[2], strcmp(argv[1], "--labels") == 0);
    else if (t.n > 0)
        res = run(&t, speed_only);
    for (k = 0; k < t.n; k++) {
        free(t.p[k]);
        free(t.intents[k]);
    }
    free(t.p);
    free(t.intents);
    return res;
}

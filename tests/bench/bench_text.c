/* Reads every message of the corpus folders named (default: service/text/corpus tests/corpus) with
   all heads and slots: messages a second and microseconds a message; median of five runs. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "text/text.h"

#define RUNS 5

struct texts {
    char **p;
    size_t n, cap, bytes;
};

static void add(struct texts *t, struct str s)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 4096;
        t->p = mem_grow(t->p, t->cap, sizeof *t->p);
    }
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
        int tabs;

        if (s.n == 0 || s.p[0] == '#')
            continue;
        for (tabs = 0; tabs < 6; tabs++)
            str_cut(&s, '\t');
        if (s.n > 0)
            add(t, s);
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

static int64_t read_all(const struct text_model *m, struct text_work *w, const struct texts *t,
                        int64_t *each_ns)
{
    int64_t start = clock_monotonic_ns(), before = start, now;
    struct reading r;
    size_t i;

    for (i = 0; i < t->n; i++) {
        struct text_query q = {
            .text = str_of(t->p[i]), .time_ms = INT64_C(1795392000000), .zone_min = 480};

        text_read(m, w, &q, &r);
        if (each_ns) {
            now = clock_monotonic_ns();
            each_ns[i] = now - before;
            before = now;
        }
    }
    return clock_monotonic_ns() - start;
}

static void measure(const struct text_model *m, const struct texts *t)
{
    struct text_work *w = text_work_new();
    int64_t runs[RUNS], *each = mem_new((t->n + 1) * sizeof *each);
    double s;
    int i;

    read_all(m, w, t, NULL);
    for (i = 0; i < RUNS; i++)
        runs[i] = read_all(m, w, t, NULL);
    qsort(runs, RUNS, sizeof *runs, by_value);
    read_all(m, w, t, each);
    qsort(each, t->n, sizeof *each, by_value);
    s = (double)runs[RUNS / 2] / 1e9;
    printf(
        "text_read: %zu messages of %.0f bytes, %.0f messages/s, %.2f us a message, p50 %.2f us, "
        "p99 %.2f us\n",
        t->n, (double)t->bytes / (double)t->n, (double)t->n / s, s * 1e6 / (double)t->n,
        (double)each[t->n / 2] / 1e3, (double)each[t->n * 99 / 100] / 1e3);
    free(each);
    text_work_free(&w);
}

int main(int argc, char **argv)
{
    const char *path = getenv("LINLI_MODEL");
    struct text_model *m = NULL;
    struct texts t = {0};
    struct errbuf eb;
    size_t k;
    int i;

    if (text_load(path ? path : "build/linli.model", &m, &eb) != ERR_OK) {
        fprintf(stderr, "bench_text: %s\n", eb.text);
        return 1;
    }
    for (i = 1; i < argc; i++)
        add_folder(&t, argv[i]);
    if (argc == 1) {
        add_folder(&t, "service/text/corpus");
        add_folder(&t, "tests/corpus");
    }
    if (t.n > 0)
        measure(m, &t);
    for (k = 0; k < t.n; k++)
        free(t.p[k]);
    free(t.p);
    text_unload(&m);
    return t.n == 0;
}

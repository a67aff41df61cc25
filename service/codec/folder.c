#include "codec/folder.h"

#include <csv.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "directory_priv.h"

#define COLUMNS_MAX 32
#define NUMBER_MOST 1e9
#define FILE_MOST_BYTES (32 << 20)

/* What a cell is: text, a list separated by `;`, or a number. */
static const struct {
    const char *name;
    const char *lists, *numbers; /* names of such columns, each with a blank before and behind */
} files[] = {{"places.csv", " aliases ", " "},
             {"groups.csv", " ", " "},
             {"parties.csv", " external_ids roles tags ", " monthly_limit "},
             {"resources.csv", " items ", " capacity "}};
enum { FILES_N = 4 };

struct sheet { /* being read */
    int list, line, rows, n_cells, n_columns;
    char *cells[COLUMNS_MAX], *columns[COLUMNS_MAX];
    int newlines; /* inside the cells of this row */
    int last;     /* what ended the row before: \r\n is one end */
    struct directory *out;
    struct buf *faults;
    bool bad;
};

static void note(struct sheet *s, int column, const char *what)
{
    s->bad = true;
    buf_addf(s->faults, "%s:%d:%d: %s\n", files[s->list].name, s->line, column, what);
}

static void on_cell(void *cell, size_t n, void *arg)
{
    struct sheet *s = arg;
    struct str text = str_trim((struct str){cell, n});
    for (size_t i = 0; i < n; i++)
        s->newlines += ((const char *)cell)[i] == '\n';
    if (s->n_cells == COLUMNS_MAX)
        return;
    s->cells[s->n_cells++] = mem_dup_str(text);
}

static bool among(const char *names, const char *column)
{
    char with[64];
    snprintf(with, sizeof with, " %s ", column);
    return strstr(names, with) != NULL;
}

static void write_cell(struct sheet *s, struct json_out *j, int i)
{
    const char *column = s->columns[i], *cell = s->cells[i];
    char *end;
    if (!cell[0])
        return;
    if (among(files[s->list].lists, column)) {
        struct str rest = str_of(cell);
        json_array(j, column);
        while (rest.n) {
            struct str one = str_trim(str_cut(&rest, ';'));
            if (one.n)
                json_str(j, NULL, one);
        }
        json_array_end(j);
        return;
    }
    if (!among(files[s->list].numbers, column)) {
        json_z(j, column, cell);
        return;
    }
    double v = strtod(cell, &end);
    if (*end || !(v >= 0 && v <= NUMBER_MOST)) /* not a number, too: strtod reads nan */
        note(s, i + 1, "must be a number, 0 or more");
    else
        json_number(j, column, v);
}

static int column_of(const struct sheet *s, const char *member)
{
    for (int i = 0; i < s->n_columns; i++)
        if (!strcmp(s->columns[i], member))
            return i + 1;
    return 1;
}

static void add_row(struct sheet *s)
{
    struct buf text;
    struct json_doc *doc;
    struct errbuf eb = {.text = ""};
    bool before = s->bad;
    s->bad = false;
    buf_init(&text);
    struct json_out j = json_out(&text);
    json_object(&j, NULL);
    for (int i = 0; i < s->n_cells; i++)
        write_cell(s, &j, i);
    json_object_end(&j);
    if (!s->bad) {
        enum err e = json_parse(buf_str_borrow(&text), &doc, &eb);
        if (!e)
            e = directory_add_row(s->out, s->list, s->rows, json_root(doc), &eb);
        const char *member = strrchr(eb.pointer, '/');
        if (e)
            note(s, column_of(s, member ? member + 1 : ""), eb.text);
        json_doc_free(&doc);
    }
    s->rows++;
    s->bad |= before;
    buf_deinit(&text);
}

static void take_header(struct sheet *s)
{
    for (int i = 0; i < s->n_cells; i++) {
        const char *name = s->cells[i];
        if (!strncmp(name, "\xef\xbb\xbf", 3)) /* a spreadsheet's byte-order mark */
            name += 3;
        s->columns[i] = mem_dup(name);
    }
    s->n_columns = s->n_cells;
    if (!s->n_columns || strcmp(s->columns[0], "id") != 0)
        note(s, 1, "the first line must name the columns, `id` first");
}

static void on_row(int c, void *arg)
{
    struct sheet *s = arg;
    bool rest_of_end = c == '\n' && s->last == '\r' && !s->n_cells;
    s->last = rest_of_end ? 0 : c;
    if (rest_of_end)
        return;
    s->line++;
    if (!s->n_cells || (s->n_cells == 1 && !s->cells[0][0]))
        ; /* an empty line */
    else if (!s->n_columns)
        take_header(s);
    else if (s->n_cells > s->n_columns)
        note(s, s->n_columns + 1, "more cells than columns");
    else
        add_row(s);
    s->line += s->newlines;
    s->newlines = 0;
    for (int i = 0; i < s->n_cells; i++)
        free(s->cells[i]);
    s->n_cells = 0;
}

static void read_sheet(struct sheet *s, FILE *f)
{
    struct csv_parser p;
    char part[1 << 14];
    size_t total = 0;
    bool ended = false;
    /* Empty lines are told, for the count; a quote without its end would swallow the rest. */
    if (csv_init(&p, CSV_APPEND_NULL | CSV_EMPTY_IS_NULL | CSV_REPALL_NL | CSV_STRICT |
                         CSV_STRICT_FINI))
        abort();
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0; total += n)
        if (total > FILE_MOST_BYTES || csv_parse(&p, part, n, on_cell, on_row, s) != n) {
            s->line++; /* the row that was not ended */
            note(s, 1,
                 total > FILE_MOST_BYTES ? "the file is larger than 32 MiB"
                                         : csv_strerror(csv_error(&p)));
            ended = true;
            break;
        }
    if (!ended && csv_fini(&p, on_cell, on_row, s)) {
        s->line++;
        note(s, s->n_cells + 1, "a quote without its end");
    }
    csv_free(&p);
    for (int i = 0; i < s->n_cells; i++) /* of a row that was not ended */
        free(s->cells[i]);
    for (int i = 0; i < s->n_columns; i++)
        free(s->columns[i]);
}

enum err folder_read(const char *path, struct directory *out, struct buf *faults, struct errbuf *eb)
{
    int found = 0;
    bool bad = false;
    *out = (struct directory){0};
    for (int list = 0; list < FILES_N; list++) {
        char name[PATH_MAX];
        struct sheet s = {.list = list, .out = out, .faults = faults};
        snprintf(name, sizeof name, "%s/%s", path, files[list].name);
        FILE *f = fopen(name, "re");
        if (!f)
            continue;
        found++;
        read_sheet(&s, f);
        fclose(f);
        bad |= s.bad;
    }
    enum err e = !found ? err_set(eb, ERR_BAD_FIELD, "%.150s holds no places.csv", path)
                 : bad  ? err_set(eb, ERR_BAD_FIELD, "the folder has the faults above")
                        : directory_set_community(out, eb);
    if (e)
        directory_deinit(out);
    return e;
}

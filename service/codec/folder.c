#include "codec/folder.h"

#include <csv.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "directory_priv.h"
#include "model/column.h"

#define COLUMNS_MAX 32
#define NUMBER_MOST 1e9
#define FILE_MOST_BYTES (32 << 20)

struct sheet { /* one file, being read or read */
    enum object_kind kind;
    int line, rows, n_cells, n_columns;
    char *cells[COLUMNS_MAX], *columns[COLUMNS_MAX];
    int newlines; /* inside the cells of this row */
    int last;     /* what ended the row before: \r\n is one end */
    int *lines;   /* of the rows that were taken */
    struct reading *all;
};
struct place_of_fault {
    int kind, line, column, order;
    char *what;
};
struct reading { /* of a folder */
    struct directory *out;
    struct sheet sheets[DIRECTORY_KINDS];
    struct place_of_fault *faults;
    int n_faults;
    bool bad;
};

static void note_at(struct reading *r, enum object_kind kind, int line, int column,
                    enum fault_sort sort, const char *what)
{
    struct buf text;
    buf_init(&text);
    buf_addf(&text, "%s%s", sort == FAULT_NOTE ? "note: " : "", what);
    r->bad |= sort != FAULT_NOTE;
    r->faults = mem_grow(r->faults, (size_t)r->n_faults + 1, sizeof *r->faults);
    r->faults[r->n_faults] =
        (struct place_of_fault){(int)kind, line, column, r->n_faults, buf_take(&text)};
    r->n_faults++;
}

static void note(struct sheet *s, int column, const char *what)
{
    note_at(s->all, s->kind, s->line, column, FAULT, what);
}

static int by_place(const void *a, const void *b)
{
    const struct place_of_fault *x = a, *y = b;
    return x->kind != y->kind       ? x->kind - y->kind
           : x->line != y->line     ? x->line - y->line
           : x->column != y->column ? x->column - y->column
                                    : x->order - y->order;
}

static void write_faults(struct reading *r, struct buf *out)
{
    if (r->n_faults)
        qsort(r->faults, (size_t)r->n_faults, sizeof *r->faults, by_place);
    for (int i = 0; i < r->n_faults; i++) {
        const struct place_of_fault *f = &r->faults[i];
        buf_addf(out, "%s.csv:%d:%d: %s\n", object_kind_code((enum object_kind)f->kind), f->line,
                 f->column, f->what);
        free(f->what);
    }
    free(r->faults);
}

/* --- cells --- */

static void on_cell(void *cell, size_t n, void *arg)
{
    struct sheet *s = arg;
    struct str text = str_trim((struct str){cell, n});
    for (size_t i = 0; i < n; i++)
        s->newlines += ((const char *)cell)[i] == '\n';
    if (s->n_cells == COLUMNS_MAX)
        return;
    if (n && memchr(cell, 0, n)) { /* what stands behind it would be lost */
        s->line++;
        note(s, s->n_cells + 1, "holds a NUL byte");
        s->line--;
    }
    s->cells[s->n_cells++] = mem_dup_str(text);
}

static void write_list(const struct column *c, const char *cell, struct json_out *j)
{
    struct str rest = str_of(cell);
    json_array(j, c->name);
    while (rest.n) {
        struct str one = str_trim(str_cut(&rest, ';'));
        if (one.n)
            json_str(j, NULL, one);
    }
    json_array_end(j);
}

static bool write_yes(const struct column *c, const char *cell, struct json_out *j)
{
    static const char *const words[] = {"no", "yes", "否", "是", "false", "true", "0", "1"};
    for (int i = 0; i < 8; i++)
        if (!strcmp(cell, words[i])) {
            json_bool(j, c->name, i % 2);
            return true;
        }
    return false;
}

const char *folder_cell(const struct column *c, const char *cell, struct json_out *j)
{
    char *end;
    if (c->type == COLUMN_LIST) {
        write_list(c, cell, j);
        return NULL;
    }
    if (c->type == COLUMN_YES)
        return write_yes(c, cell, j) ? NULL : "is not yes or no";
    if (c->type == COLUMN_TEXT) {
        json_z(j, c->name, cell);
        return NULL;
    }
    double v = strtod(cell, &end);
    if (*end || !(v >= 0 && v <= NUMBER_MOST)) /* not a number, too: strtod reads nan */
        return "must be a number, 0 or more";
    json_number(j, c->name, v);
    return NULL;
}

static void write_cell(struct sheet *s, struct json_out *j, int i)
{
    const struct column *c = column_find(s->kind, s->columns[i]);
    const struct column other = {.name = s->columns[i]};
    if (!s->cells[i][0])
        return;
    const char *why = folder_cell(c ? c : &other, s->cells[i], j);
    if (why)
        note(s, i + 1, why);
}

/* --- rows --- */

static int column_of(const struct sheet *s, const char *member)
{
    for (int i = 0; i < s->n_columns; i++)
        if (!strcmp(s->columns[i], member))
            return i + 1;
    return 1;
}

static void on_row_fault(void *arg, enum fault_sort sort, const char *member, const char *what)
{
    struct sheet *s = arg;
    note_at(s->all, s->kind, s->line, column_of(s, member), sort, what);
}

/* Also one that is at fault: what it says of others is looked at, too, and none is kept then. */
static void take_row(struct sheet *s, void *row)
{
    directory_add(s->all->out, s->kind, row);
    s->lines = mem_grow(s->lines, (size_t)s->rows + 1, sizeof *s->lines);
    s->lines[s->rows++] = s->line;
}

/* It cannot be read at all: what leads to its id leads somewhere all the same. */
static void take_id(struct sheet *s)
{
    void *row = s->kind == OBJECT_PARTY ? (void *)NEW(struct party) : (void *)NEW(struct place);
    str_copy(((struct place *)row)->id, ID_SIZE, str_of(s->cells[0])); /* each begins as it does */
    if (s->kind == OBJECT_PLACE)
        ((struct place *)row)->kind = PLACE_KIND_N;
    take_row(s, row);
}

static void add_row(struct sheet *s)
{
    struct buf text;
    struct json_doc *doc;
    struct errbuf eb = {.text = ""};
    buf_init(&text);
    struct json_out j = json_out(&text);
    json_object(&j, NULL);
    if (s->n_cells > s->n_columns)
        note(s, s->n_columns + 1, "more cells than columns");
    for (int i = 0; i < s->n_cells && i < s->n_columns; i++)
        write_cell(s, &j, i);
    json_object_end(&j);
    if (!json_parse(buf_str_borrow(&text), &doc, &eb)) {
        row_check(s->kind, json_root(doc), false, on_row_fault, s);
        void *row = row_from_json(s->kind, json_root(doc));
        enum place_kind kind;
        if (s->kind == OBJECT_PLACE &&
            !place_kind_parse(str_of(json_get_z(json_root(doc), "kind", "")), &kind))
            ((struct place *)row)->kind = PLACE_KIND_N; /* told already */
        take_row(s, row);
    } else {
        note(s, 1, eb.text);
        if (s->kind == OBJECT_PLACE || s->kind == OBJECT_PARTY)
            take_id(s);
    }
    json_doc_free(&doc);
    buf_deinit(&text);
}

/* Only a file that is one at all: its first column is there. */
static void look_for_needed(struct sheet *s)
{
    for (const struct column *c = columns_of(s->kind); c->name; c++) {
        char what[160];
        bool found = false;
        for (int i = 0; i < s->n_columns; i++)
            found |= !strcmp(s->columns[i], c->name);
        if (!c->is_needed || found)
            continue;
        snprintf(what, sizeof what,
                 "there is no column `%s`, and the rows would lose theirs: name it here, and leave "
                 "its cells empty where there is nothing to say",
                 c->name);
        note(s, s->n_columns + 1, what);
    }
}

static void take_header(struct sheet *s)
{
    for (int i = 0; i < s->n_cells; i++) {
        const char *name = s->cells[i];
        if (!strncmp(name, "\xef\xbb\xbf", 3)) /* a spreadsheet's byte-order mark */
            name += 3;
        s->columns[i] = mem_dup(name);
        if (!column_find(s->kind, name))
            note_at(s->all, s->kind, s->line, i + 1, FAULT_NOTE,
                    "this column is not known, and passed over");
    }
    s->n_columns = s->n_cells;
    const char *first = columns_of(s->kind)->name;
    if (s->n_columns && !strcmp(s->columns[0], first)) {
        look_for_needed(s);
        return;
    }
    char what[80];
    snprintf(what, sizeof what, "the first line must name the columns, `%s` first", first);
    note(s, 1, what);
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
    else
        add_row(s);
    s->line += s->newlines;
    s->newlines = 0;
    for (int i = 0; i < s->n_cells; i++)
        free(s->cells[i]);
    s->n_cells = 0;
}

/* --- files --- */

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
}

static int read_sheets(struct reading *r, const char *path)
{
    int found = 0;
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++) {
        struct sheet *s = &r->sheets[kind];
        char name[PATH_MAX];
        *s = (struct sheet){.kind = (enum object_kind)kind, .all = r};
        snprintf(name, sizeof name, "%s/%s.csv", path, object_kind_code(s->kind));
        FILE *f = fopen(name, "re");
        if (!f)
            continue;
        found++;
        read_sheet(s, f);
        fclose(f);
    }
    return found;
}

static void on_fault(void *arg, const struct directory_fault *f)
{
    struct reading *r = arg;
    const struct sheet *s = &r->sheets[f->kind];
    enum fault_sort sort = f->sort;
    char what[sizeof f->what + 40];
    snprintf(what, sizeof what, "%s", f->what);
    if (sort == FAULT_MERGED) { /* an import mends it, see core/merged.c */
        sort = FAULT_NOTE;
        snprintf(what, sizeof what, "%s%s", f->what,
                 f->kind == OBJECT_PARTY ? ": this row is passed over" : ", and so is this");
    }
    note_at(r, f->kind, s->lines[f->row], column_of(s, f->column), sort, what);
}

static void reading_end(struct reading *r, struct buf *faults)
{
    write_faults(r, faults);
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++) {
        for (int i = 0; i < r->sheets[kind].n_columns; i++)
            free(r->sheets[kind].columns[i]);
        free(r->sheets[kind].lines);
    }
}

static enum err read_folder(const char *path, const struct check_against *against,
                            struct directory *out, struct buf *faults, struct errbuf *eb)
{
    struct reading r = {.out = out};
    *out = (struct directory){0};
    int found = read_sheets(&r, path);
    if (against)
        directory_check(out, against, on_fault, &r);
    reading_end(&r, faults);
    enum err e = !found  ? err_set(eb, ERR_BAD_FIELD, "%.150s holds no places.csv", path)
                 : r.bad ? err_set(eb, ERR_BAD_FIELD, "the folder has the faults above")
                         : directory_set_community(out, eb);
    if (e)
        directory_deinit(out);
    return e;
}

enum err folder_read(const char *path, struct directory *out, struct buf *faults, struct errbuf *eb)
{
    return read_folder(path, NULL, out, faults, eb);
}

enum err folder_check(const char *path, const struct check_against *against, struct directory *out,
                      struct buf *faults, struct errbuf *eb)
{
    return read_folder(path, against, out, faults, eb);
}

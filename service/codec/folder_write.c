/* A directory as a folder of CSV files, which folder_read reads as it was. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "codec/folder.h"
#include "model/column.h"

static void add_cell(struct buf *out, struct str cell)
{
    bool plain = true;
    for (size_t i = 0; i < cell.n; i++)
        plain &= !strchr(",\"\r\n", cell.p[i]);
    if (plain) {
        buf_add_str(out, cell);
        return;
    }
    buf_add_char(out, '"');
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, cell.p[i]);
    }
    buf_add_char(out, '"');
}

static void add_row(struct buf *out, const struct column *columns, const void *row)
{
    struct buf cell;
    buf_init(&cell);
    for (const struct column *c = columns; c->name; c++) {
        buf_clear(&cell);
        if (row)
            column_print(c, row, &cell);
        else
            buf_add_z(&cell, c->name);
        if (c != columns)
            buf_add_char(out, ',');
        add_cell(out, buf_str_borrow(&cell));
    }
    buf_add_char(out, '\n');
    buf_deinit(&cell);
}

/* Beside the old one, then in its place: a disk that is full leaves the old one whole. */
static enum err write_file(const char *path, struct str text, struct errbuf *eb)
{
    struct buf beside;
    buf_init(&beside);
    buf_addf(&beside, "%s.new", path);
    FILE *f = fopen(buf_z_borrow(&beside), "we");
    bool ok = f && fwrite(text.p, 1, text.n, f) == text.n;
    if (f)
        ok = !fclose(f) && ok;
    ok = ok && !rename(buf_z_borrow(&beside), path);
    buf_deinit(&beside);
    return ok ? ERR_OK : err_set(eb, ERR_BAD_FIELD, "%.150s: %s", path, strerror(errno));
}

/* One that only leads to another, or comes by itself when they write again. */
static bool is_left_out(enum object_kind kind, const void *row)
{
    const struct party *p = row;
    return kind == OBJECT_PARTY && (p->merged_into[0] || party_is_seen(p));
}

static enum err write_sheet(const char *path, enum object_kind kind, struct rows rows,
                            struct errbuf *eb)
{
    char name[PATH_MAX];
    struct buf text;
    buf_init(&text);
    add_row(&text, columns_of(kind), NULL);
    for (int i = 0; i < *rows.n; i++)
        if (!is_left_out(kind, (*rows.v)[i]))
            add_row(&text, columns_of(kind), (*rows.v)[i]);
    snprintf(name, sizeof name, "%s/%s.csv", path, object_kind_code(kind));
    enum err e = write_file(name, buf_str_borrow(&text), eb);
    buf_deinit(&text);
    return e;
}

enum err folder_write(const char *path, const struct directory *d, struct errbuf *eb)
{
    struct directory copy = *d;
    if (mkdir(path, 0777) && errno != EEXIST)
        return err_set(eb, ERR_BAD_FIELD, "%.150s: %s", path, strerror(errno));
    enum err e = ERR_OK;
    for (int kind = 0; kind < DIRECTORY_KINDS && !e; kind++)
        e = write_sheet(path, (enum object_kind)kind, directory_rows(&copy, (enum object_kind)kind),
                        eb);
    return e;
}

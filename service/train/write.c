#include "write_priv.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"

/* Of the whole file: it is to stay in the caches, and to travel. */
#define WRITE_BYTES_MOST 7990000u

static double step_of(const struct weights *w, int out)
{
    const double *row = w->w + (size_t)out * w->stride;
    double most = 1e-9;
    size_t i;

    for (i = 0; i + 1 < w->stride; i++)
        most = fabs(row[i]) > most ? fabs(row[i]) : most;
    return most / 127.0;
}

static void align(struct buf *b)
{
    while (b->n % 64 != 0)
        buf_add_char(b, '\0');
}

static void add_section(struct buf *b, struct model_header *h, enum model_section s, const void *p,
                        size_t n)
{
    align(b);
    h->section[s].offset = (uint32_t)b->n;
    h->section[s].bytes = (uint32_t)n;
    buf_add(b, p, n);
}

/* Modes as their differences to the last one, which scores 0 then: their softmax is the same. */
static void lean_on_last(struct weights *w, struct calibration *c)
{
    const double *last = w->w + (size_t)OUT_HELD * w->stride;
    size_t i;
    int o;

    for (o = OUT_MODE; o < OUT_HELD; o++) {
        for (i = 0; i < w->stride; i++)
            w->w[(size_t)o * w->stride + i] -= last[i];
        c->shift[o] -= c->shift[OUT_HELD];
    }
}

/* Rows in the order of their keys; a row of zeroes says nothing and is left out. */
static uint32_t quantise(const struct samples *s, const struct weights *w, const double *step,
                         struct model_row *rows)
{
    uint32_t i, n = 0;
    int o;

    for (i = 0; i < s->n_vocabulary; i++) {
        struct model_row row = {.key = s->vocabulary[i]};
        bool any = false;

        for (o = 0; o < OUT_HELD; o++) {
            row.weights[o] = (int8_t)lrint(w->w[(size_t)o * w->stride + i] / step[o]);
            any = any || row.weights[o] != 0;
        }
        if (any && row.key != UINT32_MAX)
            rows[n++] = row;
    }
    rows[n].key = UINT32_MAX;
    return n;
}

static void add_index(struct buf *b, struct model_header *h, const struct model_row *rows,
                      uint32_t n)
{
    uint32_t bits = MODEL_BUCKET_BITS_LEAST, *index, i, bucket = 0;

    while (bits < MODEL_BUCKET_BITS_MOST && 1u << bits < n)
        bits++;
    index = mem_new((1u << bits) * sizeof *index);
    for (i = 0; i < n; i++) {
        while (bucket <= rows[i].key >> (32 - bits))
            index[bucket++] = i;
        index[bucket - 1] |= model_index_mark(rows[i].key, 32 - bits);
    }
    while (bucket < 1u << bits)
        index[bucket++] = n;
    add_section(b, h, SECTION_INDEX, index, (1u << bits) * sizeof *index);
    free(index);
}

struct ranked {
    double force;
    uint32_t row;
};

static int by_force(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->force != y->force)
        return (x->force < y->force) - (x->force > y->force);
    return (x->row > y->row) - (x->row < y->row);
}

/* Leave the `most` rows that can move the scores farthest, in their order. */
static uint32_t prune(struct model_row *rows, uint32_t n, const struct model_output *outputs,
                      uint32_t most)
{
    struct ranked *ranked = mem_new((n + 1) * sizeof *ranked);
    bool *stays = mem_new(n + 1);
    uint32_t i, k = 0;
    int o;

    for (i = 0; i < n; i++) {
        ranked[i].row = i;
        for (o = 0; o < OUT_HELD; o++) {
            double move = (double)outputs[o].scale * rows[i].weights[o];

            ranked[i].force += move * move;
        }
    }
    qsort(ranked, n, sizeof *ranked, by_force);
    for (i = 0; i < n && i < most; i++)
        stays[ranked[i].row] = true;
    for (i = 0; i < n; i++)
        if (stays[i])
            rows[k++] = rows[i];
    rows[k] = (struct model_row){.key = UINT32_MAX};
    free(ranked);
    free(stays);
    return k;
}

static void add_weights(struct buf *b, struct model_header *h, const struct samples *s,
                        const struct weights *w, const struct calibration *c, uint32_t *n_rows_r)
{
    struct model_row *rows = mem_new(((size_t)s->n_vocabulary + 1) * sizeof *rows);
    struct model_output outputs[OUT_HELD];
    double step[OUT_HELD];
    size_t room = WRITE_BYTES_MOST - b->n - (sizeof(uint32_t) << MODEL_BUCKET_BITS_MOST);
    uint32_t n;
    int o;

    for (o = 0; o < OUT_HELD; o++) {
        step[o] = step_of(w, o);
        outputs[o].scale = (float)(c->slope[o] * step[o]);
        outputs[o].bias =
            (float)(c->slope[o] * w->w[(size_t)o * w->stride + w->stride - 1] + c->shift[o]);
    }
    n = quantise(s, w, step, rows);
    n = prune(rows, n, outputs, (uint32_t)(room / sizeof *rows));
    add_index(b, h, rows, n);
    add_section(b, h, SECTION_ROWS, rows, ((size_t)n + 1) * sizeof *rows);
    add_section(b, h, SECTION_OUTPUTS, outputs, sizeof outputs);
    free(rows);
    *n_rows_r = n;
}

static enum err put_file(const char *path, const struct buf *b, struct errbuf *eb)
{
    struct buf tmp;
    FILE *f;
    enum err res = ERR_OK;

    buf_init(&tmp);
    buf_addf(&tmp, "%s.new", path);
    f = fopen(buf_z_borrow(&tmp), "wb");
    if (!f) {
        res = err_set(eb, ERR_INTERNAL, "%s: %s", buf_z_borrow(&tmp), strerror(errno));
    } else {
        bool bad = fwrite(b->p, 1, b->n, f) != b->n || fflush(f) != 0 || fsync(fileno(f)) != 0;

        bad = fclose(f) != 0 || bad;
        if (bad || rename(buf_z_borrow(&tmp), path) != 0) {
            res = err_set(eb, ERR_INTERNAL, "%s: %s", path, strerror(errno));
            unlink(buf_z_borrow(&tmp));
        }
    }
    buf_deinit(&tmp);
    return res;
}

enum err write_model(const char *path, const struct samples *s, struct weights *w,
                     struct calibration *c, const struct lexicon *lex, const char *meta,
                     struct written *out_r, struct errbuf *eb)
{
    struct model_header h = {.magic = MODEL_MAGIC, .format = MODEL_FORMAT, .sections = SECTION_N};
    struct buf b;
    uint64_t version;
    char line[64];
    enum err res;

    buf_init(&b);
    buf_add(&b, &h, sizeof h);
    add_section(&b, &h, SECTION_CODES, lex->codes, LEXICON_CODES * sizeof *lex->codes);
    add_section(&b, &h, SECTION_STATES, lex->states, lex->n_states * sizeof *lex->states);
    add_section(&b, &h, SECTION_ENTRIES, lex->entries, lex->n_entries * sizeof *lex->entries);
    add_section(&b, &h, SECTION_NEAR, lex->nears, lex->n_nears * sizeof *lex->nears);
    lean_on_last(w, c);
    add_weights(&b, &h, s, w, c, &out_r->rows);
    version = hash64(b.p + sizeof h, b.n - sizeof h, 1); /* named after what it knows */
    snprintf(line, sizeof line, "version=%016llx\n", (unsigned long long)version);
    add_section(&b, &h, SECTION_META, line, strlen(line));
    buf_add_z(&b, meta);
    h.section[SECTION_META].bytes += (uint32_t)strlen(meta);
    align(&b);
    h.file_bytes = b.n;
    memcpy(b.p, &h, sizeof h);
    h.checksum = model_checksum(b.p, b.n);
    memcpy(b.p, &h, sizeof h);
    out_r->bytes = b.n;
    res = put_file(path, &b, eb);
    buf_deinit(&b);
    return res;
}

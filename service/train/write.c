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
    const float *last = w->w + (size_t)OUT_HELD * w->stride;
    size_t i;
    int o;

    for (o = OUT_MODE; o < OUT_HELD; o++) {
        for (i = 0; i < w->stride; i++)
            w->w[(size_t)o * w->stride + i] -= last[i];
        c->shift[o] -= c->shift[OUT_HELD];
    }
}

/* How far a feature moves an output's calibrated score. */
static double move_of(const struct weights *w, const struct calibration *c, int o, uint32_t feature)
{
    return c->slope[o] * (double)w->w[(size_t)o * w->stride + feature];
}

/* A row until it is known whether there is room for it. */
struct ranked {
    struct model_row row;
    double force; /* how far it moves scores: the sum of the squares */
};

static double farthest(const struct weights *w, const struct calibration *c, uint32_t feature)
{
    double most = 0;
    int o;

    for (o = 0; o < OUT_HELD; o++)
        most = fmax(most, fabs(move_of(w, c, o, feature)));
    return most;
}

static void set_weight(struct model_row *row, int o, int weight)
{
    row->weights[o / 2] |= (uint8_t)((weight + MODEL_WEIGHT_NONE) << (o % 2 ? 4 : 0));
}

/* Scores are sums of `unit`. */
static void quantise(const struct weights *w, const struct calibration *c, uint32_t feature,
                     double unit, struct ranked *r)
{
    double scale = rint(farthest(w, c, feature) / (MODEL_WEIGHT_MOST * unit));
    int o;

    r->row.scale = (uint8_t)fmax(1, fmin(scale, MODEL_SCALE_MOST));
    for (o = 0; o < OUT_HELD; o++) {
        double step = r->row.scale * unit, move = move_of(w, c, o, feature);
        int weight = (int)fmax(-MODEL_WEIGHT_MOST, fmin(rint(move / step), MODEL_WEIGHT_MOST));

        set_weight(&r->row, o, weight);
        r->force += weight * step * (weight * step);
    }
}

static int by_force(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->force < y->force || x->force > y->force)
        return (x->force < y->force) - (x->force > y->force);
    return (x->row.key > y->row.key) - (x->row.key < y->row.key);
}

static int by_key(const void *a, const void *b)
{
    const struct model_row *x = a, *y = b;

    return (x->key > y->key) - (x->key < y->key);
}

/* Those that move scores farthest, at most `most`, in the order of their keys; a row of zeroes says
   nothing and is left out. Returns how many. */
static uint32_t make_rows(const struct samples *s, const struct weights *w,
                          const struct calibration *c, double unit, uint32_t most,
                          struct model_row *rows)
{
    struct ranked *all = mem_new(((size_t)s->n_vocabulary + 1) * sizeof *all);
    uint32_t i, n = 0;

    for (i = 0; i < s->n_vocabulary; i++) {
        all[n] = (struct ranked){.row.key = s->vocabulary[i]};
        quantise(w, c, i, unit, &all[n]);
        n += all[n].force > 0 && all[n].row.key != UINT32_MAX;
    }
    qsort(all, n, sizeof *all, by_force);
    n = n < most ? n : most;
    for (i = 0; i < n; i++)
        rows[i] = all[i].row;
    qsort(rows, n, sizeof *rows, by_key);
    rows[n] = (struct model_row){.key = UINT32_MAX};
    free(all);
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

static void add_weights(struct buf *b, struct model_header *h, const struct samples *s,
                        const struct weights *w, const struct calibration *c, uint32_t *n_rows_r)
{
    size_t room = WRITE_BYTES_MOST - b->n - (sizeof(uint32_t) << MODEL_BUCKET_BITS_MOST);
    uint32_t most = (uint32_t)(room / sizeof(struct model_row)), i;
    struct model_row *rows = mem_new(((size_t)s->n_vocabulary + 1) * sizeof *rows);
    struct model_output outputs[OUT_HELD];
    double unit = 1e-9;
    int o;

    for (i = 0; i < s->n_vocabulary; i++)
        unit = fmax(unit, farthest(w, c, i) / (MODEL_WEIGHT_MOST * MODEL_SCALE_MOST));
    for (o = 0; o < OUT_HELD; o++)
        outputs[o] = (struct model_output){
            (float)unit, (float)(move_of(w, c, o, (uint32_t)w->stride - 1) + c->shift[o])};
    *n_rows_r = make_rows(s, w, c, unit, most, rows);
    add_index(b, h, rows, *n_rows_r);
    add_section(b, h, SECTION_ROWS, rows, ((size_t)*n_rows_r + 1) * sizeof *rows);
    add_section(b, h, SECTION_OUTPUTS, outputs, sizeof outputs);
    free(rows);
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

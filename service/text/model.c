#include "text/text.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "model_priv.h"
#include "text/cue.h"

#define MODEL_BYTES_MAX (64u << 20)

static enum err broken(struct errbuf *eb, const char *path, const char *what)
{
    return err_set(eb, ERR_INTERNAL, "model %s: %s; train it again with linli-train", path, what);
}

static enum err map_file(const char *path, struct text_model *m, struct errbuf *eb)
{
    struct stat st;
    void *p;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return err_set(eb, ERR_INTERNAL, "model %s: %s", path, strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
        st.st_size < (off_t)sizeof(struct model_header) || st.st_size > MODEL_BYTES_MAX) {
        close(fd);
        return broken(eb, path, "not a regular file of a model's size");
    }
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        return err_set(eb, ERR_INTERNAL, "model %s: mmap: %s", path, strerror(errno));
    m->map = p;
    m->map_bytes = (size_t)st.st_size;
    return ERR_OK;
}

static enum err copy_bytes(struct str bytes, const char *name, struct text_model *m,
                           struct errbuf *eb)
{
    void *p;

    if (bytes.n < sizeof(struct model_header) || bytes.n > MODEL_BYTES_MAX)
        return broken(eb, name, "not of a model's size");
    p = mmap(NULL, bytes.n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return err_set(eb, ERR_INTERNAL, "model %s: mmap: %s", name, strerror(errno));
    memcpy(p, bytes.p, bytes.n);
    m->map = p;
    m->map_bytes = bytes.n;
    return ERR_OK;
}

uint64_t model_checksum(const void *file, size_t bytes)
{
    struct model_header h;

    memcpy(&h, file, sizeof h);
    h.checksum = 0;
    return hash64((const char *)file + sizeof h, bytes - sizeof h,
                  hash64(&h, sizeof h, MODEL_FORMAT));
}

/* --- checks: after them no index in the file can lead outside of it -----------------------------
 */

static const char *check_header(const struct text_model *m)
{
    const struct model_header *h = (const struct model_header *)(const void *)m->map;
    size_t i;

    if (memcmp(h->magic, MODEL_MAGIC, sizeof h->magic) != 0)
        return "not a Linli model";
    if (h->format != MODEL_FORMAT || h->sections != SECTION_N)
        return "made by another version";
    if (h->file_bytes != m->map_bytes)
        return "cut off or grown";
    if (model_checksum(m->map, m->map_bytes) != h->checksum)
        return "the checksum is wrong";
    for (i = 0; i < SECTION_N; i++)
        if (h->section[i].offset % 64 != 0 || h->section[i].offset < sizeof *h ||
            (uint64_t)h->section[i].offset + h->section[i].bytes > m->map_bytes)
            return "a section lies outside the file";
    return NULL;
}

static const void *section(const struct text_model *m, enum model_section s, size_t item_bytes,
                           uint32_t *count_r)
{
    const struct model_header *h = (const struct model_header *)(const void *)m->map;

    *count_r = (uint32_t)(h->section[s].bytes / item_bytes);
    return h->section[s].bytes % item_bytes == 0 ? m->map + h->section[s].offset : NULL;
}

/* What a word of the index allows to be passed lies before the next bucket's rows. */
static const char *check_rows(const struct text_model *m, uint32_t n_index)
{
    uint32_t i;

    for (i = 0; i < n_index; i++) {
        uint32_t marks = (uint32_t)__builtin_popcount(m->index[i] & ~MODEL_INDEX_MASK);
        uint32_t next = i + 1 < n_index ? m->index[i + 1] & MODEL_INDEX_MASK : m->n_rows - 1;

        if ((m->index[i] & MODEL_INDEX_MASK) + marks > next || next >= m->n_rows)
            return "the index is broken";
    }
    for (i = 0; i < m->n_rows; i++)
        if (m->rows[i].scale > MODEL_SCALE_MOST)
            return "a row's scale is too large";
    for (i = 0; i + 1 < m->n_rows; i++)
        if (m->rows[i].key >= m->rows[i + 1].key)
            return "the rows are out of order";
    return m->rows[i].key == UINT32_MAX ? NULL : "the last row is missing";
}

static const char *check_weights(struct text_model *m, uint32_t n_index, uint32_t n_outputs)
{
    uint32_t i, bits = MODEL_BUCKET_BITS_LEAST;

    while (bits < MODEL_BUCKET_BITS_MOST && 1u << bits < n_index)
        bits++;
    m->key_shift = 32 - bits;
    if (!m->index || !m->rows || !m->outputs || n_index != 1u << bits || n_outputs != OUT_HELD ||
        m->n_rows == 0 || m->n_rows > MODEL_INDEX_MASK)
        return "the weights do not fit together";
    for (i = 0; i < OUT_HELD; i++)
        if (!isfinite(m->outputs[i].scale) || !isfinite(m->outputs[i].bias))
            return "a weight is not a number";
    return check_rows(m, n_index);
}

static bool entry_is_sound(const struct lexicon_entry *e)
{
    return e->bytes > 0 && e->bytes <= 255 && e->category < CATEGORY_N &&
           (e->concept == 0 || e->category != CATEGORY_NONE) && e->cues >> CUE_N == 0 &&
           e->class <= LEXICON_CLASSES;
}

/* A state is reached by as many characters as its depth, which is the length of the word that ends
   there. Depths come from the parents, whose chain must end at the root. */
static const char *check_depths(const struct lexicon *lex, const uint32_t *parents)
{
    uint32_t s, t, depth;

    for (s = 1; s < lex->n_states; s++) {
        uint32_t word = lexicon_out(lex->states[s]);

        for (t = s, depth = 0; t != 0 && t != LEXICON_NONE && depth <= 255; depth++)
            t = parents[t];
        if (t == LEXICON_NONE)
            continue; /* no way leads there */
        if (t != 0)
            return "the lexicon has a cycle";
        if (word && lex->entries[word - 1].chars != depth)
            return "a word of the lexicon has the wrong length";
    }
    return NULL;
}

/* No step leads out of the states, whatever letter a text has. */
static bool steps_are_sound(const struct lexicon *lex)
{
    uint32_t i, most = 0;

    for (i = 0; i < LEXICON_CODES; i++)
        most = lex->codes[i] > most ? lex->codes[i] : most;
    for (i = 0; i < lex->n_states; i++)
        if (lexicon_base(lex->states[i]) + most >= lex->n_states ||
            lexicon_out(lex->states[i]) > lex->n_entries)
            return false;
    return lexicon_letter(lex->states[0]) == 0 && lexicon_out(lex->states[0]) == 0;
}

static const char *check_lexicon(const struct lexicon *lex)
{
    uint32_t i, *parents;
    const char *why;

    if (!lex->codes || !lex->states || !lex->entries || !lex->nears || lex->n_states == 0 ||
        lex->n_states > LEXICON_STATES_MOST)
        return "the lexicon does not fit together";
    if (!steps_are_sound(lex))
        return "the lexicon leads astray";
    for (i = 0; i < lex->n_entries; i++)
        if (!entry_is_sound(&lex->entries[i]))
            return "the lexicon has a broken entry";
    parents = lexicon_parents_new(lex);
    why = parents ? check_depths(lex, parents) : "the lexicon leads astray";
    free(parents);
    return why;
}

static const char *check(struct text_model *m)
{
    uint32_t n_index = 0, n_outputs = 0, n_meta = 0, n_codes = 0;
    struct lexicon *lex = &m->lexicon;
    const char *why = check_header(m);

    if (why)
        return why;
    m->meta.p = section(m, SECTION_META, 1, &n_meta);
    m->meta.n = n_meta;
    m->index = section(m, SECTION_INDEX, sizeof *m->index, &n_index);
    m->rows = section(m, SECTION_ROWS, sizeof *m->rows, &m->n_rows);
    m->outputs = section(m, SECTION_OUTPUTS, sizeof *m->outputs, &n_outputs);
    lex->codes = section(m, SECTION_CODES, sizeof *lex->codes, &n_codes);
    if (n_codes != LEXICON_CODES)
        lex->codes = NULL;
    lex->states = section(m, SECTION_STATES, sizeof *lex->states, &lex->n_states);
    lex->entries = section(m, SECTION_ENTRIES, sizeof *lex->entries, &lex->n_entries);
    lex->nears = section(m, SECTION_NEAR, sizeof *lex->nears, &lex->n_nears);
    why = check_weights(m, n_index, n_outputs);
    return why ? why : check_lexicon(lex);
}

static void take_version(struct text_model *m)
{
    struct str rest = m->meta;

    str_copy(m->version, sizeof m->version, STR("unnamed"));
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');

        if (str_starts(line, "version="))
            str_copy(m->version, sizeof m->version, (struct str){line.p + 8, line.n - 8});
    }
}

/* What is mapped, checked; `res` is how the mapping went. */
static enum err finish(struct text_model *m, enum err res, const char *name,
                       struct text_model **model_r, struct errbuf *eb)
{
    const char *why = NULL;

    if (res == ERR_OK && (why = check(m)) != NULL)
        res = broken(eb, name, why);
    if (res != ERR_OK) {
        text_unload(&m);
        return res;
    }
    take_version(m);
    m->needs = needs_new();
    *model_r = m;
    return ERR_OK;
}

enum err text_load(const char *path, struct text_model **model_r, struct errbuf *eb)
{
    struct text_model *m = NEW(struct text_model);
    enum err res = map_file(path, m, eb);

    return finish(m, res, path, model_r, eb);
}

enum err text_load_bytes(struct str bytes, const char *name, struct text_model **model_r,
                         struct errbuf *eb)
{
    struct text_model *m = NEW(struct text_model);
    enum err res = copy_bytes(bytes, name, m, eb);

    return finish(m, res, name, model_r, eb);
}

void text_unload(struct text_model **model)
{
    struct text_model *m = *model;

    *model = NULL;
    if (!m)
        return;
    if (m->map)
        munmap((void *)(uintptr_t)m->map, m->map_bytes);
    needs_free(&m->needs);
    free(m);
}

const char *text_version_borrow(const struct text_model *model)
{
    return model->version;
}

struct str text_about_borrow(const struct text_model *model)
{
    return model->meta;
}

bool text_same_things(const struct text_model *a, const struct text_model *b)
{
    const struct lexicon *x = &a->lexicon, *y = &b->lexicon;

    return a == b || (x->n_states == y->n_states && x->n_entries == y->n_entries &&
                      memcmp(x->states, y->states, x->n_states * sizeof *x->states) == 0 &&
                      x->n_nears == y->n_nears &&
                      memcmp(x->entries, y->entries, x->n_entries * sizeof *x->entries) == 0 &&
                      memcmp(x->nears, y->nears, x->n_nears * sizeof *x->nears) == 0);
}

#include "lexbuild_priv.h"

#include <errno.h>
#include <stdio.h>

#include "trie_priv.h"
#include "base/mem.h"
#include "base/table.h"
#include "model/label.h"
#include "text/cue.h"
#include "text/normal.h"
#include "text/text.h"

#define FAMILY_MAX 64
#define NEAR_HEAD 0.8
#define NEAR_SIBLING 0.5

struct concept {
    char *name;
    uint16_t number;
    UT_hash_handle hh;
};

struct near {
    char *a, *b;
    double weight;
};

struct lexbuild {
    struct trie *trie;
    struct lexicon_entry *entries;
    size_t n_entries, cap_entries;
    struct lexicon_near *nears;
    size_t n_nears;
    struct concept *concepts;
    uint16_t n_classes;
    struct near *pending; /* by name, until all concepts are known */
    size_t n_pending, cap_pending;
    struct lexicon view;
};

static uint16_t concept_number(struct lexbuild *b, struct str name, bool add)
{
    struct concept *c;

    HASH_FIND(hh, b->concepts, name.p, name.n, c);
    if (!c && add) {
        c = NEW(struct concept);
        c->name = mem_dup_str(name);
        c->number = (uint16_t)(HASH_COUNT(b->concepts) + 1);
        HASH_ADD_KEYPTR(hh, b->concepts, c->name, strlen(c->name), c);
    }
    return c ? c->number : 0;
}

/* Add what `e` says to the word's entry. An item keeps the first concept that named it. */
static bool add_word(struct lexbuild *b, struct str word, struct lexicon_entry e)
{
    char normal[256];
    size_t n = text_normalise(str_trim(word), normal, NULL, sizeof normal);
    uint32_t at;

    if (n == 0 || n > 255)
        return false;
    at = trie_add(b->trie, (struct str){normal, n}, (uint32_t)b->n_entries);
    if (at < b->n_entries) {
        b->entries[at].cues |= e.cues;
        if (b->entries[at].category == CATEGORY_NONE)
            b->entries[at].category = e.category;
        if (b->entries[at].class == 0)
            b->entries[at].class = e.class;
        return e.concept == 0 || b->entries[at].concept == e.concept;
    }
    e.bytes = (uint16_t)n;
    e.chars = (uint8_t)str_utf8_chars((struct str){normal, n});
    if (b->n_entries == b->cap_entries) {
        b->cap_entries = b->cap_entries ? 2 * b->cap_entries : 1024;
        b->entries = mem_grow(b->entries, b->cap_entries, sizeof *b->entries);
    }
    b->entries[b->n_entries++] = e;
    return true;
}

/* 找到了 is also 找到啦 and 找到咯. */
static bool add_variants(struct lexbuild *b, struct str word, struct lexicon_entry e)
{
    static const char *const particles[] = {"啦", "咯", "喽"};
    char other[256];
    size_t i;

    if (!add_word(b, word, e))
        return false;
    if (word.n <= 3 || word.n >= sizeof other || memcmp(word.p + word.n - 3, "了", 3) != 0)
        return true;
    for (i = 0; i < sizeof particles / sizeof *particles; i++) {
        memcpy(other, word.p, word.n);
        memcpy(other + word.n - 3, particles[i], 3);
        if (!add_word(b, (struct str){other, word.n}, e))
            return false;
    }
    return true;
}

static const char *add_words(struct lexbuild *b, struct str words, struct lexicon_entry e)
{
    static char wrong[128];

    while (words.n > 0) {
        struct str word = str_cut(&words, ',');

        if (!add_variants(b, word, e)) {
            snprintf(wrong, sizeof wrong,
                     "the word '%.*s' is another concept's already, or too long", (int)word.n,
                     word.p);
            return wrong;
        }
    }
    return NULL;
}

static void add_near(struct lexbuild *b, struct str x, struct str y, double weight)
{
    if (b->n_pending == b->cap_pending) {
        b->cap_pending = b->cap_pending ? 2 * b->cap_pending : 256;
        b->pending = mem_grow(b->pending, b->cap_pending, sizeof *b->pending);
    }
    b->pending[b->n_pending++] = (struct near){mem_dup_str(x), mem_dup_str(y), weight};
}

static const char *add_nears(struct lexbuild *b, struct str name, struct str nears)
{
    while (nears.n > 0 && !str_is(nears, "-")) {
        struct str weight = str_cut(&nears, ','), other = str_cut(&weight, '=');
        double v = strtod(weight.p, NULL);

        if (weight.n == 0 || v <= 0 || v >= 1)
            return "a near concept needs a weight between 0 and 1";
        add_near(b, name, other, v);
    }
    return NULL;
}

/* One thing of a family. The first is the family's head: whoever asks for fruit may be helped with
   apples; the others may stand in for each other. */
static const char *add_member(struct lexbuild *b, struct str words, struct str head,
                              struct lexicon_entry e, struct str *members, int *n_members)
{
    struct str rest = words, name = *n_members == 0 ? head : str_cut(&rest, ',');
    int i;

    if (concept_number(b, name, false))
        return "the concept is there twice";
    e.concept |= concept_number(b, name, true);
    for (i = 0; i < *n_members; i++)
        add_near(b, members[i], name, i == 0 ? NEAR_HEAD : NEAR_SIBLING);
    members[(*n_members)++] = name;
    return add_words(b, words, e);
}

static const char *take_item(struct lexbuild *b, struct str line)
{
    struct str name = str_cut(&line, '\t'), code = str_cut(&line, '\t');
    struct str words = str_cut(&line, '\t'), members[FAMILY_MAX];
    enum category category = CATEGORY_NONE;
    struct lexicon_entry e = {0};
    const char *why = NULL;
    int n = 0;

    if (code.n > 0 && code.p[code.n - 1] == '*') {
        e.concept = LEXICON_KIND;
        code.n--;
    }
    if (name.n == 0 || !category_parse(code, &category) || category == CATEGORY_NONE)
        return "the category is wrong";
    e.category = (uint8_t)category;
    while (words.n > 0 && !why)
        why = n < FAMILY_MAX ? add_member(b, str_cut(&words, ';'), name, e, members, &n)
                             : "the family is too large";
    return why ? why : add_nears(b, name, line);
}

static const char *take_cue(struct lexbuild *b, struct str line)
{
    struct str name = str_cut(&line, '\t');
    struct lexicon_entry topic = {0};
    enum category category;
    enum cue cue;

    if (str_starts(name, "topic:")) {
        if (!category_parse((struct str){name.p + 6, name.n - 6}, &category))
            return "there is no such category";
        topic.category = (uint8_t)category;
        return add_words(b, line, topic);
    }
    if (!cue_parse(name, &cue))
        return "there is no such cue";
    return add_words(b, line, (struct lexicon_entry){.cues = UINT64_C(1) << cue});
}

static const char *take_class(struct lexbuild *b, struct str line)
{
    str_cut(&line, '\t');
    if (b->n_classes == LEXICON_CLASSES)
        return "there are too many classes";
    return add_words(b, line, (struct lexicon_entry){.class = ++b->n_classes});
}

static enum err read_lines(struct lexbuild *b, const char *path,
                           const char *(*take)(struct lexbuild *, struct str), struct errbuf *eb)
{
    FILE *f = fopen(path, "r");
    enum err res = ERR_OK;
    char *line = NULL;
    size_t cap = 0, number = 0;
    ssize_t n;

    if (!f)
        return err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    while (res == ERR_OK && (n = getline(&line, &cap, f)) >= 0) {
        struct str s = str_trim((struct str){line, (size_t)n});
        const char *why;

        number++;
        if (s.n == 0 || s.p[0] == '#')
            continue;
        why = take(b, s);
        if (why)
            res = err_set(eb, ERR_BAD_FIELD, "%s:%zu: %s", path, number, why);
    }
    free(line);
    fclose(f);
    return res;
}

static int by_pair(const void *a, const void *b)
{
    const struct lexicon_near *x = a, *y = b;

    return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : (x->b > y->b) - (x->b < y->b);
}

static enum err link_nears(struct lexbuild *b, struct errbuf *eb)
{
    size_t i;

    b->nears = mem_new((b->n_pending + 1) * sizeof *b->nears);
    for (i = 0; i < b->n_pending; i++) {
        const struct near *p = &b->pending[i];
        uint16_t x = concept_number(b, str_of(p->a), false);
        uint16_t y = concept_number(b, str_of(p->b), false);
        struct lexicon_near near = {.weight_milli = (uint16_t)(p->weight * 1000 + 0.5)};

        if (!x || !y || x == y)
            return err_set(eb, ERR_BAD_FIELD, "near concepts '%s' and '%s': one is not there", p->a,
                           p->b);
        near.a = x < y ? x : y;
        near.b = x < y ? y : x;
        b->nears[b->n_nears++] = near;
    }
    qsort(b->nears, b->n_nears, sizeof *b->nears, by_pair);
    return ERR_OK;
}

static enum err finish(struct lexbuild *b, struct errbuf *eb)
{
    if (b->n_entries > LEXICON_ENTRIES_MOST || !trie_finish(b->trie, b->entries, &b->view))
        return err_set(eb, ERR_BAD_FIELD, "the lexicon: more words than a model has room for");
    return ERR_OK;
}

enum err lexbuild_new(const struct lexbuild_paths *paths, struct lexbuild **b_r, struct errbuf *eb)
{
    struct lexbuild *b = NEW(struct lexbuild);
    enum err res;

    b->trie = trie_new();
    res = read_lines(b, paths->items, take_item, eb);
    if (res == ERR_OK)
        res = read_lines(b, paths->cues, take_cue, eb);
    if (res == ERR_OK)
        res = read_lines(b, paths->classes, take_class, eb);
    if (res == ERR_OK)
        res = link_nears(b, eb);
    if (res == ERR_OK)
        res = finish(b, eb);
    if (res != ERR_OK) {
        lexbuild_free(&b);
        return res;
    }
    b->view.entries = b->entries;
    b->view.n_entries = (uint32_t)b->n_entries;
    b->view.nears = b->nears;
    b->view.n_nears = (uint32_t)b->n_nears;
    *b_r = b;
    return ERR_OK;
}

enum err lexbuild_lay_out(struct lexbuild *b, const struct corpus *texts, struct errbuf *eb)
{
    char *normal = mem_new(TEXT_MAX_BYTES);
    size_t i, n;

    for (i = 0; i < texts->n; i++) {
        n = text_normalise(str_of(texts->p[i].text), normal, NULL, TEXT_MAX_BYTES);
        trie_visit(b->trie, (struct str){normal, n});
    }
    free(normal);
    return finish(b, eb);
}

void lexbuild_free(struct lexbuild **bp)
{
    struct lexbuild *b = *bp;
    struct concept *c, *next;
    size_t i;

    *bp = NULL;
    if (!b)
        return;
    HASH_ITER(hh, b->concepts, c, next)
    {
        HASH_DEL(b->concepts, c);
        free(c->name);
        free(c);
    }
    for (i = 0; i < b->n_pending; i++) {
        free(b->pending[i].a);
        free(b->pending[i].b);
    }
    free(b->pending);
    free(b->nears);
    free(b->entries);
    trie_free(&b->trie);
    free(b);
}

const struct lexicon *lexbuild_view_borrow(const struct lexbuild *b)
{
    return &b->view;
}

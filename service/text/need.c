#include "need_priv.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "model/labelled.h"
#include "model_priv.h"
#include "normal_priv.h"

extern const unsigned char text_needs_txt[]; /* embed/needs.txt */
extern const unsigned long text_needs_txt_len;

#define KINDS_MAX 64
#define HEADS 1024
#define TEXT_BYTES 512 /* of a text as much is looked at */

struct need_word {
    struct str word; /* normalised */
    uint8_t kind;
    bool serves;   /* it stands for what serves, not for who needs it */
    uint16_t next; /* 1 + the next one with that head; 0: none */
};
struct needs {
    struct arena *arena;
    struct need_word *words;
    size_t n, cap;
    uint16_t heads[HEADS];
    uint32_t leaves[KINDS_MAX]; /* of a request that may tell of it: bits 1 << CATEGORY_x */
    int n_kinds;
};

/* A Chinese character, or two letters. */
static unsigned head_of(const char *p)
{
    return ((unsigned)(unsigned char)p[0] * 31 + (unsigned char)p[1] * 7 +
            ((unsigned char)p[0] < 0x80 ? 0 : (unsigned char)p[2])) %
           HEADS;
}

static void add_word(struct needs *t, int kind, bool serves, struct str word)
{
    char normal[256];
    size_t n = text_normalise(word, normal, NULL, sizeof normal);
    unsigned head;

    assert(n >= 2 && n < sizeof normal && t->n < UINT16_MAX);
    head = head_of(normal);
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 1024;
        t->words = mem_grow(t->words, t->cap, sizeof *t->words);
    }
    t->words[t->n++] =
        (struct need_word){.word = {arena_dup_in(t->arena, (struct str){normal, n}), n},
                           .kind = (uint8_t)kind,
                           .serves = serves,
                           .next = t->heads[head]};
    t->heads[head] = (uint16_t)t->n;
}

static void add_leaf(struct needs *t, int kind, struct str code)
{
    enum category leaf = CATEGORY_NONE;
    bool known = category_parse(code, &leaf);

    assert(known);
    (void)known;
    t->leaves[kind] |= 1u << leaf;
}

static void add_kind(struct needs *t, struct str line)
{
    struct str leaves, serve;
    int kind = t->n_kinds++;

    assert(kind < KINDS_MAX);
    str_cut(&line, '\t');
    for (leaves = str_cut(&line, '\t'); leaves.n > 0;)
        add_leaf(t, kind, str_cut(&leaves, ','));
    for (serve = str_cut(&line, '\t'); serve.n > 0;)
        add_word(t, kind, true, str_cut(&serve, ','));
    while (line.n > 0)
        add_word(t, kind, false, str_cut(&line, ','));
}

struct needs *needs_new(void)
{
    struct needs *t = NEW(struct needs);
    struct str rest = {(const char *)text_needs_txt, text_needs_txt_len};

    t->arena = arena_new();
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');

        if (line.n > 0 && line.p[0] != '#')
            add_kind(t, line);
    }
    return t;
}

void needs_free(struct needs **needs)
{
    struct needs *t = *needs;

    *needs = NULL;
    if (!t)
        return;
    arena_free(&t->arena);
    free(t->words);
    free(t);
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* "tap" is not in "tape". */
static bool cuts_word(struct str s, size_t at, size_t n)
{
    return (at > 0 && is_letter(s.p[at]) && is_letter(s.p[at - 1])) ||
           (at + n < s.n && is_letter(s.p[at + n - 1]) && is_letter(s.p[at + n]));
}

static uint64_t find(const struct needs *t, struct str text, bool serves, enum category leaf)
{
    char buf[TEXT_BYTES + 4] = {0};
    struct normal normal = {.p = buf, .size = TEXT_BYTES};
    uint64_t found = 0;
    struct str s;
    size_t at;

    normal_run(&normal, str_clip_utf8(text, TEXT_BYTES));
    s = (struct str){normal.p, normal.n};
    for (at = 0; at < s.n; at++) {
        unsigned i;

        for (i = t->heads[head_of(s.p + at)]; i; i = t->words[i - 1].next) {
            const struct need_word *w = &t->words[i - 1];

            if (w->serves == serves && at + w->word.n <= s.n &&
                memcmp(s.p + at, w->word.p, w->word.n) == 0 && !cuts_word(s, at, w->word.n) &&
                (serves || t->leaves[w->kind] & 1u << leaf))
                found |= UINT64_C(1) << w->kind;
        }
    }
    return found;
}

uint64_t text_needs_told(const struct text_model *model, struct str text, enum category leaf)
{
    return find(model->needs, text, false, leaf);
}

uint64_t text_needs_served(const struct text_model *model, struct str name)
{
    return find(model->needs, name, true, CATEGORY_NONE);
}

#include "text/lookup.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model_priv.h"
#include "normal_priv.h"
#include "work_priv.h"

size_t lookup_text(const struct text_model *model, struct text_work *work, struct str text,
                   struct lookup *out, size_t max)
{
    const struct text_query q = {.text = text};
    size_t i;

    feature_collect(&model->lexicon, work, &q, &work->features);
    for (i = 0; i < work->n_matches && i < max; i++) {
        const struct lexicon_match *m = &work->matches[i];
        const struct lexicon_entry *e = &model->lexicon.entries[m->entry];

        out[i] = (struct lookup){.word = {work->normal.p + m->from, m->to - m->from},
                                 .concept = e->concept & (uint16_t)~LEXICON_KIND,
                                 .any_of_kind = e->concept & LEXICON_KIND,
                                 .category = (enum category)e->category,
                                 .cues = e->cues,
                                 .class = e->class};
    }
    return i;
}

/* --- words of things --- */

struct row {
    double weight;
    uint32_t entry;
    uint16_t concept;
    char word[256];
};

/* The model keeps no words, but the ways to them: from a word's last state back to the root. */
static bool spell(const struct lexicon *lex, const uint32_t *letters, const uint32_t *parents,
                  uint32_t state, char out[256])
{
    const struct lexicon_entry *e = &lex->entries[lexicon_out(lex->states[state]) - 1];
    char utf8[4];
    size_t at = e->bytes, n;
    int chars = 0;

    if (at >= 256)
        return false;
    out[at] = 0;
    for (; state != 0; state = parents[state], chars++) {
        n = normal_put_utf8(utf8, letters[lexicon_letter(lex->states[state])]);
        if (n > at)
            return false; /* a longer way: what ends here is the end of another word */
        at -= n;
        memcpy(out + at, utf8, n);
    }
    return at == 0 && chars == e->chars;
}

static uint32_t *letters_of(const struct lexicon *lex)
{
    uint32_t *letters = mem_new((UINT16_MAX + 1) * sizeof *letters);
    uint32_t place;

    for (place = LEXICON_CODES; place-- > 0;)
        letters[lex->codes[place]] =
            place >= 0xE000 && place < 0xF900 ? 0x10000 | place : place; /* see lexicon_place */
    return letters;
}

static int by_weight(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    if (x->concept != y->concept)
    return x->concept < y->concept ? -1 : 1;
    return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static struct row *rows_of(const struct lexicon *lex, uint16_t concept, size_t *n_r)
{
    uint32_t *letters = letters_of(lex), *parents = lexicon_parents_new(lex);
    struct row *rows = NULL, row;
    uint32_t s;

    *n_r = 0;
    for (s = 1; s < lex->n_states; s++) {
        if (parents[s] == LEXICON_NONE || lexicon_out(lex->states[s]) == 0)
            continue;
        row.entry = lexicon_out(lex->states[s]) - 1;
        row.concept = lex->entries[row.entry].concept & (uint16_t)~LEXICON_KIND;
        row.weight = row.concept ? lexicon_near(lex, concept, row.concept) : 0;
        if (row.weight <= 0 || !spell(lex, letters, parents, s, row.word))
            continue;
        rows = mem_grow(rows, *n_r + 1, sizeof *rows);
        rows[(*n_r)++] = row;
    }
    free(letters);
    free(parents);
    if (rows)
        qsort(rows, *n_r, sizeof *rows, by_weight);
    return rows;
}

void lookup_thing(const struct text_model *model, uint16_t concept, struct str word,
                  void (*fn)(void *arg, const struct lookup_near *near), void *arg)
{
    size_t n, i;
    struct row *rows = rows_of(&model->lexicon, concept, &n);

    for (i = 0; i < n; i++) {
        bool same = rows[i].concept == concept;
        bool first = i == 0 || rows[i].concept != rows[i - 1].concept;

        if (same ? !str_is(word, rows[i].word) : first)
            fn(arg, &(struct lookup_near){rows[i].word, rows[i].weight});
    }
    free(rows);
}

#include "text/lexicon.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "text/cue.h"

bool cue_parse(struct str code, enum cue *v_r)
{
    static const char *const codes[] = {
#define X(name, code) code,
        CUE_TABLE(X)
#undef X
    };
    int i;

    for (i = 0; i < CUE_N; i++)
        if (str_is(code, codes[i])) {
            *v_r = (enum cue)i;
            return true;
        }
    return false;
}

uint32_t *lexicon_parents_new(const struct lexicon *lex)
{
    uint32_t *parents = mem_new((lex->n_states + 1) * sizeof *parents), *owners, s, base;
    bool sound = true;

    owners = mem_new((lex->n_states + 1) * sizeof *owners); /* 1 + the state of each base */
    for (s = 0; s < lex->n_states && sound; s++) {
        base = lexicon_base(lex->states[s]);
        sound = base == 0 || (base < lex->n_states && owners[base] == 0);
        if (base && sound)
            owners[base] = s + 1;
    }
    for (s = 0; s < lex->n_states && sound; s++) {
        uint32_t letter = lexicon_letter(lex->states[s]);

        sound = letter == 0 || letter != s;
        parents[s] = letter && letter < s ? owners[s - letter] - 1 : LEXICON_NONE;
    }
    free(owners);
    if (!sound) {
        free(parents);
        return NULL;
    }
    return parents;
}

static inline uint32_t step(const struct lexicon *lex, uint32_t s, uint32_t letter)
{
    if (letter == 0)
        return 0;
    for (;;) {
        struct lexicon_state state = lex->states[s];
        uint32_t t = lexicon_base(state) + letter;

        if (t < lex->n_states && lexicon_letter(lex->states[t]) == letter)
            return t;
        if (s == 0)
            return 0;
        s = lexicon_fail(state);
    }
}

static bool is_letter(uint32_t cp)
{
    return cp >= 'a' && cp <= 'z';
}

static bool is_word(uint32_t cp)
{
    return is_letter(cp) || (cp >= '0' && cp <= '9');
}

/* "car" is not in "card": a match that begins or ends with a letter must be a whole word. */
static bool cuts_word(const struct lexicon_text *t, size_t first, size_t end)
{
    return (first > 0 && is_letter(t->cps[first]) && is_word(t->cps[first - 1])) ||
           (end < t->n && is_letter(t->cps[end - 1]) && is_word(t->cps[end]));
}

size_t lexicon_scan(const struct lexicon *lex, const struct lexicon_text *text,
                    struct lexicon_match *out, size_t max)
{
    size_t n = 0, i;
    uint32_t s = 0, e, letter;

    if (lex->n_states == 0 || text->n == 0)
        return 0;
    for (i = 0; i < text->n && n < max; i++) {
        letter = lex->codes[lexicon_place(text->cps[i])];
        s = step(lex, s, letter);
        for (e = lexicon_out(lex->states[s]); e != 0 && n < max; e = lex->entries[e - 1].link) {
            size_t first = i + 1 - lex->entries[e - 1].chars;

            if (!cuts_word(text, first, i + 1))
                out[n++] = (struct lexicon_match){.entry = e - 1,
                                                  .from = text->at[first],
                                                  .to = text->at[i + 1],
                                                  .first = (uint16_t)first,
                                                  .end = (uint16_t)(i + 1)};
        }
    }
    return n;
}

double lexicon_near(const struct lexicon *lex, uint16_t a, uint16_t b)
{
    uint32_t lo = 0, hi = lex->n_nears;
    uint32_t key;

    a &= (uint16_t)~LEXICON_KIND;
    b &= (uint16_t)~LEXICON_KIND;
    if (a == b)
        return a ? 1.0 : 0.0;
    key = a < b ? (uint32_t)a << 16 | b : (uint32_t)b << 16 | a;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        uint32_t at = (uint32_t)lex->nears[mid].a << 16 | lex->nears[mid].b;

        if (at == key)
            return lex->nears[mid].weight_milli / 1000.0;
        if (at < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return 0.0;
}

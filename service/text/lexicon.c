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

/* The characters of a text whose walks are begun together. */
#define BLOCK 64

/* Where words may begin: where a letter is one, or two letters begin one. Nobody can foresee which
   do, so nothing branches on it, and no place waits for the one before. letters[n] is there, too.
   Returns how many there are. */
static inline size_t find_starts(const struct lexicon *lex, const uint32_t *letters, size_t n,
                                 uint8_t *starts)
{
    const struct lexicon_state *states = lex->states;
    uint32_t root = lexicon_base(states[0]);
    size_t i, found = 0;

    for (i = 0; i < n; i++) {
        struct lexicon_state first = states[root + letters[i]];
        struct lexicon_state second = states[lexicon_base(first) + letters[i + 1]];
        bool begins = (lexicon_letter(first) == letters[i]) & (letters[i] != 0);
        bool goes_on = (lexicon_letter(second) == letters[i + 1]) & (letters[i + 1] != 0);

        starts[found] = (uint8_t)i;
        found += begins & (goes_on | (lexicon_out(first) != 0));
    }
    return found;
}

static inline uint32_t letter_of(const struct lexicon *lex, const struct lexicon_text *text,
                                 size_t i)
{
    return lex->codes[lexicon_place(text->cps[i])];
}

struct matches {
    struct lexicon_match *p;
    size_t n, max;
};

/* They come in the order of their begins, and are kept in that of their ends. */
static inline void put(struct matches *out, struct lexicon_match m)
{
    size_t i = out->n;

    if (i == out->max)
        return;
    for (; i > 0 && out->p[i - 1].end > m.end; i--)
        out->p[i] = out->p[i - 1];
    out->p[i] = m;
    out->n++;
}

/* All words that begin at character `first`. */
static inline void walk(const struct lexicon *lex, const struct lexicon_text *text, size_t first,
                        struct matches *out)
{
    uint32_t base = lexicon_base(lex->states[0]);
    size_t i;

    for (i = first; i < text->n; i++) {
        uint32_t letter = letter_of(lex, text, i), word;
        struct lexicon_state state = lex->states[base + letter];

        if (letter == 0 || lexicon_letter(state) != letter)
            return;
        word = lexicon_out(state);
        if (word && !cuts_word(text, first, i + 1)) {
            __builtin_prefetch(&lex->entries[word - 1]);
            put(out, (struct lexicon_match){.entry = word - 1,
                                            .from = text->at[first],
                                            .to = text->at[i + 1],
                                            .first = (uint16_t)first,
                                            .end = (uint16_t)(i + 1)});
        }
        base = lexicon_base(state);
    }
}

size_t lexicon_scan(const struct lexicon *lex, const struct lexicon_text *text,
                    struct lexicon_match *out, size_t max)
{
    struct matches matches = {out, 0, max};
    uint32_t letters[BLOCK + 1];
    uint8_t starts[BLOCK];
    size_t from, i;

    if (lex->n_states == 0)
        return 0;
    for (from = 0; from < text->n && matches.n < max; from += BLOCK) {
        size_t rest = text->n - from, n = rest < BLOCK ? rest : BLOCK, n_starts;

        for (i = 0; i <= n && i < rest; i++)
            letters[i] = letter_of(lex, text, from + i);
        if (i == n)
            letters[n] = 0;
        n_starts = find_starts(lex, letters, n, starts);
        for (i = 0; i < n_starts; i++)
            walk(lex, text, from + starts[i], &matches);
    }
    return matches.n;
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

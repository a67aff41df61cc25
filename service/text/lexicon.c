#include "text/lexicon.h"

#include <stdbool.h>

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

static uint32_t step(const struct lexicon *lex, uint32_t s, unsigned char c)
{
    for (;;) {
        uint32_t t = lex->states[s].base + c;

        if (t < lex->n_states && lex->states[t].check == s)
            return t;
        if (s == 0)
            return 0;
        s = lex->states[s].fail;
    }
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* "car" is not in "card": a match that begins or ends with a letter must be a whole word. */
static bool cuts_word(struct str s, size_t from, size_t to)
{
    return (from > 0 && is_letter(s.p[from]) && is_word_byte(s.p[from - 1])) ||
           (to < s.n && is_letter(s.p[to - 1]) && is_word_byte(s.p[to]));
}

size_t lexicon_scan(const struct lexicon *lex, struct str normal, struct lexicon_match *out,
                    size_t max)
{
    size_t n = 0, i;
    uint32_t s = 0, t;

    if (lex->n_states == 0)
        return 0;
    for (i = 0; i < normal.n && n < max; i++) {
        if (s == 0 && ((unsigned char)normal.p[i] & 0xC0) == 0x80)
            continue; /* no word begins inside of a character */
        s = step(lex, s, (unsigned char)normal.p[i]);
        for (t = lex->states[s].entry ? s : lex->states[s].link; t != 0 && n < max;
             t = lex->states[t].link) {
            uint32_t e = lex->states[t].entry - 1;
            size_t bytes = lex->entries[e].bytes;

            if (!cuts_word(normal, i + 1 - bytes, i + 1))
                out[n++] = (struct lexicon_match){e, (uint16_t)(i + 1 - bytes), (uint16_t)(i + 1)};
        }
    }
    return n;
}

double lexicon_near(const struct lexicon *lex, uint16_t a, uint16_t b)
{
    uint32_t lo = 0, hi = lex->n_nears;
    uint32_t key;

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

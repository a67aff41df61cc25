#include "term_priv.h"

#include "base/hash.h"
#include "normal_priv.h"

#define WORD_MAX 32
#define ROOT 5 /* letters: fewer join words of nothing in common, more part those of one root */
#define NUMBER_LONGEST 6 /* more digits: a telephone or an account */

static bool is_word(uint32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') || (cp >= 0xC0 && cp < 0x2000);
}

static bool ends(const char *w, size_t n, const char *end)
{
    size_t m = strlen(end);

    return n > m && memcmp(w + n - m, end, m) == 0;
}

static bool has_vowel(const char *w, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (memchr("aeiouy", w[i], 6))
            return true;
    return false;
}

/* What stays when a verb's ending is off: shipp → ship, and nothing when no word would be left. */
static size_t without(const char *w, size_t n, size_t ending)
{
    size_t left = n - ending;

    if (left < 3 || !has_vowel(w, left))
        return n;
    if (w[left - 1] == w[left - 2] && !memchr("lsz", w[left - 1], 3))
        left--;
    return left;
}

size_t term_stem(char *w, size_t n)
{
    if (n > 4 && ends(w, n, "ies")) {
        w[n - 3] = 'y';
        n -= 2;
    } else if (n > 4 && (ends(w, n, "sses") || ends(w, n, "shes") || ends(w, n, "ches") ||
                         ends(w, n, "xes"))) {
        n -= 2;
    } else if (n > 3 && ends(w, n, "s") && !ends(w, n, "ss") && !ends(w, n, "us") &&
               !ends(w, n, "is")) {
        n--;
    }
    if (ends(w, n, "ing"))
        n = without(w, n, 3);
    else if (ends(w, n, "ed"))
        n = without(w, n, 2);
    return n > 3 && w[n - 1] == 'e' ? n - 1 : n;
}

static void put_han(struct term *out, const char *p, size_t n)
{
    *out = (struct term){.key = (uint32_t)hash64(p, n, 0), .han = true};
}

static void put_number(struct term *out, const char *digits, size_t n)
{
    *out = (struct term){.key = (uint32_t)hash64(digits, n, 0)};
}

static void put_word(struct term *out, char *word, size_t n)
{
    n = term_stem(word, n);
    *out = (struct term){.key = (uint32_t)hash64(word, n, 0)};
    if (n >= ROOT)
        out->root = (uint32_t)hash64(word, ROOT, ROOT);
}

/* The word that begins at *at, which is moved behind it; its bytes (cut) in `word`. */
static size_t take_word(struct str s, size_t *at, char word[WORD_MAX], bool *digits)
{
    size_t n = 0, next = *at;

    *digits = true;
    while (next < s.n) {
        size_t from = next;
        uint32_t cp = normal_next(s, &next);

        if (!is_word(cp))
            break;
        *digits &= cp >= '0' && cp <= '9';
        if (n + (next - from) <= WORD_MAX) {
            memcpy(word + n, s.p + from, next - from);
            n += next - from;
        }
        *at = next;
    }
    return n;
}

static size_t behind_link(struct str s, size_t at)
{
    while (at < s.n && s.p[at] != ' ' && (unsigned char)s.p[at] < 0x80)
        at++;
    return at;
}

size_t term_cut(struct str s, struct term *out, size_t max)
{
    char word[WORD_MAX];
    size_t at = 0, count = 0;

    while (at < s.n && count < max) {
        size_t from = at, n;
        uint32_t cp = normal_next(s, &at);
        bool digits;

        if (cp >= 0x3040 && !mark_is(cp) && !(cp >= 0xFE00 && cp <= 0xFFFF)) {
            put_han(&out[count++], s.p + from, at - from);
        } else if (is_word(cp)) {
            at = from;
            n = take_word(s, &at, word, &digits);
            if (str_is((struct str){word, n}, "http") || str_is((struct str){word, n}, "https"))
                at = behind_link(s, at);
            else if (!digits)
                put_word(&out[count++], word, n);
            else if (n <= NUMBER_LONGEST)
                put_number(&out[count++], word, n);
        }
    }
    return count;
}

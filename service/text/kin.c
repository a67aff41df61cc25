#include "kin_priv.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

extern const unsigned char text_kin_txt[]; /* embed/kin.txt */
extern const unsigned long text_kin_txt_len;

#define RUN_MAX 8 /* terms of a word of the table */
#define PERCENT 100

struct kin_word { /* ascending by key; a word of several families stands there for each */
    uint64_t key;
    uint16_t family;
    uint8_t strength;
};
struct text_kin {
    struct str names[KIN_MAX]; /* borrowed from the table */
    int n_families;
    struct kin_word *words;
    size_t n_words, cap;
    uint8_t near[KIN_MAX][KIN_MAX]; /* in hundredths */
};

static uint64_t key_of(const struct term *terms, size_t n)
{
    uint32_t keys[RUN_MAX];
    size_t i;

    for (i = 0; i < n; i++)
        keys[i] = terms[i].key;
    return hash64(keys, n * sizeof *keys, n);
}

static int family_of(struct text_kin *k, struct str name)
{
    int f;

    for (f = 0; f < k->n_families; f++)
        if (str_eq(k->names[f], name))
            return f;
    assert(k->n_families < KIN_MAX);
    k->names[k->n_families] = name;
    return k->n_families++;
}

static void add_word(struct text_kin *k, int family, struct str word)
{
    struct term terms[RUN_MAX + 1];
    bool hint = word.n > 0 && word.p[word.n - 1] == '?';
    size_t n = term_cut((struct str){word.p, word.n - hint}, terms, RUN_MAX + 1);

    assert(n <= RUN_MAX);
    if (n == 0)
        return;
    if (k->n_words == k->cap) {
        k->cap = k->cap ? 2 * k->cap : 1024;
        k->words = mem_grow(k->words, k->cap, sizeof *k->words);
    }
    k->words[k->n_words++] = (struct kin_word){
        .key = key_of(terms, n), .family = (uint16_t)family, .strength = hint ? 1 : 2};
}

/* name=0.5 */
static void add_near(struct text_kin *k, int family, struct str pair)
{
    struct str name = str_cut(&pair, '=');
    int other;

    if (pair.n == 0)
        return;
    other = family_of(k, name);
    k->near[family][other] = k->near[other][family] = (uint8_t)(PERCENT * atof(pair.p) + 0.5);
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = ((const struct kin_word *)a)->key, y = ((const struct kin_word *)b)->key;

    return (x > y) - (x < y);
}

struct text_kin *text_kin_new(void)
{
    struct text_kin *k = NEW(struct text_kin);
    struct str rest = {(const char *)text_kin_txt, text_kin_txt_len};

    family_of(k, STR("."));
    family_of(k, STR("-"));
    family_of(k, STR("gives"));
    family_of(k, STR("asks"));
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n'), words, name;
        int family;

        if (line.n == 0 || line.p[0] == '#')
            continue;
        name = str_cut(&line, '\t');
        family = family_of(k, name);
        for (words = str_cut(&line, '\t'); words.n > 0;)
            add_word(k, family, str_cut(&words, ','));
        while (line.n > 0)
            add_near(k, family, str_cut(&line, ','));
    }
    qsort(k->words, k->n_words, sizeof *k->words, by_key);
    return k;
}

void text_kin_free(struct text_kin **k)
{
    if (*k)
        free((*k)->words);
    free(*k);
    *k = NULL;
}

/* The first word of that key, or the table's end. */
static size_t look_up(const struct text_kin *k, uint64_t key)
{
    size_t low = 0, high = k->n_words;

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (k->words[mid].key < key)
            low = mid + 1;
        else
            high = mid;
    }
    return low < k->n_words && k->words[low].key == key ? low : k->n_words;
}

/* The first of the longest word that begins here, *run_r its terms; or the table's end and 1. */
static size_t longest(const struct text_kin *k, const struct term *terms, size_t n, size_t *run_r)
{
    size_t run, w;

    for (run = n < RUN_MAX ? n : RUN_MAX; run > 0; run--)
        if ((w = look_up(k, key_of(terms, run))) < k->n_words) {
            *run_r = run;
            return w;
        }
    *run_r = 1;
    return k->n_words;
}

void kin_find(const struct text_kin *k, const struct term *terms, size_t n, uint8_t kin[KIN_MAX],
              enum kin_cover *cover)
{
    size_t i, run, w, c;
    uint64_t key;

    memset(kin, 0, KIN_MAX);
    for (i = 0; i < n; i++)
        cover[i] = KIN_PLAIN;
    for (i = 0; i < n; i += run) {
        w = longest(k, terms + i, n - i, &run);
        for (key = key_of(terms + i, run); w < k->n_words && k->words[w].key == key; w++) {
            const struct kin_word *word = &k->words[w];

            for (c = i; c < i + run; c++)
                if (cover[c] != KIN_EVERYWHERE)
                    cover[c] = word->family == KIN_COMMON ? KIN_EVERYWHERE : KIN_NAMED;
            if (kin[word->family] < word->strength)
                kin[word->family] = word->strength;
        }
    }
}

double kin_near(const struct text_kin *k, int a, int b)
{
    return a == b ? 1 : k->near[a][b] / (double)PERCENT;
}

int kin_families(const struct text_kin *k)
{
    return k->n_families;
}

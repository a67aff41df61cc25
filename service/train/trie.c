#include "trie_priv.h"

#include <stdbool.h>

#include "base/mem.h"
#include "text/normal.h"

#define NO_ENTRY UINT32_MAX

/* A word's characters so far; children are a list, in ascending order of their letters while words
   are added. */
struct node {
    uint32_t child, sibling, entry;
    uint32_t state;  /* where it lies in the double array */
    uint32_t visits; /* how often texts lead to it */
    uint16_t letter;
};

/* A state until all are known. */
struct draft {
    uint32_t base, node;
    uint16_t letter; /* 0: the place is free */
    bool is_base;    /* of some state */
};

struct trie {
    struct node *nodes;
    uint32_t n, cap;
    struct draft *drafts;
    struct lexicon_state *states;
    uint32_t n_states, cap_states;
    uint32_t *free_from; /* of a free state itself; else a later one, not behind the next free */
    uint16_t codes[LEXICON_CODES], n_letters;
};

static uint32_t node_new(struct trie *trie, uint16_t letter)
{
    if (trie->n == trie->cap) {
        trie->cap = trie->cap ? 2 * trie->cap : 4096;
        trie->nodes = mem_grow(trie->nodes, trie->cap, sizeof *trie->nodes);
    }
    trie->nodes[trie->n] = (struct node){.entry = NO_ENTRY, .letter = letter};
    return trie->n++;
}

struct trie *trie_new(void)
{
    struct trie *trie = NEW(struct trie);

    node_new(trie, 0);
    return trie;
}

void trie_free(struct trie **trie)
{
    if (*trie) {
        free((*trie)->nodes);
        free((*trie)->drafts);
        free((*trie)->states);
        free((*trie)->free_from);
        free(*trie);
    }
    *trie = NULL;
}

static uint32_t child_of(struct trie *trie, uint32_t node, uint16_t letter)
{
    uint32_t before = 0, at = trie->nodes[node].child, fresh;

    while (at != 0 && trie->nodes[at].letter < letter) {
        before = at;
        at = trie->nodes[at].sibling;
    }
    if (at != 0 && trie->nodes[at].letter == letter)
        return at;
    fresh = node_new(trie, letter);
    trie->nodes[fresh].sibling = at;
    if (before)
        trie->nodes[before].sibling = fresh;
    else
        trie->nodes[node].child = fresh;
    return fresh;
}

static uint16_t letter_of(struct trie *trie, uint32_t cp)
{
    uint16_t *code = &trie->codes[lexicon_place(cp)];

    if (*code == 0)
        *code = ++trie->n_letters;
    return *code;
}

uint32_t trie_add(struct trie *trie, struct str word, uint32_t entry)
{
    uint32_t node = 0;
    size_t at = 0;

    while (at < word.n)
        node = child_of(trie, node, letter_of(trie, text_next(word, &at)));
    if (trie->nodes[node].entry == NO_ENTRY)
        trie->nodes[node].entry = entry;
    return trie->nodes[node].entry;
}

static void need_states(struct trie *trie, uint32_t n)
{
    while (trie->cap_states < n) {
        uint32_t cap = trie->cap_states ? 2 * trie->cap_states : 8192, i;

        trie->drafts = mem_grow(trie->drafts, cap, sizeof *trie->drafts);
        trie->free_from = mem_grow(trie->free_from, cap, sizeof *trie->free_from);
        for (i = trie->cap_states; i < cap; i++) {
            trie->drafts[i] = (struct draft){0};
            trie->free_from[i] = i;
        }
        trie->cap_states = cap;
    }
    if (n > trie->n_states)
        trie->n_states = n;
}

/* The first free state from `at` on. Whoever comes by shortens the way for the next. */
static uint32_t next_free(struct trie *trie, uint32_t at)
{
    while (at < trie->cap_states && trie->free_from[at] != at) {
        uint32_t to = trie->free_from[at];

        if (to < trie->cap_states)
            trie->free_from[at] = trie->free_from[to];
        at = to;
    }
    return at;
}

static bool base_fits(struct trie *trie, uint32_t node, uint32_t base)
{
    uint32_t c;

    need_states(trie, base + trie->n_letters + 1u);
    if (trie->drafts[base].is_base)
        return false;
    for (c = trie->nodes[node].child; c != 0; c = trie->nodes[c].sibling) {
        uint32_t t = base + trie->nodes[c].letter;

        if (trie->drafts[t].letter)
            return false;
    }
    return true;
}

/* First fit, the child of the lowest letter in a free place: the arrays stay small. */
static void place_children(struct trie *trie, uint32_t node)
{
    uint32_t child = trie->nodes[node].child, state = trie->nodes[node].state, c, first, base, t;

    if (child == 0)
        return;
    first = trie->nodes[child].letter;
    for (c = child; c != 0; c = trie->nodes[c].sibling)
        first = trie->nodes[c].letter < first ? trie->nodes[c].letter : first;
    t = next_free(trie, first + 1);
    while (!base_fits(trie, node, t - first))
        t = next_free(trie, t + 1);
    base = trie->drafts[state].base = t - first;
    trie->drafts[base].is_base = true;
    for (c = child; c != 0; c = trie->nodes[c].sibling) {
        t = base + trie->nodes[c].letter;
        trie->nodes[c].state = t;
        trie->drafts[t].node = c;
        trie->drafts[t].letter = trie->nodes[c].letter;
        trie->free_from[t] = t + 1;
    }
}

/* --- what texts come by lies together: it stays in the caches near the core ---------------------
 */

void trie_visit(struct trie *trie, struct str text)
{
    size_t from, at;

    for (from = 0; from < text.n; text_next(text, &from)) {
        uint32_t node = 0;

        for (at = from; at < text.n;) {
            uint16_t letter = trie->codes[lexicon_place(text_next(text, &at))];
            uint32_t t = trie->drafts[trie->nodes[node].state].base + letter;

            if (letter == 0 || trie->drafts[t].letter != letter)
                break;
            node = trie->drafts[t].node;
            trie->nodes[node].visits++;
        }
    }
}

struct visited {
    uint32_t number;
    uint64_t visits;
};

static int by_visits(const void *a, const void *b)
{
    const struct visited *x = a, *y = b;

    if (x->visits != y->visits)
        return x->visits < y->visits ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

static void name_letters(struct trie *trie)
{
    struct visited *letters = mem_new((trie->n_letters + 1u) * sizeof *letters);
    uint16_t *fresh = mem_new((trie->n_letters + 1u) * sizeof *fresh);
    uint32_t i;

    for (i = 0; i <= trie->n_letters; i++)
        letters[i].number = i;
    for (i = 1; i < trie->n; i++)
        letters[trie->nodes[i].letter].visits += trie->nodes[i].visits;
    qsort(letters + 1, trie->n_letters, sizeof *letters, by_visits);
    for (i = 1; i <= trie->n_letters; i++)
        fresh[letters[i].number] = (uint16_t)i;
    for (i = 1; i < trie->n; i++)
        trie->nodes[i].letter = fresh[trie->nodes[i].letter];
    for (i = 0; i < LEXICON_CODES; i++)
        trie->codes[i] = fresh[trie->codes[i]];
    free(fresh);
    free(letters);
}

/* No child is visited more often than its parent, and none is older: parents come first. */
static struct visited *nodes_in_order(const struct trie *trie)
{
    struct visited *nodes = mem_new(trie->n * sizeof *nodes);
    uint32_t i;

    for (i = 0; i < trie->n; i++)
        nodes[i] = (struct visited){i, i == 0 ? UINT64_MAX : trie->nodes[i].visits};
    qsort(nodes, trie->n, sizeof *nodes, by_visits);
    return nodes;
}

static void order_entries(struct trie *trie, const struct visited *nodes,
                          struct lexicon_entry *entries)
{
    struct lexicon_entry *old = mem_new((trie->n + 1) * sizeof *old);
    uint32_t i, n = 0;

    for (i = 0; i < trie->n; i++)
        if (trie->nodes[i].entry != NO_ENTRY)
            old[trie->nodes[i].entry] = entries[trie->nodes[i].entry];
    for (i = 0; i < trie->n; i++) {
        struct node *node = &trie->nodes[nodes[i].number];

        if (node->entry == NO_ENTRY)
            continue;
        entries[n] = old[node->entry];
        node->entry = n++;
    }
    free(old);
}

static void place_all(struct trie *trie, struct lexicon_entry *entries)
{
    struct visited *nodes;
    uint32_t i;

    free(trie->drafts);
    free(trie->free_from);
    trie->drafts = NULL;
    trie->free_from = NULL;
    trie->n_states = trie->cap_states = 0;
    name_letters(trie);
    need_states(trie, trie->n_letters + 2u);
    nodes = nodes_in_order(trie);
    for (i = 0; i < trie->n; i++)
        place_children(trie, nodes[i].number);
    order_entries(trie, nodes, entries);
    free(nodes);
}

static void pack(struct trie *trie)
{
    uint32_t i;

    free(trie->states);
    trie->states = mem_new((trie->n_states + 1) * sizeof *trie->states);
    for (i = 0; i < trie->n_states; i++) {
        const struct draft *d = &trie->drafts[i];
        uint32_t entry = d->letter ? trie->nodes[d->node].entry : NO_ENTRY;

        trie->states[i].word = d->base | (uint64_t)d->letter << LEXICON_BASE_BITS;
        if (entry != NO_ENTRY)
            trie->states[i].word |= (uint64_t)(entry + 1) << LEXICON_OUT_AT;
    }
}

bool trie_finish(struct trie *trie, struct lexicon_entry *entries, struct lexicon *lex_r)
{
    place_all(trie, entries);
    if (trie->n_states > LEXICON_STATES_MOST || trie->n_letters > LEXICON_LETTERS_MOST)
        return false;
    pack(trie);
    lex_r->codes = trie->codes;
    lex_r->states = trie->states;
    lex_r->n_states = trie->n_states;
    return true;
}

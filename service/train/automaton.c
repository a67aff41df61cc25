#include "automaton_priv.h"

#include <stdbool.h>

#include "base/mem.h"
#include "text/normal.h"

#define NO_ENTRY UINT32_MAX

/* The trie of the words, children as a list in ascending order of their letters. */
struct node {
    uint32_t child, sibling, entry;
    uint32_t state; /* where it lies in the double array */
    uint16_t letter;
};

/* A state until all are known. */
struct draft {
    uint32_t base, fail, out;
    uint16_t letter; /* 0: the place is free */
    bool is_base;    /* of some state */
};

struct automaton {
    struct node *nodes;
    uint32_t n, cap;
    struct draft *drafts;
    struct lexicon_state *states;
    uint32_t n_states, cap_states;
    uint32_t *free_from; /* of a free state itself; else a later one, not behind the next free */
    uint16_t codes[LEXICON_CODES], n_letters;
};

static uint32_t node_new(struct automaton *a, uint16_t letter)
{
    if (a->n == a->cap) {
        a->cap = a->cap ? 2 * a->cap : 4096;
        a->nodes = mem_grow(a->nodes, a->cap, sizeof *a->nodes);
    }
    a->nodes[a->n] = (struct node){.entry = NO_ENTRY, .letter = letter};
    return a->n++;
}

struct automaton *automaton_new(void)
{
    struct automaton *a = NEW(struct automaton);

    node_new(a, 0);
    return a;
}

void automaton_free(struct automaton **a)
{
    if (*a) {
        free((*a)->nodes);
        free((*a)->drafts);
        free((*a)->states);
        free((*a)->free_from);
        free(*a);
    }
    *a = NULL;
}

static uint32_t child_of(struct automaton *a, uint32_t node, uint16_t letter)
{
    uint32_t before = 0, at = a->nodes[node].child, fresh;

    while (at != 0 && a->nodes[at].letter < letter) {
        before = at;
        at = a->nodes[at].sibling;
    }
    if (at != 0 && a->nodes[at].letter == letter)
        return at;
    fresh = node_new(a, letter);
    a->nodes[fresh].sibling = at;
    if (before)
        a->nodes[before].sibling = fresh;
    else
        a->nodes[node].child = fresh;
    return fresh;
}

static uint16_t letter_of(struct automaton *a, uint32_t cp)
{
    uint16_t *code = &a->codes[lexicon_place(cp)];

    if (*code == 0)
        *code = ++a->n_letters;
    return *code;
}

uint32_t automaton_add(struct automaton *a, struct str word, uint32_t entry)
{
    uint32_t node = 0;
    size_t at = 0;

    while (at < word.n)
        node = child_of(a, node, letter_of(a, text_next(word, &at)));
    if (a->nodes[node].entry == NO_ENTRY)
        a->nodes[node].entry = entry;
    return a->nodes[node].entry;
}

static void need_states(struct automaton *a, uint32_t n)
{
    while (a->cap_states < n) {
        uint32_t cap = a->cap_states ? 2 * a->cap_states : 8192, i;

        a->drafts = mem_grow(a->drafts, cap, sizeof *a->drafts);
        a->free_from = mem_grow(a->free_from, cap, sizeof *a->free_from);
        for (i = a->cap_states; i < cap; i++) {
            a->drafts[i] = (struct draft){0};
            a->free_from[i] = i;
        }
        a->cap_states = cap;
    }
    if (n > a->n_states)
        a->n_states = n;
}

/* The first free state from `at` on. Whoever comes by shortens the way for the next. */
static uint32_t next_free(struct automaton *a, uint32_t at)
{
    while (at < a->cap_states && a->free_from[at] != at) {
        uint32_t to = a->free_from[at];

        if (to < a->cap_states)
            a->free_from[at] = a->free_from[to];
        at = to;
    }
    return at;
}

static bool base_fits(struct automaton *a, uint32_t node, uint32_t base)
{
    uint32_t c;

    need_states(a, base + a->n_letters + 1u);
    if (a->drafts[base].is_base)
        return false;
    for (c = a->nodes[node].child; c != 0; c = a->nodes[c].sibling) {
        uint32_t t = base + a->nodes[c].letter;

        if (a->drafts[t].letter)
            return false;
    }
    return true;
}

/* First fit, the first child in a free place: the arrays stay small. */
static void place_children(struct automaton *a, uint32_t node)
{
    uint32_t c = a->nodes[node].child, state = a->nodes[node].state, first, base, t;

    if (c == 0)
        return;
    first = a->nodes[c].letter;
    t = next_free(a, first + 1);
    while (!base_fits(a, node, t - first))
        t = next_free(a, t + 1);
    base = a->drafts[state].base = t - first;
    a->drafts[base].is_base = true;
    for (; c != 0; c = a->nodes[c].sibling) {
        t = base + a->nodes[c].letter;
        a->nodes[c].state = t;
        a->drafts[t].letter = a->nodes[c].letter;
        a->free_from[t] = t + 1;
    }
}

static uint32_t go(const struct automaton *a, uint32_t s, uint16_t letter)
{
    for (;;) {
        uint32_t t = a->drafts[s].base + letter;

        if (a->drafts[t].letter == letter)
            return t;
        if (s == 0)
            return 0;
        s = a->drafts[s].fail;
    }
}

static void link_children(struct automaton *a, uint32_t node, struct lexicon_entry *entries)
{
    uint32_t c, state = a->nodes[node].state;

    for (c = a->nodes[node].child; c != 0; c = a->nodes[c].sibling) {
        struct draft *s = &a->drafts[a->nodes[c].state];
        uint32_t entry = a->nodes[c].entry, shorter;

        s->fail = state == 0 ? 0 : go(a, a->drafts[state].fail, a->nodes[c].letter);
        shorter = a->drafts[s->fail].out;
        s->out = entry == NO_ENTRY ? shorter : entry + 1;
        if (entry != NO_ENTRY)
            entries[entry].link = shorter;
    }
}

static void pack(struct automaton *a)
{
    uint32_t i;

    a->states = mem_new((a->n_states + 1) * sizeof *a->states);
    for (i = 0; i < a->n_states; i++) {
        const struct draft *d = &a->drafts[i];

        a->states[i].word = d->base | (uint64_t)d->letter << LEXICON_BASE_BITS |
                            (uint64_t)d->fail << LEXICON_FAIL_AT |
                            (uint64_t)d->out << LEXICON_OUT_AT;
    }
}

bool automaton_finish(struct automaton *a, struct lexicon_entry *entries, struct lexicon *lex_r)
{
    uint32_t *queue = mem_new(a->n * sizeof *queue), head = 0, tail = 0, c;

    need_states(a, a->n_letters + 2u);
    queue[tail++] = 0;
    while (head < tail) { /* breadth first: a state's fail is nearer to the root */
        uint32_t node = queue[head++];

        place_children(a, node);
        link_children(a, node, entries);
        for (c = a->nodes[node].child; c != 0; c = a->nodes[c].sibling)
            queue[tail++] = c;
    }
    free(queue);
    if (a->n_states > LEXICON_STATES_MOST || a->n_letters > LEXICON_LETTERS_MOST)
        return false;
    pack(a);
    lex_r->codes = a->codes;
    lex_r->states = a->states;
    lex_r->n_states = a->n_states;
    return true;
}

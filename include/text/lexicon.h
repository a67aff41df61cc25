/* The lexicon: items (grouped in concepts), cues and classes of words, in a trie laid out as a
   double array (J. Aoe, 1989) over characters, which is walked from each character of a text. An
   Aho–Corasick automaton passes each character once, but each step waits for the one before; the
   walks wait for nothing, end after two characters mostly, and measure faster (MODEL.md). */
#ifndef LINLI_TEXT_LEXICON_H
#define LINLI_TEXT_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* A character's letter: codes[lexicon_place(cp)]; 0: it stands in no word. The places of pictures
   fall into the private area, where nothing else lies. */
#define LEXICON_CODES 0x10000
static inline uint32_t lexicon_place(uint32_t cp)
{
    return cp & 0xFFFF;
}

/* State s goes by letter c to base + c when that state's letter is c. So no two states have the
   same base, but for those that go nowhere: theirs is 0, and no state of letter c lies at c. From
   no base does any letter lead out of the array. State 0 is the root; it and the places not in use
   have the letter 0. In one word, as a scan waits mostly for these: base in the lowest
   LEXICON_BASE_BITS, above it the letter, and 1 + the entry of the word that ends here, or 0 (out).
 */
struct lexicon_state {
    uint64_t word;
};
#define LEXICON_BASE_BITS 17
#define LEXICON_LETTER_BITS 13
#define LEXICON_OUT_BITS 17
#define LEXICON_OUT_AT (LEXICON_BASE_BITS + LEXICON_LETTER_BITS)
#define LEXICON_STATES_MOST (1u << LEXICON_BASE_BITS)
#define LEXICON_LETTERS_MOST ((1u << LEXICON_LETTER_BITS) - 1)
#define LEXICON_ENTRIES_MOST ((1u << LEXICON_OUT_BITS) - 1)
static inline uint32_t lexicon_base(struct lexicon_state s)
{
    return (uint32_t)s.word & (LEXICON_STATES_MOST - 1);
}
static inline uint32_t lexicon_letter(struct lexicon_state s)
{
    return (uint32_t)(s.word >> LEXICON_BASE_BITS) & LEXICON_LETTERS_MOST;
}
static inline uint32_t lexicon_out(struct lexicon_state s)
{
    return (uint32_t)(s.word >> LEXICON_OUT_AT);
}

/* Entries are in the order in which the corpus has them, the commonest first. A word may name an
   item, be a cue (or several), belong to a class, or all of these; a topic word has a category and
   no concept: it tells what the message is about, but is nothing that changes hands. */
struct lexicon_entry {
    uint64_t cues;    /* set of enum cue */
    uint16_t concept; /* 1…, and perhaps LEXICON_KIND; 0: not an item */
    uint16_t class;   /* 1…; 0: of no class */
    uint16_t bytes;   /* length of the normalised word */
    uint8_t chars;
    uint8_t category; /* of the item or topic */
};
#define LEXICON_CLASSES 1000
/* The words of this concept are different things of one kind: whoever asks for one of them may take
   another, or not. */
#define LEXICON_KIND 0x8000
struct lexicon_near {
    uint16_t a, b; /* concepts without LEXICON_KIND; a < b, ascending */
    uint16_t weight_milli, reserved;
};

/* Borrowed views into the model's file (or into the trainer's memory). */
struct lexicon {
    const uint16_t *codes;
    const struct lexicon_state *states;
    const struct lexicon_entry *entries;
    const struct lexicon_near *nears;
    uint32_t n_states, n_entries, n_nears;
};

/* A normalised text as characters: character i stands at byte at[i]; at[n] is the text's end. */
struct lexicon_text {
    const uint32_t *cps;
    const uint16_t *at;
    size_t n;
};
struct lexicon_match {
    uint32_t entry;
    uint16_t from, to;   /* bytes of the scanned text */
    uint16_t first, end; /* its characters: [first, end) */
};
/* Of each state, which one goes to it; LEXICON_NONE for the root and for what none goes to. NULL
   when two have one base. The caller frees. */
#define LEXICON_NONE UINT32_MAX
uint32_t *lexicon_parents_new(const struct lexicon *lex);

/* All matches in order of their ends, longest first at one end; at most `max`. A word of letters
   matches only whole words. Takes time in the text's length times, at worst, that of the longest
   word. Returns how many. */
size_t lexicon_scan(const struct lexicon *lex, const struct lexicon_text *text,
                    struct lexicon_match *out, size_t max);

/* Weight of two concepts as substitutes, 0…1. */
double lexicon_near(const struct lexicon *lex, uint16_t a, uint16_t b);

#endif

/* The lexicon: items (grouped in concepts) and cues, found in one pass by an Aho–Corasick automaton
   (A. Aho, M. Corasick, 1975) laid out as a double array (J. Aoe, 1989) over bytes. */
#ifndef LINLI_TEXT_LEXICON_H
#define LINLI_TEXT_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* State s goes by byte c to base + c when that state's check is s. State 0 is the root; the root
   and the places not in use have the check LEXICON_NONE. */
#define LEXICON_NONE UINT32_MAX
struct lexicon_state {
    uint32_t base, check, fail;
    uint32_t entry; /* 1 + entry that ends here; 0: none */
    uint32_t link;  /* nearest state on the fail chain where an entry ends; 0: none */
};

/* A word may name an item, be a cue (or several), or both; a topic word has a category and no
   concept: it tells what the message is about, but is nothing that changes hands. */
struct lexicon_entry {
    uint64_t cues;    /* set of enum cue */
    uint16_t concept; /* 1…; 0: not an item */
    uint16_t bytes;   /* length of the normalised word */
    uint8_t category; /* of the item or topic */
    uint8_t chars;
    uint8_t reserved[2];
};
struct lexicon_near {
    uint16_t a, b; /* a < b, ascending */
    uint16_t weight_milli, reserved;
};

/* Borrowed views into the model's file (or into the trainer's memory). */
struct lexicon {
    const struct lexicon_state *states;
    const struct lexicon_entry *entries;
    const struct lexicon_near *nears;
    uint32_t n_states, n_entries, n_nears;
};

struct lexicon_match {
    uint32_t entry;
    uint16_t from, to; /* bytes of the scanned text */
};
/* All matches in order of their ends, longest first at one end; at most `max`. A word of letters
   matches only whole words. Returns how many. */
size_t lexicon_scan(const struct lexicon *lex, struct str normal, struct lexicon_match *out,
                    size_t max);

/* Weight of two concepts as substitutes, 0…1. */
double lexicon_near(const struct lexicon *lex, uint16_t a, uint16_t b);

#endif

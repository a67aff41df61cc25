/* What the lexicon finds in a text, and what it knows of a thing: for people who mend it. */
#ifndef LINLI_TEXT_LOOKUP_H
#define LINLI_TEXT_LOOKUP_H

#include "text/cue.h"
#include "text/text.h"

struct lookup {
    struct str word;        /* as it is normalised; until the work space is used again */
    uint16_t concept;       /* of an item, for lookup_thing; 0: it is none */
    bool any_of_kind;       /* its words are different things of one kind */
    enum category category; /* of an item, or of a topic */
    uint64_t cues;          /* 1 << CUE_x */
    uint16_t class;         /* the number of its class of words; 0: of none */
};
/* All words found, in the order of their ends, longest first at one end; returns how many, at most
   `max`. Words inside others are among them: the reading chooses. */
size_t lookup_text(const struct text_model *model, struct text_work *work, struct str text,
                   struct lookup *out, size_t max);

struct lookup_near {
    const char *word; /* until fn returns */
    double weight;    /* 1: another word for the same */
};
/* Every other word for the thing, the commonest first, then its substitutes by the commonest word
   of each, best first. */
void lookup_thing(const struct text_model *model, uint16_t concept, struct str word,
                  void (*fn)(void *arg, const struct lookup_near *near), void *arg);

#endif

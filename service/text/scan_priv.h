/* Small readers over normalised text. Each moves *at past what it took, or leaves it alone. */
#ifndef LINLI_TEXT_SCAN_PRIV_H
#define LINLI_TEXT_SCAN_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* What a character may begin, looked up in one step; filled once with the normaliser's table.
   Characters outside of ASCII and Han have no class. */
enum {
    SCAN_NUMERAL = 1,  /* a digit, or a numeral for one */
    SCAN_NUMBER = 2,   /* a number */
    SCAN_WHEN = 4,     /* a time */
    SCAN_CONTACT = 8,  /* a cue of an id */
    SCAN_CLOCK = 16,   /* what may follow a number in a time */
    SCAN_MEASURE = 32, /* a measure word */
    SCAN_NEAR = 64,    /* a place by where it lies, or the last word of an estate's name */
    SCAN_NEARER = 128, /* its second character */
    SCAN_DOOR = 256,  /* what may follow the number of a building, an entrance, a floor or a door */
    SCAN_DAY = 512,   /* the first of two characters that begin a time */
    SCAN_PART = 1024, /* the first one of a part of the day */
    SCAN_RUN = 2048 /* what else a telephone number may go on with: 洞拐勾, words between digits */
};
unsigned scan_class(struct str s, size_t at);
void scan_fill_classes(void);
/* A time may begin here: by its first two characters, or a number and what follows it. */
bool scan_may_be_time(struct str s, size_t at);

/* Where each grammar may begin, found in one pass: a set of these at a character's first byte, 0 at
   its others. Returns all that there are. */
enum { SCAN_AT_CONTACT = 1, SCAN_AT_PLACE = 2, SCAN_AT_WHEN = 4, SCAN_AT_AMOUNT = 8 };
unsigned scan_starts(struct str s, unsigned char *starts);
/* The first byte from `at` on with one of `set`, or n. */
size_t scan_next_start(const unsigned char *starts, size_t at, size_t n, unsigned char set);

/* A list of words, and two filters over how they begin and end, filled at the first question; of
   most places in a text they tell that none of the words is there. */
#define SCAN_FILTER 256
struct scan_words {
    _Atomic uint64_t first[SCAN_FILTER / 64], last[SCAN_FILTER / 64];
    const char *list[]; /* NULL-terminated */
};

/* A word of a table, whose length is not known here. */
bool scan_word(struct str s, size_t *at, const char *word);
/* The longest of the words; its place in the list, or -1. Letters end at a word's end. */
int scan_any(struct str s, size_t *at, struct scan_words *words);
bool scan_peek_any(struct str s, size_t at, struct scan_words *words);
void scan_blanks(struct str s, size_t *at);

/* The text just before `at` ends with one of the words. */
bool scan_behind(struct str s, size_t at, struct scan_words *words);

/* 12, 007: at most 9 digits; a longer run is no number. */
bool scan_digits(struct str s, size_t *at, long *v_r);
/* Digits, or Chinese numerals up to 万: 十五, 一百二, 一五零二, 两. */
bool scan_integer(struct str s, size_t *at, long *v_r);
/* One Chinese numeral 0…9 (一, 幺, 壹, 两), or -1; moves on. */
int scan_numeral(struct str s, size_t *at);

/* Most words of a table differ in their first two bytes already: asked before scan_word. */
struct scan_head {
    uint16_t two, one; /* as a word of one byte, with the 0 at its end, has them */
};

static inline struct scan_head scan_head(struct str s, size_t at)
{
    char two[2] = {at < s.n ? s.p[at] : '\0', at + 1 < s.n ? s.p[at + 1] : '\0'};
    char one[2] = {two[0], '\0'};
    struct scan_head head;

    memcpy(&head.two, two, sizeof head.two);
    memcpy(&head.one, one, sizeof head.one);
    return head;
}

static inline bool scan_may_be(struct scan_head head, const char *word)
{
    uint16_t two;

    memcpy(&two, word, sizeof two);
    return two == head.two || two == head.one;
}

/* The literal's length is known where it stands, so that it costs a comparison or two. */
static inline bool scan_peek(struct str s, size_t at, const char *literal)
{
    size_t n = strlen(literal);

    return at + n <= s.n && memcmp(s.p + at, literal, n) == 0;
}

static inline bool scan_lit(struct str s, size_t *at, const char *literal)
{
    bool is_there = scan_peek(s, *at, literal);

    *at += is_there ? strlen(literal) : 0;
    return is_there;
}

/* The character just before `at` is one of a set of Han. */
static inline bool scan_behind_han(struct str s, size_t at, const char *set)
{
    if (at < 3)
        return false;
    for (; *set; set += 3)
        if (memcmp(s.p + at - 3, set, 3) == 0)
            return true;
    return false;
}

static inline bool scan_is_digit(struct str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static inline bool scan_is_letter(struct str s, size_t at)
{
    return at < s.n && s.p[at] >= 'a' && s.p[at] <= 'z';
}

static inline bool scan_is_han(struct str s, size_t at)
{
    return (unsigned char)s.p[at] >= 0xE4 && (unsigned char)s.p[at] <= 0xE9;
}

static inline size_t scan_char_bytes(struct str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;

    return at + n <= s.n ? n : 1;
}

/* Start of the character before `at` (which is not 0). */
static inline size_t scan_before(struct str s, size_t at)
{
    do
        at--;
    while (at > 0 && ((unsigned char)s.p[at] & 0xC0) == 0x80);
    return at;
}

#endif

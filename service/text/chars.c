#include "chars_priv.h"

#define HASHTAG_CHARS 32

static bool is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

static uint32_t mark_of(uint32_t cp)
{
    switch (cp) {
    case '?':
        return CHARS_QUESTION;
    case '!':
        return CHARS_EXCLAMATION;
    case '\n':
        return CHARS_LINES;
    case '#':
        return CHARS_HASH;
    case 0x3010: /* 【 */
        return CHARS_BRACKET;
    default:
        return 0;
    }
}

static bool is_stop(uint32_t cp)
{
    return cp == 0x3002 || cp == ',' || cp == '.' || cp == '~' || cp == ';' || cp == ' ';
}

/* The place of the '#' that begins the hashtag (#…#) ended by the one at `end`, or `end`. */
static size_t hashtag_of(size_t open, size_t end)
{
    return open < end && end - open > 2 && end - open <= HASHTAG_CHARS ? open : end;
}

/* What a campaign is called says little about the message that carries its tag: of a hashtag only
   the sign stays. A 3#2单元 begins none, nor does a tag go on over a blank. */
void chars_take(struct chars *c, struct str s, size_t limit)
{
    size_t at = 0, open = SIZE_MAX;

    c->n = 0;
    c->marks = 0;
    while (at < s.n && c->n < limit) {
        uint32_t cp;

        c->at[c->n] = (uint16_t)at;
        cp = normal_next(s, &at);
        c->cps[c->n] = cp;
        if (cp < 0x80 || cp == 0x3010)
            c->marks |= mark_of(cp);
        if (cp == '#') {
            size_t first = hashtag_of(open, c->n);

            open = first < c->n                             ? SIZE_MAX
                   : c->n > 0 && is_digit(c->cps[c->n - 1]) ? SIZE_MAX
                                                            : c->n;
            c->n = first;
        } else if (cp == ' ' || cp == '\n') {
            open = SIZE_MAX;
        } else if (cp == 'p' && c->n >= 3 && c->cps[c->n - 1] == 't' && c->cps[c->n - 2] == 't' &&
                   c->cps[c->n - 3] == 'h') {
            c->marks |= CHARS_LINK;
        }
        c->n++;
    }
    c->at[c->n] = (uint16_t)at;
    while (c->n > 0 && is_stop(c->cps[c->n - 1]))
        c->n--;
}

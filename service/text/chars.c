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
    size_t at = 0, n = 0, open = SIZE_MAX;
    uint32_t *cps = c->cps;
    unsigned marks = 0;

    while (at < s.n && n < limit) {
        const unsigned char *p = (const unsigned char *)s.p + at;
        uint32_t cp;

        c->at[n] = (uint16_t)at;
        if (*p >= 0xE4 && *p <= 0xE9 && at + 3 <= s.n) { /* Han, and whole */
            cps[n++] = (*p & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
            at += 3;
            continue;
        }
        cp = normal_next(s, &at);
        cps[n++] = cp;
        marks |= mark_of(cp);
        if (cp == '#') {
            size_t first = hashtag_of(open, n - 1);

            open = first < n - 1 ? SIZE_MAX : n > 1 && is_digit(cps[n - 2]) ? SIZE_MAX : n - 1;
            n = first + 1;
        } else if (cp == ' ' || cp == '\n') {
            open = SIZE_MAX;
        } else if (cp == 'p' && n > 3 && cps[n - 2] == 't' && cps[n - 3] == 't' &&
                   cps[n - 4] == 'h') {
            marks |= CHARS_LINK;
        }
    }
    c->at[n] = (uint16_t)at;
    while (n > 0 && is_stop(cps[n - 1]))
        n--;
    c->n = n;
    c->marks = marks;
}

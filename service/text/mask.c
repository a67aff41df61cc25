#include "text/text.h"

#include "contact_priv.h"
#include "mask_priv.h"
#include "normal_priv.h"
#include "place_priv.h"
#include "scan_priv.h"

enum { KEEP = 0, STAR, SKIP };
#define MASK_ROUNDS 32 /* two do for what people write; a text made for it needs more */

/* What becomes of each byte of the message: the stars of one contact are four, whatever its length.
 */
struct mask {
    char text[TEXT_MAX_BYTES];
    uint16_t from[TEXT_MAX_BYTES], to[TEXT_MAX_BYTES];
    unsigned char what[TEXT_MAX_BYTES], starts[TEXT_MAX_BYTES];
    struct normal normal;
};

static void cover(struct mask *m, size_t from, size_t to)
{
    size_t a, b;

    if (from >= to)
        return;
    a = m->from[from];
    b = m->to[to - 1];
    memset(m->what + a, SKIP, b - a);
    m->what[a] = STAR;
}

/* A number of eleven digits keeps its first three and its last four, unless other digits stand so
   near that what is left could be read as a number again. */
static void cover_contact(struct mask *m, struct str s, const struct contact_match *c)
{
    size_t from = c->from, to = c->to, i;
    bool plain = c->kind == CONTACT_PHONE && strlen(c->value) == 11 && to - from == 11;

    for (i = from; plain && i < to; i++)
        plain = s.p[i] >= '0' && s.p[i] <= '9';
    if (plain && !contact_goes_on(s, to) && !contact_goes_back(s, from)) {
        from += 3;
        to -= 4;
    }
    cover(m, from, to);
}

static bool is_covered(const struct mask *m, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (m->what[m->from[i]] != KEEP)
            return true;
    return false;
}

static bool mark(struct mask *m)
{
    struct str s = {m->normal.p, m->normal.n};
    struct contact_match c;
    struct place_match p;
    struct door d;
    size_t at = 0;
    bool found = false;

    scan_starts(s, m->starts);
    while (contact_next(s, m->starts, &at, &c)) {
        cover_contact(m, s, &c);
        found = true;
    }
    for (at = 0; place_next(s, m->starts, &at, &p);) {
        cover(m, p.room_from, p.room_to);
        found = found || p.room_to > p.room_from;
    }
    for (at = 0; door_next(s, &at, &d);)
        if (!is_covered(m, d.from, d.to)) {
            cover(m, d.from, d.to);
            found = true;
        }
    return found;
}

static size_t char_bytes(struct str s, size_t at)
{
    size_t next = at;

    normal_next(s, &next);
    return next - at;
}

/* The message with stars, into out. True when something was covered. */
static bool mask_once(struct mask *m, struct str text, char *out, size_t room, size_t *n_r)
{
    size_t i, k, bytes, n = 0;
    const char *put;
    bool found;

    m->normal = (struct normal){.p = m->text, .from = m->from, .to = m->to, .size = sizeof m->text};
    memset(m->what, KEEP, text.n);
    normal_run(&m->normal, text);
    found = mark(m);
    for (i = 0; i < text.n; i += bytes) {
        bytes = m->what[i] == KEEP ? char_bytes(text, i) : 1;
        if (m->what[i] == SKIP)
            continue;
        put = m->what[i] == STAR ? "****" : text.p + i;
        k = m->what[i] == STAR ? 4 : bytes;
        if (n + k > room)
            break;
        memcpy(out + n, put, k);
        n += k;
    }
    *n_r = n;
    return found;
}

/* A covered room may part a run of digits so that one half reads as a number: look again until
   there is none. */
size_t text_mask(struct str text, char *out, size_t size)
{
    struct mask m;
    char again[TEXT_MAX_BYTES];
    size_t n = 0, room = size > 0 ? size - 1 : 0;
    int rounds = 0;

    text = str_clip_utf8(text, TEXT_MAX_BYTES);
    if (room > sizeof again)
        room = sizeof again;
    while (mask_once(&m, text, out, room, &n) && ++rounds < MASK_ROUNDS) {
        memcpy(again, out, n);
        text = (struct str){again, n};
    }
    if (size > 0)
        out[n] = '\0';
    return n;
}

#include "text/normal.h"

#include <pthread.h>
#include <utf8proc.h>

#include "normal_priv.h"
#include "scan_priv.h"
#include "text/text.h"

extern const unsigned char text_t2s_txt[]; /* embed/t2s.txt */
extern const unsigned long text_t2s_txt_len;

#define HAN_FIRST 0x4E00
#define HAN_LAST 0x9FFF

/* What the Han characters become, as a direct table: filled once from the embedded pairs. */
static uint16_t simplified[HAN_LAST - HAN_FIRST + 1];
/* What ASCII becomes where that depends on nothing around it; 0: it does. */
static unsigned char plain_ascii[128];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

uint32_t normal_next_rare(struct str text, size_t *at)
{
    utf8proc_int32_t cp;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text.p + *at,
                                          (utf8proc_ssize_t)(text.n - *at), &cp);

    *at += n > 0 ? (size_t)n : 1;
    return n > 0 ? (uint32_t)cp : 0;
}

uint32_t text_next(struct str text, size_t *at)
{
    return normal_next(text, at);
}

size_t normal_put_utf8(char out[4], uint32_t cp)
{
    if (cp < 0x800 || cp > 0xFFFF)
        return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
    out[0] = (char)(0xE0 | cp >> 12);
    out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[2] = (char)(0x80 | (cp & 0x3F));
    return 3;
}

/* All but controls, and what may begin or end a mention or a sticker. */
static void fill_plain_ascii(void)
{
    unsigned char c;

    for (c = ' '; c < 0x7F; c++)
        plain_ascii[c] = c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
    plain_ascii['@'] = plain_ascii['['] = plain_ascii[']'] = 0;
}

static void fill_tables(void)
{
    struct str rest = {(const char *)text_t2s_txt, text_t2s_txt_len};
    uint32_t i;

    scan_fill_classes();
    fill_plain_ascii();
    for (i = 0; i <= HAN_LAST - HAN_FIRST; i++)
        simplified[i] = (uint16_t)(HAN_FIRST + i);
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        size_t at = 0;

        if (line.n > 0 && line.p[0] == '#')
            continue;
        while (at < line.n) {
            uint32_t from = normal_next(line, &at),
                     to = at < line.n ? normal_next(line, &at) : from;
            if (from >= HAN_FIRST && from <= HAN_LAST)
                simplified[from - HAN_FIRST] = (uint16_t)to;
        }
    }
}

/* --- writing ------------------------------------------------------------------------------------
 */

struct out {
    struct normal *n;
    uint32_t last; /* last character written, and how often in a row */
    int run;
    size_t bracket; /* 1 + where the last '[' stands, 0: none near */
    bool full;
};

/* How many of the same character may follow each other. Digits, and numerals that may spell a
   telephone number, stay as they are. */
static int run_limit(uint32_t cp)
{
    static const uint16_t numerals[] = {0x3007, 0x4E00, 0x4E03, 0x4E09, 0x4E24, 0x4E5D, 0x4E8C,
                                        0x4E94, 0x516B, 0x516D, 0x56DB, 0x5E7A, 0x96F6};
    size_t i;

    if ((cp >= '0' && cp <= '9') || cp == 'o') /* o may stand for 0 */
        return 1 << 30;
    if (mark_is(cp))
        return 1;
    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') ? 3 : 2;
    for (i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (cp == numerals[i])
            return 1 << 30;
    return cp >= HAN_FIRST && cp <= HAN_LAST ? 3 : 2;
}

static void put_bytes(struct out *o, uint32_t cp, size_t from, size_t to)
{
    struct normal *n = o->n;
    char bytes[4] = {(char)cp};
    size_t i, len = cp < 0x80 ? 1 : normal_put_utf8(bytes, cp);

    if (n->n + len > n->size) {
        o->full = true;
        return;
    }
    for (i = 0; i < len; i++) {
        n->p[n->n + i] = bytes[i];
        if (n->from)
            n->from[n->n + i] = (uint16_t)from;
        if (n->to)
            n->to[n->n + i] = (uint16_t)to;
    }
    n->n += len;
}

static void put_space(struct out *o, uint32_t cp, size_t from, size_t to)
{
    if (o->n->n == 0 || o->last == '\n' || o->last == cp)
        return;
    if (o->last == ' ') /* a line's end swallows the blanks before it */
        o->n->n--;
    o->last = cp;
    o->run = 1;
    put_bytes(o, cp, from, to);
}

/* What is left out belongs to the character before it: a span must not end inside of a run. */
static void stretch(struct normal *n, size_t to)
{
    size_t i = n->n;

    while (n->to && i > 0) {
        n->to[--i] = (uint16_t)to;
        if (((unsigned char)n->p[i] & 0xC0) != 0x80)
            break;
    }
}

static void put(struct out *o, uint32_t cp, size_t from, size_t to)
{
    if (cp == ' ' || cp == '\n') {
        put_space(o, cp, from, to);
        return;
    }
    o->run = cp == o->last ? o->run + 1 : 1;
    o->last = cp;
    if (o->run > 1 && o->run > run_limit(cp)) {
        o->run--;
        stretch(o->n, to);
        return;
    }
    if (cp == '[')
        o->bracket = o->n->n + 1;
    put_bytes(o, cp, from, to);
}

/* The last character written, looked up again after something was taken back. */
static void look_back(struct out *o)
{
    struct str s = {o->n->p, o->n->n};
    size_t at = s.n, end = s.n;
    uint32_t cp;

    o->last = 0;
    o->run = 0;
    while (end > 0) {
        at = end - 1;
        while (at > 0 && ((unsigned char)s.p[at] & 0xC0) == 0x80)
            at--;
        end = at;
        cp = normal_next(s, &at);
        if (o->run > 0 && cp != o->last)
            return;
        o->last = cp;
        if (++o->run > 3)
            return;
    }
}

/* A ']' has come: does it end the name of a sticker? Then one mark takes its place. */
static bool put_sticker(struct out *o, size_t to)
{
    struct normal *n = o->n;
    size_t at = o->bracket;
    size_t from;
    uint32_t mark;

    o->bracket = 0;
    if (at == 0 || n->n < at)
        return false;
    mark = mark_of_sticker((struct str){n->p + at, n->n - at});
    if (!mark)
        return false;
    from = n->from ? n->from[at - 1] : 0;
    n->n = at - 1;
    look_back(o);
    put(o, mark, from, to);
    return true;
}

/* --- reading ------------------------------------------------------------------------------------
 */

static bool is_dropped(uint32_t cp)
{
    return cp == 0 || cp == 0xAD || (cp >= 0x200B && cp <= 0x200F) ||
           (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF ||
           (cp >= 0xFE00 && cp <= 0xFE0F) || cp >= 0xE0000 || cp == 0x20E3 ||
           (cp >= 0x1F3FB && cp <= 0x1F3FF) || cp == 0x180E || cp == 0x034F;
}

static bool is_space(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == 0xA0 || (cp >= 0x2000 && cp <= 0x200A) ||
           cp == 0x202F || cp == 0x205F || cp == 0x3000 || cp == 0x1680;
}

static bool is_line_end(uint32_t cp)
{
    return cp == '\n' || cp == '\r' || cp == 0x2028 || cp == 0x2029 || cp == 0x85 || cp == 0x0B ||
           cp == 0x0C;
}

/* Variants of one mark, and circled digits that NFKC leaves alone. */
static uint32_t variant(uint32_t cp)
{
    static const struct {
        uint32_t first, last, to;
        int step; /* 1: a run of digits counting on from `to` */
    } table[] = {
        {0x2010, 0x2015, '-', 0},    {0x2018, 0x201F, '"', 0}, {0x2043, 0x2043, '-', 0},
        {0x2212, 0x2212, '-', 0},    {0x223C, 0x223C, '~', 0}, {0x2776, 0x277E, '1', 1},
        {0x2780, 0x2788, '1', 1},    {0x278A, 0x2792, '1', 1}, {0x2795, 0x2795, '+', 0},
        {0x300C, 0x300F, '"', 0},    {0x301C, 0x301C, '~', 0}, {0x3030, 0x3030, '~', 0},
        {0xFF61, 0xFF61, 0x3002, 0},
    };
    size_t i;

    for (i = 0; i < sizeof table / sizeof *table; i++)
        if (cp >= table[i].first && cp <= table[i].last)
            return table[i].step
                       ? (cp - table[i].first > 8 ? '0' : table[i].to + cp - table[i].first)
                       : table[i].to;
    return cp;
}

static void put_folded(struct out *o, uint32_t cp, size_t from, size_t to)
{
    uint32_t mark;

    cp = (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
    cp = variant(cp);
    if (cp >= HAN_FIRST && cp <= HAN_LAST)
        cp = simplified[cp - HAN_FIRST];
    if (is_dropped(cp) || (cp < 0x20 && !is_line_end(cp) && cp != '\t') || cp == 0x7F)
        return;
    if (is_line_end(cp))
        cp = '\n';
    else if (is_space(cp))
        cp = ' ';
    mark = mark_of_emoji(cp);
    if (mark)
        cp = mark;
    if (cp == ']' && put_sticker(o, to))
        return;
    put(o, cp, from, to);
}

static bool is_combining(uint32_t cp)
{
    const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)cp);

    return cp >= 0x300 && (p->combining_class != 0 || p->category == UTF8PROC_CATEGORY_MN ||
                           p->category == UTF8PROC_CATEGORY_ME);
}

#define CLUSTER_MAX 8
#define EXPANDED_MAX 192 /* 18 for the longest compatibility form, times the cluster, roughly */

/* One base character and the marks on it, to NFKC. What does not compose is dropped. */
static void put_cluster(struct out *o, const uint32_t *cps, int n, size_t from, size_t to)
{
    utf8proc_int32_t buf[EXPANDED_MAX + 1];
    utf8proc_ssize_t used = 0, i;
    int boundclass = 0, k;

    for (k = 0; k < n; k++) {
        utf8proc_ssize_t got = utf8proc_decompose_char(
            (utf8proc_int32_t)cps[k], buf + used, EXPANDED_MAX - used,
            UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_STABLE, &boundclass);
        if (got < 0 || used + got > EXPANDED_MAX)
            break;
        used += got;
    }
    used = utf8proc_normalize_utf32(buf, used, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    for (i = 0; i < used; i++)
        if (!is_combining((uint32_t)buf[i]))
            put_folded(o, (uint32_t)buf[i], from, to);
}

/* 1 + the end of a run that is not text: "@name" up to U+2005, "[CQ:…]"; 0: none starts here. */
static size_t skip_mention(struct str text, size_t at)
{
    struct str s = {text.p + at, text.n - at};
    size_t i;

    for (i = 1; i + 2 < s.n && i < 120 && s.p[i] != '@' && s.p[i] != '\n'; i++)
        if (memcmp(s.p + i, "\xE2\x80\x85", 3) == 0)
            return at + i + 3;
    return 0;
}

static size_t skip_cq(struct str text, size_t at)
{
    struct str s = {text.p + at, text.n - at};
    size_t i;

    if (s.n < 5 || memcmp(s.p, "[CQ:", 4) != 0)
        return 0;
    for (i = 4; i < s.n && i < 2048 && s.p[i] != '['; i++)
        if (s.p[i] == ']')
            return at + i + 1;
    return 0;
}

/* Passes what is not text; true when something was passed. */
static bool skip(struct out *o, struct str text, size_t *at)
{
    size_t end = 0;
    struct str code;
    uint32_t mark = ' ';

    if (text.p[*at] == '@') {
        end = skip_mention(text, *at);
        mark = '@';
    } else if (text.p[*at] == '[') {
        end = skip_cq(text, *at);
        code = (struct str){text.p + *at, end ? end - *at : 0};
        if (str_starts(code, "[CQ:at"))
            mark = '@';
        else if (str_starts(code, "[CQ:face"))
            mark = MARK_OTHER;
    }
    if (!end)
        return false;
    put(o, mark, *at, end);
    *at = end;
    return true;
}

/* True when the character before `at` surely stands alone: no mark that joins it follows, but
   ASCII, Han, a full-width form, or one of 、。《》【】 and their like (U+3000…U+301F). */
static bool stands_alone(struct str text, size_t at)
{
    const unsigned char *p = (const unsigned char *)text.p + at;

    if (at >= text.n || *p < 0x80 || (*p >= 0xE4 && *p <= 0xE9))
        return true;
    if (at + 2 < text.n && *p == 0xE3)
        return p[1] == 0x80 && p[2] < 0xA0;
    return at + 1 < text.n && *p == 0xEF && p[1] == 0xBC;
}

/* What NFKC makes of a full-width form (U+FF01…U+FF5E), of ASCII, and of the marks that it leaves
   as they are; 0: not one of these. */
static uint32_t settled(uint32_t cp)
{
    if (cp < 0x80 || (cp >= 0x3001 && cp <= 0x3003) || (cp >= 0x3008 && cp <= 0x3011))
        return cp;
    return cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : 0;
}

/* What the character of `len` bytes at p becomes where that depends on nothing around it, which is
   so for nearly all text; 0: the long way. */
static inline uint32_t plain_of(const unsigned char *p, size_t len)
{
    uint32_t second, third, cp;

    if (len == 1)
        return plain_ascii[*p];
    second = p[1] ^ 0x80u;
    third = p[2] ^ 0x80u;
    if ((second | third) >= 0x40)
        return 0;
    cp = (*p & 0xFu) << 12 | second << 6 | third;
    if (*p >= 0xE4 && *p <= 0xE9)
        return cp >= HAN_FIRST && cp <= HAN_LAST ? simplified[cp - HAN_FIRST] : 0;
    if ((*p != 0xE3 && *p != 0xEF) || (cp >= 0x300C && cp <= 0x300F)) /* quotation marks */
        return 0;
    cp = settled(cp);
    return cp < 0x80 ? plain_ascii[cp] : cp;
}

static inline size_t put_plain(char *out, uint32_t cp)
{
    if (cp < 0x80) {
        *out = (char)cp;
        return 1;
    }
    out[0] = (char)(0xE0 | cp >> 12);
    out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[2] = (char)(0x80 | (cp & 0x3F));
    return 3;
}

/* Takes plain characters that stand alone, up to the first that does not, or is the one before it
   again, or a blank that goes with another. */
static size_t read_plain(struct out *o, struct str text, size_t at)
{
    const uint64_t four = UINT64_C(0x1000100010001); /* places of four bytes at once */
    struct normal *n = o->n;
    uint16_t *from = n->from, *to = n->to;
    size_t used = n->n, room = n->size;
    uint64_t here = at * four;
    uint32_t last = o->last;

    while (at < text.n && used + 4 <= room) {
        const unsigned char *in = (const unsigned char *)text.p + at;
        size_t len = *in < 0x80 ? 1 : 3;
        uint32_t cp = at + len <= text.n ? plain_of(in, len) : 0;

        if (cp == 0 || cp == last || !stands_alone(text, at + len) ||
            (cp == ' ' && (used == 0 || last == '\n')))
            break;
        if (from)
            memcpy(from + used, &here, sizeof here);
        here += len == 1 ? four : 3 * four;
        if (to)
            memcpy(to + used, &here, sizeof here);
        last = cp;
        at += len;
        used += put_plain(n->p + used, cp);
    }
    if (used > n->n) {
        n->n = used;
        o->last = last;
        o->run = 1;
    }
    return at;
}

static void read_one(struct out *o, struct str text, size_t *at)
{
    uint32_t cps[CLUSTER_MAX];
    size_t from = *at, next;
    int n = 1;

    cps[0] = normal_next(text, at);
    if (cps[0] >= HAN_FIRST && cps[0] <= HAN_LAST && stands_alone(text, *at)) {
        put(o, simplified[cps[0] - HAN_FIRST], from, *at);
        return;
    }
    if (settled(cps[0]) && stands_alone(text, *at)) {
        put_folded(o, settled(cps[0]), from, *at);
        return;
    }
    if (is_dropped(cps[0]))
        return;
    while (*at < text.n) {
        uint32_t cp;

        next = *at;
        cp = normal_next(text, &next);
        if (!is_combining(cp) && !is_dropped(cp))
            break;
        if (n < CLUSTER_MAX && !is_dropped(cp))
            cps[n++] = cp;
        *at = next;
    }
    put_cluster(o, cps, n, from, *at);
}

void normal_run(struct normal *n, struct str text)
{
    struct out o = {.n = n};
    size_t at = 0;

    pthread_once(&tables_once, fill_tables);
    n->n = 0;
    text = str_clip_utf8(text, TEXT_MAX_BYTES);
    while (at < text.n && !o.full) {
        at = read_plain(&o, text, at);
        if (at < text.n && !skip(&o, text, &at))
            read_one(&o, text, &at);
    }
    while (n->n > 0 && (n->p[n->n - 1] == ' ' || n->p[n->n - 1] == '\n'))
        n->n--;
}

size_t text_normalise(struct str text, char *out, uint16_t *map, size_t size)
{
    struct normal n = {.p = out, .from = map, .size = size};

    normal_run(&n, text);
    return n.n;
}

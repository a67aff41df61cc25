/* Names of people, covered before a text leaves the house. */
#include "text/text.h"

#include <utf8proc.h>

#include "normal_priv.h"

#define READ_MOST 4096
#define FORM_MOST (4 * READ_MOST) /* the normal form of a ligature is longer than itself */
#define FORM_SPARE 64             /* of the longest one */
#define NAME_MOST 256
#define MENTION_MOST 64

enum { KEEP = 0, STAR, SKIP };

struct cover {
    char p[FORM_MOST];
    uint16_t from[FORM_MOST], to[FORM_MOST];
    unsigned char what[READ_MOST + 1];
    struct normal normal;
};

/* Bytes [from, to) of the message; what is covered in part already stays one cover. */
static void cover(struct cover *m, size_t from, size_t to)
{
    bool inside = m->what[from] != KEEP;
    for (size_t i = from + inside; i < to; i++)
        m->what[i] = SKIP;
    if (!inside)
        m->what[from] = STAR;
}

/* --- mentions, in the message's own bytes: the normal form has none any more --- */

static bool ends_mention(uint32_t cp)
{
    static const char ends[] = ",:;!?()[]";
    return cp <= ' ' || cp == 0x3000 || (cp >= 0x2000 && cp <= 0x200B) || cp == 0x202F ||
           cp == 0x205F || cp == 0x3001 || cp == 0x3002 || cp == 0xFF0C || cp == 0xFF1A ||
           cp == 0xFF01 || cp == 0xFF1F || cp == 0xFF08 || (cp < 0x80 && strchr(ends, (int)cp));
}

static size_t mention_end(struct str s, size_t at)
{
    size_t end = at, next = at;
    while (next < s.n && next - at < MENTION_MOST && !ends_mention(normal_next(s, &next)))
        end = next;
    return end;
}

static void cover_mentions(struct cover *m, struct str s)
{
    for (size_t at = 0, next = 0; at < s.n; at = next) {
        uint32_t cp = normal_next(s, &next);
        const char *close = memchr(s.p + at, ']', s.n - at);
        struct str rest = {s.p + at, s.n - at};
        if (cp == '@' || cp == 0xFF20)
            next = mention_end(s, next);
        else if (str_starts(rest, "[CQ:") && close)
            next = (size_t)(close + 1 - s.p);
        else
            continue;
        cover(m, at, next);
    }
}

/* --- names, word by word, in the normal form of both --- */

static bool is_letter(uint32_t cp)
{
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)cp);
    return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

static bool is_latin(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_no_name(struct str word)
{
    static const char *const words[] = {"业主",   "邻居", "住户",   "居民", "物业",
                                        "社区",   "管家", "群主",   "单元", "居委会",
                                        "网格员", "老师", "志愿者", "医生", "师傅"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

static void cover_word(struct cover *m, struct str word)
{
    struct str s = {m->normal.p, m->normal.n};
    bool latin = is_latin(word.p[0]);
    if (str_utf8_chars(word) < 2 || is_no_name(word))
        return;
    for (const char *at = s.p; (at = memmem(at, (size_t)(s.p + s.n - at), word.p, word.n)); at++) {
        size_t from = (size_t)(at - s.p), to = from + word.n;
        bool part = latin && ((from && is_latin(s.p[from - 1])) || (to < s.n && is_latin(s.p[to])));
        if (!part)
            cover(m, m->from[from], m->to[to - 1]);
    }
}

/* 乐乐妈妈 is a mother; 乐乐 is the child's name. */
static struct str without_title(struct str word)
{
    static const char *const titles[] = {"妈妈", "爸爸", "奶奶", "爷爷", "阿姨", "叔叔",
                                         "外婆", "外公", "老师", "医生", "师傅", "麻麻",
                                         "粑粑", "妈",   "爸",   "姐",   "哥",   "宝宝"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        size_t n = strlen(titles[i]);
        if (word.n > n && !memcmp(word.p + word.n - n, titles[i], n))
            return (struct str){word.p, word.n - n};
    }
    return word;
}

static void cover_forms(struct cover *m, struct str word)
{
    struct str bare = without_title(word);
    cover_word(m, word);
    if (bare.n != word.n)
        cover_word(m, bare);
    else if ((word.n == 9 || word.n == 12) && str_utf8_chars(word) * 3 == word.n)
        cover_word(m, (struct str){word.p + word.n - 6, 6}); /* 张小明, 欧阳小明 are called 小明 */
}

static void cover_name(struct cover *m, const char *name)
{
    char p[NAME_MOST];
    struct normal n = {.p = p, .size = sizeof p};
    normal_run(&n, str_clip_utf8(str_of(name), NAME_MOST));
    struct str s = {p, n.n};
    size_t from = 0, at = 0;
    bool latin = false;
    while (at < s.n) {
        size_t before = at;
        bool letter = is_letter(normal_next(s, &at));
        bool turn = letter && before > from && is_latin(s.p[before]) != latin;
        if ((!letter || turn) && before > from)
            cover_forms(m, (struct str){s.p + from, before - from});
        if (!letter)
            from = at;
        else if (before == from || turn) {
            from = before;
            latin = is_latin(s.p[before]);
        }
    }
    if (s.n > from)
        cover_forms(m, (struct str){s.p + from, s.n - from});
}

static size_t write_out(const struct cover *m, struct str text, char *out, size_t room)
{
    size_t n = 0, next;
    for (size_t i = 0; i < text.n; i = next) {
        next = i;
        normal_next(text, &next);
        if (m->what[i] == SKIP)
            continue;
        const char *put = m->what[i] == STAR ? "****" : text.p + i;
        size_t k = m->what[i] == STAR ? 4 : next - i;
        if (n + k > room)
            break;
        memcpy(out + n, put, k);
        n += k;
    }
    return n;
}

size_t text_mask_names(struct str text, const char *const *names, int n_names, char *out,
                       size_t size)
{
    struct cover m;
    size_t n;
    text = str_clip_utf8(text, READ_MOST);
    m.normal = (struct normal){.p = m.p, .from = m.from, .to = m.to, .size = sizeof m.p};
    memset(m.what, KEEP, sizeof m.what);
    normal_run(&m.normal, text);
    cover_mentions(&m, text);
    for (int i = 0; i < n_names; i++)
        if (names[i])
            cover_name(&m, names[i]);
    if (m.normal.n + FORM_SPARE > FORM_MOST) /* not read to its end: then none of it is given */
        text.n = 0;
    n = write_out(&m, text, out, size ? size - 1 : 0);
    if (size)
        out[n] = 0;
    return n;
}

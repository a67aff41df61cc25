/* What an answer to a post of ours says: a word of a list, or, of who is asked to help, anything
   that would be a yes or a no to the request itself. */
#include "answer_priv.h"

#include <string.h>

#define ANSWER_BYTES 64

#define YES(w)                                                                                     \
    {                                                                                              \
        w, SAYS_YES, false, SAYS_NOTHING, SATISFACTION_NONE                                        \
    }
#define NO(w)                                                                                      \
    {                                                                                              \
        w, SAYS_NO, false, SAYS_NOTHING, SATISFACTION_NONE                                         \
    }
#define NO_LATE(w)                                                                                 \
    {                                                                                              \
        w, SAYS_NO, true, SAYS_NOTHING, SATISFACTION_NONE                                          \
    }
#define BOTH(w, says)                                                                              \
    {                                                                                              \
        w, says, true, says, SATISFACTION_NONE                                                     \
    }
#define SOLVED(w, how)                                                                             \
    {                                                                                              \
        w, SAYS_NOTHING, false, SAYS_YES, SATISFACTION_##how                                       \
    }
#define UNSOLVED(w)                                                                                \
    {                                                                                              \
        w, SAYS_NOTHING, false, SAYS_NO, SATISFACTION_NONE                                         \
    }

static const struct answer answers[] = {
    BOTH("1", SAYS_YES),
    BOTH("2", SAYS_NO),
    BOTH("yes", SAYS_YES),
    BOTH("no", SAYS_NO),
    BOTH("👌", SAYS_YES),
    BOTH("👍", SAYS_YES),
    BOTH("✅", SAYS_YES),
    BOTH("👎", SAYS_NO),
    BOTH("❌", SAYS_NO),
    BOTH("[ok]", SAYS_YES),
    BOTH("[强]", SAYS_YES),
    BOTH("[赞]", SAYS_YES),
    BOTH("[弱]", SAYS_NO),
    BOTH("[no]", SAYS_NO),
    YES("可以"),
    YES("可以的"),
    YES("可以呀"),
    YES("可以啊"),
    YES("行"),
    YES("行的"),
    YES("行啊"),
    YES("好"),
    YES("好的"),
    YES("好滴"),
    YES("好嘞"),
    YES("好啊"),
    YES("要得"),
    YES("没问题"),
    YES("没得问题"),
    YES("中"),
    YES("得"),
    YES("ok"),
    YES("ok的"),
    YES("sure"),
    YES("no problem"),
    YES("🆗"),
    YES("🙆"),
    YES("[好的]"),
    YES("继续"),
    YES("续"),
    YES("方便"),
    YES("方便的"),
    NO_LATE("不方便"),
    NO_LATE("不太方便"),
    NO_LATE("没空"),
    NO_LATE("去不了"),
    NO_LATE("🙅"),
    NO_LATE("not convenient"),
    NO_LATE("不好意思,不方便"),
    NO("不行"),
    NO("不可以"),
    NO("不用"),
    NO("不用了"),
    NO("算了"),
    NO("不要"),
    NO("不合适"),
    SOLVED("已解决", NONE),
    SOLVED("解决了", NONE),
    SOLVED("解决", NONE),
    SOLVED("已经解决", NONE),
    SOLVED("已经解决了", NONE),
    SOLVED("搞定", NONE),
    SOLVED("搞定了", NONE),
    SOLVED("是", NONE),
    SOLVED("是的", NONE),
    SOLVED("solved", NONE),
    SOLVED("done", NONE),
    SOLVED("满意", SATISFIED),
    SOLVED("很满意", SATISFIED),
    SOLVED("非常满意", SATISFIED),
    SOLVED("satisfied", SATISFIED),
    SOLVED("基本满意", FAIRLY_SATISFIED),
    SOLVED("还行", FAIRLY_SATISFIED),
    SOLVED("一般", FAIRLY_SATISFIED),
    SOLVED("不满意", DISSATISFIED),
    UNSOLVED("未解决"),
    UNSOLVED("没解决"),
    UNSOLVED("没有解决"),
    UNSOLVED("还没解决"),
    UNSOLVED("没有"),
    UNSOLVED("没"),
    UNSOLVED("还没"),
    UNSOLVED("还没有"),
    UNSOLVED("没呢"),
    UNSOLVED("还没呢"),
    UNSOLVED("not yet"),
    UNSOLVED("unsolved"),
};

/* One character of it, folded: half width, lower case; "" for what only decorates. */
static size_t fold(const char *p, size_t n, char out[5])
{
    static const char *const drop[] = {"\xef\xb8\x8f",     "\xf0\x9f\x8f\xbb", "\xf0\x9f\x8f\xbc",
                                       "\xf0\x9f\x8f\xbd", "\xf0\x9f\x8f\xbe", "\xf0\x9f\x8f\xbf"};
    size_t k = 1;
    while (k < n && ((unsigned char)p[k] & 0xc0) == 0x80 && k < 4)
        k++;
    memcpy(out, p, k);
    out[k] = 0;
    for (size_t i = 0; i < sizeof drop / sizeof *drop; i++)
        if (!strcmp(out, drop[i]))
            out[0] = 0;
    unsigned char a = (unsigned char)out[0], b = (unsigned char)out[1], d = (unsigned char)out[2];
    if (k == 3 && a == 0xef && (b == 0xbc || b == 0xbd)) { /* U+FF01…FF5E: ！ … ～ */
        unsigned code = 0xf000u | (unsigned)(b & 0x3f) << 6 | (d & 0x3f);
        if (code >= 0xff01 && code <= 0xff5e) {
            out[0] = (char)(code - 0xff01 + 0x21);
            out[1] = 0;
        }
    }
    if (out[0] >= 'A' && out[0] <= 'Z')
        out[0] = (char)(out[0] - 'A' + 'a');
    return k;
}

static struct str strip(struct str s)
{
    static const char *const tails[] = {"!", ".", "~", ",", " ", "。", "、", "…"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        size_t n = strlen(tails[i]);
        if (s.n > n && !memcmp(s.p + s.n - n, tails[i], n)) {
            s.n -= n;
            i = (size_t)-1; /* from the first again */
        }
    }
    return s;
}

/* Whom it is said to does not matter: @name, then U+2005 or a space. */
static struct str behind_mention(struct str s)
{
    static const char gap[] = "\xe2\x80\x85";
    if (!s.n || s.p[0] != '@')
        return s;
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] == ' ')
            return str_trim((struct str){s.p + i, s.n - i});
        if (i + 3 <= s.n && !memcmp(s.p + i, gap, 3))
            return str_trim((struct str){s.p + i + 3, s.n - i - 3});
    }
    return s;
}

/* Said twice it is no less a yes; 11 is no 1. */
static bool says_word(struct str s, const char *word)
{
    size_t n = strlen(word), at = 0;
    if ((word[0] == '1' || word[0] == '2') && s.n != n)
        return false;
    while (at + n <= s.n && !memcmp(s.p + at, word, n))
        at += n;
    return at && at == s.n;
}

const struct answer *answer_of(const char *text)
{
    char folded[ANSWER_BYTES + 8];
    struct str s = behind_mention(str_trim(str_of(text)));
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        char one[5];
        i += fold(s.p + i, s.n - i, one);
        if (n + strlen(one) > ANSWER_BYTES)
            return NULL;
        memcpy(folded + n, one, strlen(one));
        n += strlen(one);
    }
    s = strip(str_trim((struct str){folded, n}));
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (says_word(s, answers[i].word))
            return &answers[i];
    return NULL;
}

/* --- and more than a word --- */

#define FIRST_BYTES 24

static size_t first_pause(const char *text)
{
    static const char *const pauses[] = {"，", ",", "。", "！", "!", "；", "…", "~", "～", " "};
    size_t at = strlen(text);
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
        const char *p = strstr(text, pauses[i]);
        if (p && (size_t)(p - text) < at)
            at = (size_t)(p - text);
    }
    return at;
}

/* 可以，但是只有小号的 is left to people. */
static bool turns(const char *text)
{
    static const char *const words[] = {"但",   "不过", "只是", "就是", "可惜",
                                        "可是", "but",  "But",  NULL};
    struct find said;
    find_init(&said, text);
    return find_any(&said, words);
}

const struct answer *answer_first(const char *text)
{
    char first[FIRST_BYTES + 1];
    size_t n = first_pause(text);
    if (!n || n > FIRST_BYTES || !text[n] || turns(text + n))
        return NULL;
    memcpy(first, text, n);
    first[n] = 0;
    const struct answer *a = answer_of(first);
    bool digit = a && (a->word[0] == '1' || a->word[0] == '2');
    bool comma = text[n] == ',' || !strncmp(text + n, "，", strlen("，"));
    return digit && !comma ? NULL : a; /* 2 两份 is an entry of a list */
}

#define SURE 0.6f

static bool declines(const struct find *said)
{
    static const char *const words[] = {
        "不借",   "不在家",      "出差",   "借出去", "借走了", "没有了", "没得",
        "不方便", "来不了",      "去不了", "没空",   "没时间", "不巧",   "坏了",
        "在用",   "用着",        "不行",   "不了",   "送人了", "没电了", "can't",
        "cannot", "not at home", "sorry",  "Sorry",  NULL};
    return find_any(said, words);
}

enum says answer_freely(const struct core *c, const struct said *s, const struct post *request)
{
    const struct text_query q = {.text = str_of(s->m->text),
                                 .time_ms = s->m->time_ms,
                                 .zone_min = s->m->zone_min,
                                 .quoted = str_of(request->text),
                                 .quoted_intent = INTENT_REQUEST,
                                 .previous_intent = INTENT_CHAT};
    float p[INTENT_N];
    text_intent(c->o.model, c->o.work, &q, p);
    if (says_entry(&s->words) || (intent_opens(s->reading.intent) && p[INTENT_CLAIM] < SURE))
        return SAYS_NOTHING;
    if (declines(&s->words))
        return p[INTENT_CLAIM] < SURE ? SAYS_NO : SAYS_NOTHING;
    return p[INTENT_CLAIM] >= SURE && !says_cannot(&s->words) ? SAYS_YES : SAYS_NOTHING;
}

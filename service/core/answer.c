/* Answers to a post of ours in the group: yes or no to a proposal, how it came out, whether a
   resource goes on. Whole messages of a few words, digits or emoji; all else is read as any other
   message. */
#include "sustain_priv.h"

#include <string.h>

#include "base/clock.h"

#define LATE_MS DAY_MS /* a no that comes after somebody else's yes */
#define ANSWER_BYTES 64

/* --- what it says --- */

enum says { SAYS_NOTHING, SAYS_YES, SAYS_NO };
struct answer {
    const char *word;
    enum says fits;   /* to a proposal, or a renewal */
    bool firm;        /* also after somebody has agreed: 不用了 then ends more than the match */
    enum says solved; /* to the question for the outcome */
    enum satisfaction satisfaction;
};
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

static const struct answer *answer_of(const char *text)
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

/* 1 or 2 means something to a question only. */
bool answer_is_digit(const struct said *s)
{
    const struct answer *a = s->m->reply_to ? NULL : answer_of(s->m->text);
    return a && (a->word[0] == '1' || a->word[0] == '2');
}

/* --- what was asked --- */

enum asked_kind { ASKED_FIT, ASKED_LATE, ASKED_OUTCOME, ASKED_RENEWAL };
struct asked { /* the latest post of ours in this group that asks this sender what it answers */
    const struct core *c;
    const struct said *s;
    const struct answer *a;
    struct node *found;
    enum asked_kind kind;
    const struct outbound *by;
};

/* In the group since when, and after all that was found before? What is on its way may be read. */
static void offer_found(struct asked *q, const char *outbound, struct node *n, enum asked_kind kind)
{
    const struct node *on = node_find(q->c, OBJECT_OUTBOUND, outbound);
    const struct outbound *o = on ? on->object : NULL;
    if (!o || (o->state != OUTBOUND_SENDING && o->state != OUTBOUND_DELIVERED) ||
        strcmp(o->group, q->s->m->group) != 0)
        return;
    if (q->by && (o->due_ms < q->by->due_ms ||
                  (o->due_ms == q->by->due_ms && id_compare(o->id, q->by->id) < 0)))
        return;
    q->found = n;
    q->kind = kind;
    q->by = o;
}

/* To whom it was posted in two groups, either may answer in any. */
static void offer_either(struct asked *q, struct node *n, enum asked_kind kind)
{
    offer_found(q, match_of_node(n)->outbound, n, kind);
    offer_found(q, match_of_node(n)->ask, n, kind);
}

static bool look_for_asked(void *arg, struct node *n)
{
    struct asked *q = arg;
    const struct match *m = n->object;
    if (n->kind != OBJECT_MATCH)
        return true;
    if ((m->state == MATCH_POSTED || m->state == MATCH_APPROVED) && q->a->fits)
        offer_either(q, n, ASKED_FIT);
    if (m->state != MATCH_AGREED)
        return true;
    if (m->question[0] && q->a->solved && outcome_answers(q->c, q->s, m))
        offer_found(q, m->question, n, ASKED_OUTCOME);
    else if (q->a->firm && m->posted_ms && q->c->now_ms - m->posted_ms < LATE_MS)
        offer_either(q, n, ASKED_LATE);
    return true;
}

static void look_for_renewals(struct asked *q)
{
    char key[LIST_KEY_SIZE];
    if (!q->s->party || !q->a->fits)
        return;
    list_key(key, LIST_RENEWALS, q->s->m->community, q->s->party->id);
    for (struct seat *s = list_last(q->c, key); s; s = seat_before(s))
        offer_found(q, ((const struct resource *)s->node->object)->question, s->node,
                    ASKED_RENEWAL);
}

/* A quote of something that we know is an answer to that, not to our post. */
static bool quotes_another(struct core *c, const struct said *s)
{
    return s->m->reply_to && (talk_line(s->talk, s->m->reply_to) || thread_quoted(c, s));
}

/* --- what comes of it --- */

static void take_fit(struct core *c, const struct said *s, struct node *n, enum says says)
{
    struct match *m = n->object;
    if (!m->posted_ms) { /* the answer came before the bot's word that it is there */
        m->posted_ms = c->now_ms;
        node_touch(c, n);
    }
    if (says == SAYS_YES && ask_awaits_helper(c, s, m))
        match_accept(c, n);
    else if (match_event(c, n, says == SAYS_YES ? MATCH_EVENT_AGREE : MATCH_EVENT_DECLINE))
        ask_tell_agreed(c, n, s);
}

/* Another no has no effect but that it is heard: it runs out, as staff have been told. */
static void take_renewal(struct core *c, struct node *n, enum says says)
{
    if (says == SAYS_YES)
        renewal_yes(c, n);
    else
        tell_audit(c, "resource.ends", n, NULL, NULL);
}

bool answer_take(struct core *c, const struct said *s)
{
    struct asked q = {.c = c, .s = s, .a = answer_of(s->m->text)};
    if (!q.a || quotes_another(c, s))
        return false;
    own_each(c, s, look_for_asked, &q);
    look_for_renewals(&q);
    if (!q.found)
        return false;
    party_acts(c, s);
    if (q.kind == ASKED_OUTCOME)
        outcome_take(c, q.found,
                     q.a->solved == SAYS_YES ? MATCH_OUTCOME_SOLVED : MATCH_OUTCOME_UNSOLVED,
                     q.a->satisfaction);
    else if (q.kind == ASKED_RENEWAL)
        take_renewal(c, q.found, q.a->fits);
    else if (q.kind == ASKED_FIT || q.a->fits == SAYS_NO)
        take_fit(c, s, q.found, q.a->fits);
    return true;
}

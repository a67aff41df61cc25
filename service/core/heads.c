/* How many come with whoever answers a call: 我报名，两个人; 我和我老公都来; 我们三个. */
#include "core_priv.h"

#include <string.h>

#include "base/numeral.h"

#define HEADS_MOST 20 /* nobody brings more */

static size_t begins_with(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (!strncmp(text, *words, strlen(*words)))
            return strlen(*words);
    return 0;
}

static bool ends_with(const char *from, const char *to, const char *const *words)
{
    for (; *words; words++)
        if ((size_t)(to - from) >= strlen(*words) &&
            !strncmp(to - strlen(*words), *words, strlen(*words)))
            return true;
    return false;
}

/* --- numbers --- */

/* 还差两个人, 招6个人, 再来一个人, 第二个: of the call, and not of those who come. */
static const char *const of_the_call[] = {"差", "缺", "要", "需", "招",   "够",     "再来",  "再",
                                          "第", "剩", "满", "每", "还有", "needs ", "need ", NULL};
static const char *const people[] = {"个人", "位", "人", "名", "口", " people", " of us", NULL};

/* 三个 counts people only behind who they are, or behind 报名. */
static bool counts_them(const char *text, const char *at)
{
    static const char *const they[] = {"我们", "咱们", "我家", "我们家", "咱家", "报名",
                                       "报",   "我俩", "一共", "总共",   NULL};
    return ends_with(text, at, they);
}

static int number_at(const char *text, const char *at, const char **behind)
{
    static const char *const more[] = {"个小时", "个钟", "个多", "个半", "个月", "个星期", NULL};
    int n = numeral_at(at, behind);
    if (n < 1 || n > HEADS_MOST || ends_with(text, at, of_the_call) || begins_with(*behind, more))
        return 0;
    bool counted = begins_with(*behind, people) ||
                   (!strncmp(*behind, "个", strlen("个")) && counts_them(text, at));
    return counted ? n : 0;
}

static int most_said(const char *text)
{
    int most = 0;
    for (const char *at = text, *behind; *at;) {
        int n = number_at(text, at, &behind);
        most = n > most ? n : most;
        at = behind > at ? behind : at + 1;
    }
    return most;
}

/* 报名+2; +1 is the sender alone. */
static int plus_said(const char *text)
{
    const char *at = strchr(text, '+'), *behind;
    int n = at ? numeral_at(at + 1, &behind) : 0;
    return n <= HEADS_MOST && at && (!*behind || !strncmp(behind, "人", strlen("人"))) ? n : 0;
}

static int word_said(const struct find *said)
{
    static const char *const two[] = {"我俩",       "们俩",     "咱俩",          "俩人",
                                      "我们夫妻",   "我们夫妇", "两口子",        "母女",
                                      "母子",       "父子",     "父女",          "two of us",
                                      "both of us", "and i ",   "my wife and I", "my husband and I",
                                      NULL};
    static const char *const three[] = {"我仨", "们仨", "咱仨", "three of us", NULL};
    return find_any(said, three) ? 3 : find_any(said, two) ? 2 : 0;
}

/* --- companions --- */

/* 和我老公, 带儿子, 我老公也来: not whom they only speak to, 我和老公商量下. */
static const char *const kin[] = {
    "老公",   "老婆", "爱人",     "媳妇",   "先生",     "太太",     "对象", "男朋友",
    "女朋友", "老伴", "儿子",     "女儿",   "闺女",     "孩子",     "娃",   "小孩",
    "室友",   "舍友", "同事",     "同学",   "朋友",     "邻居",     "闺蜜", "爸",
    "妈",     "爷爷", "奶奶",     "哥",     "姐",       "弟",       "妹",   "husband",
    "wife",   "son",  "daughter", "friend", "roommate", "flatmate", NULL};

/* Behind the word at `at`, or NULL: no kin is named there. */
static const char *behind_kin(const char *at)
{
    static const char *const whose[] = {"我们家", "我家", "我", "俺",   "上我", "上",
                                        "着",     "my ",  "a ", "一个", NULL};
    static const char *const tails[] = {"妈", "爸", "哥", "姐", "弟", "妹", "们", NULL};
    at += begins_with(at, whose);
    size_t n = begins_with(at, kin);
    if (!n)
        return NULL;
    at += n;
    return at + begins_with(at, tails);
}

static bool only_spoken_to(const char *behind)
{
    static const char *const speech[] = {"说", "商量",     "讲",   "问", "聊",
                                         "借", "打个招呼", "确认", "要", NULL};
    return begins_with(behind, speech);
}

/* 我要带孩子, 在家带娃: who minds a child does not bring one. */
static bool only_minds(const char *text, const char *at)
{
    static const char *const minds[] = {"要", "在", "得", "家", "忙着", NULL};
    return !strncmp(at, "带", strlen("带")) && ends_with(text, at, minds);
}

static int companions(const char *text)
{
    static const char *const with[] = {"和",   "跟",   "带",   "与",   "同",    "、",
                                       "加上", "叫上", "喊上", "and ", "with ", NULL};
    static const char *const mine[] = {"我", "俺", "my ", NULL};
    static const char *const too[] = {"也来",   "也去", "也报", "也参加", "也一起",
                                      "也可以", "一起", "一块", "也能",   NULL};
    int n = 0;
    for (const char *at = text, *next; *at; at = next) {
        size_t joint = begins_with(at, with);
        const char *behind = behind_kin(at + joint);
        bool comes = behind && (joint ? !only_spoken_to(behind) && !only_minds(text, at)
                                      : begins_with(at, mine) && begins_with(behind, too));
        n += comes;
        next = comes ? behind : at + 1;
    }
    return n;
}

int heads_coming(const struct find *said)
{
    const char *text = said->text;
    int n = most_said(text), with = companions(text);
    int plus = plus_said(text), word = word_said(said);
    n = plus > n ? plus : n;
    n = word > n ? word : n;
    return with && with + 1 > n && with < HEADS_MOST ? with + 1 : n;
}

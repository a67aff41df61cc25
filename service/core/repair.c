/* Does a message tell that something is mended, or that it is not? 修好了, 又漏了, 还是没修好. */
#include "case_priv.h"

#include <string.h>

static const char *const mended[] = {
    "修好",     "弄好",   "搞好",   "搞定",     "换好",      "装好",          "处理好",
    "处理完",   "修完",   "修复了", "解决了",   "恢复",      "正常了",        "不漏了",
    "不堵了",   "不滴了", "不响了", "不吵了",   "不臭了",    "不停了",        "疏通了",
    "来水了",   "来电了", "有水了", "有电了",   "灯亮了",    "已经亮了",      "好使了",
    "能用了",   "可以用", "清走了", "清掉了",   "清理干净",  "收走了",        "已经好",
    "现在好了", "都好了", "fixed",  "repaired", "works now", "working again", "resolved",
    "back on",  NULL};

/* More ways of those who have mended it to tell it. */
static const char *const mended_by_us[] = {
    "已修复", "已经修复", "已处理",   "已经处理", "已解决", "已经解决", "已维修好",
    "维修完", "抢修完",   "修理完",   "更换完",   "已更换", "电梯好了", "灯好了",
    "门好了", "门禁好了", "水管好了", "道闸好了", "排除了", "已排除",   NULL};
static const char *const begun[] = {
    "派人",         "派师傅",          "派维修",    "派电工",     "派水工",      "派了",
    "安排人",       "安排师傅",        "安排维修",  "已安排",     "已经安排",    "马上安排",
    "这就安排",     "在路上",          "师傅马上",  "师傅过去",   "师傅已",      "师傅来了",
    "师傅到了",     "师傅在修",        "师傅正在",  "马上过去",   "马上过来",    "马上来",
    "马上到",       "马上处理",        "这就去",    "这就来",     "正在处理",    "在处理了",
    "处理中",       "正在维修",        "正在修",    "正在抢修",   "抢修中",      "在修了",
    "维修中",       "已联系维保",      "已通知",    "已报修",     "已登记",      "联系了维保",
    "联系维保",     "已联系",          "已经联系",  "on it",      "on the way",  "on his way",
    "on their way", "sending someone", "sending a", "working on", "being fixed", "现在过去",
    "现在过来",     "这就过去",        "上门维修",  "上门处理",   "上门查看",    NULL};

/* Behind one of these a fault is there anew, or still. */
static const char *const anew[] = {"又",   "又开始", "又在", "又给我", "还是",   "还在",   "仍然",
                                   "仍旧", "依然",   "依旧", "再次",   "一直在", "还一直", NULL};
static const char *const fault[] = {
    "漏",   "坏",   "堵",   "停",     "不亮",   "不行",   "不通",   "不转", "不动",
    "不热", "不制", "滴",   "渗",     "冒",     "响了",   "响个",   "吵",   "臭",
    "反水", "返水", "没水", "没电",   "断",     "跳闸",   "卡",     "失灵", "黑",
    "淹",   "积水", "溢",   "出问题", "故障",   "打不开", "关不上", "罢工", "老样子",
    "那样", "这样", "没修", "没好",   "没弄好", "没解决", NULL};
static const char *const unmended[] = {"没修好",        "没有修好",     "沒修好",
                                       "未修好",        "没弄好",       "没搞好",
                                       "没解决",        "没有解决",     "没处理好",
                                       "还没好",        "还没修",       "还不行",
                                       "还不亮",        "还漏",         "还滴",
                                       "还堵",          "白修",         "跟没修",
                                       "等于没修",      "不管用",       "not fixed",
                                       "isn't fixed",   "not working",  "still leak",
                                       "still broken",  "still not",    "broken again",
                                       "leaking again", "leaks again",  "again broken",
                                       "still doesn",   "not resolved", NULL};

/* Of what is not so: before the word in its clause, or anywhere in it. */
static const char *const unreal[] = {
    "没",   "未",       "沒",     "不会",   "别",      "等",   "要是",  "如果",   "若",
    "万一", "什么时候", "啥时",   "几时",   "何时",    "几点", "多久",  "能不能", "能否",
    "才能", "希望",     "请",     "尽快",   "赶紧",    "快点", "抓紧",  "催",     "怕",
    "担心", "会不会",   "是不是", "有没有", "是否",    "麻烦", "when ", "if ",    "please",
    "not ", "n't",      "hope",   "until",  "can you", NULL};
static const char *const asks[] = {"吗", "么？", "么?", "没？", "没?", "没有？", "没有?", NULL};

struct clause { /* the part of a sentence around a word */
    const char *from, *word, *to;
};

static bool ends_clause(const char *p)
{
    static const char *const marks[] = {"，", "。", "！", "；", "？", "、", "～",
                                        ",",  ";",  "!",  "?",  "\n", NULL};
    for (int i = 0; marks[i]; i++)
        if (!strncmp(p, marks[i], strlen(marks[i])))
            return true;
    return false;
}

static struct clause clause_at(const char *text, const char *word)
{
    struct clause c = {text, word, word};
    for (const char *p = text; p < word; p++)
        if (ends_clause(p))
            c.from = p + 1;
    while (*c.to && !ends_clause(c.to))
        c.to++;
    return c;
}

static bool has(const char *from, const char *to, const char *const *words)
{
    for (; *words; words++) {
        const char *at = strstr(from, *words);
        if (at && at + strlen(*words) <= to)
            return true;
    }
    return false;
}

/* A question: its mark belongs to it. */
static bool is_asked(const struct clause *c)
{
    size_t mark = !strncmp(c->to, "？", strlen("？")) ? strlen("？") : *c->to == '?';
    return has(c->word, c->to + mark, asks);
}

static const char *next_word(const struct find *said, const char *from, const char *word)
{
    return find_word(said, word) ? strstr(from, word) : NULL;
}

/* 等了三天终于修好了 tells it, whatever stands before. */
static bool is_done(const char *text, const char *at)
{
    static const char *const surely[] = {"终于", "总算", "已经", "刚刚", "finally", NULL};
    struct clause c = clause_at(text, at);
    if (is_asked(&c) || *c.to == '?' || !strncmp(c.to, "？", strlen("？")))
        return false;
    return has(c.from, at, surely) || !has(c.from, at, unreal);
}

/* Where the text last tells it by one of those words, or NULL. */
static const char *last_done(const struct find *said, const char *const *words)
{
    const char *text = said->text, *last = NULL;
    for (const char *const *w = words; *w; w++)
        for (const char *at = next_word(said, text, *w); at; at = next_word(said, at + 1, *w))
            if (is_done(text, at) && (!last || at > last))
                last = at;
    return last;
}

static const char *last_mended(const struct find *said, bool alone)
{
    const char *text = said->text, *last = last_done(said, mended);
    return last || !alone || strncmp(text, "好了", strlen("好了")) != 0 ? last : text;
}

static bool is_fault(const char *at)
{
    for (const char *const *f = fault; *f; f++)
        if (!strncmp(at, *f, strlen(*f)))
            return true;
    return false;
}

static bool is_told(const char *text, const char *at)
{
    static const char *const doubts[] = {"不会", "别",     "要是",   "如果",   "万一", "怕", "担心",
                                         "希望", "会不会", "是不是", "有没有", "if ",  NULL};
    struct clause c = clause_at(text, at);
    return !is_asked(&c) && !has(c.from, at, doubts);
}

static const char *last_failed(const struct find *said)
{
    const char *text = said->text, *last = NULL;
    for (const char *const *w = unmended; *w; w++)
        for (const char *at = next_word(said, text, *w); at; at = next_word(said, at + 1, *w))
            if (is_told(text, at) && (!last || at > last))
                last = at;
    for (const char *const *w = anew; *w; w++)
        for (const char *at = next_word(said, text, *w); at; at = next_word(said, at + 1, *w))
            if (is_fault(at + strlen(*w)) && is_told(text, at) && (!last || at > last))
                last = at;
    return last;
}

enum repair repair_said(const struct find *said, bool alone)
{
    const char *done = last_mended(said, alone), *failed = last_failed(said);
    if (failed && (!done || failed > done))
        return REPAIR_FAILED;
    return done ? REPAIR_DONE : REPAIR_UNSAID;
}

/* What is going to be: 下午五点能恢复, 明天就修好了, 修好了通知大家. */
static bool is_planned(const char *text, const char *at)
{
    static const char *const surely[] = {"已", "刚", "终于", "总算", "finally", NULL};
    static const char *const plans[] = {
        "预计", "争取", "尽量", "力争", "明天", "明早", "明晚", "后天", "马上", "一会", "能",
        "可以", "下周", "才",   "保证", "将",   "才会", "会在", "will", "by ",  "soon", NULL};
    static const char *const times[] = {"今晚", "下午", "晚上",  "上午", "中午",
                                        "点",   "今天", "today", NULL};
    static const char *const then[] = {"再", "给",   "说",   "通知", "告诉",
                                       "后", "以后", "之后", "就"};
    const struct clause c = clause_at(text, at);
    const char *le = strstr(at, "了");
    bool has_le = le && le < c.to;
    if (has_le)
        for (size_t i = 0; i < sizeof then / sizeof *then; i++)
            if (!strncmp(le + strlen("了"), then[i], strlen(then[i])))
                return true;
    if (has(c.from, at, surely))
        return false;
    return has(c.from, at, plans) || (!has_le && has(c.from, at, times));
}

/* 收到 by itself, or before what it answers; of a parcel it tells nothing here. */
static bool is_received(const char *text)
{
    static const char *const what[] = {"反馈", "报修", "您",   "你",  "谢谢",
                                       "马上", "我",   "了，", "了。"};
    const char *at = strstr(text, "收到");
    const struct clause c = clause_at(text, at ? at : text);
    if (!at || has(c.from, at, unreal) || is_asked(&c) || !strncmp(c.to, "？", strlen("？")))
        return false;
    at += strlen("收到");
    for (size_t i = 0; i < sizeof what / sizeof *what; i++)
        if (!strncmp(at, what[i], strlen(what[i])))
            return true;
    return !*at || ends_clause(at);
}

static bool is_begun(const struct find *said)
{
    static const char *const not [] = {"没", "未",       "不",    "别",   "等",   "要是", "如果",
                                       "若", "什么时候", "几时",  "何时", "能否", "请",   "麻烦",
                                       "催", "希望",     "when ", "if ",  "n't",  "not ", NULL};
    const char *text = said->text;
    for (const char *const *w = begun; *w; w++)
        for (const char *at = next_word(said, text, *w); at; at = next_word(said, at + 1, *w)) {
            const struct clause c = clause_at(text, at);
            if (!is_asked(&c) && *c.to != '?' && strncmp(c.to, "？", strlen("？")) != 0 &&
                !has(c.from, at, not ))
                return true;
        }
    return is_received(text);
}

enum answer repair_answered(const struct find *said)
{
    const char *done = last_mended(said, false), *ours = last_done(said, mended_by_us);
    const char *failed = last_failed(said);
    done = ours && (!done || ours > done) ? ours : done;
    if (done && !is_planned(said->text, done) && (!failed || done > failed))
        return ANSWER_DONE;
    return is_begun(said) ? ANSWER_BEGUN : ANSWER_UNSAID;
}

bool repair_confirmed(const struct find *said)
{
    static const char *const doubts[] = {"看看", "试试", "等", "吗", "?", "？", "还", NULL};
    const char *text = said->text, *end = text + strlen(text);
    return (!strncmp(text, "好了", strlen("好了")) || repair_pleased(text)) &&
           !has(text, end, unreal) && !has(text, end, doubts);
}

bool repair_pleased(const char *text)
{
    static const char *const thanks[] = {"谢",   "满意", "辛苦", "给力",  "点赞",  "真快",  "很快",
                                         "及时", "👍",    "🙏",    "thank", "Thank", "great", NULL};
    static const char *const but[] = {"不满意", "太慢", "拖了", "但",   "就是",
                                      "不过",   "才修", "but ", "slow", NULL};
    const char *end = text + strlen(text);
    return has(text, end, thanks) && !has(text, end, but);
}

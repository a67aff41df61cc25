/* Words that lean on what was said before. They say nothing alone: context.c asks for them where
   the scene makes them likely. */
#include "context_priv.h"

#include <string.h>

static const char *const gives[] = {
    "我有",   "我也有", "我也来", "我也去",   "我也可以", "我可以",   "我能",
    "我会",   "我家有", "我这有", "我这儿有", "我这里有", "有一个",   "我来",
    "我去",   "我帮",   "帮你",   "给你",     "马上来",   "马上下",   "马上上来",
    "我上来", "我下来", "拿下来", "送过来",   "送上来",   "来拿",     "上门取",
    "用我的", "拿去用", "也有一", "I have",   "I can",    "I've got", NULL};

bool says_gives(const struct find *said)
{
    return find_any(said, gives);
}

bool says_done(const struct find *said)
{
    static const char *const words[] = {"谢谢", "感谢",   "多谢",   "多謝",   "谢了", "借到",
                                        "拿到", "收到了", "到位",   "到手",   "搞定", "好了",
                                        "修好", "解决",   "找到了", "送到了", "弄好", "换好",
                                        "救了", "到了",   "thank",  NULL};
    return find_any(said, words);
}

bool says_gone(const struct find *said)
{
    static const char *const words[] = {"没有了", "没得了", "没了",   "送完",     "送出",  "满了",
                                        "齐了",   "拿完",   "拿走了", "抢完",     "分完",  "发完",
                                        "已出",   "名额",   "都走了", "all gone", "taken", NULL};
    return find_any(said, words);
}

bool says_queues(const struct find *said)
{
    static const char *const words[] = {"排第",          "排二",   "排队",         "候补",
                                        "后面排",        "排后面", "next in line", "second in",
                                        "if they don't", NULL};
    return find_any(said, words);
}

bool says_entry(const struct find *said)
{
    const char *text = said->text;
    size_t n = strspn(text, "0123456789");
    return n > 0 && n <= 2 &&
           (text[n] == '.' || text[n] == ' ' || !strncmp(text + n, "、", strlen("、")));
}

bool says_all(const struct find *said)
{
    static const char *const words[] = {"全",   "都",   "光",   "完",   "空",         "齐",
                                        "满",   "够",   "没了", "没啦", "没有了",     "没有啦",
                                        "没得", "冇",   "散尽", "all",  "everything", "All",
                                        "both", "Both", "gone", NULL};
    return find_any(said, words);
}

bool says_some_are_left(const struct find *said)
{
    static const char *const words[] = {
        "只剩", "就剩", "还剩",   "尚余",       "尚餘",       "仅剩",  "净剩",  "仲剩",
        "仲有", "剩个", "还有一", "still here", "still have", "left:", "only ", NULL};
    return find_any(said, words);
}

#define LEFT_BYTES (4 * 3) /* 还有几个座不 */

/* 还有…没, 仲有…冇: a question of what is left, with a short thing between. */
static bool asks_what_is_left(const char *text)
{
    static const char *const heads[] = {"还有",   "仲有",   "還有",   "还剩",  "还能挤",
                                        "还能加", "还能再", "还能塞", "还能坐"};
    static const char *const tails[] = {"没", "不", "吗", "么", "冇", "嘛", "?", "？"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        for (const char *at = text; (at = strstr(at, heads[i])); at += strlen(heads[i])) {
            char between[LEFT_BYTES + 1];
            str_copy(between, sizeof between, str_of(at + strlen(heads[i])));
            for (size_t k = 0; k < sizeof tails / sizeof *tails; k++)
                if (strstr(between, tails[k]))
                    return true;
        }
    return false;
}

bool says_is_left(const struct find *said)
{
    static const char *const words[] = {
        "还在吗", "还在不",       "还在么",     "还缺",      "还要人",          "还能报",
        "来迟",   "来晚",         "晚了",       "any left?", "still available", "still there",
        "left?",  "up for grabs", "still have", NULL};
    return asks_what_is_left(said->text) || find_any(said, words);
}

bool says_asks_for_rest(const struct find *said)
{
    static const char *const words[] = {
        "还在吗",   "还在不",       "还在么",      "还有位吗",        "还有位没", "还有座",
        "any left", "up for grabs", "still there", "still available", NULL};
    return find_any(said, words);
}

/* 英标没有，欧标有两个: not what is asked for. */
bool says_has_none(const struct find *said)
{
    const char *text = said->text;
    static const char *const pauses[] = {"，", ",", " ", "。", "！", "…", ""};
    for (const char *at = text; (at = strstr(at, "没有"));) {
        bool asks = at - text >= 3 && !strncmp(at - 3, "有", 3);
        at += strlen("没有");
        for (size_t i = 0; !asks && i < sizeof pauses / sizeof *pauses; i++)
            if (*pauses[i] ? !strncmp(at, pauses[i], strlen(pauses[i])) : !*at)
                return true;
    }
    return false;
}

bool says_regrets(const struct find *said)
{
    static const char *const words[] = {"抱歉",     "不好意思", "对不住", "对不起",
                                        "唔好意思", "sorry",    "Sorry",  NULL};
    return find_any(said, words);
}

/* To one, and not to whoever wants it. */
bool says_to_you(const struct find *said)
{
    static const char *const you[] = {
        "捎你", "捎您",     "带你",      "带您",     "载你",     "接你", "接您", "送你",
        "送您", "帮你",     "帮您",      "给你",     "给您",     "借你", "借您", "陪你",
        "陪您", "take you", "drive you", "lend you", "give you", NULL};
    static const char *const all[] = {"大家", "谁要", "谁需要", "有需要", "要的",
                                      "报名", "你们", "anyone", NULL};
    return find_any(said, you) && !find_any(said, all);
}

bool says_lacks(const struct find *said)
{
    static const char *const words[] = {
        "还差",   "还缺",        "还少",       "再问",          "再求",        "再顶",     "顶一下",
        "还有哪", "还有谁",      "还有没有",   "还有人",        "没人吗",      "还没人",   "仲差",
        "仲有冇", "anyone else", "still need", "still looking", "still short", "one more", NULL};
    return find_any(said, words);
}

bool says_remains(const struct find *said)
{
    static const char *const words[] = {"还在",      "还剩",   "没人要吗",        "仲剩",
                                        "一个没送",  "仲喺度", "still available", "still here",
                                        "left over", NULL};
    return find_any(said, words);
}

static const char *const grants[] = {
    "没问题", "没得问题", "莫得问题", "冇问题", "没事",  "在的",       "在呢", "还在", "还有",
    "有的",   "给你",     "归你",     "拿去",   "来拿",  "来取",       "来搬", "有啊", "可以",
    "yes",    "Yes",      "sure",     "Sure",   "still", "no problem", NULL};

bool says_grants(const struct find *said)
{
    return find_any(said, grants) && !find_word(said, "不可以");
}

static const char *first_of(const char *text, const char *const *words)
{
    const char *first = NULL;
    for (; *words; words++) {
        const char *at = strstr(text, *words);
        if (at && (!first || at < first))
            first = at;
    }
    return first;
}

/* Gone, sorry. The fan is still here: what is said first answers. */
bool says_refuses(const struct find *said)
{
    static const char *const words[] = {
        "没",     "冇",      "莫得",     "满",        "不行",  "不可以", "不好意思",
        "抱歉",   "对不住",  "被人",     "被订",      "被拿",  "被领",   "被抱",
        "对唔住", "给了",    "要走了",   "要走啦",    "给别",  "有主",   "要不得",
        "下次",   "来年",    "唔得",     "晚了",      "sorry", "Sorry",  "taken",
        "gone",   "no more", "last one", "just gave", NULL};
    static const char *const gone[] = {"没了",   "没啦",   "没有了", "没得了",   "拿走了", "领走了",
                                       "抱走了", "搬走了", "订走了", "送出去了", "送完了", "送人了",
                                       "有主了", "冇咗",   "taken",  "gone",     "Gone",   NULL};
    const char *over = first_of(said->text, gone);
    if (over && says_grants(said))
        return over < first_of(said->text, grants);
    return over || (find_any(said, words) && !says_grants(said));
}

/* 好, 行行行, 好嘞: by itself, and not the beginning of another word. */
static bool begins_with_yes(const char *text)
{
    static const char *const heads[] = {"好", "行", "得", "成", "中",  "嗯",
                                        "来", "ok", "OK", "Ok", "yes", "Yes"};
    static const char *const behind[] = {"的", "了", "啊", "呀", "吧", "嘞", "嘛", "呢",
                                         "滴", "哒", "啦", "哈", "，", "。", "！", "～",
                                         "、", "…",  ",",  ".",  "!",  "~",  " ",  "\n"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        size_t n = strlen(heads[i]);
        const char *at = text;
        while (!strncmp(at, heads[i], n))
            at += n;
        if (at == text)
            continue;
        if (!*at)
            return true;
        for (size_t k = 0; k < sizeof behind / sizeof *behind; k++)
            if (!strncmp(at, behind[k], strlen(behind[k])))
                return true;
    }
    return false;
}

bool says_accepts(const struct find *said)
{
    static const char *const words[] = {
        "好的",   "好嘞",   "太好了",    "可以",  "要得",      "没问题",  "莫得问题", "没得问题",
        "冇问题", "谢谢",   "感谢",      "多谢",  "谢啦",      "谢了",    "唔该",     "救星",
        "救命",   "爱你",   "麻烦",      "辛苦",  "马上来",    "马上下",  "马上到",   "这就来",
        "这就下", "现在来", "现在出发",  "来了",  "等你",      "等您",    "等着",     "在家等",
        "来拿",   "归你",   "给你",      "留着",  "都行",      "说定",    "咁好",     "私你",
        "发你",   "加你",   "sure",      "Sure",  "perfect",   "Perfect", "great",    "Great",
        "thank",  "Thank",  "on my way", "angel", "lifesaver", NULL};
    return begins_with_yes(said->text) || find_any(said, words);
}

bool says_unfit(const struct find *said)
{
    static const char *const words[] = {
        "算了",      "太小",    "太短",       "太大",      "太长",        "太重",       "太贵",
        "不合适",    "不够长",  "不够大",     "对不上",    "不是这种",    "不是这个",   "用不了",
        "过敏",      "应激",    "来不及",     "赶不上",    "型号不对",    "不匹配",     "too small",
        "too short", "too big", "wrong size", "won't fit", "doesn't fit", "won't work", NULL};
    return find_any(said, words);
}

bool says_asks(const struct find *said)
{
    static const char *const words[] = {"谁",   "哪",   "求",  "借",  "帮",  "想",   "需要", "有没",
                                        "吗",   "麻烦", "缺",  "收",  "要",  "?",    "？",   "need",
                                        "Need", "any",  "Any", "can", "Can", "help", "Help", NULL};
    return find_any(said, words);
}

bool says_cannot(const struct find *said)
{
    static const char *const words[] = {
        "不了",  "不到",   "不上",  "不巧",       "没空", "没时间", "没有",
        "没得",  "不在家", "不在",  "不敢",       "不能", "过敏",   "上班",
        "出差",  "可惜",   "抱歉",  "不好意思",   "坏了", "过期",   "用完",
        "can't", "cannot", "sorry", "don't have", "别",   "我不会", NULL};
    return find_any(said, words);
}

bool says_laughs(const struct find *said)
{
    static const char *const words[] = {"哈哈", "😂",          "🤣", "[捂脸]", "[偷笑]", "[笑哭]",
                                        "hhh",  "233",        "haha", "lol",    "男朋友", "女朋友",
                                        "狗头", "[破涕为笑]", "笑死", "🐶",      "[狗头]", NULL};
    return find_any(said, words);
}

/* 了 behind a word that thanks, agrees or gives up tells of nothing that has come about. */
static bool is_ending(const char *text, const char *at)
{
    static const char *const before[] = {"谢",   "谢谢", "感谢", "多谢", "太好", "太棒", "辛苦",
                                         "麻烦", "算",   "为",   "对",   "行",   "可以", "不用",
                                         "知道", "除",   "极",   "明白", "那好", "就好", "来"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t n = strlen(before[i]);
        if ((size_t)(at - text) >= n && !memcmp(at - n, before[i], n))
            return true;
    }
    return !strncmp(at, "了解", strlen("了解"));
}

bool says_happened(const struct find *said)
{
    static const char *const words[] = {"借到", "拿到", "收到",     "到位",  "到手", "搞定", "已经",
                                        "咗",   "已还", "用完",     "换好",  "修好", "弄好", "送到",
                                        "已到", "got ", "received", "fixed", NULL};
    if (find_any(said, words))
        return true;
    for (const char *at = said->text; (at = strstr(at, "了")); at += strlen("了"))
        if (!is_ending(said->text, at))
            return true;
    return false;
}

bool says_i(const struct find *said)
{
    static const char *const words[] = {"我", "俺", "咱", "本人", "I ", "I'", "my ", NULL};
    return find_any(said, words);
}

bool says_you(const struct find *said)
{
    static const char *const words[] = {"你", "您", "you", NULL};
    return find_any(said, words);
}

bool says_elsewhere(const struct find *said)
{
    static const char *const words[] = {"超市",   "药房", "药店", "店",     "网上",  "淘宝",
                                        "拼多多", "软件", "菜场", "市场",   "那家",  "驿站",
                                        "卖",     "租",   "美团", "门口有", "打120", "打119",
                                        "打110",  "售后", "shop", NULL};
    return find_any(said, words);
}

bool says_met_elsewhere(const struct find *said)
{
    static const char *const words[] = {"不用了",         "不用找",   "不用麻烦", "不需要了",
                                        "自己买",         "自己解决", "买到了",   "网上",
                                        "no longer need", "no need",  NULL};
    return find_any(said, words);
}

static bool ends_asking(const char *text)
{
    static const char *const marks[] = {"?", "？", "吗", "么"};
    size_t n = strlen(text);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t m = strlen(marks[i]);
        if (n >= m && !strcmp(text + n - m, marks[i]))
            return true;
    }
    return false;
}

/* 我可以, 三分钟到, 晚上拿给您: what a joke or a remark hardly says. */
bool says_commits(const struct find *said)
{
    static const char *const words[] = {
        "我来",   "我也来", "我可以",  "我也可以", "我行",   "我也行", "我能",        "我去",
        "我也去", "我要",   "我也要",  "我帮",     "我给你", "我给您", "算我",        "加我",
        "报名",   "来了",   "分钟到",  "马上到",   "马上来", "马上下", "这就来",      "这就去",
        "拿给",   "送给",   "带给你",  "让给你",   "给你送", "给您送", "给你留",      "给您留",
        "送过来", "送过去", "拿过去",  "拿上来",   "送上来", "拎来",   "来拿",        "I have",
        "i have", "I can",  "I could", "I'll",     "i'll",   "I've",   "count me in", NULL};
    static const char *const doubts[] = {"不了",   "不行",   "不会",  "不能",  "不敢",  "没戏",
                                         "没有",   "没得",   "抱歉",  "好像",  "好似",  "可惜",
                                         "要是",   "如果",   "哈哈",  "😂",     "🤣",  "[捂脸]",
                                         "开玩笑", "要不要", "can't", "sorry", "Sorry", NULL};
    return find_any(said, words) && !find_any(said, doubts) && !ends_asking(said->text);
}

/* A mention before it is whom it tells. */
bool says_bids(const struct find *said)
{
    static const char *const words[] = {"先", "别", "莫", "你",   "您", "快", "赶紧",
                                        "打", "找", "问", "让他", "喊", "叫", "去"};
    const char *text = said->text, *mention_end = strstr(text, "\u2005");
    if (*text == '@' && mention_end)
        text = mention_end + strlen("\u2005");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncmp(text, words[i], strlen(words[i])))
            return true;
    return false;
}

bool says_before(const struct find *said)
{
    static const char *const words[] = {"以前", "上次",   "上回", "去年", "前年",  "那年", "当年",
                                        "上周", "小时候", "昨天", "原来", "last ", NULL};
    return find_any(said, words);
}

bool says_soon(const struct find *said)
{
    static const char *const words[] = {"马上", "这就", "现在", "等下",   "一会",     "等我",
                                        "今晚", "明早", "下班", "吃完饭", "in a bit", NULL};
    return find_any(said, words);
}

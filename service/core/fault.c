/* Do two reports speak of the same fault? By the things that they name, else by their wording. */
#include "core_priv.h"

#include <string.h>

#define ALIKE 0.30 /* of texts that name no thing that we know */

/* One row a kind of fault; words of several kinds may stand in one report. */
static const char *const kinds[][14] = {
    {"电梯", "lift", "elevator", "升降机"},
    {"路灯", "声控灯", "楼道灯", "灯不亮", "灯坏", "没灯", "黑灯", "灯又", "light", "灯也", "灯还"},
    {"停电", "跳闸", "没电", "断电", "power cut", "来电", "缺相"},
    {"停水", "没水", "水压", "断水", "no water"},
    {"漏水", "渗水", "爆管", "水管", "滴水", "往外冒", "喷水", "积水", "leak", "pipe", "冒水",
     "淹"},
    {"下水道", "堵了", "污水", "反水", "返水", "化粪池", "地漏"},
    {"门禁", "单元门", "大门", "门锁", "刷卡", "道闸", "栏杆机", "gate"},
    {"垃圾", "堆物", "臭味", "恶臭", "杂物", "rubbish", "garbage"},
    {"装修", "电钻声", "敲墙", "噪音", "太吵", "吵死", "noise", "钻个", "音响", "广场舞", "敲敲"},
    {"狗", "没牵绳", "不牵绳", "宠物", "猫叫", "dog"},
    {"乱停", "堵车", "停车", "占车位", "占位", "消防通道", "挡住", "车把"},
    {"电瓶车", "电动车", "飞线", "充电"},
    {"井盖", "路面", "地砖", "塌陷", "坑"},
    {"燃气", "煤气", "gas"},
    {"高空抛物", "扔下来", "抛物", "掉下来", "玻璃", "墙皮", "外墙"},
    {"着火", "冒烟", "起火", "火灾", "fire", "烧焦"},
    {"暖气", "供暖", "地暖", "heating"},
    {"网络", "断网", "宽带", "信号"},
    {"对讲", "监控", "摄像头"},
    {"健身器", "滑梯", "长椅", "凉亭"},
};

/* What each is called; `out`: when many report it, more than a repair may be needed. */
static const struct {
    const char *code, *zh;
    bool out;
} names[] = {
    {"lift", "电梯故障", false},    {"light", "路灯不亮", false},
    {"power", "停电", true},        {"water", "停水", true},
    {"leak", "漏水", false},        {"sewer", "下水道堵塞", false},
    {"gate", "门禁故障", false},    {"rubbish", "垃圾和异味", false},
    {"noise", "噪音", false},       {"dog", "宠物扰民", false},
    {"parking", "乱停车", false},   {"charging", "电动车充电", false},
    {"road", "路面损坏", false},    {"gas", "燃气异常", true},
    {"falling", "高空坠物", false}, {"fire", "火情", true},
    {"heating", "停暖", false},     {"network", "断网", false},
    {"camera", "门铃监控", false},  {"playground", "健身设施", false},
};
_Static_assert(sizeof names / sizeof *names == sizeof kinds / sizeof *kinds, "a name a kind");
_Static_assert(sizeof names / sizeof *names <= FAULTS_MOST, "a bit a kind");

const char *fault_code(int fault)
{
    return names[fault].code;
}

const char *fault_zh(int fault)
{
    return names[fault].zh;
}

bool fault_is_outage(int fault)
{
    return names[fault].out;
}

int fault_find(const char *code)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i].code, code))
            return (int)i;
    return -1;
}

unsigned faults_named(const char *text)
{
    struct find said;
    unsigned set = 0;
    find_init(&said, text);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (size_t k = 0; k < sizeof kinds[i] / sizeof *kinds[i] && kinds[i][k]; k++)
            if (find_word(&said, kinds[i][k]))
                set |= 1u << i;
    return set;
}

bool fault_is_named(const char *text)
{
    return faults_named(text);
}

/* --- which one of several --- */

#define SIDES_MOST 4
#define SIDE_WORDS 7

/* One row of what is there more than once; whoever names one side of it means no other. */
static const char *const several[][SIDES_MOST][SIDE_WORDS] = {
    {{"左边", "左侧", "左手", "左面", "左梯", "left"},
     {"右边", "右侧", "右手", "右面", "右梯", "right"}},
    {{"客梯", "passenger lift"}, {"货梯", "消防梯", "消防电梯", "freight"}},
    {{"1号梯", "1号电梯", "一号梯", "一号电梯", "1#电梯", "1#梯"},
     {"2号梯", "2号电梯", "二号梯", "二号电梯", "2#电梯", "2#梯"},
     {"3号梯", "3号电梯", "三号梯", "三号电梯", "3#电梯", "3#梯"}},
    {{"东门"}, {"西门"}, {"南门"}, {"北门"}},
    {{"进口", "入口", "进门"}, {"出口", "出门"}},
    {{"地库", "车库", "地下停车", "garage", "car park"},
     {"大门", "正门", "main gate", "front gate"},
     {"单元门", "单元大门", "楼道", "楼栋门", "staircase", "stairwell"},
     {"中庭", "院子", "游乐", "滑梯", "健身", "playground", "courtyard"}},
};

static unsigned sides_named(const struct find *said, size_t row)
{
    unsigned set = 0;
    for (int i = 0; i < SIDES_MOST; i++)
        for (int k = 0; k < SIDE_WORDS && several[row][i][k]; k++)
            if (find_word(said, several[row][i][k]))
                set |= 1u << i;
    return set;
}

/* 左边的电梯 and 右边的电梯, the garage's leak and the staircase's. */
static bool are_two(const char *a, const char *b)
{
    struct find x, y;
    find_init(&x, a);
    find_init(&y, b);
    for (size_t i = 0; i < sizeof several / sizeof *several; i++) {
        unsigned of_a = sides_named(&x, i), of_b = sides_named(&y, i);
        if (of_a && of_b && !(of_a & of_b))
            return true;
    }
    return false;
}

bool fault_same(const struct core *c, const char *a, const char *b)
{
    unsigned x = faults_named(a), y = faults_named(b);
    if (are_two(a, b))
        return false;
    if (x && y)
        return x & y;
    return text_likeness(c->o.work, str_of(a), str_of(b)) >= ALIKE;
}

/* --- what is out --- */

static const char *const out_words[] = {"停水",   "停电",   "断水", "断电", "停气", "断气",
                                        "停燃气", "停煤气", "停暖", "断网", "没水", NULL};

/* A smell of gas is no outage, lukewarm radiators are not without heating, and 来电了 ends one. */
static bool tells_out(int fault, const struct find *said)
{
    static const char *const power[] = {"停电", "没电", "断电", "缺相", "power cut", NULL};
    static const char *const gas[] = {"停气",   "没气",   "断气",   "停燃气", "停煤气", "没燃气",
                                      "没煤气", "燃气停", "煤气停", "no gas", NULL};
    static const char *const stopped[] = {"停",     "断",     "没暖",       "没网",   "没信号",
                                          "没供",   "不供",   "不热",       "没来",   "冰凉",
                                          "连不上", "上不了", "不通",       "用不了", "down",
                                          "out",    "off",    "no heating", NULL};
    const char *code = names[fault].code;
    if (!strcmp(code, "power"))
        return find_any(said, power);
    if (!strcmp(code, "gas"))
        return find_any(said, gas);
    if (!strcmp(code, "heating") || !strcmp(code, "network"))
        return find_any(said, stopped);
    return !strcmp(code, "water");
}

unsigned faults_out(const char *text)
{
    static const char *const alone[] = {"跳闸",     "欠费",   "只有我",  "就我家",    "就我们家",
                                        "我家一家", "单我家", "only my", "only mine", NULL};
    struct find said;
    unsigned named = faults_named(text), out = 0;
    find_init(&said, text);
    if (find_any(&said, alone))
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (named >> i & 1 && tells_out((int)i, &said))
            out |= 1u << i;
    return out;
}

/* The length of the word of the list that the text begins with, or 0. */
static size_t begins_with_any(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (!strncmp(text, *words, strlen(*words)))
            return strlen(*words);
    return 0;
}

bool fault_is_plain(const char *text)
{
    static const char *const more[] = {
        "我们", "咱们", "我家", "家里", "家",       "我",     "这边",     "这里",   "这儿",
        "整个", "小区", "全",   "栋",   "幢",       "号楼",   "单元",     "楼",     "又",
        "也",   "都",   "突然", "忽然", "怎么回事", "咋回事", "什么情况", "啥情况", "怎么",
        "咋",   "已经", "了",   "啦",   "啊",       "呀",     "哦",       "，",     "。",
        "！",   "～",   "…",    ",",    ".",        "!",      "~",        " ",      NULL};
    bool out = false;
    for (size_t n; *text; text += n) {
        size_t word = begins_with_any(text, out_words);
        n = word ? word : begins_with_any(text, more);
        if (!n && *text >= '0' && *text <= '9')
            n = 1;
        if (!n)
            return false;
        out |= word > 0;
    }
    return out;
}

/* --- whose it is --- */

/* 小区, but neither another one nor the people of this one: 隔壁小区, 小区物业. */
static bool names_estate(const char *text)
{
    static const char *const other[] = {"隔壁", "别的", "其他", "其它", "对面",
                                        "旁边", "附近", "哪个", "邻近", "人家"};
    static const char *const people[] = {"物业", "群", "业主", "邻居", "居民", "的人", "保安"};
    const char *const word = "小区";
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word)) {
        bool ours = true;
        for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
            size_t n = strlen(other[i]);
            ours &= (size_t)(at - text) < n || strncmp(at - n, other[i], n) != 0;
        }
        for (size_t i = 0; i < sizeof people / sizeof *people; i++)
            ours &= strncmp(at + strlen(word), people[i], strlen(people[i])) != 0;
        if (ours)
            return true;
    }
    return false;
}

bool fault_is_of_estate(const char *text)
{
    static const char *const whole[] = {"整个小区",     "全小区",     "小区全",        "小区都",
                                        "whole estate", "the estate", "whole complex", NULL};
    static const char *const inside[] = {
        "单元",      "楼道",    "电梯",         "我家", "家里", "入户",     "楼上",
        "楼下",      "楼顶",    "本楼",         "本栋", "这栋", "我们楼",   "我们栋",
        "咱们楼",    "整栋",    "整幢",         "全楼", "lift", "elevator", "staircase",
        "stairwell", "my flat", "our building", NULL};
    static const char *const spots[] = {
        "院子",       "院里",      "大院",       "大门",         "正门",     "东门",
        "西门",       "南门",      "北门",       "道闸",         "栏杆机",   "门岗",
        "岗亭",       "保安亭",    "地库",       "车库",         "地下停车", "停车场",
        "中庭",       "游乐",      "儿童乐园",   "滑梯",         "健身器",   "健身设施",
        "球场",       "泳池",      "喷泉",       "绿化带",       "草坪",     "花坛",
        "凉亭",       "围墙",      "垃圾站",     "垃圾房",       "主干道",   "配电房",
        "泵房",       "main gate", "front gate", "boom barrier", "car park", "garage",
        "playground", "courtyard", NULL};
    struct find said;
    find_init(&said, text);
    bool named = names_estate(text);
    if (find_any(&said, whole) || (named && faults_out(text))) /* 小区停电了，电梯也不动 */
        return true;
    return !find_any(&said, inside) && (named || find_any(&said, spots));
}

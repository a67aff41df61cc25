/* What was lost and what was found: one thing, not one of its kind, so that nothing stands in for
   it, and nothing that both tell of it may speak against it. */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "match/rank.h"
#include "match_priv.h"

#define WORDS_MAX 12
struct row {
    const char *words[WORDS_MAX];
};

/* Things that people lose, a row a kind. A Chinese word counts unless what follows makes another
   thing or a place of it. */
static const struct row kinds[] = {
    {{"钥匙", "key", "keys"}},
    {{"门禁卡", "门卡", "电梯卡", "小区卡", "房卡", "出入卡", "key card", "access card"}},
    {{"身份证", "id card"}},
    {{"银行卡", "信用卡", "储蓄卡", "bank card", "credit card"}},
    {{"公交卡", "地铁卡", "交通卡", "bus card", "bus pass"}},
    {{"社保卡", "医保卡"}},
    {{"学生证", "学生卡", "校园卡", "饭卡", "一卡通", "student card"}},
    {{"驾驶证", "驾照", "行驶证", "driving licence"}},
    {{"护照", "passport"}},
    {{"钱包", "皮夹", "卡包", "钱夹", "wallet", "purse"}},
    {{"手机", "iphone", "phone"}},
    {{"耳机", "airpods", "earphones", "earbuds", "headphones"}},
    {{"眼镜", "墨镜", "glasses", "sunglasses"}},
    {{"伞", "umbrella"}},
    {{"猫", "cat", "kitten"}},
    {{"狗", "泰迪", "柯基", "金毛", "哈士奇", "博美", "比熊", "柴犬", "dog", "puppy"}},
    {{"鹦鹉", "鸟", "parrot"}},
    {{"手表", "watch"}},
    {{"戒指", "ring"}},
    {{"项链", "necklace"}},
    {{"手链", "手镯", "镯子", "手串", "bracelet"}},
    {{"耳环", "耳钉", "earring", "earrings"}},
    {{"书包", "背包", "双肩包", "挎包", "手提包", "backpack", "handbag"}},
    {{"水杯", "保温杯", "水壶", "水瓶", "bottle"}},
    {{"外套", "衣服", "校服", "羽绒服", "jacket", "coat"}},
    {{"帽", "hat", "cap"}},
    {{"围巾", "scarf"}},
    {{"手套", "gloves", "glove"}},
    {{"鞋", "shoe", "shoes"}},
    {{"快递", "包裹", "parcel", "package"}},
    {{"自行车", "滑板车", "bike", "scooter"}},
    {{"u盘", "优盘", "硬盘", "flash drive"}},
    {{"平板", "ipad"}},
    {{"笔记本电脑", "laptop"}},
    {{"拐杖", "cane"}},
    {{"助听器", "hearing aid"}},
    {{"头盔", "helmet"}},
    {{"篮球", "足球", "basketball", "football"}},
    {{"玩具", "娃娃", "积木", "toy"}},
};
#define KINDS (sizeof kinds / sizeof *kinds)
_Static_assert(KINDS <= 64, "a bit a kind");
static const char *const other_behind[] = {"壳",   "号", "柜",   "站", "点",   "架",    "粮",
                                           "砂",   "窝", "膜",   "棚", "店",   "卡",    "钱",
                                           "联系", "尾", "驿站", "车", "room", "board", NULL};

/* What it hangs on, or what hangs on it. */
static const struct row details[] = {
    {{"红绳", "红色绳", "红色的绳", "红色挂绳", "红挂绳", "red cord", "red string"}},
    {{"蓝绳", "蓝色绳", "蓝色的绳", "蓝色挂绳", "蓝挂绳", "blue cord", "blue string"}},
    {{"黑绳", "黑色绳", "黑色的绳", "黑色挂绳", "黑挂绳", "black cord", "black string"}},
    {{"绿绳", "绿色绳", "绿色的绳", "绿色挂绳", "绿挂绳", "green cord", "green string"}},
    {{"鸭", "duck"}},
    {{"熊", "bear"}},
    {{"兔", "rabbit", "bunny"}},
    {{"铃铛", "bell"}},
    {{"中国结"}},
    {{"平安符", "福袋"}},
    {{"葫芦"}},
    {{"皮卡丘"}},
    {{"哆啦", "机器猫"}},
    {{"毛球", "毛绒球", "毛线球"}},
    {{"奥特曼"}},
};

/* Words of losing and finding: of everything that was lost or found, and so of no one thing. */
static const char *const acts[] = {"丢",   "掉了", "掉了个", "捡",   "拾",   "认领",  "失主",
                                   "招领", "寻物", "遗失",   "不见", "落在", "落了",  "忘在",
                                   "失物", "归还", "寄放",   "放在", "lost", "found", NULL};

bool starts_any(const char *at, const char *const *words)
{
    for (; *words; words++)
        if (!strncmp(at, *words, strlen(*words)))
            return true;
    return false;
}

static bool names(const char *text, const char *word)
{
    bool latin = (unsigned char)word[strlen(word) - 1] < 0x80;
    for (const char *at = text; (at = strcasestr(at, word)); at += strlen(word)) {
        const char *end = at + strlen(word);
        bool whole = !latin || ((at == text || !isalpha((unsigned char)at[-1])) &&
                                !isalpha((unsigned char)*end));
        if (whole && !starts_any(*end == ' ' ? end + 1 : end, other_behind))
            return true;
    }
    return false;
}

static uint64_t named_in(const char *text, const struct row *rows, size_t n)
{
    uint64_t set = 0;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < WORDS_MAX && rows[i].words[k]; k++)
            if (names(text, rows[i].words[k])) {
                set |= UINT64_C(1) << i;
                break;
            }
    return set;
}

static bool disjoint(const char *a, const char *b, const struct row *rows, size_t n)
{
    uint64_t x = named_in(a, rows, n), y = x ? named_in(b, rows, n) : 0;
    return x && y && !(x & y);
}

bool match_lost_differ(const char *a, const char *b)
{
    return disjoint(a, b, kinds, KINDS) ||
           disjoint(a, b, details, sizeof details / sizeof *details) ||
           match_colours(a, b) == COLOURS_DIFFER;
}

bool match_lost_is_known(const char *text)
{
    return named_in(text, kinds, KINDS);
}

bool match_lost_is_act(const char *word)
{
    for (const char *const *w = acts; *w; w++)
        if (strcasestr(word, *w))
            return true;
    return false;
}

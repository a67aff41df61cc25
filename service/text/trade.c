#include "text/text.h"

#include <string.h>

/* Of each trade what tells of it, alone or within a longer word. Where two trades meet (门锁,
   洗衣机漏水) a word is of both. */
static const char *const locks[] = {"锁", "钥匙", "门", "窗", "合页", "五金", "lock", "key", NULL};
static const char *const water[] = {"水管",   "水龙头", "龙头", "下水",  "马桶", "地漏",  "漏水",
                                    "疏通",   "堵",     "水箱", "阀",    "花洒", "plumb", "pipe",
                                    "toilet", "faucet", "sink", "drain", NULL};
static const char *const power[] = {"电路",   "跳闸", "电工",   "插座", "开关",        "灯",
                                    "保险丝", "电线", "wiring", "fuse", "electrician", NULL};
static const char *const appliances[] = {
    "家电", "电器", "洗衣机", "冰箱",   "空调",   "电视",   "油烟机",  "热水器",    "微波炉",
    "电饭", "风扇", "燃气灶", "壁挂炉", "电磁炉", "fridge", "washing", "appliance", NULL};
static const char *const digital[] = {"电脑",   "手机",   "笔记本", "系统",     "屏",
                                      "路由器", "打印机", "硬盘",   "computer", "laptop",
                                      "phone",  "screen", NULL};
static const char *const vehicles[] = {"车", "轮胎", "补胎", "bike", "tyre", "tire", NULL};
static const char *const clothes[] = {"衣服", "裤", "鞋", "拉链", "扣子", "缝", NULL};
static const char *const walls[] = {"打孔", "钻",   "墙",    "漆",    "砖", "挂画",
                                    "腻子", "防水", "drill", "paint", NULL};
static const char *const blades[] = {"磨刀", "磨剪", NULL};

static const char *const *const trades[] = {locks,    water,   power,  appliances, digital,
                                            vehicles, clothes, blades, walls};

/* A bit each; 0: it tells of none (修一下, 师傅). */
static unsigned trades_of(const char *word)
{
    unsigned all = 0;
    for (size_t t = 0; t < sizeof trades / sizeof *trades; t++)
        for (int i = 0; trades[t][i]; i++)
            if (strstr(word, trades[t][i]))
                all |= 1u << t;
    return all;
}

bool text_trades_differ(const struct slot_item *a, const struct slot_item *b)
{
    if (a->category != CATEGORY_REPAIR || b->category != CATEGORY_REPAIR)
        return false;
    unsigned x = trades_of(a->word), y = trades_of(b->word);
    return x && y && !(x & y);
}

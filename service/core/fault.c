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

bool fault_same(const struct core *c, const char *a, const char *b)
{
    unsigned x = faults_named(a), y = faults_named(b);
    if (x && y)
        return x & y;
    return text_likeness(c->o.work, str_of(a), str_of(b)) >= ALIKE;
}

/* What tells two accessories of one name apart: the device that each belongs to. A charger of a
   telephone charges no bicycle, and a remote control of a television cools no room. */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/find.h"
#include "match/match.h"

static const char *const accessories[] = {
    "充电器", "充电线",  "充电头",  "数据线",   "电源线", "适配器",  "电池",    "遥控器", "支架",
    "座椅",   "charger", "Charger", "charging", "cable",  "adapter", "battery", "remote", NULL};

/* A row a device; what is a part of another's name is taken out of it. */
static const struct {
    const char *names[8], *but[5];
} hosts[] = {
    {{"手机", "iphone", "phone", "安卓"},
     {"手机号", "手机联系", "打我手机", "headphone", "earphone"}},
    {{"笔记本", "电脑", "laptop", "macbook"}, {"平板电脑", "电脑桌", "笔记本子"}},
    {{"平板", "ipad", "tablet"}, {"平板车"}},
    {{"电动车", "电瓶车", "电动自行车", "电单车", "电驴", "电瓶", "e-bike", "ebike"}, {NULL}},
    {{"自行车", "单车", "bicycle"}, {"电动自行车"}},
    {{"汽车", "小车", "轿车"}, {"电动汽车"}},
    {{"手表", "手环", "watch"}, {NULL}},
    {{"剃须刀", "刮胡刀", "shaver"}, {NULL}},
    {{"牙刷", "toothbrush"}, {NULL}},
    {{"相机", "单反", "camera"}, {NULL}},
    {{"电视", "机顶盒", "tv"}, {NULL}},
    {{"空调", "air con", "aircon"}, {NULL}},
    {{"风扇"}, {NULL}},
    {{"投影"}, {NULL}},
    {{"轮椅", "wheelchair"}, {NULL}},
    {{"电钻", "冲击钻", "drill"}, {NULL}},
};
#define HOSTS (sizeof hosts / sizeof *hosts)
_Static_assert(HOSTS <= 32, "a bit a device");

/* An English word begins where it is looked for: tv, not in a longer one. */
static bool begins(const char *text, const char *at)
{
    return (unsigned char)*at >= 0x80 || at == text || !isalpha((unsigned char)at[-1]);
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *at = text; (at = strcasestr(at, word)); at += strlen(word))
        n += begins(text, at);
    return n;
}

static bool names_host(const char *text, size_t host)
{
    size_t n = 0, but = 0;
    for (size_t i = 0; i < sizeof hosts->names / sizeof *hosts->names && hosts[host].names[i]; i++)
        n += count(text, hosts[host].names[i]);
    for (size_t i = 0; n && i < sizeof hosts->but / sizeof *hosts->but && hosts[host].but[i]; i++)
        but += count(text, hosts[host].but[i]);
    return n > but;
}

static unsigned hosts_in(const char *text)
{
    unsigned set = 0;
    for (size_t i = 0; i < HOSTS; i++)
        set |= names_host(text, i) ? 1u << i : 0;
    return set;
}

static bool names_accessory(const char *text)
{
    struct find f;
    find_init(&f, text);
    return find_any(&f, accessories);
}

bool match_hosts_differ(const char *a, const char *b)
{
    if (!names_accessory(a) || !names_accessory(b)) /* nearly always */
        return false;
    unsigned x = hosts_in(a), y = hosts_in(b);
    return x && y && !(x & y);
}

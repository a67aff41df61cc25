/* The traffic of the benchmarks: messages of many groups, mixed as in life (one in ten asks or
   offers), made from their number alone, so that every run and every peer gets the same. */
#ifndef LINLI_TESTS_BENCH_TRAFFIC_H
#define LINLI_TESTS_BENCH_TRAFFIC_H

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "model/entry.h"

#define TRAFFIC_COMMUNITIES 512
#define TRAFFIC_GROUPS_EACH 8 /* as run.mjs imports them: x-1, x-2, … */
#define TRAFFIC_SENDERS 40    /* of a group */

static inline uint64_t traffic_mix(uint64_t x) /* splitmix64 */
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline void traffic_text(uint64_t r, char out[256])
{
    static const char *const chat[] = {"早上好，今天降温了，出门多穿一点",
                                       "哈哈哈哈笑死我了",
                                       "收到，谢谢通知",
                                       "昨天那场球你们看了吗，最后十分钟太精彩了",
                                       "楼下桂花开了，一下楼就闻到香味",
                                       "菜市场今天的排骨又涨价了",
                                       "孩子们放学了，楼下好热闹",
                                       "这天气说变就变，早上还出太阳呢",
                                       "周末准备带娃去动物园，有一样打算的吗哈哈",
                                       "物业今天换灯泡了，辛苦师傅",
                                       "[呲牙][呲牙]",
                                       "我们那时候哪有这些，都是自己走路上学",
                                       "小区门口新开的面馆味道还不错，就是有点咸",
                                       "刚才那个快递小哥人真好，一直送到楼上",
                                       "已经报名了，周六下午见",
                                       "早，上班去了"};
    static const char *const things[] = {"电钻",   "梯子",   "打气筒", "婴儿车", "轮椅",   "充电宝",
                                         "雨伞",   "卷尺",   "螺丝刀", "豆浆机", "折叠床", "血压计",
                                         "热水袋", "儿童椅", "行李箱", "手推车", "电饭煲", "台灯"};
    static const char *const asks[][2] = {{"谁家有", "借用一下？"},
                                          {"求借", "，用完马上还"},
                                          {"哪位邻居有", "，借我用半天"},
                                          {"急需一个", "，谁有啊"}};
    static const char *const gives[][2] = {{"闲置", "免费送，有需要的吗"},
                                           {"家里多了一个", "，要的来拿"},
                                           {"", "可以借给大家用，需要的说一声"}};
    const char *thing = things[(r >> 16) % (sizeof things / sizeof *things)];
    unsigned what = r % 100;
    const char *const *around = what < 6 ? asks[(r >> 8) % 4] : gives[(r >> 8) % 3];
    if (what < 10)
        snprintf(out, 256, "%s%s%s", around[0], thing, around[1]);
    else
        snprintf(out, 256, "%s", chat[(r >> 8) % (sizeof chat / sizeof *chat)]);
}

static inline int traffic_group(uint64_t i) /* from 1; of message i in a run: i ^ its hash */
{
    return 1 + (int)(traffic_mix(i) % (TRAFFIC_COMMUNITIES * TRAFFIC_GROUPS_EACH));
}

/* One generic message, as a bot would send it. */
static inline void traffic_json(const char *run, uint64_t i, int64_t now_ms, struct buf *out)
{
    uint64_t of_run = hash64(run, strlen(run), 0);
    int group = traffic_group(i ^ of_run);
    uint64_t r = traffic_mix((i ^ of_run) * 2 + 1);
    char text[256], time[TIME_TEXT_SIZE];
    traffic_text(r, text);
    time_format(time, now_ms, 480);
    buf_addf(out,
             "{\"id\":\"%s-%llu\",\"group\":\"x-%d\",\"sender\":{\"id\":\"u%d-%d\",\"name\":"
             "\"邻居%d\"},\"text\":\"%s\",\"time\":\"%s\",\"reply_to\":null,\"mentions\":[]}",
             run, (unsigned long long)i, group, group, (int)((r >> 32) % TRAFFIC_SENDERS),
             (int)((r >> 32) % TRAFFIC_SENDERS), text, time);
}

#endif

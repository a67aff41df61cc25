/* Cues: classes of wording that the label guide turns on. Their phrases are in
   service/text/cues.tsv; the model has a feature for each, and the rules name some. */
#ifndef LINLI_TEXT_CUE_H
#define LINLI_TEXT_CUE_H

#include "base/str.h"

#define CUE_TABLE(X)                                                                               \
    X(ASK_HAVE, "ask_have")             /* 谁家有, 有没有邻居 */                           \
    X(ASK_HELP, "ask_help")             /* 帮忙, 帮我, 求助 */                               \
    X(SEEK, "seek")                     /* 求购, 求一个, 急需, 想借 */                    \
    X(BORROW, "borrow")                 /* 借用一下 */                                         \
    X(SCARCE, "scarce")                 /* 断了, 买不到, 没吃的 */                         \
    X(GIVE, "give")                     /* 免费送, 自取 */                                    \
    X(CAN_HELP, "can_help")             /* 我可以帮, 有需要的 */                           \
    X(TAKE, "take")                     /* 我要, 我有, 我去 */                               \
    X(DONE, "done")                     /* 借到了, 已送出, 不用了 */                      \
    X(THANKS, "thanks")                 /* 谢谢 */                                               \
    X(SELL, "sell")                     /* 出售, 元一斤, 优惠 */                            \
    X(GROUP_BUY, "group_buy")           /* 接龙, 拼单, 团购 */                               \
    X(RENT, "rent")                     /* 出租, 月租 */                                       \
    X(BROKEN, "broken")                 /* 坏了, 不亮, 漏水 */                               \
    X(COMPLAIN, "complain")             /* 扰民, 投诉, 没人管 */                            \
    X(PETITION, "petition")             /* 建议, 恳请, 反映 */                               \
    X(ASK_WHEN, "ask_when")             /* 几点, 什么时候, 多少钱 */                      \
    X(ASK_HOW, "ask_how")               /* 怎么办理, 在哪 */                                 \
    X(ANNOUNCE, "announce")             /* 通知, 各位业主, 温馨提示 */                   \
    X(GREET, "greet")                   /* 早上好 */                                            \
    X(LAUGH, "laugh")                   /* 哈哈 */                                               \
    X(ACK, "ack")                       /* 收到, 好的 */                                       \
    X(NEGATION, "negation")             /* 不, 没有 */                                          \
    X(HEARSAY, "hearsay")               /* 听说, 新闻, 网上说 */                            \
    X(DRILL, "drill")                   /* 演练, 电影, 游戏 */                               \
    X(IDIOM, "idiom")                   /* 笑死, 累死, 火了 */                               \
    X(LOST, "lost")                     /* 丢了, 走丢 */                                       \
    X(FOUND, "found")                   /* 捡到 */                                               \
    X(DANGER_LIFE, "danger_life")       /* 没呼吸, 晕倒, 窒息 */                            \
    X(DANGER_TRAPPED, "danger_trapped") /* 被困 */                                               \
    X(DANGER_FIRE, "danger_fire")       /* 着火, 冒烟, 煤气泄漏 */                         \
    X(DANGER_SELF, "danger_self")       /* 要跳楼, 不想活 */                                 \
    X(DANGER_CHILD, "danger_child")     /* 孩子走丢 */                                         \
    X(DANGER_SIGN, "danger_sign")       /* 冒烟, 进水: danger only with more */                \
    X(GUARD, "guard")                   /* 预防, 如遇, 小心: what might happen */            \
    X(HURRY, "hurry")                   /* 急, 马上, 救命 */                                  \
    X(NO_HURRY, "no_hurry")             /* 不急, 随时, 长期 */                               \
    X(ELDER, "elder")                   /* 独居老人, 高龄 */                                 \
    X(INFANT, "infant")                 /* 婴儿, 宝宝 */                                       \
    X(PREGNANT, "pregnant")             /* 孕妇, 产妇 */                                       \
    X(DISABLED, "disabled")             /* 残疾, 轮椅上 */                                    \
    X(ILL, "ill")                       /* 透析, 化疗 */                                       \
    X(NEIGHBOUR, "neighbour")           /* 邻居, 大家, 群友 */                               \
    X(OFFICIAL, "official")             /* 物业, 居委会, 管家 */                            \
    X(PUBLIC_PLACE, "public_place")     /* 楼道, 电梯口, 地库 */                            \
    X(RIDE, "ride")                     /* 拼车, 顺风车 */                                    \
    X(EXCHANGE, "exchange")             /* 换, 交换 */                                          \
    X(PAY, "pay")                       /* 有偿, 付钱, 红包酬谢 */

enum cue {
#define X(name, code) CUE_##name,
    CUE_TABLE(X)
#undef X
        CUE_N
};
_Static_assert(CUE_N <= 64, "a set of cues is one 64-bit word");

bool cue_parse(struct str code, enum cue *v_r); /* false: no such cue, *v_r unchanged */

#endif

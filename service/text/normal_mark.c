#include "normal_priv.h"

#include <utf8proc.h>

/* Pictures with a meaning of their own, ascending; all others become MARK_OTHER. */
static const struct {
    uint32_t first, last, mark;
} pictures[] = {
    {0x2049, 0x2049, 0},
    {0x203C, 0x203C, 0},
    {0x25A3, 0x25A3, MARK_MEDIA},
    {0x2606, 0x2606, MARK_OTHER},
    {0x2639, 0x2639, MARK_SAD},
    {0x263A, 0x263B, MARK_LAUGH},
    {0x2665, 0x2665, MARK_LOVE},
    {0x26A0, 0x26A0, MARK_ALARM},
    {0x2705, 0x2705, MARK_GOOD},
    {0x270A, 0x270C, MARK_GOOD},
    {0x2714, 0x2714, MARK_GOOD},
    {0x2753, 0x2754, '?'},
    {0x2755, 0x2755, '!'},
    {0x2757, 0x2757, '!'},
    {0x2763, 0x2764, MARK_LOVE},
    {0x1F198, 0x1F198, MARK_ALARM},
    {0x1F339, 0x1F339, MARK_LOVE},
    {0x1F389, 0x1F38A, MARK_GOOD},
    {0x1F44C, 0x1F44D, MARK_GOOD},
    {0x1F44F, 0x1F44F, MARK_GOOD},
    {0x1F490, 0x1F490, MARK_LOVE},
    {0x1F493, 0x1F49F, MARK_LOVE},
    {0x1F4AA, 0x1F4AA, MARK_GOOD},
    {0x1F4E2, 0x1F4E3, MARK_ALARM},
    {0x1F600, 0x1F60D, MARK_LAUGH},
    {0x1F60E, 0x1F60F, MARK_LAUGH},
    {0x1F612, 0x1F616, MARK_SAD},
    {0x1F617, 0x1F61D, MARK_LAUGH},
    {0x1F61E, 0x1F62D, MARK_SAD},
    {0x1F62E, 0x1F635, MARK_SAD},
    {0x1F638, 0x1F63B, MARK_LAUGH},
    {0x1F642, 0x1F643, MARK_LAUGH},
    {0x1F64F, 0x1F64F, MARK_PRAY},
    {0x1F6A8, 0x1F6A8, MARK_ALARM},
    {0x1F917, 0x1F917, MARK_LAUGH},
    {0x1F923, 0x1F923, MARK_LAUGH},
    {0x1F929, 0x1F929, MARK_LAUGH},
    {0x1F970, 0x1F970, MARK_LOVE},
    {0x1F979, 0x1F97A, MARK_SAD},
};

uint32_t mark_of_emoji(uint32_t cp)
{
    size_t i;

    if (cp < 0x203C || (cp >= 0x3000 && cp < 0x1F000))
        return cp == 0x3030 || cp == 0x303D ? MARK_OTHER : 0;
    for (i = 0; i < sizeof pictures / sizeof *pictures; i++)
        if (cp >= pictures[i].first && cp <= pictures[i].last)
            return pictures[i].mark;
    if (cp >= 0x1F1E6 && cp <= 0x1F1FF) /* flags: pairs of letters */
        return MARK_OTHER;
    if (cp >= 0x1F3FB && cp <= 0x1F3FF) /* skin tones: part of the picture before */
        return MARK_OTHER;
    if (cp < 0x2300)
        return 0;
    return utf8proc_get_property((utf8proc_int32_t)cp)->boundclass ==
                   UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC
               ? MARK_OTHER
               : 0;
}

/* WeChat's and QQ's names of stickers and of what a bot cannot show, by meaning. */
static const struct {
    uint32_t mark;
    const char *names;
} stickers[] = {
    {MARK_LAUGH,
     " 捂脸 笑哭 呲牙 偷笑 憨笑 微笑 愉快 调皮 奸笑 破涕为笑 机智 旺柴 doge 狗头 嘿哈 坏笑 阴险 "
     "得意 可爱 害羞 色 哇 耶 斜眼笑 笑 大笑 哈哈 嘻嘻 笑脸 吐舌 眨眼睛 泪奔 emm 俏皮 "},
    {MARK_SAD, " 流泪 大哭 难过 快哭了 苦涩 委屈 衰 叹气 裂开 心碎 抓狂 发怒 生气 怒 咒骂 尴尬 汗 "
               "流汗 冷汗 悲伤 "
               "可怜 惊恐 惊讶 吓 皱眉 失望 哭 伤心 恐惧 骷髅 敲打 "},
    {MARK_PRAY, " 合十 抱拳 拜托 祈祷 双手合十 感谢 谢谢 蜡烛 跪了 作揖 "},
    {MARK_LOVE, " 玫瑰 爱心 拥抱 亲亲 心 鲜花 礼物 太阳 比心 爱情 "},
    {MARK_GOOD,
     " 强 赞 ok 好的 握手 鼓掌 胜利 加油 拳头 666 庆祝 good 点赞 给力 棒 完成 加油加油 "},
    {MARK_ALARM, " 警告 注意 喇叭 警报 sos "},
    {MARK_MEDIA, " 图片 视频 语音 链接 文件 小程序 动画表情 表情 照片 位置 红包 转账 聊天记录 分享 "
                 "音乐 名片 微信红包 "
                 "image photo video file voice sticker "},
    {MARK_OTHER,
     " 吃瓜 咖啡 蛋糕 睡 困 再见 疑问 晕 嘘 闭嘴 白眼 鄙视 发呆 无语 让我看看 翻白眼 社会社会 打脸 "
     "啊这 "
     "发 福 烟花 爆竹 猪头 月亮 啤酒 菜刀 弱 勾引 no 爱你 跳跳 发抖 转圈 嘴唇 天啊 右哼哼 左哼哼 "
     "哈欠 "
     "奋斗 疯了 折磨 饥饿 傲慢 撇嘴 擦汗 抠鼻 糗大了 恶魔 吐 炸弹 便便 捂眼 看看 托腮 "},
};

uint32_t mark_of_sticker(struct str name)
{
    char key[32];
    size_t i;

    if (name.n == 0 || name.n > sizeof key - 3 || memchr(name.p, ' ', name.n))
        return 0;
    key[0] = ' ';
    memcpy(key + 1, name.p, name.n);
    key[name.n + 1] = ' ';
    key[name.n + 2] = '\0';
    for (i = 0; i < sizeof stickers / sizeof *stickers; i++)
        if (strstr(stickers[i].names, key))
            return stickers[i].mark;
    return 0;
}

bool mark_is(uint32_t cp)
{
    switch (cp) {
    case MARK_LAUGH:
    case MARK_SAD:
    case MARK_PRAY:
    case MARK_LOVE:
    case MARK_GOOD:
    case MARK_ALARM:
    case MARK_MEDIA:
    case MARK_OTHER:
        return true;
    default:
        return false;
    }
}

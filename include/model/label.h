/* What a message means: the codes of the label guide. The codes are part of the API. */
#ifndef LINLI_MODEL_LABEL_H
#define LINLI_MODEL_LABEL_H

#include <stdbool.h>

#include "base/str.h"

#define INTENT_TABLE(X)                                                                            \
    X(CHAT, "chat", "闲聊")                                                                        \
    X(REQUEST, "request", "求助")                                                                  \
    X(OFFER, "offer", "提供")                                                                      \
    X(CLAIM, "claim", "认领")                                                                      \
    X(CLOSURE, "closure", "了结")                                                                  \
    X(REPORT, "report", "报修反映")                                                                \
    X(INQUIRY, "inquiry", "咨询")                                                                  \
    X(NOTICE, "notice", "通知")                                                                    \
    X(TRADE, "trade", "交易拼单")

/* X(name, code, zh, domain) */
#define CATEGORY_TABLE(X)                                                                          \
    X(NONE, "", "", "")                                                                            \
    X(FOOD, "food", "食品饮水", "supplies")                                                        \
    X(BABY, "baby", "母婴", "supplies")                                                            \
    X(DAILY, "daily", "日用品", "supplies")                                                        \
    X(GOODS, "goods", "闲置物品", "supplies")                                                      \
    X(MEDICINE, "medicine", "药品", "health")                                                      \
    X(DEVICE, "device", "医疗器械", "health")                                                      \
    X(ESCORT, "escort", "陪诊送医", "health")                                                      \
    X(COMFORT, "comfort", "陪伴倾诉", "health")                                                    \
    X(CHILDCARE, "childcare", "看娃接送", "care")                                                  \
    X(ELDERCARE, "eldercare", "照看老人", "care")                                                  \
    X(PETS, "pets", "宠物", "care")                                                                \
    X(ERRAND, "errand", "代买跑腿", "labour")                                                      \
    X(MOVING, "moving", "搬运", "labour")                                                          \
    X(REPAIR, "repair", "维修", "labour")                                                          \
    X(TUTORING, "tutoring", "辅导", "labour")                                                      \
    X(ADVICE, "advice", "咨询帮办", "labour")                                                      \
    X(VOLUNTEER, "volunteer", "志愿活动", "labour")                                                \
    X(TOOLS, "tools", "工具器物", "things")                                                        \
    X(VEHICLE, "vehicle", "用车车位", "things")                                                    \
    X(SPACE, "space", "场地", "things")                                                            \
    X(LOST_FOUND, "lost_found", "失物招领", "things")                                              \
    X(FACILITY, "facility", "公共设施", "property")                                                \
    X(NUISANCE, "nuisance", "环境扰民", "property")                                                \
    X(SAFETY, "safety", "安全", "property")                                                        \
    X(OTHER, "other", "其他", "other")

#define URGENCY_TABLE(X)                                                                           \
    X(LOW, "low", "不急")                                                                          \
    X(NORMAL, "normal", "一般")                                                                    \
    X(URGENT, "urgent", "紧急")                                                                    \
    X(CRITICAL, "critical", "危急")

#define MODE_TABLE(X)                                                                              \
    X(NONE, "", "")                                                                                \
    X(GIVE, "give", "赠送")                                                                        \
    X(LEND, "lend", "借用")                                                                        \
    X(SWAP, "swap", "交换")                                                                        \
    X(PAID, "paid", "有偿")                                                                        \
    X(HELP, "help", "出力")

/* Vulnerability of the beneficiary; a set of bits (1 << FLAG_x). */
#define FLAG_TABLE(X)                                                                              \
    X(ELDER_ALONE, "elder_alone", "独居高龄")                                                      \
    X(INFANT, "infant", "婴幼儿")                                                                  \
    X(PREGNANT, "pregnant", "孕产妇")                                                              \
    X(DISABLED, "disabled", "残障")                                                                \
    X(SEVERE_ILLNESS, "severe_illness", "重病")

enum intent {
#define X(name, code, zh) INTENT_##name,
    INTENT_TABLE(X)
#undef X
        INTENT_N
};
enum category {
#define X(name, code, zh, domain) CATEGORY_##name,
    CATEGORY_TABLE(X)
#undef X
        CATEGORY_N
};
enum urgency {
#define X(name, code, zh) URGENCY_##name,
    URGENCY_TABLE(X)
#undef X
        URGENCY_N
};
enum mode {
#define X(name, code, zh) MODE_##name,
    MODE_TABLE(X)
#undef X
        MODE_N
};
enum flag {
#define X(name, code, zh) FLAG_##name,
    FLAG_TABLE(X)
#undef X
        FLAG_N
};

const char *intent_code(enum intent v);
const char *category_code(enum category v);
const char *category_zh(enum category v);
const char *urgency_code(enum urgency v);
const char *urgency_zh(enum urgency v);
const char *mode_code(enum mode v);
const char *flag_code(enum flag v);
/* False when there is no such code; *v_r is then unchanged. */
bool intent_parse(struct str code, enum intent *v_r);
bool category_parse(struct str code, enum category *v_r);
bool urgency_parse(struct str code, enum urgency *v_r);
bool mode_parse(struct str code, enum mode *v_r);
bool flag_parse(struct str code, enum flag *v_r);

#endif

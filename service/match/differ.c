/* What tells two things of one name apart: their sizes; and what is never matched: money, and what
   may have gone off. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/numeral.h"
#include "match/match.h"

#define SIZES_MAX 8

static const char *begins_with(const char *at, const char *const *words)
{
    for (; *words; words++)
        if (!strncmp(at, *words, strlen(*words)))
            return at + strlen(*words);
    return NULL;
}

/* A number of two or three digits with a sign of size behind it: 140的, 90码, 24寸, 175cm. 26寸以上
   is no one size. */
static bool size_sign(const char *at)
{
    static const char *const signs[] = {"尺码", "码", "的",   "英寸", "寸",
                                        "cm",   "CM", "厘米", "号的", NULL};
    static const char *const around[] = {"以上", "以下", "以内", "往上", "往下", NULL};
    const char *behind = begins_with(at, signs);
    return behind && !begins_with(behind, around);
}

#define LETTERS_FROM 1000
#define STAGES_FROM 2000

/* L码, XL号 at that place: a number of its own; 0: none. */
static int letters_at(const char *at)
{
    static const char *const sizes[] = {"XXL", "XXXL", "XL", "XS", "NB", "S", "M", "L"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t n = strlen(sizes[i]);
        if (!strncasecmp(at, sizes[i], n) &&
            (!strncmp(at + n, "码", strlen("码")) || !strncmp(at + n, "号", strlen("号"))))
            return LETTERS_FROM + (int)i;
    }
    return 0;
}

/* 三段 of formula, 2段; 一段时间 is none. */
static int stage_at(const char *at)
{
    static const char *const others[] = {"时间", "路", "话", "距离", "日子"};
    const char *behind;
    int n = numeral_at(at, &behind);
    if (n < 1 || n > 4 || strncmp(behind, "段", strlen("段")) != 0)
        return 0;
    behind += strlen("段");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!strncmp(behind, others[i], strlen(others[i])))
            return 0;
    return STAGES_FROM + n;
}

static int sizes_in(const char *text, int out[SIZES_MAX])
{
    int n = 0;
    bool stages = strstr(text, "段"); /* hardly ever, and every candidate's text is read */
    for (const char *at = text; *at && n < SIZES_MAX;) {
        int other = isalpha((unsigned char)*at) ? letters_at(at) : stages ? stage_at(at) : 0;
        bool begins = at == text || !isalnum((unsigned char)at[-1]);
        if (other && begins)
            out[n++] = other;
        int value = 0, digits = 0;
        while (isdigit((unsigned char)*at)) {
            value = value * 10 + (*at++ - '0');
            if (++digits > 6)
                value = 0;
        }
        if (digits >= 2 && digits <= 3 && size_sign(at))
            out[n++] = value;
        if (!digits)
            at++;
    }
    return n;
}

bool match_sizes_differ(const char *a, const char *b)
{
    int x[SIZES_MAX], y[SIZES_MAX];
    int n = sizes_in(a, x), m = n ? sizes_in(b, y) : 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m; k++)
            if (x[i] == y[k])
                return false;
    return m > 0;
}

/* Behind one figure of a number, written either way; NULL: there is none. */
static const char *figure(const char *p)
{
    static const char *const written[] = {"一", "二", "两", "三", "四", "五", "六", "七",
                                          "八", "九", "十", "几", "百", "千", "万"};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (!strncmp(p, written[i], strlen(written[i])))
            return p + strlen(written[i]);
    return isdigit((unsigned char)*p) ? p + 1 : NULL;
}

/* 借 with a sum of money behind it: 500元, 五百块. */
static bool is_sum(const char *p)
{
    static const char *const units[] = {"块钱", "元", "千块", "百块", "万块"};
    while ((p = figure(p)))
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            if (!strncmp(p, units[i], strlen(units[i])))
                return true;
    return false;
}

bool match_is_money(const char *text)
{
    static const char *const words[] = {
        "借钱",   "借点钱",   "借些钱",   "借我钱",        "周转",     "放贷",
        "贷款",   "垫付点钱", "借我点钱", "借我几百",      "借我几千", "借几百",
        "借几千", "借一千",   "借五百",   "lend me money", "a loan"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]))
            return true;
    for (const char *at = text; (at = strstr(at, "借"));) {
        at += strlen("借");
        if (is_sum(strncmp(at, "我", strlen("我")) ? at : at + strlen("我")))
            return true;
    }
    return false;
}

/* Nobody is to find out by trying: 不晓得过期没有 is as good as 过期. */
bool match_is_stale(const char *text)
{
    static const char *const fresh[] = {"没", "没有", "未", "不", "不会"};
    for (const char *at = text; (at = strstr(at, "过期")); at += strlen("过期")) {
        bool denied = false;
        for (size_t i = 0; i < sizeof fresh / sizeof *fresh; i++) {
            size_t n = strlen(fresh[i]);
            denied |= (size_t)(at - text) >= n && !memcmp(at - n, fresh[i], n);
        }
        if (!denied)
            return true;
    }
    return strstr(text, "expired") && !strstr(text, "not expired") && !strstr(text, "n't expired");
}

static bool has_any(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strstr(text, *words))
            return true;
    return false;
}

/* A capsule cannot be halved, and what an adult takes is no dose for a child. */
static bool is_for_adults(const char *text)
{
    static const char *const words[] = {"胶囊",   "大人吃", "大人的", "大人用", "成人",
                                        "掰一半", "掰半",   "adult",  NULL};
    return has_any(text, words);
}

static bool is_for_child(const char *text)
{
    static const char *const words[] = {"孩子",    "小孩",   "娃",     "宝宝",     "宝贝", "婴儿",
                                        "儿童",    "儿子",   "女儿",   "月龄",     "美林", "baby",
                                        "toddler", "infant", "my son", "daughter", NULL};
    static const char *const elders[] = {"老人", "我爸", "我妈", "爸爸", "妈妈发", "奶奶", "爷爷",
                                         "外婆", "外公", "婆婆", "公公", "老伴",   NULL};
    return has_any(text, words) && !has_any(text, elders);
}

static int brand_of_formula(const char *text)
{
    static const char *const brands[] = {"爱他美",  "飞鹤",    "美素",     "惠氏",   "雅培",
                                         "美赞臣",  "合生元",  "君乐宝",   "金领冠", "贝因美",
                                         "启赋",    "诺优能",  "佳贝艾特", "蔼儿舒", "纽康特",
                                         "Aptamil", "Enfamil", "Similac"};
    for (size_t i = 0; i < sizeof brands / sizeof *brands; i++)
        if (strstr(text, brands[i]))
            return (int)i + 1;
    return 0;
}

bool match_harms_child(const char *asked, const char *had)
{
    int wanted = brand_of_formula(asked), other = wanted ? brand_of_formula(had) : 0;
    return (other && other != wanted) ||
           (is_for_adults(had) && is_for_child(asked) && !is_for_child(had));
}

/* By what name people call each other. Who is `6-2方姐` in the chat is 方姐 to her neighbours, 苗青
   is 苗姐, and 江边垂钓 is 江边叔. */
#include "core_priv.h"

#include <string.h>

#define HAN 3       /* bytes of a character */
#define CORE_MOST 4 /* characters of a name; a longer one is a saying */

static bool is_han(const char *p)
{
    unsigned char b = (unsigned char)p[0];
    return b >= 0xE4 && b <= 0xE9 && p[1] && p[2];
}

/* 栋, 单元 and the like belong to the room that stands before a name: their bytes, or 0. */
static size_t house_word(const char *p)
{
    static const char *const words[] = {"栋", "幢", "号", "楼", "单元", "室", "座"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncmp(p, words[i], strlen(words[i])))
            return strlen(words[i]);
    return 0;
}

/* The first run of characters that is no part of a room: its bytes, 0 where there is none. */
static size_t core_of(const char *name, const char **from)
{
    size_t n = 0;
    const char *p = name;
    while (*p && (!is_han(p) || (p > name && house_word(p))))
        p += is_han(p) ? house_word(p) : 1;
    *from = p;
    while (is_han(p + n))
        n += HAN;
    return n;
}

/* Does a word begin there? 施工队 calls no 施工; 谢谢李师傅 calls 李师傅. */
static bool begins_word(const char *text, const char *at)
{
    static const char *const before[] = {"谢", "找", "问", "叫", "跟", "和", "给", "请",
                                         "让", "等", "托", "是", "有", "对", "到", "个"};
    if (at - text < HAN || !is_han(at - HAN))
        return true;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (!strncmp(at - HAN, before[i], HAN))
            return true;
    return false;
}

static bool has_title(const char *p)
{
    static const char *const titles[] = {"姐",   "哥", "叔",   "姨",   "伯",   "爷", "奶",
                                         "婆",   "妈", "爸",   "嫂",   "妹",   "弟", "老师",
                                         "师傅", "工", "医生", "经理", "阿姨", "总"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (!strncmp(p, titles[i], strlen(titles[i])))
            return true;
    return false;
}

/* The first `n` bytes of a name with a title behind them; a surname alone begins a word, 施工队 is
   no 施工. */
static bool titled(const char *text, const char *name, size_t n)
{
    char head[2 * HAN + 1];
    memcpy(head, name, n);
    head[n] = 0;
    for (const char *at = text; (at = strstr(at, head)); at += n)
        if (has_title(at + n) && (n > HAN || begins_word(text, at)))
            return true;
    return false;
}

/* A nickname that is everybody's word calls nobody: 可以借给邻居用. */
static bool is_everybody(const char *core)
{
    static const char *const words[] = {"邻居", "邻里", "大家", "业主", "居民", "住户", "租客",
                                        "物业", "家人", "朋友", "孩子", "妈妈", "宝宝"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(core, words[i]))
            return true;
    return false;
}

static bool says_core(const char *text, const char *name, size_t n)
{
    char core[CORE_MOST * HAN + 1];
    if (n < 2 * HAN || n > CORE_MOST * HAN)
        return false;
    memcpy(core, name, n);
    core[n] = 0;
    return !is_everybody(core) && strstr(text, core);
}

bool called_by_name(const struct said *s, const char *sender_name, const struct party *p)
{
    const char *core, *text = s->m->text;
    size_t n = core_of(sender_name ? sender_name : "", &core);
    if (says_core(text, core, n) || (n >= 2 * HAN && titled(text, core, 2 * HAN)))
        return true;
    return p && p->kind == PARTY_RESIDENT && p->name && is_han(p->name) &&
           titled(text, p->name, HAN);
}

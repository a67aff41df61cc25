#include "place_priv.h"

#include "scan_priv.h"

static const struct {
    const char *word;
    enum place_relation relation;
} near_words[] = {
    {"楼上楼下", PLACE_RELATION_HERE},
    {"楼上", PLACE_RELATION_UPSTAIRS},
    {"upstairs", PLACE_RELATION_UPSTAIRS},
    {"楼下", PLACE_RELATION_DOWNSTAIRS},
    {"downstairs", PLACE_RELATION_DOWNSTAIRS},
    {"隔壁", PLACE_RELATION_NEXT_DOOR},
    {"对门", PLACE_RELATION_NEXT_DOOR},
    {"对面邻居", PLACE_RELATION_NEXT_DOOR},
    {"对面住户", PLACE_RELATION_NEXT_DOOR},
    {"next door", PLACE_RELATION_NEXT_DOOR},
    {"隔壁单元", PLACE_RELATION_NEXT_ENTRANCE},
    {"旁边单元", PLACE_RELATION_NEXT_ENTRANCE},
    {"对面单元", PLACE_RELATION_NEXT_ENTRANCE},
    {"旁边那个单元", PLACE_RELATION_NEXT_ENTRANCE},
    {"隔壁那个单元", PLACE_RELATION_NEXT_ENTRANCE},
    {"隔壁楼", PLACE_RELATION_NEXT_BUILDING},
    {"隔壁栋", PLACE_RELATION_NEXT_BUILDING},
    {"隔壁幢", PLACE_RELATION_NEXT_BUILDING},
    {"隔壁那栋", PLACE_RELATION_NEXT_BUILDING},
    {"隔壁一栋", PLACE_RELATION_NEXT_BUILDING},
    {"旁边楼", PLACE_RELATION_NEXT_BUILDING},
    {"旁边那栋", PLACE_RELATION_NEXT_BUILDING},
    {"旁边那幢", PLACE_RELATION_NEXT_BUILDING},
    {"对面楼", PLACE_RELATION_NEXT_BUILDING},
    {"对面栋", PLACE_RELATION_NEXT_BUILDING},
    {"对面那栋", PLACE_RELATION_NEXT_BUILDING},
    {"对面那幢", PLACE_RELATION_NEXT_BUILDING},
    {"对面那座楼", PLACE_RELATION_NEXT_BUILDING},
    {"前面那栋", PLACE_RELATION_NEXT_BUILDING},
    {"后面那栋", PLACE_RELATION_NEXT_BUILDING},
    {"前面楼", PLACE_RELATION_NEXT_BUILDING},
    {"后面楼", PLACE_RELATION_NEXT_BUILDING},
    {"building next door", PLACE_RELATION_NEXT_BUILDING},
    {"next building", PLACE_RELATION_NEXT_BUILDING},
    {"opposite building", PLACE_RELATION_NEXT_BUILDING},
    {"building opposite", PLACE_RELATION_NEXT_BUILDING},
    {"本楼", PLACE_RELATION_HERE},
    {"本栋", PLACE_RELATION_HERE},
    {"本幢", PLACE_RELATION_HERE},
    {"本单元", PLACE_RELATION_HERE},
    {"我们楼", PLACE_RELATION_HERE},
    {"我们栋", PLACE_RELATION_HERE},
    {"我们这栋", PLACE_RELATION_HERE},
    {"我们这幢", PLACE_RELATION_HERE},
    {"我们这楼", PLACE_RELATION_HERE},
    {"我们单元", PLACE_RELATION_HERE},
    {"我们这单元", PLACE_RELATION_HERE},
    {"我们这个单元", PLACE_RELATION_HERE},
    {"咱楼", PLACE_RELATION_HERE},
    {"咱栋", PLACE_RELATION_HERE},
    {"咱这栋", PLACE_RELATION_HERE},
    {"咱单元", PLACE_RELATION_HERE},
    {"咱们楼", PLACE_RELATION_HERE},
    {"咱们栋", PLACE_RELATION_HERE},
    {"咱们这栋", PLACE_RELATION_HERE},
    {"咱们单元", PLACE_RELATION_HERE},
    {"俺们楼", PLACE_RELATION_HERE},
    {"我哋栋", PLACE_RELATION_HERE},
    {"这栋楼", PLACE_RELATION_HERE},
    {"这幢楼", PLACE_RELATION_HERE},
    {"这栋", PLACE_RELATION_HERE},
    {"这幢", PLACE_RELATION_HERE},
    {"这个单元", PLACE_RELATION_HERE},
    {"整栋楼", PLACE_RELATION_HERE},
    {"整栋", PLACE_RELATION_HERE},
    {"整幢", PLACE_RELATION_HERE},
    {"整个单元", PLACE_RELATION_HERE},
    {"同一栋", PLACE_RELATION_HERE},
    {"同一幢", PLACE_RELATION_HERE},
    {"同一单元", PLACE_RELATION_HERE},
    {"同一个单元", PLACE_RELATION_HERE},
    {"同栋", PLACE_RELATION_HERE},
    {"同楼", PLACE_RELATION_HERE},
    {"同单元", PLACE_RELATION_HERE},
    {"my building", PLACE_RELATION_HERE},
    {"our building", PLACE_RELATION_HERE},
    {"this building", PLACE_RELATION_HERE},
};

/* In a group 楼上 and 楼下 are the writers of the messages above and below, too: what they say,
   what is thought of it; and 隔壁 is another group or a joke. */
static struct scan_words writers_behind = {
    .list = {"同意", "同", "回复", "回", "跟", "和", "像", "学",   "支持", "赞同", "赞",   "爬",
             "歪",   "看", "顶",   "@",  "高", "酒", "茶", "谢谢", "感谢", "听",   "信",   "附议",
             "如",   "按", "照",   "问", "见", "教", "阁", "门",   "鼓",   "城",   "写字", NULL}};
static struct scan_words writers_ahead = {
    .list = {"说",     "讲",     "正解",   "的话",     "的说",   "+",    "继续",   "的继续",
             "两位",   "几位",   "各位",   "那位",     "老师",   "大佬", "的大哥", "的大佬",
             "大哥",   "大姐",   "的大姐", "的你",     "的兄弟", "兄弟", "的姐妹", "姐妹",
             "的朋友", "的那位", "的几位", "一样",     "的观点", "的问", "问",     "答",
             "发的",   "贴",     "的意思", "有道理",   "威武",   "厉害", "好人",   "真相",
             "的是",   "是对",   "对",     "哈",       "你",     "请",   "回答",   "别",
             "所言",   "同学",   "的同学", "的邻居说", "老王",   "小区", "群",     "村",
             "班",     "桌",     "校",     "学校",     "公司",   "老樊", "市",     "县",
             "省",     "镇",     "国",     "宿舍",     NULL}};
/* Neighbours and what they do to each other: no writer is meant, whatever stands before. */
static struct scan_words neighbours_ahead = {
    .list = {"邻居", "的邻居", "住户", "的住户", "业主", "的业主", "那户", "那家", "这家", "人家",
             "漏",   "装修",   "吵",   "敲",     "施工", "阿姨",   "大爷", "老人", "奶奶", NULL}};

bool place_near_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i, n, best = 0, from = *at;
    struct scan_head head = scan_head(s, from);

    for (i = 0; i < sizeof near_words / sizeof *near_words; i++)
        if (n = from, scan_may_be(head, near_words[i].word) &&
                          scan_word(s, &n, near_words[i].word) && n > best &&
                          !(scan_is_letter(s, from) && scan_is_letter(s, n))) {
            best = n;
            m->place.relation = near_words[i].relation;
        }
    if (best == 0 || (scan_peek(s, from, "同楼") && scan_peek(s, best, "上")))
        return false;
    if (!scan_peek_any(s, best, &neighbours_ahead) && m->place.relation != PLACE_RELATION_HERE &&
        (scan_behind(s, from, &writers_behind) || scan_peek_any(s, best, &writers_ahead)))
        return false;
    *at = best;
    return true;
}

/* --- the estate ---------------------------------------------------------------------------------
 */

/* What an estate's name ends in, right before a building; and where it is a name without one. */
static struct scan_words tails = {.list = {"小区", "花园", "苑",   "府",   "家园", "公寓", "公馆",
                                           "大厦", "广场", "新村", "名都", "社区", "庭",   "湾",
                                           "院",   "居",   "城",   "里",   "园",   "郡",   "邸",
                                           "坊",   "宿舍", "佳苑", NULL}};
static struct scan_words tails_alone = {
    .list = {"小区", "花园", "家园", "苑", "新村", "公馆", NULL}};
static struct scan_words not_tails = {.list = {"独居", "邻居", "群居", "新居", "这里", "那里",
                                               "家里", "哪里", "店里", "医院", "学院", "法院",
                                               "全城", "同城", NULL}};
/* Words that stand before a name, and the parts of an address that do. */
static struct scan_words heads = {
    .list = {"我在", "我是", "住在", "我住", "在", "住",   "到", "去", "来", "的", "是", "我们",
             "求助", "帮忙", "送到", "地址", "放", "位于", "区", "市", "县", "镇", "乡", "路",
             "街",   "街道", "道",   "号",   "村", "从",   "回", "给", "找", NULL}};
/* What makes of 小区 any estate, not one by its name. */
static struct scan_words unnamed = {
    .list = {"们", "咱", "这", "那", "哪", "本", "全", "整", "进", "出", "个", "隔", "壁", "老",
             "旧", "每", "某", "别", "其", "他", "该", "各", "大", "少", "多", "有", "幼", "儿",
             "后", "边", "于", "我", "你", "见", "上", "下", "学", "和", "与", NULL}};

/* The tail that ends at `end`, in bytes; 0: none. */
static size_t tail_bytes(struct str s, size_t end, struct scan_words *words)
{
    const char *const *list = words->list;
    size_t best = 0;

    for (; *list; list++) {
        size_t n = strlen(*list);

        if (n > best && n <= end && memcmp(s.p + end - n, *list, n) == 0)
            best = n;
    }
    return best;
}

/* The start of the name that ends with a tail at `end`: Han, at most six before it, down to a head.
 */
static size_t name_start(struct str s, size_t floor, size_t end, size_t tail)
{
    size_t from = end - tail, chars = 0;

    while (from > floor && chars++ < 6) {
        size_t before = scan_before(s, from);

        if ((unsigned char)s.p[before] < 0xE4 || (unsigned char)s.p[before] > 0xE9 ||
            ((from < end - tail || tail >= 6) && scan_behind(s, from, &heads)))
            break;
        from = before;
    }
    return from;
}

/* 紫薇花园3期8号楼: the phase may stand between. */
static size_t without_phase(struct str s, size_t floor, size_t end)
{
    size_t i = end;

    if (end < floor + 4 || !scan_peek(s, end - 3, "期"))
        return end;
    i = scan_before(s, end - 3);
    return scan_class(s, i) & SCAN_NUMBER ? i : end;
}

static void set_estate(struct place_match *m, struct str s, size_t from, size_t end)
{
    str_copy(m->place.estate, sizeof m->place.estate, (struct str){s.p + from, end - from});
    m->from = from;
    m->parts++;
}

void place_take_estate(struct str s, size_t floor, struct place_match *m)
{
    size_t end = m->from, tail, from;

    while (end > floor && s.p[end - 1] == ' ')
        end--;
    end = without_phase(s, floor, end);
    tail = tail_bytes(s, end, &tails);
    if (tail == 0 || end < floor + tail || scan_behind(s, end, &not_tails))
        return;
    from = name_start(s, floor, end, tail);
    if (end - from >= 6 && end - from > tail)
        set_estate(m, s, from, end);
}

bool place_estate_at(struct str s, size_t *at, size_t floor, struct place_match *m)
{
    size_t end = *at, from, i;
    int k = scan_any(s, &end, &tails_alone);

    if (k < 0)
        return false;
    from = name_start(s, floor, end, end - *at);
    if (*at < from + 6 || *at > from + 12)
        return false;
    for (i = from; i < *at; i += 3)
        if (scan_peek_any(s, i, &unnamed))
            return false;
    *m = (struct place_match){.from = from};
    set_estate(m, s, from, end);
    *at = end;
    return true;
}

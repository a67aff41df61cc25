#include "amount_priv.h"

#include "scan_priv.h"

/* Measure words; the unit as it is given out. */
static const struct {
    const char *word, *unit;
} measures[] = {
    {"袋", "袋"},      {"斤", "斤"},      {"公斤", "公斤"}, {"千克", "公斤"}, {"kg", "公斤"},
    {"克", "克"},      {"g", "克"},       {"吨", "吨"},     {"个", "个"},     {"只", "只"},
    {"条", "条"},      {"张", "张"},      {"把", "把"},     {"瓶", "瓶"},     {"盒", "盒"},
    {"箱", "箱"},      {"包", "包"},      {"件", "件"},     {"桶", "桶"},     {"台", "台"},
    {"本", "本"},      {"双", "双"},      {"套", "套"},     {"块", "块"},     {"片", "片"},
    {"罐", "罐"},      {"支", "支"},      {"枝", "支"},     {"颗", "颗"},     {"粒", "粒"},
    {"份", "份"},      {"位", "位"},      {"名", "名"},     {"人", "人"},     {"升", "升"},
    {"l", "升"},       {"毫升", "毫升"},  {"ml", "毫升"},   {"米", "米"},     {"辆", "辆"},
    {"间", "间"},      {"床", "床"},      {"卷", "卷"},     {"提", "提"},     {"捆", "捆"},
    {"串", "串"},      {"棵", "棵"},      {"朵", "朵"},     {"副", "副"},     {"对", "对"},
    {"根", "根"},      {"束", "束"},      {"壶", "壶"},     {"碗", "碗"},     {"杯", "杯"},
    {"顶", "顶"},      {"盆", "盆"},      {"筐", "筐"},     {"篮", "篮"},     {"板", "板"},
    {"听", "听"},      {"扎", "扎"},      {"沓", "沓"},     {"部", "部"},     {"架", "架"},
    {"盏", "盏"},      {"艘", "艘"},      {"封", "封"},     {"株", "株"},     {"盘", "盘"},
    {"兜", "兜"},      {"坨", "坨"},      {"bags", "袋"},   {"bag", "袋"},    {"boxes", "箱"},
    {"box", "箱"},     {"bottles", "瓶"}, {"bottle", "瓶"}, {"packs", "包"},  {"pack", "包"},
    {"packets", "包"}, {"packet", "包"},  {"cans", "罐"},   {"can", "罐"},    {"pairs", "双"},
    {"pair", "双"},    {"pieces", "个"},  {"sets", "套"},   {"set", "套"},    {"jin", "斤"},
    {"cartons", "箱"}, {"carton", "箱"},  {"rolls", "卷"},  {"people", "人"}, {"kilos", "公斤"},
    {"litres", "升"},  {"liters", "升"},  {"loaves", "条"}, {"cups", "杯"},   {"tins", "罐"},
    {"tickets", "张"}, {"ticket", "张"},  {"节", "节"},     {"kgs", "公斤"},  {"kilo", "公斤"},
    {"幅", "幅"},
};

/* What looks like a measure word and is none. */
static struct scan_words not_measures = {
    .list = {"个小时", "个钟",     "个月",   "个星期", "个礼拜", "个多月", "个多小时", "个多星期",
             "个劲",   "个半小时", "个半月", "个半钟", "人间",   "条路",   "条街",     "块钱",
             "块/",    "块去",     "块儿",   "块玩",   "块走",   "块吃",   "块来",     "本正经",
             "本子",   "把年纪",   "套房",   "只要",   "只有",   "只能",   "只是",     "张嘴",
             "对一",   "位于",     "位数字", "口气",   "米高",   "米长",   "米宽",     "米以",
             "米的",   "米跑",     "米外",   "米远",   "米多",   "块左右", "块包邮",   "名称",
             "对话",   "对面",     "对夫妻", "对情侣", "间接",   "床上",   "部分",     "部队",
             "部门",   "提供",     "提前",   "条龙",   "条心",   "条线",   "把手",     "个点",
             "块出",   "块收",     "块不",   "包间",   "包厢",   "件事",   "件小事",   "节课",
             "间房",   "间屋",     "名额",   "辆车打", "张脸",   "套路",   "份子",     "支持",
             "人次",   "人份",     "g内存",  "g信号",  "g手机",  "g流量",  "g网",      "g卡",
             "g硬盘",  "g显存",    "g存储",  NULL}};

static struct scan_words numbers = {
    .list = {"a dozen", "half a dozen", "dozen",  "half a", "a",           "an",        "one",
             "two",     "three",        "four",   "five",   "six",         "seven",     "eight",
             "nine",    "ten",          "twelve", "twenty", "a couple of", "couple of", NULL}};
static const double number_values[] = {12, 6, 12, 0.5, 1, 1,  1,  2,  3, 4,
                                       5,  6, 7,  8,   9, 10, 12, 20, 2, 2};

static int measure_at(struct str s, size_t *at)
{
    size_t i, n, best = 0;
    int found = -1;
    struct scan_head head = scan_head(s, *at);

    if (*at >= s.n || !(scan_class(s, *at) & SCAN_MEASURE))
        return -1;
    for (i = 0; i < sizeof measures / sizeof *measures; i++) {
        n = *at;
        if (!scan_may_be(head, measures[i].word) || !scan_word(s, &n, measures[i].word))
            continue;
        n -= *at;
        if (n > best && !(scan_is_letter(s, *at) && scan_is_letter(s, *at + n))) {
            best = n;
            found = (int)i;
        }
    }
    if (best == 0 || scan_peek_any(s, *at, &not_measures))
        return -1;
    *at += best;
    return found;
}

/* 四分之一: behind the lower number. */
static bool fraction_at(struct str s, size_t *at, long parts, double *v_r)
{
    size_t i = *at;
    long v;

    if (parts < 1 || !scan_lit(s, &i, "分之") || !scan_integer(s, &i, &v))
        return false;
    *v_r = (double)v / (double)parts;
    *at = i;
    return true;
}

/* 3, 2.5, 两, 十来, 20多, 半, 一两, 两三, 四分之一 */
static bool number_at(struct str s, size_t *at, double *v_r)
{
    static struct scan_words roughly = {.list = {"来", "多", "几", NULL}};
    static struct scan_words ranges = {.list = {"~", "-", "—", "到", "至", NULL}};
    size_t i = *at, next;
    long v, f;
    int d;

    if (scan_lit(s, &i, "半")) {
        *v_r = 0.5;
        *at = i;
        return true;
    }
    next = i; /* 两三个: the first of the two */
    d = scan_numeral(s, &next);
    if (d > 0 && (v = scan_numeral(s, &next)) == d + 1) {
        size_t word = next;

        if (measure_at(s, &word) >= 0) {
            *v_r = d;
            *at = next;
            return true;
        }
    }
    if (!scan_integer(s, &i, &v))
        return false;
    *v_r = (double)v;
    if (fraction_at(s, &i, v, v_r)) {
        *at = i;
        return true;
    }
    next = i;
    if (scan_lit(s, &next, ".") && scan_is_digit(s, next)) {
        double scale = 1;
        size_t start = next;

        if (scan_digits(s, &next, &f)) {
            for (; start < next; start++)
                scale *= 10;
            *v_r += (double)f / scale;
            i = next;
        }
    }
    scan_any(s, &i, &roughly);
    next = i; /* 3~4瓶: the first of the two, again */
    if (scan_any(s, &next, &ranges) >= 0 && scan_integer(s, &next, &v)) {
        size_t word = next;

        i = measure_at(s, &word) >= 0 ? next : i;
    }
    *at = i;
    return true;
}

static bool take(struct amount_match *m, size_t from, size_t to, double quantity, const char *unit)
{
    m->from = from;
    m->to = to;
    m->quantity = quantity;
    str_copy(m->unit, sizeof m->unit, str_of(unit));
    return true;
}

static struct scan_words dozens = {.list = {"dozen", NULL}};

/* a dozen eggs, two dozen, two bags of rice; two umbrellas is `bare`: it counts only where a thing
 * follows. */
static bool latin_amount_at(struct str s, size_t *at, struct amount_match *m)
{
    size_t i = *at, word;
    int k = scan_any(s, &i, &numbers), unit;
    bool dozen = k >= 0 && k < 3, article = k >= 3 && k < 6;

    if (k < 0)
        return false;
    word = i;
    scan_blanks(s, &i);
    if (!dozen && !article && scan_any(s, &i, &dozens) >= 0) {
        take(m, *at, i, number_values[k] * 12, "个");
        *at = i;
        return true;
    }
    unit = measure_at(s, &i);
    if (article && (unit < 0 || !scan_peek(s, i, " of ")))
        return false;
    m->bare = unit < 0 && !dozen;
    if (unit < 0)
        i = word;
    take(m, *at, i, number_values[k], unit < 0 ? "个" : measures[unit].unit);
    *at = i;
    return true;
}

static bool dozen_at(struct str s, size_t *at, double v, struct amount_match *m)
{
    static struct scan_words not_dozens = {.list = {"打算", "打电话", "打开", "打扰", "打车",
                                                    "打架", "打包", "打折", "打听", "打印", "打扫",
                                                    "打气", NULL}};
    static struct scan_words not_halves = {.list = {"半价", "半天", "半年", "半卖", NULL}};
    size_t i = *at;

    if (scan_any(s, &i, &dozens) < 0 &&
        (!scan_lit(s, &i, "打") || scan_peek_any(s, *at, &not_dozens)))
        return false;
    if (!scan_peek_any(s, i, &not_halves) && scan_lit(s, &i, "半")) /* 一打半 */
        v += 0.5;
    *at = i;
    return take(m, m->from, i, v * 12, "个");
}

/* --- what is counted, but not asked for or offered ----------------------------------------------
 */

/* Done with a thing or to it: 打两个孔, 吃了三个, 换两个灯泡. */
static const char uses[] = "打钻换敲修改焊给称拧剪炖贴印补缝喝吃跑走花等点说吵看读搬切刷洗抬挪爬骑"
                           "考涨降找聊睡养拍钉撞炸开关坏"
                           "第共罚扣过做装烧熬晒挂每天次满高长宽约前重瘦胖轻才生足";
static const char done[] = "了过完掉";
static struct scan_words each = {.list = {"每户", "每人", "每家", NULL}};
static struct scan_words bought = {.list = {"买了", "点了", "用了", NULL}};
static struct scan_words bought_more = {.list = {"多买了", "买多了", NULL}};
static struct scan_words prices = {
    .list = {"元", "块", "毛", "钱", "角", "块五", "块八", "块二", NULL}};

/* Persons are asked for only where they are sought, or where their work is named. */
static struct scan_words persons = {.list = {"位", "名", "人", NULL}};
static struct scan_words sought = {
    .list = {"需要", "需",   "招募", "招",     "差",     "缺",     "求",   "要",
             "来",   "还有", "剩",   "可住",   "可坐",   "能坐",   "能住", "寻",
             "聘",   "募",   "限",   "志愿者", "师傅",   "老师",   "人手", "义工",
             "需求", ":",    "找",   "出",     "有没有", "有没得", NULL}};
static struct scan_words workers = {.list = {"志愿", "师傅", "老师", "家教", "医生", "护士", "义工",
                                             "司机", "救援", "壮劳", "电工", "水电", "男生", "小伙",
                                             "帮手", "队员", "保洁", "保姆", "月嫂", "陪诊", "数学",
                                             "英语", "会",   "懂",   NULL}};
/* What those are called who lend a hand. */
static struct scan_words hands = {.list = {"力气", "有力", "劲", "壮", "大力", "大汉", "小伙",
                                           "年轻", "青年", "汉子", "男", "劳力", "帮手", "人帮",
                                           "人搭", "人抬", "人手", NULL}};
/* Counted nouns that nobody hands over. */
static struct scan_words not_things = {
    .list = {"老人", "孩子", "小孩", "娃",     "宝宝", "病人", "大人", "小朋友", "儿子", "女儿",
             "问题", "建议", "要求", "意见",   "办法", "方法", "支持", "孔",     "洞",   "小时",
             "朋友", "同事", "邻居", "业主",   "住户", "家庭", "单元", "小区",   "地方", "方面",
             "方案", "路口", "站",   "晚上",   "上午", "下午", "白天", "道理",   "例子", "原因",
             "愿意", "放心", "乐意", "夫妻",   "兄弟", "姐妹", "手指", "群",     "学期", "标准",
             "教训", "电话", "消息", "信息",   "视频", "想法", "观点", "楼层",   "出口", "入口",
             "字",   "事",   "月",   "工作日", NULL}};
static struct scan_words latin_persons = {
    .list = {"kids", "children", "people in", "adults", NULL}};

/* 64g, 8g: memory; 5g: a network. */
static bool is_memory(struct str s, size_t to, double v)
{
    long n = (long)v;

    return to > 1 && s.p[to - 1] == 'g' && scan_is_digit(s, to - 2) && n < 1024 &&
           (n == 5 || (n & (n - 1)) == 0);
}

/* 找了三个 are past, and 找两个力气大的 are not. */
static bool is_looked_for(struct str s, const struct amount_match *m)
{
    static struct scan_words looks = {.list = {"找", NULL}};

    return scan_behind(s, m->from, &looks) && scan_peek_any(s, m->to, &hands);
}

static bool is_used_up(struct str s, size_t from)
{
    size_t before = from;

    if (scan_behind(s, from, &bought))
        return !scan_behind(s, from, &bought_more);
    if (scan_behind_han(s, before, done))
        before -= 3;
    return scan_behind_han(s, before, uses);
}

static bool is_sought(struct str s, const struct amount_match *m)
{
    size_t from = m->from;

    while (from > 0 && s.p[from - 1] == ' ')
        from--;
    return scan_behind(s, from, &sought) || scan_peek_any(s, m->to, &workers);
}

/* 三四个人抬沙发 at the head of what is said: so many are wanted, if anything is; but 两个人抬不动.
 */
static bool lends_hands(struct str s, const struct amount_match *m)
{
    static struct scan_words lends = {.list = {"帮忙", "来帮忙", "帮", "来帮", "搭把手", "搭手",
                                               "抬", "来抬", "搬", "来搬", NULL}};
    static struct scan_words others = {.list = {"不", "了", "着", "过", "完", "得", NULL}};
    size_t to = m->to;

    if ((m->from > 0 && (unsigned char)s.p[m->from - 1] >= 0x80) || m->quantity < 2 ||
        is_sought(s, m))
        return false;
    scan_lit(s, &to, "人");
    return to > 3 && scan_peek_any(s, scan_before(s, to), &persons) &&
           scan_any(s, &to, &lends) >= 0 && !scan_peek_any(s, to, &others);
}

static bool is_other_count(struct str s, const struct amount_match *m)
{
    size_t to = m->to, unit = scan_before(s, m->to);
    long ignored;

    if (is_memory(s, to, m->quantity) || scan_peek(s, to, "装"))
        return true;
    if (!scan_is_digit(s, m->from) && scan_behind(s, m->from, &prices))
        return true; /* 三块五一斤, 20元一份 */
    if (strcmp(m->unit, "块") == 0 || strcmp(m->unit, "米") == 0) {
        size_t next = to;

        if (scan_numeral(s, &next) >= 0)
            return true; /* 三块五, 一米六 */
    }
    if (scan_peek_any(s, unit, &persons) || scan_peek(s, to, "人"))
        return !is_sought(s, m) && !m->lends_hands;
    if (scan_peek_any(s, to, &not_things))
        return true;
    scan_blanks(s, &to);
    return scan_peek_any(s, to, &latin_persons) || (m->bare && scan_integer(s, &to, &ignored));
}

/* --- amounts ------------------------------------------------------------------------------------
 */

/* 一斤二两, 两袋半 */
static double rest_at(struct str s, size_t *at, const char *unit)
{
    size_t i = *at;
    int d;

    if (scan_lit(s, &i, "半") && !scan_peek(s, i, "天")) {
        *at = i;
        return 0.5;
    }
    i = *at;
    if (strcmp(unit, "斤") == 0 && (d = scan_numeral(s, &i)) > 0 && scan_lit(s, &i, "两")) {
        *at = i;
        return d / 10.0;
    }
    return 0;
}

/* The number is read at *at already; the unit, and what makes it no number of things. */
static bool measured_at(struct str s, size_t *at, double v, struct amount_match *m)
{
    static struct scan_words sizes = {.list = {"克", "毫升", "升", "米", NULL}};
    static struct scan_words goods = {.list = {"斤", "公斤", "袋", "箱", "桶", "瓶", "罐", "包",
                                               "盒", "提", "壶", "吨", "卷", NULL}};
    static struct scan_words pairs = {.list = {"大", "小", NULL}};
    size_t i = *at, word;
    int k;

    scan_blanks(s, &i);
    scan_any(s, &i, &pairs);
    if (dozen_at(s, &i, v, m)) {
        *at = i;
        return true;
    }
    word = i;
    k = measure_at(s, &i);
    if (k < 0 && word > *at && scan_is_letter(s, word)) { /* 4 chairs */
        m->bare = true;
        return take(m, m->from, *at, v, "个");
    }
    if (k < 0)
        return false;
    v += rest_at(s, &i, measures[k].unit);
    m->plain = v == 1 && scan_peek(s, m->from, "一") &&
               (scan_peek(s, word, "个") || scan_peek(s, word, "人"));
    m->plain = m->plain || scan_peek(s, word, "块"); /* money, as often as not */
    m->is_size = scan_peek_any(str_of(measures[k].unit), 0, &sizes);
    m->is_goods = scan_peek_any(str_of(measures[k].unit), 0, &goods);
    take(m, m->from, i, v, measures[k].unit);
    *at = i;
    return true;
}

static bool amount_at(struct str s, size_t *at, struct amount_match *m)
{
    size_t i = *at;
    double v;

    m->from = *at;
    if (scan_lit(s, &i, "俩") || scan_lit(s, &i, "仨")) {
        take(m, *at, i, scan_peek(s, *at, "俩") ? 2 : 3, "个");
        *at = i;
        return true;
    }
    if (scan_is_letter(s, i))
        return latin_amount_at(s, at, m);
    if (!number_at(s, &i, &v) || v <= 0 || v > 1000000 || !measured_at(s, &i, v, m))
        return false;
    *at = i;
    return true;
}

/* No figures of a code or a decimal that began before, nor an ordinal, nor some tens (几十). */
static bool begins_anew(struct str s, size_t at)
{
    if (at == 0)
        return true;
    if (scan_is_digit(s, at))
        return !(scan_is_letter(s, at - 1) || s.p[at - 1] == '.' || s.p[at - 1] == ':' ||
                 s.p[at - 1] == '-');
    return !(scan_behind_han(s, at, "第") ||
             (scan_behind_han(s, at, "几数") && scan_behind_han(s, at + 3, "十百千万")));
}

bool amount_next(struct str s, const unsigned char *starts, size_t *at, struct amount_match *out)
{
    while ((*at = scan_next_start(starts, *at, s.n, SCAN_AT_AMOUNT)) < s.n) {
        size_t start = *at;

        *out = (struct amount_match){.from = start};
        if (begins_anew(s, start) && amount_at(s, at, out)) {
            out->is_used = is_used_up(s, out->from) && !is_looked_for(s, out);
            out->lends_hands = lends_hands(s, out);
            out->bare = out->bare || scan_behind(s, out->from, &each);
            if (!is_other_count(s, out))
                return true;
            continue;
        }
        *at = start + 1;
    }
    return false;
}

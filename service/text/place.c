#include "place_priv.h"

#include "scan_priv.h"

static struct scan_words building_words = {
    .list = {"栋", "幢", "座", "号楼", "#楼", "楼栋", "号院", "栋楼", "幢楼", "号栋", "号公寓",
             "公寓", "号公寓楼", "号宿舍", "号宿舍楼", "宿舍楼", "舍", NULL}};
static struct scan_words letter_words = {
    .list = {"栋", "幢", "座", "区", "号楼", "楼", "宿舍", "宿舍楼", NULL}};
static struct scan_words entrance_words = {.list = {"单元", "门洞", "单无", NULL}};
static struct scan_words entrance_words_inside = {.list = {"单元", "门洞", "单无", "单", NULL}};
static struct scan_words floor_words = {.list = {"楼", "层", "f", "/f", NULL}};
static struct scan_words room_words = {.list = {"号房", "室", "房", "户", "号", "屋", NULL}};
static struct scan_words not_room_words = {.list = {"楼", "院", "栋", "幢", "线", NULL}};

/* What a number with such a word is, when this follows or stands before: 7座车, 三栋楼都, 五层蛋糕,
   第二单元, a floor of the library. */
static struct scan_words not_buildings = {
    .list = {"别墅", "房子", "房产", "大楼", "小楼", "高楼", "老楼", "洋房", "建筑", "桥", "山",
             "城",   "车",   "的车", "商务", "轿",   "suv",  "高铁", "位",   "票",   "椅", "庙",
             "塔",   "坟",   "矿",   "不得", "大桥", "雕",   "楼盘", "楼房", NULL}};
static struct scan_words not_entrances = {.list = {"测", "考", "课", "卷", "单词", "练习", "作业",
                                                   "复习", "默写", "没过", "听写", "期", "的课",
                                                   "语文", "数学", "英语", "楼盘", NULL}};
static struct scan_words not_floors = {
    .list = {"盘",   "灰",   "蛋糕", "口罩", "饼",   "电梯房", "的高楼", "楼高", "楼房",
             "高",   "皮",   "纱",   "膜",   "布",   "抽屉",   "鞋架",   "架",   "货架",
             "小楼", "别墅", "意思", "关系", "雪",   "油",     "衣",     "的楼", "汉堡",
             "楼的", "防护", "洋房", "台阶", "考勤", "保险",   "床",     "柜",   "书架",
             "置物", "蒸",   "锅",   "玻璃", "办公", "会议",   "教室",   "包间", "诊室",
             "门诊", "病房", "病区", "的办", "食堂", "书记",   "服务台", NULL}};
static struct scan_words elsewhere = {
    .list = {"医院",   "学校",   "图书馆", "馆",       "商场",   "超市",   "办公室", "写字楼",
             "教学楼", "行政楼", "实验楼", "综合楼",   "办公楼", "门诊楼", "住院部", "食堂",
             "酒店",   "酒楼",   "饭店",   "宾馆",     "商城",   "教",     "公司",   "银行",
             "居委会", "居委",   "村委会", "服务中心", "派出所", "物业",   "大堂",   "会所",
             "科",     "门诊",   "急诊",   "机场",     "航站楼", "车站",   "餐厅",   "健身房",
             "售楼处", "高铁站", NULL}};

/* Units that make a number something else than a place. */
static struct scan_words not_rooms = {
    .list = {"元",   "块",   "年",   "月",     "日", "点",   "时",   "分",   "秒",   "人",   "个",
             "斤",   "公斤", "米",   "毫升",   "ml", "kg",   "g",    "克",   "度",   "%",    "平",
             "天",   "次",   "万",   "千",     "份", "单",   "位",   "集",   "路",   "岁",   "刀",
             "w",    "mah",  "v",    "瓦",     "寸", "升",   "km",   "公里", "包",   "袋",   "件",
             "套",   "本",   "张",   "只",     "名", "盒",   "瓶",   "箱",   "页",   "字",   "级",
             "班",   "线",   "胶",   "不锈钢", "钢", "国道", "办公", "会议", "教室", "包间", "包厢",
             "窗口", "病房", "诊室", "医院",   "柜", "省道", "房间", "房型", "型",   "款",   "元/",
             "多",   "左右", "-",    ":",      ".",  "/",    "小时", "分钟", "条",   "股",   "p",
             "k",    "cm",   "mm",   "人次",   "户", NULL}};

static bool clear_before(struct str s, size_t at)
{
    return at == 0 || !(scan_is_digit(s, at - 1) || s.p[at - 1] == '.' || s.p[at - 1] == ':' ||
                        s.p[at - 1] == '-' || s.p[at - 1] == '/' || s.p[at - 1] == '#');
}

/* 1502, 302, 2101: floor and number on it. */
static bool is_room_number(long v)
{
    long floor = v / 100, on_floor = v % 100;

    return v >= 101 && floor >= 1 && floor <= 60 && on_floor >= 1 && on_floor <= 40;
}

void place_set_room(struct place_match *m, struct str s, size_t from, size_t to, long v)
{
    if (scan_is_digit(s, from)) {
        str_copy(m->place.room, sizeof m->place.room, (struct str){s.p + from, to - from});
    } else { /* 一五零二 as people dial it */
        char digits[12];
        int n = 0, k;

        for (k = 1; v / k >= 10; k *= 10)
            ;
        for (; k > 0; k /= 10)
            digits[n++] = (char)('0' + v / k % 10);
        str_copy(m->place.room, sizeof m->place.room, (struct str){digits, (size_t)n});
    }
    m->room_from = from;
    m->room_to = to;
    if (!m->place.floor && v >= 101 && v < 6100)
        m->place.floor = (int16_t)(v / 100);
    m->parts++;
}

/* The room's letter or second number (1502a, 1502-1). */
static size_t room_tail(struct str s, size_t at)
{
    if (scan_is_letter(s, at) && !scan_is_letter(s, at + 1) && !scan_is_digit(s, at + 1))
        return at + 1;
    if (at + 1 < s.n && s.p[at] == '-' && scan_is_digit(s, at + 1) && !scan_is_digit(s, at + 2))
        return at + 2;
    return at;
}

/* 1-4栋, 5、6栋: of several buildings the first. */
static bool more_buildings_at(struct str s, size_t *at)
{
    static struct scan_words joints = {
        .list = {"-", "—", "~", "到", "至", "、", ",", "和", "/", NULL}};
    size_t i = *at;
    long v;
    int n; /* bounded, so that the time stays linear */

    for (n = 0; n < 4 && scan_any(s, &i, &joints) >= 0 && scan_integer(s, &i, &v); n++) {
        if (scan_any(s, &i, &building_words) >= 0) {
            *at = i;
            return true;
        }
    }
    return false;
}

/* 三栋楼都停水了: how many, not which; but 三栋楼下. */
static bool counts_buildings(struct str s, size_t from, size_t word, size_t to)
{
    static struct scan_words wholes = {.list = {"栋楼", "幢楼", NULL}};
    static struct scan_words parts = {
        .list = {"下", "上", "道", "顶", "门", "里", "梯", "前", "后", "旁", "内", "外", NULL}};
    static struct scan_words all = {.list = {"都", "全", "之间", "一共", "加起来", NULL}};

    return scan_peek_any(s, word, &wholes) &&
           (scan_is_digit(s, from) ? scan_peek_any(s, to, &all) : !scan_peek_any(s, to, &parts));
}

static bool numbered_building_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at, word;
    long v;

    if (!scan_integer(s, &i, &v) || v < 1 || v > 999 || scan_peek(s, *at, "两"))
        return false;
    scan_blanks(s, &i);
    word = i;
    if (scan_any(s, &i, &building_words) < 0 && !more_buildings_at(s, &i)) {
        /* 3#2单元, 3#1502 */
        if (!scan_lit(s, &i, "#") || !scan_is_digit(s, i))
            return false;
    }
    if (scan_behind_han(s, *at, "第") || scan_peek_any(s, i, &not_buildings) ||
        counts_buildings(s, *at, word, i))
        return false;
    m->place.building = (int16_t)v;
    *at = i;
    return true;
}

static bool lettered_building_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at;
    long v;
    char letter;

    if (!scan_is_letter(s, i) || (i > 0 && scan_is_letter(s, i - 1)))
        return false;
    letter = (char)(s.p[i++] - 'a' + 'A');
    if (!scan_is_digit(s, i) || !scan_digits(s, &i, &v) || v > 99)
        v = 0;
    if (scan_any(s, &i, &letter_words) < 0 || scan_peek_any(s, i, &not_buildings))
        return false;
    m->place.building_letter = letter;
    m->place.building = (int16_t)v;
    *at = i;
    return true;
}

/* 北大街18号院: a house of a street, not one of the estate's buildings. */
static bool is_of_street(struct str s, size_t from, size_t to)
{
    static struct scan_words yards = {.list = {"号院", NULL}};

    while (from > 0 && scan_class(s, scan_before(s, from)) & SCAN_NUMBER)
        from = scan_before(s, from);
    return scan_behind(s, to, &yards) && scan_behind_han(s, from, "路街道巷弄");
}

/* a区12栋, 18号院5号楼: the last of them is the building. */
static bool building_at(struct str s, size_t *at, struct place_match *m)
{
    struct place_match inner = *m;
    size_t from = *at, i;

    if (!numbered_building_at(s, at, m) && !lettered_building_at(s, at, m))
        return false;
    i = *at;
    scan_blanks(s, &i);
    if (numbered_building_at(s, &i, &inner)) {
        *m = inner;
        *at = i;
    } else if (is_of_street(s, from, *at)) {
        *m = inner;
        *at = from;
        return false;
    }
    m->parts++;
    return true;
}

static bool number_with(struct str s, size_t *at, struct scan_words *words, long most, int16_t *v_r)
{
    size_t i = *at;
    long v;

    if (!scan_integer(s, &i, &v) || v < 1 || v > most || scan_peek(s, *at, "两"))
        return false;
    scan_blanks(s, &i);
    if (scan_any(s, &i, words) < 0 || scan_behind_han(s, *at, "第"))
        return false;
    *v_r = (int16_t)v;
    *at = i;
    return true;
}

static bool entrance_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at;

    if (m->place.entrance ||
        !number_with(s, &i, m->parts ? &entrance_words_inside : &entrance_words, 40,
                     &m->place.entrance))
        return false;
    if (scan_peek_any(s, i, &not_entrances)) {
        m->place.entrance = 0;
        return false;
    }
    *at = i;
    m->parts++;
    return true;
}

/* Below ground: 地下二层, 负一楼, b1层; behind another part a dash is only a joint (3栋-5楼). */
static size_t below_ground(struct str s, size_t at, bool alone)
{
    static const char *const words[] = {"地下", "负", "b", "-", NULL};
    int k;

    for (k = 0; words[k] && (alone || k < 2); k++) {
        size_t n = strlen(words[k]);

        if (n <= at && memcmp(s.p + at - n, words[k], n) == 0 &&
            !(n == 1 && at > 1 && (scan_is_letter(s, at - 2) || scan_is_digit(s, at - 2))))
            return n;
    }
    return 0;
}

/* 15楼, not 15楼盘 … 楼上 is no number. 一楼 is the ground floor. */
static bool floor_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at, below = below_ground(s, *at, m->parts == 0);
    int16_t v;

    if (m->place.floor || !number_with(s, &i, &floor_words, below ? 5 : 80, &v))
        return false;
    if (scan_peek_any(s, i, &not_floors) || scan_behind_han(s, *at, "周期拜") ||
        (m->parts == 0 && (scan_peek(s, i, "以") || scan_behind(s, *at, &elsewhere))))
        return false;
    m->place.floor = below ? (int16_t)-v : v;
    if (m->parts == 0)
        m->from -= below;
    *at = i;
    m->parts++;
    return true;
}

/* 15-3: the third door on the fifteenth floor, as rooms are numbered in Chongqing. */
static bool floor_door_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at;
    long floor, door;

    if (!scan_digits(s, &i, &floor) || floor < 1 || floor > 60 || !scan_lit(s, &i, "-") ||
        !scan_digits(s, &i, &door) || door < 1 || door > 20 || scan_peek_any(s, i, &not_rooms) ||
        scan_peek_any(s, i, &not_room_words))
        return false;
    m->place.floor = (int16_t)floor;
    place_set_room(m, s, *at, i, 0);
    scan_any(s, &i, &room_words);
    *at = i;
    return true;
}

static struct scan_words dashes = {.list = {"-", "#", "#-", "—", "_", " - ", NULL}};

/* 2-1502 behind a building: entrance and room, as people go on from 3栋. In 3栋、2-1502 it is
   another building's. */
static bool entrance_room_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at, from, end;
    long entrance, v;

    if (!(m->place.building || m->place.building_letter) || m->place.entrance || m->place.floor ||
        m->room_to > m->room_from || scan_behind_han(s, *at, "、"))
        return false;
    if (!scan_digits(s, &i, &entrance) || entrance < 1 || entrance > 20 ||
        scan_any(s, &i, &dashes) < 0)
        return false;
    from = i;
    if (!scan_digits(s, &i, &v) || i - from < 3 || !is_room_number(v))
        return false;
    end = room_tail(s, i);
    if (scan_is_digit(s, end) || scan_peek_any(s, end, &not_rooms))
        return false;
    m->place.entrance = (int16_t)entrance;
    m->parts++;
    place_set_room(m, s, from, end, v);
    scan_any(s, &end, &room_words);
    *at = end;
    return true;
}

/* 18楼c室 */
static bool letter_room_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at + 1;

    if (!scan_is_letter(s, *at) || scan_any(s, &i, &room_words) < 0)
        return false;
    str_copy(m->place.room, sizeof m->place.room, (struct str){s.p + *at, 1});
    m->room_from = *at;
    m->room_to = i;
    m->parts++;
    *at = i;
    return true;
}

/* A room behind other parts of a place: its number alone will do. */
static bool room_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at, end;
    long v;
    bool named;

    if (m->room_to > m->room_from)
        return false;
    if (floor_door_at(s, at, m) || letter_room_at(s, at, m))
        return true;
    if (!scan_integer(s, &i, &v) || v < 1 || v > 9999)
        return false;
    end = room_tail(s, i);
    named = scan_any(s, &end, &room_words) >= 0 && !scan_peek_any(s, end, &not_room_words);
    if (!named && (!is_room_number(v) || scan_peek_any(s, end, &not_rooms)))
        return false;
    place_set_room(m, s, *at, room_tail(s, i), v);
    *at = end;
    return true;
}

static void joint(struct str s, size_t *at)
{
    static struct scan_words joints = {.list = {" ", "-", "的", ",", "、", "#", "/", ".", "_",
                                                "那个", "这个", "地下", "负", NULL}};

    while (scan_any(s, at, &joints) >= 0)
        ;
}

/* Parts in falling size, each at most once: 3栋 2单元 15楼 1502. */
static void take_parts(struct str s, size_t *at, struct place_match *m)
{
    for (;;) {
        size_t i = *at;

        joint(s, &i);
        if (!entrance_room_at(s, &i, m) && !entrance_at(s, &i, m) && !floor_at(s, &i, m) &&
            !room_at(s, &i, m))
            return;
        *at = i;
    }
}

static struct scan_words home_cues = {
    .list = {"住",   "住在",  "我是", "我家", "家在",   "在",    "到",   "去",     "来",   "送到",
             "地址", "地址:", "放",   "找",   "房号",   "房号:", "门牌", "门牌号", "楼上", "楼下",
             "隔壁", "对门",  "敲",   "室",   "我们家", "咱家",  "俺家", "是",     "业主", "和",
             "跟",   "给",    "从",   "room", "apt",    "flat",  NULL}};
static struct scan_words home_tails = {
    .list = {"室",   "号房", "房",     "户",   "业主", "住户", "的住户", "的业主", "家", "的邻居",
             "邻居", "租户", "的租户", "门口", "漏水", "装修", "拿",     "自取",   "取", "敲门",
             "有人", "家里", "放门口", "老人", "这家", "那家", "屋",     NULL}};

/* The code of a parcel, a version, a score looks like a door; 快递 alone does not make it one: that
   may stand before the door to bring it to. */
static bool is_code(struct str s, size_t at)
{
    static struct scan_words codes = {
        .list = {"码", "编号", "单号", "版本", "型号", "比分", "订单", "货架", "货架号", NULL}};
    static struct scan_words door_numbers = {.list = {"门牌号码", NULL}};

    while (at > 0 && (s.p[at - 1] == ' ' || s.p[at - 1] == ':'))
        at--;
    if (at >= 3 && scan_peek(s, at - 3, "是"))
        at -= 3;
    return scan_behind(s, at, &codes) && !scan_behind(s, at, &door_numbers);
}

/* 3-5-2018(取件码) */
static bool is_called_code(struct str s, size_t at)
{
    static struct scan_words codes = {
        .list = {"取件码", "取货码", "提货码", "取件号", "货架", NULL}};

    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '('))
        at++;
    scan_lit(s, &at, "是");
    return scan_peek_any(s, at, &codes);
}

/* 3-2-1502 or 3-1502: the last number is a room's. */
static bool dashed_at(struct str s, size_t *at, struct place_match *m)
{
    long v[3];
    size_t from[3], i = *at, end;
    int n = 0;

    if (!scan_is_digit(s, i) || !clear_before(s, i) || s.p[i] == '0')
        return false;
    while (n < 3) {
        from[n] = i;
        if (!scan_digits(s, &i, &v[n]))
            return false;
        end = i;
        n++;
        if (n == 3 || scan_any(s, &i, &dashes) < 0 || !scan_is_digit(s, i))
            break;
    }
    i = room_tail(s, end);
    if (n < 2 || v[0] < 1 || v[0] > 99 || !is_room_number(v[n - 1]) ||
        (n == 3 && (v[1] < 1 || v[1] > 20)))
        return false;
    if (scan_is_digit(s, end) || end - from[n - 1] < 3 || scan_peek_any(s, i, &not_rooms) ||
        is_code(s, *at) || is_called_code(s, i))
        return false;
    m->place.building = (int16_t)v[0];
    m->place.entrance = (int16_t)(n == 3 ? v[1] : 0);
    m->parts = n - 1;
    place_set_room(m, s, from[n - 1], i, v[n - 1]);
    scan_any(s, &i, &room_words);
    *at = i;
    return true;
}

/* A bare number is a room only with a word beside it that says so. */
static bool bare_room_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at, end, behind = *at;
    long v;
    bool named, cued;

    if (!clear_before(s, i) || scan_is_letter(s, i ? i - 1 : 0) || !scan_integer(s, &i, &v) ||
        !is_room_number(v) || v > 6040 || scan_behind(s, *at, &elsewhere) || is_code(s, *at))
        return false;
    if (!scan_is_digit(s, *at) && i - *at < 9)
        return false; /* 三百 is no room, 一五零二 is */
    end = room_tail(s, i);
    named = scan_peek_any(s, end, &home_tails) && !scan_peek(s, end, "户型");
    while (behind > 0 && s.p[behind - 1] == ' ')
        behind--;
    cued = scan_behind(s, behind, &home_cues) && !scan_peek_any(s, end, &not_rooms);
    if (!named && !cued)
        return false;
    if (!named && !(end == s.n || (unsigned char)s.p[end] < 0x80 || cued))
        return false;
    place_set_room(m, s, *at, end, v);
    scan_any(s, &end, &room_words);
    *at = end;
    return true;
}

static bool place_at(struct str s, size_t *at, struct place_match *m)
{
    size_t start = *at;

    *m = (struct place_match){.from = start};
    if (dashed_at(s, at, m))
        return true;
    *m = (struct place_match){.from = start};
    if (building_at(s, at, m) || entrance_at(s, at, m) || floor_at(s, at, m)) {
        take_parts(s, at, m);
        return true;
    }
    if (bare_room_at(s, at, m))
        return true;
    *m = (struct place_match){.from = start};
    return place_latin_at(s, at, m);
}

/* 幸福小区, with or without a place behind it. */
static bool estate_at(struct str s, size_t *at, size_t floor, struct place_match *m)
{
    struct place_match more;
    size_t i = *at, next;
    long phase;

    if (!place_estate_at(s, &i, floor, m))
        return false;
    *at = next = i;
    if (scan_integer(s, &next, &phase) && scan_lit(s, &next, "期"))
        i = next;
    scan_blanks(s, &i);
    if (i < s.n && place_at(s, &i, &more) && more.parts > 0) {
        place_take_estate(s, floor, &more);
        *m = more;
        *at = i;
    }
    return true;
}

/* 苑 is a word by itself; a letter must begin a word. */
static bool may_be_near(struct str s, size_t at)
{
    if (scan_is_letter(s, at))
        return at == 0 || !scan_is_letter(s, at - 1);
    return scan_peek(s, at, "苑") || (at + 3 < s.n && scan_class(s, at + 3) & SCAN_NEARER);
}

bool place_next(struct str s, const unsigned char *starts, size_t *at, struct place_match *out)
{
    size_t floor = *at;

    while ((*at = scan_next_start(starts, *at, s.n, SCAN_AT_PLACE)) < s.n) {
        unsigned class = scan_class(s, *at);
        bool may = (class & SCAN_NUMBER) || scan_is_letter(s, *at);

        if (may && place_at(s, at, out)) {
            out->to = *at;
            place_take_estate(s, floor, out);
            return true;
        }
        if (class & SCAN_NEAR && may_be_near(s, *at)) {
            *out = (struct place_match){.from = *at};
            if (place_near_at(s, at, out) || estate_at(s, at, floor, out)) {
                out->to = *at;
                return true;
            }
        }
        ++*at;
    }
    return false;
}

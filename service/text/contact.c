#include "contact_priv.h"

#include "normal_priv.h"
#include "scan_priv.h"

/* --- runs of digits -----------------------------------------------------------------------------
 */

#define RUN_DIGITS 48
#define CONTACT_DIGITS 7 /* no contact has fewer */

/* Digits as written, in groups: between groups stands a separator. */
struct run {
    char digit[RUN_DIGITS + 1]; /* '0'…'9', last may be 'x' */
    size_t from[RUN_DIGITS], to[RUN_DIGITS];
    bool starts_group[RUN_DIGITS + 1];
    bool plus; /* a + stands before */
    int n;
};

static bool is_separator(struct str s, size_t at, size_t *bytes_r)
{
    static struct scan_words words = {.list = {"·", "、", "【", "】", "—", "–", "再", "杠", "空",
                                               "空格", "然后", "后面", "接着", "然后是", NULL}};
    size_t next = at;

    /* a lone * may part digits; ** and more is what a masked number looks like */
    if (at >= s.n || scan_peek(s, at, "**"))
        return false;
    if ((unsigned char)s.p[at] < 0x80) {
        *bytes_r = 1;
        return s.p[at] && strchr(" -._/()~,*[]|+=", s.p[at]);
    }
    if (scan_any(s, &next, &words) < 0 && (scan_is_han(s, at) || !mark_is(normal_next(s, &next))))
        return false;
    *bytes_r = next - at;
    return true;
}

/* Letters that are written for digits. */
static int letter_for(char c)
{
    static const char letters[] = "olisz";
    const char *found = strchr(letters, c);

    return c && found ? "01152"[found - letters] - '0' : -1;
}

/* A letter stands for a digit only beside one: o and l in 16o1, l6o; not in a word. */
static int letter_at(struct str s, size_t at, bool inside)
{
    char c = s.p[at];
    bool next = scan_is_digit(s, at + 1);

    if (inside && c == 'l' && !scan_is_letter(s, at + 1) && !next)
        return 1;
    if (inside && c == 'o' && (scan_peek(s, at + 1, "o") || !scan_is_letter(s, at + 1)))
        return 0;
    if (!next &&
        !(scan_is_letter(s, at + 1) && letter_for(s.p[at + 1]) >= 0 && scan_is_digit(s, at + 2)))
        return -1;
    if (!inside && (c == 's' || c == 'z' || c == 'o' || (at > 0 && scan_is_letter(s, at - 1))))
        return -1;
    return letter_for(c);
}

/* ❶ ➀ ➊ ⓵ ⓿, which have no compatible form; and figures as soldiers read them out: 洞 拐 勾. */
static int disguised_at(struct str s, size_t *at, bool inside)
{
    static const struct {
        uint32_t first, last;
        int value;
    } figures[] = {{0x2776, 0x277E, 1}, {0x2780, 0x2788, 1}, {0x278A, 0x2792, 1},
                   {0x24F5, 0x24FD, 1}, {0x24FF, 0x24FF, 0}, {0x6D1E, 0x6D1E, 0},
                   {0x62D0, 0x62D0, 7}, {0x52FE, 0x52FE, 9}};
    size_t i = *at, k;
    uint32_t cp;

    if ((unsigned char)s.p[i] != 0xE2 && !(inside && (unsigned char)s.p[i] > 0xE2))
        return -1;
    cp = normal_next(s, &i);
    for (k = 0; k < sizeof figures / sizeof *figures; k++)
        if (cp >= figures[k].first && cp <= figures[k].last && (inside || cp < 0x4E00)) {
            *at = i;
            return figures[k].value + (int)(cp - figures[k].first);
        }
    return -1;
}

/* A digit, a numeral, or what is written for one. */
static int digit_at(struct str s, size_t *at, bool inside)
{
    int d;

    if (*at >= s.n)
        return -1;
    if (scan_is_digit(s, *at))
        return s.p[(*at)++] - '0';
    if (scan_is_letter(s, *at)) {
        d = letter_at(s, *at, inside);
        *at += d >= 0;
        return d;
    }
    d = scan_numeral(s, at);
    return d >= 0 ? d : disguised_at(s, at, inside);
}

static void take_run(struct str s, size_t *at, struct run *r)
{
    size_t i = *at, next, bytes;
    int d, gap = 0;
    bool fresh = !(scan_is_digit(s, i) && i > 0 && scan_is_digit(s, i - 1)), numeral = false;

    r->n = 0;
    r->plus = i > 0 && s.p[i - 1] == '+';
    while (r->n < RUN_DIGITS && i < s.n && gap <= 3) {
        next = i;
        d = digit_at(s, &next, r->n > 0 && gap == 0);
        if (d >= 0) {
            /* 张三13800001234: a change of script may part numbers, too */
            fresh = fresh || (r->n > 0 && numeral != (next - i > 1));
            numeral = next - i > 1;
            r->from[r->n] = i;
            r->to[r->n] = next;
            r->starts_group[r->n] = fresh;
            r->digit[r->n++] = (char)('0' + d);
            fresh = false;
            gap = 0;
            i = next;
        } else if (is_separator(s, i, &bytes)) {
            fresh = true;
            gap++;
            i += bytes;
        } else {
            break;
        }
    }
    next = r->n ? r->to[r->n - 1] : i;
    r->starts_group[r->n] = gap > 0 || digit_at(s, &next, false) < 0;
    r->digit[r->n] = '\0';
    /* an identity number may end with x */
    if (r->n == 17 && r->to[16] < s.n && s.p[r->to[16]] == 'x' &&
        !scan_is_letter(s, r->to[16] + 1)) {
        r->from[17] = r->to[16];
        r->to[17] = r->to[16] + 1;
        r->digit[17] = 'x';
        r->digit[18] = '\0';
        r->starts_group[17] = false;
        r->starts_group[18] = true;
        r->n = 18;
    }
    *at = r->n > 0 ? r->to[r->n - 1] : *at + scan_char_bytes(s, *at);
}

static int two(const char *d)
{
    return (d[0] - '0') * 10 + d[1] - '0';
}

static bool is_day(const char *mmdd)
{
    return two(mmdd) >= 1 && two(mmdd) <= 12 && two(mmdd + 2) >= 1 && two(mmdd + 2) <= 31;
}

static bool is_mobile(const char *d)
{
    return d[0] == '1' && d[1] >= '3' && d[1] <= '9';
}

/* What a window of n digits is, or -1. */
static int kind_of(const char *d, int n, bool plus)
{
    if (n == 11 && is_mobile(d))
        return CONTACT_PHONE;
    if (n == 13 && memcmp(d, "86", 2) == 0 && is_mobile(d + 2))
        return CONTACT_PHONE;
    if (n == 15 && memcmp(d, "0086", 4) == 0 && is_mobile(d + 4))
        return CONTACT_PHONE;
    if (n == 18 && d[0] != '0' && (memcmp(d + 6, "19", 2) == 0 || memcmp(d + 6, "20", 2) == 0) &&
        is_day(d + 10))
        return CONTACT_ID_NUMBER;
    if (n == 15 && d[0] != '0' && is_day(d + 8))
        return CONTACT_ID_NUMBER;
    if (n >= 10 && n <= 12 && d[0] == '0' && d[1] != '0')
        return CONTACT_PHONE;
    if (n == 10 && (memcmp(d, "400", 3) == 0 || memcmp(d, "800", 3) == 0))
        return CONTACT_PHONE;
    if (plus && n >= 8 && n <= 15)
        return CONTACT_PHONE;
    if (n >= 16 && n <= 19)
        return CONTACT_OTHER; /* a card */
    return -1;
}

static struct scan_words phone_cues = {
    .list = {"电话", "电话:", "电话是",   "电话号码", "电话号码:", "座机",  "座机:",
             "手机", "手机:", "手机号",   "手机号:",  "热线",      "热线:", "拨打",
             "联系", "联系:", "联系电话", "tel",      "tel:",      "phone", "phone:",
             "call", "致电",  "tel.",     "号码",     "号码:",     "固话",  "固话:",
             "打",   "拨",    "打给",     "固定电话", NULL}};

/* 电话:66660000、66661111: other numbers may stand between the cue and this one. */
static bool behind_phone_cue(struct str s, size_t at)
{
    static struct scan_words between = {.list = {" ", "、", "/", ",", "-", "*", ".", "或", NULL}};
    size_t floor = at > 48 ? at - 48 : 0;

    for (;;) {
        if (scan_behind(s, at, &phone_cues))
            return true;
        if (at <= floor || !(scan_is_digit(s, at - 1) || scan_behind(s, at, &between)))
            return false;
        at = scan_before(s, at);
    }
}

/* 订单号20231204123456789 */
static bool behind_order(struct str s, size_t at)
{
    static struct scan_words cues = {.list = {"订单", "单号", "订单号", "运单", "运单号", "工单",
                                              "工单号", "流水号", "编号", NULL}};

    while (at > 0 && (s.p[at - 1] == ':' || s.p[at - 1] == ' '))
        at--;
    return scan_behind(s, at, &cues);
}

/* A long number is one run, or in groups as such numbers are printed: a card's of four, an identity
   number's of six, eight and four. */
static bool is_shaped(const struct run *r, int i, int k, int kind)
{
    int b, parts = 0;

    for (b = i + 1; b < k; b++) {
        parts += r->starts_group[b];
        if (r->starts_group[b] && kind == CONTACT_OTHER && (b - i) % 4 != 0)
            return false;
        if (r->starts_group[b] && kind == CONTACT_ID_NUMBER && b - i != 6 && b - i != 14 &&
            b - i != 10)
            return false;
    }
    return parts == 0 || (kind == CONTACT_ID_NUMBER && k - i == 18) || parts == (k - i - 1) / 4;
}

static int kind_of_window(struct str s, const struct run *r, int i, int k)
{
    int kind = kind_of(r->digit + i, k - i, i == 0 && r->plus);

    if (kind == CONTACT_PHONE && r->digit[i] == '0' && r->from[i] > 0 &&
        scan_is_letter(s, r->from[i] - 1) && !behind_phone_cue(s, r->from[i]))
        kind = -1; /* jd0123456789: a parcel's */
    if ((kind == CONTACT_OTHER || kind == CONTACT_ID_NUMBER) &&
        (!is_shaped(r, i, k, kind) || behind_order(s, r->from[i])))
        kind = -1;
    if (kind < 0 && (k - i == 7 || k - i == 8) && r->digit[i] >= '2' &&
        behind_phone_cue(s, r->from[i]))
        kind = CONTACT_PHONE;
    return kind;
}

/* A mobile number of whole groups that begins at digit i: one past its last digit, or 0. */
static int mobile_end(const struct run *r, int i)
{
    static const int lengths[] = {11, 13, 15};
    size_t n;

    for (n = 0; n < sizeof lengths / sizeof *lengths && r->starts_group[i]; n++) {
        int k = i + lengths[n];

        if (k <= r->n && r->starts_group[k] &&
            kind_of(r->digit + i, lengths[n], false) == CONTACT_PHONE &&
            (lengths[n] == 11 || is_mobile(r->digit + k - 11)))
            return k;
    }
    return 0;
}

/* The first window of whole groups that is a contact. 1502 13800001234 is a room and a mobile
   number, not fifteen digits: a mobile inside breaks a longer window. */
static int find_window(struct str s, const struct run *r, int *first_r, int *last_r)
{
    int i, j, k, kind;

    for (i = 0; i < r->n; i++) {
        if (!r->starts_group[i])
            continue;
        *first_r = i;
        *last_r = mobile_end(r, i);
        if (*last_r)
            return CONTACT_PHONE;
        for (j = i + 1; j < r->n && !mobile_end(r, j); j++)
            ;
        for (k = r->n; k > i; k--) {
            if (!r->starts_group[k] || (k > j && j < r->n))
                continue;
            kind = kind_of_window(s, r, i, k);
            *last_r = k;
            if (kind >= 0)
                return kind;
        }
    }
    return -1;
}

/* Where to go on behind a run without a contact. A run cut at its limit is looked at again from a
   place whence a whole number still fits. */
static size_t behind_run(const struct run *r, size_t end)
{
    return r->n == RUN_DIGITS ? r->from[RUN_DIGITS / 2] : end;
}

static bool number_at(struct str s, size_t *at, struct contact_match *out)
{
    struct run r;
    int kind, first, last, i, k = 0;
    size_t end = *at;

    take_run(s, &end, &r);
    kind = r.n >= CONTACT_DIGITS ? find_window(s, &r, &first, &last) : -1;
    if (kind < 0) {
        *at = behind_run(&r, end);
        return false;
    }
    out->kind = (enum contact_kind)kind;
    out->from = r.from[first];
    out->to = r.to[last - 1];
    for (i = first; i < last && k < (int)sizeof out->value - 1; i++)
        out->value[k++] = r.digit[i];
    out->value[k] = '\0';
    if (k > 11 && kind == CONTACT_PHONE && is_mobile(out->value + k - 11))
        memmove(out->value, out->value + k - 11, 12); /* without the country's code */
    *at = out->to;
    return true;
}

/* --- ids behind a cue ---------------------------------------------------------------------------
 */

static struct scan_words wechat_cues = {
    .list = {"微信号", "微信", "威信",   "薇信",   "维信",      "徽信",   "v信",    "vx",
             "wx",     "v x",  "weixin", "wechat", "wechat id", "加v",    "加微",   "加薇",
             "加我v",  "微号", "v号",    "微:",    "v:",        "薇:",    "wei信",  "绿泡泡",
             "威芯",   "微芯", "薇芯",   "微x",    "威x",       "卫星号", "卫星",   "味信",
             "魏信",   "溦信", "微信id", "薇",     "+v",        "加wx",   "加我微", "v xin",
             "w x",    "v♥",   "薇♥",    "+微",    "+薇",       "微 信",  NULL}};
static struct scan_words qq_cues = {.list = {"qq号", "qq群", "qq", "扣扣", "企鹅号", "企鹅", "q群",
                                             "扣群", "群号", "q号", "q:", "加q", "+q",
                                             "扣:", "球球", "球球号", "q q", NULL}};
static struct scan_words fillers = {
    .list = {"号", "是", "为",   "同", "同名", "同号", "id", "账号", "帐号", "搜",   ":",
             " ",  "-",  "=",    ">",  "→",    "我",   "的", "(",    "加",   "添加", "号码",
             "群", "is", "账户", "\"", "都是", "、",   "/",  "【",   "[",    NULL}};

static bool is_id_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* An id of letters and digits, of any length: what is cut off elsewhere would be an id again; or of
 * digits only when `digits_least` allows it. */
static bool id_at(struct str s, size_t at, size_t letters_least, size_t digits_least, size_t *end_r)
{
    size_t i = at, letters = 0;

    while (i < s.n && is_id_byte(s.p[i])) {
        letters += scan_is_letter(s, i);
        i++;
    }
    while (i > at && s.p[i - 1] == '-')
        i--;
    *end_r = i;
    return letters == 0 ? i - at >= digits_least : i - at >= letters_least;
}

/* z h a n g 1 2 3: one by one. */
static bool spaced_id_at(struct str s, size_t at, size_t *end_r)
{
    size_t i = at, n = 0;

    while (i < s.n && is_id_byte(s.p[i]) && !(i + 1 < s.n && is_id_byte(s.p[i + 1]))) {
        *end_r = i + 1;
        n++;
        if (i + 1 >= s.n || s.p[i + 1] != ' ')
            break;
        i += 2;
    }
    return n >= 6;
}

/* 八七六五四三二一 */
static bool spelled_id_at(struct str s, size_t at, struct run *r)
{
    size_t end = at, probe = at;

    if (digit_at(s, &probe, false) < 0)
        return false;
    take_run(s, &end, r);
    return r->n >= 5 && r->n <= 12 && r->from[0] == at;
}

/* Words that follow 微信 without being an id. */
static bool is_plain_word(struct str s, size_t from, size_t to)
{
    static struct scan_words words = {.list = {"group", "please", "thanks", "groups", "message",
                                               "official", "account", "number", NULL}};
    size_t at = from;

    return scan_any(s, &at, &words) >= 0 && at == to;
}

static bool mark_at(struct str s, size_t *at)
{
    size_t i = *at;

    if (!mark_is(normal_next(s, &i)))
        return false;
    *at = i;
    return true;
}

/* What stands between its letters is no part of it. */
static bool put_id(struct str s, size_t *at, size_t end, struct contact_match *out)
{
    size_t i, n = 0;

    for (i = out->from; i < end && n + 1 < sizeof out->value; i++)
        if (s.p[i] != ' ')
            out->value[n++] = s.p[i];
    out->value[n] = '\0';
    out->to = *at = end;
    return true;
}

static bool id_behind(struct str s, size_t *at, struct scan_words *cues, enum contact_kind kind,
                      struct contact_match *out)
{
    size_t i = *at, end = i, letters = kind == CONTACT_WECHAT ? 5 : 100;
    int n = 0;

    if (scan_is_letter(s, i) && i > 0 && scan_is_letter(s, i - 1))
        return false;
    if (scan_any(s, &i, cues) < 0)
        return false;
    if (i < s.n && s.p[i] == '_' && scan_is_letter(s, *at))
        i = *at; /* wx_chen1988: the cue is of the id */
    while (n++ < 6 && i < s.n && (scan_any(s, &i, &fillers) >= 0 || mark_at(s, &i)))
        ;
    out->kind = kind;
    out->from = i;
    if (spaced_id_at(s, i, &end) && kind == CONTACT_WECHAT)
        return put_id(s, at, end, out);
    if (!id_at(s, i, letters, 5, &end)) {
        struct run r;

        if (kind != CONTACT_OTHER || !spelled_id_at(s, i, &r))
            return false;
        out->to = *at = r.to[r.n - 1];
        str_copy(out->value, sizeof out->value, str_of(r.digit));
        return true;
    }
    if (is_plain_word(s, i, end))
        return false;
    out->to = end;
    str_copy(out->value, sizeof out->value, (struct str){s.p + i, end - i});
    if (end - i == 11 && is_mobile(out->value) && strspn(out->value, "0123456789") == 11)
        out->kind = CONTACT_PHONE;
    *at = end;
    return true;
}

/* v zhangsan88: a lone v, and letters with figures behind them. */
static bool v_at(struct str s, size_t *at, struct contact_match *out)
{
    size_t end, i = *at + 2, digits = 0;

    if (!scan_peek(s, *at, "v ") || (*at > 0 && scan_is_letter(s, *at - 1)) ||
        !id_at(s, i, 6, 99, &end))
        return false;
    while (end > i + digits && scan_is_digit(s, end - 1 - digits))
        digits++;
    if (!digits || digits == end - i)
        return false;
    *out = (struct contact_match){.kind = CONTACT_WECHAT, .from = i};
    return put_id(s, at, end, out);
}

static bool wxid_at(struct str s, size_t *at, struct contact_match *out)
{
    size_t end;

    if (!scan_peek(s, *at, "wxid_") || !id_at(s, *at, 8, 99, &end))
        return false;
    *out = (struct contact_match){.kind = CONTACT_WECHAT, .from = *at, .to = end};
    str_copy(out->value, sizeof out->value, (struct str){s.p + *at, end - *at});
    *at = end;
    return true;
}

static bool is_mail_byte(char c)
{
    return is_id_byte(c) || c == '.' || c == '+';
}

/* At an @: name before, domain with a dot behind. */
static bool mail_at(struct str s, size_t *at, size_t floor, struct contact_match *out)
{
    size_t from = *at, to = *at + 1;
    bool dot = false;

    if (s.p[*at] != '@')
        return false;
    while (from > floor && *at - from < 40 && is_mail_byte(s.p[from - 1]))
        from--;
    while (to < s.n && to - *at < 40 && is_mail_byte(s.p[to])) {
        dot = dot || (s.p[to] == '.' && to > *at + 1);
        to++;
    }
    while (to > *at && s.p[to - 1] == '.')
        to--;
    if (from == *at || !dot || to - *at < 4)
        return false;
    *out = (struct contact_match){.kind = CONTACT_OTHER, .from = from, .to = to};
    str_copy(out->value, sizeof out->value, (struct str){s.p + from, to - from});
    *at = to;
    return true;
}

bool contact_goes_back(struct str s, size_t at)
{
    size_t bytes, gap, before;

    for (gap = 0; gap < 4 && at > 0; gap++) {
        size_t probe = before = scan_before(s, at);

        if (digit_at(s, &probe, true) >= 0)
            return true;
        if (!is_separator(s, before, &bytes))
            return false;
        at = before;
    }
    return false;
}

bool contact_goes_on(struct str s, size_t at)
{
    size_t bytes, gap;

    for (gap = 0; gap < 4; gap++) {
        size_t probe = at;

        if (digit_at(s, &probe, false) >= 0)
            return true;
        if (!is_separator(s, at, &bytes))
            return false;
        at += bytes;
    }
    return false;
}

bool contact_next(struct str s, const unsigned char *starts, size_t *at, struct contact_match *out)
{
    size_t floor = *at;

    while ((*at = scan_next_start(starts, *at, s.n, SCAN_AT_CONTACT)) < s.n) {
        size_t probe = *at;

        *out = (struct contact_match){.kind = CONTACT_OTHER};
        if ((scan_class(s, *at) & SCAN_CONTACT) &&
            (wxid_at(s, at, out) || id_behind(s, at, &wechat_cues, CONTACT_WECHAT, out) ||
             id_behind(s, at, &qq_cues, CONTACT_OTHER, out) || v_at(s, at, out)))
            return true;
        if (s.p[*at] == '@' && mail_at(s, at, floor, out))
            return true;
        if (digit_at(s, &probe, false) >= 0) {
            if (probe < s.n && scan_is_han(s, probe) &&
                !(scan_class(s, probe) & (SCAN_NUMERAL | SCAN_RUN)))
                *at = probe; /* 一个, 3袋: most numbers */
            else if (number_at(s, at, out))
                return true;
        } else {
            *at += scan_char_bytes(s, *at);
        }
    }
    return false;
}

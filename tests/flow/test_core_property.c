/* Random entries under a fake clock. After each: the core's own invariants; one reply a command;
   every post has a permit; nothing private leaves; ids are new; and a second core, loaded now and
   then from what the first one has stored, decides the same to the letter: taking a shard over is
   an undisturbed run; the tallies count what the events have told. */
#include "flow/core_count.h"

#include <ctype.h>

#include "codec/message.h"

#define STEPS 100000
#define PHONE_HEAD "1606660" /* numbers that belong to nobody */
#define ROOM "1703"
#define WECHAT "canaryxx7"
#define NAME_ROOM "2904"
#define DIRECTORY_PHONE "1616661" /* in its rows, which staff may read */
#define DIRECTORY_ROOM "2307"
#define DIRECTORY_WECHAT "canarydd5"

static uint64_t seed;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % below;
}

static bool chance(uint32_t percent)
{
    return any(100) < percent;
}

#define PICK(list) ((list)[any(sizeof(list) / sizeof *(list))])

/* --- what people write --- */

static const char *const things[] = {"梯子",   "冲击钻", "轮椅", "打气筒",    "婴儿车", "退烧药",
                                     "血压计", "手推车", "大米", "折叠床",    "路由器", "雨伞",
                                     "绘本",   "猫粮",   "奶粉", "电动螺丝刀"};
static const char *const requests[] = {"谁家有%s借用一下，明天就还",
                                       "有没有邻居有%s，急用",
                                       "求一个%s，愿意出点钱",
                                       "想借%s，今晚八点前用，谢谢各位",
                                       "楼上老人家里没有%s了，哪位帮个忙",
                                       "anyone has a %s I could borrow tonight?",
                                       "需要三个%s，凑一凑"};
static const char *const offers[] = {"家里多一个%s，免费送，自取", "有闲置%s可以借给大家用",
                                     "买多了两份%s，有需要的邻居来拿", "%s放着也是放着，谁要说一声",
                                     "I have a spare %s, free to take"};
static const char *const claims[] = {"我有，来拿吧", "我要一个", "我去吧，马上下楼",   "我家有%s",
                                     "给我留着",     "我来帮你", "I can lend you one", "我要两份"};
static const char *const closures[] = {
    "借到了，谢谢大家", "不用了，找到了",          "已经送出去了", "%s借到了，感谢",
    "算了，不需要了",   "没有了，都拿走了",        "收到，谢谢",   "取消吧",
    "修好了，谢谢",     "%d栋电梯修好了，谢谢物业"};
static const char *const reports[] = {"%d栋电梯又坏了，物业来看看", "楼道灯不亮了，物业管管",
                                      "半夜装修太吵了，有没有人管", "%d栋下水道堵了，往外冒水",
                                      "垃圾桶满了三天没人收",       "又漏了",
                                      "还是没修好，还在往外冒"};
static const char *const dangers[] = {"着火了！%d栋三楼冒烟，里面还有人",
                                      "救命，我妈晕倒了没有呼吸", "电梯里困了两个人，喘不过气"};
static const char *const chats[] = {
    "早上好", "哈哈哈哈",     "今天真冷", "收到",       "1",
    "可以",   "不方便",       "2",        "好的",       "谁家炖肉这么香",
    "👌",      "解决了",       "还没有",   "很满意",     "继续",
    "ok",     "物业电话多少", "平安",     "我需要帮助", "【通知】明天九点到十七点停水"};

/* Sent one by one; each alone says little. */
static const char *const pieces[] = {
    "谁家有", "有没有人家里有", "%s",       "借一下", "%s，急用", "今晚八点", "在%d栋",
    "要%d个", "求助",           "我做了%s", "%d个",   "有人要吗", "送人的",   "老人摔倒了"};

static void fill(struct buf *out, const char *pattern)
{
    const char *at = strchr(pattern, '%');
    if (!at) {
        buf_add_z(out, pattern);
        return;
    }
    buf_add(out, pattern, (size_t)(at - pattern));
    if (at[1] == 's')
        buf_add_z(out, PICK(things));
    else
        buf_add_i64(out, 1 + any(7));
    buf_add_z(out, at + 2);
}

static void write_text(struct buf *out)
{
    uint32_t kind = any(100);
    fill(out, kind < 22   ? PICK(requests)
              : kind < 40 ? PICK(offers)
              : kind < 60 ? PICK(claims)
              : kind < 72 ? PICK(closures)
              : kind < 79 ? PICK(reports)
              : kind < 81 ? PICK(dangers)
                          : PICK(chats));
    if (chance(12))
        buf_addf(out, "，电话" PHONE_HEAD "%04u", 5000 + any(900));
    if (chance(8))
        buf_addf(out, "，我住%u栋%u单元" ROOM "室", 1 + any(7), 1 + any(2));
    if (chance(5))
        buf_add_z(out, "，加微信" WECHAT);
}

/* --- the run --- */

struct known { /* an id once seen, for ever */
    UT_hash_handle hh;
    char key[OBJECT_KEY_SIZE + 8];
    bool gone, permitted; /* of a match: a person or the table let it be posted */
    char *text;           /* of an outbound post: it never changes */
    int64_t version;
    int steps;        /* of a case: how often the clock has escalated it without anybody's doing */
    int64_t reminded; /* in the stage that began then */
    int64_t spoken;   /* of a group: when somebody last wrote there */
    enum outbound_state outbound; /* as it last stood; waiting at first */
};

enum {
    DID_PROPOSE,
    DID_GIVE_WAY,
    DID_APPROVE,
    DID_UNDO,
    DID_SEND,
    DID_AGREE,
    DID_CASE,
    DID_MEET,
    DID_TAKEOVER,
    DID_SUGGEST,
    DID_LABEL,
    DID_BLIND,
    DID_POLICY,
    DID_HOLD, /* what a new table does not let out any more */
    DID_REFUSE,
    DID_EMERGENCY,
    DID_REMIND,
    DID_ESCALATE,
    DID_REOPEN,
    DID_HEAR,
    DID_MERGE,
    DID_NAME_END,
    DID_ASK_HELPER, /* in a group of their own */
    DID_WAIT_FOR_HELPER,
    DID_HELPER_AGREE,
    DID_TELL_AGREED,
    DID_CORRECT,
    DID_KEEP_QUIET,
    DID_ASK,
    DID_OUTCOME,
    DID_THANK,
    DID_RENEW,
    DID_RECUR,
    DID_ACCEPT,
    DID_UNMET,
    DID_WIDEN,
    DID_IMPORT,
    DID_PUT,
    DID_DELETE,
    DID_HOLIDAY, /* and a deadline moved */
    DID_REGISTER,
    DID_MERGE_PARTIES,
    DID_SURGE,
    DID_NOTICE,
    DID_NOTICE_BACK,
    DID_LAPSE, /* of a notice */
    DID_ROLLCALL,
    DID_VISIT, /* marked */
    DID_NOT_REACHED,
    DID_SEE_PARTY,
    DID_TAKE_IN, /* who was seen, by a row with their sender */
    DID_PIECE,
    DID_PRESUME,
    DID_SEE,    /* an alert */
    DID_REPEAT, /* one that nobody has seen */
    DID_ERASE,
    DID_REVEAL, /* to one of both */
    DID_REVEAL_BACK,
    DID_SHOW_CONTACT,
    DID_KEEP_WORD, /* of what helpers' pasts are made */
    DID_FAIL,
    DID_ANSWER,
    DID_SAY_NO,
    DID_COVER, /* what of a row no group may read */
    DID_N
};

struct run {
    struct world a, b; /* b: the one that took over */
    bool twin;
    struct known *known;
    struct counting counting;
    struct strs senders, groups;
    char recent[64][ID_SIZE]; /* message ids */
    int64_t n_messages, n_commands, n_steps;
    int burst, building; /* messages to come that speak of one fault there */
    int pieces;          /* to come, of: */
    const char *piece_group, *piece_sender;
    int64_t piece_ms;
    enum command_kind carried_out; /* by this step, or COMMAND_N */
    int done[DID_N]; /* how often something happened, so that a run that tests nothing fails */
};

static struct text_model *model;
static struct text_work *work;

static struct known *known_at(struct run *r, enum object_kind kind, const char *id, bool make)
{
    char key[OBJECT_KEY_SIZE + 8];
    struct known *k;
    row_key(key, kind, id);
    HASH_FIND_STR(r->known, key, k);
    if (k || !make)
        return k;
    k = NEW(struct known);
    memcpy(k->key, key, sizeof key);
    HASH_ADD_STR(r->known, key, k);
    return k;
}

static void add_group(void *arg, const char *key, const void *object)
{
    struct run *r = arg;
    (void)key;
    strs_add(&r->groups, str_of(((const struct group *)object)->id));
}

static void add_senders(void *arg, const char *key, const void *object)
{
    struct run *r = arg;
    const struct party *p = object;
    (void)key;
    for (int i = 0; i < p->external_ids.n; i++)
        strs_add(&r->senders, str_of(p->external_ids.v[i]));
}

struct choice {
    uint32_t at, n;
    bool (*fits)(const void *object);
    const char *key;
};

static void choose_one(void *arg, const char *key, const void *object)
{
    struct choice *c = arg;
    if ((!c->fits || c->fits(object)) && any(++c->n) == 0)
        c->key = key;
}

/* Any object of that kind, or NULL. */
static const char *choose(struct run *r, enum object_kind kind, bool (*fits)(const void *))
{
    struct choice c = {.fits = fits};
    core_each(r->a.core, kind, choose_one, &c);
    return c.key;
}

static bool is_in_review(const void *object)
{
    return ((const struct match *)object)->state == MATCH_IN_REVIEW;
}

static bool is_approved(const void *object)
{
    enum match_state s = ((const struct match *)object)->state;
    return s == MATCH_APPROVED || s == MATCH_POSTED;
}

static bool is_live(const void *object)
{
    return !case_is_final(((const struct case_ *)object)->state);
}

static bool is_taken_on(const void *object)
{
    return ((const struct case_ *)object)->state == CASE_ACCEPTED;
}

static bool is_sending(const void *object)
{
    return ((const struct outbound *)object)->state == OUTBOUND_SENDING;
}

/* --- entries --- */

static bool is_asked(const void *object)
{
    const struct match *m = object;
    return m->state == MATCH_POSTED || (m->state == MATCH_AGREED && m->question[0]);
}

/* The helper answers in a group of their own, where that is known. */
static bool answer_as_helper(struct run *r, struct message *m, const struct match *x,
                             struct arena *a)
{
    char key[OBJECT_KEY_SIZE];
    const struct outbound *o = x->ask[0] ? core_find(r->a.core, OBJECT_OUTBOUND, x->ask) : NULL;
    const struct post *offer = core_find(r->a.core, OBJECT_POST, x->offer);
    object_key(key, "c-lx", x->helper);
    const struct party *p = core_find(r->a.core, OBJECT_PARTY, key);
    const char *sender = offer                    ? offer->origin.sender
                         : p && p->external_ids.n ? p->external_ids.v[0]
                                                  : NULL;
    if (!o || !sender)
        return false;
    m->group = arena_dup_in(a, str_of(o->group));
    m->sender = arena_dup_in(a, str_of(sender));
    return true;
}

/* Somebody answers what was asked: whose request it is, in its group, or the helper. */
static void answer_it(struct run *r, struct message *m, struct arena *a)
{
    static const char *const words[] = {
        "1",          "１",     "好的",   "👌",    "2",     "可以，晚上来拿",
        "我有，来拿", "不方便", "还没有", "满意", "解决了"};
    const char *key = choose(r, OBJECT_MATCH, is_asked);
    const struct match *x = key ? core_find(r->a.core, OBJECT_MATCH, key) : NULL;
    const struct post *p = x ? core_find(r->a.core, OBJECT_POST, x->request) : NULL;
    if (!p)
        return;
    if (!chance(50) || !answer_as_helper(r, m, x, a)) {
        m->group = arena_dup_in(a, str_of(p->origin.group));
        m->sender = arena_dup_in(a, str_of(p->origin.sender));
    }
    m->text = PICK(words);
}

static bool is_open_post(const void *object)
{
    return !post_is_final(((const struct post *)object)->state);
}

/* Who opened it says it otherwise, half of the time the same with a word more. */
static void change_it(struct run *r, struct message *m, struct arena *a)
{
    const char *key = choose(r, OBJECT_POST, is_open_post);
    const struct post *p = key ? core_find(r->a.core, OBJECT_POST, key) : NULL;
    if (!p || !p->origin.message || !p->origin.sender)
        return;
    m->edited = arena_dup_in(a, str_of(p->origin.message));
    if (chance(95)) {
        m->group = arena_dup_in(a, str_of(p->origin.group));
        m->sender = arena_dup_in(a, str_of(p->origin.sender));
    }
    if (chance(50))
        m->text = arena_printf_in(a, "%s，明天要", p->text);
}

static bool is_live_case(const void *object)
{
    return !case_is_final(((const struct case_ *)object)->state);
}

/* Whoever has a case, or who reported it, says in its group how it stands. */
static void answer_case(struct run *r, struct message *m, struct arena *a)
{
    static const char *const theirs[] = {"收到，马上派人", "师傅在路上", "修好了",
                                         "已处理完",       "收到",       "要等配件，周四"};
    static const char *const reporters[] = {"谢谢", "好了好了，谢谢物业", "又坏了", "还是没修好"};
    const char *key = choose(r, OBJECT_CASE, is_live_case);
    const struct case_ *k = key ? core_find(r->a.core, OBJECT_CASE, key) : NULL;
    char at[2 * ID_SIZE];
    if (!k)
        return;
    snprintf(at, sizeof at, "%s/%s", k->origin.community, k->assignee);
    const struct party *p = core_find(r->a.core, OBJECT_PARTY, at);
    bool own = !p || !p->external_ids.n || chance(40);
    m->group = arena_dup_in(a, str_of(k->origin.group));
    m->sender = arena_dup_in(a, str_of(own ? k->origin.sender : p->external_ids.v[0]));
    m->text = own ? PICK(reporters) : PICK(theirs);
    if (chance(60))
        m->reply_to = arena_dup_in(a, str_of(k->origin.message));
}

/* The same words may follow in another group. */
static void make_piece(struct run *r, struct message *m, struct arena *a)
{
    struct buf one;
    bool first = r->pieces <= 0;
    if (first) {
        r->pieces = 2 + (int)any(5);
        r->piece_ms = m->time_ms;
        r->piece_sender = r->senders.v[any((uint32_t)r->senders.n)];
    }
    if (first || chance(15))
        r->piece_group = r->groups.v[any((uint32_t)r->groups.n)];
    r->pieces--;
    buf_init(&one);
    fill(&one, first ? pieces[any(2)] : PICK(pieces));
    if (chance(5))
        buf_addf(&one, PHONE_HEAD "%04u", 5000 + any(900));
    m->text = arena_dup_in(a, buf_str_borrow(&one));
    buf_deinit(&one);
    m->group = r->piece_group;
    m->sender = r->piece_sender;
    m->time_ms = r->piece_ms += any(20) * SECOND_MS;
}

static void make_message(struct run *r, struct entry *e, struct arena *a)
{
    struct message *m = &e->message;
    struct buf text;
    e->kind = ENTRY_MESSAGE;
    buf_init(&text);
    write_text(&text);
    m->bot = "sample-bot";
    m->id = arena_printf_in(a, "x%lld", (long long)r->n_messages++);
    if (chance(1) && r->recent[1][0]) /* comes again long after: beyond the memory of duplicates */
        m->id = arena_dup_in(a, str_of(r->recent[1]));
    m->community = "c-lx";
    m->group = r->groups.v[any((uint32_t)r->groups.n)];
    if (chance(70)) /* one lively group, so that conversations come about */
        m->group = r->groups.v[(r->n_steps / 300) % r->groups.n];
    m->sender = chance(30) ? arena_printf_in(a, "stranger-%u", any(12))
                           : r->senders.v[any(chance(45) ? 4 : (uint32_t)r->senders.n)];
    m->sender_name = chance(10) ? NAME_ROOM "王姐" : chance(5) ? "王姐" PHONE_HEAD "5123" : "王姐";
    m->text = arena_dup_in(a, buf_str_borrow(&text));
    if (r->burst > 0) {
        static const char *const faults[] = {"%d栋停电了，物业来看看", "%d栋整栋停电，电梯也不动了",
                                             "%d栋还没来电吗，物业呢", "%d栋停水了，谁去报一下"};
        struct buf one;
        buf_init(&one);
        buf_addf(&one, "%d%s", r->building, PICK(faults) + 2);
        m->text = arena_dup_in(a, buf_str_borrow(&one));
        buf_deinit(&one);
    }
    m->time_ms = r->a.now_ms - any(3) * (int64_t)any(5000);
    if (r->pieces > 0 || chance(1))
        make_piece(r, m, a);
    else if (chance(4))
        answer_it(r, m, a);
    else if (chance(5))
        answer_case(r, m, a);
    m->zone_min = 480;
    const char *earlier = r->recent[any(64)];
    if (!m->reply_to && chance(25) && earlier[0])
        m->reply_to = arena_dup_in(a, str_of(earlier));
    if (chance(10))
        m->mentions[m->n_mentions++] = r->senders.v[any((uint32_t)r->senders.n)];
    if (chance(4) && earlier[0]) {
        m->recalled = arena_dup_in(a, str_of(earlier));
        m->text = "";
    } else if (chance(2)) {
        change_it(r, m, a);
    }
    str_copy(r->recent[any(64)], ID_SIZE, str_of(m->id));
    buf_deinit(&text);
}

static int64_t version_of(const struct world *w, enum object_kind kind, const char *id)
{
    const void *o = id ? core_find(w->core, kind, id) : NULL;
    if (!o)
        return 1;
    return kind == OBJECT_MATCH    ? ((const struct match *)o)->version
           : kind == OBJECT_POST   ? ((const struct post *)o)->version
           : kind == OBJECT_CASE   ? ((const struct case_ *)o)->version
           : kind == OBJECT_ADVICE ? ((const struct advice *)o)->version
           : kind == OBJECT_SURGE  ? ((const struct surge *)o)->version
           : kind == OBJECT_VISIT  ? ((const struct visit *)o)->version
                                   : 1;
}

static void make_edit(struct command *c)
{
    struct post_edit *x = &c->edit;
    x->has_category = chance(50);
    x->category = (enum category)(1 + any(CATEGORY_N - 1));
    x->has_urgency = chance(30);
    x->urgency = (enum urgency)any(URGENCY_N);
    x->has_mode = chance(30);
    x->mode = (enum mode)(1 + any(MODE_N - 1));
    x->has_flags = chance(20);
    x->flags = any(1 << FLAG_N);
    x->has_asked = chance(30);
    x->asked = any(5);
    x->has_intent = chance(15);
    x->intent = (enum intent)any(INTENT_N);
    x->place = chance(30) ? (chance(80) ? "b-3" : "nowhere") : NULL;
}

static void make_case_order(struct run *r, struct command *c, struct arena *a)
{
    static const char *const parties[] = {"p-55", "p-56", "p-62", "p-66", "p-67", "p-68", "nobody"};
    const char *into = choose(r, OBJECT_CASE, chance(70) ? is_live : NULL);
    c->assignee = PICK(parties);
    c->into = into ? arena_dup_in(a, str_of(into)) : NULL;
    c->follow_up =
        (struct follow_up){chance(80), chance(50), (enum satisfaction)any(SATISFACTION_N)};
}

static void make_command(struct run *r, struct entry *e, struct arena *a)
{
    static const enum object_kind of[COMMAND_N] = {
        [COMMAND_MATCH_APPROVE] = OBJECT_MATCH,  [COMMAND_MATCH_REJECT] = OBJECT_MATCH,
        [COMMAND_MATCH_UNDO] = OBJECT_MATCH,     [COMMAND_POST_EDIT] = OBJECT_POST,
        [COMMAND_CASE_EVENT] = OBJECT_CASE,      [COMMAND_OUTBOUND_RETRY] = OBJECT_OUTBOUND,
        [COMMAND_CASE_DISPATCH] = OBJECT_CASE,   [COMMAND_CASE_MERGE] = OBJECT_CASE,
        [COMMAND_CASE_FOLLOW_UP] = OBJECT_CASE,  [COMMAND_POST_CORRECT] = OBJECT_POST,
        [COMMAND_CASE_CORRECT] = OBJECT_CASE,    [COMMAND_MESSAGE_CORRECT] = OBJECT_GROUP,
        [COMMAND_ADVICE_ACCEPT] = OBJECT_ADVICE, [COMMAND_ADVICE_DISMISS] = OBJECT_ADVICE,
        [COMMAND_MATCH_REVEAL] = OBJECT_MATCH,   [COMMAND_POST_CONTACT] = OBJECT_POST};
    struct command *c = &e->command;
    e->kind = ENTRY_COMMAND;
    c->kind = (enum command_kind)any(COMMAND_DIRECTORY_IMPORT);
    if (chance(40))
        c->kind = chance(65)   ? COMMAND_MATCH_APPROVE
                  : chance(45) ? COMMAND_MATCH_UNDO
                               : COMMAND_CASE_EVENT;
    c->id = arena_printf_in(a, "cmd-%lld", (long long)r->n_commands++);
    c->reply_to = "loop-1";
    c->community = "c-lx";
    c->actor = "staff-li";
    c->role = chance(80) ? ROLE_STAFF : chance(50) ? ROLE_ADMIN : (enum role)any(ROLE_N);
    c->grid = chance(50) ? "gr-1" : chance(50) ? "gr-2" : NULL;
    bool (*fits)(const void *) =
        c->kind == COMMAND_MATCH_APPROVE || c->kind == COMMAND_MATCH_REJECT ? is_in_review
        : c->kind == COMMAND_MATCH_UNDO                                     ? is_approved
        : c->kind == COMMAND_CASE_MERGE                                     ? is_live
        : c->kind == COMMAND_CASE_EVENT && chance(70) ? (chance(50) ? is_taken_on : is_live)
                                                      : NULL;
    const char *key = choose(r, of[c->kind], chance(80) ? fits : NULL);
    c->object = key && chance(97) ? arena_dup_in(a, str_of(key)) : "m07-zzzz";
    c->if_version = chance(85) ? version_of(&r->a, of[c->kind], key) : (int64_t)any(4);
    c->reason = chance(50) ? "不合适" : NULL;
    c->case_event = chance(20)   ? CASE_EVENT_CLOSE
                    : chance(40) ? CASE_EVENT_RESOLVE
                                 : (enum case_event)any(CASE_EVENT_N);
    make_case_order(r, c, a);
    make_edit(c);
    if (c->kind != COMMAND_MESSAGE_CORRECT)
        return;
    c->object = r->groups.v[(r->n_steps / 300) % r->groups.n];
    c->message = r->recent[any(64)];
    c->edit.has_intent = chance(90);
}

static bool is_lasting(const void *object)
{
    return !((const struct surge *)object)->ended_ms;
}

/* What staff do about surges and in an emergency. */
static void make_emergency_order(struct run *r, struct entry *e, struct arena *a)
{
    static const char *const texts[] = {NULL, NULL, "停电，物业已到场", "找电工" PHONE_HEAD "1234"};
    struct command *c = &e->command;
    uint32_t x = any(100);
    enum object_kind of = x < 45 ? OBJECT_SURGE : x < 60 ? OBJECT_ALERT : OBJECT_VISIT;
    const char *key = choose(r, of, of == OBJECT_SURGE && chance(80) ? is_lasting : NULL);
    e->kind = ENTRY_COMMAND;
    *c = (struct command){.id = arena_printf_in(a, "cmd-%lld", (long long)r->n_commands++),
                          .reply_to = "loop-1",
                          .community = "c-lx",
                          .actor = "staff-li",
                          .role = chance(85) ? ROLE_STAFF : (enum role)any(ROLE_N),
                          .grid = chance(50) ? "gr-1" : NULL,
                          .kind = x < 35   ? COMMAND_NOTICE_APPROVE
                                  : x < 45 ? COMMAND_NOTICE_REJECT
                                  : x < 60 ? COMMAND_ALERT_SEEN
                                  : x < 70 ? COMMAND_ROLLCALL_START
                                           : COMMAND_ROLLCALL_MARK,
                          .object = key ? arena_dup_in(a, str_of(key)) : "s07-zzzz",
                          .if_version = chance(90) ? version_of(&r->a, of, key) : (int64_t)any(4),
                          .reason = "演练",
                          .text = PICK(texts),
                          .visit_state = (enum visit_state)any(VISIT_STATE_N),
                          .on = chance(50)};
}

static void make_delivery(struct run *r, struct entry *e, struct arena *a)
{
    const char *key = choose(r, OBJECT_OUTBOUND, chance(85) ? is_sending : NULL);
    uint32_t x = any(10);
    e->kind = ENTRY_DELIVERY;
    e->delivery = (struct delivery){.outbound = key ? arena_dup_in(a, str_of(key)) : "o07-zzzz",
                                    .outcome = x < 6   ? DELIVERY_DONE
                                               : x < 8 ? DELIVERY_FAILED
                                               : x < 9 ? DELIVERY_GONE
                                                       : DELIVERY_EXHAUSTED,
                                    .error = "503"};
}

/* What an adviser says, of any message or of none; sometimes twice. */
static void make_advised(struct run *r, struct entry *e, struct arena *a)
{
    const char *message = r->recent[any(64)];
    e->kind = ENTRY_ADVISED;
    e->advised = (struct advised){
        .community = "c-lx",
        .group = r->groups.v[chance(70) ? (uint32_t)(r->n_steps / 300) % (uint32_t)r->groups.n
                                        : any((uint32_t)r->groups.n)],
        .bot = "sample-bot",
        .message = message[0] ? arena_dup_in(a, str_of(message)) : "x-none",
        .model = "m",
        .confidence = chance(50) ? "sure" : NULL,
        .intent = (enum intent)any(INTENT_N),
        .category = (enum category)any(CATEGORY_N),
        .urgency = (enum urgency)any(URGENCY_N)};
}

struct account {
    const struct party *row;
    bool taken;
};

static void look_for_account(void *arg, const char *key, const void *object)
{
    struct account *a = arg;
    const struct party *p = object;
    (void)key;
    for (int i = 0; i < a->row->external_ids.n; i++)
        a->taken |= !party_is_seen(p) && strcmp(p->id, a->row->id) != 0 &&
                    strs_has(&p->external_ids, str_of(a->row->external_ids.v[i]));
}

static bool is_taken(const struct world *w, const struct party *row)
{
    struct account a = {row, false};
    core_each(w->core, OBJECT_PARTY, look_for_account, &a);
    return a.taken;
}

static bool has_party(const struct directory *d, const char *id)
{
    for (int i = 0; i < d->n_parties; i++)
        if (!strcmp(d->parties[i]->id, id))
            return true;
    return false;
}

/* An old file makes nobody two: whose account somebody else has by now is left out of it, with what
   they have; or else all of it is refused. So is, mostly, who was merged. */
static void leave_out_gone(const struct world *w, struct directory *d)
{
    bool as_it_was = chance(30);
    int n = 0;
    for (int i = 0; i < d->n_parties; i++) {
        char key[OBJECT_KEY_SIZE];
        object_key(key, "c-lx", d->parties[i]->id);
        const struct party *p = core_find(w->core, OBJECT_PARTY, key);
        bool merged = p && p->merged_into[0];
        if (merged && as_it_was)
            d->parties[n++] = d->parties[i];
        else if (merged || is_taken(w, d->parties[i]))
            party_free(&d->parties[i]);
        else
            d->parties[n++] = d->parties[i];
    }
    d->n_parties = n;
    n = 0;
    for (int i = 0; i < d->n_resources; i++) {
        char key[OBJECT_KEY_SIZE];
        object_key(key, "c-lx", d->resources[i]->party);
        const struct party *p = core_find(w->core, OBJECT_PARTY, key);
        if (p && p->merged_into[0] && !as_it_was)
            str_copy(d->resources[i]->party, ID_SIZE, str_of(p->merged_into));
        if (p || has_party(d, d->resources[i]->party))
            d->resources[n++] = d->resources[i];
        else
            resource_free(&d->resources[i]);
    }
    d->n_resources = n;
}

/* --- what people write into the directory --- */

static void add_contact(char **text)
{
    struct buf b;
    if (!*text || chance(70))
        return;
    buf_init(&b);
    buf_add_z(&b, *text);
    if (chance(50))
        buf_addf(&b, "电话" DIRECTORY_PHONE "%04u", 5000 + any(900));
    else
        buf_add_z(&b, chance(50) ? "3栋" DIRECTORY_ROOM "室" : "，微信" DIRECTORY_WECHAT);
    free(*text);
    *text = buf_take(&b);
}

/* Wherever staff may write. */
static void add_contacts(const struct directory *d)
{
    for (int i = 0; i < d->n_places; i++)
        add_contact(&d->places[i]->name);
    for (int i = 0; i < d->n_groups; i++)
        add_contact(&d->groups[i]->name);
    for (int i = 0; i < d->n_parties; i++)
        add_contact(&d->parties[i]->name);
    for (int i = 0; i < d->n_resources; i++) {
        struct resource *r = d->resources[i];
        for (int n = 0; n < r->items.n; n++)
            add_contact(&r->items.v[n]);
        add_contact(&r->notes);
        add_contact(&r->unit);
    }
}

/* The directory again, with other capacities and limits, and a resource more or less. */
static void make_import(struct run *r, struct entry *e, struct directory *d, struct arena *a)
{
    struct buf faults;
    struct errbuf eb;
    struct command *c = &e->command;
    buf_init(&faults);
    *d = (struct directory){0};
    assert_int_equal(folder_read("deploy/sample", d, &faults, &eb), ERR_OK);
    buf_deinit(&faults);
    leave_out_gone(&r->a, d);
    for (int i = 0; i < d->n_resources; i++) {
        d->resources[i]->capacity = any(4);
        if (chance(60)) /* some expire, and a few have */
            d->resources[i]->expires_ms = r->a.now_ms + (any(12) - (int64_t)1) * DAY_MS;
    }
    for (int i = 0; i < d->n_parties; i++)
        d->parties[i]->monthly_limit = (int)any(4) - 1;
    add_contacts(d);
    if (chance(20)) /* points nowhere: all of it is refused */
        str_copy(d->groups[0]->place, ID_SIZE, STR("nowhere"));
    e->kind = ENTRY_COMMAND;
    *c = (struct command){.id = arena_printf_in(a, "cmd-%lld", (long long)r->n_commands++),
                          .reply_to = "loop-1",
                          .community = "c-lx",
                          .actor = "admin",
                          .role = ROLE_ADMIN,
                          .kind = COMMAND_DIRECTORY_IMPORT,
                          .object = "c-lx",
                          .directory = *d};
}

/* A table that may hold, route and refuse anything, behind what no table may loosen; sometimes the
   built-in one, sometimes one that is refused. The core copies it: the twin may have the same. */
static void make_policy(struct run *r, struct entry *e, struct arena *a)
{
    static const enum category locked[] = {CATEGORY_CHILDCARE, CATEGORY_ADVICE, CATEGORY_COMFORT,
                                           CATEGORY_MEDICINE};
    struct policy *p = ARENA_NEW(a, struct policy);
    struct command *c = &e->command;
    p->follow_up = (struct policy_follow_up){chance(85), chance(85), chance(85), chance(85)};
    p->rows = ARENA_ARRAY(a, struct policy_row, 10);
    p->rows[p->n_rows++] = (struct policy_row){.urgency = URGENCY_CRITICAL, .route = ROUTE_REVIEW};
    for (int i = 0; i < 4; i++)
        p->rows[p->n_rows++] = (struct policy_row){.category = locked[i], .route = ROUTE_REVIEW};
    for (int i = 0; i < 4; i++)
        p->rows[p->n_rows++] =
            (struct policy_row){.category = (enum category)any(CATEGORY_N),
                                .urgency = chance(20) ? URGENCY_URGENT : URGENCY_LOW,
                                .party = (enum policy_party)any(POLICY_PARTY_N),
                                .score_below = chance(40) ? 0.7f : 0,
                                .route = (enum route)(ROUTE_AUTO + (int)any(4))};
    p->rows[p->n_rows++] = (struct policy_row){.route = chance(80) ? ROUTE_AUTO : ROUTE_REVIEW};
    for (int i = 0; i < p->n_rows; i++)
        p->rows[i].why = (char *)"规则";
    p->deadlines = ARENA_ARRAY(a, struct deadline_row, 2);
    for (p->n_deadlines = 0; p->n_deadlines < (int)any(3); p->n_deadlines++)
        p->deadlines[p->n_deadlines] = (struct deadline_row){
            .category = (enum category)any(CATEGORY_N),
            .urgency = (enum deadline_urgency)any(DEADLINE_URGENCY_N),
            .minutes = {[STAGE_ACCEPT] = 5 + (int)any(600), [STAGE_RESOLVE] = 5 + (int)any(900)}};
    if (chance(10)) /* too loose: the whole is refused */
        p->rows++, p->n_rows--;
    if (chance(20))
        p->n_rows = 0;
    const struct policy *now = core_find(r->a.core, OBJECT_POLICY, "c-lx/policy");
    e->kind = ENTRY_COMMAND;
    *c = (struct command){.id = arena_printf_in(a, "cmd-%lld", (long long)r->n_commands++),
                          .reply_to = "loop-1",
                          .community = "c-lx",
                          .object = "c-lx",
                          .actor = "admin",
                          .role = ROLE_ADMIN,
                          .kind = chance(50) ? COMMAND_POLICY_PUT : COMMAND_EMERGENCY_SET,
                          .policy = p,
                          .if_version = chance(90) ? (now ? now->version : 1) : (int64_t)any(4),
                          .on = chance(50),
                          .reason = chance(90) ? "演练" : NULL};
}

/* --- one row of the directory, as staff change it --- */

static bool is_resident(const void *object)
{
    const struct party *p = object;
    return p->kind == PARTY_RESIDENT && !p->merged_into[0];
}

static bool is_seen(const void *object)
{
    return party_is_seen(object);
}

static bool is_party(const void *object)
{
    return !((const struct party *)object)->merged_into[0];
}

/* Who came by themselves, and most of them are merely seen. */
static bool is_new(const char *party)
{
    return !strncmp(party, "u07-", 4);
}

static bool is_strangers(const void *object)
{
    return is_new(((const struct post *)object)->origin.party);
}

static bool is_claimed(const void *object)
{
    const struct match *m = object;
    return m->claimant && (is_new(m->helper) || is_new(m->helped));
}

static void any_wishes(struct run *r, struct party *p)
{
    static const char *const hours[] = {"", "", "", "sat-sun 09:00-12:00", "mon-sun 06:00-22:00"};
    static const char *const consents[] = {"", "", "", "", "", "yes", "no", "2026-11-01"};
    p->do_not_contact = chance(5);
    str_copy(p->consent, sizeof p->consent, str_of(PICK(consents)));
    p->availability = (struct hours){0};
    hours_parse(str_of(PICK(hours)), &p->availability);
    p->monthly_limit = (int)any(5) - 1;
    if (chance(10)) /* may be somebody else's: then it is refused */
        strs_add(&p->external_ids, str_of(r->senders.v[any((uint32_t)r->senders.n)]));
    const char *key = chance(30) ? choose(r, OBJECT_PARTY, is_seen) : NULL;
    const struct party *seen = key ? core_find(r->a.core, OBJECT_PARTY, key) : NULL;
    if (seen && strcmp(seen->id, p->id) != 0) /* they are this one */
        strs_add(&p->external_ids, str_of(seen->external_ids.v[0]));
}

/* A row of its own, changed; NULL: there is none of that kind. */
static void *any_row(struct run *r, enum object_kind kind, const char *key)
{
    const void *now = key ? core_find(r->a.core, kind, key) : NULL;
    void *row = NULL;
    struct buf json;
    struct errbuf eb;
    if (!now)
        return NULL;
    buf_init(&json);
    object_encode(kind, now, &json);
    assert_int_equal(object_decode(kind, buf_str_borrow(&json), &row, &eb), ERR_OK);
    buf_deinit(&json);
    if (kind == OBJECT_PARTY)
        any_wishes(r, row);
    else
        ((struct resource *)row)->capacity = any(4);
    return row;
}

static void make_put(struct run *r, struct command *c, struct arena *a)
{
    c->kind = COMMAND_DIRECTORY_PUT;
    c->row = chance(75) ? OBJECT_PARTY : OBJECT_RESOURCE;
    const char *key = choose(r, c->row, NULL);
    void *row = any_row(r, c->row, key);
    if (!row)
        return;
    c->object = arena_dup_in(a, str_of(((struct place *)row)->id));
    c->if_version = chance(90) ? ((struct place *)row)->version : any(3);
    if (c->row == OBJECT_PARTY) {
        c->directory.parties = mem_new(sizeof(struct party *));
        c->directory.parties[c->directory.n_parties++] = row;
    } else {
        c->directory.resources = mem_new(sizeof(struct resource *));
        c->directory.resources[c->directory.n_resources++] = row;
    }
}

/* One of the next days is off, is worked, or is as always again. */
static void make_holiday(struct run *r, struct command *c, struct arena *a)
{
    struct civil day = civil_of_ms(r->a.now_ms + any(4) * DAY_MS, 480);
    char key[OBJECT_KEY_SIZE];
    c->object = arena_printf_in(a, "%04d-%02d-%02d", day.year, day.month, day.day);
    object_key(key, "c-lx", c->object);
    const struct holiday *was = core_find(r->a.core, OBJECT_HOLIDAY, key);
    c->role = ROLE_ADMIN;
    c->row = OBJECT_HOLIDAY;
    c->if_version = was ? was->version : 0;
    c->kind = was && chance(50) ? COMMAND_DIRECTORY_DELETE : COMMAND_DIRECTORY_PUT;
    if (c->kind == COMMAND_DIRECTORY_DELETE)
        return;
    struct holiday *h = NEW(struct holiday);
    str_copy(h->community, ID_SIZE, STR("c-lx"));
    str_copy(h->id, ID_SIZE, str_of(c->object));
    h->kind = chance(60) ? HOLIDAY_OFF : HOLIDAY_WORKED;
    c->directory.holidays = mem_new(sizeof(struct holiday *));
    c->directory.holidays[c->directory.n_holidays++] = h;
}

static void make_delete(struct run *r, struct command *c, struct arena *a)
{
    c->kind = COMMAND_DIRECTORY_DELETE;
    c->row = chance(50) ? OBJECT_PARTY : OBJECT_RESOURCE;
    const char *key = choose(r, c->row, c->row == OBJECT_PARTY ? is_party : NULL);
    const struct place *row = key ? core_find(r->a.core, c->row, key) : NULL;
    c->object = row ? arena_dup_in(a, str_of(row->id)) : "none";
    c->if_version = row ? row->version : 1;
}

static void make_register(struct run *r, struct command *c, struct arena *a)
{
    struct party *p = NEW(struct party);
    bool claim = chance(40);
    const char *key = claim ? choose(r, OBJECT_MATCH, is_claimed)
                            : choose(r, OBJECT_POST, chance(95) ? is_strangers : NULL);
    const char *known = choose(r, OBJECT_PARTY, is_resident);
    const struct party *other = known ? core_find(r->a.core, OBJECT_PARTY, known) : NULL;
    c->kind = COMMAND_PARTY_REGISTER;
    c->object = key ? arena_dup_in(a, str_of(key)) : "p07-zzzz";
    str_copy(p->community, ID_SIZE, STR("c-lx"));
    str_copy(p->id, ID_SIZE, str_of(chance(50) && other ? other->id : "*"));
    str_copy(p->place, ID_SIZE, STR("*"));
    p->monthly_limit = -1;
    p->do_not_contact = chance(5);
    c->directory.parties = mem_new(sizeof(struct party *));
    c->directory.parties[c->directory.n_parties++] = p;
}

static void make_merge(struct run *r, struct command *c, struct arena *a)
{
    const char *key = choose(r, OBJECT_PARTY, chance(95) ? is_resident : NULL);
    const struct party *from = key ? core_find(r->a.core, OBJECT_PARTY, key) : NULL;
    key = choose(r, OBJECT_PARTY, chance(80) ? is_resident : NULL);
    const struct party *into = key ? core_find(r->a.core, OBJECT_PARTY, key) : NULL;
    c->kind = COMMAND_PARTY_MERGE;
    c->object = from ? arena_dup_in(a, str_of(from->id)) : "none";
    c->into = into ? arena_dup_in(a, str_of(into->id)) : "none";
    c->if_version = from ? from->version : 1;
}

static void make_row_command(struct run *r, struct entry *e, struct arena *a)
{
    struct command *c = &e->command;
    uint32_t x = any(100);
    e->kind = ENTRY_COMMAND;
    *c = (struct command){.id = arena_printf_in(a, "cmd-%lld", (long long)r->n_commands++),
                          .reply_to = "loop-1",
                          .community = "c-lx",
                          .actor = "staff-li",
                          .role = ROLE_STAFF,
                          .object = "none"};
    if (x < 20)
        make_holiday(r, c, a);
    else if (x < 60)
        make_put(r, c, a);
    else if (x < 66) /* seldom, as what goes or is merged does not come back */
        make_delete(r, c, a);
    else if (x < 94)
        make_register(r, c, a);
    else
        make_merge(r, c, a);
}

/* --- checks --- */

/* By itself, not as a part of one of our ids. */
static bool shows(const char *text, const char *canary)
{
    for (const char *at = text; (at = strstr(at, canary)); at++)
        if (at == text || (at[-1] != '-' && !isalnum((unsigned char)at[-1])))
            return true;
    return false;
}

static void check_private(const char *text, const char *where)
{
    static const char *const canaries[] = {PHONE_HEAD, ROOM, WECHAT, NAME_ROOM, "sealed:"};
    for (size_t i = 0; text && i < sizeof canaries / sizeof *canaries; i++)
        if (shows(text, canaries[i]))
            fail_msg("%s shows %s: %s", where, canaries[i], text);
}

/* What a group reads: also nothing that stands in the directory. */
static void check_posted(struct run *r, const char *text, const char *where)
{
    static const char *const canaries[] = {DIRECTORY_PHONE, DIRECTORY_ROOM, DIRECTORY_WECHAT};
    check_private(text, where);
    for (size_t i = 0; text && i < sizeof canaries / sizeof *canaries; i++)
        if (strstr(text, canaries[i]))
            fail_msg("%s shows %s of the directory: %s", where, canaries[i], text);
    r->done[DID_COVER] += text && (strstr(text, "电话161****") || strstr(text, "微信****"));
}

static void check_told(struct run *r)
{
    struct buf line;
    const struct effects *fx = &r->a.fx;
    buf_init(&line);
    for (int i = 0; i < fx->n_events; i++) {
        buf_clear(&line);
        struct event e = fx->events[i];
        e.at_ms = 0; /* its digits say nothing, nor do those of weights */
        e.n_evidence = e.n_targets = 0;
        show_event(&e, &line);
        check_private(buf_z_borrow(&line), "event");
    }
    for (int i = 0; i < fx->n_audits; i++) {
        buf_clear(&line);
        struct audit e = fx->audits[i];
        e.at_ms = 0;
        show_audit(&e, &line);
        check_private(buf_z_borrow(&line), "audit");
        assert_non_null(fx->audits[i].actor);
        assert_non_null(fx->audits[i].community);
    }
    for (int i = 0; i < fx->n_labels; i++) {
        buf_clear(&line);
        struct labelled l = fx->labels[i];
        l.at_ms = 0;
        labelled_encode(&l, &line);
        check_private(buf_z_borrow(&line), "label");
        assert_null(labels_refused(&l.after));
        r->done[DID_LABEL]++;
        r->done[DID_BLIND] += l.blind;
    }
    buf_deinit(&line);
    for (int i = 0; i < fx->n_talks; i++)
        check_private(fx->talks[i]->text, "talk");
}

/* Of a match, to either side. */
static bool proposes(const struct outbound *o)
{
    return o->kind == OUTBOUND_PROPOSAL || o->kind == OUTBOUND_ASK;
}

/* What is no proposal is made only while it is allowed, and never of what neighbours settled. */
static void check_permit(struct run *r, const struct outbound *o)
{
    const struct match *m = core_find(r->a.core, OBJECT_MATCH, o->match);
    bool fresh = o->state == OUTBOUND_WAITING && o->created_ms == r->a.now_ms && o->version == 1;
    if (!o->permit || !o->permit[0])
        fail_msg("%s has no permit", o->id);
    r->done[DID_ASK_HELPER] += fresh && o->kind == OUTBOUND_ASK;
    if (proposes(o) || !fresh)
        return;
    if (o->kind == OUTBOUND_NOTICE || o->kind == OUTBOUND_ROLLCALL) {
        if (r->carried_out !=
            (o->kind == OUTBOUND_NOTICE ? COMMAND_NOTICE_APPROVE : COMMAND_ROLLCALL_START))
            fail_msg("%s was made by nobody", o->id);
        return;
    }
    if (o->kind == OUTBOUND_AGREED) { /* by the permit of the question that the helper answered */
        const struct outbound *ask = m ? core_find(r->a.core, OBJECT_OUTBOUND, m->ask) : NULL;
        if (!ask || m->state != MATCH_AGREED || !strcmp(ask->group, o->group) || !m->told_ms)
            fail_msg("%s tells of what nobody has said elsewhere", o->id);
        r->done[DID_TELL_AGREED]++;
        return;
    }
    if (o->kind == OUTBOUND_CORRECTION) {
        if (r->carried_out != COMMAND_MATCH_UNDO || !m || m->state != MATCH_UNDONE || !m->posted_ms)
            fail_msg("%s takes back what nobody has taken back", o->id);
        r->done[DID_CORRECT]++;
        return;
    }
    const struct policy *p = core_find(r->a.core, OBJECT_POLICY, "c-lx/policy");
    if (o->kind == OUTBOUND_CONTACT && r->carried_out == COMMAND_MATCH_REVEAL)
        return;
    if (!p || (o->kind == OUTBOUND_OUTCOME   ? !p->follow_up.ask_outcome
               : o->kind == OUTBOUND_THANKS  ? !p->follow_up.thank
               : o->kind == OUTBOUND_CONTACT ? !p->follow_up.reveal_contact
                                             : !p->follow_up.ask_renewal))
        fail_msg("%s was made where it is not allowed", o->id);
    if (o->kind != OUTBOUND_RENEWAL && (!m || m->route == ROUTE_SELF || !m->posted_ms))
        fail_msg("%s is about what Linli did not bring about", o->id);
    r->done[DID_ASK] += o->kind == OUTBOUND_OUTCOME;
    r->done[DID_THANK] += o->kind == OUTBOUND_THANKS;
    r->done[DID_RENEW] += o->kind == OUTBOUND_RENEWAL;
}

/* Asked about something that they did not offer within the day before it was proposed. */
static bool disturbs(const struct run *r, const struct match *m)
{
    char key[OBJECT_KEY_SIZE];
    const struct post *p = m->offer[0] ? core_find(r->a.core, OBJECT_POST, m->offer) : NULL;
    object_key(key, m->community, m->helper);
    const struct party *helper = m->helper[0] ? core_find(r->a.core, OBJECT_PARTY, key) : NULL;
    return helper && helper->kind == PARTY_RESIDENT &&
           (m->resource[0] || (p && m->created_ms - p->opened_ms >= DAY_MS));
}

/* A person sends again what nobody took the first time. */
static bool is_sent_again(const struct match *m)
{
    return strcmp(m->decided_by, "policy") != 0 && m->told_ms - m->created_ms > DAY_MS;
}

struct asking {
    struct run *r;
    const struct match *m;
};

static void compare_asked(void *arg, const char *key, const void *object)
{
    const struct asking *q = arg;
    const struct match *other = object;
    if (other == q->m || strcmp(other->helper, q->m->helper) != 0 || !other->told_ms ||
        q->m->told_ms - other->told_ms >= DAY_MS || !disturbs(q->r, other) || is_sent_again(other))
        return;
    fail_msg("%s is asked by %s, and by %s within the day", other->helper, q->m->id, key);
}

/* A neighbour is asked no more than once a day, but about what they have offered; and where a
   person sends again what nobody took. */
static void check_asked(struct run *r, const struct match *m)
{
    struct asking q = {r, m};
    if (m && m->told_ms == r->a.now_ms && !is_sent_again(m) && disturbs(r, m))
        core_each(r->a.core, OBJECT_MATCH, compare_asked, &q);
}

/* At night only what is urgent or would be too late, or into a group that is awake. */
static void check_quiet(struct run *r, const struct outbound *o)
{
    int64_t end = quiet_hours_end(&quiet_hours_usual, r->a.now_ms, 480);
    const struct match *m = core_find(r->a.core, OBJECT_MATCH, o->match);
    const struct post *p = m ? core_find(r->a.core, OBJECT_POST, m->request) : NULL;
    const struct policy *t = core_find(r->a.core, OBJECT_POLICY, "c-lx/policy");
    const struct known *g = known_at(r, OBJECT_GROUP, o->group, false);
    if (end == r->a.now_ms || o->kind == OUTBOUND_NOTICE || o->kind == OUTBOUND_ROLLCALL ||
        o->kind == OUTBOUND_CONTACT || o->kind == OUTBOUND_CORRECTION ||
        r->carried_out == COMMAND_OUTBOUND_RETRY)
        return;
    if (!proposes(o) && o->kind != OUTBOUND_AGREED)
        fail_msg("%s goes out at night", o->id);
    if (m->urgency < URGENCY_URGENT && !(t && t->emergency.on) && p && p->expires_ms > end &&
        (!g || r->a.now_ms - g->spoken > 5 * MINUTE_MS))
        fail_msg("%s of %s wakes %s", o->id, m->id, o->group);
}

static int reveals_told(const struct run *r, const struct outbound *o)
{
    int n = 0;
    for (int i = 0; i < r->a.fx.n_audits; i++)
        n += !strcmp(r->a.fx.audits[i].action, "contact.reveal") &&
             !strcmp(r->a.fx.audits[i].object, o->post) &&
             !strcmp(r->a.fx.audits[i].actor, "linli");
    return n;
}

/* Sealed, to the other one of a match on which both have agreed, and told in the audit as it is let
   out: then, and at no other time. */
static void check_reveal(struct run *r, const struct outbound *o, enum outbound_state before)
{
    const struct match *m = core_find(r->a.core, OBJECT_MATCH, o->match);
    const struct post *owner = core_find(r->a.core, OBJECT_POST, o->post);
    bool lets_out = o->state == OUTBOUND_SENDING && before == OUTBOUND_WAITING;
    bool erased = !strcmp(o->text, "（已删除）");
    if (o->external_group || !o->to || (o->contacts.n == 0) != erased)
        fail_msg("%s is not for one person alone", o->id);
    for (int i = 0; i < o->contacts.n; i++)
        if (strncmp(o->contacts.v[i], "sealed:", 7) != 0)
            fail_msg("%s is not sealed", o->id);
    if (reveals_told(r, o) < lets_out)
        fail_msg("%s is told by no audit", o->id);
    r->done[DID_REVEAL] += lets_out;
    r->done[DID_REVEAL_BACK] += o->state == OUTBOUND_CANCELLED;
    if (!lets_out)
        return;
    if (!m || m->state != MATCH_AGREED || !owner ||
        (strcmp(m->request, owner->id) != 0 && strcmp(m->offer, owner->id) != 0))
        fail_msg("%s tells a contact of no match that is agreed", o->id);
    if (owner->origin.sender && !strcmp(owner->origin.sender, o->to))
        fail_msg("%s tells somebody their own contact", o->id);
}

static void check_outbound(struct run *r, const struct outbound *o)
{
    struct known *k = known_at(r, OBJECT_OUTBOUND, o->id, true);
    check_posted(r, o->text, "outbound");
    if (!k->text)
        k->text = mem_dup(o->text);
    bool sent = o->state != OUTBOUND_WAITING && o->state != OUTBOUND_SENDING;
    if (!sent || strcmp(o->text, "（已删除）") != 0) /* of somebody erased since */
        assert_string_equal(k->text, o->text);       /* one idempotency key, one content */
    check_permit(r, o);
    if (o->kind == OUTBOUND_CONTACT)
        check_reveal(r, o, k->outbound);
    k->outbound = o->state;
    if (o->state == OUTBOUND_SENDING && !o->attempts)
        check_quiet(r, o);
    r->done[DID_KEEP_QUIET] += o->state == OUTBOUND_WAITING && o->held;
    const struct known *m = known_at(r, OBJECT_MATCH, o->match, false);
    if (!proposes(o))
        return;
    if (o->state == OUTBOUND_WAITING || o->state == OUTBOUND_SENDING)
        if (!m || !m->permitted)
            fail_msg("%s (%s) has nobody's permit", o->id, o->match);
    if (o->state == OUTBOUND_SENDING)
        check_asked(r, core_find(r->a.core, OBJECT_MATCH, o->match));
    r->done[DID_SEND] += o->state == OUTBOUND_SENDING;
}

static int64_t stored_version(const void *object, enum object_kind kind)
{
    switch (kind) {
    case OBJECT_POST:
        return ((const struct post *)object)->version;
    case OBJECT_MATCH:
        return ((const struct match *)object)->version;
    case OBJECT_CASE:
        return ((const struct case_ *)object)->version;
    case OBJECT_OUTBOUND:
        return ((const struct outbound *)object)->version;
    case OBJECT_POLICY:
        return ((const struct policy *)object)->version;
    default:
        return 0;
    }
}

static void check_touched(struct run *r, const struct touched *t)
{
    const void *object = core_find(r->a.core, t->kind, t->key);
    if (t->kind == OBJECT_SURGE && object)
        check_posted(r, ((const struct surge *)object)->text, "notice");
    if (t->kind < OBJECT_POLICY || t->kind > OBJECT_OUTBOUND)
        return;
    struct known *k = known_at(r, t->kind, t->key, true);
    if (!object) {
        k->gone = true;
        return;
    }
    if (k->gone)
        fail_msg("%s came back after it had ended", t->key);
    if (stored_version(object, t->kind) <= k->version)
        fail_msg("%s was changed without a new version", t->key);
    k->version = stored_version(object, t->kind);
    if (t->kind == OBJECT_OUTBOUND)
        check_outbound(r, object);
    const struct post *p = object;
    const char *name = t->kind == OBJECT_POST ? p->origin.sender_name : NULL;
    if (name && strstr(name, PHONE_HEAD))
        fail_msg("%s shows a number: %s", t->key, name);
    if (t->kind == OBJECT_POST)
        check_private(p->text, "post");
}

/* Who let it be posted: the table at its proposal, or a person whose command was carried out. */
static void note_permits(struct run *r, const struct entry *e)
{
    const struct effects *fx = &r->a.fx;
    for (int i = 0; i < fx->n_events; i++)
        if (fx->events[i].kind == EVENT_MATCH_PROPOSED) {
            r->done[DID_PROPOSE]++;
            if (fx->events[i].route == ROUTE_AUTO)
                known_at(r, OBJECT_MATCH, fx->events[i].match, true)->permitted = true;
        }
    if (e->kind == ENTRY_COMMAND && e->command.kind == COMMAND_MATCH_APPROVE &&
        !fx->replies[0].err) {
        known_at(r, OBJECT_MATCH, e->command.object, true)->permitted = true;
        r->done[DID_APPROVE]++;
    }
    if (e->kind == ENTRY_COMMAND && e->command.kind == COMMAND_MATCH_UNDO && !fx->replies[0].err)
        r->done[DID_UNDO]++;
    r->done[DID_NOTICE] += r->carried_out == COMMAND_NOTICE_APPROVE;
    r->done[DID_NOTICE_BACK] += r->carried_out == COMMAND_NOTICE_REJECT;
    r->done[DID_ROLLCALL] += r->carried_out == COMMAND_ROLLCALL_START;
    bool put = e->kind == ENTRY_COMMAND && e->command.kind == COMMAND_POLICY_PUT;
    for (int i = 0; i < fx->n_audits; i++) {
        r->done[DID_POLICY] += !strcmp(fx->audits[i].action, "policy.put");
        r->done[DID_EMERGENCY] += !strcmp(fx->audits[i].action, "emergency.set");
        r->done[DID_REFUSE] += !strcmp(fx->audits[i].action, "match.refuse");
        r->done[DID_HOLD] += put && !strcmp(fx->audits[i].action, "match.change");
        r->done[DID_OUTCOME] += !strcmp(fx->audits[i].action, "match.outcome");
        r->done[DID_WIDEN] += !strcmp(fx->audits[i].action, "post.widen");
        r->done[DID_VISIT] += !strcmp(fx->audits[i].action, "rollcall.mark");
        r->done[DID_SEE] += !strcmp(fx->audits[i].action, "alert.seen");
        r->done[DID_REPEAT] += !strcmp(fx->audits[i].action, "alert.repeat");
        r->done[DID_SHOW_CONTACT] += !strcmp(fx->audits[i].action, "contact.reveal") &&
                                     !strcmp(fx->audits[i].actor, "staff-li");
        r->done[DID_NOT_REACHED] +=
            !strcmp(fx->audits[i].action, "rollcall.mark") && !strcmp(fx->audits[i].actor, "linli");
        r->done[DID_ACCEPT] += !strcmp(fx->audits[i].action, "resource.create") ||
                               !strcmp(fx->audits[i].action, "resource.renew");
        r->done[DID_PIECE] += r->pieces > 0 && !strcmp(fx->audits[i].action, "post.repeat");
    }
    for (int i = 0; i < fx->n_events; i++) {
        const struct event *x = &fx->events[i];
        if (x->kind == EVENT_ALERT && !strcmp(x->alert, "surge")) {
            struct known *k = known_at(r, OBJECT_SURGE, x->surge, true);
            if (k->permitted)
                fail_msg("%s was told twice", x->surge);
            k->permitted = true;
            r->done[DID_SURGE]++;
        }
        r->done[DID_LAPSE] += x->kind == EVENT_SURGE && !strcmp(x->state, "lapsed");
        r->done[DID_PRESUME] += x->kind == EVENT_POST_CLOSED && !strcmp(x->outcome, "presumed");
        r->done[DID_UNMET] += x->kind == EVENT_ALERT && !strcmp(x->alert, "unmet");
        r->done[DID_RECUR] += x->kind == EVENT_ADVICE && !strcmp(x->alert, "recurring");
        const struct match *m = fx->events[i].kind == EVENT_MATCH_LAPSED
                                    ? core_find(r->a.core, OBJECT_MATCH, fx->events[i].match)
                                    : NULL;
        r->done[DID_GIVE_WAY] += m && m->displaced;
        r->done[DID_AGREE] += fx->events[i].kind == EVENT_MATCH_AGREED;
        r->done[DID_CASE] += fx->events[i].kind == EVENT_CASE_OPENED;
        r->done[DID_MEET] +=
            fx->events[i].kind == EVENT_POST_CLOSED && !strcmp(fx->events[i].outcome, "met");
    }
}

/* --- both sides: who is asked in a group of their own agrees by themselves, or not at all --- */

static bool is_of_party(struct run *r, const char *community, const char *id, const char *sender)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, community, id);
    const struct party *p = id[0] ? core_find(r->a.core, OBJECT_PARTY, key) : NULL;
    return p && strs_has(&p->external_ids, str_of(sender));
}

static bool is_helper(struct run *r, const struct match *m, const char *sender)
{
    const struct post *offer = core_find(r->a.core, OBJECT_POST, m->offer);
    return (offer && !strcmp(offer->origin.sender, sender)) ||
           (offer && is_of_party(r, m->community, offer->origin.party, sender)) ||
           is_of_party(r, m->community, m->helper, sender);
}

/* Who takes an offer where it was made says so to the helper. */
static bool takes_there(struct run *r, const struct match *m, const struct message *said)
{
    const struct post *offer = core_find(r->a.core, OBJECT_POST, m->offer);
    return m->claim && !strcmp(m->claim, said->id) && offer &&
           !strcmp(offer->origin.group, said->group);
}

static void check_agreed(struct run *r, const struct entry *e)
{
    for (int i = 0; i < r->a.fx.n_events; i++) {
        const struct event *x = &r->a.fx.events[i];
        const struct match *m =
            x->kind == EVENT_MATCH_AGREED ? core_find(r->a.core, OBJECT_MATCH, x->match) : NULL;
        if (!m || !m->ask[0])
            continue;
        if (e->kind != ENTRY_MESSAGE ||
            (!is_helper(r, m, e->message.sender) && !takes_there(r, m, &e->message)))
            fail_msg("%s was agreed, and its helper has not said so", m->id);
        r->done[DID_HELPER_AGREE]++;
    }
    for (int i = 0; i < r->a.fx.n_audits; i++)
        r->done[DID_WAIT_FOR_HELPER] += !strcmp(r->a.fx.audits[i].action, "match.accept");
}

/* --- cases: each step of the clock is told, and without anybody's doing there are few --- */

static void check_alert(struct run *r, const struct event *x, bool tick)
{
    const struct case_ *k = x->case_id ? core_find(r->a.core, OBJECT_CASE, x->case_id) : NULL;
    if (!k)
        return;
    struct known *n = known_at(r, OBJECT_CASE, k->id, true);
    if (!strcmp(x->alert, "reminder")) {
        if (n->reminded == k->stage_ms)
            fail_msg("%s was reminded twice in one stage", k->id);
        n->reminded = k->stage_ms;
        r->done[DID_REMIND]++;
    } else if (!strcmp(x->alert, "escalated")) {
        n->steps = tick ? n->steps + 1 : 0;
        if (n->steps > 3)
            fail_msg("%s is escalated for ever", k->id);
        r->done[DID_ESCALATE]++;
    }
}

static void check_cases(struct run *r, const struct entry *e)
{
    const struct effects *fx = &r->a.fx;
    bool tick = e->kind == ENTRY_TICK;
    for (int i = 0; i < fx->n_touched; i++)
        if (fx->touched[i].kind == OBJECT_CASE && !tick)
            known_at(r, OBJECT_CASE, fx->touched[i].key, true)->steps = 0;
    for (int i = 0; i < fx->n_events; i++)
        if (fx->events[i].kind == EVENT_ALERT)
            check_alert(r, &fx->events[i], tick);
    for (int i = 0; i < fx->n_audits; i++) {
        const struct audit *a = &fx->audits[i];
        bool change = !strcmp(a->action, "case.change"), said = e->kind == ENTRY_MESSAGE;
        r->done[DID_REOPEN] += change && said && !strcmp(a->after, "reopened");
        r->done[DID_HEAR] += change && said && !strcmp(a->after, "verified");
        r->done[DID_MERGE] += !strcmp(a->action, "case.merge");
        r->done[DID_NAME_END] += tick && !strcmp(a->action, "case.end");
    }
}

/* --- who is seen: by a deed that is kept, and never by chat --- */

static bool did_something(const struct effects *fx)
{
    for (int i = 0; i < fx->n_touched; i++) {
        enum object_kind k = fx->touched[i].kind;
        if (k == OBJECT_POST || k == OBJECT_MATCH || k == OBJECT_CASE || k == OBJECT_RESOURCE)
            return true;
    }
    return false;
}

/* Whose line this message makes an answer: the claim is theirs, and not this message. */
static bool is_assented_to(const struct run *r, const struct entry *e, const char *sender)
{
    const struct effects *fx = &r->a.fx;
    for (int i = 0; i < fx->n_touched; i++) {
        const struct match *m = fx->touched[i].kind == OBJECT_MATCH
                                    ? core_find(r->a.core, OBJECT_MATCH, fx->touched[i].key)
                                    : NULL;
        if (m && m->claimant && !strcmp(m->claimant, sender) &&
            strcmp(m->claim, e->message.id) != 0)
            return true;
    }
    return false;
}

static void check_seen(struct run *r, const struct entry *e)
{
    const struct effects *fx = &r->a.fx;
    for (int i = 0; i < fx->n_audits; i++) {
        const struct audit *a = &fx->audits[i];
        r->done[DID_TAKE_IN] +=
            r->carried_out == COMMAND_DIRECTORY_PUT && !strcmp(a->action, "party.merge");
        if (strcmp(a->action, "party.see") != 0)
            continue;
        const struct party *p = core_find(r->a.core, OBJECT_PARTY, a->object);
        if (!p || p->provenance != PROVENANCE_SEEN || !did_something(fx))
            fail_msg("%s was seen doing nothing", a->object);
        if (e->kind == ENTRY_MESSAGE && strcmp(p->external_ids.v[0], e->message.sender) != 0 &&
            !is_assented_to(r, e, p->external_ids.v[0]))
            fail_msg("%s is not who wrote it", a->object);
        if (p->name && strstr(p->name, NAME_ROOM))
            fail_msg("%s keeps a room: %s", a->object, p->name);
        r->done[DID_SEE_PARTY]++;
    }
}

struct comparing {
    const struct world *w;
    int n;
};

static void compare_stored(void *arg, enum object_kind kind, const char *key, const void *object)
{
    struct comparing *x = arg;
    char at[OBJECT_KEY_SIZE + 8];
    struct buf json;
    row_key(at, kind, key);
    const struct row *r = row_at((struct row **)&x->w->rows, at, false);
    buf_init(&json);
    object_encode(kind, object, &json);
    if (!r || strcmp(r->values.v[0], buf_z_borrow(&json)) != 0)
        fail_msg("changed and not stored: %s\n%s\n%s", at, r ? r->values.v[0] : "none",
                 buf_z_borrow(&json));
    buf_deinit(&json);
    x->n++;
}

#define COMPARE(name, KIND)                                                                        \
    static void compare_##name(void *arg, const char *key, const void *object)                     \
    {                                                                                              \
        compare_stored(arg, OBJECT_##KIND, key, object);                                           \
    }
COMPARE(place, PLACE)
COMPARE(group, GROUP)
COMPARE(party, PARTY)
COMPARE(resource, RESOURCE)
COMPARE(holiday, HOLIDAY)
COMPARE(policy, POLICY)
COMPARE(post, POST)
COMPARE(match, MATCH)
COMPARE(case, CASE)
COMPARE(outbound, OUTBOUND)
COMPARE(advice, ADVICE)
COMPARE(tally, TALLY)
COMPARE(habit, HABIT)
COMPARE(topic, TOPIC)
COMPARE(surge, SURGE)
COMPARE(visit, VISIT)
COMPARE(alert, ALERT)
COMPARE(meta, META)

/* Everything in memory lies in the store as it is: no change went untold. */
static void check_stored(const struct world *w)
{
    struct comparing x = {w, 0};
    core_each(w->core, OBJECT_PLACE, compare_place, &x);
    core_each(w->core, OBJECT_GROUP, compare_group, &x);
    core_each(w->core, OBJECT_PARTY, compare_party, &x);
    core_each(w->core, OBJECT_RESOURCE, compare_resource, &x);
    core_each(w->core, OBJECT_HOLIDAY, compare_holiday, &x);
    core_each(w->core, OBJECT_POLICY, compare_policy, &x);
    core_each(w->core, OBJECT_POST, compare_post, &x);
    core_each(w->core, OBJECT_MATCH, compare_match, &x);
    core_each(w->core, OBJECT_CASE, compare_case, &x);
    core_each(w->core, OBJECT_OUTBOUND, compare_outbound, &x);
    core_each(w->core, OBJECT_ADVICE, compare_advice, &x);
    core_each(w->core, OBJECT_TALLY, compare_tally, &x);
    core_each(w->core, OBJECT_HABIT, compare_habit, &x);
    core_each(w->core, OBJECT_TOPIC, compare_topic, &x);
    core_each(w->core, OBJECT_SURGE, compare_surge, &x);
    core_each(w->core, OBJECT_VISIT, compare_visit, &x);
    core_each(w->core, OBJECT_ALERT, compare_alert, &x);
    core_each(w->core, OBJECT_META, compare_meta, &x);
}

static void check_twin(struct run *r, const struct entry *e)
{
    struct buf a, b;
    if (!r->twin)
        return;
    r->b.now_ms = r->a.now_ms;
    world_decide(&r->b, e);
    buf_init(&a);
    buf_init(&b);
    world_digest(&r->a, &a);
    world_digest(&r->b, &b);
    if (strcmp(buf_z_borrow(&a), buf_z_borrow(&b)) != 0) { /* cmocka's buffer is short */
        fprintf(stderr, "%s\n---\n%s\n", buf_z_borrow(&a), buf_z_borrow(&b));
        fail_msg("after a takeover it decides otherwise (step %lld)", (long long)r->n_steps);
    }
    assert_true(core_due_ms(r->a.core) == core_due_ms(r->b.core));
    buf_deinit(&a);
    buf_deinit(&b);
}

static void take_over(struct run *r)
{
    if (r->twin) {
        if (chance(50)) { /* the old owner dies, and the new one is the one that is observed */
            struct world old = r->a;
            r->a = r->b;
            r->b = old;
        }
        world_deinit(&r->b);
    }
    r->twin = chance(60);
    if (r->twin) {
        struct errbuf why;
        world_take_over(&r->b, &r->a);
        if (!core_check(r->b.core, &why))
            fail_msg("after a takeover: %s", why.text);
    }
    r->done[DID_TAKEOVER] += r->twin;
}

/* --- one step --- */

static void pass_time(struct run *r)
{
    uint32_t x = r->burst > 0 ? 0 : any(100);
    int64_t more = x < 60   ? any(40) * SECOND_MS
                   : x < 90 ? any(30) * MINUTE_MS
                   : x < 99 ? any(5) * HOUR_MS
                            : any(4) * DAY_MS;
    r->a.now_ms += more;
}

static void decide(struct run *r, const struct entry *e)
{
    struct errbuf why;
    world_decide(&r->a, e);
    assert_int_equal(r->a.fx.n_replies, e->kind == ENTRY_COMMAND);
    if (!core_check(r->a.core, &why))
        fail_msg("step %lld: %s", (long long)r->n_steps, why.text);
    r->carried_out =
        e->kind == ENTRY_COMMAND && !r->a.fx.replies[0].err ? e->command.kind : COMMAND_N;
    note_permits(r, e);
    if (e->kind == ENTRY_MESSAGE)
        known_at(r, OBJECT_GROUP, e->message.group, true)->spoken = r->a.now_ms;
    counting_decided(&r->counting, &r->a, e);
    check_told(r);
    check_cases(r, e);
    check_agreed(r, e);
    check_seen(r, e);
    for (int i = 0; i < r->a.fx.n_touched; i++)
        check_touched(r, &r->a.fx.touched[i]);
    check_twin(r, e);
}

/* A command's rows are taken by the core: the twin needs rows of its own. */
static void decide_rows(struct run *r, struct entry *e, struct arena *a)
{
    struct entry again;
    struct buf json;
    struct errbuf eb = {.text = ""};
    bool twin = r->twin;
    buf_init(&json);
    entry_encode(e, &json);
    if (entry_decode(buf_str_borrow(&json), e->at_ms, a, &again, &eb))
        fail_msg("%s %s: %s", eb.pointer, eb.text, buf_z_borrow(&json));
    buf_deinit(&json);
    r->twin = false;
    decide(r, e);
    r->twin = twin;
    check_twin(r, &again);
    entry_deinit(e);
    entry_deinit(&again);
}

static void import(struct run *r, struct arena *a)
{
    struct entry e = {.kind = ENTRY_COMMAND};
    struct directory d;
    make_import(r, &e, &d, a);
    decide_rows(r, &e, a);
    r->done[DID_IMPORT] += !r->a.fx.replies[0].err;
}

static void change_row(struct run *r, struct arena *a)
{
    static const int did[COMMAND_N] = {[COMMAND_DIRECTORY_PUT] = DID_PUT,
                                       [COMMAND_DIRECTORY_DELETE] = DID_DELETE,
                                       [COMMAND_PARTY_REGISTER] = DID_REGISTER,
                                       [COMMAND_PARTY_MERGE] = DID_MERGE_PARTIES};
    struct entry e = {.kind = ENTRY_COMMAND};
    make_row_command(r, &e, a);
    enum command_kind kind = e.command.kind;
    enum object_kind row = e.command.row;
    decide_rows(r, &e, a);
    r->done[did[kind]] += !r->a.fx.replies[0].err;
    r->done[DID_HOLIDAY] += row == OBJECT_HOLIDAY && r->a.fx.n_touched > 1;
}

static void check_gone(const struct row *rows, const char *sender)
{
    char quoted[ID_SIZE];
    snprintf(quoted, sizeof quoted, "\"%s\"", sender);
    for (; rows; rows = rows->hh.next)
        for (int i = 0; i < rows->values.n; i++)
            if (strstr(rows->values.v[i], quoted))
                fail_msg("%s is erased, and left in %s: %s", sender, rows->key, rows->values.v[i]);
}

/* Strangers come back when they speak again, and so the run does not run out of people. */
static void erase(struct run *r, struct arena *a)
{
    const char *sender = arena_printf_in(a, "stranger-%u", any(12));
    const struct entry e = {
        .kind = ENTRY_COMMAND,
        .command = {.id = arena_printf_in(a, "cmd-%lld", (long long)r->n_commands++),
                    .reply_to = "loop-1",
                    .community = "c-lx",
                    .actor = "admin-li",
                    .role = ROLE_ADMIN,
                    .kind = COMMAND_PERSON_ERASE,
                    .object = "",
                    .sender = sender}};
    decide(r, &e);
    enum err err = r->a.fx.replies[0].err;
    r->done[DID_ERASE] += !err;
    if (err && err != ERR_NOT_FOUND)
        return;
    check_gone(r->a.rows, sender);
    check_gone(r->a.talks, sender);
}

static void step(struct run *r, struct arena *a)
{
    struct entry e = {.kind = ENTRY_TICK};
    uint32_t x = any(1000);
    if (r->burst > 0)
        r->burst--;
    else if (any(200) == 0) {
        r->burst = 15 + (int)any(25);
        r->building = 1 + (int)any(7);
    }
    pass_time(r);
    while (core_due_ms(r->a.core) <= r->a.now_ms && chance(90)) {
        const struct entry tick = {.kind = ENTRY_TICK};
        decide(r, &tick);
    }
    if (x < 2) {
        import(r, a);
        return;
    }
    if (x < 14) {
        change_row(r, a);
        return;
    }
    if (x >= 997) {
        erase(r, a);
        return;
    }
    if (x < 18 || (x < 60 && choose(r, OBJECT_MATCH, is_approved)))
        make_policy(r, &e, a);
    else if (x < 38 || (x < 170 && choose(r, OBJECT_SURGE, is_lasting)))
        make_emergency_order(r, &e, a);
    else if (x < 700)
        make_message(r, &e, a);
    else if (x < 850)
        make_command(r, &e, a);
    else if (x < 960)
        make_delivery(r, &e, a);
    else if (x < 980)
        make_advised(r, &e, a);
    decide(r, &e);
    for (int i = 0; i < r->a.fx.n_events; i++)
        r->done[DID_SUGGEST] += r->a.fx.events[i].kind == EVENT_SUGGESTION;
}

/* Now and then: they go with their party, and after half a year. */
static void count_past(void *arg, const char *key, const void *object)
{
    const struct past *past = &((const struct party *)object)->outcomes;
    struct run *r = arg;
    (void)key;
    for (int i = 0; i < past->n; i++) {
        r->done[DID_KEEP_WORD] += past->v[i].kept;
        r->done[DID_FAIL] += past->v[i].failed;
        r->done[DID_ANSWER] += past->v[i].answered;
        r->done[DID_SAY_NO] += past->v[i].refused;
    }
}

static void run_steps(struct run *r, uint64_t from, int steps)
{
    struct arena *a = arena_new();
    seed = from;
    world_init(&r->a, model, work);
    world_blind(&r->a, 90);
    r->a.quiet = quiet_hours_usual;
    world_widen(&r->a, true);
    world_write_privately(&r->a, true);
    core_loaded(r->a.core, 0);
    time_parse(STR("2026-11-20T07:00:00+08:00"), &r->a.now_ms, NULL);
    world_import(&r->a, "deploy/sample");
    core_each(r->a.core, OBJECT_GROUP, add_group, r);
    core_each(r->a.core, OBJECT_PARTY, add_senders, r);
    for (r->n_steps = 0; r->n_steps < steps; r->n_steps++) {
        arena_reset(a);
        step(r, a);
        if (any(200) == 0)
            take_over(r);
        if (any(900) == 0) { /* a reload of the settings */
            world_widen(&r->a, !r->a.widens);
            if (r->twin)
                world_widen(&r->b, r->a.widens);
        }
        if (any(1000) == 0) {
            check_stored(&r->a);
            core_each(r->a.core, OBJECT_PARTY, count_past, r);
            counting_check(&r->counting, &r->a);
        }
    }
    check_stored(&r->a);
    counting_check(&r->counting, &r->a);
    arena_free(&a);
}

static void run_free(struct run *r)
{
    struct known *k, *next;
    if (r->twin)
        world_deinit(&r->b);
    world_deinit(&r->a);
    strs_deinit(&r->senders);
    strs_deinit(&r->groups);
    counting_free(&r->counting);
    HASH_ITER(hh, r->known, k, next)
    {
        HASH_DEL(r->known, k);
        free(k->text);
        free(k);
    }
}

static void random_entries_break_no_invariant(void **state)
{
    const char *steps = getenv("LINLI_PROPERTY_STEPS"), *from = getenv("LINLI_PROPERTY_SEED");
    struct run r = {.twin = false};
    (void)state;
    int n = steps ? atoi(steps) : STEPS;
    run_steps(&r, from ? strtoull(from, NULL, 10) : 20261123, n);
    for (size_t i = 0; getenv("LINLI_SHOW") && i < DID_N; i++)
        fprintf(stderr, "%zu:%d ", i, r.done[i]);
    for (size_t i = 0; i < sizeof r.done / sizeof *r.done; i++)
        if (n >= STEPS && r.done[i] < (i < DID_ASK ? 20 : 5))
            fail_msg("the run never came to do thing %zu often enough: %d", i, r.done[i]);
    run_free(&r);
}

static int setup(void **state)
{
    (void)state;
    model = world_model();
    work = text_work_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    text_work_free(&work);
    text_unload(&model);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_entries_break_no_invariant)};
    return cmocka_run_group_tests(tests, setup, teardown);
}

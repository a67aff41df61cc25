/* What the owner of a post says next decides what was not plain: whether who asks 还有吗 gets it,
   and whether a line was an answer at all. */
#include "flow/core_day.h"

/* Each step is decided by a core that has only what the one before has stored. */
static void play_on(const struct step *steps, int n)
{
    for (int i = 0; i < n; i++) {
        play(&world, steps + i, 1);
        world_hand_over();
    }
}
#define PLAY_ON(steps) play_on(steps, (int)(sizeof(steps) / sizeof *(steps)))

#define SHELF                                                                                      \
    {"10:00:00", SAY("m1", "g-1", "n101", "书架送人，九成新，要的来搬"), .tells = "offer m1"},     \
    {                                                                                              \
        "10:05:00", SAY("m2", "g-1", "n102", "书架还有吗"), .tells = ""                            \
    }

static void who_asks_whether_any_is_left_has_it_when_told_so(void **state)
{
    static const struct step steps[] = {
        SHELF,
        {"10:06:00", SAY("m3", "g-1", "n101", "在的，你来搬吧"),
         .tells = "m2+m1 proposed self, m2+m1 agreed"},
    };
    (void)state;
    PLAY_ON(steps);
}

static void who_is_told_that_none_is_left_has_nothing(void **state)
{
    static const struct step steps[] = {
        SHELF,
        {"10:06:00", SAY("m3", "g-1", "n101", "不好意思，被人订走了"), .tells = "m2+m1 lapsed"},
        {"10:07:00", SAY("m4", "g-1", "n101", "今天天气真不错"), .tells = ""},
    };
    (void)state;
    PLAY_ON(steps);
}

/* 被 begins a quilt, 没拆封 is no 没了. */
static void words_that_look_like_a_no_are_none(void **state)
{
    static const struct step steps[] = {
        {"10:00:00", SAY("m1", "g-1", "n101", "被子送人，一床新的，要的来搬"), .tells = "offer m1"},
        {"10:05:00", SAY("m2", "g-1", "n102", "被子还有吗"), .tells = ""},
        {"10:06:00", SAY("m3", "g-1", "n101", "来拿被子吧，没拆封的"),
         .tells = "m2+m1 proposed self, m2+m1 agreed"},
    };
    (void)state;
    PLAY_ON(steps);
}

static void what_is_said_to_somebody_else_answers_nobody(void **state)
{
    static const struct step steps[] = {
        SHELF,
        {"10:05:30", SAY("m3", "g-1", "n103", "书架多高"), .tells = ""},
        {"10:06:00", SAY("m4", "g-1", "n101", "一米八", .reply_to = "m3"), .tells = ""},
        {"10:07:00", SAY("m5", "g-1", "n101", "在的，你来搬吧", .reply_to = "m2"),
         .tells = "m2+m1 proposed self, m2+m1 agreed"},
    };
    (void)state;
    PLAY_ON(steps);
}

/* Whose it is knows better than we how many there are. */
static void who_has_more_than_we_counted_gives_it(void **state)
{
    static const struct step steps[] = {
        SHELF,
        {"10:05:30", SAY("m3", "g-1", "n103", "书架我要了，晚上来搬"),
         .tells = "m3+m1 proposed self, m3+m1 agreed"},
        {"10:06:00", SAY("m4", "g-1", "n102", "书架还有吗"), .tells = ""},
        {"10:07:00", SAY("m5", "g-1", "n101", "还有一个，来搬吧"),
         .tells = "m2+m1 proposed self, m2+m1 agreed"},
    };
    (void)state;
    PLAY_ON(steps);
    const struct post *p =
        core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, "m1").key);
    assert_float_equal(p->asked, 2, 1e-6);
}

/* Read as a mere question, it is one all the same. */
static void a_question_of_what_is_left_is_answered_however_it_was_read(void **state)
{
    static const struct step steps[] = {
        {"10:00:00", SAY("m1", "g-1", "n101", "明天早上开车去机场，还有两个空位，可以捎上邻居"),
         .tells = "offer m1"},
        {"10:05:00", SAY("m2", "g-1", "n102", "机场那个车还有位吗？", .reply_to = "m1"),
         .tells = ""},
        {"10:06:00", SAY("m3", "g-1", "n101", "还有一个，行李多吗"),
         .tells = "m2+m1 proposed self, m2+m1 agreed"},
    };
    (void)state;
    PLAY_ON(steps);
}

/* Who says plainly that they take it has no need to wait. */
static void to_take_it_is_more_than_to_ask(void **state)
{
    static const struct step steps[] = {
        SHELF,
        {"10:06:00", SAY("m3", "g-1", "n102", "书架我要了，晚上来搬"),
         .tells = "m2+m1 proposed self, m2+m1 agreed"},
    };
    (void)state;
    PLAY_ON(steps);
}

/* --- 行行行 --- */

/* The stored line as if it had been read so: what the model makes of a line is not tested here. */
static void seem(const char *message, enum intent intent, float claim_p)
{
    struct errbuf eb;
    struct talk *t;
    for (struct row *r = world.talks; r; r = r->hh.next)
        for (int i = 0; i < r->values.n; i++) {
            struct buf json;
            assert_int_equal(talk_decode(str_of(r->values.v[i]), &t, &eb), ERR_OK);
            if (!strcmp(t->message, message)) {
                t->intent = intent;
                t->claim_p = claim_p;
                buf_init(&json);
                talk_encode(t, &json);
                mem_replace(&r->values.v[i], buf_z_borrow(&json));
                buf_deinit(&json);
            }
            talk_free(&t);
        }
    world_hand_over();
}

/* Somebody needs litter, and somebody says a thing that may be an answer to it. */
static void ask_and_hear(enum intent intent, float claim_p)
{
    static const struct step steps[] = {
        {"10:00:00", SAY("m1", "g-1", "n101", "谁家有多余的猫砂，救急一袋"), .tells = "request m1"},
        {"10:03:00", SAY("m2", "g-1", "n102", "绿茶味的那种"), .tells = ""},
    };
    PLAY(&world, steps);
    seem("m2", intent, claim_p);
}

#define SAYS(time, text, told)                                                                     \
    {                                                                                              \
        time, SAY("m3", "g-1", "n101", text), .tells = told                                        \
    }
#define HEARS(...) PLAY(&world, ((const struct step[]){SAYS(__VA_ARGS__)}))
#define AGREED "m1+m2 proposed self, m1+m2 agreed"

static void a_word_of_assent_makes_an_answer_of_what_may_be_one(void **state)
{
    static const struct {
        enum intent intent;
        float claim_p;
        const char *says, *tells;
    } rows[] = {
        {INTENT_CHAT, 0.25f, "行行行，太好了", AGREED},
        {INTENT_CLAIM, 0.5f, "好的，我下来拿", AGREED},
        {INTENT_INQUIRY, 0.35f, "可以的，谢谢", AGREED},
        {INTENT_CHAT, 0.1f, "行行行，太好了", ""},   /* hardly an answer */
        {INTENT_INQUIRY, 0.25f, "可以的，谢谢", ""}, /* a question is mostly only that */
        {INTENT_NOTICE, 0.9f, "好的，谢谢", ""},
        {INTENT_CHAT, 0.25f, "哈哈，好的", ""},         /* a laugh is no assent, */
        {INTENT_CHAT, 0.25f, "不好意思，这种不行", ""}, /* nor is a no, */
        {INTENT_CHAT, 0.25f, "今天天气真不错", ""},     /* nor anything else */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i) {
            world_end(state);
            world_make(state);
        }
        ask_and_hear(rows[i].intent, rows[i].claim_p);
        HEARS("10:04:00", rows[i].says, rows[i].tells);
    }
}

static void an_assent_comes_soon(void **state)
{
    (void)state;
    ask_and_hear(INTENT_CHAT, 0.25f);
    HEARS("10:18:01", "行行行，太好了", "");
}

static void only_the_first_word_of_who_asked_is_one(void **state)
{
    static const struct step steps[] = {
        {"10:03:30", SAY("m4", "g-1", "n101", "今天天气真不错"), .tells = ""},
        SAYS("10:04:00", "行行行，太好了", ""),
    };
    (void)state;
    ask_and_hear(INTENT_CHAT, 0.25f);
    PLAY(&world, steps);
}

static void nobody_else_can_assent(void **state)
{
    static const struct step steps[] = {
        {"10:04:00", SAY("m3", "g-1", "n103", "行行行，太好了"), .tells = ""},
    };
    (void)state;
    ask_and_hear(INTENT_CHAT, 0.25f);
    PLAY(&world, steps);
}

/* A quote says which line is meant, whatever has been said since. */
static void a_quote_is_assented_to_by_itself(void **state)
{
    static const struct step steps[] = {
        {"10:03:30", SAY("m4", "g-1", "n103", "今天天气真不错"), .tells = ""},
        {"10:04:00", SAY("m3", "g-1", "n101", "行行行，太好了", .reply_to = "m2"), .tells = AGREED},
    };
    (void)state;
    ask_and_hear(INTENT_CHAT, 0.25f);
    PLAY(&world, steps);
}

/* --- what is no answer, however it was read --- */

static void what_takes_has_none_or_lists_helps_nobody(void **state)
{
    static const char *const said[] = {"给我留一个", "帐篷还在吗", "帐篷没有，睡袋有一个",
                                       "2. 小王 鲜肉包六个", "1、李姐 两份豆花"};
    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        const struct step trade = {
            "09:59:00", SAY("m0", "g-3", "n108", "鲜肉包团购，满20份发车，要的接龙"), .tells = ""};
        world_deinit(&world);
        world_begin(&world);
        overhear("m1", "g-3", "n109", "谁家有帐篷借一下，周末露营");
        play(&world, &trade, 1);
        const struct step s = {"10:00:00", SAY("m2", "g-3", "n110", said[i])};
        struct buf told;
        buf_init(&told);
        say(&world, &s, &told);
        for (int k = 0; k < world.fx.n_events; k++)
            if (world.fx.events[k].kind == EVENT_MATCH_PROPOSED)
                fail_msg("%s: it was taken for help", said[i]);
        buf_deinit(&told);
    }
}

/* --- what needs no assent --- */

static void at(const char *time)
{
    struct buf told;
    buf_init(&told);
    tick_until(&world, step_time(time), &told);
    buf_deinit(&told);
}

static void look_for_claim(void *arg, const char *key, const void *object)
{
    const struct match *m = object;
    (void)key;
    if (m->claim && !strcmp(m->claim, "m3") && m->state == MATCH_AGREED)
        *(bool *)arg = true;
}

static void who_commits_themselves_in_words_needs_no_assent(void **state)
{
    static const struct {
        const char *asked, *line;
    } rows[] = {{"钢琴要从三楼抬到一楼，下午两点，求四个有力气的邻居", "我行，以前干过搬运"},
                {"老伴血压不稳，谁家有电子血压计闲着的", "血压计我妈那台现在不用，晚上拿给您"},
                {"周末出差两天，求邻居上门喂猫", "我可以的呀，我就在你对门"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool agreed = false;
        if (i)
            world_make(NULL);
        at("10:00:00");
        overhear("m1", "g-1", "n101", rows[i].asked);
        at("10:03:00");
        overhear("m2", "g-1", "n102", "今天风好大");
        at("10:06:00");
        overhear("m3", "g-1", "n103", rows[i].line);
        core_each(world.core, OBJECT_MATCH, look_for_claim, &agreed);
        if (!agreed)
            fail_msg("%s: %s", rows[i].asked, rows[i].line);
        if (i + 1 < sizeof rows / sizeof *rows)
            world_deinit(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(who_commits_themselves_in_words_needs_no_assent),
        CASE(who_asks_whether_any_is_left_has_it_when_told_so),
        CASE(who_is_told_that_none_is_left_has_nothing),
        CASE(words_that_look_like_a_no_are_none),
        CASE(what_is_said_to_somebody_else_answers_nobody),
        CASE(who_has_more_than_we_counted_gives_it),
        CASE(a_question_of_what_is_left_is_answered_however_it_was_read),
        CASE(to_take_it_is_more_than_to_ask),
        CASE(a_word_of_assent_makes_an_answer_of_what_may_be_one),
        CASE(an_assent_comes_soon),
        CASE(only_the_first_word_of_who_asked_is_one),
        CASE(nobody_else_can_assent),
        CASE(a_quote_is_assented_to_by_itself),
        CASE(what_takes_has_none_or_lists_helps_nobody),
    };
    return RUN(tests);
}

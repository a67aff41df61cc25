#include "reading.h"

#include <math.h>
#include <time.h>

/* --- heap calls ---------------------------------------------------------------------------------
 */

#if defined(__has_feature)
#define HAS_ASAN __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#else
#define HAS_ASAN 0
#endif

#if HAS_ASAN
static size_t heap_calls;
#else
#include "heap.h"
#endif

static const char *const messages[] = {
    "谁家有轮椅借用一下？",
    "我家有，3栋2单元1502，今晚八点来拿，电话13800001234",
    "借到了，谢谢大家",
    "2栋电梯又坏了，老人被困在里面！",
    "哈哈哈[捂脸]",
    "【通知】明日9:00–17:00停水检修，请各位业主提前储水",
    "does anyone have a ladder i can borrow tonight? building 3",
    "@张三\xE2\x80\x85麻烦帮忙取两个快递",
    "",
    "？",
};

static void reading_makes_no_heap_call(void **state)
{
    struct text_query q = {.time_ms = now_ms,
                           .zone_min = ZONE,
                           .quoted = STR("谁家有梯子"),
                           .quoted_intent = INTENT_REQUEST,
                           .previous = STR("早上好"),
                           .own_previous = STR("在吗")};
    struct reading r;
    size_t i;
    size_t before;
    char *volatile probe;

    (void)state;
    if (!HAS_ASAN) { /* the counter counts, or this test could not fail */
        before = heap_calls;
        probe = malloc(1);
        free(probe);
        assert_true(heap_calls > before || getenv("LD_PRELOAD"));
    }
    before = heap_calls;
    for (i = 0; i < sizeof messages / sizeof *messages; i++) {
        q.text = str_of(messages[i]);
        text_read(model, work, &q, &r);
    }
    assert_int_equal(heap_calls, before);
}

/* --- laws ---------------------------------------------------------------------------------------
 */

static void hold_laws(struct str text, const struct reading *r)
{
    float sum = 0;
    int i;

    for (i = 0; i < INTENT_N; i++) {
        assert_true(r->intent_p[i] >= 0 && r->intent_p[i] <= 1);
        sum += r->intent_p[i];
    }
    assert_true(fabsf(sum - 1) < 1e-3f);
    assert_true(r->slots.place.span.to <= text.n && r->slots.time.span.to <= text.n);
    for (i = 0; i < r->slots.n_items; i++)
        assert_true(r->slots.items[i].span.from < r->slots.items[i].span.to &&
                    r->slots.items[i].span.to <= text.n);
    for (i = 0; i < r->slots.n_contacts; i++)
        assert_true(r->slots.contacts[i].span.to <= text.n);
}

static void probabilities_sum_to_one_and_spans_lie_inside(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof messages / sizeof *messages; i++) {
        struct reading r = read_text(messages[i]);

        hold_laws(str_of(messages[i]), &r);
    }
}

/* What this thread has worked, whoever else is on the machine. */
static int64_t worked_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Time grows with the length and no faster: an adversary's repetitions included. */
static int64_t time_of(const char *piece, size_t bytes)
{
    char *text = malloc(bytes + 8);
    size_t n = 0, k = strlen(piece);
    int64_t best = INT64_MAX;
    int round;

    while (n + k <= bytes) {
        memcpy(text + n, piece, k);
        n += k;
    }
    for (round = 0; round < 5; round++) {
        struct text_query q = {.text = {text, n}, .time_ms = now_ms, .zone_min = ZONE};
        int64_t start = worked_ns(), took;
        struct reading r;

        text_read(model, work, &q, &r);
        hold_laws(q.text, &r);
        took = worked_ns() - start;
        best = took < best ? took : best;
    }
    free(text);
    return best;
}

static void time_is_linear_in_length_whatever_the_text(void **state)
{
    static const char *const pieces[] = {"谁家有梯子借一下？",
                                         "1",
                                         "1 ",
                                         "138 ",
                                         "3-",
                                         "一",
                                         "两点",
                                         "[",
                                         "微信",
                                         "a",
                                         "早上",
                                         "周",
                                         "3栋2单元",
                                         "@",
                                         "大米",
                                         "1-2-",
                                         "．",
                                         "二十",
                                         "到9点",
                                         "e\xCC\x81"};
    size_t i;

    (void)state;
    if (getenv("LINLI_SLOW")) /* under valgrind a time means nothing */
        skip();
    for (i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        int64_t small = time_of(pieces[i], TEXT_MAX_BYTES / 8),
                large = time_of(pieces[i], TEXT_MAX_BYTES);

        if (large > 16 * small + 2000000)
            fail_msg("'%s': %lld ns at an eighth, %lld ns at the whole", pieces[i],
                     (long long)small, (long long)large);
    }
}

static void what_is_too_long_is_read_up_to_the_limit(void **state)
{
    size_t n = TEXT_MAX_BYTES + 4096;
    char *text = malloc(n + 1);
    struct reading r;

    (void)state;
    memset(text, 'b', n);
    text[n] = '\0';
    memcpy(text, "3栋2单元1502 ", strlen("3栋2单元1502 "));
    r = read_text(text);
    hold_laws(str_of(text), &r);
    assert_int_equal(r.slots.place.building, 3);
    free(text);
}

/* --- meaning ------------------------------------------------------------------------------------
 */

static enum intent intent_after(const char *text, const char *quoted, enum intent before)
{
    struct text_query q = {.text = str_of(text),
                           .time_ms = now_ms,
                           .zone_min = ZONE,
                           .quoted = str_of(quoted),
                           .quoted_intent = before};
    struct reading r;

    text_read(model, work, &q, &r);
    return r.intent;
}

static void plain_messages_are_understood(void **state)
{
    static const struct {
        const char *text;
        enum intent intent;
        enum category category;
    } rows[] = {
        {"谁家有梯子借用一下？", INTENT_REQUEST, CATEGORY_TOOLS},
        {"有没有退烧药，孩子发烧39度", INTENT_REQUEST, CATEGORY_MEDICINE},
        {"买多了两袋大米，有需要的邻居吗，免费送", INTENT_OFFER, CATEGORY_FOOD},
        {"2栋电梯又坏了", INTENT_REPORT, CATEGORY_FACILITY},
        {"早上好", INTENT_CHAT, CATEGORY_NONE},
        {"借到了，谢谢大家", INTENT_CLOSURE, CATEGORY_NONE},
        {"车位出租，月租300", INTENT_TRADE, CATEGORY_NONE},
        {"【通知】明日9:00–17:00停水检修，请各位业主提前储水", INTENT_NOTICE, CATEGORY_NONE},
        {"物业电话多少？", INTENT_INQUIRY, CATEGORY_NONE},
    };
    size_t i;
    int wrong = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading r = read_text(rows[i].text);

        if (r.intent != rows[i].intent || r.category != rows[i].category) {
            print_error("%s: %s %s\n", rows[i].text, intent_code(r.intent),
                        category_code(r.category));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void an_answer_is_decided_by_what_it_answers(void **state)
{
    (void)state;
    assert_int_equal(intent_after("我有", "谁家有梯子借一下", INTENT_REQUEST), INTENT_CLAIM);
    assert_int_equal(intent_after("我要一袋", "买多了两袋米，有需要的吗", INTENT_OFFER),
                     INTENT_CLAIM);
}

static void danger_to_life_is_critical(void **state)
{
    static const char *const rows[] = {
        "3栋2单元有人被困在电梯里，快来人",
        "5楼着火了！！快打119",
        "我爸晕倒了叫不醒，谁会急救快来3栋",
        "闻到很重的煤气味，2单元这边",
        "有人要跳楼，在7栋楼顶",
        "老人没有呼吸了，求救",
        /* asked for help first, and in few words */
        "求助 老人昏过去了",
        "求助，老人摔倒了",
        "求助 老人摔倒起不来",
        "孩子噎住了 脸都紫了 谁会海姆立克",
        "爷爷胸口疼得厉害 喘不上气",
        "电梯里有人 困住半小时了 孩子在哭",
        "help my grandma fell and is bleeding a lot",
        "someone is unconscious in the stairwell",
    };
    size_t i;
    int wrong = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading r = read_text(rows[i]);

        if (r.urgency != URGENCY_CRITICAL ||
            (r.intent != INTENT_REQUEST && r.intent != INTENT_REPORT)) {
            print_error("%s: %s %s\n", rows[i], intent_code(r.intent), urgency_code(r.urgency));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void idioms_and_hearsay_are_not_danger(void **state)
{
    static const char *const rows[] = {"今天热死了",
                                       "笑死我了哈哈哈",
                                       "这家火锅店火了",
                                       "昨天看电影里着火那段太吓人了",
                                       "听说隔壁小区去年着火了",
                                       "跳楼价甩卖，全场五折",
                                       "困死了，先睡了"};
    size_t i;
    int wrong = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading r = read_text(rows[i]);

        if (r.urgency == URGENCY_CRITICAL) {
            print_error("%s: %s\n", rows[i], intent_code(r.intent));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_makes_no_heap_call),
        cmocka_unit_test(probabilities_sum_to_one_and_spans_lie_inside),
        cmocka_unit_test(time_is_linear_in_length_whatever_the_text),
        cmocka_unit_test(what_is_too_long_is_read_up_to_the_limit),
        cmocka_unit_test(plain_messages_are_understood),
        cmocka_unit_test(an_answer_is_decided_by_what_it_answers),
        cmocka_unit_test(danger_to_life_is_critical),
        cmocka_unit_test(idioms_and_hearsay_are_not_danger),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

#include "reading.h"

#include <string.h>

#define HELD_OUT "tests/corpus/heldout_more.tsv"

static struct text_query query_of(struct str text)
{
    return (struct text_query){.text = text, .time_ms = now_ms, .zone_min = ZONE};
}

static void the_intent_alone_is_that_of_the_whole_reading(void **state)
{
    FILE *f = fopen(HELD_OUT, "r");
    char *line = NULL;
    size_t cap = 0, read = 0;
    ssize_t n;

    (void)state;
    assert_non_null(f);
    while ((n = getline(&line, &cap, f)) > 0) {
        struct str s = {line, (size_t)n - 1};
        struct text_query q;
        struct reading r;
        float p[INTENT_N];
        int i;

        for (i = 0; i < 6; i++)
            str_cut(&s, '\t');
        if (line[0] == '#' || s.n == 0)
            continue;
        q = query_of(s);
        text_read(model, work, &q, &r);
        if (text_intent(model, work, &q, p) != r.intent ||
            memcmp(p, r.intent_p, sizeof r.intent_p) != 0)
            fail_msg("%.*s", (int)s.n, s.p);
        read++;
    }
    free(line);
    fclose(f);
    assert_true(read > 1000);
}

static void what_a_campaign_is_called_says_nothing_of_the_message(void **state)
{
    static const char *const same[] = {"#河东暴雨互助#大家早上好呀", "#周末电影推荐#大家早上好呀",
                                       "#救命#大家早上好呀"};
    struct reading first = read_text(same[0]), other;
    size_t i;

    (void)state;
    for (i = 1; i < sizeof same / sizeof *same; i++) {
        other = read_text(same[i]);
        assert_memory_equal(first.intent_p, other.intent_p, sizeof first.intent_p);
    }
    other = read_text("3#2单元和4#楼都停水了"); /* no tag: numbers of buildings */
    assert_int_equal(other.intent, INTENT_REPORT);
}

static void who_answers_gives_or_takes(void **state)
{
    static const char *const gives[] = {"我家有一把，下来拿", "我来帮你搬", "等我下班给你送上来",
                                        "I have one, come and get it"};
    static const char *const takes[] = {"我要一份，谢谢", "还在吗？我想要", "给我留一个",
                                        "I'll take it if it's still there"};
    (void)state;
    for (size_t i = 0; i < sizeof gives / sizeof *gives; i++)
        if (read_text(gives[i]).gives <= 0)
            fail_msg("%s", gives[i]);
    for (size_t i = 0; i < sizeof takes / sizeof *takes; i++)
        if (read_text(takes[i]).gives >= 0)
            fail_msg("%s", takes[i]);
}

static void what_is_over_is_called_off_or_met(void **state)
{
    static const char *const off[] = {"算了，我不需要了", "不找了，家里翻到一个",
                                      "不好意思，临时加班去不了了",
                                      "sorry, can't make it after all"};
    static const char *const met[] = {"不用了，已经借到", "拿到了，谢谢", "到家了，改天请你喝茶",
                                      "都送完了", "fixed, thank you all"};
    (void)state;
    for (size_t i = 0; i < sizeof off / sizeof *off; i++)
        if (read_text(off[i]).withdraws <= 0)
            fail_msg("%s", off[i]);
    for (size_t i = 0; i < sizeof met / sizeof *met; i++)
        if (read_text(met[i]).withdraws >= 0)
            fail_msg("%s", met[i]);
}

static void probabilities_sum_to_one(void **state)
{
    static const char *const rows[] = {"", "。", "谁有梯子借一下", "haha", "🙏🙏🙏", "\xE2\x9D\x97"};
    size_t i;
    int k;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading r = read_text(rows[i]);
        float sum = 0;

        for (k = 0; k < INTENT_N; k++)
            sum += r.intent_p[k];
        assert_float_equal(sum, 1.0f, 1e-4f);
        assert_true(r.category_p >= 0 && r.category_p <= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_intent_alone_is_that_of_the_whole_reading),
        cmocka_unit_test(what_a_campaign_is_called_says_nothing_of_the_message),
        cmocka_unit_test(who_answers_gives_or_takes),
        cmocka_unit_test(what_is_over_is_called_off_or_met),
        cmocka_unit_test(probabilities_sum_to_one),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

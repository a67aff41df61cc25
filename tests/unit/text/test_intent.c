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
        cmocka_unit_test(probabilities_sum_to_one),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

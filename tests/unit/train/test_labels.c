/* What staff said becomes examples; a worse model is told from a better one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../service/train/compare_priv.h"
#include "../../../service/train/labels_priv.h"
#include "codec/labelled.h"

#define MESSAGES 500

static char path[64];
static FILE *out;

static int setup(void **state)
{
    (void)state;
    strcpy(path, "/tmp/linli-labels-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    out = fdopen(fd, "w");
    assert_non_null(out);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static void put(const char *message, int64_t at_ms, enum label_how how, enum intent intent)
{
    struct buf line;
    const struct labelled l = {.at_ms = at_ms,
                               .how = how,
                               .community = "c",
                               .group = "g",
                               .message = message,
                               .actor = "a",
                               .text = message,
                               .previous = "谁家有梯子",
                               .previous_intent = INTENT_REQUEST,
                               .before = {.urgency = URGENCY_NORMAL},
                               .after = {.intent = intent, .urgency = URGENCY_NORMAL}};
    buf_init(&line);
    labelled_encode(&l, &line);
    fprintf(out, "%s\n", buf_z_borrow(&line));
    buf_deinit(&line);
}

static void read_all(struct label_set *s)
{
    struct errbuf eb;
    FILE *nowhere = fopen("/dev/null", "w");
    fclose(out);
    assert_int_equal(labels_read(s, path, nowhere, &eb), ERR_OK);
    fclose(nowhere);
}

static void the_newest_label_of_a_message_counts(void **state)
{
    struct label_set s = {0};
    (void)state;
    put("m1", 10, LABEL_CORRECTED, INTENT_TRADE);
    put("m2", 20, LABEL_CORRECTED, INTENT_NOTICE);
    put("m1", 30, LABEL_CONFIRMED, INTENT_INQUIRY);
    put("m1", 5, LABEL_CORRECTED, INTENT_CHAT); /* in any order of lines */
    put("m3", 40, LABEL_APPROVED, INTENT_CHAT); /* let pass: no lesson */
    read_all(&s);
    assert_int_equal(s.n, 2);
    assert_string_equal(s.p[0].message, "m2");
    assert_int_equal(s.p[1].after.intent, INTENT_INQUIRY);
    labels_deinit(&s);
}

static void a_wrong_line_is_passed_over_and_told(void **state)
{
    struct label_set s = {0};
    struct errbuf eb;
    char *told = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&told, &n);
    (void)state;
    put("m1", 10, LABEL_CORRECTED, INTENT_TRADE);
    fputs("{\"how\":\"corrected\"}\n\nnonsense\n", out);
    put("m2", 10, LABEL_CORRECTED, INTENT_TRADE);
    fclose(out);
    assert_int_equal(labels_read(&s, path, f, &eb), ERR_OK);
    fclose(f);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.wrong, 2);
    assert_non_null(strstr(told, ":2: passed over: /message"));
    assert_non_null(strstr(told, ":4: passed over"));
    free(told);
    labels_deinit(&s);
    assert_int_equal(labels_read(&s, "/nowhere/labels", stderr, &eb), ERR_NOT_FOUND);
}

static void a_fifth_is_never_trained_on(void **state)
{
    struct label_set s = {0};
    struct corpus training = {0}, held_out = {0}, few = {0};
    (void)state;
    for (int i = 0; i < MESSAGES; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        put(id, i, LABEL_CORRECTED, INTENT_CHAT);
    }
    read_all(&s);
    size_t n = labels_add_training(&s, &training, 3);
    size_t held = labels_add_held_out(&s, &held_out, MESSAGES);
    assert_int_equal(n + held, MESSAGES);
    assert_int_equal(training.n, 3 * n);
    assert_in_range(held, MESSAGES / 5 - 40, MESSAGES / 5 + 40);
    for (size_t i = 0; i < training.n; i++) {
        assert_string_equal(training.p[i].text, training.p[i - i % 3].text);
        for (size_t k = 0; k < held_out.n; k++)
            assert_string_not_equal(training.p[i].text, held_out.p[k].text);
    }
    assert_int_equal(labels_add_held_out(&s, &few, 7), 7);
    assert_string_equal(few.p[0].text, held_out.p[0].text); /* the newest */
    corpus_deinit(&training);
    corpus_deinit(&held_out);
    corpus_deinit(&few);
    labels_deinit(&s);
}

static void an_answer_keeps_the_line_before_it(void **state)
{
    struct label_set s = {0};
    struct corpus c = {0};
    (void)state;
    for (int i = 0; i < 40; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        put(id, i, LABEL_CORRECTED, i % 2 ? INTENT_CLAIM : INTENT_CHAT);
    }
    read_all(&s);
    labels_add_training(&s, &c, 1);
    for (size_t i = 0; i < c.n; i++) {
        if (c.p[i].intent != INTENT_CLAIM) {
            assert_null(c.p[i].context);
            continue;
        }
        assert_string_equal(c.p[i].context, "谁家有梯子");
        assert_int_equal(c.p[i].context_intent, INTENT_REQUEST);
    }
    corpus_deinit(&c);
    labels_deinit(&s);
}

/* --- worse? --- */

static struct eval figures(void)
{
    struct eval e = {.n = 100,
                     .category_n = 50,
                     .category_right = 40,
                     .urgency_n = 50,
                     .urgency_right = 40,
                     .critical_n = 5,
                     .critical_right = 4,
                     .macro_f1 = 0.8};
    e.confusion[INTENT_CHAT][INTENT_CHAT] = 80;
    e.confusion[INTENT_CHAT][INTENT_TRADE] = 20;
    return e;
}

static void worse_is_what_loses_an_emergency_a_correction_or_a_hundredth(void **state)
{
    struct compared c = {.name = "x", .was = figures(), .is = figures()};
    (void)state;
    assert_null(compare_worse(&c, false));
    assert_null(compare_worse(&c, true));
    c.is.macro_f1 = 0.795;
    assert_null(compare_worse(&c, false));
    c.is.macro_f1 = 0.78;
    assert_non_null(compare_worse(&c, false));
    c.is = figures();
    c.is.critical_right = 3;
    assert_non_null(compare_worse(&c, false));
    c.is = figures();
    c.is.category_right = 39;
    assert_non_null(compare_worse(&c, false));
    assert_non_null(compare_worse(&c, true));
    c.is = figures();
    c.is.urgency_right = 39;
    assert_non_null(compare_worse(&c, false));
    c.is = figures();
    c.is.confusion[INTENT_CHAT][INTENT_CHAT] = 79;
    assert_null(compare_worse(&c, false));
    assert_non_null(compare_worse(&c, true));
    c.is.n = 0; /* nothing says nothing */
    assert_null(compare_worse(&c, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_newest_label_of_a_message_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_line_is_passed_over_and_told, setup, teardown),
        cmocka_unit_test_setup_teardown(a_fifth_is_never_trained_on, setup, teardown),
        cmocka_unit_test_setup_teardown(an_answer_keeps_the_line_before_it, setup, teardown),
        cmocka_unit_test(worse_is_what_loses_an_emergency_a_correction_or_a_hundredth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

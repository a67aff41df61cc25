#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../../service/train/scenes_priv.h"

#define LINE(id, sender, text, more)                                                               \
    "{\"id\":\"" id "\",\"sender\":{\"id\":\"" sender "\"},\"text\":\"" text                       \
    "\",\"scene\":\"s1\"," more "}\n"

static char folder[] = "/tmp/linli-scenes-XXXXXX";
static const char *const names[] = {"a.jsonl", "b.jsonl", "c.jsonl", "d.txt"};

static void path_of(int i, char path[64])
{
    snprintf(path, 64, "%s/%s", folder, names[i]);
}

static void put(int i, const char *text)
{
    char path[64];
    path_of(i, path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static int make_folder(void **state)
{
    (void)state;
    return !mkdtemp(folder);
}

static int drop_folder(void **state)
{
    char path[64];
    (void)state;
    for (int i = 0; i < 4; i++) {
        path_of(i, path);
        unlink(path);
    }
    return rmdir(folder);
}

static void a_message_comes_with_what_it_answers(void **state)
{
    struct corpus c = {0};
    struct errbuf eb = {.text = ""};
    (void)state;
    put(0, LINE("m1", "u1", "谁家有梯子",
                "\"means\":\"request\",\"category\":\"tools\",\"urgency\":\"urgent\"")
               LINE("m2", "u2", "谁家有秤", "\"means\":\"request\"")
                   LINE("m3", "u3", "我有", "\"means\":\"claim\",\"answers\":[\"m1\"]")
                       LINE("m4", "u4", "几楼", "\"means\":\"inquiry\",\"reply_to\":\"m2\""));
    assert_int_equal(corpus_add_scenes(&c, folder, CORPUS_ALL, &eb), ERR_OK);
    assert_int_equal(c.n, 4);
    assert_int_equal(c.p[0].category, CATEGORY_TOOLS);
    assert_int_equal(c.p[0].urgency, URGENCY_URGENT);
    assert_null(c.p[0].context);
    assert_int_equal(c.p[1].category, CATEGORY_NONE);
    assert_true(c.p[1].bare);
    assert_string_equal(c.p[2].context, "谁家有梯子");
    assert_int_equal(c.p[2].context_intent, INTENT_REQUEST);
    assert_string_equal(c.p[3].context, "谁家有秤");
    corpus_deinit(&c);
}

static void what_is_called_off_is_told_from_what_is_met(void **state)
{
    struct corpus c = {0};
    struct errbuf eb = {.text = ""};
    (void)state;
    put(0, LINE("m1", "u1", "谁家有梯子", "\"means\":\"request\"")
               LINE("m2", "u2", "我有", "\"means\":\"claim\",\"answers\":[\"m1\"]")
                   LINE("m3", "u2", "来不了了",
                        "\"means\":\"closure\",\"ends\":[\"m2\"],\"outcome\":\"withdrawn\"")
                       LINE("m4", "u1", "借到了", "\"means\":\"closure\",\"ends\":[\"m1\"]")
                           LINE("m5", "u3", "散了", "\"means\":\"closure\""));
    assert_int_equal(corpus_add_scenes(&c, folder, CORPUS_ALL, &eb), ERR_OK);
    assert_int_equal(c.n, 5);
    assert_true(example_answers(&c.p[1]));
    assert_false(example_answers(&c.p[0]));
    assert_int_equal(c.p[1].outcome, OUTCOME_UNKNOWN);
    assert_int_equal(c.p[2].outcome, OUTCOME_WITHDRAWN);
    assert_int_equal(c.p[3].outcome, OUTCOME_MET);
    assert_int_equal(c.p[4].outcome, OUTCOME_UNKNOWN); /* nobody knows what it ends */
    corpus_deinit(&c);
}

static void every_second_file_may_stay_unseen(void **state)
{
    struct errbuf eb = {.text = ""};
    (void)state;
    put(0, LINE("m1", "u1", "一", "\"means\":\"chat\""));
    put(1, LINE("m1", "u1", "二", "\"means\":\"chat\""));
    put(2, LINE("m1", "u1", "三", "\"means\":\"chat\""));
    put(3, "not of a scene");
    for (int but = CORPUS_ALL; but < 2; but++) {
        static const char *const left[] = {"一二三", "二", "一三"};
        struct corpus c = {0};
        char got[32] = "";
        assert_int_equal(corpus_add_scenes(&c, folder, but, &eb), ERR_OK);
        for (size_t i = 0; i < c.n; i++)
            strcat(got, c.p[i].text);
        assert_string_equal(got, left[but + 1]);
        corpus_deinit(&c);
    }
}

static void a_line_that_is_wrong_is_named(void **state)
{
    static const struct {
        const char *line, *told;
    } rows[] = {
        {LINE("m2", "u1", "一", "\"means\":\"nothing\""), ":2: a scene, id, sender or meaning"},
        {LINE("m2", "", "一", "\"means\":\"chat\""), ":2: a scene, id, sender or meaning"},
        {LINE("m2", "u1", "一", "\"means\":\"closure\",\"outcome\":\"off\""), "not withdrawn"},
        {"{\"id\":\n", ":2: "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct corpus c = {0};
        struct errbuf eb = {.text = ""};
        char text[512];
        snprintf(text, sizeof text, "%s%s", LINE("m1", "u1", "一", "\"means\":\"chat\""),
                 rows[i].line);
        put(0, text);
        assert_int_equal(corpus_add_scenes(&c, folder, CORPUS_ALL, &eb), ERR_BAD_FIELD);
        assert_non_null(strstr(eb.text, rows[i].told));
        corpus_deinit(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_comes_with_what_it_answers),
        cmocka_unit_test(what_is_called_off_is_told_from_what_is_met),
        cmocka_unit_test(every_second_file_may_stay_unseen),
        cmocka_unit_test(a_line_that_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}

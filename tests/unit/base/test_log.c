#include "base/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"

/* Standard error goes to a file while `fn` runs; the caller frees what it wrote. */
static char *caught(void (*fn)(void))
{
    FILE *f = tmpfile();
    int before = dup(STDERR_FILENO);
    assert_true(f && before >= 0);
    assert_int_equal(dup2(fileno(f), STDERR_FILENO), STDERR_FILENO);
    fn();
    assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
    close(before);
    off_t n = lseek(fileno(f), 0, SEEK_END);
    char *text = mem_new((size_t)n + 1);
    assert_int_equal(pread(fileno(f), text, (size_t)n, 0), n);
    fclose(f);
    return text;
}

static void each_level(void)
{
    log_error("e %d", 1);
    log_warn("w");
    log_info("i");
    log_debug("d");
}

static void the_level_decides_what_is_written(void **state)
{
    (void)state;
    log_setup(LOG_LEVEL_DEBUG, false);
    char *text = caught(each_level);
    assert_string_equal(text, "<3>linlid: e 1\n<4>linlid: w\n<6>linlid: i\n<7>linlid: d\n");
    free(text);
    log_setup(LOG_LEVEL_WARN, false);
    text = caught(each_level);
    assert_string_equal(text, "<3>linlid: e 1\n<4>linlid: w\n");
    free(text);
}

static void nasty(void)
{
    log_info("a\nb\t\"c\\ \x1b[31m \x7f 邻");
    log_info("bad \xff\xe9 byte");
}

static void a_line_stays_one_line_of_valid_text(void **state)
{
    (void)state;
    log_setup(LOG_LEVEL_INFO, false);
    char *text = caught(nasty);
    assert_string_equal(text, "<6>linlid: a b \"c\\  [31m   邻\n<6>linlid: bad ?? byte\n");
    free(text);
    log_setup(LOG_LEVEL_INFO, true);
    text = caught(nasty);
    assert_non_null(strstr(text, "\"level\":\"info\",\"text\":\"a b \\\"c\\\\  [31m   邻\"}\n"));
    assert_non_null(strstr(text, "\"text\":\"bad ?? byte\"}\n"));
    assert_int_equal(strncmp(text, "{\"time\":\"20", 11), 0);
    free(text);
}

static void endless(void)
{
    char text[4096];
    for (size_t i = 0; i + 4 < sizeof text; i += 3)
        memcpy(text + i, "邻", 4);
    log_info("%s", text);
}

static void a_long_line_is_cut_at_a_character(void **state)
{
    (void)state;
    log_setup(LOG_LEVEL_INFO, false);
    char *text = caught(endless);
    size_t n = strlen(text);
    assert_true(n > 1000 && n < 1100 && str_is_utf8(str_of(text)));
    assert_null(strchr(text, '?'));
    assert_int_equal(text[n - 1], '\n');
    free(text);
}

#define THREADS 4
#define LINES 500
static void *talk(void *arg)
{
    for (int i = 0; i < LINES; i++)
        log_info("thread %s says the same thing over and over again", (const char *)arg);
    return NULL;
}

static void many_talk(void)
{
    static char names[THREADS][2] = {"a", "b", "c", "d"};
    pthread_t t[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, talk, names[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
}

static void lines_of_threads_do_not_mix(void **state)
{
    int counts[THREADS] = {0}, lines = 0;
    (void)state;
    log_setup(LOG_LEVEL_INFO, false);
    char *text = caught(many_talk), *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) && rest; lines++) {
        char who;
        int end = 0;
        assert_int_equal(sscanf(line,
                                "<6>linlid: thread %c says the same thing over and over again%n",
                                &who, &end),
                         1);
        assert_int_equal(line[end], 0);
        counts[who - 'a']++;
    }
    assert_int_equal(lines, THREADS * LINES);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(counts[i], LINES);
    free(text);
}

static void level_names_are_read(void **state)
{
    enum log_level level = LOG_LEVEL_ERROR;
    (void)state;
    assert_true(log_level_parse("debug", &level));
    assert_int_equal(level, LOG_LEVEL_DEBUG);
    assert_false(log_level_parse("loud", &level));
    assert_false(log_level_parse("", &level));
    assert_int_equal(level, LOG_LEVEL_DEBUG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_level_decides_what_is_written),
        cmocka_unit_test(a_line_stays_one_line_of_valid_text),
        cmocka_unit_test(a_long_line_is_cut_at_a_character),
        cmocka_unit_test(lines_of_threads_do_not_mix),
        cmocka_unit_test(level_names_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

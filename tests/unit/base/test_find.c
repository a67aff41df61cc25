/* Finds what strstr finds, in any text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/find.h"

static uint64_t seed = 20261123;
static unsigned any(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static void make(char *out, unsigned most)
{
    static const char *const pieces[] = {"我", "有", "a", "b", " ", "电", "钻", "1"};
    unsigned n = any(most);
    out[0] = 0;
    while (n-- > 0)
        strcat(out, pieces[any(8)]);
}

static void it_finds_what_strstr_finds(void **state)
{
    char text[128], word[32];
    struct find f;
    int found = 0;
    (void)state;
    for (int i = 0; i < 50000; i++) {
        make(text, 30);
        make(word, 4);
        find_init(&f, text);
        assert_int_equal(find_word(&f, word), strstr(text, word) != NULL);
        found += strstr(text, word) != NULL;
    }
    assert_in_range(found, 10000, 45000);
}

static void any_of_a_list_is_enough(void **state)
{
    static const char *const words[] = {"梯子", "I have", "1", NULL}, *const none[] = {NULL};
    struct find f;
    (void)state;
    find_init(&f, "谁家有梯子");
    assert_true(find_any(&f, words));
    assert_false(find_any(&f, none));
    find_init(&f, "1");
    assert_true(find_any(&f, words));
    find_init(&f, "");
    assert_false(find_any(&f, words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_finds_what_strstr_finds),
                                       cmocka_unit_test(any_of_a_list_is_enough)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

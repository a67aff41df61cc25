/* Which features a message has: the same code tells them to the trainer and to the daemon. */
#include "reading.h"

#include <string.h>

#include "../../../service/text/work_priv.h"

/* The n-grams of a text, in the order in which they are met. */
static struct features grams_of(const char *text)
{
    struct text_query q = {.text = str_of(text), .time_ms = now_ms, .zone_min = ZONE};
    struct features f;

    feature_grams(work, &q, &f);
    return f;
}

static bool has(const struct features *f, uint32_t key)
{
    size_t i;

    for (i = 0; i < f->n_grams; i++)
        if (f->keys[i] == key)
            return true;
    return false;
}

static size_t shared(const struct features *a, const struct features *b)
{
    size_t i, n = 0;

    for (i = 0; i < a->n_grams; i++)
        n += has(b, a->keys[i]);
    return n;
}

/* Of u units, a start and an end: u + 2 of one, u + 1 of two, u of three, and a word's stem. */
static void a_word_of_letters_counts_as_one_character(void **state)
{
    static const struct {
        const char *text;
        size_t units, stems;
    } rows[] = {{"", 0, 0},
                {"借梯子", 3, 0},
                {"drill", 1, 1},
                {"we need milk", 3, 2},
                {"we need milk?", 4, 2},
                {"don't go", 2, 0},
                {"借iPad", 2, 1},
                {"借 iPad 用", 3, 1},
                {"2 eggs", 2, 1}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct features f = grams_of(rows[i].text);

        if (f.n_grams != 3 * rows[i].units + 3 + rows[i].stems)
            fail_msg("\"%s\": %zu", rows[i].text, f.n_grams);
    }
}

static void words_that_begin_alike_have_that_in_common(void **state)
{
    struct features one = grams_of("needed"), other = grams_of("needing"), none = grams_of("kneed");

    (void)state;
    assert_int_equal(shared(&one, &other), 3); /* a start, an end, and the stem */
    assert_int_equal(shared(&one, &none), 2);
}

static void blanks_and_capitals_are_no_matter(void **state)
{
    struct features one = grams_of("anyone got a drill"), other = grams_of("Anyone  got a DRILL ");

    (void)state;
    assert_int_equal(one.n_grams, other.n_grams);
    assert_memory_equal(one.keys, other.keys, one.n_grams * sizeof *one.keys);
}

static void the_order_of_words_is_one(void **state)
{
    struct features one = grams_of("dog bites man"), other = grams_of("man bites dog");

    (void)state;
    assert_int_equal(one.n_grams, other.n_grams);
    assert_int_equal(shared(&one, &other), 6); /* the words, a stem, both ends */
}

static void the_longest_text_has_room(void **state)
{
    static char text[TEXT_MAX_BYTES];
    static const struct {
        const char *part;
        size_t units, grams;
    } rows[] = {
        {"a ", 703, 15}, {"abcd ", 283, 16}, {"abcde", 5, 13}, {"借", 5, 9}, {"' ", 1403, 1415}};
    size_t i, n;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *part = rows[i].part;

        for (n = 0; n + strlen(part) < sizeof text; n += strlen(part))
            memcpy(text + n, part, strlen(part));
        text[n] = 0;
        struct features f = grams_of(text);
        if (work->n_units != rows[i].units || f.n_grams != rows[i].grams)
            fail_msg("\"%s\": %zu units, %zu n-grams", part, work->n_units, f.n_grams);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_of_letters_counts_as_one_character),
        cmocka_unit_test(words_that_begin_alike_have_that_in_common),
        cmocka_unit_test(blanks_and_capitals_are_no_matter),
        cmocka_unit_test(the_order_of_words_is_one),
        cmocka_unit_test(the_longest_text_has_room),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

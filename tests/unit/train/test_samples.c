/* What a model learns from hangs on what the corpus says, not on where a line stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../../service/train/lexbuild_priv.h"
#include "../../../service/train/samples_priv.h"

#define CORPUS "service/text/corpus/english.tsv"
#define MOST 100000

static struct lexbuild *words;

static int read_words(void **state)
{
    struct errbuf eb;
    const struct lexbuild_paths paths = {"service/text/lexicon.tsv", "service/text/cues.tsv",
                                         "service/text/classes.tsv"};

    (void)state;
    return lexbuild_new(&paths, &words, &eb) != ERR_OK;
}

static int forget_words(void **state)
{
    (void)state;
    lexbuild_free(&words);
    return 0;
}

/* The file's lines, behind so many that stand nowhere else. */
static struct corpus corpus_behind(int more)
{
    struct corpus c = {0};
    struct errbuf eb;
    char text[40];
    int i;

    for (i = 0; i < more; i++) {
        snprintf(text, sizeof text, "一句别处没有的话%d", i);
        corpus_push(&c, (struct example){.intent = INTENT_CHAT, .text = strdup(text)});
    }
    assert_int_equal(corpus_add_file(&c, CORPUS, &eb), ERR_OK);
    return c;
}

static struct samples samples_of(const struct corpus *c)
{
    struct samples s;

    samples_init(&s, c, lexbuild_view_borrow(words), 1, MOST);
    return s;
}

static bool is_same(const struct samples *a, const struct sample *x, const struct samples *b,
                    const struct sample *y)
{
    uint32_t i;

    if (x->kept != y->kept || x->n != y->n || x->n_grams != y->n_grams)
        return false;
    for (i = 0; i < x->n; i++)
        if (a->vocabulary[x->f[i]] != b->vocabulary[y->f[i]])
            return false;
    return true;
}

static void lines_in_front_change_only_what_stands_behind_them(void **state)
{
    struct corpus one = corpus_behind(0), more = corpus_behind(3);
    struct samples a = samples_of(&one), b = samples_of(&more);
    size_t i, differ = 0, kept = 0;

    (void)state;
    assert_true(one.n > 100 && more.n == one.n + 3);
    for (i = 0; i < 2 * one.n; i++) {
        assert_int_equal(a.p[i].kept, b.p[i + 6].kept);
        kept += a.p[i].kept;
        if (is_same(&a, &a.p[i], &b, &b.p[i + 6]))
            continue;
        assert_true(a.p[i].setting == SETTING_ELSEWHERE && !a.p[i].example->context);
        differ++;
    }
    assert_true(differ < one.n / 8); /* those that stand behind one of the three now */
    assert_true(kept > one.n / 3 && kept < one.n * 2 / 3); /* a quarter of both */
    samples_deinit(&a);
    samples_deinit(&b);
    corpus_deinit(&one);
    corpus_deinit(&more);
}

static void copies_are_kept_together_or_not_at_all(void **state)
{
    struct corpus c = corpus_behind(0);
    size_t n = c.n, i;

    (void)state;
    for (i = 0; i < n; i++) {
        struct example copy = c.p[i];

        copy.text = strdup(copy.text);
        copy.context = copy.context ? strdup(copy.context) : NULL;
        corpus_push(&c, copy);
    }
    struct samples s = samples_of(&c);
    for (i = 0; i < n; i++)
        assert_int_equal(s.p[2 * i].kept, s.p[2 * (n + i)].kept);
    samples_deinit(&s);
    corpus_deinit(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_in_front_change_only_what_stands_behind_them),
        cmocka_unit_test(copies_are_kept_together_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, read_words, forget_words);
}

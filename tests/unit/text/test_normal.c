#include "text/normal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "text/text.h"

static const struct {
    const char *text, *normal;
} rows[] = {
    {"谁家有梯子？", "谁家有梯子?"},
    {"ＡＢＣ１２３，。！", "abc123,。!"},
    {"請問邊個有電鑽", "请问边个有电钻"},
    {"妳好", "你好"},
    {"Hello World", "hello world"},
    {"好的！！！！！！", "好的!!"},
    {"哈哈哈哈哈哈哈", "哈哈哈"},
    {"13888888888", "13888888888"},
    {"一二二二二三", "一二二二二三"},
    {"加油💪💪💪", "加油👍"},
    {"😂🤣笑死", "☺笑死"},
    {"谢谢🙏🏻🙏🏻", "谢谢🙏"},
    {"[捂脸][捂脸]没有", "☺没有"},
    {"［捂臉］", "☺"},
    {"[图片]电梯坏了", "▣电梯坏了"},
    {"[通知]停水", "[通知]停水"},
    {"@张三\xE2\x80\x85"
     "你有吗",
     "@你有吗"},
    {"@张三 你有吗", "@张三 你有吗"},
    {"[CQ:at,qq=12345] 在吗", "@ 在吗"},
    {"[CQ:image,file=abc.jpg]漏水", "漏水"},
    {"[CQ:face,id=14]早", "☆早"},
    {"  多  个\t空格　全角  ", "多 个 空格 全角"},
    {"一行\r\n\r\n二行 \n 三行", "一行\n二行\n三行"},
    {"1⃣3⃣8️⃣", "138"},
    {"①②③❹", "1234"},
    {"零\xE2\x80\x8B宽", "零宽"},
    {"9:00–17:00", "9:00-17:00"},
    {"“引号”「引」", "\"引号\"\"引\""},
    {"cafe\xCC\x81", "café"},
    {"ﬁre", "fire"},
    {"㎏", "kg"},
    {"急❗❗❗", "急!!"},
    {"👨‍👩‍👧一家", "☆一家"},
    {"", ""},
    {"   ", ""},
    {"\xFF\xFE坏", "坏"},
};

static struct str normal_of(struct str text, char *out, size_t size)
{
    return (struct str){out, text_normalise(text, out, NULL, size)};
}

static void many_ways_of_writing_become_one(void **state)
{
    size_t i;
    char out[512];
    int wrong = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str n = normal_of(str_of(rows[i].text), out, sizeof out);

        if (!str_is(n, rows[i].normal)) {
            print_error("%s: %.*s, meant %s\n", rows[i].text, (int)n.n, n.p, rows[i].normal);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static char first[TEXT_MAX_BYTES], second[TEXT_MAX_BYTES];
static uint16_t map[TEXT_MAX_BYTES];

/* The laws: twice is once, UTF-8 out, the map never goes back and stays inside. */
static void hold_laws(struct str text)
{
    size_t n = text_normalise(text, first, map, sizeof first), i, m;

    assert_true(str_is_utf8((struct str){first, n}));
    for (i = 0; i < n; i++) {
        assert_true(map[i] < text.n);
        assert_true(i == 0 || map[i] >= map[i - 1]);
    }
    m = text_normalise((struct str){first, n}, second, NULL, sizeof second);
    if (m != n || memcmp(first, second, n) != 0)
        fail_msg("'%.*s' became '%.*s'", (int)n, first, (int)m, second);
}

static void hold_laws_for_file(const char *path)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;

    if (!f)
        return;
    while ((n = getline(&line, &cap, f)) > 0)
        hold_laws((struct str){line, (size_t)n});
    free(line);
    fclose(f);
}

static void twice_is_once_over_the_lexicon(void **state)
{
    (void)state;
    hold_laws_for_file("service/text/lexicon.tsv");
    hold_laws_for_file("service/text/cues.tsv");
    hold_laws_for_file("service/text/corpus/everyday.tsv");
}

static uint32_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Code points of all planes, with many of the kinds that the normaliser treats in a special way. */
static size_t put_random(char *out, uint64_t *state)
{
    static const char *const pieces[] = {"[",
                                         "]",
                                         "捂脸",
                                         "[CQ:at,qq=1]",
                                         "@",
                                         "\xE2\x80\x85",
                                         " ",
                                         "\n",
                                         "\xE2\x80\x8B",
                                         "\xCC\x81",
                                         "e",
                                         "哈",
                                         "😂",
                                         "👍",
                                         "\xF0\x9F\x8F\xBB",
                                         "\xE2\x80\x8D",
                                         "1\xE2\x83\xA3",
                                         "乾",
                                         "﷽",
                                         "각",
                                         "\xE1\x84\x80\xE1\x85\xA1",
                                         "!",
                                         "。",
                                         "-",
                                         "~",
                                         "①",
                                         "[图片"};
    uint32_t cp = random_next(state);
    const char *piece = pieces[cp / 2 % (sizeof pieces / sizeof *pieces)];

    if (cp % 2) {
        memcpy(out, piece, strlen(piece));
        return strlen(piece);
    }
    cp = random_next(state) % (random_next(state) % 4 ? 0x3000 : 0x110000);
    if (cp == 0 || (cp >= 0xD800 && cp < 0xE000))
        cp = 0x4E00;
    if (cp < 0x80)
        return (size_t)sprintf(out, "%c", (int)cp);
    if (cp < 0x800)
        return (size_t)sprintf(out, "%c%c", (int)(0xC0 | cp >> 6), (int)(0x80 | (cp & 63)));
    if (cp < 0x10000)
        return (size_t)sprintf(out, "%c%c%c", (int)(0xE0 | cp >> 12), (int)(0x80 | (cp >> 6 & 63)),
                               (int)(0x80 | (cp & 63)));
    return (size_t)sprintf(out, "%c%c%c%c", (int)(0xF0 | cp >> 18), (int)(0x80 | (cp >> 12 & 63)),
                           (int)(0x80 | (cp >> 6 & 63)), (int)(0x80 | (cp & 63)));
}

static void twice_is_once_over_random_text(void **state)
{
    uint64_t seed = 20261123;
    int round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        char text[512];
        size_t n = 0;

        while (n < 200 && random_next(&seed) % 24)
            n += put_random(text + n, &seed);
        hold_laws((struct str){text, n});
    }
}

static void every_code_point_alone_is_stable(void **state)
{
    uint32_t cp;

    (void)state;
    for (cp = 0x80; cp < 0x30000; cp++) {
        char text[8];
        size_t n;

        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
        if (n == 2)
            sprintf(text, "%c%c", (int)(0xC0 | cp >> 6), (int)(0x80 | (cp & 63)));
        else if (n == 3)
            sprintf(text, "%c%c%c", (int)(0xE0 | cp >> 12), (int)(0x80 | (cp >> 6 & 63)),
                    (int)(0x80 | (cp & 63)));
        else
            sprintf(text, "%c%c%c%c", (int)(0xF0 | cp >> 18), (int)(0x80 | (cp >> 12 & 63)),
                    (int)(0x80 | (cp >> 6 & 63)), (int)(0x80 | (cp & 63)));
        hold_laws((struct str){text, n});
    }
}

static void a_small_output_is_filled_and_never_overrun(void **state)
{
    const char *text = "请问哪位邻居有轮椅😂借用一下？ﷺ";
    char out[128];
    size_t size;

    (void)state;
    for (size = 0; size < sizeof out; size++) {
        size_t n;

        memset(out, 'x', sizeof out);
        n = text_normalise(str_of(text), out, NULL, size);
        assert_true(n <= size);
        assert_true(str_is_utf8((struct str){out, n}));
        assert_int_equal(out[size], 'x');
    }
}

static void a_long_text_is_read_up_to_the_limit(void **state)
{
    size_t n = 3 * TEXT_MAX_BYTES;
    char *text = malloc(n);
    size_t got;

    (void)state;
    memset(text, 'a', n);
    for (got = 0; got < n; got += 2)
        text[got] = (char)('a' + got % 25);
    got = text_normalise((struct str){text, n}, first, map, sizeof first);
    assert_true(got <= TEXT_MAX_BYTES && got > TEXT_MAX_BYTES / 2);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_ways_of_writing_become_one),
        cmocka_unit_test(twice_is_once_over_the_lexicon),
        cmocka_unit_test(twice_is_once_over_random_text),
        cmocka_unit_test(every_code_point_alone_is_stable),
        cmocka_unit_test(a_small_output_is_filled_and_never_overrun),
        cmocka_unit_test(a_long_text_is_read_up_to_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

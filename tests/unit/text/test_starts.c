/* The filter in front of the grammars may only leave out where nothing begins. Every English word
   of the grammars' own tables is tried with it and without it, so that a word added to a table and
   not to the filter shows. */
#include "reading.h"

#include <ctype.h>

#include "../../../service/text/amount_priv.h"
#include "../../../service/text/normal_priv.h"
#include "../../../service/text/place_priv.h"
#include "../../../service/text/scan_priv.h"
#include "../../../service/text/when_priv.h"

enum { TEXT_SIZE = 256, SOURCE_SIZE = 64 * 1024 };

struct found {
    size_t from, to;
};

/* What the three grammars find, one behind the other. */
static int read_all(struct str s, const unsigned char *starts, struct found *out, int most)
{
    struct when_match t;
    struct place_match p;
    struct amount_match a;
    size_t at;
    int n = 0;

    for (at = 0; n < most && when_next(s, starts, &at, now_ms, ZONE, &t);)
        out[n++] = (struct found){t.from, t.to};
    for (at = 0; n < most && place_next(s, starts, &at, &p);)
        out[n++] = (struct found){p.from, p.to};
    for (at = 0; n < most && amount_next(s, starts, &at, &a);)
        out[n++] = (struct found){a.from, a.to};
    return n;
}

static int tried;

static void try_text(const char *text)
{
    enum { MOST = 16 };
    char buf[TEXT_SIZE];
    struct normal normal = {.p = buf, .size = sizeof buf};
    struct str s;
    unsigned char starts[TEXT_SIZE], wide[TEXT_SIZE];
    struct found a[MOST] = {{0}}, b[MOST] = {{0}};
    int n;

    normal_run(&normal, str_of(text));
    s = (struct str){normal.p, normal.n};
    scan_starts(s, starts);
    memcpy(wide, starts, s.n);
    for (size_t i = 0; i < s.n; i++)
        if (scan_is_letter(s, i) && (i == 0 || !scan_is_letter(s, i - 1)))
            wide[i] |= SCAN_AT_WHEN | SCAN_AT_PLACE | SCAN_AT_AMOUNT;
    n = read_all(s, wide, b, MOST);
    if (read_all(s, starts, a, MOST) != n || memcmp(a, b, sizeof a) != 0)
        fail_msg("\"%s\" is read otherwise where its start is looked for: scan.c, latin_pairs",
                 text);
    tried += n;
}

static void try_word(const char *word)
{
    static const char *const behind[] = {
        "",     " 5",       " 5 pm", " monday", " bags of rice", " 15",
        " day", " morning", " b 3",  " floor",  " hours later"};
    char text[TEXT_SIZE];

    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        snprintf(text, sizeof text, "%s%s", word, behind[i]);
        try_text(text);
    }
}

/* Each literal of the source that is an English word or a few. */
static int try_source(const char *path)
{
    static char source[SOURCE_SIZE];
    FILE *f = fopen(path, "r");
    char *from, *to;
    int words = 0;

    assert_non_null(f);
    source[fread(source, 1, sizeof source - 1, f)] = 0;
    assert_true(feof(f));
    fclose(f);
    for (from = strchr(source, '"'); from && (to = strchr(from + 1, '"'));
         from = strchr(to + 1, '"')) {
        *to = 0;
        if (islower((unsigned char)from[1]) &&
            strspn(from + 1, "abcdefghijklmnopqrstuvwxyz '") == strlen(from + 1)) {
            try_word(from + 1);
            words++;
        }
    }
    return words;
}

static void no_word_of_a_grammar_is_left_out(void **state)
{
    static const char *const sources[] = {"when.c",       "when_day.c", "when_feast.c",
                                          "when_parts.c", "place.c",    "place_latin.c",
                                          "place_near.c", "amount.c"};
    char path[64];
    int words = 0;

    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        snprintf(path, sizeof path, "service/text/%s", sources[i]);
        words += try_source(path);
    }
    assert_true(words > 100 && tried > words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_word_of_a_grammar_is_left_out),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

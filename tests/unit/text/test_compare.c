#include "text/compare.h"

#include "base/mem.h"

#include "../../../service/text/kin_priv.h"
#include "../../../service/text/normal_priv.h"
#include "reading.h"

extern const unsigned char text_kin_txt[];
extern const unsigned long text_kin_txt_len;

static struct text_kin *kin;

static int setup(void **state)
{
    kin = text_kin_new();
    return reading_setup(state);
}

static int teardown(void **state)
{
    text_kin_free(&kin);
    assert_null(kin);
    return reading_teardown(state);
}

static struct text_view view(const char *text)
{
    struct text_query q = {.text = str_of(text), .time_ms = now_ms, .zone_min = ZONE};
    struct text_view v;

    text_view(model, work, kin, &q, &v);
    return v;
}

/* --- terms --- */

static void forms_of_one_word_have_one_stem(void **state)
{
    static const char *const rows[][2] = {
        {"supplies", "supply"}, {"blankets", "blanket"},  {"boxes", "box"},
        {"donating", "donate"}, {"donated", "donates"},   {"shipping", "ship"},
        {"needed", "needing"},  {"batteries", "battery"}, {"filling", "fill"},
        {"dishes", "dish"},     {"medicines", "medicine"}};
    /* no endings: what is left would be no word, or another */
    static const char *const apart[][2] = {{"virus", "viru"}, {"string", "str"}, {"bus", "bu"},
                                           {"glass", "glas"}, {"ring", "r"},     {"bed", "b"},
                                           {"sing", "s"}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows + sizeof apart / sizeof *apart; i++) {
        bool same = i < sizeof rows / sizeof *rows;
        const char *const *pair = same ? rows[i] : apart[i - sizeof rows / sizeof *rows];
        char a[32], b[32];
        size_t n, m;

        str_copy(a, sizeof a, str_of(pair[0]));
        str_copy(b, sizeof b, str_of(pair[1]));
        n = term_stem(a, strlen(a));
        m = term_stem(b, strlen(b));
        if (str_eq((struct str){a, n}, (struct str){b, m}) != same)
            fail_msg("%s / %s: %.*s / %.*s", pair[0], pair[1], (int)n, a, (int)m, b);
    }
}

static void a_longer_word_has_a_root_which_its_derivations_share(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } table[] = {{"donors", "donor", true},
                 {"volunteering", "voluntary", true},
                 {"generator", "general", true}, /* the price */
                 {"donation", "donor", false},   /* fewer letters in common */
                 {"water", "waiter", false}};
    struct term a[4], b[4];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(term_cut(str_of(table[i].a), a, 4), 1);
        assert_int_equal(term_cut(str_of(table[i].b), b, 4), 1);
        assert_true(a->root && b->root);
        assert_true((a->root == b->root) == table[i].same);
        assert_true(a->root != a->key);
    }
    term_cut(STR("cats 123456 水"), a, 4);
    assert_true(!a[0].root && !a[1].root && !a[2].root);
}

static void a_tag_is_parted_at_its_capitals(void **state)
{
    static const char *const rows[][2] = {
        {"help #HurricaneLena now", "help #Hurricane Lena now"},
        {"RT @TheHelpersNYC: McDonald", "RT @The Helpers NYC: McDonald"},
        {"#lena LenaFlood", "#lena LenaFlood"},
        {"#A#bC", "#A#b C"},
        {"#水灾Help#", "#水灾Help#"},
        {"", ""}};
    char out[64];
    size_t i, n;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        n = text_part_tags(str_of(rows[i][0]), out);
        assert_true(n <= 2 * strlen(rows[i][0]));
        assert_true(str_is((struct str){out, n}, rows[i][1]));
    }
}

static void links_and_telephones_are_no_terms(void **state)
{
    struct term t[16];

    (void)state;
    assert_int_equal(term_cut(STR("water https://t.co/abc 16055501122 now"), t, 16), 2);
    assert_int_equal(term_cut(STR("三教201"), t, 16), 3);
    assert_true(t[0].han && t[1].han && !t[2].han);
    assert_int_equal(term_cut(STR("一二三四"), t, 2), 2);
    assert_int_equal(term_cut(STR(""), t, 16), 0);
    assert_int_equal(term_cut(STR("，。!? ☆"), t, 16), 0);
}

static void any_bytes_are_cut_within_bounds(void **state)
{
    enum { MOST = 8 };
    int round;
    size_t i, n, full = 0;

    (void)state;
    srand(11);
    for (round = 0; round < 20000; round++) {
        /* As large as they may be used, so that a sanitizer sees a step beyond. */
        struct term *t = mem_new((MOST + 1) * sizeof *t);
        char *bytes;

        n = (size_t)(rand() % 64);
        bytes = mem_new(n + 1);
        bytes = mem_grow(bytes, n ? n : 1, 1);
        for (i = 0; i < n; i++)
            bytes[i] = (char)(rand() % 256);
        t[MOST].key = 0xABCDEFu;
        assert_true(term_cut((struct str){bytes, n}, t, MOST) <= MOST);
        assert_int_equal(t[MOST].key, 0xABCDEFu);
        full += term_cut((struct str){bytes, n}, t, MOST) == MOST;
        free(bytes);
        free(t);
    }
    assert_true(full > 1000); /* the bound has been met */
}

/* --- the table --- */

static void the_table_is_in_normal_form_and_every_near_family_has_words(void **state)
{
    struct str rest = {(const char *)text_kin_txt, text_kin_txt_len};
    char out[8192], names[16384] = "\n", want[64];
    int pass;

    (void)state;
    for (pass = 0; pass < 2; pass++) {
        struct str all = rest;

        while (all.n > 0) {
            struct str line = str_cut(&all, '\n'), name, words;

            if (line.n == 0 || line.p[0] == '#')
                continue;
            name = str_cut(&line, '\t');
            words = str_cut(&line, '\t');
            if (pass == 0) {
                snprintf(names + strlen(names), sizeof names - strlen(names), "%.*s\n", (int)name.n,
                         name.p);
                assert_true(words.n < sizeof out);
                if (!str_eq((struct str){out, text_normalise(words, out, NULL, sizeof out)}, words))
                    fail_msg("%.*s: not in normal form", (int)name.n, name.p);
            }
            while (pass == 1 && line.n > 0) {
                struct str pair = str_cut(&line, ','), near = str_cut(&pair, '=');

                snprintf(want, sizeof want, "\n%.*s\n", (int)near.n, near.p);
                if (pair.n > 0 && !strstr(names, want))
                    fail_msg("%.*s: no such family: %s", (int)name.n, name.p, want);
            }
        }
    }
}

/* What is near is near both ways, so that the table may say so once or twice, but not otherwise. */
static void two_families_are_near_in_one_way(void **state)
{
    static struct {
        struct str a, b, weight;
    } seen[1024];
    struct str rest = {(const char *)text_kin_txt, text_kin_txt_len};
    size_t n = 0, i;

    (void)state;
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n'), name = str_cut(&line, '\t');

        if (name.n == 0 || name.p[0] == '#')
            continue;
        str_cut(&line, '\t'); /* its words */
        while (line.n > 0) {
            struct str weight = str_cut(&line, ','), near = str_cut(&weight, '=');

            for (i = 0; i < n; i++)
                if (str_eq(seen[i].a, near) && str_eq(seen[i].b, name) &&
                    !str_eq(seen[i].weight, weight))
                    fail_msg("%.*s and %.*s are near in two ways", (int)name.n, name.p, (int)near.n,
                             near.p);
            assert_true(n < sizeof seen / sizeof *seen);
            seen[n].a = name;
            seen[n].b = near;
            seen[n++].weight = weight;
        }
    }
    assert_true(n > 20);
}

/* --- likeness --- */

static double covers(const char *a, const char *b)
{
    struct text_view views[] = {view(b), view("a choir sings at the mall"), view("卖电风扇")};
    struct text_view asked = view(a);
    struct text_rarity *r = text_rarity_new(views, 3);
    double like = text_kin_covers(kin, r, &asked, &views[0]);

    text_rarity_free(&r);
    assert_null(r);
    assert_true(like >= 0 && like <= 1);
    return like;
}

static void a_need_is_like_what_meets_it_in_other_words(void **state)
{
    (void)state;
    assert_true(covers("we are so thirsty", "tankers are coming") > 0.2);
    assert_true(covers("手机快没电了", "移动电源在我这") > 0.2);
    assert_true(covers("trapped on the roof", "two kayaks here") > 0.2);
    assert_true(covers("we are so thirsty", "relief packages") > 0.05);
    assert_true(covers("we are so thirsty", "tankers are coming") >
                covers("we are so thirsty", "relief packages"));
    assert_float_equal(covers("we are so thirsty", "lawyers for you"), 0, 1e-9);
    /* a hint (bottle?) is less than a name, on either side */
    assert_true(covers("so thirsty", "a well") < covers("so thirsty", "a tanker"));
    assert_true(covers("so thirsty", "a well") > 0);
    /* that both give, or ask, or say what every post says, is no need in common */
    assert_float_equal(covers("please, we need it urgently", "please, we need it"), 0, 1e-9);
    assert_float_equal(covers("we offer it for free", "available for free"), 0, 1e-9);
    /* the longest run of words counts: a life jacket is no jacket */
    assert_true(covers("stuck on the roof", "a life jacket") > 0);
    assert_float_equal(covers("a shirt", "a life jacket"), 0, 1e-9);
    /* under water is no water */
    assert_float_equal(covers("so thirsty", "the road is under water"), 0, 1e-9);
    assert_float_equal(covers("", "tankers"), 0, 1e-9);
}

static void words_are_weighed_by_their_rarity(void **state)
{
    struct text_view views[] = {view("#alderflood boots at Fennel"), view("#alderflood soup"),
                                view("#alderflood rope"), view("#alderflood tea")};
    struct text_view asked = view("#alderflood Fennel");
    struct text_rarity *r = text_rarity_new(views, 4);
    double same = text_words_likeness(r, &asked, &asked);
    double place = text_words_likeness(r, &asked, &views[0]);
    double tag = text_words_likeness(r, &asked, &views[1]);

    (void)state;
    assert_float_equal(same, 1, 1e-9);
    assert_true(place > 0.3 && tag < 0.1 && tag > 0);
    assert_float_equal(text_words_likeness(r, &views[0], &asked), place, 1e-9);
    text_rarity_free(&r);
}

static void names_are_words_that_no_need_covers(void **state)
{
    struct text_view views[] = {view("thirsty people at Fennel"), view("thirsty people at Ashby"),
                                view("rope"), view("tea at Fennel")};
    struct text_view asked = view("thirsty, Fennel");
    struct text_rarity *r = text_rarity_new(views, 4);

    (void)state;
    assert_true(text_words_likeness(r, &asked, &views[1]) > 0.1);
    assert_float_equal(text_names_likeness(r, &asked, &views[1]), 0, 1e-9);
    assert_true(text_names_likeness(r, &asked, &views[0]) > 0.5);
    assert_true(text_names_likeness(r, &asked, &views[3]) > 0.5);
    assert_float_equal(text_names_likeness(r, &views[2], &views[2]), 0, 1e-9); /* a need alone */
    text_rarity_free(&r);
}

static void a_list_of_none_has_rarities_too(void **state)
{
    struct text_view v = view("need water");
    struct text_rarity *r = text_rarity_new(NULL, 0);

    (void)state;
    assert_true(text_words_likeness(r, &v, &v) > 0.99);
    text_rarity_free(&r);
}

static void a_view_has_the_reading_and_whole_distributions(void **state)
{
    static const char *const texts[] = {"谁家有梯子借用一下", "免费送婴儿车", "早上好",
                                        "捡到一串钥匙", ""};
    size_t i;
    int k;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct text_view v = view(texts[i]);
        struct reading r = read_text(texts[i]);
        double category = 0, mode = 0;

        assert_int_equal(v.reading.intent, r.intent);
        assert_int_equal(v.reading.category, r.category);
        assert_int_equal(v.reading.slots.n_items, r.slots.n_items);
        for (k = 0; k < CATEGORY_N; k++)
            category += (double)v.category_p[k];
        for (k = 0; k < MODE_N; k++)
            mode += (double)v.mode_p[k];
        assert_float_equal(category, 1, 1e-4);
        assert_float_equal(mode, 1, 1e-4);
        assert_true(v.category_p[CATEGORY_NONE] == 0 && v.mode_p[MODE_NONE] == 0);
        assert_int_equal(v.found, i == 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_one_word_have_one_stem),
        cmocka_unit_test(a_longer_word_has_a_root_which_its_derivations_share),
        cmocka_unit_test(a_tag_is_parted_at_its_capitals),
        cmocka_unit_test(links_and_telephones_are_no_terms),
        cmocka_unit_test(any_bytes_are_cut_within_bounds),
        cmocka_unit_test(the_table_is_in_normal_form_and_every_near_family_has_words),
        cmocka_unit_test(two_families_are_near_in_one_way),
        cmocka_unit_test(a_need_is_like_what_meets_it_in_other_words),
        cmocka_unit_test(words_are_weighed_by_their_rarity),
        cmocka_unit_test(names_are_words_that_no_need_covers),
        cmocka_unit_test(a_list_of_none_has_rarities_too),
        cmocka_unit_test(a_view_has_the_reading_and_whole_distributions),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

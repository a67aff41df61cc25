#include "match/rank.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define N 40

/* What the text room would say: things are alike when their concepts are the same; a view is a
   likeness of its own. */
static double like_items(void *arg, const struct slot_item *a, const struct slot_item *b)
{
    (void)arg;
    return a->concept == b->concept;
}

static double like_views(void *arg, const void *request, const void *offer)
{
    (void)arg, (void)request;
    return *(const double *)offer;
}

static const struct rank_context cx = {
    .item = like_items, .words = like_views, .names = like_views, .kin = like_views, .arg = NULL};

/* Offers alike in all, so that what a test changes is the cause of what it finds. */
static struct slots slots[N];
static float intents[N][INTENT_N], categories[N][CATEGORY_N], modes[N][MODE_N];
static double views[N];
static struct rank_side sides[N];
static struct rank_row rows[N];

static int fresh(void **state)
{
    (void)state;
    memset(slots, 0, sizeof slots);
    memset(intents, 0, sizeof intents);
    memset(categories, 0, sizeof categories);
    memset(modes, 0, sizeof modes);
    for (int i = 0; i < N; i++) {
        intents[i][INTENT_OFFER] = categories[i][CATEGORY_FOOD] = modes[i][MODE_GIVE] = 1;
        views[i] = 0.25;
        sides[i] = (struct rank_side){.text = "",
                                      .slots = &slots[i],
                                      .intent_p = intents[i],
                                      .category_p = categories[i],
                                      .mode_p = modes[i],
                                      .view = &views[i]};
    }
    return 0;
}

static void name(int side, uint16_t concept)
{
    slots[side].items[slots[side].n_items++].concept = concept;
}

/* Side 0 asks, the others offer; the row of an offer. */
static const struct rank_row *row_of(int offer, int n)
{
    rank_offers(&cx, &sides[0], sides + 1, n, rows);
    for (int i = 0; i < n; i++)
        if (rows[i].offer == offer - 1)
            return &rows[i];
    fail_msg("offer %d is lost", offer);
    return NULL;
}

static void equal_offers_stay_in_their_order(void **state)
{
    (void)state;
    rank_offers(&cx, &sides[0], sides + 1, N - 1, rows);
    for (int i = 0; i < N - 1; i++)
        assert_int_equal(rows[i].offer, i);
}

static void no_offers_are_no_ranking(void **state)
{
    (void)state;
    rows[0] = (struct rank_row){.offer = -7};
    rank_offers(&cx, &sides[0], sides + 1, 0, rows);
    assert_int_equal(rows[0].offer, -7); /* nothing is written */
}

static void any_list_is_whole_in_order_and_adds_up(void **state)
{
    (void)state;
    srand(7);
    for (int round = 0; round < 300; round++) {
        int n = rand() % N;
        bool there[N] = {false};
        fresh(NULL);
        for (int i = 0; i < N; i++) {
            float p = (float)rand() / (float)RAND_MAX;
            intents[i][INTENT_OFFER] = p;
            intents[i][INTENT_REQUEST] = 1 - p;
            categories[i][CATEGORY_FOOD] = 1 - p;
            categories[i][CATEGORY_PETS] = p;
            views[i] = rand() / (double)RAND_MAX;
            sides[i].lost = rand() % 2;
            sides[i].found = rand() % 2;
            sides[i].text = rand() % 2 ? "black, 140的" : "red, 150的";
            for (int k = rand() % 4; k > 0; k--)
                name(i, (uint16_t)(1 + rand() % 5));
        }
        rank_offers(&cx, &sides[0], sides + 1, n > 0 ? n - 1 : 0, rows);
        for (int i = 0; i < n - 1; i++) {
            int sum = 0;
            for (int p = 0; p < RANK_PART_N; p++)
                sum += rows[i].part[p];
            assert_int_equal(rows[i].steps, sum);
            assert_true(sum <= RANK_STEPS);
            assert_true(i == 0 || rows[i - 1].steps >= rows[i].steps);
            assert_false(there[rows[i].offer]);
            there[rows[i].offer] = true;
        }
    }
}

static void the_best_offer_there_can_be_has_every_part_but_the_size(void **state)
{
    (void)state;
    name(0, 3);
    name(1, 3);
    views[1] = 1;
    sides[0].lost = sides[1].found = sides[1].gives = true;
    sides[0].text = sides[1].text = "a black one, 140的";
    const struct rank_row *row = row_of(1, N - 1);
    assert_int_equal(rows[0].offer, 0);
    for (int p = 0; p < RANK_PART_N; p++)
        assert_true((row->part[p] > 0) == (p != RANK_SIZE));
    assert_true(row->steps > 0.9 * RANK_STEPS && row->steps <= RANK_STEPS);
}

static void a_rare_thing_counts_more_than_one_that_all_have(void **state)
{
    (void)state;
    name(0, 1);
    name(0, 2);
    for (int i = 1; i < N; i++)
        name(i, i == N - 1 ? 2 : 1);
    int rare = row_of(N - 1, N - 1)->part[RANK_ITEM], usual = row_of(1, N - 1)->part[RANK_ITEM];
    assert_true(usual >= 0 && rare > 5 * usual);
    assert_int_equal(rows[0].offer, N - 2);
}

static void things_nobody_asked_for_make_an_offer_less_fitting(void **state)
{
    (void)state;
    name(0, 1);
    name(1, 1);
    name(2, 1);
    name(2, 2);
    assert_true(row_of(1, 9)->part[RANK_ITEM] > row_of(2, 9)->part[RANK_ITEM]);
    assert_true(row_of(2, 9)->part[RANK_ITEM] > row_of(3, 9)->part[RANK_ITEM]);
}

static void each_sign_moves_its_own_part_and_no_other(void **state)
{
    (void)state;
    struct rank_row before = *row_of(1, 5);
    categories[1][CATEGORY_FOOD] = 0;
    categories[1][CATEGORY_PETS] = 1;
    assert_true(row_of(1, 5)->part[RANK_CATEGORY] < before.part[RANK_CATEGORY]);
    fresh(NULL);
    modes[1][MODE_GIVE] = 0.5f;
    modes[1][MODE_LEND] = 0.5f;
    struct rank_row mode = *row_of(1, 5);
    assert_true(mode.part[RANK_MODE] < before.part[RANK_MODE] && mode.part[RANK_MODE] > 0);
    fresh(NULL);
    intents[1][INTENT_OFFER] = 0;
    intents[1][INTENT_REQUEST] = 1;
    struct rank_row asks = *row_of(1, 5);
    assert_true(asks.part[RANK_OFFER] < before.part[RANK_OFFER]);
    before.part[RANK_OFFER] = asks.part[RANK_OFFER];
    before.steps = asks.steps;
    assert_memory_equal(&before, &asks, sizeof asks);
}

static void an_offer_is_more_than_a_request_and_that_more_than_a_notice(void **state)
{
    (void)state;
    static const enum intent better[] = {INTENT_OFFER, INTENT_REQUEST, INTENT_NOTICE};
    int before = RANK_STEPS;
    for (size_t i = 0; i < sizeof better / sizeof *better; i++) {
        fresh(NULL);
        intents[1][INTENT_OFFER] = 0;
        intents[1][better[i]] = 1;
        int part = row_of(1, 5)->part[RANK_OFFER];
        assert_true(part < before);
        before = part;
        sides[1].gives = true;
        assert_true(row_of(1, 5)->part[RANK_OFFER] > part);
        sides[1].gives = false;
        sides[1].asks = true;
        assert_true(row_of(1, 5)->part[RANK_OFFER] < part);
    }
    assert_int_equal(row_of(1, 5)->part[RANK_OFFER], 0); /* a notice that asks */
}

static void what_the_best_of_a_list_shares_is_the_measure_of_the_others(void **state)
{
    static const enum rank_part measured[] = {RANK_KIN, RANK_WORDS, RANK_NAMES};
    (void)state;
    views[1] = views[2] = 0.04;
    views[3] = 1;
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++) {
        enum rank_part p = measured[i];
        int best = row_of(3, 3)->part[p], other = row_of(1, 3)->part[p];
        int alone = row_of(1, 2)->part[p]; /* without the best */
        assert_true(other > 0 && other < best);
        assert_true(alone > other && alone < best); /* the best of little is little still */
        assert_int_equal(row_of(2, 2)->part[p], alone);
    }
    assert_int_equal(row_of(1, 3)->part[RANK_CATEGORY], row_of(1, 2)->part[RANK_CATEGORY]);
}

static void what_was_lost_is_sought_where_it_was_found_either_way(void **state)
{
    (void)state;
    sides[0].lost = sides[1].found = sides[2].lost = true;
    assert_true(row_of(1, 5)->part[RANK_FOUND] > 0);
    assert_int_equal(row_of(2, 5)->part[RANK_FOUND], 0);
    assert_int_equal(row_of(3, 5)->part[RANK_FOUND], 0);
    fresh(NULL);
    sides[0].found = sides[1].lost = true;
    assert_true(row_of(1, 5)->part[RANK_FOUND] > 0);
}

static void another_colour_or_size_counts_against_an_offer(void **state)
{
    (void)state;
    sides[0].text = "丢了一件黑色羽绒服，140的";
    sides[1].text = "捡到黑色的";
    sides[2].text = "捡到红色的";
    sides[3].text = "捡到150的";
    assert_true(row_of(1, 5)->part[RANK_COLOUR] > 0);
    assert_true(row_of(2, 5)->part[RANK_COLOUR] < 0);
    assert_int_equal(row_of(3, 5)->part[RANK_COLOUR], 0);
    assert_true(row_of(3, 5)->part[RANK_SIZE] < 0);
    assert_int_equal(row_of(1, 5)->part[RANK_SIZE], 0);
    assert_int_equal(rows[0].offer, 0);
}

static void colours_are_told_from_names(void **state)
{
    static const struct {
        const char *a, *b;
        enum colours said;
    } table[] = {
        {"黑色水杯", "black cup", COLOURS_SHARED},
        {"一个黑的", "白色的", COLOURS_DIFFER},
        {"粉红色", "粉色", COLOURS_SHARED},
        {"粉红色", "红色", COLOURS_DIFFER},
        {"黑框眼镜", "棕色眼镜", COLOURS_DIFFER},
        {"a Gray one", "grey!", COLOURS_SHARED},
        {"red and blue", "blue", COLOURS_SHARED},
        /* no colours: a name, a word with the letters in it, a thing understood */
        {"黄同学的卡", "红色的卡", COLOURS_UNSAID},
        {"hundred", "black", COLOURS_UNSAID},
        {"我明白的", "黑色", COLOURS_UNSAID},
        {"白菜", "红薯", COLOURS_UNSAID},
        {"", "", COLOURS_UNSAID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (match_colours(table[i].a, table[i].b) != table[i].said ||
            match_colours(table[i].b, table[i].a) != table[i].said)
            fail_msg("%s / %s: not %d", table[i].a, table[i].b, (int)table[i].said);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, fresh)
    const struct CMUnitTest tests[] = {
        TEST(equal_offers_stay_in_their_order),
        TEST(no_offers_are_no_ranking),
        TEST(any_list_is_whole_in_order_and_adds_up),
        TEST(the_best_offer_there_can_be_has_every_part_but_the_size),
        TEST(a_rare_thing_counts_more_than_one_that_all_have),
        TEST(things_nobody_asked_for_make_an_offer_less_fitting),
        TEST(each_sign_moves_its_own_part_and_no_other),
        TEST(an_offer_is_more_than_a_request_and_that_more_than_a_notice),
        TEST(what_the_best_of_a_list_shares_is_the_measure_of_the_others),
        TEST(what_was_lost_is_sought_where_it_was_found_either_way),
        TEST(another_colour_or_size_counts_against_an_offer),
        TEST(colours_are_told_from_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

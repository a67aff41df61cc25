/* The index against rating everything: generated communities, whatever came and went. */
#include "match/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"

#define NOW (INT64_C(1790000000) * 1000)
#define BEST 10
#define FLOOR 0.42f

static uint64_t seed;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % below;
}

/* --- likenesses --- */

/* The same concept 1, neighbours less; of a word that is in no lexicon its first letter. */
static double like_items(void *arg, const struct slot_item *a, const struct slot_item *b)
{
    (void)arg;
    if (!a->concept || !b->concept)
        return a->word[0] == b->word[0] ? 0.5 : 0.1;
    if (a->concept == b->concept)
    return a->concept % 5 || !strcmp(a->word, b->word) ? 1 : 0.5;
    return (a->concept ^ b->concept) == 1 ? 0.7 : (a->concept ^ b->concept) == 2 ? 0.4 : 0;
}

static int grams(void *arg, const char *text, uint16_t out[MATCH_CHARS_MAX])
{
    int n = (int)strlen(text);
    (void)arg;
    assert_true(n <= MATCH_CHARS_MAX);
    for (int i = 0; i + 1 < n; i++)
        out[i] = (uint16_t)((unsigned char)text[i] << 8 | (unsigned char)text[i + 1]);
    return n;
}

static double like_texts(void *arg, const char *a, const char *b)
{
    uint16_t x[MATCH_CHARS_MAX], y[MATCH_CHARS_MAX];
    bool used[MATCH_CHARS_MAX] = {false};
    int n = grams(arg, a, x), m = grams(arg, b, y), shared = 0;
    for (int i = 0; i + 1 < n; i++)
        for (int k = 0; k + 1 < m; k++)
            if (!used[k] && x[i] == y[k]) {
                used[k] = true;
                shared++;
                break;
            }
    return n + m > 2 ? 2.0 * shared / (n + m - 2) : 0;
}

static const struct match_likeness likeness = {.item = like_items, .grams = grams};
static struct match_context context = {
    .item = like_items, .text = like_texts, .now_ms = NOW, .zone_min = 480};

/* --- generated sides --- */

#define THINGS 3000
struct thing {
    struct match_side is;
    enum side side;
    bool in, hidden; /* hidden: whoever searches wants it not */
    uint32_t seat, other_seat;
    char id[ID_SIZE], party[ID_SIZE], text[64], places[PLACE_KIND_N][ID_SIZE];
    struct slot_item items[3];
};
static struct thing things[THINGS];

static const char *const communities[] = {"c-1", "c-2", "c-22"};
static const struct hours office = {.n = 1, .v = {{.days = 62, .from_min = 540, .to_min = 1020}}};

static void make_places(struct thing *t)
{
    unsigned grid = any(2), estate = 2 * grid + any(2), building = 3 * estate + any(3);
    memset(t->places, 0, sizeof t->places);
    snprintf(t->places[PLACE_COMMUNITY], ID_SIZE, "%s", t->is.community);
    if (any(10))
        snprintf(t->places[PLACE_GRID], ID_SIZE, "g%u", grid);
    if (any(10) && t->places[PLACE_GRID][0]) {
        snprintf(t->places[PLACE_ESTATE], ID_SIZE, "e%u", estate);
        if (any(10))
            snprintf(t->places[PLACE_BUILDING], ID_SIZE, "b%u", building);
        if (any(2) && t->places[PLACE_BUILDING][0])
            snprintf(t->places[PLACE_ENTRANCE], ID_SIZE, "b%u-%u", building, any(3));
    }
    for (int k = 0; k < PLACE_KIND_N; k++)
        t->is.places[k] = t->places[k];
}

/* The first third of the letters stand in what is said, the rest in names of things. */
static void make_words(struct thing *t, unsigned concepts)
{
    int n = 3 + (int)any(20);
    for (int i = 0; i < n; i++)
        t->text[i] = (char)('a' + any(any(2) ? 3 : 8));
    t->text[n] = 0;
    t->is.n_items = any(3) ? 1 + (int)any(3) : t->is.is_resource;
    for (int i = 0; i < t->is.n_items; i++) {
        struct slot_item *item = &t->items[i];
        *item = (struct slot_item){.concept = (uint16_t)(any(8) ? 1 + any(concepts) : 0)};
        snprintf(item->word, sizeof item->word, "%c%u", (char)('i' + any(4)), item->concept);
    }
    t->is.items = t->items;
    t->is.text = t->text;
}

static void make(struct thing *t, unsigned concepts)
{
    static const enum category categories[] = {CATEGORY_TOOLS,  CATEGORY_TOOLS, CATEGORY_GOODS,
                                               CATEGORY_REPAIR, CATEGORY_FOOD,  CATEGORY_SAFETY};
    t->side = any(2) ? SIDE_OFFER : SIDE_REQUEST;
    t->hidden = any(20) == 0;
    snprintf(t->party, ID_SIZE, "p%u", any(200));
    t->is = (struct match_side){.id = t->id,
                                .community = communities[any(3) ? 0 : any(3)],
                                .party = t->party,
                                .party_kind = any(5) ? PARTY_RESIDENT : any(PARTY_KIND_N),
                                .category = categories[any(6)],
                                .mode = any(3) ? MODE_LEND : any(MODE_N),
                                .urgency = any(URGENCY_N),
                                .flags = any(8) == 0,
                                .left = any(3) ? 1 : 1 + any(5),
                                .scope = PLACE_COMMUNITY,
                                .opened_ms = NOW - any(3) * DAY_MS / 2 - any(1000),
                                .monthly_limit = any(6) ? -1 : (int)any(4),
                                .helped = any(3),
                                .is_resource = t->side == SIDE_OFFER && any(6) == 0};
    if (any(4) == 0) {
        t->is.start_ms = NOW + any(48) * HOUR_MS + 1;
        t->is.end_ms = any(2) ? t->is.start_ms + any(48) * HOUR_MS : 0;
    }
    if (t->side == SIDE_OFFER && any(4) == 0) { /* it may be too old to count */
        t->is.has_past = true;
        t->is.past = (struct outcomes){0, any(9), any(4), any(5), any(5)};
    }
    if (t->is.is_resource) {
        t->is.hours = any(2) ? &office : NULL;
        t->is.scope = any(2) ? PLACE_BUILDING + any(4) : PLACE_COMMUNITY;
    }
    make_places(t);
    make_words(t, concepts);
}

/* Ids of several lengths, so that bytes alone would order them otherwise: p07-9, p07-10, p07-a1;
   and some that differ only behind what fits in a number. */
static void name_things(void)
{
    static const unsigned steps[] = {1, 7, 300};
    unsigned number = 1;
    memset(things, 0, sizeof things);
    for (int i = 0; i < THINGS; i++) {
        snprintf(things[i].id, ID_SIZE,
                 i % 9   ? "p07-%x"
                 : i % 2 ? "post-of-a-longer-kind-%x"
                         : "a-post-of-a-longer-kind-%x",
                 number);
        number += steps[i % 3];
    }
}

static void put(struct match_index *x, struct thing *t)
{
    match_index_put(x, &t->seat, &t->is, t->side, t, t->id);
    t->in = true;
}

/* --- rating everything --- */

static bool rate(const struct thing *self, const struct thing *other, struct match_score *s)
{
    bool asks = self->side == SIDE_REQUEST;
    match_rate(&context, asks ? &self->is : &other->is, asks ? &other->is : &self->is, s);
    return s->possible && !other->hidden;
}

struct rating {
    const struct thing *self;
    int n;
};

static bool rate_found(void *arg, void *thing, struct match_score *score)
{
    struct rating *r = arg;
    r->n++;
    return rate(r->self, thing, score);
}

static bool comes_before(const struct match_found *a, const struct match_found *b)
{
    const struct thing *t = a->thing, *u = b->thing;
    size_t n = strlen(t->id), m = strlen(u->id);
    if (a->score < b->score || a->score > b->score)
        return a->score > b->score;
    return n != m ? n < m : strcmp(t->id, u->id) < 0;
}

static int expected(const struct thing *self, struct match_found out[BEST])
{
    int n = 0;
    for (int i = 0; i < THINGS; i++) {
        struct match_found f = {.thing = &things[i]};
        struct match_score s;
        if (!things[i].in || things[i].side == self->side || !rate(self, &things[i], &s) ||
            s.fit < FLOOR)
            continue;
        f.score = s.score;
        if (n == BEST && !comes_before(&f, &out[n - 1]))
            continue;
        int k = n < BEST ? n++ : n - 1;
        for (; k && comes_before(&f, &out[k - 1]); k--)
            out[k] = out[k - 1];
        out[k] = f;
    }
    return n;
}

static int search(struct match_index *x, const struct thing *self, uint32_t seat,
                  struct match_found out[BEST], int *rated)
{
    struct rating r = {.self = self};
    const struct match_search q = {
        .weights = context.weights, .now_ms = NOW, .floor = FLOOR, .rate = rate_found, .arg = &r};
    int n = match_index_best(x, seat, &q, out, BEST);
    *rated += r.n;
    return n;
}

static void same_found(const struct match_found *got, const struct match_found *want, int n)
{
    for (int i = 0; i < n; i++) {
        assert_string_equal(((struct thing *)got[i].thing)->id,
                            ((struct thing *)want[i].thing)->id);
        assert_true(!(got[i].score < want[i].score) && !(got[i].score > want[i].score));
    }
}

/* --- the tests --- */

static void change_one(struct match_index *x, unsigned concepts)
{
    struct thing *t = &things[any(THINGS)];
    if (t->in && any(3) == 0) {
        match_index_drop(x, &t->seat);
        assert_int_equal(t->seat, 0);
        t->in = false;
        return;
    }
    if (t->in && any(2)) { /* some of it is taken, or it is said better */
        t->is.left = 1 + any(3);
        t->is.flags = any(2);
        if (any(4) == 0)
            make_words(t, concepts);
    } else {
        make(t, concepts);
    }
    put(x, t);
}

static void check_has(const struct match_index *x)
{
    const struct thing *t = &things[any(THINGS)];
    struct match_side other = t->is;
    if (!other.id)
        return;
    assert_int_equal(match_index_has(x, t->seat, &t->is, t->side, t), t->in);
    assert_false(match_index_has(x, t->seat, &t->is, 1 - t->side, t));
    assert_false(match_index_has(x, t->seat, &t->is, t->side, &things[0].id));
    other.community = "c-3";
    assert_false(match_index_has(x, t->seat, &other, t->side, t));
    other.community = t->is.community;
    other.left++;
    assert_false(match_index_has(x, t->seat, &other, t->side, t));
}

static int count_in(void)
{
    int n = 0;
    for (int i = 0; i < THINGS; i++)
        n += things[i].in;
    return n;
}

/* Few things, of which many sides are, and many, of which few are. */
static void it_finds_what_rating_everything_finds(unsigned concepts, uint64_t with)
{
    struct match_index *x = match_index_new(&likeness);
    int found = 0, rated = 0, compared = 0;
    seed = with;
    name_things();
    for (int i = 0; i < 12000; i++) {
        change_one(x, concepts);
        check_has(x);
        const struct thing *self = &things[any(THINGS)];
        if (i < 500 || i % 20 || !self->in)
            continue;
        struct match_found want[BEST], got[BEST];
        int n = expected(self, want);
        assert_int_equal(search(x, self, self->seat, got, &rated), n);
        same_found(got, want, n);
        found += n;
        compared++;
    }
    assert_int_equal(match_index_count(x), count_in());
    assert_true(found > 3 * compared);               /* there was something to find */
    assert_true(rated < 12 * found + 20 * compared); /* and not by rating everything */
    for (int i = 0; i < THINGS; i++)
        match_index_drop(x, &things[i].seat);
    assert_int_equal(match_index_count(x), 0);
    match_index_free(&x);
    assert_null(x);
    match_index_free(&x);
}

static void of_many_things_it_finds_the_best(void **state)
{
    (void)state;
    it_finds_what_rating_everything_finds(400, 88172645463325252ull);
}

static void of_few_things_it_finds_the_best(void **state)
{
    (void)state;
    it_finds_what_rating_everything_finds(4, 77362436532543253ull);
}

/* The bounds have to be those of the weights that it is rated by. */
static void by_other_weights_it_finds_the_best_by_them(void **state)
{
    static const struct match_weights near_first = {.most = {[MATCH_PART_ITEM] = 0.2f,
                                                             [MATCH_PART_DISTANCE] = 0.4f,
                                                             [MATCH_PART_TIME] = 0.2f,
                                                             [MATCH_PART_LOAD] = 0.1f,
                                                             [MATCH_PART_OUTCOMES] = 0.1f}};
    (void)state;
    context.weights = &near_first;
    it_finds_what_rating_everything_finds(4, 1618033988749894848ull);
    context.weights = NULL;
}

/* In another index the same stand, after quite another history. */
static void fill_otherwise(struct match_index *x)
{
    for (int i = 0; i < 3 * THINGS; i++) {
        struct thing *t = &things[any(THINGS)];
        if (any(3))
            match_index_put(x, &t->other_seat, &t->is, t->side, t, t->id);
        else
            match_index_drop(x, &t->other_seat);
    }
    for (int i = THINGS; i-- > 0;)
        match_index_put(x, &things[i].other_seat, &things[i].is, things[i].side, &things[i],
                        things[i].id);
}

static void free_both(struct match_index *x, struct match_index *y)
{
    for (int i = 0; i < THINGS; i++) {
        match_index_drop(x, &things[i].seat);
        match_index_drop(y, &things[i].other_seat);
    }
    match_index_free(&x);
    match_index_free(&y);
}

static void what_it_finds_does_not_depend_on_its_history(void **state)
{
    struct match_index *x = match_index_new(&likeness), *y = match_index_new(&likeness);
    int rated[2] = {0, 0};
    (void)state;
    seed = 123456789123456789ull;
    name_things();
    for (int i = 0; i < THINGS; i++) {
        make(&things[i], 30);
        put(x, &things[i]);
    }
    fill_otherwise(y);
    for (int i = 0; i < THINGS; i += 10) {
        struct match_found a[BEST], b[BEST];
        int n = search(x, &things[i], things[i].seat, a, &rated[0]);
        assert_int_equal(search(y, &things[i], things[i].other_seat, b, &rated[1]), n);
        same_found(a, b, n);
        assert_int_equal(rated[0], rated[1]); /* they even look at the same */
    }
    free_both(x, y);
}

static bool refuse(void *arg, void *thing, struct match_score *score)
{
    (void)thing;
    (void)score;
    ++*(int *)arg;
    return false;
}

/* Where nobody will do, the search ends nevertheless. */
static void of_a_crowd_no_more_are_rated_than_is_said(void **state)
{
    struct match_index *x = match_index_new(&likeness);
    int rated = 0;
    const struct match_search q = {.now_ms = NOW, .floor = FLOOR, .rate = refuse, .arg = &rated};
    struct match_found none;
    (void)state;
    seed = 987654321987654321ull;
    name_things();
    for (int i = 0; i < THINGS; i++) {
        make(&things[i], 1);
        things[i].side = i ? SIDE_OFFER : SIDE_REQUEST;
        things[i].is.community = communities[0];
        things[i].is.category = CATEGORY_TOOLS;
        things[i].is.mode = MODE_LEND;
        things[i].is.n_items = 1;
        things[i].items[0].concept = 1;
        put(x, &things[i]);
    }
    assert_int_equal(match_index_best(x, things[0].seat, &q, &none, 1), 0);
    assert_int_equal(rated, MATCH_RATED_MOST);
    for (int i = 0; i < THINGS; i++)
        match_index_drop(x, &things[i].seat);
    match_index_free(&x);
}

/* A floor is for what fits, whatever is known of the helper. */
static void past_outcomes_are_above_no_floor(void **state)
{
    struct match_index *x = match_index_new(&likeness);
    struct rating r = {.self = &things[0]};
    struct match_search q = {.now_ms = NOW, .rate = rate_found, .arg = &r};
    struct match_found found;
    struct match_score s;
    (void)state;
    seed = 19731123ull;
    name_things();
    for (int i = 0; i < 2; i++) {
        do
            make(&things[i], 1);
        while (things[i].side != (i ? SIDE_OFFER : SIDE_REQUEST) || things[i].hidden ||
               (i && !rate(&things[0], &things[1], &s)));
        if (i) {
            things[1].is.has_past = true;
            things[1].is.past = (struct outcomes){.failed = 9, .refused = 9};
        }
        put(x, &things[i]);
    }
    assert_true(rate(&things[0], &things[1], &s) && s.score < s.fit);
    q.floor = s.fit;
    assert_int_equal(match_index_best(x, things[0].seat, &q, &found, 1), 1);
    assert_true(found.score < q.floor);
    q.floor = s.fit + 1e-5f;
    assert_int_equal(match_index_best(x, things[0].seat, &q, &found, 1), 0);
    for (int i = 0; i < 2; i++)
        match_index_drop(x, &things[i].seat);
    match_index_free(&x);
}

struct walk {
    const struct thing *seen[THINGS];
    int n;
};

static void see(void *arg, void *thing)
{
    struct walk *w = arg;
    w->seen[w->n++] = thing;
}

static void standing_resources_are_walked_by_category_and_id(void **state)
{
    struct match_index *x = match_index_new(&likeness);
    struct walk w = {.n = 0};
    int want = 0;
    const unsigned categories = 1u << CATEGORY_TOOLS | 1u << CATEGORY_FOOD;
    (void)state;
    seed = 5555555555555ull;
    name_things();
    for (int i = THINGS; i-- > 0;) {
        make(&things[i], 30);
        put(x, &things[i]);
        want += things[i].is.is_resource && 1u << things[i].is.category & categories &&
                !strcmp(things[i].is.community, "c-22");
    }
    match_index_each(x, "c-22", categories, see, &w);
    assert_true(w.n > 10);
    assert_int_equal(w.n, want);
    for (int i = 1; i < w.n; i++) {
        const struct match_found a = {.thing = (void *)w.seen[i - 1]},
                                 b = {.thing = (void *)w.seen[i]};
        assert_true(w.seen[i - 1]->is.category < w.seen[i]->is.category ||
                    (w.seen[i - 1]->is.category == w.seen[i]->is.category && comes_before(&a, &b)));
    }
    for (int i = 0; i < THINGS; i++)
        match_index_drop(x, &things[i].seat);
    match_index_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_many_things_it_finds_the_best),
        cmocka_unit_test(of_few_things_it_finds_the_best),
        cmocka_unit_test(by_other_weights_it_finds_the_best_by_them),
        cmocka_unit_test(what_it_finds_does_not_depend_on_its_history),
        cmocka_unit_test(of_a_crowd_no_more_are_rated_than_is_said),
        cmocka_unit_test(past_outcomes_are_above_no_floor),
        cmocka_unit_test(standing_resources_are_walked_by_category_and_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "reading.h"

#include <string.h>

#include "text/lookup.h"

struct seen {
    const char *wanted;
    double weight;
    int n, same;
    double last;
    uint16_t concept;
};

static void on_near(void *arg, const struct lookup_near *near)
{
    struct seen *s = arg;
    struct slot_item item = text_item(model, str_of(near->word));

    s->n++;
    s->same += near->weight == 1;
    assert_true(near->weight > 0 && near->weight <= s->last);
    s->last = near->weight;
    assert_int_not_equal(item.concept, 0); /* what is spelt is a word of the lexicon */
    if (near->weight == 1)
        assert_int_equal(item.concept & 0x7FFF, s->concept);
    if (!strcmp(near->word, s->wanted))
        s->weight = near->weight;
}

static struct lookup find(const char *text, const char *word)
{
    static struct lookup found[64];
    size_t n = lookup_text(model, work, str_of(text), found, 64);

    for (size_t i = 0; i < n; i++)
        if (str_is(found[i].word, word))
            return found[i];
    fail_msg("%s is not found in %s", word, text);
    return found[0];
}

static void a_text_shows_its_things_topics_and_cues(void **state)
{
    struct lookup item = find("谁家有輪椅借用一下", "轮椅");
    struct lookup cue = find("谁家有轮椅借用一下", "谁家有");

    (void)state;
    assert_int_not_equal(item.concept, 0);
    assert_int_equal(cue.concept, 0);
    assert_true(cue.cues >> CUE_ASK_HAVE & 1);
    assert_int_equal(lookup_text(model, work, STR("……"), &item, 1), 0);
}

static void no_more_words_are_told_than_there_is_room_for(void **state)
{
    struct lookup one[1], many[64];

    (void)state;
    assert_int_equal(lookup_text(model, work, STR("谁家有轮椅借用一下"), one, 1), 1);
    assert_true(lookup_text(model, work, STR("谁家有轮椅借用一下"), many, 64) > 1);
    assert_true(str_eq(one[0].word, many[0].word));
}

/* The weights are those by which things are compared. */
static void substitutes_come_with_their_weights(void **state)
{
    static const struct {
        const char *thing, *other;
        bool same;
    } rows[] = {{"土豆", "洋芋", true},  {"土豆", "potatoes", true}, {"面条", "螺蛳粉", false},
                {"苹果", "水果", false}, {"苹果", "香蕉", false},    {"轮椅", "wheelchair", true},
                {"盐", "酱油", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slot_item a = text_item(model, str_of(rows[i].thing)),
                         b = text_item(model, str_of(rows[i].other));
        struct seen s = {.wanted = rows[i].other, .last = 1, .concept = a.concept & 0x7FFF};

        lookup_thing(model, s.concept, str_of(rows[i].thing), on_near, &s);
        assert_true(s.n > 0);
        assert_float_equal(s.weight, text_item_likeness(model, &a, &b), 1e-6);
        assert_true(rows[i].same == (s.weight == 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_shows_its_things_topics_and_cues),
        cmocka_unit_test(no_more_words_are_told_than_there_is_room_for),
        cmocka_unit_test(substitutes_come_with_their_weights),
    };
    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}

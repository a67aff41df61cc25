/* Who quotes a post of ours answers that one, whether the bot names it by our id or, once it has
   told it, by the platform's. */
#include "flow/core_day.h"

#define PRAM "家里婴儿车闲置了，可以借给邻居用"
#define DRILL "家里有电钻，谁要用可以来借"

/* Two matches of one helper in one group, the drill's posted last. */
#define TWO_STEPS                                                                                  \
    {"08:00:00", SAY("m1", "g-3", "n109", PRAM), .tells = "offer m1"},                             \
        {"08:01:00", SAY("m2", "g-3", "n109", DRILL), .tells = "offer m2"},                        \
        {"08:10:00", SAY("m3", "g-3", "n110", "谁家有婴儿车借用一下"),                             \
         .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},                              \
        {"08:12:00", WAIT, .tells = "post g-3"},                                                   \
        {"08:12:01", POSTED_AS("wx-1"), .tells = "post delivered, m3+m1 posted"},                  \
        {"08:20:00", SAY("m4", "g-3", "n111", "谁家有电钻借用一下"),                               \
         .tells = "request m4, m4+m2 proposed auto, m4+m2 approved"},                              \
        {"08:22:00", WAIT, .tells = "post g-3"},                                                   \
    {                                                                                              \
        "08:22:01", POSTED_AS("wx-2"), .tells = "post delivered, m4+m2 posted"                     \
    }

static const struct match *match_by(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static void the_post_that_is_quoted_is_answered(void **state)
{
    static const struct {
        const char *sender, *quotes, *text, *tells;
    } rows[] = {{"n109", NULL, "1", "m4+m2 agreed"}, /* the latest */
                {"n109", "wx-2", "1", "m4+m2 agreed"},
                {"n109", "wx-1", "1", "m3+m1 agreed"},
                {"n109", "wx-1", "可以", "m3+m1 agreed"},
                {"n109", "wx-1", "可以，晚上来拿", "m3+m1 agreed"},
                {"n109", "wx-1", "不方便", "m3+m1 declined"},
                {"n110", "wx-1", "1", "m3+m1 agreed"},
                {"n110", "wx-2", "1", ""},              /* it was not asked of them */
                {"n109", "wx-7", "1", "m4+m2 agreed"}}; /* whatever that is */
    static const struct step steps[] = {TWO_STEPS};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i)
            world_make(NULL);
        PLAY(&world, steps);
        world_hand_over();
        const struct step answer[] = {{"08:30:00", SAY("m5", "g-3", rows[i].sender, rows[i].text),
                                       .reply_to = rows[i].quotes, .tells = rows[i].tells}};
        PLAY(&world, answer);
        if (i + 1 < sizeof rows / sizeof *rows)
            world_deinit(&world);
    }
}

static void our_own_id_serves_as_well(void **state)
{
    static const struct step steps[] = {TWO_STEPS};
    char ours[ID_SIZE];
    (void)state;
    PLAY(&world, steps);
    str_copy(ours, sizeof ours, str_of(match_by("m3")->outbound));
    const struct step answer[] = {
        {"08:30:00", SAY("m5", "g-3", "n109", "1"), .reply_to = ours, .tells = "m3+m1 agreed"}};
    PLAY(&world, answer);
}

static void who_quotes_a_post_speaks_of_what_it_is_about(void **state)
{
    static const struct step steps[] = {
        TWO_STEPS,
        /* another neighbour would help who asks there */
        {"08:30:00", SAY("m5", "g-3", "n108", "我家也有一个，可以给你用"), .reply_to = "wx-1",
         .tells = "m3+m1 lapsed, m3+m5 proposed self, m3+m5 agreed"},
        /* who asked there needs it no more: of the two it is theirs that ends */
        {"08:40:00", SAY("m6", "g-3", "n111", "不用了，已经借到了"), .reply_to = "wx-2",
         .tells = "m4+m2 lapsed, met m4 by m6"},
    };
    (void)state;
    PLAY(&world, steps);
}

static void the_id_may_be_told_later(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-3", "n109", PRAM), .tells = "offer m1"},
        {"08:10:00", SAY("m3", "g-3", "n110", "谁家有婴儿车借用一下"),
         .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
        {"08:12:00", WAIT, .tells = "post g-3"},
        {"08:12:01", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"},
    };
    (void)state;
    PLAY(&world, steps);
    char ours[ID_SIZE];
    str_copy(ours, sizeof ours, str_of(match_by("m3")->outbound));
    static const char *const told[] = {"wx-1", "wx-9"}; /* the first one stays */
    for (int i = 0; i < 2; i++)
        world_decide(&world, &(struct entry){.kind = ENTRY_DELIVERY,
                                             .delivery = {.outbound = ours,
                                                          .outcome = DELIVERY_DONE,
                                                          .error = "",
                                                          .message = told[i]}});
    const struct outbound *o = core_find(world.core, OBJECT_OUTBOUND, ours);
    assert_string_equal(o->message, "wx-1");
    assert_int_equal(o->state, OUTBOUND_DELIVERED);
}

/* Some bots hand on what they have posted themselves. */
static void our_own_post_is_no_message(void **state)
{
    static const struct step steps[] = {
        TWO_STEPS,
        {"08:30:00", SAY("wx-1", "g-3", "n110", "谁家有轮椅借用一下"), .tells = ""},
    };
    (void)state;
    PLAY(&world, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_post_that_is_quoted_is_answered), CASE(our_own_id_serves_as_well),
        CASE(who_quotes_a_post_speaks_of_what_it_is_about), CASE(the_id_may_be_told_later),
        CASE(our_own_post_is_no_message)};
    return RUN(tests);
}

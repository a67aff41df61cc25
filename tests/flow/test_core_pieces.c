/* What one person says in pieces is one post, here and in another group. */
#include "flow/core_day.h"

static const struct post *post_by(const char *message)
{
    return core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
}

#define LADDER                                                                                     \
    {"10:00:00", SAY("m1", "g-2", "n106", "我家有人字梯，要用的可以借"), .tells = "offer m1"},     \
    {                                                                                              \
        "10:01:00", SAY("m2", "g-1", "n101", "有没有人家里有"), .tells = "request m2"              \
    }
#define LADDER_NAMED                                                                               \
    LADDER,                                                                                        \
    {                                                                                              \
        "10:01:03", SAY("m3", "g-1", "n101", "梯子"),                                              \
            .tells = "again m2, m2+m1 proposed auto, m2+m1 approved"                               \
    }

static void a_thing_by_itself_belongs_to_the_request_before_it(void **state)
{
    static const struct step steps[] = {LADDER_NAMED};
    (void)state;
    PLAY(&world, steps);
    const struct post *p = post_by("m2");
    assert_int_equal(p->category, CATEGORY_TOOLS);
    assert_int_equal(p->mode, MODE_LEND);
    assert_int_equal(p->slots.n_items, 1);
    assert_string_equal(p->slots.items[0].word, "梯子");
    assert_string_equal(p->text, "有没有人家里有 梯子");
    assert_int_equal(p->repeats.n, 1);
}

/* What it was proposed for with fewer words is chosen again, and nobody had been told. */
static void when_more_is_said_it_is_assigned_anew(void **state)
{
    static const struct step steps[] = {
        LADDER_NAMED,
        {"10:01:10", SAY("m4", "g-1", "n101", "明天下午用"),
         .tells = "post cancelled, post cancelled, m2+m1 lapsed, again m2, m2+m1 proposed auto, "
                  "m2+m1 approved"},
        {"10:01:20", SAY("m5", "g-1", "n101", "要2个"),
         .tells = "post cancelled, post cancelled, m2+m1 lapsed, again m2, m2+m1 proposed auto, "
                  "m2+m1 approved, "
                  "m2+r-2 proposed auto, m2+r-2 approved"},
    };
    (void)state;
    PLAY(&world, steps);
    const struct post *p = post_by("m2");
    assert_true(p->asked > 1.9 && p->asked < 2.1);
    assert_true(p->slots.time.start_ms == step_time("2T12:00:00"));
    assert_true(p->expires_ms > p->slots.time.end_ms && p->expires_ms < step_time("3T00:00:00"));
}

static void a_taken_over_shard_goes_on_with_the_pieces(void **state)
{
    static const struct step before[] = {LADDER};
    static const struct step after[] = {{"10:01:03", SAY("m3", "g-1", "n101", "梯子"),
                                         .tells = "again m2, m2+m1 proposed auto, m2+m1 approved"}};
    (void)state;
    PLAY(&world, before);
    world_hand_over();
    PLAY(&world, after);
}

static void the_same_pieces_in_another_group_are_the_same_post(void **state)
{
    static const struct step steps[] = {
        LADDER_NAMED,
        {"10:01:08", SAY("m4", "g-1", "n101", "借一下，换灯泡"),
         .tells = "post cancelled, post cancelled, m2+m1 lapsed, again m2, m2+m1 proposed auto, "
                  "m2+m1 approved"},
        {"10:01:30", SAY("m5", "g-3", "n101", "有没有人家里有"), .tells = "again m2"},
        {"10:01:33", SAY("m6", "g-3", "n101", "梯子"), .tells = "again m2"},
        {"10:01:36", SAY("m7", "g-3", "n101", "借一下，换灯泡"), .tells = "again m2"},
        {"10:01:50", SAY("m8", "g-4", "n101", "有没有人家里有 梯子 借一下，换灯泡"),
         .tells = "again m2"},
    };
    (void)state;
    PLAY(&world, steps);
    assert_string_equal(post_by("m2")->text, "有没有人家里有 梯子 借一下，换灯泡");
    assert_int_equal(post_by("m2")->repeats.n, 6);
}

/* None of these opens anything by itself. */
static void what_is_nothing_by_itself_opens_together(void **state)
{
    static const struct step steps[] = {
        {"09:50:00", SAY("m0", "g-1", "n103", "今天天气真不错"), .tells = ""},
        {"10:00:00", SAY("m1", "g-1", "n101", "我做了面包"), .tells = ""},
        {"10:00:04", SAY("m2", "g-1", "n101", "10个"), .tells = ""}, /* of what? */
        {"10:00:09", SAY("m3", "g-1", "n101", "3栋楼下自取"), .tells = "offer m3"},
        {"10:00:40", SAY("m4", "g-1", "n102", "我要一个"),
         .tells = "m4+m3 proposed self, m4+m3 agreed"},
    };
    (void)state;
    PLAY(&world, steps);
    const struct post *p = post_by("m3");
    assert_int_equal(p->category, CATEGORY_FOOD);
    assert_true(p->asked > 9.9 && p->asked < 10.1);
    assert_string_equal(p->text, "我做了面包 10个 3栋楼下自取");
    assert_int_equal(p->repeats.n, 2);
    assert_string_equal(p->repeats.v[0], "m1");
    assert_string_equal(p->repeats.v[1], "m2");
}

static void a_cry_for_help_in_pieces_is_heard(void **state)
{
    static const struct step steps[] = {
        {"10:00:00", SAY("m0", "g-1", "n102", "今天菜场的鱼不错"), .tells = ""},
        {"10:00:05", SAY("m1", "g-1", "n101", "在吗"), .tells = ""},
        {"10:00:09", SAY("m2", "g-1", "n101", "老人摔倒了"),
         .tells = "alert critical m2, request m2, case m2 safety p-55"},
    };
    (void)state;
    PLAY(&world, steps);
    assert_int_equal(post_by("m2")->urgency, URGENCY_CRITICAL);
}

/* What is said next may go on with what they opened, or open by itself. */
static void look_for_critical(void *arg, const char *key, const void *object)
{
    const struct post *p = object;
    (void)key;
    *(int *)arg += p->urgency == URGENCY_CRITICAL;
}

static void what_follows_a_call_is_heard_whatever_the_call_opened(void **state)
{
    static const char *const calls[] = {"求助", "救命", "快来人"};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        int critical = 0;
        if (i) {
            world_end(state);
            world_make(state);
        }
        overhear("m1", "g-1", "n101", calls[i]);
        overhear("m2", "g-1", "n101", "老人摔倒了");
        core_each(world.core, OBJECT_POST, look_for_critical, &critical);
        if (critical != 1)
            fail_msg("%s: %d", calls[i], critical);
    }
}

/* Each row, said by n101 behind the first line, is no piece of it. */
static void what_may_mean_somebody_else_is_no_piece(void **state)
{
    static const struct {
        const char *between, *text, *reply_to;
        int later_s;
    } rows[] = {
        {"要多高的", "梯子", NULL, 5},     /* somebody asked */
        {NULL, "梯子", NULL, 100},         /* too late */
        {NULL, "今天热死了", NULL, 5},     /* names nothing that is asked for */
        {NULL, "两个", "m0", 5},           /* answers an offer */
        {NULL, "不用了，找到了", NULL, 5}, /* ends it */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static const struct step first[] = {
            {"09:59:00", SAY("m0", "g-1", "n102", "刚蒸了一锅馒头，送给邻居，5个"),
             .tells = "offer m0"},
            {"10:01:00", SAY("m2", "g-1", "n101", "谁家里有，借我用一下"), .tells = "request m2"}};
        struct buf told;
        const struct step between = {SAY("m3", "g-1", "n103", .text = rows[i].between)};
        const struct step said = {
            SAY("m4", "g-1", "n101", .text = rows[i].text, .reply_to = rows[i].reply_to)};
        world_deinit(&world);
        world_make(NULL);
        PLAY(&world, first);
        buf_init(&told);
        if (rows[i].between)
            say(&world, &between, &told);
        world.now_ms += rows[i].later_s * SECOND_MS;
        say(&world, &said, &told);
        if (strcmp(post_by("m2")->text, "谁家里有，借我用一下") != 0)
            fail_msg("\"%s\" was taken for a piece: %s", rows[i].text, buf_z_borrow(&told));
        buf_deinit(&told);
    }
}

/* 要 to somebody else's offer is a claim, though the sender has just asked for something. */
static void a_claim_on_somebody_elses_offer_is_no_piece(void **state)
{
    static const struct step steps[] = {
        {"10:00:00", SAY("m0", "g-1", "n102", "刚蒸了一锅馒头，送给邻居，5个"),
         .tells = "offer m0"},
        {"10:00:40", SAY("m2", "g-1", "n101", "要"), .tells = "m2+m0 proposed self, m2+m0 agreed"},
        {"10:00:50", SAY("m3", "g-1", "n103", "我也要"),
         .tells = "m3+m0 proposed self, m3+m0 agreed"},
    };
    (void)state;
    PLAY(&world, steps);
}

/* Contacts of each piece lie sealed, and none stands in the text. */
static void a_contact_in_a_piece_is_sealed(void **state)
{
    static const struct step steps[] = {
        {"10:00:00", SAY("m1", "g-1", "n101", "谁家有冲击钻，电话16000000321"),
         .tells = "request m1"},
        {"10:00:08", SAY("m2", "g-1", "n101", "16000000654"), .tells = "again m1"},
    };
    (void)state;
    PLAY(&world, steps);
    const struct post *p = post_by("m1");
    assert_int_equal(p->contacts.n, 2);
    assert_null(strstr(p->text, "0000"));
    assert_int_equal(p->slots.n_contacts, 0);
}

/* What staff have said of it is not read over. */
static void what_a_person_has_read_stays(void **state)
{
    static const struct post_edit edit = {.has_category = true, .category = CATEGORY_PETS};
    static const struct step steps[] = {
        {"10:01:00", SAY("m2", "g-1", "n101", "有没有人家里有"), .tells = "request m2"},
        {"10:01:01", ORDER(POST_EDIT, .on = "m2", .edit = &edit), .tells = "ok, again m2"},
        {"10:01:05", SAY("m3", "g-1", "n101", "梯子"), .tells = "again m2"},
    };
    (void)state;
    PLAY(&world, steps);
    assert_int_equal(post_by("m2")->category, CATEGORY_PETS);
    assert_string_equal(post_by("m2")->text, "有没有人家里有 梯子");
}

static void a_piece_that_is_recalled_is_gone(void **state)
{
    static const struct step steps[] = {
        {"10:00:00", SAY("m1", "g-1", "n101", "谁家有冲击钻"), .tells = "request m1"},
        {"10:00:08", SAY("m2", "g-1", "n101", "今晚八点用"), .tells = "again m1"},
        {"10:00:15", SAY("m3", "g-1", "n101", "在3栋"), .tells = "again m1"},
        {"10:00:30", SAY("m4", "g-1", "n101", .recalled = "m2"), .tells = "again m1"},
    };
    static const struct step last[] = {
        {"10:00:50", SAY("m5", "g-1", "n101", .recalled = "m1"), .tells = "withdrawn m1 by m5"}};
    (void)state;
    PLAY(&world, steps);
    assert_string_equal(post_by("m1")->text, "谁家有冲击钻 在3栋");
    assert_int_equal(post_by("m1")->slots.time.start_ms, 0);
    PLAY(&world, last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_thing_by_itself_belongs_to_the_request_before_it),
        CASE(when_more_is_said_it_is_assigned_anew),
        CASE(a_taken_over_shard_goes_on_with_the_pieces),
        CASE(the_same_pieces_in_another_group_are_the_same_post),
        CASE(what_is_nothing_by_itself_opens_together),
        CASE(a_cry_for_help_in_pieces_is_heard),
        CASE(what_follows_a_call_is_heard_whatever_the_call_opened),
        CASE(what_may_mean_somebody_else_is_no_piece),
        CASE(a_claim_on_somebody_elses_offer_is_no_piece),
        CASE(a_contact_in_a_piece_is_sealed),
        CASE(what_a_person_has_read_stays),
        CASE(a_piece_that_is_recalled_is_gone),
    };
    return RUN(tests);
}

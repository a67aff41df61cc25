/* How helpers have kept their word: what of a match's life is counted, where the counts go with
   their party, and what they do to the next match. */
#include "codec/folder.h"
#include "codec/json.h"
#include "flow/core_command.h"

#define HELPER "n115" /* p-15, who has a standing resource besides */
#define MONTH (2026 * 12 + 11)
#define DRILL "我家有把冲击钻，这几天不用，要打孔的邻居可以拿去用"
#define WANTS_DRILL "谁家有冲击钻借用一下"

static int past_make(void **state)
{
    world_make(state);
    allow_follow_up((struct policy_follow_up){.ask_outcome = true});
    return 0;
}

static const struct match *match_by(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static const struct party *party_by(const char *id)
{
    return row_of(OBJECT_PARTY, id);
}

static struct outcomes lately(const char *party)
{
    return past_sum(&party_by(party)->outcomes, MONTH);
}

#define CHECK_PAST(party, ...)                                                                     \
    do {                                                                                           \
        const struct outcomes got_ = lately(party), want_ = {.month = MONTH, __VA_ARGS__};         \
        if (memcmp(&got_, &want_, sizeof got_) != 0)                                               \
            fail_msg("%s: kept %d, failed %d, answered %d, refused %d", party, got_.kept,          \
                     got_.failed, got_.answered, got_.refused);                                    \
    } while (0)

/* --- what is counted --- */

static const struct step posted_steps[] = {
    {"08:00:00", SAY("m1", "g-2", HELPER, DRILL), .tells = "offer m1"},
    {"08:02:00", SAY("m3", "g-2", "n128", WANTS_DRILL),
     .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
    {"08:04:00", WAIT, .tells = "post g-2"},
    {"08:04:01", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"},
};

struct saying {
    int hours; /* after it was posted; whatever is due by then has come */
    const char *sender, *text;
};
/* What is said in the group of a proposal that both read, and what it comes to. */
static const struct {
    struct saying said[3];
    struct outcomes counts;
} rows[] = {
    {{{0, HELPER, "可以"}}, {.answered = 1}},
    {{{0, HELPER, "不方便"}}, {.refused = 1}},
    {{{25, NULL, NULL}}, {.refused = 1}}, /* silence */
    {{{0, "n128", "不用了"}, {25, NULL, NULL}}, {0}},
    {{{0, "n128", "好的"}}, {0}}, /* the helper has said nothing */
    {{{0, "n128", "好的"}, {1, HELPER, "不方便"}}, {.refused = 1}}, /* nor told them to come */
    {{{0, HELPER, "可以"}, {1, HELPER, "不方便"}}, {.answered = 1, .failed = 1}},
    {{{0, HELPER, "可以"}, {1, "n128", "不用了"}}, {.answered = 1}},
    {{{0, HELPER, "可以"}, {1, HELPER, "冲击钻不借了"}}, {.answered = 1, .failed = 1}},
    {{{0, HELPER, "可以"}, {2, "n128", "借到了，谢谢"}}, {.answered = 1, .kept = 1}},
    {{{0, HELPER, "可以"}, {26, "n128", "很满意"}}, {.answered = 1, .kept = 1}},
    {{{0, HELPER, "可以"}, {26, "n128", "还没有"}}, {.answered = 1, .failed = 1}},
    {{{0, "n128", "好的"}, {26, "n128", "还没有"}}, {.failed = 1}}, /* they came in vain */
    {{{0, HELPER, "可以"}, {24 * 9, NULL, NULL}}, {.answered = 1}}, /* nobody told */
};

static void deliver_all(void)
{
    struct buf told;
    const char *key;
    buf_init(&told);
    for (;;) {
        key = NULL;
        core_each(world.core, OBJECT_OUTBOUND, find_sending, &key);
        if (!key)
            break;
        const struct step s = {.outcome = DELIVERY_DONE};
        deliver(&world, &s, &told);
    }
    buf_deinit(&told);
}

static void wait_until(int64_t at_ms)
{
    struct buf told;
    buf_init(&told);
    while (core_due_ms(world.core) <= at_ms) {
        tick_until(&world, core_due_ms(world.core), &told);
        deliver_all();
    }
    tick_until(&world, at_ms, &told);
    buf_deinit(&told);
}

static void what_a_match_says_of_its_helper_is_counted(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i) {
            world_end(state);
            past_make(state);
        }
        PLAY(&world, posted_steps);
        for (int k = 0; k < 3 && (rows[i].said[k].hours || rows[i].said[k].text); k++) {
            char id[16];
            snprintf(id, sizeof id, "x%d", k);
            wait_until(step_time("08:10:00") + rows[i].said[k].hours * HOUR_MS);
            if (rows[i].said[k].text)
                overhear(id, "g-2", rows[i].said[k].sender, rows[i].said[k].text);
            world_hand_over();
        }
        struct outcomes got = lately("p-15"), want = rows[i].counts;
        want.month = MONTH;
        if (memcmp(&got, &want, sizeof got) != 0)
            fail_msg("row %zu: kept %d, failed %d, answered %d, refused %d", i, got.kept,
                     got.failed, got.answered, got.refused);
        assert_int_equal(party_by("p-49")->outcomes.n, 0); /* n131 has nothing to do with it */
    }
}

/* Whom no bot reaches has not been asked, whatever was posted elsewhere. */
static void silence_of_who_could_not_hear_is_none(void **state)
{
    (void)state;
    overhear("m1", "g-2", "n128",
             "我妈脚扭了下不了楼，想借一辆轮椅");          /* the station is in no group */
    overhear("m2", "g-6", "n117", "谁家有人字梯借用一下"); /* the manager is asked in theirs */
    wait_until(step_time("2T08:30:00"));
    assert_int_equal(match_by("m1")->state, MATCH_LAPSED);
    assert_int_equal(match_by("m2")->state, MATCH_LAPSED);
    CHECK_PAST("p-57", .kept = 0);
    CHECK_PAST("p-55", .refused = 1);
}

/* What neighbours settle by themselves counts, too; nobody asked them. */
static const struct {
    const char *sender, *text, *recalled;
    struct outcomes counts;
} alone[] = {
    {"n131", "借到了，谢谢", NULL, {.kept = 1}},
    {"n114", "不好意思，我来不了了，你找别人吧", NULL, {.failed = 1}},
    {"n131", "不用了，已经买了", NULL, {0}},
    {"n114", NULL, "m2", {0}}, /* a slip of the finger is no word */
};

static void what_is_claimed_is_a_word(void **state)
{
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        if (i) {
            world_end(state);
            past_make(state);
        }
        struct buf told;
        const struct step s = {.id = "m3",
                               .group = "g-5",
                               .sender = alone[i].sender,
                               .text = alone[i].text,
                               .recalled = alone[i].recalled};
        buf_init(&told);
        overhear("m1", "g-5", "n131", WANTS_DRILL);
        overhear("m2", "g-5", "n114", "我有，来拿吧");
        assert_int_equal(match_by("m1")->state, MATCH_AGREED);
        assert_true(match_by("m1")->helper_agreed);
        say(&world, &s, &told);
        buf_deinit(&told);
        assert_int_not_equal(match_by("m1")->state, MATCH_AGREED);
        struct outcomes got = lately("p-14"), want = alone[i].counts;
        want.month = MONTH;
        if (memcmp(&got, &want, sizeof got) != 0)
            fail_msg("row %zu: kept %d, failed %d", i, got.kept, got.failed);
    }
}

/* --- what is stored --- */

/* As if it had been stored so, for another owner. */
static void give_past(const char *party, struct outcomes one)
{
    struct party copy = *party_by(party);
    struct buf json;
    char key[OBJECT_KEY_SIZE], row[OBJECT_KEY_SIZE + 8];
    copy.outcomes = (struct past){NULL, 0};
    past_add(&copy.outcomes, &one);
    object_key(key, "c-lx", party);
    row_key(row, OBJECT_PARTY, key);
    buf_init(&json);
    object_encode(OBJECT_PARTY, &copy, &json);
    mem_replace(&row_at(&world.rows, row, false)->values.v[0], buf_z_borrow(&json));
    buf_deinit(&json);
    past_deinit(&copy.outcomes);
    world_hand_over();
}

static void put_party(const char *id, const char *json)
{
    struct directory d;
    struct json_doc *doc;
    struct errbuf eb;
    const struct party *was = party_by(id);
    assert_int_equal(json_parse(str_of(json), &doc, &eb), ERR_OK);
    assert_int_equal(directory_decode_row(OBJECT_PARTY, "c-lx", id, was, json_root(doc), &d, &eb),
                     ERR_OK);
    json_doc_free(&doc);
    IS(command((struct command){.kind = COMMAND_DIRECTORY_PUT,
                                .row = OBJECT_PARTY,
                                .object = id,
                                .if_version = was ? was->version : 0,
                                .directory = d}),
       ERR_OK);
    directory_deinit(&d);
}

static void no_row_says_anything_of_them(void **state)
{
    (void)state;
    give_past("p-14", (struct outcomes){MONTH, 0, 0, 3, 1});
    put_party("p-14", "{\"monthly_limit\":9,\"outcomes\":[{\"month\":24323,\"kept\":99}]}");
    assert_int_equal(party_by("p-14")->monthly_limit, 9);
    CHECK_PAST("p-14", .answered = 3, .refused = 1);
    world_import(&world, "deploy/sample");
    assert_int_not_equal(party_by("p-14")->monthly_limit, 9);
    CHECK_PAST("p-14", .answered = 3, .refused = 1);
    put_party("p-901", "{\"kind\":\"resident\",\"name\":\"甲\",\"place\":\"b-5-1\","
                       "\"outcomes\":[{\"month\":24323,\"kept\":99}]}");
    assert_int_equal(party_by("p-901")->outcomes.n, 0);
}

static void they_go_with_their_party(void **state)
{
    (void)state;
    give_past("p-15", (struct outcomes){MONTH - 1, 2, 1, 0, 0});
    give_past("p-14", (struct outcomes){MONTH, 0, 0, 3, 1});
    IS(command((struct command){.kind = COMMAND_PARTY_MERGE,
                                .object = "p-15",
                                .into = "p-14",
                                .if_version = party_by("p-15")->version}),
       ERR_OK);
    CHECK_PAST("p-14", .kept = 2, .failed = 1, .answered = 3, .refused = 1);
    assert_int_equal(party_by("p-15")->outcomes.n, 0);
    world_hand_over();
    IS(command((struct command){.kind = COMMAND_PERSON_ERASE,
                                .role = ROLE_ADMIN,
                                .object = "p-14",
                                .reason = "本人要求"}),
       ERR_OK);
    assert_null(party_by("p-14"));
    for (const struct row *r = world.rows; r; r = r->hh.next)
        assert_null(strstr(r->values.v[0], "\"kept\""));
}

/* --- what comes of it --- */

#define LADDER(id, sender) overhear(id, "g-5", sender, "我家有把人字梯可以借给邻居用")
#define WANTS_LADDER "谁家有人字梯借用一下"

static const char *reason_of(const struct match *m, const char *part)
{
    for (int i = 0; i < m->n_reasons; i++)
        if (!strcmp(m->reasons[i].name, part))
            return m->reasons[i].text;
    return "";
}

/* Both live in one entrance, and what they have is the same. */
static void of_equals_who_keeps_their_word_comes_first(void **state)
{
    (void)state;
    give_past("p-14", (struct outcomes){MONTH, 0, 2, 0, 1});
    LADDER("m1", "n114");
    LADDER("m2", "n130"); /* new here, and later */
    overhear("m3", "g-5", "n131", WANTS_LADDER);
    assert_string_equal(match_by("m3")->offer_message, "m2");
    assert_string_equal(reason_of(match_by("m3"), "outcomes"), "还没有帮忙记录");
    assert_non_null(strstr(match_by("m3")->runner_up, "outcomes 少 0.00"));
    assert_non_null(strstr(match_by("m3")->runner_up, "近半年没帮成2次，问了没应1次"));
    /* half a year later it is forgotten: who was there first is first again */
    wait_until(step_time("10:00:00") + 200 * DAY_MS);
    LADDER("m4", "n114");
    LADDER("m5", "n130");
    overhear("m6", "g-5", "n131", WANTS_LADDER);
    assert_string_equal(match_by("m6")->offer_message, "m4");
}

static void who_is_nearer_still_comes_first(void **state)
{
    (void)state;
    give_past("p-14", (struct outcomes){MONTH, 0, 2, 0, 1});
    LADDER("m1", "n114"); /* of the same building */
    overhear("m2", "g-7", "n120", "我家有把人字梯可以借给邻居用");
    overhear("m3", "g-5", "n131", WANTS_LADDER);
    assert_string_equal(match_by("m3")->offer_message, "m1");
}

/* At the very bound of the table, the worst past of all changes nothing of what is done. */
static void nobody_is_shut_out(void **state)
{
    float score[2];
    (void)state;
    for (int bad = 0; bad < 2; bad++) {
        if (bad) {
            struct core_options o = world_options(&world);
            world_end(state);
            world_make(state);
            o.auto_score = score[0]; /* just enough for a new one */
            core_configure(world.core, &o);
            give_past("p-14", (struct outcomes){MONTH, 0, 5000, 0, 5000});
            core_configure(world.core, &o);
        }
        LADDER("m1", "n114");
        overhear("m2", "g-5", "n131", WANTS_LADDER);
        const struct match *m = match_by("m2");
        assert_string_equal(m->offer_message, "m1");
        assert_int_equal(m->route, ROUTE_AUTO);
        score[bad] = m->score;
        assert_true(m->fit >= score[0] && m->fit <= score[0]);
    }
    assert_true(score[1] < score[0] - 0.01f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE_IN(past_make, what_a_match_says_of_its_helper_is_counted),
        CASE_IN(past_make, silence_of_who_could_not_hear_is_none),
        CASE_IN(past_make, what_is_claimed_is_a_word),
        CASE(no_row_says_anything_of_them),
        CASE(they_go_with_their_party),
        CASE(of_equals_who_keeps_their_word_comes_first),
        CASE(who_is_nearer_still_comes_first),
        CASE(nobody_is_shut_out),
    };
    return RUN(tests);
}

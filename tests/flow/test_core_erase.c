/* A person is erased: nothing of theirs is left in what is stored, and everybody else goes on. */
#include "flow/core_day.h"

#define NAME "丁香雪"
#define PHONE "16066605881"
#define DRILL "我家有把冲击钻，这几天不用，要打孔的邻居可以拿去用"
#define WANTS_DRILL "谁家有冲击钻借用一下，电话" PHONE

static void write_as(const char *id, const char *group, const char *sender, const char *text)
{
    overhear_named(id, group, sender, NAME, text);
}

static const struct reply *erase_as(const char *party, const char *sender, enum role role)
{
    struct errbuf why;
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "erase",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "admin-li",
                                        .role = role,
                                        .kind = COMMAND_PERSON_ERASE,
                                        .object = party ? party : "",
                                        .sender = sender,
                                        .reason = "本人要求"}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.n_replies, 1);
    if (!core_check(world.core, &why))
        fail_msg("%s", why.text);
    return &world.fx.replies[0];
}

static void erase(const char *party, const char *sender)
{
    const struct reply *r = erase_as(party, sender, ROLE_ADMIN);
    if (r->err)
        fail_msg("%s: %s", err_slug(r->err), r->detail);
}

/* How many stored rows, objects and lines of talk, have it. */
static int stored(const char *what)
{
    const struct row *tables[] = {world.rows, world.talks};
    int n = 0;
    for (int i = 0; i < 2; i++)
        for (const struct row *r = tables[i]; r; r = r->hh.next)
            for (int k = 0; k < r->values.n; k++)
                n += strstr(r->values.v[k], what) != NULL;
    return n;
}

static int told(const char *what)
{
    struct buf line;
    int n = 0;
    buf_init(&line);
    for (int i = 0; i < world.fx.n_audits; i++)
        show_audit(&world.fx.audits[i], &line);
    for (int i = 0; i < world.fx.n_events; i++)
        show_event(&world.fx.events[i], &line);
    n = strstr(buf_z_borrow(&line), what) != NULL;
    buf_deinit(&line);
    return n;
}

static const struct post *post_on(const char *message)
{
    return core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
}

static const struct match *match_on(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static void a_stranger_who_asked_is_gone_and_the_helper_is_free(void **state)
{
    (void)state;
    overhear("m1", "g-5", "n115", DRILL);
    write_as("m2", "g-2", "new-one", WANTS_DRILL);
    write_as("m3", "g-2", "new-one", "今天风真大");
    assert_true(match_on("m2")->state != MATCH_LAPSED);
    assert_true(stored("new-one") > 1 && stored(NAME) > 0 && stored("sealed:") > 0);
    erase(NULL, "new-one");
    assert_int_equal(stored("new-one"), 0);
    assert_int_equal(stored(NAME), 0);
    assert_int_equal(stored("sealed:"), 0);
    assert_int_equal(stored("风真大"), 0);
    assert_int_equal(stored("借用一下"), 0);
    assert_int_equal(told("new-one"), 0);
    assert_int_equal(post_on("m2")->state, POST_WITHDRAWN);
    assert_int_equal(match_on("m2")->state, MATCH_LAPSED);
    assert_int_equal(post_on("m1")->state, POST_OPEN);
    assert_true(post_on("m1")->reserved <= 0);
    assert_non_null(strstr(post_on("m1")->text, "冲击钻")); /* somebody else's words */
    assert_true(world.fx.n_unlabels >= 2);
}

static void what_was_agreed_with_them_is_looked_for_elsewhere(void **state)
{
    (void)state;
    overhear("m1", "g-2", "n128", "谁家有冲击钻借用一下");
    write_as("m2", "g-2", "new-one", "我有，来拿吧");
    assert_int_equal(match_on("m1")->state, MATCH_AGREED);
    overhear("m3", "g-5", "n115", DRILL);
    erase(NULL, "new-one");
    assert_int_equal(stored("new-one"), 0);
    assert_int_equal(match_on("m1")->state == MATCH_AGREED, false);
    assert_string_equal(match_on("m1")->helper, "p-15");
    assert_false(post_on("m1")->state == POST_MET);
}

static void all_accounts_of_a_party_go_with_its_row_and_resources(void **state)
{
    char key[OBJECT_KEY_SIZE];
    (void)state;
    object_key(key, "c-lx", "p-15");
    assert_non_null(core_find(world.core, OBJECT_PARTY, key));
    write_as("m1", "g-5", "n115", DRILL);
    overhear("m2", "g-2", "n128", "谁家有冲击钻借用一下");
    assert_string_equal(match_on("m2")->helper, "p-15");
    erase(NULL, "n115"); /* an account leads to the party */
    assert_null(core_find(world.core, OBJECT_PARTY, key));
    assert_int_equal(stored("\"p-15\""), 0);
    assert_int_equal(stored("\"n115\""), 0);
    assert_int_equal(stored("打孔"), 0);
    assert_int_equal(told("n115"), 0);
    assert_int_equal(erase_as("p-15", NULL, ROLE_ADMIN)->err, ERR_NOT_FOUND);
}

/* The fault is there whoever told of it. */
static void a_case_goes_on_without_who_reported_it(void **state)
{
    const struct case_ *k;
    (void)state;
    write_as("m1", "g-3", "new-one", "3栋2单元楼道灯不亮了，物业来看看");
    erase(NULL, "new-one");
    k = core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, "m1").key);
    assert_false(case_is_final(k->state));
    assert_true(k->assignee[0]);
    assert_int_equal(k->reporters.n, 1);
    assert_int_equal(stored("new-one") + stored(NAME) + stored("楼道灯"), 0);
}

static void who_has_an_open_case_hands_it_on_first(void **state)
{
    const struct case_ *k;
    char assignee[ID_SIZE];
    (void)state;
    overhear("m1", "g-3", "n109", "3栋2单元楼道灯不亮了，物业来看看");
    k = core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, "m1").key);
    memcpy(assignee, k->assignee, sizeof assignee);
    assert_int_equal(erase_as(assignee, NULL, ROLE_ADMIN)->err, ERR_CONFLICT);
    assert_int_equal(world.fx.n_touched, 0);
}

static void who_is_not_known_or_may_not_is_refused(void **state)
{
    (void)state;
    assert_int_equal(erase_as(NULL, "nobody", ROLE_ADMIN)->err, ERR_NOT_FOUND);
    assert_int_equal(erase_as("p-none", NULL, ROLE_ADMIN)->err, ERR_NOT_FOUND);
    assert_int_equal(erase_as("", NULL, ROLE_ADMIN)->err, ERR_NOT_FOUND);
    assert_int_equal(erase_as("p-15", NULL, ROLE_STAFF)->err, ERR_FORBIDDEN);
    assert_int_equal(world.fx.n_touched, 0);
}

static void who_is_erased_may_speak_again(void **state)
{
    (void)state;
    write_as("m1", "g-2", "new-one", WANTS_DRILL);
    erase(NULL, "new-one");
    world_hand_over();
    write_as("m2", "g-2", "new-one", "谁家有梯子借用一下");
    assert_int_equal(post_on("m2")->state == POST_WITHDRAWN, false);
    assert_int_equal(erase_as(NULL, "new-one", ROLE_ADMIN)->err, ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_stranger_who_asked_is_gone_and_the_helper_is_free),
        CASE(what_was_agreed_with_them_is_looked_for_elsewhere),
        CASE(all_accounts_of_a_party_go_with_its_row_and_resources),
        CASE(a_case_goes_on_without_who_reported_it),
        CASE(who_has_an_open_case_hands_it_on_first),
        CASE(who_is_not_known_or_may_not_is_refused),
        CASE(who_is_erased_may_speak_again),
    };
    return RUN(tests);
}

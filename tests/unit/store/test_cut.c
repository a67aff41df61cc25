#include "rig.h"

#include "cutter.h"

/* Connections cut in the middle of a request or of its answer: the outcome is unknown, but it is
   all or nothing, and a second try comes to the same end. */

#define SHARD 3
#define REQUEST_BYTES 700 /* more than the commit below has */

static int set_up_cut(void **state)
{
    if (set_up(state))
        return -1;
    store_free(&rig.a);
    rig.ready[0] = false;
    rig.owned[0] = 0;
    memset(rig.epochs, 0, sizeof rig.epochs);
    rig.address = cutter_start(rig.folder, embedded_address(rig.redis));
    rig.a = open_store(0, "cut", DURABILITY_ALWAYS);
    UNTIL(rig.ready[0] && rig.owned[0] == 8);
    return 0;
}

static int tear_down_cut(void **state)
{
    store_free(&rig.a);
    cutter_stop();
    return tear_down(state);
}

static int64_t length;
static void on_length(void *arg, enum err e, int64_t n)
{
    on_done(arg, e);
    length = n;
}

static void settle(void)
{
    UNTIL(rig.ready[0] && rig.epochs[0][SHARD]);
}

/* A cut may be noticed only now, by this question: then it is asked again. */
static int64_t length_of(enum store_stream which)
{
    do {
        int done = rig.done;
        settle();
        store_stream_length(rig.a, SHARD, which, on_length, NULL);
        UNTIL(rig.done == done + 1);
    } while (rig.err == ERR_STORE_DOWN);
    assert_int_equal(rig.err, ERR_OK);
    return length;
}

static struct commit *commit_of(const struct got *g)
{
    struct commit *c = commit_new(rig.a, SHARD, rig.epochs[0][SHARD]);
    commit_entry(c, g->id, g->key, true);
    commit_put(c, OBJECT_POST, "p", str_of(MARK));
    commit_audit(c, str_of("{}"));
    return c;
}

static int unapplied, unanswered; /* of the commits that were cut */

/* One entry, its commit cut, and the commit again: the effect is there once. */
static void one_cut(int request, int reply, unsigned char key)
{
    int n_got = rig.n_got;
    int64_t before = length_of(STORE_AUDIT);
    append(SHARD, key, "x");
    assert_int_equal(rig.err, ERR_OK);
    store_read(rig.a, SHARD, "0");
    UNTIL(rig.n_got > n_got);
    const struct got g = rig.got[n_got];
    atomic_store(&cutter.request, request);
    atomic_store(&cutter.reply, reply);
    enum err first = commit(rig.a, commit_of(&g));
    assert_true(first == ERR_OK || first == ERR_STORE_DOWN);
    settle();
    bool applied = length_of(STORE_AUDIT) > before;
    assert_int_equal(length_of(STORE_LOG), applied ? 0 : 1);
    assert_true(applied || first == ERR_STORE_DOWN);
    unapplied += !applied;
    unanswered += applied && first == ERR_STORE_DOWN;
    assert_int_equal(commit(rig.a, commit_of(&g)), applied ? ERR_CONFLICT : ERR_OK);
    assert_int_equal(length_of(STORE_LOG), 0);
    assert_int_equal(length_of(STORE_AUDIT), before + 1);
    store_pause(rig.a, SHARD);
}

static void a_commit_cut_anywhere_is_applied_whole_or_not_at_all(void **state)
{
    (void)state;
    unsigned char key = 1;
    for (int at = 0; at < REQUEST_BYTES; at += 28)
        one_cut(at, NEVER, key++);
    assert_true(unapplied > 5); /* else nothing was cut */
}

static void a_commit_whose_answer_is_lost_is_not_applied_again(void **state)
{
    (void)state;
    for (int at = 0; at <= 4; at++)
        one_cut(NEVER, at, (unsigned char)(100 + at));
    assert_true(unanswered > 1);
}

static void an_append_is_never_acknowledged_without_being_there(void **state)
{
    (void)state;
    for (int at = 0; at < 24; at++) {
        int64_t before = length_of(STORE_LOG);
        atomic_store(at % 2 ? &cutter.request : &cutter.reply, at * (at % 2 ? 8 : 1));
        append(SHARD, (unsigned char)(1 + at), MARK);
        bool acknowledged = rig.err == ERR_OK;
        assert_true(acknowledged || rig.err == ERR_STORE_DOWN);
        settle();
        assert_true(!acknowledged || length_of(STORE_LOG) == before + 1);
    }
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up_cut, tear_down_cut)
    const struct CMUnitTest tests[] = {
        TEST(a_commit_cut_anywhere_is_applied_whole_or_not_at_all),
        TEST(a_commit_whose_answer_is_lost_is_not_applied_again),
        TEST(an_append_is_never_acknowledged_without_being_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
